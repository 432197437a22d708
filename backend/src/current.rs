//! Something that can be replaced while others use it: what settings make that are changed while the program runs.

use std::sync::{Arc, PoisonError, RwLock};

/// The handle. Clones share what is in it.
#[derive(Debug)]
pub struct Current<T>(Arc<RwLock<T>>);

impl<T: Clone> Current<T> {
    /// What it is now. Whoever goes on with it is not disturbed by a replacement.
    #[must_use]
    pub fn now(&self) -> T {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another in its place.
    pub fn replace(&self, with: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = with;
    }
}

impl<T> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> From<T> for Current<T> {
    fn from(first: T) -> Self {
        Self(Arc::new(RwLock::new(first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_see_the_replacement_and_who_has_the_old_keeps_it() {
        let current = Current::from("old");
        let (other, kept) = (current.clone(), current.now());
        current.replace("new");
        assert_eq!((other.now(), kept), ("new", "old"));
    }
}
