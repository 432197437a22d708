//! What the pages, the REST API and the commands ask for, in one cloneable handle. Thin: the work stands in the modules it calls.

use domain::{
    library::{Activity, LibraryItem, Page},
    run::{Run, RunPage},
};

use crate::models::ModelInfo;

/// A request could not be served because Postgres did not answer as it should.
#[derive(Debug, thiserror::Error)]
#[error("the database did not answer as it should: {0}")]
pub struct StoreError(pub String);

/// What was typed, and what is wanted of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// What was typed into the home field: lines of links, or a transcript.
    pub input: String,
    /// Uploaded files, each a transcript of its own.
    pub files: Vec<UploadedFile>,
    /// What a transcript is to be called; else its file name or first words.
    pub title: Option<String>,
    /// `None` means the default model.
    pub model: Option<String>,
    /// `None` means `briefing`.
    pub style: Option<String>,
    /// Output language; `None` means the transcript's.
    pub language: Option<String>,
    /// At most so many words; `None` means medium.
    pub words: Option<u32>,
    /// Make a new version even where an equal summary is kept.
    pub fresh: bool,
    /// Fetch the transcript again even where it is kept.
    pub refetch: bool,
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
    /// The rest.
    pub rejected: Vec<Rejected>,
}

/// The handle.
#[derive(Clone, Debug)]
pub struct Services {}

impl Services {
    /// Takes a submission: a run for each good part, a reason for each bad one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn submit(&self, _submission: Submission) -> Result<Submitted, StoreError> {
        Ok(Submitted::default())
    }

    /// Everything the page of a run or summary shows; `None` where there is no such run.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn run_page(&self, _id: &str) -> Result<Option<RunPage>, StoreError> {
        Ok(None)
    }

    /// Summaries, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library(&self, page: u32, per_page: u32) -> Result<Page<LibraryItem>, StoreError> {
        Ok(Page {
            items: Vec::new(),
            page,
            per_page,
            total: 0,
        })
    }

    /// What is being worked on and what ended lately.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn activity(&self) -> Result<Activity, StoreError> {
        Ok(Activity::default())
    }

    /// Asks a run to stop; `false` where there is none or it has ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn cancel(&self, _id: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Starts a failed, cancelled or waiting run again; `false` where there is none that could be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry(&self, _id: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Deletes a summary (it can be restored for some time); its title, or `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_summary(&self, _id: &str) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Takes a deletion back; `false` where it is too late.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn restore_summary(&self, _id: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// The models that can be chosen.
    pub async fn models(&self) -> Vec<ModelInfo> {
        Vec::new()
    }

    /// The model that is used where none is named.
    #[must_use]
    pub fn default_model(&self) -> &str {
        crate::models::EXTRACTIVE
    }
}
