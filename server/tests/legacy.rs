//! Somebody who comes from the predecessor: its data folder with its `.env`, then its routes as scripts call them, against the real
//! program with its own Postgres and the fixture upstream.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const CODE: &str = "a code of the <predecessor> & co";
const KNOWN: &str = "BridgeTalk8";

/// The program with settings that the folder does not have.
fn program(data: &Path, port: u16, upstream: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_youtube-summarizer"));
    command
        .env_clear()
        .envs(
            std::env::vars().filter(|(name, _)| ["PATH", "HOME", "TMPDIR", "XDG_RUNTIME_DIR"].contains(&name.as_str())),
        )
        // Its own `.env` is not the one of the current folder.
        .current_dir(data.join("site"))
        .env("PORT", port.to_string())
        .env("DATA_DIR", data)
        .env("LEPTOS_SITE_ROOT", data.join("site"))
        .env("YOUTUBE_BASE_URL", upstream)
        .env("YOUTUBE_REQUESTS_PER_MINUTE", "0")
        .env("OPENAI_BASE_URL", format!("{upstream}/v1"))
        .env("MAX_LOGIN_ATTEMPTS", "3");
    command
}

/// Ends as a service manager would end it, so that its Postgres ends too.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

struct Script {
    client: reqwest::Client,
    url: String,
    cookie: String,
}

impl Script {
    async fn call(&self, method: Method, path: &str, body: Option<&str>) -> (StatusCode, Value) {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .header("cookie", &self.cookie);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn page(&self, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request
            .header("cookie", &self.cookie)
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, Some(&body.to_string())).await
    }

    async fn sign_in(&mut self, code: &str) {
        let answer = self
            .client
            .post(format!("{}/login", self.url))
            .header("content-type", "application/json; charset=utf-8")
            .body(json!({"passcode": code}).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let set = answer.headers()["set-cookie"].to_str().unwrap();
        self.cookie = set.split(';').next().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["success"], true);
    }
}

fn import(data: &Path, upstream: &str, more: &[&str]) -> String {
    let output = program(data, 1, upstream)
        .arg("import-legacy")
        .arg(data)
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_predecessors_folder_and_scripts_go_on_working() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    std::fs::create_dir_all(data.join("site")).unwrap();
    let cache = json!({
        "dQw4w9WgXcQ": {"title": "A song", "summary": "Somebody sings.", "summarized_at": "2025-07-01T10:20:30"},
        "aaaaaaaaaaa": {"title": "Older", "summary": "Nobody sings 100%.", "summarized_at": "2025-06-01T10:20:30"},
        "nonsense": {"summary": "x"},
    });
    std::fs::write(data.join("summary_cache.json"), cache.to_string()).unwrap();
    // The environment has another number of attempts, and wins.
    let settings = format!("LOGIN_ENABLED='true'\nLOGIN_CODE='{CODE}'\nMAX_LOGIN_ATTEMPTS='9'\nFLASK_DEBUG='false'\n");
    std::fs::write(data.join(".env"), settings).unwrap();
    let upstream = upstream::start(0).await.unwrap();

    let dry = import(data, &upstream.url, &["--dry-run"]);
    assert!(
        dry.contains("Summaries: 2 to be imported, 0 already there, 1 skipped"),
        "{dry}"
    );
    let first = import(data, &upstream.url, &[]);
    assert!(
        first.contains("Summaries: 2 imported, 0 already there, 1 skipped"),
        "{first}"
    );
    assert!(first.contains("skipped nonsense:"), "{first}");
    let second = import(data, &upstream.url, &[]);
    assert!(second.contains("Summaries: 0 imported, 2 already there"), "{second}");

    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let log = std::fs::File::create(data.join("log")).unwrap();
    let _running = Running(
        program(data, port, &upstream.url)
            .stdout(Stdio::from(log.try_clone().unwrap()))
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap(),
    );
    let mut script = Script {
        client: backend::http::client(None, Duration::from_secs(200), None).unwrap(),
        url: format!("http://127.0.0.1:{port}"),
        cookie: String::new(),
    };
    let ready = async {
        while !matches!(script.client.get(format!("{}/readyz", script.url)).send().await, Ok(answer) if answer.status().is_success())
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), ready)
        .await
        .expect("it never got ready");

    doors(&mut script).await;
    lists(&script).await;
    summaries(&script).await;
    deletions(&script).await;

    let status = script.get("/api_status").await;
    for (name, value) in [
        ("google_api_key_set", false),
        ("openai_api_key_set", false),
        ("openai_client_initialized", true),
        ("gemini_client_initialized", false),
        ("youtube_client_initialized", true),
        ("testing_mode", false),
        ("api_keys_configured", true),
    ] {
        assert_eq!(status[name], value, "{name}: {status}");
    }
    assert!(
        status["available_models"]
            .as_array()
            .unwrap()
            .contains(&json!("extractive"))
    );

    let (code, body) = script.call(Method::POST, "/logout", None).await;
    assert_eq!((code, &body["success"]), (StatusCode::OK, &json!(true)));
    let (code, _) = script.call(Method::GET, "/get_cached_summaries", None).await;
    assert_eq!(code, StatusCode::UNAUTHORIZED);
}

