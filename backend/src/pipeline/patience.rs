//! Patience with a database that is away: what was worked out, or paid for, is held until it can be written.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::database::StoreError;

/// The longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(2);
/// Tries where the database answers, but not as it should.
const TRIES: u32 = 5;

/// Whoever waits for the database to take something.
pub(super) struct Patience<'a> {
    what: &'a str,
    shutdown: &'a CancellationToken,
    wait: Duration,
    tries: u32,
    told: bool,
}

impl<'a> Patience<'a> {
    /// With what is to be written, in words, for the log.
    pub(super) fn new(what: &'a str, shutdown: &'a CancellationToken) -> Self {
        Self {
            what,
            shutdown,
            wait: Duration::from_secs(1),
            tries: 0,
            told: false,
        }
    }

    /// Whether patience has ended on an error that will not pass: nobody's next try will do better.
    pub(super) fn is_refused(&self, error: &StoreError) -> bool {
        !self.shutdown.is_cancelled() && !error.is_passing()
    }

    /// Waits until it is worth another try; `false` where it is not. Tries go on as long as the database is away, or until the process
    /// stops; a few times where it is there and fails, and not at all where it refuses what it is given. Says once that somebody waits.
    pub(super) async fn allows(&mut self, error: &StoreError) -> bool {
        self.tries += 1;
        if self.shutdown.is_cancelled() || error.is_refusal() || (!error.is_passing() && self.tries >= TRIES) {
            return false;
        }
        if !self.told {
            self.told = true;
            tracing::warn!(%error, "the database does not take {}; it is held until it can be written", self.what);
        }
        tokio::select! {
            // One more try, and that is all.
            () = self.shutdown.cancelled() => {}
            () = tokio::time::sleep(self.wait) => {}
        }
        self.wait = LONGEST.min(self.wait * 2);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often somebody tries who always fails like this, up to a hundred times.
    async fn tries(error: sqlx::Error, shutdown: &CancellationToken) -> u32 {
        let error = StoreError::Database(error);
        let mut patience = Patience::new("a test", shutdown);
        let mut tries = 1;
        while tries < 100 && patience.allows(&error).await {
            tries += 1;
        }
        tries
    }

    #[tokio::test(start_paused = true)]
    async fn it_lasts_as_long_as_the_database_is_away() {
        let shutdown = CancellationToken::new();
        assert_eq!(tries(sqlx::Error::PoolTimedOut, &shutdown).await, 100);
        // Where it answers otherwise than it should, a few times.
        assert_eq!(tries(sqlx::Error::RowNotFound, &shutdown).await, 5);
        // A process that stops has no time.
        shutdown.cancel();
        assert_eq!(tries(sqlx::Error::PoolTimedOut, &shutdown).await, 1);
    }
}
