//! The environment, and below it what is kept: which of the two a setting has its value from, and what comes out.

use std::{collections::BTreeMap, time::Duration};

use backend::{
    access::{Login, LoginRules, SecretKey},
    database,
    models::Secret,
    settings::{Kept, SettingsStore},
};
use cluster::Cluster;

use super::list::LIVE;
use crate::config::{Config, Problem, Settings};

/// How long a command waits for the database before it does without.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a setting has its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The environment, `.env` or a file.
    Environment,
    /// What was entered in the app.
    Settings,
    /// It was entered in the app, and can't be read with this key.
    Unreadable,
    /// It was entered in the app, and is not good (any more).
    Refused,
}

impl Origin {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Settings => "settings",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
        }
    }
}

/// What a command works with.
#[derive(Debug)]
pub struct Layered {
    /// The configuration.
    pub config: Config,
    /// The settings that have a value, and from where.
    pub origins: Vec<(&'static str, Origin)>,
    /// Why what is kept could not be looked at, where there is a database.
    pub trouble: Option<String>,
}

/// The configuration of a command: what is kept counts as well where a database is configured, or the server's own is running.
/// Without one the environment stands alone.
pub async fn of_command(given: &Settings, config: Config) -> Layered {
    let (kept, trouble) = match tokio::time::timeout(PATIENCE, kept(&config)).await {
        Ok(Ok(kept)) => (kept, None),
        Ok(Err(why)) => (Kept::default(), Some(why)),
        Err(_) => (Kept::default(), Some("the database did not answer in time".to_owned())),
    };
    let (merged, problems) = merged(given, &kept.values);
    let mut environment = given.clone();
    let origins = LIVE
        .iter()
        .filter_map(|setting| {
            let origin = if !is_open((setting.field)(&mut environment).as_ref()) {
                Origin::Environment
            } else if kept.unreadable.contains(setting.name) {
                Origin::Unreadable
            } else if !kept.values.contains_key(setting.name) {
                return None;
            } else if problems.iter().any(|problem| problem.name == setting.name) {
                Origin::Refused
            } else {
                Origin::Settings
            };
            Some((setting.name, origin))
        })
        .collect();
    Layered {
        // Checked once already: a code in clear is not hashed again where nothing is kept.
        config: if kept.values.is_empty() { config } else { merged },
        origins,
        trouble,
    }
}

/// What is kept; nothing where there is no database.
async fn kept(config: &Config) -> Result<Kept, String> {
    let Some(url) = url(config)? else {
        return Ok(Kept::default());
    };
    let pool = database::connect(&url, 1).await.map_err(|error| error.to_string())?;
    let kept = SettingsStore::new(pool.clone(), key(config)).read().await;
    pool.close().await;
    kept.map_err(|error| error.to_string())
}

fn url(config: &Config) -> Result<Option<String>, String> {
    if let Some(url) = &config.storage.database_url {
        return Ok(Some(url.clone()));
    }
    let settings = cluster::Settings {
        data_dir: config.storage.data_dir.clone(),
        unsafe_fast: false,
    };
    Cluster::url_of_running(&settings, "youtube_summarizer").map_err(|error| error.to_string())
}

/// The key as the server has it. None is made here.
fn key(config: &Config) -> Option<SecretKey> {
    let set = config.access.key.as_ref().map(SecretKey::new);
    set.or_else(|| SecretKey::in_folder(&config.storage.data_dir).filter(|_| config.storage.database_url.is_none()))
}

/// The configuration with these values where the environment says nothing; values that are not good are left out and named.
pub(super) fn merged(given: &Settings, values: &BTreeMap<String, Secret>) -> (Config, Vec<Problem>) {
    let mut problems = Vec::new();
    let config = with(given, values, |_| true).validate(&mut problems);
    if problems.is_empty() {
        return (config, problems);
    }
    let is_named = |name: &str| problems.iter().any(|problem| problem.name == name);
    // A login without a code is no login; whoever asks for one has to look at `wants_login`.
    let is_good = |name: &str| {
        let needs = name == "LOGIN_ENABLED" && (is_named("LOGIN_CODE") || is_named("SESSION_SECRET_KEY"));
        !is_named(name) && !needs
    };
    let mut others = Vec::new();
    let config = with(given, values, is_good).validate(&mut others);
    if others.is_empty() {
        return (config, problems);
    }
    // The environment alone was good when we started.
    (given.validate(&mut Vec::new()), problems)
}

/// What the door asks for. Where there is to be a login and no code can be had, nobody comes in: a key that was lost opens nothing.
pub(super) fn rules(config: &Config, given: &Settings, values: &BTreeMap<String, Secret>) -> LoginRules {
    let wanted = with(given, values, |_| true).access.asks_for_login();
    LoginRules {
        login: match (&config.access.code, wanted) {
            (Some(code), _) => Login::Code(code.clone()),
            (None, true) => Login::Shut,
            (None, false) => Login::Open,
        },
        max_attempts: config.access.max_attempts,
        lockout: config.access.lockout,
    }
}

/// The settings with these values where the environment says nothing.
pub(super) fn with(given: &Settings, values: &BTreeMap<String, Secret>, takes: impl Fn(&str) -> bool) -> Settings {
    let mut settings = given.clone();
    for setting in LIVE.iter().filter(|setting| takes(setting.name)) {
        let field = (setting.field)(&mut settings);
        if let (true, Some(value)) = (is_open(field.as_ref()), values.get(setting.name)) {
            *field = Some(value.expose().to_owned());
        }
    }
    settings
}

/// Whether the environment leaves it open.
pub(super) fn is_open(given: Option<&String>) -> bool {
    given.is_none_or(|given| given.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[(&str, &str)]) -> BTreeMap<String, Secret> {
        values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Secret::new((*value).to_owned())))
            .collect()
    }

    fn rules_of(given: &Settings, kept: &[(&str, &str)]) -> Login {
        let kept = values(kept);
        let (config, _) = merged(given, &kept);
        rules(&config, given, &kept).login
    }

    #[test]
    fn a_login_whose_code_is_lost_lets_nobody_in() {
        let given = Settings::default();
        assert!(matches!(rules_of(&given, &[]), Login::Open));
        assert!(matches!(rules_of(&given, &[("LOGIN_ENABLED", "true")]), Login::Shut));
        let weak = [("LOGIN_ENABLED", "true"), ("LOGIN_CODE", "password")];
        assert!(matches!(rules_of(&given, &weak), Login::Shut));
        let good = [("LOGIN_ENABLED", "true"), ("LOGIN_CODE", "correct horse battery")];
        assert!(matches!(rules_of(&given, &good), Login::Code(_)));
        // What else is kept is used all the same.
        let kept = values(&[("LOGIN_ENABLED", "true"), ("DEFAULT_MODEL", "my-model")]);
        assert_eq!(
            merged(&given, &kept).0.models.default_model.as_deref(),
            Some("my-model")
        );
    }

    #[test]
    fn the_environment_opens_and_closes_whatever_is_kept() {
        let mut given = Settings::default();
        given.access.login_enabled = Some("false".to_owned());
        let kept = [("LOGIN_ENABLED", "true"), ("LOGIN_CODE", "correct horse battery")];
        assert!(matches!(rules_of(&given, &kept), Login::Open));
        given.access.login_enabled = Some("true".to_owned());
        given.access.login_code = Some("another horse battery".to_owned());
        assert!(matches!(rules_of(&given, &[]), Login::Code(_)));
    }
}
