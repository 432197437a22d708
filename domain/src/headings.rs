//! Headings that say something: headings are not checked, so one that tells what nobody said must not stand there as one. It becomes an
//! ordinary line, which the check then judges like any other. Pure functions.

use std::collections::HashSet;

use crate::{
    citations::heading_of,
    language::{Language, is_spaceless},
    passages::Passage,
    tokens::{Token, tokens},
};

/// A heading of more words tells something.
const MOST_WORDS: usize = 12;

/// Numbers up to this count things ("5 steps", "Part 14") and are not looked for.
const LARGEST_COUNT: f64 = 99.0;

/// Languages that write names alone with a capital, and never bend them.
const NAMES_TELL: [Language; 6] = [
    Language::English,
    Language::French,
    Language::Spanish,
    Language::Italian,
    Language::Portuguese,
    Language::Dutch,
];

/// Units of times.
const TIMES: [&str; 14] = [
    "minute", "minutes", "min", "second", "seconds", "sec", "hour", "hours", "minuten", "sekunde", "sekunden",
    "stunde", "stunden", "secondes",
];

/// Words that make a sentence of a heading: it says that something is, was or must be so.
const VERBS: [(Language, &[&str]); 3] = [
    (
        Language::English,
        &[
            "is", "are", "was", "were", "has", "have", "had", "will", "did", "does", "must", "never", "cannot",
        ],
    ),
    (
        Language::German,
        &[
            "ist", "sind", "war", "waren", "hat", "haben", "hatte", "wird", "werden", "wurde", "wurden", "muss", "nie",
        ],
    ),
    (
        Language::French,
        &[
            "est", "sont", "était", "étaient", "ont", "avait", "sera", "doit", "jamais",
        ],
    ),
];

/// Words that a question begins with, which says nothing yet.
const ASKS: [&str; 23] = [
    "what", "why", "how", "who", "when", "where", "which", "was", "warum", "wie", "wer", "wann", "wo", "welche",
    "wieso", "que", "quoi", "pourquoi", "comment", "qui", "quand", "où", "if",
];

/// A heading of fewer words that has a mark is one all the same.
const LEAST_MARKED: usize = 5;

/// Shorter words are written small in titles as well.
const LEAST_LETTERS: usize = 4;

/// What a heading may repeat.
#[derive(Debug)]
pub struct Known {
    words: HashSet<String>,
    language: Language,
}

impl Known {
    /// The words of a transcript, and of its title, channel, description and chapters.
    #[must_use]
    pub fn new(passages: &[Passage], context: &str, language: Language) -> Self {
        let spoken = passages.iter().flat_map(|passage| &passage.sentences);
        let speakers = spoken.clone().filter_map(|sentence| sentence.speaker.as_deref());
        let texts = spoken
            .map(|sentence| sentence.text.as_str())
            .chain(speakers)
            .chain([context]);
        let words = texts.flat_map(|text| tokens(text, language));
        Self {
            words: words.flat_map(|token| [token.normal, token.stem]).collect(),
            language,
        }
    }

