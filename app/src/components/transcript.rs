//! The transcript beside the summary: every passage with its time, a box to find words, and following the player.

use domain::{chapters, passages::Passage, timecode::clock};
use leptos::prelude::*;

use crate::{
    browser::document,
    components::{
        flow::{live, when},
        lead::around_quote,
        reader::Reader,
    },
    erased::{Erase, Erased},
    times::{counted, spoken},
};

/// A passage to show: itself, the chapter that begins with it, its words in small letters for finding.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    passage: Passage,
    chapter: Option<String>,
    text: String,
    folded: String,
}

/// The transcript, once it is read.
#[component]
pub(crate) fn Transcript() -> impl IntoView {
    let reader = Reader::current();
    let rows = Memo::new(move |_| rows(reader));
    let wanted = Memo::new(move |_| reader.find.get().trim().to_lowercase());
    let found = Signal::derive(move || {
        let wanted = wanted.get();
        let n = rows.with(|rows| rows.iter().filter(|row| row.folded.contains(&wanted)).count());
        match n {
            _ if wanted.is_empty() => None,
            0 => Some("Nothing found".to_owned()),
            n => Some(counted(u64::try_from(n).unwrap_or(u64::MAX), "passage")),
        }
    });
    let has_player = Signal::derive(move || reader.youtube_id().is_some());
    let has_text = Signal::derive(move || !rows.with(Vec::is_empty));
    let passages = move || {
        rows.get()
            .into_iter()
            .map(|row| passage_view(row, wanted))
            .collect::<Vec<Erased>>()
    };
    let language = Signal::derive(move || {
        reader.page.with(|page| {
            let summary = page.extract.as_ref().or(page.summary.as_ref());
            summary
                .map(|summary| summary.provenance.transcript_language.clone())
                .filter(|code| !code.is_empty())
        })
    });
    let chapters_from = move || {
        reader.video.with(|video| {
            let video = video.as_ref().filter(|video| !video.chapters.is_empty())?;
            let count = u64::try_from(video.chapters.len()).unwrap_or(u64::MAX);
            let words = format!("{}, {}", counted(count, "chapter"), video.chapter_source.words());
            Some(view! { <p class="quiet small chapters-from">{words}</p> })
        })
    };
    let body = move || {
        view! {
            <section id="transcript" class="transcript" aria-labelledby="transcript-title">
                <div class="tools">
                    <h2 id="transcript-title">"Transcript"</h2>
                    <label class="find script">
                        <span class="visually-hidden">"Find in the transcript"</span>
                        <input
                            id="find"
                            type="search"
                            placeholder="Find"
                            autocomplete="off"
                            prop:value=reader.find
                            on:input:target=move |event| reader.find.set(event.target().value())
                        />
                    </label>
                    {when(has_player, move || view! { <Follow /> }.erase())}
                    <span class="found quiet" role="status">
                        {found}
                    </span>
                </div>
                {chapters_from}
                <ol class="passages" tabindex="0" aria-label="Passages" lang=language>
                    {passages}
                </ol>
            </section>
        }
        .erase()
    };
    view! { {when(has_text, body)} }.erase()
}

/// Whether the list scrolls along with the player.
#[component]
fn Follow() -> impl IntoView {
    let follow = Reader::current().follow;
    view! {
        <button
            type="button"
            class="chip script"
            aria-pressed=Signal::derive(move || follow.get().to_string())
            on:click=move |_| follow.update(|follow| *follow = !*follow)
        >
            "Follow"
        </button>
    }
    .erase()
}

fn passage_view(row: Row, wanted: Memo<String>) -> Erased {
    let reader = Reader::current();
    let ordinal = row.passage.ordinal;
    let start_ms = row.passage.span.map(|span| span.start_ms);
    let hours = reader.hours.get_untracked();
    let label = start_ms.map_or_else(|| format!("¶\u{a0}{ordinal}"), |ms| clock(ms, hours));
    let name = start_ms.map(|ms| format!("{label}, {}", spoken(ms)));
    let href = untrack(|| reader.href(ordinal, start_ms));
    let folded = row.folded;
    let lit = Signal::derive(move || reader.lit.get() == Some(ordinal));
    let hidden = Signal::derive(move || wanted.with(|wanted| !wanted.is_empty() && !folded.contains(wanted)));
    let (text, quote) = (row.text, Memo::new(move |_| reader.quoted(ordinal)));
    let words = live(move || Some(quote.with(|quote| with_quote(&text, quote.as_deref()))));
    view! {
        <li id=format!("p{ordinal}") class="passage" class:lit=lit hidden=hidden>
            {row.chapter.map(|title| view! { <h3 class="chapter-title" dir="auto">{title}</h3> })}
            <a
                class="time"
                href=href
                aria-label=name
                on:click=move |event| {
                    if document::is_plain_click(&event) {
                        reader.go(ordinal, start_ms);
                    }
                }
            >
                {label}
            </a>
            <p dir="auto">{words}</p>
        </li>
    }
    .erase()
}

/// A text, the words marked that a claim quotes.
pub(crate) fn with_quote(text: &str, quote: Option<&str>) -> Erased {
    match around_quote(text, quote) {
        (all, "", _) => all.to_owned().erase(),
        (before, quote, after) => {
            view! { {before.to_owned()} <mark>{quote.to_owned()}</mark> {after.to_owned()} }.erase()
        }
    }
}

fn rows(reader: Reader) -> Vec<Row> {
    let named = reader
        .video
        .with(|video| video.as_ref().map(|video| video.chapters.clone()).unwrap_or_default());
    let mut last = None;
    reader.passages.with(|passages| {
        passages
            .iter()
            .map(|passage| {
                // Its chapter, if it was not named before.
                let own = chapters::of(&named, passage.span);
                let chapter = own.filter(|_| own > last).map(|index| named[index].title.clone());
                last = last.max(own);
                let text = passage.script();
                Row {
                    folded: text.to_lowercase(),
                    passage: passage.clone(),
                    chapter,
                    text,
                }
            })
            .collect()
    })
}
