//! How YouTube treats this server: each client's luck, and the pause after refusals.

use serde::{Deserialize, Serialize};

/// What the settings page and `doctor` show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YouTubeHealth {
    /// The way out, in words and without secrets.
    pub egress: String,
    /// Requests a minute that all replicas make together at most; `None` where there is no limit.
    pub per_minute: Option<u32>,
    /// Whether and until when YouTube is left alone.
    pub pause: Option<Pause>,
    /// The clients that were asked as, the most successful first.
    pub clients: Vec<ClientHealth>,
    /// The names of answers that nobody could read and that are kept, the newest first.
    #[serde(default)]
    pub samples: Vec<String>,
    /// What stands behind our own clients: yt-dlp with its version, or why it is not used.
    #[serde(default)]
    pub yt_dlp: String,
}

/// YouTube is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Seconds since 1970; once it has passed, one run asks for all.
    pub until: i64,
    /// The kind of the last refusal.
    pub kind: String,
    /// Runs that wait for it.
    pub waiting: u32,
}

/// How a client fared since the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientHealth {
    /// `ANDROID`, …, or what was asked: `oembed`, `thumbnail`.
    pub client: String,
    /// Requests that were answered with something of use.
    pub successes: u64,
    /// The others.
    pub failures: u64,
    /// Seconds since 1970.
    pub last_success_at: Option<i64>,
    /// Seconds since 1970.
    pub last_failure_at: Option<i64>,
    /// The kind of the last failure.
    pub last_failure_kind: Option<String>,
}
