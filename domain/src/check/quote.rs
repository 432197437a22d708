//! Where quoted words stand in the transcript: token by token, a few of them may differ.

use std::ops::Range;

use super::index::{Index, Term};

/// A quote aligns if this share of its words and the transcript's are the same (2 × same ÷ both lengths).
pub(super) const QUOTE_RATIO: f32 = 0.85;

/// A claim is said "in these words" from this share on.
pub(super) const VERBATIM_RATIO: f32 = 0.9;

/// Aligned words prove nothing below this many content words (a character of a script without spaces is half a word).
const LEAST_CONTENT: f32 = 2.0;

/// In the passage that is named so many words are enough where nothing differs, of which so many are content words.
const LEAST_EXACT: usize = 3;
const LEAST_EXACT_CONTENT: f32 = 1.0;

/// Claims and quotes of more words than this are not aligned.
const MOST_WORDS: usize = 400;

/// Steps that one search through the whole transcript may take: stops a transcript of one word repeated.
const MOST_STEPS: usize = 4_000_000;

/// Words of the transcript that some words aligned with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alignment {
    /// Places, in [`Index::places`].
    pub(super) places: Range<usize>,
    pub(super) ratio: f32,
}

impl Alignment {
    /// Whether nothing at all differs.
    pub(super) fn is_exact(&self) -> bool {
        self.ratio >= 1.0
    }
}

/// Where words stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// Nowhere.
    Nowhere,
    /// In one place.
    Once(Alignment),
    /// In several places, none better than the others.
    Often,
}

/// The best alignment within a range of places, which a mark names; of equally good ones the first within `preferred`. A few words
/// are enough here if nothing differs and one of them says something ("it was not profitable"): elsewhere they prove nothing.
pub(super) fn align(
    index: &Index<'_>,
    terms: &[Term],
    within: Range<usize>,
    preferred: &Range<usize>,
    ratio: f32,
) -> Option<Alignment> {
    let mut best: Option<(bool, Alignment)> = None;
    let is_short = |found: &Alignment| {
        terms.len() >= LEAST_EXACT && found.is_exact() && content(index, terms, found) >= LEAST_EXACT_CONTENT
    };
    let all = all_alignments(index, terms, within, ratio).into_iter();
    for found in all.filter(|found| is_short(found) || proves(index, terms, found)) {
        let is_preferred = preferred.contains(&found.places.start);
        let is_better = best.as_ref().is_none_or(|(preferred, best)| {
            found.ratio > best.ratio || (found.ratio >= best.ratio && is_preferred && !preferred)
        });
        if is_better {
            best = Some((is_preferred, found));
        }
    }
    best.map(|(_, alignment)| alignment)
}

/// Looks through the whole transcript.
pub(super) fn search(index: &Index<'_>, terms: &[Term], ratio: f32) -> Found {
    if terms.is_empty() || terms.len() > MOST_WORDS {
        return Found::Nowhere;
    }
    // What aligns lacks at most `missing` of the words, so it has at least one of the rarest `missing + 1`.
    let kept = ratio / (2.0 - ratio);
    let missing = ((1.0 - kept) * terms.len() as f32).floor() as usize;
    let mut rarest: Vec<(usize, u32)> = terms.iter().enumerate().map(|(at, term)| (at, term.word)).collect();
    rarest.sort_by_key(|(at, word)| (index.places_of(*word).len(), *at));
    let slack = terms.len() / 2 + 1;
    let mut windows: Vec<Range<usize>> = Vec::new();
    for (at, word) in rarest.into_iter().take(missing + 1) {
        for &place in index.places_of(word) {
            let start = (place as usize).saturating_sub(at + slack);
            let end = place as usize + terms.len() - at + slack;
            windows.push(start..end.min(index.places.len()));
        }
    }
    windows.sort_by_key(|window| window.start);
    let mut found: Vec<Alignment> = Vec::new();
    let mut steps = 0;
    let mut windows = windows.into_iter().peekable();
    while let Some(mut window) = windows.next() {
        while let Some(next) = windows.next_if(|next| next.start <= window.end) {
            window.end = window.end.max(next.end);
        }
        steps += window.len() * terms.len();
        if steps > MOST_STEPS {
            return Found::Often;
        }
        found.extend(alignments(index, terms, window, ratio));
    }
    let exact = found.iter().filter(|alignment| alignment.is_exact()).count();
    if exact == 1 {
        found.retain(Alignment::is_exact);
    }
    match (found.pop(), found.is_empty()) {
        (None, _) => Found::Nowhere,
        (Some(alignment), true) => Found::Once(alignment),
        (Some(_), false) => Found::Often,
    }
}

