//! Whether Postgres is away, as a connection of its own finds out: the pool's are busy under load, and would make every request wait
//! before it learns what is known already.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// How long Postgres may take for the smallest of all questions. One that is only busy is not away.
const PATIENCE: Duration = Duration::from_secs(10);
/// Too many connections: it is there for those who have one.
const FULL: &str = "53300";

/// Whether Postgres is away; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Outage(Arc<AtomicBool>);

impl Outage {
    /// Whether it is away now.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Looks each second, until `shutdown`; says once that it is away, and once that it is back.
    pub async fn watch(self, pool: PgPool, shutdown: CancellationToken) {
        let looks = async {
            let mut connection = None;
            loop {
                let away = look(&pool, &mut connection).await.err();
                let is_away = away.is_some();
                let was_away = self.0.swap(is_away, Ordering::Relaxed);
                match away {
                    Some(error) if !was_away => {
                        tracing::error!(
                            error,
                            "the database is away; requests are refused and work waits until it is back"
                        );
                    }
                    None if was_away => tracing::info!("the database is back"),
                    _ => {}
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = looks => {}
        }
    }
}

/// Asks on the connection, or makes one; why neither was possible.
async fn look(pool: &PgPool, connection: &mut Option<PgConnection>) -> Result<(), String> {
    let asked = async {
        if let Some(there) = connection
            && there.ping().await.is_ok()
        {
            return Ok(());
        }
        *connection = None;
        match PgConnection::connect_with(&pool.connect_options()).await {
            Ok(made) => {
                *connection = Some(made);
                Ok(())
            }
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(FULL) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    };
    let answered = timeout(PATIENCE, asked).await;
    answered.unwrap_or_else(|_| {
        *connection = None;
        Err("it does not answer".to_owned())
    })
}
