//! The login, changed in the app.

use axum::http::{Request, StatusCode};
use backend::{access::SecretKey, models::Secret};
use sqlx::PgPool;

use super::support::{AWAY, Answer, CODE, HOME, House, door, form, hex_of, house, locked, rules};
use crate::access::Door;

const NEW: &str = "  tulips & \"foxes\" in May ";

/// Changes the login; from this machine where there is none.
async fn keep(house: &House, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let from = if cookie.is_empty() { "127.0.0.1" } else { HOME };
    let fields: Vec<(&str, &str)> = [("do", "login")].into_iter().chain(fields.iter().copied()).collect();
    house.post_form(from, "/settings/access", cookie, &fields).await
}

async fn sign_in_with(house: &House, code: &str) -> String {
    house.try_code(HOME, code).await.cookie().unwrap()
}

/// A house without a login, in which one is switched on.
async fn switched_on(pool: &PgPool) -> House {
    let house = house(pool, rules(None), door()).await;
    let fields = [
        ("LOGIN_ENABLED", "true"),
        ("LOGIN_CODE", NEW),
        ("LOGIN_CODE_again", NEW),
    ];
    let kept = keep(&house, "", &fields).await;
    assert_eq!(
        (kept.status, kept.location()),
        (StatusCode::SEE_OTHER, "/settings/access"),
        "{}",
        kept.body
    );
    house
}

