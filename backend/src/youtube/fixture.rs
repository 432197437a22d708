//! A server for tests that answers as YouTube does and remembers what it was asked. It can stand in as a proxy, too.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Response, StatusCode},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

use super::{YouTube, YouTubeConfig, fetch::Limits};

/// The video of these tests.
pub(super) const ID: &str = "jNQXAC9IVRw";

/// An answer to give.
#[derive(Clone)]
pub(super) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    delay: Duration,
}

impl Reply {
    pub(super) fn of(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
            delay: Duration::ZERO,
        }
    }

    pub(super) fn json(body: &Value) -> Self {
        Self::of(body.to_string())
    }

    pub(super) fn status(status: u16) -> Self {
        Self { status, ..Self::of("") }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn late(mut self) -> Self {
        self.delay = Duration::from_secs(600);
        self
    }
}

/// A request as it came.
#[derive(Clone)]
pub(super) struct Asked {
    /// `player ANDROID`, `next WEB`, `/oembed`, …
    pub(super) what: String,
    pub(super) uri: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
    /// The other end of the connection it came on.
    pub(super) from: SocketAddr,
}

type Replies = Mutex<HashMap<String, Vec<Reply>>>;

/// The server. What it was not told to answer is 404.
#[derive(Clone)]
pub(super) struct Fixture {
    pub(super) url: Url,
    replies: Arc<Replies>,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Fixture {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fixture = Self {
            url: Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap(),
            replies: Arc::default(),
            log: Arc::default(),
        };
        let router = Router::new().fallback(answer).with_state(fixture.clone());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        fixture
    }

    /// Gives these answers to `what` in turn, the last for ever.
    pub(super) fn on(&self, what: &str, replies: impl IntoIterator<Item = Reply>) -> &Self {
        let replies = replies.into_iter().collect();
        self.replies.lock().unwrap().insert(what.to_owned(), replies);
        self
    }

    /// The same answer to every client's `player`.
    pub(super) fn on_every_player(&self, reply: &Reply) -> &Self {
        for client in ["ANDROID", "IOS", "VISIONOS"] {
            self.on(&format!("player {client}"), [reply.clone()]);
        }
        self
    }

    /// A client of this server's, impatient.
    pub(super) fn youtube(&self) -> YouTube {
        let config = YouTubeConfig {
            base_url: Some(self.url.clone()),
            ..YouTubeConfig::default()
        };
        YouTube::with_limits(config, impatient()).unwrap()
    }

    pub(super) fn log(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    /// What was asked, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.log().into_iter().map(|asked| asked.what).collect()
    }
}

/// Patience enough for a loaded machine, and hardly a pause between tries.
pub(super) fn impatient() -> Limits {
    Limits {
        pause: Duration::from_millis(1),
        ..Limits::default()
    }
}

async fn answer(
    State(fixture): State<Fixture>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(Body::new(body), 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = head.uri.path();
    let what = match path.strip_prefix("/youtubei/v1/") {
        Some(endpoint) => format!(
            "{endpoint} {}",
            body["context"]["client"]["clientName"].as_str().unwrap()
        ),
        None => path.to_owned(),
    };
    fixture.log.lock().unwrap().push(Asked {
        what: what.clone(),
        uri: head.uri.to_string(),
        headers: head.headers,
        body,
        from,
    });
    let reply = match fixture.replies.lock().unwrap().get_mut(&what) {
        Some(replies) if replies.len() > 1 => replies.remove(0),
        Some(replies) => replies[0].clone(),
        None => Reply::status(404),
    };
    tokio::time::sleep(reply.delay).await;
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// A player's answer with these tracks.
pub(super) fn player(tracks: &[Value]) -> Value {
    json!({
        "playabilityStatus": {"status": "OK"},
        "videoDetails": {
            "videoId": ID, "title": "A title", "author": "A channel", "lengthSeconds": "316",
            "shortDescription": "What it is about.",
        },
        "captions": {"playerCaptionsTracklistRenderer": {"captionTracks": tracks}},
    })
}

/// A player's refusal.
pub(super) fn refused(status: &str, reason: &str) -> Value {
    json!({"playabilityStatus": {"status": status, "reason": reason}})
}

/// A track; `exp=xpe` in `query` means that it is withheld.
pub(super) fn track(language: &str, kind: &str, query: &str) -> Value {
    json!({
        "baseUrl": format!("https://www.youtube.com/api/timedtext?v={ID}&lang={language}&fmt=srv3{query}"),
        "name": {"simpleText": language},
        "vssId": format!("{}.{language}", if kind == "asr" { "a" } else { "" }),
        "languageCode": language,
        "kind": kind,
    })
}

/// Captions of a few words.
pub(super) fn json3() -> Value {
    json!({"wireMagic": "pb3", "events": [
        {"tStartMs": 0, "dDurationMs": 1540, "segs": [{"utf8": "Hello"}, {"utf8": " there"}]},
        {"tStartMs": 1540, "dDurationMs": 4160, "segs": [{"utf8": "I'm here"}]},
    ]})
}
