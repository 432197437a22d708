//! Settings that are changed in the app.

use std::time::Duration;

use axum::http::StatusCode;
use backend::{access::SecretKey, models::Secret};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::support::{AWAY, CODE, HOME, House, door, hex_of, house, house_with, locked, rules};

#[sqlx::test(migrations = false)]
async fn a_key_is_set_in_the_app_and_never_shown_again(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let key = "canary-openai/R8W3";
    let replica = locked(&pool).await;
    let keep = async |house: &House, fields: &[(&str, &str)]| {
        house.post_form(HOME, "/settings/summaries", &cookie, fields).await
    };
    let kept = keep(
        &house,
        &[
            ("OPENAI_API_KEY", key),
            ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"),
            ("DEFAULT_MODEL", "my-model"),
            // Locked: the environment wins.
            ("ANTHROPIC_API_KEY", "canary-other-C3"),
        ],
    )
    .await;
    assert_eq!(
        (kept.status, kept.location()),
        (StatusCode::SEE_OTHER, "/settings/summaries")
    );
    // In force at once here,
    assert_eq!(house.settings.models().now().default_model(), "my-model");
    assert!(house.settings.models().now().resolve("gpt-x").is_ok());
    // and soon in a replica.
    assert!(replica.settings.models().now().resolve("gpt-x").is_err());
    let shutdown = CancellationToken::new();
    let follower = tokio::spawn(replica.settings.clone().follow(shutdown.clone()));
    let followed = async {
        while replica.settings.models().now().default_model() != "my-model" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), followed).await.unwrap();
    shutdown.cancel();
    follower.await.unwrap();

    let page = house.get("/settings/summaries", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Set by ANTHROPIC_API_KEY"), "{}", page.body);
    assert!(page.body.contains("my-model") && page.body.contains("remove_OPENAI_API_KEY"));
    let seen = format!(
        "{} {} {}",
        page.body,
        house.dump().await,
        house.get("/settings/access", &cookie).await.body
    );
    assert!(seen.contains("OPENAI_API_KEY set"), "the trail names it: {seen}");
    for secret in [key, "canary-other-C3", "canary-given-B2"] {
        assert!(!seen.contains(secret) && !seen.contains(&hex_of(secret)), "{secret}");
    }

    // A key that nobody can read does not follow an address that somebody types in.
    let moved = keep(
        &house,
        &[
            ("OPENAI_BASE_URL", "http://elsewhere.test/v1"),
            ("DEFAULT_MODEL", "my-model"),
        ],
    )
    .await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(moved.body.contains("enter the key for it again"), "{}", moved.body);

    // Each field has its own words, and nothing is kept of a form that is not good.
    let bad = keep(
        &house,
        &[
            ("OPENAI_API_KEY", "a key"),
            ("OPENAI_BASE_URL", "ftp://<script>"),
            ("DAILY_TOKEN_LIMIT", "many"),
        ],
    )
    .await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("OPENAI_API_KEY-problem"), "{}", bad.body);
    assert!(!bad.body.contains("ftp://<script>"));
    let bad = keep(
        &house,
        &[
            ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"),
            ("DAILY_TOKEN_LIMIT", "many"),
        ],
    )
    .await;
    assert!(
        bad.body.contains("DAILY_TOKEN_LIMIT-problem")
            && bad.body.contains("Tokens a day can’t be “many”. Give a whole number"),
        "{}",
        bad.body
    );
    for (page, field) in [
        ("/settings/summaries", "OPENAI_BASE_URL"),
        ("/settings/youtube", "YOUTUBE_PROXY_URL"),
    ] {
        for address in [
            "http://169.254.169.254/v1",
            "http://2852039166/v1",
            "http://[::ffff:169.254.169.254]/v1",
            "http://[fe80::1]/v1",
            "http://[fd00:ec2::254]/v1",
            "http://metadata.google.internal/v1",
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/",
        ] {
            let fields = [(field, address), ("OPENAI_API_KEY", "another-key")];
            let bad = house.post_form(HOME, page, &cookie, &fields).await;
            assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
            assert!(
                bad.body.contains(&format!("{field}-problem")),
                "{address}: {}",
                bad.body
            );
        }
    }
    assert_eq!(house.settings.models().now().default_model(), "my-model");

    // Removed, it is gone.
    let removed = keep(&house, &[("remove_OPENAI_API_KEY", "1")]).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.body);
    assert!(house.settings.models().now().resolve("gpt-x").is_err());
    assert!(house.dump().await.contains("OPENAI_API_KEY removed"));

    // Strangers, and scripts with a token, change nothing.
    let token = house.make_token(&cookie, "full").await;
    assert_eq!(
        house.with_token("POST", "/settings/summaries", &token).await.status,
        StatusCode::FORBIDDEN
    );
    let stranger = house
        .post_form(AWAY, "/settings/youtube", "", &[("TRANSCRIPT_LANGUAGES", "de")])
        .await;
    assert!(stranger.is_closed());
}

