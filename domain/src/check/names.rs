//! The names of a claim: capitalised words that the cited passages, the title and the description do not have.

mod japanese;
mod known;
mod swapped;
mod translated;

use std::ops::Range;

pub(super) use self::{
    known::Known,
    swapped::swapped,
    translated::{quoted_otherwise_translated, told_elsewhere},
};
use super::{index::Index, numbers::is_unit};
use crate::{
    language::{Language, is_spaceless},
    tokens::Token,
};

/// A name in at least so many passages, and this share of all, is what the talk is about.
const TOPIC_PASSAGES: usize = 6;
const TOPIC_SHARE: f32 = 0.08;

/// An abbreviation in so many passages may be who "we" are.
const SPOKEN_FOR_PASSAGES: usize = 5;

/// German words before a noun.
const ARTICLES: [&str; 24] = [
    "der", "die", "das", "dem", "den", "des", "ein", "eine", "einer", "eines", "einem", "einen", "kein", "keine",
    "viel", "viele", "mehr", "weniger", "diese", "dieser", "dieses", "seine", "ihre", "zur",
];

/// What German nouns end in that are no names: "Leitung", "Sicherheit".
const NOUN_ENDINGS: [&str; 15] = [
    "ung", "ungen", "heit", "keit", "schaft", "ion", "tät", "tum", "nis", "ende", "beginn", "schluss", "abend",
    "sprache", "kunft",
];

/// What German puts before names.
const BEFORE_NAMES: [&str; 12] = [
    "herr",
    "herrn",
    "frau",
    "firma",
    "familie",
    "dr",
    "prof",
    "professor",
    "professorin",
    "namens",
    "pfarrer",
    "doktor",
];

/// What people are called by, and written with a capital: no names, whoever holds the office.
const ROLES: [&str; 41] = [
    "dr",
    "mr",
    "mrs",
    "ms",
    "prof",
    "sr",
    "sra",
    "mme",
    "st",
    "sir",
    "minister",
    "ministers",
    "president",
    "chair",
    "chairman",
    "chairwoman",
    "chairperson",
    "professor",
    "secretary",
    "designer",
    "manager",
    "expert",
    "director",
    "commissioner",
    "senator",
    "member",
    "members",
    "doctor",
    "captain",
    "judge",
    "mayor",
    "governor",
    "chancellor",
    "ambassador",
    "speaker",
    "prime",
    "government",
    "cabinet",
    "committee",
    "opposition",
    "deputy",
];

/// Whether a word is what people are called by, and no name.
pub(super) fn is_role(word: &str) -> bool {
    ROLES.contains(&word.trim_end_matches("'s").trim_end_matches("’s"))
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
        && let Some(person) = japanese::unknown(text, known)
    {
        return Some(person);
    }
    candidates(text, tokens, language, index)
        .into_iter()
        .find(|token| {
            !known.has(&token.normal)
                && !is_topic(text, token, index, known)
                && !completes_a_name(text, token, tokens, index, known)
        })
        .map(|token| shown(text, token))
}

/// Whether a word stands beside a known name, as it does elsewhere in the transcript: "Rachelle LeBlanc" for "Rachelle's team"; or it
/// stands there alone for that name: "Adeyinka" for "Femi".
fn completes_a_name(text: &str, token: &Token, tokens: &[Token], index: &Index<'_>, known: &Known<'_>) -> bool {
    let is_name = |token: &&Token| {
        text[token.start..].starts_with(char::is_uppercase) && !token.is_stop && known.has(&token.normal)
    };
    let said_together =
        |first: &Token, second: &Token| is_said_together(index, index.stem(&first.stem), index.stem(&second.stem));
    let is_beside = |first: &Token, second: &Token| &text[first.end..second.start] == " ";
    if index.language != Language::German && stands_beside_known(index, index.stem(&token.stem), known) {
        return true;
    }
    let Some(at) = tokens.iter().position(|other| other.start == token.start) else {
        return false;
    };
    let before = at
        .checked_sub(1)
        .map(|at| &tokens[at])
        .filter(|before| is_beside(before, token));
    let after = tokens.get(at + 1).filter(|after| is_beside(token, after));
    before
        .filter(is_name)
        .is_some_and(|before| said_together(before, token))
        || after.filter(is_name).is_some_and(|after| said_together(token, after))
}

