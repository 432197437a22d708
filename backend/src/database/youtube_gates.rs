//! Tables `youtube_gates` and `youtube_clients`.

use chrono::{DateTime, Utc};
use domain::youtube_health::ClientHealth;
use sqlx::{PgExecutor, PgPool};

use super::StoreError;

/// What is remembered of a way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// When the next request may be made, if all turns are kept.
    pub next_turn: DateTime<Utc>,
    /// Refusals since YouTube last answered.
    pub refusals: i32,
    /// The kind of the last.
    pub refusal_kind: Option<String>,
    /// When it was.
    pub refused_at: Option<DateTime<Utc>>,
    /// While this lies ahead, nobody asks.
    pub paused_until: Option<DateTime<Utc>>,
    /// How long the pause is or was.
    pub pause_seconds: i32,
    /// Until when the one that asks for all is given time.
    pub probe_until: Option<DateTime<Utc>>,
}

/// Changes a gate that nobody else can change meanwhile; `change` is told the database's time, which all replicas share.
///
/// # Errors
/// [`StoreError`]
pub async fn change<T>(
    pool: &PgPool,
    egress: &str,
    change: impl FnOnce(&mut Gate, DateTime<Utc>) -> T,
) -> Result<T, StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "insert into youtube_gates (egress, next_turn) values ($1, clock_timestamp()) on conflict do nothing",
        egress
    )
    .execute(&mut *tx)
    .await?;
    let mut gate = sqlx::query_as!(
        Gate,
        "select next_turn, refusals, refusal_kind, refused_at, paused_until, pause_seconds, probe_until
         from youtube_gates where egress = $1 for update",
        egress
    )
    .fetch_one(&mut *tx)
    .await?;
    // After the lock: the time of the statement above is that before the wait for it.
    let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
        .fetch_one(&mut *tx)
        .await?;
    let before = gate.clone();
    let told = change(&mut gate, now);
    if gate != before {
        sqlx::query!(
            "update youtube_gates set next_turn = $2, refusals = $3, refusal_kind = $4, refused_at = $5, paused_until = $6,
                 pause_seconds = $7, probe_until = $8
             where egress = $1",
            egress,
            gate.next_turn,
            gate.refusals,
            gate.refusal_kind,
            gate.refused_at,
            gate.paused_until,
            gate.pause_seconds,
            gate.probe_until,
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(told)
}

/// The pause of a way out, if it has one: until when, and the kind of the refusal.
///
/// # Errors
/// [`StoreError`]
pub async fn pause(db: impl PgExecutor<'_>, egress: &str) -> Result<Option<(DateTime<Utc>, String)>, StoreError> {
    let row = sqlx::query!(
        "select paused_until, refusal_kind from youtube_gates where egress = $1 and paused_until is not null",
        egress
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| Some((row.paused_until?, row.refusal_kind.unwrap_or_default()))))
}

/// Counts a request by client; the kind is that of its failure.
///
/// # Errors
/// [`StoreError`]
pub async fn count(db: impl PgExecutor<'_>, client: &str, failure: Option<&str>) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into youtube_clients as known (client, successes, failures, last_success_at, last_failure_at, last_failure_kind)
         values ($1, case when $2::text is null then 1 else 0 end, case when $2::text is null then 0 else 1 end,
                 case when $2::text is null then now() end, case when $2::text is not null then now() end, $2)
         on conflict (client) do update set
             successes = known.successes + excluded.successes,
             failures = known.failures + excluded.failures,
             last_success_at = coalesce(excluded.last_success_at, known.last_success_at),
             last_failure_at = coalesce(excluded.last_failure_at, known.last_failure_at),
             last_failure_kind = coalesce(excluded.last_failure_kind, known.last_failure_kind)",
        client,
        failure,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How the clients fared, the most successful first.
///
/// # Errors
/// [`StoreError`]
pub async fn clients(db: impl PgExecutor<'_>) -> Result<Vec<ClientHealth>, StoreError> {
    let rows = sqlx::query!(
        "select client, successes, failures, last_success_at, last_failure_at, last_failure_kind
         from youtube_clients order by successes desc, client"
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ClientHealth {
            client: row.client,
            successes: row.successes.cast_unsigned(),
            failures: row.failures.cast_unsigned(),
            last_success_at: row.last_success_at.map(|at| at.timestamp()),
            last_failure_at: row.last_failure_at.map(|at| at.timestamp()),
            last_failure_kind: row.last_failure_kind,
        })
        .collect())
}
