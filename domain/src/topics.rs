//! Chapters for videos whose makers named none: cut where the words change ([`segmentation`]), named by a sentence that tells
//! each from the others. No model is asked, and every name was said.

mod name;

use crate::{chapters::Chapter, language::Language, passages::Passage, segmentation, transcript::Span};

/// The chapters found from the words; none for what is short, has no times, or says too little to tell. They begin where
/// passages begin, follow each other from 0 to the last word, and no passage stands in two of them.
#[must_use]
pub fn chapters(passages: &[Passage], language: Language) -> Vec<Chapter> {
    let segments = segmentation::segments(passages, language);
    if segments.len() < 2 || passages.iter().any(|passage| passage.span.is_none()) {
        return Vec::new();
    }
    let names = name::names(passages, &segments, language);
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

#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

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
        let said: String = talk().join(" ");
        for chapter in &found {
            assert!(said.contains(chapter.title.trim_end_matches('…')), "{found:?}");
        }
        assert!(found[0].title.contains("suspension bridge"), "{found:?}");
        let names: HashSet<&str> = found.iter().map(|chapter| chapter.title.as_str()).collect();
        assert_eq!(names.len(), found.len(), "no name twice");
    }

    #[test]
    fn what_has_no_times_or_is_short_has_none() {
        let mut passages = passages(&talk());
        assert!(chapters(&passages[..5], Language::English).is_empty());
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
}
