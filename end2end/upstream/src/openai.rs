//! The OpenAI-compatible server: chat completions, streamed or whole, and the list of models. Frames are spelled as
//! llama.cpp's server and OpenAI's spell them.

use std::convert::Infallible;

use axum::{
    Json, Router,
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::{Stream, StreamExt as _};
use serde_json::{Value, json};

use crate::{
    anthropic,
    writer::{Model, NAMES, pieces, tokens},
};

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/models", get(models))
}

/// Anthropic's list has the same path; its header tells who is asked.
async fn models(headers: HeaderMap) -> Response {
    if headers.contains_key("anthropic-version") {
        return anthropic::models(&headers);
    }
    let data: Vec<Value> = NAMES
        .iter()
        .map(|name| {
            let mut model = json!({"id": name, "object": "model", "created": 1_760_000_000, "owned_by": "fixture"});
            // The small ones keep their window to themselves, so that it has to be learned.
            let is_small = |model: &Model| matches!(model, Model::Small | Model::Cutting);
            if let Some(known) = Model::named(name).filter(|model| !is_small(model)) {
                model["context_length"] = json!(known.window());
            }
            model
        })
        .collect();
    Json(json!({"object": "list", "data": data})).into_response()
}

fn error(status: StatusCode, kind: &str, code: &Value, message: &str) -> Response {
    (
        status,
        Json(json!({"error": {"message": message, "type": kind, "param": null, "code": code}})),
    )
        .into_response()
}

async fn complete(headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if key.contains("wrong") {
        let message = "Incorrect API key provided: wrong***. You can find your API key in your account.";
        return error(
            StatusCode::UNAUTHORIZED,
            "invalid_request_error",
            &json!("invalid_api_key"),
            message,
        );
    }
    let name = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let Some(model) = Model::named(name) else {
        let message = format!("The model `{name}` does not exist or you do not have access to it.");
        return error(
            StatusCode::NOT_FOUND,
            "invalid_request_error",
            &json!("model_not_found"),
            &message,
        );
    };
    let Some(messages) = body.get("messages").and_then(Value::as_array) else {
        return error(
            StatusCode::BAD_REQUEST,
            "invalid_request_error",
            &json!(400),
            "Expected 'messages' to be an array",
        );
    };
    let prompt: Vec<&str> = messages
        .iter()
        .filter_map(|message| message.get("content")?.as_str())
        .collect();
    let mut prompt = prompt.join("\n");
    let (mut asked, window) = (tokens(&prompt), model.window());
    if model == Model::Cutting && asked > window {
        let read = prompt.chars().count().saturating_sub(window * 4);
        prompt = prompt.chars().skip(read).collect();
        asked = window;
    }
    if asked > window {
        let message =
            format!("request ({asked} tokens) exceeds the available context size ({window} tokens), try increasing it");
        return (
            StatusCode::BAD_REQUEST,
            Json(json!({"error": {
                "code": 400, "message": message, "type": "exceed_context_size_error", "n_prompt_tokens": asked, "n_ctx": window,
            }})),
        )
            .into_response();
    }
    let most = ["max_completion_tokens", "max_tokens"]
        .iter()
        .find_map(|name| body.get(name)?.as_u64())
        .unwrap_or(u64::MAX);
    let (text, finish) = limited(model.write(&prompt), usize::try_from(most).unwrap_or(usize::MAX));
    let usage = json!({
        "prompt_tokens": asked,
        "completion_tokens": tokens(&text),
        "total_tokens": asked + tokens(&text),
        "prompt_tokens_details": {"cached_tokens": 0},
    });
    if body.get("stream").and_then(Value::as_bool) != Some(true) {
        return Json(json!({
            "id": "chatcmpl-fixture", "object": "chat.completion", "created": 1_760_000_000, "model": name,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}],
            "usage": usage,
        }))
        .into_response();
    }
    let usage =
        Some(usage).filter(|_| body.pointer("/stream_options/include_usage").and_then(Value::as_bool) == Some(true));
    stream(model, name.to_owned(), &text, finish, usage)
}

/// The text up to `most` tokens, and the reason why it ends.
pub(crate) fn limited(text: String, most: usize) -> (String, &'static str) {
    if tokens(&text) <= most {
        return (text, "stop");
    }
    (text.chars().take(most.saturating_mul(4)).collect(), "length")
}

fn stream(model: Model, name: String, text: &str, finish: &'static str, usage: Option<Value>) -> Response {
    let pieces = pieces(text);
    let frame = move |choices: Value| json!({"id": "chatcmpl-fixture", "object": "chat.completion.chunk", "created": 1_760_000_000, "model": name, "choices": choices});
    let delta = |delta: Value, finish: Option<&str>| json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    let frames = async_stream::stream! {
        // A comment, as OpenRouter sends them while it waits.
        yield ": FIXTURE PROCESSING\n\n".to_owned();
        yield line(&frame(delta(json!({"role": "assistant", "content": null}), None)));
        for piece in pieces {
            tokio::time::sleep(model.pause()).await;
            yield line(&frame(delta(json!({"content": piece}), None)));
        }
        yield line(&frame(delta(json!({}), Some(finish))));
        if let Some(usage) = usage {
            let mut last = frame(json!([]));
            last["usage"] = usage;
            yield line(&last);
        }
        yield "data: [DONE]\n\n".to_owned();
    };
    sse(frames)
}

/// An event of a stream.
pub(crate) fn line(frame: &Value) -> String {
    format!("data: {frame}\n\n")
}

/// An answer that is a stream of events.
pub(crate) fn sse(frames: impl Stream<Item = String> + Send + 'static) -> Response {
    let body = Body::from_stream(frames.map(Ok::<String, Infallible>));
    (
        [
            (header::CONTENT_TYPE, "text/event-stream"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        body,
    )
        .into_response()
}
