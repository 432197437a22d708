//! Where a talk goes over to its next topic, for videos whose makers named no chapters: lexical cohesion, by dynamic programming.
//!
//! Passages become vectors of their stems, each weighted by how rare it is and how much it clumps: a word said here and
//! there all along says nothing about topics, one said ten times in three minutes says most. A segment costs what its
//! passages vary around their mean; the cheapest cut into a number of segments that fits the length is taken. Measured on
//! QMSum's topics by `cargo run --release -p domain --example segmentation`; docs/benchmarks.md has the numbers.

use std::{collections::HashMap, ops::Range};

use crate::{language::Language, passages::Passage, tokens::tokens};

/// So many segments for a minute's square root: 3 for 10 minutes, 9 for an hour, 15 for three. People who name chapters
/// make few long ones of a long video.
const PER_ROOT_MINUTE: f64 = 1.1;
/// A text without times is read aloud at this pace.
const WORDS_A_MINUTE: f64 = 150.0;
/// Shorter ones are one topic: what is said in a video of two minutes.
const LEAST_MINUTES: f64 = 1.75;
/// Passages of the shortest segment, and of the shortest in something that has fewer than [`FEW_PASSAGES`].
const LEAST_PASSAGES: usize = 3;
const LEAST_OF_FEW: usize = 2;
/// So few passages can be cut anywhere for the sake of a word or two: each part must have its own words ([`have_own_words`]).
const FEW_PASSAGES: usize = 18;
/// So many words of its own make a topic.
const OWN_WORDS: usize = 2;
/// A segment is at most so many times as long as the average one; bounds the work for long videos.
const LONGEST: usize = 4;
/// A passage is read together with so many on each side: alone it has too few words to compare.
const REACH: usize = 2;

/// Cuts passages into topics: ranges that follow each other and hold all passages. A single one for what is short, or says
/// too little to tell, or has one topic.
#[must_use]
pub fn segments(passages: &[Passage], language: Language) -> Vec<Range<usize>> {
    let segments = cut(passages, language, fitting_number(passages));
    if passages.len() < FEW_PASSAGES && !have_own_words(&segments, &counted(passages, language)) {
        return cut(passages, language, 1);
    }
    segments
}

/// Whether each segment has words that come again in it and that the others do not have.
fn have_own_words(segments: &[Range<usize>], counted: &[HashMap<usize, usize>]) -> bool {
    let mut counts: Vec<HashMap<usize, usize>> = vec![HashMap::new(); segments.len()];
    for (own, segment) in counts.iter_mut().zip(segments) {
        for (stem, count) in counted[segment.clone()].iter().flatten() {
            *own.entry(*stem).or_default() += count;
        }
    }
    let is_own = |stem: &usize| counts.iter().filter(|other| other.contains_key(stem)).count() == 1;
    counts
        .iter()
        .all(|own| own.iter().filter(|(stem, count)| **count > 1 && is_own(stem)).count() >= OWN_WORDS)
}

/// Passages of the shortest segment of so many.
fn least(passages: usize) -> usize {
    if passages < FEW_PASSAGES {
        LEAST_OF_FEW
    } else {
        LEAST_PASSAGES
    }
}

/// The same into a given number, or fewer where there are too few passages for it.
#[must_use]
pub fn cut(passages: &[Passage], language: Language, number: usize) -> Vec<Range<usize>> {
    let number = number.min(passages.len() / least(passages.len()));
    if number < 2 {
        return std::iter::once(0..passages.len())
            .filter(|whole| !whole.is_empty())
            .collect();
    }
    cheapest(&vectors(passages, language), number)
}

/// How many topics one would expect in something of this length.
fn fitting_number(passages: &[Passage]) -> usize {
    let spans = || passages.iter().filter_map(|passage| passage.span);
    let minutes = match (spans().next(), spans().next_back()) {
        (Some(first), Some(last)) => float(last.end_ms.saturating_sub(first.start_ms) as usize) / 60_000.0,
        _ => {
            let words: usize = passages
                .iter()
                .map(|passage| crate::tokens::word_count(&passage.text()))
                .sum();
            float(words) / WORDS_A_MINUTE
        }
    };
    if minutes < LEAST_MINUTES {
        return 1;
    }
    // At least 2 and, for a day of video, 42.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small and positive"
    )]
    let number = (PER_ROOT_MINUTE * minutes.sqrt()).round() as usize;
    number.max(2)
}

