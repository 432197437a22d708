//! The field that searches the library: a plain form, whose answer is a page.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::erased::Erase;

/// The id of the field in the bar.
pub(crate) const SEARCH: &str = "search";

/// The id of the field in the library, where phones have it.
pub(crate) const LIBRARY_SEARCH: &str = "library-search";

/// The field. `id` where something leads to it.
#[component]
pub(crate) fn SearchField(#[prop(optional)] id: Option<&'static str>) -> impl IntoView {
    let query = use_query_map();
    let typed = Signal::derive(move || query.with(|query| query.get("q").unwrap_or_default()));
    view! {
        <form class="search" action="/library" role="search">
            <input
                id=id
                type="search"
                name="q"
                maxlength="300"
                aria-label="Search the library"
                placeholder="Search"
                autocomplete="off"
                value=typed
            />
        </form>
    }
    .erase()
}
