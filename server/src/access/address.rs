//! Where a request comes from. X-Forwarded-For is a list that everybody on the way may write into; it is believed from the right,
//! as far as proxies of ours wrote it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of whoever asks: the first, from the right, that is no proxy of ours.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_ours = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("unreadable").split(','))
        .collect();
    for hop in hops.iter().rev() {
        if !is_ours(&client) {
            break;
        }
        match read(hop.trim()) {
            Some(address) => client = address,
            None => break,
        }
    }
    client
}

fn read(hop: &str) -> Option<IpAddr> {
    let address = hop
        .parse::<IpAddr>()
        .or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn what_strangers_write_is_not_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
        // The stranger wrote the first; our proxy added the last.
        assert_eq!(
            seen("10.0.0.2", &["198.51.100.1, 203.0.113.9"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
        assert_eq!(
            seen("10.0.0.2", &["198.51.100.1", "203.0.113.9"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
        // Two proxies of ours, and a stranger who claims to be a third.
        assert_eq!(
            seen("10.0.0.2", &["10.9.9.9, 203.0.113.9, 10.0.0.3"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn what_can_not_be_read_ends_the_search() {
        assert_eq!(seen("10.0.0.2", &["1.2.3.4, nonsense"], &["10.0.0.0/8"]), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &[""], &["10.0.0.0/8"]), "10.0.0.2");
        assert_eq!(seen("10.0.0.2", &[], &["10.0.0.0/8"]), "10.0.0.2");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        let trusted = ["127.0.0.1/32"];
        assert_eq!(seen("127.0.0.1", &["203.0.113.9:4711"], &trusted), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["[2001:db8::1]:443"], &trusted), "2001:db8::1");
        assert_eq!(seen("::ffff:127.0.0.1", &["2001:db8::1"], &trusted), "2001:db8::1");
        assert_eq!(seen("127.0.0.1", &["::ffff:203.0.113.9"], &trusted), "203.0.113.9");
    }
}
