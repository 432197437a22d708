//! The router: every address, and the layers around them, outermost last.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use metrics::{gauge, histogram};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::{RequestBodyTimeoutLayer, TimeoutBody, TimeoutLayer},
    trace::TraceLayer,
};
use tracing::Span;

use crate::{
    access::{self, gate, login, session_store::PostgresStore, settings},
    api,
    app_state::AppState,
    assets, csp, health, legacy, live_settings, metrics as metrics_page, pages, prompts, questions, shelf, submit,
    thumbnails, unavailable,
};

/// What a submission or an API call may send.
const UPLOAD_LIMIT: usize = 20 * 1024 * 1024;
/// What anything else may send: server functions carry ids.
const BODY_LIMIT: usize = 64 * 1024;
/// How long a body may pause, and how long an answer may take to begin. Event streams have begun by then.
const BODY_PAUSE: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(180);

/// The whole application.
pub fn router(state: AppState) -> Router {
    let over_tls = state.door.over_tls;
    let sessions = access::sessions(PostgresStore(state.services.pool.clone()), over_tls);
    let uploads = Router::new()
        .route("/submit", post(submit::submit))
        .merge(api::routes())
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    let rest = Router::new()
        .route("/login", get(login::show).post(login::sign_in))
        .route("/logout", post(login::sign_out))
        // What people type; it has no page of its own.
        .route("/settings", get(async || Redirect::to("/settings/appearance")))
        .route("/settings/access", post(settings::change))
        .route("/settings/summaries", post(live_settings::change_models))
        .route("/settings/youtube", post(live_settings::change_youtube))
        .route("/settings/appearance", post(live_settings::change_appearance))
        .route("/health", get(health::health))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api_status", get(health::api_status))
        .route("/metrics", get(metrics_page::show))
        .route("/questions", post(questions::ask))
        .route("/thumbnails/{file}", get(thumbnails::show))
        .route("/settings/prompts", post(prompts::keep))
        .route("/settings/prompts/delete", post(prompts::delete))
        .route("/settings/prompts/restore", post(prompts::restore))
        .route("/videos/{id}", get(pages::main_of_video))
        .route("/capture", get(pages::capture))
        .route("/summaries/{id}/shelf", post(shelf::change))
        .route("/library/delete", post(shelf::delete))
        .route("/library/restore", post(shelf::restore))
        .route("/pkg/{*file}", get(assets::serve))
        .merge(legacy::routes())
        .merge(pages::routes(&state))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    let request_id = HeaderName::from_static("x-request-id");
    uploads
        .merge(rest)
        .fallback(pages::not_found)
        // Inside out: what stands first is nearest to the handlers.
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), gate::gate))
        .layer(sessions)
        .layer(middleware::from_fn_with_state(
            state.clone(),
            unavailable::without_database,
        ))
        .layer(middleware::from_fn_with_state(state.clone(), unavailable::soften))
        // No brotli: at the quality that answers allow, pages come out no smaller than by gzip, for three times the work. Static files are
        // compressed when they are built, as well as can be.
        .layer(
            CompressionLayer::new()
                .no_br()
                .quality(CompressionLevel::Precise(5))
                .compress_when(compressible()),
        )
        .route_layer(middleware::from_fn(measure))
        .layer(
            ServiceBuilder::new()
                .map_request(without_odd_id)
                .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(span)
                        .on_response(log)
                        .on_failure(()),
                )
                .layer(PropagateRequestIdLayer::new(request_id))
                .layer(middleware::from_fn_with_state(over_tls, headers))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
                .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
                .map_request(|request: axum::http::Request<TimeoutBody<Body>>| request.map(Body::new))
                .layer(CatchPanicLayer::custom(|_| {
                    (
                        StatusCode::INTERNAL_SERVER_ERROR,
                        "This server made a mistake. Its log has the details.\n",
                    )
                        .into_response()
                })),
        )
        .with_state(state)
}

/// The metrics alone, for an address of their own.
pub fn metrics_alone(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(metrics_page::show))
        .layer(middleware::from_fn_with_state(state.clone(), metrics_page::guard))
        .with_state(state)
}

/// Pictures and events are left alone; so are answers too small to gain.
fn compressible() -> impl Predicate {
    SizeAbove::new(256)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::SSE)
        .and(NotForContentType::const_new("font/"))
}

async fn headers(State(over_tls): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    csp::add_headers(response.headers_mut(), over_tls);
    response
}

/// Counts by the route's template, never by the address: addresses are without number.
async fn measure(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = request.method().as_str().to_owned();
    let start = std::time::Instant::now();
    // Counted down where the request is dropped, too: visitors leave.
    let in_flight = InFlight::new();
    let response = next.run(request).await;
    drop(in_flight);
    let status = response.status().as_u16().to_string();
    histogram!("ytsum_http_request_duration_seconds", "method" => method, "route" => route, "status" => status)
        .record(start.elapsed().as_secs_f64());
    response
}

/// A request that is being answered.
struct InFlight;

impl InFlight {
    fn new() -> Self {
        gauge!("ytsum_http_requests_in_flight").increment(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!("ytsum_http_requests_in_flight").decrement(1);
    }
}

/// An id that a proxy has given is kept where it is one: what strangers write into logs is letters and digits, and short.
fn without_odd_id(mut request: Request) -> Request {
    let is_id = |id: &HeaderValue| {
        let id = id.as_bytes();
        (1..=64).contains(&id.len()) && id.iter().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(b))
    };
    if request.headers().get_all("x-request-id").iter().any(|id| !is_id(id)) {
        request.headers_mut().remove("x-request-id");
    }
    request
}

/// What asks by itself, and what a page loads: not for the access log.
fn asks_by_itself(path: &str) -> bool {
    matches!(path, "/livez" | "/readyz" | "/health" | "/metrics" | "/favicon.ico") || path.starts_with("/pkg/")
}

/// The name of a span whose answer is no line of the access log.
const QUIET: &str = "quiet request";

fn span(request: &Request) -> Span {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or("");
    // The path alone: queries hold what people search for.
    let (method, path) = (request.method(), request.uri().path());
    if asks_by_itself(path) {
        tracing::info_span!(QUIET, %method, path, id)
    } else {
        tracing::info_span!("request", %method, path, id)
    }
}

/// The access log.
fn log(response: &Response, latency: Duration, span: &Span) {
    let status = response.status().as_u16();
    // A number in JSON too, where 128 bits are words.
    let ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    if response.status().is_server_error() {
        tracing::warn!(status, ms, "answered");
    } else if span.metadata().is_none_or(|span| span.name() == QUIET) {
        tracing::debug!(status, ms, "answered");
    } else {
        tracing::info!(status, ms, "answered");
    }
}
