//! Language models behind one door: OpenAI-compatible servers and Gemini, streaming, with exact errors and retry rules.
//! A provider's wire format stands only in its own file beside this one.

mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod gemini;
mod list;
mod openai;
mod provider;
mod retry;
pub(crate) mod secret;
mod sse;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use url::Url;

pub use self::{
    error::{Asked, Detail, ModelError},
    secret::Secret,
};
use self::{gemini::Gemini, openai::OpenAi, provider::Provider, retry::Patience};

/// The name of the built-in summariser, a model like the others.
pub const EXTRACTIVE: &str = "extractive";

/// The models that are used where none is configured: an alias that outlives the names behind it, and the cheap tier.
const GEMINI_DEFAULT: &str = "gemini-flash-latest";
const OPENAI_DEFAULT: &str = "gpt-6-luna";

/// Windows to assume where none is told: that of all Gemini models of late, of OpenAI's smaller ones, and a cautious one.
const GEMINI_WINDOW: u32 = 1_000_000;
const OPENAI_WINDOW: u32 = 128_000;
const UNKNOWN_WINDOW: u32 = 32_000;

/// Which providers there are.
#[derive(Clone, Debug, Default)]
pub struct ModelsConfig {
    /// An OpenAI-compatible server.
    pub openai: Option<OpenAiConfig>,
    /// Google's Gemini.
    pub gemini: Option<GeminiConfig>,
    /// The model that is used where none is named.
    pub default_model: Option<String>,
}

/// An OpenAI-compatible server.
#[derive(Clone, Debug)]
pub struct OpenAiConfig {
    /// Up to and with `/v1`: `https://api.openai.com/v1`.
    pub base_url: Url,
    /// The key; local servers need none.
    pub key: Option<Secret>,
}

/// Google's Gemini.
#[derive(Clone, Debug)]
pub struct GeminiConfig {
    /// `https://generativelanguage.googleapis.com`
    pub base_url: Url,
    /// The key.
    pub key: Secret,
}

/// A model that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// What it is called: `gemini-flash-latest`.
    pub name: String,
    /// Who runs it: `Gemini`, `OpenAI`, or the host of a configured base URL.
    pub provider: String,
    /// How many tokens fit into a request, where told.
    pub context_tokens: Option<u32>,
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

/// The models that are set up. Cheap to clone; the clones share connections, limits and what was learned.
#[derive(Clone, Debug)]
pub struct Models {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    openai: Option<Provider>,
    gemini: Option<Provider>,
    /// Whether the OpenAI-compatible server is OpenAI itself.
    is_openai: bool,
    /// Known from the start, or once a server of unknown models has listed them.
    default_model: OnceLock<String>,
    /// Windows that overflow errors told, by model.
    learned: Mutex<HashMap<String, u32>>,
}

impl Models {
    /// Builds the clients.
    ///
    /// # Errors
    /// A sentence where a base URL can't be used.
    pub fn new(config: ModelsConfig) -> Result<Self, String> {
        Self::with_patience(config, &Patience::default())
    }

