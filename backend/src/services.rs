//! What the pages, the REST API and the commands ask for, in one cloneable handle. Thin: the work stands in the modules it calls.

use std::{collections::HashMap, num::NonZeroU32};

use domain::{
    chapters::ChapterSource,
    coverage, export,
    extract::Form,
    library::{self, Activity, Batch, Compared, FoundPage, LibraryItem, Page, Shown, TagCount, VersionItem},
    link::Link,
    models::ModelsStatus,
    passages::Passage,
    prompt::{self, OwnPrompt, PromptError},
    run::{Run, RunPage, RunState, Shelf, TextFrom},
    search::Query,
    summary::{Provenance, Summary},
    transcript::{Source, Span, Transcript},
    video::Video,
    video_list::VideoList,
    youtube_health::{Pause, YouTubeHealth},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

pub use crate::database::StoreError;
use crate::{
    current::Current,
    database::{self, thumbnails, video_lists, youtube_gates},
    estimate::Seen,
    jobs,
    live::Live,
    models::{EXTRACTIVE, ModelInfo, Models},
    submission,
    youtube::{Examined, YouTube, YouTubeError},
};

/// What was typed, and what is wanted of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// What was typed into the home field: lines of links, or a transcript.
    pub input: String,
    /// Uploaded files, each a transcript of its own.
    pub files: Vec<UploadedFile>,
    /// What the bookmarklet read in the person's own browser ([`domain::captured`]).
    pub captured: Option<String>,
    /// What it is called where it comes to several runs: the title of the list they come from.
    pub batch: Option<String>,
    /// What a transcript is to be called; else its file name or first words.
    pub title: Option<String>,
    /// `None` means the default model.
    pub model: Option<String>,
    /// A style of the program or the name of a prompt; `None` means `briefing`.
    pub style: Option<String>,
    /// The words of a prompt of one's own, instead of a style.
    pub prompt: Option<String>,
    /// Output language; `None` means the transcript's.
    pub language: Option<String>,
    /// At most so many words; `None` means medium.
    pub words: Option<u32>,
    /// Make a new version even where an equal summary is kept.
    pub fresh: bool,
    /// Fetch the transcript again even where it is kept.
    pub refetch: bool,
    /// Which text of the videos is summarised.
    pub text_from: TextFrom,
    /// The id of a run: its transcript is summarised again.
    pub again: Option<String>,
    /// Only this part of it.
    pub span: Option<Span>,
}

/// A file as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    /// Its name, as the browser told it; hostile.
    pub name: String,
    /// Its content, decoded as UTF-8 (or UTF-16 with a byte order mark, or else Windows-1252).
    pub text: String,
}

/// A part of a submission that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The line of the field, from 1; `None` for a file or for the whole.
    pub line: Option<u32>,
    /// The line, shortened, or the file's name.
    pub input: String,
    /// What is wrong with it and the way out.
    pub message: String,
}

/// What became of a submission.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Submitted {
    /// The runs, one for each link or transcript that was accepted.
    pub runs: Vec<Run>,
    /// The id of the batch that they make, where there are several.
    pub batch: Option<String>,
    /// The rest.
    pub rejected: Vec<Rejected>,
}

