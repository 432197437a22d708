//! The title of a page that changes while the page is open.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page's title: as long as the page is open in a browser, `title`.
///
/// The server writes a page's head when the page is made, on whichever thread comes first: `title` may be gone by then, and what asks
/// for it panics. So there the words are taken at once.
pub(crate) fn title_of(title: Signal<String>) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let text = title.get_untracked();
    #[cfg(not(feature = "ssr"))]
    let text = move || title.get();
    view! { <Title text /> }
}
