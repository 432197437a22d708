#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    fixture::{Fixture, Reply, chat},
    *,
};

fn openai(base_url: &str) -> Option<ProviderConfig> {
    Some(ProviderConfig::new(
        ProviderKind::OpenAi,
        base_url.parse().unwrap(),
        None,
    ))
}

fn gemini(base_url: &str) -> Option<ProviderConfig> {
    let key = Some(Secret::new("k".to_owned()));
    Some(ProviderConfig::new(
        ProviderKind::Gemini,
        base_url.parse().unwrap(),
        key,
    ))
}

const OPENAI: &str = "https://api.openai.com/v1";
const GOOGLE: &str = "https://generativelanguage.googleapis.com";

fn models(openai: Option<ProviderConfig>, gemini: Option<ProviderConfig>, default: Option<&str>) -> Models {
    Models::new(ModelsConfig {
        providers: gemini.into_iter().chain(openai).collect(),
        default_model: default.map(str::to_owned),
        ..ModelsConfig::default()
    })
    .unwrap()
}

/// Provider and name that `model` leads to.
fn route(models: &Models, model: &str) -> Result<(String, String), ModelError> {
    models
        .route(model)
        .map(|(provider, name)| (provider.wire.name().to_owned(), name.to_owned()))
}

fn names(models: &[ModelInfo]) -> Vec<&str> {
    models.iter().map(|model| model.name.as_str()).collect()
}

#[test]
fn names_lead_to_their_provider() {
    let models = models(openai(OPENAI), gemini(GOOGLE), None);
    for (model, provider, name) in [
        ("gemini-flash-latest", "Gemini", "gemini-flash-latest"),
        ("models/gemini-3.8-flash", "Gemini", "gemini-3.8-flash"),
        ("gemini/gemma-3", "Gemini", "gemma-3"),
        ("openai/gemini-by-proxy", "OpenAI", "gemini-by-proxy"),
        ("gpt-6-luna", "OpenAI", "gpt-6-luna"),
        ("meta-llama/llama-4", "OpenAI", "meta-llama/llama-4"),
        ("google/gemini-3.8-flash", "OpenAI", "google/gemini-3.8-flash"),
        ("openaiish/x", "OpenAI", "openaiish/x"),
    ] {
        assert_eq!(
            route(&models, model),
            Ok((provider.to_owned(), name.to_owned())),
            "{model}"
        );
    }
}

#[test]
fn what_is_not_set_up_is_said_with_the_variable_to_set() {
    let none = models(None, None, None);
    assert_eq!(none.resolve(EXTRACTIVE), Ok(()));
    let error = none.resolve("gpt-6-luna").unwrap_err();
    assert_eq!(error.kind(), "model_not_configured");
    assert_eq!(
        error.to_string(),
        "gpt-6-luna can't be asked, since OPENAI_API_KEY is not set."
    );
    let error = models(openai(OPENAI), None, None)
        .resolve("gemini-flash-latest")
        .unwrap_err();
    assert!(
        error.fault().hint.starts_with("Set GOOGLE_API_KEY"),
        "{:?}",
        error.fault()
    );
}

#[tokio::test]
async fn the_built_in_summariser_is_no_ones_model() {
    let prompt = Prompt {
        system: String::new(),
        user: String::new(),
        max_tokens: 1,
    };
    let models = models(openai(OPENAI), None, None);
    let error = models
        .write(EXTRACTIVE, &prompt, &|_| false, &mut |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "model_unknown");
}

#[test]
fn the_default_is_the_usual_model_of_whoever_is_set_up() {
    for (openai, gemini, configured, expected) in [
        (None, None, None, EXTRACTIVE),
        (None, None, Some("gpt-6-sol"), "gpt-6-sol"),
        (openai(OPENAI), None, None, "gpt-6-luna"),
        (openai(OPENAI), gemini(GOOGLE), None, "gemini-flash-latest"),
        (openai("http://localhost:8080/v1"), None, None, "openai/default"),
    ] {
        assert_eq!(models(openai, gemini, configured).default_model(), expected);
    }
}

