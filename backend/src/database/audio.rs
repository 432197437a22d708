//! Table `audio`.

use sqlx::PgExecutor;
use uuid::Uuid;

use super::StoreError;

/// A file that is to be known.
#[derive(Clone, Copy, Debug)]
pub struct NewAudio<'a> {
    /// SHA-256 of its content, in hex.
    pub hash: &'a str,
    /// `mp3`
    pub format: &'a str,
    /// Its size.
    pub bytes: i64,
    /// What it reads out.
    pub summary_id: Option<Uuid>,
}

/// Whether a file is known.
///
/// # Errors
/// [`StoreError`]
pub async fn is_kept(db: impl PgExecutor<'_>, hash: &str) -> Result<bool, StoreError> {
    Ok(
        sqlx::query_scalar!(r#"select exists (select from audio where hash = $1) as "kept!""#, hash)
            .fetch_one(db)
            .await?,
    )
}

/// Takes note of a file; `false` where it is known already.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: impl PgExecutor<'_>, new: &NewAudio<'_>) -> Result<bool, StoreError> {
    let result = sqlx::query!(
        "insert into audio (hash, format, bytes, summary_id) values ($1, $2, $3, $4) on conflict (hash) do nothing",
        new.hash,
        new.format,
        new.bytes,
        new.summary_id,
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() > 0)
}
