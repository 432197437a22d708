//! A video as people know it: title, channel, length, chapters. Also stands for an uploaded transcript, which has no link.

use serde::{Deserialize, Serialize};

use crate::chapters::{Chapter, ChapterSource};

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
    /// Its chapters, in order.
    pub chapters: Vec<Chapter>,
    /// Who says where they are.
    #[serde(default)]
    pub chapter_source: ChapterSource,
}
