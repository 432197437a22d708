//! The two texts of a page in one place: sentences from the transcript, and what the model writes.

use domain::{
    chapters::Chapter,
    run::{RunPage, RunState},
    summary::{Provenance, Summary, Verdict},
};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use crate::{
    browser::document,
    components::{
        flow::when,
        parts::Parts,
        reader::{Reader, Version},
    },
    erased::Erase,
    outline::{self, Part},
    words,
};

/// Cards are not for fingers, so it is said once in sight.
const QUOTES_ALONE: &str = "Times with a quotation mark instead of a tick: the quoted words were found there. The wording is in another language, so only numbers and names were compared.";

/// Tabs, where a model was asked, and both texts.
#[component]
pub(crate) fn Versions() -> impl IntoView {
    let reader = Reader::current();
    let open = Signal::derive(move || {
        if reader.run.with(|run| run.state.is_open()) {
            "true"
        } else {
            "false"
        }
    });
    view! {
        {when(Signal::derive(move || reader.has_model() && reader.has_text() && !reader.is_imported()), move || view! { <Tabs /> }.erase())}
        <div class="versions" data-open=open>
            <VersionView version=Version::Extract />
            {when(Signal::derive(move || reader.has_model()), move || view! { <VersionView version=Version::Model /> }.erase())}
        </div>
    }
    .erase()
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
    let model = Signal::derive(move || reader.run.with(|run| words::model(&run.request.model).to_owned()));
    let whole = Signal::derive(move || reader.run.with(|run| words::model_hint(&run.request.model)));
    let standing = Signal::derive(move || {
        let shown = reader.shown.get() == Version::Model;
        let done = reader.page.with(|page| page.summary.is_some());
        match (done, reader.is_writing()) {
            (true, _) if !shown && reader.touched.get() => Some("ready"),
            (false, true) if reader.text.with(|text| !text.is_empty()) => Some("writing"),
            _ => None,
        }
    });
    let waits = Signal::derive(move || {
        let started = reader.model_has_begun();
        reader.shown.get() == Version::Extract
            && reader.run.with(|run| run.state == RunState::Working)
            && !started
            && !reader.touched.get()
    });
    let tab = move |version: Version, query: &'static str| {
        let navigate = navigate.clone();
        move |event: web_sys::MouseEvent| {
            if !document::is_plain_click(&event) {
                return;
            }
            show(reader, kept, version);
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(query, options);
        }
    };
    let current = move |version: Version| Signal::derive(move || (reader.shown.get() == version).then_some("true"));
    view! {
        <nav class="tabs" aria-label="Versions">
            <a href="?text=extract" aria-current=current(Version::Extract) on:click=tab(Version::Extract, "?text=extract")>
                "From the transcript"
            </a>
            <a href="?text=model" title=whole aria-current=current(Version::Model) on:click=tab(Version::Model, "?text=model")>
                {model}
                <span class="standing">{standing}</span>
            </a>
            {when(waits, move || view! { <button type="button" class="link script" on:click=move |_| reader.touched.set(true)>
                    "Stay here"
                </button> }.erase())}
        </nav>
    }
    .erase()
}

#[component]
fn VersionView(version: Version) -> impl IntoView {
    let reader = Reader::current();
    let away = Signal::derive(move || reader.shown.get() != version);
    let parts = Memo::new(move |_| match version {
        Version::Extract => extract(reader),
        Version::Model => model(reader),
    });
    // Steps are numbered; an extract has none.
    let style = Signal::derive(move || {
        let style = reader.run.with(|run| run.request.style.clone());
        (version == Version::Model).then_some(style)
    });
    let finished = Signal::derive(move || reader.run.with(|run| !run.state.is_open()));
    let language = Signal::derive(move || {
        reader.page.with(|page| {
            let summary = match version {
                Version::Extract => page.extract.as_ref().or(page.summary.as_ref()),
                Version::Model => page.summary.as_ref(),
            };
            summary
                .and_then(language_of)
                .or_else(|| page.run.request.language.clone())
        })
    });
    view! {
        <div
            class="version"
            class:away=away
            class:fading=reader.fading
            inert=away
            data-style=style
            lang=language
        >
            <p class="note before quiet" lang="en">
                {Signal::derive(move || before(reader, version))}
            </p>
            <Parts parts finished />
            <p class="note quiet" lang="en">
                {Signal::derive(move || after(reader, version))}
            </p>
        </div>
    }
    .erase()
}

