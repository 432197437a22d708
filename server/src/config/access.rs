//! Who may come in: the login code and its limits, the key of this server, the door of the metrics.

use std::{net::SocketAddr, time::Duration};

use backend::{
    access::{LoginCode, login_code, secret_key},
    models::Secret,
};

use super::{Problem, Storage, boolean, given, network::MOST_CONNECTIONS, number, parsed};

/// As given.
#[derive(Clone, Default, clap::Args)]
#[command(next_help_heading = "Access")]
pub struct AccessSettings {
    /// Ask for the login code (true or false) [default: false]
    #[arg(long, env = "LOGIN_ENABLED", value_name = "BOOL", global = true)]
    pub login_enabled: Option<String>,
    /// The login code, 8 to 256 characters (15 or more are advised), or its stored form, which `hash-code` prints
    #[arg(long, env = "LOGIN_CODE", value_name = "CODE", hide_env_values = true, global = true)]
    pub login_code: Option<String>,
    /// Wrong codes in a row that lock an address out [default: 5]
    #[arg(long, env = "MAX_LOGIN_ATTEMPTS", value_name = "N", global = true)]
    pub max_login_attempts: Option<String>,
    /// For how many minutes [default: 15]
    #[arg(long, env = "LOCKOUT_DURATION", value_name = "MINUTES", global = true)]
    pub lockout_duration: Option<String>,
    /// 32 random characters or more; made and kept in DATA_DIR/secret.key where DATABASE_URL is not set. Another key ends all
    /// sessions and loses the keys that were entered in the settings
    #[arg(
        long,
        env = "SESSION_SECRET_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub session_secret_key: Option<String>,
    /// Calls that cost something (submissions, lists, retries) a minute at most, for a session and for an address; 0 for no
    /// limit [default: 60]
    #[arg(long, env = "COSTLY_CALLS_PER_MINUTE", value_name = "N", global = true)]
    pub costly_calls_per_minute: Option<String>,
    /// Pages that may watch their work at the same time, for a session and for an address [default: 32]
    #[arg(long, env = "STREAMS_PER_CLIENT", value_name = "N", global = true)]
    pub streams_per_client: Option<String>,
    /// Pages that may watch their work at the same time, all together [default: 2048]
    #[arg(long, env = "EVENT_STREAMS", value_name = "N", global = true)]
    pub event_streams: Option<String>,
    /// An address and port of their own for the metrics, such as 127.0.0.1:9100; /metrics is then not served elsewhere
    #[arg(long, env = "METRICS_ADDR", value_name = "ADDRESS", global = true)]
    pub metrics_addr: Option<String>,
    /// What /metrics asks for as a bearer token
    #[arg(
        long,
        env = "METRICS_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        global = true
    )]
    pub metrics_token: Option<String>,
}

impl std::fmt::Debug for AccessSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessSettings")
            .field("login_enabled", &self.login_enabled)
            .finish_non_exhaustive()
    }
}

/// Checked.
#[derive(Clone, Debug)]
pub struct AccessRules {
    /// The code; `None` where everybody may come in.
    pub code: Option<LoginCode>,
    /// Whether it is shorter than is advised.
    pub code_is_short: bool,
    /// Wrong codes in a row that lock an address out.
    pub max_attempts: u32,
    /// For how long.
    pub lockout: Duration,
    /// The key, where it is set.
    pub key: Option<Secret>,
    /// Costly calls a minute; `None` for no limit.
    pub costly_per_minute: Option<u32>,
    /// Event streams of one session or address at a time.
    pub streams_per_client: usize,
    /// Event streams of all together.
    pub event_streams: usize,
    /// Where the metrics are served.
    pub metrics_addr: Option<SocketAddr>,
    /// What they ask for.
    pub metrics_token: Option<Secret>,
}

impl AccessSettings {
    /// Whether there is to be a login, be it possible or not.
    pub fn asks_for_login(&self) -> bool {
        given(self.login_enabled.as_ref()).is_some_and(|text| boolean(text) == Ok(true))
    }

