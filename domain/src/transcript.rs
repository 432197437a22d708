//! A transcript: what was said, cue by cue, where it came from, and its content hash.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// From when to when something was said, in milliseconds from the start of the video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// When it starts.
    pub start_ms: u64,
    /// When it ends; never before `start_ms`.
    pub end_ms: u64,
}

/// One caption as it was read: some words and when they were shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// When it was said, or `None` in a text without times.
    pub span: Option<Span>,
    /// The words, white space collapsed, markup removed, never empty.
    pub text: String,
}

/// Where the words came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Captions a person wrote.
    Manual,
    /// Captions YouTube's speech recognition wrote.
    Automatic,
    /// Pasted or uploaded by the person who asked.
    Uploaded,
    /// Captions that a person's own browser read, where YouTube would not give them to this server.
    Captured,
    /// Recognised from the sound by a model of ours.
    SpeechToText,
    /// Not what was said: title, description and chapters, because somebody asked for them.
    Description,
    /// Nowhere: the summary came from the predecessor of this program, which kept no words.
    Imported,
}

impl Source {
    /// The name it is stored and sent under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Automatic => "automatic",
            Self::Uploaded => "uploaded",
            Self::Captured => "captured",
            Self::SpeechToText => "speech_to_text",
            Self::Description => "description",
            Self::Imported => "imported",
        }
    }
}

/// A whole transcript, in the order it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The cues; either all of them have a span or none has.
    pub cues: Vec<Cue>,
    /// BCP 47 code (`en`, `pt-BR`, `zh-Hans`) where it was told; detect it with [`crate::language`] otherwise.
    pub language: Option<String>,
    /// Where the words came from.
    pub source: Source,
}

impl Transcript {
    /// Whether the cues have times.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.cues.first().is_some_and(|cue| cue.span.is_some())
    }

    /// All the words, a cue a line.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.cues.iter().map(|cue| cue.text.as_str()).collect();
        lines.join("\n")
    }

    /// When the last cue ends, or `None` in a text without times.
    #[must_use]
    pub fn end_ms(&self) -> Option<u64> {
        self.cues
            .iter()
            .filter_map(|cue| cue.span)
            .map(|span| span.end_ms)
            .max()
    }

    /// SHA-256 of the cues (times and words), in hex. Equal transcripts share their summaries through it.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let mut hash = Sha256::new();
        for cue in &self.cues {
            match cue.span {
                Some(span) => hash.update(format!("{} {} ", span.start_ms, span.end_ms)),
                None => hash.update("- "),
            }
            hash.update(cue.text.as_bytes());
            hash.update(b"\n");
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
