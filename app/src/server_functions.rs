//! What pages ask of the server: thin functions that call `backend::services` and word its errors. Those that change
//! something are POST and also work as plain forms, which come back to the page they were sent from.

#![expect(
    missing_docs,
    reason = "#[server] makes public structs of the arguments, whose fields can't be documented"
)]

#[cfg(feature = "ssr")]
mod answers;
mod ask;
mod data;
mod page_error;
#[cfg(feature = "ssr")]
mod request;

use leptos::{prelude::*, server_fn::codec::GetUrl};
use server_fn::codec::Post;

#[cfg(feature = "ssr")]
pub(crate) use self::answers::models as model_choices;
pub use self::{
    ask::Ask,
    data::{
        Choices, Conversation, Data, DeletedSummary, HomeData, LibraryData, ListData, ModelChoice, PromptsData, Side,
    },
    page_error::PageError,
};
use crate::json_text::JsonText;
#[cfg(feature = "ssr")]
use crate::preferences::Preferences;

/// How answers travel.
type Answer = Post<JsonText>;

/// Items on a page of the library.
pub const PER_PAGE: u32 = 24;

/// Summaries on the home page.
pub const NEWEST: u32 = 6;

/// What a page needs. One function for all pages: the browser downloads the machinery around each such function.
///
/// # Errors
/// [`PageError`]
#[server(name = Load, prefix = "/api/ui", endpoint = "page", input = GetUrl, output = Answer)]
pub async fn load(ask: String) -> Result<Data, PageError> {
    request::granted()?;
    match ask.parse().map_err(request::refuse)? {
        Ask::Home => answers::home().await.map(Data::Home),
        Ask::Run(id) => answers::run(&id).await,
        Ask::Library(page, sort, tag) => answers::library(page, sort, tag).await.map(Box::new).map(Data::Library),
        Ask::Versions(video) => answers::versions(&video).await.map(Data::Versions),
        Ask::Compare(one, other) => answers::compare([&one, &other]).await.map(Data::Compare),
        Ask::Search(page, typed) => answers::search(page, &typed).await.map(Data::Search),
        Ask::SearchIn(video, typed) => answers::search_in(&video, &typed).await.map(Data::Search),
        Ask::List(again, path) => answers::list(again, &path).await.map(Box::new).map(Data::List),
        Ask::Activity => answers::activity().await.map(Data::Activity),
        Ask::Preferences => Ok(Data::Preferences(Preferences::of_request())),
        Ask::YouTube => answers::youtube().await.map(Box::new).map(Data::YouTube),
        Ask::Access => answers::access_page().await.map(Data::Access),
        Ask::Settings(path) => answers::settings_form(&path).map(Data::Settings),
        Ask::Models => answers::models_status().await.map(Box::new).map(Data::Models),
        Ask::Choices => answers::choices().await.map(Data::Choices),
        Ask::Prompts => answers::prompts().await.map(Data::Prompts),
        Ask::Questions(video) => answers::questions(&video).await.map(Box::new).map(Data::Questions),
        Ask::Conversation(thread) => answers::conversation(&thread).await.map(Box::new).map(Data::Questions),
        Ask::Question(id) => answers::question(&id).await.map(Box::new).map(Data::Question),
    }
}

/// Asks a run to stop.
///
/// # Errors
/// [`PageError`]
#[server(name = CancelRun, prefix = "/api/ui", endpoint = "cancel")]
pub async fn cancel_run(id: String) -> Result<(), PageError> {
    let stopped = request::services()?.cancel(&id).await.map_err(request::store)?;
    if stopped {
        Ok(())
    } else {
        Err(request::refuse(PageError::TooLate))
    }
}

/// Stops a question.
///
/// # Errors
/// [`PageError`]
#[server(name = StopQuestion, prefix = "/api/ui", endpoint = "stop-question")]
pub async fn stop_question(id: String) -> Result<(), PageError> {
    let stopped = request::services()?
        .cancel_question(&id)
        .await
        .map_err(request::store)?;
    if stopped {
        Ok(())
    } else {
        Err(request::refuse(PageError::TooLate))
    }
}

