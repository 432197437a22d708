//! The pages of the settings, above each of them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::erased::Erase;

const PAGES: [(&str, &str); 5] = [
    ("/settings/summaries", "Models"),
    ("/settings/prompts", "Prompts"),
    ("/settings/youtube", "YouTube"),
    ("/settings/access", "Access"),
    ("/settings/appearance", "Appearance"),
];

/// Links to them.
#[component]
pub(crate) fn SettingsNav() -> impl IntoView {
    let path = use_location().pathname;
    let links = PAGES.map(|(href, name)| {
        view! {
            <a class="button small" href=href aria-current=move || (path.get() == href).then_some("page")>
                {name}
            </a>
        }
    });
    view! {
        <nav class="ways choose" aria-label="Settings">
            {links.collect_view()}
        </nav>
    }
    .erase()
}
