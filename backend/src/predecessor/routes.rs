//! What the predecessor's routes ask for. It had one summary of a video, so these see the newest of each.

use domain::{export, summary::Summary};
use uuid::Uuid;

use crate::{
    database::{self, StoreError, imported},
    services::Services,
};

/// Summaries that a search returns at most.
const FOUND: i64 = 500;

impl Services {
    /// The newest summary of each video of YouTube's, newest first, and how many there are.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest_of_videos(&self, limit: u32, offset: u64) -> Result<(Vec<Summary>, u64), StoreError> {
        let mut db = self.pool.acquire().await?;
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let (ids, total) = imported::newest_of_videos(&mut db, limit.into(), offset).await?;
        drop(db);
        Ok((self.summaries_of(&ids).await?, total))
    }

    /// Those of them that have some characters in their title or text, whatever the case of the letters.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest_with(&self, wanted: &str) -> Result<Vec<Summary>, StoreError> {
        let mut db = self.pool.acquire().await?;
        let ids = imported::newest_with(&mut db, wanted, FOUND).await?;
        drop(db);
        let wanted = wanted.to_lowercase();
        let mut found = self.summaries_of(&ids).await?;
        // What the database looks at also has the quotes, which nobody is shown here.
        found.retain(|summary| {
            summary.title.to_lowercase().contains(&wanted)
                || export::summary_text(summary).to_lowercase().contains(&wanted)
        });
        Ok(found)
    }

    /// Deletes all summaries of a video (they can be restored for a day); how many, and the title.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_summaries_of(&self, video_id: &str) -> Result<Option<(usize, String)>, StoreError> {
        let titles = imported::delete_of(&self.pool, video_id).await?;
        let count = titles.len();
        Ok(titles.into_iter().next().map(|title| (count, title)))
    }

    async fn summaries_of(&self, ids: &[Uuid]) -> Result<Vec<Summary>, StoreError> {
        let mut db = self.pool.acquire().await?;
        let mut summaries = Vec::with_capacity(ids.len());
        for id in ids {
            // One may have been deleted in between.
            summaries.extend(
                database::summaries::get(&mut db, *id)
                    .await?
                    .map(|(summary, _)| summary),
            );
        }
        Ok(summaries)
    }
}
