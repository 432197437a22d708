//! How much each neighbour has of something that stays: connections, event streams. Counted in the process, to which they belong and with
//! which they end.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The counts by name, and how many one name may have at a time.
#[derive(Clone, Debug)]
pub struct Tally {
    most: usize,
    counts: Arc<Mutex<HashMap<String, usize>>>,
}

/// Counts for as long as it lives.
#[derive(Debug)]
pub struct Counted {
    tally: Tally,
    names: Vec<String>,
}

impl Tally {
    /// Up to `most` for each name.
    pub fn up_to(most: usize) -> Self {
        Self {
            most,
            counts: Arc::default(),
        }
    }

    /// Counts one more for all of these names; `None` where one of them has too many.
    pub fn one_more(&self, names: Vec<String>) -> Option<Counted> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if names
            .iter()
            .any(|name| counts.get(name).is_some_and(|count| *count >= self.most))
        {
            return None;
        }
        for name in &names {
            *counts.entry(name.clone()).or_default() += 1;
        }
        drop(counts);
        Some(Counted {
            tally: self.clone(),
            names,
        })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.tally.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for name in &self.names {
            if let Some(count) = counts.get_mut(name) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_makes_room_and_leaves_nothing() {
        let tally = Tally::up_to(2);
        let one = || tally.one_more(vec!["a session".to_owned(), "an address".to_owned()]);
        let first = one();
        let second = one();
        assert!(first.is_some() && second.is_some() && one().is_none());
        // A refusal counts nowhere.
        let other = tally.one_more(vec!["another".to_owned(), "an address".to_owned()]);
        assert!(other.is_none());
        assert!(tally.one_more(vec!["another".to_owned()]).is_some());
        drop(first);
        assert!(one().is_some());
        drop(second);
        assert!(tally.counts.lock().is_ok_and(|counts| counts.is_empty()));
    }
}
