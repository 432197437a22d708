//! What pages ask of the server: thin functions that call `backend::services` and word its errors. Those that change
//! something are POST and also work as plain forms, which come back to the page they were sent from.

#![expect(
    missing_docs,
    reason = "#[server] makes public structs of the arguments, whose fields can't be documented"
)]

use std::{fmt, str::FromStr};

use domain::{
    fault::Fault,
    library::{Activity, FoundPage, LibraryItem, Page, Sort, TagCount, VersionItem},
    models::{ModelsStatus, Price},
    prompt::OwnPrompt,
    question::Question,
    run::RunPage,
    video_list::VideoList,
    youtube_health::{Pause, YouTubeHealth},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use server_fn::{codec::Post, error::ServerFnErrorErr};

use crate::{
    flash::{Flash, PromptDraft},
    json_text::JsonText,
    preferences::Preferences,
};

/// How answers travel.
type Answer = Post<JsonText>;

/// Items on a page of the library.
pub const PER_PAGE: u32 = 24;

/// Summaries on the home page.
pub const NEWEST: u32 = 6;

/// Why a page could not be filled. Safe to show: what happened inside stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum PageError {
    /// Nobody is signed in (any more).
    #[error("You are signed out.")]
    SignIn,
    /// There is none by that id.
    #[error("There is no such summary.")]
    NotFound,
    /// The run or the deletion is past the point where this could be done.
    #[error("Too late: that is no longer possible.")]
    TooLate,
    /// Postgres does not answer as it should.
    #[error("The database does not answer. Nothing is lost; try again in a moment.")]
    Store,
    /// YouTube would not; what happened, whose fault it is, what to do.
    #[error("{} {}", .0.message, .0.hint)]
    Upstream(Box<Fault>),
    /// The server could not be reached or understood.
    #[error("The server could not be reached. Try again in a moment.")]
    Transport(String),
}

impl server_fn::error::FromServerFnError for PageError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Transport(error.to_string())
    }
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

/// What the home page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HomeData {
    /// The newest summaries.
    pub newest: Vec<LibraryItem>,
    /// The models that can be chosen.
    pub models: Vec<ModelChoice>,
    /// The one that is used where none is chosen.
    pub default_model: String,
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
}

/// What a page needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The home page's data.
    Home,
    /// The page of a run and summary, by its id.
    Run(String),
    /// A page of the library, from 1: all, or those with a tag.
    Library(u32, Sort, Option<String>),
    /// The summaries of a video.
    Versions(String),
    /// Two summaries side by side.
    Compare(String, String),
    /// A page of what is found, from 1, and what was typed.
    Search(u32, String),
    /// The videos of the list at this address of ours; whether YouTube is asked even where it was a moment ago.
    List(bool, String),
    /// What is being worked on.
    Activity,
    /// What this browser remembers about looks and keys.
    Preferences,
    /// How YouTube treats this server.
    YouTube,
    /// Who may come in.
    Access,
    /// The form of the settings page at this address.
    Settings(String),
    /// The providers of models, and what was spent today.
    Models,
    /// The prompts that people wrote.
    Prompts,
    /// The questions to a video, by its id.
    Questions(String),
    /// The questions of a conversation with the library, by its id; empty for a new one.
    Conversation(String),
    /// A question, by its id.
    Question(String),
}

/// What a page gets: the variant that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Data {
    /// See [`Ask::Home`].
    Home(HomeData),
    /// See [`Ask::Run`].
    Run(Box<RunPage>),
    /// See [`Ask::Library`].
    Library(Box<LibraryData>),
    /// See [`Ask::Versions`].
    Versions(Vec<VersionItem>),
    /// See [`Ask::Compare`].
    Compare(Vec<Side>),
    /// See [`Ask::Search`].
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
    /// See [`Ask::Prompts`].
    Prompts(PromptsData),
    /// See [`Ask::Questions`] and [`Ask::Conversation`].
    Questions(Box<Conversation>),
    /// See [`Ask::Question`].
    Question(Box<Question>),
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => f.write_str("home"),
            Self::Run(id) => write!(f, "run/{id}"),
            Self::Library(page, sort, tag) => {
                write!(f, "library/{page}/{}/{}", sort.as_str(), tag.as_deref().unwrap_or(""))
            }
            Self::Versions(video) => write!(f, "versions/{video}"),
            Self::Compare(one, other) => write!(f, "compare/{one}/{other}"),
            Self::Search(page, typed) => write!(f, "search/{page}/{typed}"),
            Self::List(again, path) => write!(f, "{}{path}", if *again { "list-again" } else { "list" }),
            Self::Activity => f.write_str("activity"),
            Self::Preferences => f.write_str("preferences"),
            Self::YouTube => f.write_str("youtube"),
            Self::Access => f.write_str("access"),
            Self::Settings(path) => write!(f, "form{path}"),
            Self::Models => f.write_str("models"),
            Self::Prompts => f.write_str("prompts"),
            Self::Questions(video) => write!(f, "questions/{video}"),
            Self::Conversation(thread) => write!(f, "conversation/{thread}"),
            Self::Question(id) => write!(f, "question/{id}"),
        }
    }
}

