//! The document around the pages: head, theme, and the few lines that start the wasm.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

use crate::{
    assets::Assets,
    erased::{Erase, Erased},
    preferences::Preferences,
    routes::App,
};

/// The whole document. Rendered on the server only; the browser hydrates its body.
#[must_use]
pub fn shell() -> impl IntoView {
    let assets = Assets::current();
    let body = view! {
        <App />
        <p class="reload-bar" role="alert">
            "This page has stopped responding to keys and buttons. The work on the server goes on. "
            <a href="">"Reload the page"</a>
        </p>
    };
    document(view! { <Hydration assets /> }.erase(), body.erase())
}

/// A document with these scripts in its head and this body.
pub(crate) fn document(scripts: Erased, body: Erased) -> impl IntoView {
    let assets = Assets::current();
    let preferences = preferences();
    let theme = match preferences.theme.as_str() {
        "auto" => None,
        theme => Some(theme),
    };
    // After what is hydrated, which begins with the body's first child.
    let banner = is_in_the_clear().then(|| {
        view! {
            <aside class="in-the-clear" aria-label="Connection">
                "This connection is not encrypted: others on the way can read what you see and send (ALLOW_PLAIN_HTTP)."
            </aside>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme data-keys=if preferences.keys { "on" } else { "off" }>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href=assets.lookup("favicon.svg") type="image/svg+xml" />
                <Font name="fonts/inter.woff2" assets=assets.clone() />
                <Font name="fonts/source-serif-4.woff2" assets=assets.clone() />
                <link rel="stylesheet" href=assets.css.clone() />
                {scripts}
                <MetaTags />
            </head>
            <body>{body} {banner}</body>
        </html>
    }
}

/// Asks for a font early, so that it is there for the first paint (`font-display: optional` would do without it).
#[component]
fn Font(name: &'static str, assets: Assets) -> impl IntoView {
    view! { <link rel="preload" r#as="font" href=assets.lookup(name) r#type="font/woff2" crossorigin="anonymous" /> }
}

/// Loads the wasm and hydrates. Leptos has a component for this; it writes the nonce into a wrong attribute in 0.8.23 and
/// reads files at each render.
#[component]
fn Hydration(assets: Assets) -> impl IntoView {
    // The wasm is fetched at once, by script: a preload link would also fetch it for those who have script off.
    let fetch = format!("self.wasm=fetch({})", quoted(&assets.wasm));
    let start = format!(
        "import({}).then(m=>m.default({{module_or_path:self.wasm}}).then(()=>m.hydrate()))",
        quoted(&assets.js)
    );
    let nonce = use_nonce();
    view! {
        <link rel="modulepreload" href=assets.js nonce=nonce.clone() />
        <script nonce=nonce.clone() inner_html=fetch></script>
        <script type="module" nonce=nonce inner_html=start></script>
    }
}

/// An address as a string of JavaScript that can't end the script element.
fn quoted(address: &str) -> String {
    let escaped = address
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('<', "\\u003c");
    format!("\"{escaped}\"")
}

/// Stands among a request's extensions where people sign in and can be overheard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InTheClear;

fn is_in_the_clear() -> bool {
    #[cfg(feature = "ssr")]
    return use_context::<http::request::Parts>().is_some_and(|parts| parts.extensions.get::<InTheClear>().is_some());
    #[cfg(not(feature = "ssr"))]
    false
}

fn preferences() -> Preferences {
    #[cfg(feature = "ssr")]
    return Preferences::of_request();
    #[cfg(not(feature = "ssr"))]
    Preferences::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_not_end_the_script() {
        assert_eq!(quoted("/a\"</script>"), "\"/a\\\"\\u003c/script>\"");
    }
}
