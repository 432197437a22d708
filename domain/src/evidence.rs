//! Which passages may answer a question: ranked by the words they share with it, and whether they share enough at all.
//!
//! Words are compared by their stems in the passages' language (BM25 over passages, rare words count for more, neighbours
//! lend a little: an answer often stands beside the words that were asked for). Words of asking ("what does she say about …")
//! name no topic and are left out. Questions that go before lend their words to a follow-up, for less. The name of a chapter counts
//! as said in it, most where it begins: who tells of "the great fog" there may only say "it".

use std::collections::{HashMap, HashSet};

use crate::{
    chapters::{self, Chapter},
    language::{Language, is_spaceless},
    passages::Passage,
    sentences::Sentence,
    tokens::tokens,
};

/// The longest question, in characters.
pub const LONGEST_QUESTION: usize = 500;
/// Earlier questions that a follow-up takes into account.
pub const EARLIER: usize = 3;

/// BM25: how soon more of the same word stops counting, and how much length matters.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.5;
/// What each neighbour's score adds to a passage's own.
const NEIGHBOUR: f32 = 0.4;
/// What the words of earlier questions count together, against the question's own; none counts more than this. A thread is kept for
/// ever, and what was asked long ago must not drown a short question.
const EARLIER_WEIGHT: f32 = 0.3;
/// A question with fewer words of its own than this asks about what was asked before ("And why?").
const OWN_WORDS: usize = 1;
/// Below this share of the question's words (by their weight, in the best passage and its neighbours), little is found, and a model
/// is asked only where it can be told the whole video:
/// it keeps 98 % of the questions that people asked about a meeting of QMSum's validation split, and turns away 64 % of
/// those about meetings of other kinds. The model can still say that the answer is not there.
/// `cargo run --release -p domain --example questions` prints the shares for other thresholds.
const THIN: f32 = 0.2;
/// The same where no model will read what was found: 83 % of their own are kept, 84 % of the others turned away.
const THIN_ALONE: f32 = 0.3;
/// From this share of known words on, a question can be compared with a transcript, whatever language it is in.
const KNOWN: f32 = 0.4;

/// A question and what was asked before it.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Its words.
    pub text: &'a str,
    /// The last questions before it, of which [`EARLIER`] count.
    pub earlier: &'a [String],
}

/// Passages in the order of how well they fit a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Their indices, best first; only those that have one of the words, in their chapter's name at least, or stand beside one.
    pub hits: Vec<usize>,
    /// Which share of the question's words the best hit and its neighbours have, by weight: 0 to 1.
    pub strength: f32,
    /// Whether question and transcript can be compared: across languages only names and numbers can.
    pub is_comparable: bool,
}

impl Ranking {
    /// Whether so little was found that the answer is taken not to be here; `alone` where no model reads it.
    #[must_use]
    pub fn is_thin(&self, alone: bool) -> bool {
        self.strength < if alone { THIN_ALONE } else { THIN }
    }
}

/// The stems that a question asks for in a language, each once, with what it counts.
#[must_use]
pub fn terms(question: &Question<'_>, language: Language) -> Vec<(String, f32)> {
    let mut terms: Vec<(String, f32)> = Vec::new();
    let own = content(question.text, language);
    let is_short = own.len() < OWN_WORDS;
    let start = question.earlier.len().saturating_sub(EARLIER);
    let earlier = question.earlier[start..].iter().rev();
    let earlier: Vec<String> = earlier.flat_map(|text| content(text, language)).collect();
    let weight = if is_short {
        1.0
    } else {
        EARLIER_WEIGHT * f32::min(1.0, own.len() as f32 / earlier.len().max(1) as f32)
    };
    for (stem, weight) in own
        .into_iter()
        .map(|stem| (stem, 1.0))
        .chain(earlier.into_iter().map(|stem| (stem, weight)))
    {
        if !terms.iter().any(|(known, _)| *known == stem) {
            terms.push((stem, weight));
        }
    }
    terms
}

