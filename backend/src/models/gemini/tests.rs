#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::models::{ProviderKind, sse::Decoder};

fn gemini() -> Gemini {
    let base_url = Url::parse("https://generativelanguage.googleapis.com").unwrap();
    let key = Some(Secret::new("AIza".to_owned()));
    Gemini::new(ProviderConfig::new(ProviderKind::Gemini, base_url, key))
}

/// Reads a stream that arrives in these pieces: the text as told and the answer.
fn read(pieces: &[&[u8]]) -> Result<(String, Answer), ModelError> {
    let mut reader = gemini().reader("gemini-flash-latest");
    let mut decoder = Decoder::default();
    let mut told = String::new();
    for piece in pieces {
        for event in decoder.push(piece).unwrap() {
            told.push_str(&reader.take(&event)?);
        }
    }
    if let Some(event) = decoder.end().unwrap() {
        told.push_str(&reader.take(&event)?);
    }
    Ok((told, reader.finish()?))
}

fn kind(event: &str) -> &'static str {
    read(&[format!("data: {event}\r\n\r\n").as_bytes()]).unwrap_err().kind()
}

/// Thoughts, usage that grows, a last frame with no text but a signature, a tail of usage alone; no closing mark.
const STREAM: &str = concat!(
    r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Let me think","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":10,"thoughtsTokenCount":4},"modelVersion":"gemini-3.8-flash"}"#,
    "\r\n\r\n",
    r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße "},{"text":"東京"}]},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":2,"thoughtsTokenCount":4}}"#,
    "\r\n\r\n",
    r#"data: {"candidates":[{"content":{"role":"model"},"index":0}]}"#,
    "\r\n\r\n",
    r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":" 🦀"}]},"finishReason":"STOP","index":0,"safetyRatings":[]}],"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":5,"thoughtsTokenCount":4}}"#,
    "\r\n\r\n",
    r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":"","thoughtSignature":"x"}]},"index":0}]}"#,
    "\r\n\r\n",
    r#"data: {"usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":6,"thoughtsTokenCount":4,"totalTokenCount":21},"responseId":"r"}"#,
    "\r\n\r\n",
);

#[test]
fn a_stream_is_read_wherever_the_network_cuts_it() {
    let expected = Answer {
        text: "Grüße 東京 🦀".to_owned(),
        model: "gemini-3.8-flash".to_owned(),
        input_tokens: Some(11),
        output_tokens: Some(10),
        truncated: false,
    };
    let bytes = STREAM.as_bytes();
    for cut in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(cut);
        assert_eq!(
            read(&[head, tail]),
            Ok((expected.text.clone(), expected.clone())),
            "cut at {cut}"
        );
    }
}

#[test]
fn a_stream_without_a_reason_for_its_end_broke_off() {
    let (broken, _) = STREAM
        .split_once(r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":" 🦀""#)
        .unwrap();
    let error = read(&[broken.as_bytes()]).unwrap_err();
    assert_eq!(error.kind(), "model_protocol");
    assert_eq!(read(&[]).unwrap_err().kind(), "model_protocol");
}

#[test]
fn reasons_for_an_end_are_told_apart() {
    let finish = |reason: &str| {
        let event =
            format!(r#"{{"candidates":[{{"content":{{"parts":[{{"text":"a"}}]}},"finishReason":"{reason}"}}]}}"#);
        read(&[format!("data: {event}\n\n").as_bytes()])
    };
    assert!(finish("MAX_TOKENS").unwrap().1.truncated);
    assert_eq!(finish("RECITATION").unwrap_err().kind(), "model_recitation");
    for reason in ["SAFETY", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"] {
        assert_eq!(finish(reason).unwrap_err().kind(), "model_blocked", "{reason}");
    }
    for reason in ["OTHER", "MALFORMED_FUNCTION_CALL", "IMAGE_SAFETY", "NEW_ONE"] {
        assert_eq!(finish(reason).unwrap_err().kind(), "model_protocol", "{reason}");
    }
    assert_eq!(
        finish("FINISH_REASON_UNSPECIFIED").unwrap_err().kind(),
        "model_protocol"
    );
}

#[test]
fn a_blocked_prompt_is_no_empty_answer() {
    let error =
        read(&[b"data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{}}\n\n"])
            .unwrap_err();
    assert_eq!(
        error.to_string(),
        "gemini-flash-latest declined to answer: its filter says PROHIBITED_CONTENT."
    );
    // A prompt that was rated and not blocked.
    assert_eq!(kind(r#"{"promptFeedback":{"safetyRatings":[]}}"#), "model_protocol");
}

#[test]
fn errors_in_a_stream_are_told_apart_in_a_list_and_alone() {
    let error = r#"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#;
    assert_eq!(kind(error), "model_unavailable");
    assert_eq!(kind(&format!("[{error}]")), "model_unavailable");
    assert_eq!(kind(r#"{"error":{"code":429,"message":"x"}}"#), "model_rate_limited");
    assert_eq!(kind(r#"{"error":"what"}"#), "model_unavailable");
    assert_eq!(kind("nonsense"), "model_protocol");
    assert_eq!(kind("7"), "model_protocol");
}

#[test]
fn requests_carry_the_prompt_and_no_temperature_and_no_key() {
    let prompt = Prompt {
        system: "s".to_owned(),
        user: "u".to_owned(),
        max_tokens: 7,
    };
    let body = gemini().body("gemini-flash-latest", &prompt);
    assert_eq!(
        body,
        json!({
            "systemInstruction": {"parts": [{"text": "s"}]},
            "contents": [{"role": "user", "parts": [{"text": "u"}]}],
            "generationConfig": {"maxOutputTokens": 7},
        })
    );
    assert_eq!(
        gemini().url("gemini-flash-latest").as_str(),
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse"
    );
    assert_eq!(
        gemini().url("../../x?y#z").path(),
        "/v1beta/models/..%2F..%2Fx%3Fy%23z:streamGenerateContent"
    );
}

#[test]
fn lists_hold_only_what_writes_text() {
    let body = json!({"models": [
        {"name": "models/gemini-3.8-flash", "inputTokenLimit": 1_048_576, "supportedGenerationMethods": ["generateContent", "countTokens"]},
        {"name": "models/gemini-embedding-001", "inputTokenLimit": 2048, "supportedGenerationMethods": ["embedContent"]},
        {"name": "models/gemini-3.8-flash-tts", "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/gemma-3-27b-it", "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/gemini-pro-latest", "supportedGenerationMethods": ["generateContent"]},
        {"name": 7},
    ], "nextPageToken": "p2"});
    let (models, next) = gemini().list(&body).unwrap();
    let read: Vec<_> = models
        .iter()
        .map(|model| (model.name.as_str(), model.context_tokens))
        .collect();
    assert_eq!(
        read,
        [("gemini-3.8-flash", Some(1_048_576)), ("gemini-pro-latest", None)]
    );
    assert_eq!(next.as_deref(), Some("p2"));
    assert!(
        gemini()
            .list_url(Some("p&2"))
            .as_str()
            .ends_with("?pageSize=1000&pageToken=p%262")
    );
}