#[test]
fn base_urls_that_can_not_be_asked_are_named() {
    let error = Models::new(ModelsConfig {
        providers: openai("file:///etc/passwd").into_iter().collect(),
        ..ModelsConfig::default()
    });
    assert!(error.unwrap_err().contains("file:"));
}

#[tokio::test]
async fn the_default_of_an_unknown_server_is_the_first_it_lists() {
    let server = Fixture::script(vec![Reply::json(200, r#"{"data":[{"id":"b"},{"id":"a"}]}"#)]).await;
    let models = server.openai();
    assert_eq!(models.default_model(), "openai/default");
    assert_eq!(models.settle_default().await, "b");
    assert_eq!(models.clone().default_model(), "b");
    assert_eq!(names(&models.list().await), ["b", "a", EXTRACTIVE]);
    assert_eq!(server.seen().len(), 1, "the list is kept");
}

#[tokio::test]
async fn a_server_that_was_down_is_the_default_all_the_same() {
    let server = Fixture::serve(|before, seen| match (before, seen.target.as_str()) {
        (0, "/v1/models") => Reply::json(401, r#"{"error":{"message":"no"}}"#),
        (_, "/v1/models") => Reply::json(200, r#"{"data":[{"id":"m"}]}"#),
        _ => Reply::json(401, r#"{"error":{"message":"no"}}"#),
    })
    .await;
    let models = server.openai();
    assert_eq!(models.settle_default().await, "openai/default");
    assert_eq!(names(&models.list().await), ["openai/default", EXTRACTIVE]);
    let (label, why) = models.unlisted().remove(0);
    assert_eq!(label, "127.0.0.1");
    assert!(why.contains("key"), "{why}");
    assert_eq!(models.resolve("openai/default"), Ok(()));
    assert_eq!(models.settled("openai/default").await, "openai/default");
    // Asked by that name the server says itself what is wrong.
    let prompt = Prompt {
        system: String::new(),
        user: String::new(),
        max_tokens: 1,
    };
    let error = models
        .write("openai/default", &prompt, &|_| false, &mut |_| {})
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "model_auth");
    // Some time later it lists what it has.
    let later = server.openai();
    assert_eq!(later.settled("openai/default").await, "m");
    assert_eq!(later.settled("other").await, "other");
    assert_eq!(later.settled(EXTRACTIVE).await, EXTRACTIVE);
    assert!(later.unlisted().is_empty());
}

#[tokio::test]
async fn lists_of_both_come_together_page_by_page_and_the_built_in_one_last() {
    let google = Fixture::serve(|_, seen| {
        let entry = |name: &str| {
            format!(
                r#"{{"name":"models/{name}","inputTokenLimit":1000,"supportedGenerationMethods":["generateContent"]}}"#
            )
        };
        match seen.target.contains("pageToken=2") {
            false => Reply::json(
                200,
                format!(r#"{{"models":[{}],"nextPageToken":"2"}}"#, entry("gemini-a")),
            ),
            true => Reply::json(200, format!(r#"{{"models":[{}]}}"#, entry("gemini-b"))),
        }
    })
    .await;
    let local = Fixture::script(vec![Reply::json(200, r#"{"data":[{"id":"c","max_model_len":512}]}"#)]).await;
    let models = models(
        openai(local.url.as_str()),
        gemini(google.url.as_str()),
        Some("gemini-b"),
    );
    assert_eq!(names(&models.list().await), ["gemini-a", "gemini-b", "c", EXTRACTIVE]);
    assert_eq!(models.context_tokens("gemini-b").await, Some(1000));
    assert_eq!(models.context_tokens("models/gemini-b").await, Some(1000));
    assert_eq!(models.context_tokens("c").await, Some(512));
    assert_eq!(models.context_tokens("unlisted").await, None);
    assert_eq!(models.context_tokens(EXTRACTIVE).await, None);
    assert_eq!((google.seen().len(), local.seen().len()), (2, 1));
}

#[tokio::test]
async fn a_provider_that_fails_contributes_its_default_and_is_left_alone_for_a_while() {
    let server = Fixture::script(vec![Reply::json(500, "{}"); 5]).await;
    let models = server.gemini();
    for _ in 0..3 {
        assert_eq!(names(&models.list().await), ["gemini-flash-latest", EXTRACTIVE]);
    }
    assert_eq!(server.seen().len(), 1);
    let nobody = Fixture::script(vec![Reply::json(200, "[]")]).await;
    let models = nobody.openai();
    assert_eq!(names(&models.list().await), ["openai/default", EXTRACTIVE]);
    assert_eq!(models.window("m").await, UNKNOWN_WINDOW);
}

#[tokio::test]
async fn a_name_with_a_slash_that_the_server_lists_is_its_own() {
    let server = Fixture::serve(|_, seen| match seen.target.as_str() {
        "/v1/models" => Reply::json(200, r#"{"data":[{"id":"openai/gpt-6-luna"},{"id":"gemini/x"}]}"#),
        _ => chat("done"),
    })
    .await;
    let models = server.openai();
    let prompt = Prompt {
        system: String::new(),
        user: String::new(),
        max_tokens: 1,
    };
    let asked = ["openai/gpt-6-luna", "gemini/x", "openai/other"];
    for model in asked {
        models.write(model, &prompt, &|_| false, &mut |_| {}).await.unwrap();
    }
    let seen = server.seen();
    let sent: Vec<_> = seen.iter().filter_map(|seen| seen.body["model"].as_str()).collect();
    assert_eq!(sent, ["openai/gpt-6-luna", "gemini/x", "other"]);
}

#[tokio::test]
async fn a_window_is_learned_from_an_overflow() {
    let overflow = r#"{"error":{"message":"too long","type":"exceed_context_size_error","n_ctx":8192}}"#;
    let server = Fixture::serve(move |_, seen| match seen.target.as_str() {
        "/v1/models" => Reply::json(200, r#"{"data":[{"id":"m","context_length":131072}]}"#),
        _ => Reply::json(400, overflow),
    })
    .await;
    let models = server.openai();
    assert_eq!(models.window("m").await, 131_072);
    let prompt = Prompt {
        system: String::new(),
        user: String::new(),
        max_tokens: 1,
    };
    models.write("m", &prompt, &|_| false, &mut |_| {}).await.unwrap_err();
    assert_eq!(models.window("m").await, 8192);
    models.learn_window("openai/m", 9000);
    assert_eq!(models.window("m").await, 8192, "what was learned only shrinks");
}

#[tokio::test]
async fn a_server_that_names_no_room_at_all_names_nothing() {
    let overflow = r#"{"error":{"message":"too long","type":"exceed_context_size_error","n_ctx":0}}"#;
    let server = Fixture::serve(move |_, seen| match seen.target.as_str() {
        "/v1/models" => Reply::json(200, r#"{"data":[{"id":"m","context_length":8192}]}"#),
        _ => Reply::json(400, overflow),
    })
    .await;
    let models = server.openai();
    let error = models.write("m", &short(), &|_| false, &mut |_| {}).await.unwrap_err();
    assert!(
        matches!(error, ModelError::ContextTooLong { limit: None, .. }),
        "{error:?}"
    );
    assert_eq!(models.window("m").await, 8192);
}

#[tokio::test]
async fn a_try_that_broke_off_is_counted_as_well() {
    let server = Fixture::serve(|count, seen| match seen.target.as_str() {
        "/v1/models" => Reply::json(200, r#"{"data":[{"id":"m"}]}"#),
        // It ends without its end.
        _ if count < 2 => Reply::stream([fixture::chat_text("do")]),
        _ => chat("done"),
    })
    .await;
    let models = server.openai();
    let prompt = Prompt {
        user: "word ".repeat(400),
        ..short()
    };
    models.write("m", &prompt, &|_| false, &mut |_| {}).await.unwrap();
    let asked = server.seen().iter().filter(|seen| seen.target != "/v1/models").count();
    let lost = truncation::estimate(&prompt) * (asked as u64 - 1);
    assert!(asked > 1);
    assert_eq!(models.spent().await.unwrap().tokens, lost + 31 + 6);
}

fn short() -> Prompt {
    Prompt {
        system: String::new(),
        user: String::new(),
        max_tokens: 1,
    }
}

/// Two servers that speak as OpenAI does, under names of their own.
fn two(one: &Fixture, other: &Fixture) -> Models {
    let provider = |name: &str, server: &Fixture| ProviderConfig {
        name: name.to_owned(),
        contexts: [("hinted".to_owned(), 5000)].into(),
        ..ProviderConfig::new(ProviderKind::OpenAi, server.url.join("v1").unwrap(), None)
    };
    let price = |input| Price { input, output: 2.0 };
    one.models(ModelsConfig {
        providers: vec![provider("one", one), provider("two", other)],
        prices: [("both".to_owned(), price(1.0)), ("two/both".to_owned(), price(3.0))].into(),
        fallback: vec!["two/both".to_owned(), "alone".to_owned()],
        ..ModelsConfig::default()
    })
}

fn lists(ids: &'static str) -> impl Fn(usize, &fixture::Seen) -> Reply + Send + Sync + 'static {
    move |_, seen| match seen.target.as_str() {
        "/v1/models" => {
            let data: Vec<_> = ids.split(' ').map(|id| serde_json::json!({"id": id})).collect();
            Reply::json(200, serde_json::json!({"data": data}).to_string())
        }
        _ => chat("done"),
    }
}

#[tokio::test]
async fn a_name_that_two_providers_have_belongs_to_the_first_and_leads_to_the_other_with_its_own() {
    let one = Fixture::serve(lists("both hinted")).await;
    let other = Fixture::serve(lists("both alone")).await;
    let models = two(&one, &other);
    let listed = models.list().await;
    assert_eq!(names(&listed), ["both", "hinted", "two/both", "alone", EXTRACTIVE]);
    assert_eq!(listed[2].provider, "two");
    assert_eq!(listed[2].price.map(|price| price.input), Some(3.0));
    assert_eq!(models.price("both").map(|price| price.input), Some(1.0));
    assert_eq!(models.price("alone"), None);
    assert_eq!(models.window("hinted").await, 5000);
    assert_eq!(models.fallbacks("alone"), ["two/both"]);
    let prompt = Prompt {
        system: String::new(),
        user: String::new(),
        max_tokens: 1,
    };
    for model in ["both", "one/both", "two/both", "alone"] {
        models.write(model, &prompt, &|_| false, &mut |_| {}).await.unwrap();
    }
    let asked = |server: &Fixture| -> Vec<String> {
        let seen = server.seen();
        seen.iter()
            .filter_map(|seen| seen.body["model"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(
        (asked(&one), asked(&other)),
        (vec!["both".to_owned(); 2], vec!["both".to_owned(), "alone".to_owned()])
    );
}

#[tokio::test]
async fn a_usual_model_that_is_gone_gives_way_to_its_kin() {
    let list = r#"{"models":[{"name":"models/gemini-4-pro","supportedGenerationMethods":["generateContent"]},
        {"name":"models/gemini-4-flash","supportedGenerationMethods":["generateContent"]}]}"#;
    let server = Fixture::script(vec![Reply::json(200, list)]).await;
    let models = server.gemini();
    assert_eq!(models.default_model(), "gemini-flash-latest");
    assert_eq!(models.settle_default().await, "gemini-4-flash");
    assert_eq!(
        names(&models.list().await),
        ["gemini-4-pro", "gemini-4-flash", EXTRACTIVE]
    );
    // A configured one is only replaced once it was asked in vain.
    let provider = gemini(server.url.as_str()).unwrap();
    let server = Fixture::script(vec![Reply::json(200, list)]).await;
    let models = Models::new(ModelsConfig {
        providers: vec![ProviderConfig {
            base_url: server.url.clone(),
            ..provider
        }],
        default_model: Some("gemini-1-flash".to_owned()),
        ..ModelsConfig::default()
    })
    .unwrap();
    assert_eq!(models.settle_default().await, "gemini-1-flash");
    assert_eq!(
        models.in_place_of_default("gemini-1-flash").await.as_deref(),
        Some("gemini-4-flash")
    );
    assert_eq!(models.in_place_of_default("gemini-4-pro").await, None);
}

#[tokio::test]
async fn a_server_that_cuts_the_prompt_without_a_word_is_found_out() {
    // As Ollama: it counts what it has read.
    let server = Fixture::serve(|_, seen| match seen.target.as_str() {
        "/v1/models" => Reply::json(200, r#"{"data":[{"id":"m"}]}"#),
        _ => {
            let letters = seen.words().1.chars().count();
            let counted = (letters / 4).min(4096);
            let end = serde_json::json!({"model": "m", "choices": [], "usage": {"prompt_tokens": counted, "completion_tokens": 1}});
            let done = r#"{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}"#;
            Reply::stream([format!("data: {done}\n\ndata: {end}\n\ndata: [DONE]\n\n")])
        }
    })
    .await;
    let models = server.openai();
    let prompt = |letters: usize| Prompt {
        system: String::new(),
        user: "a".repeat(letters),
        max_tokens: 1,
    };
    assert_eq!(models.window("m").await, UNKNOWN_WINDOW);
    let error = models
        .write("m", &prompt(60_000), &|_| false, &mut |_| {})
        .await
        .unwrap_err();
    assert!(
        matches!(error, ModelError::ContextTooLong { limit: Some(4096), .. }),
        "{error:?}"
    );
    assert_eq!(models.window("m").await, 4096);
    models
        .write("m", &prompt(9_000), &|_| false, &mut |_| {})
        .await
        .unwrap();
}

#[tokio::test]
async fn a_server_that_counts_badly_is_believed_only_once() {
    let server = Fixture::serve(|_, seen| match seen.target.as_str() {
        "/v1/models" => Reply::json(200, r#"{"data":[]}"#),
        _ => {
            let done = r#"{"choices":[{"index":0,"delta":{"content":"done"},"finish_reason":"stop"}]}"#;
            let end = r#"{"choices":[],"usage":{"prompt_tokens":600,"completion_tokens":1}}"#;
            Reply::stream([format!("data: {done}\n\ndata: {end}\n\ndata: [DONE]\n\n")])
        }
    })
    .await;
    let models = server.openai();
    models.learn_window("openai/m", 40_000);
    let prompt = Prompt {
        system: String::new(),
        user: "a".repeat(60_000),
        max_tokens: 1,
    };
    // It fits into what is known of the window: the count is wrong, not the answer.
    assert_eq!(
        models.write("m", &prompt, &|_| false, &mut |_| {}).await.unwrap().text,
        "done"
    );
}

#[tokio::test]
async fn anthropic_is_asked_in_its_own_format() {
    let stream = concat!(
        r#"data: {"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":25,"output_tokens":1}}}"#,
        "\n\n",
        r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Yes."}}"#,
        "\n\n",
        r#"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}"#,
        "\n\n",
        r#"data: {"type":"message_stop"}"#,
        "\n\n",
    );
    let overloaded = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
    let server = Fixture::script(vec![Reply::json(529, overloaded), Reply::stream([stream])]).await;
    let prompt = Prompt {
        system: "Answer.".to_owned(),
        user: "What?".to_owned(),
        max_tokens: 50,
    };
    let answer = server
        .anthropic()
        .write("claude-x", &prompt, &|_| false, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(
        (answer.text.as_str(), answer.input_tokens, answer.output_tokens),
        ("Yes.", Some(25), Some(15))
    );
    let seen = &server.seen()[1];
    assert_eq!(seen.target, "/v1/messages");
    assert_eq!(seen.headers["x-api-key"], "sk-ant-fixture");
    assert_eq!(seen.headers["anthropic-version"], "2023-06-01");
    assert_eq!(seen.body["system"], "Answer.");
    assert_eq!(seen.body["max_tokens"], 50);
    assert_eq!(seen.body["messages"][0]["content"], "What?");
}
