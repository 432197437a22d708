//! Table `sessions`. The id that a browser shows comes in here as its SHA-256 and never otherwise.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::StoreError;

/// A device that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it is ended by.
    pub number: Uuid,
    /// Its data, as the store of sessions wrote them.
    pub data: Value,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last seen, within a minute.
    pub last_seen_at: DateTime<Utc>,
}

/// Writes a new session; `false` where there is one of this id already, which is then left as it is.
///
/// # Errors
/// [`StoreError`]
pub async fn create(db: impl PgExecutor<'_>, id_hash: &[u8], data: &Value, idle_days: i32) -> Result<bool, StoreError> {
    let created = sqlx::query!(
        "insert into sessions (id_hash, data, expires_at) values ($1, $2, now() + make_interval(days => $3))
         on conflict do nothing",
        id_hash,
        data,
        idle_days
    )
    .execute(db)
    .await?;
    Ok(created.rows_affected() == 1)
}

/// Changes a session that is there; one that was ended meanwhile stays ended.
///
/// # Errors
/// [`StoreError`]
pub async fn save(db: impl PgExecutor<'_>, id_hash: &[u8], data: &Value) -> Result<(), StoreError> {
    sqlx::query!("update sessions set data = $2 where id_hash = $1", id_hash, data)
        .execute(db)
        .await?;
    Ok(())
}

/// The data of a session that has not ended, with its number.
///
/// # Errors
/// [`StoreError`]
pub async fn load(db: impl PgExecutor<'_>, id_hash: &[u8]) -> Result<Option<(Uuid, Value)>, StoreError> {
    let row = sqlx::query!(
        "select number, data from sessions where id_hash = $1 and expires_at > now()",
        id_hash
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.number, row.data)))
}

/// Notes that a session is in use: it ends `idle_days` from now, and `absolute_days` after it began.
///
/// # Errors
/// [`StoreError`]
pub async fn touch(
    db: impl PgExecutor<'_>,
    number: Uuid,
    idle_days: i32,
    absolute_days: i32,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update sessions set last_seen_at = now(),
             expires_at = least(now() + make_interval(days => $2), created_at + make_interval(days => $3))
         where number = $1 and last_seen_at < now() - interval '1 minute'",
        number,
        idle_days,
        absolute_days
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a session by its id.
///
/// # Errors
/// [`StoreError`]
pub async fn delete(db: impl PgExecutor<'_>, id_hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("delete from sessions where id_hash = $1", id_hash)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends a session by its number; its data, or `None` where there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn end(db: impl PgExecutor<'_>, number: Uuid) -> Result<Option<Value>, StoreError> {
    Ok(
        sqlx::query_scalar!("delete from sessions where number = $1 returning data", number)
            .fetch_optional(db)
            .await?,
    )
}

/// Ends all of them.
///
/// # Errors
/// [`StoreError`]
pub async fn end_all(db: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    Ok(sqlx::query!("delete from sessions").execute(db).await?.rows_affected())
}

/// Those that have not ended, last seen first.
///
/// # Errors
/// [`StoreError`]
pub async fn devices(db: impl PgExecutor<'_>) -> Result<Vec<Device>, StoreError> {
    Ok(sqlx::query_as!(
        Device,
        "select number, data, created_at, last_seen_at from sessions where expires_at > now()
         order by last_seen_at desc, number limit 200"
    )
    .fetch_all(db)
    .await?)
}

/// Removes those that have ended.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from sessions where expires_at <= now()")
        .execute(db)
        .await?;
    Ok(())
}
