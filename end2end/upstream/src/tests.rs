//! The upstream as its clients meet it: the shapes of the answers, the faults, the log.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const LIMIT: usize = 8 << 20;

struct Upstream(Router);

impl Upstream {
    fn new() -> Self {
        Self(crate::router())
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Result<String, axum::Error>) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-goog-api-key", "fixture");
        let body = match body {
            Some(value) => {
                request = request.header("content-type", "application/json");
                Body::from(value.to_string())
            }
            None => Body::empty(),
        };
        let response = self.0.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), LIMIT).await;
        (status, bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn text(&self, method: &str, path: &str, body: Option<Value>) -> String {
        self.ask(method, path, body).await.1.unwrap()
    }

    async fn get(&self, path: &str) -> String {
        self.text("GET", path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        serde_json::from_str(&self.text("POST", path, Some(body)).await).unwrap()
    }

    async fn player(&self, client: &str, id: &str) -> Value {
        let context = json!({"client": {"clientName": client, "clientVersion": "21.26.364"}, "thirdParty": {"embedUrl": "https://example.com/"}});
        self.post(
            "/youtubei/v1/player?prettyPrint=false",
            json!({"context": context, "videoId": id}),
        )
        .await
    }

    async fn fault(&self, fault: Value) {
        let (status, _) = self.ask("POST", "/_control/faults", Some(fault)).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
    }

    async fn log(&self) -> Value {
        serde_json::from_str(&self.get("/_control/log").await).unwrap()
    }
}

fn chat(model: &str, stream: bool) -> Value {
    let prompt = "Write at most 120 words.\n<passages>\n[1] The bridge was built in 1931 and carried two lanes.\n[2] A diver found a crack in the third pier.\n</passages>";
    json!({"model": model, "stream": stream, "stream_options": {"include_usage": true}, "messages": [{"role": "user", "content": prompt}]})
}

fn first_track(player: &Value) -> String {
    let url = player["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"][0]["baseUrl"]
        .as_str()
        .unwrap();
    url.strip_prefix("https://www.youtube.com").unwrap().to_owned()
}

#[tokio::test]
async fn captions_follow_from_the_player() {
    let upstream = Upstream::new();
    let player = upstream.player("ANDROID", "BridgeTalk8").await;
    assert_eq!(player["playabilityStatus"]["status"], "OK");
    let tracks = &player["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"];
    let ids: Vec<&str> = tracks
        .as_array()
        .unwrap()
        .iter()
        .map(|track| track["vssId"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [".de", ".en", ".en.CcQ45jRV4-E", "a.en"]);

    let path = first_track(&player);
    assert!(
        upstream.get(&path).await.contains("<timedtext format=\"3\">"),
        "the mobile clients' default"
    );
    let path = path.replace("&fmt=srv3", "");
    assert!(upstream.get(&path).await.contains("<transcript><text start=\"0.000\""));
    let json3: Value = serde_json::from_str(&upstream.get(&format!("{path}&fmt=json3")).await).unwrap();
    assert!(
        json3["events"][0]["segs"][0]["utf8"]
            .as_str()
            .unwrap()
            .starts_with("Diese Brücke")
    );
}

#[tokio::test]
async fn gates_answer_as_youtube_words_them() {
    let upstream = Upstream::new();
    for (id, status, reason) in [
        ("PrivateVidI", "LOGIN_REQUIRED", "This video is private"),
        (
            "AgeGateNo00",
            "LOGIN_REQUIRED",
            "This video may be inappropriate for some users.",
        ),
        ("BotCheck000", "LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"),
        ("GoneVideo00", "ERROR", "This video is unavailable"),
        ("aaaaaaaaaaA", "ERROR", "This video is unavailable"),
        ("Upcoming000", "LIVE_STREAM_OFFLINE", "Premieres in 9 hours"),
    ] {
        let player = upstream.player("ANDROID", id).await;
        assert_eq!(player["playabilityStatus"]["status"], status, "{id}");
        assert_eq!(player["playabilityStatus"]["reason"], reason, "{id}");
    }
    assert_eq!(
        upstream.player("WEB", "TeaKettle04").await["playabilityStatus"]["status"],
        "UNPLAYABLE"
    );
    assert_eq!(
        upstream.player("WEB_EMBEDDED_PLAYER", "AgeEmbedOk0").await["playabilityStatus"]["status"],
        "OK"
    );
    assert_eq!(
        upstream.player("IOS", "WrongId0000").await["videoDetails"]["videoId"],
        "TeaKettle04"
    );
    assert_eq!(upstream.player("IOS", "NoCaptions8").await.get("captions"), None);
}

#[tokio::test]
async fn captions_are_withheld_by_client_or_by_silence() {
    let upstream = Upstream::new();
    let gated = first_track(&upstream.player("ANDROID", "PoTokenXpe0").await);
    assert!(gated.contains("&exp=xpe"));
    assert_eq!(upstream.get(&gated).await, "");
    let clean = first_track(&upstream.player("VISIONOS", "PoTokenXpe0").await);
    assert!(upstream.get(&clean).await.contains("sundial"));
    let silent = first_track(&upstream.player("VISIONOS", "EmptyBody00").await);
    let (status, body) = upstream.ask("GET", &silent, None).await;
    assert_eq!((status, body.unwrap().as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn old_clients_are_refused() {
    let body = json!({"context": {"client": {"clientName": "ANDROID", "clientVersion": "19.44.38"}}, "videoId": "TeaKettle04"});
    let (status, text) = Upstream::new().ask("POST", "/youtubei/v1/player", Some(body)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(text.unwrap().contains("FAILED_PRECONDITION"));
}

#[tokio::test]
async fn next_tells_chapters_in_both_places() {
    let next = Upstream::new()
        .post("/youtubei/v1/next", json!({"videoId": "LightHouseA"}))
        .await;
    let bar = next.pointer("/playerOverlays/playerOverlayRenderer/decoratedPlayerBarRenderer/decoratedPlayerBarRenderer/playerBar/multiMarkersPlayerBarRenderer/markersMap/0/value/chapters");
    assert_eq!(bar.unwrap().as_array().unwrap().len(), 12);
    let panel = next.pointer("/engagementPanels/0/engagementPanelSectionListRenderer/content/macroMarkersListRenderer/contents/11/macroMarkersListItemRenderer/title/simpleText");
    assert_eq!(panel.unwrap(), "What the lights are for today");
}

#[tokio::test]
async fn chapters_that_youtube_found_stand_under_a_name_of_their_own_and_in_no_description() {
    let next = Upstream::new()
        .post("/youtubei/v1/next", json!({"videoId": "TidePools0c"}))
        .await;
    let next = next.to_string();
    assert!(
        next.contains("AUTO_CHAPTERS") && next.contains("-auto-chapters"),
        "{next}"
    );
    assert!(!next.contains("DESCRIPTION_CHAPTERS") && !next.contains("-description-chapters"));
    assert!(!next.contains("0:00 Low water"), "{next}");
}

#[tokio::test]
async fn lists_go_on_after_a_token() {
    let upstream = Upstream::new();
    let first = upstream
        .post(
            "/youtubei/v1/browse",
            json!({"browseId": "VLPLLanternWalks000000000001"}),
        )
        .await
        .to_string();
    assert!(first.contains("lockupViewModel") && first.contains("playlistVideoRenderer"));
    let next = upstream
        .post(
            "/youtubei/v1/browse",
            json!({"continuation": "PLLanternWalks000000000001~5"}),
        )
        .await
        .to_string();
    assert!(next.contains("NoCaptions8") && !next.contains("continuationCommand"));
    let found = upstream
        .post(
            "/youtubei/v1/navigation/resolve_url",
            json!({"url": "https://www.youtube.com/@lanternworks"}),
        )
        .await;
    assert_eq!(
        found["endpoint"]["browseEndpoint"]["browseId"],
        "UCLanternWorks000000000A"
    );
    assert!(
        upstream
            .get("/feeds/videos.xml?channel_id=UCLanternWorks000000000A")
            .await
            .contains("<yt:videoId>TeaKettle04")
    );
    let missing = upstream
        .post("/youtubei/v1/browse", json!({"browseId": "VLPLnothing0000000000"}))
        .await;
    assert_eq!(missing["alerts"][0]["alertRenderer"]["type"], "ERROR");
}

#[tokio::test]
async fn pictures_oembed_and_the_watch_page() {
    let upstream = Upstream::new();
    assert_eq!(
        upstream.ask("GET", "/vi/TeaKettle04/hqdefault.jpg", None).await.0,
        StatusCode::OK
    );
    assert_eq!(
        upstream.ask("GET", "/vi/TeaKettle04/maxresdefault.jpg", None).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        upstream.ask("GET", "/watch?v=TeaKettle04", None).await.0,
        StatusCode::NOT_FOUND
    );
    let page = upstream.get("/_page/watch?v=ScriptTag0A").await;
    assert_eq!(
        page.matches("</script>").count(),
        1,
        "nothing in a title ends the script"
    );
    let oembed = |id: &str| format!("/oembed?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{id}&format=json");
    assert!(
        upstream
            .get(&oembed("TeaKettle04"))
            .await
            .contains("Why a Kettle Sings")
    );
    assert_eq!(
        upstream.ask("GET", &oembed("PrivateVidI"), None).await.0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn chat_streams_frames_as_servers_do() {
    let text = Upstream::new()
        .text("POST", "/v1/chat/completions", Some(chat("fixture-good", true)))
        .await;
    let frames: Vec<&str> = text.split_terminator("\n\n").collect();
    assert!(frames[0].starts_with(": "));
    assert!(frames[1].contains(r#""content":null"#));
    assert_eq!(*frames.last().unwrap(), "data: [DONE]");
    let usage: Value = serde_json::from_str(frames[frames.len() - 2].strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(usage["choices"], json!([]));
    assert!(usage["usage"]["completion_tokens"].as_u64().unwrap() > 10);
}

#[tokio::test]
async fn whole_answers_equal_streamed_ones() {
    let upstream = Upstream::new();
    let whole = upstream.post("/v1/chat/completions", chat("fixture-good", false)).await;
    let whole = whole["choices"][0]["message"]["content"].as_str().unwrap();
    let streamed = upstream
        .text("POST", "/v1/chat/completions", Some(chat("fixture-good", true)))
        .await;
    let joined: String = streamed
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok())
        .filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(joined, whole);

    let prompt =
        json!({"contents": [{"role": "user", "parts": [{"text": chat("", false)["messages"][0]["content"]}]}]});
    let gemini = upstream
        .post("/v1beta/models/gemini-fixture:generateContent", prompt.clone())
        .await;
    assert_eq!(gemini["candidates"][0]["content"]["parts"][0]["text"], whole);
    let stream = upstream
        .text(
            "POST",
            "/v1beta/models/gemini-fixture:streamGenerateContent?alt=sse",
            Some(prompt),
        )
        .await;
    assert!(
        stream.trim_end().ends_with('}') && stream.contains(r#""finishReason":"STOP""#) && !stream.contains("[DONE]")
    );
}

#[tokio::test]
async fn a_small_window_overflows_as_llama_cpp_says_it() {
    let long = json!({"model": "fixture-small", "messages": [{"role": "user", "content": "word ".repeat(2_000)}]});
    let (status, text) = Upstream::new().ask("POST", "/v1/chat/completions", Some(long)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let error: Value = serde_json::from_str(&text.unwrap()).unwrap();
    assert_eq!(
        (&error["error"]["type"], &error["error"]["n_ctx"]),
        (&json!("exceed_context_size_error"), &json!(2000))
    );
}

#[tokio::test]
async fn faults_meet_what_they_name_as_often_as_they_say() {
    let upstream = Upstream::new();
    upstream
        .fault(json!({"match": "/v1/chat", "body_contains": "fixture-good", "times": 1,
            "fault": {"status": 503, "body": {"error": {"code": 503}}, "headers": {"retry-after": "1"}}}))
        .await;
    let ask = async |model: &str| {
        upstream
            .ask("POST", "/v1/chat/completions", Some(chat(model, false)))
            .await
    };
    assert_eq!(ask("fixture-liar").await.0, StatusCode::OK);
    assert_eq!(ask("fixture-good").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ask("fixture-good").await.0, StatusCode::OK);

    upstream
        .fault(json!({"match": "/v1/chat", "fault": "empty", "times": 1}))
        .await;
    assert_eq!(ask("fixture-good").await.1.unwrap(), "");
    upstream.fault(json!({"match": "/v1/chat", "fault": "garbage"})).await;
    assert!(serde_json::from_str::<Value>(&ask("fixture-good").await.1.unwrap()).is_err());
    upstream.text("DELETE", "/_control/faults", None).await;
    assert!(serde_json::from_str::<Value>(&ask("fixture-good").await.1.unwrap()).is_ok());
    let (status, _) = upstream
        .ask(
            "POST",
            "/_control/faults",
            Some(json!({"match": "/", "fault": "nonsense"})),
        )
        .await;
    assert!(status.is_client_error());
}

#[tokio::test]
async fn a_cut_breaks_the_connection() {
    let upstream = Upstream::new();
    upstream
        .fault(json!({"match": "/v1/chat", "fault": {"cut_after_bytes": 200}}))
        .await;
    assert!(
        upstream
            .ask("POST", "/v1/chat/completions", Some(chat("fixture-good", true)))
            .await
            .1
            .is_err()
    );
}

#[tokio::test]
async fn a_held_request_is_logged_and_waits_for_its_release() {
    let upstream = Upstream::new();
    upstream.fault(json!({"match": "/oembed", "fault": "hold"})).await;
    let router = upstream.0.clone();
    let held = tokio::spawn(async move { Upstream(router).ask("GET", "/oembed?url=x", None).await.0 });
    while upstream.log().await.as_array().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!held.is_finished());
    upstream.text("POST", "/_control/release", None).await;
    assert_eq!(held.await.unwrap(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_log_tells_what_was_asked() {
    let upstream = Upstream::new();
    upstream.player("ANDROID", "TeaKettle04").await;
    upstream
        .text("POST", "/v1/chat/completions", Some(chat("fixture-liar", true)))
        .await;
    upstream
        .text(
            "POST",
            "/v1beta/models/gemini-fixture:generateContent",
            Some(json!({"contents": []})),
        )
        .await;
    let log = upstream.log().await;
    assert_eq!(
        (&log[0]["n"], &log[0]["path"], &log[0]["query"]),
        (&json!(1), &json!("/youtubei/v1/player"), &json!("prettyPrint=false"))
    );
    assert_eq!(log[0]["body"]["videoId"], "TeaKettle04");
    assert_eq!(
        (&log[1]["model"], &log[2]["model"]),
        (&json!("fixture-liar"), &json!("gemini-fixture"))
    );
    upstream.text("DELETE", "/_control/log", None).await;
    assert_eq!(upstream.log().await, json!([]));
}

#[tokio::test]
async fn it_listens_on_a_free_port() {
    let running = crate::start(0).await.unwrap();
    let address = running.url.strip_prefix("http://").unwrap();
    assert!(tokio::net::TcpStream::connect(address).await.is_ok());
}

#[tokio::test]
async fn a_cutting_server_reads_the_end_and_counts_what_it_read() {
    let long = json!({"model": "fixture-cutting", "messages": [{"role": "user", "content": "word ".repeat(8_000)}]});
    let (status, text) = Upstream::new().ask("POST", "/v1/chat/completions", Some(long)).await;
    let answer: Value = serde_json::from_str(&text.unwrap()).unwrap();
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["usage"]["prompt_tokens"], 6_000);
}
