//! Where a summary comes from: one line, always at the same place; all of it under "Details".

use domain::{
    prompt,
    summary::{Provenance, Summary, Verdict},
    timecode::length,
};
use leptos::prelude::*;

use crate::{
    components::reader::Reader,
    erased::{Erase, Erased},
    times::{date, whole},
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
    let details = move || reader.with_shown(|shown| shown.map(details));
    view! {
        <details class="provenance">
            <summary>
                <span class="item">{first}</span>
                <span class="item">{second}</span>
                <span class="fold">"Details"</span>
            </summary>
            {details}
        </details>
    }
    .erase()
}

/// All that is known, and how many claims came out how.
fn details(summary: &Summary) -> Erased {
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
    let rows: Vec<Erased> = rows(summary)
        .into_iter()
        .chain(counts)
        .map(|(name, value)| view! { <dt>{name}</dt><dd dir="auto">{value}</dd> }.erase())
        .collect();
    view! {
        <dl class="details">{rows}</dl>
        <p class="quiet small">
            "The server compared each point with the passage it cites. It can tell whether something was said, not whether it is so."
        </p>
    }
    .erase()
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
    row("Written by", Some(words::model(&model).to_owned()));
    row(
        "Instead of",
        fallback.map(|why| format!("{}: {why}", summary.request.model)),
    );
    row("Style", Some(prompt::title(&summary.request.style).to_owned()));
    row("Prompt", prompt_version);
    row("Prompt's words", prompt_text);
    row("Tokens sent", input_tokens.map(|n| n.to_string()));
    row("Tokens received", output_tokens.map(|n| n.to_string()));
    row("Model calls", (calls > 0).then(|| calls.to_string()));
    row(
        "Answers kept from earlier",
        (reused_calls > 0).then(|| reused_calls.to_string()),
    );
    row(
        "Took",
        Some(if seconds < 1.0 {
            "under a second".to_owned()
        } else {
            length(whole(seconds))
        }),
    );
    row("Made", Some(date(summary.created_at)));
    rows
}

#[cfg(test)]
mod tests {
    use domain::run::Request;

    use super::*;

    #[test]
    fn what_is_not_known_has_no_row() {
        let summary = Summary {
            id: String::new(),
            video_id: String::new(),
            title: String::new(),
            request: Request {
                model: "m".to_owned(),
                style: "briefing".to_owned(),
                language: None,
                words: 400,
            },
            body: String::new(),
            claims: Vec::new(),
            provenance: Provenance {
                model: "extractive".to_owned(),
                fallback: Some("quota".to_owned()),
                ..Provenance::default()
            },
            created_at: 0,
        };
        let rows = rows(&summary);
        let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, vec!["Written by", "Instead of", "Took", "Made"]);
        assert_eq!(rows[1].1, "m: quota");
    }
}
