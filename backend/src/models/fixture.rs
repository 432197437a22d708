//! A provider for tests: a real HTTP server that answers with scripted bytes and keeps what it was asked.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use futures::StreamExt as _;
use serde_json::Value;
use tokio::net::TcpListener;
use url::Url;

use super::{Models, ModelsConfig, ProviderConfig, ProviderKind, Secret, retry::Patience};

/// What the fixture answers.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    chunks: Vec<Bytes>,
    end: End,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug)]
enum End {
    /// As it should.
    Close,
    /// The connection is cut.
    Cut,
    /// It never does.
    Hang,
}

impl Reply {
    /// A stream, in the pieces given.
    pub(crate) fn stream<C: Into<Bytes>>(chunks: impl IntoIterator<Item = C>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "text/event-stream".to_owned())],
            chunks: chunks.into_iter().map(Into::into).collect(),
            end: End::Close,
        }
    }

    /// A body in one piece.
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json; charset=utf-8".to_owned())],
            chunks: vec![Bytes::from(body.into())],
            end: End::Close,
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn cut(mut self) -> Self {
        self.end = End::Cut;
        self
    }

    pub(crate) fn hang(mut self) -> Self {
        self.end = End::Hang;
        self
    }

    fn response(self) -> Response {
        let pieces = futures::stream::iter(self.chunks.into_iter().map(Ok)).then(|piece| async {
            // A turn of the scheduler between pieces, so that they leave one by one.
            tokio::task::yield_now().await;
            piece
        });
        let end = self.end;
        let last = futures::stream::once(async move {
            match end {
                End::Close => Ok(Bytes::new()),
                End::Cut => {
                    // The server drops what it has not sent yet; it sends while the body makes it wait.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(std::io::Error::other("cut"))
                }
                End::Hang => std::future::pending().await,
            }
        });
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        response.body(Body::from_stream(pieces.chain(last))).unwrap()
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) target: String,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Value,
}

impl Seen {
    /// The system's and the user's words of a chat completion.
    pub(crate) fn words(&self) -> (String, String) {
        let content = |index: usize| {
            self.body["messages"][index]["content"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        (content(0), content(1))
    }
}

/// The server.
pub(crate) struct Fixture {
    pub(crate) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fixture {
    /// Answers each request as `answer` says, which is told how many came before it.
    pub(crate) async fn serve(answer: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 24).await.unwrap();
                let seen = Seen {
                    target: head.uri.to_string(),
                    headers: head.headers,
                    body: serde_json::from_slice(&body).unwrap_or_default(),
                };
                let before = {
                    let mut log = log.lock().unwrap();
                    log.push(seen.clone());
                    log.len() - 1
                };
                answer(before, &seen).response()
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen }
    }

    /// Answers in order; what comes after the last answer is refused as a bad request, which is not tried again.
    pub(crate) async fn script(replies: Vec<Reply>) -> Self {
        Self::serve(move |index, _| {
            let beyond = || Reply::json(400, r#"{"error":{"message":"the script has ended"}}"#);
            replies.get(index).cloned().unwrap_or_else(beyond)
        })
        .await
    }

    /// What was asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Models of an OpenAI-compatible server.
    pub(crate) fn openai(&self) -> Models {
        self.of_kind(ProviderKind::OpenAi, "v1", "sk-fixture")
    }

    /// Gemini's models.
    pub(crate) fn gemini(&self) -> Models {
        self.of_kind(ProviderKind::Gemini, "", "AIza-fixture")
    }

    /// Anthropic's models.
    pub(crate) fn anthropic(&self) -> Models {
        self.of_kind(ProviderKind::Anthropic, "", "sk-ant-fixture")
    }

    /// An OpenAI-compatible server, to be configured further.
    pub(crate) fn config(&self) -> ModelsConfig {
        self.config_of(ProviderKind::OpenAi, "v1", "sk-fixture")
    }

    fn of_kind(&self, kind: ProviderKind, path: &str, key: &str) -> Models {
        self.models(self.config_of(kind, path, key))
    }

    fn config_of(&self, kind: ProviderKind, path: &str, key: &str) -> ModelsConfig {
        let key = Some(Secret::new(key.to_owned()));
        let provider = ProviderConfig::new(kind, self.url.join(path).unwrap(), key);
        ModelsConfig {
            providers: vec![provider],
            ..ModelsConfig::default()
        }
    }

    /// As configured, but in a hurry.
    #[expect(clippy::unused_self, reason = "reads as: the fixture's models")]
    pub(crate) fn models(&self, config: ModelsConfig) -> Models {
        Models::with_patience(config, |_| hurry()).unwrap()
    }
}

/// Waits between tries that take no time.
pub(in crate::models) fn hurry() -> Patience {
    Patience {
        first_wait: Duration::from_millis(1),
        last_wait: Duration::from_millis(1),
        after_finish: Duration::from_millis(50),
        ..Patience::default()
    }
}

/// One event of a stream of chat completions that adds `text`.
pub(crate) fn chat_text(text: &str) -> String {
    let chunk = serde_json::json!({"model": "m-1", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    format!("data: {chunk}\n\n")
}

/// The events that end a stream of chat completions.
pub(crate) fn chat_end(reason: &str) -> String {
    let end = serde_json::json!({"model": "m-1", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]});
    let usage =
        serde_json::json!({"model": "m-1", "choices": [], "usage": {"prompt_tokens": 31, "completion_tokens": 6}});
    format!("data: {end}\n\ndata: {usage}\n\ndata: [DONE]\n\n")
}

/// A whole answer of one text.
pub(crate) fn chat(text: &str) -> Reply {
    Reply::stream([chat_text(text), chat_end("stop")])
}
