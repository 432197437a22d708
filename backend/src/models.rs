//! Language models behind one door: OpenAI-compatible servers, Anthropic and Gemini, streaming, with exact errors and retry rules.
//! A provider's wire format stands only in its own file beside this one.

mod anthropic;
mod config;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod gemini;
mod ledger;
mod list;
mod openai;
mod price;
mod provider;
mod retry;
pub(crate) mod secret;
mod sse;
mod truncation;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::models::{KnownModel, ModelsStatus, Price, ProviderStatus, Spent};
use metrics::counter;
use sqlx::PgPool;
use url::Url;
use uuid::Uuid;

use self::{
    anthropic::Anthropic,
    gemini::Gemini,
    ledger::{Ledger, Over},
    openai::OpenAi,
    price::Prices,
    provider::Provider,
    retry::Patience,
};
pub use self::{
    config::{CONCURRENCY, Limits, ModelsConfig, ProviderConfig, ProviderKind},
    error::{Asked, Detail, ModelError, UNKNOWN_MODEL},
    secret::Secret,
};
use crate::database::{StoreError, model_calls::Call};

/// The name of the built-in summariser, a model like the others.
pub const EXTRACTIVE: &str = "extractive";

/// What stands for a model of a server that has not told yet which it has, after its name: `openai/default`.
const UNLISTED: &str = "default";

/// Windows to assume where none is told: that of all Gemini models of late, of Claude, of OpenAI's smaller ones, and a
/// cautious one.
const GEMINI_WINDOW: u32 = 1_000_000;
const ANTHROPIC_WINDOW: u32 = 200_000;
const OPENAI_WINDOW: u32 = 128_000;
const UNKNOWN_WINDOW: u32 = 32_000;

/// No model takes less; who names less (0) names nothing.
const LEAST_WINDOW: u32 = 512;

/// How long a window is known that was learned from a refusal.
const LEARNED_FOR: Duration = Duration::from_secs(60 * 60);

/// A model that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// What it is asked by here: the provider's name for it, with `provider/` before it where another provider's model
    /// has that name.
    pub name: String,
    /// Who runs it: `Gemini`, `OpenAI`, the configured name, or the host of a configured base URL.
    pub provider: String,
    /// How many tokens fit into a request, where told.
    pub context_tokens: Option<u32>,
    /// What it costs, where known.
    pub price: Option<Price>,
    /// The day it is shut down, where told: `2027-01-14`.
    pub shutdown: Option<String>,
}

impl ModelInfo {
    /// One of which nothing but its name is known.
    fn named(name: &str, provider: &str) -> Self {
        Self {
            name: name.to_owned(),
            provider: provider.to_owned(),
            context_tokens: None,
            price: None,
            shutdown: None,
        }
    }
}

/// What is asked of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// The standing orders.
    pub system: String,
    /// The task with the passages.
    pub user: String,
    /// At most so many tokens in the answer, thoughts included.
    pub max_tokens: u32,
}

/// What a model answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// The model that answered, as the provider names it.
    pub model: String,
    /// Tokens sent, as the provider counted them.
    pub input_tokens: Option<u64>,
    /// Tokens received, thoughts included, as the provider counted them.
    pub output_tokens: Option<u64>,
    /// Whether it was cut off at `max_tokens`.
    pub truncated: bool,
}

/// What arrives while a model answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The answer begins, or begins again after a retry: forget what came before.
    Start,
    /// More text.
    Text(String),
}

/// Whether no more is wanted of an answer, going by its text so far.
pub type Enough<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// The models that are set up. Cheap to clone; the clones share connections, limits and what was learned.
#[derive(Clone, Debug)]
pub struct Models {
    inner: Arc<Inner>,
    ledger: Ledger,
    /// What they are asked for, and the run: for the ledger.
    purpose: &'static str,
    run: Option<Uuid>,
}

