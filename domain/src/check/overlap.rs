//! How many of a claim's words a passage has, rare words counting more, and how that compares with all other passages.

use std::collections::HashSet;

use super::index::{Index, Term, UNKNOWN};

/// A passage supports a claim if at most this share of all passages has more of its words.
const SHARE_ABOVE: f32 = 0.05;

/// Below this share of the claim's weight a passage supports nothing, however little the others have.
const LEAST_SCORE: f32 = 0.18;

/// From this share of the claim's weight on a passage is not unrelated.
const SOME_SCORE: f32 = 0.1;

/// Of a claim for which nothing is quoted, the words alone have to tell: a passage has them from this share of its weight on. Higher, more
/// of what is invented is told, and more of what is true as well (docs/benchmarks.md).
const LEAST_UNQUOTED: f32 = 0.3;

/// The share of a claim's weight from which on a passage is suggested to a claim that cites none.
const LEAST_CLOSEST: f32 = 0.5;

/// What [`Overlap::fits`] must reach. Tuned on the claims of docs/benchmarks.md.
const LEAST_FIT: f32 = 0.15;

/// A sentence of so many content words must have this share of its weight said.
const LEAST_WORDS: f32 = 3.0;
const LEAST_SHARE: f32 = 0.15;

/// A claim's words against every passage.
pub(super) struct Overlap {
    /// Passage → share (0 to 1) of the claim's weight that it has.
    scores: Vec<f32>,
    /// What a passage must reach.
    threshold: f32,
    /// The most that any passage has.
    most: f32,
}

impl Overlap {
    pub(super) fn new(index: &Index<'_>, claim: &[Term]) -> Self {
        let count = index.passages.len();
        let mut scores = vec![0.0; count];
        let mut whole = 0.0;
        for term in weighed(claim) {
            let weight = weight(index, term);
            whole += weight;
            for &passage in index.passages_of(term.stem) {
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
        let most = scores.iter().copied().fold(0.0, f32::max);
        Self {
            scores,
            threshold,
            most,
        }
    }

    /// Whether the wording of a passage supports the claim.
    pub(super) fn supports(&self, passage: usize) -> bool {
        self.score(passage) >= LEAST_SCORE && self.score(passage) >= self.threshold
    }

    /// The same where no words of it are quoted.
    pub(super) fn supports_unquoted(&self, passage: usize) -> bool {
        self.supports(passage) && self.score(passage) >= LEAST_UNQUOTED
    }

    /// Whether the wording of the cited passages, of which words are quoted, supports the claim: twice what they have together of the
    /// claim's words, less what the one passage has that has most. So a claim that stands much better elsewhere is not
    /// supported here, and one that several passages share is. `numbers_said`: whether they say the claim's numbers.
    pub(super) fn fits(&self, index: &Index<'_>, claim: &[Term], cited: &[usize], numbers_said: bool) -> bool {
        2.0 * share(index, claim, cited, numbers_said) - self.most >= LEAST_FIT
    }

    /// Whether the cited passages and their neighbours have something of each of a claim's sentences: what is invented may stand
    /// before what is true, under the same mark.
    pub(super) fn has_each(index: &Index<'_>, text: &str, claim: &[Term], cited: &[usize], numbers_said: bool) -> bool {
        let around: Vec<usize> = cited
            .iter()
            .flat_map(|&passage| passage.saturating_sub(1)..(passage + 2).min(index.passages.len()))
            .collect();
        let ends = |before: &Term, next: &Term| {
            let gap = &text[before.token.end..next.token.start];
            gap.contains(['.', '!', '?', '。', '！', '？']) && gap.len() > 1
        };
        let content = |sentence: &[Term]| sentence.iter().map(|term| term.content).sum::<f32>();
        claim
            .chunk_by(|before, next| !ends(before, next))
            .filter(|sentence| content(sentence) >= LEAST_WORDS)
            .all(|sentence| share(index, sentence, &around, numbers_said) >= LEAST_SHARE)
    }

    /// The passage that has most of the claim's words, where that are most of them; `None` where several have as many.
    pub(super) fn closest(&self) -> Option<usize> {
        let mut closest = (0..self.scores.len()).filter(|passage| self.score(*passage) >= self.most);
        let passage = closest.next()?;
        (self.most >= LEAST_CLOSEST && closest.next().is_none()).then_some(passage)
    }

    /// Whether a passage has something of the claim.
    pub(super) fn has_some(&self, passage: usize) -> bool {
        self.score(passage) >= SOME_SCORE
    }

    pub(super) fn score(&self, passage: usize) -> f32 {
        self.scores.get(passage).copied().unwrap_or(0.0)
    }
}

/// The words of a claim that count, each once. A word that nobody says counts each time: it may be another one each time.
fn weighed(claim: &[Term]) -> impl Iterator<Item = &Term> {
    let mut seen = HashSet::new();
    claim
        .iter()
        .filter(move |term| term.content > 0.0 && (term.stem == UNKNOWN || seen.insert(term.stem)))
}

/// Rare words count more; one that nobody says as much as one that is said once.
fn weight(index: &Index<'_>, term: &Term) -> f32 {
    let passages = index.passages_of(term.stem).len().max(1);
    (1.0 + index.passages.len() as f32 / passages as f32).ln()
}

/// What share of the claim's weight some passages have together, by their words and speakers. Words of one root count as the same.
/// Numbers are compared by themselves, however they are said: `numbers_said` tells with what result.
fn share(index: &Index<'_>, claim: &[Term], passages: &[usize], numbers_said: bool) -> f32 {
    let mut stems: HashSet<u32> = HashSet::new();
    let mut words: HashSet<&str> = HashSet::new();
    for &passage in passages {
        for place in index.places_in(passage, passage + 1) {
            let word = index.word_at(place);
            stems.insert(word.stem);
            if word.content > 0.0 {
                words.insert(&word.normal);
            }
        }
        let speakers = index.speakers_of(passage).filter_map(|name| index.word(name));
        stems.extend(speakers.map(|word| word.stem));
    }
    let has = |term: &Term| {
        (numbers_said && term.token.normal.starts_with(|c: char| c.is_ascii_digit()))
            || (term.stem != UNKNOWN && stems.contains(&term.stem))
            || words.iter().any(|word| is_of_one_root(word, &term.token.normal))
    };
    let (mut found, mut whole) = (0.0, 0.0);
    for term in weighed(claim) {
        let weight = weight(index, term);
        whole += weight;
        found += if has(term) { weight } else { 0.0 };
    }
    found / f32::max(whole, f32::MIN_POSITIVE)
}

/// Whether two words begin alike: "colourful" and "colours", "childproof" and "children", which no stemmer joins.
fn is_of_one_root(a: &str, b: &str) -> bool {
    let (first, second) = (a.chars().count(), b.chars().count());
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    (shared >= 4 && shared * 10 >= first.min(second) * 8) || (shared >= 5 && shared * 2 >= first.max(second))
}
