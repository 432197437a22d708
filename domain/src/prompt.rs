//! Styles by name: those that come with the program, and prompts that people write, name and keep.
//!
//! A prompt of somebody's own is asked for by its name; a request remembers it as `name@hash`, the hash being that of its
//! text. So a summary stays what it was made with when the prompt is changed, and a changed prompt makes a new one.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The styles that come with the program: name in requests, name for people, what it gives. The first is the default.
pub const STYLES: [(&str, &str, &str); 6] = [
    (
        "briefing",
        "Briefing",
        "A headline, the answer to the title, then the key points by chapter.",
    ),
    ("chapters", "Chapters", "What is said in each chapter, under its name."),
    ("tldr", "TL;DR", "Three sentences."),
    (
        "audio",
        "Audio",
        "A narrative to be listened to: no lists, spoken signposts.",
    ),
    ("study-notes", "Study notes", "Key ideas, terms, questions and answers."),
    (
        "step-by-step",
        "Step by step",
        "What is needed and what to do, in order: for recipes and how-tos.",
    ),
];

/// Characters of the longest name.
pub const LONGEST_NAME: usize = 60;
/// Characters of the longest text.
pub const LONGEST_TEXT: usize = 4000;
/// Hex digits of a text's hash that a request carries.
const HASH_DIGITS: usize = 12;

/// A prompt that somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPrompt {
    /// Its id.
    pub id: String,
    /// What it is called; no two are called the same, whatever the case of the letters.
    pub name: String,
    /// What is wanted, in its writer's words.
    pub text: String,
    /// When it was last changed, seconds since 1970.
    pub updated_at: i64,
}

impl OwnPrompt {
    /// What a request is to name.
    #[must_use]
    pub fn style(&self) -> String {
        style(&self.name, &self.text)
    }
}

/// Why a name or text can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptError {
    /// Nothing was written.
    #[error("The prompt needs a name.")]
    NoName,
    /// Longer than [`LONGEST_NAME`].
    #[error("The name has more than {LONGEST_NAME} characters.")]
    LongName,
    /// Hidden characters, or the sign that stands before a hash.
    #[error("The name can't have @ or hidden characters in it.")]
    OddName,
    /// A style of the program is called that.
    #[error("A style of this program has that name already.")]
    Builtin,
    /// Another prompt is called that.
    #[error("Another prompt has that name already.")]
    Taken,
    /// Nothing was written.
    #[error("The prompt has no text.")]
    NoText,
    /// Longer than [`LONGEST_TEXT`].
    #[error("The prompt has more than {LONGEST_TEXT} characters.")]
    LongText,
}

/// A name and a text as they are kept, white space around them gone.
///
/// # Errors
/// [`PromptError`]
pub fn checked(name: &str, text: &str) -> Result<(String, String), PromptError> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace("\r\n", "\n").replace('\0', "").trim().to_owned();
    if name.is_empty() {
        return Err(PromptError::NoName);
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(PromptError::LongName);
    }
    if name.chars().any(|c| c == '@' || c.is_control() || is_hidden(c)) {
        return Err(PromptError::OddName);
    }
    let lower = name.to_lowercase();
    if STYLES
        .iter()
        .any(|(known, title, _)| *known == lower || title.to_lowercase() == lower)
    {
        return Err(PromptError::Builtin);
    }
    if text.is_empty() {
        return Err(PromptError::NoText);
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(PromptError::LongText);
    }
    Ok((name, text))
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// What a request names for a text of that name: `name@hash`.
#[must_use]
pub fn style(name: &str, text: &str) -> String {
    format!("{name}@{}", hash(text))
}

/// The first digits of a text's SHA-256, in hex.
#[must_use]
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(HASH_DIGITS / 2)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Name and hash of a prompt that somebody wrote; `None` for the program's styles.
#[must_use]
pub fn own(style: &str) -> Option<(&str, &str)> {
    style.rsplit_once('@')
}

/// What people call a style.
#[must_use]
pub fn title(style: &str) -> &str {
    match own(style) {
        Some((name, _)) => name,
        None => STYLES
            .iter()
            .find(|(name, ..)| *name == style)
            .map_or(style, |(_, title, _)| title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_checked() {
        let of = |name: &str, text: &str| checked(name, text);
        assert_eq!(
            of("  Recipe \n cards ", " a\r\nb \n"),
            Ok(("Recipe cards".to_owned(), "a\nb".to_owned()))
        );
        assert_eq!(of(" ", "a"), Err(PromptError::NoName));
        assert_eq!(of("a@b", "a"), Err(PromptError::OddName));
        assert_eq!(of("a\u{202e}b", "a"), Err(PromptError::OddName));
        assert_eq!(of("STUDY notes", "a"), Err(PromptError::Builtin));
        assert_eq!(of("study-notes", "a"), Err(PromptError::Builtin));
        assert_eq!(of(&"é".repeat(LONGEST_NAME), "a").map(|(name, _)| name.len()), Ok(120));
        assert_eq!(of(&"é".repeat(LONGEST_NAME + 1), "a"), Err(PromptError::LongName));
        assert_eq!(of("a", "\n "), Err(PromptError::NoText));
        assert_eq!(of("a", &"x".repeat(LONGEST_TEXT + 1)), Err(PromptError::LongText));
    }

    #[test]
    fn a_changed_text_is_another_style_of_the_same_name() {
        let (one, other) = (style("Recipe cards", "a"), style("Recipe cards", "b"));
        assert_ne!(one, other);
        assert_eq!(own(&one), Some(("Recipe cards", hash("a").as_str())));
        assert_eq!((title(&one), title(&other)), ("Recipe cards", "Recipe cards"));
        assert_eq!((title("tldr"), title("haiku"), own("tldr")), ("TL;DR", "haiku", None));
        assert_eq!(hash("a").len(), HASH_DIGITS);
    }
}
