//! The names of a claim: capitalised words that the cited passages, the title and the description do not have.

use std::ops::Range;

use super::index::{Index, Term, UNKNOWN};
use crate::{
    language::{Language, is_spaceless},
    tokens::Token,
};

/// Words that are known: of the cited passages and of the video's title, channel and description.
pub(super) struct Known<'a> {
    words: Vec<&'a str>,
}

/// English names of peoples and languages that do not look like their country's.
const COUNTRIES: [(&str, &str); 17] = [
    ("british", "britain"),
    ("danish", "denmark"),
    ("dutch", "netherlands"),
    ("dutch", "holland"),
    ("finnish", "finland"),
    ("french", "france"),
    ("irish", "ireland"),
    ("norwegian", "norway"),
    ("polish", "poland"),
    ("portuguese", "portugal"),
    ("scottish", "scotland"),
    ("spanish", "spain"),
    ("swedish", "sweden"),
    ("swiss", "switzerland"),
    ("thai", "thailand"),
    ("turkish", "turkey"),
    ("welsh", "wales"),
];

impl<'a> Known<'a> {
    pub(super) fn new(words: impl Iterator<Item = &'a str>) -> Self {
        Self { words: words.collect() }
    }

    /// Whether a name is among them, misspelt as speech recognition does, inflected, abbreviated, or cut in two.
    fn has(&self, name: &str) -> bool {
        let name = bare(name);
        let country = COUNTRIES.iter().filter(|(people, _)| *people == name);
        if country.into_iter().any(|(_, country)| self.words.contains(country)) {
            return true;
        }
        let pairs = || self.words.windows(2).map(|pair| format!("{}{}", pair[0], pair[1]));
        self.words.iter().any(|word| alike(&name, &bare(word)))
            || pairs().any(|pair| bare(&pair) == name)
            || self.has_initials(&name)
    }

    /// "WHO" for "world health organization".
    fn has_initials(&self, name: &str) -> bool {
        let length = name.chars().count();
        (2..=6).contains(&length)
            && self.words.windows(length).any(|words| {
                words
                    .iter()
                    .zip(name.chars())
                    .all(|(word, letter)| word.starts_with(letter))
            })
    }
}

/// The first name of a claim that is not known. `tokens` are the claim's, with offsets into `text`.
pub(super) fn unknown<'t>(
    text: &'t str,
    tokens: &'t [Token],
    language: Language,
    index: &Index<'_>,
    known: &Known<'_>,
) -> Option<&'t str> {
    if language == Language::Japanese
        && let Some(person) = unknown_person(text, known)
    {
        return Some(person);
    }
    let written = |token: &Token| &text[token.start..token.end];
    let is_capital = |token: &Token| written(token).starts_with(char::is_uppercase);
    // A title has capitals everywhere; they say nothing.
    let words = tokens.iter().filter(|token| !token.is_stop).count();
    let capitals = tokens
        .iter()
        .filter(|token| !token.is_stop && is_capital(token))
        .count();
    if language != Language::German && words > 3 && capitals * 3 > words * 2 {
        return None;
    }
    let mut before: Option<&Token> = None;
    for token in tokens {
        let gap = before.map(|before| &text[before.end..token.start]);
        let is_initial = gap.is_none_or(|gap| gap.contains(is_start_mark));
        let follows_capital = before.is_some_and(|before| !before.is_stop && is_capital(before) && gap == Some(" "));
        let candidate = Candidate {
            token,
            written: written(token),
            is_initial,
            follows_capital,
        };
        before = Some(token);
        if candidate.is_name(language, index) && !known.has(&token.normal) {
            return Some(candidate.written.trim_end_matches("'s").trim_end_matches("’s"));
        }
    }
    None
}

/// The first person of a Japanese claim, known by what is put behind names ("北原さん"), whom the passages do not name.
fn unknown_person<'t>(text: &'t str, known: &Known<'_>) -> Option<&'t str> {
    const BEHIND: [&str; 5] = ["さん", "さま", "くん", "ちゃん", "氏"];
    // A character a word.
    let said = known.words.concat();
    let is_part = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{30a0}'..='\u{30ff}' | '々');
    BEHIND
        .iter()
        .flat_map(|behind| text.match_indices(behind))
        .map(|(at, _)| &text[text[..at].trim_end_matches(is_part).len()..at])
        .find(|name| name.chars().count() > 1 && !said.contains(*name))
}

