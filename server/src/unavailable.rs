//! What is answered while we can't: 503, with when to come again, as a page for people and a problem document for programs.

use app::away::{AwayPage, away_page};
use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{api::problem::problem, app_state::AppState, csp, legacy};

/// Seconds after which another try is worth it.
const AGAIN: u64 = 5;
/// The longest text of ours that becomes a page.
const LONGEST: usize = 2000;

/// Refuses while the database is known to be away, before anything waits for it. Health checks and metrics answer all the same.
pub async fn without_database(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let stands = matches!(request.uri().path(), "/livez" | "/readyz" | "/health" | "/metrics");
    let reads = reads(request.method());
    if stands || !state.outage.is_now() || (reads && state.site.has(request.uri().path())) {
        return next.run(request).await;
    }
    if request.uri().path().starts_with("/api/ui/") && !legacy::wants_page(request.headers()) {
        // The pages' own calls know it by this name.
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"kind": "store"}))).into_response();
    }
    let message = if reads {
        "This server's database does not answer at the moment. Nothing is lost, and work goes on by itself when it is back."
    } else {
        "This server's database does not answer at the moment. Nothing was taken of what you sent."
    };
    if legacy::wants_page(request.headers()) {
        return page(&state, request.headers(), reads, message.to_owned());
    }
    problem(StatusCode::SERVICE_UNAVAILABLE, message.to_owned())
}

/// Gives every 503 a time to come again, and people a page where there would be a line of text.
pub async fn soften(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (headers, reads) = (request.headers().clone(), reads(request.method()));
    let mut answer = next.run(request).await;
    if answer.status() != StatusCode::SERVICE_UNAVAILABLE {
        return answer;
    }
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let is_text = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if is_text && legacy::wants_page(&headers) {
        let text = axum::body::to_bytes(answer.into_body(), LONGEST)
            .await
            .unwrap_or_default();
        answer = page(
            &state,
            &headers,
            reads,
            String::from_utf8_lossy(&text).trim().to_owned(),
        );
    }
    answer
        .headers_mut()
        .entry(header::RETRY_AFTER)
        .or_insert(HeaderValue::from(AGAIN));
    answer
}

fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn page(state: &AppState, headers: &HeaderMap, reads: bool, message: String) -> Response {
    let cookies = headers.get(header::COOKIE).and_then(|cookies| cookies.to_str().ok());
    let html = away_page(
        AwayPage {
            message,
            again: reads.then_some(AGAIN),
            cookies: cookies.unwrap_or("").to_owned(),
            default_theme: state.settings.theme(),
        },
        state.assets.clone(),
    );
    let mut answer = Response::new(Body::from(html));
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let all = answer.headers_mut();
    all.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    // It has no script.
    if let Ok(policy) = HeaderValue::from_str(&csp::of_page("none")) {
        all.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}
