//! Where a summary comes from: one line, always at the same place; all of it under "Details".

use domain::{
    models::dollars,
    prompt,
    run::RunPage,
    summary::{Provenance, Summary, Verdict},
    timecode::length,
    video::CaptionTrack,
};
use leptos::prelude::*;

use crate::{
    components::{fault::same_request, reader::Reader},
    erased::{Erase, Erased},
    times::{date, stretch, whole},
    words,
};

/// The line, for the text that is shown.
#[component]
pub(crate) fn ProvenanceLine() -> impl IntoView {
    let reader = Reader::current();
    let model = move || reader.run.with(|run| words::model(&run.request.model).to_owned());
    // While the model writes, the extract tells where the words come from.
    let source = move || {
        reader.page.with(|page| {
            let extract = page.extract.as_ref().map(|extract| &extract.provenance);
            extract.map_or_else(
                || "no transcript yet".to_owned(),
                |provenance| words::source(provenance).to_owned(),
            )
        })
    };
    let first = Signal::derive(move || {
        reader.with_shown(|shown| shown.map_or_else(source, |summary| words::source(&summary.provenance).to_owned()))
    });
    let second = Signal::derive(move || {
        reader
            .with_shown(|shown| shown.map_or_else(model, |summary| words::model(&summary.provenance.model).to_owned()))
    });
    let whole = Signal::derive(move || {
        reader.with_shown(|shown| shown.and_then(|summary| words::model_hint(&summary.provenance.model)))
    });
    let tracks = move || reader.page.with(tracks_form);
    // An equal summary was there already: nothing was asked anew.
    let kept = move || {
        let run = reader.run.with(|run| run.id.clone());
        reader
            .page
            .with(|page| page.summary.as_ref().is_some_and(|summary| summary.id != run))
    };
    let details = move || {
        let kept = kept();
        reader.with_shown(|shown| shown.map(|summary| details(summary, kept)))
    };
    view! {
        <details class="provenance">
            <summary>
                <span class="item">{first}</span>
                <span class="item" title=whole>
                    {second}
                </span>
                <span class="fold">"Details"</span>
            </summary>
            {details}
            {tracks}
        </details>
    }
    .erase()
}

/// All that is known, and how many claims came out how.
fn details(summary: &Summary, kept: bool) -> Erased {
    let legend = [
        Verdict::Verbatim,
        Verdict::Matched,
        Verdict::QuoteFound,
        Verdict::Check,
        Verdict::NotFound,
    ];
    let counts = legend.into_iter().filter_map(|verdict| {
        let count = summary.claims.iter().filter(|claim| claim.verdict == verdict).count();
        (count > 0).then(|| (verdict.words(), count.to_string()))
    });
    let cache = kept.then(|| ("Cache", "An equal summary was kept; nothing was asked anew".to_owned()));
    let rows: Vec<Erased> = rows(summary)
        .into_iter()
        .chain(cache)
        .chain(counts)
        .map(|(name, value)| view! { <dt>{name}</dt><dd dir="auto">{value}</dd> }.erase())
        .collect();
    let compared = if summary.is_imported() {
        "The predecessor kept no transcript, so nothing here could be compared with what was said. Rewrite makes a summary whose points are checked."
    } else {
        "The server compared each point with the passage it cites. It can tell whether something was said, not whether it is so."
    };
    view! {
        <dl class="details">{rows}</dl>
        <p class="quiet small">{compared}</p>
    }
    .erase()
}

