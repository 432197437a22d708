//! `/api/v1/runs`: asking for summaries, looking at a run, stopping it, starting it again.

use axum::{
    Extension, Json,
    extract::{FromRequest, Multipart, Path, Request, State},
    http::{StatusCode, header},
};
use backend::{
    access::{Access, Granted},
    services::{Services, Submission},
};
use domain::{
    fault::Fault,
    run::{Run, TextFrom},
    transcript::Span,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    problem::{ApiError, Problem},
    summaries::PartView,
};
use crate::submit;

/// What is asked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRuns {
    /// What one would type into the home field: lines of links, or a transcript.
    #[serde(default)]
    input: String,
    /// What the bookmarklet read in somebody's own browser: the JSON that `public/bookmarklet.js` writes, unpacked.
    captured: Option<String>,
    /// What it is called where it comes to several runs.
    batch: Option<String>,
    /// What a transcript is to be called.
    title: Option<String>,
    /// `extractive` or a model's name; the default model where nothing is said.
    model: Option<String>,
    /// `briefing`, `chapters`, `tldr`, `audio`, `study-notes`, `step-by-step`, or the name of a prompt that is kept here.
    style: Option<String>,
    /// The words of a prompt of one's own: what to write. `style` is then what it is to be called.
    prompt: Option<String>,
    /// Output language as a code of ISO 639 (`de`, `pl`, `yue`), with a region or script where it matters (`pt-BR`, `zh-Hant`); the
    /// transcript's where nothing is said.
    language: Option<String>,
    /// At most so many words.
    words: Option<u32>,
    /// Make a new version even where an equal summary is kept.
    #[serde(default)]
    fresh: bool,
    /// Fetch the transcript again even where it is kept.
    #[serde(default)]
    refetch: bool,
    /// The caption track to use, by its id at YouTube (`.en`, `a.en`); the best one where nothing is said.
    track: Option<String>,
    /// `captions`, or `description` for a summary of title, description and chapters alone.
    source: Option<String>,
    /// Instead of an input, the id of a run or summary: its transcript is summarised again.
    again: Option<String>,
    /// Only this part of it: whole passages whose middle lies in it.
    span: Option<PartView>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Created {
    /// A run for each link or transcript that was accepted.
    runs: Vec<RunView>,
    /// The id of the batch that they make, where there are several.
    batch_id: Option<String>,
    /// The rest.
    rejected: Vec<RejectedView>,
}

/// A part that was not accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct RejectedView {
    /// The line of the input, from 1; `null` for a file.
    line: Option<u32>,
    /// The line, shortened, or the file's name.
    input: String,
    /// What is wrong with it and the way out.
    message: String,
}

/// A run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    /// Its id, which is also the id of the summary it makes.
    id: String,
    /// `queued`, `working`, `waiting`, `done`, `failed` or `cancelled`.
    state: &'static str,
    /// The stage it is in or stopped at.
    stage: Option<&'static str>,
    /// Parts of the stage that are done, where it has parts.
    progress: Option<ProgressView>,
    /// Why it waits or failed, or why an extract stands in for the model.
    error: Option<ErrorView>,
    /// The summary, once there is one: this run's own, or an equal one that was kept.
    summary_id: Option<String>,
    /// The video, once known.
    video_id: Option<String>,
}

/// How far a stage is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressView {
    done: u32,
    total: u32,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorView {
    /// A stable name: `video_unavailable`, `ip_blocked`, `model_quota`, …
    kind: String,
    /// What happened.
    message: String,
    /// What can be done.
    hint: String,
    /// When it is tried again by itself (RFC 3339); `null` where it is not.
    retry_at: Option<String>,
}

impl From<Fault> for ErrorView {
    fn from(fault: Fault) -> Self {
        Self {
            kind: fault.kind,
            message: fault.message,
            hint: fault.hint,
            retry_at: fault
                .retry_at
                .and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0))
                .map(|at| at.to_rfc3339()),
        }
    }
}

impl From<Run> for RunView {
    fn from(run: Run) -> Self {
        Self {
            id: run.id,
            state: run.state.as_str(),
            stage: run.stage.map(domain::run::Stage::as_str),
            progress: run.progress.map(|(done, total)| ProgressView { done, total }),
            error: run.fault.map(ErrorView::from),
            summary_id: run.summary_id,
            video_id: run.video_id,
        }
    }
}

