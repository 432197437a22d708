//! The predecessor's routes that scripts use, in its shapes, on what is here: runs of ours, the newest summary of each video, our
//! login. What we know beyond it stands in fields of other names.

use std::{collections::HashMap, time::Duration};

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use backend::{
    access::{Access, Attempt, Granted},
    models::ProviderKind,
    services::{Services, StoreError, Submission},
};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    export,
    link::Link,
    run::{Run, RunState},
    summary::Summary,
    video_list::VideoList,
};
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    access::login::{self, Opened},
    app_state::AppState,
};

/// How long `/summarize` waits: less than answers may take to begin, and than most proxies wait.
const LONGEST_WAIT: Duration = Duration::from_secs(170);
/// Links in one call.
const MOST_LINKS: usize = 500;
/// Summaries on a page, as it was.
const PER_PAGE: u32 = 10;
const MOST_PER_PAGE: u32 = 100;
/// What `?limit` may ask for.
const MOST_AT_ONCE: u32 = 500;

/// The routes that are not here otherwise.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/summarize", post(summarize))
        .route("/get_cached_summaries", get(cached))
        .route("/search_summaries", get(search))
        .route("/delete_summary", delete(remove))
        .route("/login_status", get(login_status))
}

/// What these routes open to tokens, beside the API.
pub fn is_route(path: &str) -> bool {
    matches!(
        path,
        "/summarize" | "/get_cached_summaries" | "/search_summaries" | "/delete_summary"
    )
}

/// `POST /summarize`: `{"urls": […], "model": "…", "wait_seconds": 170}`. Answers when all is done, or after the wait with what is;
/// the rest goes on, and asking again finds it.
async fn summarize(State(state): State<AppState>, body: Bytes) -> Response {
    let Some(body) = object(&body) else {
        return refuse("The body must be JSON: {\"urls\": [\"https://…\"], \"model\": \"…\"}.");
    };
    let urls = match body.get("urls") {
        Some(Value::Array(urls)) if !urls.is_empty() => urls,
        _ => return refuse("No URLs provided"),
    };
    if urls.len() > MOST_LINKS {
        return refuse(&format!("There are more than {MOST_LINKS} URLs."));
    }
    let model = match body.get("model") {
        None | Some(Value::Null) => None,
        Some(Value::String(model)) => Some(model.clone()),
        Some(_) => return refuse("The model's name must be a text."),
    };
    if let Some(model) = &model
        && !is_known(&state.services, model).await
    {
        return refuse(&format!("Unknown model: {}", shortened(model)));
    }
    let wait = match body.get("wait_seconds").map(Value::as_f64) {
        None => LONGEST_WAIT,
        Some(Some(seconds)) if seconds >= 0.0 => {
            Duration::try_from_secs_f64(seconds).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
        }
        Some(_) => return refuse("wait_seconds must be a number."),
    };
    let waiting = Waiting {
        services: &state.services,
        deadline: Instant::now() + wait,
        shutdown: &state.shutdown,
    };
    match waiting.summarize(urls, model).await {
        Ok(answer) => answer,
        Err(error) => failed(&error),
    }
}

/// The video of a run; its link says which while nothing else is known.
fn video_of(run: &Run) -> Option<String> {
    run.video_id.clone().or_else(|| match Link::parse(&run.label) {
        Ok(Link::Video { id, .. }) => Some(id),
        _ => None,
    })
}

/// Whether a model is one of those that `/api_status` names.
async fn is_known(services: &Services, model: &str) -> bool {
    model.trim().is_empty()
        || model == services.default_model()
        || services.models().await.iter().any(|known| known.name == model)
}

/// One URL, read.
enum Asked {
    Video(String),
    List(VideoList),
    Error { url: String, error: String },
}

struct Waiting<'a> {
    services: &'a Services,
    deadline: Instant,
    shutdown: &'a CancellationToken,
}

