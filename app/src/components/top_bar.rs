//! The one bar on top of every page.

use leptos::prelude::*;

use leptos_router::hooks::use_location;

use crate::{
    components::search_field::{LIBRARY_SEARCH, SEARCH, SearchField},
    erased::Erase,
};

const PLACES: [(&str, &str); 3] = [
    ("/library", "Library"),
    ("/activity", "Activity"),
    ("/settings/appearance", "Settings"),
];

/// Skip link, name, places, search; on phones the places fold into a menu and the field stands in the library.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    let path = use_location().pathname;
    let menu = NodeRef::<leptos::html::Details>::new();
    // A place was chosen: the menu has done its work.
    Effect::new(move |_| {
        path.track();
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    });
    let places = move || {
        PLACES
            .map(|(href, name)| {
                view! {
                    <li>
                        <a href=href aria-current=move || is_at(&path.get(), href)>
                            {name}
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <a class="skip" href="#main" rel="external">
            "Skip to the content"
        </a>
        <header class="bar">
            <a class="name" href="/">
                "YouTube Summarizer"
            </a>
            <nav class="places" aria-label="Pages">
                <ul>{places()}</ul>
            </nav>
            <SearchField id=SEARCH />
            <a class="to-search" href=format!("/library#{LIBRARY_SEARCH}")>
                "Search"
            </a>
            <details class="menu" node_ref=menu>
                <summary>"Menu"</summary>
                <nav aria-label="Menu">
                    <ul>{places()}</ul>
                </nav>
            </details>
        </header>
    }
    .erase()
}

/// The places of the settings share one entry.
fn is_at(path: &str, href: &str) -> Option<&'static str> {
    let settings = |path: &str| path.starts_with("/settings/");
    if path == href {
        Some("page")
    } else if settings(path) && settings(href) {
        Some("true")
    } else {
        None
    }
}
