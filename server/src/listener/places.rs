//! Places for connections: so many in all, and so many for one address, so that nobody can take all of them. Whoever gets none is told so,
//! if that costs next to nothing.

use std::{net::IpAddr, sync::Arc, time::Duration};

use backend::access::network;
use ipnet::IpNet;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::tally::{Counted, Tally};

/// How many are told at a time why they are refused; more are closed without a word.
const TOLD: usize = 64;
/// How long they may take to hear it.
const HEAR: Duration = Duration::from_secs(1);

/// The places of one process; cheap to clone.
#[derive(Clone, Debug)]
pub struct Places {
    all: Arc<Semaphore>,
    of_each: Tally,
    /// Proxies, who bring many.
    exempt: Arc<[IpNet]>,
    told: Arc<Semaphore>,
}

/// A place, for as long as it lives.
#[derive(Debug)]
pub(super) struct Place {
    _one: OwnedSemaphorePermit,
    _counted: Option<Counted>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Refusal {
    YouHaveMany,
    AllAreTaken,
}

impl Refusal {
    /// What is sent instead of an answer.
    fn answer(self) -> String {
        let (status, said) = match self {
            Self::YouHaveMany => (
                "429 Too Many Requests",
                "Too many connections are open from your address; close some first.\n",
            ),
            Self::AllAreTaken => (
                "503 Service Unavailable",
                "This server has as many connections as it can take; try again in a moment.\n",
            ),
        };
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 10\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{said}",
            said.len()
        )
    }
}

impl Places {
    /// `all` of them, `of_each` for one address that is none of `exempt`.
    pub fn new(all: usize, of_each: usize, exempt: Vec<IpNet>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all)),
            of_each: Tally::up_to(of_each),
            exempt: exempt.into(),
            told: Arc::new(Semaphore::new(TOLD)),
        }
    }

    pub(super) fn take(&self, peer: IpAddr) -> Result<Place, Refusal> {
        let peer = peer.to_canonical();
        let counted = if self.exempt.iter().any(|network| network.contains(&peer)) {
            None
        } else {
            let counted = self.of_each.one_more(vec![network::of(peer)]);
            Some(counted.ok_or(Refusal::YouHaveMany)?)
        };
        let one = Arc::clone(&self.all)
            .try_acquire_owned()
            .map_err(|_| Refusal::AllAreTaken)?;
        Ok(Place {
            _one: one,
            _counted: counted,
        })
    }

    /// Says why, and closes.
    pub(super) fn refuse(&self, mut stream: TcpStream, refusal: Refusal) {
        backend::metrics::count_limited("connections");
        let Ok(telling) = Arc::clone(&self.told).try_acquire_owned() else {
            return;
        };
        tokio::spawn(async move {
            // What was asked is read until the other side closes: a connection that is closed with something unread is reset, and the
            // answer would be lost on the way.
            let _ = timeout(HEAR, async {
                stream.write_all(refusal.answer().as_bytes()).await?;
                stream.shutdown().await?;
                let mut asked = [0; 1024];
                while stream.read(&mut asked).await? > 0 {}
                std::io::Result::Ok(())
            })
            .await;
            drop(telling);
        });
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::{Router, routing};
    use tokio::net::TcpListener;

    use super::*;
    use crate::shutdown::Stopping;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_gets_some_and_a_proxy_as_many_as_there_are() {
        let places = Places::new(5, 2, vec!["10.0.0.0/8".parse().unwrap()]);
        let refused = |peer: &str| places.take(ip(peer)).err();
        let held = [places.take(ip("192.0.2.1")), places.take(ip("::ffff:192.0.2.1"))];
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(refused("192.0.2.1"), Some(Refusal::YouHaveMany));
        let of_proxy: Vec<_> = (0..3).map(|_| places.take(ip("10.0.0.7")).unwrap()).collect();
        assert_eq!(refused("10.0.0.7"), Some(Refusal::AllAreTaken));
        assert_eq!(refused("192.0.2.2"), Some(Refusal::AllAreTaken));
        drop(held);
        assert_eq!(refused("192.0.2.1"), None);
        drop(of_proxy);
    }

    #[tokio::test]
    async fn whoever_is_refused_is_told_and_comes_in_when_there_is_room() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", routing::get(|| async { "come in" }));
        let places = Places::new(8, 1, Vec::new());
        let server = tokio::spawn(super::super::serve(
            listener,
            router,
            Stopping::default(),
            places.clone(),
        ));
        let ask = async || {
            let mut stream = TcpStream::connect(address).await.unwrap();
            // The request is on its way while the refusal is.
            let request = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let held = places.take(ip("127.0.0.1")).unwrap();
        let answer = ask().await;
        assert!(answer.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{answer}");
        assert!(answer.contains("\r\nretry-after: 10\r\n"), "{answer}");
        assert!(answer.ends_with("close some first.\n"), "{answer}");
        drop(held);
        assert!(ask().await.ends_with("come in"));
        server.abort();
    }
}
