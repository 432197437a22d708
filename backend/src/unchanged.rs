//! What was made of the library's data, for as long as nothing has changed there.
//!
//! Postgres counts the changes in the transactions that make them (table `library_counts`). Whoever keeps something asks for the count before
//! making it, and again before showing it: so no replica shows what is gone.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// So many are kept. When there are more, all begin anew.
const MOST: usize = 128;

/// Things of one kind, each under its key, and the count of changes that they belong to. Cheap to clone; clones share what is kept.
#[derive(Debug)]
pub struct Unchanged<K, V>(Arc<Mutex<Kept<K, V>>>);

#[derive(Debug)]
struct Kept<K, V> {
    changes: i64,
    things: HashMap<K, Arc<V>>,
}

impl<K, V> Default for Unchanged<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Kept {
            changes: 0,
            things: HashMap::new(),
        })))
    }
}

impl<K, V> Clone for Unchanged<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash, V> Unchanged<K, V> {
    /// What was kept at the same count.
    #[must_use]
    pub fn find(&self, changes: i64, key: &K) -> Option<Arc<V>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (kept.changes == changes).then(|| kept.things.get(key).cloned())?
    }

    /// Keeps what was made after the count was asked for.
    pub fn keep(&self, changes: i64, key: K, thing: Arc<V>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.changes != changes || kept.things.len() >= MOST {
            kept.things.clear();
            kept.changes = changes;
        }
        kept.things.insert(key, thing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_not_found() {
        let kept = Unchanged::default();
        kept.keep(7, "page", Arc::new("seven"));
        assert_eq!(kept.find(7, &"page").as_deref(), Some(&"seven"));
        assert_eq!(kept.find(7, &"other"), None);
        assert_eq!(kept.find(8, &"page"), None);
        kept.clone().keep(8, "page", Arc::new("eight"));
        assert_eq!(kept.find(8, &"page").as_deref(), Some(&"eight"));
        assert_eq!(kept.find(7, &"page"), None);
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let kept = Unchanged::default();
        for key in 0..1000 {
            kept.keep(1, key, Arc::new(key));
        }
        let there = (0..1000).filter(|key| kept.find(1, key).is_some()).count();
        assert!((1..=MOST).contains(&there), "{there}");
        assert!(kept.find(1, &999).is_some());
    }
}
