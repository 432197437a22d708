//! Marked secrets in the settings of the real program, which then does all it does, failures too; afterwards none of them may be
//! in its log, its pages, its API, its metrics or its database.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    fmt::Write,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

/// Each has a mark that occurs nowhere else.
const SECRETS: [(&str, &str); 6] = [
    ("LOGIN_CODE", "canary-code-K7Q2 with words"),
    ("SESSION_SECRET_KEY", "canary-session-key-M4T9-long-enough-to-be-one"),
    ("OPENAI_API_KEY", "canary/openai+R8W3"),
    ("GOOGLE_API_KEY", "canary-google-X5Z6"),
    ("METRICS_TOKEN", "canary-metrics-P1V8"),
    ("WEBSHARE_PROXY_PASSWORD", "canary-proxy-J3H7"),
];

fn secret(name: &str) -> &'static str {
    SECRETS.iter().find(|(known, _)| *known == name).unwrap().1
}

struct Program {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

impl Program {
    async fn start(data: &Path, upstream: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let site = data.join("site");
        std::fs::create_dir_all(&site).unwrap();
        let log = std::fs::File::create(data.join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_youtube-summarizer"))
            .env_clear()
            .envs(
                std::env::vars()
                    .filter(|(name, _)| ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR"].contains(&name.as_str())),
            )
            .envs(SECRETS)
            .env("LOGIN_ENABLED", "true")
            .env("LOG_LEVEL", "debug")
            .env("PORT", port.to_string())
            .env("DATA_DIR", data)
            .env("LEPTOS_SITE_ROOT", site)
            .env("YOUTUBE_BASE_URL", upstream)
            .env("YOUTUBE_REQUESTS_PER_MINUTE", "0")
            .env("OPENAI_BASE_URL", format!("{upstream}/v1"))
            .env("GOOGLE_BASE_URL", upstream)
            .env("DEFAULT_MODEL", "fixture-good")
            .stdout(Stdio::from(log.try_clone().unwrap()))
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        let program = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            client: backend::http::client(None, Duration::from_secs(5), None).unwrap(),
        };
        until(async || matches!(program.client.get(format!("{}/readyz", program.url)).send().await, Ok(answer) if answer.status().is_success())).await;
        program
    }

    async fn sign_in(&self, code: &str) -> Option<String> {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("code", code)
            .finish();
        let answer = self
            .client
            .post(format!("{}/login", self.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        let set = answer.headers().get("set-cookie")?.to_str().unwrap().to_owned();
        Some(set.split(';').next().unwrap().to_owned())
    }

    async fn get(&self, path: &str, cookie: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.url)).header("cookie", cookie);
        let answer = request.send().await.unwrap();
        // Headers count as well.
        format!("{:?} {}", answer.headers().clone(), answer.text().await.unwrap())
    }

    async fn run(&self, cookie: &str, input: &str, model: &str) -> Value {
        let created: Value = self
            .client
            .post(format!("{}/api/v1/runs", self.url))
            .header("cookie", cookie)
            .json(&json!({"input": input, "model": model, "fresh": true}))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let id = created["runs"][0]["id"].as_str().unwrap().to_owned();
        let look = async || -> Value {
            let request = self.client.get(format!("{}/api/v1/runs/{id}", self.url));
            request
                .header("cookie", cookie)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap()
        };
        until(async || !["queued", "working"].contains(&look().await["state"].as_str().unwrap())).await;
        look().await
    }
}

/// Every row of every table, the queue's too.
async fn dump(data: &Path) -> String {
    let settings = cluster::Settings {
        data_dir: data.to_owned(),
        unsafe_fast: false,
    };
    let url = cluster::Cluster::url_of_running(&settings, "youtube_summarizer")
        .unwrap()
        .unwrap();
    let pool = backend::database::connect(&url, 1).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    let mut dump = String::new();
    for table in tables {
        let query = format!("select t::text from {table} t");
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .fetch_all(&pool)
            .await
            .unwrap();
        writeln!(dump, "{table}: {}", rows.join("\n")).unwrap();
    }
    pool.close().await;
    dump
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_comes_out_anywhere() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let data = tempfile::tempdir().unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let program = Program::start(data.path(), &upstream.url).await;
    assert_eq!(program.sign_in("a wrong code: canary-typed-N6B4").await, None);
    let cookie = program.sign_in(secret("LOGIN_CODE")).await.unwrap();

    // A good run, one whose provider repeats the key in its refusal, and one whose provider is broken.
    let done = program.run(&cookie, "TeaKettle04", "fixture-good").await;
    assert_eq!(done["state"], "done", "{done}");
    let refusal = json!({"error": {"message": format!("Incorrect API key provided: {}.", secret("OPENAI_API_KEY")), "code": "invalid_api_key"}});
    for fault in [json!({"status": 401, "body": refusal}), json!("garbage")] {
        let body = json!({"match": "/chat/completions", "fault": fault});
        let control = format!("{}/_control/faults", upstream.url);
        program.client.post(&control).json(&body).send().await.unwrap();
        program.run(&cookie, "TeaKettle04", "fixture-good").await;
        program.client.delete(&control).send().await.unwrap();
    }

    let mut seen = String::new();
    let summary = format!("/summaries/{}", done["summary_id"].as_str().unwrap());
    for path in [
        "/",
        "/library",
        "/activity",
        summary.as_str(),
        "/settings/access",
        "/settings/youtube",
        "/settings/appearance",
        "/login",
        "/health",
        "/api_status",
        "/metrics",
        "/api/v1/summaries",
        "/api/v1/openapi.json",
        "/api/ui/page?ask=activity",
        "/api/ui/page?ask=access",
        "/nowhere",
    ] {
        writeln!(seen, "{path}: {}", program.get(path, &cookie).await).unwrap();
    }
    assert!(seen.contains("ytsum_login_attempts_total"), "the metrics were read");
    writeln!(seen, "database: {}", dump(data.path()).await).unwrap();
    assert!(seen.contains("sign_in_failed"), "the database was read");
    let log = std::fs::read_to_string(data.path().join("log")).unwrap();
    assert!(log.contains("a wrong login code"), "the log was read");
    writeln!(seen, "log: {log}").unwrap();
    let id = cookie.split_once('=').unwrap().1.to_owned();
    let secrets = SECRETS.iter().map(|(name, secret)| (*name, (*secret).to_owned()));
    for (name, secret) in secrets.chain([("the session", id), ("what was typed", "canary-typed-N6B4".to_owned())]) {
        if let Some(at) = seen.find(&secret) {
            let start = seen[..at].char_indices().rev().nth(200).map_or(0, |(start, _)| start);
            panic!("{name} came out: {}", &seen[start..at + secret.len()]);
        }
    }
}

/// Waits for something that happens soon; the limit only ends a test that hangs.
async fn until(happened: impl AsyncFn() -> bool) {
    let wait = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), wait)
        .await
        .expect("it never happened");
}
