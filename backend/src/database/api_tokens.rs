//! Table `api_tokens`. A token comes in here as its SHA-256 and never otherwise.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::{StoreError, storable};

/// A token, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// What it is revoked by.
    pub id: Uuid,
    /// What the owner calls it.
    pub name: String,
    /// Whether it may only look.
    pub read_only: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends; `None` means never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, within a minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Keeps a new token for so many days; 0 means for good.
///
/// # Errors
/// [`StoreError`]
pub async fn create(
    db: impl PgExecutor<'_>,
    name: &str,
    token_hash: &[u8],
    read_only: bool,
    days: i32,
) -> Result<Uuid, StoreError> {
    Ok(sqlx::query_scalar!(
        "insert into api_tokens (name, token_hash, read_only, expires_at)
         values ($1, $2, $3, case when $4::integer > 0 then now() + make_interval(days => $4::integer) end) returning id",
        storable(name),
        token_hash,
        read_only,
        days
    )
    .fetch_one(db)
    .await?)
}

/// The token with this hash, if it is still good; its use is noted.
///
/// # Errors
/// [`StoreError`]
pub async fn present(db: impl PgExecutor<'_>, token_hash: &[u8]) -> Result<Option<ApiToken>, StoreError> {
    Ok(sqlx::query_as!(
        ApiToken,
        "with used as (
             update api_tokens set last_used_at = now()
             where token_hash = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
         )
         select id, name, read_only, created_at, expires_at, last_used_at from api_tokens
         where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())",
        token_hash
    )
    .fetch_optional(db)
    .await?)
}

/// Those that are not revoked, newest first; also those that have expired, which the owner may wonder about.
///
/// # Errors
/// [`StoreError`]
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<ApiToken>, StoreError> {
    Ok(sqlx::query_as!(
        ApiToken,
        "select id, name, read_only, created_at, expires_at, last_used_at from api_tokens
         where revoked_at is null order by created_at desc, id limit 200"
    )
    .fetch_all(db)
    .await?)
}

/// Revokes a token; its name, or `None` where there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn revoke(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "update api_tokens set revoked_at = now() where id = $1 and revoked_at is null returning name",
        id
    )
    .fetch_optional(db)
    .await?)
}
