//! `backup`, `restore` and `verify-backup`.

use std::path::PathBuf;

use anyhow::{Context, bail};
use backend::{
    backup::{self, BackupConfig, Restored},
    database,
};

use super::serve::database_of;
use crate::{
    cli::{Restore, VerifyBackup},
    config::Config,
    logs,
};

/// Makes a backup.
pub async fn make(config: Config) -> anyhow::Result<()> {
    with_database(config, async |url, config| {
        let backups = configured(config)?;
        let pool = database::connect(url, 2).await?;
        database::migrate(&pool).await?;
        let made = backup::make(&pool, &config.storage.data_dir, backups).await?;
        say(&format!(
            "{} in {}: {} bytes, {} rows, {} audio files, {:.1} s",
            made.name,
            backups.place,
            made.bytes,
            made.rows,
            made.files,
            made.took.as_secs_f64()
        ));
        for name in made.removed {
            say(&format!("removed {name}"));
        }
        Ok(())
    })
    .await
}

/// Restores one.
pub async fn restore(arguments: &Restore, config: Config) -> anyhow::Result<()> {
    with_database(config, async |url, config| {
        let scratch = scratch(config)?;
        let archive = archive(Some(&arguments.archive), config, scratch.path().to_owned()).await?;
        let url = match &arguments.database {
            None => url.to_owned(),
            Some(name) => {
                let pool = database::connect(url, 1).await?;
                database::copy::create_database_unless_there(&pool, name).await?;
                pool.close().await;
                database::with_name(url, name)?
            }
        };
        let pool = database::connect(&url, 3).await?;
        let restored = backup::restore(&pool, &config.storage.data_dir, &archive).await?;
        report("restored", &restored);
        Ok(())
    })
    .await
}

/// Proves that one can be restored.
pub async fn verify(arguments: &VerifyBackup, config: Config) -> anyhow::Result<()> {
    with_database(config, async |url, config| {
        let scratch = scratch(config)?;
        let archive = archive(arguments.archive.as_deref(), config, scratch.path().to_owned()).await?;
        let pool = database::connect(url, 2).await?;
        let restored = backup::verify(&pool, url, &archive).await?;
        report("restored into a scratch database and found equal", &restored);
        Ok(())
    })
    .await
}

/// Does some work on the configured database, or on our own, which is started for it.
pub(super) async fn with_database(
    config: Config,
    work: impl AsyncFnOnce(&str, &Config) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    logs::start(&config.logging)?;
    let (cluster, url) = database_of(&config.storage).await?;
    let done = work(&url, &config).await;
    if let Some(cluster) = cluster {
        tokio::task::spawn_blocking(move || cluster.stop()).await??;
    }
    done
}

/// A folder for what is downloaded. After a disaster DATA_DIR may not be there.
fn scratch(config: &Config) -> anyhow::Result<tempfile::TempDir> {
    let folder = &config.storage.data_dir;
    std::fs::create_dir_all(folder)
        .and_then(|()| tempfile::tempdir_in(folder))
        .with_context(|| format!("the folder {} can't be written (DATA_DIR)", folder.display()))
}

fn configured(config: &Config) -> anyhow::Result<&BackupConfig> {
    config
        .backup
        .as_ref()
        .context("where backups go is not set: BACKUP_TO=/some/folder, or s3://bucket/prefix")
}

/// The archive as a file: one that is there, or one of the place's, by name or the newest.
async fn archive(given: Option<&str>, config: &Config, scratch: PathBuf) -> anyhow::Result<PathBuf> {
    if let Some(path) = given.map(PathBuf::from).filter(|path| path.is_file()) {
        return Ok(path);
    }
    let Some(backups) = &config.backup else {
        match given {
            Some(given) => bail!("there is no file {given}, and BACKUP_TO, where else it could be, is not set"),
            None => bail!("name an archive, or set BACKUP_TO to where they are"),
        }
    };
    let name = match given {
        Some(name) if name.contains('/') => bail!("there is no file {name}"),
        Some(name) => name.to_owned(),
        None => backup::newest(&backups.place).await?,
    };
    Ok(backups.place.fetch(&name, &scratch).await?)
}

fn report(what: &str, restored: &Restored) {
    let rows: u64 = restored.manifest.tables.iter().map(|table| table.rows).sum();
    say(&format!(
        "{what}: {rows} rows, {} audio files, made {} by version {}, {:.1} s",
        restored.manifest.files.len(),
        restored.header.created_at.format("%Y-%m-%d %H:%M:%S UTC"),
        restored.header.program,
        restored.took.as_secs_f64()
    ));
}

#[expect(clippy::print_stdout, reason = "the output of a command")]
fn say(text: &str) {
    println!("{text}");
}
