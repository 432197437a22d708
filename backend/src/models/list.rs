//! The list of a provider's models: asked for when it is needed, kept for some minutes.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use reqwest::Response;
use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::{ModelInfo, provider::Provider, secret::clean, wire::Refused};
use crate::http;

/// How long a list is kept, and how long it is not asked for again where there was none to be had.
const KEPT: Duration = Duration::from_secs(600);
const FAILURE_KEPT: Duration = Duration::from_secs(30);

/// People wait for it: a provider that is slower contributes its usual model alone.
const TIMEOUT: Duration = Duration::from_secs(5);

const MAX_PAGES: usize = 5;
const MAX_BODY: usize = 8 << 20;
const MAX_REFUSAL: usize = 64 << 10;

/// What is known of a provider's models.
#[derive(Debug, Default)]
pub(super) struct Listing {
    kept: Mutex<Kept>,
    /// Held while the provider is asked, so that ten pages ask once.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The last list that could be had, however old.
    models: Vec<ModelInfo>,
    until: Option<Instant>,
    /// Why the last question was not answered.
    error: Option<String>,
}

impl Listing {
    /// What was listed last; asks nobody.
    pub(super) fn known(&self) -> Vec<ModelInfo> {
        self.lock().models.clone()
    }

    /// Whether a model of just this name was listed last.
    pub(super) fn holds(&self, model: &str) -> bool {
        self.lock().models.iter().any(|info| info.name == model)
    }

    /// Why the provider did not answer when it was asked last.
    pub(super) fn error(&self) -> Option<String> {
        self.lock().error.clone()
    }

    fn fresh(&self) -> Option<Vec<ModelInfo>> {
        let kept = self.lock();
        kept.until
            .is_some_and(|until| until > Instant::now())
            .then(|| kept.models.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Provider {
    /// Its models, or the ones it listed last; empty where it never could be asked.
    pub(super) async fn models(&self) -> Vec<ModelInfo> {
        if let Some(models) = self.listing.fresh() {
            return models;
        }
        let _asking = self.listing.asking.lock().await;
        // Whoever held the lock before may have brought it.
        if let Some(models) = self.listing.fresh() {
            return models;
        }
        let asked_at = SystemTime::now();
        let listed = timeout(TIMEOUT, self.ask_for_models()).await;
        let listed = listed.unwrap_or_else(|_| Err("no answer in time".to_owned()));
        let mut kept = self.listing.lock();
        match listed {
            Ok(models) => {
                // A fresh Ollama, say: whoever runs it adds one, and looks whether it is here.
                let has_none = models.is_empty();
                kept.error = has_none.then(|| "it has none".to_owned());
                kept.models = models;
                kept.until = Some(Instant::now() + if has_none { FAILURE_KEPT } else { KEPT });
            }
            Err(error) => {
                let error = self.without_ours(&error);
                let seconds = asked_at.elapsed().unwrap_or_default().as_secs_f32();
                tracing::warn!(
                    provider = self.wire.name(),
                    error = error,
                    seconds,
                    "models could not be listed"
                );
                kept.until = Some(Instant::now() + FAILURE_KEPT);
                kept.error = Some(clean(&error, 300));
            }
        }
        kept.models.clone()
    }

    async fn ask_for_models(&self) -> Result<Vec<ModelInfo>, String> {
        let mut models = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let request = self.http.get(self.wire.list_url(next.as_deref()));
            let response = http::send(self.wire.authorize(request))
                .await
                .map_err(|error| error.to_string())?;
            if !response.status().is_success() {
                return Err(self.why_not_listed(response).await);
            }
            let body = http::bounded_body(response, MAX_BODY)
                .await
                .map_err(|error| error.to_string())?;
            let body: Value = serde_json::from_slice(&body).map_err(|_| "the answer is no JSON".to_owned())?;
            let (page, mark) = self
                .wire
                .list(&body)
                .ok_or_else(|| "the answer is no list of models".to_owned())?;
            models.extend(page);
            next = mark;
            if next.is_none() {
                break;
            }
        }
        Ok(models)
    }

    /// In the words that a refused call would have.
    async fn why_not_listed(&self, response: Response) -> String {
        let status = response.status();
        let body = http::bounded_body(response, MAX_REFUSAL).await.unwrap_or_default();
        let refused = Refused {
            status,
            retry_after: None,
            body: &self.without_ours(&String::from_utf8_lossy(&body)),
        };
        self.wire.refusal("models", &refused).to_string()
    }
}
