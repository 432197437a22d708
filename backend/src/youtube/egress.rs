//! The way out to YouTube: direct, through a proxy, or through Webshare's rotating addresses. Model providers are never
//! reached this way.
//!
//! Webshare's rotating proxy gives each *connection* an address of its own, so none is used twice. A user name says how
//! the address is chosen: `user-DE-US-rotate` is any in Germany or the United States (as youtube-transcript-api has it).

use std::fmt;

use reqwest::Client;
use url::Url;

use super::fetch::Limits;
use crate::{http, models::Secret};

/// The way out.
#[derive(Clone, Default)]
pub enum Egress {
    /// From this server's own address.
    #[default]
    Direct,
    /// Through a proxy (http, https, socks5, socks5h). May hold a password.
    Proxy(Url),
    /// Through Webshare.
    Webshare(Webshare),
}

/// An account at Webshare.
#[derive(Clone)]
pub struct Webshare {
    /// The proxy's host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The account's user name; a `-rotate` at its end is left out.
    pub user: String,
    /// Its password.
    pub password: Secret,
    /// Countries (two letters) whose addresses are used; empty means all.
    pub countries: Vec<String>,
    /// How often a request that YouTube refuses is made again from another address.
    pub retries: u8,
}

impl Egress {
    /// How often a refused request may be made again from another address.
    pub(super) fn retries(&self) -> u8 {
        match self {
            Self::Webshare(account) => account.retries,
            Self::Direct | Self::Proxy(_) => 0,
        }
    }

    /// # Errors
    /// A sentence where the proxy can't be used.
    pub(super) fn client(&self, limits: Limits) -> Result<Client, String> {
        match self {
            Self::Direct => http::client(None, limits.connect, None),
            Self::Proxy(url) => http::client(Some(url), limits.connect, None),
            Self::Webshare(account) => http::fresh_connections(&account.url()?, limits.connect),
        }
    }
}

impl Webshare {
    fn url(&self) -> Result<Url, String> {
        let unusable = || format!("The Webshare proxy's host {} can't be used.", self.host);
        let mut url = Url::parse(&format!("http://{}:{}/", self.host, self.port)).map_err(|_| unusable())?;
        let mut user = self.user.strip_suffix("-rotate").unwrap_or(&self.user).to_owned();
        for country in &self.countries {
            user.push('-');
            user.push_str(&country.to_uppercase());
        }
        user.push_str("-rotate");
        // Both encode what needs it.
        url.set_username(&user).map_err(|()| unusable())?;
        url.set_password(Some(self.password.expose()))
            .map_err(|()| unusable())?;
        Ok(url)
    }
}

/// For people: no user name, no password.
impl fmt::Display for Egress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct => f.write_str("this server's own address"),
            Self::Proxy(url) => {
                let host = url.host_str().unwrap_or_default();
                write!(f, "the {} proxy {host}", url.scheme())?;
                url.port().map_or(Ok(()), |port| write!(f, ":{port}"))
            }
            Self::Webshare(account) if account.countries.is_empty() => f.write_str("Webshare, any country"),
            Self::Webshare(account) => write!(f, "Webshare, {}", account.countries.join(", ")),
        }
    }
}

impl fmt::Debug for Egress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Egress({self})")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn webshare(user: &str, countries: &[&str]) -> Webshare {
        Webshare {
            host: "p.webshare.io".to_owned(),
            port: 80,
            user: user.to_owned(),
            password: Secret::new("p@ss".to_owned()),
            countries: countries.iter().map(|&country| country.to_owned()).collect(),
            retries: 5,
        }
    }

    #[test]
    fn the_user_name_asks_for_a_new_address_in_these_countries() {
        let url = |user: &str, countries: &[&str]| webshare(user, countries).url().unwrap().to_string();
        assert_eq!(url("me", &[]), "http://me-rotate:p%40ss@p.webshare.io/");
        assert_eq!(
            url("me-rotate", &["de", "US"]),
            "http://me-DE-US-rotate:p%40ss@p.webshare.io/"
        );
    }

    #[test]
    fn nothing_secret_is_shown() {
        let proxy = Egress::Proxy("socks5://me:p%40ss@proxy.test:1080".parse().unwrap());
        let shown = format!("{proxy} {proxy:?} {:?}", Egress::Webshare(webshare("me", &["DE"])));
        assert!(shown.contains("the socks5 proxy proxy.test:1080"), "{shown}");
        assert!(!shown.contains("p%40ss") && !shown.contains("p@ss"), "{shown}");
        assert!(!shown.contains("me:") && !shown.contains("me-"), "{shown}");
    }
}
