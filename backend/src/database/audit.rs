//! Table `audit`.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::{StoreError, storable};

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: String,
    /// By whom.
    pub who: String,
    /// From where.
    pub address: Option<String>,
    /// To what.
    pub detail: String,
}

/// Writes an entry.
///
/// # Errors
/// [`StoreError`]
pub async fn write(
    db: impl PgExecutor<'_>,
    kind: &str,
    who: &str,
    address: Option<&str>,
    detail: &str,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into audit (kind, who, address, detail) values ($1, $2, $3, $4)",
        kind,
        storable(who),
        address,
        storable(detail)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest entries.
///
/// # Errors
/// [`StoreError`]
pub async fn newest(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<Entry>, StoreError> {
    Ok(sqlx::query_as!(
        Entry,
        "select at, kind, who, address, detail from audit order by at desc, id desc limit $1",
        limit
    )
    .fetch_all(db)
    .await?)
}

/// Removes what is older than a year.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from audit where at < now() - interval '1 year'")
        .execute(db)
        .await?;
    Ok(())
}
