//! `/library`: all summaries, or those with a tag, in pages; one or several can be deleted, and the last deletion taken back.
//! With `?q=`, what is found instead: in all videos, or with `&video=` everything in one of them.

use domain::library::{LibraryItem, Sort, TagCount};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        flow::loaded,
        library_row::LibraryRow,
        post_form::{Answer, PostForm},
        search_field::{LIBRARY_SEARCH, SearchField},
        search_results::SearchResults,
        tags::tag_page,
        title::title_of,
        toast::{Toast, Toaster},
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Data, DeleteSummary, LibraryData},
    times::summaries,
};

/// The page; `?page=2`, `?sort=title`, `?tag=words`, `?q=words`, `?q=words&video=ID`, `?select=1` with tick boxes, and
/// `?deleted=ID,ID` after deletions by plain forms.
#[component]
pub(crate) fn LibraryPage() -> impl IntoView {
    let query = use_query_map();
    let page =
        Memo::new(move |_| query.with(|query| query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1)));
    let typed = Memo::new(move |_| query.with(|query| query.get("q").filter(|typed| !typed.trim().is_empty())));
    let within = Memo::new(move |_| query.with(|query| query.get("video").filter(|video| !video.is_empty())));
    let sort = Memo::new(move |_| query.with(|query| Sort::from_name(&query.get("sort").unwrap_or_default())));
    let tag = Memo::new(move |_| query.with(|query| query.get("tag").filter(|tag| !tag.trim().is_empty())));
    let select = Memo::new(move |_| query.with(|query| query.get("select").is_some()));
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
                match (typed.get(), within.get()) {
                    (Some(typed), Some(video)) => Ask::SearchIn(video, typed),
                    (Some(typed), None) => Ask::Search(page.get(), typed),
                    (None, _) => Ask::Library(page.get(), sort.get(), tag.get()),
                },
                deletions.get().wrapping_add(toaster.restored()),
            )
        },
        move |data| match data {
            Data::Library(data) => {
                let way = Way {
                    sort: sort.get_untracked(),
                    tag: tag.get_untracked(),
                    select: select.get(),
                };
                Some(view! { <Items data=*data way done /> }.erase())
            }
            Data::Search(results) => {
                let typed = typed.get_untracked().unwrap_or_default();
                let alone = within.get_untracked().is_some();
                Some(view! { <SearchResults typed results alone /> }.erase())
            }
            _ => None,
        },
    );
    let title = Signal::derive(move || {
        let typed = typed.get();
        typed.map_or_else(|| "Library".to_owned(), |typed| format!("{typed} · Search"))
    });
    view! {
        {title_of(title)}
        <section class="library">
            <div class="section-head">
                <h1>{move || if typed.get().is_some() { "Search" } else { "Library" }}</h1>
                <a href="/ask">"Ask all videos"</a>
            </div>
            <h2 class="visually-hidden">
                {move || if typed.get().is_some() { "Videos found" } else { "Summaries, newest first" }}
            </h2>
            <div class="phone-only">
                <SearchField id=LIBRARY_SEARCH />
            </div>
            {move || deleted.get().map(|id| view! { <Undo id /> })}
            {page}
        </section>
    }
    .erase()
}

/// Takes back deletions that were made by plain forms.
#[component]
fn Undo(id: String) -> impl IntoView {
    let ids: Vec<String> = id.split(',').map(str::to_owned).collect();
    let words = match ids.len() {
        1 => "The summary was deleted.".to_owned(),
        n => format!("{n} summaries were deleted."),
    };
    let ids: Vec<Erased> = ids
        .into_iter()
        .map(|id| view! { <input type="hidden" name="id" value=id /> }.erase())
        .collect();
    view! {
        <div class="notice" role="status">
            <span>{words}</span>
            <form class="inline" method="post" action="/library/restore">
                {ids}
                <button class="button small">"Undo"</button>
            </form>
        </div>
    }
    .erase()
}

/// How the library is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Way {
    sort: Sort,
    tag: Option<String>,
    select: bool,
}

impl Way {
    /// The address of a page of it.
    fn page(&self, page: u64) -> String {
        let mut address = match &self.tag {
            Some(tag) => format!("{}&page={page}", tag_page(tag)),
            None => format!("/library?page={page}"),
        };
        if self.sort != Sort::default() {
            address.push_str("&sort=");
            address.push_str(self.sort.as_str());
        }
        if self.select {
            address.push_str("&select=1");
        }
        address
    }
}

