//! A summary: blocks of claims, each with what the check found and the passages it leads to.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{extract::Form, language::Language, prompt, run::Request, transcript::Source};

/// What is said of the words of a summary that the predecessor of this program wrote.
pub const NEVER_CHECKED: &str = "Imported from the predecessor; its words were never checked";

/// Who wrote a summary whose sentences are the transcript's own.
pub const EXTRACTIVE: &str = "extractive";

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

    /// What people read where there is more to say: what differs, or who compared, as a sentence of its own.
    #[must_use]
    pub fn with_detail(self, detail: Option<&str>) -> String {
        let Some(detail) = detail else {
            return self.words().to_owned();
        };
        let mut letters = detail.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
        self.verdict.with_detail(self.detail.as_deref())
    }

    /// What is said behind its words where they are read without the page's signs; `None` where the wording matches.
    #[must_use]
    pub fn caveat(&self) -> Option<Cow<'_, str>> {
        match (self.verdict, self.detail.as_deref()) {
            (verdict, _) if verdict == Verdict::NotFound || self.citations.is_empty() => {
                Some("not found in the transcript".into())
            }
            (Verdict::Check, Some(detail)) => Some(format!("differs: {detail}").into()),
            (Verdict::Check, None) => Some("differs from what was said".into()),
            (Verdict::QuoteFound, _) => Some("quote found; wording not compared".into()),
            _ => None,
        }
    }
}

/// The code of the language of a model's claims, where that is surely not the one that was asked for: `wanted`, a code.
#[must_use]
pub fn other_language(claims: &[Claim], wanted: &str) -> Option<String> {
    let words: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    Some(Language::unlike(wanted, &words.join(" "))?.code().to_owned())
}

