//! The library: what has been summarised, page by page.

use serde::{Deserialize, Serialize};

use crate::run::Run;

/// One summary in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryItem {
    /// The summary's id.
    pub id: String,
    /// The video's or upload's id.
    pub video_id: String,
    /// YouTube's id, where it is a video.
    pub youtube_id: Option<String>,
    /// The video's title.
    pub title: String,
    /// The channel's name.
    pub channel: Option<String>,
    /// Length in seconds.
    pub duration_s: Option<u32>,
    /// Who wrote it.
    pub model: String,
    /// The style's name.
    pub style: String,
    /// The language it is written in, or `None` for the transcript's.
    pub language: Option<String>,
    /// Its first claim, marks removed.
    pub first_point: String,
    /// When it was kept: seconds since 1970.
    pub created_at: i64,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Which page, from 1.
    pub page: u32,
    /// Items a page.
    pub per_page: u32,
    /// Items in all pages together.
    pub total: u64,
}

/// What is being worked on and what has ended lately.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Working.
    pub now: Vec<Run>,
    /// Queued, or waiting for their next try.
    pub waiting: Vec<Run>,
    /// Failed.
    pub failed: Vec<Run>,
    /// Done or cancelled, newest first.
    pub done: Vec<Run>,
}
