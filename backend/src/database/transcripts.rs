//! Table `transcripts`.

use domain::{
    chapters::Chapter,
    run::TextFrom,
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
    /// The track's id at YouTube.
    pub track_id: Option<String>,
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
    keep_of(db, video_id, language, track, transcript, &Origin::default()).await
}

/// Where a video's transcript came from.
#[derive(Clone, Debug, Default)]
pub struct Origin<'a> {
    /// The track's id at YouTube.
    pub track_id: Option<&'a str>,
    /// Whether somebody chose it: then nobody else gets it unasked.
    pub chosen: bool,
}

/// The same, with its origin.
///
/// # Errors
/// [`StoreError`]
pub async fn keep_of(
    db: impl PgExecutor<'_>,
    video_id: &str,
    language: &str,
    track: Option<&str>,
    transcript: &Transcript,
    origin: &Origin<'_>,
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
        "insert into transcripts (video_id, content_hash, language, source, track, cues, track_id, chosen)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (video_id, content_hash) do update
             set created_at = now(), track = excluded.track, track_id = excluded.track_id,
                 chosen = transcripts.chosen and excluded.chosen
         returning id",
        video_id,
        transcript.content_hash(),
        language,
        transcript.source.as_str(),
        track.map(storable),
        Json(&cues) as _,
        origin.track_id.map(storable),
        origin.chosen,
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
        r#"select id, content_hash, language, source, track, track_id, cues as "cues: Json<Vec<Cue>>" from transcripts where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Stored {
            id: row.id,
            content_hash: row.content_hash,
            track: row.track,
            track_id: row.track_id,
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

/// Whether a transcript only stands in for the words that the predecessor did not keep.
///
/// # Errors
/// [`StoreError`]
pub async fn is_imported(db: impl PgExecutor<'_>, id: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from transcripts where id = $1 and source = 'imported') as "imported!""#,
        id
    )
    .fetch_one(db)
    .await?)
}

/// The number of a video's newest transcript that a wish fits. Without one, what others have chosen is left out.
///
/// # Errors
/// [`StoreError`]
pub async fn newest_of(db: impl PgExecutor<'_>, video_id: &str, wish: &TextFrom) -> Result<Option<i64>, StoreError> {
    let (track_id, description) = match wish {
        TextFrom::Captions => (None, false),
        TextFrom::Track(id) => (Some(id.as_str()), false),
        TextFrom::Description => (None, true),
    };
    Ok(sqlx::query_scalar!(
        "select id from transcripts
         where video_id = $1 and source <> 'imported' and (source = 'description') = $3 and ($2::text is null or track_id = $2)
           and ($3 or $2::text is not null or not chosen)
         order by created_at desc, id desc limit 1",
        video_id,
        track_id,
        description,
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
        Source::Captured,
        Source::SpeechToText,
        Source::Description,
        Source::Imported,
    ]
    .into_iter()
    .find(|source| source.as_str() == name)
    .ok_or_else(|| StoreError::Stored(format!("transcript source {name}")))
}
