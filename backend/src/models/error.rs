//! What a model or its provider would not do: the kinds that callers decide by, and their words for people.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    fault::{Fault, Whose},
    timecode::length,
};

use super::secret::{Secret, clean};

/// Waits where the provider named none: long enough for a restart, short enough to still be of use.
const RATE_LIMIT_WAIT: Duration = Duration::from_secs(60);
const OUTAGE_WAIT: Duration = Duration::from_secs(30);

/// The kind of [`ModelError::UnknownModel`].
pub const UNKNOWN_MODEL: &str = "model_unknown";

/// Who was asked for what. Both are shortened and free of control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `Gemini`, `OpenAI`, or the host of a configured base URL.
    pub provider: String,
    /// The model, as it was asked for.
    pub model: String,
}

impl Asked {
    /// Cleans both names: the model's comes from outside.
    pub(super) fn new(provider: &str, model: &str) -> Self {
        Self {
            provider: clean(provider, 80),
            model: clean(model, 80),
        }
    }
}

/// A provider's own words: one line of at most 300 characters without control characters and keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    /// Cleans them.
    pub(crate) fn new(text: &str) -> Self {
        Self(clean(text, 300))
    }

    /// The same without what it repeats of a secret.
    fn hide(&mut self, secret: &Secret) {
        self.0 = secret.hide_in(&self.0);
    }
}

impl std::fmt::Display for Detail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() {
            "it gave no reason"
        } else {
            self.0.trim_end_matches('.')
        })
    }
}

/// What a model or its provider would not do (reference/llm-and-speech.md §1.5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The key was refused.
    #[error("{} refused the key: {detail}.", .asked.provider)]
    Auth {
        /// Who was asked for what.
        asked: Asked,
        /// Where the key stands: a variable, or a place in CONFIG_FILE.
        variable: String,
        /// The provider's words.
        detail: Detail,
    },
    /// The model's provider is not set up.
    #[error("{model} can't be asked, since {variable} is not set.")]
    NotConfigured {
        /// The model that was named.
        model: String,
        /// The variable to set.
        variable: &'static str,
    },
    /// The provider has no such model.
    #[error("{} has no model called {}.", .asked.provider, .asked.model)]
    UnknownModel {
        /// Who was asked for what.
        asked: Asked,
    },
    /// The quota of the day or the credit is used up.
    #[error("{} has used up its quota{}.", .asked.model, until_words(*.until))]
    Quota {
        /// Who was asked for what.
        asked: Asked,
        /// When there is a new one; `None` where somebody must pay first.
        until: Option<DateTime<Utc>>,
    },
    /// What may be spent on models in a day is spent.
    #[error("What this server may spend on models in a day is spent{}.", until_words(Some(*.until)))]
    BudgetSpent {
        /// When there is a new budget.
        until: DateTime<Utc>,
    },
    /// Too many requests or tokens a minute.
    #[error("{} asked this server to slow down{}.", .asked.provider, wait_words(*.retry_after))]
    RateLimited {
        /// Who was asked for what.
        asked: Asked,
        /// How long to wait, where told.
        retry_after: Option<Duration>,
    },
    /// The prompt does not fit into the model's window.
    #[error("The text is too long for {}{}.", .asked.model, limit_words(*.limit))]
    ContextTooLong {
        /// Who was asked for what.
        asked: Asked,
        /// The window in tokens, where told.
        limit: Option<u32>,
    },
    /// The provider's filters stopped the prompt or the answer.
    #[error("{} declined to answer: {reason}.", .asked.model)]
    Blocked {
        /// Who was asked for what.
        asked: Asked,
        /// The filter's name or words.
        reason: Detail,
    },
    /// The answer came too close to a text that the provider protects (lyrics, long quotes).
    #[error("{} stopped, since its text came too close to a protected one.", .asked.model)]
    Recitation {
        /// Who was asked for what.
        asked: Asked,
    },
    /// The request was not accepted, for a reason that is none of the others.
    #[error("{} did not accept the request: {detail}.", .asked.provider)]
    BadRequest {
        /// Who was asked for what.
        asked: Asked,
        /// The provider's words.
        detail: Detail,
    },
    /// Overloaded, starting, broken, or no connection.
    #[error("{} is not available: {detail}.", .asked.provider)]
    Unavailable {
        /// Who was asked for what.
        asked: Asked,
        /// How long to wait, where told.
        retry_after: Option<Duration>,
        /// The provider's words, or why there was no connection.
        detail: Detail,
    },
    /// No answer, or no more of it, in time.
    #[error("{} did not answer in time.", .asked.model)]
    Timeout {
        /// Who was asked for what.
        asked: Asked,
    },
    /// It wrote, but so slowly that it was not heard out.
    #[error("{} writes too slowly: its answer was not whole after {}.", .asked.model, minutes(*.after))]
    TooSlow {
        /// Who was asked for what.
        asked: Asked,
        /// From its first word.
        after: Duration,
    },
    /// The answer broke off or was none that we understand.
    #[error("The answer of {} was not whole: {detail}.", .asked.model)]
    Protocol {
        /// Who was asked for what.
        asked: Asked,
        /// What was wrong with it.
        detail: Detail,
    },
    /// The answer was whole, and nothing but thoughts and wrappings.
    #[error("{} wrote nothing to be read.", .asked.model)]
    Empty {
        /// Who was asked for what.
        asked: Asked,
    },
}

