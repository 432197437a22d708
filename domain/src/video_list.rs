//! A playlist or a channel's videos, as a preview shows them.

use serde::{Deserialize, Serialize};

/// Videos that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoList {
    /// Its name.
    pub title: String,
    /// Whose it is; `None` for a channel itself.
    pub owner: Option<String>,
    /// Its videos, in its own order, each once.
    pub items: Vec<ListItem>,
    /// Whether it has more than were read.
    pub is_cut: bool,
}

/// A video in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// YouTube's id.
    pub video_id: String,
    /// Its title; empty where it is hidden.
    pub title: String,
    /// Its length in seconds, where the list tells.
    pub duration_s: Option<u32>,
    /// Whether it can be had.
    pub state: ItemState,
    /// The newest summary of it that is kept here, and when it was made (seconds since 1970).
    pub summary: Option<(String, i64)>,
    /// Language and source ([`crate::transcript::Source::as_str`]) of its captions, where some are kept here.
    #[serde(default)]
    pub captions: Option<(String, String)>,
}

/// Whether a video of a list can be had, as far as the list tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// It can be tried.
    #[default]
    Open,
    /// Only for people its owner has invited.
    Private,
    /// It was removed.
    Deleted,
    /// It has not begun.
    Upcoming,
    /// It is live right now.
    Live,
}

impl ItemState {
    /// Why it can't be summarised; `None` where it can be tried.
    #[must_use]
    pub fn obstacle(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::Private => Some("private"),
            Self::Deleted => Some("deleted"),
            Self::Upcoming => Some("not begun yet"),
            Self::Live => Some("live now"),
        }
    }
}

/// Words that people say in a minute; many speak slower, few faster.
const WORDS_A_MINUTE: u64 = 150;
/// Tokens that 100 words make, the marks that number passages included. Measured on the 276,413 English words of the
/// meetings of qmsum-val, in passages of 55 words: 127 with `o200k_base`, 131 with `cl100k_base`. Other scripts take more.
const TOKENS_A_HUNDRED_WORDS: u64 = 130;

/// About how many tokens the transcript of a video of this length has. For people who decide what to send; bills count
/// exactly.
#[must_use]
pub fn estimated_tokens(duration_s: u32) -> u64 {
    u64::from(duration_s) * WORDS_A_MINUTE / 60 * TOKENS_A_HUNDRED_WORDS / 100
}

/// About how many tokens the summary of a video has: 250 words, and as many again for the marks behind the claims.
pub const SUMMARY_TOKENS: u64 = 650;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_some_twelve_thousand_tokens() {
        assert_eq!(estimated_tokens(3600), 11_700);
        assert_eq!(estimated_tokens(0), 0);
    }
}
