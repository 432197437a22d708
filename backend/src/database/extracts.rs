//! Table `extracts`.

use domain::{extract::Form, summary::Claim};
use sqlx::{PgExecutor, types::Json};

use super::StoreError;

/// An extractive summary as it is kept.
#[derive(Clone, Debug)]
pub struct Extract {
    /// Markdown with citation marks.
    pub body: String,
    /// Its claims, in order.
    pub claims: Vec<Claim>,
}

/// Keeps the extract of a transcript in a form, at a length.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(
    db: impl PgExecutor<'_>,
    transcript_id: i64,
    form: Form,
    words: u32,
    extract: &Extract,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into extracts (transcript_id, words, body, claims, form) values ($1, $2, $3, $4, $5)
         on conflict (transcript_id, words, form) do update set body = excluded.body, claims = excluded.claims",
        transcript_id,
        words.cast_signed(),
        extract.body,
        Json(&extract.claims) as _,
        form.as_str(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The extract of a transcript in a form, at a length.
///
/// # Errors
/// [`StoreError`]
pub async fn get(
    db: impl PgExecutor<'_>,
    transcript_id: i64,
    form: Form,
    words: u32,
) -> Result<Option<Extract>, StoreError> {
    let row = sqlx::query!(
        r#"select body, claims as "claims: Json<Vec<Claim>>" from extracts
           where transcript_id = $1 and words = $2 and form = $3"#,
        transcript_id,
        words.cast_signed(),
        form.as_str(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Extract {
        body: row.body,
        claims: row.claims.0,
    }))
}
