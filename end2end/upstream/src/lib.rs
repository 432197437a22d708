//! The fixture upstream: YouTube, an OpenAI-compatible server and Gemini in one process, over real HTTP and in their real
//! wire formats, with a catalogue of videos of our own, faults on demand and a log of what was asked. See README.md.
//!
//! It serves the product's tests, the browser tests and `cargo xtask demo`; it knows nothing about the product.

mod captions;
mod catalogue;
mod control;
mod gemini;
mod lighthouses;
mod lists;
mod openai;
mod page;
mod reading;
mod script;
#[cfg(test)]
mod tests;
mod writer;
mod youtube;

use std::{io, net::Ipv4Addr};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::control::Control;

/// Bytes of a request that are read at most: a transcript of twelve hours fits.
const BODY_LIMIT: usize = 64 << 20;

/// An upstream that answers until it is dropped.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub url: String,
    server: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Waits for the end, which comes only with an error.
    ///
    /// # Errors
    /// Why the server no longer answers.
    pub async fn ended(mut self) -> io::Result<()> {
        (&mut self.server).await.map_err(io::Error::other)?
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Starts an upstream on the loopback interface; port 0 takes any free one.
///
/// # Errors
/// Where the port is taken.
pub async fn start(port: u16) -> io::Result<Running> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(async move { axum::serve(listener, router()).await });
    Ok(Running { url, server })
}

fn router() -> Router {
    let control = Control::default();
    Router::new()
        .merge(youtube::routes())
        .merge(lists::routes())
        .merge(page::routes())
        .merge(openai::routes())
        .merge(gemini::routes())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(control.clone(), control::watch))
        .merge(control::routes(control))
}