/// The handle.
#[derive(Clone, Debug)]
pub struct Services {
    /// Where everything is kept.
    pub pool: PgPool,
    /// Where pictures come from.
    pub youtube: Current<YouTube>,
    /// Who can write.
    pub models: Current<Models>,
    /// News of runs.
    pub live: Live,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// YouTube did not give it.
    #[error(transparent)]
    YouTube(#[from] YouTubeError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a prompt was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepPromptError {
    /// Its name or text won't do.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// It is not there any more.
    #[error("that prompt was deleted")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// YouTube's first video: "Me at the zoo", with captions, and there since 2005.
pub const KNOWN_VIDEO: &str = "jNQXAC9IVRw";

/// Tags on offer above the library.
const TAGS: i64 = 24;

/// Versions of a video that are listed.
const VERSIONS: i64 = 100;
/// Batches that Activity shows.
const BATCHES: i64 = 10;

/// Minutes for which a list is not asked for again.
const LIST_MINUTES: i32 = 15;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ThumbnailError {
    /// No such video is kept: we fetch pictures of our own videos and nobody else's.
    #[error("no such video is kept here")]
    Unknown,
    /// YouTube did not give it.
    #[error(transparent)]
    YouTube(#[from] YouTubeError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Services {
    /// Takes a submission: a run for each good part, a reason for each bad one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn submit(&self, submission: Submission) -> Result<Submitted, StoreError> {
        submission::take(&self.pool, &self.models.now(), submission).await
    }

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

    /// A summary by its id; `None` where there is none or it is deleted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn summary(&self, id: &str) -> Result<Option<Summary>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut db = self.pool.acquire().await?;
        Ok(database::summaries::get(&mut db, id).await?.map(|(summary, _)| summary))
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

    /// Summaries, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library(&self, page: u32, per_page: u32) -> Result<Page<LibraryItem>, StoreError> {
        self.library_of(&Shown {
            page,
            per_page,
            ..Shown::default()
        })
        .await
    }

    /// A page of the library.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library_of(&self, shown: &Shown) -> Result<Page<LibraryItem>, StoreError> {
        let mut db = self.pool.acquire().await?;
        let shown = Shown {
            page: shown.page.max(1),
            per_page: shown.per_page.clamp(1, 100),
            ..shown.clone()
        };
        database::summaries::page(&mut db, &shown).await
    }

