//! kill -9 of the real program at each stage, while the fixture upstream holds it there; then a restart. One finished summary,
//! no completed model call repeated, and a transcript that kills the process does not do so for ever.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

/// The program, on a port and a private Postgres of its own.
struct Program {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Program {
    async fn start(data: &Path, upstream: &upstream::Running) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let site = data.join("site");
        std::fs::create_dir_all(&site).unwrap();
        let config = data.join("config.toml");
        std::fs::write(&config, "fallback = [\"claude-fixture\"]\n").unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_youtube-summarizer"))
            .env_clear()
            .envs(
                std::env::vars()
                    .filter(|(name, _)| ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR"].contains(&name.as_str())),
            )
            .env("PORT", port.to_string())
            .env("DATA_DIR", data)
            .env("LEPTOS_SITE_ROOT", site)
            .env("YOUTUBE_BASE_URL", &upstream.url)
            .env("YOUTUBE_REQUESTS_PER_MINUTE", "0")
            .env("OPENAI_BASE_URL", format!("{}/v1", upstream.url))
            .env("OPENAI_API_KEY", "fixture")
            .env("ANTHROPIC_BASE_URL", &upstream.url)
            .env("ANTHROPIC_API_KEY", "fixture")
            .env("CONFIG_FILE", config)
            .env("DEFAULT_MODEL", "extractive")
            .stderr(Stdio::from(
                std::fs::File::options()
                    .create(true)
                    .append(true)
                    .open(data.join("log"))
                    .unwrap(),
            ))
            .spawn()
            .unwrap();
        let client = backend::http::client(None, Duration::from_secs(5), None).unwrap();
        let program = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            client,
        };
        let ready = format!("{}/readyz", program.url);
        until(async || matches!(program.client.get(&ready).send().await, Ok(answer) if answer.status().is_success()))
            .await;
        program
    }

    async fn submit(&self, input: &str, model: &str) -> String {
        let body = json!({"input": input, "model": model});
        let answer = self
            .client
            .post(format!("{}/api/v1/runs", self.url))
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 202);
        let created: Value = answer.json().await.unwrap();
        created["runs"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Value {
        self.client
            .get(format!("{}/api/v1/{path}", self.url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn ended(&self, run: &str) -> Value {
        let path = format!("runs/{run}");
        until(async || !["queued", "working"].contains(&self.get(&path).await["state"].as_str().unwrap())).await;
        self.get(&path).await
    }

    /// SIGKILL: nothing of ours gets to say goodbye.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, so that the private Postgres goes down with it.
    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "a clean stop ends with success");
    }
}

/// A test that fails leaves no program behind: whoever reads the tests' output would wait for its end.
impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = Command::new("kill")
                .args(["-TERM", &self.child.id().to_string()])
                .status();
            let _ = self.child.wait();
        }
    }
}

async fn control(upstream: &upstream::Running, method: reqwest::Method, path: &str, body: Option<Value>) -> Value {
    let client = backend::http::client(None, Duration::from_secs(5), None).unwrap();
    let mut request = client.request(method, format!("{}/_control/{path}", upstream.url));
    if let Some(body) = body {
        request = request.json(&body);
    }
    request.send().await.unwrap().json().await.unwrap_or_default()
}

async fn asked(upstream: &upstream::Running, path: &str) -> usize {
    let log = control(upstream, reqwest::Method::GET, "log", None).await;
    let entries = log.as_array().unwrap();
    entries
        .iter()
        .filter(|entry| entry["path"].as_str().unwrap().contains(path))
        .count()
}

async fn hold(upstream: &upstream::Running, path: &str, times: Option<u32>) {
    let fault = json!({"match": path, "fault": "hold", "times": times});
    control(upstream, reqwest::Method::POST, "faults", Some(fault)).await;
}

