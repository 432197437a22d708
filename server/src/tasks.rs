//! The tasks that live as long as the process. One that ends by itself ends the process: half a server that looks whole helps nobody,
//! and whoever started it can start it again.

use std::{collections::HashMap, future::Future, time::Duration};

use anyhow::anyhow;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// How long they may take to end once they were asked to.
const PATIENCE: Duration = Duration::from_secs(16);

/// The tasks.
#[derive(Debug)]
pub struct Tasks {
    set: JoinSet<anyhow::Result<()>>,
    names: HashMap<Id, &'static str>,
    shutdown: CancellationToken,
}

impl Tasks {
    /// None yet. They have to end when `shutdown` is cancelled, and not before.
    pub fn new(shutdown: CancellationToken) -> Self {
        Self {
            set: JoinSet::new(),
            names: HashMap::new(),
            shutdown,
        }
    }

    /// Starts one.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = anyhow::Result<()>> + Send + 'static) {
        let handle = self.set.spawn(task);
        self.names.insert(handle.id(), name);
    }

    /// Waits for one that ends though it should not have, and says why it did.
    pub async fn broken(&mut self) -> anyhow::Error {
        while let Some(ended) = self.set.join_next_with_id().await {
            if let Some(error) = self.fault(ended) {
                return error;
            }
        }
        std::future::pending().await
    }

    /// Waits until all have ended after `shutdown`.
    ///
    /// # Errors
    /// The first one's that did not end well.
    pub async fn end(mut self) -> anyhow::Result<()> {
        let all = async {
            let mut result = Ok(());
            while let Some(ended) = self.set.join_next_with_id().await {
                if let Some(error) = self.fault(ended)
                    && result.is_ok()
                {
                    result = Err(error);
                }
            }
            result
        };
        if let Ok(result) = tokio::time::timeout(PATIENCE, all).await {
            return result;
        }
        tracing::warn!("some work could not be put down in time; another process takes it up");
        Ok(())
    }

    fn fault(&self, ended: Result<(Id, anyhow::Result<()>), JoinError>) -> Option<anyhow::Error> {
        let name = |id| self.names.get(&id).copied().unwrap_or("a task");
        match ended {
            Ok((_, Ok(()))) if self.shutdown.is_cancelled() => None,
            Ok((id, Ok(()))) => Some(anyhow!("the {} ended by itself", name(id))),
            Ok((id, Err(error))) => Some(error.context(format!("the {} failed", name(id)))),
            Err(error) => Some(anyhow!("the {} crashed", name(error.id()))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use super::*;

    /// What is said of a task that ends like this before it should.
    async fn said(task: impl Future<Output = anyhow::Result<()>> + Send + 'static) -> String {
        let shutdown = CancellationToken::new();
        let mut tasks = Tasks::new(shutdown.clone());
        tasks.spawn("patient one", async move {
            shutdown.cancelled().await;
            Ok(())
        });
        tasks.spawn("worker", task);
        format!("{:#}", tasks.broken().await)
    }

    #[tokio::test]
    async fn one_that_ends_by_itself_is_named() {
        assert_eq!(said(async { Ok(()) }).await, "the worker ended by itself");
        assert_eq!(said(async { panic!("a bug") }).await, "the worker crashed");
        assert_eq!(
            said(async { Err(anyhow!("no database")) }).await,
            "the worker failed: no database"
        );
    }

    #[tokio::test]
    async fn those_that_were_asked_to_end_are_no_fault() {
        let shutdown = CancellationToken::new();
        let mut tasks = Tasks::new(shutdown.clone());
        let asked = shutdown.clone();
        tasks.spawn("worker", async move {
            asked.cancelled().await;
            Ok(())
        });
        shutdown.cancel();
        tasks.end().await.unwrap();
        let mut tasks = Tasks::new(shutdown);
        tasks.spawn("worker", async { panic!("while stopping") });
        assert_eq!(tasks.end().await.unwrap_err().to_string(), "the worker crashed");
    }
}
