//! What a pasted link is: a video, a playlist, a channel, or not one of YouTube's. Hand-written, so that it stays small in the browser.
//!
//! The shapes are those of YouTube's pages, its short and embedding hosts, and the pages that wrap a link in another
//! (consent, attribution, oEmbed). A host counts only if it is on the list, letter by letter.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

mod address;

use address::{handle, is_id_byte};

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
    /// Reads a link, a bare video id, channel id, playlist id or @handle. Brackets, quotes and punctuation around it are dropped.
    ///
    /// # Errors
    /// [`LinkError`] where it is none of these.
    pub fn parse(input: &str) -> Result<Self, LinkError> {
        let text = trim(input);
        if text.is_empty() || text.len() > MAX_BYTES || text.contains(char::is_whitespace) {
            return Err(LinkError::Invalid);
        }
        if let Some(link) = bare(text) {
            return Ok(link);
        }
        address::read(&text.replace("&amp;", "&"), 0)
    }

    /// The one way we write it: an `https://www.youtube.com/…` address that parses back to itself.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::Video { id, list, start } => {
                let mut address = format!("{ORIGIN}/watch?v={id}");
                if let Some(list) = list {
                    address.push_str("&list=");
                    address.push_str(list);
                }
                if let Some(start) = start {
                    address.push_str(&format!("&t={start}s"));
                }
                address
            }
            Self::Playlist { id } => format!("{ORIGIN}/playlist?list={id}"),
            Self::Channel { id } => format!("{ORIGIN}/channel/{id}"),
            Self::Handle { id } => format!("{ORIGIN}/{}", utf8_percent_encode(id, OUTSIDE_PATH)),
            Self::ChannelUrl { id } => format!("{ORIGIN}{}", utf8_percent_encode(id, OUTSIDE_PATH)),
        }
    }

    /// The id of the playlist that the link of a video names beside it, if it is one that can be listed: mixes have no end, and
    /// "Watch later" is only its owner's.
    #[must_use]
    pub fn playlist(&self) -> Option<String> {
        match self {
            Self::Video { list: Some(id), .. }
                if !id.starts_with("RD") && !matches!(id.as_str(), "WL" | "LL" | "LM") =>
            {
                Some(id.clone())
            }
            _ => None,
        }
    }

    /// Where on this site its videos can be chosen; `None` for a video.
    #[must_use]
    pub fn preview(&self) -> Option<String> {
        Some(match self {
            Self::Video { .. } => return None,
            Self::Playlist { id } => format!("/playlists/{id}"),
            Self::Channel { id } => format!("/channels/{id}"),
            Self::Handle { id } => format!("/channels/{}", utf8_percent_encode(id, OUTSIDE_PATH)),
            Self::ChannelUrl { id } => format!("/channels{}", utf8_percent_encode(id, OUTSIDE_PATH)),
        })
    }

    /// The list whose videos can be chosen there; the reverse of [`Link::preview`].
    #[must_use]
    pub fn from_preview(path: &str) -> Option<Self> {
        let (kind, id) = path.trim_start_matches('/').split_once('/')?;
        let address = match kind {
            "playlists" => format!("{ORIGIN}/playlist?list={id}"),
            "channels" if id.starts_with("UC") => format!("{ORIGIN}/channel/{id}"),
            "channels" => format!("{ORIGIN}/{id}"),
            _ => return None,
        };
        Self::parse(&address).ok().filter(|link| link.preview().is_some())
    }

    /// What it is, in a word: "video", "playlist", "channel".
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Video { .. } => "video",
            Self::Playlist { .. } => "playlist",
            Self::Channel { .. } | Self::Handle { .. } | Self::ChannelUrl { .. } => "channel",
        }
    }
}

const ORIGIN: &str = "https://www.youtube.com";

/// Longer inputs are not read: no link of YouTube's comes near.
const MAX_BYTES: usize = 4096;

/// What is percent-encoded in a handle or name: all that is not ASCII.
const OUTSIDE_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'@')
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'/');

/// Drops white space, invisible marks, brackets, quotes and punctuation around a link.
fn trim(input: &str) -> &str {
    let around = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || "<>\"'()[]{}`*\u{200b}\u{200e}\u{200f}\u{2060}\u{feff}“”„‘’«»‹›「」『』（）【】《》〈〉".contains(c)
    };
    let after = |c: char| around(c) || ".,;:!?…。、，！？；：".contains(c);
    input.trim_start_matches(around).trim_end_matches(after)
}

/// Reads an id or handle that stands alone.
fn bare(text: &str) -> Option<Link> {
    if text.starts_with('@') {
        return handle(text);
    }
    if !text.bytes().all(is_id_byte) {
        return None;
    }
    if text.len() == 24 && text.starts_with("UC") {
        return Some(Link::Channel { id: text.to_owned() });
    }
    // The usual lengths of playlist ids; other lengths are too easily a word.
    if (text.len() == 34 && text.starts_with("PL")) || (text.len() == 41 && text.starts_with("OLAK5uy_")) {
        return Some(Link::Playlist { id: text.to_owned() });
    }
    // An id is a 64-bit number in 66 bits, so its last character is one of sixteen.
    let is_id = text.len() == 11 && text.ends_with(|c| "AEIMQUYcgkosw048".contains(c));
    (is_id && !is_word(text)).then(|| Link::Video {
        id: text.to_owned(),
        list: None,
        start: None,
    })
}

/// Whether 11 characters are sooner a word or a number ("transcripts") than an id; one id in ten thousand looks so.
fn is_word(text: &str) -> bool {
    let rest = || text.bytes().skip(1);
    let letters = text.bytes().all(|byte| byte.is_ascii_alphabetic());
    (letters && (rest().all(|byte| byte.is_ascii_lowercase()) || rest().all(|byte| byte.is_ascii_uppercase())))
        || text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
