//! Chapters: named stretches of a video, and reading them from a description.

use serde::{Deserialize, Serialize};

use crate::transcript::Span;

/// A named stretch of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Its name, as given.
    pub title: String,
    /// From when to when.
    pub span: Span,
}

/// Reads chapters from a description, by YouTube's rule: lines with a time and a name, the first at 0:00, at least three,
/// in order, none beyond `duration_s`. Empty where the description has none.
#[must_use]
pub fn from_description(_description: &str, _duration_s: Option<u32>) -> Vec<Chapter> {
    Vec::new()
}
