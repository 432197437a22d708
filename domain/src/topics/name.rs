//! Names for chapters that nobody named: of each, the sentence that tells most of it apart from the others, as it was said, from
//! its beginning to where it grows long.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::float;
use crate::{
    extract::{Manner, content_terms},
    language::{Language, is_end_mark, is_question_mark},
    passages::Passage,
    sentences::Sentence,
    tokens::{Token, tokens},
};

/// Characters of the longest name, and of the longest in a script without spaces, whose characters are words.
const LONGEST: usize = 50;
const LONGEST_SPACELESS: usize = 24;
/// Fewer different content words than this name nothing, nor do fewer words.
const FEWEST_TERMS: usize = 2;
const FEWEST_WORDS: usize = 5;
/// What a sentence is worth of which only the beginning fits.
const CUT: f64 = 0.8;
/// What a sentence is worth that begins with a word like "it" or "they", which point back at what was said before.
const POINTS_BACK: f64 = 0.6;
/// The first sentences of a chapter are worth up to `1 + FIRST` times as much, fading over `FIRST_PART` of it: that is where people say
/// what comes next.
const FIRST: f64 = 1.0;
const FIRST_PART: f64 = 0.15;
/// Words of a name that is only the beginning of what is said.
const FIRST_WORDS: usize = 6;

/// What joins a sentence to the one before, and says nothing where it stands alone. Counts where it opens a clause in the language:
/// "en" does in Dutch, and is no more than a preposition in Spanish.
const JOINING: [&str; 44] = [
    "so", "and", "but", "because", "now", "then", "also", "however", "although", "while", "since", "und", "aber",
    "denn", "weil", "dann", "jetzt", "nun", "doch", "et", "mais", "car", "donc", "alors", "puis", "y", "pero",
    "porque", "pues", "entonces", "luego", "e", "mas", "então", "pois", "ma", "perché", "allora", "quindi", "poi",
    "en", "maar", "want", "dus",
];

/// A name for each segment.
pub(super) fn names(passages: &[Passage], segments: &[Range<usize>], language: Language) -> Vec<String> {
    let read: Vec<Vec<(&Sentence, Vec<Token>)>> = segments
        .iter()
        .map(|segment| {
            let sentences = passages[segment.clone()].iter().flat_map(|passage| &passage.sentences);
            sentences
                .map(|sentence| (sentence, tokens(&sentence.text, language)))
                .collect()
        })
        .collect();
    let counted: Vec<HashMap<String, usize>> = read.iter().map(|sentences| counts(sentences)).collect();
    let mut spread: HashMap<&str, usize> = HashMap::new();
    for term in counted.iter().flat_map(HashMap::keys) {
        *spread.entry(term).or_default() += 1;
    }
    let mut taken = HashSet::new();
    read.iter()
        .zip(&counted)
        .zip(segments)
        .map(|((sentences, counts), segment)| {
            let worth = |term: &str| {
                let having = spread.get(term).copied().unwrap_or(1);
                let rarity = (float(segments.len() + 1) / float(having)).ln();
                counts.get(term).map_or(0.0, |count| float(*count) * rarity)
            };
            let name = best(sentences, language, worth, &mut taken);
            capitalised(&name.unwrap_or_else(|| first_words(&passages[segment.start])))
        })
        .collect()
}

fn counts(sentences: &[(&Sentence, Vec<Token>)]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for term in sentences.iter().flat_map(|(_, tokens)| content_terms(tokens)) {
        *counts.entry(term).or_default() += 1;
    }
    counts
}

/// The best name that no other segment has.
fn best(
    sentences: &[(&Sentence, Vec<Token>)],
    language: Language,
    worth: impl Fn(&str) -> f64,
    taken: &mut HashSet<String>,
) -> Option<String> {
    let mut best: Option<(f64, String)> = None;
    for (at, (sentence, tokens)) in sentences.iter().enumerate() {
        let Some((name, shown)) = shortened(&sentence.text, tokens, language) else {
            continue;
        };
        let terms: HashSet<String> = content_terms(shown).collect();
        let manner = Manner::of(&name, shown, language);
        let says_little = terms.len() < FEWEST_TERMS || shown.len() < FEWEST_WORDS;
        if says_little || !manner.is_fluent() || taken.contains(&name) {
            continue;
        }
        let mut value: f64 = terms.iter().map(|term| worth(term)).sum();
        value *= Manner::of(&sentence.text, tokens, language).merit(false).sqrt() / float(shown.len()).sqrt();
        value *= 1.0 + FIRST * (-float(at) / float(sentences.len()) / FIRST_PART).exp();
        if name.ends_with('…') {
            value *= CUT;
        }
        if shown
            .first()
            .is_some_and(|first| first.is_stop && !language.is_nominal(&first.normal))
        {
            value *= POINTS_BACK;
        }
        if best.as_ref().is_none_or(|(most, _)| value > *most) {
            best = Some((value, name));
        }
    }
    let (_, name) = best?;
    taken.insert(name.clone());
    Some(name)
}