impl Waiting<'_> {
    async fn summarize(&self, urls: &[Value], model: Option<String>) -> Result<Response, StoreError> {
        let mut all = Vec::with_capacity(urls.len());
        for url in urls {
            all.push(self.read(url).await);
        }
        let mut ids: Vec<&str> = Vec::new();
        for asked in &all {
            match asked {
                Asked::Video(id) => ids.push(id),
                Asked::List(list) => ids.extend(
                    list.items
                        .iter()
                        .filter(|item| item.state.obstacle().is_none())
                        .map(|item| item.video_id.as_str()),
                ),
                Asked::Error { .. } => {}
            }
        }
        let mut items = HashMap::new();
        if !ids.is_empty() {
            let lines: Vec<String> = ids.iter().map(|id| video_url(id)).collect();
            let submission = Submission {
                input: lines.join("\n"),
                model,
                batch: match all.as_slice() {
                    [Asked::List(list)] => Some(list.title.clone()),
                    _ => None,
                },
                ..Submission::default()
            };
            let submitted = self.services.submit(submission).await?;
            if submitted.runs.is_empty()
                && let Some(rejected) = submitted.rejected.first()
            {
                return Ok(refuse(&format!("{} {}", rejected.input, rejected.message)));
            }
            for run in submitted.runs {
                let run = self.ended(run).await?;
                if let Some(id) = video_of(&run) {
                    items.insert(id.clone(), self.item(&id, &run).await?);
                }
            }
        }
        let item = |id: &str, title: &str| {
            items.get(id).cloned().unwrap_or_else(|| {
                let why = "was not taken: that were too many videos at once. Send it again.";
                video(id, title, None, Some(why))
            })
        };
        let answer = all.iter().map(|asked| match asked {
            Asked::Video(id) => item(id, id),
            Asked::Error { url, error } => json!({"type": "error", "url": url, "error": error}),
            Asked::List(list) => {
                let summaries = list.items.iter().map(|listed| match listed.state.obstacle() {
                    None => item(&listed.video_id, &listed.title),
                    Some(why) => {
                        let why = format!("can't be summarised: it is {why}.");
                        video(&listed.video_id, &listed.title, None, Some(&why))
                    }
                });
                let cut = list.is_cut.then_some("has more videos than were read.");
                json!({"type": "playlist", "title": list.title, "summaries": summaries.collect::<Vec<_>>(), "error": cut})
            }
        });
        Ok(Json(answer.collect::<Vec<Value>>()).into_response())
    }

    async fn read(&self, url: &Value) -> Asked {
        let Value::String(url) = url else {
            return Asked::Error {
                url: shortened(&url.to_string()),
                error: "is no text.".to_owned(),
            };
        };
        let error = |error: String| Asked::Error {
            url: shortened(url),
            error,
        };
        match Link::parse(url) {
            Ok(Link::Video { id, .. }) => Asked::Video(id),
            Ok(link) => match tokio::time::timeout_at(self.deadline, self.services.list(&link, false)).await {
                Ok(Ok(list)) => Asked::List(list),
                Ok(Err(failed)) => error(failed.to_string()),
                Err(_) => error("was not read in time.".to_owned()),
            },
            Err(failed) => error(format!("{failed}.")),
        }
    }

    /// The run as it is once it has ended, or is known to wait for longer than we do, or when we wait no longer.
    async fn ended(&self, mut run: Run) -> Result<Run, StoreError> {
        let Ok(id) = run.id.parse() else { return Ok(run) };
        let mut watcher = self.services.live.watch(id);
        loop {
            run = self.services.run(&run.id).await?.unwrap_or(run);
            let now = Instant::now();
            if !run.state.is_open() || now >= self.deadline || self.shutdown.is_cancelled() {
                return Ok(run);
            }
            let left = i64::try_from((self.deadline - now).as_secs()).unwrap_or(i64::MAX);
            let next = run.fault.as_ref().and_then(|fault| fault.retry_at);
            if run.state == RunState::Waiting && next.is_some_and(|next| next > Utc::now().timestamp() + left) {
                return Ok(run);
            }
            tokio::select! {
                () = watcher.news() => {}
                () = tokio::time::sleep_until(self.deadline) => {}
                () = self.shutdown.cancelled() => {}
            }
        }
    }

    async fn item(&self, id: &str, run: &Run) -> Result<Value, StoreError> {
        let summary = match &run.summary_id {
            Some(summary) if run.state == RunState::Done => self.services.summary(summary).await?,
            _ => None,
        };
        let fault = run.fault.as_ref();
        let said = fault.map(|fault| format!("{} {}", fault.message, fault.hint).trim().to_owned());
        if let Some(summary) = summary {
            let mut item = of_summary(&summary);
            // Somebody else wrote it than was asked: that is said, but there is a summary.
            item["note"] = json!(said);
            return Ok(item);
        }
        let page = format!("/summaries/{}", run.id);
        let error = match (run.state, said) {
            (RunState::Failed | RunState::Waiting, Some(said)) => said,
            (RunState::Cancelled, _) => "was stopped.".to_owned(),
            (RunState::Done, _) => "was summarised, and the summary deleted.".to_owned(),
            _ => format!("is still worked on, and that goes on: ask again, or look at {page}."),
        };
        let mut item = video(id, &run.label, None, Some(&error));
        item["run_id"] = json!(run.id);
        item["state"] = json!(run.state.as_str());
        Ok(item)
    }
}

