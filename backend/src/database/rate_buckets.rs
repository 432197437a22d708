//! Table `rate_buckets`: token buckets that all replicas share.

use sqlx::PgExecutor;

use super::StoreError;

/// Takes a token out of a bucket that holds `burst` and fills by `per_second`; `false` where it is empty. One statement: calls
/// at the same moment can't take the same token.
///
/// # Errors
/// [`StoreError`]
pub async fn take(db: impl PgExecutor<'_>, key: &str, burst: f64, per_second: f64) -> Result<bool, StoreError> {
    let left = sqlx::query_scalar!(
        "insert into rate_buckets as b (key, tokens, at) values ($1, $2::float8 - 1, clock_timestamp())
         on conflict (key) do update set at = clock_timestamp(),
             tokens = least($2, b.tokens + $3::float8 * extract(epoch from clock_timestamp() - b.at)::float8) - 1
         where least($2, b.tokens + $3::float8 * extract(epoch from clock_timestamp() - b.at)::float8) >= 1
         returning tokens",
        key,
        burst,
        per_second
    )
    .fetch_optional(db)
    .await?;
    Ok(left.is_some())
}

/// Takes `tokens` more out of a bucket, which may then owe some, `most` at most: the next ones have to wait.
///
/// # Errors
/// [`StoreError`]
pub async fn owe(
    db: impl PgExecutor<'_>,
    key: &str,
    burst: f64,
    per_second: f64,
    tokens: f64,
    most: f64,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into rate_buckets as b (key, tokens, at) values ($1, greatest($2::float8 - $4::float8, -$5::float8), clock_timestamp())
         on conflict (key) do update set at = clock_timestamp(),
             tokens = greatest(
                 least($2, b.tokens + $3::float8 * extract(epoch from clock_timestamp() - b.at)::float8) - $4, -$5::float8
             )",
        key,
        burst,
        per_second,
        tokens,
        most
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes buckets that have long been full again.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from rate_buckets where at < now() - interval '1 day'")
        .execute(db)
        .await?;
    Ok(())
}
