//! `healthcheck`: asks the server on this machine; for containers, which have no curl.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, bail};

use crate::config::Config;

/// Asks `/health`; fails where it is not well.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let mut address = config.network.address;
    if address.ip().is_unspecified() {
        address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    let client = backend::http::client(None, Duration::from_secs(2), Some(Duration::from_secs(5)))
        .map_err(anyhow::Error::msg)?;
    let response = client
        .get(format!("http://{address}/health"))
        .send()
        .await
        .context("the server does not answer")?;
    if response.status().is_success() {
        return Ok(());
    }
    bail!(
        "the server says {}: {}",
        response.status(),
        response.text().await.unwrap_or_default()
    )
}
