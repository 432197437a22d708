//! How many of a claim's words a passage has, rare words counting more, and how that compares with all other passages.

use super::index::{Index, Term, UNKNOWN};

/// A passage supports a claim if at most this share of all passages has more of its words.
const SHARE_ABOVE: f32 = 0.05;

/// Below this share of the claim's weight a passage supports nothing, however little the others have.
const LEAST_SCORE: f32 = 0.18;

/// From this share of the claim's weight on a passage is not unrelated.
const SOME_SCORE: f32 = 0.1;

/// A claim's words against every passage.
pub(super) struct Overlap {
    /// Passage → share (0 to 1) of the claim's weight that it has.
    scores: Vec<f32>,
    /// What a passage must reach.
    threshold: f32,
}

impl Overlap {
    pub(super) fn new(index: &Index<'_>, claim: &[Term]) -> Self {
        let count = index.passages.len();
        let mut scores = vec![0.0; count];
        let mut whole = 0.0;
        let mut stems: Vec<u32> = claim
            .iter()
            .filter(|term| term.content > 0.0)
            .map(|term| term.stem)
            .collect();
        stems.sort_unstable();
        // A word that nobody says weighs as much as one that is said once, each time: it may be another one each time.
        stems.dedup_by(|a, b| a == b && *a != UNKNOWN);
        for stem in stems {
            let passages = index.passages_of(stem);
            let weight = (1.0 + count as f32 / passages.len().max(1) as f32).ln();
            whole += weight;
            for &passage in passages {
                if let Some(score) = scores.get_mut(passage as usize) {
                    *score += weight;
                }
            }
        }
        if whole > 0.0 {
            scores.iter_mut().for_each(|score| *score /= whole);
        }
        let above = (SHARE_ABOVE * count as f32).round() as usize;
        let mut ranked = scores.clone();
        let threshold = match ranked.len().checked_sub(above + 1) {
            Some(at) => *ranked.select_nth_unstable_by(at, f32::total_cmp).1,
            None => 0.0,
        };
        Self { scores, threshold }
    }

    /// Whether the wording of a passage supports the claim.
    pub(super) fn supports(&self, passage: usize) -> bool {
        self.score(passage) >= LEAST_SCORE && self.score(passage) >= self.threshold
    }

    /// Whether a passage has something of the claim.
    pub(super) fn has_some(&self, passage: usize) -> bool {
        self.score(passage) >= SOME_SCORE
    }

    pub(super) fn score(&self, passage: usize) -> f32 {
        self.scores.get(passage).copied().unwrap_or(0.0)
    }
}
