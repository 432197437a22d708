//! Table `transcripts`.

use domain::{
    chapters::Chapter,
    transcript::{Cue, Source, Transcript},
};
use sqlx::{PgExecutor, types::Json};

use super::{StoreError, storable};

/// A transcript as it is kept.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its number.
    pub id: i64,
    /// SHA-256 of its cues.
    pub content_hash: String,
    /// BCP 47 code.
    pub language: String,
    /// The track's or file's name.
    pub track: Option<String>,
    /// The words.
    pub transcript: Transcript,
}

/// Keeps a transcript, or finds the equal one that is kept already; its number.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(
    db: impl PgExecutor<'_>,
    video_id: &str,
    language: &str,
    track: Option<&str>,
    transcript: &Transcript,
) -> Result<i64, StoreError> {
    let cues: Vec<Cue> = transcript
        .cues
        .iter()
        .map(|cue| Cue {
            span: cue.span,
            text: storable(&cue.text),
        })
        .collect();
    // `do update` rather than `do nothing`, so that the number comes back either way and "the newest" stays right.
    let id = sqlx::query_scalar!(
        "insert into transcripts (video_id, content_hash, language, source, track, cues) values ($1, $2, $3, $4, $5, $6)
         on conflict (video_id, content_hash) do update set created_at = now(), track = excluded.track
         returning id",
        video_id,
        transcript.content_hash(),
        language,
        transcript.source.as_str(),
        track.map(storable),
        Json(&cues) as _,
    )
    .fetch_one(db)
    .await?;
    Ok(id)
}

/// A transcript by its number.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query!(
        r#"select id, content_hash, language, source, track, cues as "cues: Json<Vec<Cue>>" from transcripts where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Stored {
            id: row.id,
            content_hash: row.content_hash,
            track: row.track,
            transcript: Transcript {
                cues: row.cues.0,
                language: Some(row.language.clone()),
                source: source(&row.source)?,
            },
            language: row.language,
        })
    })
    .transpose()
}

/// The number of a video's newest transcript.
///
/// # Errors
/// [`StoreError`]
pub async fn newest_of(db: impl PgExecutor<'_>, video_id: &str) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select id from transcripts where video_id = $1 order by created_at desc, id desc limit 1",
        video_id
    )
    .fetch_optional(db)
    .await?)
}

/// The chapters that were found from a transcript's words; `None` while nobody has looked.
///
/// # Errors
/// [`StoreError`]
pub async fn chapters(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Vec<Chapter>>, StoreError> {
    let row = sqlx::query_scalar!(
        r#"select chapters as "chapters: Json<Vec<Chapter>>" from transcripts where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.flatten().map(|chapters| chapters.0))
}

/// Keeps the chapters that were found from a transcript's words, also that there are none.
///
/// # Errors
/// [`StoreError`]
pub async fn keep_chapters(db: impl PgExecutor<'_>, id: i64, chapters: &[Chapter]) -> Result<(), StoreError> {
    let chapters: Vec<Chapter> = chapters
        .iter()
        .map(|chapter| Chapter {
            title: storable(&chapter.title),
            span: chapter.span,
        })
        .collect();
    sqlx::query!(
        "update transcripts set chapters = $2 where id = $1",
        id,
        Json(&chapters) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

fn source(name: &str) -> Result<Source, StoreError> {
    [
        Source::Manual,
        Source::Automatic,
        Source::Uploaded,
        Source::SpeechToText,
    ]
    .into_iter()
    .find(|source| source.as_str() == name)
    .ok_or_else(|| StoreError::Stored(format!("transcript source {name}")))
}
