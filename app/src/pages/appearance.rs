//! `/settings/appearance`: theme and keys, remembered by this browser.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::{
    browser::document,
    components::{
        flow::{loaded, settings_form},
        settings_nav::SettingsNav,
    },
    erased::Erase,
    preferences::{Preferences, Theme},
    server_functions::{Ask, Data, SaveAppearance},
};

/// One form. What is chosen holds at once where there is script, else after Save.
#[component]
pub(crate) fn AppearancePage() -> impl IntoView {
    let page = loaded(
        || (Ask::Preferences, 0),
        |data| match data {
            Data::Preferences(preferences) => Some(view! { <AppearanceForm preferences /> }.erase()),
            _ => None,
        },
    );
    view! {
        <Title text="Appearance" />
        <section class="narrow">
            <SettingsNav />
            <h1>"Appearance"</h1>
            <h2>"In this browser"</h2>
            {page}
            <h2>"For everybody"</h2>
            {settings_form("/settings/appearance")}
        </section>
    }
    .erase()
}

#[component]
fn AppearanceForm(preferences: Preferences) -> impl IntoView {
    let themes = [
        (Theme::Auto, "As the system says"),
        (Theme::Light, "Light"),
        (Theme::Dark, "Dark"),
    ];
    view! {
        <form class="settings" method="post" action=SaveAppearance::PATH>
            <fieldset>
                <legend>"Theme"</legend>
                {themes
                    .map(|(theme, label)| {
                        view! {
                            <label class="choice">
                                <input
                                    type="radio"
                                    name="theme"
                                    value=theme.as_str()
                                    checked=preferences.theme == theme
                                    on:change=move |_| document::set_theme(theme)
                                />
                                {label}
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <fieldset>
                <legend>"Keys"</legend>
                <label class="choice">
                    <input
                        type="checkbox"
                        name="keys"
                        value="on"
                        checked=preferences.keys
                        on:change:target=move |event| document::set_keys(event.target().checked())
                    />
                    "Single keys do things; press ? to see which"
                </label>
            </fieldset>
            <p class="ways">
                <button class="button primary">"Save"</button>
            </p>
        </form>
    }
    .erase()
}