/// Whether a name stands anywhere in the transcript beside one that is known: "Femi Adeyinka".
fn stands_beside_known(index: &Index<'_>, stem: u32, known: &Known<'_>) -> bool {
    let is_name = |place: usize| {
        let word = index.word_at(place);
        word.content > 0.0 && word.has_capital && !word.has_small && !is_role(&word.normal)
    };
    let is_known = |place: usize| known.words.contains(&index.word_at(place).normal.as_str());
    (1..index.places.len()).any(|second| {
        let first = second - 1;
        let (before, after) = (index.places[first], index.places[second]);
        let is_either = (index.word_at(first).stem == stem && is_known(second))
            || (index.word_at(second).stem == stem && is_known(first));
        let is_one_sentence = before.passage == after.passage && before.sentence == after.sentence;
        is_either && is_one_sentence && before.end + 1 == after.start && is_name(first) && is_name(second)
    })
}

/// Whether a noun behind a word is what is counted, and no name: "zwei Millionen Exemplare", "zehn Tonnen Stahl".
fn counts(word: &str, language: Language) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || is_unit(word) || language.number_word(word).is_some()
}

/// Whether two words stand side by side anywhere in the transcript.
fn is_said_together(index: &Index<'_>, first: u32, second: u32) -> bool {
    index.places.windows(2).any(|pair| {
        let stem = |at: usize| index.words[pair[at].word as usize].stem;
        pair[0].sentence == pair[1].sentence && stem(0) == first && stem(1) == second
    })
}

/// A name of the claim that its quoted words do not have, where they have another one: "Lee sent his apologies" with "apologies
/// from Ann". Both may be known: `own` are the words of the quoted sentences, of title and description, and of who speaks.
pub(super) fn quoted_otherwise<'t>(
    text: &'t str,
    tokens: &'t [Token],
    index: &Index<'_>,
    own: &Known<'_>,
    quoted: &[Range<usize>],
) -> Option<(&'t str, String)> {
    if index.language == Language::German {
        return None;
    }
    let names = candidates(text, tokens, index.language, index);
    let is_quoted = |token: &&&Token| {
        quoted
            .iter()
            .cloned()
            .flatten()
            .any(|place| index.word_at(place).stem == index.stem(&token.stem))
    };
    if names.iter().any(|token| is_quoted(&token)) {
        return None;
    }
    let ours = names
        .into_iter()
        .find(|token| !own.has(&token.normal) && !completes_a_name(text, token, tokens, index, own))?;
    let claimed = Known::new(tokens.iter().map(|token| token.normal.as_str()), index);
    let theirs = quoted.iter().cloned().flatten().find(|place| {
        let word = index.word_at(*place);
        let is_name = word.content > 0.0 && word.has_capital && !word.has_small;
        is_name && !claimed.has(&word.normal) && word.normal.chars().all(char::is_alphabetic)
    })?;
    let theirs = index.slice(index.places[theirs], index.places[theirs]);
    (!is_acronym(&theirs)).then_some((shown(text, ours), theirs))
}

/// "HEFCW", "OfS": it may be short for what the claim spells out.
fn is_acronym(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() > 1
}

fn shown<'t>(text: &'t str, token: &Token) -> &'t str {
    text[token.start..token.end]
        .trim_end_matches("'s")
        .trim_end_matches("’s")
}

