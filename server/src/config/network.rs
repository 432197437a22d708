//! Where the server listens, and what it is called from outside.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use ipnet::IpNet;

use super::{Problem, boolean, number, parsed, web_address};

/// Connections that one process takes at a time.
pub const MOST_CONNECTIONS: usize = 4096;

/// As given.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkSettings {
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, env = "BIND_ADDRESS", value_name = "ADDRESS", global = true)]
    pub bind_address: Option<String>,
    /// The port to listen on [default: 5001]
    #[arg(long, env = "PORT", value_name = "PORT", global = true)]
    pub port: Option<String>,
    /// What people type to get here, e.g. https://summaries.example.org
    #[arg(long, env = "PUBLIC_URL", value_name = "URL", global = true)]
    pub public_url: Option<String>,
    /// Take sign-ins over plain http from beyond this machine, where others on the way can read them (true or false); a banner on
    /// every page says so [default: false]
    #[arg(long, env = "ALLOW_PLAIN_HTTP", value_name = "BOOL", global = true)]
    pub allow_plain_http: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,127.0.0.1 [default: none]
    #[arg(long, env = "TRUSTED_PROXIES", value_name = "LIST", global = true)]
    pub trusted_proxies: Option<String>,
    /// Connections of one address at the same time, proxies of TRUSTED_PROXIES excepted [default: 256]
    #[arg(long, env = "CONNECTIONS_PER_CLIENT", value_name = "N", global = true)]
    pub connections_per_client: Option<String>,
    /// Seconds between the signal to stop and the end of new connections: /readyz says no at once, so that a load balancer
    /// sends its requests elsewhere before they would be refused [default: 0]
    #[arg(long, env = "SHUTDOWN_DELAY", value_name = "SECONDS", global = true)]
    pub shutdown_delay: Option<String>,
}

/// Checked.
#[derive(Clone, Debug)]
pub struct Network {
    /// Where to listen.
    pub address: SocketAddr,
    /// What people type to get here; https decides on `__Host-` cookies, Secure and HSTS.
    pub public_url: Option<url::Url>,
    /// Whether people may sign in where they can be overheard.
    pub allows_plain_http: bool,
    /// Proxies whose X-Forwarded-For is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections of one address at a time, where it is no such proxy.
    pub connections_per_client: usize,
    /// How long new connections are still taken once we are to stop.
    pub shutdown_delay: Duration,
}

impl Network {
    /// Whether browsers come over TLS.
    #[must_use]
    pub fn is_over_tls(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Whether what is sent here can be read on the way: neither TLS, nor this machine alone.
    #[must_use]
    pub fn is_in_the_clear(&self) -> bool {
        !self.is_over_tls() && (!self.address.ip().is_loopback() || self.public_url.is_some())
    }
}

impl NetworkSettings {
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> Network {
        let ip = parsed(
            "BIND_ADDRESS",
            self.bind_address.as_ref(),
            Ipv4Addr::LOCALHOST.into(),
            problems,
            |text| {
                text.parse::<IpAddr>()
                    .map_err(|_| format!("is {text}; an IP address such as 0.0.0.0 is meant"))
            },
        );
        let port = parsed("PORT", self.port.as_ref(), 5001, problems, |text| {
            number(text, 0, u16::MAX)
        });
        let public_url = parsed("PUBLIC_URL", self.public_url.as_ref(), None, problems, |text| {
            web_address(text).map(Some)
        });
        Network {
            address: SocketAddr::new(ip, port),
            public_url,
            allows_plain_http: parsed(
                "ALLOW_PLAIN_HTTP",
                self.allow_plain_http.as_ref(),
                false,
                problems,
                boolean,
            ),
            trusted_proxies: parsed(
                "TRUSTED_PROXIES",
                self.trusted_proxies.as_ref(),
                Vec::new(),
                problems,
                networks,
            ),
            connections_per_client: parsed(
                "CONNECTIONS_PER_CLIENT",
                self.connections_per_client.as_ref(),
                256,
                problems,
                |text| number(text, 1, MOST_CONNECTIONS),
            ),
            shutdown_delay: Duration::from_secs(parsed(
                "SHUTDOWN_DELAY",
                self.shutdown_delay.as_ref(),
                0,
                problems,
                |text| number(text, 0, 15),
            )),
        }
    }
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("has {part}; addresses or networks are meant, such as 10.0.0.0/8,127.0.0.1"))
        })
        .collect()
}
