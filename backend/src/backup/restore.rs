//! Back from an archive: into an empty database, and the proof that what came back is what went in.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures::{StreamExt, stream};
use sqlx::{PgConnection, PgPool, postgres::PgConnectOptions, postgres::PgPoolOptions};
use tokio::{io::AsyncWriteExt, sync::mpsc};

use super::{
    AUDIO, BackupError,
    archive::{self, Content, Counter, FORMAT, Header, Manifest, Piece},
};
use crate::database::{
    self,
    copy::{self, Table},
};

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Restored {
    /// What the archive said of itself.
    pub header: Header,
    /// What was in it.
    pub manifest: Manifest,
    /// How long it took.
    pub took: Duration,
}

/// Restores an archive into an empty database and a data folder, all or nothing as far as the database goes, and brings it up to date.
/// Audio files that are there already stay.
///
/// # Errors
/// [`BackupError`]
pub async fn restore(pool: &PgPool, data_dir: &Path, path: &Path) -> Result<Restored, BackupError> {
    let begun = Instant::now();
    if !copy::is_empty(&mut *pool.acquire().await?).await? {
        return Err(BackupError::NotEmpty);
    }
    let (header, manifest) = load(pool, Some(&data_dir.join(AUDIO)), path).await?;
    database::migrate(pool).await?;
    Ok(Restored {
        header,
        manifest,
        took: begun.elapsed(),
    })
}

/// Restores an archive into a scratch database on the same server, copies everything out again and compares. The scratch database is
/// removed whatever happens.
///
/// # Errors
/// [`BackupError::Differs`] where they differ; else [`BackupError`]
pub async fn verify(pool: &PgPool, url: &str, path: &Path) -> Result<Restored, BackupError> {
    let begun = Instant::now();
    let name = format!("ytsum_verify_{}", uuid::Uuid::now_v7().simple());
    copy::create_database(pool, &name).await?;
    let compared = compare(url, &name, path).await;
    copy::drop_database(pool, &name).await?;
    let (header, manifest) = compared?;
    Ok(Restored {
        header,
        manifest,
        took: begun.elapsed(),
    })
}

async fn compare(url: &str, name: &str, path: &Path) -> Result<(Header, Manifest), BackupError> {
    let options = PgConnectOptions::from_str(url)?.database(name);
    let scratch = PgPoolOptions::new().max_connections(2).connect_with(options).await?;
    let compared = async {
        let (header, manifest) = load(&scratch, None, path).await?;
        let mut tx = scratch.begin().await?;
        copy::settle_formats(&mut tx).await?;
        for (table, wanted) in header.tables.iter().zip(&manifest.tables) {
            let mut counter = Counter::default();
            let mut rows = copy::out(&mut tx, table).await?;
            while let Some(bytes) = rows.next().await {
                counter.take(&bytes?, true);
            }
            drop(rows);
            same(wanted, &counter.content(&table.name))?;
        }
        tx.rollback().await?;
        Ok((header, manifest))
    }
    .await;
    scratch.close().await;
    compared
}

/// Loads an archive at its own schema, and holds what is read against its manifest before anything is kept.
async fn load(pool: &PgPool, audio: Option<&Path>, path: &Path) -> Result<(Header, Manifest), BackupError> {
    let mut pieces = archive::read(path.to_owned());
    let Some(Piece::Header(header)) = pieces.recv().await.transpose()? else {
        return Err(BackupError::Archive("it does not begin with a header".to_owned()));
    };
    if header.format > FORMAT || header.schema_version > copy::newest_schema_version() {
        return Err(BackupError::TooNew {
            program: header.program,
        });
    }
    copy::migrate_to(pool, header.schema_version).await?;
    let mut tx = pool.begin().await?;
    copy::settle_formats(&mut tx).await?;
    let mut reading = Reading {
        pieces,
        ahead: None,
        seen: Manifest::default(),
    };
    for table in &header.tables {
        check_table(&mut tx, table).await?;
        reading.table(&mut tx, table).await?;
        copy::go_on_counting(&mut tx, table).await?;
    }
    let files = reading.files(audio).await?;
    let manifest = reading.manifest().await?;
    for (wanted, seen) in manifest.tables.iter().zip(&reading.seen.tables) {
        same(wanted, seen)?;
    }
    let all_files = manifest.files == reading.seen.files;
    if manifest.tables.len() != reading.seen.tables.len() || !all_files {
        return Err(BackupError::Differs(
            "the manifest names other tables or files".to_owned(),
        ));
    }
    tx.commit().await?;
    // Only now do the files get the names they are looked for under.
    for (from, to) in files {
        tokio::fs::rename(&from, &to)
            .await
            .map_err(|error| BackupError::Archive(format!("{} can't be written: {error}", to.display())))?;
    }
    Ok((header, manifest))
}

