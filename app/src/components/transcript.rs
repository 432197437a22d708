//! The transcript beside the summary: every passage with its time, a box to find words, and following the player.

use domain::{passages::Passage, timecode::clock};
use leptos::prelude::*;

use crate::{
    components::reader::Reader,
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
    let found = move || {
        let wanted = wanted.get();
        (!wanted.is_empty()).then(|| {
            let n = rows.with(|rows| rows.iter().filter(|row| row.folded.contains(&wanted)).count());
            match n {
                0 => "Nothing found".to_owned(),
                n => counted(u64::try_from(n).unwrap_or(u64::MAX), "passage"),
            }
        })
    };
    let lit = StoredValue::new(Selector::new(move || reader.lit.get()));
    let language = move || {
        reader.page.with(|page| {
            let summary = page.extract.as_ref().or(page.summary.as_ref());
            summary
                .map(|summary| summary.provenance.transcript_language.clone())
                .filter(|code| !code.is_empty())
        })
    };
    view! {
        <Show when=move || !rows.with(Vec::is_empty)>
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
                            prop:value=move || reader.find.get()
                            on:input:target=move |event| reader.find.set(event.target().value())
                        />
                    </label>
                    <Show when=move || reader.youtube_id().is_some()>
                        <button
                            type="button"
                            class="chip script"
                            aria-pressed=move || reader.follow.get().to_string()
                            on:click=move |_| reader.follow.update(|follow| *follow = !*follow)
                        >
                            "Follow"
                        </button>
                    </Show>
                    <span class="found quiet" role="status">{found}</span>
                </div>
                <ol class="passages" tabindex="0" aria-label="Passages" lang=language>
                    <For each=move || rows.get() key=|row| row.passage.ordinal let:row>
                        <PassageView row wanted lit=lit.get_value() />
                    </For>
                </ol>
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn PassageView(row: Row, wanted: Memo<String>, lit: Selector<Option<u32>>) -> impl IntoView {
    let reader = Reader::current();
    let ordinal = row.passage.ordinal;
    let start_ms = row.passage.span.map(|span| span.start_ms);
    let label = move || start_ms.map_or_else(|| format!("¶\u{a0}{ordinal}"), |ms| clock(ms, reader.hours.get()));
    let name = move || start_ms.map(|ms| format!("{}, {}", label(), spoken(ms)));
    let folded = row.folded;
    let is_lit = Signal::derive({
        let lit = lit.clone();
        move || lit.selected(&Some(ordinal))
    });
    view! {
        <li
            id=format!("p{ordinal}")
            class="passage"
            class:lit=is_lit
            hidden=move || wanted.with(|wanted| !wanted.is_empty() && !folded.contains(wanted))
        >
            {row.chapter.map(|title| view! { <h3 class="chapter-title" dir="auto">{title}</h3> })}
            <a
                class="time"
                href=move || reader.href(ordinal, start_ms)
                aria-label=name
                on:click=move |event| {
                    if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                        event.prevent_default();
                        reader.go(ordinal, start_ms);
                    }
                }
            >
                {label}
            </a>
            <p dir="auto">{row.text}</p>
        </li>
    }
    .into_any()
}

fn rows(reader: Reader) -> Vec<Row> {
    let chapters = reader
        .video
        .with(|video| video.as_ref().map(|video| video.chapters.clone()).unwrap_or_default());
    let mut chapters = chapters.into_iter().peekable();
    reader.passages.with(|passages| {
        passages
            .iter()
            .map(|passage| {
                // The chapter that has begun by the end of this passage's first second, if it was not named before.
                let mut chapter = None;
                if let Some(span) = passage.span {
                    while let Some(begun) = chapters.next_if(|chapter| chapter.span.start_ms <= span.start_ms + 1000) {
                        chapter = Some(begun.title);
                    }
                }
                let text = passage.text();
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
