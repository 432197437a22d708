//! A QMSum meeting, and the ways in which the same words may reach the program.

use std::{error::Error, fs, path::Path};

use domain::transcript::{Cue, Source, Span, Transcript};
use serde_json::Value;

/// A meeting and the summary that people wrote of it.
pub(crate) struct Meeting {
    /// Its file's name without the ending.
    pub(crate) name: String,
    /// Speaker and words.
    pub(crate) turns: Vec<(String, String)>,
    /// The answer to its first general query.
    pub(crate) reference: String,
}

/// Reads all meetings of a folder, in the order of their names.
///
/// # Errors
/// Where a file cannot be read or is none of QMSum's.
pub(crate) fn read_all(folder: &Path) -> Result<Vec<Meeting>, Box<dyn Error>> {
    let mut meetings = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let meeting = read(&name, &fs::read_to_string(&path)?);
            meetings.push(meeting.ok_or_else(|| format!("{} is not a QMSum meeting", path.display()))?);
        }
    }
    meetings.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(meetings)
}

fn read(name: &str, json: &str) -> Option<Meeting> {
    let json: Value = serde_json::from_str(json).ok()?;
    let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_owned());
    let turns = json.get("meeting_transcripts")?.as_array()?.iter();
    Some(Meeting {
        name: name.to_owned(),
        turns: turns
            .map(|turn| Some((text(turn, "speaker")?, text(turn, "content")?)))
            .collect::<Option<_>>()?,
        reference: text(json.get("general_query_list")?.get(0)?, "answer")?,
    })
}

/// How a meeting's words are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rendering {
    /// `Speaker: words`, a turn a line, no times.
    Labelled,
    /// `mm:ss words`, a turn a line.
    Clock,
    /// Subtitles of ten words.
    Subtitles,
    /// Subtitles of eight words without capitals and punctuation, as speech recognition writes them.
    Automatic,
}

impl Rendering {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Labelled, Self::Clock, Self::Subtitles, Self::Automatic];
}

/// Milliseconds a word takes to say.
const WORD_MS: usize = 360;

/// A meeting as the captions reader would hand it over.
pub(crate) fn transcript(meeting: &Meeting, rendering: Rendering) -> Transcript {
    let mut cues = Vec::new();
    let mut said = 0;
    for (speaker, words) in &meeting.turns {
        match rendering {
            Rendering::Labelled => cues.push(Cue {
                span: None,
                text: format!("{speaker}: {}", words.split_whitespace().collect::<Vec<_>>().join(" ")),
            }),
            Rendering::Clock => push(&mut cues, &mut said, words, usize::MAX),
            Rendering::Subtitles => push(&mut cues, &mut said, words, 10),
            Rendering::Automatic => push(&mut cues, &mut said, &spoken(words), 8),
        }
    }
    Transcript {
        cues,
        language: None,
        source: Source::Uploaded,
    }
}

/// Adds cues of at most `size` words.
fn push(cues: &mut Vec<Cue>, said: &mut usize, words: &str, size: usize) {
    let words: Vec<&str> = words.split_whitespace().collect();
    for chunk in words.chunks(size) {
        let end = *said + chunk.len();
        cues.push(Cue {
            span: Some(Span {
                start_ms: (*said * WORD_MS) as u64,
                end_ms: (end * WORD_MS) as u64,
            }),
            text: chunk.join(" "),
        });
        *said = end;
    }
}

/// Words as speech recognition writes them.
fn spoken(words: &str) -> String {
    let mut depth = 0_usize;
    let kept = words.chars().filter(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && (c.is_alphanumeric() || matches!(c, ' ' | '\'' | '-')),
        }
        false
    });
    kept.collect::<String>().to_lowercase()
}
