//! Where archives are kept: a folder, or a bucket of anything that speaks S3. Both take an archive as it is made, piece by piece.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use bytes::Bytes;
use reqwest::{Method, Response, StatusCode};
use rusty_s3::{
    Bucket, Credentials, S3Action, UrlStyle,
    actions::{CompleteMultipartUpload, CreateMultipartUpload, ListObjectsV2, UploadPart},
};
use tokio::{io::AsyncWriteExt, sync::mpsc};
use url::Url;

use crate::models::Secret;

/// How long a signed address may be used: as long as a slow part takes.
const SIGNED_FOR: Duration = Duration::from_secs(900);
/// After this long without a write half an archive is a leftover.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);
/// What an answer of the bucket's may be long.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// Why a place can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// A folder.
    #[error("{path}: {error}")]
    Folder {
        /// The folder or file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// A bucket; what it said.
    #[error("the bucket could not be used: {0}")]
    Bucket(String),
}

/// Where archives are kept.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder of this machine's, which may be a mount.
    Folder(PathBuf),
    /// A bucket.
    S3(S3),
}

/// A bucket and who may use it.
#[derive(Clone)]
pub struct S3 {
    bucket: Bucket,
    prefix: String,
    key: String,
    secret: Secret,
    client: reqwest::Client,
}

impl fmt::Debug for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S3({self})")
    }
}

impl fmt::Display for S3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket.name(), self.prefix)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3(s3) => s3.fmt(f),
        }
    }
}

impl Place {
    /// Keeps an archive; its length. One that breaks off is not kept.
    pub(super) async fn keep(&self, name: &str, pieces: mpsc::Receiver<Bytes>) -> Result<u64, PlaceError> {
        match self {
            Self::Folder(folder) => keep_in_folder(folder, name, pieces).await,
            Self::S3(s3) => s3.keep(name, pieces).await,
        }
    }

    /// The names of what is kept, ours or not.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub async fn list(&self) -> Result<Vec<String>, PlaceError> {
        match self {
            Self::Folder(folder) => list_folder(folder).await,
            Self::S3(s3) => s3.list().await,
        }
    }

    pub(super) async fn remove(&self, name: &str) -> Result<(), PlaceError> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                let removed = tokio::fs::remove_file(&path).await;
                removed.map_err(|error| of_folder(&path, error))
            }
            Self::S3(s3) => s3.remove(name).await,
        }
    }

    /// An archive as a file of this machine's: itself, or downloaded into `scratch`.
    ///
    /// # Errors
    /// [`PlaceError`]
    pub async fn fetch(&self, name: &str, scratch: &Path) -> Result<PathBuf, PlaceError> {
        match self {
            Self::Folder(folder) => Ok(folder.join(name)),
            Self::S3(s3) => s3.fetch(name, scratch).await,
        }
    }
}

fn of_folder(path: &Path, error: std::io::Error) -> PlaceError {
    PlaceError::Folder {
        path: path.display().to_string(),
        error,
    }
}

async fn keep_in_folder(folder: &Path, name: &str, pieces: mpsc::Receiver<Bytes>) -> Result<u64, PlaceError> {
    tokio::fs::create_dir_all(folder)
        .await
        .map_err(|error| of_folder(folder, error))?;
    remove_leftovers(folder).await;
    // Under another name until it is whole.
    let part = folder.join(format!(".{name}.part"));
    let kept = async {
        let length = write_file(&part, pieces).await?;
        tokio::fs::rename(&part, folder.join(name)).await?;
        Ok(length)
    }
    .await;
    if kept.is_err() {
        let _ = tokio::fs::remove_file(&part).await;
    }
    kept.map_err(|error| of_folder(&part, error))
}