/// Which captions were used, and a form to take others. Nothing where there are none to choose from.
fn tracks_form(page: &RunPage) -> Option<Erased> {
    let provenance = page
        .summary
        .as_ref()
        .or(page.extract.as_ref())
        .map(|summary| &summary.provenance)?;
    let used = provenance.track_id.as_deref();
    let others: Vec<&CaptionTrack> = page
        .tracks
        .iter()
        .filter(|track| Some(track.id.as_str()) != used)
        .collect();
    if others.is_empty() || page.run.state.is_open() {
        return None;
    }
    let now = page
        .tracks
        .iter()
        .find(|track| Some(track.id.as_str()) == used)
        .map_or_else(|| words::source(provenance).to_owned(), track_words);
    let options: Vec<Erased> = others
        .into_iter()
        .map(|track| view! { <option value=track.id.clone()>{track_words(track)}</option> }.erase())
        .collect();
    Some(
        view! {
            <form class="tracks" aria-label="Captions" method="post" action="/submit" enctype="multipart/form-data">
                {same_request(&page.run)}
                <p>"Text used: " <bdi>{now}</bdi></p>
                <label>
                    "Other captions "
                    <select name="track">{options}</select>
                </label>
                <button class="button">"Summarise from these"</button>
            </form>
        }
        .erase(),
    )
}

/// "English (automatic)", "English · Described".
fn track_words(track: &CaptionTrack) -> String {
    let language = words::language(&track.language);
    let name = track.name.trim();
    match (track.is_generated, name.is_empty() || name.starts_with(language)) {
        (true, _) => format!("{language} (automatic)"),
        (false, true) if name.len() > language.len() => name.to_owned(),
        (false, true) => language.to_owned(),
        (false, false) => format!("{language} · {name}"),
    }
}

fn rows(summary: &Summary) -> Vec<(&'static str, String)> {
    let Provenance {
        track,
        transcript_language,
        model,
        fallback,
        prompt_version,
        prompt_text,
        input_tokens,
        output_tokens,
        cost,
        calls,
        reused_calls,
        seconds,
        ..
    } = summary.provenance.clone();
    let mut rows = Vec::new();
    let mut row = |name, value: Option<String>| rows.extend(value.filter(|v| !v.is_empty()).map(|value| (name, value)));
    row("Track", track);
    row(
        "Transcript's language",
        Some(words::language(&transcript_language).to_owned()),
    );
    let hours = summary.request.span.is_some_and(|span| span.end_ms >= 3_600_000);
    row("Part", summary.request.span.map(|span| stretch(span, hours)));
    row("Written by", Some(words::whole_model(&model).to_owned()));
    row(
        "Instead of",
        fallback.map(|why| format!("{}: {why}", summary.request.model)),
    );
    row("Style", Some(prompt::title(&summary.request.style).to_owned()));
    row("Prompt", prompt_version);
    row("Prompt's words", prompt_text);
    row("Tokens sent", input_tokens.map(|n| n.to_string()));
    row("Tokens received", output_tokens.map(|n| n.to_string()));
    row("Cost", cost.map(dollars));
    row("Model calls", (calls > 0).then(|| calls.to_string()));
    row(
        "Answers kept from earlier",
        (reused_calls > 0).then(|| reused_calls.to_string()),
    );
    row(
        "Took",
        (!summary.is_imported()).then(|| {
            if seconds < 1.0 {
                "under a second".to_owned()
            } else {
                length(whole(seconds))
            }
        }),
    );
    row("Made", Some(date(summary.created_at)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn tracks_are_named_so_that_they_can_be_told_apart() {
        let named = |language: &str, name: &str, is_generated| {
            track_words(&CaptionTrack {
                id: String::new(),
                language: language.to_owned(),
                name: name.to_owned(),
                is_generated,
                is_translatable: false,
            })
        };
        assert_eq!(named("en", "English (auto-generated)", true), "English (automatic)");
        assert_eq!(named("en", "English - Described", false), "English - Described");
        assert_eq!(named("de", "German", false), "German");
        assert_eq!(named("en", "Signs", false), "English · Signs");
        assert_eq!(named("tlh", "", false), "tlh");
    }

    #[test]
    fn what_is_not_known_has_no_row() {
        let summary = Summary {
            provenance: Provenance {
                model: "extractive".to_owned(),
                fallback: Some("quota".to_owned()),
                ..Provenance::default()
            },
            ..sample::summary()
        };
        let rows = rows(&summary);
        let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, vec!["Written by", "Instead of", "Style", "Took", "Made"]);
        assert_eq!(rows[1].1, "m: quota");
    }
}
