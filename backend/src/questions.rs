//! Asking questions: of a video, or of the whole library. The answer is made by [`crate::pipeline`].

use domain::{evidence::LONGEST_QUESTION, question::Question, run::TextFrom};
use uuid::Uuid;

use crate::{
    database::{
        StoreError, passages,
        questions::{self, NewQuestion},
        runs, transcripts,
    },
    jobs,
    services::Services,
};

/// Open questions in all; more would only wait.
const MOST_OPEN: i64 = 50;

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The video's or upload's id; `None` asks the whole library.
    pub video_id: Option<String>,
    /// The run on whose page it is asked, whose transcript is then meant; else the video's newest.
    pub run: Option<String>,
    /// The conversation with the library that it goes on with.
    pub thread: Option<String>,
    /// The question.
    pub text: String,
    /// `extractive` or a model; `None` means the default model.
    pub model: Option<String>,
}

/// Why a question was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is no such video, or no transcript of it.
    #[error("There is no such video here, or no transcript of it yet.")]
    Unknown,
    /// Nothing was asked.
    #[error("The question is empty. Write what you want to know.")]
    Empty,
    /// Too much was asked.
    #[error("The question has more than {LONGEST_QUESTION} characters. Ask for less at a time.")]
    TooLong,
    /// The model can't be asked.
    #[error("{0}")]
    Model(String),
    /// Too many are open.
    #[error("{MOST_OPEN} questions wait for their answers already. Try again in a moment.")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for AskError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Services {
    /// Takes a question; its answer comes by itself.
    ///
    /// # Errors
    /// [`AskError`]
    pub async fn ask(&self, asked: Asked) -> Result<Question, AskError> {
        let text = asked.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err(AskError::Empty);
        }
        if text.chars().count() > LONGEST_QUESTION {
            return Err(AskError::TooLong);
        }
        let models = self.models.now();
        let model = asked.model.as_deref().map(str::trim).filter(|model| !model.is_empty());
        let model = model.unwrap_or_else(|| models.default_model()).to_owned();
        models.resolve(&model).map_err(|error| {
            let fault = error.fault();
            AskError::Model(format!("{} {}", fault.message, fault.hint))
        })?;
        let video = match asked.video_id {
            None => None,
            Some(video) => {
                let transcript = self.transcript_for(&video, asked.run.as_deref()).await?;
                Some((video, transcript.ok_or(AskError::Unknown)?))
            }
        };
        let id = Uuid::now_v7();
        let thread = match asked.thread.as_deref().map(str::parse) {
            // One that does not exist begins anew.
            Some(Ok(thread)) if questions::has_thread(&self.pool, thread).await? => thread,
            _ => id,
        };
        let mut tx = self.pool.begin().await?;
        if questions::count_open(&mut *tx).await? >= MOST_OPEN {
            crate::metrics::count_limited("questions");
            return Err(AskError::TooMany);
        }
        let new = NewQuestion {
            id,
            thread,
            video,
            text,
            model,
        };
        questions::make(&mut *tx, &new).await?;
        jobs::enqueue_question(&self.pool, &mut tx, id, None).await?;
        tx.commit().await?;
        questions::get(&self.pool, id).await?.ok_or(AskError::Unknown)
    }

    async fn transcript_for(&self, video: &str, run: Option<&str>) -> Result<Option<i64>, StoreError> {
        let of_run = match run.map(str::parse) {
            Some(Ok(run)) => match runs::get(&self.pool, run).await? {
                Some(found) if found.video_id.as_deref() == Some(video) => runs::transcript_of(&self.pool, run).await?,
                _ => None,
            },
            _ => None,
        };
        let transcript = match of_run {
            Some(transcript) => Some(transcript),
            None => transcripts::newest_of(&self.pool, video, &TextFrom::Captions).await?,
        };
        let Some(transcript) = transcript else { return Ok(None) };
        let is_read = passages::has_some(&self.pool, transcript).await?;
        Ok(is_read.then_some(transcript))
    }

    /// A question by its id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn question(&self, id: &str) -> Result<Option<Question>, StoreError> {
        match id.parse() {
            Ok(id) => questions::get(&self.pool, id).await,
            Err(_) => Ok(None),
        }
    }

    /// The questions of a video, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn questions_of(&self, video: &str) -> Result<Vec<Question>, StoreError> {
        questions::of_video(&self.pool, video).await
    }

    /// A conversation with the library, oldest question first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn conversation(&self, thread: &str) -> Result<Vec<Question>, StoreError> {
        match thread.parse() {
            Ok(thread) => questions::of_thread(&self.pool, thread).await,
            Err(_) => Ok(Vec::new()),
        }
    }

    /// The conversations with the library that were begun last: id and first question.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn conversations(&self) -> Result<Vec<(String, String)>, StoreError> {
        questions::threads(&self.pool).await
    }

    /// Asks a question's worker to stop; `false` where there is none or it is answered.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn cancel_question(&self, id: &str) -> Result<bool, StoreError> {
        let Ok(id) = id.parse() else { return Ok(false) };
        let mut tx = self.pool.begin().await?;
        let cancelled = questions::cancel(&mut tx, id).await?;
        tx.commit().await?;
        Ok(cancelled)
    }

    /// Deletes a question and its answer (it can be restored for a day); `false` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_question(&self, id: &str) -> Result<bool, StoreError> {
        let Ok(id) = id.parse() else { return Ok(false) };
        let mut tx = self.pool.begin().await?;
        let deleted = questions::delete(&mut tx, id).await?;
        tx.commit().await?;
        Ok(deleted)
    }

    /// Takes such a deletion back; `false` where it is too late.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn restore_question(&self, id: &str) -> Result<bool, StoreError> {
        match id.parse() {
            Ok(id) => questions::restore(&self.pool, id).await,
            Err(_) => Ok(false),
        }
    }
}
