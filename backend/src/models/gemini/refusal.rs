//! What a refusal of Gemini means. The hints on waiting stand in the body, not in headers.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::KEY_VARIABLE;
use crate::models::{
    ModelError,
    error::{Asked, Detail},
    retry,
    wire::Refused,
};

/// Google's error body; a list of one in front of streams.
struct ErrorBody {
    message: String,
    details: Vec<Value>,
}

impl ErrorBody {
    fn read(body: &str) -> Self {
        let whole: Value = serde_json::from_str(body).unwrap_or_default();
        let error = &whole.get(0).unwrap_or(&whole)["error"];
        Self {
            message: error["message"].as_str().unwrap_or_default().to_owned(),
            details: error["details"].as_array().cloned().unwrap_or_default(),
        }
    }

    fn is_bad_key(&self) -> bool {
        self.details.iter().any(|detail| detail["reason"] == "API_KEY_INVALID")
            || self.message.starts_with("API key not valid")
            || self.message.starts_with("API key expired")
    }

    fn is_daily(&self) -> bool {
        self.details
            .iter()
            .filter_map(|detail| detail["violations"].as_array())
            .flatten()
            .filter_map(|violation| violation["quotaId"].as_str())
            .any(|quota| quota.contains("PerDay"))
    }

    /// `RetryInfo`: the hint stands here, not in a header.
    fn retry_delay(&self) -> Option<Duration> {
        self.details
            .iter()
            .find_map(|detail| retry::seconds(detail["retryDelay"].as_str()?))
    }

    /// "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)."
    fn window(&self) -> Option<u32> {
        let (_, rest) = self.message.split_once("tokens allowed")?;
        let digits = rest.trim_start_matches([' ', '(', ':']);
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }
}

/// Why Google refused, from status and body; `now` is what a new day is counted from.
pub(super) fn refusal(asked: Asked, refused: &Refused<'_>, now: DateTime<Utc>) -> ModelError {
    let error = ErrorBody::read(refused.body);
    let detail = || match error.message.as_str() {
        "" => Detail::new(&format!("status {}", refused.status.as_u16())),
        message => Detail::new(message),
    };
    let retry_after = error.retry_delay().or(refused.retry_after);
    match refused.status.as_u16() {
        400 if error.is_bad_key() => ModelError::Auth {
            detail: detail(),
            variable: KEY_VARIABLE,
            asked,
        },
        401 | 403 => ModelError::Auth {
            detail: detail(),
            variable: KEY_VARIABLE,
            asked,
        },
        400 if error.message.contains("token count") && error.message.contains("exceeds") => {
            ModelError::ContextTooLong {
                limit: error.window(),
                asked,
            }
        }
        402 => ModelError::Quota { asked, until: None },
        404 => ModelError::UnknownModel { asked },
        408 | 504 => ModelError::Timeout { asked },
        429 if error.is_daily() => ModelError::Quota {
            asked,
            until: Some(next_day(now)),
        },
        429 if error.message.contains("credits are depleted") => ModelError::Quota { asked, until: None },
        429 => ModelError::RateLimited { asked, retry_after },
        409 | 499 | 500.. => ModelError::Unavailable {
            detail: detail(),
            retry_after,
            asked,
        },
        _ => ModelError::BadRequest {
            detail: detail(),
            asked,
        },
    }
}

/// Daily quotas begin anew at midnight in California: 08:00 UTC in winter. In summer that is an hour late, which costs
/// less than a calendar of time zones.
fn next_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.date_naive().and_hms_opt(8, 0, 0).map_or(now, |time| time.and_utc());
    if today > now {
        today
    } else {
        today + chrono::Duration::days(1)
    }
}
