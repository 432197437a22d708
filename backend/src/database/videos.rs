//! Table `videos`.

use domain::{chapters::Chapter, video::Video};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::{StoreError, storable};

/// Keeps what is known about a video; what was kept before is replaced.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: impl PgExecutor<'_>, video: &Video) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into videos (id, youtube_id, title, channel, duration_s, description, chapters)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set
             title = excluded.title, channel = excluded.channel, duration_s = excluded.duration_s,
             description = excluded.description, chapters = excluded.chapters, fetched_at = now()",
        video.id,
        video.youtube_id,
        storable(&video.title),
        video.channel.as_deref().map(storable),
        video
            .duration_s
            .map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
        storable(&video.description),
        Json(&video.chapters) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps what is known about a video, unless something is known already.
///
/// # Errors
/// [`StoreError`]
pub async fn keep_if_new(db: &mut PgConnection, video: &Video) -> Result<(), StoreError> {
    if get(&mut *db, &video.id).await?.is_none() {
        keep(db, video).await?;
    }
    Ok(())
}

/// A video by its id.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, id: &str) -> Result<Option<Video>, StoreError> {
    let row = sqlx::query!(
        r#"select id, youtube_id, title, channel, duration_s, description, chapters as "chapters: Json<Vec<Chapter>>"
           from videos where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Video {
        id: row.id,
        youtube_id: row.youtube_id,
        title: row.title,
        channel: row.channel,
        duration_s: row.duration_s.and_then(|seconds| u32::try_from(seconds).ok()),
        description: row.description,
        chapters: row.chapters.0,
    }))
}
