//! A run: one request for a summary, from queued to done, and the events people watch it by.

use serde::{Deserialize, Serialize};

use crate::{
    fault::Fault,
    passages::Passage,
    summary::Summary,
    transcript::Span,
    video::{CaptionTrack, Video},
};

/// Words of a summary where nobody says how many.
pub const DEFAULT_WORDS: u32 = 250;
const MIN_WORDS: u32 = 20;
const MAX_WORDS: u32 = 3000;

/// Whether a summary can be of so many words; else why not, as the rest of a sentence.
///
/// # Errors
/// Where it can't.
pub fn length(words: u32) -> Result<(), String> {
    if (MIN_WORDS..=MAX_WORDS).contains(&words) {
        return Ok(());
    }
    Err(format!("is not a length we can do: {MIN_WORDS} to {MAX_WORDS} words."))
}

/// What is asked of a summary, apart from the video.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Request {
    /// `extractive`, or a provider's model name.
    pub model: String,
    /// The style's name: `briefing`.
    pub style: String,
    /// Output language: a BCP 47 code, or `None` for the transcript's.
    pub language: Option<String>,
    /// At most so many words.
    pub words: u32,
    /// The part of the video that is meant; `None` for the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Which text of a video is to be summarised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextFrom {
    /// The best captions there are.
    #[default]
    Captions,
    /// The captions of this track, by its id.
    Track(String),
    /// What the video says about itself: title, description and chapters.
    Description,
}

impl TextFrom {
    /// Reads the name it is stored under; anything that is neither empty nor `description` is a track's id.
    #[must_use]
    pub fn named(name: Option<&str>) -> Self {
        match name.map(str::trim) {
            None | Some("") => Self::Captions,
            Some(DESCRIPTION) => Self::Description,
            Some(id) => Self::Track(id.to_owned()),
        }
    }

    /// The name it is stored under; `None` for the best captions.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Captions => None,
            Self::Track(id) => Some(id),
            Self::Description => Some(DESCRIPTION),
        }
    }
}

/// No track is called so: their ids begin with `.` or `a.`.
const DESCRIPTION: &str = "description";

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits for a worker.
    Queued,
    /// A worker is on it.
    Working,
    /// Waits for its next try; [`Run::fault`] says why and until when.
    Waiting,
    /// Finished; the summary is kept.
    Done,
    /// Given up; [`Run::fault`] says why.
    Failed,
    /// A person stopped it.
    Cancelled,
}

impl RunState {
    /// The name it is stored and sent under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Working => "working",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether something may still happen by itself.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Working | Self::Waiting)
    }
}

impl std::str::FromStr for RunState {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [
            Self::Queued,
            Self::Working,
            Self::Waiting,
            Self::Done,
            Self::Failed,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
        .ok_or_else(|| format!("no run state is called {name}"))
    }
}

/// The stages of a run, in order (design.md §2; "speak" comes later).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Title, channel, length, chapters.
    Metadata,
    /// Captions fetched, or the upload read.
    Transcript,
    /// Sentences and passages.
    Passages,
    /// The extractive summary.
    Extract,
    /// The model writes.
    Write,
    /// Claims are checked.
    Check,
    /// Everything is kept.
    Keep,
}

impl Stage {
    /// The name it is stored and sent under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Transcript => "transcript",
            Self::Passages => "passages",
            Self::Extract => "extract",
            Self::Write => "write",
            Self::Check => "check",
            Self::Keep => "keep",
        }
    }
}

impl std::str::FromStr for Stage {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [
            Self::Metadata,
            Self::Transcript,
            Self::Passages,
            Self::Extract,
            Self::Write,
            Self::Check,
            Self::Keep,
        ]
        .into_iter()
        .find(|stage| stage.as_str() == name)
        .ok_or_else(|| format!("no stage is called {name}"))
    }
}

/// A run as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id (a UUID), which is also the id of the summary it makes.
    pub id: String,
    /// Where it stands.
    pub state: RunState,
    /// The stage it is in or stopped at.
    pub stage: Option<Stage>,
    /// Parts of the stage that are done, and how many there are (model calls of a long video).
    pub progress: Option<(u32, u32)>,
    /// The chapter that the last of these parts is from, where whoever watches has been told.
    #[serde(default)]
    pub chapter: Option<String>,
    /// What was asked for.
    pub request: Request,
    /// What it is called until the title is known: the link, or the upload's title.
    pub label: String,
    /// The id of the playlist that the link named beside the video.
    #[serde(default)]
    pub playlist: Option<String>,
    /// The video, once it is known.
    pub video_id: Option<String>,
    /// The summary, once there is one: this run's own, or an equal one that was there already.
    pub summary_id: Option<String>,
    /// Why it waits or failed.
    pub fault: Option<Fault>,
    /// When it was asked for: seconds since 1970.
    pub created_at: i64,
}

/// Everything the page of a run and summary shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunPage {
    /// The run. Its state decides which of the rest is there.
    pub run: Run,
    /// The video, once known.
    pub video: Option<Video>,
    /// The transcript, once read.
    pub passages: Vec<Passage>,
    /// The extractive summary, once made.
    pub extract: Option<Summary>,
    /// The finished summary (the extract itself where `extractive` was asked for).
    pub summary: Option<Summary>,
    /// What the model has written so far, while it writes.
    pub text: String,
    /// The names of the prompts that people wrote: what it can be written again as.
    #[serde(default)]
    pub prompts: Vec<String>,
    /// The last event that this page already contains: follow on from here.
    pub last_event: i64,
    /// The caption tracks that the video has.
    #[serde(default)]
    pub tracks: Vec<CaptionTrack>,
    /// How the finished summary stands among others.
    #[serde(default)]
    pub shelf: Shelf,
}

/// How a summary stands among others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Summaries of the same video, this one among them.
    pub versions: u32,
    /// Whether the video's own address leads to this one.
    pub is_pinned: bool,
    /// Its tags, in order.
    pub tags: Vec<String>,
}

/// Something that happened to a run, in order of its sequence number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// It entered a stage, or got on in it.
    Stage {
        /// Which.
        stage: Stage,
        /// Parts done and parts in all, where it has parts.
        progress: Option<(u32, u32)>,
        /// The chapter that the last of these parts is from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chapter: Option<String>,
    },
    /// Video, passages or extract are there: ask for the page again.
    Ready,
    /// The model's text begins (again): forget what was shown of it.
    Restart,
    /// The model wrote more.
    Text {
        /// What to append.
        text: String,
    },
    /// The state changed; for `done`, `failed` and `cancelled` nothing follows.
    State {
        /// The new state.
        state: RunState,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_can_not_be_is_refused_with_those_that_can() {
        assert!([20, DEFAULT_WORDS, 3000].map(length).iter().all(Result::is_ok));
        for words in [0, 19, 3001] {
            assert!(
                length(words).is_err_and(|why| why.ends_with("20 to 3000 words.")),
                "{words}"
            );
        }
    }
}
