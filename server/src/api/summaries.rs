//! `/api/v1/summaries`: what is kept.

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::StatusCode,
};
use backend::{
    access::{Access, Granted},
    services::Services,
};
use domain::{
    library::{self, LibraryItem, Shown, Sort},
    summary::{Claim, Summary},
    transcript::Span,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{ApiError, Problem, Query};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Paging {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100; 20 where nothing is said.
    per_page: Option<u32>,
    /// `newest` (the usual one), `oldest` or `title`.
    sort: Option<String>,
    /// Only those with this tag.
    tag: Option<String>,
}

/// A page of summaries.
#[derive(Debug, Serialize, ToSchema)]
pub struct List {
    items: Vec<ItemView>,
    page: u32,
    per_page: u32,
    total: u64,
}

/// A summary in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    id: String,
    video_id: String,
    title: String,
    channel: Option<String>,
    duration_s: Option<u32>,
    model: String,
    style: String,
    language: Option<String>,
    first_point: String,
    /// The part of the video that it is about; `null` for the whole.
    part: Option<PartView>,
    tags: Vec<String>,
    created_at: String,
}

/// A part of a video.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PartView {
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
}

impl From<Span> for PartView {
    fn from(span: Span) -> Self {
        Self {
            start_ms: span.start_ms,
            end_ms: span.end_ms,
        }
    }
}

impl From<LibraryItem> for ItemView {
    fn from(item: LibraryItem) -> Self {
        Self {
            id: item.id,
            video_id: item.video_id,
            title: item.title,
            channel: item.channel,
            duration_s: item.duration_s,
            model: item.model,
            style: item.style,
            language: item.language,
            first_point: item.first_point,
            part: item.span.map(PartView::from),
            tags: item.tags,
            created_at: rfc3339(item.created_at),
        }
    }
}

/// A summary.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryView {
    id: String,
    video_id: String,
    title: String,
    /// Who wrote it: `extractive` or the model that answered.
    model: String,
    style: String,
    language: Option<String>,
    /// The part of the video that it is about; `null` for the whole.
    part: Option<PartView>,
    /// Markdown with citation marks, as written.
    body: String,
    claims: Vec<ClaimView>,
    /// Where it came from.
    #[schema(value_type = Object)]
    provenance: domain::summary::Provenance,
    created_at: String,
}

/// A claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    text: String,
    /// `verbatim`, `matched`, `quote_found`, `check` or `not_found`.
    verdict: &'static str,
    /// For `check`, what differs.
    detail: Option<String>,
    citations: Vec<CitationView>,
}

/// Where a claim leads.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitationView {
    /// The passage's number.
    passage: u32,
    /// When it was said; `null` in a text without times.
    start_ms: Option<u64>,
    end_ms: Option<u64>,
    /// The passage.
    text: String,
    /// The words of it that the quote aligned with.
    quote: Option<String>,
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        Self {
            text: claim.text,
            verdict: claim.verdict.as_str(),
            detail: claim.detail,
            citations: claim
                .citations
                .into_iter()
                .map(|citation| CitationView {
                    passage: citation.passage,
                    start_ms: citation.start_ms,
                    end_ms: citation.end_ms,
                    text: citation.text,
                    quote: citation.quote,
                })
                .collect(),
        }
    }
}

impl From<Summary> for SummaryView {
    fn from(summary: Summary) -> Self {
        let claims = summary.claims.into_iter().map(ClaimView::from).collect();
        Self {
            id: summary.id,
            video_id: summary.video_id,
            title: summary.title,
            model: summary.provenance.model.clone(),
            style: summary.request.style,
            language: summary.request.language,
            part: summary.request.span.map(PartView::from),
            body: summary.body,
            claims,
            provenance: summary.provenance,
            created_at: rfc3339(summary.created_at),
        }
    }
}

