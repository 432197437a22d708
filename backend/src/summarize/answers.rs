//! Answers that were paid for: kept under the hash of what was asked, so that no completed call is ever repeated.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, PoisonError},
};

use sha2::{Digest, Sha256};

use crate::models::{Answer, Prompt};

/// Where answers are kept. Whoever wants a new version of a summary although nothing about it changed hands in a place
/// of its own for it (by run, say): equal questions get the kept answer otherwise.
///
/// Implementations write `async fn`; their futures must be `Send`.
pub trait Answers: Sync {
    /// The answer kept under `hash`.
    ///
    /// # Errors
    /// A sentence where it can't be told whether there is one.
    fn get(&self, hash: &str) -> impl Future<Output = Result<Option<Answer>, String>> + Send;

    /// Keeps an answer; once this returns, it is there for good.
    ///
    /// # Errors
    /// A sentence where it could not be kept.
    fn put(&self, hash: &str, answer: &Answer) -> impl Future<Output = Result<(), String>> + Send;
}

/// Keeps answers as long as the program runs: for commands, which have no database.
#[derive(Debug, Default)]
pub struct InMemory {
    kept: Mutex<HashMap<String, Answer>>,
}

impl InMemory {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Answer>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers for InMemory {
    async fn get(&self, hash: &str) -> Result<Option<Answer>, String> {
        Ok(self.lock().get(hash).cloned())
    }

    async fn put(&self, hash: &str, answer: &Answer) -> Result<(), String> {
        self.lock().insert(hash.to_owned(), answer.clone());
        Ok(())
    }
}

/// SHA-256, in hex, of everything that an answer depends on.
pub(super) fn hash(model: &str, prompt: &Prompt) -> String {
    let mut hash = Sha256::new();
    for text in [model, &prompt.system, &prompt.user] {
        // With its length before it, no text can pass for the end of the one before.
        hash.update(text.len().to_be_bytes());
        hash.update(text);
    }
    hash.update(prompt.max_tokens.to_be_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn whatever_differs_has_another_hash() {
        let prompt = |system: &str, user: &str, max_tokens| Prompt {
            system: system.to_owned(),
            user: user.to_owned(),
            max_tokens,
        };
        let hashes: HashSet<String> = [
            hash("m", &prompt("s", "u", 1)),
            hash("n", &prompt("s", "u", 1)),
            hash("ms", &prompt("", "u", 1)),
            hash("m", &prompt("su", "", 1)),
            hash("m", &prompt("s", "u", 2)),
        ]
        .into();
        assert_eq!(hashes.len(), 5);
        assert_eq!(hash("m", &prompt("s", "u", 1)), hash("m", &prompt("s", "u", 1)));
        assert_eq!(hash("m", &prompt("s", "u", 1)).len(), 64);
    }
}
