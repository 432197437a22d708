//! The archive: a gzipped tar that anybody can open. First `header.json`, then each table in parts of some megabytes
//! (`tables/videos/000001.copy`, Postgres' text format), then the audio files, and last `manifest.json` with what was written:
//! an archive without it was cut off.
//!
//! Compressing and reading are work for threads of their own; the streams between are bounded.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::{sync::mpsc, task::JoinHandle};

use super::BackupError;
use crate::database::copy::Table;

/// The format this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;
/// Bytes of a part of a table, and of what is sent on at once.
const PART: usize = 4 * 1024 * 1024;
/// What a `.json` of an archive may be long.
const MAX_JSON: usize = 64 * 1024 * 1024;

/// What an archive says first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`]
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The newest migration of the database.
    pub schema_version: i64,
    /// When the snapshot was taken.
    pub created_at: DateTime<Utc>,
    /// The tables, in the order of the archive.
    pub tables: Vec<Table>,
}

/// What an archive says last: what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// A table each, in the order of the header.
    pub tables: Vec<Content>,
    /// An audio file each.
    pub files: Vec<Content>,
}

/// A table or file as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The table's name, or the file's path in the archive.
    pub name: String,
    /// Rows; 0 for files.
    pub rows: u64,
    /// Bytes, before compression.
    pub bytes: u64,
    /// SHA-256 of those, in hex.
    pub sha256: String,
}

/// Counts what goes through.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    rows: u64,
    bytes: u64,
    hash: Sha256,
}

impl Counter {
    /// Counts some bytes, and rows by the line feeds that end them (those within values are escaped).
    pub fn take(&mut self, bytes: &[u8], has_rows: bool) {
        if has_rows {
            self.rows += bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        }
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
    }

    /// What was counted.
    #[must_use]
    pub fn content(self, name: &str) -> Content {
        Content {
            name: name.to_owned(),
            rows: self.rows,
            bytes: self.bytes,
            sha256: crate::submission::hex_of(&self.hash.finalize()),
        }
    }
}

enum Order {
    Bytes(String, Vec<u8>),
    File(String, PathBuf),
}

/// Writes an archive; what it is made of comes out of the receiver that [`Writer::start`] returns.
#[derive(Debug)]
pub struct Writer {
    orders: mpsc::Sender<Order>,
    thread: JoinHandle<io::Result<Vec<Content>>>,
    manifest: Manifest,
}

impl Writer {
    /// Begins with the header.
    ///
    /// # Errors
    /// [`BackupError::Archive`]
    pub async fn start(header: &Header) -> Result<(Self, mpsc::Receiver<Bytes>), BackupError> {
        let (orders, received) = mpsc::channel(2);
        let (pieces, out) = mpsc::channel(2);
        let time = header.created_at.timestamp().try_into().unwrap_or(0);
        let thread = tokio::task::spawn_blocking(move || write(received, Pieces::new(pieces), time));
        let writer = Self {
            orders,
            thread,
            manifest: Manifest::default(),
        };
        writer
            .order(Order::Bytes("header.json".to_owned(), json(header)?))
            .await?;
        Ok((writer, out))
    }

    /// Writes a table.
    ///
    /// # Errors
    /// [`BackupError`] where the rows or the archive break off.
    pub async fn table(
        &mut self,
        name: &str,
        rows: impl futures::Stream<Item = Result<Bytes, crate::database::StoreError>> + Send,
    ) -> Result<(), BackupError> {
        use futures::StreamExt;
        let mut rows = std::pin::pin!(rows);
        let (mut counter, mut part, mut number) = (Counter::default(), Vec::with_capacity(PART), 1_u32);
        while let Some(bytes) = rows.next().await {
            let bytes = bytes?;
            counter.take(&bytes, true);
            part.extend_from_slice(&bytes);
            if part.len() >= PART {
                let full = std::mem::replace(&mut part, Vec::with_capacity(PART));
                self.order(Order::Bytes(part_name(name, number), full)).await?;
                number += 1;
            }
        }
        self.order(Order::Bytes(part_name(name, number), part)).await?;
        self.manifest.tables.push(counter.content(name));
        Ok(())
    }

