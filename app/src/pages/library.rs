//! `/library`: all summaries, newest first, in pages; each can be deleted, and the last deletion taken back. With `?q=`,
//! what is found instead.

use domain::library::{LibraryItem, Page};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        flow::loaded,
        library_row::LibraryRow,
        post_form::{Answer, PostForm},
        search_field::SearchField,
        search_results::SearchResults,
        toast::{Toast, Toaster},
    },
    erased::Erase,
    server_functions::{Ask, Data, DeleteSummary, RestoreSummary},
};

/// The page; `?page=2`, `?q=words`, and `?deleted=ID` after a deletion without script.
#[component]
pub(crate) fn LibraryPage() -> impl IntoView {
    let query = use_query_map();
    let page =
        Memo::new(move |_| query.with(|query| query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1)));
    let typed = Memo::new(move |_| query.with(|query| query.get("q").filter(|typed| !typed.trim().is_empty())));
    let deleted = Memo::new(move |_| query.with(|query| query.get("deleted")));
    let toaster = expect_context::<Toaster>();
    let deletions = RwSignal::new(0_u32);
    let done = Callback::new(move |(id, answer): (String, Answer)| {
        deletions.update(|n| *n = n.wrapping_add(1));
        toaster.show(match answer {
            Ok(title) => Toast::deleted(&title.unwrap_or_default(), id),
            Err(error) => Toast::words(&error.to_string()),
        });
    });
    let page = loaded(
        move || {
            (
                match typed.get() {
                    Some(typed) => Ask::Search(page.get(), typed),
                    None => Ask::Library(page.get()),
                },
                deletions.get().wrapping_add(toaster.restored()),
            )
        },
        move |data| match data {
            Data::Library(page) => Some(view! { <Items page done /> }.erase()),
            Data::Search(results) => {
                let typed = typed.get_untracked().unwrap_or_default();
                Some(view! { <SearchResults typed results /> }.erase())
            }
            _ => None,
        },
    );
    view! {
        <Title text=move || typed.get().map_or_else(|| "Library".to_owned(), |typed| format!("{typed} · Search")) />
        <section class="library">
            <h1>{move || if typed.get().is_some() { "Search" } else { "Library" }}</h1>
            <h2 class="visually-hidden">
                {move || if typed.get().is_some() { "Videos found" } else { "Summaries, newest first" }}
            </h2>
            <div class="phone-only">
                <SearchField />
            </div>
            <p class="ask-all">
                <a href="/ask">"Ask all videos"</a>
            </p>
            {move || deleted.get().map(|id| view! { <Undo id /> })}
            {page}
        </section>
    }
    .erase()
}

/// Takes back a deletion that was made without script.
#[component]
fn Undo(id: String) -> impl IntoView {
    let toaster = expect_context::<Toaster>();
    let done = Callback::new(move |(_, answer): (String, Answer)| toaster.undone(answer));
    view! {
        <div class="notice">
            <span>"The summary was deleted."</span>
            <PostForm action=RestoreSummary::PATH id=Signal::stored(id) done>
                <button class="button small">"Undo"</button>
            </PostForm>
        </div>
    }
    .erase()
}

#[component]
fn Items(page: Page<LibraryItem>, done: Callback<(String, Answer)>) -> impl IntoView {
    if page.total == 0 {
        return view! {
            <p>"Nothing has been summarised yet."</p>
            <p class="ways">
                <a class="button" href="/">
                    "Summarise something"
                </a>
            </p>
        }
        .erase();
    }
    let pages = page.total.div_ceil(u64::from(page.per_page.max(1)));
    let number = u64::from(page.page);
    let items = page.items;
    let link = |to: u64, words: &'static str| {
        (to >= 1 && to <= pages && to != number).then(|| view! { <a href=format!("?page={to}")>{words}</a> }.erase())
    };
    view! {
        <p class="quiet">{format!("{}, newest first", counted_summaries(page.total))}</p>
        <ul class="rows">
            <For each=move || items.clone() key=|item| item.id.clone() let:item>
                <Row item done />
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
    .erase()
}

#[component]
fn Row(item: LibraryItem, done: Callback<(String, Answer)>) -> impl IntoView {
    let id = Signal::stored(item.id.clone());
    view! {
        <li>
            <LibraryRow item />
            <details class="confirm">
                <summary class="button small quiet-button">"Delete"</summary>
                <div class="confirm-box">
                    <PostForm action=DeleteSummary::PATH id done>
                        <button class="button small danger">"Delete this one"</button>
                    </PostForm>
                </div>
            </details>
        </li>
    }
    .erase()
}

fn counted_summaries(n: u64) -> String {
    if n == 1 {
        "1 summary".to_owned()
    } else {
        format!("{n} summaries")
    }
}
