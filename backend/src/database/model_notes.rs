//! Table `model_notes`.

use sqlx::{PgExecutor, types::Json};
use uuid::Uuid;

use super::StoreError;
use crate::summarize::Note;

/// What was noted about something while this run or question was worked on.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, work: Uuid, about: &str) -> Result<Option<Note>, StoreError> {
    let note = sqlx::query_scalar!(
        r#"select note as "note: Json<Note>" from model_notes where work_id = $1 and about = $2"#,
        work,
        about
    )
    .fetch_optional(db)
    .await?;
    Ok(note.map(|Json(note)| note))
}

/// Notes it, in the place of what was noted before.
///
/// # Errors
/// [`StoreError`]
pub async fn set(db: impl PgExecutor<'_>, work: Uuid, about: &str, note: &Note) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into model_notes (work_id, about, note) values ($1, $2, $3)
         on conflict (work_id, about) do update set note = excluded.note",
        work,
        about,
        Json(note) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what was noted about something.
///
/// # Errors
/// [`StoreError`]
pub async fn remove(db: impl PgExecutor<'_>, work: Uuid, about: &str) -> Result<(), StoreError> {
    sqlx::query!("delete from model_notes where work_id = $1 and about = $2", work, about)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets which models would or could not write for a run or a question; the windows stay, by which its parts are cut.
///
/// # Errors
/// [`StoreError`]
pub async fn remove_refusals(db: impl PgExecutor<'_>, work: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from model_notes where work_id = $1 and not (jsonb_typeof(note) = 'object' and note ? 'window')",
        work
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes what is older than a month: nobody goes on with that.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from model_notes where created_at < now() - interval '30 days'")
        .execute(db)
        .await?;
    Ok(())
}
