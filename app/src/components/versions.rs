//! The two texts of a page in one place: sentences from the transcript, and what the model writes.

use domain::summary::Summary;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    browser::document,
    components::{
        parts::Parts,
        reader::{Reader, Version},
    },
    outline::{self, Part},
    words,
};

/// Tabs, where a model was asked, and both texts.
#[component]
pub(crate) fn Versions() -> impl IntoView {
    let reader = Reader::current();
    let open = move || reader.run.with(|run| run.state.is_open());
    view! {
        <Show when=move || reader.has_model()>
            <Tabs />
        </Show>
        <div class="versions" data-open=move || open().to_string()>
            <VersionView version=Version::Extract />
            <Show when=move || reader.has_model()>
                <VersionView version=Version::Model />
            </Show>
        </div>
    }
    .into_any()
}

/// Shows the other text; each keeps its scroll.
pub(crate) fn show(reader: Reader, kept: StoredValue<[f64; 2]>, version: Version) {
    let before = reader.shown.get_untracked();
    reader.touched.set(true);
    if before == version {
        return;
    }
    let slot = |version: Version| usize::from(version == Version::Model);
    kept.update_value(|kept| kept[slot(before)] = document::scrolled());
    reader.fading.set(false);
    reader.shown.set(version);
    let y = kept.get_value()[slot(version)];
    request_animation_frame(move || document::scroll_page(y));
}

#[component]
fn Tabs() -> impl IntoView {
    let reader = Reader::current();
    let kept = use_context::<StoredValue<[f64; 2]>>().unwrap_or_else(|| StoredValue::new([0.0, 0.0]));
    let navigate = use_navigate();
    let model = move || reader.run.with(|run| run.request.model.clone());
    let standing = move || {
        let shown = reader.shown.get() == Version::Model;
        let done = reader.page.with(|page| page.summary.is_some());
        match (done, reader.is_writing()) {
            (true, _) if !shown && reader.touched.get() => Some("ready"),
            (false, true) if reader.text.with(|text| !text.is_empty()) => Some("writing"),
            _ => None,
        }
    };
    let waits = move || {
        let started = reader.model_has_begun();
        reader.shown.get() == Version::Extract && reader.is_writing() && !started && !reader.touched.get()
    };
    let tab = move |version: Version, query: &'static str| {
        let navigate = navigate.clone();
        move |event: web_sys::MouseEvent| {
            if event.ctrl_key() || event.meta_key() || event.shift_key() {
                return;
            }
            event.prevent_default();
            show(reader, kept, version);
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(query, options);
        }
    };
    let current = move |version: Version| move || (reader.shown.get() == version).then_some("true");
    view! {
        <nav class="tabs" aria-label="Versions">
            <a href="?text=extract" aria-current=current(Version::Extract) on:click=tab(Version::Extract, "?text=extract")>
                "From the transcript"
            </a>
            <a href="?text=model" aria-current=current(Version::Model) on:click=tab(Version::Model, "?text=model")>
                {model}
                <span class="standing">{standing}</span>
            </a>
            <Show when=waits>
                <button type="button" class="link script" on:click=move |_| reader.touched.set(true)>
                    "Stay here"
                </button>
            </Show>
        </nav>
    }
    .into_any()
}

#[component]
fn VersionView(version: Version) -> impl IntoView {
    let reader = Reader::current();
    let away = move || reader.shown.get() != version;
    let parts = Memo::new(move |_| match version {
        Version::Extract => extract(reader),
        Version::Model => model(reader),
    });
    let finished = Signal::derive(move || reader.run.with(|run| !run.state.is_open()));
    let language = move || {
        reader.page.with(|page| {
            let summary = match version {
                Version::Extract => page.extract.as_ref().or(page.summary.as_ref()),
                Version::Model => page.summary.as_ref(),
            };
            summary
                .and_then(language_of)
                .or_else(|| page.run.request.language.clone())
        })
    };
    view! {
        <div
            class="version"
            class:away=away
            class:fading=move || reader.fading.get()
            inert=away
            lang=language
        >
            <Parts parts finished />
            <Note version />
        </div>
    }
    .into_any()
}

/// What is to be said about a text: that no model wrote it, or that there is none yet.
#[component]
fn Note(version: Version) -> impl IntoView {
    let reader = Reader::current();
    move || match version {
        Version::Extract => {
            let there = reader
                .page
                .with(|page| page.extract.is_some() || page.summary.is_some());
            let text = if there {
                "Sentences from the transcript, word for word. No model wrote this."
            } else if reader.run.with(|run| run.state.is_open()) {
                "The first summary stands here as soon as the transcript is read."
            } else {
                ""
            };
            view! { <p class="note quiet" lang="en">{text}</p> }.into_any()
        }
        Version::Model => {
            let fallback = reader.page.with(|page| {
                let provenance = page.summary.as_ref().map(|summary| &summary.provenance)?;
                let why = provenance.fallback.clone()?;
                Some(format!(
                    "{why} Until then: sentences from the transcript, in its own language."
                ))
            });
            let empty = reader.text.with(String::is_empty) && reader.page.with(|page| page.summary.is_none());
            let waiting = (empty && reader.run.with(|run| run.state.is_open()))
                .then(|| "The model has not begun to write.".to_owned());
            fallback
                .or(waiting)
                .map(|text| view! { <p class="note quiet" lang="en">{text}</p> })
                .into_any()
        }
    }
}

fn extract(reader: Reader) -> Vec<Part> {
    let hours = reader.hours.get();
    reader.page.with(|page| {
        let summary = page.extract.as_ref().or_else(|| {
            page.summary
                .as_ref()
                .filter(|summary| summary.request.model == words::EXTRACTIVE)
        });
        summary.map_or_else(Vec::new, |summary| outline::of_summary(summary, hours))
    })
}

fn model(reader: Reader) -> Vec<Part> {
    let hours = reader.hours.get();
    let finished = reader
        .page
        .with(|page| page.summary.as_ref().map(|summary| outline::of_summary(summary, hours)));
    finished.unwrap_or_else(|| {
        let writing = reader.is_writing();
        reader.passages.with(|passages| {
            reader.text.with(|text| {
                let text = if writing { outline::whole_words(text) } else { text };
                outline::of_draft(text, passages, writing)
            })
        })
    })
}

/// The language a summary is written in.
fn language_of(summary: &Summary) -> Option<String> {
    let code = summary.request.language.clone();
    let code = code.unwrap_or_else(|| summary.provenance.transcript_language.clone());
    (!code.is_empty()).then_some(code)
}
