//! What an OpenAI-compatible server's refusal means. Every server words and shapes it in its own way.

use reqwest::StatusCode;
use serde_json::Value;

use crate::models::{
    ModelError,
    error::{Asked, Detail},
    wire::Refused,
};

/// An error's body, in any of the shapes that servers give it.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub(super) message: String,
    /// `code` and `type`: text at OpenAI, where `code` is a number at llama.cpp.
    names: [String; 2],
    /// llama.cpp's window.
    n_ctx: Option<u32>,
    /// Whether it was JSON with an error in it, not the page of some proxy.
    is_error: bool,
}

impl ErrorBody {
    pub(super) fn read(body: &str) -> Self {
        let Ok(value) = serde_json::from_str::<Value>(body) else {
            return Self {
                message: body.to_owned(),
                ..Self::default()
            };
        };
        let whole = value.get(0).unwrap_or(&value);
        // vLLM had it at the top, FastAPI calls it `detail`, Ollama gives a text alone.
        let error = whole.get("error").or_else(|| whole.get("detail")).unwrap_or(whole);
        let text = |name: &str| match error.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let mut message = error.as_str().map_or_else(|| text("message"), str::to_owned);
        let is_error = !message.is_empty();
        // OpenRouter says itself that somebody else refused, and there what that one said.
        if let Some(raw) = error.pointer("/metadata/raw").and_then(Value::as_str) {
            message = format!("{message} {raw}");
        }
        Self {
            is_error,
            message,
            names: [text("code"), text("type")],
            n_ctx: error
                .get("n_ctx")
                .and_then(Value::as_u64)
                .and_then(|tokens| u32::try_from(tokens).ok()),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// The status that an error in a stream stands for, where its code is one.
    pub(super) fn status(&self) -> Option<StatusCode> {
        let status = StatusCode::from_u16(self.names[0].parse().ok()?).ok()?;
        (status.is_client_error() || status.is_server_error()).then_some(status)
    }

    fn is_too_long(&self, is_server_error: bool) -> bool {
        let message = self.message.to_lowercase();
        self.is("exceed_context_size_error")
            || self.is("context_length_exceeded")
            // LM Studio, in a stream without a code of its own.
            || message.contains("trying to keep the first")
            || message.contains("n_keep")
            || !is_server_error && [
                "maximum context length",
                "maximum model length",
                "request too large",
                "context length exceeded",
                "exceeds the available context",
                "exceeds the context",
                "context window",
                "prompt is too long",
                "too many tokens",
            ]
            .iter()
            .any(|words| message.contains(words))
    }

    fn window(&self) -> Option<u32> {
        self.n_ctx.or_else(|| {
            [
                "maximum context length is ",
                "available context size (",
                "context window of ",
                "maximum model length of ",
                "context length of only ",
                "n_ctx: ",
                "Limit ",
            ]
            .iter()
            .find_map(|words| number_after(&self.message, words))
        })
    }
}

/// The whole number that follows `words`.
fn number_after(text: &str, words: &str) -> Option<u32> {
    let rest = text.get(text.find(words)? + words.len()..)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().filter(|tokens| *tokens > 0)
}

/// Why the server refused, from status and body.
pub(super) fn refusal(asked: Asked, key_from: &str, refused: &Refused<'_>) -> ModelError {
    let error = ErrorBody::read(refused.body);
    let detail = || {
        if error.is_error {
            Detail::new(&error.message)
        } else {
            Detail::new(&format!("status {}", refused.status.as_u16()))
        }
    };
    let retry_after = refused.retry_after;
    if error.is_too_long(refused.status.is_server_error()) || refused.status == StatusCode::PAYLOAD_TOO_LARGE {
        return ModelError::ContextTooLong {
            limit: error.window(),
            asked,
        };
    }
    if ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"]
        .iter()
        .any(|name| error.is(name))
    {
        return ModelError::Quota { asked, until: None };
    }
    if error.is("content_filter") || error.is("content_policy_violation") {
        return ModelError::Blocked {
            reason: detail(),
            asked,
        };
    }
    if error.is("model_not_found") {
        return ModelError::UnknownModel { asked };
    }
    if error.is("rate_limit_exceeded") {
        return ModelError::RateLimited { asked, retry_after };
    }
    if refused.status == StatusCode::FORBIDDEN && error.message.to_lowercase().contains("moderation") {
        // OpenRouter refuses a flagged prompt as others refuse a key.
        return ModelError::Blocked {
            reason: detail(),
            asked,
        };
    }
    match refused.status.as_u16() {
        401 | 403 => ModelError::Auth {
            detail: detail(),
            variable: key_from.to_owned(),
            asked,
        },
        402 => ModelError::Quota { asked, until: None },
        // A 404 without an error in it comes from a server that has no such path: the base URL is wrong.
        404 if error.is_error && error.message.to_lowercase().contains("model") => ModelError::UnknownModel { asked },
        408 => ModelError::Timeout { asked },
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use super::*;

    fn read(status: u16, body: &str) -> ModelError {
        let refused = Refused {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: Some(Duration::from_secs(3)),
            body,
        };
        refusal(Asked::new("OpenAI", "gpt-6-luna"), "OPENAI_API_KEY", &refused)
    }

    #[test]
    fn every_kind_is_told_from_status_and_body() {
        for (status, body, kind) in [
            (
                400,
                r#"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\"}}","provider_name":"X"}}}"#,
                "model_context_too_long",
            ),
            (
                401,
                r#"{"error":{"message":"Incorrect API key provided: sk-abcdefgh","code":"invalid_api_key"}}"#,
                "model_auth",
            ),
            (
                403,
                r#"{"error":{"message":"Country, region, or territory not supported","code":"unsupported_country_region_territory"}}"#,
                "model_auth",
            ),
            (
                402,
                r#"{"error":{"message":"Insufficient credits","code":402}}"#,
                "model_quota",
            ),
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#,
                "model_quota",
            ),
            (
                429,
                r#"{"error":{"message":"Rate limit reached for gpt-6-luna","type":"tokens","code":"rate_limit_exceeded"}}"#,
                "model_rate_limited",
            ),
            (429, "", "model_rate_limited"),
            (
                404,
                r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#,
                "model_unknown",
            ),
            (
                404,
                r#"{"error":{"message":"model 'x' not found, try pulling it first","type":"api_error"}}"#,
                "model_unknown",
            ),
            (
                404,
                r#"{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}"#,
                "model_unknown",
            ),
            (404, "<html>Not Found</html>", "model_bad_request"),
            (404, r#"{"detail":"Not Found"}"#, "model_bad_request"),
            (
                400,
                r#"{"error":{"code":400,"message":"Expected 'messages' to be an array","type":"invalid_request_error"}}"#,
                "model_bad_request",
            ),
            (
                422,
                r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#,
                "model_bad_request",
            ),
            (
                400,
                r#"{"error":{"message":"x","code":"content_filter"}}"#,
                "model_blocked",
            ),
            (408, "", "model_timeout"),
            (409, "", "model_unavailable"),
            (
                413,
                r#"{"error":{"message":"Request too large for model"}}"#,
                "model_context_too_long",
            ),
            (
                500,
                r#"[{"error":{"message":"The server had an error"}}]"#,
                "model_unavailable",
            ),
            (
                503,
                r#"{"error":{"message":"Loading model","type":"unavailable_error","code":503}}"#,
                "model_unavailable",
            ),
            (529, "", "model_unavailable"),
        ] {
            assert_eq!(read(status, body).kind(), kind, "{status} {body}");
        }
    }

    #[test]
    fn the_window_is_read_where_it_is_told() {
        for (body, window) in [
            (
                r#"{"error":{"code":400,"message":"request (9031 tokens) exceeds the available context size (8192 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9031,"n_ctx":8192}}"#,
                Some(8192),
            ),
            (
                r#"{"error":{"message":"This model's maximum context length is 128000 tokens. However, your messages resulted in 140000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
                Some(128_000),
            ),
            (
                r#"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens","code":400}"#,
                Some(4096),
            ),
            (
                r#"{"error":{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}}"#,
                None,
            ),
            (
                r#"{"error":{"message":"maximum context length is 99999999999999999999 tokens"}}"#,
                None,
            ),
        ] {
            match read(400, body) {
                ModelError::ContextTooLong { limit, .. } => assert_eq!(limit, window, "{body}"),
                other => assert_eq!(other.kind(), "model_context_too_long", "{body}"),
            }
        }
    }

    #[test]
    fn waits_are_passed_on_and_proxies_pages_are_not_shown() {
        assert_eq!(read(429, "").retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(read(503, "").retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(
            read(502, "<html>Bad Gateway nginx</html>").to_string(),
            "OpenAI is not available: status 502."
        );
    }
}