/// A sentence as a name, with the words of it that are shown: without what leads into it and without its full stop; where it is
/// long, to the end of a clause if there is one, else of a word that says something.
fn shortened<'a>(text: &str, tokens: &'a [Token], language: Language) -> Option<(String, &'a [Token])> {
    let leads_in = |token: &Token| {
        let word = token.normal.as_str();
        language.is_filler(word) || (language.opens_clause(word) && JOINING.contains(&word))
    };
    let rest = &tokens[tokens.iter().take_while(|token| leads_in(token)).count()..];
    let first = rest.first()?;
    let opening = text[..first.start].trim_end_matches(['¿', '¡']).len();
    let said = &text[opening..];
    let longest = if language.has_spaces() {
        LONGEST
    } else {
        LONGEST_SPACELESS
    };
    let whole =
        said.trim_end_matches(|c: char| (is_end_mark(c) && !is_question_mark(c) && c != '!') || c.is_whitespace());
    if whole.chars().count() <= longest {
        return Some((one_line(whole), rest));
    }
    // The mark that says that it goes on needs its place too.
    let room = said.char_indices().nth(longest - 1).map_or(said.len(), |(at, _)| at);
    let fit = rest.iter().take_while(|token| token.end - opening <= room).count();
    let after = |count: usize| {
        let end = rest.get(count).map_or(text.len(), |next| next.start);
        text[rest[count - 1].end..end].trim()
    };
    let ends_clause = |count: &usize| after(*count).starts_with([',', ';', ':', '–', '—', '、', '，', '；']);
    let clause = (fit * 2 / 3 + 1..=fit).rev().find(ends_clause);
    let count = clause.or_else(|| (1..=fit).rev().find(|count| !rest[count - 1].is_stop))?;
    let shown = &rest[..count];
    Some((one_line(&text[opening..rest[count - 1].end]) + "…", shown))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_words(passage: &Passage) -> String {
    let text = passage.text();
    let words: Vec<&str> = text.split_whitespace().take(FIRST_WORDS).collect();
    let begun: String = words.join(" ").chars().take(LONGEST - 1).collect();
    format!("{}…", begun.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passages(texts: &[&[&str]]) -> Vec<Passage> {
        (1..)
            .zip(texts)
            .map(|(ordinal, texts)| Passage {
                ordinal,
                span: None,
                sentences: texts
                    .iter()
                    .map(|text| Sentence {
                        text: (*text).to_owned(),
                        span: None,
                        speaker: None,
                    })
                    .collect(),
            })
            .collect()
    }

    fn named(texts: &[&[&str]], language: Language) -> Vec<String> {
        let segments: Vec<Range<usize>> = (0..texts.len()).map(|at| at..at + 1).collect();
        names(&passages(texts), &segments, language)
    }

    fn name(text: &str, language: Language) -> Option<String> {
        shortened(text, &tokens(text, language), language).map(|(name, _)| name)
    }

    #[test]
    fn a_chapter_is_named_by_the_sentence_that_tells_it_from_the_others() {
        let names = named(
            &[
                &[
                    "Um, you know, it is what it is.",
                    "So the suspension bridge hangs on two cables.",
                    "The bridge and its cables sway in the wind.",
                    "We all know the weather here.",
                ],
                &[
                    "And we all know the weather here.",
                    "Well, the queen bee lays every egg of the hive.",
                    "The bee finds the hive by the sun.",
                ],
            ],
            Language::English,
        );
        assert_eq!(
            names,
            [
                "The bridge and its cables sway in the wind",
                "The bee finds the hive by the sun"
            ]
        );
    }

    #[test]
    fn what_leads_into_a_sentence_is_left_out_and_a_long_one_ends_with_a_word_that_says_something() {
        for (said, wanted) in [
            ("So, um, and the tide is late today.", "the tide is late today"),
            ("Why is the tide late?", "Why is the tide late?"),
            (
                "But the energy of the tides comes from the turning of the Earth and nothing else.",
                "the energy of the tides comes from the turning…",
            ),
            (
                "Ships wait outside for the high water, because the harbour is shallow at all other times.",
                "Ships wait outside for the high water…",
            ),
        ] {
            assert_eq!(name(said, Language::English).as_deref(), Some(wanted));
        }
        assert_eq!(name("So, and.", Language::English), None);
        assert_eq!(
            name("En el puerto hay barcos.", Language::Spanish).as_deref(),
            Some("En el puerto hay barcos")
        );
        assert_eq!(
            name("¿Por qué sube el mar?", Language::Spanish).as_deref(),
            Some("¿Por qué sube el mar?")
        );
    }

    #[test]
    fn no_name_is_long_or_given_twice() {
        let same: &[&str] = &["The lighthouse keeper of the northern island writes down every ship that passes."];
        let names = named(&[same, same, &["Yes."], &[""]], Language::English);
        assert_eq!(
            names,
            [
                "The lighthouse keeper of the northern island…",
                "The lighthouse keeper of the northern…",
                "Yes…",
                "…"
            ]
        );
    }

    #[test]
    fn scripts_without_spaces_are_cut_by_characters() {
        let said = "月球的引力吸引着地球上的海水所以海水每天都会上升和下降两次。";
        let names = named(&[&[said], &["蜜蜂和蜂巢的生活。"]], Language::Chinese);
        assert!(said.starts_with(names[0].trim_end_matches('…')), "{names:?}");
        assert!(
            (10..=LONGEST_SPACELESS).contains(&names[0].chars().count()),
            "{names:?}"
        );
        assert_eq!(names[1], "蜜蜂和蜂巢的生活");
    }
}
