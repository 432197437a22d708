//! A name that stands where the quoted sentences have another one.

use std::ops::Range;

use super::{
    NOUN_ENDINGS, counts, is_acronym, is_role, is_said_together, is_start_mark, japanese,
    known::{Known, of_same_country},
};
use crate::{
    check::{
        index::{Index, Term, UNKNOWN},
        numbers::is_unit,
    },
    language::Language,
};

/// A name of the claim that stands where the quoted sentences have another word: beside the same words. Finds what [`super::unknown`]
/// cannot tell from a plain word (German nouns, the first word of a sentence, what has no capitals in the transcript), and names that are
/// told elsewhere in the passage. `own` are the words of these sentences, of title and description, and of who speaks, `region` those of
/// all cited passages as well. The claim's name and the sentence's.
pub(in crate::check) fn swapped<'t>(
    text: &'t str,
    claim: &[Term],
    index: &Index<'_>,
    sentences: &[Range<usize>],
    own: &Known<'_>,
    region: &Known<'_>,
) -> Option<(&'t str, String)> {
    if index.language == Language::Japanese {
        let said = sentences.iter().filter(|sentence| !sentence.is_empty());
        let said = said.map(|sentence| index.slice(index.places[sentence.start], index.places[sentence.end - 1]));
        return japanese::swapped(text, region, &said.collect::<Vec<_>>().join("。"));
    }
    /// German writes all nouns with a capital: after these it is mostly a name.
    const BEFORE_NAMES: [&str; 10] = ["in", "aus", "nach", "von", "bei", "für", "mit", "laut", "und", "oder"];
    /// Before a noun without an article: mostly a place.
    const BEFORE_PLACES: [&str; 3] = ["in", "aus", "nach"];
    (0..claim.len()).find_map(|at| {
        let term = &claim[at];
        let written = &text[term.token.start..term.token.end];
        let gap = &text[at.checked_sub(1).map_or(0, |before| claim[before].token.end)..term.token.start];
        let word = index.word(&term.token.normal);
        let is_initial = at == 0 || gap.contains(is_start_mark);
        let is_plain = term.content < 1.0
            || written.chars().count() < 3
            || !written.starts_with(char::is_uppercase)
            || (is_initial && !word.is_some_and(|word| word.has_capital && !word.has_small))
            || (index.has_capitals && word.is_some_and(|word| word.has_small))
            || is_role(&term.token.normal)
            || is_unit(&term.token.normal)
            || (index.language == Language::German
                && NOUN_ENDINGS.iter().any(|ending| term.token.normal.ends_with(ending)))
            || (written.chars().all(char::is_uppercase) && index.has_capitals)
            || own.has(&term.token.normal);
        if is_plain {
            return None;
        }
        let before = |at: usize| at.checked_sub(1).map(|before| &claim[before].token);
        // "Rachelle LeBlanc" for "Rachelle's team", where she is called so nearby.
        let completes_a_name = gap == " "
            && region.has(&term.token.normal)
            && before(at).is_some_and(|before| {
                text[before.start..].starts_with(char::is_uppercase) && !before.is_stop && own.has(&before.normal)
            })
            && is_said_together(index, claim[at - 1].stem, term.stem);
        if completes_a_name {
            return None;
        }
        let may_follow = |word: &str| match index.language {
            Language::German => BEFORE_NAMES.contains(&word),
            language => language.is_nominal(word),
        };
        let follows_noun = index.language == Language::German
            && at > 1
            && gap == " "
            && before(at).is_some_and(|before| {
                let is_capital = text[before.start..].starts_with(char::is_uppercase);
                is_capital && !before.is_stop && !counts(&before.normal, index.language)
            });
        if index.language == Language::German
            && !follows_noun
            && !before(at).is_some_and(|word| may_follow(&word.normal))
        {
            return None;
        }
        let is_name = index.has_capitals
            && index.language != Language::German
            && word.is_some_and(|word| word.has_capital && !word.has_small);
        let needed = if is_name { 1 } else { 2 };
        let is_unheard = !region.has(&term.token.normal);
        // "Yusuf Yilmaz" for "Yusuf Demir".
        let first_name = before(at)
            .filter(|_| follows_noun && is_unheard)
            .map(|first| first.normal.as_str());
        let is_after_name = before(at).is_some_and(|word| BEFORE_NAMES[3..8].contains(&word.normal.as_str()));
        let is_place = |word: &str| index.language == Language::German && BEFORE_PLACES.contains(&word);
        let is_place_ours = before(at).is_some_and(|word| is_place(&word.normal)) && is_unheard;
        let ours = [
            neighbours(claim.len(), at, false, |at| {
                (claim[at].content > 0.0).then_some(claim[at].stem)
            }),
            neighbours(claim.len(), at, true, |at| {
                (claim[at].content > 0.0).then_some(claim[at].stem)
            }),
        ];
        let is_claimed = |name: &str| claim.iter().any(|term| term.token.normal == name);
        // "Pryce" for "Gordon", who is Gordon Pryce elsewhere.
        let is_other_half = |theirs: u32| {
            index.has_capitals
                && (is_said_together(index, theirs, term.stem) || is_said_together(index, term.stem, theirs))
        };
        let said = sentences.iter().find_map(|sentence| {
            let stem = |place: usize| {
                let word = index.word_at(sentence.start + place);
                (word.content > 0.0).then_some(word.stem)
            };
            sentence.clone().find(|&place| {
                let word = index.word_at(place);
                if word.content < 1.0
                    || (index.has_capitals && (!word.has_capital || word.has_small))
                    || word.normal.starts_with(|c: char| c.is_ascii_digit())
                    || !(index.has_capitals || (place > 0 && may_follow(&index.word_at(place - 1).normal)))
                    || word.normal.contains(&term.token.normal)
                    || term.token.normal.contains(&word.normal)
                    || claim.iter().any(|term| term.stem == word.stem)
                    || of_same_country(&word.normal).any(is_claimed)
                    || is_other_half(word.stem)
                {
                    return false;
                }
                if is_place_ours && place > sentence.start && is_place(&index.word_at(place - 1).normal) {
                    return true;
                }
                let before_theirs = (place > sentence.start).then(|| index.word_at(place - 1));
                if first_name.is_some() && before_theirs.map(|word| word.normal.as_str()) == first_name {
                    return true;
                }
                let needed = match before_theirs {
                    Some(word) if is_unheard && is_after_name && BEFORE_NAMES[3..8].contains(&word.normal.as_str()) => {
                        1
                    }
                    _ => needed,
                };
                let here = place - sentence.start;
                let theirs = [
                    neighbours(sentence.len(), here, false, stem),
                    neighbours(sentence.len(), here, true, stem),
                ];
                let same: Vec<usize> = ours
                    .iter()
                    .zip(&theirs)
                    .map(|(ours, theirs)| {
                        ours.iter()
                            .zip(theirs)
                            .take_while(|(a, b)| a == b && **a != UNKNOWN)
                            .count()
                    })
                    .collect();
                same.iter().sum::<usize>() >= needed
            })
        })?;
        let theirs = index.slice(index.places[said], index.places[said]);
        (!is_acronym(&theirs)).then_some((written, theirs))
    })
}

/// The stems of the two content words next to a word, on one side of it, nearest first.
fn neighbours(length: usize, at: usize, after: bool, stem: impl Fn(usize) -> Option<u32>) -> Vec<u32> {
    /// Words that may stand between.
    const REACH: usize = 5;
    let near = 1..=REACH;
    let places: Vec<usize> = if after {
        near.map(|step| at + step).filter(|at| *at < length).collect()
    } else {
        near.filter_map(|step| at.checked_sub(step)).collect()
    };
    places.into_iter().filter_map(stem).take(2).collect()
}
