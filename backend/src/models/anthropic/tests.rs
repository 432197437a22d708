#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::models::{ProviderKind, sse::Decoder};

fn anthropic(base_url: &str) -> Anthropic {
    let key = Some(Secret::new("sk-ant".to_owned()));
    Anthropic::new(ProviderConfig::new(
        ProviderKind::Anthropic,
        base_url.parse().unwrap(),
        key,
    ))
}

/// Reads a stream that arrives in these pieces: the text as told and the answer.
fn read(pieces: &[&[u8]]) -> Result<(String, Answer), ModelError> {
    let mut reader = anthropic("https://api.anthropic.com").reader("claude-haiku-4-5");
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

/// Thoughts first, a ping in between, usage that grows, tokens from the cache.
const STREAM: &str = concat!(
    "event: message_start\n",
    r#"data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":5,"output_tokens":1}}}"#,
    "\n\nevent: content_block_start\n",
    r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me think"}}"#,
    "\n\nevent: content_block_stop\n",
    r#"data: {"type":"content_block_stop","index":0}"#,
    "\n\nevent: ping\n",
    r#"data: {"type": "ping"}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße "}}"#,
    "\n\nevent: content_block_delta\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"東京 🦀"}}"#,
    "\n\nevent: message_delta\n",
    r#"data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}"#,
    "\n\nevent: message_stop\n",
    r#"data: {"type":"message_stop"}"#,
    "\n\n",
);

#[test]
fn a_stream_is_read_wherever_the_network_cuts_it() {
    let expected = Answer {
        text: "Grüße 東京 🦀".to_owned(),
        model: "claude-haiku-4-5-20251001".to_owned(),
        input_tokens: Some(30),
        output_tokens: Some(15),
        truncated: false,
    };
    let bytes = STREAM.as_bytes();
    for cut in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(cut);
        let (told, answer) = read(&[head, tail]).unwrap();
        assert_eq!((told.as_str(), &answer), ("Grüße 東京 🦀", &expected), "cut at {cut}");
    }
}

#[test]
fn how_it_stopped_decides() {
    let stopped = |reason: &str| read(&[STREAM.replace("end_turn", reason).as_bytes()]);
    assert!(stopped("max_tokens").unwrap().1.truncated);
    assert!(stopped("model_context_window_exceeded").unwrap().1.truncated);
    assert!(!stopped("stop_sequence").unwrap().1.truncated);
    assert_eq!(stopped("refusal").unwrap_err().kind(), "model_blocked");
    assert_eq!(stopped("tool_use").unwrap_err().kind(), "model_protocol");
}

#[test]
fn a_stream_that_breaks_off_or_fails_is_no_answer() {
    let (head, _) = STREAM.split_once("event: message_delta").unwrap();
    assert_eq!(read(&[head.as_bytes()]).unwrap_err().kind(), "model_protocol");
    let error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";
    let failed = read(&[head.as_bytes(), error.as_bytes()]).unwrap_err();
    assert_eq!(failed.to_string(), "Anthropic is not available: Overloaded.");
    assert_eq!(read(&[b"data: [1]\n\n"]).unwrap_err().kind(), "model_protocol");
    assert_eq!(
        read(&[b"data: {\"type\":\"message_stop\"}\n\n"]).unwrap_err().kind(),
        "model_protocol"
    );
}

#[test]
fn a_message_in_one_piece_counts() {
    let whole = r#"{"type":"message","model":"claude-x","content":[{"type":"text","text":"Yes."}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}"#;
    let (_, answer) = read(&[format!("data: {whole}\n\n").as_bytes()]).unwrap();
    assert_eq!((answer.text.as_str(), answer.output_tokens), ("Yes.", Some(2)));
}

#[test]
fn the_version_stands_once_in_the_address() {
    for base in [
        "http://localhost:1",
        "http://localhost:1/",
        "http://localhost:1/v1",
        "http://localhost:1/v1/",
    ] {
        assert_eq!(anthropic(base).url("m").as_str(), "http://localhost:1/v1/messages");
    }
}

#[test]
fn lists_are_read_page_by_page() {
    let page = json!({"data": [
        {"type": "model", "id": "claude-opus-5", "display_name": "Claude Opus 5", "created_at": "2026-02-01T00:00:00Z", "max_input_tokens": 500_000},
        {"type": "model", "id": "claude-haiku-4-5"}, {"type": "model"}], "has_more": true, "first_id": "a", "last_id": "b"});
    let wire = anthropic("https://api.anthropic.com");
    let (models, next) = wire.list(&page).unwrap();
    assert_eq!(models.len(), 2);
    assert_eq!(models[0].context_tokens, Some(500_000));
    assert_eq!(next.as_deref(), Some("b"));
    assert_eq!(
        wire.list_url(Some("b")).as_str(),
        "https://api.anthropic.com/v1/models?limit=1000&after_id=b"
    );
    assert_eq!(
        wire.list(&json!({"data": [], "has_more": false, "last_id": null})),
        Some((Vec::new(), None))
    );
    assert_eq!(wire.list(&json!([])), None);
}