/// Asks for summaries: JSON, or a multipart form with the same fields and `files`.
#[utoipa::path(post, path = "/api/v1/runs", request_body = NewRuns,
    responses((status = 202, body = Created), (status = 400, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(services): State<Services>,
    State(access): State<Access>,
    Extension(granted): Extension<Granted>,
    request: Request,
) -> Result<(StatusCode, Json<Created>), ApiError> {
    let submission = read(request).await?;
    let mut submitted = services.submit(submission).await?;
    submit::charge(&access, &granted, &submitted).await;
    // Nothing taken, and no line or file to name: the request itself is at fault.
    if submitted.runs.is_empty()
        && let [only] = submitted.rejected.as_slice()
        && only.line.is_none()
    {
        return Err(ApiError::Rejected(submitted.rejected.remove(0)));
    }
    let created = Created {
        runs: submitted.runs.into_iter().map(RunView::from).collect(),
        batch_id: submitted.batch,
        rejected: submitted
            .rejected
            .into_iter()
            .map(|rejected| RejectedView {
                line: rejected.line,
                input: rejected.input,
                message: rejected.message,
            })
            .collect(),
    };
    Ok((StatusCode::ACCEPTED, Json(created)))
}

/// A run.
#[utoipa::path(get, path = "/api/v1/runs/{id}", responses((status = 200, body = RunView), (status = 404, body = Problem)))]
pub async fn show(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<RunView>, ApiError> {
    find(&services, &id).await.map(Json)
}

/// Stops a run.
#[utoipa::path(post, path = "/api/v1/runs/{id}/cancel",
    responses((status = 200, body = RunView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn cancel(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<RunView>, ApiError> {
    let cancelled = services.cancel(&id).await?;
    let run = find(&services, &id).await?;
    if cancelled {
        Ok(Json(run))
    } else {
        Err(ApiError::Conflict("the run has ended already"))
    }
}

/// Starts a failed, cancelled or waiting run again.
#[utoipa::path(post, path = "/api/v1/runs/{id}/retry",
    responses((status = 200, body = RunView), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn retry(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<RunView>, ApiError> {
    let reopened = services.retry(&id).await?;
    let run = find(&services, &id).await?;
    if reopened {
        Ok(Json(run))
    } else {
        Err(ApiError::Conflict(
            "only a run that failed, was cancelled or waits can be started again",
        ))
    }
}

async fn find(services: &Services, id: &str) -> Result<RunView, ApiError> {
    services
        .run(id)
        .await?
        .map(RunView::from)
        .ok_or(ApiError::NotFound("run"))
}

async fn read(request: Request) -> Result<Submission, ApiError> {
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    if content_type.starts_with("multipart/form-data") {
        let form = Multipart::from_request(request, &())
            .await
            .map_err(|error| ApiError::Invalid(error.body_text()))?;
        let read = crate::submit::read(form)
            .await
            .map_err(|error| ApiError::Invalid(error.body_text()))?;
        return Ok(read.submission);
    }
    let Json(new) = Json::<NewRuns>::from_request(request, &())
        .await
        .map_err(|error| ApiError::Invalid(error.body_text()))?;
    let text_from = match (new.source.as_deref(), new.track.as_deref()) {
        (None | Some("captions"), track) => TextFrom::named(track),
        (Some("description"), None) => TextFrom::Description,
        (Some("description"), Some(_)) => {
            return Err(ApiError::Invalid("a description has no track".to_owned()));
        }
        (Some(other), _) => {
            return Err(ApiError::Invalid(format!(
                "source is {other}; captions or description is meant"
            )));
        }
    };
    Ok(Submission {
        input: new.input,
        files: Vec::new(),
        captured: new.captured,
        batch: new.batch,
        title: new.title,
        model: new.model,
        style: new.style,
        prompt: new.prompt,
        language: new.language,
        words: new.words,
        fresh: new.fresh,
        refetch: new.refetch,
        text_from,
        again: new.again,
        span: new.span.map(|part| Span {
            start_ms: part.start_ms,
            end_ms: part.end_ms,
        }),
    })
}
