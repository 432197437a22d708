//! The one gate before every address. What is not on its short list of public ones is answered for those alone who may come in;
//! a new address is closed until somebody opens it here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::{login::Way, shell::InTheClear};
use axum::{
    Json,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::{Granted, Who, sha256},
    services::StoreError,
};
use serde_json::json;
use tower_sessions::Session;
use uuid::Uuid;

use super::{SIGNED_IN, SignedIn, address, login, session_store::NUMBER};
use crate::{api::problem::problem, app_state::AppState, legacy};

/// Where a request comes from, for those who are not told who.
#[derive(Clone, Copy, Debug)]
pub struct Client(pub IpAddr);

/// Asks everybody who comes.
pub async fn gate(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let address = address::client(peer, request.headers(), &state.door.trusted);
    request.extensions_mut().insert(Client(address));
    let path = request.uri().path();
    if path == "/metrics"
        && let Some(answer) = metrics(&state, request.headers())
    {
        return match answer {
            Ok(()) => next.run(request).await,
            Err(status) => refuse_call(status, "The metrics are behind METRICS_TOKEN, or at METRICS_ADDR."),
        };
    }
    if state.site.has(path) && matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let session = request.extensions().get::<Session>().cloned();
    let shown = bearer(request.headers()).map(str::to_owned);
    let is_here = address::is_here(address, request.headers(), &state.door.trusted);
    let who = match identify(&state, shown.as_deref(), session, is_here).await {
        Ok(who) => who,
        Err(error) => {
            tracing::error!(%error, "who asks could not be found out");
            return refuse_call(
                StatusCode::SERVICE_UNAVAILABLE,
                "This server's database did not answer as it should. Nothing is lost; please try again.",
            );
        }
    };
    match who {
        Some(who) => admit(&state, Granted { who, address }, request, next).await,
        None if is_public(&request) => next.run(request).await,
        None => refuse(&request),
    }
}

/// What strangers may ask for, beside the static files.
fn is_public(request: &Request) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    match request.uri().path() {
        // The way in.
        "/login" => reads || *request.method() == Method::POST,
        // For load balancers and containers, which can't sign in: a few words, no numbers, no versions.
        "/livez" | "/readyz" | "/health" => reads,
        // Whether there is a login, which the way in tells as well.
        "/login_status" => reads,
        _ => false,
    }
}

/// What tokens open: what is made for programs. Pages, and with them the access settings, are for people.
fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/v1/")
        || path.starts_with("/thumbnails/")
        || matches!(path, "/api_status" | "/metrics")
        || legacy::is_route(path)
}

/// Calls that cost money, or the patience of YouTube's. A submission of many links is charged for the others once it is read
/// ([`backend::access::Access::charge`]).
fn is_costly(request: &Request) -> bool {
    let path = request.uri().path();
    if *request.method() == Method::POST {
        matches!(
            path,
            "/submit" | "/summarize" | "/questions" | "/api/v1/runs" | "/api/v1/questions" | "/api/ui/test-youtube"
        ) || path.starts_with("/api/ui/retry")
            || (path.starts_with("/api/v1/") && path.ends_with("/retry"))
            || (path.starts_with("/api/v1/videos/") && path.ends_with("/questions"))
    } else {
        // Previews of lists, which YouTube is asked for.
        path.starts_with("/playlists/")
            || path.starts_with("/channels/")
            || path == "/api/v1/lists"
            || (path == "/api/ui/page" && asks_for_list(request.uri().query().unwrap_or_default()))
    }
}

fn asks_for_list(query: &str) -> bool {
    // Read as the page's own function reads it: `%6cist` is a list as well.
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "ask" && value.starts_with("list"))
}