    /// Writes a file under a path of the archive's. One that has vanished meanwhile is left out.
    ///
    /// # Errors
    /// [`BackupError::Archive`]
    pub async fn file(&self, name: &str, path: PathBuf) -> Result<(), BackupError> {
        self.order(Order::File(name.to_owned(), path)).await
    }

    /// Ends with the manifest, which is returned.
    ///
    /// # Errors
    /// [`BackupError::Archive`]
    pub async fn finish(self) -> Result<Manifest, BackupError> {
        let Self {
            orders,
            thread,
            mut manifest,
        } = self;
        // The thread knows the files; it adds them to this.
        let begun = json(&manifest)?;
        let _ = orders.send(Order::Bytes("manifest.json".to_owned(), begun)).await;
        drop(orders);
        manifest.files = joined(thread.await)?;
        Ok(manifest)
    }

    async fn order(&self, order: Order) -> Result<(), BackupError> {
        // Why the thread ended is told by `finish`, or by whoever takes the pieces.
        self.orders
            .send(order)
            .await
            .map_err(|_| BackupError::Archive("writing it broke off".to_owned()))
    }
}

fn write(mut orders: mpsc::Receiver<Order>, pieces: Pieces, time: u64) -> io::Result<Vec<Content>> {
    let mut archive = tar::Builder::new(GzEncoder::new(pieces, Compression::default()));
    let mut files = Vec::new();
    while let Some(order) = orders.blocking_recv() {
        match order {
            Order::Bytes(name, bytes) if name == "manifest.json" => {
                let mut manifest: Manifest = serde_json::from_slice(&bytes)?;
                manifest.files.clone_from(&files);
                let bytes = serde_json::to_vec_pretty(&manifest)?;
                append(&mut archive, &name, bytes.len() as u64, time, bytes.as_slice())?;
            }
            Order::Bytes(name, bytes) => append(&mut archive, &name, bytes.len() as u64, time, bytes.as_slice())?,
            Order::File(name, path) => {
                let file = match std::fs::File::open(&path) {
                    Ok(file) => file,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                };
                let length = file.metadata()?.len();
                let mut counted = Counted {
                    // Files never change; one that grew all the same is cut where it was.
                    inner: file.take(length),
                    counter: Counter::default(),
                };
                append(&mut archive, &name, length, time, &mut counted)?;
                files.push(counted.counter.content(&name));
            }
        }
    }
    archive.into_inner()?.finish()?.flush()?;
    Ok(files)
}

fn append<W: Write>(
    archive: &mut tar::Builder<W>,
    name: &str,
    length: u64,
    time: u64,
    bytes: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_mtime(time);
    archive.append_data(&mut header, name, bytes)
}

fn part_name(table: &str, number: u32) -> String {
    format!("tables/{table}/{number:06}.copy")
}

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, BackupError> {
    serde_json::to_vec_pretty(value).map_err(|error| BackupError::Archive(error.to_string()))
}

fn joined<T>(outcome: Result<io::Result<T>, tokio::task::JoinError>) -> Result<T, BackupError> {
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(BackupError::Archive(error.to_string())),
        Err(error) => Err(BackupError::Archive(error.to_string())),
    }
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    counter: Counter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.counter.take(&buffer[..length], false);
        Ok(length)
    }
}

/// Sends what is written on in large pieces.
struct Pieces {
    buffer: Vec<u8>,
    to: mpsc::Sender<Bytes>,
}

impl Pieces {
    fn new(to: mpsc::Sender<Bytes>) -> Self {
        Self {
            buffer: Vec::with_capacity(2 * PART),
            to,
        }
    }

    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(2 * PART));
        self.to
            .blocking_send(piece.into())
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes the archive"))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        // Larger than the least part of an upload to S3, which is 5 MiB.
        if self.buffer.len() >= 2 * PART {
            self.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() { Ok(()) } else { self.send() }
    }
}

/// A piece of an archive that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The header.
    Header(Header),
    /// Rows of a table, whole or in part.
    Rows(String, Bytes),
    /// Bytes of a file, whole or in part.
    File(String, Bytes),
    /// The manifest: the archive is whole.
    Manifest(Manifest),
}