/// `GET /get_cached_summaries`: a page, or with `?limit` alone a bare array.
async fn cached(State(services): State<Services>, Query(query): Query<HashMap<String, String>>) -> Response {
    let number = |name: &str| query.get(name).and_then(|text| text.trim().parse::<u32>().ok());
    let is_paged = query.contains_key("page") || query.contains_key("per_page");
    if let Some(limit) = number("limit").filter(|_| !is_paged) {
        return match services.newest_of_videos(limit.clamp(1, MOST_AT_ONCE), 0).await {
            Ok((summaries, _)) => Json(summaries.iter().map(of_summary).collect::<Vec<_>>()).into_response(),
            Err(error) => failed(&error),
        };
    }
    let page = number("page").unwrap_or(1).max(1);
    let per_page = number("per_page").unwrap_or(PER_PAGE).clamp(1, MOST_PER_PAGE);
    let offset = u64::from(page - 1) * u64::from(per_page);
    match services.newest_of_videos(per_page, offset).await {
        Ok((summaries, total)) => Json(json!({
            "summaries": summaries.iter().map(of_summary).collect::<Vec<_>>(),
            "total": total,
            "page": page,
            "per_page": per_page,
            "total_pages": total.div_ceil(per_page.into()),
        }))
        .into_response(),
        Err(error) => failed(&error),
    }
}

/// `GET /search_summaries?q=`: those whose title or text has these characters.
async fn search(State(services): State<Services>, Query(query): Query<HashMap<String, String>>) -> Response {
    let wanted = query.get("q").map_or("", |wanted| wanted.trim());
    if wanted.is_empty() {
        return refuse("Search query is required");
    }
    match services.newest_with(wanted).await {
        Ok(summaries) => Json(summaries.iter().map(of_summary).collect::<Vec<_>>()).into_response(),
        Err(error) => failed(&error),
    }
}

/// `DELETE /delete_summary`: `{"video_id": "…"}`; all summaries of it, which can be brought back for a day.
async fn remove(
    State(services): State<Services>,
    State(access): State<Access>,
    Extension(granted): Extension<Granted>,
    body: Bytes,
) -> Response {
    let body = object(&body).unwrap_or_default();
    let Some(id) = body.get("video_id").and_then(Value::as_str).filter(|id| !id.is_empty()) else {
        return not_done(StatusCode::BAD_REQUEST, "Video ID is required", &[]);
    };
    let deleted = async {
        let deleted = services.delete_summaries_of(id).await?;
        if let Some((_, title)) = &deleted {
            access.write_down("summary_deleted", &granted, title).await?;
        }
        Ok(deleted)
    };
    match deleted.await {
        Ok(Some((1, _))) => done("Summary deleted"),
        Ok(Some((count, _))) => done(&format!("{count} summaries of the video deleted")),
        Ok(None) => not_done(StatusCode::NOT_FOUND, "Summary not found", &[]),
        Err(error) => failed(&error),
    }
}

/// `GET /login_status`
async fn login_status(State(access): State<Access>, granted: Option<Extension<Granted>>) -> Response {
    let enabled = access.is_locked();
    let mut status = json!({"login_enabled": enabled, "authenticated": granted.is_some()});
    if !enabled {
        status["message"] = json!("Login is disabled");
    }
    Json(status).into_response()
}

/// `POST /login` where JSON was sent: `{"passcode": "…"}`.
pub fn typed(body: &[u8]) -> Result<String, &'static str> {
    let body = object(body).ok_or("JSON is required")?;
    match body.get("passcode") {
        Some(Value::String(code)) if !code.is_empty() => Ok(code.clone()),
        _ => Err("Passcode is required"),
    }
}

/// Nothing was typed.
pub fn not_typed(error: &str) -> Response {
    not_done(StatusCode::BAD_REQUEST, error, &[])
}

