//! What pages are filled with.

use domain::{
    library::{Activity, FoundPage, LibraryItem, Page, TagCount, VersionItem},
    models::{ModelsStatus, Price},
    prompt::OwnPrompt,
    question::Question,
    run::RunPage,
    video_list::VideoList,
    youtube_health::{Pause, YouTubeHealth},
};
use serde::{Deserialize, Serialize};

use crate::{
    flash::{Flash, PromptDraft, QuestionDraft},
    preferences::Preferences,
};

/// What a page gets: the variant that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Data {
    /// See [`Ask::Home`].
    Home(HomeData),
    /// See [`Ask::Run`].
    Run(Box<RunPage>),
    /// See [`Ask::Run`]; its summary is no more.
    Deleted(DeletedSummary),
    /// See [`Ask::Library`].
    Library(Box<LibraryData>),
    /// See [`Ask::Versions`].
    Versions(Vec<VersionItem>),
    /// See [`Ask::Compare`].
    Compare(Vec<Side>),
    /// See [`Ask::Search`] and [`Ask::SearchIn`].
    Search(FoundPage),
    /// See [`Ask::List`].
    List(Box<ListData>),
    /// See [`Ask::Activity`].
    Activity(Activity),
    /// See [`Ask::Preferences`].
    Preferences(Preferences),
    /// See [`Ask::YouTube`].
    YouTube(Box<YouTubeHealth>),
    /// See [`Ask::Access`]; HTML that the server made.
    Access(String),
    /// See [`Ask::Settings`]; HTML that the server made.
    Settings(String),
    /// See [`Ask::Models`].
    Models(Box<ModelsStatus>),
    /// See [`Ask::Choices`].
    Choices(Choices),
    /// See [`Ask::Prompts`].
    Prompts(PromptsData),
    /// See [`Ask::Questions`] and [`Ask::Conversation`].
    Questions(Box<Conversation>),
    /// See [`Ask::Question`].
    Question(Box<Question>),
}

/// A summary that was deleted, as its address shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedSummary {
    /// Its title.
    pub title: String,
    /// Its id, where it can be taken back.
    pub undo: Option<String>,
    /// The video that it was of, where there are other summaries of it.
    pub video_id: Option<String>,
}

/// A model that can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelChoice {
    /// What it is asked by.
    pub name: String,
    /// Who runs it.
    pub provider: String,
    /// What else is to be known of it, in words: `until 2027-01-14`; often empty.
    pub note: String,
    /// What a million tokens cost, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

/// The models that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choices {
    /// The models; empty where the providers have not told them yet.
    pub models: Vec<ModelChoice>,
    /// The one that is used where none is chosen.
    pub default_model: String,
}

/// What the home page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomeData {
    /// The newest summaries.
    pub newest: Vec<LibraryItem>,
    /// The models that can be chosen.
    pub models: Vec<ModelChoice>,
    /// The one that is used where none is chosen.
    pub default_model: String,
    /// The providers that did not list their models, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unlisted: Vec<(String, String)>,
    /// What a submission left behind, where this page answers one.
    pub flash: Option<Flash>,
    /// Whether YouTube is left alone.
    pub pause: Option<Pause>,
    /// The names of the prompts that people wrote.
    pub prompts: Vec<String>,
}

/// What the page of prompts shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PromptsData {
    /// The prompts, by name.
    pub prompts: Vec<OwnPrompt>,
    /// The one that was not kept, where this page answers it.
    pub draft: Option<PromptDraft>,
}

/// What the preview of a playlist or channel shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListData {
    /// Where it lies at YouTube.
    pub address: String,
    /// Its videos.
    pub list: VideoList,
    /// The models that can be chosen.
    pub models: Vec<ModelChoice>,
    /// The one that is used where none is chosen.
    pub default_model: String,
    /// The names of the prompts that people wrote.
    pub prompts: Vec<String>,
    /// Seconds that a summary took here lately, by model, where that is known.
    pub seconds: Vec<(String, u32)>,
}

/// What a page of the library shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LibraryData {
    /// The summaries.
    pub page: Page<LibraryItem>,
    /// The tags that there are.
    pub tags: Vec<TagCount>,
}

/// One of two summaries that stand side by side.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The summary's id.
    pub id: String,
    /// The video's or upload's id.
    pub video_id: String,
    /// The video's title.
    pub title: String,
    /// Model, language, length, date.
    pub facts: Vec<String>,
    /// How its claims came out.
    pub checked: String,
    /// The language it is written in, where it is known.
    pub language: Option<String>,
    /// Its text as escaped HTML.
    pub html: String,
}

/// A conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its questions, oldest first.
    pub questions: Vec<Question>,
    /// Of the library: the conversations that were begun last, id and first question.
    pub threads: Vec<(String, String)>,
    /// Of the library: the models that can be chosen.
    pub models: Vec<ModelChoice>,
    /// The one that is used where none is chosen.
    pub default_model: String,
    /// Of the library: whether there is nothing in it to ask.
    pub is_empty: bool,
    /// The question that was not taken, where this page answers it.
    pub draft: Option<QuestionDraft>,
}
