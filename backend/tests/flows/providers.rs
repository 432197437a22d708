//! Several providers on a real Postgres and the fixture upstream: the order to fall back on, the budget of a day, prices,
//! servers that cut, lie or are gone.

use backend::{
    database,
    models::{Limits, ModelsConfig, ProviderKind},
    services::Submission,
    youtube::YouTubeConfig,
};
use domain::{
    models::Price,
    run::{Run, RunState},
    summary::{Summary, Verdict},
};
use serde_json::json;
use sqlx::PgPool;

use crate::house::{House, house_with, provider};

/// With one provider of each kind.
async fn house(pool: PgPool, config: ModelsConfig) -> House {
    house_with(pool, YouTubeConfig::default(), |upstream| ModelsConfig {
        providers: [ProviderKind::Gemini, ProviderKind::OpenAi, ProviderKind::Anthropic]
            .map(|kind| provider(upstream, kind))
            .into(),
        ..config
    })
    .await
}

impl House {
    /// Has a video summarised by a model, here and now.
    async fn summarise_by(&self, video: &str, model: &str) -> (Run, Summary) {
        let submission = Submission {
            input: video.to_owned(),
            model: Some(model.to_owned()),
            ..Submission::default()
        };
        let run = self.work(&self.submit(submission).await).await;
        assert_eq!(run.state, RunState::Done, "{:?}", run.fault);
        let summary = self.summary(&run).await;
        (run, summary)
    }

    /// The models that were asked, in order.
    async fn models_asked(&self) -> Vec<String> {
        let log = self.log().await;
        let posts = log.iter().filter(|entry| entry["method"] == "POST");
        posts
            .filter_map(|entry| entry["model"].as_str().map(str::to_owned))
            .collect()
    }
}