impl FromStr for Ask {
    type Err = PageError;

    fn from_str(text: &str) -> Result<Self, PageError> {
        Ok(match text.split_once('/') {
            None if text == "home" => Self::Home,
            None if text == "activity" => Self::Activity,
            None if text == "preferences" => Self::Preferences,
            None if text == "youtube" => Self::YouTube,
            None if text == "access" => Self::Access,
            None if text == "models" => Self::Models,
            None if text == "prompts" => Self::Prompts,
            Some(("form", path)) => Self::Settings(format!("/{path}")),
            Some(("run", id)) => Self::Run(id.to_owned()),
            Some(("questions", video)) => Self::Questions(video.to_owned()),
            Some(("conversation", thread)) => Self::Conversation(thread.to_owned()),
            Some(("question", id)) => Self::Question(id.to_owned()),
            Some(("library", rest)) => {
                let (page, rest) = rest.split_once('/').ok_or(PageError::NotFound)?;
                let (sort, tag) = rest.split_once('/').ok_or(PageError::NotFound)?;
                let tag = Some(tag.to_owned()).filter(|tag| !tag.is_empty());
                Self::Library(number(page)?, Sort::from_name(sort), tag)
            }
            Some(("versions", video)) => Self::Versions(video.to_owned()),
            Some(("compare", rest)) => {
                let (one, other) = rest.split_once('/').ok_or(PageError::NotFound)?;
                Self::Compare(one.to_owned(), other.to_owned())
            }
            Some(("list", path)) => Self::List(false, format!("/{path}")),
            Some(("list-again", path)) => Self::List(true, format!("/{path}")),
            Some(("search", rest)) => {
                let (page, typed) = rest.split_once('/').ok_or(PageError::NotFound)?;
                Self::Search(number(page)?, typed.to_owned())
            }
            _ => return Err(PageError::NotFound),
        })
    }
}

fn number(text: &str) -> Result<u32, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// What a page needs. One function for all pages: the browser downloads the machinery around each such function.
///
/// # Errors
/// [`PageError`]
#[server(name = Load, prefix = "/api/ui", endpoint = "page", input = GetUrl, output = Answer)]
pub async fn load(ask: String) -> Result<Data, PageError> {
    ssr::granted()?;
    match ask.parse().map_err(ssr::refuse)? {
        Ask::Home => ssr::home().await.map(Data::Home),
        Ask::Run(id) => ssr::run(&id).await.map(|page| Data::Run(Box::new(page))),
        Ask::Library(page, sort, tag) => ssr::library(page, sort, tag).await.map(Box::new).map(Data::Library),
        Ask::Versions(video) => ssr::versions(&video).await.map(Data::Versions),
        Ask::Compare(one, other) => ssr::compare([&one, &other]).await.map(Data::Compare),
        Ask::Search(page, typed) => ssr::search(page, &typed).await.map(Data::Search),
        Ask::List(again, path) => ssr::list(again, &path).await.map(Box::new).map(Data::List),
        Ask::Activity => ssr::activity().await.map(Data::Activity),
        Ask::Preferences => Ok(Data::Preferences(Preferences::of_request())),
        Ask::YouTube => ssr::youtube().await.map(Box::new).map(Data::YouTube),
        Ask::Access => ssr::access_page().await.map(Data::Access),
        Ask::Settings(path) => ssr::settings_form(&path).map(Data::Settings),
        Ask::Models => ssr::models_status().await.map(Box::new).map(Data::Models),
        Ask::Prompts => ssr::prompts().await.map(Data::Prompts),
        Ask::Questions(video) => ssr::questions(&video).await.map(Box::new).map(Data::Questions),
        Ask::Conversation(thread) => ssr::conversation(&thread).await.map(Box::new).map(Data::Questions),
        Ask::Question(id) => ssr::question(&id).await.map(Box::new).map(Data::Question),
    }
}

