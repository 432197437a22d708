//! Backups: one archive of the database, as it stood in one moment, and of the audio files; and back again.
//!
//! Made of `COPY` in one `REPEATABLE READ` snapshot, since the container has no pg_dump, and so readable by any later version of this
//! program: a restore brings an empty database to the archive's schema, loads, and migrates on. No secret is in it: sessions are left
//! out, and keys that were entered in the settings stay behind. The parts: `archive` (the format), `place` (folder or bucket),
//! `restore` (and its proof).

pub mod archive;
#[cfg(test)]
#[path = "backup/tests.rs"]
mod database_tests;
mod place;
mod restore;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sqlx::PgPool;

use self::archive::{FORMAT, Header, Writer};
pub use self::{
    place::{Place, PlaceError, S3},
    restore::{Restored, restore, verify},
};
use crate::database::{
    StoreError, backups,
    copy::{self, Table},
};

/// What archives' names begin with.
const PREFIX: &str = "youtube-summarizer-";
/// What they end with.
const SUFFIX: &str = ".tar.gz";
/// The folder for audio, in DATA_DIR and in archives.
const AUDIO: &str = "audio";

/// Why there is no backup, or why it can't be restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Postgres.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder or bucket.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The archive is damaged, cut off, or none; what is wrong.
    #[error("the archive can't be used: {0}")]
    Archive(String),
    /// What was restored is not what was backed up.
    #[error("what was restored differs from what was backed up: {0}")]
    Differs(String),
    /// The database to restore into is in use.
    #[error("the database to restore into holds data already; name a new one with --database, or empty it first")]
    NotEmpty,
    /// A newer version of this program made it.
    #[error("the archive was made by version {program}, which is newer than this one; restore it with that version")]
    TooNew {
        /// That version.
        program: String,
    },
    /// Another backup is under way.
    #[error("a backup is being made already; wait for it to end")]
    UnderWay,
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Where backups go and how long they stay.
#[derive(Clone, Debug)]
pub struct BackupConfig {
    /// Where they go.
    pub place: Place,
    /// When they are made, each day, UTC; `None` where somebody else runs `backup`.
    pub at: Option<NaiveTime>,
    /// How many days they stay.
    pub keep_days: u32,
    /// How many stay however old they are.
    pub keep_least: usize,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The archive's name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Rows in it.
    pub rows: u64,
    /// Audio files in it.
    pub files: usize,
    /// How long it took.
    pub took: Duration,
    /// The old ones that were removed.
    pub removed: Vec<String>,
}

/// Makes a backup and removes old ones.
///
/// # Errors
/// [`BackupError`], which is also kept in the table.
pub async fn make(pool: &PgPool, data_dir: &Path, config: &BackupConfig) -> Result<Made, BackupError> {
    let id = backups::begin(pool, None).await?.ok_or(BackupError::UnderWay)?;
    make_noted(pool, data_dir, config, id).await
}

/// Makes the day's backup if it is due and nobody else makes it.
///
/// # Errors
/// [`BackupError`]
pub async fn make_if_due(
    pool: &PgPool,
    data_dir: &Path,
    config: &BackupConfig,
    now: DateTime<Utc>,
) -> Result<Option<Made>, BackupError> {
    let Some(at) = config.at else {
        return Ok(None);
    };
    match backups::begin(pool, Some(last_due(now, at))).await? {
        Some(id) => make_noted(pool, data_dir, config, id).await.map(Some),
        None => Ok(None),
    }
}

/// The last time at which one was due.
fn last_due(now: DateTime<Utc>, at: NaiveTime) -> DateTime<Utc> {
    let today = now.date_naive().and_time(at).and_utc();
    if today <= now {
        today
    } else {
        today - TimeDelta::days(1)
    }
}

async fn make_noted(pool: &PgPool, data_dir: &Path, config: &BackupConfig, id: i64) -> Result<Made, BackupError> {
    let begun = Instant::now();
    match write(pool, data_dir, &config.place).await {
        Ok((name, bytes, rows, files)) => {
            backups::succeed(pool, id, &name, bytes, rows).await?;
            let removed = remove_old(config, Utc::now()).await?;
            let took = begun.elapsed();
            tracing::info!(name, bytes, rows, files, seconds = took.as_secs_f64(), "backed up");
            Ok(Made {
                name,
                bytes,
                rows,
                files,
                took,
                removed,
            })
        }
        Err(error) => {
            tracing::error!(%error, "the backup failed");
            if let Err(unnoted) = backups::fail(pool, id, &error.to_string()).await {
                tracing::warn!(error = %unnoted, "that the backup failed could not be noted");
            }
            Err(error)
        }
    }
}

