//! JSON of entries with text, start and duration in seconds: what `transcript --format json` writes, the same as a bare
//! array, and the `segments` with an `end` that speech recognition writes.

use serde::Deserialize;

use super::{CaptionsError, Draft, Format, RawCue, ms_from_seconds};

#[derive(Deserialize)]
struct File {
    language_code: Option<String>,
    #[serde(alias = "segments")]
    snippets: Vec<Snippet>,
}

#[derive(Deserialize)]
struct Snippet {
    #[serde(default)]
    text: String,
    start: Option<f64>,
    duration: Option<f64>,
    dur: Option<f64>,
    end: Option<f64>,
}

/// Tells the kinds of JSON objects apart by the key that comes first.
pub(super) fn sniff_object(text: &str) -> Result<Format, CaptionsError> {
    [
        ("\"wireMagic\"", Format::Json3),
        ("\"events\"", Format::Json3),
        ("\"snippets\"", Format::Snippets),
        ("\"segments\"", Format::Snippets),
    ]
    .into_iter()
    .filter_map(|(key, format)| Some((text.find(key)?, format)))
    .min_by_key(|(at, _)| *at)
    .map(|(_, format)| format)
    .ok_or_else(|| Format::Snippets.broken("it has neither events nor snippets"))
}

/// Reads the entries. Either all have a start or none has.
pub(super) fn read(text: &str) -> Result<Draft, CaptionsError> {
    let broken = |error: serde_json::Error| Format::Snippets.broken(error.to_string());
    let file = if text.trim_start().starts_with('[') {
        File {
            language_code: None,
            snippets: serde_json::from_str(text).map_err(broken)?,
        }
    } else {
        serde_json::from_str(text).map_err(broken)?
    };
    let timed = file.snippets.iter().any(|snippet| snippet.start.is_some());
    let mut draft = Draft {
        language: file.language_code,
        ..Draft::default()
    };
    for (index, snippet) in file.snippets.into_iter().enumerate() {
        if timed && snippet.start.is_none() {
            return Err(Format::Snippets.broken(format!("entry {} has no start, others have", index + 1)));
        }
        let start_ms = snippet.start.map(ms_from_seconds);
        let length_ms = snippet.duration.or(snippet.dur).map(ms_from_seconds);
        let end_ms = match (start_ms, length_ms) {
            // Added as milliseconds, for sums of seconds are not exact.
            (Some(start), Some(length)) => Some(start.saturating_add(length)),
            _ => snippet.end.map(ms_from_seconds),
        };
        draft.cues.push(RawCue {
            start_ms,
            end_ms,
            text: snippet.text,
        });
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::captions::{CaptionsError, read, tests::timed};
    use crate::transcript::Source;

    #[test]
    fn reads_what_the_command_line_writes() {
        let text = r#"{"video_id":"dQw4w9WgXcQ","language_code":"pt-BR","language":"Portuguese","is_generated":false,
            "snippets":[{"text":"um","start":0,"duration":1.54},{"text":"dois","start":1.54,"duration":4.16}]}"#;
        assert_eq!(
            timed(text),
            [(0, 1540, "um".to_owned()), (1540, 5700, "dois".to_owned())]
        );
        let transcript = read(text, Source::Uploaded).unwrap();
        assert_eq!(transcript.language.as_deref(), Some("pt-BR"));
    }

    #[test]
    fn reads_arrays_and_segments() {
        let cues = [(500, 1500, "a".to_owned()), (1500, 2000, "b".to_owned())];
        assert_eq!(
            timed(r#"[{"text":"a","start":0.5,"duration":1},{"text":"b","start":1.5,"dur":0.5}]"#),
            cues
        );
        assert_eq!(
            timed(r#"{"segments":[{"text":"a","start":0.5,"end":1.5},{"text":"b","start":1.5,"end":2}]}"#),
            cues
        );
    }

    #[test]
    fn wants_a_start_in_all_or_none() {
        assert!(
            !read(r#"[{"text":"a"},{"text":"b"}]"#, Source::Uploaded)
                .unwrap()
                .is_timed()
        );
        let error = read(r#"[{"text":"a","start":1},{"text":"b"}]"#, Source::Uploaded).unwrap_err();
        assert!(matches!(error, CaptionsError::Broken { why, .. } if why.contains("entry 2")));
    }
}