/// Said above a text: that it stands in for another, or that there is none yet.
fn before(reader: Reader, version: Version) -> Option<String> {
    let open = reader.run.with(|run| run.state.is_open() && run.fault.is_none());
    reader.page.with(|page| match version {
        Version::Extract if page.extract.is_none() && page.summary.is_none() => {
            open.then(|| "The first summary stands here as soon as the transcript is read.".to_owned())
        }
        Version::Extract => {
            let unfounded = page.summary.as_ref().filter(|summary| summary.is_unfounded())?;
            page.extract.as_ref()?;
            Some(format!(
                "Nothing that {} wrote was found in the transcript, so sentences from it stand here first.",
                words::model(&unfounded.provenance.model)
            ))
        }
        Version::Model => match &page.summary {
            Some(summary) if summary.is_unfounded() => {
                Some("Nothing of this was found in the transcript. Another model may do better.".to_owned())
            }
            Some(summary) => {
                let Provenance {
                    fallback,
                    model,
                    other_language,
                    transcript_language,
                    ..
                } = &summary.provenance;
                if let (None, Some(other)) = (fallback, other_language) {
                    let wanted = summary.request.language.as_ref().unwrap_or(transcript_language);
                    let (other, wanted) = (words::language(other), words::language(wanted));
                    return Some(format!("The model wrote in {other}, not in {wanted}."));
                }
                // Of an extract in the model's place the notice above the tabs says so.
                let why = fallback.as_ref().filter(|_| model != words::EXTRACTIVE)?;
                Some(format!("{why} So {} wrote this.", words::model(model)))
            }
            None => {
                (open && reader.text.with(String::is_empty)).then(|| "The model has not begun to write.".to_owned())
            }
        },
    })
}

/// Said below a text: that no model wrote it, or what the sign of claims in another language means.
fn after(reader: Reader, version: Version) -> Option<String> {
    if version == Version::Model
        && reader
            .page
            .with(|page| page.summary.as_ref().is_some_and(has_quotes_alone))
    {
        return Some(QUOTES_ALONE.to_owned());
    }
    let there = version == Version::Extract
        && reader
            .page
            .with(|page| page.extract.is_some() || page.summary.is_some());
    // What an extract that was asked for can't give; where a model was, it may still write, or has.
    let beyond = reader
        .page
        .with(|page| page.summary.as_ref().and_then(Summary::beyond_an_extract))
        .filter(|_| there);
    if beyond.is_some() {
        return beyond;
    }
    there.then(|| "Sentences from the transcript, word for word. No model wrote this.".to_owned())
}

/// Whether some of its claims are in another language than the transcript.
fn has_quotes_alone(summary: &Summary) -> bool {
    summary.claims.iter().any(|claim| claim.verdict == Verdict::QuoteFound)
}

fn chapters_of(page: &RunPage) -> &[Chapter] {
    page.video.as_ref().map_or(&[], |video| &video.chapters)
}

fn extract(reader: Reader) -> Vec<Part> {
    let hours = reader.hours.get();
    reader.page.with(|page| {
        let summary = page.extract.as_ref().or_else(|| {
            page.summary
                .as_ref()
                .filter(|summary| summary.request.model == words::EXTRACTIVE)
        });
        summary.map_or_else(Vec::new, |summary| {
            outline::of_summary(summary, hours, chapters_of(page))
        })
    })
}

fn model(reader: Reader) -> Vec<Part> {
    let hours = reader.hours.get();
    let finished = reader.page.with(|page| {
        let summary = page.summary.as_ref()?;
        Some(outline::of_summary(summary, hours, chapters_of(page)))
    });
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
    let code = summary.written_in().to_owned();
    (!code.is_empty()).then_some(code)
}