async fn doors(script: &mut Script) {
    let status = script.get("/login_status").await;
    assert_eq!(status, json!({"login_enabled": true, "authenticated": false}));
    for (method, path) in [
        (Method::POST, "/summarize"),
        (Method::GET, "/get_cached_summaries"),
        (Method::GET, "/search_summaries?q=song"),
        (Method::DELETE, "/delete_summary"),
        (Method::GET, "/api_status"),
    ] {
        let (code, body) = script
            .call(method, path, Some(r#"{"urls": ["x"], "video_id": "dQw4w9WgXcQ"}"#))
            .await;
        assert_eq!(code, StatusCode::UNAUTHORIZED, "{path}: {body}");
    }
    for body in ["", "no JSON", "[]", "{}", r#"{"passcode": ""}"#, r#"{"passcode": 7}"#] {
        let (code, answer) = script.call(Method::POST, "/login", Some(body)).await;
        assert_eq!(
            (code, &answer["success"]),
            (StatusCode::BAD_REQUEST, &json!(false)),
            "{body}"
        );
    }
    let (code, body) = script.post("/login", json!({"passcode": "wrong"})).await;
    assert_eq!(code, StatusCode::UNAUTHORIZED);
    assert_eq!(
        body,
        json!({"success": false, "error": "Invalid passcode", "remaining_attempts": 2})
    );
    script.sign_in(CODE).await;
    let status = script.get("/login_status").await;
    assert_eq!(status, json!({"login_enabled": true, "authenticated": true}));
}

async fn lists(script: &Script) {
    let page = script.get("/get_cached_summaries?page=1&per_page=1").await;
    assert_eq!(
        (&page["total"], &page["page"], &page["per_page"], &page["total_pages"]),
        (&json!(2), &json!(1), &json!(1), &json!(2))
    );
    let newest = &page["summaries"][0];
    let expected = json!({
        "type": "video", "video_id": "dQw4w9WgXcQ", "title": "A song", "summary": "Somebody sings.", "error": null,
        "thumbnail_url": "https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg",
        "video_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "summarized_at": "2025-07-01T10:20:30Z",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&newest[name], value, "{name}");
    }
    assert!(newest["checked"].as_str().unwrap().contains("never checked"));
    let ids = |list: &Value| -> Vec<String> {
        let items = list.as_array().unwrap().iter();
        items
            .map(|item| item["video_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids(&script.get("/get_cached_summaries?page=2&per_page=1").await["summaries"]),
        ["aaaaaaaaaaa"]
    );
    // On its page it says what it is, and claims nothing about its words.
    let page = script
        .page(&format!("/summaries/{}", newest["summary_id"].as_str().unwrap()))
        .await;
    for said in [
        "Somebody sings.",
        "its words were never checked",
        "imported from the predecessor",
        "a model that was not noted",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for unsaid in [
        "0 match",
        "covers",
        "not found",
        "not checked yet",
        "under a second",
        "From the transcript",
    ] {
        assert!(!page.contains(unsaid), "{unsaid}: {page}");
    }
    let usual = script.get("/get_cached_summaries").await;
    assert_eq!((&usual["per_page"], ids(&usual["summaries"]).len()), (&json!(10), 2));
    let odd = script.get("/get_cached_summaries?page=x&per_page=1000").await;
    assert_eq!((&odd["page"], &odd["per_page"]), (&json!(1), &json!(100)));
    assert_eq!(ids(&script.get("/get_cached_summaries?limit=1").await), ["dQw4w9WgXcQ"]);
    assert_eq!(
        ids(&script.get("/search_summaries?q=SINGS").await),
        ["dQw4w9WgXcQ", "aaaaaaaaaaa"]
    );
    assert_eq!(ids(&script.get("/search_summaries?q=100%25").await), ["aaaaaaaaaaa"]);
    assert_eq!(script.get("/search_summaries?q=no%25thing").await, json!([]));
    let (code, body) = script.call(Method::GET, "/search_summaries?q=%20", None).await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
    assert!(body["error"].is_string());
}

async fn summaries(script: &Script) {
    for body in [
        json!({}),
        json!({"urls": []}),
        json!({"urls": "https://youtu.be/BridgeTalk8"}),
        json!({"urls": [KNOWN], "model": "no-such-model"}),
        json!({"urls": [KNOWN], "model": 7}),
    ] {
        let (code, answer) = script.post("/summarize", body.clone()).await;
        assert_eq!(code, StatusCode::BAD_REQUEST, "{body}: {answer}");
        assert!(answer["error"].is_string());
    }
    // Nobody waits: what is not done says so, and goes on.
    let asked = json!({"urls": [format!("https://youtu.be/{KNOWN}")], "model": "extractive", "wait_seconds": 0});
    let (code, answer) = script.post("/summarize", asked).await;
    assert_eq!((code, &answer[0]["video_id"]), (StatusCode::OK, &json!(KNOWN)));
    if answer[0]["summary"].is_null() {
        assert!(answer[0]["error"].as_str().unwrap().contains("ask again"), "{answer}");
    }

    let urls = json!([
        format!("https://www.youtube.com/watch?v={KNOWN}"),
        "https://example.com/watch?v=dQw4w9WgXcQ",
        7,
        "https://www.youtube.com/watch?v=zzzzzzzzzzz",
        "https://www.youtube.com/playlist?list=PLLanternWalks000000000001",
    ]);
    let (code, answer) = script
        .post("/summarize", json!({"urls": urls, "model": "extractive"}))
        .await;
    assert_eq!(code, StatusCode::OK, "{answer}");
    let kinds: Vec<&str> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["type"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["video", "error", "error", "video", "playlist"]);
    assert_eq!(answer[0]["error"], Value::Null);
    assert!(
        answer[0]["summary"].as_str().unwrap().split_whitespace().count() > 20,
        "{}",
        answer[0]
    );
    assert!(!answer[0]["summary"].as_str().unwrap().contains('['));
    assert_eq!(answer[1]["url"], "https://example.com/watch?v=dQw4w9WgXcQ");
    assert!(answer[1]["error"].is_string() && answer[2]["error"].is_string());
    assert_eq!(answer[3]["summary"], Value::Null);
    assert!(answer[3]["error"].is_string(), "{}", answer[3]);
    let listed = answer[4]["summaries"].as_array().unwrap();
    assert_eq!(listed.len(), 7);
    assert!(listed.iter().any(|item| item["summary"].is_string()), "{}", answer[4]);
    assert!(
        listed
            .iter()
            .any(|item| item["error"].as_str().is_some_and(|error| error.contains("private"))),
        "{}",
        answer[4]
    );
    assert!(
        listed
            .iter()
            .all(|item| item["summary"].is_string() != item["error"].is_string())
    );
}

async fn deletions(script: &Script) {
    let remove = async |body: Value| {
        let body = body.to_string();
        script.call(Method::DELETE, "/delete_summary", Some(&body)).await
    };
    let (code, answer) = remove(json!({"video_id": KNOWN})).await;
    assert_eq!((code, &answer["success"]), (StatusCode::OK, &json!(true)));
    assert!(answer["message"].is_string());
    let (code, answer) = remove(json!({"video_id": KNOWN})).await;
    assert_eq!((code, &answer["success"]), (StatusCode::NOT_FOUND, &json!(false)));
    let (code, _) = remove(json!({})).await;
    assert_eq!(code, StatusCode::BAD_REQUEST);
    let left = script.get("/get_cached_summaries?limit=100").await;
    assert!(left.as_array().unwrap().iter().all(|item| item["video_id"] != KNOWN));
}
