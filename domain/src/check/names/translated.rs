//! The names of a claim in another language than the transcript's, where a name may be translated ("Munich" for "München").

use std::ops::Range;

use super::{Known, candidates, completes_a_name, is_role, is_topic, shown};
use crate::{
    check::{index::Index, numbers::is_unit},
    language::Language,
    tokens::Token,
};

/// The first name of a claim in another language than the transcript's that is told elsewhere in the transcript, and not in its passages. A
/// name that nobody tells may be the transcript's in the claim's language: "Munich" for "München".
pub(in crate::check) fn told_elsewhere<'t>(
    text: &'t str,
    tokens: &'t [Token],
    index: &Index<'_>,
    known: &Known<'_>,
) -> Option<&'t str> {
    const SHORTEST: usize = 3;
    let is_name = |token: &&Token| {
        let written = &text[token.start..token.end];
        let is_told = index
            .word(&token.normal)
            .is_some_and(|word| word.has_capital && !word.has_small);
        written.starts_with(char::is_uppercase)
            && written.chars().count() >= SHORTEST
            && !token.is_stop
            && !is_role(&token.normal)
            && !is_unit(&token.normal)
            && index.has_capitals
            && is_told
    };
    tokens
        .iter()
        .filter(is_name)
        .find(|token| {
            !known.has(&token.normal)
                && !is_topic(text, token, index, known)
                && !completes_a_name(text, token, tokens, index, known)
        })
        .map(|token| shown(text, token))
}

/// The first name of a claim in another language than the transcript's that its passages do not have, where its quoted words have a name
/// that the claim does not. A translated name mostly begins with the same letter. German nouns are written like names, so nothing is told
/// of what is quoted in German.
pub(in crate::check) fn quoted_otherwise_translated<'t>(
    text: &'t str,
    tokens: &'t [Token],
    written: Language,
    index: &Index<'_>,
    known: &Known<'_>,
    quoted: &[Range<usize>],
) -> Option<&'t str> {
    if !index.has_capitals || index.language == Language::German {
        return None;
    }
    let claimed = Known::new(tokens.iter().map(|token| token.normal.as_str()), index);
    let has_other_name = quoted.iter().cloned().flatten().any(|place| {
        let word = index.word_at(place);
        let is_name = word.content > 0.0 && word.has_capital && !word.has_small;
        is_name && word.normal.chars().all(char::is_alphabetic) && !claimed.has(&word.normal)
    });
    let begins_alike = |token: &Token| {
        let first = token.normal.chars().next();
        let mut places = quoted
            .iter()
            .cloned()
            .flatten()
            .flat_map(|place| index.sentence_of(place));
        places.any(|place| {
            let word = index.word_at(place);
            word.content > 0.0 && word.has_capital && word.normal.chars().next() == first
        })
    };
    // "22 December", "March 1427": months are no names in many languages.
    let is_dated = |token: &Token| {
        let is_number = |word: &str| word.trim().starts_with(|c: char| c.is_ascii_digit());
        is_number(text[token.end..].split_whitespace().next().unwrap_or_default())
            || is_number(text[..token.start].split_whitespace().next_back().unwrap_or_default())
    };
    let names = candidates(text, tokens, written, index).into_iter();
    names
        .filter(|token| has_other_name && !is_dated(token) && !begins_alike(token))
        .find(|token| {
            !known.has(&token.normal)
                && !is_topic(text, token, index, known)
                && !completes_a_name(text, token, tokens, index, known)
        })
        .map(|token| shown(text, token))
}
