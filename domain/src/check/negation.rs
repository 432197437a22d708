//! A claim that negates what the passage does not, or the other way round: by the words next to a negation.

mod japanese;
mod words;

use std::ops::Range;

use self::words::{implies_negation, turns_round};
use super::index::{Index, Term, UNKNOWN};
use crate::language::Language;

/// A negation belongs to the content words this many words after it.
const REACH: usize = 4;

/// In German and Dutch it stands behind the verb and its objects: this many words before it count too.
const REACH_BACK: usize = 2;

/// A negation this near to one of the claim's negated words, in the passage, or in their sentence, is taken for theirs.
const NEAR: usize = 6;

/// "Not … until": this many words apart at most.
const UNTIL_REACH: usize = 10;

/// A sentence must have this share of the claim's words for its negations to be held against the claim.
const LEAST_SHARE: f32 = 0.3;

/// The same for Japanese, where the whole sentence is compared.
const LEAST_JAPANESE_SHARE: f32 = 0.75;

/// What differs; `None` where nothing does. `region` holds the passages that the claim leads to, `nearest` the sentence most like it,
/// `quoted` what its marks quote.
pub(super) fn differ(
    index: &Index<'_>,
    text: &str,
    claim: &[Term],
    region: &[Range<usize>],
    nearest: &Range<usize>,
    quoted: &[Range<usize>],
) -> Option<String> {
    if index.language == Language::Japanese {
        return japanese(index, text, claim, nearest, quoted);
    }
    let is_negation = |term: &Term| index.language.is_negation(&term.token.normal);
    let counts = |at: usize| {
        claim
            .get(at + 1)
            .is_some_and(|next| is_number(&next.token.normal, index.language))
    };
    let claimed: Vec<bool> = (0..claim.len())
        .map(|at| {
            is_negation(&claim[at])
                && !is_aside(&claim[at].token.normal)
                && !is_contrast(text, claim, at)
                && !counts(at)
        })
        .collect();
    // A negation reaches no further than its clause.
    let ends: Vec<bool> = claim
        .iter()
        .map(|term| text[term.token.end..].trim_start().starts_with(is_clause_mark))
        .collect();
    let words: Vec<&str> = claim.iter().map(|term| term.token.normal.as_str()).collect();
    let negated = reached(&claimed, &ends, &words);
    if let Some((negation, _)) = claim.iter().zip(&claimed).find(|(_, negates)| **negates) {
        let is_denied = quoted.iter().any(|places| denies(index, places));
        return (!is_denied && is_affirmed(index, claim, &negated, region))
            .then(|| format!("says “{}”, the passage does not", negation.token.normal));
    }
    if claim
        .iter()
        .any(|term| is_negation(term) || turns_round(&term.token.normal, index.language))
    {
        return None;
    }
    let word = quoted
        .iter()
        .find_map(|places| in_quote(index, claim, places))
        .or_else(|| in_sentence(index, claim, nearest))?;
    Some(format!("the passage says “{word}”, the summary does not"))
}

/// Whether a negation holds for what is said beside: what is without something is mostly told in other words.
fn is_aside(word: &str) -> bool {
    matches!(word, "without" | "ohne" | "sans" | "sin" | "sem" | "senza")
}

/// Whether the passages have words that the claim negates, and negate none of them.
fn is_affirmed(index: &Index<'_>, claim: &[Term], negated: &[bool], region: &[Range<usize>]) -> bool {
    let words: Vec<u32> = (0..claim.len())
        .filter(|at| negated[*at] && claim[*at].content > 0.0 && claim[*at].stem != UNKNOWN)
        .map(|at| claim[at].stem)
        .collect();
    let is_negated = |place: usize| {
        let around = place.saturating_sub(NEAR)..(place + NEAR + 1).min(index.places.len());
        around.chain(index.sentence_of(place)).any(|place| {
            let word = index.word_at(place);
            word.is_negation || implies_negation(&word.normal, index.language)
        })
    };
    let mut places = region
        .iter()
        .cloned()
        .flatten()
        .filter(|place| words.contains(&index.word_at(*place).stem))
        .peekable();
    places.peek().is_some() && !places.any(is_negated)
}

