//! Keys: texts that must not reach logs, pages, metrics or backups. Hands the text out for headers alone, and removes
//! what looks like a key from words that others wrote.

/// A text that must not reach logs, pages, metrics or backups.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself: for the header that carries it, and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` with `***` where it repeats this: as it is, as addresses write it, as JSON does, and its beginning where the text
    /// was cut off in the middle of it.
    #[must_use]
    pub(crate) fn hide_in(&self, text: &str) -> String {
        // Nobody's key is so short; a stand-in such as `none` is no secret, but a word.
        if self.0.len() < SHORTEST {
            return text.to_owned();
        }
        let mut hidden = text.to_owned();
        for form in self.forms() {
            hidden = hidden.replace(&form, "***");
            if let Some(cut) = hidden.strip_suffix('…')
                && let Some(begun) = begun(cut, &form)
            {
                hidden = format!("{}***…", &cut[..cut.len() - begun]);
            }
        }
        hidden
    }

    /// The ways in which others may write it.
    fn forms(&self) -> Vec<String> {
        let json = serde_json::Value::from(self.0.as_str()).to_string();
        let json = json[1..json.len() - 1].to_owned();
        let percent = url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect::<String>();
        let mut forms = vec![
            self.0.clone(),
            percent.replace('+', "%20"),
            percent,
            json.replace('/', "\\/"),
            json,
        ];
        // What a line of text makes of it.
        forms.push(self.0.split_whitespace().collect::<Vec<_>>().join(" "));
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        forms
    }
}

/// How many bytes at the end of `text` are the beginning of `form`; `None` where they are too few to tell anything.
fn begun(text: &str, form: &str) -> Option<usize> {
    let ends = form.char_indices().map(|(at, _)| at).filter(|at| *at >= TELLING);
    ends.rev().find(|end| text.ends_with(&form[..*end]))
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// How providers' keys begin. Matched anywhere in a word, so that `key=sk-…` and `"AIza…"` are caught as well.
const KEY_BEGINNINGS: [&str; 7] = ["sk-", "sk_", "AIza", "AQ.", "gsk_", "hf_", "xai-"];

/// Below this many bytes a text is not hidden: it would be a word,
const SHORTEST: usize = 6;
/// and so would so few of its first ones.
const TELLING: usize = 4;

/// A run of so many letters and digits mixed is taken for a key, whatever it begins with.
const KEY_LENGTH: usize = 24;

/// Makes words that others wrote fit to be shown: one line, no control or direction characters, nothing that looks
/// like a key, at most `limit` characters (the last one is then an ellipsis).
#[must_use]
pub(super) fn clean(text: &str, limit: usize) -> String {
    let words: Vec<String> = text
        // Nobody needs a megabyte to say what is wrong.
        .chars()
        .take(limit.saturating_mul(8))
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !is_invisible(*c))
        .collect::<String>()
        .split_whitespace()
        .map(without_keys)
        .collect();
    shorten(&words.join(" "), limit)
}

/// At most `limit` characters; where it had more, the last is an ellipsis.
fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Characters that hide or turn around what stands beside them.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// The word with each stretch that looks like a key replaced by `***`.
fn without_keys(word: &str) -> String {
    let is_key_character = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*');
    let mut kept = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let (run, other) = rest.split_at(rest.find(|c| !is_key_character(c)).unwrap_or(rest.len()));
        kept.push_str(if looks_like_key(run) { "***" } else { run });
        let (between, next) = other.split_at(other.find(is_key_character).unwrap_or(other.len()));
        kept.push_str(between);
        rest = next;
    }
    kept
}

fn looks_like_key(run: &str) -> bool {
    let begins = KEY_BEGINNINGS
        .iter()
        .any(|beginning| run.len() >= beginning.len() + 6 && run.starts_with(beginning));
    let mixed = run.len() >= KEY_LENGTH
        && run.bytes().any(|b| b.is_ascii_digit())
        && run.bytes().any(|b| b.is_ascii_alphabetic())
        // `generativelanguage.googleapis.com` and `gemini-3.1-flash-lite-preview` are names made of words.
        && run.split(['.', '-']).any(|part| part.len() >= KEY_LENGTH);
    begins || mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new("sk-abc".to_owned());
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(secret.expose(), "sk-abc");
    }

    #[test]
    fn a_secret_is_hidden_in_whatever_repeats_it() {
        let secret = Secret::new("my own/key \"1\"".to_owned());
        for (text, expected) in [
            ("not my own/key \"1\", sorry", "not ***, sorry"),
            ("?key=my+own%2Fkey+%221%22&a", "?key=***&a"),
            ("?key=my%20own%2Fkey%20%221%22&a", "?key=***&a"),
            (r#"{"m":"my own/key \"1\""}"#, r#"{"m":"***"}"#),
            (r#"{"m":"my own\/key \"1\""}"#, r#"{"m":"***"}"#),
            ("not my own/k…", "not ***…"),
            ("not my…", "not my…"),
            ("my own house", "my own house"),
        ] {
            assert_eq!(secret.hide_in(text), expected);
        }
        assert_eq!(Secret::new("none".to_owned()).hide_in("there is none"), "there is none");
    }

    #[test]
    fn keys_are_taken_out_of_words() {
        for (text, expected) in [
            (
                "Incorrect API key provided: sk-proj-abcdef123456. Find yours",
                "Incorrect API key provided: *** Find yours",
            ),
            ("key=AIzaSyA-1234567890abcdefghij,", "key=***,"),
            ("token 0123456789abcdef0123456789abcdef", "token ***"),
            ("sk-pro***********3456 is wrong", "*** is wrong"),
            (
                "models/gemini-3.1-flash-lite-preview is not found for generativelanguage.googleapis.com",
                "models/gemini-3.1-flash-lite-preview is not found for generativelanguage.googleapis.com",
            ),
            ("risk-free and task-based", "risk-free and task-based"),
        ] {
            assert_eq!(clean(text, 300), expected);
        }
    }

    #[test]
    fn words_of_others_become_one_short_line() {
        assert_eq!(clean("a\r\n\u{1b}[31mb\u{202e}c\u{0}", 300), "a [31mbc");
        assert_eq!(clean("äöü äöü", 5), "äöü…");
        assert_eq!(clean("äöü", 3), "äöü");
    }
}
