//! The YAML before a Markdown file: where the summary comes from. Words from outside stand in double quotes, escaped.

use super::summary::UPLOAD_PREFIX;
use crate::{
    summary::Summary,
    timecode::{clock, iso},
    video::Video,
};

/// The block, with its fences.
pub(super) fn of(summary: &Summary, video: &Video) -> String {
    let mut lines = vec!["---".to_owned(), format!("title: {}", quoted(&summary.title))];
    let mut line = |name: &str, value: Option<&str>| {
        lines.extend(
            value
                .filter(|value| !value.is_empty())
                .map(|value| format!("{name}: {}", quoted(value))),
        );
    };
    let is_video = !summary.video_id.starts_with(UPLOAD_PREFIX);
    let source = is_video.then(|| format!("https://www.youtube.com/watch?v={}", summary.video_id));
    let provenance = &summary.provenance;
    let hours = video.duration_s.is_some_and(|seconds| seconds >= 3600);
    let at = |ms: u64| clock(ms, hours);
    line("source", source.as_deref());
    line("channel", video.channel.as_deref());
    line("duration", video.duration_s.map(|s| at(u64::from(s) * 1000)).as_deref());
    line(
        "part",
        summary
            .request
            .span
            .map(|span| format!("{}–{}", at(span.start_ms), at(span.end_ms)))
            .as_deref(),
    );
    line("transcript", Some(&provenance.source));
    line("transcript_language", Some(&provenance.transcript_language));
    let asked = summary.request.language.as_deref();
    line("language", asked.map(|_| summary.written_in()));
    line("model", Some(&provenance.model));
    line(
        "instead_of",
        provenance.fallback.as_ref().map(|_| summary.request.model.as_str()),
    );
    line("style", Some(&summary.request.style));
    line("prompt", provenance.prompt_version.as_deref());
    line("checked", Some(&summary.checked()));
    line("created", Some(&iso(summary.created_at)));
    lines.push("---".to_owned());
    lines.join("\n") + "\n"
}

/// A YAML string in double quotes. What is not printable by YAML's rules is written as a number.
fn quoted(words: &str) -> String {
    let mut quoted = String::from("\"");
    for c in words.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_stays_within_its_quotes() {
        assert_eq!(
            quoted("a\"\n---\nadmin: \\ # true\u{85}\u{0}"),
            r#""a\"\n---\nadmin: \\ # true\u0085\u0000""#
        );
        assert_eq!(quoted("潮汐 🌊"), "\"潮汐 🌊\"");
    }
}
