//! YouTube, the only place that knows its shapes: metadata, caption tracks, captions, thumbnails, over InnerTube.

use std::time::Duration;

use domain::{fault::Fault, transcript::Transcript, video::Video};
use url::Url;

/// How YouTube is reached.
#[derive(Clone, Debug)]
pub struct YouTubeConfig {
    /// Replaces every host of YouTube's (www, youtubei, i.ytimg) where set: tests, mirrors.
    pub base_url: Option<Url>,
    /// A proxy for YouTube alone.
    pub proxy: Option<Url>,
    /// The clients to try, in order; empty means the built-in ones.
    pub clients: Vec<ClientProfile>,
}

/// An InnerTube client to appear as. Versions die every few months: configuration, never constants alone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct ClientProfile {
    /// `ANDROID`, `IOS`, …
    pub name: String,
    /// Its version, e.g. `21.26.364`.
    pub version: String,
    /// The User-Agent header.
    pub user_agent: String,
    /// More fields of `context.client`: `androidSdkVersion`, `deviceModel`, …
    #[serde(default)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A caption track that a video has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// YouTube's own id of it (`vssId`: `.en`, `a.en`): unique where two tracks share a language.
    pub id: String,
    /// BCP 47 code.
    pub language_code: String,
    /// Its name as YouTube gives it: "English (auto-generated)".
    pub name: String,
    /// Whether speech recognition wrote it.
    pub is_generated: bool,
    /// Where its text lies; valid for hours only, never stored.
    pub(crate) url: String,
}

/// What one player call tells.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Title, channel, length, description, chapters.
    pub video: Video,
    /// All its caption tracks.
    pub tracks: Vec<Track>,
}

/// Captions that were fetched.
#[derive(Clone, Debug)]
pub struct Captions {
    /// The track they came from.
    pub track: Track,
    /// The words.
    pub transcript: Transcript,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// `image/jpeg`, `image/webp` or `image/png`, by its first bytes.
    pub content_type: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// What YouTube would not do, by reference/youtube.md's table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YouTubeError {
    /// Nobody there answered in time.
    #[error("YouTube did not answer in time")]
    Timeout,
}

impl YouTubeError {
    /// The snake_case name: `video_unavailable`, `private`, `age_restricted`, `request_blocked`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        "timeout"
    }

    /// How long to wait before it is worth another try; `None` where it never is.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// In words for people; `retry_at` is left open.
    #[must_use]
    pub fn fault(&self) -> Fault {
        Fault {
            kind: self.kind().to_owned(),
            whose: domain::fault::Whose::Upstream,
            message: self.to_string(),
            hint: String::new(),
            retry_at: None,
        }
    }
}

/// The client.
#[derive(Clone, Debug)]
pub struct YouTube {}

impl YouTube {
    /// Builds the client.
    ///
    /// # Errors
    /// A sentence where the proxy or base URL can't be used.
    pub fn new(_config: YouTubeConfig) -> Result<Self, String> {
        Ok(Self {})
    }

    /// Metadata and caption tracks of a video.
    ///
    /// # Errors
    /// [`YouTubeError`]
    pub async fn watch(&self, _video_id: &str) -> Result<Watched, YouTubeError> {
        Err(YouTubeError::Timeout)
    }

    /// Captions in the best track for `languages` (in order of preference; empty means the video's own language).
    ///
    /// # Errors
    /// [`YouTubeError`]
    pub async fn captions(&self, _watched: &Watched, _languages: &[String]) -> Result<Captions, YouTubeError> {
        Err(YouTubeError::Timeout)
    }

    /// The video's picture, some 320 pixels wide.
    ///
    /// # Errors
    /// [`YouTubeError`]
    pub async fn thumbnail(&self, _video_id: &str) -> Result<Thumbnail, YouTubeError> {
        Err(YouTubeError::Timeout)
    }
}
