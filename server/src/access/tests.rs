//! The doors, tried from outside: the whole router on a real Postgres, one request at a time.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use app::assets::Assets;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
};
use backend::{
    access::{Access, AccessConfig, LoginCode, SecretKey, unlock},
    live::Live,
    models::Secret,
    services::Services,
    settings::SettingsStore,
};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusBuilder;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{Door, streams::Streams};
use crate::{
    api,
    app_state::{AppState, HealthFacts},
    assets::Site,
    config::Settings,
    live_settings::LiveSettings,
    page_cache::PageCache,
    router,
};

const CODE: &str = "correct horse <&\"'> bättery";
const HOME: &str = "198.51.100.7";
const AWAY: &str = "203.0.113.9";

struct House {
    router: Router,
    /// What listens at METRICS_ADDR.
    metrics: Router,
    settings: LiveSettings,
    pool: PgPool,
    _folder: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// What a browser would send back.
    fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        let pair = set.split(';').next().unwrap();
        (!pair.ends_with('=')).then(|| pair.to_owned())
    }

    fn is_closed(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
            || self.status == StatusCode::SEE_OTHER && self.location().starts_with("/login")
    }
}

fn rules(code: Option<&str>) -> AccessConfig {
    AccessConfig {
        code: code.map(|code| LoginCode::new(&Secret::new(code.to_owned())).unwrap()),
        key: Some(SecretKey::new(&Secret::new("a key that only tests know of".to_owned()))),
        max_attempts: 5,
        lockout: Duration::from_secs(900),
        costly_per_minute: None,
    }
}

fn door() -> Door {
    Door {
        over_tls: false,
        in_the_clear: false,
        trusted: Vec::new(),
        metrics_token: None,
        metrics_elsewhere: false,
        streams: Streams::up_to(32),
    }
}

async fn house(pool: &PgPool, rules: AccessConfig, door: Door) -> House {
    let _ = rustls::crypto::ring::default_provider().install_default();
    backend::database::migrate(pool).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("robots.txt"), "User-agent: *\n").unwrap();
    std::fs::create_dir(folder.path().join("audio")).unwrap();
    let shutdown = CancellationToken::new();
    let mut given = Settings::default();
    // Nobody listens there: no test may go out.
    given.youtube.youtube_base_url = Some("http://127.0.0.1:9/".to_owned());
    given.models.anthropic_api_key = Some("canary-given-B2".to_owned());
    given.models.anthropic_base_url = Some("http://127.0.0.1:9/".to_owned());
    given.models.google_base_url = Some("http://127.0.0.1:9/".to_owned());
    let config = given.validate(&mut Vec::new());
    let store = SettingsStore::new(pool.clone(), rules.key.clone());
    let settings = LiveSettings::start(given, &config, store, pool).await.unwrap();
    let state = AppState {
        settings: settings.clone(),
        access: Access::new(pool.clone(), rules),
        door: Arc::new(door),
        services: Services {
            pool: pool.clone(),
            youtube: settings.youtube(),
            models: settings.models(),
            live: Live::start(pool.clone(), shutdown.clone()),
        },
        site: Arc::new(Site::load(folder.path()).unwrap()),
        assets: Assets::default(),
        pages: PageCache::default(),
        leptos: LeptosOptions::builder().output_name("youtube-summarizer").build(),
        metrics: PrometheusBuilder::new().build_recorder().handle(),
        shutdown,
        health: Arc::new(HealthFacts {
            data_dir: folder.path().to_owned(),
            stopping: CancellationToken::new(),
        }),
    };
    House {
        metrics: router::metrics_alone(state.clone()),
        router: router::router(state),
        settings,
        pool: pool.clone(),
        _folder: folder,
    }
}

async fn house_with(pool: &PgPool, rules: AccessConfig) -> House {
    house(pool, rules, door()).await
}

async fn locked(pool: &PgPool) -> House {
    house(pool, rules(Some(CODE)), door()).await
}

impl House {
    async fn send(&self, from: &str, request: axum::http::request::Builder, body: impl Into<Body>) -> Answer {
        let mut request = request.body(body.into()).unwrap();
        let peer = SocketAddr::new(from.parse().unwrap(), 4711);
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned(),
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(HOME, Request::get(path).header("cookie", cookie), Body::empty())
            .await
    }