/// The words of a claim that are names.
fn candidates<'t>(text: &str, tokens: &'t [Token], language: Language, index: &Index<'_>) -> Vec<&'t Token> {
    let written = |token: &Token| &text[token.start..token.end];
    let is_capital = |token: &Token| written(token).starts_with(char::is_uppercase);
    let mut found = Vec::new();
    // A title has capitals everywhere; they say nothing.
    let words = tokens.iter().filter(|token| !token.is_stop).count();
    let capitals = tokens
        .iter()
        .filter(|token| !token.is_stop && is_capital(token))
        .count();
    if language != Language::German && words > 3 && capitals * 3 > words * 2 {
        return found;
    }
    let mut before: Option<&Token> = None;
    for (at, token) in tokens.iter().enumerate() {
        let gap = before.map(|before| &text[before.end..token.start]);
        let is_initial = gap.is_none_or(|gap| gap.contains(is_start_mark));
        // German: "eine halbe Seite Ergebnis" has two nouns, "die Ministerin Carla Reimers" a name.
        let is_noun = |at: usize| {
            language == Language::German
                && at.checked_sub(1).is_some_and(|before| {
                    let word = &tokens[before];
                    !is_capital(word) && (!word.is_stop || ARTICLES.contains(&word.normal.as_str()))
                })
        };
        // "Audorfs Worten", "die New Yorker Eröffnung": what belongs to a name is a noun.
        let belongs = |at: usize| {
            language == Language::German
                && at.checked_sub(1).is_some_and(|before| {
                    let owner = &tokens[before];
                    let named = |ending: &str| {
                        owner
                            .normal
                            .strip_suffix(ending)
                            .is_some_and(|name| index.word(name).is_some())
                    };
                    is_capital(owner) && index.word(&owner.normal).is_none() && (named("s") || named("er"))
                })
        };
        // "Vorwärtsrotierende Pläne": the first word has a capital for standing first.
        let opens = |at: usize| {
            let start = at.checked_sub(1).map_or(0, |before| tokens[before].end);
            let is_first = at == 0 || text[start..tokens[at].start].contains(is_start_mark);
            language == Language::German
                && is_first
                && !index.word(&tokens[at].normal).is_some_and(|word| word.has_capital)
        };
        // "Moderiert Herr Düwel": whatever stands before the title.
        let is_called = language == Language::German
            && before.is_some_and(|before| BEFORE_NAMES.contains(&before.normal.as_str()))
            && gap.is_some_and(|gap| gap.trim_matches('.') == " ");
        let is_noun = |at: usize| is_noun(at) || opens(at) || belongs(at);
        let follows_noun = before.is_some_and(|before| {
            !before.is_stop && is_capital(before) && !counts(&before.normal, language) && gap == Some(" ")
        }) && !at.checked_sub(1).is_some_and(is_noun)
            && !belongs(at);
        // "Dr. Karim": the point ends no sentence.
        let is_initial = is_initial && !is_called;
        let follows_capital = follows_noun || is_called;
        let candidate = Candidate {
            token,
            written: written(token),
            is_initial,
            follows_capital,
        };
        before = Some(token);
        if candidate.is_name(language, index) {
            found.push(token);
        }
    }
    found
}

/// A word that may be a name.
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
        // "12 GB", "the Minister".
        if is_unit(&self.token.normal) || is_roman(self.written) || is_role(&self.token.normal) {
            return false;
        }
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

/// Whether so many passages name it that the talk is about it: claims name it where the speaker says "we". Of an abbreviation fewer
/// will do where the passages do say so: it is mostly an organisation that somebody speaks for.
fn is_topic(text: &str, token: &Token, index: &Index<'_>, known: &Known<'_>) -> bool {
    let named = index.passages_of(index.stem(&token.stem)).len();
    let is_acronym = shown(text, token).chars().all(char::is_uppercase);
    let speaks_for = is_acronym && known.words.iter().any(|word| matches!(*word, "we" | "our" | "us"));
    let least = if speaks_for {
        SPOKEN_FOR_PASSAGES
    } else {
        TOPIC_PASSAGES
    };
    let share = if speaks_for { 0.0 } else { TOPIC_SHARE };
    named >= least && named as f32 >= share * index.passages.len() as f32
}

/// "XVIII", "Ve": said as a number.
fn is_roman(word: &str) -> bool {
    let numeral = word.trim_end_matches(['e', 'º', 'ª']);
    !numeral.is_empty() && numeral.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C'))
}

fn is_start_mark(c: char) -> bool {
    ".!?:;\"“”„«»‘(—–…¿¡".contains(c)
}
