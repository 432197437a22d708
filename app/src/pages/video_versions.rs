//! `/videos/{id}/versions`: the summaries of one video: compare two, pin one, delete one.

use domain::{library::VersionItem, prompt};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    components::{
        flow::loaded,
        post_form::{Answer, PostForm},
        toast::{Toast, Toaster},
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Data, DeleteSummary},
    times::{moment, part, summaries},
    words,
};

/// The page.
#[component]
pub(crate) fn VideoVersionsPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
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
            let again = deletions.get().wrapping_add(toaster.restored());
            (Ask::Versions(id.get()), again)
        },
        move |data| match data {
            Data::Versions(versions) => Some(versions_view(versions, done)),
            _ => None,
        },
    );
    view! { <section class="library">{page}</section> }.erase()
}

fn versions_view(versions: Vec<VersionItem>, done: Callback<(String, Answer)>) -> Erased {
    let title = versions
        .first()
        .map(|version| version.item.title.clone())
        .unwrap_or_default();
    let count = versions.len();
    let rows: Vec<(usize, VersionItem)> = versions.into_iter().enumerate().collect();
    let compare = (count > 1).then(|| {
        view! {
            <form id="compare" class="send" action="/compare">
                <button class="button primary">"Compare A with B"</button>
            </form>
        }
    });
    view! {
        <Title text=format!("Versions · {title}") />
        <h1 dir="auto">{title}</h1>
        <p class="quiet">
            {format!("{} of this video. Its address leads to the pinned one, else to the newest.", summaries(count as u64))}
        </p>
        <h2 class="visually-hidden">"Versions"</h2>
        // By id: what was opened in a row must go with it, not stay open in the next one.
        <ul class="rows versions-list">
            <For
                each=move || rows.clone()
                key=|(_, version)| version.item.id.clone()
                children=move |(at, version)| row(at, version, count > 1, done)
            />
        </ul>
        {compare}
    }
    .erase()
}

fn row(at: usize, version: VersionItem, several: bool, done: Callback<(String, Answer)>) -> Erased {
    let VersionItem {
        item,
        words,
        tally,
        is_pinned,
    } = version;
    let hours = item.duration_s.is_some_and(|seconds| seconds >= 3600);
    let name = words::model(&item.model).to_owned();
    let facts = [
        item.span.map(|span| part(span, hours)),
        Some(prompt::title(&item.style).to_owned()),
        item.asked_language().map(|code| words::language(code).to_owned()),
        Some(format!("at most {words} words")),
        Some(moment(item.created_at)),
    ];
    let facts: Vec<Erased> = facts
        .into_iter()
        .flatten()
        .map(|fact| view! { <span class="item">{fact}</span> }.erase())
        .collect();
    // At first the newest is compared with the one before.
    let choice = |field: &'static str, letter: &'static str, checked: bool| {
        let label = format!("{letter}: {name}, {}", moment(item.created_at));
        view! {
            <label class="side-choice">
                <input type="radio" form="compare" name=field value=item.id.clone() checked=checked aria-label=label />
                {letter}
            </label>
        }
        .erase()
    };
    let id = Signal::stored(item.id.clone());
    let (deed, pin) = if is_pinned { ("unpin", "Unpin") } else { ("pin", "Pin") };
    view! {
        <li>
            {several
                .then(|| {
                    view! {
                        <div class="side-choices">
                            {choice("a", "A", at == 0)} {choice("b", "B", at == 1)}
                        </div>
                    }
                })}
            <div class="row-text">
                <h3>
                    <a href=format!("/summaries/{}", item.id) title=words::model_hint(&item.model)>
                        {name.clone()}
                    </a>
                    {is_pinned.then(|| view! { <span class="pinned">"Pinned"</span> })}
                </h3>
                <p class="quiet meta">{facts}</p>
                <p class="quiet meta">{tally.words()}</p>
            </div>
            <form class="inline" method="post" action=format!("/summaries/{}/shelf", item.id)>
                <input type="hidden" name="deed" value=deed />
                <input type="hidden" name="back" value="videos" />
                <button class="button small quiet-button" aria-label=format!("{pin}: {name}, {}", moment(item.created_at))>
                    {pin}
                </button>
            </form>
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
