//! Answers that were paid for, kept under the hash of what was asked, and what became known of models meanwhile: so that
//! whoever goes on after a crash repeats no completed call.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::Utc;
use domain::fault::Fault;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::models::{Answer, Asked, Detail, ModelError, Prompt};

/// What became known of a model while something is written, and holds until it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Its prompts are planned with a window of so many tokens: with another one they would be cut otherwise, and asked anew.
    Window {
        /// The window.
        tokens: u32,
        /// When the server itself has shown that it takes no more, in seconds since 1970.
        learned_at: Option<i64>,
    },
    /// It was asked, and its provider stopped the prompt or the answer: the filter's name or words.
    Blocked(String),
    /// It was asked, and its provider saw a protected text.
    Recitation,
    /// It was asked, and only thought.
    Empty,
    /// It could not write, for this reason; others write instead.
    GaveWay(Fault),
}

impl Note {
    /// The window that is planned with from now on.
    pub(super) fn window(tokens: u32, is_learned: bool) -> Self {
        Self::Window {
            tokens,
            learned_at: is_learned.then(|| Utc::now().timestamp()),
        }
    }

    /// Of a call that came to an end without an answer. It would end the same way again, and may be charged again.
    pub(super) fn of(error: &ModelError) -> Option<Self> {
        match error {
            ModelError::Blocked { reason, .. } => Some(Self::Blocked(reason.to_string())),
            ModelError::Recitation { .. } => Some(Self::Recitation),
            ModelError::Empty { .. } => Some(Self::Empty),
            _ => None,
        }
    }

    /// The error of that call.
    pub(super) fn error(self, asked: Asked) -> Option<ModelError> {
        match self {
            Self::Blocked(reason) => Some(ModelError::Blocked {
                asked,
                reason: Detail::new(&reason),
            }),
            Self::Recitation => Some(ModelError::Recitation { asked }),
            Self::Empty => Some(ModelError::Empty { asked }),
            Self::Window { .. } | Self::GaveWay(_) => None,
        }
    }
}

/// Where answers and notes are kept. Answers are everybody's: whoever wants a new version of a summary although nothing about
/// it changed hands in a place of its own for it (by run, say): equal questions get the kept answer otherwise. Notes are those
/// of the work at hand: for another run the model may know better.
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

    /// Waits until nobody else asks the same, and says that we do from now on until [`Self::end`]; whether there was somebody: then
    /// the answer may be here.
    ///
    /// # Errors
    /// A sentence where that can't be told.
    fn begin(&self, _hash: &str) -> impl Future<Output = Result<bool, String>> + Send {
        async { Ok(false) }
    }

    /// Says that we do not ask this any more. Who is not told so finds out by itself once the work at hand is done or lost.
    fn end(&self, _hash: &str) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// What was noted about something: a prompt by its hash, or what [`Note`]s are about else.
    ///
    /// # Errors
    /// A sentence where it can't be told whether there is something.
    fn noted(&self, about: &str) -> impl Future<Output = Result<Option<Note>, String>> + Send;

    /// Notes something in the place of what was noted about it before; `None` removes that.
    ///
    /// # Errors
    /// A sentence where it could not be noted.
    fn note(&self, about: &str, note: Option<&Note>) -> impl Future<Output = Result<(), String>> + Send;
}

/// Keeps answers as long as the program runs: for commands, which have no database.
#[derive(Debug, Default)]
pub struct InMemory {
    kept: Mutex<HashMap<String, Answer>>,
    notes: Mutex<HashMap<String, Note>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Answers for InMemory {
    async fn get(&self, hash: &str) -> Result<Option<Answer>, String> {
        Ok(lock(&self.kept).get(hash).cloned())
    }

    async fn put(&self, hash: &str, answer: &Answer) -> Result<(), String> {
        lock(&self.kept).insert(hash.to_owned(), answer.clone());
        Ok(())
    }

    async fn noted(&self, about: &str) -> Result<Option<Note>, String> {
        Ok(lock(&self.notes).get(about).cloned())
    }

    async fn note(&self, about: &str, note: Option<&Note>) -> Result<(), String> {
        match note {
            Some(note) => lock(&self.notes).insert(about.to_owned(), note.clone()),
            None => lock(&self.notes).remove(about),
        };
        Ok(())
    }
}

/// SHA-256, in hex, of everything that an answer depends on; the model by its [`Models::identity`](crate::models::Models::identity).
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
