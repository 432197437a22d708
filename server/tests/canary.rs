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

/// Set in the app, not in the environment.
const KEPT: [(&str, &str); 2] = [
    ("ANTHROPIC_API_KEY", "canary/anthropic+T2K9"),
    ("YOUTUBE_PROXY_URL", "http://me:canary-way-out-Q7L2@127.0.0.1:9/"),
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

    async fn set(&self, cookie: &str, page: &str, fields: &[(&str, &str)]) {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self.client.post(format!("{}{page}", self.url)).header("cookie", cookie);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
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
        let id = created["runs"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{input}: {created}"))
            .to_owned();
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

/// What `doctor` says beside a server that uses this folder.
fn doctor(data: &Path, key: &str, upstream: &str, format: &str) -> String {
    let said = Command::new(env!("CARGO_BIN_EXE_youtube-summarizer"))
        .args(["doctor", "TeaKettle04", "--format", format])
        .current_dir(data)
        .env_clear()
        .envs(
            std::env::vars().filter(|(name, _)| ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR"].contains(&name.as_str())),
        )
        .env("SESSION_SECRET_KEY", key)
        .env("DATA_DIR", data)
        .env("YOUTUBE_BASE_URL", upstream)
        .env("YOUTUBE_REQUESTS_PER_MINUTE", "0")
        .env("ANTHROPIC_BASE_URL", upstream)
        .env("DEFAULT_MODEL", "extractive")
        .output()
        .unwrap();
    format!(
        "{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    )
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

    program.set(&cookie, "/settings/summaries", &[KEPT[0]]).await;
    // In force for a moment, since nothing is reached that way.
    program.set(&cookie, "/settings/youtube", &[KEPT[1]]).await;
    let lost = program.run(&cookie, "HoneyBees0c", "fixture-good").await;
    assert_eq!(lost["state"], "waiting", "{lost}");
    program
        .set(&cookie, "/settings/youtube", &[("remove_YOUTUBE_PROXY_URL", "1")])
        .await;

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
    let key = secret("SESSION_SECRET_KEY");
    for (folder, key, origin) in [
        (
            data.path(),
            key,
            json!({"ANTHROPIC_API_KEY": "settings", "DEFAULT_MODEL": "environment", "YOUTUBE_REQUESTS_PER_MINUTE": "environment"}),
        ),
        (
            data.path(),
            "another key, with which nothing can be read",
            json!({"ANTHROPIC_API_KEY": "unreadable", "DEFAULT_MODEL": "environment", "YOUTUBE_REQUESTS_PER_MINUTE": "environment"}),
        ),
        // Without a database the environment stands alone.
        (
            &*data.path().join("site"),
            key,
            json!({"DEFAULT_MODEL": "environment", "YOUTUBE_REQUESTS_PER_MINUTE": "environment"}),
        ),
    ] {
        for format in ["json", "text"] {
            let said = doctor(folder, key, &upstream.url, format);
            if format == "json" {
                let told: Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
                assert_eq!(told["settings"], origin, "{said}");
            }
            writeln!(seen, "doctor: {said}").unwrap();
        }
    }
    assert!(
        seen.contains("ANTHROPIC_API_KEY: from the settings in the app"),
        "{seen}"
    );
    let summary = format!("/summaries/{}", done["summary_id"].as_str().unwrap());
    for path in [
        "/",
        "/library",
        "/activity",
        summary.as_str(),
        "/settings/access",
        "/settings/summaries",
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
    let kept = [
        ("ANTHROPIC_API_KEY", KEPT[0].1.to_owned()),
        ("the proxy's password", "canary-way-out-Q7L2".to_owned()),
    ];
    for (name, secret) in secrets
        .chain(kept)
        .chain([("the session", id), ("what was typed", "canary-typed-N6B4".to_owned())])
    {
        if let Some(at) = seen.find(&secret) {
            let start = seen[..at].char_indices().rev().nth(200).map_or(0, |(start, _)| start);
            panic!("{name} came out: {}", &seen[start..at + secret.len()]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_wrote_stays_text() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let data = tempfile::tempdir().unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let program = Program::start(data.path(), &upstream.url).await;
    let cookie = program.sign_in(secret("LOGIN_CODE")).await.unwrap();
    // A model that answers with markup of several kinds.
    let hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) The tide comes twice a day [1].";
    let body = json!({"id": "x", "model": "fixture-good", "choices": [{"index": 0, "message": {"role": "assistant",
        "content": hostile}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 50, "completion_tokens": 20}});
    let fault = json!({"match": "/chat/completions", "fault": {"status": 200, "body": body}});
    let control = format!("{}/_control/faults", upstream.url);
    program.client.post(&control).json(&fault).send().await.unwrap();

    let vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\n&lt;script&gt;alert(2)&lt;/script&gt; The tide comes twice a day, <img src=y onerror=alert(2)> and it is the moon that pulls.\n\n\
        00:00:05.000 --> 00:00:10.000\n</script></textarea></title><script>alert(2)</script> The sun pulls as well, but less, since it is far away.\n";
    let name = "\"><img src=z onerror=alert(3)><script>alert(3)</script>.vtt";
    let mut summaries = Vec::new();
    for model in ["extractive", "fixture-good"] {
        let created: Value = program
            .client
            .post(format!("{}/api/v1/runs", program.url))
            .header("cookie", &cookie)
            .json(&json!({"input": vtt, "title": name, "model": model}))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let id = created["runs"][0]["id"]
            .as_str()
            .unwrap_or_else(|| panic!("{created}"))
            .to_owned();
        until(async || {
            let request = program
                .client
                .get(format!("{}/api/v1/runs/{id}", program.url))
                .header("cookie", &cookie);
            let run: Value = request.send().await.unwrap().json().await.unwrap();
            assert_ne!(run["state"], "failed", "{run}");
            run["state"] == "done"
        })
        .await;
        summaries.push(id);
    }
    let mut paths = vec![
        "/".to_owned(),
        "/library".to_owned(),
        "/activity".to_owned(),
        "/library?q=tide".to_owned(),
    ];
    for id in &summaries {
        paths.push(format!("/summaries/{id}"));
        paths.push(format!("/api/v1/summaries/{id}/export?format=html"));
    }
    let mut read = 0;
    for path in &paths {
        let page = program.get(path, &cookie).await;
        assert!(
            page.contains("text/html") && page.contains("content-security-policy"),
            "{path}: {page}"
        );
        read += usize::from(page.contains("alert(3)"));
        for mark in [
            "<script>alert",
            "<img src=x",
            "<img src=y",
            "<img src=z",
            "href=\"javascript:",
            "</textarea></title>",
        ] {
            if let Some(at) = page.find(mark) {
                panic!(
                    "{path}: {}",
                    &page[page.floor_char_boundary(at.saturating_sub(200))..page.ceil_char_boundary(at + 100)]
                );
            }
        }
    }
    assert!(read >= 4, "the title stands on the pages: {read}");
    // Files that are no pages are taken for none, whatever stands in them.
    for id in &summaries {
        for (kind, formats) in [
            ("export", vec!["markdown", "text", "json", "html"]),
            ("transcript", vec!["srt", "webvtt", "text", "json", "markdown"]),
        ] {
            for format in formats {
                let address = format!("{}/api/v1/summaries/{id}/{kind}?format={format}", program.url);
                let answer = program
                    .client
                    .get(&address)
                    .header("cookie", &cookie)
                    .send()
                    .await
                    .unwrap();
                assert_eq!(answer.status(), 200, "{address}");
                let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
                assert_eq!(header("x-content-type-options"), "nosniff");
                assert!(header("content-disposition").starts_with("attachment"), "{address}");
                assert!(
                    header("content-security-policy").contains("default-src 'none'"),
                    "{address}"
                );
                assert!(
                    format == "html" || !header("content-type").contains("html"),
                    "{address}"
                );
            }
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
