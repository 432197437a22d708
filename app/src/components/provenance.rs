//! Where a summary comes from: one line, always at the same place; all of it under "Details".

use domain::summary::{Provenance, Summary, Verdict};
use leptos::prelude::*;

use crate::{
    components::reader::{Reader, Version},
    times::date,
    words,
};

/// The line, for the text that is shown.
#[component]
pub(crate) fn ProvenanceLine() -> impl IntoView {
    let reader = Reader::current();
    let summary = Memo::new(move |_| {
        reader.page.with(|page| match reader.shown.get() {
            Version::Extract => page.extract.clone().or_else(|| page.summary.clone()),
            Version::Model => page.summary.clone(),
        })
    });
    let asked = move || reader.run.with(|run| words::model(&run.request.model).to_owned());
    let line = move || {
        summary.with(|summary| {
            summary.as_ref().map_or_else(
                || vec![asked()],
                |summary| {
                    let provenance = &summary.provenance;
                    vec![
                        words::source(provenance).to_owned(),
                        words::model(&provenance.model).to_owned(),
                    ]
                },
            )
        })
    };
    view! {
        <details class="provenance">
            <summary>
                {move || line().into_iter().map(|item| view! { <span class="item">{item}</span> }).collect_view()}
                <span class="fold">"Details"</span>
            </summary>
            {move || summary.get().map(|summary| view! { <Details summary /> })}
        </details>
    }
    .into_any()
}

#[component]
fn Details(summary: Summary) -> impl IntoView {
    let rows = rows(&summary);
    let legend = [
        Verdict::Verbatim,
        Verdict::Matched,
        Verdict::QuoteFound,
        Verdict::Check,
        Verdict::NotFound,
    ];
    let counts = legend
        .map(|verdict| {
            (
                verdict,
                summary.claims.iter().filter(|claim| claim.verdict == verdict).count(),
            )
        })
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| view! { <dt>{verdict.words()}</dt><dd>{count}</dd> })
        .collect_view();
    view! {
        <dl class="details">
            {rows.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd dir="auto">{value}</dd> }).collect_view()}
            {counts}
        </dl>
        <p class="quiet small">
            "The server compared each point with the passage it cites. It can tell whether something was said, not whether it is so."
        </p>
    }
    .into_any()
}

fn rows(summary: &Summary) -> Vec<(&'static str, String)> {
    let Provenance {
        track,
        transcript_language,
        model,
        fallback,
        prompt_version,
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
    row("Prompt", prompt_version);
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
            format!("{seconds:.0} s")
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