#[derive(Debug)]
struct Inner {
    /// In the order of the configuration.
    providers: Vec<Provider>,
    prices: Prices,
    fallback: Vec<String>,
    limits: Limits,
    /// Known from the start, or once the providers have listed their models.
    default_model: OnceLock<String>,
    /// The default until then: the first provider's usual model, or the placeholder for whatever it has.
    default_until_listed: String,
    /// Windows that overflow errors and silent truncations told, by model.
    learned: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Models {
    /// Builds the clients.
    ///
    /// # Errors
    /// A sentence where a base URL can't be used.
    pub fn new(config: ModelsConfig) -> Result<Self, String> {
        Self::with_patience(config, Patience::with)
    }

    fn with_patience(config: ModelsConfig, patience: impl Fn(&Url) -> Patience) -> Result<Self, String> {
        let mut providers = Vec::new();
        for provider in config.providers {
            let base = &provider.base_url;
            if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
                return Err(format!(
                    "The base URL of a model's provider begins with http:// or https://, not with {}:",
                    base.scheme()
                ));
            }
            let patience = patience(base);
            providers.push(Provider::new(provider, patience)?);
        }
        let default_model = match (&config.default_model, providers.is_empty()) {
            (Some(model), _) => OnceLock::from(model.clone()),
            (None, true) => OnceLock::from(EXTRACTIVE.to_owned()),
            (None, false) => OnceLock::new(),
        };
        let default_until_listed = providers.first().map_or_else(
            || EXTRACTIVE.to_owned(),
            |first| match first.wire.usual_model() {
                Some(usual) => usual.to_owned(),
                None => first.full_name(UNLISTED),
            },
        );
        Ok(Self {
            inner: Arc::new(Inner {
                providers,
                default_until_listed,
                prices: Prices::new(config.prices),
                fallback: config.fallback,
                limits: config.limits,
                default_model,
                learned: Mutex::default(),
            }),
            ledger: Ledger::here(),
            purpose: "other",
            run: None,
        })
    }

    /// The same, with a ledger that all replicas share.
    #[must_use]
    pub fn shared(self, pool: PgPool) -> Self {
        Self {
            ledger: Ledger::Shared(pool),
            ..self
        }
    }

    /// The same, asked for something in particular: what the ledger says of each call.
    #[must_use]
    pub fn asked_for(&self, purpose: &'static str, run: Option<Uuid>) -> Self {
        Self {
            purpose,
            run,
            ..self.clone()
        }
    }