impl ModelError {
    /// Takes out of others' words what they repeat of a secret.
    pub(super) fn hide(&mut self, secret: &Secret) {
        match self {
            Self::Auth { detail, .. }
            | Self::Blocked { reason: detail, .. }
            | Self::BadRequest { detail, .. }
            | Self::Unavailable { detail, .. }
            | Self::Protocol { detail, .. } => detail.hide(secret),
            Self::NotConfigured { .. }
            | Self::UnknownModel { .. }
            | Self::Quota { .. }
            | Self::BudgetSpent { .. }
            | Self::RateLimited { .. }
            | Self::ContextTooLong { .. }
            | Self::Recitation { .. }
            | Self::Timeout { .. }
            | Self::TooSlow { .. }
            | Self::Empty { .. } => {}
        }
    }

    /// The snake_case name: `model_auth`, `model_quota`, `model_rate_limited`, `model_context_too_long`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Auth { .. } => "model_auth",
            Self::NotConfigured { .. } => "model_not_configured",
            Self::UnknownModel { .. } => UNKNOWN_MODEL,
            Self::Quota { .. } => "model_quota",
            Self::BudgetSpent { .. } => "budget_spent",
            Self::RateLimited { .. } => "model_rate_limited",
            Self::ContextTooLong { .. } => "model_context_too_long",
            Self::Blocked { .. } => "model_blocked",
            Self::Recitation { .. } => "model_recitation",
            Self::BadRequest { .. } => "model_bad_request",
            Self::Unavailable { .. } => "model_unavailable",
            Self::Timeout { .. } => "model_timeout",
            Self::TooSlow { .. } => "model_too_slow",
            Self::Protocol { .. } => "model_protocol",
            Self::Empty { .. } => "model_empty",
        }
    }

    /// Whether the provider may have read the prompt, and charge for it.
    pub(super) fn may_have_cost(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::TooSlow { .. }
                | Self::Protocol { .. }
                | Self::Blocked { .. }
                | Self::Recitation { .. }
                | Self::Empty { .. }
        )
    }

    /// Whether another model may be able to do what this one could not. A spent budget is spent for all.
    #[must_use]
    pub fn lets_others_try(&self) -> bool {
        !matches!(self, Self::BudgetSpent { .. })
    }

    /// How long to wait before it is worth another try; `None` where it never is.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Quota { until, .. } => until.map(|until| (until - Utc::now()).to_std().unwrap_or_default()),
            Self::RateLimited { retry_after, .. } => Some(retry_after.unwrap_or(RATE_LIMIT_WAIT)),
            Self::Unavailable { retry_after, .. } => Some(retry_after.unwrap_or(OUTAGE_WAIT)),
            Self::Timeout { .. } | Self::Protocol { .. } => Some(OUTAGE_WAIT),
            Self::Auth { .. }
            | Self::NotConfigured { .. }
            | Self::UnknownModel { .. }
            | Self::BudgetSpent { .. }
            | Self::ContextTooLong { .. }
            | Self::Blocked { .. }
            | Self::Recitation { .. }
            | Self::BadRequest { .. }
            | Self::TooSlow { .. }
            | Self::Empty { .. } => None,
        }
    }

    /// In words for people; `retry_at` is left open.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let (whose, hint) = match self {
            Self::Auth { variable, .. } => (Whose::Setup, format!("Check {variable}, or use another model.")),
            Self::NotConfigured { variable, .. } => (
                Whose::Setup,
                format!("Set {variable} and start the server again, or use another model."),
            ),
            Self::UnknownModel { .. } => (Whose::Input, "Use another model.".to_owned()),
            Self::Quota { until: None, asked } => (
                Whose::Setup,
                format!("Add credit at {}, or use another model.", asked.provider),
            ),
            Self::Quota { until: Some(_), .. } => (Whose::Upstream, "Wait, or use another model.".to_owned()),
            Self::BudgetSpent { .. } => (
                Whose::Setup,
                "Wait, or let whoever runs this server raise DAILY_TOKEN_LIMIT or DAILY_COST_LIMIT.".to_owned(),
            ),
            Self::RateLimited { .. } | Self::Unavailable { .. } | Self::Timeout { .. } | Self::Protocol { .. } => (
                Whose::Upstream,
                "Your request is fine. Wait, or use another model.".to_owned(),
            ),
            Self::Empty { .. } => (
                Whose::Upstream,
                "It may have thought for as long as it may write. Ask for a longer summary, or use another model."
                    .to_owned(),
            ),
            Self::TooSlow { .. } => (
                Whose::Upstream,
                "Your request is fine. Ask for a shorter summary, or use another model.".to_owned(),
            ),
            Self::ContextTooLong { .. } => (Whose::Input, "Use a model that takes longer texts.".to_owned()),
            Self::Blocked { .. } | Self::Recitation { .. } => (Whose::Upstream, "Use another model.".to_owned()),
            Self::BadRequest { .. } => (
                Whose::Setup,
                "Check the address and the name of the model, or use another one.".to_owned(),
            ),
        };
        Fault {
            kind: self.kind().to_owned(),
            whose,
            message: self.to_string(),
            hint,
            retry_at: None,
        }
    }
}

