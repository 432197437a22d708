//! Table `thumbnails`.

use sqlx::PgExecutor;

use super::StoreError;

/// A picture as it is kept.
#[derive(Clone, Debug)]
pub struct Stored {
    /// `image/jpeg` and the like.
    pub content_type: String,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// The kept picture of a video.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, youtube_id: &str) -> Result<Option<Stored>, StoreError> {
    Ok(sqlx::query_as!(
        Stored,
        "select content_type, bytes from thumbnails where youtube_id = $1",
        youtube_id
    )
    .fetch_optional(db)
    .await?)
}

/// Keeps a picture.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(
    db: impl PgExecutor<'_>,
    youtube_id: &str,
    content_type: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into thumbnails (youtube_id, content_type, bytes) values ($1, $2, $3)
         on conflict (youtube_id) do update set content_type = excluded.content_type, bytes = excluded.bytes, fetched_at = now()",
        youtube_id,
        content_type,
        bytes,
    )
    .execute(db)
    .await?;
    Ok(())
}
