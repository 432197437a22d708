//! The check of a claim against the transcript (design.md §2a): quotes, overlap, numbers, names, negations. Pure functions.

use crate::{language::Language, passages::Passage, summary::Claim};

/// What claims are held against.
#[derive(Debug)]
pub struct Checker<'a> {
    /// The transcript's passages, all that were in the prompt.
    pub passages: &'a [Passage],
    /// The transcript's language.
    pub language: Language,
    /// Title, channel and description: names that stand there count as known.
    pub context: &'a str,
}

impl Checker<'_> {
    /// Checks a whole body; the claims come in the order of [`crate::citations::blocks`].
    #[must_use]
    pub fn check(&self, _body: &str) -> Vec<Claim> {
        Vec::new()
    }
}
