//! The transcript as the check reads it: words as numbers, where each word and each stem stands. Built once a body.

use std::collections::{HashMap, HashSet};

use super::{irregular, speakers};
use crate::{
    language::{Language, is_spaceless},
    passages::Passage,
    tokens::{Token, tokens},
};

/// A word that the transcript does not have.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Number words up to this stay words ("one of them", "two"); from it on "thirty" is the same word as "30".
const LEAST_NUMERAL: u64 = 3;

/// What is known of a word of the transcript, wherever it stands.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) normal: String,
    pub(super) stem: u32,
    /// How much it counts as a content word: 0 for a stop word, half for a character of a script without spaces.
    pub(super) content: f32,
    pub(super) is_negation: bool,
    /// Whether it is written with a small letter somewhere.
    pub(super) has_small: bool,
    /// Whether it is written with a capital somewhere that is not a sentence's start.
    pub(super) has_capital: bool,
}

/// A word at its place in the transcript.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) word: u32,
    /// Index of its passage.
    pub(super) passage: u32,
    /// Index of its sentence in the passage.
    pub(super) sentence: u32,
    /// Where it stands in the sentence, in bytes.
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A word of a claim or a quote.
#[derive(Debug)]
pub(super) struct Term {
    /// The transcript's word, or [`UNKNOWN`].
    pub(super) word: u32,
    /// The transcript's stem, or [`UNKNOWN`].
    pub(super) stem: u32,
    pub(super) content: f32,
    pub(super) token: Token,
}

/// The transcript's words. Fillers ("um", "well") are left out: quotes and claims do without them.
#[derive(Debug)]
pub(super) struct Index<'a> {
    pub(super) passages: &'a [Passage],
    pub(super) language: Language,
    pub(super) words: Vec<Word>,
    pub(super) places: Vec<Place>,
    /// Passage → its first place; one more at the end.
    first: Vec<usize>,
    ids: HashMap<String, u32>,
    stems: HashMap<String, u32>,
    /// Word → where it stands.
    places_of: Lists,
    /// Stem → the passages that have it or whose speakers' names have it, each once.
    passages_of: Lists,
    /// Passage → the words of its speakers' names.
    speakers_of: Vec<Vec<u32>>,
    /// The names of all speakers.
    speakers: HashSet<&'a str>,
    /// Other names of speakers, each with the speaker's: "Hefin David" for "Hefin David AM".
    aliases: Vec<(String, &'a str)>,
    /// Whether the transcript is written with capitals within its sentences; automatic captions may have none.
    pub(super) has_capitals: bool,
}

impl<'a> Index<'a> {
    pub(super) fn new(passages: &'a [Passage], language: Language) -> Self {
        let mut index = Self {
            passages,
            language,
            words: Vec::new(),
            places: Vec::new(),
            first: vec![0],
            ids: HashMap::new(),
            stems: HashMap::new(),
            places_of: Lists::default(),
            passages_of: Lists::default(),
            speakers_of: Vec::new(),
            speakers: HashSet::new(),
            aliases: Vec::new(),
            has_capitals: false,
        };
        for (number, passage) in (0..).zip(passages) {
            for (sentence, text) in (0..).zip(passage.sentences.iter().map(|sentence| sentence.text.as_str())) {
                index.add(number, sentence, text);
            }
            index.first.push(index.places.len());
            index.add_speakers(passage);
        }
        index.aliases = speakers::aliases(&index.speakers);
        let of_word = || (0..).zip(&index.places).map(|(at, place)| (place.word, at));
        index.places_of = Lists::new(index.words.len(), of_word);
        let mut last = vec![UNKNOWN; index.stems.len()];
        let mut pairs = Vec::with_capacity(index.places.len());
        for place in &index.places {
            let word = &index.words[place.word as usize];
            let last = &mut last[word.stem as usize];
            if word.content > 0.0 && *last != place.passage {
                *last = place.passage;
                pairs.push((word.stem, place.passage));
            }
        }
        for (number, words) in (0..).zip(&index.speakers_of) {
            let stems = words.iter().map(|word| index.words[*word as usize].stem);
            pairs.extend(stems.map(|stem| (stem, number)));
        }
        // By stem and passage; a speaker's name may also be said.
        pairs.sort_unstable();
        pairs.dedup();
        index.passages_of = Lists::new(index.stems.len(), || pairs.iter().copied());
        let capitals = index.words.iter().filter(|word| word.has_capital).count();
        index.has_capitals = capitals * 100 >= index.words.len();
        index
    }

