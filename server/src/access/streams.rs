//! Event streams that are open: each is a connection that stays, so that one session or address may have some, and all together as many as
//! leave room for other requests.

use std::sync::Arc;

use backend::access::{Granted, network};
use metrics::gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::tally::{Counted, Tally};

/// The streams of this process.
#[derive(Clone, Debug)]
pub struct Streams {
    of_each: Tally,
    places: Arc<Semaphore>,
}

/// Counts for as long as it lives.
#[derive(Debug)]
pub struct Open {
    _counted: Counted,
    _place: OwnedSemaphorePermit,
}

/// Why another stream was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refused {
    /// This session or address has enough.
    #[error("too many event streams are open for you; close some first")]
    YouHaveMany,
    /// All together have enough.
    #[error("this server has as many event streams open as it can; the run goes on, look at it in a while")]
    AllAreTaken,
}

impl Streams {
    /// Up to `of_each` for each session and each address, and up to `of_all`. A browser opens one a tab.
    pub fn up_to(of_each: usize, of_all: usize) -> Self {
        Self {
            of_each: Tally::up_to(of_each),
            places: Arc::new(Semaphore::new(of_all)),
        }
    }

    /// Counts another stream.
    pub fn open(&self, granted: &Granted) -> Result<Open, Refused> {
        let opened = self.try_open(granted);
        match opened {
            Ok(_) => gauge!("ytsum_event_streams").increment(1),
            Err(_) => backend::metrics::count_limited("event_streams"),
        }
        opened
    }

    fn try_open(&self, granted: &Granted) -> Result<Open, Refused> {
        let address = format!("address:{}", network::of(granted.address));
        let counted = self
            .of_each
            .one_more(granted.key().into_iter().chain([address]).collect())
            .ok_or(Refused::YouHaveMany)?;
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Refused::AllAreTaken)?;
        Ok(Open {
            _counted: counted,
            _place: place,
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        gauge!("ytsum_event_streams").decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use backend::access::Who;

    use super::*;

    #[test]
    fn too_many_are_refused_until_some_end() {
        let granted = |last| Granted {
            who: Who::Anybody,
            address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)),
        };
        let streams = Streams::up_to(3, 5);
        let refused = |last| streams.open(&granted(last)).err();
        let mut open: Vec<_> = (0..3).map(|_| streams.open(&granted(1))).collect();
        assert!(open.iter().all(Result::is_ok));
        assert_eq!(refused(1), Some(Refused::YouHaveMany));
        open.extend([streams.open(&granted(2)), streams.open(&granted(3))]);
        assert!(open.iter().all(Result::is_ok));
        assert_eq!(refused(4), Some(Refused::AllAreTaken));
        // One of the first address ends: room for it, or for anybody.
        drop(open.swap_remove(0));
        let one_more = streams.open(&granted(1));
        assert!(one_more.is_ok());
        assert_eq!(refused(4), Some(Refused::AllAreTaken));
        drop(open);
        assert_eq!(refused(4), None);
    }
}
