//! A claim that negates what the passage does not, or the other way round: by the words next to a negation.

use std::ops::Range;

use super::index::{Index, Term, UNKNOWN};
use crate::language::Language;

/// A negation belongs to the content words this many words after it.
const REACH: usize = 4;

/// In German and Dutch it stands behind the verb and its objects: this many words before it count too.
const REACH_BACK: usize = 2;

/// A negation this near to one of the claim's negated words, in the passage, or in their sentence, is taken for theirs.
const NEAR: usize = 6;

/// A sentence must have this share of the claim's words for its negations to be held against the claim.
const LEAST_SHARE: f32 = 0.3;

/// The same for Japanese, where the whole sentence is compared.
const LEAST_JAPANESE_SHARE: f32 = 0.75;

/// What differs; `None` where nothing does. `region` holds the cited passages, `nearest` the sentence most like the claim,
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
        return japanese(index, text, claim, nearest);
    }
    let is_negation = |term: &Term| index.language.is_negation(&term.token.normal);
    let claimed: Vec<bool> = (0..claim.len())
        .map(|at| is_negation(&claim[at]) && !is_contrast(text, claim, at))
        .collect();
    // A negation reaches no further than its clause.
    let ends: Vec<bool> = claim
        .iter()
        .map(|term| text[term.token.end..].trim_start().starts_with(is_clause_mark))
        .collect();
    let negated = reached(&claimed, &ends, index.language);
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
                around.chain(sentence_of(index, place)).any(|place| {
                    let word = index.word_at(place);
                    word.is_negation || implies_negation(&word.normal, index.language)
                })
            };
            let differs = places().next().is_some() && !places().any(is_negated);
            differs.then(|| format!("says “{}”, the passage does not", negation.token.normal))
        }
        None if claim
            .iter()
            .any(|term| is_negation(term) || turns_round(&term.token.normal, index.language)) =>
        {
            None
        }
        None => {
            if let Some(negation) = quoted.iter().find_map(|places| in_quote(index, claim, places)) {
                return Some(format!("the passage says “{negation}”, the summary does not"));
            }
            let (said, negated) = scopes(index, nearest);
            if !said.contains(&true) || share(index, claim, nearest) < LEAST_SHARE {
                return None;
            }
            let matched = |at: usize| is_claimed(index, claim, nearest.start + at);
            let under = (0..said.len()).filter(|at| matched(*at) && negated[*at]).count();
            let free = (0..said.len()).filter(|at| matched(*at) && !negated[*at]).count();
            // What is negated first counts most: "do not run anymore since the bridge opened" is about running.
            let is_content = |at: &usize| index.word_at(nearest.start + at).content > 0.0;
            let first = said
                .iter()
                .position(|negates| *negates)
                .and_then(|at| (at + 1..said.len()).find(is_content));
            let is_first = first.is_some_and(|at| matched(at) && negated[at]);
            if under == 0 || (under < free && !(is_first && under * 2 >= free)) {
                return None;
            }
            let negation = said.iter().position(|negates| *negates)?;
            let word = &index.word_at(nearest.start + negation).normal;
            Some(format!("the passage says “{word}”, the summary does not"))
        }
    }
}

