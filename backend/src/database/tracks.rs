//! Table `tracks`.

use domain::video::CaptionTrack;
use sqlx::{PgConnection, PgExecutor};

use super::{StoreError, storable};

/// Keeps the tracks of a video in place of those that were known.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: &mut PgConnection, video_id: &str, tracks: &[CaptionTrack]) -> Result<(), StoreError> {
    sqlx::query!("delete from tracks where video_id = $1", video_id)
        .execute(&mut *db)
        .await?;
    let ids: Vec<String> = tracks.iter().map(|track| storable(&track.id)).collect();
    let languages: Vec<String> = tracks.iter().map(|track| storable(&track.language)).collect();
    let names: Vec<String> = tracks.iter().map(|track| storable(&track.name)).collect();
    let generated: Vec<bool> = tracks.iter().map(|track| track.is_generated).collect();
    let translatable: Vec<bool> = tracks.iter().map(|track| track.is_translatable).collect();
    sqlx::query!(
        "insert into tracks (video_id, ordinal, track_id, language, name, is_generated, is_translatable)
         select $1, t.ordinal, t.id, t.language, t.name, t.generated, t.translatable
         from unnest($2::text[], $3::text[], $4::text[], $5::bool[], $6::bool[])
              with ordinality as t (id, language, name, generated, translatable, ordinal)
         on conflict (video_id, ordinal) do nothing",
        video_id,
        &ids,
        &languages,
        &names,
        &generated,
        &translatable,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The tracks of a video, as YouTube listed them.
///
/// # Errors
/// [`StoreError`]
pub async fn of_video(db: impl PgExecutor<'_>, video_id: &str) -> Result<Vec<CaptionTrack>, StoreError> {
    Ok(sqlx::query_as!(
        CaptionTrack,
        "select track_id as id, language, name, is_generated, is_translatable from tracks where video_id = $1 order by ordinal",
        video_id
    )
    .fetch_all(db)
    .await?)
}
