//! Table `video_lists`.

use std::collections::HashMap;

use domain::video_list::VideoList;
use sqlx::{PgExecutor, types::Json};

use super::StoreError;

/// A list that was read within so many minutes.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, address: &str, minutes: i32) -> Result<Option<VideoList>, StoreError> {
    let list = sqlx::query_scalar!(
        r#"select list as "list: Json<VideoList>" from video_lists
           where address = $1 and fetched_at > now() - make_interval(mins => $2)"#,
        address,
        minutes,
    )
    .fetch_optional(db)
    .await?;
    Ok(list.map(|list| list.0))
}

/// Keeps a list, and forgets those of more than a day ago.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: impl PgExecutor<'_>, address: &str, list: &VideoList) -> Result<(), StoreError> {
    sqlx::query!(
        "with old as (delete from video_lists where fetched_at < now() - interval '1 day' and address <> $1)
         insert into video_lists (address, list) values ($1, $2)
         on conflict (address) do update set list = excluded.list, fetched_at = now()",
        address,
        Json(list) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The captions that are kept of each of these videos, where there are some: language and source of the newest.
///
/// # Errors
/// [`StoreError`]
pub async fn captions(
    db: impl PgExecutor<'_>,
    video_ids: &[String],
) -> Result<HashMap<String, (String, String)>, StoreError> {
    let rows = sqlx::query!(
        "select distinct on (video_id) video_id, language, source from transcripts
         where video_id = any($1) and source <> 'imported' order by video_id, created_at desc, id desc",
        video_ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.video_id, (row.language, row.source)))
        .collect())
}

/// The summary that the address of each of these videos leads to, where there is one, and when it was made.
///
/// # Errors
/// [`StoreError`]
pub async fn summarised(
    db: impl PgExecutor<'_>,
    video_ids: &[String],
) -> Result<HashMap<String, (String, i64)>, StoreError> {
    let rows = sqlx::query!(
        "select distinct on (video_id) video_id, id, created_at from summaries
         where video_id = any($1) and deleted_at is null
         order by video_id, pinned desc, span_start_ms is null desc, created_at desc",
        video_ids,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.video_id, (row.id.to_string(), row.created_at.timestamp())))
        .collect())
}
