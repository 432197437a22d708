//! Settings that the owner changes in the app, without a restart: what the environment leaves open is taken from Postgres, checked
//! as the environment is, and put into the place of what was there. Other replicas follow within seconds.

mod form;
mod layers;
mod list;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::Theme;
use backend::{
    access::{Access, Login},
    current::Current,
    models::Models,
    settings::{Kept, SettingsStore},
    youtube::YouTube,
};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use self::list::{LIVE, Page};
pub use self::{
    form::{LOGIN, Typed, change_appearance, change_login, change_models, change_youtube},
    layers::{Layered, Origin, of_command},
};
use crate::config::{Config, Problem, Settings};

/// How often we look whether another replica has changed something.
const LOOK: Duration = Duration::from_secs(2);

/// The handle.
#[derive(Clone)]
pub struct LiveSettings {
    inner: Arc<Inner>,
}

struct Inner {
    /// As the environment has them.
    given: Settings,
    store: SettingsStore,
    pool: PgPool,
    models: Current<Models>,
    youtube: Current<YouTube>,
    judge_model: Current<Option<String>>,
    theme: Current<Theme>,
    access: Access,
    applied: Mutex<Applied>,
    /// One at a time, or the older of two could win.
    applying: tokio::sync::Mutex<()>,
}

/// What is in force.
#[derive(Clone, Debug, Default)]
struct Applied {
    kept: Kept,
    /// Why some of it is not.
    problems: Vec<Problem>,
}

impl std::fmt::Debug for LiveSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LiveSettings")
    }
}

impl LiveSettings {
    /// What the environment says, and then what is kept.
    ///
    /// # Errors
    /// A sentence where the environment's proxy or addresses can't be used, or the database does not answer.
    pub async fn start(
        given: Settings,
        config: &Config,
        store: SettingsStore,
        access: Access,
        pool: &PgPool,
    ) -> Result<Self, String> {
        let live = Self {
            inner: Arc::new(Inner {
                given,
                store,
                pool: pool.clone(),
                models: models_of(config, pool)?.into(),
                youtube: youtube_of(config, pool)?.into(),
                judge_model: config.judge_model.clone().into(),
                theme: config.theme.into(),
                access,
                applied: Mutex::default(),
                applying: tokio::sync::Mutex::default(),
            }),
        };
        live.refresh().await.map_err(|error| error.to_string())?;
        live.settle();
        Ok(live)
    }

    /// Who writes.
    pub fn models(&self) -> Current<Models> {
        self.inner.models.clone()
    }

    /// Where videos come from.
    pub fn youtube(&self) -> Current<YouTube> {
        self.inner.youtube.clone()
    }

    /// The model that compares claims.
    pub fn judge_model(&self) -> Current<Option<String>> {
        self.inner.judge_model.clone()
    }

    /// The theme of who has chosen none.
    pub fn theme(&self) -> Theme {
        self.inner.theme.now()
    }

    /// Looks for changes that others have made, until `shutdown`.
    pub async fn follow(self, shutdown: CancellationToken) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = look.tick() => {}
            }
            if let Err(error) = self.refresh().await {
                tracing::debug!(%error, "settings could not be read");
            }
        }
    }

    /// Reads what is kept and puts it in force, where it is another than before.
    async fn refresh(&self) -> Result<(), backend::services::StoreError> {
        let _applying = self.inner.applying.lock().await;
        let kept = self.inner.store.read().await?;
        let before = self.applied().kept;
        if kept == before {
            return Ok(());
        }
        for name in &kept.unreadable {
            tracing::warn!(
                name,
                "a kept setting can't be read: SESSION_SECRET_KEY is not the one it was kept with"
            );
        }
        let (config, problems) = layers::merged(&self.inner.given, &kept.values);
        for problem in &problems {
            tracing::warn!(name = problem.name, why = problem.message, "a kept setting is not used");
        }
        let mut problems = problems;
        let differs = |page: Page| {
            LIVE.iter().filter(|setting| setting.page == page).any(|setting| {
                let is_lost = |kept: &Kept| kept.unreadable.contains(setting.name);
                kept.values.get(setting.name) != before.values.get(setting.name) || is_lost(&kept) != is_lost(&before)
            })
        };
        // First of all: what else is wrong must not hold it up.
        if differs(Page::Login) {
            let rules = layers::rules(&config, &self.inner.given, &kept.values);
            if matches!(rules.login, Login::Shut) {
                tracing::error!(
                    "there is to be a login and its code can't be read, so nobody can sign in (LOGIN_CODE)"
                );
            }
            self.inner.access.set_rules(rules);
        }
        self.inner.theme.replace(config.theme);
        // What was not changed keeps its connections and what it has learned.
        if differs(Page::Models) {
            match models_of(&config, &self.inner.pool) {
                Ok(models) => {
                    self.inner.models.replace(models);
                    self.inner.judge_model.replace(config.judge_model.clone());
                    self.settle();
                }
                Err(message) => problems.push(Problem {
                    name: "OPENAI_BASE_URL".to_owned(),
                    message,
                }),
            }
        }
        if differs(Page::YouTube) {
            match youtube_of(&config, &self.inner.pool) {
                Ok(youtube) => self.inner.youtube.replace(youtube),
                Err(message) => problems.push(Problem {
                    name: "YOUTUBE_PROXY_URL".to_owned(),
                    message,
                }),
            }
        }
        *self.inner.applied.lock().unwrap_or_else(PoisonError::into_inner) = Applied { kept, problems };
        Ok(())
    }

    fn applied(&self) -> Applied {
        self.inner
            .applied
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A server of one's own has to be asked which models it has; that it is down must not hold us up.
    fn settle(&self) {
        let models = self.inner.models.now();
        tokio::spawn(async move {
            models.settle_default().await;
            backend::metrics::know_model(models.default_model());
        });
    }
}

fn models_of(config: &Config, pool: &PgPool) -> Result<Models, String> {
    Ok(Models::new(config.models.clone())?.shared(pool.clone()))
}

fn youtube_of(config: &Config, pool: &PgPool) -> Result<YouTube, String> {
    Ok(YouTube::new(config.youtube.clone())?.shared(pool.clone()))
}