    async fn with_token(&self, method: &str, path: &str, token: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        self.send(HOME, request, r#"{"input": ""}"#).await
    }

    async fn post_form(&self, from: &str, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
            .header("cookie", cookie);
        self.send(from, request, form(fields)).await
    }

    async fn try_code(&self, from: &str, code: &str) -> Answer {
        self.post_form(from, "/login", "", &[("code", code), ("next", "/library")])
            .await
    }

    /// Signs in; the cookie.
    async fn sign_in(&self, from: &str) -> String {
        let answer = self.try_code(from, CODE).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/library"),
            "{}",
            answer.body
        );
        answer.cookie().unwrap()
    }

    async fn make_token(&self, cookie: &str, scope: &str) -> String {
        let fields = [
            ("do", "create"),
            ("name", "backup <b>"),
            ("scope", scope),
            ("days", "30"),
        ];
        let page = self.post_form(HOME, "/settings/access", cookie, &fields).await;
        assert_eq!(page.status, StatusCode::OK);
        let start = page.body.find("yts_").unwrap();
        page.body[start..]
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .next()
            .unwrap()
            .to_owned()
    }

    /// Everything that is stored of all this, as text.
    async fn dump(&self) -> String {
        let mut dump = String::new();
        for table in [
            "sessions",
            "api_tokens",
            "login_attempts",
            "audit",
            "rate_buckets",
            "settings",
            "setting_secrets",
        ] {
            let query = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
            let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
                .fetch_one(&self.pool)
                .await
                .unwrap();
            dump.push_str(&text);
        }
        dump
    }
}

/// As Postgres prints bytes.
fn hex_of(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// Every address: pages, server functions, the API, and what has routes of its own.
fn addresses() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let document = serde_json::to_value(api::documented().get_openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path: Vec<&str> = path
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    "0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"
                } else {
                    part
                }
            })
            .collect();
        let path = path.join("/");
        for method in item.as_object().unwrap().keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                all.push((method.to_uppercase(), path.clone()));
            }
        }
    }
    assert!(all.len() >= 12, "{all:?}");
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() >= 7, "{functions:?}");
    all.extend(
        functions
            .into_iter()
            .map(|(path, method)| (method.to_string(), path.to_owned())),
    );
    for page in leptos_axum::generate_route_list(app::App) {
        let path = page
            .path()
            .replace("{id}", "x")
            .replace("{*id}", "x")
            .replace(":id", "x")
            .replace("*id", "x");
        all.push(("GET".to_owned(), path));
    }
    for (method, path) in [
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api_status"),
        ("GET", "/metrics"),
        ("GET", "/thumbnails/x.jpg"),
        ("GET", "/videos/x"),
        ("POST", "/submit"),
        ("POST", "/settings/access"),
        ("POST", "/settings/summaries"),
        ("POST", "/settings/youtube"),
        ("POST", "/logout"),
        ("POST", "/summarize"),
        ("GET", "/get_cached_summaries"),
        ("GET", "/search_summaries?q=x"),
        ("DELETE", "/delete_summary"),
        ("GET", "/capture"),
        ("POST", "/summaries/0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee/shelf"),
        ("POST", "/library/delete"),
        ("POST", "/library/restore"),
        ("GET", "/nowhere"),
        ("GET", "/pkg/nothing.js"),
        ("DELETE", "/login"),
        ("POST", "/health"),
        ("GET", "//livez"),
        ("GET", "/livez/"),
        ("GET", "/robots.txt/../api_status"),
    ] {
        all.push((method.to_owned(), path.to_owned()));
    }
    all
}

