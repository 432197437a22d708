//! `/api/v1/summaries`: what is kept.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use backend::services::Services;
use domain::{
    library::LibraryItem,
    summary::{Claim, Summary},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{ApiError, Problem};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Paging {
    /// From 1.
    page: Option<u32>,
    /// 1 to 100; 20 where nothing is said.
    per_page: Option<u32>,
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
    created_at: String,
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
            body: summary.body,
            claims,
            provenance: summary.provenance,
            created_at: rfc3339(summary.created_at),
        }
    }
}

/// Summaries, newest first.
#[utoipa::path(get, path = "/api/v1/summaries", params(Paging), responses((status = 200, body = List)))]
pub async fn list(State(services): State<Services>, Query(paging): Query<Paging>) -> Result<Json<List>, ApiError> {
    let page = services
        .library(paging.page.unwrap_or(1), paging.per_page.unwrap_or(20))
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
pub async fn delete(State(services): State<Services>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    services
        .delete_summary(&id)
        .await?
        .map(|_| StatusCode::NO_CONTENT)
        .ok_or(ApiError::NotFound("summary"))
}

/// Takes a deletion back.
#[utoipa::path(post, path = "/api/v1/summaries/{id}/restore", responses((status = 204), (status = 404, body = Problem)))]
pub async fn restore(State(services): State<Services>, Path(id): Path<String>) -> Result<StatusCode, ApiError> {
    if services.restore_summary(&id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound("deleted summary"))
    }
}

pub(super) fn rfc3339(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0)
        .unwrap_or_default()
        .to_rfc3339()
}
