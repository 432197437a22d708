//! A private Postgres cluster from the PostgreSQL programs that this machine has (design.md §3): found, created, started,
//! adopted after a kill, stopped. Only std and processes: no SQL, so that xtask can use it before anything else compiles.

use std::path::{Path, PathBuf};

/// How the cluster is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The DATA_DIR; the cluster lies in `postgres` below it, or elsewhere where the unprivileged user can't reach that.
    pub data_dir: PathBuf,
    /// Turn off fsync, synchronous_commit and full_page_writes: for tests, which may lose everything.
    pub unsafe_fast: bool,
}

/// A running cluster of ours. Dropping it does not stop it: call [`Cluster::stop`].
#[derive(Debug)]
pub struct Cluster {
    socket_dir: PathBuf,
}

/// Why there is no cluster. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No PostgreSQL programs anywhere we look.
    #[error(
        "no PostgreSQL programs were found (looked at {looked}); install PostgreSQL 14 or newer (Debian: apt-get install postgresql) or set DATABASE_URL"
    )]
    NotInstalled {
        /// The places.
        looked: String,
    },
}

impl Cluster {
    /// Finds the programs, creates the cluster if it is new, starts it or adopts the one that runs, creates the database.
    ///
    /// # Errors
    /// [`ClusterError`], worded for the person at the terminal.
    pub fn start(_settings: &Settings) -> Result<Self, ClusterError> {
        Err(ClusterError::NotInstalled { looked: String::new() })
    }

    /// The folder of its socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// A connection URL for `database` ("youtube_summarizer" exists already; "postgres" is for administration), as sqlx reads it.
    #[must_use]
    pub fn url(&self, _database: &str) -> String {
        String::new()
    }

    /// Stops it cleanly (fast shutdown), waits until it is down.
    ///
    /// # Errors
    /// [`ClusterError`] where it would not stop.
    pub fn stop(self) -> Result<(), ClusterError> {
        Ok(())
    }
}