/// Ranks passages by a question. `chapters` are those that people named; names that were made of what is said tell nothing new.
#[must_use]
pub fn rank(passages: &[Passage], chapters: &[Chapter], language: Language, question: &Question<'_>) -> Ranking {
    let terms = terms(question, language);
    let index = Index::new(passages, chapters, language, &terms);
    let own = index.scores();
    let at = |at: Option<usize>| at.and_then(|at| own.get(at)).copied().unwrap_or_default();
    let mut scored: Vec<(usize, f32)> = (0..passages.len())
        .map(|here| {
            let beside = at(here.checked_sub(1)) + at(here.checked_add(1));
            (here, own[here] + NEIGHBOUR * beside)
        })
        .filter(|(_, score)| *score > 0.0)
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let hits: Vec<usize> = scored.into_iter().map(|(here, _)| here).collect();
    let strength = hits
        .iter()
        .take(STRONGEST)
        .map(|hit| index.share(*hit))
        .fold(0.0, f32::max);
    Ranking {
        strength,
        is_comparable: index.knows(question.text, language),
        hits,
    }
}

/// Hits among which the strongest is looked for: the best by score need not be the one that has most of the words.
const STRONGEST: usize = 5;

/// The passages that are shown to whoever answers: hits with their neighbours, best first, as long as `fits` says so; in
/// their own order.
#[must_use]
pub fn choose(ranking: &Ranking, count: usize, mut fits: impl FnMut(usize) -> bool) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    'hits: for hit in &ranking.hits {
        for at in [Some(*hit), hit.checked_add(1), hit.checked_sub(1)]
            .into_iter()
            .flatten()
        {
            if at < count && !chosen.contains(&at) {
                if !fits(at) {
                    break 'hits;
                }
                chosen.push(at);
            }
        }
    }
    chosen.sort_unstable();
    chosen
}

/// The sentences of a passage that have most of the words asked for, side by side, at most two; `None` where none has any.
#[must_use]
pub fn best_sentences<'a>(passage: &'a Passage, language: Language, terms: &[(String, f32)]) -> Option<&'a [Sentence]> {
    let worth: Vec<f32> = passage
        .sentences
        .iter()
        .map(|sentence| {
            let mut found: Vec<String> = tokens(&sentence.text, language)
                .into_iter()
                .map(|token| token.stem)
                .collect();
            found.sort_unstable();
            let has = |stem: &String| found.binary_search(stem).is_ok();
            terms
                .iter()
                .filter(|(stem, _)| has(stem))
                .map(|(_, weight)| weight)
                .sum()
        })
        .collect();
    let best = (0..worth.len()).rev().max_by(|a, b| worth[*a].total_cmp(&worth[*b]))?;
    if worth[best] <= 0.0 {
        return None;
    }
    // What is said next often is the answer; the sentence before it where that has words of the question too.
    let range = match best.checked_sub(1).filter(|before| worth[*before] > 0.0) {
        Some(before) if best + 1 == worth.len() || worth[best + 1] <= worth[before] => before..best + 1,
        _ => best..(best + 2).min(worth.len()),
    };
    passage.sentences.get(range)
}

/// The first sentences of a passage whose chapter's name has a word asked for, as many as [`best_sentences`] gives; `None` where the
/// name has none.
#[must_use]
pub fn opening<'a>(
    passage: &'a Passage,
    title: &str,
    language: Language,
    terms: &[(String, f32)],
) -> Option<&'a [Sentence]> {
    let asked = |stem: &String| terms.iter().any(|(term, _)| term == stem);
    let names_it = tokens(title, language).iter().any(|token| asked(&token.stem));
    let count = passage.sentences.len().min(2);
    names_it.then(|| passage.sentences.get(..count)).flatten()
}

