//! Stages 1 to 4: metadata, transcript, passages, extract. What is kept already is not fetched or made again.

use std::{collections::HashSet, sync::Arc};

use domain::{
    chapters::{self, ChapterSource},
    check::Checker,
    coverage, description,
    extract::{Form, VERSION},
    fault::{Fault, Whose},
    language::Language,
    passages::{self, Passage},
    run::{Event, Stage, TextFrom},
    sentences,
    summary::Claim,
    topics,
    transcript::{Source, Span},
    video::Video,
};

use super::{Pipeline, Stop, count_cache};
use crate::{
    database::{
        self,
        extracts::Extract,
        runs::Work,
        transcripts::{Origin, Stored},
    },
    youtube::YouTubeError,
};

/// What the later stages need to know.
pub(super) struct Read {
    pub(super) video: Video,
    pub(super) transcript_id: i64,
    pub(super) content_hash: String,
    pub(super) language_code: String,
    pub(super) language: Language,
    pub(super) source: Source,
    pub(super) track: Option<String>,
    pub(super) track_id: Option<String>,
    pub(super) passages: Arc<Vec<Passage>>,
}

impl Pipeline {
    /// Metadata, transcript and passages.
    pub(super) async fn read(&self, work: &Work) -> Result<Read, Stop> {
        self.enter(work, Stage::Metadata, None).await?;
        let (mut video, stored) = match self.kept(work).await? {
            Some(kept) => kept,
            None if work.text_from == TextFrom::Description => self.describe(work).await?,
            None => self.fetch(work).await?,
        };
        if !stored.transcript.is_timed() {
            // No word of it can be said to stand in a chapter.
            video.chapters.clear();
        }
        self.enter(work, Stage::Passages, None).await?;
        let language = Language::from_code(&stored.language);
        let passages = Arc::new(self.passages(&video, &stored, language).await?);
        if passages.is_empty() {
            return Err(Stop::Fault {
                fault: empty(),
                after: None,
            });
        }
        self.find_chapters(&mut video, stored.id, &passages, language).await?;
        // Where a part is asked for, nothing else is read.
        let passages = match work.request.span {
            Some(_) => Arc::new(coverage::within(&passages, work.request.span)),
            None => passages,
        };
        self.tell(work, &Event::Ready).await?;
        Ok(Read {
            video: within(video, &passages, work.request.span),
            transcript_id: stored.id,
            content_hash: stored.content_hash,
            language_code: stored.language,
            language,
            source: stored.transcript.source,
            track: stored.track,
            track_id: stored.track_id,
            passages,
        })
    }

    /// The extractive summary, made once for a transcript, form, length and version.
    pub(super) async fn extract(&self, work: &Work, read: &Read) -> Result<Extract, Stop> {
        self.enter(work, Stage::Extract, None).await?;
        let (words, part, form) = (work.request.words, work.request.span, Form::of(&work.request.style));
        let kept = database::extracts::get(&self.pool, read.transcript_id, form, words, part).await?;
        // One of an earlier version is made again: it is kept beside a summary whose key says that this version made it.
        let extract = if let Some(extract) = kept.filter(|kept| kept.version == VERSION) {
            extract
        } else {
            let (passages, language) = (Arc::clone(&read.passages), read.language);
            let chapters = read.video.chapters.clone();
            let body = off_the_runtime(move || form.write(&passages, &chapters, language, words as usize)).await?;
            let claims = self.check(read, &body).await?;
            let extract = Extract {
                body,
                claims,
                version: VERSION.to_owned(),
            };
            database::extracts::keep(&self.pool, read.transcript_id, form, words, part, &extract).await?;
            extract
        };
        self.tell(work, &Event::Ready).await?;
        Ok(extract)
    }

    /// Gives a video whose chapters nobody named those that are found from its words, once for a transcript.
    async fn find_chapters(
        &self,
        video: &mut Video,
        transcript_id: i64,
        passages: &Arc<Vec<Passage>>,
        language: Language,
    ) -> Result<(), Stop> {
        if !video.chapters.is_empty() {
            return Ok(());
        }
        video.chapters = match database::transcripts::chapters(&self.pool, transcript_id).await? {
            Some(kept) => kept,
            None => {
                let passages = Arc::clone(passages);
                let found = off_the_runtime(move || topics::chapters(&passages, language)).await?;
                database::transcripts::keep_chapters(&self.pool, transcript_id, &found).await?;
                found
            }
        };
        video.chapter_source = ChapterSource::Words;
        Ok(())
    }

