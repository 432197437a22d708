//! `/api/v1/search`: what fits a query, with the second it was said.

use axum::{Json, extract::State};
use backend::services::Services;
use domain::library::Found;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    problem::{ApiError, Query},
    summaries::ItemView,
};

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Asked {
    /// Words that must all occur, `"phrases"`, `-without`, `or`.
    q: String,
    /// From 1.
    page: Option<u32>,
}

/// A page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Results {
    items: Vec<Result>,
    page: u32,
    has_more: bool,
}

/// A video.
#[derive(Debug, Serialize, ToSchema)]
pub struct Result {
    /// Its newest summary.
    summary: ItemView,
    /// Sentences of its transcript, at most three; of the summary where no one of those has the words.
    places: Vec<Place>,
    /// How many more passages have some of the words.
    more: u32,
}

/// A sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    /// The passage's number; `null` of what a summary says that was not found in the transcript.
    passage: Option<u32>,
    /// When it was said; `null` in a text without times.
    start_ms: Option<u64>,
    text: String,
    /// Whether these are words of the summary, where nobody says those that were searched for.
    is_written: bool,
}

impl From<Found> for Result {
    fn from(found: Found) -> Self {
        let places = found.places.into_iter().map(|place| Place {
            passage: place.passage,
            start_ms: place.start_ms,
            text: place.pieces.into_iter().map(|piece| piece.text).collect(),
            is_written: place.is_written,
        });
        Self {
            places: places.collect(),
            summary: found.item.into(),
            more: found.more,
        }
    }
}

/// Videos whose title, summary or transcript fits, best first; where very many fit, newest first.
#[utoipa::path(get, path = "/api/v1/search", params(Asked), responses((status = 200, body = Results)))]
pub async fn find(
    State(services): State<Services>,
    Query(asked): Query<Asked>,
) -> std::result::Result<Json<Results>, ApiError> {
    let found = services.search(&asked.q, asked.page.unwrap_or(1)).await?;
    Ok(Json(Results {
        items: found.found.into_iter().map(Result::from).collect(),
        page: found.page,
        has_more: found.has_more,
    }))
}
