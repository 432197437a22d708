//! `/api/v1/batches/{id}`: runs that were asked for at once, by one `POST /api/v1/runs`.

use axum::{
    Json,
    extract::{Path, State},
};
use backend::services::Services;
use domain::{library::Batch, run::RunState};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    problem::{ApiError, Problem},
    runs::RunView,
};

/// A batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    id: String,
    /// The title of the list it came from; may be empty.
    label: String,
    /// When it was asked for (RFC 3339).
    created_at: Option<String>,
    /// How many of its runs are in each state.
    counts: Counts,
    /// Seconds until the last run ends, where that can be told.
    seconds_left: Option<u32>,
    /// Its runs, in the order they were asked for.
    runs: Vec<RunView>,
}

/// Runs by state.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    queued: usize,
    working: usize,
    waiting: usize,
    done: usize,
    failed: usize,
    cancelled: usize,
}

impl From<Batch> for BatchView {
    fn from(batch: Batch) -> Self {
        Self {
            counts: Counts {
                queued: batch.count(RunState::Queued),
                working: batch.count(RunState::Working),
                waiting: batch.count(RunState::Waiting),
                done: batch.count(RunState::Done),
                failed: batch.count(RunState::Failed),
                cancelled: batch.count(RunState::Cancelled),
            },
            id: batch.id,
            label: batch.label,
            created_at: chrono::DateTime::from_timestamp(batch.created_at, 0).map(|at| at.to_rfc3339()),
            seconds_left: batch.seconds_left,
            runs: batch.runs.into_iter().map(RunView::from).collect(),
        }
    }
}

/// A batch.
#[utoipa::path(get, path = "/api/v1/batches/{id}", responses((status = 200, body = BatchView), (status = 404, body = Problem)))]
pub async fn show(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<BatchView>, ApiError> {
    find(&services, &id).await.map(Json)
}

/// Stops all open runs of a batch; none is left open afterwards, so that it can be asked twice.
#[utoipa::path(post, path = "/api/v1/batches/{id}/cancel",
    responses((status = 200, body = BatchView), (status = 404, body = Problem)))]
pub async fn cancel(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<BatchView>, ApiError> {
    services.cancel_batch(&id).await?;
    find(&services, &id).await.map(Json)
}

/// Starts the failed runs of a batch again.
#[utoipa::path(post, path = "/api/v1/batches/{id}/retry",
    responses((status = 200, body = BatchView), (status = 404, body = Problem)))]
pub async fn retry(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<BatchView>, ApiError> {
    services.retry_batch(&id).await?;
    find(&services, &id).await.map(Json)
}

async fn find(services: &Services, id: &str) -> Result<BatchView, ApiError> {
    services
        .batch(id)
        .await?
        .map(BatchView::from)
        .ok_or(ApiError::NotFound("batch"))
}
