//! Table `passages`.

use domain::{language::Language, passages::Passage, sentences::Sentence, tokens, transcript::Span};
use sqlx::{PgExecutor, types::Json};

use super::{
    StoreError,
    terms::{self, Weight},
};

/// Keeps the passages of a transcript; where they are kept already, nothing changes.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(
    db: impl PgExecutor<'_>,
    transcript_id: i64,
    passages: &[Passage],
    language: Language,
) -> Result<(), StoreError> {
    let mut ordinals = Vec::with_capacity(passages.len());
    let mut starts = Vec::with_capacity(passages.len());
    let mut ends = Vec::with_capacity(passages.len());
    let mut sentences = Vec::with_capacity(passages.len());
    let mut vectors = Vec::with_capacity(passages.len());
    for passage in passages {
        ordinals.push(i32::try_from(passage.ordinal).unwrap_or(i32::MAX));
        starts.push(passage.span.map(|span| span.start_ms.cast_signed()));
        ends.push(passage.span.map(|span| span.end_ms.cast_signed()));
        sentences.push(Json(&passage.sentences));
        vectors.push(terms::vector(
            &tokens::search_terms(&passage.text(), language),
            Weight::D,
        ));
    }
    sqlx::query!(
        "insert into passages (transcript_id, ordinal, start_ms, end_ms, sentences, terms)
         select $1, ordinal, start_ms, end_ms, sentences, terms::tsvector
         from unnest($2::int[], $3::bigint[], $4::bigint[], $5::jsonb[], $6::text[])
              as given (ordinal, start_ms, end_ms, sentences, terms)
         on conflict do nothing",
        transcript_id,
        &ordinals,
        &starts as _,
        &ends as _,
        &sentences as _,
        &vectors,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a transcript has been made into passages.
///
/// # Errors
/// [`StoreError`]
pub async fn has_some(db: impl PgExecutor<'_>, transcript_id: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from passages where transcript_id = $1) as "exists!""#,
        transcript_id
    )
    .fetch_one(db)
    .await?)
}

/// The passages of a transcript, in order.
///
/// # Errors
/// [`StoreError`]
pub async fn of_transcript(db: impl PgExecutor<'_>, transcript_id: i64) -> Result<Vec<Passage>, StoreError> {
    let rows = sqlx::query!(
        r#"select ordinal, start_ms, end_ms, sentences as "sentences: Json<Vec<Sentence>>"
           from passages where transcript_id = $1 order by ordinal"#,
        transcript_id
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Passage {
            ordinal: row.ordinal.cast_unsigned(),
            span: row.start_ms.zip(row.end_ms).map(|(start, end)| Span {
                start_ms: start.cast_unsigned(),
                end_ms: end.cast_unsigned(),
            }),
            sentences: row.sentences.0,
        })
        .collect())
}
