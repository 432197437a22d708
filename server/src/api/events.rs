//! `/api/v1/runs/{id}/events`: what happens to a run, as server-sent events. The id of an event is its sequence number, so a
//! browser that comes back (`Last-Event-ID`) misses nothing. Watching changes nothing: leaving does not stop the run.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event as SseEvent, KeepAlive, Sse},
    },
};
use backend::{
    access::Granted,
    database::{events, runs},
};
use domain::run::Event;
use futures::Stream;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::problem::{ApiError, Problem, Query};
use crate::{access::streams::Open, app_state::AppState};

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
pub struct From {
    /// The last event that is known already.
    after: Option<i64>,
}

impl From {
    /// The event to begin after: what a browser that comes back says counts more than the address.
    pub(super) fn begin(&self, headers: &HeaderMap) -> i64 {
        let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
        last.and_then(|value| value.parse().ok()).or(self.after).unwrap_or(0)
    }
}

/// Follows a run until it ends.
#[utoipa::path(get, path = "/api/v1/runs/{id}/events", params(From),
    responses((status = 200, description = "text/event-stream; data is {\"type\": \"stage\" | \"ready\" | \"restart\" | \"text\" | \"state\", …}"),
              (status = 204, description = "the run has ended and nothing is left to tell"), (status = 404, body = Problem)))]
pub async fn follow(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    Path(id): Path<String>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let run: Uuid = id.parse().map_err(|_| ApiError::NotFound("run"))?;
    let found = state.services.run(&id).await?.ok_or(ApiError::NotFound("run"))?;
    let after = from.begin(&headers);
    let pending = events::after(&state.services.pool, run, after).await?;
    if !found.state.is_open() && pending.is_empty() {
        // Tells an EventSource not to come back.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let open = state.door.streams.open(&granted)?;
    let stream =
        Sse::new(stream(state, run, after, open)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    // nginx would gather the events otherwise.
    Ok(([("x-accel-buffering", "no")], stream).into_response())
}

/// `open` is counted as long as the stream lives.
fn stream(state: AppState, run: Uuid, mut after: i64, open: Open) -> impl Stream<Item = Result<SseEvent, Infallible>> {
    async_stream::stream! {
        let _open = open;
        let mut watcher = state.services.live.follow(run);
        let mut is_told = false;
        loop {
            match events::after(&state.services.pool, run, after).await {
                Ok(news) => {
                    is_told = false;
                    for (seq, event) in news {
                        after = seq;
                        if let Ok(sent) = SseEvent::default().id(seq.to_string()).json_data(&event) {
                            yield Ok(sent);
                        }
                        if matches!(event, Event::State { state } if !state.is_open()) && ended(&state, run).await {
                            return;
                        }
                    }
                }
                // Tried again at each news, and said once.
                Err(error) if !is_told => {
                    is_told = true;
                    tracing::warn!(%error, "events could not be read; trying again");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = watcher.news() => {}
                () = state.shutdown.cancelled() => {
                    yield Ok(bye());
                    return;
                }
            }
        }
    }
}

/// The last word of a server that stops. A browser comes back by itself after a moment, to us or to another replica, and asks for
/// what it missed.
pub(super) fn bye() -> SseEvent {
    SseEvent::default()
        .event("bye")
        .retry(Duration::from_secs(1))
        .data("this server stops; come back")
}

/// Whether the run has really ended: an earlier end stays among the events when a run is started again.
async fn ended(state: &AppState, run: Uuid) -> bool {
    matches!(runs::get(&state.services.pool, run).await, Ok(Some(run)) if !run.state.is_open())
}
