//! Where a request comes from. X-Forwarded-For is a list that everybody on the way may write into; it is believed from the right,
//! as far as proxies of ours wrote it.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header, uri::Authority};
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

/// Whether a request was sent at this machine itself: from it, by no proxy that we do not know, and to one of its own names. The last
/// keeps out pages of others whose name leads here (DNS rebinding).
pub fn is_here(client: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    client.to_canonical().is_loopback() && is_near(client, headers, trusted)
}

/// Whether nobody can read along on the way: it was sent to the sender's own machine. The address need not be: containers and
/// tunnels have others.
pub fn is_near(client: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    let is_forwarded = ["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via"]
        .iter()
        .any(|name| headers.contains_key(*name));
    // A proxy of ours says that it comes from here.
    let is_known = client.is_loopback() && trusted.iter().any(|network| network.contains(&client));
    if is_forwarded && !is_known {
        return false;
    }
    match headers.get(header::HOST) {
        None => client.is_loopback(),
        Some(host) => host.to_str().is_ok_and(is_own_name),
    }
}

/// A name by which a machine means itself.
fn is_own_name(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match address {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
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
    fn this_machine_is_known_by_more_than_an_address() {
        let with = |client: &str, fields: &[(&'static str, &str)], trusted: &[&str]| {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.append(*name, HeaderValue::from_str(value).unwrap());
            }
            let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
            let client = client.parse().unwrap();
            (is_here(client, &headers, &trusted), is_near(client, &headers, &trusted))
        };
        for host in [
            "127.0.0.1:5001",
            "localhost",
            "LOCALHOST:5001",
            "[::1]:5001",
            "127.8.8.8",
            "app.localhost",
        ] {
            assert_eq!(with("127.0.0.1", &[("host", host)], &[]), (true, true), "{host}");
        }
        assert_eq!(with("::1", &[], &[]), (true, true));
        // Another name leads here: a page of a stranger, or a proxy.
        for host in [
            "evil.example",
            "localhost.evil.example",
            "192.168.1.5:5001",
            "127.0.0.1.evil.example",
            "",
            "a b",
        ] {
            assert_eq!(with("127.0.0.1", &[("host", host)], &[]), (false, false), "{host}");
        }
        let localhost = ("host", "localhost");
        // A proxy on this machine that nobody told us of.
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"] {
            assert_eq!(
                with("127.0.0.1", &[localhost, (name, "127.0.0.1")], &[]),
                (false, false),
                "{name}"
            );
        }
        // One of ours, for somebody here and for somebody away.
        let ours = ["127.0.0.1/32"];
        assert_eq!(
            with("127.0.0.1", &[localhost, ("x-forwarded-for", "127.0.0.1")], &ours),
            (true, true)
        );
        assert_eq!(
            with("203.0.113.9", &[localhost, ("x-forwarded-for", "203.0.113.9")], &ours),
            (false, false)
        );
        // A container sees its bridge; nobody reads along, and yet it is not this machine.
        assert_eq!(with("172.18.0.1", &[("host", "127.0.0.1:5001")], &[]), (false, true));
        assert_eq!(
            with("203.0.113.9", &[("host", "summaries.example.org")], &[]),
            (false, false)
        );
        assert_eq!(with("203.0.113.9", &[], &[]), (false, false));
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
