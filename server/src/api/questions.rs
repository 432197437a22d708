//! `/api/v1/videos/{id}/questions` and `/api/v1/questions`: asking a video or the whole library.

use std::convert::Infallible;
use std::time::Duration;

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event as SseEvent, KeepAlive, Sse},
    },
};
use backend::{
    access::{Access, Granted},
    database::{question_events, questions},
    questions::Asked,
    services::Services,
};
use domain::{question::Question, run::Event};
use futures::Stream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    events::{From as After, bye},
    problem::{ApiError, Body, Problem, Query},
    runs::ErrorView,
    summaries::{ClaimView, rfc3339},
};
use crate::{access::streams::Open, app_state::AppState};

/// A question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuestion {
    /// At most 500 characters.
    question: String,
    /// `extractive` or a model's name; the default model where nothing is said.
    model: Option<String>,
    /// For the library: the conversation that it goes on with.
    thread: Option<String>,
}

/// A question and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    id: String,
    /// The conversation.
    thread: String,
    /// The video; `null` where the whole library is asked.
    video_id: Option<String>,
    question: String,
    /// Who was asked.
    model: String,
    /// `queued`, `working`, `waiting`, `done`, `failed` or `cancelled`.
    state: &'static str,
    /// `answered` (by a model, checked), `quoted` (passages word for word; no model wrote it) or `not_here` (the claims are
    /// the passages that come closest).
    outcome: Option<&'static str>,
    /// Markdown with citation marks, as written; while it is written, what there is of it.
    body: String,
    claims: Vec<ClaimView>,
    /// The videos that the claims cite. A citation's `passage` less a source's `offset` is the number in that video.
    sources: Vec<SourceView>,
    /// Where it came from.
    #[schema(value_type = Option<Object>)]
    provenance: Option<domain::summary::Provenance>,
    /// Why it waits or failed, or why no model answered.
    error: Option<ErrorView>,
    created_at: String,
}

/// A video that is cited.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceView {
    video_id: String,
    title: String,
    offset: u32,
}

impl From<Question> for QuestionView {
    fn from(question: Question) -> Self {
        Self {
            id: question.id,
            thread: question.thread,
            video_id: question.video_id,
            question: question.text,
            model: question.model,
            state: question.state.as_str(),
            outcome: question.outcome.map(domain::question::Outcome::as_str),
            body: question.body,
            claims: question.claims.into_iter().map(ClaimView::from).collect(),
            sources: question
                .sources
                .into_iter()
                .map(|source| SourceView {
                    video_id: source.video_id,
                    title: source.title,
                    offset: source.offset,
                })
                .collect(),
            provenance: question.provenance,
            error: question.fault.map(ErrorView::from),
            created_at: rfc3339(question.created_at),
        }
    }
}

/// Asks a video. The answer comes by itself.
#[utoipa::path(post, path = "/api/v1/videos/{id}/questions", request_body = NewQuestion,
    responses((status = 202, body = QuestionView), (status = 400, body = Problem), (status = 404, body = Problem),
              (status = 422, body = Problem), (status = 429, body = Problem)))]
pub async fn ask_video(
    State(services): State<Services>,
    Path(id): Path<String>,
    Body(new): Body<NewQuestion>,
) -> Result<(StatusCode, Json<QuestionView>), ApiError> {
    ask(&services, Some(id), new).await
}

/// Asks all videos. The answer comes by itself.
#[utoipa::path(post, path = "/api/v1/questions", request_body = NewQuestion,
    responses((status = 202, body = QuestionView), (status = 400, body = Problem), (status = 422, body = Problem),
              (status = 429, body = Problem)))]
pub async fn ask_library(
    State(services): State<Services>,
    Body(new): Body<NewQuestion>,
) -> Result<(StatusCode, Json<QuestionView>), ApiError> {
    ask(&services, None, new).await
}

