//! The predecessor of this program: bringing its data folder over, and what its routes ask for.
//!
//! Its summaries have no transcript here and were never checked; they are kept as what they are. Everything has an id or a hash made
//! from its content, so that another import finds what the first one brought and changes nothing.

mod cache_file;
mod routes;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    net::IpAddr,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    citations::{self, Block},
    language::Language,
    summary::{Provenance, UNKNOWN_MODEL},
    transcript::Source,
    video::Video,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use self::cache_file::Found;
use crate::{
    access::{network, one_line},
    database::{
        StoreError,
        audio::{self, NewAudio},
        imported::{self, Import},
        login_attempts,
    },
    submission::hex,
};

/// The files and the folder that are looked for.
const SUMMARIES: &str = "summary_cache.json";
const AUDIO: &str = "audio_cache";
const ATTEMPTS: &str = "login_attempts.json";

/// Bytes of the largest JSON file that is read.
const LARGEST_FILE: u64 = 512 * 1024 * 1024;
/// Bytes of the largest audio file; the predecessor's whole cache had fifty million.
const LARGEST_AUDIO: u64 = 256 * 1024 * 1024;
/// Days after which attempts to sign in are forgotten anyway.
const ATTEMPTS_DAYS: i64 = 90;
/// What stands as the browser of an attempt that was imported.
const AGENT: &str = "imported from the predecessor";
/// Words of a summary that people can ask for; the count of what is there lies within.
const WORDS: std::ops::RangeInclusive<usize> = 20..=3000;
/// Characters of a summary that lists show.
const FIRST_POINT: usize = 240;

/// Why nothing could be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is not the predecessor's folder.
    #[error(
        "{} holds neither {SUMMARIES} nor {AUDIO} nor {ATTEMPTS}; the predecessor's data folder (its DATA_DIR) is meant",
        .0.display()
    )]
    NotThere(PathBuf),
    /// A file could not be read or written.
    #[error("{}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of one sort of things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Brought over, or would be.
    pub imported: u32,
    /// Brought over before.
    pub already_there: u32,
    /// Not brought over: what, and why. Names are shortened and free of control characters.
    pub skipped: Vec<(String, String)>,
}

impl Tally {
    fn skip(&mut self, name: &str, why: impl Into<String>) {
        self.skipped.push((shown(name), shown(&why.into())));
    }
}

/// What became of a data folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Summaries.
    pub summaries: Tally,
    /// Audio files that read one of them out.
    pub audio: Tally,
    /// Attempts to sign in.
    pub attempts: Tally,
    /// What had to be decided about summaries that were brought over: which, and what.
    pub notes: Vec<(String, String)>,
    /// Audio files that no summary of the folder names. They were left where they are.
    pub without_owner: Vec<String>,
    /// What is to be known about the whole.
    pub remarks: Vec<String>,
}

/// Imports the data folder `from`. With `dry` nothing is written, and the report tells what would be.
///
/// # Errors
/// [`ImportError`]; what is wrong with single entries stands in the report.
pub async fn import(pool: &PgPool, data_dir: &Path, from: &Path, dry: bool) -> Result<Report, ImportError> {
    let is_there = |name: &str| from.join(name).exists();
    if ![SUMMARIES, AUDIO, ATTEMPTS].into_iter().any(is_there) {
        return Err(ImportError::NotThere(from.to_owned()));
    }
    let mut import = Importer {
        pool,
        data_dir,
        from,
        dry,
        now: Utc::now(),
        report: Report::default(),
        owners: BTreeMap::new(),
    };
    import.summaries().await?;
    import.audio().await?;
    import.attempts().await?;
    if is_there("job_state.json") {
        import.remark("job_state.json is left: no job of the predecessor's is under way any more");
    }
    if is_there(".env") {
        import.remark("the settings in .env are read by the server itself where DATA_DIR is this folder");
    }
    Ok(import.report)
}

struct Importer<'a> {
    pool: &'a PgPool,
    data_dir: &'a Path,
    from: &'a Path,
    dry: bool,
    now: DateTime<Utc>,
    report: Report,
    /// Names of audio files, and the summary that each reads out.
    owners: BTreeMap<String, Uuid>,
}