/// A negation in the sentence most like the claim that holds for most of what they share.
fn in_sentence<'a>(index: &'a Index<'_>, claim: &[Term], sentence: &Range<usize>) -> Option<&'a str> {
    let (said, negated) = scopes(index, sentence);
    let negation = said.iter().position(|negates| *negates)?;
    if share(index, claim, sentence) < LEAST_SHARE {
        return None;
    }
    let matched = |at: usize| is_claimed(index, claim, sentence.start + at);
    let under = (0..said.len()).filter(|at| matched(*at) && negated[*at]).count();
    let free = (0..said.len()).filter(|at| matched(*at) && !negated[*at]).count();
    // What is negated first counts most: "do not run anymore since the bridge opened" is about running.
    let first = (negation + 1..said.len()).find(|at| index.word_at(sentence.start + at).content > 0.0);
    let is_first = first.is_some_and(|at| matched(at) && negated[at]);
    let holds = under > 0 && (under >= free || (is_first && under * 2 >= free));
    holds.then(|| index.word_at(sentence.start + negation).normal.as_str())
}

/// Japanese negates at the end of the verb, a character a word here. What the transcript says is looked for where it is quoted, up
/// to the end of that clause, since captions without full stops are one sentence; without a quote in the sentence most like the claim.
fn japanese(
    index: &Index<'_>,
    text: &str,
    claim: &[Term],
    nearest: &Range<usize>,
    quoted: &[Range<usize>],
) -> Option<String> {
    if share(index, claim, nearest) < LEAST_JAPANESE_SHARE {
        return None;
    }
    let said = |places: &Range<usize>| {
        let (first, last) = (places.start, places.end.checked_sub(1)?);
        Some(index.slice(*index.places.get(first)?, *index.places.get(last)?))
    };
    let whole = said(nearest)?;
    if let Some(ours) = japanese::negation(text) {
        return (!japanese::may_negate(&whole)).then(|| format!("says “{ours}”, the passage does not"));
    }
    if japanese::may_negate(text) {
        return None;
    }
    let clauses: Vec<String> = quoted
        .iter()
        .filter_map(|places| said(&to_clause_end(index, places)))
        .collect();
    let clauses = if clauses.is_empty() { vec![whole] } else { clauses };
    let theirs = clauses.iter().find_map(|clause| japanese::negation(clause))?;
    Some(format!("the passage says “{theirs}”, the summary does not"))
}

/// Quoted words and what follows them up to a gap or a mark.
fn to_clause_end(index: &Index<'_>, places: &Range<usize>) -> Range<usize> {
    let sentence = index.sentence_of(places.end.saturating_sub(1));
    let is_joined = |at: usize| index.places[at - 1].end == index.places[at].start;
    let end = (places.end..sentence.end.max(places.end)).find(|at| !is_joined(*at));
    places.start..end.unwrap_or(sentence.end.max(places.end))
}

/// What share of the claim's content words a sentence has.
fn share(index: &Index<'_>, claim: &[Term], nearest: &Range<usize>) -> f32 {
    let content: f32 = claim.iter().map(|term| term.content).sum();
    let found: f32 = claim
        .iter()
        .filter(|term| nearest.clone().any(|place| index.word_at(place).stem == term.stem))
        .map(|term| term.content)
        .sum();
    found / content.max(f32::MIN_POSITIVE)
}

/// A negation in the quoted words, of which the first word that it holds for is the claim's: what was picked as evidence says the
/// contrary. That a later word is the claim's says less: "no tengo ninguna tarjeta" is "prescinde de las tarjetas".
fn in_quote<'a>(index: &'a Index<'_>, claim: &[Term], places: &Range<usize>) -> Option<&'a str> {
    let (said, negated) = scopes(index, places);
    let negation = said.iter().position(|negates| *negates)?;
    let first = (negation + 1..said.len()).find(|at| index.word_at(places.start + at).content > 0.0)?;
    let holds = negated[first] && is_claimed(index, claim, places.start + first);
    holds.then(|| index.word_at(places.start + negation).normal.as_str())
}

/// Whether the sentences that quoted words stand in deny anything.
fn denies(index: &Index<'_>, places: &Range<usize>) -> bool {
    let mut said = index.sentence_of(places.start).start..index.sentence_of(places.end.saturating_sub(1)).end;
    said.any(|place| {
        let word = index.word_at(place);
        let is_first_time = matches!(word.normal.as_str(), "first" | "erste" | "erstes");
        word.is_negation || is_first_time || implies_negation(&word.normal, index.language)
    })
}

