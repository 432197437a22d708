//! The page that stands in for another while the server can't answer: HTML from the server alone, without wasm or script.

use leptos::prelude::*;

use crate::{
    assets::Assets,
    erased::{Erase, Erased},
    preferences::{Preferences, Theme},
};

/// What the page says.
#[derive(Clone, Debug)]
pub struct AwayPage {
    /// What is wrong, and what became of what was asked for.
    pub message: String,
    /// Seconds until the browser asks again by itself; `None` where that would send something twice.
    pub again: Option<u64>,
    /// The visitor's `Cookie` header, which has the theme.
    pub cookies: String,
    /// The theme of who has chosen none.
    pub theme: Theme,
}

/// The whole document.
#[must_use]
pub fn away_page(page: AwayPage, assets: Assets) -> String {
    Owner::new().with(|| document(page, assets).to_html())
}

fn document(page: AwayPage, assets: Assets) -> Erased {
    let theme = match Preferences::from_cookies(&page.cookies, page.theme).theme.as_str() {
        "auto" => None,
        theme => Some(theme),
    };
    let (refresh, hint) = match page.again {
        Some(seconds) => (
            Some(view! { <meta http-equiv="refresh" content=seconds.to_string() /> }.erase()),
            format!("This page asks again every {seconds} seconds."),
        ),
        None => (None, "Go back, wait a moment and send it again.".to_owned()),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                {refresh}
                <title>"Back in a moment · YouTube Summarizer"</title>
                <link rel="icon" href=assets.lookup("favicon.svg") r#type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css.clone() />
            </head>
            <body>
                <main class="login">
                    <h1>"YouTube Summarizer"</h1>
                    <p class="fault" role="alert">{page.message}</p>
                    <p class="quiet">{hint}</p>
                </main>
            </body>
        </html>
    }
    .erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(message: &str, again: Option<u64>) -> String {
        let page = AwayPage {
            message: message.to_owned(),
            again,
            cookies: String::new(),
            theme: Theme::Auto,
        };
        away_page(page, Assets::default())
    }

    #[test]
    fn only_what_was_looked_at_is_asked_for_again() {
        let read = page("The database is away.", Some(5));
        assert!(
            read.contains(r#"http-equiv="refresh""#) && read.contains("The database is away."),
            "{read}"
        );
        let sent = page("<b>", None);
        assert!(
            !sent.contains("refresh") && sent.contains("&lt;b&gt;") && sent.contains("send it again"),
            "{sent}"
        );
    }
}
