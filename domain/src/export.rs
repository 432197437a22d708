//! Writing a transcript: text, SRT, WebVTT, JSON, Markdown; and a summary: Markdown, text, HTML. And what such a file is called.

use serde::Serialize;

use crate::{
    chapters,
    language::Language,
    passages, sentences, timecode,
    transcript::{Source, Span, Transcript},
    video::Video,
};

mod file_name;
mod front_matter;
mod html;
mod summary;

#[cfg(test)]
mod tests;

pub use file_name::file_stem;
pub use html::{Links, summary_body, summary_html};
pub use summary::{summary_document, summary_markdown, summary_text, summary_text_file};

/// The words, a cue a line.
#[must_use]
pub fn text(transcript: &Transcript) -> String {
    transcript.text()
}

/// SubRip. Empty for a text without times.
#[must_use]
pub fn srt(transcript: &Transcript) -> String {
    let blocks: Vec<String> = shown(transcript)
        .enumerate()
        .map(|(index, (span, words))| {
            let (start, end) = (stamp(span.start_ms, ','), stamp(span.end_ms, ','));
            format!("{}\n{start} --> {end}\n{words}\n", index + 1)
        })
        .collect();
    blocks.join("\n")
}

/// WebVTT. Only the header for a text without times.
#[must_use]
pub fn webvtt(transcript: &Transcript) -> String {
    let blocks: Vec<String> = shown(transcript)
        .map(|(span, words)| {
            let (start, end) = (stamp(span.start_ms, '.'), stamp(span.end_ms, '.'));
            let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            format!("{start} --> {end}\n{words}\n")
        })
        .collect();
    format!("WEBVTT\n\n{}", blocks.join("\n"))
}

/// JSON as scripts know it: `{"video_id","language_code","language","is_generated","snippets":[{"text","start","duration"}]}`,
/// start and duration in seconds; both `null` in a text without times. `language` is the language's name.
#[must_use]
pub fn json(transcript: &Transcript, video_id: &str, language: &str) -> String {
    let file = JsonFile {
        video_id,
        language_code: transcript.language.as_deref().unwrap_or_default(),
        language,
        is_generated: matches!(transcript.source, Source::Automatic | Source::SpeechToText),
        snippets: transcript
            .cues
            .iter()
            .map(|cue| JsonSnippet {
                text: &cue.text,
                start: cue.span.map(|span| seconds(span.start_ms)),
                duration: cue.span.map(|span| seconds(span.end_ms.saturating_sub(span.start_ms))),
            })
            .collect(),
    };
    // Strings and finite numbers can always be written.
    serde_json::to_string(&file).unwrap_or_default()
}

/// Markdown: the title, the chapters as headings, and the passages, each behind the time of its first word, which is a link where the
/// video is YouTube's. They are cut as on the page, so that what is cited there is found here.
#[must_use]
pub fn markdown(transcript: &Transcript, video: &Video, language: Language) -> String {
    let mut blocks = vec![format!("# {}", escape_markdown(&video.title))];
    let mut chapters = video.chapters.iter().enumerate().peekable();
    let hours = transcript.end_ms().is_some_and(|ms| ms >= 3_600_000);
    for passage in passages::passages(&sentences::sentences(transcript, language), &video.chapters) {
        let begun = chapters::of(&video.chapters, passage.span);
        while let Some((_, chapter)) = chapters.next_if(|(index, _)| Some(*index) <= begun) {
            blocks.push(format!("## {}", escape_markdown(&chapter.title)));
        }
        let time = passage
            .span
            .map(|span| time_link(video.youtube_id.as_deref(), span.start_ms, hours) + " ");
        // Whoever speaks next begins a line.
        let script = passage.script();
        let lines: Vec<String> = script.lines().map(escape_markdown).collect();
        blocks.push(time.unwrap_or_default() + &lines.join("\n\n"));
    }
    blocks.join("\n\n") + "\n"
}

#[derive(Serialize)]
struct JsonFile<'a> {
    video_id: &'a str,
    language_code: &'a str,
    language: &'a str,
    is_generated: bool,
    snippets: Vec<JsonSnippet<'a>>,
}

#[derive(Serialize)]
struct JsonSnippet<'a> {
    text: &'a str,
    start: Option<f64>,
    duration: Option<f64>,
}

/// The cues with times, each ending where the next begins at the latest: players show them one by one.
fn shown(transcript: &Transcript) -> impl Iterator<Item = (Span, &str)> {
    let timed = || {
        transcript
            .cues
            .iter()
            .filter_map(|cue| Some((cue.span?, cue.text.as_str())))
    };
    let next_starts = timed().skip(1).map(|(span, _)| span.start_ms).chain([u64::MAX]);
    timed().zip(next_starts).map(|((span, words), next)| {
        let end_ms = span.end_ms.min(next);
        (Span { end_ms, ..span }, words)
    })
}

/// `HH:MM:SS,mmm`
fn stamp(ms: u64, point: char) -> String {
    let (h, m, s) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{h:02}:{m:02}:{s:02}{point}{:03}", ms % 1000)
}

/// Seconds as the nearest number there is, which is written without noise: 1540 is 1.54.
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

/// `[12:34](https://www.youtube.com/watch?v=ID&t=754s)`, or `(12:34)` where there is no video to link to.
fn time_link(youtube_id: Option<&str>, ms: u64, hours: bool) -> String {
    let clock = timecode::clock(ms, hours);
    match youtube_id {
        Some(id) => format!("[{clock}](https://www.youtube.com/watch?v={id}&t={}s)", ms / 1000),
        None => format!("({clock})"),
    }
}

/// Makes words show as they are: neither titles nor captions may become markup.
fn escape_markdown(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' => escaped.extend(['\\', c]),
            // At the beginning of a line these make headings and lists.
            '#' | '-' | '+' | '=' if escaped.is_empty() => escaped.extend(['\\', c]),
            // `1. ` and `1) ` make numbered lists.
            '.' | ')' if !escaped.is_empty() && escaped.bytes().all(|byte| byte.is_ascii_digit()) => {
                escaped.extend(['\\', c]);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
