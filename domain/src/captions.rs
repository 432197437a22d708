//! Reading captions and transcripts: which format it is, and what all formats share. One file a format beside this one.
//!
//! Everything here is from outside. A reader repairs what can only be meant one way (order, negative times, an end before its
//! start) and names the line of what it can't read.

use std::borrow::Cow;

use crate::transcript::{Cue, Source, Span, Transcript};

mod json3;
mod markup;
mod plain_text;
mod rolling;
mod snippets;
mod srt;
mod srv1;
mod srv3;
mod timed_lines;
mod webvtt;
mod xml;

#[cfg(test)]
mod tests;

/// The longest text that is read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The most cues a transcript may have.
pub const MAX_CUES: usize = 200_000;

/// Times beyond ten years are cut to that: no sum of them can overflow.
const MAX_MS: i64 = 10 * 365 * 24 * 3_600_000;

/// How long a last cue lasts whose end the format does not tell.
const LAST_CUE_MS: i64 = 5_000;

/// Why a text could not be read as a transcript.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaptionsError {
    /// Nothing in it (YouTube answers so where it withholds captions).
    #[error("there is no text in it")]
    Empty,
    /// A web page, not captions.
    #[error("it is a web page, not a transcript")]
    WebPage,
    /// Looks like `format` but is broken.
    #[error("it looks like {format} but can't be read: {why}")]
    Broken {
        /// The format's name as people know it: "SRT", "json3", …
        format: &'static str,
        /// What is wrong, with the line or position.
        why: String,
    },
    /// Over a limit.
    #[error("it is too long: {why}")]
    TooLong {
        /// Which limit.
        why: String,
    },
}

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// YouTube's `fmt=json3`.
    Json3,
    /// YouTube's first XML: `<transcript><text start dur>`, seconds.
    Srv1,
    /// YouTube's second XML: `<timedtext><text t d>`, milliseconds.
    Srv2,
    /// YouTube's third XML: `<timedtext format="3"><body><p t d><s>`, milliseconds.
    Srv3,
    /// SubRip.
    Srt,
    /// The web's own.
    WebVtt,
    /// Entries of text, start and duration in seconds: what our `transcript --format json` and many tools write.
    Snippets,
    /// `12:34 text`, or the time and the text each on a line of their own.
    TimedLines,
    /// Words without times.
    PlainText,
}

impl Format {
    /// The name as people know it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json3 => "json3",
            Self::Srv1 => "srv1",
            Self::Srv2 => "srv2",
            Self::Srv3 => "srv3",
            Self::Srt => "SRT",
            Self::WebVtt => "WebVTT",
            Self::Snippets => "JSON",
            Self::TimedLines => "lines with times",
            Self::PlainText => "plain text",
        }
    }

    /// The error of a text in this format.
    fn broken(self, why: impl Into<String>) -> CaptionsError {
        CaptionsError::Broken {
            format: self.name(),
            why: why.into(),
        }
    }
}

/// Reads a transcript in whatever format it is in: json3, srv1, srv2, srv3, SRT, WebVTT, JSON, `mm:ss text` lines, plain text.
///
/// # Errors
/// [`CaptionsError`] where it is none of them or broken.
pub fn read(text: &str, source: Source) -> Result<Transcript, CaptionsError> {
    read_with_format(text, source).map(|(transcript, _)| transcript)
}

/// Like [`read`], and tells which format it was.
///
/// # Errors
/// [`CaptionsError`] where it is none of them or broken.
pub fn read_with_format(text: &str, source: Source) -> Result<(Transcript, Format), CaptionsError> {
    if text.len() > MAX_BYTES {
        let why = format!("{} bytes, and at most {MAX_BYTES} are read", text.len());
        return Err(CaptionsError::TooLong { why });
    }
    let text = tidy(text);
    let format = sniff(&text)?;
    let draft = match format {
        Format::Json3 => json3::read(&text),
        Format::Srv1 | Format::Srv2 => srv1::read(&text, format),
        Format::Srv3 => srv3::read(&text),
        Format::Srt => srt::read(&text),
        Format::WebVtt => webvtt::read(&text),
        Format::Snippets => snippets::read(&text),
        Format::TimedLines => Ok(timed_lines::read(&text)),
        Format::PlainText => Ok(plain_text::read(&text)),
    }?;
    Ok((draft.finish(source)?, format))
}

/// A transcript of cues that were read elsewhere: start and length in milliseconds, and words.
///
/// # Errors
/// [`CaptionsError`] where there are no words or too many cues.
pub fn timed(
    cues: Vec<(i64, i64, String)>,
    language: Option<String>,
    source: Source,
) -> Result<Transcript, CaptionsError> {
    let mut draft = Draft {
        language,
        ..Draft::default()
    };
    for (start_ms, length_ms, text) in cues {
        draft.push(start_ms, start_ms.saturating_add(length_ms), text);
    }
    draft.finish(source)
}