#[sqlx::test(migrations = false)]
async fn the_way_out_is_changed_in_the_app(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let keep = async |fields: &[(&str, &str)]| house.post_form(HOME, "/settings/youtube", &cookie, fields).await;
    let halfway = keep(&[("WEBSHARE_PROXY_ENABLED", "true"), ("WEBSHARE_PROXY_USERNAME", "me")]).await;
    assert_eq!(halfway.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        halfway.body.contains("WEBSHARE_PROXY_PASSWORD-problem"),
        "{}",
        halfway.body
    );
    let whole = [
        ("WEBSHARE_PROXY_ENABLED", "true"),
        ("WEBSHARE_PROXY_USERNAME", "me"),
        ("WEBSHARE_PROXY_PASSWORD", "canary-proxy-J3H7"),
        ("WEBSHARE_PROXY_LOCATIONS", "DE"),
    ];
    assert_eq!(keep(&whole).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.settings.youtube().now().egress(), "Webshare, DE");
    let page = house.get("/settings/youtube", &cookie).await;
    assert!(page.body.contains("Webshare, DE") && !page.body.contains("canary-proxy"));
    assert_eq!(
        keep(&[("remove_WEBSHARE_PROXY_PASSWORD", "1")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(house.settings.youtube().now().egress(), "this server's own address");
}

#[sqlx::test(migrations = false)]
async fn with_another_secret_key_kept_keys_are_asked_for_again(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let fields = [("GOOGLE_API_KEY", "canary-google-X5Z6")];
    let kept = house.post_form(HOME, "/settings/summaries", &cookie, &fields).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    assert!(house.settings.models().now().resolve("gemini-x").is_ok());
    let mut other = rules(Some(CODE));
    other.key = Some(SecretKey::new(&Secret::new(
        "another key that only tests know of".to_owned(),
    )));
    let house = house_with(&pool, other).await;
    assert!(house.settings.models().now().resolve("gemini-x").is_err());
    let cookie = house.sign_in(HOME).await;
    let page = house.get("/settings/summaries", &cookie).await;
    assert!(page.body.contains("Enter it again"), "{}", page.body);
}

#[sqlx::test(migrations = false)]
async fn without_a_login_settings_are_changed_from_this_machine_alone(pool: PgPool) {
    let house = house(&pool, rules(None), door()).await;
    let fields = [("TRANSCRIPT_LANGUAGES", "de")];
    let away = house.post_form(AWAY, "/settings/youtube", "", &fields).await;
    assert_eq!(away.status, StatusCode::FORBIDDEN);
    assert!(
        house
            .get("/settings/youtube", "")
            .await
            .body
            .contains("own machine alone")
    );
    let here = house.post_form("127.0.0.1", "/settings/youtube", "", &fields).await;
    assert_eq!(here.status, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrations = false)]
async fn the_theme_of_who_has_chosen_none_is_the_owners(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let keep = async |theme: &str| {
        let fields = [("DEFAULT_THEME", theme)];
        house
            .post_form(HOME, "/settings/appearance", &cookie, &fields)
            .await
            .status
    };
    assert_eq!(keep("dark").await, StatusCode::SEE_OTHER);
    for path in ["/", "/login", "/settings/appearance"] {
        let cookie = if path == "/login" { "" } else { &cookie };
        assert!(
            house.get(path, cookie).await.body.contains("data-theme=\"dark\""),
            "{path}"
        );
        let own = house.get(path, &format!("{cookie}; theme=light")).await.body;
        assert!(own.contains("data-theme=\"light\""), "{path}");
    }
    assert_eq!(keep("pink").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(keep("").await, StatusCode::SEE_OTHER);
    assert!(!house.get("/", &cookie).await.body.contains("data-theme=\"dark\""));
}

#[sqlx::test(migrations = false)]
async fn the_model_that_compares_is_changed_in_the_app(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let judge = house.settings.judge_model();
    for (typed, then) in [("gemini-x", Some("gemini-x")), ("", None)] {
        let fields = [("JUDGE_MODEL", typed)];
        let kept = house.post_form(HOME, "/settings/summaries", &cookie, &fields).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
        assert_eq!(judge.now().as_deref(), then);
    }
}
