//! `/api/v1/lists`: the videos of a playlist or channel. To summarise some, post their links to `/api/v1/runs`.

use axum::{Json, extract::State};
use backend::services::Services;
use domain::link::Link;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{ApiError, Problem, Query};

/// Which list.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Asked {
    /// The link of a playlist or channel, or a handle.
    link: String,
}

/// A playlist or channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListView {
    link: String,
    title: String,
    owner: Option<String>,
    /// Whether there are more videos than these.
    is_cut: bool,
    items: Vec<VideoView>,
}

/// A video of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct VideoView {
    link: String,
    video_id: String,
    title: String,
    duration_s: Option<u32>,
    /// Why it can't be summarised; `null` where it can be tried.
    obstacle: Option<&'static str>,
    /// The newest summary of it that is kept here.
    summary_id: Option<String>,
}

/// The videos of a playlist or channel, at most 500.
#[utoipa::path(get, path = "/api/v1/lists", params(Asked),
    responses((status = 200, body = ListView), (status = 400, body = Problem), (status = 502, body = Problem)))]
pub async fn show(State(services): State<Services>, Query(asked): Query<Asked>) -> Result<Json<ListView>, ApiError> {
    let link = Link::parse(&asked.link)
        .ok()
        .filter(|link| link.preview().is_some())
        .ok_or_else(|| ApiError::Invalid("The link is not one of a playlist or channel.".to_owned()))?;
    let list = services.list(&link, false).await?;
    let items = list.items.into_iter().map(|item| VideoView {
        link: format!("https://www.youtube.com/watch?v={}", item.video_id),
        video_id: item.video_id,
        title: item.title,
        duration_s: item.duration_s,
        obstacle: item.state.obstacle(),
        summary_id: item.summary.map(|(id, _)| id),
    });
    Ok(Json(ListView {
        link: link.canonical(),
        title: list.title,
        owner: list.owner,
        is_cut: list.is_cut,
        items: items.collect(),
    }))
}