    /// How often anything has changed that the library shows.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library_changes(&self) -> Result<i64, StoreError> {
        database::summaries::changes(&self.pool).await
    }

    /// The tags that most summaries have.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn tags(&self) -> Result<Vec<TagCount>, StoreError> {
        database::tags::most_used(&self.pool, TAGS).await
    }

    /// Puts a tag on a summary, or takes it off; `false` where that can't be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn tag(&self, id: &str, typed: &str, on: bool) -> Result<bool, StoreError> {
        let (Ok(id), Some(tag)) = (id.parse(), library::tag(typed)) else {
            return Ok(false);
        };
        if on {
            database::tags::add(&self.pool, id, &tag).await
        } else {
            database::tags::remove(&self.pool, id, &tag).await
        }
    }

    /// The summaries of a video, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn versions(&self, video_id: &str) -> Result<Vec<VersionItem>, StoreError> {
        let mut db = self.pool.acquire().await?;
        database::summaries::versions(&mut db, video_id, VERSIONS).await
    }

    /// Pins a summary to its video's address, or takes the pin out; `false` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pin(&self, id: &str, pinned: bool) -> Result<bool, StoreError> {
        let Ok(id) = id.parse() else { return Ok(false) };
        let mut tx = self.pool.begin().await?;
        let done = database::summaries::pin(&mut tx, id, pinned).await?;
        tx.commit().await?;
        Ok(done)
    }

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

    /// What fits a query: words, `"phrases"`, `-without`, `or`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn search(&self, typed: &str, page: u32) -> Result<FoundPage, StoreError> {
        let mut db = self.pool.acquire().await?;
        database::search::find(&mut db, &Query::parse(typed), page.max(1)).await
    }

    /// The id of the summary that a video's address leads to.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn main_summary_of(&self, video_id: &str) -> Result<Option<String>, StoreError> {
        Ok(database::summaries::main_of(&self.pool, video_id)
            .await?
            .map(|id| id.to_string()))
    }

    /// What is being worked on and what ended lately.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn activity(&self) -> Result<Activity, StoreError> {
        let mut db = self.pool.acquire().await?;
        let mut batches = database::batches::recent(&mut db, BATCHES).await?;
        let shown: Vec<Uuid> = batches.iter().filter_map(|batch| batch.id.parse().ok()).collect();
        let (now, waiting): (Vec<Run>, Vec<Run>) = database::runs::open(&mut *db, &shown, 200)
            .await?
            .into_iter()
            .partition(|run| run.state == RunState::Working);
        let failed = database::runs::ended(&mut *db, &[RunState::Failed], &shown, 50).await?;
        let done = database::runs::ended(&mut *db, &[RunState::Done, RunState::Cancelled], &shown, 50).await?;
        let seen = Seen {
            typical: database::runs::typical(&mut *db).await?,
            elapsed: database::runs::elapsed(&mut *db).await?,
        };
        drop(db);
        let mut left = Vec::new();
        for run in now.iter().chain(batches.iter().flat_map(|batch| &batch.runs)) {
            if let Some(seconds) = seen.left_of(run) {
                left.push((run.id.clone(), seconds));
            }
        }
        for batch in &mut batches {
            batch.seconds_left = seen.left_of_batch(batch);
        }
        Ok(Activity {
            now,
            waiting,
            failed,
            done,
            batches,
            left,
            pause: self.youtube_pause().await?,
        })
    }

    /// A batch by its id; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn batch(&self, id: &str) -> Result<Option<Batch>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut db = self.pool.acquire().await?;
        let Some(mut batch) = database::batches::get(&mut db, id).await? else {
            return Ok(None);
        };
        let seen = Seen {
            typical: database::runs::typical(&mut *db).await?,
            elapsed: database::runs::elapsed(&mut *db).await?,
        };
        batch.seconds_left = seen.left_of_batch(&batch);
        Ok(Some(batch))
    }

    /// Asks all open runs of a batch to stop; how many, or `None` where there is no such batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn cancel_batch(&self, id: &str) -> Result<Option<usize>, StoreError> {
        let Some(batch) = self.batch(id).await? else {
            return Ok(None);
        };
        let mut count = 0;
        // The last first: else the next one is taken up while those before it are stopped.
        for run in batch.runs.iter().rev().filter(|run| run.state.is_open()) {
            count += usize::from(self.cancel(&run.id).await?);
        }
        Ok(Some(count))
    }

    /// Starts the failed runs of a batch again; how many, or `None` where there is no such batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry_batch(&self, id: &str) -> Result<Option<usize>, StoreError> {
        match self.batch(id).await? {
            Some(batch) => self.retry_all(&batch.runs).await.map(Some),
            None => Ok(None),
        }
    }

    /// Starts all failed runs again that [`Self::activity`] shows; how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry_failed(&self) -> Result<usize, StoreError> {
        let activity = self.activity().await?;
        let mut count = self.retry_all(&activity.failed).await?;
        for batch in &activity.batches {
            count += self.retry_all(&batch.runs).await?;
        }
        Ok(count)
    }

    async fn retry_all(&self, runs: &[Run]) -> Result<usize, StoreError> {
        let mut count = 0;
        for run in runs.iter().filter(|run| run.state == RunState::Failed) {
            count += usize::from(self.retry(&run.id).await?);
        }
        Ok(count)
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

    /// Deletes a summary (it can be restored for a day); its title, or `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_summary(&self, id: &str) -> Result<Option<String>, StoreError> {
        match id.parse() {
            Ok(id) => database::summaries::delete(&self.pool, id).await,
            Err(_) => Ok(None),
        }
    }

    /// Takes a deletion back; `false` where it is too late.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn restore_summary(&self, id: &str) -> Result<bool, StoreError> {
        match id.parse() {
            Ok(id) => database::summaries::restore(&self.pool, id).await,
            Err(_) => Ok(false),
        }
    }

    /// The videos of a playlist or channel, each with the newest summary of it. `again` asks YouTube even where the list
    /// was read a moment ago.
    ///
    /// # Errors
    /// [`ListError`]
    pub async fn list(&self, link: &Link, again: bool) -> Result<VideoList, ListError> {
        let address = link.canonical();
        let kept = match again {
            true => None,
            false => video_lists::get(&self.pool, &address, LIST_MINUTES).await?,
        };
        let mut list = match kept {
            Some(list) => list,
            None => {
                let list = self.youtube.now().list(link).await?;
                video_lists::keep(&self.pool, &address, &list).await?;
                list
            }
        };
        let ids: Vec<String> = list.items.iter().map(|item| item.video_id.clone()).collect();
        let mut captions = video_lists::captions(&self.pool, &ids).await?;
        let mut summarised = video_lists::summarised(&self.pool, &ids).await?;
        for item in &mut list.items {
            item.summary = summarised.remove(&item.video_id);
            item.captions = captions.remove(&item.video_id);
        }
        Ok(list)
    }

    /// How YouTube treats this server.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn youtube_health(&self) -> Result<YouTubeHealth, StoreError> {
        let youtube = self.youtube.now();
        Ok(YouTubeHealth {
            egress: youtube.egress().to_owned(),
            per_minute: youtube.requests_per_minute().map(NonZeroU32::get),
            pause: self.youtube_pause().await?,
            clients: youtube_gates::clients(&self.pool).await?,
            samples: youtube.samples(),
            yt_dlp: youtube.yt_dlp().await,
        })
    }

    /// Whether and until when YouTube is left alone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn youtube_pause(&self) -> Result<Option<Pause>, StoreError> {
        let Some((until, kind)) = youtube_gates::pause(&self.pool, self.youtube.now().egress()).await? else {
            return Ok(None);
        };
        let waiting = database::runs::count_paused(&self.pool).await?;
        Ok(Some(Pause {
            until: until.timestamp(),
            kind,
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        }))
    }

    /// Tries each client on a video that everybody can watch; what waits for YouTube goes on where one works.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn test_youtube(&self) -> Result<Vec<Examined>, StoreError> {
        let examined = self.youtube.now().examine(KNOWN_VIDEO).await;
        if examined.iter().any(Examined::works) {
            for id in database::runs::paused_ids(&self.pool).await? {
                self.retry(&id.to_string()).await?;
            }
        }
        Ok(examined)
    }

    /// The prompts that people wrote, by name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn prompts(&self) -> Result<Vec<OwnPrompt>, StoreError> {
        database::prompts::all(&self.pool).await
    }

    /// Keeps a prompt, a new one where `id` is empty; its id.
    ///
    /// # Errors
    /// [`KeepPromptError`]
    pub async fn keep_prompt(&self, id: &str, name: &str, text: &str) -> Result<String, KeepPromptError> {
        let (name, text) = prompt::checked(name, text)?;
        let id = match id {
            "" => Uuid::now_v7(),
            id => id.parse().map_err(|_| KeepPromptError::Gone)?,
        };
        let mut tx = self.pool.begin().await.map_err(StoreError::from)?;
        if !database::prompts::keep(&mut tx, id, &name, &text).await? {
            let taken = database::prompts::by_name(&mut *tx, &name).await?.is_some();
            return Err(if taken {
                PromptError::Taken.into()
            } else {
                KeepPromptError::Gone
            });
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(id.to_string())
    }

    /// Deletes a prompt (it can be restored for a day); its name, or `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_prompt(&self, id: &str) -> Result<Option<String>, StoreError> {
        match id.parse() {
            Ok(id) => database::prompts::delete(&self.pool, id).await,
            Err(_) => Ok(None),
        }
    }

    /// Takes such a deletion back; `false` where it is too late.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn restore_prompt(&self, id: &str) -> Result<bool, StoreError> {
        match id.parse() {
            Ok(id) => database::prompts::restore(&self.pool, id).await,
            Err(_) => Ok(false),
        }
    }

    /// The models that can be chosen.
    pub async fn models(&self) -> Vec<ModelInfo> {
        self.models.now().list().await
    }

    /// The providers and their models, and what was spent today.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn models_status(&self) -> Result<ModelsStatus, StoreError> {
        self.models.now().status().await
    }

    /// The model that is used where none is named.
    #[must_use]
    pub fn default_model(&self) -> String {
        self.models.now().default_model().to_owned()
    }

    /// The picture of a video that is kept here, from Postgres or else from YouTube.
    ///
    /// # Errors
    /// [`ThumbnailError`]
    pub async fn thumbnail(&self, youtube_id: &str) -> Result<thumbnails::Stored, ThumbnailError> {
        if let Some(stored) = thumbnails::get(&self.pool, youtube_id).await? {
            return Ok(stored);
        }
        if database::videos::get(&self.pool, youtube_id)
            .await?
            .is_none_or(|video| video.youtube_id.is_none())
        {
            return Err(ThumbnailError::Unknown);
        }
        let fetched = self.youtube.now().thumbnail(youtube_id).await?;
        thumbnails::keep(&self.pool, youtube_id, fetched.content_type, &fetched.bytes).await?;
        Ok(thumbnails::Stored {
            content_type: fetched.content_type.to_owned(),
            bytes: fetched.bytes,
        })
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