    fn with_patience(config: ModelsConfig, patience: &Patience) -> Result<Self, String> {
        let bases = [
            config.openai.as_ref().map(|openai| &openai.base_url),
            config.gemini.as_ref().map(|gemini| &gemini.base_url),
        ];
        for base in bases.into_iter().flatten() {
            if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
                return Err(format!(
                    "The base URL of a model's provider begins with http:// or https://, not with {}:",
                    base.scheme()
                ));
            }
        }
        let openai = config.openai.map(OpenAi::new);
        let is_openai = openai.as_ref().is_some_and(OpenAi::is_openai);
        let default_model = match config.default_model {
            Some(model) => Some(model),
            None if config.gemini.is_some() => Some(GEMINI_DEFAULT.to_owned()),
            None if is_openai => Some(OPENAI_DEFAULT.to_owned()),
            // Those of another server are known once it has listed them.
            None if openai.is_some() => None,
            None => Some(EXTRACTIVE.to_owned()),
        };
        let openai = openai
            .map(|wire| Provider::new(Box::new(wire), patience.clone()))
            .transpose()?;
        let gemini = config
            .gemini
            .map(|gemini| Provider::new(Box::new(Gemini::new(gemini)), patience.clone()))
            .transpose()?;
        Ok(Self {
            inner: Arc::new(Inner {
                openai,
                gemini,
                is_openai,
                default_model: default_model.map(OnceLock::from).unwrap_or_default(),
                learned: Mutex::default(),
            }),
        })
    }

    /// The model that is used where none is named: the configured one, else Gemini's or OpenAI's usual one, else the
    /// first that the configured server lists, else [`EXTRACTIVE`].
    ///
    /// The first of a server's list is known only once it has been asked: until then this is [`EXTRACTIVE`]. A program
    /// that needs it at once awaits [`Models::settle_default`] first.
    #[must_use]
    pub fn default_model(&self) -> &str {
        self.inner.default_model.get().map_or(EXTRACTIVE, String::as_str)
    }

    /// [`Models::default_model`], after asking for the list of models where it depends on that.
    pub async fn settle_default(&self) -> &str {
        if let (None, Some(openai)) = (self.inner.default_model.get(), &self.inner.openai) {
            self.note_default(&openai.models().await);
        }
        self.default_model()
    }

    /// Whether `model` could be asked at all (`extractive` always; others where their provider is set up).
    ///
    /// # Errors
    /// [`ModelError`] that says which provider or key is missing.
    pub fn resolve(&self, model: &str) -> Result<(), ModelError> {
        if model == EXTRACTIVE {
            return Ok(());
        }
        self.route(model).map(|_| ())
    }

    /// All models that can be chosen, asked of the providers and kept for some minutes; a provider that does not answer
    /// contributes what it listed last, else its default model. `extractive` comes last.
    pub async fn list(&self) -> Vec<ModelInfo> {
        let ask = async |provider: &Option<Provider>| match provider {
            Some(provider) => provider.models().await,
            None => Vec::new(),
        };
        let (mut models, mut others) = tokio::join!(ask(&self.inner.gemini), ask(&self.inner.openai));
        self.note_default(&others);
        if let (true, Some(gemini)) = (models.is_empty(), &self.inner.gemini) {
            models.push(unlisted(GEMINI_DEFAULT, gemini));
        }
        if let (true, true, Some(openai)) = (others.is_empty(), self.inner.is_openai, &self.inner.openai) {
            others.push(unlisted(OPENAI_DEFAULT, openai));
        }
        models.append(&mut others);
        // Someone chose it: it can be chosen here, even where its provider does not list it.
        let default = self.default_model();
        if !models.iter().any(|model| model.name == default)
            && let Ok((provider, _)) = self.route(default)
        {
            models.insert(0, unlisted(default, provider));
        }
        models.push(ModelInfo {
            name: EXTRACTIVE.to_owned(),
            provider: "built in".to_owned(),
            context_tokens: None,
        });
        models
    }

    /// Tokens that fit into a request to `model`, where told or learned from an overflow error.
    pub async fn context_tokens(&self, model: &str) -> Option<u32> {
        let learned = self.learned().get(model).copied();
        if learned.is_some() {
            return learned;
        }
        self.list_if_unclear(model).await;
        let (provider, name) = self.route(model).ok()?;
        let listed = provider.models().await;
        listed.into_iter().find(|info| info.name == name)?.context_tokens
    }

    /// [`Models::context_tokens`], or what a model of that provider can be assumed to take.
    pub async fn window(&self, model: &str) -> u32 {
        if let Some(tokens) = self.context_tokens(model).await {
            return tokens;
        }
        match self.route(model) {
            Ok((provider, _)) if provider.wire.name() == gemini::NAME => GEMINI_WINDOW,
            Ok(_) if self.inner.is_openai => OPENAI_WINDOW,
            _ => UNKNOWN_WINDOW,
        }
    }

    /// Notes that no more than so many tokens fit into a request to `model`.
    fn learn_window(&self, model: &str, tokens: u32) {
        self.learned()
            .entry(model.to_owned())
            .and_modify(|known| *known = tokens.min(*known))
            .or_insert(tokens);
    }

    /// Asks `model`, streaming, with retries by the provider's rules. Dropping the future ends the call.
    /// [`EXTRACTIVE`] can't be asked here: it takes passages, not prompts.
    ///
    /// # Errors
    /// [`ModelError`] once retries are used up or useless.
    pub async fn write(
        &self,
        model: &str,
        prompt: &Prompt,
        on: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Answer, ModelError> {
        self.list_if_unclear(model).await;
        let (provider, name) = self.route(model)?;
        let result = provider.write(name, prompt, on).await;
        if let Err(ModelError::ContextTooLong { limit: Some(limit), .. }) = result {
            self.learn_window(model, limit);
        }
        result
    }

    /// Who is asked for `model`, and by which name. Gemini's names say so; all others belong to the OpenAI-compatible
    /// server. `gemini/…` and `openai/…` choose by hand, unless the server lists a model of just that name, as
    /// OpenRouter does.
    fn route<'a>(&self, model: &'a str) -> Result<(&Provider, &'a str), ModelError> {
        let openai = self.inner.openai.as_ref();
        let gemini = self.inner.gemini.as_ref();
        let missing = |variable| ModelError::NotConfigured {
            model: secret::clean(model, 80),
            variable,
        };
        if model == EXTRACTIVE {
            return Err(ModelError::UnknownModel {
                asked: Asked::new("No provider", model),
            });
        }
        let to_openai = |name| {
            openai
                .map(|provider| (provider, name))
                .ok_or_else(|| missing(openai::KEY_VARIABLE))
        };
        let to_gemini = |name| {
            gemini
                .map(|provider| (provider, name))
                .ok_or_else(|| missing(gemini::KEY_VARIABLE))
        };
        let is_listed = || openai.is_some_and(|openai| openai.listing.known().iter().any(|info| info.name == model));
        match model.split_once('/') {
            Some(("gemini", name)) if !is_listed() => to_gemini(name),
            Some(("openai", name)) if !is_listed() => to_openai(name),
            None if model.starts_with("gemini") => to_gemini(model),
            Some(("models", name)) if name.starts_with("gemini") => to_gemini(name),
            _ => to_openai(model),
        }
    }

    /// Whether the part before the slash chooses a provider can only be told by the server's list.
    async fn list_if_unclear(&self, model: &str) {
        if let (Some(("gemini" | "openai", _)), Some(openai)) = (model.split_once('/'), &self.inner.openai) {
            openai.models().await;
        }
    }

    /// Settles the default where it is the first that the server lists.
    fn note_default(&self, listed: &[ModelInfo]) {
        if let (None, Some(first)) = (self.inner.default_model.get(), listed.first()) {
            // `Err` means that another call was quicker.
            let _ = self.inner.default_model.set(first.name.clone());
        }
    }

    fn learned(&self) -> std::sync::MutexGuard<'_, HashMap<String, u32>> {
        self.inner.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A model that its provider did not list.
fn unlisted(name: &str, provider: &Provider) -> ModelInfo {
    ModelInfo {
        name: name.to_owned(),
        provider: provider.wire.name().to_owned(),
        context_tokens: None,
    }
}

#[cfg(test)]
mod tests;
