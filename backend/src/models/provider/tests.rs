#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::*;
use crate::models::{
    CONCURRENCY, Models, ModelsConfig, ProviderConfig, ProviderKind,
    fixture::{Fixture, Reply, chat, chat_end, chat_text, hurry},
};

fn prompt() -> Prompt {
    Prompt {
        system: "Answer.".to_owned(),
        user: "What?".to_owned(),
        max_tokens: 50,
    }
}

/// Asks once; the answer and everything that was told on the way.
async fn ask(models: &Models, model: &str) -> (Result<Answer, ModelError>, Vec<Progress>) {
    let mut told = Vec::new();
    let result = models
        .write(model, &prompt(), &|_| false, &mut |progress| told.push(progress))
        .await;
    (result, told)
}

fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, format!(r#"{{"error":{{"message":"{message}"}}}}"#))
}

fn text(words: &str) -> Progress {
    Progress::Text(words.to_owned())
}

#[tokio::test]
async fn an_answer_is_told_as_it_arrives_even_byte_by_byte() {
    let stream = [chat_text("Grüße "), chat_text("東京"), chat_end("stop")].concat();
    let bytes = stream.into_bytes().into_iter().map(|byte| vec![byte]);
    let server = Fixture::script(vec![Reply::stream(bytes)]).await;
    let (answer, told) = ask(&server.openai(), "m").await;
    let answer = answer.unwrap();
    assert_eq!((answer.text.as_str(), answer.model.as_str()), ("Grüße 東京", "m-1"));
    assert_eq!((answer.input_tokens, answer.output_tokens), (Some(31), Some(6)));
    assert_eq!(told, [Progress::Start, text("Grüße "), text("東京")]);

    let seen = &server.seen()[0];
    assert_eq!(seen.target, "/v1/chat/completions");
    assert_eq!(seen.headers["authorization"], "Bearer sk-fixture");
    assert_eq!(seen.headers["accept-encoding"], "identity");
    assert_eq!(seen.words(), ("Answer.".to_owned(), "What?".to_owned()));
    assert_eq!(seen.body["max_tokens"], 50);
}

#[tokio::test]
async fn what_follows_a_whole_answer_does_not_cost_it() {
    let finish = |text: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":\"stop\"}}]}}\n\n")
    };
    for after in [
        "data: {\"error\":{\"message\":\"x\",\"code\":500}}\n\n",
        "data: {\"error\":{}}\n\n",
        "data: {broken\n\n",
    ] {
        let server = Fixture::script(vec![Reply::stream([finish("Yes."), after.to_owned()])]).await;
        let (answer, _) = ask(&server.openai(), "m").await;
        assert_eq!(answer.unwrap().text, "Yes.", "{after}");
        assert_eq!(server.seen().len(), 1, "{after}");
    }
}

#[tokio::test]
async fn an_answer_with_its_count_is_not_waited_for() {
    let whole = [chat_text("Yes."), chat_end("stop")];
    let whole = whole.map(|event| event.replace("data: [DONE]\n\n", ""));
    let server = Fixture::script(vec![Reply::stream(whole).hang()]).await;
    let patience = Patience {
        after_finish: Duration::from_secs(600),
        ..hurry()
    };
    let (answer, _) = ask(&openai_with(&server, &patience), "m").await;
    assert_eq!(answer.unwrap().output_tokens, Some(6));
}

#[tokio::test]
async fn nothing_of_an_answer_turns_around_what_stands_beside_it() {
    let server = Fixture::script(vec![chat("One \u{202e}two\u{2066}.\u{1b}[31m\n- \u{200d}三")]).await;
    let (answer, told) = ask(&server.openai(), "m").await;
    assert_eq!(answer.unwrap().text, "One two.[31m\n- \u{200d}三");
    assert_eq!(told[1], text("One two.[31m\n- \u{200d}三"));
}