/// The words of a question with their stems in every language, for a search through transcripts of all of them. Stop
/// words of the question's own language are left out.
#[must_use]
pub fn words(question: &Question<'_>) -> Vec<Vec<String>> {
    let mut words: Vec<Vec<String>> = Vec::new();
    let start = question.earlier.len().saturating_sub(EARLIER);
    let mut read = |text: &str| {
        let own = content(text, Language::detect(text));
        if own.is_empty() {
            return 0;
        }
        for token in tokens(text, Language::detect(text)) {
            if !own.contains(&token.stem) {
                continue;
            }
            let mut stems: Vec<String> = Language::ALL
                .iter()
                .flat_map(|language| crate::tokens::search_terms(&text[token.start..token.end], *language))
                .collect();
            stems.sort_unstable();
            stems.dedup();
            if !stems.is_empty() && !words.contains(&stems) && words.len() < MOST_WORDS {
                words.push(stems);
            }
        }
        own.len()
    };
    if read(question.text) < OWN_WORDS {
        for earlier in question.earlier[start..].iter().rev() {
            read(earlier);
        }
    }
    words
}

/// Words of a question that are looked for in the whole library.
const MOST_WORDS: usize = 12;

/// How often each term stands in each passage.
struct Index<'a> {
    /// What each term counts: its weight in the question times its rarity.
    weights: Vec<f32>,
    /// Passage → for each term, how often it stands there, with the share of its chapter's name ([`add_titles`]).
    counts: Vec<Vec<f32>>,
    lengths: Vec<f32>,
    words: HashSet<String>,
    passages: &'a [Passage],
}

impl<'a> Index<'a> {
    fn new(passages: &'a [Passage], chapters: &[Chapter], language: Language, terms: &[(String, f32)]) -> Self {
        let places: HashMap<&str, usize> = terms
            .iter()
            .enumerate()
            .map(|(at, (stem, _))| (stem.as_str(), at))
            .collect();
        let mut words = HashSet::new();
        let (mut counts, mut lengths) = (Vec::with_capacity(passages.len()), Vec::with_capacity(passages.len()));
        for passage in passages {
            let mut own = vec![0.0_f32; terms.len()];
            let mut length = 0.0;
            for token in tokens(&passage.text(), language) {
                length += 1.0;
                if let Some(at) = places.get(token.stem.as_str()) {
                    own[*at] += 1.0;
                }
                words.insert(token.normal);
            }
            counts.push(own);
            lengths.push(length);
        }
        let total = passages.len() as f32;
        let weights = terms.iter().enumerate().map(|(at, (_, weight))| {
            let having = counts.iter().filter(|own| own[at] > 0.0).count() as f32;
            weight * rarity(total, having)
        });
        // Only now: a name that stands over many passages makes its words no less rare.
        let weights = weights.collect();
        add_titles(&mut counts, passages, chapters, language, &places);
        Self {
            weights,
            counts,
            lengths,
            words,
            passages,
        }
    }

    fn scores(&self) -> Vec<f32> {
        let average = self.lengths.iter().sum::<f32>() / self.lengths.len().max(1) as f32;
        let score = |(own, length): (&Vec<f32>, &f32)| {
            let long = SATURATION * (1.0 - LENGTH + LENGTH * length / average.max(1.0));
            let term = |(count, weight): (&f32, &f32)| weight * count * (SATURATION + 1.0) / (count + long);
            own.iter().zip(&self.weights).map(term).sum()
        };
        self.counts.iter().zip(&self.lengths).map(score).collect()
    }

    /// Which share of the question a passage and its neighbours have.
    fn share(&self, here: usize) -> f32 {
        let window = here.saturating_sub(1)..(here + 2).min(self.passages.len());
        let has = |term: usize| self.counts[window.clone()].iter().any(|own| own[term] > 0.0);
        let found: f32 = (0..self.weights.len())
            .filter(|term| has(*term))
            .map(|term| self.weights[term])
            .sum();
        let all: f32 = self.weights.iter().sum();
        if all > 0.0 { found / all } else { 0.0 }
    }

