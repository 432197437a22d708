//! Event streams that are open, counted by session and address: each is a connection that stays.
//!
//! Counted in the process: a stream belongs to the process that serves it, and dies with it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use backend::access::{Granted, network};
use metrics::gauge;

/// The count, and how many one session or one address may have at a time.
#[derive(Clone, Debug)]
pub struct Streams {
    most: usize,
    counts: Arc<Mutex<HashMap<String, usize>>>,
}

/// Counts for as long as it lives.
#[derive(Debug)]
pub struct Open {
    streams: Streams,
    keys: Vec<String>,
}

impl Streams {
    /// Up to `most` for each session and each address. A browser opens one a tab.
    pub fn up_to(most: usize) -> Self {
        Self {
            most,
            counts: Arc::default(),
        }
    }

    /// Counts another stream; `None` where there are too many.
    pub fn open(&self, granted: &Granted) -> Option<Open> {
        let address = format!("address:{}", network::of(granted.address));
        let keys: Vec<String> = granted.key().into_iter().chain([address]).collect();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if keys
            .iter()
            .any(|key| counts.get(key).is_some_and(|count| *count >= self.most))
        {
            backend::metrics::count_limited("event_streams");
            return None;
        }
        for key in &keys {
            *counts.entry(key.clone()).or_default() += 1;
        }
        drop(counts);
        gauge!("ytsum_event_streams").increment(1);
        Some(Open {
            streams: self.clone(),
            keys,
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        gauge!("ytsum_event_streams").decrement(1);
        let mut counts = self.streams.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.keys {
            if let Some(count) = counts.get_mut(key) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(key);
                }
            }
        }
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
        let streams = Streams::up_to(3);
        let mut open: Vec<Option<Open>> = (0..3).map(|_| streams.open(&granted(1))).collect();
        assert!(open.iter().all(Option::is_some));
        assert!(streams.open(&granted(1)).is_none());
        assert!(streams.open(&granted(2)).is_some());
        open.pop();
        assert!(streams.open(&granted(1)).is_some());
        drop(open);
        assert!(streams.counts.lock().is_ok_and(|counts| counts.is_empty()));
    }
}
