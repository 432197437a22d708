//! Table `backups`.

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, PgPool};

use super::StoreError;

/// Any number that nobody else takes a lock on.
const LOCK: i64 = 0x0062_6163_6b75_7073;
/// After this long a backup that neither ended nor failed was killed.
const GIVEN_UP_HOURS: i32 = 6;

/// Takes note of a backup that begins; its id. `None` where one is being made already, or where `since` is given and one has succeeded
/// since then, or failed within the last hour: replicas ask at the same minute, and one of them makes it.
///
/// # Errors
/// [`StoreError`]
pub async fn begin(pool: &PgPool, since: Option<DateTime<Utc>>) -> Result<Option<i64>, StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK)
        .execute(&mut *tx)
        .await?;
    let id = sqlx::query_scalar!(
        r#"insert into backups (name)
           select null
           where not exists (
               select from backups
               where (ended_at is null and started_at > now() - make_interval(hours => $2))
                  or ($1::timestamptz is not null and started_at >= $1 and ended_at is not null
                      and (error is null or ended_at > now() - interval '1 hour')))
           returning id"#,
        since,
        GIVEN_UP_HOURS
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// Takes note of a backup that was made.
///
/// # Errors
/// [`StoreError`]
pub async fn succeed(db: impl PgExecutor<'_>, id: i64, name: &str, bytes: u64, rows: u64) -> Result<(), StoreError> {
    let (bytes, rows) = (
        i64::try_from(bytes).unwrap_or(i64::MAX),
        i64::try_from(rows).unwrap_or(i64::MAX),
    );
    sqlx::query!(
        "update backups set ended_at = now(), name = $2, bytes = $3, rows = $4 where id = $1",
        id,
        name,
        bytes,
        rows
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes note of why there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn fail(db: impl PgExecutor<'_>, id: i64, error: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "update backups set ended_at = now(), error = $2 where id = $1",
        id,
        error
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When the last one succeeded.
///
/// # Errors
/// [`StoreError`]
pub async fn last_success(db: impl PgExecutor<'_>) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(
        sqlx::query_scalar!(r#"select max(ended_at) from backups where error is null"#)
            .fetch_one(db)
            .await?,
    )
}

/// Forgets those that are older than a year.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from backups where started_at < now() - interval '1 year'")
        .execute(db)
        .await?;
    Ok(())
}
