//! The check of a claim against the transcript (design.md §2a): quotes, overlap, numbers, names, negations. Pure functions.
//!
//! Each mark of a claim is looked up: does its passage exist, do its quoted words stand there, does the claim's wording
//! fit there better than nearly everywhere else? A claim is as good as its best mark:
//!
//! | quote                         | wording fits      | some of it fits   | nothing fits     | other language |
//! |-------------------------------|-------------------|-------------------|------------------|----------------|
//! | found within the passage ± 1  | matched           | check: wording    | check: wording   | quote found    |
//! | found once elsewhere          | the same, and the citation moves there        ||| quote found    |
//! | given, but found nowhere      | check: quote      | not found         | not found        | not found      |
//! | none given                    | matched           | check: no quote   | not found        | check: no quote|
//! | passage does not exist, quote found nowhere     | not found | not found     | not found        | not found      |
//!
//! A claim without any mark leads to the passage that has most of its words, where that are half of them or more, as "check"; else it is
//! not found.
//!
//! "Wording fits" is told of all its marks together: what their passages have of its words, against the one passage that has most
//! of them; and each of its sentences must have something of its own said there.
//!
//! Before that: where the claim itself stands word for word in the cited passages ± 1, it is verbatim. A claim that would
//! be "not found" is verbatim too where it stands word for word in exactly one place of the transcript, which is then cited.
//!
//! After that: what differs in numbers, names or negations, says the opposite, or is put in quotation marks and was not said, makes any verdict but "not found" a "check", except where
//! every word of the claim was said as it is. Across languages only numbers and names are compared, those that may be translated with care.

mod corrections;
mod index;
mod irregular;
mod judge;
mod names;
mod negation;
mod numbers;
mod opposites;
mod overlap;
mod quote;
mod speakers;

use self::{index::Index, judge::Judge};
use crate::{
    citations::{Block, Draft, blocks},
    language::Language,
    passages::Passage,
    summary::Claim,
    tokens::tokens,
};

/// A body whose words are this well known to the transcript is in its language, whatever the letter statistics say.
const SAME_LANGUAGE_SHARE: f32 = 0.6;

/// What claims are held against.
#[derive(Debug)]
pub struct Checker<'a> {
    /// The transcript's passages, all that were in the prompt, in the order of their ordinals.
    pub passages: &'a [Passage],
    /// The transcript's language.
    pub language: Language,
    /// Title, channel and description: names that stand there count as known.
    pub context: &'a str,
}

impl Checker<'_> {
    /// Checks a whole body; the claims come in the order of [`crate::citations::blocks`].
    #[must_use]
    pub fn check(&self, body: &str) -> Vec<Claim> {
        let drafts: Vec<Draft> = blocks(body, false)
            .into_iter()
            .flat_map(|block| match block {
                Block::Heading { .. } => Vec::new(),
                Block::Paragraph(claims) | Block::Item(claims) => claims,
            })
            .collect();
        if drafts.is_empty() {
            return Vec::new();
        }
        let index = Index::new(self.passages, self.language);
        let texts: Vec<String> = drafts.iter().map(|draft| plain(&draft.text)).collect();
        let written = written_in(&index, &texts);
        let context = tokens(self.context, self.language);
        let judge = Judge {
            index: &index,
            written,
            context: &context,
        };
        drafts
            .into_iter()
            .zip(&texts)
            .map(|(draft, text)| {
                let ruling = judge.rule(text, &draft.marks);
                Claim {
                    text: draft.text,
                    verdict: ruling.verdict,
                    detail: ruling.detail,
                    citations: ruling.citations,
                }
            })
            .collect()
    }
}

/// Whether what a [`Claim`]'s detail says is about a number that differs: a veto that nothing lifts.
#[must_use]
pub fn is_about_numbers(detail: &str) -> bool {
    // A name stands in quotation marks.
    let mut said = detail.split("the summary says ").skip(1);
    said.any(|rest| !rest.starts_with('“'))
}

/// A claim's words without emphasis marks that would stick to them; as long as before.
fn plain(text: &str) -> String {
    text.replace(['_', '`'], " ")
}

/// The language the claims are written in, told from all of them together: one alone is too short.
fn written_in(index: &Index<'_>, texts: &[String]) -> Language {
    let whole = texts.join("\n");
    let written = Language::detect(&whole);
    if written == index.language {
        return written;
    }
    let terms = index.terms(&whole);
    let content: f32 = terms.iter().map(|term| term.content).sum();
    let known: f32 = terms
        .iter()
        .filter(|term| term.word != index::UNKNOWN)
        .map(|term| term.content)
        .sum();
    if known >= SAME_LANGUAGE_SHARE * content {
        index.language
    } else {
        written
    }
}

#[cfg(test)]
mod tests;