async fn write(pool: &PgPool, data_dir: &Path, place: &Place) -> Result<(String, u64, u64, usize), BackupError> {
    let mut snapshot = pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read read only")
        .execute(&mut *snapshot)
        .await?;
    copy::settle_formats(&mut snapshot).await?;
    // The first query takes the snapshot.
    let schema_version = copy::schema_version(&mut snapshot).await?;
    let mut tables = Vec::new();
    for name in copy::BACKED_UP {
        tables.extend(Table::of(&mut snapshot, name).await?);
    }
    let header = Header {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema_version,
        created_at: Utc::now(),
        tables,
    };
    let name = format!("{PREFIX}{}{SUFFIX}", header.created_at.format("%Y%m%dT%H%M%SZ"));
    let (mut writer, pieces) = Writer::start(&header).await?;
    let written = async {
        for table in &header.tables {
            let rows = copy::out(&mut snapshot, table).await?;
            writer.table(&table.name, rows).await?;
        }
        for (name, path) in audio_files(data_dir).await {
            writer.file(&name, path).await?;
        }
        writer.finish().await
    };
    let (kept, manifest) = tokio::join!(place.keep(&name, pieces), written);
    // Where the place fails, the writer only knows that nobody takes what it writes.
    let bytes = match (kept, manifest.is_ok()) {
        (Err(error), _) => return Err(error.into()),
        (Ok(bytes), true) => bytes,
        (Ok(_), false) => {
            place.remove(&name).await?;
            0
        }
    };
    let manifest = manifest?;
    snapshot.rollback().await?;
    let rows = manifest.tables.iter().map(|table| table.rows).sum();
    Ok((name, bytes, rows, manifest.files.len()))
}

/// The audio files, by their paths in the archive. They are named by their content's hash and never change.
async fn audio_files(data_dir: &Path) -> Vec<(String, PathBuf)> {
    let folder = data_dir.join(AUDIO);
    let mut files = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(&folder).await else {
        return files;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let is_file = entry.file_type().await.is_ok_and(|kind| kind.is_file());
        if let Some(name) = entry
            .file_name()
            .to_str()
            .filter(|name| is_file && !name.starts_with('.'))
        {
            files.push((format!("{AUDIO}/{name}"), entry.path()));
        }
    }
    files.sort();
    files
}

/// Removes what is older than it is to stay, except the newest few.
async fn remove_old(config: &BackupConfig, now: DateTime<Utc>) -> Result<Vec<String>, BackupError> {
    let mut names = config.place.list().await?;
    names.retain(|name| made_at(name).is_some());
    names.sort();
    let many = names.len().saturating_sub(config.keep_least);
    let oldest = now - TimeDelta::days(i64::from(config.keep_days));
    let mut removed = Vec::new();
    for name in names.into_iter().take(many) {
        if made_at(&name).is_some_and(|made| made < oldest) {
            config.place.remove(&name).await?;
            removed.push(name);
        }
    }
    Ok(removed)
}

/// The newest archive of a place.
///
/// # Errors
/// [`BackupError::Archive`] where there is none.
pub async fn newest(place: &Place) -> Result<String, BackupError> {
    let mut names = place.list().await?;
    names.retain(|name| made_at(name).is_some());
    names.sort();
    names
        .pop()
        .ok_or_else(|| BackupError::Archive(format!("there is none in {place}")))
}

/// When an archive was made, by its name; `None` for what is none of ours.
fn made_at(name: &str) -> Option<DateTime<Utc>> {
    let stamp = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    chrono::NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ")
        .ok()
        .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn one_is_due_a_day() {
        let time = NaiveTime::from_hms_opt(3, 20, 0).unwrap();
        assert_eq!(last_due(at("2026-11-24T03:19:00Z"), time), at("2026-11-23T03:20:00Z"));
        assert_eq!(last_due(at("2026-11-24T03:20:00Z"), time), at("2026-11-24T03:20:00Z"));
        assert_eq!(last_due(at("2026-11-24T23:00:00Z"), time), at("2026-11-24T03:20:00Z"));
    }

    #[tokio::test]
    async fn old_ones_go_but_the_newest_stay() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "20260101T000000Z",
            "20260102T000000Z",
            "20261001T000000Z",
            "20261123T000000Z",
        ];
        for name in names {
            std::fs::write(folder.path().join(format!("{PREFIX}{name}{SUFFIX}")), b"").unwrap();
        }
        std::fs::write(folder.path().join("holiday.tar.gz"), b"").unwrap();
        let mut config = BackupConfig {
            place: Place::Folder(folder.path().to_owned()),
            at: None,
            keep_days: 30,
            keep_least: 3,
        };
        let now = at("2026-11-24T00:00:00Z");
        assert_eq!(remove_old(&config, now).await.unwrap().len(), 1);
        config.keep_least = 1;
        assert_eq!(remove_old(&config, now).await.unwrap().len(), 2);
        config.keep_days = 0;
        assert!(remove_old(&config, now).await.unwrap().is_empty(), "the last one stays");
        assert!(folder.path().join("holiday.tar.gz").exists());
        assert_eq!(
            newest(&config.place).await.unwrap(),
            format!("{PREFIX}20261123T000000Z{SUFFIX}")
        );
    }
}