/// Removes what a process left behind that was killed while it wrote: nobody writes that long without a word.
async fn remove_leftovers(folder: &Path) {
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else {
        return;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let is_part = entry.file_name().to_str().is_some_and(|name| {
            name.strip_prefix('.')
                .and_then(|name| name.strip_suffix(".part"))
                .is_some_and(|name| super::made_at(name).is_some())
        });
        let written = entry.metadata().await.and_then(|about| about.modified());
        let is_old = written.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > LEFT_BEHIND));
        if is_part && is_old {
            tracing::info!(file = %entry.path().display(), "half an archive is removed, whose writer was killed");
            let _ = tokio::fs::remove_file(entry.path()).await;
        }
    }
}

async fn write_file(path: &Path, mut pieces: mpsc::Receiver<Bytes>) -> std::io::Result<u64> {
    let mut file = tokio::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .await?;
    let mut length = 0;
    while let Some(piece) = pieces.recv().await {
        file.write_all(&piece).await?;
        length += piece.len() as u64;
    }
    // The last write is still under way, and `sync_all` does not tell whether it failed: on a full disk the end would be missing.
    file.flush().await?;
    file.sync_all().await?;
    Ok(length)
}

async fn list_folder(folder: &Path) -> Result<Vec<String>, PlaceError> {
    let mut names = Vec::new();
    let mut entries = match tokio::fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
        Err(error) => return Err(of_folder(folder, error)),
    };
    while let Some(entry) = entries.next_entry().await.map_err(|error| of_folder(folder, error))? {
        names.extend(entry.file_name().to_str().map(str::to_owned));
    }
    Ok(names)
}