    /// Whether it is told who says what.
    pub(super) fn has_speakers(&self) -> bool {
        !self.speakers.is_empty()
    }

    fn add_speakers(&mut self, passage: &'a Passage) {
        let mut words = Vec::new();
        for name in passage
            .sentences
            .iter()
            .filter_map(|sentence| sentence.speaker.as_deref())
        {
            self.speakers.insert(name);
            for token in tokens(name, self.language) {
                let word = self.intern(token);
                self.words[word as usize].has_capital = true;
                words.push(word);
            }
        }
        words.sort_unstable();
        words.dedup();
        self.speakers_of.push(words);
    }

    fn add(&mut self, passage: u32, sentence: u32, text: &str) {
        let mut is_start = true;
        for token in tokens(text, self.language) {
            let initial = text[token.start..].chars().next().unwrap_or(' ');
            let rest = text[token.end..].trim_start();
            let opens = std::mem::replace(&mut is_start, rest.starts_with(|c: char| ".!?:;\"“”«»(—…".contains(c)));
            if is_filler(text, &token, self.language) {
                is_start |= opens;
                continue;
            }
            let (start, end) = (offset(token.start), offset(token.end));
            let word = self.intern(token);
            let known = &mut self.words[word as usize];
            known.has_small |= initial.is_lowercase();
            known.has_capital |= initial.is_uppercase() && !opens;
            self.places.push(Place {
                word,
                passage,
                sentence,
                start,
                end,
            });
        }
    }

    fn intern(&mut self, mut token: Token) -> u32 {
        canonical(&mut token, self.language);
        if let Some(&word) = self.ids.get(&token.normal) {
            return word;
        }
        let next = self.stems.len() as u32;
        let content = content(&token);
        let stem = *self.stems.entry(token.stem).or_insert(next);
        let word = self.words.len() as u32;
        self.words.push(Word {
            normal: token.normal.clone(),
            stem,
            content,
            is_negation: self.language.is_negation(&token.normal),
            has_small: false,
            has_capital: false,
        });
        self.ids.insert(token.normal, word);
        word
    }

    /// The words of a text that is in the transcript's language.
    pub(super) fn terms(&self, text: &str) -> Vec<Term> {
        let found = tokens(text, self.language).into_iter();
        found
            .filter(|token| !is_filler(text, token, self.language))
            .map(|mut token| {
                canonical(&mut token, self.language);
                Term {
                    word: self.ids.get(&token.normal).copied().unwrap_or(UNKNOWN),
                    stem: self.stems.get(&token.stem).copied().unwrap_or(UNKNOWN),
                    content: content(&token),
                    token,
                }
            })
            .collect()
    }

    /// A word of the transcript, given as it is compared.
    pub(super) fn word(&self, normal: &str) -> Option<&Word> {
        self.ids.get(normal).map(|word| &self.words[*word as usize])
    }

    /// The number of a stem, or [`UNKNOWN`].
    pub(super) fn stem(&self, stem: &str) -> u32 {
        self.stems.get(stem).copied().unwrap_or(UNKNOWN)
    }

    /// The words of the names of a passage's speakers.
    pub(super) fn speakers_of(&self, passage: usize) -> impl Iterator<Item = &str> {
        let words = self.speakers_of.get(passage).into_iter().flatten();
        words.map(|word| self.words[*word as usize].normal.as_str())
    }

