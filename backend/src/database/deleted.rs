//! What was deleted and can be taken back, of the tables `summaries` and `questions`.

use domain::library::Deleted;
use sqlx::PgExecutor;

use super::StoreError;

/// The last of them first, at most fifty.
///
/// # Errors
/// [`StoreError`]
pub async fn recent(db: impl PgExecutor<'_>) -> Result<Vec<Deleted>, StoreError> {
    let rows = sqlx::query!(
        r#"select id as "id!", title as "title!", false as "is_question!", deleted_at as "deleted_at!"
           from summaries where deleted_at is not null
           union all select id, question, true, deleted_at from questions where deleted_at is not null
           order by 4 desc limit 50"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Deleted {
            id: row.id.to_string(),
            title: row.title,
            is_question: row.is_question,
            deleted_at: row.deleted_at.timestamp(),
        })
        .collect())
}