impl Importer<'_> {
    async fn summaries(&mut self) -> Result<(), ImportError> {
        let Some(entries) = self.entries(SUMMARIES).await? else {
            return Ok(());
        };
        let mut seen = HashSet::new();
        let mut without_zone = false;
        for (key, entry) in &entries.all {
            let found = match cache_file::found(key, entry, self.now) {
                Ok(found) => found,
                Err(why) => {
                    self.report.summaries.skip(key, why);
                    continue;
                }
            };
            let id = id_of(&found);
            self.owners.entry(audio_name(&found)).or_insert(id);
            without_zone |= found.without_zone;
            let is_new = seen.insert(id)
                && if self.dry {
                    !imported::is_kept(self.pool, id).await?
                } else {
                    self.keep(id, &found).await?
                };
            if !is_new {
                self.report.summaries.already_there += 1;
                continue;
            }
            self.report.summaries.imported += 1;
            for note in found.notes {
                self.report.notes.push((shown(key), shown(&note)));
            }
        }
        if without_zone {
            self.remark("dates without a time zone were taken as UTC: the predecessor wrote its own clock's time");
        }
        Ok(())
    }

    /// Keeps a summary; `false` where it is kept already.
    async fn keep(&self, id: Uuid, found: &Found) -> Result<bool, StoreError> {
        let title = found.title.as_deref().unwrap_or(&found.video_id);
        let video = Video {
            id: found.video_id.clone(),
            youtube_id: Some(found.video_id.clone()),
            title: title.to_owned(),
            ..Video::default()
        };
        let model = found.model.as_deref().unwrap_or(UNKNOWN_MODEL);
        let provenance = Provenance {
            source: Source::Imported.as_str().to_owned(),
            model: model.to_owned(),
            ..Provenance::default()
        };
        let words = found.text.split_whitespace().count();
        let words = words.clamp(*WORDS.start(), *WORDS.end());
        let mut tx = self.pool.begin().await?;
        let kept = imported::keep(
            &mut tx,
            &Import {
                id,
                video: &video,
                model,
                words: i32::try_from(words).unwrap_or(i32::MAX),
                body: &found.text,
                first_point: &first_point(&found.text),
                language: Language::detect(&found.text),
                provenance: &provenance,
                made_at: found.made_at.unwrap_or(self.now),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(kept)
    }

    async fn audio(&mut self) -> Result<(), ImportError> {
        let folder = self.from.join(AUDIO);
        let Ok(mut entries) = tokio::fs::read_dir(&folder).await else {
            return Ok(());
        };
        let mut names = BTreeSet::new();
        let mut previews = 0_u32;
        while let Some(entry) = entries.next_entry().await.map_err(|error| file(&folder, error))? {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A link could lead to anything that we can read.
            if !entry.file_type().await.is_ok_and(|kind| kind.is_file()) {
                self.report.audio.skip(&name, "is no file");
            } else if name.starts_with("preview_") {
                previews += 1;
            } else {
                names.insert(name);
            }
        }
        if previews > 0 {
            self.remark(&format!(
                "{previews} previews of voices are left: they read out no summary"
            ));
        }
        for name in names {
            let Some(summary) = self.owners.get(&name).copied() else {
                self.report.without_owner.push(shown(&name));
                continue;
            };
            match self.keep_audio(&folder.join(&name), summary).await? {
                Ok(true) => self.report.audio.imported += 1,
                Ok(false) => self.report.audio.already_there += 1,
                Err(why) => self.report.audio.skip(&name, why),
            }
        }
        Ok(())
    }

    /// Copies a file to where its content's hash says and keeps a row; `Ok(false)` where that is done already.
    async fn keep_audio(&self, path: &Path, summary: Uuid) -> Result<Result<bool, String>, ImportError> {
        let bytes = match read(path, LARGEST_AUDIO).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Err(format!("is larger than {LARGEST_AUDIO} bytes"))),
            Err(error) => return Ok(Err(format!("can't be read: {error}"))),
        };
        if !is_mp3(&bytes) {
            return Ok(Err("is no MP3".to_owned()));
        }
        let hash = hex(&bytes);
        let folder = self.data_dir.join("audio");
        let place = folder.join(format!("{hash}.mp3"));
        if place.exists() && audio::is_kept(self.pool, &hash).await? {
            return Ok(Ok(false));
        }
        if self.dry {
            return Ok(Ok(true));
        }
        let half = folder.join(format!(".import-{}", std::process::id()));
        // A name is only ever that of a whole file.
        let written = async {
            tokio::fs::create_dir_all(&folder).await?;
            tokio::fs::write(&half, &bytes).await?;
            tokio::fs::rename(&half, &place).await
        };
        written.await.map_err(|error| file(&place, error))?;
        let new = NewAudio {
            hash: &hash,
            format: "mp3",
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            summary_id: Some(summary),
        };
        audio::keep(self.pool, &new).await?;
        Ok(Ok(true))
    }

    async fn attempts(&mut self) -> Result<(), ImportError> {
        let Some(entries) = self.entries(ATTEMPTS).await? else {
            return Ok(());
        };
        let mut without_times = 0;
        for (key, entry) in &entries.all {
            let Ok(address) = key.parse::<IpAddr>() else {
                self.report.attempts.skip(key, "is no address");
                continue;
            };
            let Ok(Value::Object(entry)) = serde_json::from_str::<Value>(entry.get()) else {
                self.report.attempts.skip(key, "is no entry that can be read");
                continue;
            };
            let times: BTreeSet<DateTime<Utc>> = ["first_attempt", "last_attempt"]
                .into_iter()
                .filter_map(|name| cache_file::read_date(entry.get(name)?))
                .filter(|at| cache_file::is_likely(*at, self.now))
                .collect();
            let count = entry.get("count").and_then(Value::as_u64).unwrap_or(0);
            without_times += count.saturating_sub(times.len() as u64);
            if times.is_empty() {
                self.report.attempts.skip(key, "has no time");
            }
            for at in times {
                if at < self.now - TimeDelta::days(ATTEMPTS_DAYS) {
                    let why = format!("is older than {ATTEMPTS_DAYS} days, when attempts are forgotten");
                    self.report.attempts.skip(key, why);
                    continue;
                }
                let network = network::of(address);
                let is_new = if self.dry {
                    !login_attempts::is_kept(self.pool, &network, at, AGENT).await?
                } else {
                    login_attempts::bring(self.pool, &network, at, AGENT).await?
                };
                if is_new {
                    self.report.attempts.imported += 1;
                } else {
                    self.report.attempts.already_there += 1;
                }
            }
        }
        if without_times > 0 {
            self.remark(&format!(
                "{without_times} attempts to sign in were only counted by the predecessor, without a time: they are left"
            ));
        }
        if !entries.all.is_empty() {
            self.remark("locks of addresses are left: they last for minutes, and attempts are counted anew");
        }
        Ok(())
    }

    /// The entries of a file; `None` where it is not there.
    async fn entries(&mut self, name: &str) -> Result<Option<cache_file::Entries>, ImportError> {
        let path = self.from.join(name);
        let bytes = match read(&path, LARGEST_FILE).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                self.remark(&format!("{name} is larger than {LARGEST_FILE} bytes and was not read"));
                return Ok(None);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file(&path, error)),
        };
        let entries = cache_file::entries(&bytes);
        if let Some(damage) = &entries.damage {
            self.remark(&format!(
                "{name} is damaged, and can be read no further than to its {}. entry: {damage}",
                entries.all.len()
            ));
        }
        Ok(Some(entries))
    }

    fn remark(&mut self, words: &str) {
        self.report.remarks.push(shown(words));
    }
}