/// A passage's words: the number of a stem, and its weight. Ordered by number.
type Vector = Vec<(usize, f64)>;

/// The vector of each passage and its neighbours, each of length 1, or empty.
fn vectors(passages: &[Passage], language: Language) -> Vec<Vector> {
    let own = weighted(&counted(passages, language));
    (0..own.len())
        .map(|at| {
            let mut sum: HashMap<usize, f64> = HashMap::new();
            let near = at.saturating_sub(REACH)..own.len().min(at + REACH + 1);
            for other in near {
                let closeness = (-float(at.abs_diff(other)) / float(REACH)).exp();
                for (stem, weight) in &own[other] {
                    *sum.entry(*stem).or_default() += weight * closeness;
                }
            }
            let mut vector: Vector = sum.into_iter().collect();
            vector.sort_by_key(|(stem, _)| *stem);
            let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            if length > 0.0 {
                vector.iter_mut().for_each(|(_, weight)| *weight /= length);
            }
            vector
        })
        .collect()
}

/// How often each stem stands in each passage. Stems are numbered as they come.
fn counted(passages: &[Passage], language: Language) -> Vec<HashMap<usize, usize>> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    passages
        .iter()
        .map(|passage| {
            let mut counts = HashMap::new();
            for token in tokens(&passage.text(), language) {
                if !token.is_stop {
                    let next = numbers.len();
                    *counts.entry(*numbers.entry(token.stem).or_insert(next)).or_default() += 1;
                }
            }
            counts
        })
        .collect()
}

fn weighted(counted: &[HashMap<usize, usize>]) -> Vec<Vector> {
    let mut places: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, counts) in counted.iter().enumerate() {
        for stem in counts.keys() {
            places.entry(*stem).or_default().push(at);
        }
    }
    let weight: HashMap<usize, f64> = places
        .into_iter()
        // What is said once joins nothing.
        .filter(|(_, places)| places.len() > 1)
        .map(|(stem, places)| (stem, rarity(&places, counted.len()) * clumping(&places, counted.len())))
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    counted
        .iter()
        .map(|counts| {
            counts
                .iter()
                .filter_map(|(stem, count)| Some((*stem, weight.get(stem)? * (1.0 + float(*count).ln()))))
                .collect()
        })
        .collect()
}

fn rarity(places: &[usize], passages: usize) -> f64 {
    (float(passages + 1) / float(places.len())).ln()
}

/// 1 for a word that is said in one place, 0 for one that is spread as evenly as chance would spread it, or more.
fn clumping(places: &[usize], passages: usize) -> f64 {
    let count = float(places.len());
    let mean = places.iter().map(|at| float(*at)).sum::<f64>() / count;
    let variance = places.iter().map(|at| (float(*at) - mean).powi(2)).sum::<f64>() / count;
    let by_chance = float(passages) / 12_f64.sqrt();
    (1.0 - variance.sqrt() / by_chance).max(0.0)
}

/// The cut into `number` segments whose costs add up to the least.
fn cheapest(vectors: &[Vector], number: usize) -> Vec<Range<usize>> {
    let least = least(vectors.len());
    let longest = (vectors.len() / number * LONGEST).max(least);
    let costs: Vec<Vec<f64>> = (0..vectors.len())
        .map(|from| costs(&vectors[from..], longest))
        .collect();
    // best[end]: the least that passages before `end` cost in as many segments as there were rounds.
    let mut best = vec![f64::INFINITY; vectors.len() + 1];
    best[0] = 0.0;
    let mut began: Vec<Vec<usize>> = Vec::with_capacity(number);
    for _ in 0..number {
        let mut next = vec![f64::INFINITY; vectors.len() + 1];
        let mut from = vec![0; vectors.len() + 1];
        for end in least..=vectors.len() {
            for start in end.saturating_sub(longest)..=end - least {
                let cost = best[start] + costs[start][end - start - 1];
                if cost < next[end] {
                    next[end] = cost;
                    from[end] = start;
                }
            }
        }
        best = next;
        began.push(from);
    }
    let mut end = vectors.len();
    let mut segments: Vec<Range<usize>> = began
        .iter()
        .rev()
        .map(|from| {
            let segment = from[end]..end;
            end = segment.start;
            segment
        })
        .collect();
    segments.reverse();
    segments
}

