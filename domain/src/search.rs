//! What people type into the search field, and showing where its words stand. Finding is the database's work.
//!
//! The usual syntax of search engines: words must all occur, `"words in quotes"` together, `-word` not at all, `or` between
//! alternatives. Words are compared by their stems, and nobody says in which language they are typed, so a query has a
//! reading in each.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    language::Language,
    tokens::{search_terms, tokens},
};

/// More is cut off: nobody types it, and every word costs.
const LONGEST: usize = 300;
/// Words and phrases beyond these are left out.
const MOST_PARTS: usize = 24;

/// A query as it was typed: alternatives, one of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    alternatives: Vec<Vec<Part>>,
}

/// A word or phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    text: String,
    is_wanted: bool,
}

/// One reading of one alternative. A phrase is a list of stems that stand side by side (stop words between them left
/// out); mostly it is a single one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reading {
    /// What must occur; never empty.
    pub wanted: Vec<Vec<String>>,
    /// What must not.
    pub unwanted: Vec<Vec<String>>,
}

/// A part of a query as it was understood, to be shown and taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// `kettle`, `“sings loudly”`, `without bees`.
    pub words: String,
    /// Whether it begins another alternative.
    pub is_or: bool,
    /// The query without it; empty where nothing is left.
    pub rest: String,
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Its words.
    pub text: String,
    /// Whether it was searched for.
    pub is_match: bool,
}

impl Query {
    /// Reads what was typed; never fails.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let mut alternatives = vec![Vec::new()];
        let mut rest = typed.get(..floor(typed, LONGEST)).unwrap_or_default().trim_start();
        let mut parts = 0;
        while !rest.is_empty() && parts < MOST_PARTS {
            let unsigned = rest
                .strip_prefix('-')
                .filter(|after| !after.starts_with(char::is_whitespace));
            let is_wanted = unsigned.is_none();
            let (text, is_quoted, after) = first_part(unsigned.unwrap_or(rest));
            rest = after.trim_start();
            if !is_quoted && is_wanted && text.eq_ignore_ascii_case("or") {
                alternatives.push(Vec::new());
                continue;
            }
            parts += 1;
            if let Some(last) = alternatives.last_mut() {
                let text = text.to_owned();
                last.push(Part { text, is_wanted });
            }
        }
        Self { alternatives }
    }

    /// Its readings in all languages, each once; what must not occur must not in any. Empty where there is nothing to
    /// look for.
    #[must_use]
    pub fn readings(&self) -> Vec<Reading> {
        let mut readings: Vec<Reading> = Vec::new();
        for parts in &self.alternatives {
            let unwanted = in_all_languages(parts.iter().filter(|part| !part.is_wanted));
            for language in Language::ALL {
                let reading = Reading {
                    wanted: phrases(parts, language),
                    unwanted: unwanted.clone(),
                };
                if !reading.wanted.is_empty() && !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        }
        readings
    }

    /// The languages in which all its words are too common to be looked for: nothing that is said in them is found by it. Words of one
    /// language mostly are something else in the others ("die", "war"), so these are looked through all the same.
    #[must_use]
    pub fn too_common_in(&self) -> Vec<Language> {
        let is_idle = |language: &Language| {
            self.alternatives
                .iter()
                .all(|parts| phrases(parts, *language).is_empty())
        };
        // No words at all.
        if is_idle(&Language::Other) {
            return Vec::new();
        }
        Language::ALL.into_iter().filter(is_idle).collect()
    }

    /// How it was understood, part by part.
    #[must_use]
    pub fn chips(&self) -> Vec<Chip> {
        let mut chips = Vec::new();
        for (number, parts) in self.alternatives.iter().enumerate() {
            for (place, part) in parts.iter().enumerate() {
                let mut rest = self.alternatives.clone();
                rest[number].remove(place);
                let is_phrase = part.text.contains(char::is_whitespace);
                let words = if is_phrase {
                    format!("“{}”", part.text)
                } else {
                    part.text.clone()
                };
                chips.push(Chip {
                    words: if part.is_wanted {
                        words
                    } else {
                        format!("without {words}")
                    },
                    is_or: !chips.is_empty() && place == 0,
                    rest: typed(&rest),
                });
            }
        }
        chips
    }

    /// The stems it looks for in a text of this language.
    #[must_use]
    pub fn stems(&self, language: Language) -> HashSet<String> {
        self.alternatives
            .iter()
            .flat_map(|parts| phrases(parts, language))
            .flatten()
            .collect()
    }
}

