//! The router: every address, and the layers around them, outermost last.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, StatusCode},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use metrics::histogram;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};
use tracing::Span;

use crate::{
    api, app_state::AppState, assets, csp, health, metrics as metrics_page, pages, questions, shelf, submit, thumbnails,
};

/// What a submission or an API call may send.
const UPLOAD_LIMIT: usize = 20 * 1024 * 1024;
/// What anything else may send: server functions carry ids.
const BODY_LIMIT: usize = 64 * 1024;

/// The whole application.
pub fn router(state: AppState, over_tls: bool) -> Router {
    let uploads = Router::new()
        .route("/submit", post(submit::submit))
        .merge(api::routes())
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    let rest = Router::new()
        .route("/health", get(health::health))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/api_status", get(health::api_status))
        .route("/metrics", get(metrics_page::show))
        .route("/questions", post(questions::ask))
        .route("/thumbnails/{file}", get(thumbnails::show))
        .route("/videos/{id}", get(pages::main_of_video))
        .route("/capture", get(pages::capture))
        .route("/summaries/{id}/shelf", post(shelf::change))
        .route("/library/delete", post(shelf::delete))
        .route("/library/restore", post(shelf::restore))
        .route("/pkg/{*file}", get(assets::serve))
        .merge(pages::routes(&state))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    let request_id = HeaderName::from_static("x-request-id");
    uploads
        .merge(rest)
        .fallback(pages::not_found)
        // Inside out: what stands first is nearest to the handlers.
        .layer(CsrfLayer::new())
        .layer(CompressionLayer::new().compress_when(compressible()))
        .route_layer(middleware::from_fn(measure))
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(span)
                        .on_response(log)
                        .on_failure(()),
                )
                .layer(PropagateRequestIdLayer::new(request_id))
                .layer(middleware::from_fn_with_state(over_tls, headers))
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
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    histogram!("ytsum_http_request_duration_seconds", "method" => method, "route" => route, "status" => status)
        .record(start.elapsed().as_secs_f64());
    response
}

fn span(request: &Request) -> Span {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or("");
    // The path alone: queries hold what people search for.
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

fn log(response: &Response, latency: Duration, _span: &Span) {
    let (status, ms) = (response.status().as_u16(), latency.as_millis());
    if response.status().is_server_error() {
        tracing::warn!(status, ms, "answered");
    } else {
        tracing::debug!(status, ms, "answered");
    }
}
