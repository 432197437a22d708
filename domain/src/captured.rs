//! What a bookmarklet of ours read in somebody's own browser: the captions of the video that is open there. It came through
//! an address, so it is as hostile as anything else from outside.

use serde::Deserialize;

use crate::{
    captions::{self, CaptionsError},
    chapters::{self, Chapter},
    link::Link,
    transcript::{Source, Span, Transcript},
    video::Video,
};

/// The form that this program reads; bookmarklets stay in browsers for years.
const VERSION: u32 = 1;
/// Characters of a title or name.
const MAX_NAME: usize = 200;
/// Characters of a description: YouTube allows 5,000.
const MAX_DESCRIPTION: usize = 5_000;
/// Chapters of a video.
const MAX_CHAPTERS: usize = 500;
/// A length beyond a month is none.
const MAX_SECONDS: u32 = 31 * 24 * 3600;

/// Captions from somebody's browser, and whose they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// What the page said about the video.
    pub video: Video,
    /// The track's name, with what kind it is.
    pub track: Option<String>,
    /// The words; their source is [`Source::Captured`].
    pub transcript: Transcript,
}

/// Why they can't be used. Reads on after "can't be used: ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapturedError {
    /// More than is read.
    #[error("they are {0} bytes, and at most {max} are read", max = captions::MAX_BYTES)]
    TooLarge(usize),
    /// Not what the bookmarklet writes.
    #[error("they are not what the bookmarklet writes ({0})")]
    Broken(String),
    /// Written by a bookmarklet of another version.
    #[error("they come from a bookmarklet of another version. Drag the button to your bookmarks again")]
    OtherVersion,
    /// Not a video's id.
    #[error("they name no video of YouTube's")]
    NoVideo,
    /// The cues can't be read.
    #[error("{0}")]
    Captions(#[from] CaptionsError),
}

/// What the bookmarklet writes (`public/bookmarklet.js`).
#[derive(Deserialize)]
struct File {
    v: u32,
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    seconds: Option<u32>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    track: String,
    #[serde(default)]
    automatic: bool,
    /// Start in milliseconds, and name.
    #[serde(default)]
    chapters: Vec<(u64, String)>,
    /// Start and length in milliseconds, and words.
    cues: Vec<(i64, i64, String)>,
}

/// Reads it.
///
/// # Errors
/// [`CapturedError`]
pub fn read(text: &str) -> Result<Captured, CapturedError> {
    if text.len() > captions::MAX_BYTES {
        return Err(CapturedError::TooLarge(text.len()));
    }
    let file: File = serde_json::from_str(text).map_err(|error| CapturedError::Broken(error.to_string()))?;
    if file.v != VERSION {
        return Err(CapturedError::OtherVersion);
    }
    let id = video_id(&file.id).ok_or(CapturedError::NoVideo)?;
    // What automatic captions have in common is to be undone; where they come from is said afterwards.
    let kind = if file.automatic {
        Source::Automatic
    } else {
        Source::Manual
    };
    let mut transcript = captions::timed(file.cues, Some(file.language), kind)?;
    transcript.source = Source::Captured;
    let duration_s = file.seconds.filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
    let description: String = file.description.chars().take(MAX_DESCRIPTION).collect();
    let mut chapters = in_order(file.chapters, duration_s);
    if chapters.is_empty() {
        chapters = chapters::from_description(&description, duration_s);
    }
    let kind = if file.automatic { "automatic" } else { "by hand" };
    let video = Video {
        title: name(&file.title).unwrap_or_else(|| id.clone()),
        youtube_id: Some(id.clone()),
        id,
        channel: name(&file.channel),
        duration_s,
        description,
        chapters,
    };
    Ok(Captured {
        video,
        track: name(&file.track).map(|track| format!("{track}, {kind}")),
        transcript,
    })
}

/// The id, if it is one that a link could name.
fn video_id(id: &str) -> Option<String> {
    let plain = id.len() == 11 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    match Link::parse(&format!("https://www.youtube.com/watch?v={id}")).ok() {
        Some(Link::Video { id: same, .. }) if plain && same == id => Some(same),
        _ => None,
    }
}

/// One line without control characters, cut short; `None` where nothing is left.
fn name(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME)
        .collect();
    (!line.trim().is_empty()).then_some(line)
}

