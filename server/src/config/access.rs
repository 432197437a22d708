//! Who may come in. The login is not built yet: asking for it refuses to start rather than leave the door open.

use super::{Problem, boolean, parsed};

/// As given.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Access")]
pub struct AccessSettings {
    /// Ask for a login code (not available yet: the server refuses to start with true)
    #[arg(long, env = "LOGIN_ENABLED", value_name = "BOOL", global = true)]
    pub login_enabled: Option<String>,
}

impl AccessSettings {
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) {
        if parsed("LOGIN_ENABLED", self.login_enabled.as_ref(), false, problems, boolean) {
            problems.push(Problem {
                name: "LOGIN_ENABLED".to_owned(),
                message:
                    "is true, but this version can't ask for a login code yet, and an open door is not what you want. \
                          Unset it and let the server listen where only you can reach it."
                        .to_owned(),
            });
        }
    }
}
