//! What the pages, the REST API and the commands ask for, in one cloneable handle. Thin: the work stands in the modules it calls.

mod batches;
mod exports;
mod library;
mod prompts;
mod runs;
mod youtube;

use std::time::Duration;

use domain::{
    library::FoundPage,
    models::ModelsStatus,
    run::{Run, TextFrom},
    transcript::Span,
};
use sqlx::PgPool;

pub use self::{
    prompts::KeepPromptError,
    youtube::{KNOWN_VIDEO, ListError, ThumbnailError},
};
pub use crate::database::StoreError;
use crate::{
    current::Current,
    live::Live,
    models::{ModelInfo, Models},
    submission,
    unchanged::Unchanged,
    youtube::YouTube,
};

/// How long a page that is read waits for what is only beside it.
const SOON: Duration = Duration::from_millis(300);

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
    /// What was found lately, by what was typed and the page.
    pub found: Unchanged<(String, u32), FoundPage>,
}

impl Services {
    /// Takes a submission: a run for each good part, a reason for each bad one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn submit(&self, submission: Submission) -> Result<Submitted, StoreError> {
        submission::take(&self.pool, &self.models.now(), submission).await
    }

    /// The models that can be chosen.
    pub async fn models(&self) -> Vec<ModelInfo> {
        self.models.now().list().await
    }

    /// The providers that did not list their models when they were asked last, and why.
    #[must_use]
    pub fn unlisted(&self) -> Vec<(String, String)> {
        self.models.now().unlisted()
    }

    /// The models that can be chosen, where that is known soon: a page that is read must not wait for a provider. Empty where it is
    /// not; the providers are asked all the same, so that it is known the next time.
    pub async fn models_soon(&self) -> Vec<ModelInfo> {
        let models = self.models.now();
        let asked = tokio::spawn(async move { models.list().await });
        match tokio::time::timeout(SOON, asked).await {
            Ok(Ok(models)) => models,
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
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
}