    /// The body with every heading that says something made an ordinary line. `written` is the language it is written in.
    #[must_use]
    pub fn only_headings(&self, body: &str, written: Language) -> String {
        let lines = body.lines().map(|line| match heading_of(line) {
            Some(text) if self.says_something(&text, written) || is_marked(line, &text) => {
                let whole = line.trim_start_matches(['#', '>', ' ']);
                let mut text = if whole.contains('[') { whole } else { &text };
                while heading_of(text).is_some() {
                    // Bold letters or a colon at its end would make it a heading again.
                    let plain = text.trim_matches(['#', '*', '_', ':', '：', ' ']);
                    if plain == text {
                        break;
                    }
                    text = plain;
                }
                format!("\n{text}\n")
            }
            _ => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Whether a heading tells what a reader might take for said, and was not.
    fn says_something(&self, heading: &str, written: Language) -> bool {
        let found = tokens(heading, self.language);
        let is_known = |normal: &str, stem: &str| self.words.contains(normal) || self.words.contains(stem);
        if found
            .iter()
            .all(|token| token.is_stop || is_known(&token.normal, &token.stem))
        {
            return false;
        }
        let has_other_number = found.iter().any(|token| {
            let (number, is_share) = match token.normal.strip_suffix('%') {
                Some(number) => (number, true),
                None => (&*token.normal, false),
            };
            let is_large = number
                .parse::<f64>()
                .is_ok_and(|number| is_share || number > LARGEST_COUNT);
            is_large && !self.words.contains(&token.normal)
        });
        // "At minute 45", "1h 02m": a time of nobody's.
        let is_number = |token: &Token| token.normal.starts_with(|c: char| c.is_ascii_digit());
        let is_unit = |token: &Token| TIMES.contains(&token.normal.as_str());
        let has_other_time = found.windows(2).any(|pair| {
            let beside = (is_unit(&pair[0]) && is_number(&pair[1])) || (is_number(&pair[0]) && is_unit(&pair[1]));
            beside && !pair.iter().all(|token| self.words.contains(&token.normal))
        }) || found.iter().any(|token| {
            let number = token.normal.strip_suffix(['h', 'm', 's']);
            number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty())
                && !self.words.contains(&token.normal)
        });
        // Another language may have other forms of the names.
        let names_tell = written == self.language && NAMES_TELL.contains(&written);
        let has_other_word = || {
            let other = |token: &Token| !token.is_stop && !is_known(&token.normal, &token.stem);
            written == self.language && found.iter().any(other)
        };
        has_other_number
            || has_other_time
            || (names_tell && self.has_other_name(heading))
            || is_sentence(heading)
            || (has_verb(heading, written) && has_other_word())
    }

    /// Whether a word in the middle of it is written like a name and stands nowhere else. Not told of a heading of which most words are
    /// written so.
    fn has_other_name(&self, heading: &str) -> bool {
        let long = |word: &&str| word.chars().count() >= LEAST_LETTERS;
        // What follows a colon or a stop begins anew.
        let parts = heading.split([':', '.', '?', '!', '–', '—']);
        let is_stop = |word: &str| tokens(word, self.language).iter().all(|token| token.is_stop);
        let words: Vec<&str> = parts
            .flat_map(|part| part.split_whitespace().skip(1))
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| long(word) && !is_stop(word))
            .collect();
        let (large, small): (Vec<&str>, Vec<&str>) =
            words.into_iter().partition(|word| word.starts_with(char::is_uppercase));
        let is_other = |word: &str| {
            tokens(word, self.language)
                .iter()
                .any(|token| !self.words.contains(&token.normal) && !self.words.contains(&token.stem))
        };
        !small.is_empty() && small.len() >= large.len() && large.into_iter().any(is_other)
    }
}

/// Whether it is longer than a heading, or ends like a sentence.
fn is_sentence(heading: &str) -> bool {
    let text = heading.trim_end_matches(['*', '_', '`']);
    let words = text.split_whitespace().count() + text.chars().filter(|c| is_spaceless(*c)).count() / 3;
    words > MOST_WORDS || text.ends_with(['.', '!', '。', '！'])
}

/// Whether a heading rests on a passage as claims do.
fn is_marked(line: &str, heading: &str) -> bool {
    line.contains(['[', '【', '［'])
        && heading.split_whitespace().nth(LEAST_MARKED - 1).is_some()
        && heading_of(line).is_some_and(|text| text.len() < line.trim_start_matches(['#', '>', ' ']).trim_end().len())
}

/// Whether it has a verb that makes a sentence of it, and is no question.
fn has_verb(heading: &str, written: Language) -> bool {
    let Some((_, verbs)) = VERBS.iter().find(|(language, _)| *language == written) else {
        return false;
    };
    let words: Vec<String> = heading
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let asks = heading.ends_with('?') || words.first().is_some_and(|first| ASKS.contains(&first.as_str()));
    !asks && words.len() > 3 && words.iter().any(|word| verbs.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        citations::{Block, blocks},
        sentences::Sentence,
    };

    fn known() -> Known {
        let passages = [Passage {
            ordinal: 1,
            span: None,
            sentences: vec![Sentence {
                text: "Ada Marlow opened the north tower in 1871, and forty keepers lived there.".to_owned(),
                span: None,
                speaker: Some("Bert".to_owned()),
            }],
        }];
        Known::new(
            &passages,
            "Who kept the light? Chapter: The long winter of 1890 that nobody on the whole wide coast would ever forget",
            Language::English,
        )
    }

    #[test]
    fn headings_stay_that_repeat_or_only_name_what_follows() {
        let known = known();
        for heading in [
            "## Key points",
            "## Getting Started With the Light",
            "### The north tower in 1871",
            "**5 steps to take:**",
            "Key points:",
            "## Part 2: Keepers and their families",
            "## The long winter of 1890 that nobody on the whole wide coast would ever forget",
            "## Ada Marlow opened the north tower.",
            "## Conclusion",
            "# What Bert recalls",
            "## まとめ",
            "## Working with Stakeholders",
            "## 13. Conclusion",
            "## Step 14",
            "## What will have changed for stakeholders",
            "## Why is maintenance important?",
            "## Ada Marlow was forty",
            "## Storms [3]",
        ] {
            assert_eq!(known.only_headings(heading, Language::English), heading);
        }
    }

    #[test]
    fn a_heading_that_tells_something_else_is_checked_like_a_claim() {
        let known = known();
        for heading in [
            "## The tower cost 5,000,000 pounds",
            "# How Zorblax founded the company",
            "**Zorblax and the keepers stole 900 lamps:**",
            "## **How Zorblax stole the lamps**",
            "## **The lamps that Zorblax took from the keepers:**",
            "## Profits fell by 40%",
            "## At minute 45: the storm",
            "## The storm 1h 02m 33s",
            "## The mayor was arrested for fraud",
            "**The bank has gone bankrupt:**",
            "## Nine of ten keepers fell ill after the injection [1 \"forty keepers\"]",
            "In the end the company Zorblax won:",
            "## The keepers were all dismissed without pay.",
            "### Every one of the keepers on the coast agreed that electricity had ruined their lives",
        ] {
            let body = format!("Before. [1 \"the north tower\"]\n{heading}\n- After. [1 \"the north tower\"]");
            let found = blocks(&known.only_headings(&body, Language::English), false);
            assert_eq!(found.len(), 3, "{heading}: {found:?}");
            assert!(
                matches!(&found[1], Block::Paragraph(claims) if claims.len() == 1),
                "{heading}: {found:?}"
            );
        }
    }

    #[test]
    fn nouns_in_german_are_no_names_nor_are_names_of_another_language_others() {
        let body = "## Überblick über den Turm und seine Wärter\nDer Turm im Norden wurde im Jahr 1871 eröffnet. [1 \"the north tower\"]";
        assert_eq!(known().only_headings(body, Language::German), body);
        let body = "## L'histoire de Londres et la mer";
        assert_eq!(known().only_headings(body, Language::French), body);
    }

    #[test]
    fn its_marks_go_with_it() {
        let body = "## The tower cost 900 pounds [1 \"the north tower\"]";
        assert_eq!(known().only_headings(body, Language::English).trim(), &body[3..]);
    }

    #[test]
    fn all_else_stays_as_it_was() {
        let body = "One. [1 \"a b\"]\n\n- Two 900 Zorblax. [1]\n\n1. Three\n";
        assert_eq!(known().only_headings(body, Language::English), body.trim_end());
        assert_eq!(known().only_headings("", Language::English), "");
    }
}