/// Deletes a question and its answer. A plain form lands on the page it came from, which offers to take it back.
///
/// # Errors
/// [`PageError`]
#[server(name = DeleteQuestion, prefix = "/api/ui", endpoint = "delete-question")]
pub async fn delete_question(id: String) -> Result<(), PageError> {
    let services = request::services()?;
    let question = services.question(&id).await.map_err(request::store)?;
    let deleted = services.delete_question(&id).await.map_err(request::store)?;
    let Some(question) = question.filter(|_| deleted) else {
        return Err(request::refuse(PageError::TooLate));
    };
    request::write_down("question_deleted", &question.text).await?;
    if request::is_plain_form() {
        let (page, sign) = request::page_of(&question);
        leptos_axum::redirect(&format!("{page}{sign}deleted={}#questions", question.id));
    }
    Ok(())
}

/// Takes such a deletion back. A plain form lands on the answer.
///
/// # Errors
/// [`PageError`]
#[server(name = RestoreQuestion, prefix = "/api/ui", endpoint = "restore-question")]
pub async fn restore_question(id: String) -> Result<(), PageError> {
    let services = request::services()?;
    let restored = services.restore_question(&id).await.map_err(request::store)?;
    let question = services.question(&id).await.map_err(request::store)?;
    let Some(question) = question.filter(|_| restored) else {
        return Err(request::refuse(PageError::TooLate));
    };
    request::write_down("question_restored", &question.text).await?;
    if request::is_plain_form() {
        let (page, _) = request::page_of(&question);
        leptos_axum::redirect(&format!("{page}#q-{}", question.id));
    }
    Ok(())
}

/// Starts a run again.
///
/// # Errors
/// [`PageError`]
#[server(name = RetryRun, prefix = "/api/ui", endpoint = "retry")]
pub async fn retry_run(id: String) -> Result<(), PageError> {
    let started = request::services()?.retry(&id).await.map_err(request::store)?;
    if started {
        Ok(())
    } else {
        Err(request::refuse(PageError::TooLate))
    }
}

/// Asks all runs of a batch to stop.
///
/// # Errors
/// [`PageError`]
#[server(name = CancelBatch, prefix = "/api/ui", endpoint = "cancel-batch")]
pub async fn cancel_batch(id: String) -> Result<(), PageError> {
    let stopped = request::services()?.cancel_batch(&id).await.map_err(request::store)?;
    request::some(stopped)
}

/// Starts the failed runs of a batch again.
///
/// # Errors
/// [`PageError`]
#[server(name = RetryBatch, prefix = "/api/ui", endpoint = "retry-batch")]
pub async fn retry_batch(id: String) -> Result<(), PageError> {
    let started = request::services()?.retry_batch(&id).await.map_err(request::store)?;
    request::some(started)
}

/// Starts all failed runs again that Activity shows. `id` is not used; every such form has one.
///
/// # Errors
/// [`PageError`]
#[server(name = RetryFailed, prefix = "/api/ui", endpoint = "retry-failed")]
pub async fn retry_failed(id: String) -> Result<(), PageError> {
    let _ = id;
    let started = request::services()?.retry_failed().await.map_err(request::store)?;
    request::some(Some(started))
}

/// Tries each YouTube client; runs that wait for YouTube go on where one works. `id` is not used; every such form has one.
///
/// # Errors
/// [`PageError`]
#[server(name = TestYouTube, prefix = "/api/ui", endpoint = "test-youtube")]
pub async fn test_youtube(id: String) -> Result<(), PageError> {
    let _ = id;
    request::services()?
        .test_youtube()
        .await
        .map(drop)
        .map_err(request::store)
}

/// Deletes a summary; its title. A plain form lands on the library, which offers to take it back.
///
/// # Errors
/// [`PageError`]
#[server(name = DeleteSummary, prefix = "/api/ui", endpoint = "delete")]
pub async fn delete_summary(id: String) -> Result<String, PageError> {
    let title = request::services()?.delete_summary(&id).await.map_err(request::store)?;
    let title = title.ok_or_else(|| request::refuse(PageError::NotFound))?;
    request::write_down("summary_deleted", &title).await?;
    if request::is_plain_form() && request::is_id(&id) {
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
    let restored = request::services()?
        .restore_summary(&id)
        .await
        .map_err(request::store)?;
    if !restored {
        return Err(request::refuse(PageError::TooLate));
    }
    request::write_down("summary_restored", &id).await?;
    if request::is_plain_form() && request::is_id(&id) {
        leptos_axum::redirect(&format!("/summaries/{id}"));
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
    request::granted()?;
    request::set_cookie(THEME_COOKIE, Theme::from_name(&theme).as_str());
    request::set_cookie(KEYS_COOKIE, if keys.as_deref() == Some("on") { "on" } else { "off" });
    Ok(())
}