async fn let_go(upstream: &upstream::Running) {
    control(upstream, reqwest::Method::DELETE, "faults", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_each_stage_a_run_ends_once_and_repeats_no_completed_call() {
    let data = tempfile::tempdir().unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut program = Program::start(data.path(), &upstream).await;
    for (stage, video, model) in [
        ("/player", "TeaKettle04", "fixture-good"),
        ("/timedtext", "BridgeTalk8", "fixture-good"),
        ("/chat/completions", "HoneyBees0c", "fixture-good"),
        ("/v1/messages", "PanDeMasa0w", "claude-fixture"),
    ] {
        control(&upstream, reqwest::Method::DELETE, "log", None).await;
        hold(&upstream, stage, None).await;
        let run = program.submit(video, model).await;
        until(async || asked(&upstream, stage).await >= 1).await;
        program.kill();
        let_go(&upstream).await;
        program = Program::start(data.path(), &upstream).await;
        let ended = program.ended(&run).await;
        assert_eq!(ended["state"], "done", "{stage}: {ended}");
        // The call that the kill cut off in flight may be repeated; it was never answered.
        let calls = asked(&upstream, "/chat/completions").await + asked(&upstream, "/v1/messages").await;
        let cut_off = ["/chat/completions", "/v1/messages"].contains(&stage);
        assert!(calls <= if cut_off { 2 } else { 1 }, "{stage}: {calls} model calls");
    }
    // The model that stands in for another is cut off: after the restart it stands in again.
    control(&upstream, reqwest::Method::DELETE, "log", None).await;
    let refused = json!({"match": "/chat/completions", "fault": {"status": 401, "body": {"error": {"message": "no"}}}});
    control(&upstream, reqwest::Method::POST, "faults", Some(refused.clone())).await;
    hold(&upstream, "/v1/messages", None).await;
    let run = program.submit("KamiOri000k", "fixture-good").await;
    until(async || asked(&upstream, "/v1/messages").await >= 1).await;
    program.kill();
    let_go(&upstream).await;
    control(&upstream, reqwest::Method::POST, "faults", Some(refused)).await;
    program = Program::start(data.path(), &upstream).await;
    let ended = program.ended(&run).await;
    assert_eq!(ended["state"], "done", "{ended}");
    let summary = program.get(&format!("summaries/{run}")).await;
    assert_eq!(summary["provenance"]["model"], "claude-fixture", "{summary}");
    assert_eq!(asked(&upstream, "/v1/messages").await, 2);
    let_go(&upstream).await;
    let list = program.get("summaries").await;
    assert_eq!(list["total"], 5, "one summary a run: {list}");
    program.stop();
}

/// The next call is refused as llama.cpp refuses what is too long; the ones after it take their time.
async fn small_and_slow(upstream: &upstream::Running) {
    let_go(upstream).await;
    let error = json!({"error": {"code": 400, "message": "request exceeds the available context size (6000 tokens)",
        "type": "exceed_context_size_error", "n_prompt_tokens": 20000, "n_ctx": 6000}});
    let refused = json!({"match": "/chat/completions", "times": 1, "fault": {"status": 400, "body": error}});
    control(upstream, reqwest::Method::POST, "faults", Some(refused)).await;
    slow(upstream).await;
}

/// All other calls take their time.
async fn slow(upstream: &upstream::Running) {
    let fault = json!({"match": "/chat/completions", "fault": {"delay_ms": 400}});
    control(upstream, reqwest::Method::POST, "faults", Some(fault)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_a_model_has_answered_are_not_asked_again() {
    let upstream = upstream::start(0).await.unwrap();
    // The model's window is so small that the transcript is read in parts. Once without a kill, to know how many calls that takes.
    small_and_slow(&upstream).await;
    let data = tempfile::tempdir().unwrap();
    let program = Program::start(data.path(), &upstream).await;
    let run = program.submit("LightHouseA", "fixture-good").await;
    assert_eq!(program.ended(&run).await["state"], "done");
    program.stop();
    let whole = asked(&upstream, "/chat/completions").await;
    assert!(whole > 6, "the model should have been asked in parts: {whole}");

    control(&upstream, reqwest::Method::DELETE, "log", None).await;
    small_and_slow(&upstream).await;
    let data = tempfile::tempdir().unwrap();
    let program = Program::start(data.path(), &upstream).await;
    let run = program.submit("LightHouseA", "fixture-good").await;
    // All parts are answered, and the merge is under way.
    until(async || asked(&upstream, "/chat/completions").await == whole).await;
    program.kill();
    // Whoever sent the whole prompt again would get an answer now.
    let_go(&upstream).await;
    slow(&upstream).await;
    let program = Program::start(data.path(), &upstream).await;
    let ended = program.ended(&run).await;
    assert_eq!(ended["state"], "done", "{ended}");
    // The window is noted, and the merge was cut off in flight.
    let killed = asked(&upstream, "/chat/completions").await;
    assert!(killed <= whole + 1, "{whole} calls without a kill, {killed} with one");
    program.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_that_kills_the_process_fails_its_run_after_three_attempts() {
    let data = tempfile::tempdir().unwrap();
    let upstream = upstream::start(0).await.unwrap();
    hold(&upstream, "/chat/completions", None).await;
    let mut program = Program::start(data.path(), &upstream).await;
    let run = program.submit("TeaKettle04", "fixture-good").await;
    for attempt in 1..=3 {
        until(async || asked(&upstream, "/chat/completions").await >= attempt).await;
        program.kill();
        program = Program::start(data.path(), &upstream).await;
    }
    let ended = program.ended(&run).await;
    assert_eq!(ended["state"], "failed");
    assert_eq!(ended["error"]["kind"], "crashed");
    program.stop();
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
