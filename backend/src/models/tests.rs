#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    fixture::{Fixture, Reply, chat},
    *,
};

fn openai(base_url: &str) -> Option<OpenAiConfig> {
    Some(OpenAiConfig {
        base_url: base_url.parse().unwrap(),
        key: None,
    })
}

fn gemini(base_url: &str) -> Option<GeminiConfig> {
    Some(GeminiConfig {
        base_url: base_url.parse().unwrap(),
        key: Secret::new("k".to_owned()),
    })
}

const OPENAI: &str = "https://api.openai.com/v1";
const GOOGLE: &str = "https://generativelanguage.googleapis.com";

fn models(openai: Option<OpenAiConfig>, gemini: Option<GeminiConfig>, default: Option<&str>) -> Models {
    Models::new(ModelsConfig {
        openai,
        gemini,
        default_model: default.map(str::to_owned),
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
    let error = models.write(EXTRACTIVE, &prompt, &mut |_| {}).await.unwrap_err();
    assert_eq!(error.kind(), "model_unknown");
}

#[test]
fn the_default_is_the_usual_model_of_whoever_is_set_up() {
    for (openai, gemini, configured, expected) in [
        (None, None, None, EXTRACTIVE),
        (None, None, Some("gpt-6-sol"), "gpt-6-sol"),
        (openai(OPENAI), None, None, "gpt-6-luna"),
        (openai(OPENAI), gemini(GOOGLE), None, "gemini-flash-latest"),
        (openai("http://localhost:8080/v1"), None, None, EXTRACTIVE),
    ] {
        assert_eq!(models(openai, gemini, configured).default_model(), expected);
    }
}

#[test]
fn base_urls_that_can_not_be_asked_are_named() {
    let error = Models::new(ModelsConfig {
        openai: openai("file:///etc/passwd"),
        ..ModelsConfig::default()
    });
    assert!(error.unwrap_err().contains("file:"));
}

#[tokio::test]
async fn the_default_of_an_unknown_server_is_the_first_it_lists() {
    let server = Fixture::script(vec![Reply::json(200, r#"{"data":[{"id":"b"},{"id":"a"}]}"#)]).await;
    let models = server.openai();
    assert_eq!(models.default_model(), EXTRACTIVE);
    assert_eq!(models.settle_default().await, "b");
    assert_eq!(models.clone().default_model(), "b");
    assert_eq!(names(&models.list().await), ["b", "a", EXTRACTIVE]);
    assert_eq!(server.seen().len(), 1, "the list is kept");
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
    assert_eq!(names(&models.list().await), [EXTRACTIVE]);
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
        models.write(model, &prompt, &mut |_| {}).await.unwrap();
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
    models.write("m", &prompt, &mut |_| {}).await.unwrap_err();
    assert_eq!(models.window("m").await, 8192);
    models.learn_window("m", 9000);
    assert_eq!(models.window("m").await, 8192, "what was learned only shrinks");
}
