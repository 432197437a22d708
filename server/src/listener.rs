//! Connections: how many, how long they may take to say what they want, and how they end.
//!
//! axum's own loop knows no time limit for headers: whoever sends a byte a minute would keep a connection for ever.

mod patient;
mod places;

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderValue, header},
};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use self::patient::Patient;
pub use self::places::Places;
use crate::shutdown::Stopping;

/// How long a request's head may take; idle connections are closed after that as well.
const HEAD: Duration = Duration::from_secs(20);
/// How large it may be.
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 64;
/// How long the other side may take nothing of an answer.
const TAKE: Duration = Duration::from_secs(60);
/// How long the last connections may take until their request is there: before that, they look idle and would be closed.
const SETTLE: Duration = Duration::from_millis(300);

/// Serves until we stop, then until open requests have ended. From the announcement on, each answer closes its connection: a proxy that
/// keeps connections would else send the next request into one that is being closed.
pub async fn serve(listener: TcpListener, router: Router, stopping: Stopping, places: Places) {
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS);
    let take = |stream: TcpStream, peer: SocketAddr| {
        let place = match places.take(peer.ip()) {
            Ok(place) => place,
            Err(refusal) => {
                places.refuse(stream, refusal);
                return;
            }
        };
        // Pages stream in small chunks, each of which would wait for a delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(
            TokioIo::new(Patient::new(stream, TAKE)),
            service_fn(answer(router.clone(), peer, stopping.clone())),
        );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // How it ended is the other side's business.
            let _ = connection.await;
            drop(place);
        });
    };
    loop {
        tokio::select! {
            // First: who has connected already would else be cut off without a word.
            biased;
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => take(stream, peer),
                Err(error) => {
                    // Out of file descriptors, for instance: some will be free again.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            () = stopping.begun.cancelled() => break,
        }
    }
    if let Ok(queue) = listener.into_std() {
        // Who has connected without the runtime having heard of it yet: closing the queue would reset them.
        while let Ok((stream, peer)) = queue.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                take(stream, peer);
            }
        }
    }
    tokio::time::sleep(SETTLE).await;
    graceful.shutdown().await;
}

fn answer(
    router: Router,
    peer: SocketAddr,
    stopping: Stopping,
) -> impl Fn(
    Request<Incoming>,
) -> futures::future::BoxFuture<'static, Result<axum::response::Response, std::convert::Infallible>> {
    move |request| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        let stopping = stopping.announced.clone();
        Box::pin(async move {
            let mut answer = answer.await?;
            if stopping.is_cancelled() {
                answer
                    .headers_mut()
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(answer)
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Writes a byte a second, for `seconds`; whether the other side closed before that. The clock stands still unless everybody
    /// waits, and then jumps: no test waits here.
    async fn trickle(seconds: usize) -> bool {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", axum::routing::get(|| async { "ok" }));
        let stopping = Stopping::default();
        let server = tokio::spawn(serve(listener, router, stopping.clone(), Places::new(8, 8, Vec::new())));
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut read, mut write) = stream.into_split();
        let closed = tokio::spawn(async move {
            let mut rest = Vec::new();
            // A reset is an end as well.
            let _ = read.read_to_end(&mut rest).await;
        });
        let head = b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ".iter().copied();
        for byte in head.chain(std::iter::repeat(b'a')).take(seconds) {
            if closed.is_finished() || write.write_all(&[byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let is_closed = closed.is_finished();
        stopping.begun.cancel();
        drop(write);
        server.abort();
        is_closed
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_trickles_a_head_is_cut_off() {
        assert!(trickle(600).await);
        // It is the time that ends it, not what was sent.
        assert!(!trickle(10).await);
    }
}
