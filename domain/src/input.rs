//! What was typed, pasted or dropped into the home field: lines of links, or a transcript.

use crate::link::{Link, LinkError};

/// A line of the field that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u32,
    /// Its text, trimmed.
    pub text: String,
    /// What it is.
    pub link: Result<Link, LinkError>,
}

/// What the field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing but white space.
    Empty,
    /// Links, at least one of them good or meant as one.
    Lines(Vec<Line>),
    /// A transcript in any format that [`crate::captions`] reads.
    Transcript,
}

/// Tells which it is. A text with at least one line that is or looks like a link, and no more than a few words beside,
/// is lines; a caption file or running text is a transcript.
#[must_use]
pub fn read(_text: &str) -> Input {
    Input::Empty
}
