//! Sentences out of cues, with and without punctuation (automatic captions have none).

use serde::{Deserialize, Serialize};

use crate::{
    language::Language,
    transcript::{Span, Transcript},
};

/// One sentence and when it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The words, verbatim but for white space and markup.
    pub text: String,
    /// From the cue it starts in to the cue it ends in, times within a cue by interpolation over its characters; `None` in a text without times.
    pub span: Option<Span>,
}

/// Splits a transcript into sentences.
#[must_use]
pub fn sentences(_transcript: &Transcript, _language: Language) -> Vec<Sentence> {
    Vec::new()
}
