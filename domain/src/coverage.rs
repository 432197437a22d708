//! Coverage: which parts of a video a summary cites.

use std::collections::HashSet;

use crate::{passages::Passage, summary::Claim, tokens::word_count, transcript::Span};

/// The stretches of the transcript that the claims cite, merged, in order. Empty in a text without times.
#[must_use]
pub fn cited(claims: &[Claim], passages: &[Passage]) -> Vec<Span> {
    let citations = claims.iter().flat_map(|claim| &claim.citations);
    let mut spans: Vec<Span> = citations
        .filter_map(|citation| match (citation.start_ms, citation.end_ms) {
            (Some(start_ms), Some(end_ms)) => Some(Span {
                start_ms,
                end_ms: end_ms.max(start_ms),
            }),
            _ => {
                passages
                    .iter()
                    .find(|passage| passage.ordinal == citation.passage)?
                    .span
            }
        })
        .collect();
    spans.sort_by_key(|span| (span.start_ms, span.end_ms));
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start_ms <= last.end_ms => last.end_ms = last.end_ms.max(span.end_ms),
            _ => merged.push(span),
        }
    }
    merged
}

/// What [`cited`] leaves out between the first word of the transcript and the last. Empty in a text without times.
#[must_use]
pub fn gaps(claims: &[Claim], passages: &[Passage]) -> Vec<Span> {
    let Some(whole) = whole(passages) else {
        return Vec::new();
    };
    let mut gaps = Vec::new();
    let mut from = whole.start_ms;
    let end = Span {
        start_ms: whole.end_ms,
        end_ms: whole.end_ms,
    };
    for span in cited(claims, passages).into_iter().chain([end]) {
        let start = span.start_ms.min(whole.end_ms);
        if start > from {
            gaps.push(Span {
                start_ms: from,
                end_ms: start,
            });
        }
        from = from.max(span.end_ms);
    }
    gaps
}

/// The share (0 to 1) of the transcript's tenths (by time, else by words) in which at least one passage is cited.
#[must_use]
pub fn share(claims: &[Claim], passages: &[Passage]) -> f64 {
    let cited: HashSet<u32> = claims
        .iter()
        .flat_map(|claim| &claim.citations)
        .map(|citation| citation.passage)
        .collect();
    let places = places(passages);
    let start = places.first().map_or(0, |place| place.0);
    let end = places.iter().map(|place| place.1).max().unwrap_or(0);
    // A place in tenths of a unit, so that borders are exact.
    let length = u128::from(end.saturating_sub(start));
    if length == 0 {
        return 0.0;
    }
    let tenths = (0..10_u128).filter(|tenth| {
        let overlaps = |(from, to): &(u64, u64)| {
            let (from, to) = (
                u128::from(from.saturating_sub(start)) * 10,
                u128::from(to.saturating_sub(start)) * 10,
            );
            from < (tenth + 1) * length && to > tenth * length
        };
        passages
            .iter()
            .zip(&places)
            .any(|(passage, place)| cited.contains(&passage.ordinal) && overlaps(place))
    });
    f64::from(u32::try_from(tenths.count()).unwrap_or(10)) / 10.0
}

/// From where to where each passage goes: in milliseconds, or in words where there are no times.
fn places(passages: &[Passage]) -> Vec<(u64, u64)> {
    let mut words = 0;
    passages
        .iter()
        .map(|passage| match passage.span {
            Some(span) => (span.start_ms, span.end_ms),
            None => {
                let from = words;
                words += word_count(&passage.text()) as u64;
                (from, words)
            }
        })
        .collect()
}

fn whole(passages: &[Passage]) -> Option<Span> {
    Some(Span {
        start_ms: passages
            .iter()
            .filter_map(|passage| passage.span)
            .map(|span| span.start_ms)
            .min()?,
        end_ms: passages
            .iter()
            .filter_map(|passage| passage.span)
            .map(|span| span.end_ms)
            .max()?,
    })
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
                    sentences: vec![Sentence { text, span }],
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
    fn spans_are_merged_in_order() {
        let claims = [
            claim(&[(5, Some((4200, 4800))), (2, None)]),
            claim(&[(3, Some((2000, 2500)))]),
            claim(&[]),
        ];
        assert_eq!(cited(&claims, &passages(true)), [span(1000, 2500), span(4200, 4800)]);
        assert_eq!(
            gaps(&claims, &passages(true)),
            [span(0, 1000), span(2500, 4200), span(4800, 10_000)]
        );
    }

    #[test]
    fn share_counts_tenths() {
        let claims = [claim(&[(1, None), (1, None)]), claim(&[(10, None)])];
        assert!((share(&claims, &passages(true)) - 0.2).abs() < 1e-9);
        assert!((share(&claims, &passages(false)) - 0.2).abs() < 1e-9);
        // One passage of two is half of the whole.
        assert!((share(&[claim(&[(1, None)])], &passages(false)[..2]) - 0.5).abs() < 1e-9);
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
