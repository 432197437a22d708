//! Reading captions and transcripts: what format it is, and one file a format beside this one.

use crate::transcript::{Source, Transcript};

/// Why a text could not be read as a transcript.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaptionsError {
    /// Nothing in it (YouTube answers so where it withholds captions).
    #[error("there is no text in it")]
    Empty,
    /// A web page, not captions.
    #[error("it is a web page, not a transcript")]
    WebPage,
    /// Looks like `format` but is broken.
    #[error("it looks like {format} but can't be read: {why}")]
    Broken {
        /// The format's name as people know it: "SRT", "json3", …
        format: &'static str,
        /// What is wrong, with the line or position.
        why: String,
    },
    /// Over a limit.
    #[error("it is too long: {why}")]
    TooLong {
        /// Which limit.
        why: String,
    },
}

/// Reads a transcript in whatever format it is in: json3, srv1, srv3, SRT, WebVTT, `mm:ss text` lines, plain text.
///
/// # Errors
/// [`CaptionsError`] where it is none of them or broken.
pub fn read(_text: &str, _source: Source) -> Result<Transcript, CaptionsError> {
    Err(CaptionsError::Empty)
}