impl Query {
    /// How well a text of this language has its phrases of several words: one for each, one more where its words stand side by side, without
    /// stop words between them.
    #[must_use]
    pub fn phrases_in(&self, text: &str, language: Language) -> usize {
        let loose = search_terms(text, language);
        let exact: Vec<String> = tokens(text, language).into_iter().map(|token| token.stem).collect();
        let has =
            |said: &[String], phrase: &[String]| usize::from(said.windows(phrase.len()).any(|words| words == phrase));
        let phrases = self.alternatives.iter().flat_map(|parts| phrases(parts, language));
        phrases
            .filter(|phrase| phrase.len() > 1)
            .map(|phrase| has(&loose, &phrase) + has(&exact, &phrase))
            .sum()
    }
}

/// A query as one would type it.
fn typed(alternatives: &[Vec<Part>]) -> String {
    let typed = |part: &Part| {
        let sign = if part.is_wanted { "" } else { "-" };
        if part.text.contains(char::is_whitespace) || part.text.eq_ignore_ascii_case("or") {
            format!("{sign}\"{}\"", part.text)
        } else {
            format!("{sign}{}", part.text)
        }
    };
    let alternatives: Vec<String> = alternatives
        .iter()
        .filter(|parts| !parts.is_empty())
        .map(|parts| parts.iter().map(typed).collect::<Vec<_>>().join(" "))
        .collect();
    alternatives.join(" or ")
}

/// The stems of the parts that are wanted; those that are stop words in this language left out.
fn phrases(parts: &[Part], language: Language) -> Vec<Vec<String>> {
    parts
        .iter()
        .filter(|part| part.is_wanted)
        .map(|part| search_terms(&part.text, language))
        .filter(|stems| !stems.is_empty())
        .collect()
}

fn in_all_languages<'a>(parts: impl Iterator<Item = &'a Part>) -> Vec<Vec<String>> {
    let mut phrases: Vec<Vec<String>> = parts
        .flat_map(|part| Language::ALL.map(|language| search_terms(&part.text, language)))
        .filter(|stems| !stems.is_empty())
        .collect();
    phrases.sort();
    phrases.dedup();
    phrases
}

/// A text in pieces, those marked whose stem is one of `stems`.
#[must_use]
pub fn highlight(text: &str, language: Language, stems: &HashSet<String>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |text: &str, is_match: bool| match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.is_match == is_match => last.text.push_str(text),
        _ => pieces.push(Piece {
            text: text.to_owned(),
            is_match,
        }),
    };
    let mut end = 0;
    for token in tokens(text, language) {
        if !token.is_stop && stems.contains(&token.stem) {
            push(&text[end..token.start], false);
            push(&text[token.start..token.end], true);
            end = token.end;
        }
    }
    push(&text[end..], false);
    pieces
}

/// How many of `stems` a text has.
#[must_use]
pub fn count(text: &str, language: Language, stems: &HashSet<String>) -> usize {
    let found: HashSet<String> = tokens(text, language)
        .into_iter()
        .filter(|token| !token.is_stop && stems.contains(&token.stem))
        .map(|token| token.stem)
        .collect();
    found.len()
}