/// The chapters, if each begins after the one before and within the video; else none of them.
fn in_order(raw: Vec<(u64, String)>, duration_s: Option<u32>) -> Vec<Chapter> {
    let Some(end_ms) = duration_s.map(|seconds| u64::from(seconds) * 1000) else {
        return Vec::new();
    };
    let starts: Vec<u64> = raw.iter().map(|(start, _)| *start).collect();
    let ends = starts.iter().skip(1).copied().chain([end_ms]);
    let fits = starts.len() <= MAX_CHAPTERS && starts.iter().zip(ends.clone()).all(|(start, end)| *start < end);
    if !fits {
        return Vec::new();
    }
    raw.into_iter()
        .zip(ends)
        .map(|((start_ms, title), end_ms)| {
            let title = name(&title)?;
            let span = Span { start_ms, end_ms };
            Some(Chapter { title, span })
        })
        .collect::<Option<Vec<_>>>()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::*;

    fn written() -> Value {
        json!({
            "v": 1, "id": "dQw4w9WgXcQ", "title": "A talk", "channel": "Somebody", "seconds": 60, "description": "About it.",
            "language": "en", "track": "English", "automatic": true,
            "chapters": [[0, "Beginning"], [30_000, "End"]],
            "cues": [[0, 4_000, "the old bridge"], [2_000, 3_000, " was  built\nhere"]],
        })
    }

    fn with(name: &str, value: Value) -> Result<Captured, CapturedError> {
        let mut written = written();
        written[name] = value;
        read(&written.to_string())
    }

    #[test]
    fn captions_are_kept_with_where_they_come_from() {
        let captured = read(&written().to_string()).unwrap();
        assert_eq!(captured.video.id, "dQw4w9WgXcQ");
        assert_eq!(captured.video.youtube_id.as_deref(), Some("dQw4w9WgXcQ"));
        assert_eq!(captured.video.chapters.len(), 2);
        assert_eq!(captured.video.chapters[1].span.end_ms, 60_000);
        assert_eq!(captured.track.as_deref(), Some("English, automatic"));
        assert_eq!(captured.transcript.source, Source::Captured);
        assert_eq!(captured.transcript.language.as_deref(), Some("en"));
        // Automatic captions overlap: a cue ends where the next begins.
        let span = captured.transcript.cues[0].span.unwrap();
        assert_eq!((span.start_ms, span.end_ms), (0, 2_000));
        assert_eq!(captured.transcript.cues[1].text, "was built here");
    }

    #[test]
    fn times_are_put_in_order_and_in_range() {
        let cues = json!([
            [9_000, -5, "later"],
            [-20, i64::MAX, "sooner"],
            [i64::MAX, i64::MAX, "last"]
        ]);
        let captured = with("cues", cues).unwrap();
        let texts: Vec<&str> = captured.transcript.cues.iter().map(|cue| cue.text.as_str()).collect();
        assert_eq!(texts, ["sooner", "later", "last"]);
        for cue in &captured.transcript.cues {
            let span = cue.span.unwrap();
            assert!(span.start_ms <= span.end_ms, "{span:?}");
        }
    }

    #[test]
    fn what_names_no_video_is_refused() {
        for id in [
            "",
            "short",
            "dQw4w9WgXcQ1",
            "dQw4w9WgXc/",
            "../../../..",
            "dQw4w9WgXc\u{0}",
        ] {
            assert_eq!(with("id", json!(id)), Err(CapturedError::NoVideo), "{id:?}");
        }
    }

    #[test]
    fn what_is_not_ours_or_has_no_words_is_refused() {
        for text in ["", "[]", "{}", "null", "{\"v\":1}", "\u{feff}"] {
            assert!(matches!(read(text), Err(CapturedError::Broken(_))), "{text:?}");
        }
        assert!(matches!(read(&"[".repeat(100_000)), Err(CapturedError::Broken(_))));
        assert_eq!(with("v", json!(2)), Err(CapturedError::OtherVersion));
        assert_eq!(
            with("cues", json!([])),
            Err(CapturedError::Captions(CaptionsError::Empty))
        );
        assert_eq!(
            with("cues", json!([[0, 1, " \n "]])),
            Err(CapturedError::Captions(CaptionsError::Empty))
        );
        assert!(matches!(
            with("cues", json!([["0", 1, "a"]])),
            Err(CapturedError::Broken(_))
        ));
        assert!(matches!(
            with("description", json!("x".repeat(captions::MAX_BYTES))),
            Err(CapturedError::TooLarge(_))
        ));
        let many = vec![json!([0, 1, "a"]); captions::MAX_CUES + 1];
        assert!(matches!(
            with("cues", json!(many)),
            Err(CapturedError::Captions(CaptionsError::TooLong { .. }))
        ));
    }

    #[test]
    fn names_are_one_short_line() {
        let title = format!("<script>\u{7}\n{}", "a ".repeat(300));
        let title = with("title", json!(title)).unwrap().video.title;
        assert_eq!(title.chars().count(), MAX_NAME);
        assert!(title.starts_with("<script> a a"), "{title}");
        assert_eq!(with("title", json!(" \u{7} ")).unwrap().video.title, "dQw4w9WgXcQ");
    }

    #[test]
    fn chapters_that_make_no_sense_are_left_out() {
        let chapters = |value: Value| with("chapters", value).unwrap().video.chapters;
        assert_eq!(chapters(json!([[30_000, "a"], [0, "b"]])), []);
        assert_eq!(chapters(json!([[0, "a"], [60_000, "beyond the end"]])), []);
        assert_eq!(chapters(json!([[0, " "]])), []);
        assert_eq!(with("seconds", json!(0)).unwrap().video.duration_s, None);
        let described = with("chapters", json!([])).unwrap();
        assert_eq!(described.video.chapters, []);
    }

    #[test]
    fn chapters_may_stand_in_the_description() {
        let mut written = written();
        written["chapters"] = json!([]);
        written["description"] = json!("0:00 One\n0:20 Two\n0:40 Three");
        let titles: Vec<String> = read(&written.to_string())
            .unwrap()
            .video
            .chapters
            .into_iter()
            .map(|chapter| chapter.title)
            .collect();
        assert_eq!(titles, ["One", "Two", "Three"]);
    }
}