    /// The same with the words of their other labels: "Hon. Jean-Yves Duclos" is also "(President of the Treasury Board)".
    pub(super) fn words_for_speakers_of(&self, passage: usize) -> impl Iterator<Item = &str> {
        let speakers = self.passages[passage]
            .sentences
            .iter()
            .filter_map(|sentence| sentence.speaker.as_deref());
        let names: HashSet<&str> = speakers
            .flat_map(|speaker| self.aliases.iter().filter(move |(_, named)| *named == speaker))
            .map(|(alias, _)| alias.as_str())
            .collect();
        let labels: HashSet<&str> = self
            .aliases
            .iter()
            .filter(|(alias, _)| names.contains(alias.as_str()))
            .map(|(_, label)| *label)
            .collect();
        let others = labels.into_iter().flat_map(|label| self.words_of(label));
        self.speakers_of(passage).chain(others)
    }

    fn words_of(&self, label: &str) -> Vec<&str> {
        tokens(label, self.language)
            .into_iter()
            .filter_map(|token| self.word(&token.normal).map(|word| word.normal.as_str()))
            .collect()
    }

    /// Splits "Ann: it rains" where Ann is a speaker of this transcript.
    pub(super) fn attributed<'t>(&self, text: &'t str) -> (Option<&'t str>, &'t str) {
        let is_sign = |c: char| matches!(c, '*' | '_' | ' ');
        match text.split_once(':') {
            Some((name, words)) if self.speakers.contains(name.trim_matches(is_sign)) => {
                (Some(name.trim_matches(is_sign)), words.trim_start_matches(is_sign))
            }
            _ => (None, text),
        }
    }

    /// The speakers that a text names, as they are written in the transcript. A letter or a plain word ("A", "You") is not taken for one.
    pub(super) fn speakers_in(&self, text: &str) -> Vec<&'a str> {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_name = |name: &&str| name.chars().count() > 2 && !self.language.is_stop(&name.to_lowercase());
        let is_named = |name: &&str| {
            text.match_indices(*name).any(|(at, name)| {
                !is_letter(text[..at].chars().next_back()) && !is_letter(text[at + name.len()..].chars().next())
            })
        };
        let whole = self.speakers.iter().copied().filter(is_name).filter(is_named);
        let short = self.aliases.iter().filter(|(alias, speaker)| {
            is_named(&alias.as_str())
                && text
                    .match_indices(alias)
                    .any(|(at, _)| !is_part_of_name(&text[..at], speaker))
        });
        let mut named: Vec<&str> = whole.chain(short.map(|(_, speaker)| *speaker)).collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The places of the sentence that a place is in.
    pub(super) fn sentence_of(&self, place: usize) -> std::ops::Range<usize> {
        let of = |place: usize| self.places.get(place).map(|place| (place.passage, place.sentence));
        let mut range = place..place + 1;
        while range.start > 0 && of(range.start - 1) == of(place) {
            range.start -= 1;
        }
        while of(range.end) == of(place) {
            range.end += 1;
        }
        range
    }

    /// The speakers whom a text names at its start.
    pub(super) fn speakers_at_start(&self, text: &str) -> Vec<&'a str> {
        let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let text = text.strip_prefix("The ").unwrap_or(text);
        let end = text.find(" and ").unwrap_or(text.len());
        let named = self.speakers_in(&text[..end]);
        // "The designers will draw": who is told to do something need not say it.
        const TOLD: [&str; 12] = [
            "will", "is", "was", "are", "were", "should", "and", "must", "has", "had", "or", "needs",
        ];
        let is_first = |name: &str| {
            let behind = text
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix([' ', ',', ':', '\'']));
            behind.is_some_and(|rest| !TOLD.contains(&rest.split_whitespace().next().unwrap_or_default()))
        };
        named
            .into_iter()
            .filter(|speaker| {
                is_first(speaker)
                    || self
                        .aliases
                        .iter()
                        .any(|(alias, named)| named == speaker && is_first(alias))
            })
            .collect()
    }

    /// Whether a text has a speaker's name, or part of it.
    pub(super) fn mentions(&self, speaker: &str, text: &str) -> bool {
        let of_speaker = self.aliases.iter().filter(|(_, named)| *named == speaker);
        of_speaker
            .map(|(alias, _)| alias.as_str())
            .chain([speaker])
            .any(|name| text.contains(name))
    }

    pub(super) fn word_at(&self, place: usize) -> &Word {
        &self.words[self.places[place].word as usize]
    }

    /// The places of a range of passages; both ends are cut to what exists.
    pub(super) fn places_in(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let last = self.first.len() - 1;
        self.first[from.min(last)]..self.first[to.min(last)]
    }

    /// Where a word stands, in order.
    pub(super) fn places_of(&self, word: u32) -> &[u32] {
        self.places_of.of(word)
    }

    /// The passages that have a stem, in order.
    pub(super) fn passages_of(&self, stem: u32) -> &[u32] {
        self.passages_of.of(stem)
    }

    /// The index of the passage with this number.
    pub(super) fn position(&self, ordinal: u32) -> Option<usize> {
        self.passages
            .binary_search_by_key(&ordinal, |passage| passage.ordinal)
            .ok()
    }

    /// The transcript's own text from one place to another (inclusive) of the same passage.
    pub(super) fn slice(&self, from: Place, to: Place) -> String {
        let sentences = &self.passages[from.passage as usize].sentences;
        let mut text = String::new();
        for at in from.sentence..=to.sentence {
            let sentence = sentences[at as usize].text.as_str();
            let start = if at == from.sentence { from.start as usize } else { 0 };
            let end = if at == to.sentence {
                to.end as usize
            } else {
                sentence.len()
            };
            crate::language::join(&mut text, sentence[start..end].trim());
        }
        text
    }
}

