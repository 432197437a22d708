//! Language models behind one door: OpenAI-compatible servers and Gemini, streaming, with exact errors and retry rules.
//! A provider's wire format stands only in its own file beside this one.

use std::time::Duration;

use domain::fault::Fault;
use url::Url;

/// The name of the built-in summariser, a model like the others.
pub const EXTRACTIVE: &str = "extractive";

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

/// A text that must not reach logs, pages, metrics or backups.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself: for the header that carries it, and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
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
    /// At most so many tokens in the answer.
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
    /// Tokens received, as the provider counted them.
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

/// What a model or its provider would not do (reference/llm-and-speech.md §1.5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Nobody there answered in time.
    #[error("{provider} did not answer in time")]
    Timeout {
        /// Who.
        provider: String,
    },
}

impl ModelError {
    /// The snake_case name: `model_auth`, `model_quota`, `model_rate_limited`, `model_context_too_long`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        "model_timeout"
    }

    /// How long to wait before it is worth another try; `None` where it never is.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// In words for people; `retry_at` is left open.
    #[must_use]
    pub fn fault(&self) -> Fault {
        Fault {
            kind: self.kind().to_owned(),
            whose: domain::fault::Whose::Upstream,
            message: self.to_string(),
            hint: String::new(),
            retry_at: None,
        }
    }
}

/// The models that are set up.
#[derive(Clone, Debug)]
pub struct Models {}

impl Models {
    /// Builds the clients.
    ///
    /// # Errors
    /// A sentence where a base URL can't be used.
    pub fn new(_config: ModelsConfig) -> Result<Self, String> {
        Ok(Self {})
    }

    /// The model that is used where none is named: the configured one, else Gemini's or OpenAI's usual one, else [`EXTRACTIVE`].
    #[must_use]
    pub fn default_model(&self) -> &str {
        EXTRACTIVE
    }

    /// Whether `model` could be asked at all (`extractive` always; others where their provider is set up).
    ///
    /// # Errors
    /// [`ModelError`] that says which provider or key is missing.
    pub fn resolve(&self, _model: &str) -> Result<(), ModelError> {
        Ok(())
    }

    /// All models that can be chosen, asked of the providers and kept for some minutes; a provider that does not answer
    /// contributes its default model. `extractive` comes last.
    pub async fn list(&self) -> Vec<ModelInfo> {
        Vec::new()
    }

    /// Tokens that fit into a request to `model`, where told or learned from an overflow error.
    pub async fn context_tokens(&self, _model: &str) -> Option<u32> {
        None
    }

    /// Asks `model`, streaming, with retries by the provider's rules. Dropping the future ends the call.
    ///
    /// # Errors
    /// [`ModelError`] once retries are used up or useless.
    pub async fn write(
        &self,
        _model: &str,
        _prompt: &Prompt,
        _on: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Answer, ModelError> {
        Err(ModelError::Timeout {
            provider: String::new(),
        })
    }
}