/// Asks a run to stop.
///
/// # Errors
/// [`PageError`]
#[server(name = CancelRun, prefix = "/api/ui", endpoint = "cancel")]
pub async fn cancel_run(id: String) -> Result<(), PageError> {
    let stopped = ssr::services()?.cancel(&id).await.map_err(ssr::store)?;
    if stopped {
        Ok(())
    } else {
        Err(ssr::refuse(PageError::TooLate))
    }
}

/// Stops a question.
///
/// # Errors
/// [`PageError`]
#[server(name = StopQuestion, prefix = "/api/ui", endpoint = "stop-question")]
pub async fn stop_question(id: String) -> Result<(), PageError> {
    let stopped = ssr::services()?.cancel_question(&id).await.map_err(ssr::store)?;
    if stopped {
        Ok(())
    } else {
        Err(ssr::refuse(PageError::TooLate))
    }
}

/// Deletes a question and its answer.
///
/// # Errors
/// [`PageError`]
#[server(name = DeleteQuestion, prefix = "/api/ui", endpoint = "delete-question")]
pub async fn delete_question(id: String) -> Result<(), PageError> {
    let deleted = ssr::services()?.delete_question(&id).await.map_err(ssr::store)?;
    if deleted {
        Ok(())
    } else {
        Err(ssr::refuse(PageError::TooLate))
    }
}

/// Starts a run again.
///
/// # Errors
/// [`PageError`]
#[server(name = RetryRun, prefix = "/api/ui", endpoint = "retry")]
pub async fn retry_run(id: String) -> Result<(), PageError> {
    let started = ssr::services()?.retry(&id).await.map_err(ssr::store)?;
    if started {
        Ok(())
    } else {
        Err(ssr::refuse(PageError::TooLate))
    }
}

/// Asks all runs of a batch to stop.
///
/// # Errors
/// [`PageError`]
#[server(name = CancelBatch, prefix = "/api/ui", endpoint = "cancel-batch")]
pub async fn cancel_batch(id: String) -> Result<(), PageError> {
    let stopped = ssr::services()?.cancel_batch(&id).await.map_err(ssr::store)?;
    ssr::some(stopped)
}

/// Starts the failed runs of a batch again.
///
/// # Errors
/// [`PageError`]
#[server(name = RetryBatch, prefix = "/api/ui", endpoint = "retry-batch")]
pub async fn retry_batch(id: String) -> Result<(), PageError> {
    let started = ssr::services()?.retry_batch(&id).await.map_err(ssr::store)?;
    ssr::some(started)
}

/// Starts all failed runs again that Activity shows. `id` is not used; every such form has one.
///
/// # Errors
/// [`PageError`]
#[server(name = RetryFailed, prefix = "/api/ui", endpoint = "retry-failed")]
pub async fn retry_failed(id: String) -> Result<(), PageError> {
    let _ = id;
    let started = ssr::services()?.retry_failed().await.map_err(ssr::store)?;
    ssr::some(Some(started))
}

/// Tries each YouTube client; runs that wait for YouTube go on where one works. `id` is not used; every such form has one.
///
/// # Errors
/// [`PageError`]
#[server(name = TestYouTube, prefix = "/api/ui", endpoint = "test-youtube")]
pub async fn test_youtube(id: String) -> Result<(), PageError> {
    let _ = id;
    ssr::services()?.test_youtube().await.map(drop).map_err(ssr::store)
}