#[component]
fn Items(data: LibraryData, way: Way, done: Callback<(String, Answer)>) -> impl IntoView {
    let LibraryData { page, tags } = data;
    if page.total == 0 && way.tag.is_none() {
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
    let pages = page.total.div_ceil(u64::from(page.per_page.max(1))).max(1);
    let number = u64::from(page.page);
    let select = way.select;
    let items = page.items;
    let link = |to: u64, words: &'static str| {
        (to >= 1 && to <= pages && to != number).then(|| view! { <a href=way.page(to)>{words}</a> }.erase())
    };
    let (before, after) = match way.sort {
        Sort::Newest => ("Newer", "Older"),
        Sort::Oldest => ("Older", "Newer"),
        Sort::Title => ("Back", "More"),
    };
    view! {
        {bar(&way, page.total, tags)}
        <ul class="rows">
            <For each=move || items.clone() key=|item| item.id.clone() let:item>
                <Row item select done />
            </For>
        </ul>
        {select
            .then(|| {
                view! {
                    <form id="picked" class="preview-foot" method="post" action="/library/delete">
                        <div class="ways">
                            <button class="button danger">"Delete those that are ticked"</button>
                            <span class="quiet">"They can be taken back for a day."</span>
                        </div>
                    </form>
                }
            })}
        {(pages > 1)
            .then(|| {
                view! {
                    <nav class="pager" aria-label="Pages of the library">
                        {link(number.saturating_sub(1), before)}
                        <span class="quiet">{format!("Page {number} of {pages}")}</span>
                        {link(number + 1, after)}
                    </nav>
                }
            })}
    }
    .erase()
}

/// How many there are, in which order, which tags there are, and the way to the tick boxes.
fn bar(way: &Way, total: u64, tags: Vec<TagCount>) -> Erased {
    let order = |sort: Sort, words: &'static str| {
        let href = Way { sort, ..way.clone() }.page(1);
        let current = (sort == way.sort).then_some("true");
        view! { <a class="chip" href=href aria-current=current>{words}</a> }.erase()
    };
    let orders = vec![
        order(Sort::Newest, "Newest"),
        order(Sort::Oldest, "Oldest"),
        order(Sort::Title, "By title"),
    ];
    // The tag that is looked at leads back to all.
    let tags: Vec<Erased> = tags
        .into_iter()
        .map(|TagCount { tag, count }| {
            let chosen = way.tag.as_deref() == Some(tag.as_str());
            let other = Some(tag.clone()).filter(|_| !chosen);
            let href = Way {
                tag: other,
                ..way.clone()
            }
            .page(1);
            let current = chosen.then_some("true");
            view! { <a class="chip" href=href aria-current=current><bdi>{tag}</bdi> " " <span class="count">{count.to_string()}</span></a> }
                .erase()
        })
        .collect();
    let selecting = Way {
        select: !way.select,
        ..way.clone()
    };
    let words = if way.select { "Done selecting" } else { "Select several" };
    view! {
        <div class="ways sorting">
            <span class="quiet">{summaries(total)}</span>
            <span class="ways" role="group" aria-label="Order">
                {orders}
            </span>
            <a class="button small quiet-button" href=selecting.page(1)>
                {words}
            </a>
        </div>
        {(!tags.is_empty()).then(|| view! { <nav class="ways" aria-label="Tags">{tags}</nav> })}
    }
    .erase()
}

#[component]
fn Row(item: LibraryItem, select: bool, done: Callback<(String, Answer)>) -> impl IntoView {
    let id = Signal::stored(item.id.clone());
    if select {
        let (value, name) = (item.id.clone(), format!("Select {}", item.title));
        return view! {
            <li>
                <input class="pick" type="checkbox" form="picked" name="id" value=value aria-label=name />
                <LibraryRow item />
            </li>
        }
        .erase();
    }
    let name = format!("Delete {}", item.title);
    view! {
        <li>
            <LibraryRow item />
            <details class="confirm">
                <summary class="button small quiet-button" aria-label=name>"Delete"</summary>
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
