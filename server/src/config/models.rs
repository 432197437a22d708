//! Who writes: keys and addresses of the providers. Without any, summaries are sentences from the transcript.

use backend::models::{GeminiConfig, ModelsConfig, OpenAiConfig, Secret};
use url::Url;

use super::{Problem, given, parsed, web_address};

/// As given.
#[derive(Clone, Default, clap::Args)]
#[command(next_help_heading = "Models")]
pub struct ModelSettings {
    /// Google's key, for Gemini
    #[arg(
        long,
        env = "GOOGLE_API_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub google_api_key: Option<String>,
    /// Where Gemini is [default: https://generativelanguage.googleapis.com]
    #[arg(long, env = "GOOGLE_BASE_URL", value_name = "URL", global = true)]
    pub google_base_url: Option<String>,
    /// The key of OpenAI, or of a server that speaks as OpenAI does; local ones need none
    #[arg(
        long,
        env = "OPENAI_API_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub openai_api_key: Option<String>,
    /// Where that server is, up to and with /v1 [default: https://api.openai.com/v1]
    #[arg(long, env = "OPENAI_BASE_URL", value_name = "URL", global = true)]
    pub openai_base_url: Option<String>,
    /// The model to use where nobody chooses one: a provider's name for it, or extractive
    #[arg(long, env = "DEFAULT_MODEL", value_name = "MODEL", global = true)]
    pub default_model: Option<String>,
    /// A model that compares claims with the transcript where words alone can't: other languages, other words
    #[arg(long, env = "JUDGE_MODEL", value_name = "MODEL", global = true)]
    pub judge_model: Option<String>,
}

impl std::fmt::Debug for ModelSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelSettings")
            .field("default_model", &self.default_model)
            .finish_non_exhaustive()
    }
}

impl ModelSettings {
    /// The model that compares claims, where one is named.
    pub(super) fn judge(&self) -> Option<String> {
        given(self.judge_model.as_ref()).map(str::to_owned)
    }

    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> ModelsConfig {
        let mut address = |name, value: Option<&String>, default: &str| {
            parsed(name, value, Url::parse(default).ok(), problems, |text| {
                web_address(text).map(Some)
            })
        };
        let google = address(
            "GOOGLE_BASE_URL",
            self.google_base_url.as_ref(),
            "https://generativelanguage.googleapis.com",
        );
        let openai = address(
            "OPENAI_BASE_URL",
            self.openai_base_url.as_ref(),
            "https://api.openai.com/v1",
        );
        let secret = |value: Option<&String>| given(value).map(|key| Secret::new(key.to_owned()));
        let openai_key = secret(self.openai_api_key.as_ref());
        // A server of one's own needs no key; OpenAI's does.
        let openai_wanted = openai_key.is_some() || given(self.openai_base_url.as_ref()).is_some();
        ModelsConfig {
            gemini: google
                .zip(secret(self.google_api_key.as_ref()))
                .map(|(base_url, key)| GeminiConfig { base_url, key }),
            openai: openai.filter(|_| openai_wanted).map(|base_url| OpenAiConfig {
                base_url,
                key: openai_key,
            }),
            default_model: given(self.default_model.as_ref()).map(str::to_owned),
        }
    }
}