/// Deletes a summary; its title. A plain form lands on the library, which offers to take it back.
///
/// # Errors
/// [`PageError`]
#[server(name = DeleteSummary, prefix = "/api/ui", endpoint = "delete")]
pub async fn delete_summary(id: String) -> Result<String, PageError> {
    let title = ssr::services()?.delete_summary(&id).await.map_err(ssr::store)?;
    let title = title.ok_or_else(|| ssr::refuse(PageError::NotFound))?;
    ssr::write_down("summary_deleted", &title).await?;
    if ssr::is_plain_form() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        leptos_axum::redirect(&format!("/library?deleted={id}"));
    }
    Ok(title)
}

/// Takes a deletion back. A plain form lands on the summary.
///
/// # Errors
/// [`PageError`]
#[server(name = RestoreSummary, prefix = "/api/ui", endpoint = "restore")]
pub async fn restore_summary(id: String) -> Result<(), PageError> {
    let restored = ssr::services()?.restore_summary(&id).await.map_err(ssr::store)?;
    if !restored {
        return Err(ssr::refuse(PageError::TooLate));
    }
    ssr::write_down("summary_restored", &id).await?;
    if ssr::is_plain_form() {
        leptos_axum::redirect("/library");
    }
    Ok(())
}

/// Remembers looks and keys in this browser, for a year.
///
/// # Errors
/// [`PageError::Transport`]
#[server(name = SaveAppearance, prefix = "/api/ui", endpoint = "appearance")]
pub async fn save_appearance(theme: String, keys: Option<String>) -> Result<(), PageError> {
    use crate::preferences::{KEYS_COOKIE, THEME_COOKIE, Theme};
    ssr::granted()?;
    ssr::set_cookie(THEME_COOKIE, Theme::from_name(&theme).as_str());
    ssr::set_cookie(KEYS_COOKIE, if keys.as_deref() == Some("on") { "on" } else { "off" });
    Ok(())
}

#[cfg(feature = "ssr")]
pub(crate) use ssr::models as model_choices;