/// "Hmm" and the like; "HMM" is a Hidden Markov Model, where not all is written in capitals.
fn is_filler(text: &str, token: &Token, language: Language) -> bool {
    let is_acronym = || {
        let mut letters = text[token.start..token.end].chars();
        letters.all(char::is_uppercase) && text.contains(char::is_lowercase)
    };
    language.is_filler(&token.normal) && !language.is_negation(&token.normal) && !is_acronym()
}

/// Spelled-out numbers become digits, irregular verbs get the stem of their present.
pub(super) fn canonical(token: &mut Token, language: Language) {
    if let Some(number) = language
        .number_word(&token.normal)
        .filter(|number| *number >= LEAST_NUMERAL)
    {
        token.normal = number.to_string();
        token.stem.clone_from(&token.normal);
        token.is_stop = false;
    } else if let Some(present) = irregular::present(&token.normal, language) {
        token.stem = language.stem(present).into_owned();
    }
}

fn content(token: &Token) -> f32 {
    match token.normal.chars().next() {
        _ if token.is_stop => 0.0,
        Some(c) if is_spaceless(c) => 0.5,
        _ => 1.0,
    }
}

/// Sentences are far below 4 GB; a longer one's rest would be cited wrongly, never out of bounds.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Lists of numbers under small keys, in one piece of memory.
#[derive(Debug, Default)]
struct Lists {
    first: Vec<usize>,
    items: Vec<u32>,
}

impl Lists {
    /// From pairs of key and item; the items of a key keep their order.
    fn new<I: Iterator<Item = (u32, u32)>>(keys: usize, pairs: impl Fn() -> I) -> Self {
        let mut first = vec![0; keys + 1];
        for (key, _) in pairs() {
            first[key as usize + 1] += 1;
        }
        for key in 0..keys {
            first[key + 1] += first[key];
        }
        let mut next = first.clone();
        let mut items = vec![0; first[keys]];
        for (key, item) in pairs() {
            items[next[key as usize]] = item;
            next[key as usize] += 1;
        }
        Self { first, items }
    }

    fn of(&self, key: u32) -> &[u32] {
        let key = key as usize;
        match (self.first.get(key), self.first.get(key + 1)) {
            (Some(&from), Some(&to)) => &self.items[from..to],
            _ => &[],
        }
    }
}

/// Whether a surname that stands behind these words belongs to another name: "Trinity Saint David".
fn is_part_of_name(before: &str, speaker: &str) -> bool {
    let mut words = before.split(' ').rev();
    if words.next() != Some("") {
        return false;
    }
    let is_name = |word: &str| {
        word.chars().count() > 2 && word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic)
    };
    let pair = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    is_name(pair.0) && is_name(pair.1) && !speaker.contains(pair.0) && !super::names::is_role(&pair.0.to_lowercase())
}
