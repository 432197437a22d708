//! A claim that negates what the passage does not, or the other way round: by the words next to a negation.

use std::ops::Range;

use super::index::{Index, Term, UNKNOWN};
use crate::language::Language;

/// A negation belongs to the content words this many words after it.
const REACH: usize = 4;

/// In German and Dutch it stands behind the verb and its objects: this many words before it count too.
const REACH_BACK: usize = 2;

/// A negation this near to one of the claim's negated words, in the passage, is taken for theirs.
const NEAR: usize = 4;

/// A sentence must have this share of the claim's words for its negations to be held against the claim.
const LEAST_SHARE: f32 = 0.3;

/// What differs; `None` where nothing does. `region` holds the cited passages, `nearest` the sentences most like the claim.
pub(super) fn differ(
    index: &Index<'_>,
    claim: &[Term],
    region: &[Range<usize>],
    nearest: &Range<usize>,
) -> Option<String> {
    let is_negation = |term: &Term| index.language.is_negation(&term.token.normal);
    let claimed: Vec<bool> = claim.iter().map(is_negation).collect();
    let negated = reached(&claimed, index.language);
    match claim.iter().zip(&claimed).find(|(_, negates)| **negates) {
        Some((negation, _)) => {
            let words: Vec<u32> = (0..claim.len())
                .filter(|at| negated[*at] && claim[*at].content > 0.0 && claim[*at].stem != UNKNOWN)
                .map(|at| claim[at].stem)
                .collect();
            let places = || {
                region
                    .iter()
                    .cloned()
                    .flatten()
                    .filter(|place| words.contains(&index.word_at(*place).stem))
            };
            let is_negated = |place: usize| {
                let around = place.saturating_sub(NEAR)..(place + NEAR + 1).min(index.places.len());
                around.into_iter().any(|place| index.word_at(place).is_negation)
            };
            let differs = places().next().is_some() && !places().any(is_negated);
            differs.then(|| format!("says “{}”, the passage does not", negation.token.normal))
        }
        None => {
            let said: Vec<bool> = nearest.clone().map(|place| index.word_at(place).is_negation).collect();
            let content: f32 = claim.iter().map(|term| term.content).sum();
            let found: f32 = claim
                .iter()
                .filter(|term| nearest.clone().any(|place| index.word_at(place).stem == term.stem))
                .map(|term| term.content)
                .sum();
            if !said.contains(&true) || found < LEAST_SHARE * content {
                return None;
            }
            let negated = reached(&said, index.language);
            let matched = |at: usize| {
                let word = index.word_at(nearest.start + at);
                word.content > 0.0 && claim.iter().any(|term| term.stem == word.stem)
            };
            let under = (0..said.len()).filter(|at| matched(*at) && negated[*at]).count();
            let free = (0..said.len()).filter(|at| matched(*at) && !negated[*at]).count();
            // What is negated first counts most: "do not run anymore since the bridge opened" is about running.
            let is_content = |at: &usize| index.word_at(nearest.start + at).content > 0.0;
            let first = said
                .iter()
                .position(|negates| *negates)
                .and_then(|at| (at + 1..said.len()).find(is_content));
            let is_first = first.is_some_and(|at| matched(at) && negated[at]);
            if under == 0 || (under < free && !is_first) {
                return None;
            }
            let negation = said.iter().position(|negates| *negates)?;
            let word = &index.word_at(nearest.start + negation).normal;
            Some(format!("the passage says “{word}”, the summary does not"))
        }
    }
}

/// Which words a negation reaches.
fn reached(negates: &[bool], language: Language) -> Vec<bool> {
    let back = if matches!(language, Language::German | Language::Dutch) {
        REACH_BACK
    } else {
        0
    };
    let mut reached = vec![false; negates.len()];
    for at in (0..negates.len()).filter(|at| negates[*at]) {
        let end = (at + REACH + 1).min(negates.len());
        reached[at.saturating_sub(back)..end].fill(true);
    }
    reached
}

/// For a claim that is said in nearly these words: whether it has a negation more or less than they.
pub(super) fn count_differs(index: &Index<'_>, claim: &[Term], places: &Range<usize>) -> Option<String> {
    let claimed = claim
        .iter()
        .filter(|term| index.language.is_negation(&term.token.normal))
        .count();
    let said = places.clone().filter(|place| index.word_at(*place).is_negation).count();
    match claimed.cmp(&said) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some("the summary negates what the passage does not".to_owned()),
        std::cmp::Ordering::Less => Some("the passage negates what the summary does not".to_owned()),
    }
}