/// What the functions above share on the server.
#[cfg(feature = "ssr")]
mod ssr {
    use backend::{
        access::{Access, Granted},
        services::{ListError, Services, StoreError},
    };
    use domain::{
        fault::Whose,
        library::{self, Compared, Shown, Sort, VersionItem},
        link::Link,
        run::Request,
    };
    use http::{HeaderValue, Method, StatusCode, header, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use super::{
        Activity, Conversation, Flash, FoundPage, HomeData, LibraryData, ListData, ModelChoice, ModelsStatus, NEWEST,
        PER_PAGE, PageError, PromptsData, Question, RunPage, Side, YouTubeHealth,
    };
    use crate::{
        preferences::OverTls,
        settings_view::{self, SettingsForm, SettingsForms},
        times, words,
    };

    pub(super) async fn home() -> Result<HomeData, PageError> {
        let services = services()?;
        let newest = services.library(1, NEWEST).await.map_err(store)?;
        Ok(HomeData {
            newest: newest.items,
            models: models(&services).await,
            default_model: services.default_model(),
            flash: use_context::<Flash>(),
            pause: services.youtube_pause().await.map_err(store)?,
            prompts: prompt_names(&services).await?,
        })
    }

    async fn prompt_names(services: &Services) -> Result<Vec<String>, PageError> {
        let prompts = services.prompts().await.map_err(store)?;
        Ok(prompts.into_iter().map(|prompt| prompt.name).collect())
    }

    pub(super) async fn prompts() -> Result<PromptsData, PageError> {
        Ok(PromptsData {
            prompts: services()?.prompts().await.map_err(store)?,
            draft: use_context::<Flash>().and_then(|flash| flash.prompt),
        })
    }

    pub(crate) async fn models(services: &Services) -> Vec<ModelChoice> {
        let choices = services.models().await.into_iter().map(|model| ModelChoice {
            name: model.name,
            provider: model.provider,
            note: model.shutdown.map_or_else(String::new, |day| format!("until {day}")),
            price: model.price,
        });
        choices.collect()
    }

    pub(super) async fn list(again: bool, path: &str) -> Result<ListData, PageError> {
        let services = services()?;
        let link = Link::from_preview(path).ok_or_else(|| refuse(PageError::NotFound))?;
        match services.list(&link, again).await {
            Ok(list) => Ok(ListData {
                address: link.canonical(),
                list,
                models: models(&services).await,
                default_model: services.default_model(),
                prompts: prompt_names(&services).await?,
                seconds: services
                    .typical_seconds()
                    .await
                    .map_err(store)?
                    .into_iter()
                    .map(|(model, seconds)| (model, crate::times::whole(seconds)))
                    .collect(),
            }),
            Err(ListError::YouTube(error)) => Err(refuse(PageError::Upstream(Box::new(error.fault())))),
            Err(ListError::Store(error)) => Err(store(error)),
        }
    }

    pub(super) async fn run(id: &str) -> Result<RunPage, PageError> {
        let page = services()?.run_page(id).await.map_err(store)?;
        page.ok_or_else(|| refuse(PageError::NotFound))
    }

    pub(super) async fn library(page: u32, sort: Sort, tag: Option<String>) -> Result<LibraryData, PageError> {
        let services = services()?;
        let shown = Shown {
            page: page.max(1),
            per_page: PER_PAGE,
            sort,
            tag: tag.as_deref().and_then(library::tag),
        };
        Ok(LibraryData {
            page: services.library_of(&shown).await.map_err(store)?,
            tags: services.tags().await.map_err(store)?,
        })
    }

    pub(super) async fn versions(video: &str) -> Result<Vec<VersionItem>, PageError> {
        let versions = services()?.versions(video).await.map_err(store)?;
        if versions.is_empty() {
            return Err(refuse(PageError::NotFound));
        }
        Ok(versions)
    }

    pub(super) async fn compare(ids: [&str; 2]) -> Result<Vec<Side>, PageError> {
        let services = services()?;
        let mut sides = Vec::new();
        for id in ids {
            let found = services.compared(id).await.map_err(store)?;
            sides.push(side(found.ok_or_else(|| refuse(PageError::NotFound))?));
        }
        Ok(sides)
    }

    fn side(Compared { summary, video, html }: Compared) -> Side {
        let Request {
            style,
            language,
            words,
            span,
            ..
        } = &summary.request;
        let spoken = &summary.provenance.transcript_language;
        let written_in = language.as_deref().unwrap_or(spoken);
        let hours = video.duration_s.is_some_and(|seconds| seconds >= 3600);
        let facts = [
            Some(words::model(&summary.provenance.model).to_owned()),
            Some(style.clone()),
            Some(words::language(written_in).to_owned()),
            Some(format!("at most {words} words")),
            span.map(|span| times::part(span, hours)),
            Some(times::date(summary.created_at)),
        ];
        Side {
            facts: facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
            checked: summary.checked(),
            language: Some(written_in.to_owned()).filter(|code| !code.is_empty()),
            id: summary.id,
            video_id: summary.video_id,
            title: summary.title,
            html,
        }
    }

    pub(super) async fn search(page: u32, typed: &str) -> Result<FoundPage, PageError> {
        services()?.search(typed, page).await.map_err(store)
    }

    pub(super) async fn activity() -> Result<Activity, PageError> {
        services()?.activity().await.map_err(store)
    }

    pub(super) async fn questions(video: &str) -> Result<Conversation, PageError> {
        Ok(Conversation {
            questions: services()?.questions_of(video).await.map_err(store)?,
            ..Conversation::default()
        })
    }

    pub(super) async fn conversation(thread: &str) -> Result<Conversation, PageError> {
        let services = services()?;
        Ok(Conversation {
            questions: services.conversation(thread).await.map_err(store)?,
            threads: services.conversations().await.map_err(store)?,
            models: models(&services).await,
            default_model: services.default_model(),
        })
    }

    pub(super) async fn question(id: &str) -> Result<Question, PageError> {
        let question = services()?.question(id).await.map_err(store)?;
        question.ok_or_else(|| refuse(PageError::NotFound))
    }

    pub(super) async fn youtube() -> Result<YouTubeHealth, PageError> {
        services()?.youtube_health().await.map_err(store)
    }

    pub(super) async fn models_status() -> Result<ModelsStatus, PageError> {
        services()?.models_status().await.map_err(store)
    }

    /// Too late where it came to nothing.
    pub(super) fn some(count: Option<usize>) -> Result<(), PageError> {
        match count {
            None => Err(refuse(PageError::NotFound)),
            Some(0) => Err(refuse(PageError::TooLate)),
            Some(_) => Ok(()),
        }
    }

    /// Everything goes through here, and nobody gets it whom the gate has not let in: it says so once more, inside.
    pub(super) fn services() -> Result<Services, PageError> {
        granted()?;
        provided()
    }

    /// Who asks, as the gate found.
    pub(super) fn granted() -> Result<Granted, PageError> {
        use_context::<Parts>()
            .and_then(|parts| parts.extensions.get::<Granted>().cloned())
            .ok_or_else(|| refuse(PageError::SignIn))
    }

    pub(super) async fn access_page() -> Result<String, PageError> {
        let granted = granted()?;
        let page = provided::<Access>()?.page(&granted).await.map_err(store)?;
        Ok(crate::access_view::html(
            page,
            use_context(),
            form_of("/settings/access", &granted)?,
        ))
    }

    pub(super) fn settings_form(path: &str) -> Result<String, PageError> {
        let form = form_of(path, &granted()?)?;
        form.map(settings_view::html).ok_or_else(|| refuse(PageError::NotFound))
    }

    fn form_of(path: &str, granted: &Granted) -> Result<Option<SettingsForm>, PageError> {
        // One that was not good stands as it was typed.
        if let Some(form) = use_context::<SettingsForm>().filter(|form| form.action == path) {
            return Ok(Some(form));
        }
        Ok((provided::<SettingsForms>()?.0)(path, granted))
    }

    pub(super) async fn write_down(kind: &str, detail: &str) -> Result<(), PageError> {
        let granted = granted()?;
        provided::<Access>()?
            .write_down(kind, &granted, detail)
            .await
            .map_err(store)
    }

    fn provided<T: Clone + 'static>() -> Result<T, PageError> {
        use_context().ok_or_else(|| {
            tracing::error!("something was not provided to the pages");
            refuse(PageError::Store)
        })
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
    pub(super) fn store(error: StoreError) -> PageError {
        tracing::error!(%error, "a page could not be filled");
        refuse(PageError::Store)
    }

    /// Gives the answer the status that its error means; otherwise every one of them would be a 500. A plain form keeps
    /// the redirect to where it came from, which a status would undo.
    pub(super) fn refuse(error: PageError) -> PageError {
        if is_plain_form() {
            return error;
        }
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(match &error {
                PageError::SignIn => StatusCode::UNAUTHORIZED,
                PageError::NotFound => StatusCode::NOT_FOUND,
                PageError::TooLate => StatusCode::CONFLICT,
                PageError::Store => StatusCode::SERVICE_UNAVAILABLE,
                PageError::Upstream(fault) if fault.whose == Whose::Input => StatusCode::NOT_FOUND,
                PageError::Upstream(_) | PageError::Transport(_) => StatusCode::BAD_GATEWAY,
            });
        }
        error
    }

