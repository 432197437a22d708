//! `serve`: the database (ours where none is configured), the worker, the pages; until a signal.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use backend::{
    access::{Access, AccessConfig, SecretKey},
    backup::{self, BackupConfig},
    database, jobs,
    live::Live,
    pipeline::Pipeline,
    services::Services,
    settings::SettingsStore,
};
use cluster::Cluster;
use leptos::config::LeptosOptions;
use tokio_util::sync::CancellationToken;

use crate::{
    access::{Door, streams::Streams},
    app_state::{AppState, HealthFacts},
    assets::Site,
    config::{Config, Settings, Storage},
    listener,
    live_settings::LiveSettings,
    logs, metrics, router,
    shutdown::{self, Stopping},
    tasks::Tasks,
};

/// How long open requests may take to end once we stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until a signal.
pub async fn run(config: Config, settings: Settings) -> anyhow::Result<()> {
    logs::start(&config.logging)?;
    for name in &config.without_meaning {
        tracing::warn!("{name} is set, but means nothing here");
    }
    make_writable(&config.storage.data_dir.join("audio"))
        .with_context(|| unwritable(&config.storage.data_dir, "DATA_DIR"))?;
    let site = Arc::new(Site::load(&config.storage.site_root).with_context(|| {
        format!(
            "the built site is not in {}; build it with `cargo xtask build`",
            config.storage.site_root.display()
        )
    })?);
    let stopping = shutdown::on_signal(config.network.shutdown_delay)?;
    // Take the port before anything else: a second server stops here, before it touches the database.
    let listener = tokio::net::TcpListener::bind(config.network.address)
        .await
        .with_context(|| format!("can't listen on {} (BIND_ADDRESS, PORT)", config.network.address))?;
    warn_of_access(&config);
    let (cluster, url) = database_of(&config.storage).await?;
    let served = serve(&config, settings, site, listener, &url, stopping).await;
    if let Some(cluster) = cluster {
        tokio::task::spawn_blocking(move || cluster.stop()).await??;
    }
    served
}

/// The configured database, or our own cluster.
pub async fn database_of(storage: &Storage) -> anyhow::Result<(Option<Cluster>, String)> {
    if let Some(url) = &storage.database_url {
        return Ok((None, url.clone()));
    }
    let settings = cluster::Settings {
        data_dir: storage.data_dir.clone(),
        unsafe_fast: false,
    };
    let cluster = tokio::task::spawn_blocking(move || Cluster::start(&settings)).await??;
    let url = cluster.url("youtube_summarizer");
    Ok((Some(cluster), url))
}

