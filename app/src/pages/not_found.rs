//! The page for an address that leads nowhere.

use leptos::prelude::*;

use crate::erased::Erase;

use leptos_meta::Title;

/// Says so, with status 404, and offers the ways on.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found" />
        <section class="narrow plain">
            <h1>"Nothing stands at this address"</h1>
            <p>"The link may have lost its end, or the summary was deleted."</p>
            <p class="ways">
                <a class="button" href="/library">"Look in the library"</a>
                <a class="button" href="/">"Summarise something"</a>
            </p>
        </section>
    }
    .erase()
}