/// Reads an archive in the order it was written. Everything in it is taken for hostile: names are checked, sizes bounded.
#[must_use]
pub fn read(path: PathBuf) -> mpsc::Receiver<Result<Piece, BackupError>> {
    let (send, receive) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read_pieces(&path, &send) {
            let _ = send.blocking_send(Err(error));
        }
    });
    receive
}

fn read_pieces(path: &std::path::Path, to: &mpsc::Sender<Result<Piece, BackupError>>) -> Result<(), BackupError> {
    let broken = |error: io::Error| BackupError::Archive(error.to_string());
    let file = std::fs::File::open(path).map_err(broken)?;
    let mut archive = tar::Archive::new(GzDecoder::new(io::BufReader::new(file)));
    let mut last = None;
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry
            .path()
            .ok()
            .and_then(|path| path.to_str().map(str::to_owned))
            .ok_or_else(|| BackupError::Archive("it holds a name that is no text".to_owned()))?;
        let piece: Box<dyn Fn(Bytes) -> Piece> = match Name::of(&name)? {
            Name::Header => {
                let header = serde_json::from_slice(&whole(&mut entry)?)
                    .map_err(|error| BackupError::Archive(format!("its header can't be read: {error}")))?;
                send(to, Piece::Header(header))?;
                continue;
            }
            Name::Manifest => {
                let manifest = serde_json::from_slice(&whole(&mut entry)?)
                    .map_err(|error| BackupError::Archive(format!("its manifest can't be read: {error}")))?;
                last = Some(Piece::Manifest(manifest));
                continue;
            }
            Name::Table(table) => Box::new(move |bytes| Piece::Rows(table.clone(), bytes)),
            Name::File => Box::new(move |bytes| Piece::File(name.clone(), bytes)),
        };
        let mut sent = false;
        loop {
            let mut buffer = Vec::new();
            let read = entry
                .by_ref()
                .take(PART as u64)
                .read_to_end(&mut buffer)
                .map_err(broken)?;
            // An empty table or file is one all the same.
            if read == 0 && sent {
                break;
            }
            send(to, piece(buffer.into()))?;
            sent = true;
            if read == 0 {
                break;
            }
        }
    }
    // gzip's checksum comes last, after what tar reads.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(broken)?;
    match last {
        Some(manifest) => send(to, manifest),
        None => Ok(()),
    }
}

fn whole(entry: &mut impl Read) -> Result<Vec<u8>, BackupError> {
    let mut bytes = Vec::new();
    entry
        .take(MAX_JSON as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| BackupError::Archive(error.to_string()))?;
    if bytes.len() > MAX_JSON {
        return Err(BackupError::Archive("its header or manifest is too long".to_owned()));
    }
    Ok(bytes)
}

fn send(to: &mpsc::Sender<Result<Piece, BackupError>>, piece: Piece) -> Result<(), BackupError> {
    to.blocking_send(Ok(piece))
        .map_err(|_| BackupError::Archive("nobody reads it any more".to_owned()))
}

/// What a name in an archive stands for.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Header,
    Manifest,
    Table(String),
    File,
}

impl Name {
    fn of(name: &str) -> Result<Self, BackupError> {
        let plain = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        let parts: Vec<&str> = name.split('/').collect();
        match parts.as_slice() {
            ["header.json"] => Ok(Self::Header),
            ["manifest.json"] => Ok(Self::Manifest),
            ["tables", table, part] if plain(table) && plain(part) => Ok(Self::Table((*table).to_owned())),
            ["audio", file] if plain(file) => Ok(Self::File),
            _ => Err(BackupError::Archive(format!(
                "it holds {name:?}, which is none of ours"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        assert_eq!(
            Name::of("tables/videos/000001.copy").unwrap(),
            Name::Table("videos".to_owned())
        );
        assert_eq!(Name::of("audio/ab12.mp3").unwrap(), Name::File);
        for hostile in [
            "audio/../../etc/passwd",
            "/etc/passwd",
            "audio/..",
            "audio/.ssh",
            "audio/a/b",
            "tables/vi;deos/1",
            "",
            "audio/",
        ] {
            assert!(Name::of(hostile).is_err(), "{hostile}");
        }
    }
}
