//! Faults on demand and the log: `/_control/*`, and the layer that every other request passes.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::BODY_LIMIT;

/// Characters of a text in the log, half of them from its start and half from its end; the rest is counted.
const LOGGED_CHARACTERS: usize = 4_000;

/// What happens to requests that match.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    /// A part of the path with its query.
    #[serde(rename = "match")]
    target: String,
    /// A part of the body.
    body_contains: Option<String>,
    fault: Kind,
    /// How many requests it meets; without a number, all.
    times: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Kind {
    Status(StatusFault),
    Delay(DelayFault),
    Cut(CutFault),
    Named(NamedFault),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusFault {
    status: u16,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DelayFault {
    delay_ms: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CutFault {
    cut_after_bytes: usize,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NamedFault {
    /// Waits until it is released, then answers as usual.
    Hold,
    /// 200 and nothing.
    Empty,
    /// 200 and bytes that mean nothing.
    Garbage,
}

/// A request as it was asked.
#[derive(Clone, Debug, Serialize)]
struct Entry {
    n: u64,
    method: String,
    path: String,
    query: String,
    body: Value,
    model: Option<String>,
    /// Tells bodies apart that look the same here, cut short.
    body_hash: u64,
    /// The status it was answered with; none while it is held.
    status: Option<u16>,
    /// When it was answered to the last byte, in milliseconds since 1970; never where the client left before.
    answered: Option<u64>,
}

/// The faults that are set and the requests that came.
#[derive(Clone, Default)]
pub(crate) struct Control {
    state: Arc<Mutex<Inner>>,
    /// Its number grows with each release.
    releases: watch::Sender<u64>,
}

#[derive(Default)]
struct Inner {
    faults: Vec<Fault>,
    log: Vec<Entry>,
    asked: u64,
}

impl Control {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self) {
        self.releases.send_modify(|n| *n += 1);
    }

    fn record(&self, request: &Request, body: &[u8]) -> u64 {
        let path = request.uri().path().to_owned();
        let value =
            serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()));
        let model = value
            .get("model")
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| {
                path.split_once("/models/")
                    .map(|(_, rest)| rest.split(':').next().unwrap_or_default().to_owned())
            });
        let mut hash = DefaultHasher::new();
        body.hash(&mut hash);
        let mut state = self.lock();
        state.asked += 1;
        let n = state.asked;
        state.log.push(Entry {
            n,
            method: request.method().to_string(),
            path,
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: shortened(value),
            model,
            body_hash: hash.finish(),
            status: None,
            answered: None,
        });
        n
    }

    fn change(&self, n: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.lock().log.iter_mut().rev().find(|entry| entry.n == n) {
            change(entry);
        }
    }

    fn note_answered(&self, n: u64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.change(n, |entry| entry.answered = u64::try_from(now.as_millis()).ok());
    }

    /// The first fault that matches; one of its times is used up.
    fn fault_for(&self, target: &str, body: &[u8]) -> Option<Kind> {
        let text = String::from_utf8_lossy(body);
        let mut state = self.lock();
        let at = state.faults.iter().position(|fault| {
            target.contains(&fault.target) && fault.body_contains.as_deref().is_none_or(|part| text.contains(part))
        })?;
        let kind = state.faults[at].fault.clone();
        if let Some(times) = &mut state.faults[at].times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                state.faults.remove(at);
            }
        }
        Some(kind)
    }
}

/// `/_control/faults`, `/release` and `/log`.
pub(crate) fn routes(control: Control) -> Router {
    Router::new()
        .route("/_control/faults", post(set_fault).delete(clear_faults))
        .route("/_control/release", post(release))
        .route("/_control/log", get(log).delete(clear_log))
        .with_state(control)
}

async fn set_fault(State(control): State<Control>, Json(fault): Json<Fault>) -> StatusCode {
    if fault.times != Some(0) {
        control.lock().faults.push(fault);
    }
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(control): State<Control>) -> StatusCode {
    control.lock().faults.clear();
    control.release();
    StatusCode::NO_CONTENT
}

async fn release(State(control): State<Control>) -> StatusCode {
    control.release();
    StatusCode::NO_CONTENT
}

