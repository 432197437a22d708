//! `/metrics`: the recorder with explicit buckets, and the values that are looked up when somebody scrapes.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::metrics::{HTTP_SECONDS, WORK_SECONDS};
use domain::models::Spent;
use metrics::gauge;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

use crate::{access::gate::shows, app_state::AppState, disks::Folder};

/// Installs the recorder. Without buckets the exporter would make summaries, which can't be added up over replicas.
///
/// # Errors
/// Where another recorder is installed already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Full("ytsum_http_request_duration_seconds".to_owned()),
            HTTP_SECONDS,
        )?
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), WORK_SECONDS)?
        .install_recorder()
        .inspect(|_| backend::metrics::begin())
}

/// How often measurements are put into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Puts what was measured into buckets, until `shutdown`. The exporter does so only when it is asked for the metrics: where nobody asks, every
/// single measurement would be kept for ever.
pub async fn keep_up(recorder: PrometheusHandle, shutdown: CancellationToken) {
    let mut interval = tokio::time::interval(UPKEEP);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = interval.tick() => recorder.run_upkeep(),
        }
    }
}

/// The commit that was built, where the builder said so.
pub const COMMIT: &str = match option_env!("YTSUM_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};

/// Asks for the token, where one is set, at the metrics' own address.
pub async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match &state.door.metrics_token {
        Some(token) if !shows(request.headers(), token.expose()) => StatusCode::UNAUTHORIZED.into_response(),
        _ => next.run(request).await,
    }
}

/// `GET /metrics`
pub async fn show(State(state): State<AppState>) -> impl IntoResponse {
    let pool = &state.services.pool;
    let is_away = state.outage.is_now();
    gauge!("ytsum_database_up").set(if is_away { 0.0 } else { 1.0 });
    crate::machine::observe();
    state.health.folders.iter().for_each(Folder::observe);
    gauge!("ytsum_build_info", "version" => env!("CARGO_PKG_VERSION"), "commit" => COMMIT).set(1.0);
    gauge!("ytsum_db_pool_connections", "state" => "idle").set(count(pool.num_idle()));
    gauge!("ytsum_db_pool_connections", "state" => "open").set(f64::from(pool.size()));
    gauge!("ytsum_db_pool_connections", "state" => "most").set(f64::from(pool.options().get_max_connections()));
    // Who scrapes would give up before each of these has.
    if !is_away {
        look_up(&state).await;
    }
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        state.metrics.render(),
    )
}

/// Asks the database for what is in it.
async fn look_up(state: &AppState) {
    let pool = &state.services.pool;
    if let Ok(age) = backend::database::runs::oldest_queued_age(pool).await {
        gauge!("ytsum_job_oldest_queued_age_seconds").set(age);
    }
    if let Ok(last) = backend::database::backups::last_success(pool).await {
        // 0 where there never was one: the alert of its age then fires.
        gauge!("ytsum_backup_last_success_timestamp_seconds").set(last.map_or(0.0, seconds));
    }
    if let Ok(size) = backend::database::size(pool).await {
        gauge!("ytsum_database_size_bytes").set(count(usize::try_from(size / 1024).unwrap_or(0)) * 1024.0);
    }
    if let Ok(counts) = backend::database::runs::count_open(pool).await {
        for known in ["queued", "working", "waiting"] {
            let number = counts
                .iter()
                .find(|(name, _)| name == known)
                .map_or(0, |(_, number)| *number);
            gauge!("ytsum_jobs", "state" => known).set(count(usize::try_from(number).unwrap_or(0)));
        }
    }
    if let Ok(pause) = state.services.youtube_pause().await {
        gauge!("ytsum_youtube_paused").set(if pause.is_some() { 1.0 } else { 0.0 });
    }
    if let Ok(spent) = state.services.models.now().spent().await {
        gauge!("ytsum_llm_today_tokens").set(count(usize::try_from(spent.tokens).unwrap_or(usize::MAX)));
        gauge!("ytsum_llm_today_dollars").set(spent.cost);
        gauge!("ytsum_budget_used_ratio").set(used(&spent));
    }
}

/// How much of the day's budget is used: of tokens or of dollars, whichever is nearer its end; 0 where there is no limit.
fn used(spent: &Spent) -> f64 {
    let tokens = spent.token_limit.map_or(0.0, |limit| share(spent.tokens, limit));
    let cost = spent
        .cost_limit
        .map_or(0.0, |limit| if limit > 0.0 { spent.cost / limit } else { 1.0 });
    tokens.max(cost)
}

#[expect(clippy::cast_precision_loss, reason = "a ratio needs no more than 15 digits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn seconds(time: chrono::DateTime<chrono::Utc>) -> f64 {
    i32::try_from(time.timestamp()).map_or(0.0, f64::from)
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_that_is_nearer_counts() {
        let spent = |token_limit, cost_limit| {
            used(&Spent {
                tokens: 500,
                cost: 0.9,
                token_limit,
                cost_limit,
                ..Spent::default()
            })
        };
        for (token_limit, cost_limit, expected) in [
            (None, None, 0.0),
            (Some(1000), None, 0.5),
            (Some(1000), Some(1.0), 0.9),
            (Some(500), Some(1.0), 1.0),
            (Some(0), None, 1.0),
        ] {
            assert!(
                (spent(token_limit, cost_limit) - expected).abs() < 1e-9,
                "{token_limit:?} {cost_limit:?}"
            );
        }
    }
}
