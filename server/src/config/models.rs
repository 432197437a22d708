//! Who writes: keys and addresses of the providers. Without any, summaries are sentences from the transcript.

use backend::models::{CONCURRENCY, Limits, ModelsConfig, ProviderConfig, ProviderKind, Secret};
use url::Url;

use super::{
    Problem,
    file::{ConfigFile, MOST_CONCURRENCY},
    given, number, parsed, web_address,
};

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
    /// Anthropic's key, for Claude
    #[arg(
        long,
        env = "ANTHROPIC_API_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub anthropic_api_key: Option<String>,
    /// Where Claude is [default: https://api.anthropic.com]
    #[arg(long, env = "ANTHROPIC_BASE_URL", value_name = "URL", global = true)]
    pub anthropic_base_url: Option<String>,
    /// Calls at a time to each of these three, by each process; a server that answers one after the other gets along with
    /// any number [default: 4]
    #[arg(long, env = "MODEL_CONCURRENCY", value_name = "N", global = true)]
    pub model_concurrency: Option<String>,
    /// The model to use where nobody chooses one: a provider's name for it, or extractive
    #[arg(long, env = "DEFAULT_MODEL", value_name = "MODEL", global = true)]
    pub default_model: Option<String>,
    /// Tokens that models may be sent and send in a day (UTC), by all replicas together [default: no limit]
    #[arg(long, env = "DAILY_TOKEN_LIMIT", value_name = "N", global = true)]
    pub daily_token_limit: Option<String>,
    /// Dollars that models may cost in a day (UTC), by the prices in CONFIG_FILE or the provider's own [default: no limit]
    #[arg(long, env = "DAILY_COST_LIMIT", value_name = "DOLLARS", global = true)]
    pub daily_cost_limit: Option<String>,
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

    pub(super) fn validate(&self, file: ConfigFile, problems: &mut Vec<Problem>) -> ModelsConfig {
        let mut providers = self.providers(problems);
        for (number, provider) in file.providers.into_iter().enumerate() {
            if providers.iter().any(|known| known.name == provider.name) {
                problems.push(Problem {
                    name: "CONFIG_FILE".to_owned(),
                    message: format!(
                        "has providers[{number}].name = \"{}\", which is the name of another provider",
                        provider.name
                    ),
                });
            } else {
                providers.push(provider);
            }
        }
        ModelsConfig {
            providers,
            default_model: given(self.default_model.as_ref()).map(str::to_owned),
            fallback: file.fallback,
            prices: file.prices,
            limits: Limits {
                tokens: parsed(
                    "DAILY_TOKEN_LIMIT",
                    self.daily_token_limit.as_ref(),
                    None,
                    problems,
                    |text| tokens(text).map(Some),
                ),
                cost: parsed(
                    "DAILY_COST_LIMIT",
                    self.daily_cost_limit.as_ref(),
                    None,
                    problems,
                    |text| dollars(text).map(Some),
                ),
            },
        }
    }

    /// The first provider of each kind, where it is set up.
    fn providers(&self, problems: &mut Vec<Problem>) -> Vec<ProviderConfig> {
        let mut providers = Vec::new();
        let concurrency = parsed(
            "MODEL_CONCURRENCY",
            self.model_concurrency.as_ref(),
            CONCURRENCY,
            problems,
            |text| number(text, 1, MOST_CONCURRENCY),
        );
        for (kind, key, variable, base_url, default) in [
            (
                ProviderKind::Gemini,
                &self.google_api_key,
                "GOOGLE_BASE_URL",
                &self.google_base_url,
                "https://generativelanguage.googleapis.com",
            ),
            (
                ProviderKind::OpenAi,
                &self.openai_api_key,
                "OPENAI_BASE_URL",
                &self.openai_base_url,
                "https://api.openai.com/v1",
            ),
            (
                ProviderKind::Anthropic,
                &self.anthropic_api_key,
                "ANTHROPIC_BASE_URL",
                &self.anthropic_base_url,
                "https://api.anthropic.com",
            ),
        ] {
            let address = parsed(
                variable,
                base_url.as_ref(),
                Url::parse(default).ok(),
                problems,
                |text| web_address(text).map(Some),
            );
            let key = given(key.as_ref()).map(|key| Secret::new(key.to_owned()));
            // A server of one's own that speaks as OpenAI does needs no key; OpenAI's does.
            let is_own_server = kind == ProviderKind::OpenAi && given(base_url.as_ref()).is_some();
            if let Some(address) = address.filter(|_| key.is_some() || is_own_server) {
                providers.push(ProviderConfig {
                    concurrency,
                    ..ProviderConfig::new(kind, address, key)
                });
            }
        }
        providers
    }
}

/// The largest is more than anybody uses: no bound that people need to hear of.
fn tokens(text: &str) -> Result<u64, String> {
    number(text, 1, u64::MAX / 4)
        .map_err(|_| format!("can’t be “{text}”. Give a whole number such as 500000, or leave it empty for no limit"))
}

fn dollars(text: &str) -> Result<f64, String> {
    match text.trim_start_matches('$').parse::<f64>() {
        Ok(dollars) if dollars.is_finite() && dollars > 0.0 => Ok(dollars),
        _ => Err(format!(
            "can’t be “{text}”. Give dollars such as 2.50, or leave it empty for no limit"
        )),
    }
}
