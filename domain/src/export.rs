//! Writing a transcript: text, SRT, WebVTT, JSON; and a summary: Markdown, text.

use crate::transcript::Transcript;

/// SubRip.
#[must_use]
pub fn srt(_transcript: &Transcript) -> String {
    String::new()
}
