//! What a refusal of Gemini means. The hints on waiting stand in the body, not in headers.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;

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
pub(super) fn refusal(asked: Asked, key_from: &str, refused: &Refused<'_>, now: DateTime<Utc>) -> ModelError {
    let error = ErrorBody::read(refused.body);
    let detail = || match error.message.as_str() {
        "" => Detail::new(&format!("status {}", refused.status.as_u16())),
        message => Detail::new(message),
    };
    let retry_after = error.retry_delay().or(refused.retry_after);
    match refused.status.as_u16() {
        400 if error.is_bad_key() => ModelError::Auth {
            detail: detail(),
            variable: key_from.to_owned(),
            asked,
        },
        401 | 403 => ModelError::Auth {
            detail: detail(),
            variable: key_from.to_owned(),
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use reqwest::StatusCode;

    use super::*;

    fn read_at(status: u16, body: &str, now: &str) -> ModelError {
        let refused = Refused {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            body,
        };
        refusal(
            Asked::new("Gemini", "gemini-flash-latest"),
            "GOOGLE_API_KEY",
            &refused,
            now.parse().unwrap(),
        )
    }

    fn read(status: u16, body: &str) -> ModelError {
        read_at(status, body, "2026-11-20T12:00:00Z")
    }

    fn quota(id: &str) -> String {
        format!(
            r#"{{"error":{{"code":429,"message":"You exceeded your current quota","status":"RESOURCE_EXHAUSTED","details":[
                {{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{{"quotaMetric":"m","quotaId":"{id}","quotaDimensions":{{"model":"x"}}}}]}},
                {{"@type":"type.googleapis.com/google.rpc.Help"}},
                {{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"47s"}}]}}}}"#
        )
    }

    #[test]
    fn every_kind_is_told_from_status_and_body() {
        for (status, body, kind) in [
            (
                400,
                r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
                "model_auth",
            ),
            (401, "", "model_auth"),
            (
                403,
                r#"{"error":{"code":403,"message":"x","status":"PERMISSION_DENIED"}}"#,
                "model_auth",
            ),
            (
                400,
                r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
                "model_bad_request",
            ),
            (
                404,
                r#"{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}"#,
                "model_unknown",
            ),
            (408, "", "model_timeout"),
            (
                500,
                r#"[{"error":{"code":500,"message":"Internal","status":"INTERNAL"}}]"#,
                "model_unavailable",
            ),
            (503, "", "model_unavailable"),
            (504, "", "model_timeout"),
            (429, "", "model_rate_limited"),
            (
                429,
                r#"{"error":{"code":429,"message":"Your prepayment credits are depleted."}}"#,
                "model_quota",
            ),
        ] {
            assert_eq!(read(status, body).kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn a_quota_a_minute_waits_as_told_and_one_a_day_until_the_next() {
        let minute = quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier");
        assert_eq!(read(429, &minute).kind(), "model_rate_limited");
        assert_eq!(read(429, &minute).retry_after(), Some(Duration::from_secs(47)));
        assert_eq!(
            read(429, &format!("[{minute}]")).retry_after(),
            Some(Duration::from_secs(47))
        );

        let day = quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier");
        for (now, words) in [
            ("2026-11-20T12:00:00Z", "2026-11-21T08:00:00Z"),
            ("2026-11-20T07:59:00Z", "2026-11-20T08:00:00Z"),
            ("2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z"),
        ] {
            let expected = ModelError::Quota {
                asked: Asked::new("Gemini", "gemini-flash-latest"),
                until: Some(words.parse().unwrap()),
            };
            assert_eq!(read_at(429, &day, now), expected);
        }
    }

    #[test]
    fn the_window_is_read_where_it_is_told() {
        let body = r#"{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#;
        assert!(matches!(
            read(400, body),
            ModelError::ContextTooLong {
                limit: Some(1_048_576),
                ..
            }
        ));
    }
}