/// Summaries, newest first where no other order is asked for.
#[utoipa::path(get, path = "/api/v1/summaries", params(Paging), responses((status = 200, body = List)))]
pub async fn list(State(services): State<Services>, Query(paging): Query<Paging>) -> Result<Json<List>, ApiError> {
    let page = services
        .library_of(&Shown {
            page: paging.page.unwrap_or(1),
            per_page: paging.per_page.unwrap_or(20),
            sort: Sort::from_name(paging.sort.as_deref().unwrap_or("")),
            tag: paging.tag.as_deref().and_then(library::tag),
        })
        .await?;
    Ok(Json(List {
        items: page.items.into_iter().map(ItemView::from).collect(),
        page: page.page,
        per_page: page.per_page,
        total: page.total,
    }))
}

/// A summary with its claims and where each leads.
#[utoipa::path(get, path = "/api/v1/summaries/{id}",
    responses((status = 200, body = SummaryView), (status = 404, body = Problem)))]
pub async fn show(State(services): State<Services>, Path(id): Path<String>) -> Result<Json<SummaryView>, ApiError> {
    let summary = services.summary(&id).await?.ok_or(ApiError::NotFound("summary"))?;
    Ok(Json(summary.into()))
}

/// Deletes a summary. It can be restored for a day.
#[utoipa::path(delete, path = "/api/v1/summaries/{id}", responses((status = 204), (status = 404, body = Problem)))]
pub async fn delete(
    State(services): State<Services>,
    State(access): State<Access>,
    Extension(granted): Extension<Granted>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let title = services
        .delete_summary(&id)
        .await?
        .ok_or(ApiError::NotFound("summary"))?;
    access.write_down("summary_deleted", &granted, &title).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a deletion back.
#[utoipa::path(post, path = "/api/v1/summaries/{id}/restore", responses((status = 204), (status = 404, body = Problem)))]
pub async fn restore(
    State(services): State<Services>,
    State(access): State<Access>,
    Extension(granted): Extension<Granted>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if services.restore_summary(&id).await? {
        access.write_down("summary_restored", &granted, &id).await?;
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound("deleted summary"))
    }
}

/// A summary of a video among others.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    #[serde(flatten)]
    summary: ItemView,
    /// At most so many words were asked for.
    words: u32,
    /// How its claims came out: "11 match · 1 to check".
    checked: String,
    /// Whether the video's own address leads to it.
    pinned: bool,
}

/// The summaries of a video, newest first.
#[utoipa::path(get, path = "/api/v1/videos/{id}/summaries", responses((status = 200, body = Vec<VersionView>)))]
pub async fn versions(
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<Vec<VersionView>>, ApiError> {
    let versions = services.versions(&id).await?.into_iter().map(|version| VersionView {
        words: version.words,
        checked: version.tally.words(),
        pinned: version.is_pinned,
        summary: version.item.into(),
    });
    Ok(Json(versions.collect()))
}

/// Lets its video's address lead to this summary.
#[utoipa::path(put, path = "/api/v1/summaries/{id}/pin", responses((status = 204), (status = 404, body = Problem)))]
pub async fn pin(State(services): State<Services>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    found(services.pin(&id, true).await?)
}

/// Lets it lead to the newest again.
#[utoipa::path(delete, path = "/api/v1/summaries/{id}/pin", responses((status = 204), (status = 404, body = Problem)))]
pub async fn unpin(State(services): State<Services>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    found(services.pin(&id, false).await?)
}

/// Puts a tag on a summary.
#[utoipa::path(put, path = "/api/v1/summaries/{id}/tags/{tag}",
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn tag(
    State(services): State<Services>,
    Path((id, tag)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    found(services.tag(&id, &tag, true).await?)
}

/// Takes a tag off a summary.
#[utoipa::path(delete, path = "/api/v1/summaries/{id}/tags/{tag}",
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn untag(
    State(services): State<Services>,
    Path((id, tag)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    found(services.tag(&id, &tag, false).await?)
}

fn found(is: bool) -> Result<StatusCode, ApiError> {
    if is {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound("summary"))
    }
}

pub(super) fn rfc3339(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .to_rfc3339()
}