    /// Whether a browser without script sent this: it wants a page for an answer.
    pub(super) fn is_plain_form() -> bool {
        use_context::<Parts>().is_some_and(|parts| {
            let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
            parts.method == Method::POST && accept.is_some_and(|accept| accept.contains("text/html"))
        })
    }

    /// `name` and `value` are words of ours.
    pub(super) fn set_cookie(name: &str, value: &str) {
        let secure = if use_context::<OverTls>().is_some_and(|over| over.0) {
            "; Secure"
        } else {
            ""
        };
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}");
        if let (Some(response), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
            response.append_header(header::SET_COOKIE, cookie);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_survives_the_way() {
        for ask in [
            Ask::Home,
            Ask::Models,
            Ask::Run("a/b".to_owned()),
            Ask::Library(3, Sort::Newest, None),
            Ask::Library(3, Sort::Title, Some("a/b tag".to_owned())),
            Ask::List(true, "/channels/@x".to_owned()),
            Ask::Search(2, "a/b \"c d\" -e".to_owned()),
            Ask::Activity,
            Ask::Preferences,
            Ask::YouTube,
            Ask::Questions("upload-1".to_owned()),
            Ask::Conversation(String::new()),
            Ask::Question("x".to_owned()),
        ] {
            assert_eq!(ask.to_string().parse(), Ok(ask));
        }
        for bad in ["", "home/", "library/x", "library/-1", "search/a", "search/x/a", "else"] {
            assert_eq!(bad.parse::<Ask>(), Err(PageError::NotFound), "{bad}");
        }
    }
}