async fn log(State(control): State<Control>) -> Json<Vec<Entry>> {
    Json(control.lock().log.clone())
}

async fn clear_log(State(control): State<Control>) -> StatusCode {
    control.lock().log.clear();
    StatusCode::NO_CONTENT
}

/// Writes each request into the log and lets the first fault that matches have its way.
pub(crate) async fn watch(State(control): State<Control>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Request::from_parts(head, Body::from(body.clone()));
    // Before the log: whoever sees the request there may release it at once.
    let mut releases = control.releases.subscribe();
    let fault = control.fault_for(&request.uri().to_string(), &body);
    let n = control.record(&request, &body);
    let answer = match fault {
        None => next.run(request).await,
        Some(Kind::Status(fault)) => status(fault),
        Some(Kind::Delay(fault)) => {
            tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
            next.run(request).await
        }
        Some(Kind::Cut(fault)) => cut(next.run(request).await, fault.cut_after_bytes),
        Some(Kind::Named(NamedFault::Hold)) => {
            // An error means that the sender is gone, and with it the server.
            let _ = releases.changed().await;
            next.run(request).await
        }
        Some(Kind::Named(NamedFault::Empty)) => StatusCode::OK.into_response(),
        Some(Kind::Named(NamedFault::Garbage)) => (
            [(header::CONTENT_TYPE, "application/json")],
            &b"\x00\xfe{\"half\": [1, <p>not what you asked for"[..],
        )
            .into_response(),
    };
    watched(control, n, answer)
}

/// What the last events of the providers' streams hold. Clients leave once they have read them, and do not wait for the end.
const LAST: [&[u8]; 3] = [b"[DONE]", b"message_stop", b"finishReason"];

/// Notes when an answer has gone out; a stream has when its last event was taken.
fn watched(control: Control, n: u64, answer: Response) -> Response {
    let status = answer.status().as_u16();
    control.change(n, |entry| entry.status = Some(status));
    let kind = answer.headers().get(header::CONTENT_TYPE);
    if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        control.note_answered(n);
        return answer;
    }
    let (head, body) = answer.into_parts();
    let mut body = body.into_data_stream();
    let stream = async_stream::stream! {
        while let Some(piece) = body.next().await {
            let is_broken = piece.is_err();
            let holds = |last: &[u8]| piece.as_ref().is_ok_and(|piece| piece.windows(last.len()).any(|part| part == last));
            if LAST.iter().any(|last| holds(last)) {
                control.note_answered(n);
            }
            yield piece;
            if is_broken {
                return;
            }
        }
        control.note_answered(n);
    };
    Response::from_parts(head, Body::from_stream(stream))
}

fn status(fault: StatusFault) -> Response {
    let code = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match fault.body {
        Value::Null => code.into_response(),
        Value::String(text) => (code, text).into_response(),
        value => (code, Json(value)).into_response(),
    };
    for (name, value) in &fault.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The answer up to a byte; then the connection breaks, as when a server dies.
fn cut(response: Response, mut left: usize) -> Response {
    let (mut head, body) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    let mut body = body.into_data_stream();
    let stream = async_stream::stream! {
        while left > 0 {
            let Some(Ok(mut bytes)) = body.next().await else { break };
            bytes.truncate(left);
            left -= bytes.len();
            yield Ok::<Bytes, io::Error>(bytes);
        }
        // What was written must reach the client first.
        tokio::time::sleep(Duration::from_millis(30)).await;
        yield Err(io::ErrorKind::ConnectionReset.into());
    };
    Response::from_parts(head, Body::from_stream(stream))
}

/// Long texts cut short, wherever they stand.
fn shortened(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let count = text.chars().count();
            if count <= LOGGED_CHARACTERS {
                return Value::String(text);
            }
            let start: String = text.chars().take(LOGGED_CHARACTERS / 2).collect();
            let end: String = text.chars().skip(count - LOGGED_CHARACTERS / 2).collect();
            json!(format!("{start}… ({} more) …{end}", count - LOGGED_CHARACTERS))
        }
        Value::Array(items) => items.into_iter().map(shortened).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, shortened(value)))
            .collect(),
        other => other,
    }
}
