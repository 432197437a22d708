//! Tables `batches` and `batch_runs`: runs that were asked for at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{library::Batch, run::Run};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::{StoreError, runs, storable};

/// Makes an empty batch.
///
/// # Errors
/// [`StoreError`]
pub async fn make(db: impl PgExecutor<'_>, id: Uuid, label: &str) -> Result<(), StoreError> {
    sqlx::query!("insert into batches (id, label) values ($1, $2)", id, storable(label))
        .execute(db)
        .await?;
    Ok(())
}

/// Puts a run into a batch, where it is not in it yet.
///
/// # Errors
/// [`StoreError`]
pub async fn add(db: impl PgExecutor<'_>, id: Uuid, run: Uuid, ordinal: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into batch_runs (batch_id, run_id, ordinal) values ($1, $2, $3) on conflict do nothing",
        id,
        run,
        ordinal,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A batch by its id, with its runs in order.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: &mut PgConnection, id: Uuid) -> Result<Option<Batch>, StoreError> {
    let row = sqlx::query!("select label, created_at from batches where id = $1", id)
        .fetch_optional(&mut *db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let runs = runs::of_batches(db, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Some(batch(id, row.label, row.created_at, runs)))
}

/// Those that Activity shows, newest first: with work left, or ended within a day, but at most `limit`. One that came to a
/// single run is none.
///
/// # Errors
/// [`StoreError`]
pub async fn recent(db: &mut PgConnection, limit: i64) -> Result<Vec<Batch>, StoreError> {
    let rows = sqlx::query!(
        "select b.id, b.label, b.created_at from batches b
         where (select count(*) from batch_runs m where m.batch_id = b.id) > 1
           and exists (select 1 from batch_runs m join runs r on r.id = m.run_id where m.batch_id = b.id
                       and (r.ended_at is null or r.ended_at > now() - interval '1 day'))
         order by b.created_at desc limit $1",
        limit
    )
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut runs: HashMap<Uuid, Vec<Run>> = runs::of_batches(db, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            batch(
                row.id,
                row.label,
                row.created_at,
                runs.remove(&row.id).unwrap_or_default(),
            )
        })
        .collect())
}

fn batch(id: Uuid, label: String, created_at: DateTime<Utc>, runs: Vec<Run>) -> Batch {
    Batch {
        id: id.to_string(),
        label,
        created_at: created_at.timestamp(),
        runs,
        seconds_left: None,
    }
}
