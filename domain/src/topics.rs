//! Chapters for videos whose makers named none: cut where the words change ([`segmentation`]), named by the words that
//! tell each from the others. No model is asked, and every name is made of words that were said.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use crate::{
    chapters::Chapter,
    language::{Language, is_spaceless},
    passages::Passage,
    segmentation,
    tokens::{Token, tokens},
    transcript::Span,
};

/// Words of the longest phrase; characters of the longest in scripts without spaces.
const LONGEST_PHRASE: usize = 3;
const LONGEST_SPACELESS: usize = 6;
/// A name is made of at most so many phrases, and has at most so many characters.
const PHRASES: usize = 3;
const LONGEST_NAME: usize = 48;
/// Words of a name that is only the beginning of what is said.
const FIRST_WORDS: usize = 6;

/// The chapters found from the words; none for what is short, has no times, or says too little to tell. They begin where
/// passages begin, follow each other from 0 to the last word, and no passage stands in two of them.
#[must_use]
pub fn chapters(passages: &[Passage], language: Language) -> Vec<Chapter> {
    let segments = segmentation::segments(passages, language);
    if segments.len() < 2 || passages.iter().any(|passage| passage.span.is_none()) {
        return Vec::new();
    }
    let names = names(passages, &segments, language);
    let starts: Vec<u64> = segments
        .iter()
        .map(|segment| match (segment.start, passages[segment.start].span) {
            (1.., Some(span)) => span.start_ms,
            _ => 0,
        })
        .collect();
    // Times that go back (broken captions) would make chapters that begin before they end.
    if !starts.is_sorted_by(|one, next| one < next) {
        return Vec::new();
    }
    let end_ms = passages
        .iter()
        .filter_map(|passage| passage.span)
        .map(|span| span.end_ms)
        .max();
    let ends = starts.iter().copied().skip(1).chain(end_ms);
    names
        .into_iter()
        .zip(starts.iter().zip(ends))
        .map(|(title, (start_ms, end_ms))| Chapter {
            title,
            span: Span {
                start_ms: *start_ms,
                end_ms,
            },
        })
        .collect()
}

/// A phrase of a segment: how often it is said there, in which spellings.
#[derive(Default)]
struct Phrase {
    count: usize,
    words: usize,
    spellings: HashMap<String, usize>,
    /// Where it is said first: decides between equals.
    first: usize,
}

/// A name for each segment.
fn names(passages: &[Passage], segments: &[Range<usize>], language: Language) -> Vec<String> {
    let counted: Vec<HashMap<String, Phrase>> = segments
        .iter()
        .map(|segment| phrases(&passages[segment.clone()], language))
        .collect();
    let mut spread: HashMap<&str, usize> = HashMap::new();
    for phrase in counted.iter().flat_map(HashMap::keys) {
        *spread.entry(phrase).or_default() += 1;
    }
    let mut taken = HashSet::new();
    counted
        .iter()
        .zip(segments)
        .map(|(phrases, segment)| {
            let name = name(phrases, &spread, segments.len(), &mut taken)
                .unwrap_or_else(|| first_words(&passages[segment.start]));
            capitalised(&name)
        })
        .collect()
}

/// The phrases of a segment by their stems.
fn phrases(passages: &[Passage], language: Language) -> HashMap<String, Phrase> {
    let mut found: HashMap<String, Phrase> = HashMap::new();
    let mut place = 0;
    for sentence in passages.iter().flat_map(|passage| &passage.sentences) {
        let text = sentence.text.as_str();
        let tokens = tokens(text, language);
        for from in 0..tokens.len() {
            let longest = if tokens[from].stem.starts_with(is_spaceless) {
                LONGEST_SPACELESS
            } else {
                LONGEST_PHRASE
            };
            for to in from..tokens.len().min(from + longest) {
                let words = &tokens[from..=to];
                if !joins(text, words) {
                    break;
                }
                if !is_telling(words) {
                    continue;
                }
                let key = words
                    .iter()
                    .map(|token| token.stem.as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                let phrase = found.entry(key).or_default();
                if phrase.count == 0 {
                    (phrase.words, phrase.first) = (words.len(), place);
                }
                phrase.count += 1;
                *phrase
                    .spellings
                    .entry(text[words[0].start..words[words.len() - 1].end].to_owned())
                    .or_default() += 1;
            }
            place += 1;
        }
    }
    found
}

/// Whether the last of the words belongs to those before it: content, with nothing but a space or hyphen between.
fn joins(text: &str, words: &[Token]) -> bool {
    let [.., last] = words else { return false };
    if last.is_stop {
        return false;
    }
    match words {
        [.., before, _] => {
            let between = &text[before.end..last.start];
            let spaceless = before.stem.starts_with(is_spaceless) && last.stem.starts_with(is_spaceless);
            matches!(between, " " | "-") || (spaceless && between.is_empty())
        }
        _ => true,
    }
}

/// Whether words could name something: not a number alone, not a letter, not one character of many.
fn is_telling(words: &[Token]) -> bool {
    match words {
        [only] => only.normal.chars().count() >= 3 && !only.stem.starts_with(is_spaceless) && !is_number(only),
        [first, .., last] => !is_number(first) || !is_number(last),
        [] => false,
    }
}

fn is_number(token: &Token) -> bool {
    token.normal.starts_with(|c: char| c.is_numeric())
}

/// The phrases that tell this segment from the others best, each saying something that those before it do not. A phrase
/// that another segment's name begins with (it is in `taken`) is left to that one.
fn name<'a>(
    phrases: &'a HashMap<String, Phrase>,
    spread: &HashMap<&str, usize>,
    segments: usize,
    taken: &mut HashSet<&'a str>,
) -> Option<String> {
    let mut ranked: Vec<(f64, &str, &Phrase)> = phrases
        .iter()
        // What is said once names nothing.
        .filter(|(key, phrase)| phrase.count >= 2 && !taken.contains(key.as_str()))
        .map(|(key, phrase)| {
            let rarity = (float(segments + 1) / float(*spread.get(key.as_str()).unwrap_or(&1))).ln();
            let length = 1.0 + 0.7 * float(phrase.words - 1).min(2.0);
            (float(phrase.count) * rarity * length, key.as_str(), phrase)
        })
        .collect();
    ranked.sort_by(|one, other| {
        other
            .0
            .total_cmp(&one.0)
            .then(one.2.first.cmp(&other.2.first))
            .then(one.1.cmp(other.1))
    });
    let (best, ..) = *ranked.first()?;
    let mut told: HashSet<&str> = HashSet::new();
    let mut name = String::new();
    let mut count = 0;
    for (score, key, phrase) in ranked {
        // A word that says half as much as the first is only noise beside it.
        if count == PHRASES || score * 2.0 < best {
            break;
        }
        if key.split(' ').any(|stem| told.contains(stem)) {
            continue;
        }
        let spelling = spelling(phrase);
        let longer = if name.is_empty() {
            spelling.to_owned()
        } else {
            format!("{name}, {spelling}")
        };
        if longer.chars().count() > LONGEST_NAME {
            continue;
        }
        if count == 0 {
            taken.insert(key);
        }
        name = longer;
        told.extend(key.split(' '));
        count += 1;
    }
    (!name.is_empty()).then_some(name)
}

