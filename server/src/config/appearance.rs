//! How pages look to who has chosen nothing.

use app::Theme;

use super::{Problem, parsed};

/// As given.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Appearance")]
pub struct AppearanceSettings {
    /// The theme of browsers in which nobody has chosen one: auto, light or dark [default: auto, as the system says]
    #[arg(long, env = "DEFAULT_THEME", value_name = "THEME", global = true)]
    pub default_theme: Option<String>,
}

impl AppearanceSettings {
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> Theme {
        parsed(
            "DEFAULT_THEME",
            self.default_theme.as_ref(),
            Theme::Auto,
            problems,
            |text| match text {
                "auto" => Ok(Theme::Auto),
                "light" => Ok(Theme::Light),
                "dark" => Ok(Theme::Dark),
                other => Err(format!("is {other}; auto, light or dark is meant")),
            },
        )
    }
}
