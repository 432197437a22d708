//! The library: what has been summarised, page by page.

use serde::{Deserialize, Serialize};

use crate::{
    language::Language,
    run::{Run, RunState},
    search::{Chip, Piece},
    summary::{EXTRACTIVE, Summary, Tally},
    transcript::Span,
    video::Video,
    youtube_health::Pause,
};

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
    /// The part of the video that it is about; `None` for the whole.
    #[serde(default)]
    pub span: Option<Span>,
    /// Its tags, in order.
    #[serde(default)]
    pub tags: Vec<String>,
}

impl LibraryItem {
    /// The language that it was asked to be written in, and is: an extract stays in the transcript's.
    #[must_use]
    pub fn asked_language(&self) -> Option<&str> {
        self.language.as_deref().filter(|_| self.model != EXTRACTIVE)
    }
}

/// In which order a list stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By title.
    Title,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Oldest, Self::Title];

    /// The name it has in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Title => "title",
        }
    }

    /// By its name; the usual one where it is none.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|sort| sort.as_str() == name)
            .unwrap_or_default()
    }
}

/// What of the library is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Which page, from 1.
    pub page: u32,
    /// Items a page.
    pub per_page: u32,
    /// The order.
    pub sort: Sort,
    /// Only those with this tag.
    pub tag: Option<String>,
}

/// A tag and how many summaries have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagCount {
    /// The tag.
    pub tag: String,
    /// Summaries that have it.
    pub count: u64,
}

/// A tag as it is kept: white space collapsed, small letters, at most 40 characters; `None` where nothing is left.
#[must_use]
pub fn tag(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed
        .split(|c: char| c.is_whitespace() || c.is_control() || c == ',')
        .collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let tag: String = words.join(" ").to_lowercase().chars().take(40).collect();
    let tag = tag.trim_end();
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// One of the summaries of a video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VersionItem {
    /// The summary.
    pub item: LibraryItem,
    /// At most so many words were asked for.
    pub words: u32,
    /// How its claims came out.
    pub tally: Tally,
    /// Whether the video's own address leads to it.
    pub is_pinned: bool,
}

/// A summary beside another one: the summary, its video, and its text as escaped HTML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The summary.
    pub summary: Summary,
    /// Its video.
    pub video: Video,
    /// Its text, with links to its page.
    pub html: String,
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
    /// What was asked for at once, newest first; the runs in these stand in none of the lists above.
    pub batches: Vec<Batch>,
    /// Seconds that a run still takes, by its id, where that can be told.
    pub left: Vec<(String, u32)>,
    /// Whether YouTube is left alone.
    pub pause: Option<Pause>,
    /// What was deleted and can be taken back, newest first.
    pub deleted: Vec<Deleted>,
}

/// What was deleted and can still be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Its id.
    pub id: String,
    /// A summary's title, a question's text.
    pub title: String,
    /// Whether it is a question.
    pub is_question: bool,
    /// When it was deleted: seconds since 1970.
    pub deleted_at: i64,
}

/// Runs that were asked for at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// What it is called: the title of the list it came from; may be empty.
    pub label: String,
    /// When it was asked for: seconds since 1970.
    pub created_at: i64,
    /// Its runs, in the order they were asked for.
    pub runs: Vec<Run>,
    /// Seconds until the last one ends, where that can be told.
    pub seconds_left: Option<u32>,
}

impl Batch {
    /// How many of its runs are in this state.
    #[must_use]
    pub fn count(&self, state: RunState) -> usize {
        self.runs.iter().filter(|run| run.state == state).count()
    }

    /// Where it stands as a whole: working while one works, queued while one is open, else failed where one failed, else done.
    #[must_use]
    pub fn state(&self) -> RunState {
        if self.count(RunState::Working) > 0 {
            RunState::Working
        } else if self.runs.iter().any(|run| run.state.is_open()) {
            RunState::Queued
        } else if self.count(RunState::Failed) > 0 {
            RunState::Failed
        } else {
            RunState::Done
        }
    }
}

/// A video that a search has found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Its newest summary.
    pub item: LibraryItem,
    /// The places of its transcript that fit best, in order; empty where only the title or the summary has the words.
    pub places: Vec<Place>,
    /// How many more passages have some of the words.
    pub more: u32,
}

/// A sentence, of the transcript or of the summary, that has words that were searched for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The number of its passage; `None` of what a summary says that was not found in the transcript.
    pub passage: Option<u32>,
    /// When it is said; `None` in a text without times.
    pub start_ms: Option<u64>,
    /// Its words, those searched for marked.
    pub pieces: Vec<Piece>,
    /// Whether they are the summary's: nobody says the words that were searched for.
    pub is_written: bool,
}

/// What a search has found: one page of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundPage {
    /// Whether there was anything to search for: a word that should occur.
    pub is_query: bool,
    /// The languages in which all that was typed is too common to be searched for.
    #[serde(default)]
    pub too_common_in: Vec<Language>,
    /// The videos, best first; where very many fit, newest first.
    pub found: Vec<Found>,
    /// Which page, from 1.
    pub page: u32,
    /// Whether there is another page.
    pub has_more: bool,
    /// How the query was understood.
    #[serde(default)]
    pub chips: Vec<Chip>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_short_and_written_one_way() {
        assert_eq!(tag("  Sea \n Life, tides ").as_deref(), Some("sea life tides"));
        assert_eq!(tag(&"x".repeat(99)).unwrap_or_default().len(), 40);
        assert_eq!(tag(" ,\u{0}\n"), None);
    }

    #[test]
    fn an_unknown_order_is_the_usual_one() {
        assert_eq!(Sort::from_name("title"), Sort::Title);
        assert_eq!(Sort::from_name("'; drop"), Sort::Newest);
    }
}
