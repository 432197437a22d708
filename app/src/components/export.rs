//! The finished summary and its transcript as files: plain links, and beside each a button that copies it. Of the two texts of a
//! page it is the one that is shown, as with the button that copies the text.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{clipboard, post},
    components::{
        reader::{Reader, Version},
        toast::{Toast, Toaster},
    },
    erased::{Erase, Erased},
};

/// What there is: its name, and the end of its address.
const SUMMARY: [(&str, &str); 4] = [
    ("Markdown", "export?format=markdown"),
    ("Text", "export?format=text"),
    ("HTML", "export?format=html"),
    ("JSON", "export?format=json"),
];
const TRANSCRIPT: [(&str, &str); 5] = [
    ("Text", "transcript?format=text"),
    ("SRT", "transcript?format=srt"),
    ("WebVTT", "transcript?format=webvtt"),
    ("Markdown", "transcript?format=markdown"),
    ("JSON", "transcript?format=json"),
];

/// The menu.
#[component]
pub(crate) fn Export() -> impl IntoView {
    let reader = Reader::current();
    let id = reader
        .page
        .with_untracked(|page| page.summary.as_ref().map(|summary| summary.id.clone()));
    let timed = reader
        .passages
        .with_untracked(|passages| passages.first().is_some_and(|passage| passage.span.is_some()));
    let rows = |of: &'static str, formats: &'static [(&'static str, &'static str)]| {
        let id = StoredValue::new(id.clone().unwrap_or_default());
        let rows: Vec<Erased> = formats
            .iter()
            // A text without times has no captions.
            .filter(|(name, _)| timed || !matches!(*name, "SRT" | "WebVTT"))
            .map(|(name, end)| {
                let address = Signal::derive(move || {
                    let version = match reader.shown.get() {
                        Version::Extract if end.starts_with("export") => "&version=extract",
                        _ => "",
                    };
                    format!("/api/v1/summaries/{}/{end}{version}", id.get_value())
                });
                row(of, name, address)
            })
            .collect();
        view! {
            <div>
                <b>{of}</b>
                <ul>{rows}</ul>
            </div>
        }
        .erase()
    };
    view! {
        <details class="confirm export" name="actions">
            <summary class="button">"Export"</summary>
            <div class="confirm-box">{rows("Summary", &SUMMARY)} {rows("Transcript", &TRANSCRIPT)}</div>
        </details>
    }
    .erase()
}

fn row(of: &'static str, name: &'static str, address: Signal<String>) -> Erased {
    let toaster = expect_context::<Toaster>();
    let copy = move |_| {
        let address = address.get_untracked();
        spawn_local(async move {
            let text = post::text_at(&address).await;
            let words = match text {
                Some(text) if clipboard::copy(&text).await => "Copied.",
                Some(_) => "This browser did not allow copying.",
                None => "The server could not be reached. Try again in a moment.",
            };
            toaster.show(Toast::words(words));
        });
    };
    view! {
        <li>
            <a href=address rel="external" download="" aria-label=format!("{of} as {name}")>
                {name}
            </a>
            <button type="button" class="link script" aria-label=format!("Copy the {} as {name}", of.to_lowercase()) on:click=copy>
                "Copy"
            </button>
        </li>
    }
    .erase()
}