    /// Whether most of a text's words are words of the transcript's language.
    fn knows(&self, text: &str, language: Language) -> bool {
        let words = tokens(text, language);
        let known = words
            .iter()
            .filter(|word| word.is_stop || self.words.contains(&word.normal))
            .count();
        known as f32 >= KNOWN * words.len() as f32 || Language::detect(text) == language
    }
}

/// Counts the words of a chapter's name as said in its passages: once in its first, a quarter in its second, a ninth in its third.
fn add_titles(
    counts: &mut [Vec<f32>],
    passages: &[Passage],
    chapters: &[Chapter],
    language: Language,
    places: &HashMap<&str, usize>,
) {
    let named: Vec<Vec<usize>> = chapters
        .iter()
        .map(|chapter| {
            let tokens = tokens(&chapter.title, language);
            tokens
                .iter()
                .filter_map(|token| places.get(token.stem.as_str()).copied())
                .collect()
        })
        .collect();
    let mut place = (None, 0.0);
    for (own, passage) in counts.iter_mut().zip(passages) {
        let chapter = chapters::of(chapters, passage.span);
        place = (chapter, if place.0 == chapter { place.1 + 1.0 } else { 1.0 });
        for term in chapter.and_then(|chapter| named.get(chapter)).into_iter().flatten() {
            own[*term] += 1.0 / (place.1 * place.1);
        }
    }
}

/// How much a term says that so many of all passages have.
#[must_use]
pub fn rarity(total: f32, having: f32) -> f32 {
    (1.0 + (total - having + 0.5).max(0.0) / (having + 0.5)).ln()
}

/// The stems of a text that name its topic, each once.
fn content(text: &str, language: Language) -> Vec<String> {
    let mut stems: Vec<String> = Vec::new();
    for token in tokens(text, language) {
        let asks = ASKING.contains(&token.normal.as_str());
        // A single character of a script without spaces is no word, but few of them are stop words either.
        let is_empty = token.is_stop
            || asks
            || (token.normal.chars().count() < 2
                && !token
                    .normal
                    .starts_with(|c: char| is_spaceless(c) || c.is_ascii_digit()));
        if !is_empty && !stems.contains(&token.stem) {
            stems.push(token.stem);
        }
    }
    stems
}

