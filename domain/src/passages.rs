//! Passages: numbered units of some 15 to 30 s that never cross a chapter. They are what is cited, searched and given to models.

use serde::{Deserialize, Serialize};

use crate::{chapters::Chapter, sentences::Sentence, transcript::Span};

/// A numbered stretch of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its number, from 1, in the order of the transcript.
    pub ordinal: u32,
    /// From the start of its first sentence to the end of its last; `None` in a text without times.
    pub span: Option<Span>,
    /// Its sentences, in order; never empty.
    pub sentences: Vec<Sentence>,
}

impl Passage {
    /// The sentences joined with spaces (with nothing between them where the script uses none).
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for sentence in &self.sentences {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&sentence.text);
        }
        text
    }
}

/// Groups sentences into passages.
#[must_use]
pub fn passages(_sentences: &[Sentence], _chapters: &[Chapter]) -> Vec<Passage> {
    Vec::new()
}
