//! Health: `/health` with the handbook's JSON, `/livez` that touches nothing, `/readyz` for load balancers, `/api_status`.

use std::time::Duration;

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use serde_json::json;

use crate::{
    app_state::{AppState, HealthFacts},
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
    if !writable(&state.health).await {
        return (StatusCode::SERVICE_UNAVAILABLE, "the data folder is not writable\n");
    }
    (StatusCode::OK, "ok\n")
}

/// `GET /health`: the operations handbook's JSON. Missing keys only inform: the extractive summaries need none.
pub async fn health(State(state): State<AppState>) -> impl IntoResponse {
    let cache = database_answers(&state).await;
    let audio = writable(&state.health).await;
    let healthy = cache && audio;
    let body = json!({
        "status": if healthy { "healthy" } else { "unhealthy" },
        "timestamp": chrono::Utc::now().to_rfc3339(),
        "checks": {
            "api_keys_configured": state.services.models.now().is_set_up(),
            "cache_accessible": cache,
            "audio_cache_writable": audio,
            "models_available": true,
        },
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
    let asked = backend::database::answers(&state.services.pool);
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or(false)
}

/// Whether a file can be made in the audio folder: tried, since permissions alone say little about full or read-only disks.
async fn writable(facts: &HealthFacts) -> bool {
    let probe = facts
        .data_dir
        .join("audio")
        .join(format!(".probe-{}", std::process::id()));
    let tried = async {
        tokio::fs::write(&probe, b"").await?;
        match tokio::fs::remove_file(&probe).await {
            // Somebody else asked at the same time, and was done sooner.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    };
    matches!(tokio::time::timeout(PATIENCE, tried).await, Ok(Ok(())))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use tokio_util::sync::CancellationToken;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn many_may_ask_at_once() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("audio")).unwrap();
        let facts = HealthFacts {
            data_dir: folder.path().to_owned(),
            stopping: CancellationToken::new(),
        };
        let asked = (0..200).map(|_| writable(&facts));
        assert!(futures::future::join_all(asked).await.into_iter().all(|answer| answer));
    }
}
