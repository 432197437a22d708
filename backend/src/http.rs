//! Going out over HTTP: the one place where clients are built and bodies are read, with limits on both.
//! Knows nothing of who is asked.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy, RequestBuilder, Response, StatusCode, redirect::Policy};
use url::Url;

/// Why an answer could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Nobody answered in time.
    #[error("no answer in time")]
    Timeout,
    /// The proxy refused our user name or password.
    #[error("the proxy refused the user name or password")]
    ProxyAuth,
    /// No connection; why, without addresses or passwords.
    #[error("no connection: {0}")]
    Connect(String),
    /// The body is larger than we read; the limit in bytes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Broken in the middle, or not HTTP.
    #[error("the answer broke off: {0}")]
    Broken(String),
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        // Addresses can carry signatures and keys.
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let why = cause.to_string();
        if error.is_timeout() {
            Self::Timeout
        } else if why.contains("proxy authorization required") {
            // What hyper-util says to a 407 answer to CONNECT; its type is not reachable from here.
            Self::ProxyAuth
        } else if error.is_connect() {
            Self::Connect(why)
        } else {
            Self::Broken(why)
        }
    }
}

/// Builds a client that follows no redirects (a redirect must not lead it to another host than was meant) and uses
/// `proxy` or none at all: the environment's proxy variables are not read. `total_timeout` covers a request from its
/// start to the last byte of the body; leave it out for answers that stream.
///
/// # Errors
/// A sentence where the proxy can't be used or TLS can't be set up.
pub fn client(
    proxy: Option<&Url>,
    connect_timeout: Duration,
    total_timeout: Option<Duration>,
) -> Result<Client, String> {
    let mut builder = builder(proxy, connect_timeout)?;
    if let Some(limit) = total_timeout {
        builder = builder.timeout(limit);
    }
    build(builder)
}

/// The same through a proxy, with a new connection for each request: for proxies that give each its own way out.
///
/// # Errors
/// A sentence where the proxy can't be used or TLS can't be set up.
pub fn fresh_connections(proxy: &Url, connect_timeout: Duration) -> Result<Client, String> {
    build(builder(Some(proxy), connect_timeout)?.pool_max_idle_per_host(0))
}

fn builder(proxy: Option<&Url>, connect_timeout: Duration) -> Result<ClientBuilder, String> {
    // Without a provider `build` panics. Whoever comes first installs it: `Err` means that one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(Policy::none());
    Ok(match proxy {
        Some(url) => builder.proxy(
            Proxy::all(url.as_str())
                .map_err(|error| format!("The proxy address can't be used: {}", FetchError::from(error)))?,
        ),
        None => builder.no_proxy(),
    })
}

fn build(builder: ClientBuilder) -> Result<Client, String> {
    builder
        .build()
        .map_err(|error| format!("The HTTP client can't be built: {}", FetchError::from(error)))
}

/// Sends a request and waits for the head of the answer. Any status is an answer, except the proxy's own 407.
///
/// # Errors
/// [`FetchError`]
pub async fn send(request: RequestBuilder) -> Result<Response, FetchError> {
    let response = request.send().await?;
    if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(FetchError::ProxyAuth);
    }
    Ok(response)
}

/// Reads a body of at most `limit` bytes, counted after decompression.
///
/// # Errors
/// [`FetchError::TooLarge`] as soon as it is known, the others where the connection fails.
pub async fn bounded_body(mut response: Response, limit: usize) -> Result<Vec<u8>, FetchError> {
    let announced = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(FetchError::TooLarge(limit));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Err(FetchError::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::{Router, body::Body, routing::get};
    use tokio::net::TcpListener;

    use super::*;

    /// Serves `router` on a free port; its address.
    async fn serve(router: Router) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn quick(proxy: Option<&Url>) -> Client {
        client(proxy, Duration::from_secs(5), Some(Duration::from_secs(10))).unwrap()
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_the_limit_and_not_beyond() {
        let chunks = || futures::stream::iter((0..4).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 10])));
        let url = serve(
            Router::new()
                .route("/told", get(|| async { "x".repeat(40) }))
                .route("/chunked", get(move || async move { Body::from_stream(chunks()) })),
        )
        .await;
        for path in ["told", "chunked"] {
            for (limit, expected) in [(40, Ok(40)), (39, Err(FetchError::TooLarge(39)))] {
                let response = send(quick(None).get(url.join(path).unwrap())).await.unwrap();
                let read = bounded_body(response, limit).await.map(|body| body.len());
                assert_eq!(read, expected, "{path} up to {limit}");
            }
        }
    }

    #[tokio::test]
    async fn silence_is_a_timeout() {
        let url = serve(Router::new().route("/", get(std::future::pending::<String>))).await;
        let client = client(None, Duration::from_secs(5), Some(Duration::from_millis(50))).unwrap();
        assert_eq!(send(client.get(url)).await.unwrap_err(), FetchError::Timeout);
    }

    #[tokio::test]
    async fn a_closed_port_is_no_connection_and_the_words_hold_no_address() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let error = send(quick(None).get(format!("http://{address}/?key=secret")))
            .await
            .unwrap_err();
        assert!(matches!(error, FetchError::Connect(_)), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let url = serve(Router::new().route("/", get(|| async { axum::response::Redirect::to("/elsewhere") }))).await;
        assert_eq!(
            send(quick(None).get(url)).await.unwrap().status(),
            StatusCode::SEE_OTHER
        );
    }

    #[tokio::test]
    async fn a_proxy_that_refuses_is_named_for_http_and_https() {
        let refuse = || async { StatusCode::PROXY_AUTHENTICATION_REQUIRED };
        let mut proxy = serve(Router::new().fallback(refuse)).await;
        proxy.set_username("user").unwrap();
        for target in ["http://video.test/", "https://video.test/"] {
            let error = send(quick(Some(&proxy)).get(target)).await.unwrap_err();
            assert_eq!(error, FetchError::ProxyAuth, "{target}");
        }
    }
}