/// "Keine zwei Minuten", "no, nine": a number is not negated.
fn is_number(word: &str, language: Language) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || language.number_word(word).is_some()
}

/// Which of some places are negations, and which are reached by one.
fn scopes(index: &Index<'_>, places: &Range<usize>) -> (Vec<bool>, Vec<bool>) {
    let counts =
        |place: usize| places.contains(&(place + 1)) && is_number(&index.word_at(place + 1).normal, index.language);
    // "It does not come until May": it comes then.
    let waits = |place: usize| {
        index.language == Language::English
            && (place + 1..(place + 1 + UNTIL_REACH).min(index.sentence_of(place).end))
                .any(|place| index.word_at(place).normal == "until")
    };
    // "Why not the full test?"
    let asks = |place: usize| place > places.start && index.word_at(place - 1).normal == "why";
    let said: Vec<bool> = places
        .clone()
        .map(|place| index.word_at(place).is_negation && !counts(place) && !asks(place) && !waits(place))
        .collect();
    let ends: Vec<bool> = places
        .clone()
        .map(|at| {
            let place = index.places[at];
            let sentence = &index.passages[place.passage as usize].sentences[place.sentence as usize];
            sentence.text[place.end as usize..]
                .trim_start()
                .starts_with(is_clause_mark)
        })
        .collect();
    let words: Vec<&str> = places
        .clone()
        .map(|place| index.word_at(place).normal.as_str())
        .collect();
    let negated = reached(&said, &ends, &words);
    (said, negated)
}

/// Whether a place's word says something, and the claim has it.
fn is_claimed(index: &Index<'_>, claim: &[Term], place: usize) -> bool {
    let word = index.word_at(place);
    word.content > 0.0 && claim.iter().any(|term| term.stem == word.stem)
}

/// Whether a negation sets one thing against another ("wool, not cotton", "and not the volcano") or takes nothing away ("not
/// only"): the passage may have said the first half alone, or more.
fn is_contrast(text: &str, claim: &[Term], at: usize) -> bool {
    const ONLY: [&str; 12] = [
        "just",
        "only",
        "merely",
        "necessarily",
        "nur",
        "bloß",
        "sólo",
        "solo",
        "solamente",
        "seulement",
        "soltanto",
        "apenas",
    ];
    const JOINS: [&str; 12] = [
        "and", "but", "or", "und", "aber", "sondern", "et", "mais", "y", "pero", "e", "mas",
    ];
    let before = &text[if at == 0 { 0 } else { claim[at - 1].token.end }..claim[at].token.start];
    let joins = at > 0 && JOINS.contains(&claim[at - 1].token.normal.as_str());
    let after = || {
        claim[at + 1..]
            .iter()
            .take(REACH)
            .map(|term| term.token.normal.as_str())
    };
    // "il n'a qu'une vis": no more than one.
    let is_exception = matches!(claim[at].token.normal.as_str(), "n'" | "ne")
        && after().any(|word| matches!(word, "que" | "qu'"))
        && !after().any(|word| matches!(word, "pas" | "plus" | "jamais" | "rien"));
    before.contains(is_clause_mark) || joins || is_exception || after().any(|word| ONLY.contains(&word))
}

fn is_clause_mark(c: char) -> bool {
    matches!(
        c,
        '.' | ',' | ';' | ':' | '!' | '?' | '—' | '–' | '。' | '，' | '、' | '；' | '：' | '؛' | '،'
    )
}

/// Which words a negation reaches; `ends` tells after which words a clause ends.
fn reached(negates: &[bool], ends: &[bool], words: &[&str]) -> Vec<bool> {
    /// Those that stand behind their verb.
    const BEHIND: [&str; 8] = ["nicht", "nie", "niemals", "nichts", "niet", "nooit", "niets", "kaum"];
    let mut reached = vec![false; negates.len()];
    for at in (0..negates.len()).filter(|at| negates[*at]) {
        let back = if BEHIND.contains(&words[at]) { REACH_BACK } else { 0 };
        let last = (at + REACH).min(negates.len() - 1);
        let last = (at..last).find(|at| ends[*at]).unwrap_or(last);
        reached[at.saturating_sub(back)..=last].fill(true);
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
