//! The names of a claim: capitalised words that the cited passages, the title and the description do not have.

mod japanese;

use std::ops::Range;

use super::{
    index::{Index, Term, UNKNOWN},
    numbers::is_unit,
};
use crate::{
    language::{Language, is_spaceless},
    tokens::Token,
};

/// A name in at least so many passages, and this share of all, is what the talk is about.
const TOPIC_PASSAGES: usize = 6;
const TOPIC_SHARE: f32 = 0.08;

/// An abbreviation in so many passages may be who "we" are.
const SPOKEN_FOR_PASSAGES: usize = 5;

/// Words that are known: of the cited passages and of the video's title, channel and description.
pub(super) struct Known<'a> {
    words: Vec<&'a str>,
    language: Language,
}

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

/// Words that initials leave out.
const LINKS: [&str; 22] = [
    "and", "of", "for", "the", "in", "on", "und", "für", "der", "des", "die", "de", "del", "la", "las", "los", "du",
    "et", "y", "e", "da", "do",
];

/// English names of peoples and languages that do not look like their country's.
const COUNTRIES: [(&str, &str); 21] = [
    ("uk", "britain"),
    ("us", "usa"),
    ("us", "america"),
    ("british", "britain"),
    ("danish", "denmark"),
    ("dutch", "netherlands"),
    ("dutch", "holland"),
    ("english", "england"),
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

/// What people are called by, and written with a capital: no names, whoever holds the office.
const ROLES: [&str; 40] = [
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
    "committee",
    "opposition",
    "deputy",
];

/// What else a country, or its people, are called.
fn of_same_country(name: &str) -> impl Iterator<Item = &'static str> {
    COUNTRIES.iter().filter_map(move |(people, country)| match name {
        name if name == *people => Some(*country),
        name if name == *country => Some(*people),
        _ => None,
    })
}

/// Whether a word is what people are called by, and no name.
pub(super) fn is_role(word: &str) -> bool {
    ROLES.contains(&word.trim_end_matches("'s").trim_end_matches("’s"))
}

impl<'a> Known<'a> {
    pub(super) fn new(words: impl Iterator<Item = &'a str>, language: Language) -> Self {
        Self {
            words: words.collect(),
            language,
        }
    }

