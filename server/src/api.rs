//! The REST API under `/api/v1`, documented at `/api/v1/openapi.json`. Errors are RFC 9457 problem documents.

mod batches;
mod events;
mod exports;
mod lists;
pub mod problem;
mod questions;
mod runs;
mod search;
mod summaries;

use axum::{Json, Router, routing::get};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app_state::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "YouTube Summarizer",
    description = "Summaries of videos and transcripts in which every claim leads to the second it was said."
))]
struct Document;

/// All routes of the API.
pub fn routes() -> Router<AppState> {
    let (router, document) = documented().split_for_parts();
    router.route("/api/v1/openapi.json", get(async move || Json(document)))
}

/// The routes with their documentation.
pub fn documented() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(runs::create))
        .routes(routes!(runs::show))
        .routes(routes!(runs::cancel))
        .routes(routes!(runs::retry))
        .routes(routes!(batches::show))
        .routes(routes!(batches::cancel))
        .routes(routes!(batches::retry))
        .routes(routes!(events::follow))
        .routes(routes!(lists::show))
        .routes(routes!(questions::ask_video, questions::of_video))
        .routes(routes!(questions::ask_library))
        .routes(routes!(questions::show, questions::delete))
        .routes(routes!(questions::cancel))
        .routes(routes!(questions::follow))
        .routes(routes!(search::find))
        .routes(routes!(summaries::list))
        .routes(routes!(summaries::show, summaries::delete))
        .routes(routes!(summaries::restore))
        .routes(routes!(summaries::versions))
        .routes(routes!(summaries::pin, summaries::unpin))
        .routes(routes!(summaries::tag, summaries::untag))
        .routes(routes!(exports::summary))
        .routes(routes!(exports::transcript))
}
