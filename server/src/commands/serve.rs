//! `serve`: the database (ours where none is configured), the worker, the pages; until a signal.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use backend::{
    access::{Access, AccessConfig, Login, LoginRules, SecretKey},
    backup::{self, BackupConfig, Place},
    database, jobs,
    live::Live,
    outage::Outage,
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
    config::{Config, MOST_CONNECTIONS, Settings, Storage},
    disks::{self, Folder},
    listener::{self, Places},
    live_settings::LiveSettings,
    logs, machine, metrics,
    page_cache::PageCache,
    router,
    shutdown::{self, Stopping},
    tasks::Tasks,
};

/// How long open requests may take to end once we stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Open files that are no connections of visitors: Postgres, neighbours, logs.
const FILES_OF_OURS: usize = 320;

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
    if let Some(Place::Folder(folder)) = config.backup.as_ref().map(|backup| &backup.place) {
        let is_new = !folder.exists();
        match make_writable(folder) {
            Ok(()) if is_new => tracing::warn!(
                "the folder {} was not there and has been made (BACKUP_TO): if a disk was to be mounted there, it is not",
                folder.display()
            ),
            Ok(()) => {}
            // Summaries go on without; the alert of the backup's age comes tomorrow, this comes now.
            Err(error) => tracing::error!(%error, "no backups can be made: {}", unwritable(folder, "BACKUP_TO")),
        }
    }
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
    let store = SettingsStore::new(pool.clone(), secret_key.clone());
    let access = Access::new(
        pool.clone(),
        AccessConfig {
            rules: LoginRules {
                login: config.access.code.clone().map_or(Login::Open, Login::Code),
                max_attempts: config.access.max_attempts,
                lockout: config.access.lockout,
            },
            key: secret_key,
            costly_per_minute: config.access.costly_per_minute,
        },
    );
    let settings = LiveSettings::start(settings, config, store, access.clone(), &pool)
        .await
        .map_err(anyhow::Error::msg)?;
    if !access.is_locked() && !config.network.address.ip().is_loopback() {
        tracing::warn!("there is no login: whoever reaches this server can use it (LOGIN_ENABLED, LOGIN_CODE)");
    }
    let (youtube, models) = (settings.youtube(), settings.models());
    let mut tasks = Tasks::new(shutdown.clone());
    {
        let (settings, shutdown) = (settings.clone(), shutdown.clone());
        tasks.spawn("follower of settings", async move {
            settings.follow(shutdown).await;
            Ok(())
        });
    }
    let outage = Outage::default();
    tasks.spawn("watcher of the database", {
        let watching = outage.clone().watch(pool.clone(), shutdown.clone());
        async move {
            watching.await;
            Ok(())
        }
    });
    let folders = folders(config);
    tasks.spawn("keeper of metrics", {
        let keeping = metrics::keep_up(recorder.clone(), shutdown.clone());
        async move {
            keeping.await;
            Ok(())
        }
    });
    tasks.spawn("watcher of disks", {
        let watching = disks::watch(folders.clone(), shutdown.clone());
        async move {
            watching.await;
            Ok(())
        }
    });
    let (live, listening) = Live::new(pool.clone(), shutdown.clone());
    tasks.spawn("listener for news", async move {
        listening.await;
        Ok(())
    });
    let pipeline = Arc::new(Pipeline {
        pool: pool.clone(),
        youtube: youtube.clone(),
        models: models.clone(),
        judge_model: settings.judge_model(),
        live: live.clone(),
        shutdown: shutdown.clone(),
    });
    if config.storage.job_concurrency > 0 {
        let work = jobs::work(pool.clone(), pipeline, config.storage.job_concurrency, shutdown.clone());
        tasks.spawn("worker", async move { Ok(work.await?) });
    } else {
        tracing::info!("this process serves and leaves the work to others (JOB_CONCURRENCY)");
    }
    let housekeeping = jobs::keep_house(pool.clone(), shutdown.clone());
    tasks.spawn("housekeeper", async move {
        housekeeping.await;
        Ok(())
    });
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
            allows_plain_http: config.network.allows_plain_http,
            trusted: config.network.trusted_proxies.clone(),
            metrics_token: config.access.metrics_token.clone(),
            metrics_elsewhere: config.access.metrics_addr.is_some(),
            streams: Streams::up_to(config.access.streams_per_client, config.access.event_streams),
        }),
        services: Services {
            found: Default::default(),
            pool: pool.clone(),
            youtube,
            models,
            live,
        },
        assets: site.addresses(),
        site,
        pages: PageCache::default(),
        leptos: LeptosOptions::builder().output_name("youtube-summarizer").build(),
        metrics: recorder,
        shutdown: shutdown.clone(),
        outage,
        health: Arc::new(HealthFacts {
            audio: Folder {
                name: "data",
                setting: "DATA_DIR",
                path: config.storage.data_dir.join("audio"),
            },
            folders,
            stopping: stopping.announced.clone(),
        }),
    };
    let address = listener.local_addr()?;
    let places = Places::new(
        most_connections(machine::raise_open_files()),
        config.network.connections_per_client,
        config.network.trusted_proxies.clone(),
    );
    if let Some(metrics_listener) = metrics_listener {
        let router = router::metrics_alone(state.clone());
        tokio::spawn(listener::serve(
            metrics_listener,
            router,
            stopping.clone(),
            places.clone(),
        ));
    }
    tracing::info!("serving on http://{address}");
    let broken = tokio::select! {
        () = listener::serve(listener, router::router(state), stopping.clone(), places) => None,
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

/// Makes a folder, and a file in it: permissions alone say little about read-only disks. A full one is no reason not to start.
fn make_writable(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    match disks::probe(folder) {
        // It is said all the same, by the watcher of disks.
        Err(error) if disks::is_full(&error) => Ok(()),
        other => other,
    }
}

/// How many connections fit, where so many files may be open; says where these are few.
fn most_connections(open_files: usize) -> usize {
    let most = open_files.saturating_sub(FILES_OF_OURS).clamp(64, MOST_CONNECTIONS);
    if most < MOST_CONNECTIONS {
        tracing::warn!(
            "this process may open {open_files} files, so it takes {most} connections at a time: raise `ulimit -n` (LimitNOFILE) to {} for \
             more",
            MOST_CONNECTIONS + FILES_OF_OURS
        );
    }
    most
}

/// The folders that can fill up.
fn folders(config: &Config) -> Vec<Folder> {
    let mut folders = vec![Folder {
        name: "data",
        setting: "DATA_DIR",
        path: config.storage.data_dir.clone(),
    }];
    folders.extend(config.logging.folder.clone().map(|path| Folder {
        name: "logs",
        setting: "LOG_DIR",
        path,
    }));
    if let Some(Place::Folder(path)) = config.backup.as_ref().map(|backup| &backup.place) {
        folders.push(Folder {
            name: "backups",
            setting: "BACKUP_TO",
            path: path.clone(),
        });
    }
    folders
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
    if config.access.code.is_some() && config.network.is_in_the_clear() {
        if config.network.allows_plain_http {
            tracing::warn!("sign-ins can be read on the way: there is no TLS (PUBLIC_URL, ALLOW_PLAIN_HTTP)");
        } else {
            tracing::warn!(
                "sign-ins over plain http from beyond this machine are refused: set PUBLIC_URL to an address with https, or ALLOW_PLAIN_HTTP=true"
            );
        }
    }
}

/// Makes the day's backup when it is due, here or in another replica; one that is under way when we stop is given up and made again.
async fn keep_backups(
    pool: sqlx::PgPool,
    data_dir: std::path::PathBuf,
    config: BackupConfig,
    shutdown: CancellationToken,
) {
    // Folders were tried before.
    if let Place::S3(_) = &config.place {
        tokio::select! {
            () = shutdown.cancelled() => return,
            listed = config.place.list() => if let Err(error) = listed {
                tracing::error!(%error, "no backups can be made: {} does not answer as it should (BACKUP_TO)", config.place);
            }
        }
    }
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