    /// Whether a name is among them, misspelt as speech recognition does, inflected, abbreviated, or cut in two.
    fn has(&self, name: &str) -> bool {
        let name = bare(name);
        let is_said = |word: &str| self.words.contains(&word);
        if of_same_country(&name).any(is_said) || (name == "tv" && is_said("television")) {
            return true;
        }
        // "ITV1" for "ITV one".
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.len() > 1 && letters.len() < name.len() && is_said(letters) {
            return true;
        }
        // "March2021": transcripts lose spaces.
        let is_glued = |word: &&str| {
            let digits = word.strip_prefix(name.as_str()).unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if self.words.iter().any(is_glued) {
            return true;
        }
        let pairs = || self.words.windows(2).map(|pair| format!("{}{}", pair[0], pair[1]));
        self.words.iter().any(|word| alike(&name, &bare(word)))
            || pairs().any(|pair| bare(&pair) == name)
            || self.has_initials(&name)
    }

    /// "WHO" for "world health organization", "HMRC" for "HM Revenue and Customs".
    fn has_initials(&self, name: &str) -> bool {
        (2..=6).contains(&name.chars().count()) && (0..self.words.len()).any(|at| self.is_short_for(name, at, 0))
    }

    /// Whether the words from `at` on begin with these letters, one each or all of a short one; "and" and "of" may be skipped.
    fn is_short_for(&self, letters: &str, at: usize, taken: usize) -> bool {
        let Some(first) = letters.chars().next() else {
            return taken > 1;
        };
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let rest = |length: usize| letters.get(length..).unwrap_or_default();
        // "Meeting in the" is no MIT.
        let names = !self.language.is_stop(word);
        (names && word.starts_with(first) && self.is_short_for(rest(first.len_utf8()), at + 1, taken + 1))
            || ((2..=3).contains(&word.len())
                && letters.starts_with(*word)
                && self.is_short_for(rest(word.len()), at + 1, taken + 1))
            || (taken > 0
                && self
                    .behind_links(at)
                    .is_some_and(|at| self.is_short_for(letters, at, taken)))
    }

    /// What stands behind the links that begin here ("of the"); a transcript may repeat them without end.
    fn behind_links(&self, at: usize) -> Option<usize> {
        const MOST: usize = 3;
        let links = self.words[at..]
            .iter()
            .take(MOST)
            .take_while(|word| LINKS.contains(word))
            .count();
        (1..MOST).contains(&links).then_some(at + links)
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

/// The first name of a claim in another language than the transcript's that is told elsewhere in the transcript, and not in its passages. A
/// name that nobody tells may be the transcript's in the claim's language: "Munich" for "München".
pub(super) fn told_elsewhere<'t>(
    text: &'t str,
    tokens: &'t [Token],
    index: &Index<'_>,
    known: &Known<'_>,
) -> Option<&'t str> {
    const SHORTEST: usize = 3;
    let is_name = |token: &&Token| {
        let written = &text[token.start..token.end];
        let is_told = index
            .word(&token.normal)
            .is_some_and(|word| word.has_capital && !word.has_small);
        written.starts_with(char::is_uppercase)
            && written.chars().count() >= SHORTEST
            && !token.is_stop
            && !is_role(&token.normal)
            && !is_unit(&token.normal)
            && index.has_capitals
            && is_told
    };
    tokens
        .iter()
        .filter(is_name)
        .find(|token| {
            !known.has(&token.normal)
                && !is_topic(text, token, index, known)
                && !completes_a_name(text, token, tokens, index, known)
        })
        .map(|token| shown(text, token))
}

/// Whether a word stands beside a known name, as it does elsewhere in the transcript: "Rachelle LeBlanc" for "Rachelle's team".
fn completes_a_name(text: &str, token: &Token, tokens: &[Token], index: &Index<'_>, known: &Known<'_>) -> bool {
    let is_name = |token: &&Token| {
        text[token.start..].starts_with(char::is_uppercase) && !token.is_stop && known.has(&token.normal)
    };
    let said_together =
        |first: &Token, second: &Token| is_said_together(index, index.stem(&first.stem), index.stem(&second.stem));
    let is_beside = |first: &Token, second: &Token| &text[first.end..second.start] == " ";
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
    let claimed = Known::new(tokens.iter().map(|token| token.normal.as_str()), index.language);
    let theirs = quoted.iter().cloned().flatten().find(|place| {
        let word = index.word_at(*place);
        let is_name = word.content > 0.0 && word.has_capital && !word.has_small;
        is_name && !claimed.has(&word.normal) && word.normal.chars().all(char::is_alphabetic)
    })?;
    let theirs = index.slice(index.places[theirs], index.places[theirs]);
    let is_acronym = theirs.chars().all(char::is_uppercase);
    (!is_acronym).then_some((shown(text, ours), theirs))
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
        let is_noun = |at: usize| is_noun(at) || opens(at) || belongs(at);
        let follows_capital = before.is_some_and(|before| {
            !before.is_stop && is_capital(before) && !counts(&before.normal, language) && gap == Some(" ")
        }) && !at.checked_sub(1).is_some_and(is_noun)
            && !belongs(at);
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

/// A name of the claim that stands where the quoted sentences have another word: beside the same words. Finds what [`unknown`]
/// cannot tell from a plain word (German nouns, the first word of a sentence, what has no capitals in the transcript), and names that are
/// told elsewhere in the passage. `own` are the words of these sentences, of title and description, and of who speaks, `region` those of
/// all cited passages as well. The claim's name and the sentence's.
pub(super) fn swapped<'t>(
    text: &'t str,
    claim: &[Term],
    index: &Index<'_>,
    sentences: &[Range<usize>],
    own: &Known<'_>,
    region: &Known<'_>,
) -> Option<(&'t str, String)> {
    if index.language == Language::Japanese {
        let said = sentences.iter().filter(|sentence| !sentence.is_empty());
        let said = said.map(|sentence| index.slice(index.places[sentence.start], index.places[sentence.end - 1]));
        return japanese::swapped(text, region, &said.collect::<Vec<_>>().join("。"));
    }
    /// German writes all nouns with a capital: after these it is mostly a name.
    const BEFORE_NAMES: [&str; 10] = ["in", "aus", "nach", "von", "bei", "für", "mit", "laut", "und", "oder"];
    /// Before a noun without an article: mostly a place.
    const BEFORE_PLACES: [&str; 3] = ["in", "aus", "nach"];
    (0..claim.len()).find_map(|at| {
        let term = &claim[at];
        let written = &text[term.token.start..term.token.end];
        let gap = &text[at.checked_sub(1).map_or(0, |before| claim[before].token.end)..term.token.start];
        let word = index.word(&term.token.normal);
        let is_initial = at == 0 || gap.contains(is_start_mark);
        let is_plain = term.content < 1.0
            || written.chars().count() < 3
            || !written.starts_with(char::is_uppercase)
            || (is_initial && !word.is_some_and(|word| word.has_capital && !word.has_small))
            || (index.has_capitals && word.is_some_and(|word| word.has_small))
            || is_role(&term.token.normal)
            || is_unit(&term.token.normal)
            || (index.language == Language::German
                && NOUN_ENDINGS.iter().any(|ending| term.token.normal.ends_with(ending)))
            || (written.chars().all(char::is_uppercase) && index.has_capitals)
            || own.has(&term.token.normal);
        if is_plain {
            return None;
        }
        let before = |at: usize| at.checked_sub(1).map(|before| &claim[before].token);
        // "Rachelle LeBlanc" for "Rachelle's team", where she is called so nearby.
        let completes_a_name = gap == " "
            && region.has(&term.token.normal)
            && before(at).is_some_and(|before| {
                text[before.start..].starts_with(char::is_uppercase) && !before.is_stop && own.has(&before.normal)
            })
            && is_said_together(index, claim[at - 1].stem, term.stem);
        if completes_a_name {
            return None;
        }
        let may_follow = |word: &str| match index.language {
            Language::German => BEFORE_NAMES.contains(&word),
            language => language.is_nominal(word),
        };
        let follows_noun = index.language == Language::German
            && at > 1
            && gap == " "
            && before(at).is_some_and(|before| {
                let is_capital = text[before.start..].starts_with(char::is_uppercase);
                is_capital && !before.is_stop && !counts(&before.normal, index.language)
            });
        if index.language == Language::German
            && !follows_noun
            && !before(at).is_some_and(|word| may_follow(&word.normal))
        {
            return None;
        }
        let is_name = index.has_capitals
            && index.language != Language::German
            && word.is_some_and(|word| word.has_capital && !word.has_small);
        let needed = if is_name { 1 } else { 2 };
        let is_unheard = !region.has(&term.token.normal);
        // "Yusuf Yilmaz" for "Yusuf Demir".
        let first_name = before(at)
            .filter(|_| follows_noun && is_unheard)
            .map(|first| first.normal.as_str());
        let is_after_name = before(at).is_some_and(|word| BEFORE_NAMES[3..8].contains(&word.normal.as_str()));
        let is_place = |word: &str| index.language == Language::German && BEFORE_PLACES.contains(&word);
        let is_place_ours = before(at).is_some_and(|word| is_place(&word.normal)) && is_unheard;
        let ours = [
            neighbours(claim.len(), at, false, |at| {
                (claim[at].content > 0.0).then_some(claim[at].stem)
            }),
            neighbours(claim.len(), at, true, |at| {
                (claim[at].content > 0.0).then_some(claim[at].stem)
            }),
        ];
        let is_claimed = |name: &str| claim.iter().any(|term| term.token.normal == name);
        let said = sentences.iter().find_map(|sentence| {
            let stem = |place: usize| {
                let word = index.word_at(sentence.start + place);
                (word.content > 0.0).then_some(word.stem)
            };
            sentence.clone().find(|&place| {
                let word = index.word_at(place);
                if word.content < 1.0
                    || (index.has_capitals && (!word.has_capital || word.has_small))
                    || word.normal.starts_with(|c: char| c.is_ascii_digit())
                    || !(index.has_capitals || (place > 0 && may_follow(&index.word_at(place - 1).normal)))
                    || word.normal.contains(&term.token.normal)
                    || term.token.normal.contains(&word.normal)
                    || claim.iter().any(|term| term.stem == word.stem)
                    || of_same_country(&word.normal).any(is_claimed)
                {
                    return false;
                }
                if is_place_ours && place > sentence.start && is_place(&index.word_at(place - 1).normal) {
                    return true;
                }
                let before_theirs = (place > sentence.start).then(|| index.word_at(place - 1));
                if first_name.is_some() && before_theirs.map(|word| word.normal.as_str()) == first_name {
                    return true;
                }
                let needed = match before_theirs {
                    Some(word) if is_unheard && is_after_name && BEFORE_NAMES[3..8].contains(&word.normal.as_str()) => {
                        1
                    }
                    _ => needed,
                };
                let here = place - sentence.start;
                let theirs = [
                    neighbours(sentence.len(), here, false, stem),
                    neighbours(sentence.len(), here, true, stem),
                ];
                let same: Vec<usize> = ours
                    .iter()
                    .zip(&theirs)
                    .map(|(ours, theirs)| {
                        ours.iter()
                            .zip(theirs)
                            .take_while(|(a, b)| a == b && **a != UNKNOWN)
                            .count()
                    })
                    .collect();
                same.iter().sum::<usize>() >= needed
            })
        })?;
        Some((written, index.slice(index.places[said], index.places[said])))
    })
}

/// The stems of the two content words next to a word, on one side of it, nearest first.
fn neighbours(length: usize, at: usize, after: bool, stem: impl Fn(usize) -> Option<u32>) -> Vec<u32> {
    /// Words that may stand between.
    const REACH: usize = 5;
    let near = 1..=REACH;
    let places: Vec<usize> = if after {
        near.map(|step| at + step).filter(|at| *at < length).collect()
    } else {
        near.filter_map(|step| at.checked_sub(step)).collect()
    };
    places.into_iter().filter_map(stem).take(2).collect()
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
