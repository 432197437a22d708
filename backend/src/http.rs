//! Going out over HTTP: the one place where clients are built and bodies are read, with limits on both.

use std::time::Duration;

/// Why an answer could not be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Nobody answered in time.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The proxy refused our user name or password.
    #[error("the proxy refused the user name or password")]
    ProxyAuth,
    /// No connection.
    #[error("no connection: {0}")]
    Connect(String),
    /// The body is larger than we read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Broken in the middle.
    #[error("the answer broke off: {0}")]
    Broken(String),
}
