//! What a pasted link is: a video, a playlist, a channel, or not one of YouTube's. Hand-written, so that it stays small in the browser.

use serde::{Deserialize, Serialize};

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Link {
    /// A video, perhaps from within a playlist, perhaps from a second on.
    Video {
        /// The 11-character id.
        id: String,
        /// The playlist that the link names beside it.
        list: Option<String>,
        /// The second that the link starts at.
        start: Option<u32>,
    },
    /// A playlist.
    Playlist {
        /// `PL…` and the like.
        id: String,
    },
    /// A channel by its id.
    Channel {
        /// `UC…`
        id: String,
    },
    /// A channel by its handle.
    Handle {
        /// With its `@`.
        id: String,
    },
    /// A channel by one of the older names.
    ChannelUrl {
        /// `/c/Name` or `/user/name`.
        id: String,
    },
}

/// Why an input is not a link we can use. Each is worded for the person who pasted it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkError {
    /// Nothing of YouTube's.
    #[error("is not a YouTube link")]
    Invalid,
    /// An id that lost characters on the way.
    #[error("is a YouTube link that has lost its end: a video id has 11 characters")]
    Truncated,
    /// A kind of page that has no transcript of its own.
    #[error("is a {what}, which can't be summarised: paste the link of the video itself")]
    Unsupported {
        /// "YouTube clip"
        what: String,
    },
}

impl Link {
    /// Reads a link, a bare video id, channel id or @handle.
    ///
    /// # Errors
    /// [`LinkError`] where it is none of these.
    pub fn parse(_input: &str) -> Result<Self, LinkError> {
        Err(LinkError::Invalid)
    }

    /// The one way we write it: an `https://www.youtube.com/…` address that parses back to itself.
    #[must_use]
    pub fn canonical(&self) -> String {
        String::new()
    }
}
