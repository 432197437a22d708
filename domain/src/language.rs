//! The one language-specific place: which language a text is in, its stop words, its stemmer, how it writes sentences.

use serde::{Deserialize, Serialize};

/// A language as far as this program tells languages apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English
    English,
    /// German
    German,
    /// French
    French,
    /// Spanish
    Spanish,
    /// Portuguese
    Portuguese,
    /// Italian
    Italian,
    /// Dutch
    Dutch,
    /// Russian
    Russian,
    /// Chinese, either script
    Chinese,
    /// Japanese
    Japanese,
    /// Korean
    Korean,
    /// Arabic
    Arabic,
    /// Hindi
    Hindi,
    /// Any other: Unicode's rules alone.
    #[default]
    Other,
}