#[tokio::test]
async fn an_answer_without_text_is_paid_for_once() {
    let server = Fixture::script(vec![chat(""), chat("late")]).await;
    let failed = ask(&server.openai(), "m").await.0.unwrap_err();
    assert_eq!((failed.kind(), failed.retry_after()), ("model_empty", None));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn geminis_key_travels_in_a_header() {
    let frame = r#"data: {"candidates":[{"content":{"parts":[{"text":"Yes."}]},"finishReason":"STOP"}]}"#;
    let server = Fixture::script(vec![Reply::stream([format!("{frame}\r\n\r\n")])]).await;
    let (answer, _) = ask(&server.gemini(), "models/gemini-flash-latest").await;
    assert_eq!(answer.unwrap().text, "Yes.");
    let seen = &server.seen()[0];
    assert_eq!(
        seen.target,
        "/v1beta/models/gemini-flash-latest:streamGenerateContent?alt=sse"
    );
    assert_eq!(seen.headers["x-goog-api-key"], "AIza-fixture");
}

#[tokio::test]
async fn what_may_pass_is_tried_three_times() {
    for reply in [
        error(408, "x"),
        error(409, "x"),
        error(429, "Rate limit reached"),
        error(500, "x"),
        error(503, "Loading model"),
        Reply::stream([chat_text("half")]),
        Reply::stream([chat_text("half")]).cut(),
        Reply::stream(["data: {\"error\":{\"message\":\"overloaded\",\"code\":502}}\n\n"]),
        Reply::stream(["data: [DONE]\n\n"]),
        Reply::json(200, "no JSON"),
    ] {
        let server = Fixture::script(vec![reply.clone(), reply.clone(), chat("done")]).await;
        assert_eq!(ask(&server.openai(), "m").await.0.unwrap().text, "done", "{reply:?}");

        let server = Fixture::script(vec![reply.clone(); 9]).await;
        let failed = ask(&server.openai(), "m").await.0.unwrap_err();
        assert!(failed.retry_after().is_some(), "{failed}");
        assert_eq!(server.seen().len(), 3, "{reply:?}");
    }
}

#[tokio::test]
async fn what_stays_as_it_is_is_asked_once() {
    let quota = r#"{"error":{"message":"x","code":"insufficient_quota"}}"#;
    for (reply, kind) in [
        (error(400, "x"), "model_bad_request"),
        (error(401, "x"), "model_auth"),
        (error(402, "x"), "model_quota"),
        (error(404, "no such model"), "model_unknown"),
        (Reply::json(429, quota), "model_quota"),
        (error(500, "x").header("x-should-retry", "false"), "model_unavailable"),
        (
            error(400, "maximum context length is 4096 tokens"),
            "model_context_too_long",
        ),
        (
            Reply::stream([chat_text("a"), chat_end("content_filter")]),
            "model_blocked",
        ),
        (Reply::stream([chat_end("length")]), "model_empty"),
    ] {
        let server = Fixture::script(vec![reply; 2]).await;
        assert_eq!(ask(&server.openai(), "m").await.0.unwrap_err().kind(), kind);
        assert_eq!(server.seen().len(), 1, "{kind}");
    }
}

#[tokio::test]
async fn a_header_can_ask_for_another_try() {
    let server = Fixture::script(vec![error(400, "x").header("x-should-retry", "true"), chat("done")]).await;
    assert_eq!(ask(&server.openai(), "m").await.0.unwrap().text, "done");
}

#[tokio::test]
async fn a_long_wait_is_left_to_the_caller() {
    let server = Fixture::script(vec![error(429, "x").header("retry-after", "90"), chat("done")]).await;
    let failed = ask(&server.openai(), "m").await.0.unwrap_err();
    assert_eq!(failed.retry_after(), Some(Duration::from_secs(90)));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn after_half_an_answer_it_begins_again() {
    let server = Fixture::script(vec![Reply::stream([chat_text("half")]).cut(), chat("whole")]).await;
    let (answer, told) = ask(&server.openai(), "m").await;
    assert_eq!(answer.unwrap().text, "whole");
    assert_eq!(told, [Progress::Start, text("half"), Progress::Start, text("whole")]);
}

#[tokio::test]
async fn an_answer_in_one_piece_counts() {
    let whole = r#"{"model":"m-1","choices":[{"message":{"content":"Yes."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    let server = Fixture::script(vec![Reply::json(200, whole)]).await;
    let answer = ask(&server.openai(), "m").await.0.unwrap();
    assert_eq!((answer.text.as_str(), answer.output_tokens), ("Yes.", Some(2)));

    let list = r#"[{"candidates":[{"content":{"parts":[{"text":"Ye"}]}}]},{"candidates":[{"content":{"parts":[{"text":"s."}]},"finishReason":"STOP"}]}]"#;
    let server = Fixture::script(vec![Reply::json(200, list)]).await;
    assert_eq!(ask(&server.gemini(), "gemini-x").await.0.unwrap().text, "Yes.");
}

#[tokio::test]
async fn the_other_name_of_the_limit_costs_no_try_and_is_remembered() {
    let server = Fixture::serve(|before, seen| match before {
        // Three failures beside it: the change of name was none of them.
        1 | 2 => error(500, "x"),
        _ if seen.body.get("max_completion_tokens").is_none() => {
            error(400, "Unsupported parameter: use 'max_completion_tokens' instead")
        }
        _ => chat("done"),
    })
    .await;
    let models = server.openai();
    assert_eq!(ask(&models, "m").await.0.unwrap().text, "done");
    assert_eq!(server.seen().len(), 4);
    assert_eq!(ask(&models, "m").await.0.unwrap().text, "done");
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn a_server_that_knows_neither_name_is_not_asked_for_ever() {
    let server = Fixture::serve(|_, _| error(400, "unknown: max_tokens, max_completion_tokens")).await;
    assert_eq!(
        ask(&server.openai(), "m").await.0.unwrap_err().kind(),
        "model_bad_request"
    );
    assert_eq!(server.seen().len(), 2);
}

fn openai_with(server: &Fixture, patience: &Patience) -> Models {
    let config = ModelsConfig {
        providers: vec![ProviderConfig::new(ProviderKind::OpenAi, server.url.clone(), None)],
        ..ModelsConfig::default()
    };
    Models::with_patience(config, |_| patience.clone()).unwrap()
}

#[tokio::test]
async fn silence_ends_in_a_timeout_before_the_first_byte_and_between_two() {
    let short = Duration::from_millis(200);
    for (reply, patience) in [
        (
            Reply::stream(Vec::<String>::new()).hang(),
            Patience {
                first_byte: short,
                ..hurry()
            },
        ),
        (
            Reply::stream([chat_text("half")]).hang(),
            Patience { idle: short, ..hurry() },
        ),
    ] {
        let server = Fixture::script(vec![reply; 3]).await;
        let failed = ask(&openai_with(&server, &patience), "m").await.0.unwrap_err();
        assert_eq!(failed.kind(), "model_timeout");
        // On a busy machine a request can be given up before the server has noted it.
        assert!((1..=3).contains(&server.seen().len()));
    }
}

/// Waits for a first word that comes after so many seconds, from a server that speaks every `pause` seconds to another call, which
/// began so many seconds before this one, or after it.
async fn waits(first_word: u64, pause: Option<u64>, begun: i64) -> bool {
    let config = ProviderConfig::new(ProviderKind::OpenAi, "http://127.0.0.1:9/v1".parse().unwrap(), None);
    let patience = Patience {
        queue: Duration::from_secs(1000),
        ..hurry()
    };
    let provider = Provider::new(config, patience).unwrap();
    let now = Instant::now() + Duration::from_secs(10);
    let started = now;
    let other = match u64::try_from(begun) {
        Ok(later) => now + Duration::from_secs(later),
        Err(_) => now - Duration::from_secs(begun.unsigned_abs()),
    };
    tokio::time::sleep_until(started).await;
    let others = async {
        let Some(pause) = pause else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            provider.hear(other);
        }
    };
    let first_word = tokio::time::sleep(Duration::from_secs(first_word));
    let turn = Turn {
        started,
        first_byte: Duration::from_secs(100),
    };
    tokio::select! {
        said = provider.in_turn(turn, first_word) => said.is_some(),
        () = others => unreachable!("it goes on and on"),
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_behind_calls_that_are_answered_is_not_forgotten() {
    assert!(waits(99, None, -1).await);
    assert!(!waits(101, None, -1).await);
    assert!(waits(900, Some(90), -1).await, "one after the other");
    assert!(!waits(900, Some(110), -1).await, "silent for too long");
    assert!(!waits(1100, Some(90), -1).await, "even a queue ends");
    assert!(
        !waits(900, Some(90), 1).await,
        "whoever came later has been answered first"
    );
}

#[tokio::test]
async fn a_server_of_ones_own_that_says_nothing_is_left_to_the_caller() {
    let server = Fixture::script(vec![Reply::stream(Vec::<String>::new()).hang(); 3]).await;
    let patience = Patience {
        first_byte: Duration::from_millis(200),
        silence_is_final: true,
        ..hurry()
    };
    let failed = ask(&openai_with(&server, &patience), "m").await.0.unwrap_err();
    assert_eq!(failed.kind(), "model_timeout");
    assert!(failed.retry_after().is_some());
    assert!(server.seen().len() <= 1);
}

#[tokio::test]
async fn a_call_that_takes_too_long_as_a_whole_is_not_repeated() {
    let server = Fixture::script(vec![Reply::stream([chat_text("half")]).hang(); 2]).await;
    let patience = Patience {
        total: Duration::from_millis(100),
        ..hurry()
    };
    let failed = ask(&openai_with(&server, &patience), "m").await.0.unwrap_err();
    assert_eq!((failed.kind(), failed.retry_after()), ("model_too_slow", None));
    assert_eq!(
        failed.to_string(),
        "m writes too slowly: its answer was not whole after a minute."
    );
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn whoever_has_heard_enough_hangs_up() {
    let piece = chat_text(&"x".repeat(200));
    let server = Fixture::script(vec![Reply::stream(vec![piece; 20]).hang()]).await;
    let mut told = 0;
    let answer = server
        .openai()
        .write("m", &prompt(), &|text| text.len() > 1000, &mut |_| told += 1)
        .await
        .unwrap();
    assert!((1200..4000).contains(&answer.text.len()), "{}", answer.text.len());
    assert!(answer.truncated);
    assert_eq!((answer.model.as_str(), answer.input_tokens), ("m", None));
}

#[tokio::test]
async fn comments_are_no_words() {
    let pings = vec![": ping\n\n".to_owned(); 3];
    let (first_byte, short) = (Duration::from_millis(300), Duration::from_millis(100));
    // A server that reads for longer than an answer may take says that it is there.
    let reading = Patience {
        first_byte,
        idle: short,
        total: short,
        silence_is_final: true,
        ..hurry()
    };
    let server = Fixture::script(vec![Reply::stream(pings.clone()).hang()]).await;
    let failed = ask(&openai_with(&server, &reading), "m").await.0.unwrap_err();
    assert_eq!(failed.kind(), "model_timeout");
    let whole = [pings, vec![chat_text("whole"), chat_end("stop")]].concat();
    let server = Fixture::script(vec![Reply::stream(whole)]).await;
    assert_eq!(ask(&server.openai(), "m").await.0.unwrap().text, "whole");
}

#[tokio::test]
async fn an_answer_is_whole_even_if_the_connection_stays_open_or_breaks_after_it() {
    let (finished, _) = chat_end("stop")
        .split_once("\n\n")
        .map(|(a, b)| (format!("{a}\n\n"), b.to_owned()))
        .unwrap();
    let reply = Reply::stream([chat_text("whole"), finished]);
    let server = Fixture::script(vec![reply.clone().hang(), reply.cut()]).await;
    let models = server.openai();
    for _ in 0..2 {
        let answer = ask(&models, "m").await.0.unwrap();
        assert_eq!((answer.text.as_str(), answer.input_tokens), ("whole", None));
    }
}

#[tokio::test]
async fn what_does_not_end_is_given_up() {
    let piece = chat_text(&"x".repeat(100_000));
    let server = Fixture::script(vec![Reply::stream(vec![piece; 20]).hang()]).await;
    let failed = ask(&server.openai(), "m").await.0.unwrap_err();
    assert_eq!(failed.to_string(), "The answer of m was not whole: it does not end.");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_the_key_stays_unsaid() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let base_url = format!("http://{address}/v1").parse().unwrap();
    let key = Some(crate::models::Secret::new("sk-very-secret".to_owned()));
    let config = ModelsConfig {
        providers: vec![ProviderConfig::new(ProviderKind::OpenAi, base_url, key)],
        ..ModelsConfig::default()
    };
    assert!(!format!("{config:?}").contains("very-secret"));
    let models = Models::with_patience(config, |_| hurry()).unwrap();
    let failed = ask(&models, "m").await.0.unwrap_err();
    assert_eq!(failed.kind(), "model_unavailable");
    assert!(!format!("{failed:?} {models:?}").contains("very-secret"));
}

#[tokio::test]
async fn a_key_that_is_repeated_in_a_refusal_is_not_shown() {
    // Of no form that is known for keys.
    let key = "correct/horse+battery";
    let said = json!({"error": {"message": format!("no such key: {key}, correct%2Fhorse%2Bbattery")}}).to_string();
    let long = json!({"error": {"message": format!("{}{key}", "x".repeat(287))}}).to_string();
    let in_stream = format!("data: {}\n\n", json!({"error": {"message": format!("bad: {key}")}}));
    for reply in [
        Reply::json(401, said.as_str()),
        Reply::json(401, said.replace('/', "\\/")),
        Reply::json(400, long.as_str()),
        Reply::stream([in_stream.clone()]),
    ] {
        let server = Fixture::serve(move |_, _| reply.clone()).await;
        let config = ModelsConfig {
            providers: vec![ProviderConfig::new(
                ProviderKind::OpenAi,
                server.url.join("v1").unwrap(),
                Some(crate::models::Secret::new(key.to_owned())),
            )],
            ..ModelsConfig::default()
        };
        let models = Models::with_patience(config, |_| hurry()).unwrap();
        let failed = ask(&models, "m").await.0.unwrap_err();
        let fault = failed.fault();
        let said = format!("{failed:?} {failed} {} {}", fault.message, fault.hint);
        assert!(said.contains("***"), "{said}");
        assert!(!said.contains("horse") && !said.contains("correct"), "{said}");
    }
}

#[tokio::test]
async fn only_a_few_are_asked_at_a_time() {
    let most = Arc::new(Mutex::new((0_usize, 0_usize)));
    let server = Fixture::script(vec![chat("done"); 12]).await;
    let models = server.openai();
    let calls = (0..12).map(|_| {
        let (models, most) = (models.clone(), Arc::clone(&most));
        async move {
            let mut on = |progress| {
                let mut most = most.lock().unwrap();
                if progress == Progress::Start {
                    most.0 += 1;
                    most.1 = most.1.max(most.0);
                }
            };
            let answer = models.write("m", &prompt(), &|_| false, &mut on).await;
            most.lock().unwrap().0 -= 1;
            answer.unwrap();
        }
    });
    futures::future::join_all(calls).await;
    assert_eq!(server.seen().len(), 12);
    assert!(most.lock().unwrap().1 <= CONCURRENCY);
}

#[tokio::test]
async fn a_provider_sends_neither_us_nor_our_key_elsewhere() {
    let other = Fixture::script(vec![]).await;
    for status in [301, 302, 303, 307, 308] {
        for target in [other.url.as_str(), "http://169.254.169.254/", "file:///etc/passwd"] {
            let away = Reply::json(status, "").header("location", target);
            let server = Fixture::serve(move |_, _| away.clone()).await;
            for (models, model) in [
                (server.openai(), "m"),
                (server.gemini(), "gemini-x"),
                (server.anthropic(), "claude-x"),
            ] {
                let (answer, _) = ask(&models, model).await;
                assert!(answer.is_err(), "{status} {target}");
                assert_eq!(
                    models.list().await.iter().filter(|listed| listed.name == model).count(),
                    0
                );
            }
        }
    }
    assert!(other.seen().is_empty(), "{:?}", other.seen());
}