/// The server does not know the reader's time zone: the page may show `retry_after` in the reader's own.
fn until_words(until: Option<DateTime<Utc>>) -> String {
    let words = |until: DateTime<Utc>| {
        let is_soon = until - Utc::now() <= TimeDelta::hours(24);
        let form = if is_soon { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        format!(" until {} UTC", until.format(form))
    };
    until.map_or_else(String::new, words)
}

fn minutes(duration: Duration) -> String {
    match duration.as_millis().div_ceil(60_000) {
        1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// A wait that is told; not one of moments, which is over by the time it is read.
fn wait_words(wait: Option<Duration>) -> String {
    wait.filter(|wait| *wait >= Duration::from_mins(1))
        .map_or_else(String::new, |wait| {
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
            format!(", and to come again in {}", length(seconds))
        })
}

fn limit_words(limit: Option<u32>) -> String {
    limit.map_or_else(String::new, |limit| format!(", which takes {limit} tokens at once"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn asked() -> Asked {
        Asked::new("OpenAI", "gpt-6-luna\n\u{1b}[0m")
    }

    #[test]
    fn messages_say_who_and_what_without_the_providers_noise() {
        let detail = Detail::new("Incorrect API key provided:\n sk-proj-abcdef123456.\u{202e}");
        let error = ModelError::Auth {
            asked: asked(),
            variable: "OPENAI_API_KEY".to_owned(),
            detail,
        };
        let fault = error.fault();
        assert_eq!(fault.kind, "model_auth");
        assert_eq!(fault.whose, Whose::Setup);
        assert_eq!(
            fault.message,
            "OpenAI refused the key: Incorrect API key provided: ***."
        );
        assert_eq!(fault.hint, "Check OPENAI_API_KEY, or use another model.");

        let error = ModelError::UnknownModel { asked: asked() };
        assert_eq!(error.to_string(), "OpenAI has no model called gpt-6-luna [0m.");
        let detail = Detail::new(&"long ".repeat(1000));
        let error = ModelError::BadRequest { asked: asked(), detail };
        assert!(error.to_string().chars().count() < 360);
    }

    #[test]
    fn a_long_wait_is_told() {
        let limited = |seconds: u64| ModelError::RateLimited {
            asked: asked(),
            retry_after: Some(Duration::from_secs(seconds)),
        };
        assert_eq!(
            limited(86_000).to_string(),
            "OpenAI asked this server to slow down, and to come again in 23 h 53 min."
        );
        assert_eq!(limited(5).to_string(), "OpenAI asked this server to slow down.");
    }

    #[test]
    fn a_quota_says_until_when_and_waits_so_long() {
        let until = Utc::now() + Duration::from_secs(3600);
        let error = ModelError::Quota {
            asked: asked(),
            until: Some(until),
        };
        assert!(
            error
                .to_string()
                .ends_with(&format!("has used up its quota until {} UTC.", until.format("%H:%M")))
        );
        let wait = error.retry_after().unwrap();
        assert!(wait <= Duration::from_secs(3600) && wait > Duration::from_secs(3000));

        let gone_by = ModelError::Quota {
            asked: asked(),
            until: Some(Utc::now() - Duration::from_secs(60)),
        };
        assert_eq!(gone_by.retry_after(), Some(Duration::ZERO));
        let billing = ModelError::Quota {
            asked: asked(),
            until: None,
        };
        assert_eq!(billing.retry_after(), None);
        assert_eq!(billing.to_string(), "gpt-6-luna [0m has used up its quota.");
    }

    #[test]
    fn what_never_gets_better_has_no_next_try() {
        assert_eq!(ModelError::Recitation { asked: asked() }.retry_after(), None);
        assert!(ModelError::Timeout { asked: asked() }.retry_after().is_some());
    }
}
