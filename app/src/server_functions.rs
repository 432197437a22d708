//! What pages ask of the server: thin functions that call `backend::services` and word its errors. Those that change
//! something are POST and also work as plain forms, which come back to the page they were sent from.

#![expect(
    missing_docs,
    reason = "#[server] makes public structs of the arguments, whose fields can't be documented"
)]

use std::{fmt, str::FromStr};

use domain::{
    fault::Fault,
    library::{Activity, FoundPage, LibraryItem, Page},
    question::Question,
    run::RunPage,
    video_list::VideoList,
    youtube_health::{Pause, YouTubeHealth},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use server_fn::{codec::Post, error::ServerFnErrorErr};

use crate::{flash::Flash, json_text::JsonText, preferences::Preferences};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelChoice {
    /// What it is asked by.
    pub name: String,
    /// Who runs it.
    pub provider: String,
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
    /// A page of the library, from 1.
    Library(u32),
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
    Library(Page<LibraryItem>),
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
            Self::Library(page) => write!(f, "library/{page}"),
            Self::Search(page, typed) => write!(f, "search/{page}/{typed}"),
            Self::List(again, path) => write!(f, "{}{path}", if *again { "list-again" } else { "list" }),
            Self::Activity => f.write_str("activity"),
            Self::Preferences => f.write_str("preferences"),
            Self::YouTube => f.write_str("youtube"),
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
            Some(("run", id)) => Self::Run(id.to_owned()),
            Some(("questions", video)) => Self::Questions(video.to_owned()),
            Some(("conversation", thread)) => Self::Conversation(thread.to_owned()),
            Some(("question", id)) => Self::Question(id.to_owned()),
            Some(("library", page)) => Self::Library(number(page)?),
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
    match ask.parse().map_err(ssr::refuse)? {
        Ask::Home => ssr::home().await.map(Data::Home),
        Ask::Run(id) => ssr::run(&id).await.map(|page| Data::Run(Box::new(page))),
        Ask::Library(page) => ssr::library(page).await.map(Data::Library),
        Ask::Search(page, typed) => ssr::search(page, &typed).await.map(Data::Search),
        Ask::List(again, path) => ssr::list(again, &path).await.map(Box::new).map(Data::List),
        Ask::Activity => ssr::activity().await.map(Data::Activity),
        Ask::Preferences => Ok(Data::Preferences(Preferences::of_request())),
        Ask::YouTube => ssr::youtube().await.map(Box::new).map(Data::YouTube),
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
    ssr::set_cookie(THEME_COOKIE, Theme::from_name(&theme).as_str());
    ssr::set_cookie(KEYS_COOKIE, if keys.as_deref() == Some("on") { "on" } else { "off" });
    Ok(())
}

/// What the functions above share on the server.
#[cfg(feature = "ssr")]
mod ssr {
    use backend::services::{ListError, Services, StoreError};
    use domain::{fault::Whose, link::Link};
    use http::{HeaderValue, Method, StatusCode, header, request::Parts};
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    use super::{
        Activity, Conversation, Flash, FoundPage, HomeData, LibraryItem, ListData, ModelChoice, NEWEST, PER_PAGE, Page,
        PageError, Question, RunPage, YouTubeHealth,
    };

    pub(super) async fn home() -> Result<HomeData, PageError> {
        let services = services()?;
        let newest = services.library(1, NEWEST).await.map_err(store)?;
        Ok(HomeData {
            newest: newest.items,
            models: models(&services).await,
            default_model: services.default_model().to_owned(),
            flash: use_context::<Flash>(),
            pause: services.youtube_pause().await.map_err(store)?,
        })
    }

    async fn models(services: &Services) -> Vec<ModelChoice> {
        let choices = services.models().await.into_iter().map(|model| ModelChoice {
            name: model.name,
            provider: model.provider,
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
                default_model: services.default_model().to_owned(),
            }),
            Err(ListError::YouTube(error)) => Err(refuse(PageError::Upstream(Box::new(error.fault())))),
            Err(ListError::Store(error)) => Err(store(error)),
        }
    }

    pub(super) async fn run(id: &str) -> Result<RunPage, PageError> {
        let page = services()?.run_page(id).await.map_err(store)?;
        page.ok_or_else(|| refuse(PageError::NotFound))
    }

    pub(super) async fn library(page: u32) -> Result<Page<LibraryItem>, PageError> {
        services()?.library(page.max(1), PER_PAGE).await.map_err(store)
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
            default_model: services.default_model().to_owned(),
        })
    }

    pub(super) async fn question(id: &str) -> Result<Question, PageError> {
        let question = services()?.question(id).await.map_err(store)?;
        question.ok_or_else(|| refuse(PageError::NotFound))
    }

    pub(super) async fn youtube() -> Result<YouTubeHealth, PageError> {
        services()?.youtube_health().await.map_err(store)
    }

    pub(super) fn services() -> Result<Services, PageError> {
        use_context().ok_or_else(|| {
            tracing::error!("no services were provided to the pages");
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
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
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
            Ask::Run("a/b".to_owned()),
            Ask::Library(3),
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
