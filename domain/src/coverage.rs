//! Coverage: which parts of a video a summary cites. Counted in passages, for those are what claims are checked against:
//! the strip, the gaps and the share all say the same.

use std::collections::HashSet;

use crate::{passages::Passage, summary::Claim, tokens::word_count, transcript::Span};

/// The stretches of passages that the claims cite, in order; neighbours are one stretch. Empty in a text without times.
#[must_use]
pub fn cited(claims: &[Claim], passages: &[Passage]) -> Vec<Span> {
    stretches(claims, passages, true)
}

/// The stretches of passages that no claim cites, in order. Empty in a text without times.
#[must_use]
pub fn gaps(claims: &[Claim], passages: &[Passage]) -> Vec<Span> {
    stretches(claims, passages, false)
}

/// The share (0 to 1) of what was said, by time, else by words, that lies in passages which are cited.
#[must_use]
pub fn share(claims: &[Claim], passages: &[Passage]) -> f64 {
    let cited = ordinals(claims);
    let (mut all, mut covered) = (0, 0);
    for passage in passages {
        let length = match passage.span {
            Some(span) => span.end_ms.saturating_sub(span.start_ms),
            None => word_count(&passage.text()) as u64,
        };
        all += length;
        if cited.contains(&passage.ordinal) {
            covered += length;
        }
    }
    if all == 0 { 0.0 } else { covered as f64 / all as f64 }
}

/// The passages of a part of the video: those whose middle lies in it, or else the one that is nearest to its middle.
/// All of them where no part is meant, or the text has no times.
#[must_use]
pub fn within(passages: &[Passage], part: Option<Span>) -> Vec<Passage> {
    let Some(part) = part else { return passages.to_vec() };
    let middle = |span: Span| span.start_ms.midpoint(span.end_ms);
    let inside = |passage: &&Passage| {
        passage
            .span
            .is_none_or(|span| (part.start_ms..part.end_ms).contains(&middle(span)))
    };
    let found: Vec<Passage> = passages.iter().filter(inside).cloned().collect();
    if !found.is_empty() {
        return found;
    }
    let nearest = passages
        .iter()
        .min_by_key(|passage| passage.span.map(|span| middle(span).abs_diff(middle(part))));
    nearest.into_iter().cloned().collect()
}

fn stretches(claims: &[Claim], passages: &[Passage], wanted: bool) -> Vec<Span> {
    let cited = ordinals(claims);
    let mut found: Vec<Span> = Vec::new();
    let mut before = false;
    for passage in passages {
        let Some(span) = passage.span else { continue };
        let is = cited.contains(&passage.ordinal) == wanted;
        match found.last_mut() {
            Some(last) if is && before => last.end_ms = last.end_ms.max(span.end_ms),
            _ if is => found.push(span),
            _ => {}
        }
        before = is;
    }
    found
}

fn ordinals(claims: &[Claim]) -> HashSet<u32> {
    claims
        .iter()
        .flat_map(|claim| &claim.citations)
        .map(|citation| citation.passage)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sentences::Sentence,
        summary::{Citation, Verdict},
    };

    fn span(start_ms: u64, end_ms: u64) -> Span {
        Span { start_ms, end_ms }
    }

    fn passages(timed: bool) -> Vec<Passage> {
        (0..10)
            .map(|index| {
                let span = timed.then(|| span(u64::from(index) * 1000, u64::from(index) * 1000 + 1000));
                let text = "three words here".to_owned();
                Passage {
                    ordinal: index + 1,
                    span,
                    sentences: vec![Sentence {
                        text,
                        span,
                        speaker: None,
                    }],
                }
            })
            .collect()
    }

    fn claim(citations: &[(u32, Option<(u64, u64)>)]) -> Claim {
        let citations = citations.iter().map(|(passage, times)| Citation {
            passage: *passage,
            start_ms: times.map(|times| times.0),
            end_ms: times.map(|times| times.1),
            text: String::new(),
            quote: None,
        });
        Claim {
            text: String::new(),
            verdict: Verdict::Matched,
            detail: None,
            citations: citations.collect(),
        }
    }

    #[test]
    fn neighbours_are_one_stretch() {
        let claims = [
            claim(&[(5, Some((4200, 4800))), (2, None)]),
            claim(&[(3, Some((2000, 2500)))]),
            claim(&[]),
        ];
        assert_eq!(cited(&claims, &passages(true)), [span(1000, 3000), span(4000, 5000)]);
        assert_eq!(
            gaps(&claims, &passages(true)),
            [span(0, 1000), span(3000, 4000), span(5000, 10_000)]
        );
    }

    #[test]
    fn the_share_is_what_the_strip_shows() {
        let claims = [claim(&[(1, None), (1, None)]), claim(&[(10, None)])];
        let passages = passages(true);
        assert!((share(&claims, &passages) - 0.2).abs() < 1e-9);
        let drawn: u64 = cited(&claims, &passages)
            .iter()
            .map(|span| span.end_ms - span.start_ms)
            .sum();
        assert!((share(&claims, &passages) - drawn as f64 / 10_000.0).abs() < 1e-9);
    }

    #[test]
    fn without_times_words_are_counted() {
        let claims = [claim(&[(1, None)])];
        assert!((share(&claims, &passages(false)) - 0.1).abs() < 1e-9);
        assert!((share(&claims, &passages(false)[..2]) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_part_is_snapped_to_passages() {
        let ordinals = |part| -> Vec<u32> {
            within(&passages(true), part)
                .iter()
                .map(|passage| passage.ordinal)
                .collect()
        };
        assert_eq!(ordinals(Some(span(2000, 4000))), [3, 4]);
        assert_eq!(ordinals(Some(span(2400, 4600))), [3, 4, 5], "by their middles");
        assert_eq!(ordinals(Some(span(2600, 2700))), [3], "never nothing");
        assert_eq!(ordinals(Some(span(90_000, 99_000))), [10]);
        assert_eq!(ordinals(None).len(), 10);
        assert_eq!(within(&passages(false), Some(span(0, 1))).len(), 10);
        assert_eq!(within(&[], Some(span(0, 1))), []);
    }

    #[test]
    fn nothing_cited_is_nothing_covered() {
        assert_eq!(cited(&[], &passages(true)), []);
        assert_eq!(gaps(&[], &passages(true)), [span(0, 10_000)]);
        assert!(share(&[], &passages(true)).abs() < 1e-9 && share(&[], &[]).abs() < 1e-9);
        let claims = [claim(&[(1, None), (99, None)])];
        assert_eq!(
            (cited(&claims, &passages(false)), gaps(&claims, &passages(false))),
            (vec![], vec![])
        );
    }
}
