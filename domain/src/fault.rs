//! What went wrong, in words a person can use: what happened, whose fault, tried again when, what to do.

use serde::{Deserialize, Serialize};

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// What was asked for: the link, the file, the video itself.
    Input,
    /// A neighbour: YouTube, a model's provider.
    Upstream,
    /// How this server is set up: a key, a proxy.
    Setup,
    /// This program.
    Ours,
}

/// A typed failure, as it is stored, sent and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// A stable snake_case name: `video_unavailable`, `ip_blocked`, `quota`, …
    pub kind: String,
    /// Whose fault it is.
    pub whose: Whose,
    /// What happened, one or two sentences, no exclamation mark.
    pub message: String,
    /// What the person can do.
    pub hint: String,
    /// When it will be tried again by itself: seconds since 1970. `None`: it will not be.
    pub retry_at: Option<i64>,
}