/// Japanese negates at the end of the verb, a character a word here: sentences are compared as a whole.
fn japanese(index: &Index<'_>, text: &str, claim: &[Term], nearest: &Range<usize>) -> Option<String> {
    /// Endings that look like negations and are none, or are two.
    const OTHERS: [&str; 12] = [
        "少ない",
        "少なく",
        "危ない",
        "ならない",
        "なりません",
        "いけない",
        "いけません",
        "かもしれない",
        "かもしれません",
        "間違いない",
        "だけでなく",
        "ではないか",
    ];
    const NEGATIONS: [&str; 7] = ["ません", "ない", "なかった", "なく", "ずに", "ぬ", "無い"];
    let negation = |text: &str| {
        let text = OTHERS
            .iter()
            .fold(text.to_owned(), |text, other| text.replace(other, ""));
        NEGATIONS.iter().find(|negation| text.contains(**negation)).copied()
    };
    if share(index, claim, nearest) < LEAST_JAPANESE_SHARE {
        return None;
    }
    let (first, last) = (
        index.places.get(nearest.start)?,
        index.places.get(nearest.end.checked_sub(1)?)?,
    );
    match (negation(text), negation(&index.slice(*first, *last))) {
        (Some(ours), None) => Some(format!("says “{ours}”, the passage does not")),
        (None, Some(theirs)) => Some(format!("the passage says “{theirs}”, the summary does not")),
        _ => None,
    }
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

/// A negation in the quoted words that holds for a word of the claim: what was picked as evidence says the contrary.
fn in_quote<'a>(index: &'a Index<'_>, claim: &[Term], places: &Range<usize>) -> Option<&'a str> {
    let (said, negated) = scopes(index, places);
    let is_negated = |at: usize| negated[at] && is_claimed(index, claim, places.start + at);
    let negation = said.iter().position(|negates| *negates)?;
    (0..said.len())
        .any(is_negated)
        .then(|| index.word_at(places.start + negation).normal.as_str())
}

/// Which of some places are negations, and which are reached by one.
fn scopes(index: &Index<'_>, places: &Range<usize>) -> (Vec<bool>, Vec<bool>) {
    let said: Vec<bool> = places.clone().map(|place| index.word_at(place).is_negation).collect();
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
    let negated = reached(&said, &ends, index.language);
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
    /// "n'… qu'" and the like are "only".
    const ONLY: [&str; 14] = [
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
        "que",
        "qu'",
        "soltanto",
        "apenas",
    ];
    const JOINS: [&str; 12] = [
        "and", "but", "or", "und", "aber", "sondern", "et", "mais", "y", "pero", "e", "mas",
    ];
    let before = &text[if at == 0 { 0 } else { claim[at - 1].token.end }..claim[at].token.start];
    let joins = at > 0 && JOINS.contains(&claim[at - 1].token.normal.as_str());
    let only = claim[at + 1..]
        .iter()
        .take(REACH)
        .any(|term| ONLY.contains(&term.token.normal.as_str()));
    before.contains(is_clause_mark) || joins || only
}

/// The places of the sentence that a place is in.
fn sentence_of(index: &Index<'_>, place: usize) -> Range<usize> {
    let of = |place: usize| index.places.get(place).map(|place| (place.passage, place.sentence));
    let mut range = place..place + 1;
    while range.start > 0 && of(range.start - 1) == of(place) {
        range.start -= 1;
    }
    while of(range.end) == of(place) {
        range.end += 1;
    }
    range
}

/// Words by which a claim says "not" in another way: "advises against", "in the pan instead of the oven".
fn turns_round(word: &str, language: Language) -> bool {
    let words: &[&str] = match language {
        Language::English => &[
            "against", "instead", "rather", "except", "unlike", "only", "beyond", "too", "free", "barely",
        ],
        Language::German => &[
            "gegen",
            "statt",
            "anstatt",
            "anstelle",
            "außer",
            "nur",
            "verzichte",
            "verzichten",
            "verzichtet",
            "frei",
            "ab",
            "kaum",
        ],
        Language::Spanish => &[
            "contra",
            "vez",
            "lugar",
            "excepto",
            "salvo",
            "solo",
            "sólo",
            "desaconseja",
            "demasiado",
        ],
        Language::French => &["contre", "lieu", "plutôt", "sauf", "seulement", "déconseille", "trop"],
        Language::Portuguese => &["contra", "vez", "exceto", "só", "apenas", "somente", "desaconselha"],
        Language::Italian => &["contro", "invece", "tranne", "solo", "soltanto", "sconsiglia"],
        Language::Dutch => &["tegen", "plaats", "behalve", "alleen", "slechts"],
        _ => &[],
    };
    words.contains(&word) || implies_negation(word, language)
}

/// Words that negate without being negations: "refused to pay" is "would not pay".
fn implies_negation(word: &str, language: Language) -> bool {
    let starts: &[&str] = match language {
        Language::English => &[
            "refus",
            "reject",
            "fail",
            "deni",
            "deny",
            "declin",
            "avoid",
            "prevent",
            "lack",
            "ignor",
            "unable",
            "impossible",
            "instead",
            "stop",
            "forbid",
            "ban",
        ],
        Language::German => &[
            "weiger",
            "verweiger",
            "ablehn",
            "abgelehnt",
            "lehnt",
            "verhinder",
            "vermeid",
            "fehl",
            "unmöglich",
            "verbot",
        ],
        Language::Spanish => &["neg", "rechaz", "evit", "falt", "imposible", "prohib", "ignor"],
        Language::French => &["refus", "rejet", "évit", "manqu", "impossible", "interdi", "ignor"],
        _ => &[],
    };
    starts.iter().any(|start| word.starts_with(start))
}

fn is_clause_mark(c: char) -> bool {
    matches!(
        c,
        '.' | ',' | ';' | ':' | '!' | '?' | '—' | '–' | '。' | '，' | '、' | '；' | '：' | '؛' | '،'
    )
}

/// Which words a negation reaches; `ends` tells after which words a clause ends.
fn reached(negates: &[bool], ends: &[bool], language: Language) -> Vec<bool> {
    let back = if matches!(language, Language::German | Language::Dutch) {
        REACH_BACK
    } else {
        0
    };
    let mut reached = vec![false; negates.len()];
    for at in (0..negates.len()).filter(|at| negates[*at]) {
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
