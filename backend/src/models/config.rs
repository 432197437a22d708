//! What is configured of models: the providers, which model is asked where nobody chooses, what may be spent.

use std::collections::HashMap;

use domain::models::Price;
use url::Url;

use super::{openai, secret::Secret};

/// Calls to a provider at a time where nobody says how many; the others wait for their turn.
pub const CONCURRENCY: usize = 4;

/// Which providers there are, and what they may cost.
#[derive(Clone, Debug, Default)]
pub struct ModelsConfig {
    /// In order: a model's bare name belongs to the first that lists it.
    pub providers: Vec<ProviderConfig>,
    /// The model that is used where none is named.
    pub default_model: Option<String>,
    /// Models that are tried in order when one can't answer.
    pub fallback: Vec<String>,
    /// Dollars by model: `name`, or `provider/name`.
    pub prices: HashMap<String, Price>,
    /// What may be spent in a day.
    pub limits: Limits,
}

/// What may be spent in a day (UTC), by all replicas together; `None` for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Tokens sent and received.
    pub tokens: Option<u64>,
    /// Dollars, as far as prices are known.
    pub cost: Option<f64>,
}

/// What a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// OpenAI's chat completions: OpenAI, Ollama, llama.cpp, vLLM, LM Studio, OpenRouter.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
    /// Google's generateContent.
    Gemini,
}

impl ProviderKind {
    /// The name in configuration: `openai`, `anthropic`, `gemini`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// The variable that sets up the first provider of this kind.
    pub(super) fn key_variable(self) -> &'static str {
        match self {
            Self::OpenAi => "OPENAI_API_KEY",
            Self::Anthropic => "ANTHROPIC_API_KEY",
            Self::Gemini => "GOOGLE_API_KEY",
        }
    }
}

/// A provider of models.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// What stands before the slash in `name/model`, and what people read where the address says nothing better.
    pub name: String,
    /// What it speaks.
    pub kind: ProviderKind,
    /// `https://api.openai.com/v1`, `https://api.anthropic.com`, `https://generativelanguage.googleapis.com`
    pub base_url: Url,
    /// The key; local servers need none.
    pub key: Option<Secret>,
    /// Where the key stands, for people: `OPENAI_API_KEY`.
    pub key_from: String,
    /// Calls to it at a time.
    pub concurrency: usize,
    /// What is known of its models beside what it tells: tokens that fit into a request.
    pub contexts: HashMap<String, u32>,
}

impl ProviderConfig {
    /// The first provider of its kind, with its usual name and variable.
    #[must_use]
    pub fn new(kind: ProviderKind, base_url: Url, key: Option<Secret>) -> Self {
        Self {
            name: kind.as_str().to_owned(),
            kind,
            base_url,
            key,
            key_from: kind.key_variable().to_owned(),
            concurrency: CONCURRENCY,
            contexts: HashMap::new(),
        }
    }

    /// What people read: the product's name at its own address, the given name or the host elsewhere.
    pub(super) fn label(&self) -> String {
        let host = self.base_url.host_str().unwrap_or_default();
        let is_usual = self.name == self.kind.as_str();
        match (self.kind, is_usual) {
            (_, false) => self.name.clone(),
            (ProviderKind::OpenAi, true) if host == openai::HOST => "OpenAI".to_owned(),
            (ProviderKind::OpenAi, true) => host.to_owned(),
            (ProviderKind::Anthropic, true) => "Anthropic".to_owned(),
            (ProviderKind::Gemini, true) => "Gemini".to_owned(),
        }
    }
}