/// What a segment of the first, the first two, … vectors costs: how much they vary around their mean.
fn costs(vectors: &[Vector], longest: usize) -> Vec<f64> {
    let mut sum: HashMap<usize, f64> = HashMap::new();
    let (mut own, mut squared) = (0.0, 0.0);
    vectors
        .iter()
        .take(longest)
        .enumerate()
        .map(|(before, vector)| {
            for (stem, weight) in vector {
                let total = sum.entry(*stem).or_default();
                squared += weight * (2.0 * *total + weight);
                *total += weight;
            }
            own += vector.iter().map(|(_, weight)| weight * weight).sum::<f64>();
            own - squared / float(before + 1)
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and milliseconds of a video are far below 2^52"
)]
fn float(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;
    use crate::{sentences::Sentence, transcript::Span};

    fn passages(texts: &[String], seconds: u64) -> Vec<Passage> {
        (0_u64..)
            .zip(texts)
            .map(|(at, text)| {
                let span = Some(Span {
                    start_ms: at * seconds * 1000,
                    end_ms: (at + 1) * seconds * 1000,
                });
                Passage {
                    ordinal: u32::try_from(at).unwrap() + 1,
                    span,
                    sentences: vec![Sentence {
                        text: text.clone(),
                        span,
                        speaker: None,
                    }],
                }
            })
            .collect()
    }

    fn talk(topics: &[(&str, usize)]) -> Vec<String> {
        topics
            .iter()
            .flat_map(|(words, times)| {
                let words: Vec<&str> = words.split(' ').collect();
                (0..*times).map(move |at| {
                    let (one, two) = (words[at % words.len()], words[(at + 1) % words.len()]);
                    format!("Today everybody here sees the {one} beside the {two}.")
                })
            })
            .collect()
    }

    #[test]
    fn a_talk_is_cut_where_its_words_change() {
        let texts = talk(&[
            ("kettle water steam bubble", 14),
            ("bridge cable ice wind", 20),
            ("bee queen hive swarm", 11),
        ]);
        let cuts = cut(&passages(&texts, 20), Language::English, 3);
        assert_eq!(cuts, [0..14, 14..34, 34..45]);
    }

    #[test]
    fn the_number_follows_the_length() {
        let number = |minutes: usize| fitting_number(&passages(&vec!["word".to_owned(); minutes * 3], 20));
        assert_eq!([1, 2, 5, 10, 60, 180, 720].map(number), [1, 2, 2, 3, 9, 15, 30]);
        let untimed: Vec<Passage> = passages(&vec!["so many words ".repeat(50); 60], 20)
            .into_iter()
            .map(|passage| Passage { span: None, ..passage })
            .collect();
        assert_eq!(fitting_number(&untimed), 9, "9000 words are an hour");
    }

    #[test]
    fn two_minutes_are_cut_where_there_are_two_topics_and_only_there() {
        let two = talk(&[("kettle water steam bubble", 4), ("bridge cable ice wind", 4)]);
        assert_eq!(segments(&passages(&two, 18), Language::English), [0..4, 4..8]);
        let one = talk(&[("kettle water", 8)]);
        assert_eq!(segments(&passages(&one, 18), Language::English).len(), 1);
        assert_eq!(segments(&passages(&two, 10), Language::English).len(), 1, "too short");
    }

    #[test]
    fn what_has_nothing_to_go_by_is_still_cut_whole() {
        assert!(segments(&[], Language::English).is_empty());
        let whole = cut(&passages(&vec![String::new(); 30], 20), Language::English, 1);
        assert_eq!(whole.first(), Some(&(0..30)));
        let cuts = segments(&passages(&vec!["the and of".to_owned(); 60], 20), Language::English);
        assert_eq!(cuts.iter().map(Range::len).sum::<usize>(), 60);
    }

    proptest! {
        #[test]
        fn all_passages_are_in_segments_once_and_in_order(
            texts in proptest::collection::vec("[a-d ]{0,12}", 0..60), number in 0_usize..12, language in 0..Language::ALL.len(),
        ) {
            let passages = passages(&texts, 20);
            let cuts = cut(&passages, Language::ALL[language], number);
            prop_assert!(cuts.len() <= number.max(1));
            let mut next = 0;
            for cut in cuts {
                prop_assert_eq!(cut.start, next);
                prop_assert!(cut.len() >= least(passages.len()).min(passages.len()));
                next = cut.end;
            }
            prop_assert_eq!(next, passages.len());
        }
    }
}
