//! Table `extracts`.

use domain::{extract::Form, summary::Claim, transcript::Span};
use sqlx::{PgExecutor, types::Json};

use super::StoreError;

/// An extractive summary as it is kept.
#[derive(Clone, Debug)]
pub struct Extract {
    /// Markdown with citation marks.
    pub body: String,
    /// Its claims, in order.
    pub claims: Vec<Claim>,
    /// Which way of extracting made it: [`domain::extract::VERSION`], or an earlier one.
    pub version: String,
}

/// Keeps the extract of a transcript, or of a part of it, in a form, at a length; in the place of an earlier version.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(
    db: impl PgExecutor<'_>,
    transcript_id: i64,
    form: Form,
    words: u32,
    part: Option<Span>,
    extract: &Extract,
) -> Result<(), StoreError> {
    let (start_ms, end_ms) = bounds(part);
    sqlx::query!(
        "insert into extracts (transcript_id, words, body, claims, span_start_ms, span_end_ms, form, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (transcript_id, words, form, span_start_ms, span_end_ms)
         do update set body = excluded.body, claims = excluded.claims, version = excluded.version",
        transcript_id,
        words.cast_signed(),
        extract.body,
        Json(&extract.claims) as _,
        start_ms,
        end_ms,
        form.as_str(),
        extract.version,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The extract of a transcript, or of a part of it, in a form, at a length; whichever version is kept, since that of an earlier one
/// is better shown than none.
///
/// # Errors
/// [`StoreError`]
pub async fn get(
    db: impl PgExecutor<'_>,
    transcript_id: i64,
    form: Form,
    words: u32,
    part: Option<Span>,
) -> Result<Option<Extract>, StoreError> {
    let (start_ms, end_ms) = bounds(part);
    let row = sqlx::query!(
        r#"select body, version, claims as "claims: Json<Vec<Claim>>" from extracts
           where transcript_id = $1 and words = $2 and span_start_ms = $3 and span_end_ms = $4 and form = $5"#,
        transcript_id,
        words.cast_signed(),
        start_ms,
        end_ms,
        form.as_str(),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Extract {
        body: row.body,
        claims: row.claims.0,
        version: row.version,
    }))
}

/// A part as it is kept; the whole is 0 to 0.
fn bounds(part: Option<Span>) -> (i64, i64) {
    part.map_or((0, 0), |part| (part.start_ms.cast_signed(), part.end_ms.cast_signed()))
}