/// A name of the claim that stands where the passage has another one: between the same words. Finds what [`unknown`] cannot tell
/// from a plain word: German nouns, and the first word of a sentence. The claim's name and the passage's.
pub(super) fn swapped<'t>(
    text: &'t str,
    claim: &[Term],
    index: &Index<'_>,
    region: &[Range<usize>],
    known: &Known<'_>,
) -> Option<(&'t str, String)> {
    /// German writes all nouns with a capital: after these it is mostly a name.
    const BEFORE_NAMES: [&str; 7] = ["in", "aus", "nach", "von", "bei", "und", "oder"];
    let is_same = |at: usize, place: usize| {
        claim[at].word != UNKNOWN
            && index
                .places
                .get(place)
                .is_some_and(|place| place.word == claim[at].word)
    };
    let is_content = |at: usize| claim[at].content > 0.0;
    (0..claim.len()).find_map(|at| {
        let term = &claim[at];
        let written = &text[term.token.start..term.token.end];
        let is_plain = term.content < 1.0
            || written.chars().count() < 3
            || !written.starts_with(char::is_uppercase)
            || known.has(&term.token.normal);
        if is_plain {
            return None;
        }
        let german = index.language == Language::German;
        let follows = at >= 2
            && (is_content(at - 1) || is_content(at - 2))
            && (!german || BEFORE_NAMES.contains(&claim[at - 1].token.normal.as_str()));
        let precedes = !german && at + 2 < claim.len() && (is_content(at + 1) || is_content(at + 2));
        let said = region.iter().cloned().flatten().find(|&place| {
            let after = follows && place >= 2 && is_same(at - 1, place - 1) && is_same(at - 2, place - 2);
            let before = precedes && is_same(at + 1, place + 1) && is_same(at + 2, place + 2);
            let word = index.word_at(place);
            (after || before)
                && word.content > 0.0
                && word.has_capital
                && !word.has_small
                && claim.iter().all(|term| term.stem != word.stem)
        })?;
        Some((written, index.slice(index.places[said], index.places[said])))
    })
}

struct Candidate<'a> {
    token: &'a Token,
    written: &'a str,
    /// Whether a sentence, a quote or a clause after a colon begins with it.
    is_initial: bool,
    follows_capital: bool,
}

impl Candidate<'_> {
    fn is_name(&self, language: Language, index: &Index<'_>) -> bool {
        let letters = self.written.chars().filter(|c| c.is_alphabetic()).count();
        if self.token.is_stop || letters < 2 || self.written.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        // Scripts without capitals: a word in Latin letters is a name.
        if matches!(
            language,
            Language::Chinese | Language::Japanese | Language::Korean | Language::Arabic | Language::Hindi
        ) {
            return letters > 2 && self.written.chars().all(|c| c.is_ascii_alphanumeric());
        }
        if !self.written.starts_with(char::is_uppercase) || self.written.contains(is_spaceless) {
            return false;
        }
        let is_acronym = self
            .written
            .chars()
            .all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '.');
        let word = index.word(&self.token.normal);
        // Written small in a transcript that has capitals: a plain word, whatever the summary makes of it.
        if index.has_capitals && word.is_some_and(|word| word.has_small) {
            return false;
        }
        if language == Language::German {
            // Every noun has a capital: only acronyms and the second of two such words are surely names.
            return is_acronym || (self.follows_capital && !self.is_initial);
        }
        if self.is_initial && !is_acronym {
            return index.has_capitals && word.is_some_and(|word| word.has_capital);
        }
        true
    }
}

fn is_start_mark(c: char) -> bool {
    ".!?:;\"“”„«»‘(—–…¿¡".contains(c)
}

/// Lower-case letters without accents and without a possessive ending.
fn bare(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.is_ascii() {
        return word.replace(|c: char| !c.is_ascii_alphanumeric(), "");
    }
    word.nfd().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether two names may be the same one: equal, of one stem, or a letter or two apart.
fn alike(a: &str, b: &str) -> bool {
    if a == b || a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a) {
        return true;
    }
    let shorter = a.chars().count().min(b.chars().count());
    let longer = a.chars().count().max(b.chars().count());
    if shorter < 4 || longer > 40 {
        return false;
    }
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    // "America" and "American", "Germany" and "German".
    if shared >= 4 && shared + 1 >= shorter && longer <= shorter + 3 {
        return true;
    }
    let most = if shorter >= 7 { 2 } else { 1 };
    longer - shorter <= most && distance(a, b) <= most
}

/// Levenshtein's distance of two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row.last().copied().unwrap_or(0)
}
