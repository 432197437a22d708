//! A summary or transcript to be read elsewhere.

use domain::{
    export,
    library::Compared,
    summary::Summary,
    transcript::{Source, Transcript},
    video::Video,
};
use uuid::Uuid;

use super::{Services, StoreError};
use crate::database;

impl Services {
    /// A summary with its video, for reading it elsewhere; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn compared(&self, id: &str) -> Result<Option<Compared>, StoreError> {
        let Some((summary, video, _)) = self.kept(id).await? else {
            return Ok(None);
        };
        let html = export::summary_body(&summary, &export::Links::Page(&format!("/summaries/{}", summary.id)));
        Ok(Some(Compared { summary, video, html }))
    }

    /// A summary as a file. `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export(&self, id: &str) -> Result<Option<(Summary, Video)>, StoreError> {
        Ok(self.kept(id).await?.map(|(summary, video, _)| (summary, video)))
    }

    /// The sentences from the transcript that stand beside a summary, as a file; the summary itself where there are no others.
    /// `None` where there is no summary.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn export_extract(&self, id: &str) -> Result<Option<(Summary, Video)>, StoreError> {
        let Some(page) = self.run_page(id).await? else {
            return Ok(None);
        };
        let summary = page.summary.map(|summary| page.extract.unwrap_or(summary));
        Ok(summary.zip(page.video))
    }

    /// The transcript that a summary, or a run on its way, was made from, with its video. `None` where there is none yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn transcript(&self, id: &str) -> Result<Option<(Transcript, String, Video)>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut db = self.pool.acquire().await?;
        let transcript_id = match database::summaries::get(&mut db, id).await? {
            Some((_, transcript_id)) => transcript_id,
            None => match database::runs::source_of(&mut *db, id).await? {
                Some((_, transcript_id, _)) => transcript_id,
                None => return Ok(None),
            },
        };
        let stored = database::transcripts::get(&mut *db, transcript_id).await?;
        // The predecessor kept no words.
        let Some(stored) = stored.filter(|stored| stored.transcript.source != Source::Imported) else {
            return Ok(None);
        };
        let video_id = database::runs::source_of(&mut *db, id)
            .await?
            .map(|(video_id, ..)| video_id);
        let video = match video_id {
            Some(video_id) => database::videos::get(&mut *db, &video_id).await?,
            None => None,
        };
        Ok(video.map(|video| (stored.transcript, stored.language, video)))
    }

    async fn kept(&self, id: &str) -> Result<Option<(Summary, Video, i64)>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut db = self.pool.acquire().await?;
        let Some((summary, transcript_id)) = database::summaries::get(&mut db, id).await? else {
            return Ok(None);
        };
        let video = database::videos::get(&mut *db, &summary.video_id).await?;
        Ok(video.map(|video| (summary, video, transcript_id)))
    }
}
