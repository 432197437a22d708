//! What an OpenAI-compatible server's refusal means. Every server words and shapes it in its own way.

use reqwest::StatusCode;
use serde_json::Value;

use super::KEY_VARIABLE;
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
        let message = error.as_str().map_or_else(|| text("message"), str::to_owned);
        Self {
            is_error: !message.is_empty(),
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

    fn is_too_long(&self) -> bool {
        let message = self.message.to_lowercase();
        self.is("exceed_context_size_error")
            || self.is("context_length_exceeded")
            || [
                "maximum context length",
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
pub(super) fn refusal(asked: Asked, refused: &Refused<'_>) -> ModelError {
    let error = ErrorBody::read(refused.body);
    let detail = || {
        if error.is_error {
            Detail::new(&error.message)
        } else {
            Detail::new(&format!("status {}", refused.status.as_u16()))
        }
    };
    let retry_after = refused.retry_after;
    if error.is_too_long() && !refused.status.is_server_error() || refused.status == StatusCode::PAYLOAD_TOO_LARGE {
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
    match refused.status.as_u16() {
        401 | 403 => ModelError::Auth {
            detail: detail(),
            variable: KEY_VARIABLE,
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
