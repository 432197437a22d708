//! The InnerTube clients that we appear as, and which is for what. The versions here are only defaults:
//! YouTube retires them every few months, and then answers HTTP 400.

use serde_json::{Map, Value, json};

use super::ClientProfile;

/// Answers `next` (description, chapters) without a token, but no longer `player`.
const WEB: &str = "WEB";
/// Plays age-restricted videos that may be embedded elsewhere; good for nothing else.
const WEB_EMBEDDED: &str = "WEB_EMBEDDED_PLAYER";

/// The clients, by use.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    /// For `player`, in the order they are tried.
    pub(super) chain: Vec<ClientProfile>,
    /// For `player` where the others meet an age gate.
    pub(super) embedded: Option<ClientProfile>,
    /// For `next`, and its User-Agent for everything that is not InnerTube.
    pub(super) web: ClientProfile,
}

impl Clients {
    /// Sorts configured profiles by use; none at all means the built-in ones. `WEB` is needed and has a default in any case.
    pub(super) fn new(configured: Vec<ClientProfile>) -> Self {
        let mut clients = Self {
            chain: Vec::new(),
            embedded: None,
            web: web(),
        };
        let profiles = if configured.is_empty() {
            vec![android(), ios(), visionos(), web_embedded()]
        } else {
            configured
        };
        for profile in profiles {
            match profile.name.as_str() {
                WEB => clients.web = profile,
                WEB_EMBEDDED => clients.embedded = Some(profile),
                _ => clients.chain.push(profile),
            }
        }
        clients
    }
}

/// Whether a client is one of those that run in a page of YouTube's.
pub(super) fn is_web(profile: &ClientProfile) -> bool {
    profile.name.starts_with(WEB)
}

/// Whether a client is a player in a page of somebody else's.
pub(super) fn is_embedded(profile: &ClientProfile) -> bool {
    profile.name == WEB_EMBEDDED
}

fn profile(name: &str, version: &str, user_agent: &str, extra: &[(&str, Value)]) -> ClientProfile {
    ClientProfile {
        name: name.to_owned(),
        version: version.to_owned(),
        user_agent: user_agent.to_owned(),
        extra: extra
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect::<Map<_, _>>(),
    }
}

fn android() -> ClientProfile {
    profile(
        "ANDROID",
        "21.26.364",
        "com.google.android.youtube/21.26.364 (Linux; U; Android 11) gzip",
        &[
            ("androidSdkVersion", json!(30)),
            ("osName", json!("Android")),
            ("osVersion", json!("11")),
        ],
    )
}

fn ios() -> ClientProfile {
    profile(
        "IOS",
        "21.26.4",
        "com.google.ios.youtube/21.26.4 (iPhone16,2; U; CPU iOS 18_3_2 like Mac OS X;)",
        &[
            ("deviceMake", json!("Apple")),
            ("deviceModel", json!("iPhone16,2")),
            ("osName", json!("iPhone")),
            ("osVersion", json!("18.3.2.22D82")),
        ],
    )
}

fn visionos() -> ClientProfile {
    profile(
        "VISIONOS",
        "1.02",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_7_3) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
        &[
            ("deviceMake", json!("Apple")),
            ("deviceModel", json!("RealityDevice17,1")),
            ("osName", json!("visionOS")),
            ("osVersion", json!("26.5.23O471")),
        ],
    )
}

const BROWSER: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

fn web() -> ClientProfile {
    profile(WEB, "2.20260708.00.00", BROWSER, &[])
}

fn web_embedded() -> ClientProfile {
    profile(WEB_EMBEDDED, "2.20260708.00.00", BROWSER, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(clients: &Clients) -> Vec<&str> {
        clients.chain.iter().map(|profile| profile.name.as_str()).collect()
    }

    #[test]
    fn the_built_in_clients_are_tried_in_this_order() {
        let clients = Clients::new(Vec::new());
        assert_eq!(names(&clients), ["ANDROID", "IOS", "VISIONOS"]);
        assert!(clients.embedded.is_some());
    }

    #[test]
    fn configured_clients_replace_the_built_in_ones() {
        let clients = Clients::new(vec![
            profile("WEB", "9", "browser", &[]),
            profile("IOS", "22", "phone", &[]),
        ]);
        assert_eq!(names(&clients), ["IOS"]);
        assert_eq!(clients.web.version, "9");
        assert_eq!(clients.embedded, None);
    }
}
