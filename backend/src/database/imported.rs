//! Summaries of the predecessor, and the tables as its routes see them: one summary of a video.

use chrono::{DateTime, Utc};
use domain::{
    language::Language,
    summary::Provenance,
    tokens,
    transcript::{Source, Transcript},
    video::Video,
};
use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::{
    StoreError, storable,
    terms::{self, Weight},
    transcripts, videos,
};

/// The predecessor had one style: a narrative to be listened to.
const STYLE: &str = "audio";
/// No language is known of words that were not kept.
const UNDETERMINED: &str = "und";

/// A summary that is to be kept.
#[derive(Debug)]
pub struct Import<'a> {
    /// Made from its content.
    pub id: Uuid,
    /// Its video; what is known here already stays.
    pub video: &'a Video,
    /// Who wrote it.
    pub model: &'a str,
    /// How many words it has.
    pub words: i32,
    /// Its text.
    pub body: &'a str,
    /// How it begins.
    pub first_point: &'a str,
    /// The language it is written in.
    pub language: Language,
    /// That it was imported.
    pub provenance: &'a Provenance,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// Whether such a summary is kept, deleted ones among them.
///
/// # Errors
/// [`StoreError`]
pub async fn is_kept(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    Ok(
        sqlx::query_scalar!(r#"select exists (select from summaries where id = $1) as "kept!""#, id)
            .fetch_one(db)
            .await?,
    )
}

/// Keeps a summary with a run that has ended, for its page; `false` where it is kept already.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: &mut PgConnection, import: &Import<'_>) -> Result<bool, StoreError> {
    if is_kept(&mut *db, import.id).await? {
        return Ok(false);
    }
    videos::keep_if_new(&mut *db, import.video).await?;
    let nothing = Transcript {
        cues: Vec::new(),
        language: None,
        source: Source::Imported,
    };
    let transcript_id = transcripts::keep(&mut *db, &import.video.id, UNDETERMINED, None, &nothing).await?;
    sqlx::query!(
        "insert into runs (id, state, stage, request_key, label, video_id, model, style, words, fresh, refetch, summary_id,
                           created_at, ended_at)
         values ($1, 'done', 'keep', 'imported ' || $1::uuid::text, $2, $3, $4, $5, $6, false, false, $1, $7, $7)
         on conflict (id) do nothing",
        import.id,
        storable(&import.video.title),
        import.video.id,
        storable(import.model),
        STYLE,
        import.words,
        import.made_at,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into summaries (id, video_id, transcript_id, model, style, words, title, body, first_point, provenance, created_at,
                                terms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::tsvector || $13::text::tsvector)",
        import.id,
        import.video.id,
        transcript_id,
        storable(import.model),
        STYLE,
        import.words,
        storable(&import.video.title),
        storable(import.body),
        storable(import.first_point),
        Json(import.provenance) as _,
        import.made_at,
        terms::vector(&tokens::search_terms(&import.video.title, import.language), Weight::A),
        terms::vector(&tokens::search_terms(import.body, import.language), Weight::B),
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// The newest summary of each video, newest first, and how many there are.
///
/// # Errors
/// [`StoreError`]
pub async fn newest_of_videos(db: &mut PgConnection, limit: i64, offset: i64) -> Result<(Vec<Uuid>, u64), StoreError> {
    let total = sqlx::query_scalar!(
        r#"select count(distinct s.video_id) as "total!" from summaries s join videos v on v.id = s.video_id
           where s.deleted_at is null and s.span_start_ms is null and v.youtube_id is not null"#
    )
    .fetch_one(&mut *db)
    .await?;
    let ids = sqlx::query_scalar!(
        "select s.id from summaries s join videos v on v.id = s.video_id
         where s.deleted_at is null and s.span_start_ms is null and v.youtube_id is not null
           and not exists (select from summaries newer
                           where newer.video_id = s.video_id and newer.deleted_at is null and newer.span_start_ms is null
                             and (newer.created_at, newer.id) > (s.created_at, s.id))
         order by s.created_at desc, s.id desc limit $1 offset $2",
        limit,
        offset
    )
    .fetch_all(db)
    .await?;
    Ok((ids, total.cast_unsigned()))
}

/// Those of them that have some characters in title or text.
///
/// # Errors
/// [`StoreError`]
pub async fn newest_with(db: &mut PgConnection, wanted: &str, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select s.id from summaries s join videos v on v.id = s.video_id
         where s.deleted_at is null and s.span_start_ms is null and v.youtube_id is not null
           and (position(lower($1) in lower(s.title)) > 0 or position(lower($1) in lower(s.body)) > 0)
           and not exists (select from summaries newer
                           where newer.video_id = s.video_id and newer.deleted_at is null and newer.span_start_ms is null
                             and (newer.created_at, newer.id) > (s.created_at, s.id))
         order by s.created_at desc, s.id desc limit $2",
        storable(wanted),
        limit
    )
    .fetch_all(db)
    .await?)
}

/// Marks all summaries of a video as deleted; their titles, the newest first.
///
/// # Errors
/// [`StoreError`]
pub async fn delete_of(db: impl PgExecutor<'_>, video_id: &str) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"with gone as (
               update summaries set deleted_at = now() where video_id = $1 and deleted_at is null returning title, created_at)
           select title as "title!" from gone order by created_at desc"#,
        video_id
    )
    .fetch_all(db)
    .await?)
}
