//! `/library`: all summaries, newest first, in pages; each can be deleted, and the last deletion taken back.

use domain::library::{LibraryItem, Page};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        failure::Failure,
        library_row::LibraryRow,
        toast::{Toast, Toaster},
    },
    server_functions::{DeleteSummary, RestoreSummary, load_library},
};

/// The page; `?page=2`, and `?deleted=ID` after a deletion without script.
#[component]
pub(crate) fn LibraryPage() -> impl IntoView {
    let query = use_query_map();
    let page =
        Memo::new(move |_| query.with(|query| query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1)));
    let deleted = Memo::new(move |_| query.with(|query| query.get("deleted")));
    let toaster = expect_context::<Toaster>();
    let delete = ServerAction::<DeleteSummary>::new();
    let library = Resource::new(
        move || (page.get(), delete.version().get(), toaster.restored()),
        |(page, ..)| load_library(page),
    );
    // The id travels in the form; by the time the answer is there, it is still the action's last input.
    let last = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        if let Some(input) = delete.input().get() {
            last.set_value(Some(input.id));
        }
        match (delete.value().get(), last.get_value()) {
            (Some(Ok(title)), Some(id)) => toaster.show(Toast::deleted(&title, id)),
            (Some(Err(error)), _) => toaster.show(Toast::words(&error.to_string())),
            _ => {}
        }
    });
    view! {
        <Title text="Library" />
        <section class="library">
            <h1>"Library"</h1>
            {move || deleted.get().map(|id| view! { <Undo id /> })}
            <Transition>
                {move || Suspend::new(async move {
                    match library.await {
                        Ok(page) => view! { <Items page delete /> }.into_any(),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
    .into_any()
}

/// Takes back a deletion that was made without script.
#[component]
fn Undo(id: String) -> impl IntoView {
    let restore = ServerAction::<RestoreSummary>::new();
    let toaster = expect_context::<Toaster>();
    Effect::new(move |_| {
        if let Some(result) = restore.value().get() {
            let words = result.map_or_else(|error| error.to_string(), |()| "Restored. Reload to see it.".to_owned());
            toaster.show(Toast::words(&words));
        }
    });
    view! {
        <div class="notice">
            <span>"The summary was deleted."</span>
            <ActionForm action=restore attr:class="inline">
                <input type="hidden" name="id" value=id />
                <button class="button small">"Undo"</button>
            </ActionForm>
        </div>
    }
    .into_any()
}

#[component]
fn Items(page: Page<LibraryItem>, delete: ServerAction<DeleteSummary>) -> impl IntoView {
    if page.total == 0 {
        return view! {
            <p>"Nothing has been summarised yet."</p>
            <p class="ways">
                <a class="button" href="/">
                    "Summarise something"
                </a>
            </p>
        }
        .into_any();
    }
    let pages = page.total.div_ceil(u64::from(page.per_page.max(1)));
    let number = u64::from(page.page);
    let items = page.items;
    let link = |to: u64, words: &'static str| {
        (to >= 1 && to <= pages && to != number).then(|| view! { <a href=format!("?page={to}")>{words}</a> })
    };
    view! {
        <p class="quiet">{format!("{}, newest first", counted_summaries(page.total))}</p>
        <ul class="rows">
            <For each=move || items.clone() key=|item| item.id.clone() let:item>
                <li>
                    <LibraryRow item=item.clone() />
                    <details class="confirm">
                        <summary class="button small quiet-button">"Delete"</summary>
                        <ActionForm action=delete>
                            <input type="hidden" name="id" value=item.id.clone() />
                            <button class="button small danger">"Delete this one"</button>
                        </ActionForm>
                    </details>
                </li>
            </For>
        </ul>
        {(pages > 1)
            .then(|| {
                view! {
                    <nav class="pager" aria-label="Pages of the library">
                        {link(number.saturating_sub(1), "Newer")}
                        <span class="quiet">{format!("Page {number} of {pages}")}</span>
                        {link(number + 1, "Older")}
                    </nav>
                }
            })}
    }
    .into_any()
}

fn counted_summaries(n: u64) -> String {
    if n == 1 {
        "1 summary".to_owned()
    } else {
        format!("{n} summaries")
    }
}
