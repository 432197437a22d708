//! Where the server listens, and what it is called from outside.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{Problem, number, parsed, web_address};

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
}

/// Checked.
#[derive(Clone, Debug)]
pub struct Network {
    /// Where to listen.
    pub address: SocketAddr,
    /// What people type to get here; https turns HSTS on.
    pub public_url: Option<url::Url>,
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
        }
    }
}
