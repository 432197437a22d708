//! A run: its page, stopping it, starting it again.

use domain::{
    chapters::ChapterSource,
    coverage,
    extract::Form,
    passages::Passage,
    run::{Run, RunPage, Shelf},
    summary::{Provenance, Summary},
    video::Video,
};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

use super::{Services, StoreError};
use crate::{database, jobs, models::EXTRACTIVE};

impl Services {
    /// A run by its id; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn run(&self, id: &str) -> Result<Option<Run>, StoreError> {
        match id.parse::<Uuid>() {
            Ok(id) => database::runs::get(&self.pool, id).await,
            Err(_) => Ok(None),
        }
    }

    /// Everything the page of a run or summary shows; `None` where there is no such run.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn run_page(&self, id: &str) -> Result<Option<RunPage>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut tx = self.pool.begin().await?;
        let Some(run) = database::runs::get(&mut *tx, id).await? else {
            return Ok(None);
        };
        let (text, last_event) = database::events::text_so_far(&mut *tx, id).await?;
        let kept = match run.summary_id.as_deref().and_then(|summary| summary.parse().ok()) {
            Some(summary) => database::summaries::get(&mut tx, summary).await?,
            None => None,
        };
        let (summary, transcript_id) = match kept {
            Some((summary, transcript_id)) => (Some(summary), Some(transcript_id)),
            None => (None, database::runs::transcript_of(&mut *tx, id).await?),
        };
        let mut video = match &run.video_id {
            Some(video) => database::videos::get(&mut *tx, video).await?,
            None => None,
        };
        let passages = match transcript_id {
            Some(transcript) => database::passages::of_transcript(&mut *tx, transcript).await?,
            None => Vec::new(),
        };
        if let (Some(video), Some(transcript)) = (&mut video, transcript_id)
            && video.chapters.is_empty()
            && let Some(found) = database::transcripts::chapters(&mut *tx, transcript).await?
        {
            video.chapters = found;
            video.chapter_source = ChapterSource::Words;
        }
        let tracks = match &run.video_id {
            Some(video) => database::tracks::of_video(&mut *tx, video).await?,
            None => Vec::new(),
        };
        let extract = match (transcript_id, &video) {
            (Some(transcript), Some(video)) => extract(&mut tx, &run, transcript, video, &passages).await?,
            _ => None,
        };
        let prompts = database::prompts::all(&mut *tx).await?;
        let prompts = prompts.into_iter().map(|prompt| prompt.name).collect();
        let shelf = match summary.as_ref().and_then(|summary| summary.id.parse().ok()) {
            Some(summary) => database::summaries::shelf(&mut tx, summary).await?,
            None => Shelf::default(),
        };
        Ok(Some(RunPage {
            run,
            video,
            passages,
            extract,
            summary,
            text,
            last_event,
            prompts,
            tracks,
            shelf,
        }))
    }

    /// Seconds that a run took here lately, by model: half took less.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn typical_seconds(&self) -> Result<HashMap<String, f64>, StoreError> {
        database::runs::typical(&self.pool).await
    }

    /// Asks a run to stop; `false` where there is none or it has ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn cancel(&self, id: &str) -> Result<bool, StoreError> {
        let Ok(id) = id.parse() else { return Ok(false) };
        let mut tx = self.pool.begin().await?;
        let cancelled = database::runs::cancel(&mut tx, id).await?;
        tx.commit().await?;
        Ok(cancelled)
    }

    /// Starts a failed, cancelled or waiting run again; `false` where there is none that could be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry(&self, id: &str) -> Result<bool, StoreError> {
        let Ok(id) = id.parse() else { return Ok(false) };
        let mut tx = self.pool.begin().await?;
        let reopened = database::runs::reopen(&mut tx, id).await?;
        if reopened {
            jobs::enqueue(&self.pool, &mut tx, id, None).await?;
        }
        tx.commit().await?;
        Ok(reopened)
    }
}

async fn extract(
    db: &mut PgConnection,
    run: &Run,
    transcript_id: i64,
    video: &Video,
    passages: &[Passage],
) -> Result<Option<Summary>, StoreError> {
    let form = Form::of(&run.request.style);
    let Some(kept) =
        database::extracts::get(&mut *db, transcript_id, form, run.request.words, run.request.span).await?
    else {
        return Ok(None);
    };
    let Some(stored) = database::transcripts::get(db, transcript_id).await? else {
        return Ok(None);
    };
    Ok(Some(Summary {
        id: run.id.clone(),
        video_id: video.id.clone(),
        title: video.title.clone(),
        request: domain::run::Request {
            model: EXTRACTIVE.to_owned(),
            ..run.request.clone()
        },
        provenance: Provenance {
            source: stored.transcript.source.as_str().to_owned(),
            track: stored.track,
            track_id: stored.track_id,
            transcript_language: stored.language,
            model: EXTRACTIVE.to_owned(),
            coverage: coverage::share(&kept.claims, &coverage::within(passages, run.request.span)),
            ..Provenance::default()
        },
        body: kept.body,
        claims: kept.claims,
        created_at: run.created_at,
    }))
}