/// Words of asking, which are no stop words: English, German, French, Spanish, Italian, Portuguese.
const ASKING: [&str; 92] = [
    "say",
    "says",
    "said",
    "saying",
    "tell",
    "tells",
    "told",
    "talk",
    "talks",
    "talked",
    "talking",
    "speak",
    "speaks",
    "discuss",
    "discussed",
    "discussion",
    "mention",
    "mentioned",
    "mentions",
    "explain",
    "explains",
    "explained",
    "describe",
    "described",
    "summarize",
    "summarise",
    "summary",
    "think",
    "thinks",
    "thought",
    "opinion",
    "according",
    "answer",
    "question",
    "video",
    "speaker",
    "point",
    "regarding",
    "concerning",
    "happen",
    "happens",
    "happened",
    "name",
    "call",
    "called",
    "mean",
    "means",
    "meeting",
    "sagt",
    "sagen",
    "gesagt",
    "erzählt",
    "erklärt",
    "erwähnt",
    "beschreibt",
    "meint",
    "denkt",
    "spricht",
    "heißt",
    "bedeutet",
    "warum",
    "wieso",
    "weshalb",
    "welche",
    "welcher",
    "welches",
    "dit",
    "disent",
    "explique",
    "parle",
    "raconte",
    "pense",
    "vidéo",
    "pourquoi",
    "comment",
    "quelle",
    "dice",
    "dicen",
    "explica",
    "habla",
    "piensa",
    "cuenta",
    "vídeo",
    "cómo",
    "qué",
    "cuál",
    "perché",
    "quale",
    "spiega",
    "diz",
    "fala",
    "porquê",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Span;

    fn passages(texts: &[&str]) -> Vec<Passage> {
        (1..)
            .zip(texts)
            .map(|(ordinal, text)| Passage {
                ordinal,
                span: None,
                sentences: text
                    .split_inclusive(". ")
                    .map(|text| Sentence {
                        text: text.trim().to_owned(),
                        span: None,
                        speaker: None,
                    })
                    .collect(),
            })
            .collect()
    }

    const BRIDGE: [&str; 6] = [
        "Welcome to this talk. We have an hour.",
        "The old bridge was built in 1874 by two brothers.",
        "In the first winter the ice took the middle arch away.",
        "So they built it again, with a pier shaped like a ship's bow.",
        "Engineers copy its shape to this day.",
        "Thank you for listening, and good night.",
    ];

    fn ask<'a>(text: &'a str, earlier: &'a [String]) -> Question<'a> {
        Question { text, earlier }
    }

    #[test]
    fn the_passage_that_has_the_words_comes_first_and_its_neighbours_follow() {
        let passages = passages(&BRIDGE);
        let ranking = rank(
            &passages,
            &[],
            Language::English,
            &ask("What did the ice take away in winter?", &[]),
        );
        assert_eq!(ranking.hits[0], 2);
        assert!(!ranking.is_thin(true), "{ranking:?}");
        let mut left = 3;
        let chosen = choose(&ranking, passages.len(), |_| {
            left -= 1;
            left >= 0
        });
        assert_eq!(chosen, [1, 2, 3]);
        assert_eq!(choose(&ranking, passages.len(), |_| false), Vec::<usize>::new());
    }

    #[test]
    fn a_question_about_something_else_is_thin_but_comparable() {
        let passages = passages(&BRIDGE);
        let ranking = rank(
            &passages,
            &[],
            Language::English,
            &ask("How do vaccines train the immune system?", &[]),
        );
        assert!(
            ranking.is_thin(true) && ranking.is_thin(false) && ranking.is_comparable,
            "{ranking:?}"
        );
        let other = rank(
            &passages,
            &[],
            Language::English,
            &ask("Warum wurde die alte Brücke zerstört?", &[]),
        );
        assert!(!other.is_comparable, "{other:?}");
        let nothing = rank(&[], &[], Language::English, &ask("bridge", &[]));
        assert!(nothing.hits.is_empty() && nothing.is_thin(false));
    }

    #[test]
    fn a_follow_up_borrows_the_words_of_the_question_before() {
        let passages = passages(&BRIDGE);
        let earlier = ["Who built the old bridge?".to_owned()];
        let alone = rank(&passages, &[], Language::English, &ask("And why?", &[]));
        assert_eq!(alone.hits, Vec::<usize>::new());
        let ranking = rank(&passages, &[], Language::English, &ask("And why?", &earlier));
        assert_eq!(ranking.hits[0], 1);
        let own = rank(
            &passages,
            &[],
            Language::English,
            &ask("What shape do engineers copy?", &earlier),
        );
        assert_eq!(own.hits[0], 4);
    }

    /// A thread is kept for ever: a short question about something else is not about what was asked before.
    #[test]
    fn a_short_question_is_not_drowned_by_those_before() {
        let passages = passages(&[
            "The small buttons cost twelve euros and the big buttons cost more.",
            "My favourite animal is the rabbit, and a cat is an animal too.",
            "The next meeting is in half an hour.",
        ]);
        let earlier = [
            "What do the buttons cost?",
            "Which animal is the favourite?",
            "Are small buttons cheap?",
        ];
        let earlier = earlier.map(str::to_owned);
        let ranking = rank(
            &passages,
            &[],
            Language::English,
            &ask("When is the next meeting?", &earlier),
        );
        assert_eq!(ranking.hits[0], 2, "{ranking:?}");
        assert!(!ranking.is_thin(true), "{ranking:?}");
    }

    fn timed(texts: &[&str]) -> Vec<Passage> {
        let mut passages = passages(texts);
        for (passage, at) in passages.iter_mut().zip(0..) {
            passage.span = Some(Span {
                start_ms: at * 20_000,
                end_ms: at * 20_000 + 19_000,
            });
        }
        passages
    }

    fn named(chapters: &[(u64, &str)]) -> Vec<Chapter> {
        let chapter = |(passage, title): &(u64, &str)| Chapter {
            title: (*title).to_owned(),
            span: Span {
                start_ms: passage * 20_000,
                end_ms: passage * 20_000,
            },
        };
        chapters.iter().map(chapter).collect()
    }

    const FOG: [&str; 8] = [
        "The first tower stands on sand. The fog signal here could be heard for 4 miles.",
        "The next one is on a rock. The fog signal here could be heard for 9 miles.",
        "The third was moved twice. The fog signal here could be heard for 6 miles.",
        "In the first week of November the fog lay on this coast for 9 days, and nobody had seen the like of it.",
        "The keepers slept in turns beside the engine.",
        "Two ships waited outside for it to lift.",
        "Today the light is a lamp of 40 watts.",
        "A computer in the town watches over it.",
    ];

    #[test]
    fn a_chapters_name_counts_most_where_the_chapter_begins() {
        let passages = timed(&FOG);
        let chapters = named(&[(0, "The sand coast"), (3, "The great fog of 1889"), (6, "Diodes")]);
        let asked = |text| rank(&passages, &chapters, Language::English, &ask(text, &[]));
        let fog = asked("When was the great fog?");
        assert_eq!(fog.hits[0], 3, "{fog:?}");
        let without = rank(&passages, &[], Language::English, &ask("When was the great fog?", &[]));
        assert_ne!(without.hits[0], 3, "the passages alone mislead: {without:?}");
        let only_named = asked("What do diodes do?");
        assert_eq!(only_named.hits[..2], [6, 7], "{only_named:?}");
        assert!(!only_named.is_thin(true), "{only_named:?}");
    }

    #[test]
    fn what_only_a_chapters_name_tells_is_shown_from_its_beginning() {
        let passages = passages(&["One. Two. Three."]);
        let terms = terms(&ask("What do diodes do?", &[]), Language::English);
        assert_eq!(best_sentences(&passages[0], Language::English, &terms), None);
        let opening = |title| opening(&passages[0], title, Language::English, &terms).map(<[_]>::len);
        assert_eq!(opening("Diodes"), Some(2));
        assert_eq!(opening("Lamps"), None);
    }

    #[test]
    fn the_sentences_that_are_shown_have_the_words() {
        let passages = passages(&["Hello. The kettle boils at 96 degrees. That is the height. Good."]);
        let terms = terms(&ask("When does the kettle boil?", &[]), Language::English);
        let best = best_sentences(&passages[0], Language::English, &terms).map(<[_]>::len);
        assert_eq!(best, Some(2));
        let none = super::terms(&ask("Who?", &[]), Language::English);
        assert_eq!(best_sentences(&passages[0], Language::English, &none), None);
    }

    #[test]
    fn scripts_without_spaces_are_ranked_too() {
        let passages = passages(&["今日は天気の話です。", "紙で箱を折ります。", "ありがとう。"]);
        let ranking = rank(&passages, &[], Language::Japanese, &ask("箱はどう折りますか", &[]));
        assert_eq!(ranking.hits[0], 1);
    }

    #[test]
    fn a_librarys_words_have_stems_of_all_languages() {
        let words = words(&ask("Why do the lighthouses rotate?", &[]));
        assert!(
            words.iter().any(|stems| stems.contains(&"lighthous".to_owned())),
            "{words:?}"
        );
        assert!(
            words.iter().all(|stems| !stems.contains(&"the".to_owned())),
            "{words:?}"
        );
    }
}
