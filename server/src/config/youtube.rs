//! Where videos come from: YouTube, perhaps through a proxy, as which clients.

use backend::youtube::{ClientProfile, YouTubeConfig};
use serde::Deserialize;
use url::Url;

use super::{Problem, boolean, given, number, parsed, web_address};

/// As given.
#[derive(Clone, Default, clap::Args)]
#[command(next_help_heading = "YouTube")]
pub struct YouTubeSettings {
    /// Stands in for every address of YouTube's: tests, mirrors
    #[arg(long, env = "YOUTUBE_BASE_URL", value_name = "URL", global = true)]
    pub youtube_base_url: Option<String>,
    /// Reach YouTube through a Webshare proxy (true or false)
    #[arg(long, env = "WEBSHARE_PROXY_ENABLED", value_name = "BOOL", global = true)]
    pub webshare_proxy_enabled: Option<String>,
    /// The proxy's host [default: p.webshare.io]
    #[arg(long, env = "WEBSHARE_PROXY_HOST", value_name = "HOST", global = true)]
    pub webshare_proxy_host: Option<String>,
    /// The proxy's port [default: 80]
    #[arg(long, env = "WEBSHARE_PROXY_PORT", value_name = "PORT", global = true)]
    pub webshare_proxy_port: Option<String>,
    /// The user name for the proxy
    #[arg(long, env = "WEBSHARE_PROXY_USERNAME", value_name = "NAME", global = true)]
    pub webshare_proxy_username: Option<String>,
    /// The password for the proxy
    #[arg(
        long,
        env = "WEBSHARE_PROXY_PASSWORD",
        value_name = "PASSWORD",
        hide_env_values = true,
        global = true
    )]
    pub webshare_proxy_password: Option<String>,
    /// A TOML file with lists: [[youtube.clients]] with name, version, user_agent and more fields
    #[arg(long, env = "CONFIG_FILE", value_name = "FILE", global = true)]
    pub config_file: Option<String>,
}

impl std::fmt::Debug for YouTubeSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("YouTubeSettings")
            .field("youtube_base_url", &self.youtube_base_url)
            .finish_non_exhaustive()
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    #[serde(default)]
    youtube: YouTubeSection,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct YouTubeSection {
    #[serde(default)]
    clients: Vec<ClientProfile>,
}

impl YouTubeSettings {
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> YouTubeConfig {
        let base_url = parsed(
            "YOUTUBE_BASE_URL",
            self.youtube_base_url.as_ref(),
            None,
            problems,
            |text| web_address(text).map(Some),
        );
        let file = parsed(
            "CONFIG_FILE",
            self.config_file.as_ref(),
            ConfigFile::default(),
            problems,
            |path| {
                let text = std::fs::read_to_string(path).map_err(|error| format!("{path} can't be read: {error}"))?;
                toml::from_str(&text).map_err(|error| format!("{path} is not as it should be: {}", error.message()))
            },
        );
        YouTubeConfig {
            base_url,
            proxy: self.proxy(problems),
            clients: file.youtube.clients,
        }
    }

    fn proxy(&self, problems: &mut Vec<Problem>) -> Option<Url> {
        let port = parsed(
            "WEBSHARE_PROXY_PORT",
            self.webshare_proxy_port.as_ref(),
            80,
            problems,
            |text| number(text, 1, u16::MAX),
        );
        if !parsed(
            "WEBSHARE_PROXY_ENABLED",
            self.webshare_proxy_enabled.as_ref(),
            false,
            problems,
            boolean,
        ) {
            return None;
        }
        let mut need = |name: &str, value: Option<&String>| {
            let value = given(value).map(str::to_owned);
            if value.is_none() {
                problems.push(Problem {
                    name: name.to_owned(),
                    message: "is needed where WEBSHARE_PROXY_ENABLED is true".to_owned(),
                });
            }
            value
        };
        let name = need("WEBSHARE_PROXY_USERNAME", self.webshare_proxy_username.as_ref());
        let password = need("WEBSHARE_PROXY_PASSWORD", self.webshare_proxy_password.as_ref());
        let host = given(self.webshare_proxy_host.as_ref()).unwrap_or("p.webshare.io");
        let mut proxy = Url::parse(&format!("http://{host}:{port}/")).ok();
        if proxy.is_none() {
            problems.push(Problem {
                name: "WEBSHARE_PROXY_HOST".to_owned(),
                message: format!("is {host}; a host's name is meant"),
            });
        }
        if let (Some(proxy), Some(name), Some(password)) = (&mut proxy, name, password) {
            // Both setters encode what needs it; they fail only for addresses without a host.
            let _ = proxy.set_username(&name);
            let _ = proxy.set_password(Some(&password));
        }
        proxy
    }
}
