//! What a refusal of Anthropic means.

use chrono::{DateTime, NaiveDate, Utc};
use reqwest::StatusCode;
use serde_json::Value;

use crate::models::{
    ModelError,
    error::{Asked, Detail},
    wire::Refused,
};

/// The status that an error in a stream would have had.
pub(super) fn status_of(kind: &str) -> StatusCode {
    match kind {
        "invalid_request_error" => StatusCode::BAD_REQUEST,
        "authentication_error" => StatusCode::UNAUTHORIZED,
        "billing_error" => StatusCode::PAYMENT_REQUIRED,
        "permission_error" => StatusCode::FORBIDDEN,
        "not_found_error" => StatusCode::NOT_FOUND,
        "request_too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "rate_limit_error" => StatusCode::TOO_MANY_REQUESTS,
        "timeout_error" => StatusCode::GATEWAY_TIMEOUT,
        "overloaded_error" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Why Anthropic refused, from status and body.
pub(super) fn refusal(asked: Asked, key_from: &str, refused: &Refused<'_>) -> ModelError {
    let body: Value = serde_json::from_str(refused.body).unwrap_or_default();
    let error = &body["error"];
    let message = error["message"].as_str().unwrap_or_default();
    let lower = message.to_lowercase();
    let detail = || match message {
        "" => Detail::new(&format!("status {}", refused.status.as_u16())),
        message => Detail::new(message),
    };
    let retry_after = refused.retry_after;
    // An exhausted purse is told as a bad request.
    if lower.contains("credit balance is too low") || lower.contains("usage limits") {
        return ModelError::Quota {
            asked,
            until: regained(message),
        };
    }
    let too_long = lower.contains("prompt is too long") || lower.contains("exceed context limit");
    match refused.status.as_u16() {
        400 | 413 if too_long => ModelError::ContextTooLong {
            limit: window(&lower),
            asked,
        },
        413 => ModelError::ContextTooLong { limit: None, asked },
        401 | 403 => ModelError::Auth {
            detail: detail(),
            variable: key_from.to_owned(),
            asked,
        },
        402 => ModelError::Quota { asked, until: None },
        // A 404 without an error in it comes from a server that has no such path: the base URL is wrong.
        404 if error["type"] == "not_found_error" => ModelError::UnknownModel { asked },
        408 | 504 => ModelError::Timeout { asked },
        429 => ModelError::RateLimited { asked, retry_after },
        409 | 500.. => ModelError::Unavailable {
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

/// "prompt is too long: 210000 tokens > 200000 maximum", "… exceed context limit: 190000 + 20000 > 200000, …"
fn window(message: &str) -> Option<u32> {
    let (_, limit) = message.split_once("> ")?;
    limit.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// "You will regain access on 2026-12-01 at 00:00 UTC."
fn regained(message: &str) -> Option<DateTime<Utc>> {
    let (_, date) = message.split_once("regain access on ")?;
    let day: NaiveDate = date.get(..10)?.parse().ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use super::*;

    fn read(status: u16, kind: &str, message: &str) -> ModelError {
        let refused = Refused {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: Some(Duration::from_secs(7)),
            body: &serde_json::json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"})
                .to_string(),
        };
        refusal(
            Asked::new("Anthropic", "claude-haiku-4-5"),
            "ANTHROPIC_API_KEY",
            &refused,
        )
    }

    #[test]
    fn every_kind_is_told_from_status_and_body() {
        for (status, kind, message, expected) in [
            (401, "authentication_error", "invalid x-api-key", "model_auth"),
            (
                403,
                "permission_error",
                "Your API key does not have permission",
                "model_auth",
            ),
            (402, "billing_error", "Check your payment details", "model_quota"),
            (
                400,
                "invalid_request_error",
                "Your credit balance is too low to access the Anthropic API.",
                "model_quota",
            ),
            (404, "not_found_error", "model: claude-9", "model_unknown"),
            (404, "", "", "model_bad_request"),
            (
                400,
                "invalid_request_error",
                "prompt is too long: 210000 tokens > 200000 maximum",
                "model_context_too_long",
            ),
            (
                413,
                "request_too_large",
                "Request exceeds the maximum size",
                "model_context_too_long",
            ),
            (
                400,
                "invalid_request_error",
                "max_tokens: Field required",
                "model_bad_request",
            ),
            (
                429,
                "rate_limit_error",
                "This request would exceed your rate limit",
                "model_rate_limited",
            ),
            (500, "api_error", "Internal server error", "model_unavailable"),
            (504, "timeout_error", "Request timed out", "model_timeout"),
            (529, "overloaded_error", "Overloaded", "model_unavailable"),
        ] {
            assert_eq!(
                read(status, kind, message).kind(),
                expected,
                "{status} {kind} {message}"
            );
        }
    }

    #[test]
    fn what_errors_in_streams_stand_for() {
        for (kind, expected) in [
            ("overloaded_error", "model_unavailable"),
            ("rate_limit_error", "model_rate_limited"),
            ("authentication_error", "model_auth"),
            ("billing_error", "model_quota"),
            ("timeout_error", "model_timeout"),
            ("api_error", "model_unavailable"),
            ("yet_unknown", "model_unavailable"),
        ] {
            assert_eq!(read(status_of(kind).as_u16(), kind, "x").kind(), expected, "{kind}");
        }
    }

    #[test]
    fn windows_waits_and_ends_of_quotas_are_read() {
        for message in [
            "prompt is too long: 210000 tokens > 200000 maximum",
            "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length",
        ] {
            let error = read(400, "invalid_request_error", message);
            assert!(
                matches!(
                    error,
                    ModelError::ContextTooLong {
                        limit: Some(200_000),
                        ..
                    }
                ),
                "{error:?}"
            );
        }
        assert_eq!(
            read(429, "rate_limit_error", "x").retry_after(),
            Some(Duration::from_secs(7))
        );
        let message =
            "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.";
        assert_eq!(
            read(400, "invalid_request_error", message),
            ModelError::Quota {
                asked: Asked::new("Anthropic", "claude-haiku-4-5"),
                until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
            }
        );
    }
}
