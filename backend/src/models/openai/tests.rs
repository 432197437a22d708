#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::models::{ProviderKind, sse::Decoder};

fn server(base_url: &str) -> OpenAi {
    OpenAi::new(ProviderConfig::new(
        ProviderKind::OpenAi,
        base_url.parse().unwrap(),
        None,
    ))
}

fn local() -> OpenAi {
    server("http://localhost:8080/v1")
}

/// Reads a stream that arrives in these pieces: the pieces of text and the answer.
fn read(pieces: &[&[u8]]) -> Result<(String, Answer), ModelError> {
    let mut reader = local().reader("m");
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

fn read_text(stream: &str) -> Result<(String, Answer), ModelError> {
    read(&[stream.as_bytes()])
}

fn prompt() -> Prompt {
    Prompt {
        system: "s".to_owned(),
        user: "u".to_owned(),
        max_tokens: 7,
    }
}

fn refused(status: u16, body: &str) -> Refused<'_> {
    Refused {
        status: StatusCode::from_u16(status).unwrap(),
        retry_after: None,
        body,
    }
}

/// As llama.cpp sent it, with characters of several bytes: a first delta of null, a usage frame without choices.
const LLAMA: &str = concat!(
    r#"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1,"id":"chatcmpl-1","model":"smol","object":"chat.completion.chunk"}"#,
    "\n\n: PROCESSING\n\n",
    r#"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"Grüße "}}],"model":"smol"}"#,
    "\r\n\r\n",
    r#"data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":"東京 🦀"}}],"model":"smol"}"#,
    "\n\n",
    r#"data: {"choices":[{"finish_reason":"length","index":0,"delta":{}}],"model":"smol"}"#,
    "\n\n",
    r#"data: {"choices":[],"model":"smol","usage":{"completion_tokens":6,"prompt_tokens":31,"total_tokens":37,"prompt_tokens_details":{"cached_tokens":0}},"timings":{"x":1}}"#,
    "\n\ndata: [DONE]\n\n",
);

#[test]
fn a_real_stream_is_read_wherever_the_network_cuts_it() {
    let expected = Answer {
        text: "Grüße 東京 🦀".to_owned(),
        model: "smol".to_owned(),
        input_tokens: Some(31),
        output_tokens: Some(6),
        truncated: true,
    };
    let bytes = LLAMA.as_bytes();
    for cut in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(cut);
        assert_eq!(
            read(&[head, tail]),
            Ok((expected.text.clone(), expected.clone())),
            "cut at {cut}"
        );
    }
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(read(&single).unwrap().1, expected);
}

