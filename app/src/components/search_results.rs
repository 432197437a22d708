//! What a search has found: videos, each with the sentences that fit best, times first.

use domain::{
    language::Language,
    library::{Found, FoundPage, Place},
    search::Chip,
    timecode::clock,
};
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    components::library_row::LibraryRow,
    erased::{Erase, Erased},
    times::{counted, spoken},
};

/// One page of results, and the ways to the others.
#[component]
pub(crate) fn SearchResults(
    typed: String,
    results: FoundPage,
    /// Whether one video alone was looked through.
    alone: bool,
) -> impl IntoView {
    let chips = chips_view(&results.chips);
    let too_common = too_common(&typed, &results.too_common_in);
    let here = format!("/library?q={}", utf8_percent_encode(&typed, NON_ALPHANUMERIC));
    let all = alone.then(|| view! { <p class="ways"><a class="button" href=here.clone()>"Search all videos"</a></p> });
    if results.found.is_empty() {
        let words = if !results.is_query {
            "Type a word that should occur.".to_owned()
        } else if results.page > 1 {
            "There are no more.".to_owned()
        } else if let Some(words) = too_common {
            format!("{words} Add a rarer word.")
        } else if alone {
            format!("Nothing found for “{typed}” in this video.")
        } else {
            format!("Nothing found for “{typed}”. Try fewer words.")
        };
        let library = view! { <p class="ways"><a class="button" href="/library">"Whole library"</a></p> };
        return view! {
            {chips}
            <p dir="auto">{words}</p>
            {all.unwrap_or(library)}
        }
        .erase();
    }
    let page = results.page;
    let found: Vec<Erased> = results
        .found
        .into_iter()
        .map(|found| {
            let whole = (!alone).then(|| {
                format!(
                    "{here}&video={}",
                    utf8_percent_encode(&found.item.video_id, NON_ALPHANUMERIC)
                )
            });
            view! { <Result found whole /> }.erase()
        })
        .collect();
    let link = move |to: u32, words: &'static str| view! { <a href=format!("{here}&page={to}")>{words}</a> }.erase();
    let pager = (page > 1 || results.has_more).then(|| {
        view! {
            <nav class="pager" aria-label="Pages of results">
                {(page > 1).then(|| link(page - 1, "Back"))}
                <span class="quiet">{format!("Page {page}")}</span>
                {results.has_more.then(|| link(page + 1, "More"))}
            </nav>
        }
    });
    let too_common = too_common.map(|words| {
        view! { <p class="quiet" dir="auto">{format!("{words} Found in other languages:")}</p> }
    });
    view! {
        {chips}
        {too_common}
        <ul class="rows">{found}</ul>
        {all}
        {pager}
    }
    .erase()
}

/// That words are too common, where they are in any language.
fn too_common(typed: &str, languages: &[Language]) -> Option<String> {
    let names: Vec<&str> = languages.iter().map(|language| language.name()).collect();
    let (last, others) = names.split_last()?;
    let names = match others {
        [] => (*last).to_owned(),
        _ => format!("{} and {last}", others.join(", ")),
    };
    Some(format!("“{typed}” is too common to be searched for in {names}."))
}

/// How the query was understood; each part leads to the query without it. Nothing where it is one word.
fn chips_view(chips: &[Chip]) -> Option<Erased> {
    let one_word = matches!(chips, [chip] if !chip.words.contains(' '));
    if chips.is_empty() || one_word {
        return None;
    }
    let chips: Vec<Erased> = chips.iter().map(chip_view).collect();
    Some(view! { <p class="ways" role="group" aria-label="What is searched for">{chips}</p> }.erase())
}

fn chip_view(chip: &Chip) -> Erased {
    let href = format!("/library?q={}", utf8_percent_encode(&chip.rest, NON_ALPHANUMERIC));
    let name = format!("Take out {}", chip.words);
    view! {
        {chip.is_or.then(|| view! { <span class="quiet">"or"</span> })}
        <a class="chip" href=href title=name.clone() aria-label=name>
            <bdi>{chip.words.clone()}</bdi>
            " ×"
        </a>
    }
    .erase()
}

#[component]
fn Result(
    found: Found,
    /// Where all passages of this video are.
    whole: Option<String>,
) -> impl IntoView {
    let Found { item, places, more } = found;
    let hours = item.duration_s.is_some_and(|seconds| seconds >= 3600);
    let (id, is_video) = (item.id.clone(), item.youtube_id.is_some());
    let has_places = !places.is_empty();
    let places = places
        .into_iter()
        .map(|place| view! { <Sentence id=id.clone() is_video hours place /> })
        .collect_view();
    view! {
        <li>
            <div class="result">
                <LibraryRow item />
                {has_places.then(|| view! { <ul class="result-places">{places}</ul> })}
                {(more > 0).then(|| further(more, whole))}
            </div>
        </li>
    }
    .erase()
}

/// "11 more passages", which leads to them.
fn further(more: u32, whole: Option<String>) -> Erased {
    let words = counted(u64::from(more), "more passage");
    match whole {
        Some(href) => view! { <p class="further-places"><a href=href>{words}</a></p> }.erase(),
        None => view! { <p class="further-places quiet">{words}</p> }.erase(),
    }
}

#[component]
fn Sentence(id: String, is_video: bool, hours: bool, place: Place) -> impl IntoView {
    let Place {
        passage,
        start_ms,
        pieces,
        is_written,
    } = place;
    // The router would show the page at its top, not at the passage.
    let time = passage.map(|passage| {
        let href = match start_ms.filter(|_| is_video) {
            Some(ms) => format!("/summaries/{id}?t={}#p{passage}", ms / 1000),
            None => format!("/summaries/{id}#p{passage}"),
        };
        let name = start_ms.map_or_else(|| format!("Passage {passage}"), spoken);
        let shown = start_ms.map_or_else(|| format!("¶ {passage}"), |ms| clock(ms, hours));
        view! {
            <a class="time" rel="external" href=href aria-label=name>
                {shown}
            </a>
        }
    });
    let whose = match (is_written, time.is_some()) {
        (false, _) => None,
        (true, true) => Some("In the summary: "),
        (true, false) => Some("In the summary, not found in the transcript: "),
    };
    let text = pieces
        .into_iter()
        .map(|piece| {
            if piece.is_match {
                view! { <mark>{piece.text}</mark> }.erase()
            } else {
                piece.text.erase()
            }
        })
        .collect_view();
    view! {
        <li>
            {time}
            {whose.map(|words| view! { <span class="quiet">{words}</span> })}
            <span dir="auto">{text}</span>
        </li>
    }
    .erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_too_common_are_said_to_be() {
        assert_eq!(too_common("kettle", &[]), None);
        let said = |languages: &[Language]| too_common("in", languages).unwrap_or_default();
        assert_eq!(
            said(&[Language::English]),
            "“in” is too common to be searched for in English."
        );
        assert_eq!(
            said(&[Language::English, Language::German, Language::Dutch]),
            "“in” is too common to be searched for in English, German and Dutch."
        );
    }
}
