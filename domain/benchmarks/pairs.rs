//! The pairs of `claims.json`, each put to the check: shared by the benchmark and by the test that holds its bars.

use std::{collections::BTreeMap, error::Error};

use domain::{
    check::Checker,
    language::Language,
    passages::Passage,
    sentences::Sentence,
    summary::{Claim, Verdict},
    transcript::Span,
};
use serde::Deserialize;

const PAIRS: &str = include_str!("claims.json");

/// Milliseconds that a sentence takes.
const SENTENCE_MS: u64 = 6_000;

#[derive(Deserialize)]
struct Pairs {
    talks: Vec<Talk>,
}

#[derive(Deserialize)]
struct Talk {
    language: String,
    context: String,
    passages: Vec<String>,
    claims: Vec<Pair>,
}

/// A claim and where it leads.
#[derive(Deserialize)]
#[serde(untagged)]
enum Pair {
    /// Kind, cited passage, quoted words, claim.
    One(String, u32, String, String),
    /// Kind, claim, cited passages with quoted words.
    Several(String, String, Vec<(u32, String)>),
}

impl Pair {
    fn kind(&self) -> &str {
        match self {
            Self::One(kind, ..) | Self::Several(kind, ..) => kind,
        }
    }

    /// As a model writes it.
    fn line(&self) -> String {
        match self {
            Self::One(_, passage, quote, text) => format!("- {text} [{passage} \"{quote}\"]\n"),
            Self::Several(_, text, marks) => {
                let marks = marks.iter().map(|(passage, quote)| format!(" [{passage} \"{quote}\"]"));
                format!("- {text}{}\n", marks.collect::<String>())
            }
        }
    }
}

/// A pair and what the check says.
pub struct Outcome {
    /// The talk's language, by its code.
    pub language: String,
    /// What is wrong with the claim, or `true`.
    pub kind: String,
    /// What the check made of it.
    pub claim: Claim,
}

impl Outcome {
    /// Whether nothing is wrong with the claim.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.kind.ends_with("true")
    }

    /// Whether the check accepts it.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(
            self.claim.verdict,
            Verdict::Verbatim | Verdict::Matched | Verdict::QuoteFound
        )
    }
}

/// Puts every pair to the check. A body holds the claims of one language, since a summary has one.
///
/// # Errors
/// Where the file does not read, or a claim gets lost.
pub fn outcomes() -> Result<Vec<Outcome>, Box<dyn Error>> {
    outcomes_of(PAIRS)
}

/// The same with another file's pairs.
///
/// # Errors
/// Where it does not read, or a claim gets lost.
pub fn outcomes_of(pairs: &str) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let pairs: Pairs = serde_json::from_str(pairs)?;
    let mut outcomes = Vec::new();
    for talk in pairs.talks {
        let passages = passages(&talk.passages);
        let checker = Checker {
            passages: &passages,
            language: Language::from_code(&talk.language),
            context: &talk.context,
        };
        for is_foreign in [false, true] {
            let claims: Vec<_> = talk
                .claims
                .iter()
                .filter(|pair| pair.kind().starts_with("other-") == is_foreign)
                .collect();
            let body: String = claims.iter().map(|pair| pair.line()).collect();
            let checked = checker.check(&body);
            if checked.len() != claims.len() {
                return Err(format!("{} claims became {}", claims.len(), checked.len()).into());
            }
            outcomes.extend(claims.iter().zip(checked).map(|(pair, claim)| Outcome {
                language: talk.language.clone(),
                kind: pair.kind().to_owned(),
                claim,
            }));
        }
    }
    Ok(outcomes)
}

/// How many claims of each kind there are, and how many the check refuses.
#[must_use]
pub fn refused(outcomes: &[Outcome]) -> BTreeMap<&str, (usize, usize)> {
    let mut kinds = BTreeMap::new();
    for outcome in outcomes {
        let (all, refused) = kinds.entry(outcome.kind.as_str()).or_insert((0, 0));
        *all += 1;
        *refused += usize::from(!outcome.is_accepted());
    }
    kinds
}

fn passages(texts: &[String]) -> Vec<Passage> {
    let mut start_ms = 0;
    let mut sentence = |text: &str| {
        let span = Span {
            start_ms,
            end_ms: start_ms + SENTENCE_MS,
        };
        start_ms = span.end_ms;
        Sentence {
            text: text.trim().to_owned(),
            span: Some(span),
            speaker: None,
        }
    };
    let cut = |text: &str| -> Vec<Sentence> {
        let mut sentences = Vec::new();
        let mut rest = text;
        while let Some(at) = rest
            .find(". ")
            .or_else(|| rest.find("。").filter(|at| at + 3 < rest.len()))
        {
            let (first, after) = rest.split_at(at + rest[at..].chars().next().map_or(1, char::len_utf8));
            sentences.push(sentence(first));
            rest = after;
        }
        sentences.push(sentence(rest));
        sentences
    };
    (1..)
        .zip(texts.iter().map(String::as_str).map(cut))
        .map(|(ordinal, sentences)| Passage {
            ordinal,
            span: sentences
                .first()
                .and_then(|sentence| sentence.span)
                .zip(sentences.last().and_then(|sentence| sentence.span))
                .map(|(first, last)| Span {
                    start_ms: first.start_ms,
                    end_ms: last.end_ms,
                }),
            sentences,
        })
        .collect()
}