impl S3 {
    /// A bucket at an endpoint, addressed by path, as every server of the kind understands.
    ///
    /// # Errors
    /// What is wrong with the address, in words.
    pub fn new(
        endpoint: Url,
        region: String,
        bucket: String,
        prefix: &str,
        key: String,
        secret: Secret,
    ) -> Result<Self, String> {
        let bucket = Bucket::new(endpoint, UrlStyle::Path, bucket, region).map_err(|error| error.to_string())?;
        let prefix = prefix.trim_matches('/');
        let client = crate::http::client(None, Duration::from_secs(10), Some(SIGNED_FOR))?;
        Ok(Self {
            bucket,
            prefix: if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix}/")
            },
            key,
            secret,
            client,
        })
    }

    fn credentials(&self) -> Credentials {
        Credentials::new(self.key.clone(), self.secret.expose().to_owned())
    }

    fn object(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn send(&self, method: Method, address: Url, body: Bytes) -> Result<Response, PlaceError> {
        let answer = self
            .client
            .request(method, address)
            .body(body)
            .send()
            .await
            // Its words hold the address with the signature.
            .map_err(|error| PlaceError::Bucket(error.without_url().to_string()))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status();
        let said = crate::http::bounded_body(answer, MAX_ANSWER).await.unwrap_or_default();
        let said: String = self
            .secret
            .hide_in(&String::from_utf8_lossy(&said))
            .chars()
            .take(300)
            .collect();
        Err(PlaceError::Bucket(format!("{status}: {said}")))
    }

    async fn text(&self, method: Method, address: Url, body: Bytes) -> Result<String, PlaceError> {
        let answer = self.send(method, address, body).await?;
        let body = crate::http::bounded_body(answer, MAX_ANSWER)
            .await
            .map_err(|error| PlaceError::Bucket(error.to_string()))?;
        String::from_utf8(body).map_err(|_| PlaceError::Bucket("it answers with what is no text".to_owned()))
    }

    async fn keep(&self, name: &str, mut pieces: mpsc::Receiver<Bytes>) -> Result<u64, PlaceError> {
        let (object, credentials) = (self.object(name), self.credentials());
        let create = self.bucket.create_multipart_upload(Some(&credentials), &object);
        let created = self.text(Method::POST, create.sign(SIGNED_FOR), Bytes::new()).await?;
        let created = CreateMultipartUpload::parse_response(&created).map_err(unreadable)?;
        let upload = created.upload_id();
        let kept = self.keep_parts(&object, upload, &mut pieces).await;
        if kept.is_err() {
            // Parts that belong to nothing cost money.
            let abort = self.bucket.abort_multipart_upload(Some(&credentials), &object, upload);
            let _ = self.send(Method::DELETE, abort.sign(SIGNED_FOR), Bytes::new()).await;
        }
        kept
    }

    async fn keep_parts(
        &self,
        object: &str,
        upload: &str,
        pieces: &mut mpsc::Receiver<Bytes>,
    ) -> Result<u64, PlaceError> {
        let credentials = self.credentials();
        let (mut tags, mut length) = (Vec::new(), 0);
        while let Some(piece) = pieces.recv().await {
            let number = u16::try_from(tags.len() + 1)
                .map_err(|_| PlaceError::Bucket("the archive has too many parts".to_owned()))?;
            length += piece.len() as u64;
            let part: UploadPart<'_> = self.bucket.upload_part(Some(&credentials), object, number, upload);
            let answer = self.send(Method::PUT, part.sign(SIGNED_FOR), piece).await?;
            let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
            tags.push(
                tag.ok_or_else(|| PlaceError::Bucket("it names no tag for a part".to_owned()))?
                    .to_owned(),
            );
        }
        let complete: CompleteMultipartUpload<'_, _> =
            self.bucket
                .complete_multipart_upload(Some(&credentials), object, upload, tags.iter().map(String::as_str));
        let address = complete.sign(SIGNED_FOR);
        let said = self.text(Method::POST, address, complete.body().into()).await?;
        // S3 answers 200 before it knows, and then says in the body that it failed.
        if said.contains("<Error>") {
            return Err(PlaceError::Bucket(said.chars().take(300).collect()));
        }
        Ok(length)
    }

    async fn list(&self) -> Result<Vec<String>, PlaceError> {
        let credentials = self.credentials();
        let (mut names, mut token) = (Vec::new(), None::<String>);
        loop {
            let mut list = self.bucket.list_objects_v2(Some(&credentials));
            list.with_prefix(self.prefix.clone());
            if let Some(token) = &token {
                list.with_continuation_token(token.clone());
            }
            let said = self.text(Method::GET, list.sign(SIGNED_FOR), Bytes::new()).await?;
            let listed = ListObjectsV2::parse_response(&said).map_err(unreadable)?;
            names.extend(
                listed
                    .contents
                    .iter()
                    .filter_map(|object| object.key.strip_prefix(&self.prefix).map(str::to_owned)),
            );
            match listed.next_continuation_token {
                Some(next) if token.as_ref() != Some(&next) => token = Some(next),
                _ => return Ok(names),
            }
        }
    }

    async fn remove(&self, name: &str) -> Result<(), PlaceError> {
        let (object, credentials) = (self.object(name), self.credentials());
        let address = self.bucket.delete_object(Some(&credentials), &object).sign(SIGNED_FOR);
        self.send(Method::DELETE, address, Bytes::new()).await.map(drop)
    }

    async fn fetch(&self, name: &str, scratch: &Path) -> Result<PathBuf, PlaceError> {
        let (object, credentials) = (self.object(name), self.credentials());
        let address = self.bucket.get_object(Some(&credentials), &object).sign(SIGNED_FOR);
        let mut answer = self.send(Method::GET, address, Bytes::new()).await?;
        if answer.status() != StatusCode::OK {
            return Err(PlaceError::Bucket(format!("{} for {name}", answer.status())));
        }
        let (to, pieces) = mpsc::channel(2);
        let path = scratch.join(name);
        let write = write_file(&path, pieces);
        let read = async {
            while let Some(piece) = answer
                .chunk()
                .await
                .map_err(|error| PlaceError::Bucket(error.without_url().to_string()))?
            {
                if to.send(piece).await.is_err() {
                    break;
                }
            }
            drop(to);
            Ok(())
        };
        let (written, read) = tokio::join!(write, read);
        written.map_err(|error| of_folder(&path, error))?;
        read?;
        Ok(path)
    }
}

fn unreadable(error: impl fmt::Display) -> PlaceError {
    PlaceError::Bucket(format!("its answer can't be read: {error}"))
}
