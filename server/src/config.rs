//! The configuration: one struct a concern, every setting an environment variable, all problems listed at once.
//!
//! What is read is text; what comes out is checked. The variable's name stands in the doc comment's place of truth: the
//! `env` of its argument, which `--help` prints and a test holds against `.env.example`.

mod access;
mod appearance;
mod backup;
pub mod environment;
mod file;
mod logging;
mod models;
mod network;
mod storage;
mod youtube;

pub use access::{AccessRules, AccessSettings};
pub use appearance::AppearanceSettings;
pub use backup::BackupSettings;
use file::ConfigFile;
pub use logging::{LogFormat, Logging, LoggingSettings};
pub use models::ModelSettings;
pub use network::{MOST_CONNECTIONS, Network, NetworkSettings};
pub use storage::{Storage, StorageSettings};
pub use youtube::YouTubeSettings;

/// Something wrong with a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable.
    pub name: String,
    /// What is wrong and what would be right; never the value of a secret.
    pub message: String,
}

/// All settings as they were given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Settings {
    /// Where to listen.
    #[command(flatten)]
    pub network: NetworkSettings,
    /// Where things are kept.
    #[command(flatten)]
    pub storage: StorageSettings,
    /// Where backups go.
    #[command(flatten)]
    pub backup: BackupSettings,
    /// Who may come in.
    #[command(flatten)]
    pub access: AccessSettings,
    /// Who writes.
    #[command(flatten)]
    pub models: ModelSettings,
    /// Where videos come from.
    #[command(flatten)]
    pub youtube: YouTubeSettings,
    /// How pages look.
    #[command(flatten)]
    pub appearance: AppearanceSettings,
    /// What is logged.
    #[command(flatten)]
    pub logging: LoggingSettings,
    /// A TOML file with lists: providers of models, prices, models to fall back on, YouTube clients; see config.example.toml
    #[arg(
        long,
        env = "CONFIG_FILE",
        value_name = "FILE",
        global = true,
        help_heading = "Lists"
    )]
    pub config_file: Option<String>,
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub network: Network,
    /// Where things are kept.
    pub storage: Storage,
    /// Who may come in.
    pub access: AccessRules,
    /// Where backups go; `None` where none are made.
    pub backup: Option<backend::backup::BackupConfig>,
    /// Who writes.
    pub models: backend::models::ModelsConfig,
    /// Who compares claims with the transcript where words alone can't.
    pub judge_model: Option<String>,
    /// Where videos come from.
    pub youtube: backend::youtube::YouTubeConfig,
    /// The theme of who has chosen none.
    pub theme: app::Theme,
    /// What is logged.
    pub logging: Logging,
    /// Variables that are set and mean nothing here.
    pub without_meaning: Vec<String>,
}

impl Settings {
    /// Checks everything; what is wrong is added to `problems`, and a default stands in its place.
    pub fn validate(&self, problems: &mut Vec<Problem>) -> Config {
        let storage = self.storage.validate(problems);
        let mut file = ConfigFile::read(given(self.config_file.as_ref()), problems);
        let youtube = backend::youtube::YouTubeConfig {
            samples: Some(storage.data_dir.join("samples")),
            ..self.youtube.validate(std::mem::take(&mut file.clients), problems)
        };
        Config {
            access: self.access.validate(&storage, problems),
            network: self.network.validate(problems),
            storage,
            backup: self.backup.validate(problems),
            models: self.models.validate(file, problems),
            judge_model: self.models.judge(),
            youtube,
            theme: self.appearance.validate(problems),
            logging: self.logging.validate(problems),
            without_meaning: Vec::new(),
        }
    }
}

/// A setting's text without white space around it; `None` where it is empty, which means unset.
fn given(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// Reads a setting with `parse`; where that fails the problem is noted and `default` stands in.
fn parsed<T>(
    name: &str,
    value: Option<&String>,
    default: T,
    problems: &mut Vec<Problem>,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> T {
    match given(value).map(parse) {
        None => default,
        Some(Ok(value)) => value,
        Some(Err(message)) => {
            problems.push(Problem {
                name: name.to_owned(),
                message,
            });
            default
        }
    }
}

/// `true` and `false` as people write them.
pub fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        other => Err(format!("is {other}; true or false is meant")),
    }
}

