//! Anthropic's Messages API over the same fixture model, streamed or whole, and the list of models. Events are spelled as
//! Anthropic spells them.

use axum::{
    Json, Router,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use crate::{
    openai::{limited, sse},
    writer::{ANTHROPIC, Model, pieces, tokens},
};

/// The list of models is reached through the OpenAI-compatible server's, whose path is the same.
pub(crate) fn routes() -> Router {
    Router::new().route("/v1/messages", post(message))
}

/// `GET /v1/models`
pub(crate) fn models(headers: &HeaderMap) -> Response {
    if let Some(refusal) = bad_key(headers) {
        return refusal;
    }
    Json(json!({
        "data": [{
            "type": "model", "id": ANTHROPIC, "display_name": "Claude Fixture", "created_at": "2026-02-01T00:00:00Z",
            "max_input_tokens": 128_000,
        }],
        "has_more": false, "first_id": ANTHROPIC, "last_id": ANTHROPIC,
    }))
    .into_response()
}

fn error(status: StatusCode, kind: &str, message: &str) -> Response {
    let body = json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_fixture"});
    (status, Json(body)).into_response()
}

fn bad_key(headers: &HeaderMap) -> Option<Response> {
    let key = headers
        .get("x-api-key")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    (key.is_empty() || key.contains("wrong"))
        .then(|| error(StatusCode::UNAUTHORIZED, "authentication_error", "invalid x-api-key"))
}

async fn message(headers: HeaderMap, Json(body): Json<Value>) -> Response {
    if let Some(refusal) = bad_key(&headers) {
        return refusal;
    }
    let bad = |message: &str| error(StatusCode::BAD_REQUEST, "invalid_request_error", message);
    if !headers.contains_key("anthropic-version") {
        return bad("anthropic-version: header is required");
    }
    let name = body.get("model").and_then(Value::as_str).unwrap_or_default();
    let Some(model) = Model::named(name).filter(|_| name == ANTHROPIC) else {
        return error(StatusCode::NOT_FOUND, "not_found_error", &format!("model: {name}"));
    };
    let Some(most) = body.get("max_tokens").and_then(Value::as_u64) else {
        return bad("max_tokens: Field required");
    };
    let Some(messages) = body.get("messages").and_then(Value::as_array) else {
        return bad("messages: Field required");
    };
    let system = body.get("system").and_then(Value::as_str);
    let texts = messages.iter().filter_map(|message| message.get("content")?.as_str());
    let prompt = system.into_iter().chain(texts).collect::<Vec<_>>().join("\n");
    let (asked, window) = (tokens(&prompt), model.window());
    if asked > window {
        return bad(&format!("prompt is too long: {asked} tokens > {window} maximum"));
    }
    let (text, finish) = limited(model.write(&prompt), usize::try_from(most).unwrap_or(usize::MAX));
    let reason = if finish == "length" { "max_tokens" } else { "end_turn" };
    let received = tokens(&text);
    let frame = json!({
        "id": "msg_fixture", "type": "message", "role": "assistant", "model": name, "content": [], "stop_reason": null,
        "stop_sequence": null, "usage": {"input_tokens": asked, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 1},
    });
    if body.get("stream").and_then(Value::as_bool) != Some(true) {
        let mut whole = frame;
        whole["content"] = json!([{"type": "text", "text": text}]);
        whole["stop_reason"] = json!(reason);
        whole["usage"]["output_tokens"] = json!(received);
        return Json(whole).into_response();
    }
    sse(async_stream::stream! {
        yield event(&json!({"type": "message_start", "message": frame}));
        yield event(&json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}));
        yield event(&json!({"type": "ping"}));
        for piece in pieces(&text) {
            tokio::time::sleep(model.pause()).await;
            yield event(&json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}));
        }
        yield event(&json!({"type": "content_block_stop", "index": 0}));
        yield event(&json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null}, "usage": {"output_tokens": received}}));
        yield event(&json!({"type": "message_stop"}));
    })
}

/// An event of a stream: its name, and the data that says it again.
fn event(data: &Value) -> String {
    let name = data.get("type").and_then(Value::as_str).unwrap_or_default();
    format!("event: {name}\ndata: {data}\n\n")
}