/// One end of an alignment: how many words differ, how many are the same, where it starts.
#[derive(Clone, Copy)]
struct Cell {
    differ: u32,
    same: u32,
    start: usize,
}

/// Those of [`all_alignments`] that prove something.
fn alignments(index: &Index<'_>, terms: &[Term], within: Range<usize>, ratio: f32) -> Vec<Alignment> {
    let mut found = all_alignments(index, terms, within, ratio);
    found.retain(|alignment| proves(index, terms, alignment));
    found
}

/// All alignments within a range of places that do not overlap, the best of those that do (Sellers' edit distance
/// against every stretch of the text).
fn all_alignments(index: &Index<'_>, terms: &[Term], within: Range<usize>, ratio: f32) -> Vec<Alignment> {
    let mut found: Vec<Alignment> = Vec::new();
    if terms.is_empty() || terms.len() > MOST_WORDS {
        return found;
    }
    let fresh = |start| (0..=terms.len() as u32).map(move |differ| Cell { differ, same: 0, start });
    let mut column: Vec<Cell> = fresh(within.start).collect();
    for place in within {
        let word = index.places[place].word;
        let mut diagonal = column[0];
        column[0] = Cell {
            differ: 0,
            same: 0,
            start: place + 1,
        };
        diagonal.start = place;
        for (at, term) in terms.iter().enumerate() {
            let (above, left) = (column[at], column[at + 1]);
            let is_same = term.word == word;
            let step = Cell {
                differ: diagonal.differ + u32::from(!is_same),
                same: diagonal.same + u32::from(is_same),
                start: diagonal.start,
            };
            let best = [
                step,
                Cell {
                    differ: left.differ + 1,
                    ..left
                },
                Cell {
                    differ: above.differ + 1,
                    ..above
                },
            ];
            diagonal = left;
            column[at + 1] = best
                .into_iter()
                .reduce(|a, b| if (b.differ, a.same) < (a.differ, b.same) { b } else { a })
                .unwrap_or(step);
        }
        let last = column[terms.len()];
        let end = place + 1;
        if last.start >= end {
            continue;
        }
        let similarity = 2.0 * last.same as f32 / (terms.len() + end - last.start) as f32;
        if similarity < ratio {
            continue;
        }
        let alignment = Alignment {
            places: last.start..end,
            ratio: similarity,
        };
        match found.last_mut() {
            Some(before) if before.places.end > alignment.places.start => {
                if alignment.ratio > before.ratio {
                    *before = alignment;
                }
            }
            _ => found.push(alignment),
        }
    }
    found
}

/// Whether the words that aligned are enough to tell the place.
fn proves(index: &Index<'_>, terms: &[Term], alignment: &Alignment) -> bool {
    content(index, terms, alignment) >= LEAST_CONTENT || is_whole(index, terms, alignment)
}

/// A few plain words prove nothing, but many in a row do, and so does a whole sentence ("Thank you for watching").
fn is_whole(index: &Index<'_>, terms: &[Term], alignment: &Alignment) -> bool {
    let sentence = |at: usize| index.places.get(at).map(|place| (place.passage, place.sentence));
    let Range { start, end } = alignment.places;
    let starts = start == 0 || sentence(start - 1) != sentence(start);
    let ends = sentence(end) != sentence(end - 1);
    alignment.is_exact() && (terms.len() >= 6 || (terms.len() >= 3 && starts && ends))
}

/// How many content words the transcript's stretch shares with the terms.
fn content(index: &Index<'_>, terms: &[Term], alignment: &Alignment) -> f32 {
    let places = &index.places[alignment.places.clone()];
    let shared = places
        .iter()
        .filter(|place| terms.iter().any(|term| term.word == place.word));
    shared.map(|place| index.words[place.word as usize].content).sum()
}
