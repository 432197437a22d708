//! The login page: HTML from the server and a form. Strangers get no wasm, and it works without script.

use leptos::prelude::*;

use crate::{
    assets::Assets,
    erased::{Erase, Erased},
    preferences::{Preferences, Theme},
};

/// The longest code that is taken.
const LONGEST: &str = "256";

/// Shows and hides what is typed; without script there is no button.
const SHOW: &str = "const c=document.getElementById('code'),b=document.getElementById('show');b.hidden=false;\
b.onclick=()=>{const s=c.type==='password';c.type=s?'text':'password';b.textContent=s?'Hide':'Show';\
b.setAttribute('aria-pressed',String(s));c.focus()}";

/// What the page says.
#[derive(Clone, Debug)]
pub struct LoginPage {
    /// Where the person was going: a path of ours.
    pub next: String,
    /// What went wrong.
    pub message: Option<String>,
    /// How many attempts remain.
    pub hint: Option<String>,
    /// Whether the code could be read on the way here.
    pub way: Way,
    /// For the script.
    pub nonce: String,
    /// The visitor's `Cookie` header, which has the theme.
    pub cookies: String,
    /// What it is where that has none.
    pub theme: Theme,
}

/// How safe the way here is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nobody reads along.
    Safe,
    /// Others can, and the owner takes that.
    InTheClear,
    /// Others can, so no code is taken.
    Refused,
}

/// The whole document.
#[must_use]
pub fn login_page(page: LoginPage, assets: Assets) -> String {
    Owner::new().with(|| document(page, assets).to_html())
}

fn document(page: LoginPage, assets: Assets) -> Erased {
    let theme = match Preferences::from_cookies(&page.cookies, page.theme).theme.as_str() {
        "auto" => None,
        theme => Some(theme),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>"Sign in · YouTube Summarizer"</title>
                <link rel="icon" href=assets.lookup("favicon.svg") r#type="image/svg+xml" />
                <link rel="preload" r#as="font" href=assets.lookup("fonts/inter.woff2") r#type="font/woff2" crossorigin="anonymous" />
                <link rel="stylesheet" href=assets.css.clone() />
            </head>
            <body>
                <main class="login">{form(page)}</main>
            </body>
        </html>
    }
    .erase()
}

fn form(page: LoginPage) -> Erased {
    let LoginPage {
        next,
        message,
        hint,
        way,
        nonce,
        ..
    } = page;
    let has_failed = message.is_some();
    let banner = match way {
        Way::Safe => None,
        Way::InTheClear => Some(
            view! {
                <p class="notice" role="note">
                    "This connection is not encrypted: others on the way can read your code."
                </p>
            }
            .erase(),
        ),
        Way::Refused => return refused(),
    };
    let message = message.map(|message| view! { <p class="fault" role="alert">{message}</p> }.erase());
    let hint = hint.map(|hint| view! { <p class="quiet small" id="hint">{hint}</p> }.erase());
    let described = hint.is_some().then_some("hint");
    view! {
        <h1>"YouTube Summarizer"</h1>
        {banner}
        <form method="post" action="/login">
            {message}
            <label for="code">"Login code"</label>
            <div class="code">
                <input
                    id="code"
                    name="code"
                    r#type="password"
                    maxlength=LONGEST
                    autocomplete="current-password"
                    autocapitalize="off"
                    spellcheck="false"
                    required
                    autofocus
                    aria-invalid=has_failed.then_some("true")
                    aria-describedby=described
                />
                <button class="button" id="show" r#type="button" aria-pressed="false" hidden>
                    "Show"
                </button>
            </div>
            {hint}
            <input r#type="hidden" name="next" value=next />
            <button class="button primary">"Sign in"</button>
        </form>
        <script nonce=nonce inner_html=SHOW></script>
    }
    .erase()
}

/// What stands there instead of the form.
fn refused() -> Erased {
    view! {
        <h1>"YouTube Summarizer"</h1>
        <div class="fault" role="alert">
            <p>"This connection is not encrypted: others on the way could read your code, so it is not asked for."</p>
        </div>
        <p>"Open this address with https. If you run this server, there are two ways:"</p>
        <ul class="bullets">
            <li>"Put a proxy that speaks TLS in front of it, and set PUBLIC_URL to the address that starts with https://."</li>
            <li>"If you trust everybody on the way, as in a network at home, set ALLOW_PLAIN_HTTP=true."</li>
        </ul>
    }
    .erase()
}