    pub(super) fn validate(&self, storage: &Storage, problems: &mut Vec<Problem>) -> AccessRules {
        let enabled = parsed("LOGIN_ENABLED", self.login_enabled.as_ref(), false, problems, boolean);
        let key = parsed(
            "SESSION_SECRET_KEY",
            self.session_secret_key.as_ref(),
            None,
            problems,
            |text| match text.chars().count() {
                0..secret_key::SHORTEST => Err(format!(
                    "has fewer than {} characters; `openssl rand -base64 48` makes a good one",
                    secret_key::SHORTEST
                )),
                _ => Ok(Some(Secret::new(text.to_owned()))),
            },
        );
        let mut problem = |name: &str, message: &str| {
            problems.push(Problem {
                name: name.to_owned(),
                message: message.to_owned(),
            });
        };
        // Not trimmed: a code may begin or end with a space.
        let set = self.login_code.clone().filter(|code| !code.is_empty()).map(Secret::new);
        let mut code = None;
        if enabled {
            match set.as_ref().map(LoginCode::new) {
                None => problem("LOGIN_CODE", "is needed where LOGIN_ENABLED is true"),
                Some(Ok(good)) => code = Some(good),
                Some(Err(error)) => problem("LOGIN_CODE", &error.to_string()),
            }
            if storage.database_url.is_some() && key.is_none() && given(self.session_secret_key.as_ref()).is_none() {
                problem(
                    "SESSION_SECRET_KEY",
                    "is needed where LOGIN_ENABLED is true and DATABASE_URL is set, the same for all replicas; \
                     `openssl rand -base64 48` makes a good one",
                );
            }
        }
        AccessRules {
            code_is_short: enabled && set.as_ref().is_some_and(login_code::is_shorter_than_advised),
            code,
            max_attempts: parsed(
                "MAX_LOGIN_ATTEMPTS",
                self.max_login_attempts.as_ref(),
                5,
                problems,
                |text| number(text, 1, 100),
            ),
            lockout: Duration::from_secs(
                60 * parsed(
                    "LOCKOUT_DURATION",
                    self.lockout_duration.as_ref(),
                    15,
                    problems,
                    |text| number(text, 1, 1440),
                ),
            ),
            key,
            costly_per_minute: Some(parsed(
                "COSTLY_CALLS_PER_MINUTE",
                self.costly_calls_per_minute.as_ref(),
                60,
                problems,
                |text| number(text, 0, 100_000),
            ))
            .filter(|number| *number > 0),
            streams_per_client: parsed(
                "STREAMS_PER_CLIENT",
                self.streams_per_client.as_ref(),
                32,
                problems,
                |text| number(text, 1, MOST_CONNECTIONS),
            ),
            event_streams: parsed("EVENT_STREAMS", self.event_streams.as_ref(), 2048, problems, |text| {
                number(text, 1, MOST_CONNECTIONS)
            }),
            metrics_addr: parsed("METRICS_ADDR", self.metrics_addr.as_ref(), None, problems, |text| {
                text.parse()
                    .map(Some)
                    .map_err(|_| format!("is {text}; an address and port such as 127.0.0.1:9100 are meant"))
            }),
            metrics_token: given(self.metrics_token.as_ref()).map(|token| Secret::new(token.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::Settings;

    /// The names of the settings that are refused.
    fn refused(change: impl FnOnce(&mut Settings)) -> Vec<String> {
        let mut settings = Settings::default();
        settings.access.login_enabled = Some("true".to_owned());
        settings.access.login_code = Some("correct horse battery".to_owned());
        change(&mut settings);
        let mut problems = Vec::new();
        settings.validate(&mut problems);
        problems.into_iter().map(|problem| problem.name).collect()
    }

    #[test]
    fn a_login_needs_a_good_code() {
        assert_eq!(refused(|_| ()), [""; 0]);
        assert_eq!(refused(|settings| settings.access.login_code = None), ["LOGIN_CODE"]);
        assert_eq!(
            refused(|settings| settings.access.login_code = Some("passw0rd".to_owned())),
            ["LOGIN_CODE"]
        );
        // Without the login nobody asks.
        assert_eq!(
            refused(|settings| {
                settings.access.login_enabled = None;
                settings.access.login_code = Some("x".to_owned());
            }),
            [""; 0]
        );
    }

    #[test]
    fn replicas_need_a_common_key() {
        let database = |settings: &mut Settings| {
            settings.storage.database_url = Some("postgres://localhost/x".to_owned());
        };
        assert_eq!(refused(database), ["SESSION_SECRET_KEY"]);
        assert_eq!(
            refused(|settings| {
                database(settings);
                settings.access.session_secret_key = Some(String::new());
            }),
            ["SESSION_SECRET_KEY"]
        );
        assert_eq!(
            refused(|settings| {
                database(settings);
                settings.access.session_secret_key = Some("short".to_owned());
            }),
            ["SESSION_SECRET_KEY"]
        );
        assert_eq!(
            refused(|settings| {
                database(settings);
                settings.access.session_secret_key = Some("k".repeat(32));
            }),
            [""; 0]
        );
    }

    #[test]
    fn who_can_be_overheard_is_told_so() {
        for (address, url, is_in_the_clear) in [
            ("127.0.0.1", None, false),
            ("0.0.0.0", None, true),
            ("0.0.0.0", Some("http://nas.local:5001"), true),
            ("127.0.0.1", Some("http://nas.local"), true),
            ("0.0.0.0", Some("https://summaries.example.org"), false),
        ] {
            let mut settings = Settings::default();
            settings.network.bind_address = Some(address.to_owned());
            settings.network.public_url = url.map(str::to_owned);
            let network = settings.validate(&mut Vec::new()).network;
            assert_eq!(network.is_in_the_clear(), is_in_the_clear, "{address} {url:?}");
        }
    }

    #[test]
    fn a_short_code_is_told_of() {
        let mut settings = Settings::default();
        settings.access.login_enabled = Some("true".to_owned());
        settings.access.login_code = Some("tulip-9-fox".to_owned());
        let mut problems = Vec::new();
        assert!(settings.validate(&mut problems).access.code_is_short);
        assert_eq!(problems, []);
        let stored = login_code::store(&Secret::new("tulip-9-fox".to_owned())).unwrap();
        settings.access.login_code = Some(stored);
        assert!(!settings.validate(&mut problems).access.code_is_short);
    }
}