/// The first word or quoted phrase, whether it was quoted, and what follows it.
fn first_part(text: &str) -> (&str, bool, &str) {
    if let Some(quoted) = text.strip_prefix(is_quote) {
        return match quoted.split_once(is_quote) {
            Some((phrase, after)) => (phrase, true, after),
            // Still being typed.
            None => (quoted, true, ""),
        };
    }
    let end = text
        .find(|c: char| c.is_whitespace() || is_quote(c))
        .unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    (word, false, after)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// The last character border at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first reading of each alternative is the English one.
    fn english(typed: &str) -> Reading {
        Query::parse(typed).readings().remove(0)
    }

    fn list(phrases: &[&str]) -> Vec<Vec<String>> {
        phrases
            .iter()
            .map(|phrase| phrase.split(' ').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn parts_are_shown_and_can_be_taken_out() {
        let chips = Query::parse("kettle \"sings loudly\" -bees or tea").chips();
        let shown: Vec<(&str, bool, &str)> = chips
            .iter()
            .map(|chip| (chip.words.as_str(), chip.is_or, chip.rest.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("kettle", false, "\"sings loudly\" -bees or tea"),
                ("“sings loudly”", false, "kettle -bees or tea"),
                ("without bees", false, "kettle \"sings loudly\" or tea"),
                ("tea", true, "kettle \"sings loudly\" -bees"),
            ]
        );
        for chip in Query::parse("a \"or\" -\"b c\" or d").chips() {
            assert_eq!(Query::parse(&chip.rest).chips().len(), 3, "{}", chip.rest);
        }
        assert_eq!(Query::parse(" ").chips(), []);
    }

    #[test]
    fn words_phrases_and_exclusions() {
        let reading = english("boiling \"the kettle sings\" -steaming");
        assert_eq!(reading.wanted, list(&["boil", "kettl sing"]));
        assert!(reading.unwanted.contains(&vec!["steam".to_owned()]), "in English");
        assert!(
            reading.unwanted.contains(&vec!["steaming".to_owned()]),
            "where nothing is known of English"
        );
        let readings = Query::parse("kettle or bees").readings();
        assert!(
            readings.iter().any(|reading| reading.wanted == list(&["bee"])),
            "{readings:?}"
        );
        assert!(readings.iter().all(|reading| reading.wanted.len() == 1), "{readings:?}");
    }

    #[test]
    fn a_phrase_is_told_from_its_words() {
        let query = Query::parse("\"water boils\" kettle");
        let count = |text| query.phrases_in(text, Language::English);
        assert_eq!(count("Just before the water boils, it sings."), 2);
        assert_eq!(count("The kettle takes water that has boiled once."), 1);
        assert_eq!(count("The kettle boils what water there is."), 0);
    }

    #[test]
    fn scripts_without_spaces_are_phrases() {
        assert_eq!(english("大桥").wanted, list(&["大 桥"]));
    }

    #[test]
    fn nothing_to_look_for_is_nothing() {
        for typed in ["", "  ", "\"\"", "-", "or", "or or", "-kettle", "!?"] {
            assert!(Query::parse(typed).readings().is_empty(), "{typed}");
        }
    }

    #[test]
    fn words_that_are_too_common_are_told_by_language() {
        let too_common = |typed| Query::parse(typed).too_common_in();
        assert_eq!(too_common("the"), [Language::English]);
        assert_eq!(too_common("\"und der\""), [Language::German]);
        assert_eq!(too_common("the or and"), [Language::English]);
        assert!(too_common("in").contains(&Language::English) && too_common("in").contains(&Language::German));
        for typed in ["the kettle", "the or kettle", "kettle", "", "!?", "-the", "-kettle"] {
            assert_eq!(too_common(typed), [], "{typed}");
        }
        assert_eq!(too_common("the -kettle"), [Language::English]);
    }

    #[test]
    fn a_reading_for_each_language_that_differs() {
        let readings = Query::parse("die Brücken").readings();
        assert!(
            readings.iter().any(|reading| reading.wanted == list(&["bruck"])),
            "{readings:?}"
        );
        assert!(readings.iter().any(|reading| reading.wanted.len() == 2), "{readings:?}");
        assert!(Query::parse("2031").readings().len() == 1);
    }

    #[test]
    fn what_was_searched_for_is_marked() {
        let stems = Query::parse("kettle sing").stems(Language::English);
        let text = "The kettles sang; a kettle sings.";
        let marked: Vec<String> = highlight(text, Language::English, &stems)
            .into_iter()
            .filter(|piece| piece.is_match)
            .map(|piece| piece.text)
            .collect();
        assert_eq!(marked, ["kettles", "kettle", "sings"]);
        assert_eq!(count(text, Language::English, &stems), 2);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_and_nothing_is_lost_of_a_text(
            typed in "[\"a-c or大-]{0,40}", text in "\\PC{0,60}", which in 0..Language::ALL.len(),
        ) {
            let query = Query::parse(&typed);
            for reading in query.readings() {
                prop_assert!(!reading.wanted.is_empty());
                prop_assert!(reading.wanted.iter().chain(&reading.unwanted).all(|phrase| !phrase.is_empty()));
            }
            let language = Language::ALL[which];
            let whole: String = highlight(&text, language, &query.stems(language)).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
