//! Which settings can be changed in the app.

use crate::config::Settings;

/// The page that a setting stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/settings/summaries`
    Models,
    /// `/settings/youtube`
    YouTube,
    /// `/settings/access`
    Login,
    /// `/settings/appearance`
    Appearance,
}

/// How it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As text.
    Text,
    /// Written, never shown.
    Secret,
    /// Yes or no.
    Switch,
    /// One of these: a value, and what people read. The first is none.
    Choice(&'static [(&'static str, &'static str)]),
}

/// A setting.
#[derive(Debug)]
pub struct LiveSetting {
    /// Its variable.
    pub name: &'static str,
    /// Its page.
    pub page: Page,
    /// How it is entered.
    pub kind: Kind,
    /// What people read.
    pub label: &'static str,
    /// What is meant.
    pub hint: &'static str,
    /// Its place.
    pub field: fn(&mut Settings) -> &mut Option<String>,
}

/// All of them, in the order of the pages.
pub const LIVE: &[LiveSetting] = &[
    LiveSetting {
        name: "GOOGLE_API_KEY",
        page: Page::Models,
        kind: Kind::Secret,
        label: "Google’s key",
        hint: "For Gemini.",
        field: |settings| &mut settings.models.google_api_key,
    },
    LiveSetting {
        name: "ANTHROPIC_API_KEY",
        page: Page::Models,
        kind: Kind::Secret,
        label: "Anthropic’s key",
        hint: "For Claude.",
        field: |settings| &mut settings.models.anthropic_api_key,
    },
    LiveSetting {
        name: "OPENAI_API_KEY",
        page: Page::Models,
        kind: Kind::Secret,
        label: "OpenAI’s key",
        hint: "Or that of a server that speaks as OpenAI does; local ones need none.",
        field: |settings| &mut settings.models.openai_api_key,
    },
    LiveSetting {
        name: "OPENAI_BASE_URL",
        page: Page::Models,
        kind: Kind::Text,
        label: "Address of that server",
        hint: "Up to and with /v1, such as http://localhost:11434/v1. Empty means OpenAI’s own.",
        field: |settings| &mut settings.models.openai_base_url,
    },
    LiveSetting {
        name: "DEFAULT_MODEL",
        page: Page::Models,
        kind: Kind::Text,
        label: "Model to use where nobody chooses",
        hint: "A provider’s name for it, or extractive. Empty means the first provider’s usual one.",
        field: |settings| &mut settings.models.default_model,
    },
    LiveSetting {
        name: "DAILY_TOKEN_LIMIT",
        page: Page::Models,
        kind: Kind::Text,
        label: "Tokens a day",
        hint: "Empty means no limit.",
        field: |settings| &mut settings.models.daily_token_limit,
    },
    LiveSetting {
        name: "DAILY_COST_LIMIT",
        page: Page::Models,
        kind: Kind::Text,
        label: "Dollars a day",
        hint: "As far as prices are known. Empty means no limit.",
        field: |settings| &mut settings.models.daily_cost_limit,
    },
    LiveSetting {
        name: "JUDGE_MODEL",
        page: Page::Models,
        kind: Kind::Text,
        label: "Model that compares",
        hint: "Claims that words alone can’t settle, in one more call for each summary. Empty means none.",
        field: |settings| &mut settings.models.judge_model,
    },
    LiveSetting {
        name: "TRANSCRIPT_LANGUAGES",
        page: Page::YouTube,
        kind: Kind::Text,
        label: "Languages of captions",
        hint: "In order, such as de,en. Empty means the video’s own.",
        field: |settings| &mut settings.youtube.transcript_languages,
    },
    LiveSetting {
        name: "YOUTUBE_REQUESTS_PER_MINUTE",
        page: Page::YouTube,
        kind: Kind::Text,
        label: "Requests a minute",
        hint: "At most; 0 for no limit. Empty means 60.",
        field: |settings| &mut settings.youtube.youtube_requests_per_minute,
    },
    LiveSetting {
        name: "YOUTUBE_PROXY_URL",
        page: Page::YouTube,
        kind: Kind::Secret,
        label: "Proxy",
        hint: "http, https, socks5 or socks5h, such as http://user:password@proxy.example:8080. Only YouTube is asked through it.",
        field: |settings| &mut settings.youtube.youtube_proxy_url,
    },
    LiveSetting {
        name: "WEBSHARE_PROXY_ENABLED",
        page: Page::YouTube,
        kind: Kind::Switch,
        label: "Use Webshare’s rotating addresses",
        hint: "Instead of that proxy; needs an account.",
        field: |settings| &mut settings.youtube.webshare_proxy_enabled,
    },
    LiveSetting {
        name: "WEBSHARE_PROXY_USERNAME",
        page: Page::YouTube,
        kind: Kind::Text,
        label: "Webshare user name",
        hint: "",
        field: |settings| &mut settings.youtube.webshare_proxy_username,
    },
    LiveSetting {
        name: "WEBSHARE_PROXY_PASSWORD",
        page: Page::YouTube,
        kind: Kind::Secret,
        label: "Webshare password",
        hint: "",
        field: |settings| &mut settings.youtube.webshare_proxy_password,
    },
    LiveSetting {
        name: "WEBSHARE_PROXY_LOCATIONS",
        page: Page::YouTube,
        kind: Kind::Text,
        label: "Countries of those addresses",
        hint: "Two letters each, such as DE,US. Empty means all.",
        field: |settings| &mut settings.youtube.webshare_proxy_locations,
    },
    LiveSetting {
        name: "LOGIN_ENABLED",
        page: Page::Login,
        kind: Kind::Switch,
        label: "Ask for a login code",
        hint: "Switched off, whoever reaches this server can use it, and it can be switched on again at this server’s own machine alone.",
        field: |settings| &mut settings.access.login_enabled,
    },
    LiveSetting {
        name: "LOGIN_CODE",
        page: Page::Login,
        kind: Kind::Secret,
        label: "Login code",
        hint: "8 to 256 characters, 15 or more advised: a few random words. A new one ends all sessions, yours as well; tokens stay.",
        field: |settings| &mut settings.access.login_code,
    },
    LiveSetting {
        name: "MAX_LOGIN_ATTEMPTS",
        page: Page::Login,
        kind: Kind::Text,
        label: "Wrong codes that lock an address out",
        hint: "In a row. Empty means 5.",
        field: |settings| &mut settings.access.max_login_attempts,
    },
    LiveSetting {
        name: "LOCKOUT_DURATION",
        page: Page::Login,
        kind: Kind::Text,
        label: "For how many minutes",
        hint: "Empty means 15.",
        field: |settings| &mut settings.access.lockout_duration,
    },
    LiveSetting {
        name: "DEFAULT_THEME",
        page: Page::Appearance,
        kind: Kind::Choice(&[("", "As the system says"), ("light", "Light"), ("dark", "Dark")]),
        label: "Theme where nobody has chosen",
        hint: "In browsers in which nothing was chosen above.",
        field: |settings| &mut settings.appearance.default_theme,
    },
];

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_example_and_the_docs_say_which_they_are() {
        let read = |path: &str| std::fs::read_to_string(format!("{}/../{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let (example, docs) = (read(".env.example"), read("docs/configuration.md"));
        let told = example.split("under Settings").nth(1).unwrap();
        let told = told.split("# ---").next().unwrap();
        for setting in LIVE {
            let in_list = |separator: &str| told.contains(&format!("{}{separator}", setting.name));
            assert!(in_list(",") || in_list("."), "{} in .env.example", setting.name);
            assert!(
                docs.contains(&format!("`{}`", setting.name)),
                "{} in docs",
                setting.name
            );
        }
    }
}
