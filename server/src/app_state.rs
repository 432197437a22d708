//! What handlers ask for.

use std::sync::Arc;

use app::assets::Assets;
use axum::extract::FromRef;
use backend::{access::Access, outage::Outage, services::Services};
use leptos::config::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

use crate::{access::Door, assets::Site, disks::Folder, live_settings::LiveSettings, page_cache::PageCache};

/// Everything a request may need; cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    /// Runs, summaries, models, pictures.
    pub services: Services,
    /// Whether the database is away.
    pub outage: Outage,
    /// Who may come in.
    pub access: Access,
    /// What the owner sets in the app.
    pub settings: LiveSettings,
    /// What is known of the way here.
    pub door: Arc<Door>,
    /// The static files.
    pub site: Arc<Site>,
    /// Their addresses, for the pages.
    pub assets: Assets,
    /// Pages as they were rendered last.
    pub pages: PageCache,
    /// What Leptos wants to know.
    pub leptos: LeptosOptions,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
    /// Cancelled when the process stops.
    pub shutdown: CancellationToken,
    /// What the health checks look at.
    pub health: Arc<HealthFacts>,
}

/// What the health checks look at, beside the database.
#[derive(Debug)]
pub struct HealthFacts {
    /// The folder for audio, which is in that for files.
    pub audio: Folder,
    /// All folders that can fill up.
    pub folders: Vec<Folder>,
    /// Cancelled when we are about to stop.
    pub stopping: CancellationToken,
}