/// A language's English name; its code where we know none.
fn name_of(code: &str) -> &str {
    match Language::from_code(code) {
        Language::Other => code,
        known => known.name(),
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
    /// The code of the language that the model wrote in, where that is surely not the one that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_language: Option<String>,
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

impl Provenance {
    /// Where another one than the model that was asked for wrote it: why, and who did, as a person reads it.
    #[must_use]
    pub fn instead(&self) -> Option<String> {
        let why = self.fallback.as_ref()?;
        Some(if self.model == EXTRACTIVE {
            format!("{why} Below stand sentences from the transcript.")
        } else {
            format!("{why} {} wrote instead.", self.model)
        })
    }
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

    /// The code of the language it is written in; empty where that is not known. An extract stays in the transcript's, whatever was
    /// asked for.
    #[must_use]
    pub fn written_in(&self) -> &str {
        if let Some(other) = &self.provenance.other_language {
            return other;
        }
        let asked = self.request.language.as_deref();
        asked
            .filter(|_| self.provenance.model != EXTRACTIVE)
            .unwrap_or(&self.provenance.transcript_language)
    }

    /// What was asked for and sentences from a transcript can't give: another language than its own, and what can't be picked. Nothing
    /// where a model wrote.
    #[must_use]
    pub fn beyond_an_extract(&self) -> Option<String> {
        if self.provenance.model != EXTRACTIVE {
            return None;
        }
        let primary = |code: &str| code.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let own = self.provenance.transcript_language.as_str();
        let asked = self.request.language.as_deref();
        let other = asked.filter(|asked| !own.is_empty() && primary(asked) != primary(own));
        let language = other.map(|code| format!("in {}", name_of(code)));
        let style = self.request.style.as_str();
        let style = (!Form::is_near(style)).then(|| format!("in the style “{}”", prompt::title(style)));
        let asked: Vec<String> = language.into_iter().chain(style).collect();
        let told = if own.is_empty() {
            String::new()
        } else {
            format!(", in its language ({})", name_of(own))
        };
        (!asked.is_empty()).then(|| {
            let asked = asked.join(" and ");
            format!("These are sentences from the transcript{told}. Only a model can write {asked}.")
        })
    }

    /// Whether nothing that it says was found in the transcript: small models write about something else altogether.
    #[must_use]
    pub fn is_unfounded(&self) -> bool {
        !self.claims.is_empty() && self.claims.iter().all(|claim| claim.verdict == Verdict::NotFound)
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
    /// Verbatim or matched.
    pub matched: u32,
    /// Quote found: the wording, in another language, was not compared.
    #[serde(default)]
    pub quote_found: u32,
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
                Verdict::Verbatim | Verdict::Matched => tally.matched += 1,
                Verdict::QuoteFound => tally.quote_found += 1,
                Verdict::Check => tally.check += 1,
                Verdict::NotFound => tally.not_found += 1,
            }
        }
        tally
    }

    /// "11 match · 2 quotes found · 1 to check · 1 not found"; parts that are zero are left out, but for the first: "0 match"
    /// is news, except where the wording could not be compared. Without any claims "nothing checked".
    #[must_use]
    pub fn words(self) -> String {
        if self == Self::default() {
            return "nothing checked".to_owned();
        }
        let mut parts = Vec::new();
        if self.matched > 0 || self.quote_found == 0 {
            parts.push(format!("{} match", self.matched));
        }
        if self.quote_found > 0 {
            parts.push(match self.quote_found {
                1 => "1 quote found".to_owned(),
                n => format!("{n} quotes found"),
            });
        }
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
    #![expect(clippy::unwrap_used, reason = "tests")]

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
            "2 match · 1 quote found · 1 to check · 1 not found"
        );
        assert_eq!(
            Tally::of(&[Verdict::QuoteFound, Verdict::QuoteFound].map(claim)).words(),
            "2 quotes found"
        );
        assert_eq!(Tally::of(&[claim(Verdict::Matched)]).words(), "1 match");
        assert_eq!(Tally::of(&[]).words(), "nothing checked");
        assert_eq!(Tally::of(&[claim(Verdict::NotFound)]).words(), "0 match · 1 not found");
    }

    #[test]
    fn an_extract_stays_in_the_language_of_the_transcript() {
        let mut summary = Summary {
            id: String::new(),
            video_id: String::new(),
            title: String::new(),
            request: Request {
                model: "m".to_owned(),
                style: "briefing".to_owned(),
                language: Some("de".to_owned()),
                words: 250,
                span: None,
            },
            body: String::new(),
            claims: Vec::new(),
            provenance: Provenance {
                model: "m".to_owned(),
                transcript_language: "en".to_owned(),
                ..Provenance::default()
            },
            created_at: 0,
        };
        assert_eq!(summary.written_in(), "de");
        // Also where it stands in for a model that could not answer.
        summary.provenance.model = EXTRACTIVE.to_owned();
        assert_eq!(summary.written_in(), "en");
    }

    #[test]
    fn an_extract_says_what_only_a_model_can_do() {
        let extract = |style: &str, language: Option<&str>| Summary {
            id: String::new(),
            video_id: String::new(),
            title: String::new(),
            request: Request {
                model: EXTRACTIVE.to_owned(),
                style: style.to_owned(),
                language: language.map(str::to_owned),
                words: 250,
                span: None,
            },
            body: String::new(),
            claims: Vec::new(),
            provenance: Provenance {
                model: EXTRACTIVE.to_owned(),
                transcript_language: "en".to_owned(),
                ..Provenance::default()
            },
            created_at: 0,
        };
        let both = extract("study-notes", Some("de"));
        assert_eq!(
            both.beyond_an_extract().as_deref(),
            Some(
                "These are sentences from the transcript, in its language (English). Only a model can write in German and \
                 in the style “Study notes”."
            )
        );
        let own = extract("For my class@0123456789ab", None).beyond_an_extract();
        assert!(own.is_some_and(|said| said.ends_with("Only a model can write in the style “For my class”.")));
        for (style, language) in [("briefing", None), ("tldr", Some("en-GB")), ("chapters", Some("en"))] {
            assert_eq!(extract(style, language).beyond_an_extract(), None);
        }
        let mut written = both;
        written.provenance.model = "m".to_owned();
        assert_eq!(written.beyond_an_extract(), None);
    }

    /// What was kept before quotes were counted by themselves.
    #[test]
    fn a_tally_without_quotes_is_read() {
        let tally: Tally = serde_json::from_str(r#"{"matched":2,"check":1,"not_found":0}"#).unwrap();
        assert_eq!(tally.words(), "2 match · 1 to check");
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

    #[test]
    fn what_is_not_compared_or_differs_is_said_behind_the_words() {
        let citation = Citation {
            passage: 1,
            start_ms: None,
            end_ms: None,
            text: String::new(),
            quote: None,
        };
        let caveat = |verdict, detail: Option<&str>| {
            let claim = Claim {
                text: String::new(),
                verdict,
                detail: detail.map(str::to_owned),
                citations: vec![citation.clone()],
            };
            claim.caveat().map(Cow::into_owned)
        };
        assert_eq!(caveat(Verdict::Verbatim, None), None);
        assert_eq!(
            caveat(Verdict::Matched, Some("compared by m: the meaning matches")),
            None
        );
        let said = [
            (Verdict::QuoteFound, None, "quote found; wording not compared"),
            (Verdict::Check, Some("30, not 13"), "differs: 30, not 13"),
            (Verdict::Check, None, "differs from what was said"),
            (Verdict::NotFound, None, "not found in the transcript"),
        ];
        for (verdict, detail, words) in said {
            assert_eq!(caveat(verdict, detail).as_deref(), Some(words));
        }
    }
}
