//! News of runs, as it happens: one `LISTEN` a process, fanned out to whoever watches. A notice carries a run's id alone;
//! what happened is read from `run_events`, so that a lost notice costs a moment and nothing else: what is followed is looked up every
//! two seconds, by one question a process, however many follow.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sqlx::{PgPool, postgres::PgListener};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::database::events::{self, CHANNEL};

/// How long a watcher waits for a notice before it looks by itself, and how often what is followed is looked up.
pub const POLL: Duration = Duration::from_secs(2);
/// How long a follower waits before it looks by itself all the same.
const LONG: Duration = Duration::from_secs(30);

/// How many follow each run or question.
type Followed = Arc<Mutex<HashMap<Uuid, usize>>>;

/// Where watchers hear that a run has news.
#[derive(Clone, Debug)]
pub struct Live {
    notices: broadcast::Sender<Uuid>,
    followed: Followed,
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
        let live = Self {
            notices,
            followed: Followed::default(),
        };
        let (sender, followed) = (live.notices.clone(), Arc::clone(&live.followed));
        let listening = async move {
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = listen(&pool, &sender) => {}
                () = look_up(&pool, &sender, &followed) => {}
            }
        };
        (live, listening)
    }

    /// A watcher of `run`, for whoever works on it: it looks by itself, at more than events.
    #[must_use]
    pub fn watch(&self, run: Uuid) -> Watcher {
        Watcher {
            run,
            notices: self.notices.subscribe(),
            poll: POLL,
            _following: None,
        }
    }

    /// A watcher of the events of `run`, one of many perhaps.
    #[must_use]
    pub fn follow(&self, run: Uuid) -> Watcher {
        *lock(&self.followed).entry(run).or_default() += 1;
        Watcher {
            run,
            notices: self.notices.subscribe(),
            poll: LONG,
            _following: Some(Following {
                run,
                followed: Arc::clone(&self.followed),
            }),
        }
    }
}

/// Is counted as long as it lives.
#[derive(Debug)]
struct Following {
    run: Uuid,
    followed: Followed,
}

impl Drop for Following {
    fn drop(&mut self) {
        let mut followed = lock(&self.followed);
        if let Some(count) = followed.get_mut(&self.run) {
            *count -= 1;
            if *count == 0 {
                followed.remove(&self.run);
            }
        }
    }
}

fn lock(followed: &Followed) -> std::sync::MutexGuard<'_, HashMap<Uuid, usize>> {
    followed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for news of one run.
#[derive(Debug)]
pub struct Watcher {
    run: Uuid,
    notices: broadcast::Receiver<Uuid>,
    poll: Duration,
    _following: Option<Following>,
}

impl Watcher {
    /// Returns when the run may have news: after a notice, after missed notices, or after a while.
    pub async fn news(&mut self) {
        let _ = tokio::time::timeout(self.poll, async {
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

/// Gives notice of what has events that were not there the last time.
async fn look_up(pool: &PgPool, notices: &broadcast::Sender<Uuid>, followed: &Followed) {
    let mut last: HashMap<Uuid, i64> = HashMap::new();
    loop {
        tokio::time::sleep(POLL).await;
        let ids: Vec<Uuid> = lock(followed).keys().copied().collect();
        last.retain(|id, _| lock(followed).contains_key(id));
        if ids.is_empty() {
            continue;
        }
        match events::last_of(pool, &ids).await {
            Ok(found) => {
                for (id, seq) in found {
                    // Also where they are gone.
                    if last.insert(id, seq) != Some(seq) {
                        // Nobody watching any more is fine.
                        let _ = notices.send(id);
                    }
                }
            }
            Err(error) => {
                // Who follows could not read either: told to look again, all of them, once it answers.
                last.clear();
                tracing::warn!(%error, "news of runs could not be looked up; trying again");
            }
        }
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
