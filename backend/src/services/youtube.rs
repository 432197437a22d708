//! Lists and pictures from YouTube, and how it treats this server.

use std::num::NonZeroU32;

use domain::{
    link::Link,
    video_list::VideoList,
    youtube_health::{Pause, YouTubeHealth},
};

use super::{Services, StoreError};
use crate::{
    database::{self, thumbnails, video_lists, youtube_gates},
    youtube::{Examined, YouTubeError},
};

/// YouTube's first video: "Me at the zoo", with captions, and there since 2005.
pub const KNOWN_VIDEO: &str = "jNQXAC9IVRw";

/// Minutes for which a list is not asked for again.
const LIST_MINUTES: i32 = 15;

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// YouTube did not give it.
    #[error(transparent)]
    YouTube(#[from] YouTubeError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ThumbnailError {
    /// No such video is kept: we fetch pictures of our own videos and nobody else's.
    #[error("no such video is kept here")]
    Unknown,
    /// YouTube did not give it.
    #[error(transparent)]
    YouTube(#[from] YouTubeError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Services {
    /// The videos of a playlist or channel, each with the newest summary of it. `again` asks YouTube even where the list
    /// was read a moment ago.
    ///
    /// # Errors
    /// [`ListError`]
    pub async fn list(&self, link: &Link, again: bool) -> Result<VideoList, ListError> {
        let address = link.canonical();
        let kept = match again {
            true => None,
            false => video_lists::get(&self.pool, &address, LIST_MINUTES).await?,
        };
        let mut list = match kept {
            Some(list) => list,
            None => {
                let list = self.youtube.now().list(link).await?;
                video_lists::keep(&self.pool, &address, &list).await?;
                list
            }
        };
        let ids: Vec<String> = list.items.iter().map(|item| item.video_id.clone()).collect();
        let mut captions = video_lists::captions(&self.pool, &ids).await?;
        let mut summarised = video_lists::summarised(&self.pool, &ids).await?;
        for item in &mut list.items {
            item.summary = summarised.remove(&item.video_id);
            item.captions = captions.remove(&item.video_id);
        }
        Ok(list)
    }

    /// How YouTube treats this server.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn youtube_health(&self) -> Result<YouTubeHealth, StoreError> {
        let youtube = self.youtube.now();
        Ok(YouTubeHealth {
            egress: youtube.egress().to_owned(),
            per_minute: youtube.requests_per_minute().map(NonZeroU32::get),
            pause: self.youtube_pause().await?,
            clients: youtube_gates::clients(&self.pool).await?,
            samples: youtube.samples(),
            yt_dlp: youtube.yt_dlp().await,
        })
    }

    /// Whether and until when YouTube is left alone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn youtube_pause(&self) -> Result<Option<Pause>, StoreError> {
        let Some((until, kind)) = youtube_gates::pause(&self.pool, self.youtube.now().egress()).await? else {
            return Ok(None);
        };
        let waiting = database::runs::count_paused(&self.pool).await?;
        Ok(Some(Pause {
            until: until.timestamp(),
            kind,
            waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        }))
    }

    /// Tries each client on a video that everybody can watch; what waits for YouTube goes on where one works.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn test_youtube(&self) -> Result<Vec<Examined>, StoreError> {
        let examined = self.youtube.now().examine(KNOWN_VIDEO).await;
        if examined.iter().any(Examined::works) {
            for id in database::runs::paused_ids(&self.pool).await? {
                self.retry(&id.to_string()).await?;
            }
        }
        Ok(examined)
    }

    /// The picture of a video that is kept here, from Postgres or else from YouTube.
    ///
    /// # Errors
    /// [`ThumbnailError`]
    pub async fn thumbnail(&self, youtube_id: &str) -> Result<thumbnails::Stored, ThumbnailError> {
        if let Some(stored) = thumbnails::get(&self.pool, youtube_id).await? {
            return Ok(stored);
        }
        if database::videos::get(&self.pool, youtube_id)
            .await?
            .is_none_or(|video| video.youtube_id.is_none())
        {
            return Err(ThumbnailError::Unknown);
        }
        let fetched = self.youtube.now().thumbnail(youtube_id).await?;
        thumbnails::keep(&self.pool, youtube_id, fetched.content_type, &fetched.bytes).await?;
        Ok(thumbnails::Stored {
            content_type: fetched.content_type.to_owned(),
            bytes: fetched.bytes,
        })
    }
}