#[sqlx::test(migrations = false)]
async fn a_login_is_switched_on_from_this_machine_and_holds_at_once(pool: PgPool) {
    let house = switched_on(&pool).await;
    // Whoever switched it on is asked as well, and replicas and later starts ask, too.
    for house in [&house, &super::support::house(&pool, rules(None), door()).await] {
        for from in [HOME, "127.0.0.1"] {
            let answer = house.send(from, Request::get("/api_status"), String::new()).await;
            assert!(answer.is_closed(), "{from}");
        }
        // As it was typed, spaces and all.
        assert_eq!(house.try_code(HOME, NEW.trim()).await.status, StatusCode::UNAUTHORIZED);
        let cookie = sign_in_with(house, NEW).await;
        assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
    }
    let dump = house.dump().await;
    assert!(
        dump.contains("LOGIN_CODE set") && dump.contains("LOGIN_ENABLED set"),
        "{dump}"
    );
    assert!(!dump.contains("tulips") && !dump.contains(&hex_of("tulips")));
    // Under the seal lies the hash, not the code.
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from setting_secrets where name = 'LOGIN_CODE'")
        .fetch_one(&pool)
        .await
        .unwrap();
    let key = SecretKey::new(&Secret::new("a key that only tests know of".to_owned()));
    let kept = key.open("LOGIN_CODE", &sealed).unwrap();
    assert!(kept.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[sqlx::test(migrations = false)]
async fn from_elsewhere_no_login_is_switched_on(pool: PgPool) {
    let house = house(&pool, rules(None), door()).await;
    let body = form(&[
        ("do", "login"),
        ("LOGIN_ENABLED", "true"),
        ("LOGIN_CODE", NEW),
        ("LOGIN_CODE_again", NEW),
    ]);
    for (from, name, value) in [
        (AWAY, "accept", "text/html"),
        (AWAY, "x-forwarded-for", "127.0.0.1"),
        (AWAY, "host", "localhost"),
        // A proxy on this machine that nobody told us of, and a stranger's page whose name leads here.
        ("127.0.0.1", "x-forwarded-for", AWAY),
        ("127.0.0.1", "host", "rebound.evil.example:5001"),
    ] {
        for path in ["/settings/access", "/settings/summaries"] {
            let request = Request::post(path)
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value);
            let answer = house.send(from, request, body.clone()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from} {name}: {value}");
        }
    }
    assert_eq!(house.get("/api_status", "").await.status, StatusCode::OK);
}

#[sqlx::test(migrations = false)]
async fn a_login_is_changed_by_who_knows_the_code_and_ends_all_sessions(pool: PgPool) {
    let house = switched_on(&pool).await;
    let (mine, other) = (sign_in_with(&house, NEW).await, sign_in_with(&house, NEW).await);
    let page = house.get("/settings/access", &mine).await.body;
    assert!(page.contains("name=\"current_code\""), "{page}");
    let better = "another one, with stars";
    let change = [
        ("LOGIN_ENABLED", "true"),
        ("LOGIN_CODE", better),
        ("LOGIN_CODE_again", better),
    ];
    let with_proof = |proof: &'static str| {
        let mut fields = change.to_vec();
        fields.push(("current_code", proof));
        fields
    };
    // Without the code that is in force nothing changes, and guesses at it count.
    let bare = keep(&house, &mine, &change).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.body.contains("current_code-problem"), "{}", bare.body);
    let wrong = keep(&house, &mine, &with_proof("a guess")).await;
    assert!(wrong.body.contains("4 attempts remain"), "{}", wrong.body);
    // Each field in its own words.
    for (code, again, field, words) in [
        ("short", "short", "LOGIN_CODE-problem", "fewer than 8"),
        (
            "password2026",
            "password2026",
            "LOGIN_CODE-problem",
            "first that anybody would try",
        ),
        (
            "$argon2id$v=19$nonsense",
            "$argon2id$v=19$nonsense",
            "LOGIN_CODE-problem",
            "begins as a stored code",
        ),
        (
            "a good one, this",
            "a good one, thys",
            "LOGIN_CODE_again-problem",
            "not the same",
        ),
    ] {
        let fields = [
            ("LOGIN_ENABLED", "true"),
            ("LOGIN_CODE", code),
            ("LOGIN_CODE_again", again),
            ("current_code", NEW),
        ];
        let answer = keep(&house, &mine, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(
            answer.body.contains(field) && answer.body.contains(words),
            "{code}: {}",
            answer.body
        );
        assert!(!answer.body.contains("a good one"), "typed codes are not shown again");
    }
    for (attempts, minutes, field) in [("none", "15", "MAX_LOGIN_ATTEMPTS"), ("5", "9999", "LOCKOUT_DURATION")] {
        let fields = [
            ("LOGIN_ENABLED", "true"),
            ("MAX_LOGIN_ATTEMPTS", attempts),
            ("LOCKOUT_DURATION", minutes),
            ("current_code", NEW),
        ];
        let answer = keep(&house, &mine, &fields).await;
        assert!(answer.body.contains(&format!("{field}-problem")), "{}", answer.body);
    }
    assert_eq!(house.get("/api_status", &mine).await.status, StatusCode::OK);

    let kept = keep(&house, &mine, &with_proof(NEW)).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    for cookie in [&mine, &other] {
        assert!(house.get("/api_status", cookie).await.is_closed());
    }
    let sessions: i64 = sqlx::query_scalar("select count(*) from sessions")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(sessions, 0, "ended, not only closed");
    assert_eq!(house.try_code(HOME, NEW).await.status, StatusCode::UNAUTHORIZED);
    let mine = sign_in_with(&house, better).await;

    // Limits hold at once, and sign nobody out.
    let fields = [
        ("LOGIN_ENABLED", "true"),
        ("MAX_LOGIN_ATTEMPTS", "2"),
        ("LOCKOUT_DURATION", "60"),
        ("current_code", better),
    ];
    assert_eq!(keep(&house, &mine, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/api_status", &mine).await.status, StatusCode::OK);
    assert!(house.try_code(AWAY, "wrong").await.body.contains("1 attempt remains"));
    assert!(house.try_code(AWAY, "wrong").await.body.contains("60 minutes"));

    // Switched off, everybody comes in, and an old session is none when it is on again.
    let fields = [
        ("LOGIN_ENABLED", ""),
        ("MAX_LOGIN_ATTEMPTS", "2"),
        ("LOCKOUT_DURATION", "60"),
        ("current_code", better),
    ];
    assert_eq!(keep(&house, &mine, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/api_status", "").await.status, StatusCode::OK);
    let on = keep(&house, "", &[("LOGIN_ENABLED", "true")]).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "the code is kept: {}", on.body);
    assert!(house.get("/api_status", &mine).await.is_closed());
    sign_in_with(&house, better).await;
}

#[sqlx::test(migrations = false)]
async fn whoever_finds_an_open_browser_can_not_guess_the_code_there(pool: PgPool) {
    let house = switched_on(&pool).await;
    let mine = sign_in_with(&house, NEW).await;
    let mut said = Vec::new();
    for _ in 0..6 {
        let fields = [("LOGIN_ENABLED", ""), ("current_code", "a guess")];
        said.push(keep(&house, &mine, &fields).await.body);
    }
    assert!(said[4].contains("last attempt for now"), "{}", said[4]);
    assert!(said[5].contains("was not looked at"), "{}", said[5]);
    let right = keep(&house, &mine, &[("LOGIN_ENABLED", ""), ("current_code", NEW)]).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(house.get("/api_status", "").await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn what_the_environment_says_of_the_login_is_not_changed(pool: PgPool) {
    let house = locked(&pool).await;
    let mine = house.sign_in(HOME).await;
    let page = house.get("/settings/access", &mine).await.body;
    assert!(
        page.contains("Set by LOGIN_CODE") && page.contains("Set by LOGIN_ENABLED"),
        "{page}"
    );
    assert!(!page.contains("LOGIN_CODE_again"));
    let switch = page
        .split("id=\"LOGIN_ENABLED\"")
        .nth(1)
        .unwrap()
        .split("</select>")
        .next()
        .unwrap();
    assert!(
        switch.contains("value=\"true\" selected"),
        "what is in force is shown: {switch}"
    );
    let fields = [
        ("LOGIN_ENABLED", ""),
        ("LOGIN_CODE", NEW),
        ("LOGIN_CODE_again", NEW),
        ("current_code", CODE),
    ];
    assert_eq!(keep(&house, &mine, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/api_status", &mine).await.status, StatusCode::OK);
    assert!(!house.dump().await.contains("LOGIN_CODE set"));
}

#[sqlx::test(migrations = false)]
async fn with_another_secret_key_a_kept_code_lets_nobody_in(pool: PgPool) {
    let cookie = sign_in_with(&switched_on(&pool).await, NEW).await;
    let mut other = rules(None);
    other.key = Some(SecretKey::new(&Secret::new(
        "another key that only tests know of".to_owned(),
    )));
    let house = house(&pool, other, door()).await;
    assert!(house.get("/api_status", "").await.is_closed());
    assert!(house.get("/api_status", &cookie).await.is_closed());
    let answer = house.try_code("127.0.0.1", NEW).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("SESSION_SECRET_KEY"), "{}", answer.body);
    // Nor is it a door: there is no login in the environment, but this machine is asked as well.
    assert!(keep(&house, "", &[("LOGIN_ENABLED", "")]).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn where_others_read_along_no_code_is_taken_unless_the_owner_says_so(pool: PgPool) {
    let strict = || Door {
        allows_plain_http: false,
        ..door()
    };
    let house = house(&pool, rules(Some(CODE)), strict()).await;
    let attempt = async |house: &House, from: &str, fields: &[(&'static str, &str)], json: bool| {
        let mut request = Request::post("/login");
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let (kind, body) = if json {
            ("application/json", serde_json::json!({"passcode": CODE}).to_string())
        } else {
            ("application/x-www-form-urlencoded", form(&[("code", CODE)]))
        };
        house.send(from, request.header("content-type", kind), body).await
    };
    let named = ("host", "nas.local:5001");
    for (from, fields) in [
        (AWAY, &[][..]),
        (AWAY, &[named]),
        ("127.0.0.1", &[named]),
        // A proxy on this machine that nobody told us of.
        ("127.0.0.1", &[("host", "localhost"), ("x-forwarded-for", AWAY)]),
        (
            "127.0.0.1",
            &[
                ("host", "localhost"),
                ("x-forwarded-proto", "https"),
                ("x-real-ip", AWAY),
            ],
        ),
    ] {
        for json in [false, true] {
            let answer = attempt(&house, from, fields, json).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from} {fields:?}");
            assert!(
                answer.body.contains("ALLOW_PLAIN_HTTP") && answer.body.contains("PUBLIC_URL"),
                "{}",
                answer.body
            );
            assert!(answer.cookie().is_none());
        }
    }
    let page = house.send(AWAY, Request::get("/login"), String::new()).await;
    assert!(
        !page.body.contains("name=\"code\""),
        "nobody is led to type it: {}",
        page.body
    );
    let attempts: i64 = sqlx::query_scalar("select count(*) from login_attempts")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(attempts, 0, "a code that was not looked at locks nobody out");
    // This machine, a container whose port is published here, and a tunnel.
    for from in ["127.0.0.1", "::1", "172.18.0.1"] {
        let answer = attempt(&house, from, &[("host", "127.0.0.1:5001")], false).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{from}");
        let page = house.get("/library", &answer.cookie().unwrap()).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    // Behind TLS nothing changes.
    let tls = super::support::house(
        &pool,
        rules(Some(CODE)),
        Door {
            over_tls: true,
            ..strict()
        },
    )
    .await;
    assert_eq!(attempt(&tls, AWAY, &[named], false).await.status, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrations = false)]
async fn where_the_owner_lets_others_read_along_every_page_says_so(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let banner = "class=\"in-the-clear\"";
    for path in [
        "/",
        "/library",
        "/settings/access",
        "/settings/appearance",
        "/nowhere",
        "/capture",
    ] {
        let page = house.get(path, &cookie).await.body;
        assert!(page.contains(banner), "{path}: {page}");
    }
    let refused = keep(
        &house,
        &cookie,
        &[("MAX_LOGIN_ATTEMPTS", "none"), ("current_code", CODE)],
    )
    .await;
    assert!(refused.body.contains(banner), "{}", refused.body);
    // At the machine itself there is nothing to say.
    let request = Request::get("/library")
        .header("cookie", &cookie)
        .header("host", "localhost:5001");
    let page = house.send("127.0.0.1", request, String::new()).await.body;
    assert!(page.contains("Library") && !page.contains(banner), "{page}");
    let login = house.send(AWAY, Request::get("/login"), String::new()).await.body;
    assert!(
        login.contains("not encrypted") && login.contains("name=\"code\""),
        "{login}"
    );
}
