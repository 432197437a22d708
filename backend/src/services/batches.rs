//! What is being worked on, and the runs that were submitted together.

use domain::{
    library::{Activity, Batch},
    run::{Run, RunState},
};
use uuid::Uuid;

use super::{Services, StoreError};
use crate::{database, estimate::Seen};

/// Batches that Activity shows.
const BATCHES: i64 = 10;

impl Services {
    /// What is being worked on and what ended lately.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn activity(&self) -> Result<Activity, StoreError> {
        let mut db = self.pool.acquire().await?;
        let mut batches = database::batches::recent(&mut db, BATCHES).await?;
        let shown: Vec<Uuid> = batches.iter().filter_map(|batch| batch.id.parse().ok()).collect();
        let (now, waiting): (Vec<Run>, Vec<Run>) = database::runs::open(&mut *db, &shown, 200)
            .await?
            .into_iter()
            .partition(|run| run.state == RunState::Working);
        let failed = database::runs::ended(&mut *db, &[RunState::Failed], &shown, 50).await?;
        let done = database::runs::ended(&mut *db, &[RunState::Done, RunState::Cancelled], &shown, 50).await?;
        let seen = Seen {
            typical: database::runs::typical(&mut *db).await?,
            elapsed: database::runs::elapsed(&mut *db).await?,
        };
        drop(db);
        let mut left = Vec::new();
        for run in now.iter().chain(batches.iter().flat_map(|batch| &batch.runs)) {
            if let Some(seconds) = seen.left_of(run) {
                left.push((run.id.clone(), seconds));
            }
        }
        for batch in &mut batches {
            batch.seconds_left = seen.left_of_batch(batch);
        }
        Ok(Activity {
            now,
            waiting,
            failed,
            done,
            batches,
            left,
            pause: self.youtube_pause().await?,
            deleted: database::deleted::recent(&self.pool).await?,
        })
    }

    /// A batch by its id; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn batch(&self, id: &str) -> Result<Option<Batch>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut db = self.pool.acquire().await?;
        let Some(mut batch) = database::batches::get(&mut db, id).await? else {
            return Ok(None);
        };
        let seen = Seen {
            typical: database::runs::typical(&mut *db).await?,
            elapsed: database::runs::elapsed(&mut *db).await?,
        };
        batch.seconds_left = seen.left_of_batch(&batch);
        Ok(Some(batch))
    }

    /// Asks all open runs of a batch to stop; how many, or `None` where there is no such batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn cancel_batch(&self, id: &str) -> Result<Option<usize>, StoreError> {
        let Some(batch) = self.batch(id).await? else {
            return Ok(None);
        };
        let mut count = 0;
        // The last first: else the next one is taken up while those before it are stopped.
        for run in batch.runs.iter().rev().filter(|run| run.state.is_open()) {
            count += usize::from(self.cancel(&run.id).await?);
        }
        Ok(Some(count))
    }

    /// Starts the failed runs of a batch again; how many, or `None` where there is no such batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry_batch(&self, id: &str) -> Result<Option<usize>, StoreError> {
        match self.batch(id).await? {
            Some(batch) => self.retry_all(&batch.runs).await.map(Some),
            None => Ok(None),
        }
    }

    /// Starts all failed runs again that [`Self::activity`] shows; how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry_failed(&self) -> Result<usize, StoreError> {
        let activity = self.activity().await?;
        let mut count = self.retry_all(&activity.failed).await?;
        for batch in &activity.batches {
            count += self.retry_all(&batch.runs).await?;
        }
        Ok(count)
    }

    async fn retry_all(&self, runs: &[Run]) -> Result<usize, StoreError> {
        let mut count = 0;
        for run in runs.iter().filter(|run| run.state == RunState::Failed) {
            count += usize::from(self.retry(&run.id).await?);
        }
        Ok(count)
    }
}
