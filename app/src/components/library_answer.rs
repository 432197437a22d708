//! An answer from several videos: each claim, and below it the seconds it leads to with their videos. It wears the signs of a
//! video's own answer.

use domain::{
    question::{Question, Source},
    run::RunState,
    summary::{Citation, Claim, Verdict},
    timecode::clock,
};
use leptos::prelude::*;

use crate::{
    components::{
        inline::elements,
        lead::{mark, sign, standing},
        point::differs,
        questions::{claims_of, written},
    },
    erased::{Erase, Erased},
    markdown::{inlines, plain},
    outline::{self, Part},
    times::spoken,
};

/// The answer, or what there is of it.
pub(crate) fn library_answer(question: &Question) -> Erased {
    let items: Vec<Erased> = if question.state == RunState::Done {
        let claims = claims_of(question);
        let hours = has_hours(&claims);
        claims.iter().map(|claim| claim_view(question, claim, hours)).collect()
    } else {
        let parts = outline::of_draft(written(question), &[], true);
        let points = parts.into_iter().flat_map(|part| match part {
            Part::Heading(_) => Vec::new(),
            Part::Paragraph(points) => points,
            Part::List(items) => items.into_iter().flatten().collect(),
        });
        points
            .map(|point| view! { <li dir="auto">{plain(&point.text)}</li> }.erase())
            .collect()
    };
    view! { <ul>{items}</ul> }.erase()
}

/// Whether one of its times has hours: then all are written with them.
fn has_hours(claims: &[Claim]) -> bool {
    let mut times = claims.iter().flat_map(|claim| &claim.citations);
    times.any(|citation| citation.start_ms.is_some_and(|ms| ms >= 3_600_000))
}

fn claim_view(question: &Question, claim: &Claim, hours: bool) -> Erased {
    let is_missing = claim.verdict == Verdict::NotFound;
    let places: Vec<Erased> = claim
        .citations
        .iter()
        .filter(|_| !is_missing)
        .filter_map(|citation| {
            let (source, passage) = question.source(citation.passage)?;
            Some(place_view(claim, citation, source, passage, hours))
        })
        .collect();
    let places = (!places.is_empty()).then(|| view! { <span class="places">{places}</span> });
    let missing = is_missing.then(|| view! { <span class="not-found">"not found"</span> });
    view! {
        <li dir="auto">
            {elements(inlines(&claim.text))}
            " "
            {missing}
            <span class="differs">{differs(Some(claim.verdict), claim.detail.as_deref())}</span>
            {places}
        </li>
    }
    .erase()
}

fn place_view(claim: &Claim, citation: &Citation, source: &Source, passage: u32, hours: bool) -> Erased {
    let video = &source.video_id;
    let href = match citation.start_ms.filter(|_| source.youtube_id.is_some()) {
        Some(ms) => format!("/videos/{video}?t={}#p{passage}", ms / 1000),
        None => format!("/videos/{video}#p{passage}"),
    };
    let shown = citation
        .start_ms
        .map_or_else(|| format!("¶\u{a0}{passage}"), |ms| clock(ms, hours));
    let verdict = Some(claim.verdict);
    let name: Vec<String> = [
        Some(source.title.clone()),
        Some(citation.start_ms.map_or_else(|| format!("passage {passage}"), spoken)),
        sign(verdict).map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .collect();
    let said = format!("{}: {}", claim.words(), citation.text);
    view! {
        <span class="place">
            <a
                class="time"
                rel="external"
                data-standing=standing(verdict)
                href=href
                aria-label=name.join(", ")
                title=said
            >
                {mark()}
                <span class="clock">{shown}</span>
            </a>
            <bdi>{source.title.clone()}</bdi>
        </span>
    }
    .erase()
}
