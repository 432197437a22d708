//! Below the text: the video's chapters, and the stretches that the text says nothing of, each with a button that summarises it.

use domain::{
    chapters::{self, Chapter},
    timecode::clock,
    transcript::Span,
};
use leptos::prelude::*;

use crate::{
    browser::document,
    components::{flow::live, reader::Reader, strip::Strip},
    erased::{Erase, Erased},
    times::{spoken, stretch},
};

/// Gaps that are listed: the longest.
const LISTED: usize = 12;

/// Words a minute that a part is given.
const WORDS_A_MINUTE: u64 = 40;

/// The section. Nothing where there are neither chapters nor gaps.
#[component]
pub(crate) fn Chapters() -> impl IntoView {
    let reader = Reader::current();
    live(move || {
        let name = reader.outline_name()?;
        // A video has its strip below the player.
        let strip = reader.youtube_id().is_none() && reader.gaps.with(|gaps| !gaps.is_empty());
        let chapters = reader.video.with(|video| {
            let named = video.as_ref().map_or(&[][..], |video| video.chapters.as_slice());
            (0..named.len())
                .map(|index| chapter_view(reader, named, index))
                .collect::<Vec<Erased>>()
        });
        Some(
            view! {
                <section id="chapters" class="chapters" aria-labelledby="chapters-title">
                    <h2 id="chapters-title">{name}</h2>
                    {strip.then(|| view! { <Strip /> })}
                    {(!chapters.is_empty()).then(|| view! { <ol class="chapter-list">{chapters}</ol> })}
                    {gaps_view(reader)}
                </section>
            }
            .erase(),
        )
    })
}

fn chapter_view(reader: Reader, named: &[Chapter], index: usize) -> Erased {
    let (start_ms, title) = (named[index].span.start_ms, named[index].title.clone());
    let words = clock(start_ms, reader.hours.get());
    let name = format!("{words}, {}", spoken(start_ms));
    let passage = reader.passages.with(|passages| {
        let first = passages
            .iter()
            .find(|passage| chapters::of(named, passage.span) >= Some(index));
        first.map_or(1, |passage| passage.ordinal)
    });
    view! {
        <li>
            <a
                class="time"
                href=reader.href(passage, Some(start_ms))
                aria-label=name
                on:click=move |event| {
                    if document::is_plain_click(&event) {
                        reader.go(passage, Some(start_ms));
                    }
                }
            >
                {words}
            </a>
            <span dir="auto">{title}</span>
        </li>
    }
    .erase()
}

/// The longest gaps, in the order of the video.
fn gaps_view(reader: Reader) -> Option<Erased> {
    let gaps = reader.gaps.get();
    let all = gaps.len();
    let gaps = longest(gaps);
    if gaps.is_empty() {
        return None;
    }
    let heading = match (all, all - gaps.len()) {
        (1, _) => "Not in this summary: 1 stretch".to_owned(),
        (_, 0) => format!("Not in this summary: {all} stretches"),
        _ => format!("Not in this summary: {all} stretches, the {} longest", gaps.len()),
    };
    let hours = reader.hours.get();
    let rows: Vec<Erased> = gaps
        .into_iter()
        .map(|span| {
            view! {
                <li>
                    <span class="span">{stretch(span, hours)}</span>
                    {part_form(reader, span, false)}
                </li>
            }
            .erase()
        })
        .collect();
    Some(
        view! {
            <details class="gaps">
                <summary>{heading}</summary>
                <ul>{rows}</ul>
            </details>
        }
        .erase(),
    )
}

/// A plain form that asks for a summary of a part alone; its button names the part where nothing beside it does.
pub(crate) fn part_form(reader: Reader, span: Span, named: bool) -> Erased {
    let hours = reader.hours.get();
    let name = format!("Summarise {}", stretch(span, hours));
    let label = if named { name.clone() } else { "Summarise".to_owned() };
    let (id, request) = reader.run.with(|run| (run.id.clone(), run.request.clone()));
    let words = part_words(span, request.words).to_string();
    view! {
        <form class="inline" method="post" action="/submit" enctype="multipart/form-data">
            <input type="hidden" name="again" value=id />
            <input type="hidden" name="span" value=format!("{}-{}", span.start_ms, span.end_ms) />
            <input type="hidden" name="model" value=request.model />
            <input type="hidden" name="style" value=request.style />
            <input type="hidden" name="language" value=request.language.unwrap_or_default() />
            <input type="hidden" name="words" value=words />
            <button class="button small" aria-label=name>
                {label}
            </button>
        </form>
    }
    .erase()
}

/// How many words a part is given: by its length, and never more than the whole.
fn part_words(span: Span, whole: u32) -> u32 {
    let words = (span.end_ms.saturating_sub(span.start_ms)) * WORDS_A_MINUTE / 60_000;
    u32::try_from(words).unwrap_or(u32::MAX).max(60).min(whole.max(20))
}

fn longest(mut gaps: Vec<Span>) -> Vec<Span> {
    gaps.sort_by_key(|span| std::cmp::Reverse(span.end_ms.saturating_sub(span.start_ms)));
    gaps.truncate(LISTED);
    gaps.sort_by_key(|span| span.start_ms);
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_gaps_are_listed_in_order() {
        let gaps: Vec<Span> = (0..30)
            .map(|n| Span {
                start_ms: n * 100_000,
                end_ms: n * 100_000 + if n % 2 == 0 { 50_000 } else { 20_000 },
            })
            .collect();
        let listed = longest(gaps);
        assert_eq!(listed.len(), LISTED);
        assert!(listed.is_sorted_by_key(|span| span.start_ms));
        assert!(listed.iter().all(|span| span.end_ms - span.start_ms == 50_000));
    }

    #[test]
    fn a_part_is_given_words_by_its_length() {
        let words = |seconds: u64| {
            let end_ms = seconds * 1000;
            part_words(Span { start_ms: 0, end_ms }, 250)
        };
        assert_eq!([words(17), words(180), words(36_000)], [60, 120, 250]);
    }
}