    /// Whether any provider is set up.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        !self.inner.providers.is_empty()
    }

    /// The kinds of the providers that are set up, and whether each has a key.
    #[must_use]
    pub fn kinds(&self) -> Vec<(ProviderKind, bool)> {
        let providers = self.inner.providers.iter();
        providers
            .map(|provider| (provider.kind, provider.status().has_key))
            .collect()
    }

    /// The providers and their models, and what was spent today: for the settings page and `doctor`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn status(&self) -> Result<ModelsStatus, StoreError> {
        self.ask_all().await;
        let providers = self.inner.providers.iter().map(|provider| {
            let models = provider
                .listing
                .known()
                .into_iter()
                .map(|info| self.known_of(provider, info));
            let models = models.map(|info| KnownModel {
                name: info.name,
                context_tokens: info.context_tokens,
                price: info.price,
                shutdown: info.shutdown,
            });
            ProviderStatus {
                models: models.collect(),
                ..provider.status()
            }
        });
        Ok(ModelsStatus {
            providers: providers.collect(),
            default_model: self.default_model().to_owned(),
            fallback: self.inner.fallback.clone(),
            spent: self.spent().await?,
        })
    }

    /// What was spent today, and what may be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn spent(&self) -> Result<Spent, StoreError> {
        self.ledger.spent(self.inner.limits).await
    }

    /// The model that is used where none is named: the configured one, else the first provider's usual one, or one that
    /// it lists where that is not listed (any more); without any provider [`EXTRACTIVE`].
    ///
    /// What a server lists is known only once it has been asked: until then this is its usual model, or `openai/default`
    /// where it has none, which [`Models::settled`] makes a model of. A program that needs it at once awaits
    /// [`Models::settle_default`] first.
    #[must_use]
    pub fn default_model(&self) -> &str {
        self.inner
            .default_model
            .get()
            .unwrap_or(&self.inner.default_until_listed)
    }

    /// The model that is meant by `model`: itself, but for `openai/default`, which a run keeps that was asked for while
    /// its server listed nothing. Where it still lists nothing it is asked by that name, and says itself what is wrong.
    pub async fn settled(&self, model: &str) -> String {
        if let Ok((provider, UNLISTED)) = self.route(model)
            && !provider.lists(UNLISTED)
            && let Some(usual) = provider.usual_of(&provider.models().await)
        {
            return self.shown(provider, &usual);
        }
        model.to_owned()
    }

    /// The providers that did not list their models when they were asked last, and why.
    #[must_use]
    pub fn unlisted(&self) -> Vec<(String, String)> {
        let providers = self.inner.providers.iter();
        providers
            .filter_map(|provider| {
                let ProviderStatus { label, error, .. } = provider.status();
                Some((label, error?))
            })
            .collect()
    }

    /// [`Models::default_model`], after asking for the list of models where it depends on that.
    pub async fn settle_default(&self) -> &str {
        if self.inner.default_model.get().is_none() {
            self.ask_all().await;
        }
        self.default_model()
    }

    /// The models to try in order where `model` can't answer; without `model` itself.
    #[must_use]
    pub fn fallbacks(&self, model: &str) -> Vec<String> {
        let others = self.inner.fallback.iter().filter(|other| *other != model);
        others.cloned().collect()
    }

    /// A listed model in the place of `model`, which its provider does not know any more; `None` unless it is the
    /// default, which nobody chose for just this work.
    pub async fn in_place_of_default(&self, model: &str) -> Option<String> {
        if model != self.default_model() {
            return None;
        }
        let (provider, name) = self.route(model).ok()?;
        let listed = provider.models().await;
        let others: Vec<&ModelInfo> = listed.iter().filter(|info| info.name != name).collect();
        let usual = provider.usual_of(&listed).filter(|usual| usual != name);
        let found = usual.or_else(|| others.first().map(|info| info.name.clone()))?;
        Some(self.shown(provider, &found))
    }

    /// Whether `model` could be asked at all (`extractive` always; others where their provider is set up).
    ///
    /// # Errors
    /// [`ModelError`] that says which provider or key is missing.
    pub fn resolve(&self, model: &str) -> Result<(), ModelError> {
        if model == EXTRACTIVE {
            return Ok(());
        }
        if model.contains(char::is_control) {
            // Nor would the database keep it.
            let asked = Asked::new("This server", model);
            return Err(ModelError::UnknownModel { asked });
        }
        self.route(model).map(|_| ())
    }

    /// All models that can be chosen, asked of the providers and kept for some minutes; a provider that does not answer
    /// contributes what it listed last, else its usual model or `name/default`. `extractive` comes last.
    pub async fn list(&self) -> Vec<ModelInfo> {
        self.ask_all().await;
        let mut models = Vec::new();
        for provider in &self.inner.providers {
            let mut own = provider.listing.known();
            if own.is_empty() {
                match provider.wire.usual_model() {
                    Some(usual) => own.push(ModelInfo::named(usual, provider.wire.name())),
                    None => {
                        let placeholder = provider.full_name(UNLISTED);
                        models.push(ModelInfo::named(&placeholder, provider.wire.name()));
                    }
                }
            }
            models.extend(own.into_iter().map(|info| self.known_of(provider, info)));
        }
        // Someone chose it: it can be chosen here, even where its provider does not list it.
        let default = self.default_model();
        if !models.iter().any(|model| model.name == default)
            && let Ok((provider, name)) = self.route(default)
            && !models.iter().any(|model| model.name == self.shown(provider, name))
        {
            let info = ModelInfo::named(name, provider.wire.name());
            let named = ModelInfo {
                name: default.to_owned(),
                ..self.known_of(provider, info)
            };
            models.insert(0, named);
        }
        models.push(ModelInfo::named(EXTRACTIVE, "built in"));
        models
    }

    /// Tokens that fit into a request to `model`, where told or learned from an overflow.
    pub async fn context_tokens(&self, model: &str) -> Option<u32> {
        self.list_if_unclear(model).await;
        let (provider, name) = self.route(model).ok()?;
        // It holds for models that the server does not list as well.
        if let Some(tokens) = self.window_here(provider, name) {
            return Some(tokens);
        }
        let listed = provider.models().await;
        listed.into_iter().find(|info| info.name == name)?.context_tokens
    }

    /// [`Models::context_tokens`], or what a model of that provider can be assumed to take.
    pub async fn window(&self, model: &str) -> u32 {
        if let Some(tokens) = self.context_tokens(model).await {
            return tokens;
        }
        self.route(model)
            .map_or(UNKNOWN_WINDOW, |(provider, _)| provider.wire.usual_window())
    }

    /// What a model costs, where known.
    #[must_use]
    pub fn price(&self, model: &str) -> Option<Price> {
        let (provider, name) = self.route(model).ok()?;
        let listed = provider.listing.known();
        let told = listed
            .into_iter()
            .find(|info| info.name == name)
            .and_then(|info| info.price);
        self.inner.prices.of(&provider.name, name).or(told)
    }

    /// What so many tokens cost, in dollars; `None` where the price or a count is not known.
    #[must_use]
    pub fn cost(&self, model: &str, input_tokens: Option<u64>, output_tokens: Option<u64>) -> Option<f64> {
        let price = self.price(model)?;
        Some(price.of(input_tokens?, output_tokens?))
    }

    /// Asks `model`, streaming, with retries by the provider's rules. Dropping the future ends the call; so does `enough` once it says of
    /// the text so far that no more of it is wanted, and the answer counts as cut off.
    /// [`EXTRACTIVE`] can't be asked here: it takes passages, not prompts.
    ///
    /// # Errors
    /// [`ModelError`] once retries are used up or useless.
    pub async fn write(
        &self,
        model: &str,
        prompt: &Prompt,
        enough: Enough<'_>,
        on: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Answer, ModelError> {
        self.list_if_unclear(model).await;
        let (provider, name) = self.route(model)?;
        let full_name = provider.full_name(name);
        let price = self.price(model);
        let estimate = truncation::estimate(prompt);
        let call = Call {
            provider: &provider.name,
            model: name,
            purpose: self.purpose,
            run: self.run,
            input_tokens: estimate,
            cost: price.map(|price| price.of(estimate, 0)),
        };
        let noted = self.ledger.begin(&call, self.inner.limits).await;
        let entry = noted.map_err(|Over| ModelError::BudgetSpent {
            until: ledger::next_day(Utc::now()),
        })?;
        let mut lost = 0;
        // Who hangs up hears no count of tokens, which alone tells whether a long prompt was cut.
        let can_be_cut = estimate >= truncation::LEAST && self.context_tokens(model).await.is_none();
        let enough: Enough<'_> = if can_be_cut { &|_| false } else { enough };
        let mut result = provider.write(name, prompt, &mut lost, enough, on).await;
        // A server that names no room at all names nothing.
        if let Err(ModelError::ContextTooLong { limit, .. }) = &mut result {
            *limit = limit.filter(|limit| *limit >= LEAST_WINDOW);
        }
        let (outcome, tokens) = match &result {
            Ok(answer) => {
                let sent = answer.input_tokens.unwrap_or(estimate).saturating_add(lost);
                let received = answer
                    .output_tokens
                    .unwrap_or_else(|| truncation::estimate_of(&answer.text));
                ("ok", Some((sent, received)))
            }
            Err(error) => (error.kind(), Some((lost, 0))),
        };
        let cost = price
            .zip(tokens)
            .map(|(price, (sent, received))| price.of(sent, received));
        self.ledger.end(entry, outcome, tokens, cost).await;
        count_call(&provider.name, self.purpose, outcome, cost);
        if let Err(ModelError::ContextTooLong { limit: Some(limit), .. }) = result {
            self.learn_window(&full_name, limit);
        }
        let answer = result?;
        self.not_cut(&full_name, provider, name, prompt, &answer)?;
        Ok(answer)
    }

    /// Some servers cut prompts to their window and say nothing (Ollama does). Their own count of tokens tells.
    fn not_cut(
        &self,
        full_name: &str,
        provider: &Provider,
        name: &str,
        prompt: &Prompt,
        answer: &Answer,
    ) -> Result<(), ModelError> {
        let Some(window) = truncation::window(prompt, answer.input_tokens) else {
            return Ok(());
        };
        let known = self.learned_of(full_name);
        if known.is_some_and(|known| truncation::estimate(prompt) <= u64::from(known)) {
            // It fits for certain: whatever this server counts, it is not the prompt.
            return Ok(());
        }
        tracing::warn!(
            model = full_name,
            window,
            "the server has cut the prompt without a word"
        );
        self.learn_window(full_name, window);
        Err(ModelError::ContextTooLong {
            asked: Asked::new(provider.wire.name(), name),
            limit: Some(window),
        })
    }

    /// Notes that no more than so many tokens fit into a request to the model of this [`Self::identity`].
    pub(crate) fn learn_window(&self, full_name: &str, tokens: u32) {
        let known = self.learned_of(full_name).unwrap_or(u32::MAX);
        self.learned()
            .insert(full_name.to_owned(), (tokens.min(known), Instant::now()));
    }

    /// [`Self::learn_window`] of what was learned at that moment, where that is not too long ago and nothing is known since.
    pub(crate) fn learn_again(&self, full_name: &str, tokens: u32, at: DateTime<Utc>) {
        let is_fresh = (Utc::now() - at).to_std().is_ok_and(|age| age < LEARNED_FOR);
        if is_fresh && self.learned_of(full_name).is_none() {
            self.learn_window(full_name, tokens);
        }
    }

    /// What was learned of a model's window, as long as it is fresh: whoever gives a model more room need not start this server
    /// again.
    pub(crate) fn learned_of(&self, full_name: &str) -> Option<u32> {
        let (tokens, when) = *self.learned().get(full_name)?;
        (when.elapsed() < LEARNED_FOR).then_some(tokens)
    }

    /// Who is asked for `model`, for errors.
    pub(crate) fn asked(&self, model: &str) -> Asked {
        let provider = self.route(model).map_or("", |(provider, _)| provider.wire.name());
        Asked::new(provider, model)
    }

    /// The one name of a model that can have several (`m` and `provider/m`), the provider's before it: two providers may have
    /// models of one name.
    pub(crate) async fn identity(&self, model: &str) -> String {
        self.list_if_unclear(model).await;
        let routed = self.route(model);
        routed.map_or_else(|_| model.to_owned(), |(provider, name)| provider.full_name(name))
    }

    /// Who is asked for `model`, and by which name: the first provider that lists just this name; else the one that is
    /// named before the slash; else the first of the kind that the name sounds like, which for most names is
    /// OpenAI-compatible.
    fn route<'a>(&self, model: &'a str) -> Result<(&Provider, &'a str), ModelError> {
        if model == EXTRACTIVE {
            return Err(ModelError::UnknownModel {
                asked: Asked::new("No provider", model),
            });
        }
        let providers = &self.inner.providers;
        if let Some(provider) = providers.iter().find(|provider| provider.lists(model)) {
            return Ok((provider, model));
        }
        if let Some((before, name)) = model.split_once('/')
            && let Some(provider) = providers.iter().find(|provider| provider.name == before)
        {
            return Ok((provider, name));
        }
        let (kind, name) = sounds_like(model);
        let provider = providers.iter().find(|provider| provider.kind == kind);
        provider
            .map(|provider| (provider, name))
            .ok_or_else(|| ModelError::NotConfigured {
                model: secret::clean(model, 80),
                variable: kind.key_variable(),
            })
    }

    /// What a provider's model is called here.
    fn shown(&self, provider: &Provider, name: &str) -> String {
        match self.route(name) {
            Ok((found, same)) if std::ptr::eq(found, provider) && same == name => name.to_owned(),
            _ => provider.full_name(name),
        }
    }

    /// The window of a provider's model as it was learned, or is configured.
    fn window_here(&self, provider: &Provider, name: &str) -> Option<u32> {
        let learned = self.learned_of(&provider.full_name(name));
        learned.or_else(|| provider.contexts.get(name).copied())
    }

    /// What is known of a model: the provider's words, completed and corrected by the configuration.
    fn known_of(&self, provider: &Provider, info: ModelInfo) -> ModelInfo {
        ModelInfo {
            name: self.shown(provider, &info.name),
            context_tokens: self.window_here(provider, &info.name).or(info.context_tokens),
            price: self.inner.prices.of(&provider.name, &info.name).or(info.price),
            ..info
        }
    }

    /// Where there are several providers, or a slash, only their lists can tell who is meant.
    async fn list_if_unclear(&self, model: &str) {
        let providers = &self.inner.providers;
        let is_clear = providers.len() < 2 && (!model.contains('/') || model.starts_with("models/"));
        if model != EXTRACTIVE && !is_clear && !providers.iter().any(|provider| provider.lists(model)) {
            self.ask_all().await;
        }
    }

    /// Asks all providers at once for their models, unless they were asked lately; settles the default.
    async fn ask_all(&self) {
        let lists = futures::future::join_all(self.inner.providers.iter().map(Provider::models)).await;
        if self.inner.default_model.get().is_some() {
            return;
        }
        let (Some(provider), Some(listed)) = (self.inner.providers.first(), lists.first()) else {
            return;
        };
        // An empty list settles nothing: whoever could not be asked is asked again.
        if let Some(model) = provider.usual_of(listed) {
            if let Some(usual) = provider.wire.usual_model().filter(|usual| *usual != model) {
                tracing::warn!(
                    usual,
                    model,
                    "the usual model is not listed any more; another one is the default"
                );
            }
            // `Err` means that another call was quicker.
            let _ = self.inner.default_model.set(self.shown(provider, &model));
        }
    }

    fn learned(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u32, Instant)>> {
        self.inner.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a call with all its tries; dollars are counted in millionths, since counters are whole numbers.
fn count_call(provider: &str, purpose: &'static str, outcome: &'static str, cost: Option<f64>) {
    let provider = || provider.to_owned();
    counter!("ytsum_llm_calls_total", "provider" => provider(), "purpose" => purpose, "outcome" => outcome)
        .increment(1);
    if let Some(cost) = cost {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small and positive"
        )]
        counter!("ytsum_llm_cost_microdollars_total", "provider" => provider()).increment((cost * 1e6) as u64);
    }
}

/// The kind of provider that a name belongs to by custom, and the name without Google's `models/`. `gemini/…` and the
/// like lead there as well.
fn sounds_like(model: &str) -> (ProviderKind, &str) {
    match model.split_once('/') {
        Some(("gemini", name)) => (ProviderKind::Gemini, name),
        Some(("anthropic", name)) => (ProviderKind::Anthropic, name),
        Some(("openai", name)) => (ProviderKind::OpenAi, name),
        Some(("models", name)) if name.starts_with("gemini") => (ProviderKind::Gemini, name),
        None if model.starts_with("gemini") => (ProviderKind::Gemini, model),
        None if model.starts_with("claude") => (ProviderKind::Anthropic, model),
        _ => (ProviderKind::OpenAi, model),
    }
}

#[cfg(test)]
mod tests;
