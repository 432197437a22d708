//! `/settings/access`: who may come in. The server makes its inside (`access_view.rs`).

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{flow::loaded, settings_nav::SettingsNav},
    erased::Erase,
    server_functions::{Ask, Data},
};

/// The page.
#[component]
pub(crate) fn AccessPage() -> impl IntoView {
    let page = loaded(
        || (Ask::Access, 0),
        |data| match data {
            Data::Access(html) => Some(view! { <div class="access" inner_html=html></div> }.erase()),
            _ => None,
        },
    );
    view! {
        <Title text="Access" />
        <section class="narrow">
            <SettingsNav />
            <h1>"Access"</h1>
            {page}
        </section>
    }
    .erase()
}