/// What became of it.
pub fn signed_in(opened: &Opened, lockout: Duration) -> Response {
    let locked = |seconds: u64| {
        not_done(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many failed attempts",
            &[("locked_until_minutes", json!(seconds.max(1).div_ceil(60)))],
        )
    };
    match opened {
        Opened::Tried(Attempt::Right) => done("Login successful"),
        Opened::Tried(Attempt::Wrong { remaining: 0 }) => locked(lockout.as_secs()),
        Opened::Tried(Attempt::Wrong { remaining }) => not_done(
            StatusCode::UNAUTHORIZED,
            "Invalid passcode",
            &[("remaining_attempts", json!(remaining))],
        ),
        Opened::Tried(Attempt::LockedOut { until } | Attempt::Slowed { until }) => {
            locked(u64::try_from((*until - Utc::now()).num_seconds()).unwrap_or(0))
        }
        Opened::NoCode => not_done(StatusCode::NOT_FOUND, "Login is disabled", &[]),
        Opened::Refused => not_done(StatusCode::FORBIDDEN, login::IN_THE_CLEAR, &[]),
        Opened::Shut => not_done(StatusCode::SERVICE_UNAVAILABLE, login::SHUT, &[]),
        Opened::Busy => not_done(StatusCode::SERVICE_UNAVAILABLE, login::BUSY, &[]),
        Opened::Down => not_done(StatusCode::SERVICE_UNAVAILABLE, login::NO_DATABASE, &[]),
    }
}

/// `POST /logout` where no page was asked for.
pub fn signed_out(was_locked: bool) -> Response {
    if was_locked {
        done("Logged out")
    } else {
        not_done(StatusCode::NOT_FOUND, "Login is disabled", &[])
    }
}

/// Whether JSON was sent.
pub fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("application/json"))
}

/// Whether a page is wanted.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// The predecessor's fields of `/api_status`. Neither a key nor how it ends.
pub fn status(providers: &[(ProviderKind, bool)]) -> Value {
    let of = |kind: ProviderKind| providers.iter().filter(move |(known, _)| *known == kind);
    json!({
        "google_api_key_set": of(ProviderKind::Gemini).any(|(_, has_key)| *has_key),
        "openai_api_key_set": of(ProviderKind::OpenAi).any(|(_, has_key)| *has_key),
        // No key of YouTube's is needed any more.
        "youtube_client_initialized": true,
        "tts_client_initialized": false,
        "gemini_client_initialized": of(ProviderKind::Gemini).next().is_some(),
        "openai_client_initialized": of(ProviderKind::OpenAi).next().is_some(),
        "testing_mode": false,
    })
}

fn of_summary(summary: &Summary) -> Value {
    let mut item = video(
        &summary.video_id,
        &summary.title,
        Some(&export::summary_text(summary)),
        None,
    );
    let made = DateTime::from_timestamp(summary.created_at, 0).unwrap_or_default();
    item["summarized_at"] = json!(made.to_rfc3339_opts(SecondsFormat::Secs, true));
    item["model_used"] = json!(summary.provenance.model);
    item["checked"] = json!(summary.checked());
    item["summary_id"] = json!(summary.id);
    item
}

fn video(id: &str, title: &str, summary: Option<&str>, error: Option<&str>) -> Value {
    json!({
        "type": "video",
        "video_id": id,
        "title": title,
        "thumbnail_url": format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg"),
        "summary": summary,
        "video_url": video_url(id),
        "error": error,
    })
}

fn video_url(id: &str) -> String {
    format!("https://www.youtube.com/watch?v={id}")
}

fn shortened(url: &str) -> String {
    url.chars().take(200).collect()
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(body).ok()
}

fn done(message: &str) -> Response {
    Json(json!({"success": true, "message": message})).into_response()
}

fn not_done(status: StatusCode, error: &str, more: &[(&str, Value)]) -> Response {
    let mut body = json!({"success": false, "error": error});
    for (name, value) in more {
        body[*name] = value.clone();
    }
    (status, Json(body)).into_response()
}

fn refuse(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response()
}

/// What the database said is for the log.
fn failed(error: &StoreError) -> Response {
    tracing::error!(%error, "a call of the predecessor's routes could not be served");
    let message = "This server's database did not answer as it should. Nothing was changed; please try again.";
    let body = json!({"error": message, "message": message, "type": "database"});
    (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
}
