//! `unlock`: forgets wrong login codes. The server goes on meanwhile.

use anyhow::Context;
use backend::{access, database};
use cluster::Cluster;

use crate::{
    cli::Unlock,
    config::{Config, Storage},
    logs,
};

/// Forgets them.
#[expect(clippy::print_stdout, reason = "the result")]
pub async fn run(arguments: &Unlock, config: Config) -> anyhow::Result<()> {
    logs::start(&config.logging)?;
    let pool = database::connect(&url(&config.storage)?, 2).await?;
    access::unlock(&pool, arguments.address).await?;
    pool.close().await;
    match arguments.address {
        Some(address) => println!("{address} can sign in."),
        None => println!("Everybody can try to sign in again."),
    }
    Ok(())
}

/// The configured database, or the one that the server runs for itself.
fn url(storage: &Storage) -> anyhow::Result<String> {
    if let Some(url) = &storage.database_url {
        return Ok(url.clone());
    }
    let settings = cluster::Settings {
        data_dir: storage.data_dir.clone(),
        unsafe_fast: false,
    };
    Cluster::url_of_running(&settings, "youtube_summarizer")?
        .context("the server does not run; start it first, or set DATA_DIR to its folder")
}