/// An id made from the content, of UUID's version 8.
fn id_of(found: &Found) -> Uuid {
    let mut hash = Sha256::new();
    for part in [
        "youtube-summarizer: a summary of the predecessor",
        &found.video_id,
        found.model.as_deref().unwrap_or(""),
        &found.text,
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The file that reads a summary out: as noted, or as the first generation named them.
fn audio_name(found: &Found) -> String {
    found
        .audio
        .clone()
        .unwrap_or_else(|| format!("{}.mp3", hex(found.text.as_bytes())))
}

/// How it begins, for lists.
fn first_point(text: &str) -> String {
    let blocks = citations::blocks(text, false);
    let first = blocks.into_iter().find_map(|block| match block {
        Block::Heading { .. } => None,
        Block::Paragraph(drafts) | Block::Item(drafts) => drafts.into_iter().next(),
    });
    let first = first.map(|draft| draft.text).unwrap_or_default();
    match first.char_indices().nth(FIRST_POINT) {
        None => first,
        Some((end, _)) => {
            let cut = &first[..end];
            let cut = cut.rsplit_once(char::is_whitespace).map_or(cut, |(words, _)| words);
            format!("{cut}…")
        }
    }
}

/// Whether bytes begin as MP3 files do: with a tag, or with a frame.
fn is_mp3(bytes: &[u8]) -> bool {
    bytes.starts_with(b"ID3") || matches!(bytes, [0xff, second, ..] if second & 0xe0 == 0xe0)
}

/// A file's bytes; `None` where there are more than `limit`, or where it is no file.
async fn read(path: &Path, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let file = tokio::fs::File::open(path).await?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).await?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

fn file(path: &Path, error: std::io::Error) -> ImportError {
    ImportError::File {
        path: path.to_owned(),
        error,
    }
}

/// Words from outside, fit to be printed.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let line = one_line(text, LONGEST);
    if text.chars().count() > LONGEST {
        format!("{line}…")
    } else {
        line
    }
}
