//! Table `model_answers`.

use sqlx::PgExecutor;

use super::{StoreError, storable};
use crate::models::Answer;

/// The answer that was kept for an input, if any.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, input_hash: &str) -> Result<Option<Answer>, StoreError> {
    let row = sqlx::query!(
        "select model, text, input_tokens, output_tokens, truncated from model_answers where input_hash = $1",
        input_hash
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Answer {
        text: row.text,
        model: row.model,
        input_tokens: row.input_tokens.map(i64::cast_unsigned),
        output_tokens: row.output_tokens.map(i64::cast_unsigned),
        truncated: row.truncated,
    }))
}

/// Keeps a completed answer; the first one for an input stays.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: impl PgExecutor<'_>, input_hash: &str, answer: &Answer) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into model_answers (input_hash, model, text, input_tokens, output_tokens, truncated)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        input_hash,
        storable(&answer.model),
        storable(&answer.text),
        answer.input_tokens.map(u64::cast_signed),
        answer.output_tokens.map(u64::cast_signed),
        answer.truncated,
    )
    .execute(db)
    .await?;
    Ok(())
}
