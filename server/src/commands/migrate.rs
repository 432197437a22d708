//! `migrate`: brings the database up to date, then stops.

use backend::database;

use super::serve::database_of;
use crate::{config::Config, logs};

/// Migrates.
pub async fn run(config: Config) -> anyhow::Result<()> {
    logs::start(&config.logging)?;
    let (cluster, url) = database_of(&config.storage).await?;
    let migrated = async {
        let pool = database::connect(&url, 2).await?;
        database::migrate(&pool).await?;
        pool.close().await;
        anyhow::Ok(())
    }
    .await;
    if let Some(cluster) = cluster {
        tokio::task::spawn_blocking(move || cluster.stop()).await??;
    }
    migrated
}