async fn ask(
    services: &Services,
    video_id: Option<String>,
    new: NewQuestion,
) -> Result<(StatusCode, Json<QuestionView>), ApiError> {
    let asked = Asked {
        video_id,
        run: None,
        thread: new.thread,
        text: new.question,
        model: new.model,
    };
    let question = services.ask(asked).await?;
    Ok((StatusCode::ACCEPTED, Json(question.into())))
}

/// The questions to a video, oldest first.
#[utoipa::path(get, path = "/api/v1/videos/{id}/questions", responses((status = 200, body = Vec<QuestionView>)))]
pub async fn of_video(
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<Vec<QuestionView>>, ApiError> {
    let questions = services.questions_of(&id).await?;
    Ok(Json(questions.into_iter().map(QuestionView::from).collect()))
}

/// A question.
#[utoipa::path(get, path = "/api/v1/questions/{id}", responses((status = 200, body = QuestionView), (status = 404, body = Problem)))]
pub async fn show(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<QuestionView>, ApiError> {
    let question = services.question(&id).await?.ok_or(ApiError::NotFound("question"))?;
    Ok(Json(question.into()))
}

/// Stops a question.
#[utoipa::path(post, path = "/api/v1/questions/{id}/cancel",
    responses((status = 200, body = QuestionView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn cancel(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<QuestionView>, ApiError> {
    let cancelled = services.cancel_question(&id).await?;
    let question = services.question(&id).await?.ok_or(ApiError::NotFound("question"))?;
    if cancelled {
        Ok(Json(question.into()))
    } else {
        Err(ApiError::Conflict("the question is answered already"))
    }
}

/// Deletes a question and its answer; for a day its page can take that back.
#[utoipa::path(delete, path = "/api/v1/questions/{id}", responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(
    State(services): State<Services>,
    State(access): State<Access>,
    Extension(granted): Extension<Granted>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let question = services.question(&id).await?;
    let deleted = services.delete_question(&id).await?;
    let question = question.filter(|_| deleted).ok_or(ApiError::NotFound("question"))?;
    access.write_down("question_deleted", &granted, &question.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Follows a question until it ends.
#[utoipa::path(get, path = "/api/v1/questions/{id}/events", params(After),
    responses((status = 200, description = "text/event-stream; data is {\"type\": \"ready\" | \"restart\" | \"text\" | \"state\", …}"),
              (status = 204, description = "the question has ended and nothing is left to tell"), (status = 404, body = Problem)))]
pub async fn follow(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    Path(id): Path<String>,
    Query(from): Query<After>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let question: Uuid = id.parse().map_err(|_| ApiError::NotFound("question"))?;
    let found = state
        .services
        .question(&id)
        .await?
        .ok_or(ApiError::NotFound("question"))?;
    let after = from.begin(&headers);
    let pending = question_events::after(&state.services.pool, question, after).await?;
    if !found.state.is_open() && pending.is_empty() {
        // Tells an EventSource not to come back.
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let open = state.door.streams.open(&granted)?;
    let stream =
        Sse::new(stream(state, question, after, open)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    // nginx would gather the events otherwise.
    Ok(([("x-accel-buffering", "no")], stream).into_response())
}

/// `open` is counted as long as the stream lives.
fn stream(
    state: AppState,
    question: Uuid,
    mut after: i64,
    open: Open,
) -> impl Stream<Item = Result<SseEvent, Infallible>> {
    async_stream::stream! {
        let _open = open;
        let mut watcher = state.services.live.follow(question);
        loop {
            match question_events::after(&state.services.pool, question, after).await {
                Ok(news) => {
                    for (seq, event) in news {
                        after = seq;
                        if let Ok(sent) = SseEvent::default().id(seq.to_string()).json_data(&event) {
                            yield Ok(sent);
                        }
                        if matches!(event, Event::State { state } if !state.is_open()) {
                            return;
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "events could not be read; trying again"),
            }
            // One that was deleted says nothing more.
            if matches!(questions::get(&state.services.pool, question).await, Ok(None)) {
                return;
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