/// Tells the format by the beginning of the text; a prefix of some kilobytes is enough.
///
/// # Errors
/// [`CaptionsError::Empty`], [`CaptionsError::WebPage`], and [`CaptionsError::Broken`] for JSON and XML of another kind.
pub fn sniff(text: &str) -> Result<Format, CaptionsError> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == BOM);
    if text.is_empty() {
        return Err(CaptionsError::Empty);
    }
    let second = |first: char| {
        text.strip_prefix(first)
            .and_then(|rest| rest.trim_start().chars().next())
    };
    if matches!(second('{'), Some('"' | '}')) {
        return snippets::sniff_object(text);
    }
    if matches!(second('['), Some('{' | ']')) {
        return Ok(Format::Snippets);
    }
    if let Some(format) = xml::sniff(text) {
        return format;
    }
    Ok(if webvtt::is(text) {
        Format::WebVtt
    } else if srt::is(text) {
        Format::Srt
    } else if timed_lines::is(text) {
        Format::TimedLines
    } else {
        Format::PlainText
    })
}

/// The byte order mark that some editors put first.
const BOM: char = '\u{feff}';

/// Drops the byte order mark and makes all line ends `\n`. Lines keep their numbers.
fn tidy(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches(BOM);
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A cue as it stands in the file: its times may be out of order or out of range.
struct RawCue {
    /// Milliseconds; `None` in a text without times.
    start_ms: Option<i64>,
    /// Milliseconds; `None` where it lasts until the next cue.
    end_ms: Option<i64>,
    /// The words; white space not yet collapsed.
    text: String,
}

/// What a format's reader found.
#[derive(Default)]
struct Draft {
    cues: Vec<RawCue>,
    language: Option<String>,
}

impl Draft {
    /// Adds a cue with times in milliseconds.
    fn push(&mut self, start_ms: i64, end_ms: i64, text: String) {
        self.cues.push(RawCue {
            start_ms: Some(start_ms),
            end_ms: Some(end_ms),
            text,
        });
    }

    /// Adds words to the cue before, as YouTube's `aAppend` asks; a cue of their own where there is none before.
    fn append(&mut self, start_ms: i64, end_ms: i64, text: &str) {
        match self.cues.last_mut() {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(text);
                last.end_ms = last.end_ms.max(Some(end_ms));
            }
            None => self.push(start_ms, end_ms, text.to_owned()),
        }
    }

    /// Makes the transcript: words tidied, cues sorted, times within range.
    fn finish(self, source: Source) -> Result<Transcript, CaptionsError> {
        let mut cues: Vec<RawCue> = self
            .cues
            .into_iter()
            .filter_map(|cue| {
                let text = markup::collapse(&cue.text);
                let start_ms = cue.start_ms.map(|ms| ms.clamp(0, MAX_MS));
                (!text.is_empty()).then_some(RawCue { start_ms, text, ..cue })
            })
            .collect();
        if cues.is_empty() {
            return Err(CaptionsError::Empty);
        }
        if cues.len() > MAX_CUES {
            let why = format!("{} cues, and at most {MAX_CUES} are read", cues.len());
            return Err(CaptionsError::TooLong { why });
        }
        cues.sort_by_key(|cue| cue.start_ms);
        let next_starts: Vec<Option<i64>> = cues.iter().skip(1).map(|cue| cue.start_ms).chain([None]).collect();
        let cues = cues
            .into_iter()
            .zip(next_starts)
            .map(|(cue, next)| Cue {
                span: cue.start_ms.map(|start| span(start, cue.end_ms, next, source)),
                text: cue.text,
            })
            .collect();
        Ok(Transcript {
            cues,
            language: self.language.filter(|code| is_language_code(code)),
            source,
        })
    }
}

/// The span of a cue from `start` on, where the next one starts at `next`.
fn span(start: i64, end: Option<i64>, next: Option<i64>, source: Source) -> Span {
    let end = end.or(next).unwrap_or(start.saturating_add(LAST_CUE_MS));
    // Automatic captions tell how long a line stays on the screen, where two lines stand at a time.
    let end = match next {
        Some(next) if source == Source::Automatic => end.min(next),
        _ => end,
    };
    let end = end.clamp(start, MAX_MS.max(start));
    Span {
        start_ms: start.unsigned_abs(),
        end_ms: end.unsigned_abs(),
    }
}

/// Milliseconds from seconds; what is no number becomes 0.
fn ms_from_seconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

fn is_language_code(code: &str) -> bool {
    (2..=35).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