#[sqlx::test(migrations = false)]
async fn strangers_get_nowhere(pool: PgPool) {
    let house = locked(&pool).await;
    for (method, path) in addresses() {
        for (name, value) in [
            ("accept", "*/*"),
            ("accept", "text/html"),
            ("cookie", "session=AAAAAAAAAAAAAAAAAAAAAA"),
            ("cookie", "session=not-base64!; __Host-session=AAAAAAAAAAAAAAAAAAAAAA"),
            (
                "authorization",
                "Bearer yts_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
            ("authorization", "Bearer "),
            ("x-forwarded-for", "127.0.0.1"),
        ] {
            let request = Request::builder()
                .method(method.as_str())
                .uri(&path)
                .header(name, value)
                .header("content-type", "application/x-www-form-urlencoded");
            // From this machine as well: a proxy on it would open the house to the world.
            let answer = house.send("127.0.0.1", request, "id=x").await;
            assert!(
                answer.is_closed(),
                "{method} {path} {name}: {value} was answered {}",
                answer.status
            );
        }
    }
    for path in ["/login", "/login_status", "/livez", "/health", "/robots.txt"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::OK, "{path}");
    }
}

#[sqlx::test(migrations = false)]
async fn without_a_login_everybody_may_come_in(pool: PgPool) {
    let house = house(&pool, rules(None), door()).await;
    for path in ["/", "/api_status", "/metrics", "/settings/access", "/api/v1/summaries"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(house.get("/login", "").await.location(), "/");
}

#[sqlx::test(migrations = false)]
async fn whoever_signs_in_gets_where_they_were_going(pool: PgPool) {
    let house = locked(&pool).await;
    let led = house.get("/library?q=tea&page=2", "").await;
    assert_eq!(led.location(), "/login?next=%2Flibrary%3Fq%3Dtea%26page%3D2");
    let page = house.get(led.location(), "").await;
    assert!(
        page.body.contains(r#"name="next" value="/library?q=tea&amp;page=2""#),
        "{}",
        page.body
    );
    let fields = [("code", CODE), ("next", "https://evil.example/")];
    let answer = house.post_form(HOME, "/login", "", &fields).await;
    assert_eq!(answer.location(), "/");
    let cookie = answer.cookie().unwrap();
    for path in [
        "/",
        "/library",
        "/settings/access",
        "/api_status",
        "/api/ui/page?ask=home",
        "/metrics",
    ] {
        assert_eq!(house.get(path, &cookie).await.status, StatusCode::OK, "{path}");
    }
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"),
        "{set}"
    );
    assert!(!set.contains("Secure"), "{set}");
}

#[sqlx::test(migrations = false)]
async fn over_tls_the_cookie_belongs_to_this_host_alone(pool: PgPool) {
    let door = Door {
        over_tls: true,
        ..door()
    };
    let house = house(&pool, rules(Some(CODE)), door).await;
    let answer = house.try_code(HOME, CODE).await;
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("__Host-session=") && set.contains("Secure") && set.contains("Path=/"),
        "{set}"
    );
    assert!(!set.contains("Domain"), "{set}");
    assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[sqlx::test(migrations = false)]
async fn a_session_is_new_at_each_sign_in_and_ends_when_it_is_ended(pool: PgPool) {
    let house = locked(&pool).await;
    // Somebody planted a cookie: one that was made up, and one of a session of their own.
    let planted = "session=AAAAAAAAAAAAAAAAAAAAAA";
    let own = house.sign_in(AWAY).await;
    for fixed in [planted, own.as_str()] {
        let answer = house.post_form(HOME, "/login", fixed, &[("code", CODE)]).await;
        let cookie = answer.cookie().unwrap();
        assert_ne!(cookie, fixed);
        assert!(house.get("/api_status", fixed).await.is_closed());
        assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
    }
    let cookie = house.sign_in(HOME).await;
    let out = house.post_form(HOME, "/logout", &cookie, &[]).await;
    assert_eq!(out.location(), "/login");
    assert!(
        house.get("/api_status", &cookie).await.is_closed(),
        "replayed after signing out"
    );
}

#[sqlx::test(migrations = false)]
async fn devices_can_be_ended_one_by_one_and_all_at_once(pool: PgPool) {
    let house = locked(&pool).await;
    let (mine, other) = (house.sign_in(HOME).await, house.sign_in(AWAY).await);
    let page = house.get("/settings/access", &mine).await.body;
    assert!(page.matches("Firefox on Linux").count() >= 2, "{page}");
    let marker = "name=\"do\" value=\"end\"";
    let rest = &page[page.find(marker).unwrap() + marker.len()..];
    let number = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    house
        .post_form(HOME, "/settings/access", &mine, &[("do", "end"), ("id", number)])
        .await;
    assert!(house.get("/api_status", &other).await.is_closed());
    assert_eq!(house.get("/api_status", &mine).await.status, StatusCode::OK);
    let third = house.sign_in(AWAY).await;
    house
        .post_form(HOME, "/settings/access", &mine, &[("do", "end_all")])
        .await;
    for cookie in [&mine, &third] {
        assert!(house.get("/api_status", cookie).await.is_closed());
    }
}

#[sqlx::test(migrations = false)]
async fn sessions_end_by_themselves(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    // Used after a week: it goes on for two more, but not beyond thirty days.
    for (days_old, days_left) in [(7, 14), (25, 5)] {
        sqlx::query("update sessions set created_at = now() - make_interval(days => $1), last_seen_at = now() - interval '1 hour'")
            .bind(days_old)
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
        let left: i32 =
            sqlx::query_scalar("select round(extract(epoch from expires_at - now()) / 86400)::integer from sessions")
                .fetch_one(&pool)
                .await
                .unwrap();
        assert_eq!(left, days_left);
    }
    sqlx::query("update sessions set expires_at = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(house.get("/api_status", &cookie).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn a_new_code_ends_all_sessions(pool: PgPool) {
    let cookie = locked(&pool).await.sign_in(HOME).await;
    assert_eq!(
        locked(&pool).await.get("/api_status", &cookie).await.status,
        StatusCode::OK
    );
    let changed = house(&pool, rules(Some("another code altogether")), door()).await;
    assert!(changed.get("/api_status", &cookie).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn an_address_is_locked_out_and_no_header_helps_it(pool: PgPool) {
    let house = locked(&pool).await;
    let signed_in = house.sign_in(HOME).await;
    for remaining in [4, 3, 2, 1] {
        let answer = house.try_code(AWAY, "wrong").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let told = format!("{remaining} attempt");
        assert!(answer.body.contains(&told), "{}", answer.body);
        assert!(answer.cookie().is_none());
    }
    assert_eq!(
        house.try_code(AWAY, "wrong").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    for forged in ["127.0.0.1", HOME, "192.0.2.1, 10.0.0.1", "2001:db8::1"] {
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"] {
            let request = Request::post("/login")
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, forged);
            let answer = house.send(AWAY, request, form(&[("code", CODE)])).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{name}: {forged}");
        }
    }
    // Another replica, or the same after a restart; then the owner, from elsewhere and in a session that is open.
    let replica = locked(&pool).await;
    assert_eq!(replica.try_code(AWAY, CODE).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(replica.get("/api_status", &signed_in).await.status, StatusCode::OK);
    replica.sign_in(HOME).await;
    unlock(&pool, Some(AWAY.parse().unwrap())).await.unwrap();
    replica.sign_in(AWAY).await;
    let trail = replica.get("/settings/access", &signed_in).await.body;
    for words in ["Wrong code", "locked out", "Signed in", "Unlocked", AWAY] {
        assert!(trail.contains(words), "{words}: {trail}");
    }
}

#[sqlx::test(migrations = false)]
async fn a_household_of_ipv6_is_one_address(pool: PgPool) {
    let house = locked(&pool).await;
    for host in 1..=5 {
        house.try_code(&format!("2001:db8:1:2::{host}"), "wrong").await;
    }
    let refused = house.try_code("2001:db8:1:2:ffff::9", CODE).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    house.sign_in("2001:db8:1:3::1").await;
}

#[sqlx::test(migrations = false)]
async fn behind_a_proxy_of_ours_visitors_are_told_apart(pool: PgPool) {
    let door = Door {
        trusted: vec!["10.0.0.0/8".parse().unwrap()],
        ..door()
    };
    let house = house(&pool, rules(Some(CODE)), door).await;
    let attempt = async |forwarded: &str, code: &str| {
        let request = Request::post("/login")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", forwarded);
        house.send("10.0.0.2", request, form(&[("code", code)])).await.status
    };
    for forged in 1..=5 {
        // The stranger writes another address each time; our proxy adds the true one.
        attempt(&format!("192.0.2.{forged}, {AWAY}"), "wrong").await;
    }
    assert_eq!(attempt(AWAY, CODE).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(attempt(HOME, CODE).await, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrations = false)]
async fn attempts_at_the_same_moment_count_for_each_other(pool: PgPool) {
    let house = locked(&pool).await;
    let replica = locked(&pool).await;
    let attempts = (0..16).map(|n| if n % 2 == 0 { &house } else { &replica }.try_code(AWAY, "wrong"));
    let answers = futures::future::join_all(attempts).await;
    let compared = answers
        .iter()
        .filter(|answer| answer.body.contains("That is not the code"))
        .count();
    assert_eq!(compared, 5);
    let failed: i64 = sqlx::query_scalar("select count(*) from login_attempts where outcome = 'failed'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(failed, 5);
    let rows: i64 = sqlx::query_scalar("select count(*) from login_attempts")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(rows, 6, "refusals in a row are one row");
}

#[sqlx::test(migrations = false)]
async fn an_attack_from_everywhere_slows_strangers_and_not_the_owner(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    sqlx::query(
        "insert into login_attempts (network, outcome)
         select '192.0.2.' || n % 250 || '/' || n / 4, 'failed' from generate_series(1, 120) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let slowed = house.try_code(AWAY, CODE).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.body.contains("from everywhere"), "{}", slowed.body);
    assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
    // The address that somebody signed in from, and one that was let in by name.
    house.sign_in(HOME).await;
    unlock(&pool, Some(AWAY.parse().unwrap())).await.unwrap();
    house.sign_in(AWAY).await;
    // A stranger gets a turn when the last is long enough ago.
    sqlx::query("update login_attempts set at = at - interval '40 seconds'")
        .execute(&pool)
        .await
        .unwrap();
    house.sign_in("203.0.113.10").await;
    unlock(&pool, None).await.unwrap();
    house.sign_in("203.0.113.11").await;
}

#[sqlx::test(migrations = false)]
async fn other_sites_can_change_nothing(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    for (method, path) in addresses()
        .into_iter()
        .chain([("POST".to_owned(), "/login".to_owned())])
    {
        if method == "GET" || path == "/health" {
            continue;
        }
        // As a form of another site, as fetch does, and as an old browser that only names where it comes from.
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let request = Request::builder()
                .method(method.as_str())
                .uri(&path)
                .header("host", "127.0.0.1:5001")
                .header("cookie", &cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value);
            let answer = house.send(HOME, request, form(&[("id", "x"), ("code", CODE)])).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {name}: {value}");
        }
    }
    let own = Request::post("/settings/access")
        .header("host", "127.0.0.1:5001")
        .header("origin", "http://127.0.0.1:5001")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", &cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = house.send(HOME, own, form(&[("do", "end_all")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrations = false)]
async fn a_token_opens_the_api_and_no_more_than_it_may(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let (reader, full) = (
        house.make_token(&cookie, "read").await,
        house.make_token(&cookie, "full").await,
    );
    for token in [&reader, &full] {
        assert_eq!(
            house.with_token("GET", "/api/v1/summaries", token).await.status,
            StatusCode::OK
        );
        assert_eq!(house.with_token("GET", "/metrics", token).await.status, StatusCode::OK);
        for path in ["/", "/settings/access", "/api/ui/page?ask=access", "/logout"] {
            assert_eq!(
                house.with_token("GET", path, token).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
    assert_eq!(
        house.with_token("POST", "/api/v1/runs", &reader).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        house.with_token("POST", "/api/v1/runs", &full).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "nothing to summarise"
    );
    let page = house.get("/settings/access", &cookie).await.body;
    assert!(!page.contains(&reader) && !page.contains(&full), "shown once");
    assert!(page.contains("backup &lt;b&gt;") && !page.contains("backup <b>"));
    // The form names them newest first.
    let marker = "value=\"revoke\"";
    let rest = &page[page.find(marker).unwrap() + marker.len()..];
    let id = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    house
        .post_form(HOME, "/settings/access", &cookie, &[("do", "revoke"), ("id", id)])
        .await;
    assert!(house.with_token("GET", "/api/v1/summaries", &full).await.is_closed());
    sqlx::query("update api_tokens set expires_at = now()")
        .execute(&pool)
        .await
        .unwrap();
    assert!(house.with_token("GET", "/api/v1/summaries", &reader).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn a_stolen_database_opens_nothing(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let token = house.make_token(&cookie, "full").await;
    house.try_code(AWAY, "a wrong code that somebody typed").await;
    let dump = house.dump().await;
    assert!(dump.contains("Firefox on Linux"), "the dump has what it should: {dump}");
    let id = cookie.split_once('=').unwrap().1;
    for secret in [
        id,
        token.as_str(),
        CODE,
        "a wrong code that somebody typed",
        "a key that only tests know of",
    ] {
        assert!(!dump.contains(secret), "{secret} is stored");
    }
    // What is stored, shown as if it were the thing itself.
    let hashes: Vec<Vec<u8>> =
        sqlx::query_scalar("select id_hash from sessions union all select token_hash from api_tokens")
            .fetch_all(&pool)
            .await
            .unwrap();
    for hash in hashes {
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(house.get("/api_status", &format!("session={hex}")).await.is_closed());
        assert!(
            house
                .with_token("GET", "/api_status", &format!("yts_{hex}"))
                .await
                .is_closed()
        );
    }
}

#[sqlx::test(migrations = false)]
async fn what_costs_has_a_limit_for_a_session_and_for_an_address(pool: PgPool) {
    let mut rules = rules(Some(CODE));
    rules.costly_per_minute = Some(2);
    let house = house(&pool, rules, door()).await;
    let (first, second) = (house.sign_in(HOME).await, house.sign_in(HOME).await);
    let ask = async |from: &str, cookie: &str| {
        let request = Request::post("/api/v1/runs")
            .header("content-type", "application/json")
            .header("cookie", cookie);
        house.send(from, request, r#"{"input": ""}"#).await
    };
    for _ in 0..4 {
        assert_eq!(ask(HOME, &first).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = ask(AWAY, &first).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the session, wherever it is"
    );
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(
        ask(HOME, &second).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the address, whoever it is"
    );
    assert_eq!(
        house.get("/library", &first).await.status,
        StatusCode::OK,
        "reading costs nothing"
    );
}

#[sqlx::test(migrations = false)]
async fn the_metrics_have_a_door_of_their_own(pool: PgPool) {
    let with = |token: Option<&str>, metrics_elsewhere| Door {
        metrics_token: token.map(|token| Secret::new(token.to_owned())),
        metrics_elsewhere,
        ..door()
    };
    for code in [Some(CODE), None] {
        let house = house(&pool, rules(code), with(Some("scrape-me"), false)).await;
        assert_eq!(
            house.with_token("GET", "/metrics", "scrape-me").await.status,
            StatusCode::OK
        );
        assert!(house.with_token("GET", "/metrics", "scrape-you").await.is_closed());
        assert!(house.get("/metrics", "").await.is_closed());
        if code.is_some() {
            assert!(house.with_token("GET", "/api_status", "scrape-me").await.is_closed());
        }
    }
    let mut house = house(&pool, rules(Some(CODE)), with(Some("scrape-me"), true)).await;
    for token in ["", "scrape-me"] {
        assert_eq!(
            house.with_token("GET", "/metrics", token).await.status,
            StatusCode::NOT_FOUND
        );
    }
    // At their own address there is nothing else, and the token is asked for as well.
    house.router = house.metrics.clone();
    assert_eq!(
        house.with_token("GET", "/metrics", "scrape-me").await.status,
        StatusCode::OK
    );
    assert_eq!(house.get("/metrics", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        house.with_token("GET", "/metrics", "scrape-you").await.status,
        StatusCode::UNAUTHORIZED
    );
    for path in ["/", "/login", "/api_status", "/api/v1/summaries", "/livez"] {
        assert_eq!(
            house.with_token("GET", path, "scrape-me").await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[sqlx::test(migrations = false)]
async fn the_login_page_allows_nothing_inline_without_its_nonce(pool: PgPool) {
    let door = Door {
        in_the_clear: true,
        ..door()
    };
    let house = house(&pool, rules(Some(CODE)), door).await;
    let page = house
        .get("/login?next=%2F%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", "")
        .await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains(" 'unsafe-eval'"),
        "{policy}"
    );
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "{}", page.body);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("not encrypted"));
    let again = house.get("/login", "").await;
    assert_ne!(policy, again.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.headers[name], value);
    }
}

#[sqlx::test(migrations = false)]
async fn no_path_leads_out_of_the_house(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    for path in [
        "/../../../../etc/passwd",
        "/pkg/../../../../etc/passwd",
        "/pkg/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/thumbnails/..%2f..%2fetc%2fpasswd",
        "/thumbnails/%00.jpg",
        "/videos/..%2f..%2fsecret.key",
        "/robots.txt%00.html",
    ] {
        let answer = house.get(path, &cookie).await;
        assert!(
            answer.status.is_client_error() || answer.status.is_server_error(),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("root:"), "{path}");
    }
    // Nothing of an address gets into a header.
    let led = house.get("/x%0d%0aset-cookie:%20a=b", "").await;
    assert!(
        led.location().starts_with("/login?next=%2Fx%250d%250a"),
        "{}",
        led.location()
    );
}

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
        bad.body.contains("DAILY_TOKEN_LIMIT-problem") && bad.body.contains("is many"),
        "{}",
        bad.body
    );
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
async fn an_id_of_a_request_is_short_and_plain_or_ours(pool: PgPool) {
    let house = locked(&pool).await;
    let ask = async |id: &[u8]| {
        let request = Request::get("/livez").header("x-request-id", id);
        let answer = house.send(AWAY, request, Body::empty()).await;
        answer.headers["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(ask(b"proxy-1.A_z").await, "proxy-1.A_z");
    let long = "a".repeat(65);
    for odd in [
        &b"a b"[..],
        b"x level=ERROR msg=forged",
        b"a\tb",
        b"",
        b"\xc3\xa4",
        long.as_bytes(),
    ] {
        let given = ask(odd).await;
        assert_eq!(given.len(), 36, "{given}");
        assert!(given.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'), "{given}");
    }
}

#[sqlx::test(migrations = false)]
async fn many_links_cost_as_much_as_many_calls(pool: PgPool) {
    let mut rules = rules(None);
    rules.costly_per_minute = Some(5);
    let house = house(&pool, rules, door()).await;
    let ask = async |from: &str, input: &str| {
        let request = Request::post("/api/v1/runs").header("content-type", "application/json");
        house
            .send(from, request, serde_json::json!({"input": input}).to_string())
            .await
            .status
    };
    let ids: Vec<String> = (0..30).map(|n| format!("https://youtu.be/{n:0>11}")).collect();
    assert_eq!(ask(HOME, &ids.join("\n")).await, StatusCode::ACCEPTED);
    assert_eq!(ask(HOME, &ids[0]).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(AWAY, &ids[0]).await, StatusCode::ACCEPTED);
}

#[sqlx::test(migrations = false)]
async fn whatever_costs_is_counted(pool: PgPool) {
    let mut rules = rules(None);
    rules.costly_per_minute = Some(1);
    let house = house(&pool, rules, door()).await;
    sqlx::query("insert into rate_buckets values ($1, -1000, clock_timestamp())")
        .bind(format!("address:{HOME}"))
        .execute(&pool)
        .await
        .unwrap();
    for (method, path) in [
        ("POST", "/submit"),
        ("POST", "/questions"),
        ("POST", "/api/v1/runs"),
        ("POST", "/api/v1/questions"),
        ("POST", "/api/v1/videos/x/questions"),
        ("POST", "/api/v1/runs/x/retry"),
        ("POST", "/api/v1/batches/x/retry"),
        ("POST", "/api/ui/retry"),
        ("POST", "/api/ui/retry-batch"),
        ("POST", "/api/ui/retry-failed"),
        ("POST", "/api/ui/test-youtube"),
        ("GET", "/api/v1/lists?url=x"),
        ("GET", "/playlists/PLx"),
        ("GET", "/channels/UCx"),
        ("GET", "/api/ui/page?ask=list/playlists/PLx"),
        ("GET", "/api/ui/page?x=1&ask=%6cist-again%2Fplaylists%2FPLx"),
    ] {
        let request = Request::builder().method(method).uri(path);
        let answer = house.send(HOME, request, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
    }
}
