//! Table `extracts`.

use domain::summary::Claim;
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

/// Keeps the extract of a transcript at a length.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(
    db: impl PgExecutor<'_>,
    transcript_id: i64,
    words: u32,
    extract: &Extract,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into extracts (transcript_id, words, body, claims) values ($1, $2, $3, $4)
         on conflict (transcript_id, words) do update set body = excluded.body, claims = excluded.claims",
        transcript_id,
        words.cast_signed(),
        extract.body,
        Json(&extract.claims) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The extract of a transcript at a length.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, transcript_id: i64, words: u32) -> Result<Option<Extract>, StoreError> {
    let row = sqlx::query!(
        r#"select body, claims as "claims: Json<Vec<Claim>>" from extracts where transcript_id = $1 and words = $2"#,
        transcript_id,
        words.cast_signed(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Extract {
        body: row.body,
        claims: row.claims.0,
    }))
}
