//! The house that the doors are tried on: the whole router on a real Postgres, one request at a time.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use app::assets::Assets;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header},
};
use backend::{
    access::{Access, AccessConfig, Login, LoginCode, LoginRules, SecretKey},
    live::Live,
    models::Secret,
    outage::Outage,
    services::Services,
    settings::SettingsStore,
};
use http_body_util::BodyExt;
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusBuilder;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::{
    access::{Door, streams::Streams},
    api,
    app_state::{AppState, HealthFacts},
    assets::Site,
    config::Settings,
    disks::Folder,
    live_settings::LiveSettings,
    page_cache::PageCache,
    pages, router,
};

pub const CODE: &str = "correct horse <&\"'> bättery";
pub const HOME: &str = "198.51.100.7";
pub const AWAY: &str = "203.0.113.9";

pub struct House {
    pub router: Router,
    /// What listens at METRICS_ADDR.
    pub metrics: Router,
    pub settings: LiveSettings,
    pub pool: PgPool,
    _folder: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// What a browser would send back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        let pair = set.split(';').next().unwrap();
        (!pair.ends_with('=')).then(|| pair.to_owned())
    }

    pub fn is_closed(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
            || self.status == StatusCode::SEE_OTHER && self.location().starts_with("/login")
    }
}

pub fn rules(code: Option<&str>) -> AccessConfig {
    AccessConfig {
        rules: LoginRules {
            login: code.map_or(Login::Open, |code| {
                Login::Code(LoginCode::new(&Secret::new(code.to_owned())).unwrap())
            }),
            max_attempts: 5,
            lockout: Duration::from_secs(900),
        },
        key: Some(SecretKey::new(&Secret::new("a key that only tests know of".to_owned()))),
        costly_per_minute: None,
    }
}

pub fn door() -> Door {
    Door {
        over_tls: false,
        allows_plain_http: true,
        trusted: Vec::new(),
        metrics_token: None,
        metrics_elsewhere: false,
        streams: Streams::up_to(32, 1000),
    }
}

pub async fn house(pool: &PgPool, rules: AccessConfig, door: Door) -> House {
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
    if let Login::Code(_) = rules.rules.login {
        given.access.login_enabled = Some("true".to_owned());
        given.access.login_code = Some(CODE.to_owned());
    }
    let config = given.validate(&mut Vec::new());
    let store = SettingsStore::new(pool.clone(), rules.key.clone());
    let access = Access::new(pool.clone(), rules);
    let settings = LiveSettings::start(given, &config, store, access.clone(), pool)
        .await
        .unwrap();
    let state = AppState {
        settings: settings.clone(),
        access,
        door: Arc::new(door),
        services: Services {
            found: Default::default(),
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
        outage: Outage::default(),
        health: Arc::new(HealthFacts {
            audio: Folder {
                name: "data",
                setting: "DATA_DIR",
                path: folder.path().join("audio"),
            },
            folders: Vec::new(),
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

pub async fn house_with(pool: &PgPool, rules: AccessConfig) -> House {
    house(pool, rules, door()).await
}

pub async fn locked(pool: &PgPool) -> House {
    house(pool, rules(Some(CODE)), door()).await
}

impl House {
    pub async fn send(&self, from: &str, request: axum::http::request::Builder, body: impl Into<Body>) -> Answer {
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

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(HOME, Request::get(path).header("cookie", cookie), Body::empty())
            .await
    }

    pub async fn with_token(&self, method: &str, path: &str, token: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        self.send(HOME, request, r#"{"input": ""}"#).await
    }

    pub async fn post_form(&self, from: &str, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
            .header("cookie", cookie);
        self.send(from, request, form(fields)).await
    }

    pub async fn try_code(&self, from: &str, code: &str) -> Answer {
        self.post_form(from, "/login", "", &[("code", code), ("next", "/library")])
            .await
    }

    /// Signs in; the cookie.
    pub async fn sign_in(&self, from: &str) -> String {
        let answer = self.try_code(from, CODE).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, "/library"),
            "{}",
            answer.body
        );
        answer.cookie().unwrap()
    }

    pub async fn make_token(&self, cookie: &str, scope: &str) -> String {
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
    pub async fn dump(&self) -> String {
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
pub fn hex_of(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

pub fn form(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// Every address: pages, server functions, the API, and what has routes of its own.
pub fn addresses() -> Vec<(String, String)> {
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
    for page in pages::LISTED.iter() {
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
        ("POST", "/settings/appearance"),
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