/// The spelling that is used most; of equals the one with the most small letters, which does not begin a sentence.
fn spelling(phrase: &Phrase) -> &str {
    let by_use = |(text, count): &(&String, &usize)| {
        let capitals = text.chars().filter(|c| c.is_uppercase()).count();
        (**count, std::cmp::Reverse(capitals), std::cmp::Reverse((*text).clone()))
    };
    phrase.spellings.iter().max_by_key(by_use).map_or("", |(text, _)| text)
}

fn first_words(passage: &Passage) -> String {
    let text = passage.text();
    let words: Vec<&str> = text.split_whitespace().take(FIRST_WORDS).collect();
    let begun: String = words.join(" ").chars().take(LONGEST_NAME).collect();
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

#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentences::Sentence;

    fn passages(texts: &[String]) -> Vec<Passage> {
        (1_u32..)
            .zip(texts)
            .map(|(ordinal, text)| {
                let start_ms = u64::from(ordinal) * 20_000;
                let span = Some(Span {
                    start_ms,
                    end_ms: start_ms + 19_000,
                });
                let sentences = vec![Sentence {
                    text: text.clone(),
                    span,
                    speaker: None,
                }];
                Passage {
                    ordinal,
                    span,
                    sentences,
                }
            })
            .collect()
    }

    fn talk() -> Vec<String> {
        let topic = |words: [&str; 4], times: usize| {
            (0..times)
                .map(|at| {
                    format!(
                        "Everybody here sees the {} and the {} today.",
                        words[at % 4],
                        words[(at + 1) % 4]
                    )
                })
                .collect::<Vec<_>>()
        };
        let mut texts = topic(["suspension bridge", "cable", "ice", "wind"], 20);
        texts.extend(topic(["queen bee", "hive", "swarm", "honey"], 20));
        texts
    }

    #[test]
    fn chapters_begin_with_passages_and_are_named_from_the_text() {
        let passages = passages(&talk());
        let found = chapters(&passages, Language::English);
        assert!(found.len() >= 2, "{found:?}");
        assert_eq!(found[0].span.start_ms, 0);
        assert_eq!(found.last().map(|last| last.span.end_ms), Some(40 * 20_000 + 19_000));
        assert!(
            found
                .windows(2)
                .all(|pair| pair[0].span.end_ms == pair[1].span.start_ms)
        );
        for chapter in &found[1..] {
            assert!(
                passages
                    .iter()
                    .any(|passage| passage.span.is_some_and(|span| span.start_ms == chapter.span.start_ms))
            );
        }
        let said: String = talk().join(" ").to_lowercase();
        for chapter in &found {
            assert!(
                chapter
                    .title
                    .trim_end_matches('…')
                    .split(", ")
                    .all(|phrase| said.contains(&phrase.to_lowercase())),
                "{found:?}"
            );
        }
        assert!(found[0].title.contains("uspension bridge"), "{found:?}");
        let names: HashSet<&str> = found.iter().map(|chapter| chapter.title.as_str()).collect();
        assert_eq!(names.len(), found.len(), "no name twice");
    }

    #[test]
    fn what_has_no_times_or_is_short_has_none() {
        let mut passages = passages(&talk());
        assert!(chapters(&passages[..10], Language::English).is_empty());
        passages[3].span = None;
        assert!(chapters(&passages, Language::English).is_empty());
        assert!(chapters(&[], Language::English).is_empty());
    }

    #[test]
    fn times_that_go_back_make_no_chapters() {
        let mut passages = passages(&talk());
        passages.reverse();
        assert!(chapters(&passages, Language::English).is_empty());
    }

    #[test]
    fn scripts_without_spaces_are_named_by_runs_of_characters() {
        let texts: Vec<String> = ["月球和潮汐的引力。", "蜜蜂和蜂巢的生活。"]
            .iter()
            .flat_map(|text| vec![(*text).to_owned(); 15])
            .collect();
        let found = chapters(&passages(&texts), Language::Chinese);
        assert!(found.len() >= 2);
        assert!(
            found.iter().all(|chapter| chapter.title.chars().count() >= 2),
            "{found:?}"
        );
    }
}