fn price(input: f64, output: f64) -> Price {
    Price { input, output }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn anthropic_writes_checked_claims_and_the_price_is_told(pool: PgPool) {
    let config = ModelsConfig {
        prices: [("claude-fixture".to_owned(), price(1.0, 5.0))].into(),
        ..ModelsConfig::default()
    };
    let house = house(pool, config).await;
    let (_, summary) = house.summarise_by("TeaKettle04", "claude-fixture").await;
    let told = &summary.provenance;
    assert_eq!((told.model.as_str(), told.fallback.as_ref()), ("claude-fixture", None));
    assert!(summary.claims.iter().all(|claim| claim.verdict != Verdict::NotFound));
    let (sent, received) = (told.input_tokens.unwrap(), told.output_tokens.unwrap());
    let cost = told.cost.expect("a cost");
    assert!((cost - price(1.0, 5.0).of(sent, received)).abs() < 1e-9);
    // The ledger says the same.
    let status = house.services.models_status().await.unwrap();
    assert_eq!(
        (status.spent.calls, status.spent.tokens, status.spent.unpriced_calls),
        (1, sent + received, 0)
    );
    assert!((status.spent.cost - cost).abs() < 1e-9);
    // Where no price is known, none is told.
    let (_, summary) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_eq!(summary.provenance.cost, None);
    assert_eq!(house.services.models_status().await.unwrap().spent.unpriced_calls, 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_count_that_nobody_can_mean_hides_no_others(pool: PgPool) {
    let house = house(pool.clone(), ModelsConfig::default()).await;
    // As versions before took it from a server that lies.
    sqlx::query(
        "insert into model_calls (provider, model, purpose, input_tokens, output_tokens)
         values ('p', 'm', 'summary', 9000000000000000000, 9000000000000000000), ('p', 'm', 'summary', 5, 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let spent = house.services.models_status().await.unwrap().spent;
    assert_eq!((spent.calls, spent.tokens), (2, 9_000_000_000_000_000_000));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_next_model_in_order_writes_and_it_is_said_why(pool: PgPool) {
    let config = ModelsConfig {
        fallback: vec!["gemini-fixture".to_owned(), "claude-fixture".to_owned()],
        ..ModelsConfig::default()
    };
    let house = house(pool.clone(), config).await;
    let quota = json!({"error": {"message": "x", "code": "insufficient_quota"}});
    house
        .fault(json!({"match": "/v1/chat", "fault": {"status": 429, "body": quota}}))
        .await;
    let refused = json!({"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}});
    house
        .fault(json!({"match": ":streamGenerateContent", "fault": {"status": 403, "body": refused}}))
        .await;
    let (run, summary) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_eq!(
        house.models_asked().await,
        ["fixture-good", "gemini-fixture", "claude-fixture"]
    );
    assert_eq!(summary.provenance.model, "claude-fixture");
    let why = summary.provenance.fallback.as_deref().unwrap();
    assert!(why.contains("fixture-good has used up its quota"), "{why}");
    assert_eq!(run.fault.unwrap().kind, "model_quota");
    // It is not mistaken for the work of the one that was asked for; and no completed call is repeated.
    let (again, _) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_ne!(again.summary_id, run.summary_id);
    assert_eq!(house.models_asked().await[3..], ["fixture-good", "gemini-fixture"]);
    house.no_faults().await;
    let (_, summary) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_eq!(summary.provenance.model, "fixture-good");
    assert_eq!(summary.provenance.fallback, None);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn at_the_end_of_the_order_the_extract_stands_in(pool: PgPool) {
    let config = ModelsConfig {
        fallback: vec!["claude-fixture".to_owned()],
        ..ModelsConfig::default()
    };
    let house = house(pool, config).await;
    for path in ["/v1/chat", "/v1/messages"] {
        house
            .fault(json!({"match": path, "fault": {"status": 401, "body": {}}}))
            .await;
    }
    let (run, summary) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_eq!(summary.provenance.model, "extractive");
    let fault = run.fault.unwrap();
    assert_eq!(fault.kind, "model_auth");
    assert!(
        fault.hint.contains("OPENAI_API_KEY"),
        "the wanted model's fault: {fault:?}"
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_default_that_is_gone_gives_way_to_a_listed_model(pool: PgPool) {
    let config = ModelsConfig {
        default_model: Some("gemini-of-old".to_owned()),
        ..ModelsConfig::default()
    };
    let house = house(pool, config).await;
    let (run, summary) = house.summarise_by("TeaKettle04", "gemini-of-old").await;
    assert_eq!(summary.provenance.model, "gemini-fixture");
    assert_eq!(run.fault.unwrap().message, "Gemini has no model called gemini-of-old.");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_server_that_cuts_long_prompts_without_a_word_is_asked_in_parts(pool: PgPool) {
    let house = house(pool, ModelsConfig::default()).await;
    let (run, summary) = house.summarise_by("LightHouseA", "fixture-cutting").await;
    assert_eq!(summary.provenance.model, "fixture-cutting");
    assert!(summary.provenance.calls > 6, "{:?}", summary.provenance);
    // All of it was read: what is cited comes from its first and its last third.
    let page = house.services.run_page(&run.id).await.unwrap().unwrap();
    let third = u32::try_from(page.passages.len()).unwrap() / 3;
    let cited: Vec<u32> = summary
        .claims
        .iter()
        .flat_map(|claim| &claim.citations)
        .map(|citation| citation.passage)
        .collect();
    assert!(
        cited.iter().any(|passage| *passage < third) && cited.iter().any(|passage| *passage > 2 * third),
        "{cited:?}"
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_spent_budget_leaves_the_extract_and_says_until_when(pool: PgPool) {
    let limits = Limits {
        tokens: Some(3000),
        cost: None,
    };
    let config = ModelsConfig {
        limits,
        fallback: vec!["claude-fixture".to_owned()],
        ..ModelsConfig::default()
    };
    let house = house(pool.clone(), config).await;
    let (run, _) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_eq!(run.fault, None);
    let before = house.models_asked().await.len();
    // What a crash cut off counts as it was estimated.
    sqlx::query(
        "insert into model_calls (provider, model, purpose, input_tokens) values ('openai', 'm', 'summary', 2900)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let (run, summary) = house.summarise_by("BridgeTalk8", "fixture-good").await;
    assert_eq!(summary.provenance.model, "extractive");
    let fault = run.fault.unwrap();
    assert_eq!(fault.kind, "budget_spent");
    assert!(fault.message.contains("until 00:00 UTC"), "{fault:?}");
    assert_eq!(house.models_asked().await.len(), before, "nobody was asked");
    // Yesterday's calls are none of today's.
    sqlx::query("update model_calls set asked_at = asked_at - interval '1 day'")
        .execute(&pool)
        .await
        .unwrap();
    let (run, _) = house.summarise_by("BridgeTalk8", "fixture-good").await;
    assert_eq!(run.fault, None);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn dollars_are_held_against_what_prices_tell(pool: PgPool) {
    let config = ModelsConfig {
        limits: Limits {
            tokens: None,
            cost: Some(0.000_001),
        },
        prices: [("openai/fixture-good".to_owned(), price(1.0, 1.0))].into(),
        ..ModelsConfig::default()
    };
    let house = house(pool, config).await;
    let (run, _) = house.summarise_by("TeaKettle04", "fixture-good").await;
    assert_eq!(run.fault.unwrap().kind, "budget_spent");
    let (run, _) = house.summarise_by("TeaKettle04", "claude-fixture").await;
    assert_eq!(run.fault, None, "its price is not known");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_settings_page_is_told_who_is_there_and_why_lists_are_missing(pool: PgPool) {
    let house = house(pool, ModelsConfig::default()).await;
    let refusal = json!({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}});
    // Anthropic's list is told from OpenAI's by its query.
    house
        .fault(json!({"match": "/v1/models?limit", "fault": {"status": 401, "body": refusal}}))
        .await;
    let status = house.services.models_status().await.unwrap();
    let [gemini, openai, anthropic] = status.providers.as_slice() else {
        unreachable!("{:?}", status.providers)
    };
    assert_eq!(
        (gemini.label.as_str(), gemini.key_from.as_str(), gemini.has_key),
        ("Gemini", "GOOGLE_API_KEY", true)
    );
    assert_eq!(gemini.models[0].context_tokens, Some(128_000));
    assert!(openai.models.iter().any(|model| model.name == "fixture-good"));
    assert_eq!(anthropic.models, []);
    assert_eq!(
        anthropic.error.as_deref(),
        Some("Anthropic refused the key: invalid x-api-key.")
    );
    assert_eq!(status.default_model, "gemini-fixture", "the usual one is not listed");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_server_that_has_not_listed_its_models_is_asked_for_any_of_them(pool: PgPool) {
    let house = house(pool, ModelsConfig::default()).await;
    let (run, summary) = house.summarise_by("TeaKettle04", "openai/default").await;
    assert_eq!(run.fault, None);
    assert_eq!(
        summary.provenance.model, "fixture-good",
        "the first that it lists by now"
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_server_that_lists_nothing_says_itself_what_is_wrong(pool: PgPool) {
    let house = house(pool, ModelsConfig::default()).await;
    let refusal = json!({"error": {"message": "Incorrect API key provided"}});
    for path in ["/v1/models", "/v1/chat"] {
        house
            .fault(json!({"match": path, "fault": {"status": 401, "body": refusal}}))
            .await;
    }
    let (run, summary) = house.summarise_by("TeaKettle04", "openai/default").await;
    assert_eq!(run.fault.unwrap().kind, "model_auth");
    assert_eq!(summary.provenance.model, "extractive");
    let why = summary.provenance.fallback.unwrap();
    assert!(why.contains("refused the key"), "{why}");
}
