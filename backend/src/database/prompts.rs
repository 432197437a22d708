//! Tables `prompts` and `prompt_texts`.

use domain::prompt::{self, OwnPrompt};
use sqlx::{PgConnection, PgExecutor, postgres::PgQueryResult};
use uuid::Uuid;

use super::StoreError;

/// All prompts, by name.
///
/// # Errors
/// [`StoreError`]
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<OwnPrompt>, StoreError> {
    let rows = sqlx::query!(
        "select id, name, text, updated_at from prompts where deleted_at is null order by lower(name) limit 500"
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| OwnPrompt {
            id: row.id.to_string(),
            name: row.name,
            text: row.text,
            updated_at: row.updated_at.timestamp(),
        })
        .collect())
}

/// The prompt of that name, in any case of letters: its name as written, and its text.
///
/// # Errors
/// [`StoreError`]
pub async fn by_name(db: impl PgExecutor<'_>, name: &str) -> Result<Option<(String, String)>, StoreError> {
    let row = sqlx::query!(
        "select name, text from prompts where lower(name) = lower($1) and deleted_at is null",
        name
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.name, row.text)))
}

/// The text under a hash, whether a prompt still has it or had it once.
///
/// # Errors
/// [`StoreError`]
pub async fn text(db: impl PgExecutor<'_>, hash: &str) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar!("select text from prompt_texts where hash = $1", hash)
            .fetch_optional(db)
            .await?,
    )
}

/// Keeps a prompt under an id, new or changed; `false` where another has its name, or this one was deleted. A transaction is
/// of no use for anything else then: the other may have come in the same moment.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: &mut PgConnection, id: Uuid, name: &str, text: &str) -> Result<bool, StoreError> {
    let kept = sqlx::query!(
        "insert into prompts (id, name, text)
         select $1::uuid, $2::text, $3::text where not exists
             (select from prompts where lower(name) = lower($2) and id <> $1 and deleted_at is null)
         on conflict (id) do update set name = excluded.name, text = excluded.text, updated_at = now()
             where prompts.deleted_at is null",
        id,
        name,
        text,
    )
    .execute(&mut *db)
    .await;
    let is_kept = is_one_more(kept)?;
    if is_kept {
        keep_text(db, text).await?;
    }
    Ok(is_kept)
}

/// Keeps a text under its hash.
///
/// # Errors
/// [`StoreError`]
pub async fn keep_text(db: impl PgExecutor<'_>, text: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into prompt_texts (hash, text) values ($1, $2) on conflict do nothing",
        prompt::hash(text),
        text
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Marks a prompt as deleted; its name, or `None` where there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn delete(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "update prompts set deleted_at = now() where id = $1 and deleted_at is null returning name",
        id
    )
    .fetch_optional(db)
    .await?)
}

/// Takes a deletion back; `false` where it is too late, or another has the name by now.
///
/// # Errors
/// [`StoreError`]
pub async fn restore(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    let restored = sqlx::query!(
        "update prompts set deleted_at = null where id = $1 and deleted_at is not null and not exists
             (select from prompts other where lower(other.name) = lower(prompts.name) and other.deleted_at is null)",
        id
    )
    .execute(db)
    .await;
    is_one_more(restored)
}

/// Whether a row was written. Where another took its name in the same moment, only the index sees it.
fn is_one_more(written: Result<PgQueryResult, sqlx::Error>) -> Result<bool, StoreError> {
    match written {
        Ok(written) => Ok(written.rows_affected() > 0),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Removes for good what was deleted more than a day ago.
///
/// # Errors
/// [`StoreError`]
pub async fn purge(db: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    let result = sqlx::query!("delete from prompts where deleted_at < now() - interval '1 day'")
        .execute(db)
        .await?;
    Ok(result.rows_affected())
}
