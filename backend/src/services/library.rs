//! What is kept: the library, its tags, the versions of a video, search, deleting and taking that back.

use std::sync::Arc;

use domain::{
    library::{self, FoundPage, LibraryItem, Page, Shown, TagCount, VersionItem},
    search::Query,
    summary::Summary,
};
use uuid::Uuid;

use super::{Services, StoreError};
use crate::database;

/// Tags on offer above the library.
const TAGS: i64 = 24;

/// Versions of a video that are listed.
const VERSIONS: i64 = 100;

/// What is longer nobody types twice, in bytes.
const LONGEST_KEPT: usize = 256;

impl Services {
    /// A summary by its id; `None` where there is none or it is deleted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn summary(&self, id: &str) -> Result<Option<Summary>, StoreError> {
        let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
        let mut db = self.pool.acquire().await?;
        Ok(database::summaries::get(&mut db, id).await?.map(|(summary, _)| summary))
    }

    /// Summaries, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library(&self, page: u32, per_page: u32) -> Result<Page<LibraryItem>, StoreError> {
        self.library_of(&Shown {
            page,
            per_page,
            ..Shown::default()
        })
        .await
    }

    /// A page of the library.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library_of(&self, shown: &Shown) -> Result<Page<LibraryItem>, StoreError> {
        let mut db = self.pool.acquire().await?;
        let shown = Shown {
            page: shown.page.max(1),
            per_page: shown.per_page.clamp(1, 100),
            ..shown.clone()
        };
        database::summaries::page(&mut db, &shown).await
    }

    /// How often anything has changed that the library shows.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn library_changes(&self) -> Result<i64, StoreError> {
        database::summaries::changes(&self.pool).await
    }

    /// The tags that most summaries have.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn tags(&self) -> Result<Vec<TagCount>, StoreError> {
        database::tags::most_used(&self.pool, TAGS).await
    }

    /// Puts a tag on a summary, or takes it off; `false` where that can't be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn tag(&self, id: &str, typed: &str, on: bool) -> Result<bool, StoreError> {
        let (Ok(id), Some(tag)) = (id.parse(), library::tag(typed)) else {
            return Ok(false);
        };
        if on {
            database::tags::add(&self.pool, id, &tag).await
        } else {
            database::tags::remove(&self.pool, id, &tag).await
        }
    }

    /// The summaries of a video, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn versions(&self, video_id: &str) -> Result<Vec<VersionItem>, StoreError> {
        let mut db = self.pool.acquire().await?;
        database::summaries::versions(&mut db, video_id, VERSIONS).await
    }

    /// Pins a summary to its video's address, or takes the pin out; `false` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pin(&self, id: &str, pinned: bool) -> Result<bool, StoreError> {
        let Ok(id) = id.parse() else { return Ok(false) };
        let mut db = self.pool.acquire().await?;
        database::summaries::pin(&mut db, id, pinned).await
    }

    /// What fits a query: words, `"phrases"`, `-without`, `or`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn search(&self, typed: &str, page: u32) -> Result<FoundPage, StoreError> {
        let page = page.max(1);
        // Before it is looked for: what changes meanwhile makes another count.
        let changes = self.library_changes().await?;
        let key = (typed.to_owned(), page);
        if let Some(found) = self.found.find(changes, &key) {
            return Ok(FoundPage::clone(&found));
        }
        let mut db = self.pool.acquire().await?;
        let found = database::search::find(&mut db, &Query::parse(typed), page).await?;
        if typed.len() <= LONGEST_KEPT {
            self.found.keep(changes, key, Arc::new(found.clone()));
        }
        Ok(found)
    }

    /// All that fits a query in one video.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn search_in(&self, typed: &str, video_id: &str) -> Result<FoundPage, StoreError> {
        let mut db = self.pool.acquire().await?;
        database::search::find_in(&mut db, &Query::parse(typed), video_id).await
    }

    /// The id of the summary that a video's address leads to.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn main_summary_of(&self, video_id: &str) -> Result<Option<String>, StoreError> {
        Ok(database::summaries::main_of(&self.pool, video_id)
            .await?
            .map(|id| id.to_string()))
    }

    /// Deletes a summary (it can be restored for a day); its title, or `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_summary(&self, id: &str) -> Result<Option<String>, StoreError> {
        match id.parse() {
            Ok(id) => database::summaries::delete(&self.pool, id).await,
            Err(_) => Ok(None),
        }
    }

    /// Whether a summary was deleted and can be taken back.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn is_deleted_summary(&self, id: &str) -> Result<bool, StoreError> {
        match id.parse() {
            Ok(id) => database::summaries::is_deleted(&self.pool, id).await,
            Err(_) => Ok(false),
        }
    }

    /// Takes a deletion back; `false` where it is too late.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn restore_summary(&self, id: &str) -> Result<bool, StoreError> {
        match id.parse() {
            Ok(id) => {
                let mut db = self.pool.acquire().await?;
                database::summaries::restore(&mut db, id).await
            }
            Err(_) => Ok(false),
        }
    }
}
