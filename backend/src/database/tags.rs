//! Table `summary_tags`: words that people put on summaries.

use domain::library::TagCount;
use sqlx::PgExecutor;
use uuid::Uuid;

use super::StoreError;

/// Tags a summary may have.
const MOST: i64 = 20;

/// Puts a tag on a summary; `false` where there is no such summary, or it has as many as it may.
///
/// # Errors
/// [`StoreError`]
pub async fn add(db: impl PgExecutor<'_>, summary: Uuid, tag: &str) -> Result<bool, StoreError> {
    let result = sqlx::query!(
        "insert into summary_tags (summary_id, tag)
         select id, $2 from summaries
         where id = $1 and deleted_at is null
           and (select count(*) from summary_tags where summary_id = $1 and tag <> $2) < $3
         on conflict (summary_id, tag) do update set tag = excluded.tag",
        summary,
        tag,
        MOST,
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() > 0)
}

/// Takes a tag off a summary; `false` where it has none such.
///
/// # Errors
/// [`StoreError`]
pub async fn remove(db: impl PgExecutor<'_>, summary: Uuid, tag: &str) -> Result<bool, StoreError> {
    let result = sqlx::query!(
        "delete from summary_tags where summary_id = $1 and tag = $2",
        summary,
        tag
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() > 0)
}

/// A summary's tags, in order.
///
/// # Errors
/// [`StoreError`]
pub async fn of(db: impl PgExecutor<'_>, summary: Uuid) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select tag from summary_tags where summary_id = $1 order by tag",
        summary
    )
    .fetch_all(db)
    .await?)
}

/// The tags that most summaries have, at most `limit`, in order of their names.
///
/// # Errors
/// [`StoreError`]
pub async fn most_used(db: impl PgExecutor<'_>, limit: i64) -> Result<Vec<TagCount>, StoreError> {
    let rows = sqlx::query!(
        r#"select tag, summaries from (
               select tag, summaries from library_counts where tag <> '' and summaries > 0
               order by summaries desc, tag limit $1) as most
           order by tag"#,
        limit
    )
    .fetch_all(db)
    .await?;
    let counts = rows.into_iter().map(|row| TagCount {
        tag: row.tag,
        count: row.summaries.cast_unsigned(),
    });
    Ok(counts.collect())
}