    /// Checks a body against the transcript.
    pub(super) async fn check(&self, read: &Read, body: &str) -> Result<Vec<Claim>, Stop> {
        let (passages, language, body) = (Arc::clone(&read.passages), read.language, body.to_owned());
        let Video {
            title,
            channel,
            description,
            ..
        } = &read.video;
        let context = format!("{title}\n{}\n{description}", channel.as_deref().unwrap_or(""));
        off_the_runtime(move || {
            Checker {
                passages: &passages,
                language,
                context: &context,
            }
            .check(&body)
        })
        .await
    }

    async fn kept(&self, work: &Work) -> Result<Option<(Video, Stored)>, Stop> {
        let upload = work.video_id.starts_with("upload-");
        let id = match work.transcript_id {
            Some(id) => Some(id),
            None if work.refetch => None,
            None => database::transcripts::newest_of(&self.pool, &work.video_id, &work.text_from).await?,
        };
        if !upload {
            count_cache("transcript", id.is_some());
        }
        let Some(id) = id else { return Ok(None) };
        let video = database::videos::get(&self.pool, &work.video_id).await?;
        let stored = database::transcripts::get(&self.pool, id).await?;
        let Some(kept) = video.zip(stored) else { return Ok(None) };
        database::runs::set_transcript(&self.pool, work, id).await?;
        Ok(Some(kept))
    }

    async fn fetch(&self, work: &Work) -> Result<(Video, Stored), Stop> {
        let youtube = self.youtube.now();
        let watched = youtube.watch(&work.video_id).await.map_err(|error| stop(&error))?;
        let mut tx = self.pool.begin().await?;
        database::videos::keep(&mut *tx, &watched.video).await?;
        database::tracks::keep(&mut tx, &watched.video.id, &watched.caption_tracks()).await?;
        tx.commit().await?;
        self.enter(work, Stage::Transcript, None).await?;
        let captions = match &work.text_from {
            TextFrom::Track(id) => youtube.captions_of(&watched, id).await,
            TextFrom::Captions | TextFrom::Description => youtube.captions(&watched, &[]).await,
        }
        .map_err(|error| stop(&error))?;
        let code = match &captions.transcript.language {
            Some(code) => code.clone(),
            None => Language::detect(&captions.transcript.text()).code().to_owned(),
        };
        let mut tx = self.pool.begin().await?;
        let track = Some(captions.track.name.as_str());
        let origin = Origin {
            track_id: Some(&captions.track.id),
            chosen: work.text_from != TextFrom::Captions,
        };
        let video = &watched.video.id;
        let id = database::transcripts::keep_of(&mut *tx, video, &code, track, &captions.transcript, &origin).await?;
        database::runs::set_transcript(&mut *tx, work, id).await?;
        tx.commit().await?;
        let stored = Stored {
            id,
            content_hash: captions.transcript.content_hash(),
            language: code,
            track: Some(captions.track.name),
            track_id: Some(captions.track.id),
            transcript: captions.transcript,
        };
        Ok((watched.video, stored))
    }

    /// What the video says about itself, because somebody asked for it.
    async fn describe(&self, work: &Work) -> Result<(Video, Stored), Stop> {
        let kept = match work.refetch {
            true => None,
            false => database::videos::get(&self.pool, &work.video_id).await?,
        };
        // Of videos whose summary was imported only the title is known.
        let is_known = |video: &Video| video.channel.is_some() || video.duration_s.is_some();
        let video = match kept.filter(is_known) {
            Some(video) => video,
            None => {
                let video = self
                    .youtube
                    .now()
                    .about(&work.video_id)
                    .await
                    .map_err(|error| stop(&error))?;
                database::videos::keep(&self.pool, &video).await?;
                video
            }
        };
        self.enter(work, Stage::Transcript, None).await?;
        let transcript = description::transcript(&video).ok_or_else(|| Stop::Fault {
            fault: no_description(),
            after: None,
        })?;
        let code = Language::detect(&transcript.text()).code().to_owned();
        let origin = Origin {
            track_id: None,
            chosen: true,
        };
        let mut tx = self.pool.begin().await?;
        let id = database::transcripts::keep_of(&mut *tx, &video.id, &code, None, &transcript, &origin).await?;
        database::runs::set_transcript(&mut *tx, work, id).await?;
        tx.commit().await?;
        let stored = Stored {
            id,
            content_hash: transcript.content_hash(),
            language: code,
            track: None,
            track_id: None,
            transcript,
        };
        Ok((video, stored))
    }

