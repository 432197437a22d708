//! News of runs, as it happens: one `LISTEN` a process, fanned out to whoever watches. A notice carries a run's id alone;
//! what happened is read from `run_events`, so that a lost notice costs a moment and nothing else.

use std::time::Duration;

use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::database::events::CHANNEL;

/// How long a watcher waits for a notice before it looks by itself.
pub const POLL: Duration = Duration::from_secs(2);

/// Where watchers hear that a run has news.
#[derive(Clone, Debug)]
pub struct Live {
    notices: broadcast::Sender<Uuid>,
}

impl Live {
    /// Starts listening; ends with `shutdown`.
    #[must_use]
    pub fn start(pool: PgPool, shutdown: CancellationToken) -> Self {
        let (live, listening) = Self::new(pool, shutdown);
        tokio::spawn(listening);
        live
    }

    /// The listening apart, for who has to know when it breaks off.
    pub fn new(pool: PgPool, shutdown: CancellationToken) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (notices, _) = broadcast::channel(1024);
        let live = Self { notices };
        let sender = live.notices.clone();
        let listening = async move {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = listen(&pool, &sender) => {}
            }
        };
        (live, listening)
    }

    /// A watcher of `run`.
    #[must_use]
    pub fn watch(&self, run: Uuid) -> Watcher {
        Watcher {
            run,
            notices: self.notices.subscribe(),
        }
    }
}

/// Waits for news of one run.
#[derive(Debug)]
pub struct Watcher {
    run: Uuid,
    notices: broadcast::Receiver<Uuid>,
}

impl Watcher {
    /// Returns when the run may have news: after a notice, after missed notices, or after [`POLL`].
    pub async fn news(&mut self) {
        let _ = tokio::time::timeout(POLL, async {
            loop {
                match self.notices.recv().await {
                    Ok(run) if run == self.run => return,
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => return,
                    // Nobody listens any more: let the poll decide.
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        })
        .await;
    }
}

async fn listen(pool: &PgPool, notices: &broadcast::Sender<Uuid>) {
    let mut is_told = false;
    loop {
        if let Err(error) = listen_once(pool, notices, &mut is_told).await
            && !is_told
        {
            is_told = true;
            tracing::warn!(%error, "listening for news of runs broke off; trying again");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn listen_once(pool: &PgPool, notices: &broadcast::Sender<Uuid>, is_told: &mut bool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    *is_told = false;
    loop {
        let notice = listener.recv().await?;
        if let Ok(run) = notice.payload().parse() {
            // Nobody watching is fine.
            let _ = notices.send(run);
        }
    }
}
