//! The coverage strip: which stretches of the video the shown text cites, and where the player is. A gap that is pressed offers
//! to summarise it.

use domain::{coverage, transcript::Span};
use leptos::prelude::*;

use crate::{
    components::{chapters::part_form, flow::live, reader::Reader},
    erased::{Erase, Erased},
};

/// Units across the drawing.
const WIDTH: u64 = 1000;

/// An ornament for the eyes: the times in the text and the list of gaps say the same.
#[component]
pub(crate) fn Strip() -> impl IntoView {
    let reader = Reader::current();
    let end_ms = Memo::new(move |_| {
        let said = reader
            .video
            .with(|video| video.as_ref().and_then(|video| video.duration_s));
        let last = reader
            .passages
            .with(|passages| passages.last().and_then(|passage| passage.span));
        said.map(|s| u64::from(s) * 1000)
            .into_iter()
            .chain(last.map(|span| span.end_ms))
            .max()
    });
    let cited = Memo::new(move |_| {
        reader.passages.with(|passages| {
            reader.with_shown(|shown| shown.map_or_else(Vec::new, |summary| coverage::cited(&summary.claims, passages)))
        })
    });
    let bars = move || {
        let end = end_ms.get().unwrap_or(0);
        let rect = |span: &Span| {
            let (x, width) = bar(*span, end);
            view! { <rect class="cited" x=x y="8" width=width height="8" /> }.erase()
        };
        cited.with(|cited| cited.iter().map(rect).collect::<Vec<Erased>>())
    };
    let chosen = RwSignal::new(None::<Span>);
    let gaps = move || {
        let end = end_ms.get().unwrap_or(0);
        let rect = |span: Span| {
            let (x, width) = bar(span, end);
            let is_chosen = Signal::derive(move || chosen.get() == Some(span));
            view! {
                <rect
                    class="gap"
                    class:chosen=is_chosen
                    x=x
                    y="0"
                    width=width
                    height="24"
                    on:click=move |_| chosen.update(|chosen| *chosen = (*chosen != Some(span)).then_some(span))
                />
            }
            .erase()
        };
        reader
            .gaps
            .with(|gaps| gaps.iter().copied().map(rect).collect::<Vec<Erased>>())
    };
    let here = move || {
        let end = end_ms.get().unwrap_or(0).max(1);
        let here = reader
            .position
            .get()
            .map(|s| (u64::from(s) * 1000 * WIDTH / end).min(WIDTH));
        here.map(|x| view! { <rect class="here" x=x y="5" width="5" height="14" /> })
    };
    // Of another text the gaps are others.
    let offer = live(move || {
        let span = chosen
            .get()
            .filter(|span| reader.gaps.with(|gaps| gaps.contains(span)))?;
        Some(view! { <div class="offer">{part_form(reader, span, true)}</div> }.erase())
    });
    view! {
        <svg class="strip" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">
            // All of the video: what is silent at its ends is not cited either.
            <rect class="rest" x="0" y="10" width=WIDTH height="4" />
            {bars}
            {gaps}
            {here}
        </svg>
        {offer}
    }
    .erase()
}

/// Where a stretch begins on the strip and how wide it is; wide enough to be seen.
fn bar(span: Span, end_ms: u64) -> (u64, u64) {
    let end_ms = end_ms.max(1);
    let at = |ms: u64| (ms.min(end_ms)) * WIDTH / end_ms;
    let x = at(span.start_ms).min(WIDTH - 4);
    (x, at(span.end_ms).saturating_sub(x).max(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stay_on_the_strip_and_can_be_seen() {
        let span = |start_ms, end_ms| Span { start_ms, end_ms };
        assert_eq!(bar(span(0, 50_000), 100_000), (0, 500));
        assert_eq!(bar(span(99_999, 100_000), 100_000), (996, 4));
        assert_eq!(bar(span(200_000, 300_000), 100_000), (996, 4));
        assert_eq!(bar(span(0, 0), 0), (0, 4));
    }
}
