//! Gemini's wire format over the same fixture model: generateContent, streamed or whole, and the list of models.

use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    openai::{limited, line, sse},
    writer::{GEMINI, Model, pieces, tokens},
    youtube::google_error,
};

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/v1beta/models", get(models))
        .route("/v1beta/models/{call}", post(generate))
}

async fn models() -> Json<Value> {
    Json(json!({"models": [{
        "name": format!("models/{GEMINI}"),
        "version": "001",
        "displayName": "Gemini Fixture",
        "inputTokenLimit": 128_000,
        "outputTokenLimit": 8_192,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }, {
        "name": "models/embedding-fixture",
        "version": "001",
        "displayName": "Embedding Fixture",
        "inputTokenLimit": 2_048,
        "outputTokenLimit": 1,
        "supportedGenerationMethods": ["embedContent"],
    }]}))
}

/// `{model}:generateContent` or `{model}:streamGenerateContent`.
async fn generate(Path(call): Path<String>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let key = headers
        .get("x-goog-api-key")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if key.is_empty() || key.contains("wrong") {
        return bad_key();
    }
    let (name, method) = call.split_once(':').unwrap_or((&call, ""));
    let Some(model) = Model::named(name) else {
        let message =
            format!("models/{name} is not found for API version v1beta, or is not supported for generateContent.");
        return google_error(StatusCode::NOT_FOUND, "NOT_FOUND", &message);
    };
    let prompt = prompt(&body);
    let most = body
        .pointer("/generationConfig/maxOutputTokens")
        .and_then(Value::as_u64)
        .unwrap_or(u64::MAX);
    let (text, finish) = limited(model.write(&prompt), usize::try_from(most).unwrap_or(usize::MAX));
    let finish = if finish == "length" { "MAX_TOKENS" } else { "STOP" };
    let (asked, answered) = (tokens(&prompt), tokens(&text));
    let name = name.to_owned();
    let frame = move |piece: &str, finish: Option<&str>| {
        let mut frame = json!({
            "candidates": [{"content": {"role": "model", "parts": [{"text": piece}]}, "index": 0}],
            "usageMetadata": {"promptTokenCount": asked, "totalTokenCount": asked},
            "modelVersion": name,
            "responseId": "fixture",
        });
        if let Some(finish) = finish {
            frame["candidates"][0]["finishReason"] = json!(finish);
            frame["usageMetadata"] = json!({
                "promptTokenCount": asked,
                "candidatesTokenCount": answered,
                "totalTokenCount": asked + answered,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": asked}],
            });
        }
        frame
    };
    match method {
        "generateContent" => Json(frame(&text, Some(finish))).into_response(),
        "streamGenerateContent" => {
            let pieces = pieces(&text);
            sse(async_stream::stream! {
                for piece in pieces {
                    tokio::time::sleep(model.pause()).await;
                    yield line(&frame(&piece, None));
                }
                // The last frame has no words of its own, and nothing like [DONE] follows.
                let mut last = frame("", Some(finish));
                last["candidates"][0]["content"]["parts"][0]["thoughtSignature"] = json!("Zml4dHVyZQ==");
                yield line(&last);
            })
        }
        _ => google_error(StatusCode::NOT_FOUND, "NOT_FOUND", "The method does not exist."),
    }
}

fn bad_key() -> Response {
    let details = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]);
    let error = json!({"error": {
        "code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT", "details": details,
    }});
    (StatusCode::BAD_REQUEST, Json(error)).into_response()
}

/// All texts of the request, the standing orders first.
fn prompt(body: &Value) -> String {
    let parts = |content: &Value| -> Vec<String> {
        let parts = content.get("parts").and_then(Value::as_array);
        parts
            .into_iter()
            .flatten()
            .filter_map(|part| part.get("text")?.as_str().map(str::to_owned))
            .collect()
    };
    let mut texts = body.get("systemInstruction").map(parts).unwrap_or_default();
    for content in body.get("contents").and_then(Value::as_array).into_iter().flatten() {
        texts.extend(parts(content));
    }
    texts.join("\n")
}