    async fn passages(&self, video: &Video, stored: &Stored, language: Language) -> Result<Vec<Passage>, Stop> {
        let kept = database::passages::of_transcript(&self.pool, stored.id).await?;
        if !kept.is_empty() {
            return Ok(kept);
        }
        let (transcript, chapters) = (stored.transcript.clone(), video.chapters.clone());
        let made = off_the_runtime(move || {
            let sentences = sentences::sentences(&transcript, language);
            passages::passages(&sentences, &chapters)
        })
        .await?;
        database::passages::keep(&self.pool, stored.id, &made, language).await?;
        Ok(made)
    }
}

/// A video as those see it who write about a part of it: without the chapters that the part has nothing of.
fn within(mut video: Video, passages: &[Passage], part: Option<Span>) -> Video {
    if part.is_some() {
        let has_some: HashSet<usize> = passages
            .iter()
            .filter_map(|passage| chapters::of(&video.chapters, passage.span))
            .collect();
        let chapters = video.chapters.into_iter().enumerate();
        video.chapters = chapters
            .filter(|(index, _)| has_some.contains(index))
            .map(|(_, chapter)| chapter)
            .collect();
    }
    video
}

/// Runs what computes for long where it does not hold up everybody else.
pub(super) async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Stop> {
    tokio::task::spawn_blocking(work).await.map_err(|_| super::panicked())
}

fn stop(error: &YouTubeError) -> Stop {
    match (error, error.retry_after()) {
        (YouTubeError::Paused { .. }, Some(after)) => Stop::Paused {
            fault: error.fault(),
            after,
        },
        (_, after) => Stop::Fault {
            fault: error.fault(),
            after,
        },
    }
}

fn no_description() -> Fault {
    Fault {
        kind: "no_description".to_owned(),
        whose: Whose::Input,
        message: "This video has neither a description nor chapters, so there is nothing to summarise.".to_owned(),
        hint: "Paste or upload its transcript.".to_owned(),
        retry_at: None,
    }
}

fn empty() -> Fault {
    Fault {
        kind: "empty_transcript".to_owned(),
        whose: Whose::Input,
        message: "The transcript has no sentences in it, so there is nothing to summarise.".to_owned(),
        hint: "Paste or upload another transcript.".to_owned(),
        retry_at: None,
    }
}

#[cfg(test)]
mod tests {
    use domain::{chapters::from_description, sentences::Sentence};

    use super::*;

    #[test]
    fn a_part_keeps_the_chapters_that_it_has_something_of() {
        let span = |start_s: u64, end_s: u64| Span {
            start_ms: start_s * 1000,
            end_ms: end_s * 1000,
        };
        let passage = |ordinal, span| Passage {
            ordinal,
            span: Some(span),
            sentences: vec![Sentence {
                text: "Said.".to_owned(),
                span: Some(span),
                speaker: None,
            }],
        };
        // How long the video is nobody knows: the last chapter goes on to its end.
        let video = Video {
            chapters: from_description("0:00 a\n1:00 b\n2:00 c", None),
            ..Video::default()
        };
        let titles = |passages: &[Passage], part| -> Vec<String> {
            let chapters = within(video.clone(), passages, part).chapters;
            chapters.into_iter().map(|chapter| chapter.title).collect()
        };
        let late = passage(9, span(200, 220));
        assert_eq!(titles(std::slice::from_ref(&late), Some(span(190, 230))), ["c"]);
        let early = passage(4, span(57, 75));
        assert_eq!(titles(&[early, late], Some(span(57, 230))), ["b", "c"]);
        assert_eq!(titles(&[], None), ["a", "b", "c"]);
    }
}