/// An archive's table has to be one of this schema, column by column.
async fn check_table(db: &mut PgConnection, table: &Table) -> Result<(), BackupError> {
    let there = Table::of(db, &table.name).await?;
    let known = copy::BACKED_UP.contains(&table.name.as_str())
        && there.is_some_and(|there| table.columns.iter().all(|column| there.columns.contains(column)));
    if known {
        Ok(())
    } else {
        Err(BackupError::Archive(format!(
            "it holds a table {:?} of another shape",
            table.name
        )))
    }
}

fn same(wanted: &Content, seen: &Content) -> Result<(), BackupError> {
    if wanted == seen {
        return Ok(());
    }
    Err(BackupError::Differs(format!(
        "{}: {} rows and {} bytes were backed up, {} rows and {} bytes came back{}",
        wanted.name,
        wanted.rows,
        wanted.bytes,
        seen.rows,
        seen.bytes,
        if wanted.bytes == seen.bytes {
            ", of other content"
        } else {
            ""
        }
    )))
}

struct Reading {
    pieces: mpsc::Receiver<Result<Piece, BackupError>>,
    ahead: Option<Piece>,
    seen: Manifest,
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Piece>, BackupError> {
        match self.ahead.take() {
            Some(piece) => Ok(Some(piece)),
            None => self.pieces.recv().await.transpose(),
        }
    }

    /// The rows of one table, straight into it.
    async fn table(&mut self, db: &mut PgConnection, table: &Table) -> Result<(), BackupError> {
        let mut counter = Counter::default();
        let mut failure = None;
        let rows = stream::unfold(
            (&mut *self, &mut counter, &mut failure),
            |(reading, counter, failure)| async {
                match reading.next().await {
                    Ok(Some(Piece::Rows(name, bytes))) if name == table.name => {
                        counter.take(&bytes, true);
                        Some((bytes, (reading, counter, failure)))
                    }
                    Ok(piece) => {
                        reading.ahead = piece;
                        None
                    }
                    Err(error) => {
                        *failure = Some(error);
                        None
                    }
                }
            },
        );
        copy::into(db, table, Box::pin(rows)).await?;
        if let Some(error) = failure {
            return Err(error);
        }
        self.seen.tables.push(counter.content(&table.name));
        Ok(())
    }

    /// The audio files, under other names for now: what to rename to what. Without a folder they are only counted.
    async fn files(&mut self, folder: Option<&Path>) -> Result<Vec<(PathBuf, PathBuf)>, BackupError> {
        let unwritable = |path: &Path, error: std::io::Error| {
            BackupError::Archive(format!("{} can't be written: {error}", path.display()))
        };
        if let Some(folder) = folder {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|error| unwritable(folder, error))?;
        }
        let mut order = Vec::new();
        let mut counters: HashMap<String, Counter> = HashMap::new();
        let mut renames = Vec::new();
        let mut open: Option<(String, tokio::fs::File)> = None;
        loop {
            match self.next().await? {
                Some(Piece::File(name, bytes)) => {
                    if !counters.contains_key(&name) {
                        order.push(name.clone());
                    }
                    counters.entry(name.clone()).or_default().take(&bytes, false);
                    let Some(folder) = folder else { continue };
                    write_piece(folder, &name, &bytes, &mut open, &mut renames)
                        .await
                        .map_err(|error| unwritable(folder, error))?;
                }
                ahead => {
                    self.ahead = ahead;
                    break;
                }
            }
        }
        if let Some((_, mut file)) = open {
            file.flush()
                .await
                .map_err(|error| BackupError::Archive(error.to_string()))?;
        }
        for name in order {
            if let Some(counter) = counters.remove(&name) {
                self.seen.files.push(counter.content(&name));
            }
        }
        Ok(renames)
    }

    async fn manifest(&mut self) -> Result<Manifest, BackupError> {
        match self.next().await? {
            Some(Piece::Manifest(manifest)) => Ok(manifest),
            _ => Err(BackupError::Archive("it was cut off: it has no manifest".to_owned())),
        }
    }
}

/// Writes a piece of `audio/NAME` beside where it belongs.
async fn write_piece(
    folder: &Path,
    name: &str,
    bytes: &Bytes,
    open: &mut Option<(String, tokio::fs::File)>,
    renames: &mut Vec<(PathBuf, PathBuf)>,
) -> std::io::Result<()> {
    if open.as_ref().is_none_or(|(current, _)| current != name) {
        if let Some((_, mut file)) = open.take() {
            file.flush().await?;
        }
        let file_name = name.rsplit('/').next().unwrap_or(name);
        let part = folder.join(format!(".restoring-{file_name}"));
        let file = tokio::fs::File::create(&part).await?;
        renames.push((part, folder.join(file_name)));
        *open = Some((name.to_owned(), file));
    }
    match open {
        Some((_, file)) => file.write_all(bytes).await,
        None => Ok(()),
    }
}
