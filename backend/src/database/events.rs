//! Table `run_events`, and the notice that tells every process that a run has news.

use domain::run::Event;
use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::StoreError;

/// The channel of `NOTIFY`; its payload is a run's id and nothing else.
pub const CHANNEL: &str = "ytsum_run";

/// Adds an event and gives notice when the transaction commits.
///
/// # Errors
/// [`StoreError`]
pub async fn add(db: &mut PgConnection, run: Uuid, event: &Event) -> Result<(), StoreError> {
    sqlx::query!(
        "with added as (insert into run_events (run_id, event) values ($1, $2))
         select pg_notify('ytsum_run', $1::uuid::text)",
        run,
        Json(event) as _,
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// The events of a run after `seq`, in order, at most 500.
///
/// # Errors
/// [`StoreError`]
pub async fn after(db: impl PgExecutor<'_>, run: Uuid, seq: i64) -> Result<Vec<(i64, Event)>, StoreError> {
    let rows = sqlx::query!(
        r#"select seq, event as "event: Json<Event>" from run_events where run_id = $1 and seq > $2 order by seq limit 500"#,
        run,
        seq,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seq, row.event.0)).collect())
}

/// The last event of each run or question of `ids`; 0 where there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn last_of(db: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"select id as "id!", coalesce((select max(seq) from run_events where run_id = id),
                                        (select max(seq) from question_events where question_id = id), 0) as "seq!"
           from unnest($1::uuid[]) as id"#,
        ids
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.seq)).collect())
}

/// What the model has written so far, and the last event that this contains.
///
/// # Errors
/// [`StoreError`]
pub async fn text_so_far(db: impl PgExecutor<'_>, run: Uuid) -> Result<(String, i64), StoreError> {
    let row = sqlx::query!(
        r#"select coalesce(max(seq), 0) as "last!",
                  coalesce(string_agg(event->>'text', '' order by seq) filter (
                      where event->>'type' = 'text' and seq > coalesce((
                          select max(seq) from run_events where run_id = $1 and event->>'type' = 'restart'), 0)), '') as "text!"
           from run_events where run_id = $1"#,
        run
    )
    .fetch_one(db)
    .await?;
    Ok((row.text, row.last))
}

/// Removes the events of runs that ended more than an hour ago.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    let result = sqlx::query!(
        "delete from run_events using runs
         where runs.id = run_events.run_id and runs.ended_at < now() - interval '1 hour'"
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected())
}
