//! The doors: who a request comes from, what strangers may ask for, signing in and out, the page that shows all that.

pub mod address;
pub mod gate;
pub mod login;
pub mod session_store;
pub mod settings;
pub mod streams;

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use app::login::Way;
use axum::http::HeaderMap;
use backend::{access::ABSOLUTE_DAYS, models::Secret};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use self::{session_store::PostgresStore, streams::Streams};

/// What a session holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignedIn {
    /// The mark of the login code it was opened with.
    pub code: String,
    /// What the device calls itself, shortened.
    pub device: String,
    /// Where it signed in from.
    pub address: String,
}

/// Its name among a session's data.
pub const SIGNED_IN: &str = "signed_in";

/// What is known of the way here.
#[derive(Debug)]
pub struct Door {
    /// Whether browsers come over TLS.
    pub over_tls: bool,
    /// Whether people may sign in where what they send can be read on the way.
    pub allows_plain_http: bool,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted: Vec<IpNet>,
    /// What the metrics ask for.
    pub metrics_token: Option<Secret>,
    /// Whether the metrics are served at an address of their own.
    pub metrics_elsewhere: bool,
    /// Event streams that are open.
    pub streams: Streams,
}

impl Door {
    /// How safe the way of a request is that comes from `address`.
    pub fn way(&self, address: IpAddr, headers: &HeaderMap) -> Way {
        let is_overheard = !self.over_tls && !address::is_near(address, headers, &self.trusted);
        match (is_overheard, self.allows_plain_http) {
            (false, _) => Way::Safe,
            (true, true) => Way::InTheClear,
            (true, false) => Way::Refused,
        }
    }
}

/// Reads and writes the cookie. The browser keeps it as long as a session can last; when it ends is decided here, not there.
pub fn sessions(store: PostgresStore, over_tls: bool) -> SessionManagerLayer<PostgresStore> {
    SessionManagerLayer::new(store)
        // `__Host-`: no neighbour under the same domain can set it. Browsers take it over TLS only.
        .with_name(if over_tls { "__Host-session" } else { "session" })
        .with_secure(over_tls)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::days(ABSOLUTE_DAYS.into())))
}
