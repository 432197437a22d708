//! Postgres: the pool, the migrations, and one file a table beside this one. All SQL of the program stands in here.

pub mod api_tokens;
pub mod audio;
pub mod audit;
pub mod backups;
pub mod batches;
pub mod copy;
pub mod deleted;
pub mod events;
pub mod extracts;
pub mod imported;
pub mod library_evidence;
pub mod login_attempts;
pub mod model_answers;
pub mod model_asks;
pub mod model_calls;
pub mod model_notes;
pub mod passages;
pub mod prompts;
pub mod question_events;
pub mod questions;
pub mod rate_buckets;
pub mod runs;
pub mod search;
pub mod sessions;
pub mod settings;
pub mod summaries;
pub mod tags;
mod terms;
pub mod thumbnails;
pub mod tracks;
pub mod transcripts;
pub mod video_lists;
pub mod videos;
pub mod youtube_gates;

use std::{borrow::Cow, str::FromStr, time::Duration};

use domain::transcript::Span;
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// Our tables, embedded. graphile_worker brings its own schema along when its worker starts.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// A request could not be served because Postgres did not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A query failed.
    #[error("the database did not answer as it should: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The queue failed.
    #[error("the queue of jobs did not work as it should: {message}")]
    Queue {
        /// What it said.
        message: String,
        /// The database's code, where it was the database.
        code: Option<String>,
    },
    /// Something stored can't be understood: a newer version of this program wrote it, or it is damaged.
    #[error("stored data can't be read: {0}")]
    Stored(String),
}

impl StoreError {
    /// Whether the database was away, full or overrun, so that the same may succeed when it is back; nothing is wrong with what was
    /// asked.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        // Connections, resources (a full disk, too many connections), shutdowns, the system's input and output; read-only after a
        // failover.
        const PASSING: [&str; 5] = ["08", "53", "57P", "58", "25006"];
        match self {
            Self::Database(sqlx::Error::Database(_)) | Self::Queue { .. } => self.is_of(&PASSING),
            Self::Database(error) => matches!(
                error,
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed
            ),
            Self::Migrate(_) | Self::Stored(_) => false,
        }
    }

    /// Whether the database refuses the very values that it was given: it will refuse them again.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        // Data, constraints, limits of Postgres itself.
        self.is_of(&["22", "23", "54"])
    }

    /// Whether the database's code begins with one of these.
    fn is_of(&self, classes: &[&str]) -> bool {
        let code = match self {
            Self::Database(sqlx::Error::Database(error)) => error.code(),
            Self::Queue { code, .. } => code.as_deref().map(Cow::Borrowed),
            Self::Database(_) | Self::Migrate(_) | Self::Stored(_) => None,
        };
        code.is_some_and(|code| classes.iter().any(|class| code.starts_with(class)))
    }
}

/// Connects, waiting up to ten seconds for a server that is just starting.
///
/// # Errors
/// [`StoreError`] where the URL is none or nobody answers.
pub async fn connect(url: &str, max_connections: u32) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("youtube-summarizer")
        .log_slow_statements(tracing::log::LevelFilter::Warn, Duration::from_secs(1));
    let pool = PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// The same server and user, but another database.
///
/// # Errors
/// [`StoreError`] where the URL is none.
pub fn with_name(url: &str, name: &str) -> Result<String, StoreError> {
    let options = PgConnectOptions::from_str(url)?.database(name);
    Ok(options.to_url_lossy().to_string())
}

/// Brings our tables and the queue's up to date. Safe to run from several replicas at once.
///
/// # Errors
/// [`StoreError::Migrate`]
pub async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    MIGRATOR.run(pool).await?;
    crate::jobs::migrate(pool).await
}

/// Whether the database answers a question that needs no table.
pub async fn answers(pool: &PgPool) -> bool {
    sqlx::query_scalar!(r#"select 1 as "one!""#)
        .fetch_one(pool)
        .await
        .is_ok()
}

/// How many bytes the database takes on its disk.
///
/// # Errors
/// [`StoreError`]
pub async fn size(pool: &PgPool) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar!(r#"select pg_database_size(current_database()) as "size!""#)
            .fetch_one(pool)
            .await?,
    )
}

/// Postgres takes no NUL in a text; nobody else's text has a use for one.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

/// A part of a video, as two columns keep it.
fn span(start_ms: Option<i64>, end_ms: Option<i64>) -> Option<Span> {
    let (start_ms, end_ms) = start_ms.zip(end_ms)?;
    Some(Span {
        start_ms: start_ms.cast_unsigned(),
        end_ms: end_ms.cast_unsigned(),
    })
}