#[test]
fn the_closing_mark_may_be_missing_but_not_the_reason_for_the_end() {
    let (whole, _) = LLAMA.split_once("data: [DONE]").unwrap();
    assert!(read_text(whole).is_ok());
    let (broken, _) = LLAMA
        .split_once(r#"data: {"choices":[{"finish_reason":"length""#)
        .unwrap();
    assert!(matches!(read_text(broken), Err(ModelError::Protocol { .. })));
    // Some servers give no reason and only the mark.
    let (text, answer) =
        read_text("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n").unwrap();
    assert_eq!((text.as_str(), answer.model.as_str()), ("a", "m"));
}

#[test]
fn fields_of_other_types_and_none_at_all_are_borne() {
    let (text, answer) = read_text(concat!(
        "data: {\"choices\":null,\"usage\":null,\"error\":null}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"x\"}],\"reasoning_content\":\"hm\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n",
        "data: {}\n\n",
        "data: {\"choices\":[{\"message\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}",
    ))
    .unwrap();
    assert_eq!(text, "ab");
    assert_eq!((answer.input_tokens, answer.truncated), (None, false));
    assert!(matches!(
        read_text("data: nonsense\n\n"),
        Err(ModelError::Protocol { .. })
    ));
    assert!(matches!(read_text(""), Err(ModelError::Protocol { .. })));
}

#[test]
fn errors_in_a_stream_that_began_well_are_told_apart() {
    let kind = |event: &str| {
        let stream = format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"a\"}}}}]}}\n\ndata: {event}\n\n");
        read_text(&stream).unwrap_err().kind()
    };
    assert_eq!(kind(r#"{"error":{"message":"x","code":429}}"#), "model_rate_limited");
    assert_eq!(
        kind(r#"{"error":{"message":"x","code":502},"choices":[]}"#),
        "model_unavailable"
    );
    assert_eq!(kind(r#"{"error":{"message":"x","code":null}}"#), "model_unavailable");
    assert_eq!(kind(r#"{"error":"overloaded"}"#), "model_unavailable");
    assert_eq!(
        kind(r#"{"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}}"#),
        "model_quota"
    );
    assert_eq!(
        kind(r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#),
        "model_blocked"
    );
    assert_eq!(
        kind(r#"{"choices":[{"delta":{},"finish_reason":"error"}]}"#),
        "model_protocol"
    );
}

#[test]
fn what_stands_beside_the_text_does_not_cost_it() {
    let end = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n";
    for beside in [
        r#"{"choices":[],"usage":{"prompt_tokens":-5,"completion_tokens":"12"}}"#,
        r#"{"choices":[],"usage":"none","model":7}"#,
        "ping",
        "ok",
    ] {
        let (_, answer) = read_text(&format!("data: {beside}\n\n{end}")).unwrap();
        assert_eq!((answer.text.as_str(), answer.model.as_str()), ("a", "m"), "{beside}");
        assert_eq!(answer.input_tokens, None, "{beside}");
    }
    let counted = |tokens: &str| {
        let usage = format!(r#"{{"choices":[],"usage":{{"prompt_tokens":{tokens}}}}}"#);
        read_text(&format!("data: {usage}\n\n{end}")).unwrap().1.input_tokens
    };
    assert_eq!(counted("12.0"), Some(12));
    assert_eq!(counted("\"12\""), Some(12));
    assert_eq!(counted("9000000000000000000"), None, "nobody sends that much");
}

#[test]
fn of_several_answers_the_first_is_read() {
    let two = r#"{"choices":[{"index":1,"delta":{"content":"wrong"},"finish_reason":"stop"},{"index":0,"delta":{"content":"right"},"finish_reason":"stop"}]}"#;
    assert_eq!(read_text(&format!("data: {two}\n\n")).unwrap().1.text, "right");
    // Whatever its number is.
    let other = two.replace("\"index\":0", "\"index\":7");
    assert_eq!(read_text(&format!("data: {other}\n\n")).unwrap().1.text, "wrong");
    let apart = [
        r#"{"choices":[{"index":0,"delta":{"content":"one"}}]}"#,
        r#"{"choices":[{"index":1,"delta":{"content":"other"}}]}"#,
        r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
    ];
    let apart: String = apart.iter().map(|event| format!("data: {event}\n\n")).collect();
    assert_eq!(read_text(&apart).unwrap().1.text, "one");
}

#[test]
fn an_answer_without_text_is_whole_where_it_says_why_it_ends() {
    let read = |event: &str| read_text(&format!("data: {event}\n\ndata: [DONE]\n\n"));
    assert_eq!(
        read(r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#)
            .unwrap()
            .1
            .text,
        ""
    );
    assert!(matches!(
        read(r#"{"choices":[{"delta":{}}]}"#),
        Err(ModelError::Protocol { .. })
    ));
}

#[test]
fn a_refusal_in_the_models_own_words_is_none_of_its_text() {
    let error = read_text(concat!(
        "data: {\"choices\":[{\"delta\":{\"refusal\":\"I can't \"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"refusal\":\"help.\"},\"finish_reason\":\"stop\"}]}\n\n",
    ))
    .unwrap_err();
    assert_eq!(error.to_string(), "m declined to answer: I can't help.");
    assert_eq!(error.kind(), "model_blocked");
}

#[test]
fn the_limit_has_the_name_that_the_server_knows() {
    let openai = server("https://api.openai.com/v1");
    let sent = openai.body("gpt-6-luna", &prompt());
    assert_eq!(sent["max_completion_tokens"], 7);
    assert!(sent.get("max_tokens").is_none());
    assert_eq!(sent["stream_options"]["include_usage"], true);

    let local = local();
    let sent = local.body("m", &prompt());
    assert_eq!(sent["max_tokens"], 7);

    let words =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let body = format!(r#"{{"error":{{"message":"{words}","code":"unsupported_parameter"}}}}"#);
    assert!(local.learns("m", &sent, &refused(400, &body)));
    assert!(
        local.learns("m", &sent, &refused(400, &body)),
        "a call beside it learns the same"
    );
    assert_eq!(local.body("m", &prompt())["max_completion_tokens"], 7);
    assert_eq!(local.body("other", &prompt())["max_tokens"], 7);

    let strict = r#"{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens"}}"#;
    assert!(local.learns("m", &local.body("m", &prompt()), &refused(400, strict)));
    assert_eq!(local.body("m", &prompt())["max_tokens"], 7);

    let too_many = r#"{"error":{"message":"max_tokens is too large: 7"}}"#;
    assert!(!local.learns("m", &sent, &refused(400, too_many)));
    assert!(!local.learns("m", &sent, &refused(500, &body)));
}

#[test]
fn lists_are_read_without_models_that_do_not_write() {
    let body = json!({"object": "list", "data": [
        {"id": "nomic-embed-text"}, {"id": "a", "max_model_len": 4096}, {"id": "a"}, {"no": "id"},
        {"id": "b/c", "context_length": 128_000}, {"id": "/srv/models/d.Q4.gguf", "meta": {"n_ctx_train": 2048, "n_ctx": 8192}}, {"id": "gpt-image-2"},
    ]});
    let (models, next) = local().list(&body).unwrap();
    let read: Vec<_> = models
        .iter()
        .map(|model| (model.name.as_str(), model.context_tokens))
        .collect();
    assert_eq!(read, [("a", Some(4096)), ("b/c", Some(128_000)), ("d.Q4", Some(8192))]);
    assert_eq!(models[0].provider, "localhost");
    assert_eq!(next, None);
    assert_eq!(local().list(&json!({"data": "no"})), None);
}

#[test]
fn the_day_a_model_is_gone_is_read_under_either_name() {
    let body = json!({"data": [
        {"id": "openai", "shutdown_date": "2027-01-14"},
        {"id": "router", "expiration_date": "2026-12-31"},
        {"id": "moment", "shutdown_date": null, "expiration_date": "2026-12-31T10:00:00Z"},
        {"id": "seconds", "expiration_date": 1_798_675_200},
        {"id": "stays", "expiration_date": null},
        {"id": "odd", "expiration_date": "soon, in the winter"},
    ]});
    let (models, _) = local().list(&body).unwrap();
    let read: Vec<_> = models
        .iter()
        .map(|model| (model.name.as_str(), model.shutdown.as_deref()))
        .collect();
    let winter = Some("2026-12-31");
    assert_eq!(
        read,
        [
            ("openai", Some("2027-01-14")),
            ("router", winter),
            ("moment", winter),
            ("seconds", winter),
            ("stays", None),
            ("odd", None)
        ]
    );
}
