//! A question to a video or to the whole library, and what came of it.

use serde::{Deserialize, Serialize};

use crate::{
    fault::Fault,
    run::RunState,
    summary::{Claim, Provenance},
};

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A model answered; its claims are checked.
    Answered,
    /// The passages that fit, word for word; no model wrote this.
    Quoted,
    /// The answer is not here; the claims are the passages that come closest.
    NotHere,
}

impl Outcome {
    /// The name it is stored and sent under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Quoted => "quoted",
            Self::NotHere => "not_here",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Answered, Self::Quoted, Self::NotHere]
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
            .ok_or_else(|| format!("no outcome is called {name}"))
    }
}

/// A video that was looked at. Citations name passages by numbers that run through all sources: a source's own passage
/// has its number less `offset`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The transcript.
    pub transcript_id: i64,
    /// Its language's code.
    pub language: String,
    /// The video's or upload's id.
    pub video_id: String,
    /// Its title.
    pub title: String,
    /// YouTube's id, where there is something to play.
    pub youtube_id: Option<String>,
    /// What is added to the numbers of its passages.
    pub offset: u32,
}

/// A question as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its id (a UUID).
    pub id: String,
    /// The first question of the conversation it belongs to.
    pub thread: String,
    /// The video; `None` where the whole library is asked.
    pub video_id: Option<String>,
    /// What was asked.
    pub text: String,
    /// Who was asked: `extractive` or a model.
    pub model: String,
    /// Where it stands.
    pub state: RunState,
    /// How it was answered, once it is.
    pub outcome: Option<Outcome>,
    /// The answer with citation marks; while it is written, what there is of it.
    pub body: String,
    /// What the check found, in order.
    pub claims: Vec<Claim>,
    /// The videos that the answer rests on, by their offsets.
    pub sources: Vec<Source>,
    /// Where it came from, once it is there.
    pub provenance: Option<Provenance>,
    /// Why it waits or failed, or why no model answered.
    pub fault: Option<Fault>,
    /// The last event that this contains.
    pub last_event: i64,
    /// Seconds since 1970.
    pub created_at: i64,
}

impl Question {
    /// The source of a citation's passage, and the passage's number in its own video.
    #[must_use]
    pub fn source(&self, passage: u32) -> Option<(&Source, u32)> {
        let source = self.sources.iter().rev().find(|source| source.offset < passage)?;
        Some((source, passage - source.offset))
    }
}

/// What a model writes where the passages do not answer.
pub const NOT_ANSWERED: &str = "NOT ANSWERED";