async fn serve(
    config: &Config,
    settings: Settings,
    site: Arc<Site>,
    listener: tokio::net::TcpListener,
    url: &str,
    stopping: Stopping,
) -> anyhow::Result<()> {
    let shutdown = stopping.begun.clone();
    let recorder = metrics::install()?;
    let metrics_listener = match config.access.metrics_addr {
        None => None,
        Some(address) => Some(
            tokio::net::TcpListener::bind(address)
                .await
                .with_context(|| format!("can't listen on {address} (METRICS_ADDR)"))?,
        ),
    };
    let pool = database::connect(url, config.storage.database_pool).await?;
    database::migrate(&pool).await?;
    let secret_key = key(config)?;
    let settings = LiveSettings::start(
        settings,
        config,
        SettingsStore::new(pool.clone(), secret_key.clone()),
        &pool,
    )
    .await
    .map_err(anyhow::Error::msg)?;
    let (youtube, models) = (settings.youtube(), settings.models());
    let mut tasks = Tasks::new(shutdown.clone());
    {
        let (settings, shutdown) = (settings.clone(), shutdown.clone());
        tasks.spawn("follower of settings", async move {
            settings.follow(shutdown).await;
            Ok(())
        });
    }
    let (live, listening) = Live::new(pool.clone(), shutdown.clone());
    tasks.spawn("listener for news", async move {
        listening.await;
        Ok(())
    });
    let pipeline = Arc::new(Pipeline {
        pool: pool.clone(),
        youtube: youtube.clone(),
        models: models.clone(),
        judge_model: config.judge_model.clone(),
        live: live.clone(),
        shutdown: shutdown.clone(),
    });
    let work = jobs::work(pool.clone(), pipeline, config.storage.job_concurrency, shutdown.clone());
    tasks.spawn("worker", async move { Ok(work.await?) });
    let housekeeping = jobs::keep_house(pool.clone(), shutdown.clone());
    tasks.spawn("housekeeper", async move {
        housekeeping.await;
        Ok(())
    });
    let access = Access::new(
        pool.clone(),
        AccessConfig {
            code: config.access.code.clone(),
            key: secret_key,
            max_attempts: config.access.max_attempts,
            lockout: config.access.lockout,
            costly_per_minute: config.access.costly_per_minute,
        },
    );
    if let Some(backup) = config.backup.clone() {
        let (pool, data_dir) = (pool.clone(), config.storage.data_dir.clone());
        let shutdown = shutdown.clone();
        tasks.spawn("keeper of backups", async move {
            keep_backups(pool, data_dir, backup, shutdown).await;
            Ok(())
        });
    }
    let state = AppState {
        access,
        settings,
        door: Arc::new(Door {
            over_tls: config.network.is_over_tls(),
            in_the_clear: config.network.is_in_the_clear(),
            trusted: config.network.trusted_proxies.clone(),
            metrics_token: config.access.metrics_token.clone(),
            metrics_elsewhere: config.access.metrics_addr.is_some(),
            streams: Streams::default(),
        }),
        services: Services {
            pool: pool.clone(),
            youtube,
            models,
            live,
        },
        assets: site.addresses(),
        site,
        leptos: LeptosOptions::builder().output_name("youtube-summarizer").build(),
        metrics: recorder,
        shutdown: shutdown.clone(),
        health: Arc::new(HealthFacts {
            data_dir: config.storage.data_dir.clone(),
            stopping: stopping.announced.clone(),
        }),
    };
    let address = listener.local_addr()?;
    if let Some(metrics_listener) = metrics_listener {
        let router = router::metrics_alone(state.clone());
        tokio::spawn(listener::serve(metrics_listener, router, stopping.clone()));
    }
    tracing::info!("serving on http://{address}");
    let broken = tokio::select! {
        () = listener::serve(listener, router::router(state), stopping.clone()) => None,
        () = drained(&shutdown) => {
            tracing::warn!("some requests did not end in time");
            None
        }
        error = tasks.broken() => Some(error),
    };
    // The server or a task can also have stopped by itself; then everything stops.
    stopping.announced.cancel();
    shutdown.cancel();
    let ended = tasks.end().await;
    // A connection that somebody still holds must not hold us.
    let _ = tokio::time::timeout(Duration::from_secs(2), pool.close()).await;
    broken.map_or(ended, Err)
}

/// Makes a folder, and a file in it: permissions alone say little about full or read-only disks.
fn make_writable(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

fn unwritable(folder: &Path, setting: &str) -> String {
    format!(
        "the folder {} can't be written ({setting}): give it to user {}, who runs this, or choose another; in a container, mount a \
         volume there that is not read-only",
        folder.display(),
        rustix::process::geteuid().as_raw()
    )
}

/// The key: as it is set, or else the one in our folder. With a database that others share there is none unless it is set.
fn key(config: &Config) -> anyhow::Result<Option<SecretKey>> {
    if let Some(key) = &config.access.key {
        return Ok(Some(SecretKey::new(key)));
    }
    if config.storage.database_url.is_some() {
        return Ok(None);
    }
    let key = SecretKey::of_folder(&config.storage.data_dir).context("the key of this server (DATA_DIR/secret.key)")?;
    Ok(Some(key))
}

/// Says at the start what is not as safe as it could be.
fn warn_of_access(config: &Config) {
    if config.access.code_is_short {
        tracing::warn!("LOGIN_CODE has fewer than 15 characters; a few random words are safer");
    }
    if config.access.code.is_none() && !config.network.address.ip().is_loopback() {
        tracing::warn!("there is no login: whoever reaches this server can use it (LOGIN_ENABLED, LOGIN_CODE)");
    }
    if config.access.code.is_some() && config.network.is_in_the_clear() {
        tracing::warn!("sign-ins can be read on the way: there is no TLS (PUBLIC_URL)");
    }
}

/// Makes the day's backup when it is due, here or in another replica; one that is under way when we stop is given up and made again.
async fn keep_backups(
    pool: sqlx::PgPool,
    data_dir: std::path::PathBuf,
    config: BackupConfig,
    shutdown: CancellationToken,
) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = minute.tick() => {}
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            // Its failure is in the log and the table already.
            _ = backup::make_if_due(&pool, &data_dir, &config, chrono::Utc::now()) => {}
        }
    }
}

async fn drained(shutdown: &CancellationToken) {
    shutdown.cancelled().await;
    tokio::time::sleep(DRAIN).await;
}
