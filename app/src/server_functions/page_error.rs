//! Why a page could not be filled.

use domain::fault::Fault;
use serde::{Deserialize, Serialize};
use server_fn::error::ServerFnErrorErr;

use crate::json_text::JsonText;

/// Why a page could not be filled. Safe to show: what happened inside stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum PageError {
    /// Nobody is signed in (any more).
    #[error("You are signed out.")]
    SignIn,
    /// There is none by that id.
    #[error("There is no such summary.")]
    NotFound,
    /// The run or the deletion is past the point where this could be done.
    #[error("Too late: that is no longer possible.")]
    TooLate,
    /// Postgres does not answer as it should.
    #[error("The database does not answer. Nothing is lost; try again in a moment.")]
    Store,
    /// YouTube would not; what happened, whose fault it is, what to do.
    #[error("{} {}", .0.message, .0.hint)]
    Upstream(Box<Fault>),
    /// The server could not be reached or understood.
    #[error("The server could not be reached. Try again in a moment.")]
    Transport(String),
}

impl server_fn::error::FromServerFnError for PageError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Transport(error.to_string())
    }
}
