//! A summary: blocks of claims, each with what the check found and the passages it leads to.

use serde::{Deserialize, Serialize};

use crate::{run::Request, transcript::Source};

/// What is said of the words of a summary that the predecessor of this program wrote.
pub const NEVER_CHECKED: &str = "Imported from the predecessor; its words were never checked";

/// The model of an imported summary, where the predecessor did not write down which it was.
pub const UNKNOWN_MODEL: &str = "unknown";

/// What the check found about a claim. Never "true": only how its words stand to the transcript's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Said in these words.
    Verbatim,
    /// Wording matches.
    Matched,
    /// Quote found; wording not compared (other language).
    QuoteFound,
    /// Something differs; [`Claim::detail`] says what.
    Check,
    /// Not found in the transcript; the claim has no citation and no time.
    NotFound,
}

impl Verdict {
    /// The name it is stored and sent under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verbatim => "verbatim",
            Self::Matched => "matched",
            Self::QuoteFound => "quote_found",
            Self::Check => "check",
            Self::NotFound => "not_found",
        }
    }

    /// Whether the transcript bears the claim out, as far as it was compared.
    #[must_use]
    pub fn is_found(self) -> bool {
        matches!(self, Self::Verbatim | Self::Matched | Self::QuoteFound)
    }

    /// What people read (design.md §2a).
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Verbatim => "Said in these words",
            Self::Matched => "Wording matches",
            Self::QuoteFound => "Quote found; wording not compared (other language)",
            Self::Check => "Differs from what was said",
            Self::NotFound => "Not found in the transcript",
        }
    }
}

/// Where a claim leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The passage's ordinal.
    pub passage: u32,
    /// When the cited sentences start; always within the passage. `None` in a text without times.
    pub start_ms: Option<u64>,
    /// When they end.
    pub end_ms: Option<u64>,
    /// The passage's text.
    pub text: String,
    /// The words of `text` that the quote aligned with, where there was a quote.
    pub quote: Option<String>,
}

/// One claim and what the check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Its words, citation marks removed; inline Markdown (emphasis, code) is kept.
    pub text: String,
    /// What the check found.
    pub verdict: Verdict,
    /// For [`Verdict::Check`], what differs: "the summary says 30, the transcript 13".
    pub detail: Option<String>,
    /// Where it leads; empty for [`Verdict::NotFound`].
    pub citations: Vec<Citation>,
}

impl Claim {
    /// What people read about it: the verdict's words, or what differs as a sentence of its own ("The summary says 30,
    /// the transcript 13").
    #[must_use]
    pub fn words(&self) -> String {
        let Some(detail) = &self.detail else {
            return self.verdict.words().to_owned();
        };
        let mut letters = detail.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

/// Where a summary came from: shown in one line, whole under "Details".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Where the words came from: a [`crate::transcript::Source`]'s name.
    pub source: String,
    /// The track's name as YouTube gives it ("English (auto-generated)"), or the file's.
    pub track: Option<String>,
    /// The track's id at YouTube.
    #[serde(default)]
    pub track_id: Option<String>,
    /// The transcript's language code.
    pub transcript_language: String,
    /// Who wrote the text: `extractive` or the model that answered.
    pub model: String,
    /// Where the model that was asked could not answer, and another one or the extract stands in for it: why.
    pub fallback: Option<String>,
    /// Which prompt, e.g. `briefing-2.2`; `None` for extracts.
    pub prompt_version: Option<String>,
    /// The words of a prompt that somebody wrote, as they were then.
    #[serde(default)]
    pub prompt_text: Option<String>,
    /// Tokens sent, as the provider counted them.
    pub input_tokens: Option<u64>,
    /// Tokens received, as the provider counted them.
    pub output_tokens: Option<u64>,
    /// Dollars for these tokens; `None` where the price is not known.
    pub cost: Option<f64>,
    /// Model calls made for this summary.
    pub calls: u32,
    /// Model answers that were kept from an earlier try and not paid for again.
    pub reused_calls: u32,
    /// Seconds from the start of work to the end.
    pub seconds: f64,
    /// What the summary covers: the share (0 to 1) of what was said that lies in cited passages.
    pub coverage: f64,
}

/// A finished summary.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Its id; the id of the run that made it.
    pub id: String,
    /// The video's or upload's id.
    pub video_id: String,
    /// The video's title.
    pub title: String,
    /// What was asked for.
    pub request: Request,
    /// Markdown with citation marks, as written.
    pub body: String,
    /// The claims, in the order of [`crate::citations::blocks`].
    pub claims: Vec<Claim>,
    /// Where it came from.
    pub provenance: Provenance,
    /// When it was kept: seconds since 1970.
    pub created_at: i64,
}

impl Summary {
    /// Whether the predecessor of this program wrote it: there is no transcript, no claim and no time then.
    #[must_use]
    pub fn is_imported(&self) -> bool {
        self.provenance.source == Source::Imported.as_str()
    }

    /// How its claims came out, in words.
    #[must_use]
    pub fn checked(&self) -> String {
        if self.is_imported() {
            NEVER_CHECKED.to_owned()
        } else {
            Tally::of(&self.claims).words()
        }
    }
}

/// How the claims of a summary came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Verbatim, matched or quote found.
    pub matched: u32,
    /// To check.
    pub check: u32,
    /// Not found.
    pub not_found: u32,
}

impl Tally {
    /// Counts verdicts.
    #[must_use]
    pub fn of(claims: &[Claim]) -> Self {
        let mut tally = Self::default();
        for claim in claims {
            match claim.verdict {
                Verdict::Verbatim | Verdict::Matched | Verdict::QuoteFound => tally.matched += 1,
                Verdict::Check => tally.check += 1,
                Verdict::NotFound => tally.not_found += 1,
            }
        }
        tally
    }

    /// "11 match · 1 to check · 1 not found"; parts that are zero are left out, but for the first: "0 match" is news.
    /// Without any claims "nothing checked".
    #[must_use]
    pub fn words(self) -> String {
        if self == Self::default() {
            return "nothing checked".to_owned();
        }
        let mut parts = vec![match self.matched {
            1 => "1 matches".to_owned(),
            n => format!("{n} match"),
        }];
        if self.check > 0 {
            parts.push(format!("{} to check", self.check));
        }
        if self.not_found > 0 {
            parts.push(format!("{} not found", self.not_found));
        }
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies() {
        let claim = |verdict| Claim {
            text: String::new(),
            verdict,
            detail: None,
            citations: Vec::new(),
        };
        let claims = [
            Verdict::Verbatim,
            Verdict::Matched,
            Verdict::QuoteFound,
            Verdict::Check,
            Verdict::NotFound,
        ];
        assert_eq!(
            Tally::of(&claims.map(claim)).words(),
            "3 match · 1 to check · 1 not found"
        );
        assert_eq!(Tally::of(&[claim(Verdict::Matched)]).words(), "1 matches");
        assert_eq!(Tally::of(&[]).words(), "nothing checked");
        assert_eq!(Tally::of(&[claim(Verdict::NotFound)]).words(), "0 match · 1 not found");
    }

    #[test]
    fn a_claim_says_what_differs() {
        let mut claim = Claim {
            text: String::new(),
            verdict: Verdict::Check,
            detail: Some("the summary says 30, the transcript 13".to_owned()),
            citations: Vec::new(),
        };
        assert_eq!(claim.words(), "The summary says 30, the transcript 13");
        claim.detail = None;
        assert_eq!(claim.words(), "Differs from what was said");
    }
}
