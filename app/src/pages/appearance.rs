//! `/settings/appearance`: theme and keys, remembered by this browser.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    browser::document,
    components::failure::Failure,
    preferences::{Preferences, Theme},
    server_functions::{SaveAppearance, load_preferences},
};

/// One form. What is chosen holds at once where there is script, else after Save.
#[component]
pub(crate) fn AppearancePage() -> impl IntoView {
    let preferences = Resource::new(|| (), |()| load_preferences());
    view! {
        <Title text="Appearance" />
        <section class="narrow">
            <h1>"Appearance"</h1>
            <p class="quiet">"Kept in this browser only."</p>
            <Suspense>
                {move || Suspend::new(async move {
                    match preferences.await {
                        Ok(preferences) => view! { <AppearanceForm preferences /> }.into_any(),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    }
                })}
            </Suspense>
        </section>
    }
    .into_any()
}

#[component]
fn AppearanceForm(preferences: Preferences) -> impl IntoView {
    let save = ServerAction::<SaveAppearance>::new();
    let themes = [
        (Theme::Auto, "As the system says"),
        (Theme::Light, "Light"),
        (Theme::Dark, "Dark"),
    ];
    let saved = move || save.version().get() > 0 && matches!(save.value().get(), Some(Ok(())));
    view! {
        <ActionForm action=save attr:class="settings">
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
                <span role="status" class="quiet">
                    {move || saved().then_some("Saved.")}
                </span>
            </p>
        </ActionForm>
    }
    .into_any()
}
