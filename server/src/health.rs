//! Health: `/health` with the handbook's JSON, `/livez` that touches nothing, `/readyz` for load balancers, `/api_status`.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;

use crate::{
    app_state::{AppState, HealthFacts},
    disks::{self, Condition},
    legacy,
};

const PATIENCE: Duration = Duration::from_secs(1);

/// `GET /livez`: the process answers. Touches no neighbour, so that a neighbour's trouble never restarts us.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: requests may be sent here.
pub async fn ready(State(state): State<AppState>) -> impl IntoResponse {
    if state.health.stopping.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if !database_answers(&state).await {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n");
    }
    match condition(&state.health).await {
        Condition::Good => (StatusCode::OK, "ok\n"),
        // All replicas may share the disk, and most of what people ask for needs none.
        Condition::Full => (StatusCode::OK, "ok, but the data folder's disk is full\n"),
        Condition::Unwritable => (StatusCode::SERVICE_UNAVAILABLE, "the data folder is not writable\n"),
    }
}

/// `GET /health`: the operations handbook's JSON. Missing keys only inform: the extractive summaries need none. A full disk is told
/// (`degraded`), but is no reason to start a container again.
pub async fn health(State(state): State<AppState>) -> impl IntoResponse {
    let cache = database_answers(&state).await;
    let audio = condition(&state.health).await;
    let healthy = cache && audio != Condition::Unwritable;
    let warnings = warnings(&state.health).await;
    let body = json!({
        "status": match (healthy, warnings.is_empty() && audio == Condition::Good) {
            (false, _) => "unhealthy",
            (true, false) => "degraded",
            (true, true) => "healthy",
        },
        "timestamp": chrono::Utc::now().to_rfc3339(),
        "checks": {
            "api_keys_configured": state.services.models.now().is_set_up(),
            "cache_accessible": cache,
            "audio_cache_writable": audio == Condition::Good,
            "models_available": true,
        },
        "warnings": warnings,
    });
    (
        if healthy {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        },
        Json(body),
    )
}

/// `GET /api_status`: what the predecessor's scripts ask. Says which providers are set up, never their keys.
pub async fn api_status(State(state): State<AppState>) -> impl IntoResponse {
    let models: Vec<String> = state
        .services
        .models()
        .await
        .into_iter()
        .map(|model| model.name)
        .collect();
    let set_up = state.services.models.now();
    let mut status = legacy::status(&set_up.kinds());
    status["api_keys_configured"] = json!(set_up.is_set_up());
    status["available_models"] = json!(models);
    status["default_model"] = json!(state.services.default_model());
    status["version"] = json!(env!("CARGO_PKG_VERSION"));
    Json(status)
}

async fn database_answers(state: &AppState) -> bool {
    if state.outage.is_now() {
        return false;
    }
    let asked = backend::database::answers(&state.services.pool);
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or(false)
}

/// Whether a file can be made in the audio folder.
async fn condition(facts: &HealthFacts) -> Condition {
    let audio = facts.audio.clone();
    let tried = tokio::task::spawn_blocking(move || audio.condition());
    // A mount that hangs is as good as none.
    match tokio::time::timeout(PATIENCE, tried).await {
        Ok(Ok(condition)) => condition,
        _ => Condition::Unwritable,
    }
}

async fn warnings(facts: &HealthFacts) -> Vec<String> {
    let folders = facts.folders.clone();
    let looked = tokio::task::spawn_blocking(move || disks::warnings(&folders));
    match tokio::time::timeout(PATIENCE, looked).await {
        Ok(Ok(warnings)) => warnings,
        _ => vec!["a disk does not answer".to_owned()],
    }
}