async fn admit(state: &AppState, granted: Granted, mut request: Request, next: Next) -> Response {
    if let Who::Token { read_only, .. } = granted.who {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if !is_for_programs(request.uri().path()) {
            return refuse_call(StatusCode::FORBIDDEN, "Tokens open the API alone.");
        }
        if read_only && !reads {
            return refuse_call(StatusCode::FORBIDDEN, "This token may look and change nothing.");
        }
    }
    if is_costly(&request) {
        match state.access.may_cost(&granted).await {
            Ok(true) => {}
            Ok(false) => {
                backend::metrics::count_limited("costly_calls");
                let mut answer = refuse_call(
                    StatusCode::TOO_MANY_REQUESTS,
                    "That was a lot at once. Nothing was taken; wait a minute and send it again (COSTLY_CALLS_PER_MINUTE).",
                );
                answer
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
                return answer;
            }
            // A limit that can't be kept must not close the house.
            Err(error) => tracing::error!(%error, "a limit could not be kept"),
        }
    }
    if shows_banner(state, granted.address, request.headers()) {
        request.extensions_mut().insert(InTheClear);
    }
    request.extensions_mut().insert(granted);
    next.run(request).await
}

/// Whether pages say that others can read along: where there is a login, and thus something to lose.
pub fn shows_banner(state: &AppState, address: IpAddr, headers: &HeaderMap) -> bool {
    state.access.is_locked() && state.door.way(address, headers) != Way::Safe
}

async fn identify(
    state: &AppState,
    shown: Option<&str>,
    session: Option<Session>,
    is_here: bool,
) -> Result<Option<Who>, StoreError> {
    if !state.access.is_locked() {
        return Ok(Some(if is_here { Who::Here } else { Who::Anybody }));
    }
    if let Some(shown) = shown {
        return state.access.token(shown).await;
    }
    let Some(session) = session else {
        return Ok(None);
    };
    let unread = |error: tower_sessions::session::Error| StoreError::Stored(error.to_string());
    let Some(signed_in) = session.get::<SignedIn>(SIGNED_IN).await.map_err(unread)? else {
        return Ok(None);
    };
    // The code was changed: what was opened with the old one is closed.
    if state.access.mark_of_code().as_ref() != Some(&signed_in.code) {
        return Ok(None);
    }
    let Some(number) = session.get::<Uuid>(NUMBER).await.map_err(unread)? else {
        return Ok(None);
    };
    state.access.touch(number).await?;
    Ok(Some(Who::Device {
        number,
        name: signed_in.device,
    }))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The rule of the metrics where they have one of their own; otherwise they are asked for as everything is.
fn metrics(state: &AppState, headers: &HeaderMap) -> Option<Result<(), StatusCode>> {
    if state.door.metrics_elsewhere {
        return Some(Err(StatusCode::NOT_FOUND));
    }
    let token = state.door.metrics_token.as_ref()?;
    shows(headers, token.expose())
        .then_some(Ok(()))
        // The owner's browser may look as well.
        .or_else(|| (!state.access.is_locked()).then_some(Err(StatusCode::UNAUTHORIZED)))
}

/// Whether a request shows this token. Hashes are compared: how long that takes says nothing of the token.
pub fn shows(headers: &HeaderMap, token: &str) -> bool {
    bearer(headers).is_some_and(|shown| sha256(shown.as_bytes()) == sha256(token.as_bytes()))
}

/// People are led to the login, programs are told.
fn refuse(request: &Request) -> Response {
    let path = request.uri().path();
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if path.starts_with("/api/ui/") && !wants_page {
        return (StatusCode::UNAUTHORIZED, Json(json!({"kind": "sign_in"}))).into_response();
    }
    if is_for_programs(path) || path.starts_with("/api/") && reads || (!reads && !wants_page) {
        return refuse_call(StatusCode::UNAUTHORIZED, "Sign in, or show a token.");
    }
    let next = request
        .uri()
        .path_and_query()
        .filter(|_| reads)
        .map_or("/", |next| next.as_str());
    Redirect::to(&login::address_with(next)).into_response()
}

fn refuse_call(status: StatusCode, detail: &str) -> Response {
    let mut answer = problem(status, detail.to_owned());
    if status == StatusCode::UNAUTHORIZED {
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    answer
}
