//! A video as people know it: title, channel, length, chapters. Also stands for an uploaded transcript, which has no link.

use serde::{Deserialize, Serialize};

use crate::chapters::Chapter;

/// A track of captions that a video has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptionTrack {
    /// YouTube's id of it (`.en`, `a.en`): two tracks may share a language.
    pub id: String,
    /// BCP 47 code.
    pub language: String,
    /// Its name as YouTube gives it: "English (auto-generated)".
    pub name: String,
    /// Whether speech recognition wrote it.
    pub is_generated: bool,
    /// Whether YouTube offers to translate it, which we never ask for.
    pub is_translatable: bool,
}

/// What is known about a video, or about an uploaded text that stands in for one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// Our id: the YouTube id of a video, `upload-` and 16 hex digits of the content hash for an upload.
    pub id: String,
    /// YouTube's 11-character id; `None` for uploads.
    pub youtube_id: Option<String>,
    /// The title, as given.
    pub title: String,
    /// The channel's name.
    pub channel: Option<String>,
    /// Length in seconds.
    pub duration_s: Option<u32>,
    /// The description, as given.
    pub description: String,
    /// Creator's chapters, in order.
    pub chapters: Vec<Chapter>,
}
