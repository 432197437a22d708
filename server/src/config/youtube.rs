//! Where videos come from: YouTube, perhaps through a proxy, as which clients.

use std::num::NonZeroU32;

use backend::{
    models::Secret,
    youtube::{ClientProfile, Egress, Webshare, YouTubeConfig},
};
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
    /// Countries whose addresses the Webshare proxy uses, such as DE,US [default: all]
    #[arg(long, env = "WEBSHARE_PROXY_LOCATIONS", value_name = "LIST", global = true)]
    pub webshare_proxy_locations: Option<String>,
    /// How often a request that YouTube refuses is made again from another address of Webshare's [default: 5]
    #[arg(long, env = "WEBSHARE_PROXY_RETRIES", value_name = "N", global = true)]
    pub webshare_proxy_retries: Option<String>,
    /// Reach YouTube through this proxy: http, https, socks5 or socks5h, with user name and password where it wants them
    #[arg(
        long,
        env = "YOUTUBE_PROXY_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub youtube_proxy_url: Option<String>,
    /// Requests to YouTube a minute at most, by all replicas together; 0 for no limit [default: 60]
    #[arg(long, env = "YOUTUBE_REQUESTS_PER_MINUTE", value_name = "N", global = true)]
    pub youtube_requests_per_minute: Option<String>,
    /// Languages whose captions are used where a video has them, in order, such as de,en [default: the video's own]
    #[arg(long, env = "TRANSCRIPT_LANGUAGES", value_name = "LIST", global = true)]
    pub transcript_languages: Option<String>,
    /// The yt-dlp to ask where YouTube refuses our own clients: a path, or off [default: the one on PATH]
    #[arg(long, env = "YT_DLP_PATH", value_name = "PATH", global = true)]
    pub yt_dlp_path: Option<String>,
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
        let languages = parsed(
            "TRANSCRIPT_LANGUAGES",
            self.transcript_languages.as_ref(),
            Vec::new(),
            problems,
            languages,
        );
        // One that was found by chance would ask the real YouTube, whatever stands in for it.
        let found = if base_url.is_none() { yt_dlp_on_path() } else { None };
        let yt_dlp = parsed(
            "YT_DLP_PATH",
            self.yt_dlp_path.as_ref(),
            found,
            problems,
            |text| match text {
                "off" => Ok(None),
                path if std::path::Path::new(path).is_file() => Ok(Some(path.into())),
                path => Err(format!("is {path}, where no file is; a path or off is meant")),
            },
        );
        YouTubeConfig {
            base_url,
            languages,
            yt_dlp,
            egress: self.egress(problems),
            clients: file.youtube.clients,
            samples: None,
            requests_per_minute: NonZeroU32::new(parsed(
                "YOUTUBE_REQUESTS_PER_MINUTE",
                self.youtube_requests_per_minute.as_ref(),
                60,
                problems,
                |text| number(text, 0, 6000),
            )),
        }
    }

    fn egress(&self, problems: &mut Vec<Problem>) -> Egress {
        let proxy = parsed(
            "YOUTUBE_PROXY_URL",
            self.youtube_proxy_url.as_ref(),
            None,
            problems,
            |text| proxy_address(text).map(Some),
        );
        match (proxy, self.webshare(problems)) {
            (Some(_), Some(_)) => {
                problems.push(Problem {
                    name: "YOUTUBE_PROXY_URL".to_owned(),
                    message: "is set, and WEBSHARE_PROXY_ENABLED is true; choose one of them".to_owned(),
                });
                Egress::Direct
            }
            (Some(proxy), None) => Egress::Proxy(proxy),
            (None, Some(webshare)) => Egress::Webshare(webshare),
            (None, None) => Egress::Direct,
        }
    }

    /// The account; `None` where Webshare is not to be used, or its settings are not good.
    fn webshare(&self, problems: &mut Vec<Problem>) -> Option<Webshare> {
        let port = parsed(
            "WEBSHARE_PROXY_PORT",
            self.webshare_proxy_port.as_ref(),
            80,
            problems,
            |text| number(text, 1, u16::MAX),
        );
        let retries = parsed(
            "WEBSHARE_PROXY_RETRIES",
            self.webshare_proxy_retries.as_ref(),
            5,
            problems,
            |text| number(text, 0, 20),
        );
        let countries = parsed(
            "WEBSHARE_PROXY_LOCATIONS",
            self.webshare_proxy_locations.as_ref(),
            Vec::new(),
            problems,
            countries,
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
        let user = need("WEBSHARE_PROXY_USERNAME", self.webshare_proxy_username.as_ref());
        let password = need("WEBSHARE_PROXY_PASSWORD", self.webshare_proxy_password.as_ref());
        let host = given(self.webshare_proxy_host.as_ref()).unwrap_or("p.webshare.io");
        if !is_host(host) {
            problems.push(Problem {
                name: "WEBSHARE_PROXY_HOST".to_owned(),
                message: format!("is {host}; a host's name is meant"),
            });
            return None;
        }
        Some(Webshare {
            host: host.to_owned(),
            port,
            user: user?,
            password: Secret::new(password?),
            countries,
            retries,
        })
    }
}

/// The program, where the machine has it.
fn yt_dlp_on_path() -> Option<std::path::PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join("yt-dlp"))
        .find(|path| path.is_file())
}

fn languages(text: &str) -> Result<Vec<String>, String> {
    text.split([',', ' '])
        .filter(|code| !code.is_empty())
        .map(|code| {
            let is_code =
                (2..=35).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if is_code {
                Ok(code.to_owned())
            } else {
                Err(format!("has {code}; language codes are meant, such as de,en"))
            }
        })
        .collect()
}

fn is_host(host: &str) -> bool {
    Url::parse(&format!("http://{host}/")).is_ok_and(|url| url.host_str() == Some(host) && url.port().is_none())
}

/// The value is not repeated: it may hold a password.
fn proxy_address(text: &str) -> Result<Url, String> {
    let meant = "is not an address such as http://user:password@host:port or socks5h://host:port";
    let url = Url::parse(text).map_err(|_| meant.to_owned())?;
    let known = matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
    if known && url.has_host() {
        Ok(url)
    } else {
        Err(meant.to_owned())
    }
}

fn countries(text: &str) -> Result<Vec<String>, String> {
    text.split([',', ' '])
        .filter(|country| !country.is_empty())
        .map(|country| {
            if country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic()) {
                Ok(country.to_uppercase())
            } else {
                Err(format!(
                    "has {country}; countries of two letters are meant, such as DE,US"
                ))
            }
        })
        .collect()
}