/// An http or https address.
fn web_address(text: &str) -> Result<url::Url, String> {
    let with_scheme = ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if !with_scheme {
        return Err("is no address that starts with http:// or https://".to_owned());
    }
    let address = url::Url::parse(text).map_err(|error| format!("is no address: {error}"))?;
    if matches!(address.scheme(), "http" | "https") && address.has_host() {
        Ok(address)
    } else {
        Err("is no address that starts with http:// or https://".to_owned())
    }
}

/// A whole number within bounds.
fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(text: &str, least: T, most: T) -> Result<T, String> {
    match text.parse::<T>() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(format!("is {text}; a number from {least} to {most} is meant")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn all_problems_are_listed_at_once() {
        let mut settings = Settings::default();
        settings.network.port = Some("99999".to_owned());
        settings.models.openai_base_url = Some("not an address".to_owned());
        settings.access.login_enabled = Some("true".to_owned());
        settings.logging.log_level = Some("loud".to_owned());
        let mut problems = Vec::new();
        let _ = settings.validate(&mut problems);
        let mut names: Vec<&str> = problems.iter().map(|problem| problem.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["LOGIN_CODE", "LOG_LEVEL", "OPENAI_BASE_URL", "PORT"]);
    }

    #[test]
    fn an_address_without_its_scheme_is_told_what_is_missing() {
        for text in [
            "127.0.0.1:8080/v1",
            "localhost:11434/v1",
            "llama.lan",
            "ftp://llama.lan",
            "",
        ] {
            assert_eq!(
                web_address(text),
                Err("is no address that starts with http:// or https://".to_owned()),
                "{text}"
            );
        }
        assert!(web_address("HTTP://llama.lan:8080/v1").is_ok());
        assert!(web_address("http://").is_err_and(|why| why.starts_with("is no address: ")));
    }

    #[test]
    fn each_provider_may_be_asked_so_often_at_a_time() {
        let mut settings = Settings::default();
        settings.models.openai_base_url = Some("http://127.0.0.1:8080/v1".to_owned());
        let concurrency = |given: &str, settings: &mut Settings| {
            settings.models.model_concurrency = Some(given.to_owned());
            let mut problems = Vec::new();
            let config = settings.validate(&mut problems);
            (config.models.providers[0].concurrency, problems.len())
        };
        assert_eq!(concurrency("1", &mut settings), (1, 0));
        assert_eq!(concurrency("", &mut settings), (4, 0));
        assert_eq!(concurrency("0", &mut settings), (4, 1));
    }

    #[test]
    fn empty_means_unset() {
        let mut settings = Settings::default();
        settings.network.port = Some(String::new());
        settings.models.google_api_key = Some("  ".to_owned());
        let mut problems = Vec::new();
        let config = settings.validate(&mut problems);
        assert_eq!(problems, []);
        assert_eq!(config.network.address.port(), 5001);
        assert!(config.models.providers.is_empty());
    }

    #[test]
    fn the_example_file_names_every_variable_and_no_other() {
        let example = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.example")).unwrap();
        let in_example: std::collections::BTreeSet<String> = example
            .lines()
            .filter_map(|line| {
                line.trim_start_matches(['#', ' '])
                    .split_once('=')
                    .map(|(name, _)| name.to_owned())
            })
            .filter(|name| {
                name.chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
            })
            .collect();
        let known: std::collections::BTreeSet<String> = Cli::command()
            .get_arguments()
            .filter_map(|argument| argument.get_env())
            .map(|name| name.to_str().unwrap().to_owned())
            .collect();
        assert_eq!(in_example, known);
    }

    #[test]
    fn secrets_are_not_shown_by_help() {
        for argument in Cli::command().get_arguments() {
            let Some(name) = argument.get_env().and_then(|name| name.to_str()) else {
                continue;
            };
            // A number of tokens, not one.
            if name != "DAILY_TOKEN_LIMIT"
                && ["KEY", "CODE", "PASSWORD", "TOKEN", "DATABASE_URL"]
                    .iter()
                    .any(|part| name.contains(part))
            {
                assert!(argument.is_hide_env_values_set(), "{name} would show in --help");
            }
        }
    }
}
