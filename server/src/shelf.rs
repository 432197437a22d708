//! Plain forms about summaries that are kept: pin, tag, delete several. Each answers with a redirect to a page that shows what
//! became of it, so that all of it works without script and nothing of it has to be downloaded.

use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use backend::services::{Services, StoreError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use uuid::Uuid;

/// Summaries that one form may delete.
const MOST: usize = 100;

/// What is to be done with a summary.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Deed {
    Pin,
    Unpin,
    Tag,
    Untag,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct Change {
    deed: Deed,
    #[serde(default)]
    tag: String,
    /// Where `videos`, the page of the video's versions is shown afterwards.
    #[serde(default)]
    back: String,
}

/// `POST /summaries/{id}/shelf`
pub async fn change(State(services): State<Services>, Path(id): Path<Uuid>, Form(change): Form<Change>) -> Response {
    let id = id.to_string();
    match put(&services, &id, &change).await {
        Ok(Some(page)) => Redirect::to(&page).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "There is no such summary.\n").into_response(),
        Err(error) => unavailable(&error),
    }
}

async fn put(services: &Services, id: &str, change: &Change) -> Result<Option<String>, StoreError> {
    // A tag that is none, or one too many, changes nothing; the page shows the tags that there are.
    match change.deed {
        Deed::Pin => drop(services.pin(id, true).await?),
        Deed::Unpin => drop(services.pin(id, false).await?),
        Deed::Tag => drop(services.tag(id, &change.tag, true).await?),
        Deed::Untag => drop(services.tag(id, &change.tag, false).await?),
    }
    let Some(summary) = services.summary(id).await? else {
        return Ok(None);
    };
    Ok(Some(if change.back == "videos" {
        let video = utf8_percent_encode(&summary.video_id, NON_ALPHANUMERIC);
        format!("/videos/{video}/versions")
    } else {
        format!("/summaries/{id}#tags")
    }))
}

/// `POST /library/delete`: the ticked summaries. The library offers to take all of it back.
pub async fn delete(State(services): State<Services>, body: String) -> Response {
    let mut deleted = Vec::new();
    for id in ids(&body) {
        match services.delete_summary(&id.to_string()).await {
            Ok(Some(_)) => deleted.push(id.to_string()),
            Ok(None) => {}
            Err(error) => return unavailable(&error),
        }
    }
    if deleted.is_empty() {
        return Redirect::to("/library").into_response();
    }
    Redirect::to(&format!("/library?deleted={}", deleted.join(","))).into_response()
}

/// `POST /library/restore`: what was deleted a moment ago.
pub async fn restore(State(services): State<Services>, body: String) -> Response {
    for id in ids(&body) {
        if let Err(error) = services.restore_summary(&id.to_string()).await {
            return unavailable(&error);
        }
    }
    Redirect::to("/library").into_response()
}

/// The ids that a form names, one field each.
fn ids(body: &str) -> Vec<Uuid> {
    let fields = url::form_urlencoded::parse(body.as_bytes());
    let ids = fields.filter(|(name, _)| name == "id");
    let mut ids: Vec<Uuid> = ids.filter_map(|(_, id)| id.parse().ok()).take(MOST).collect();
    ids.dedup();
    ids
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "a form could not be carried out");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "This server's database did not answer as it should. Please send it again.\n",
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_are_taken() {
        let one = "018f4c1e-0000-7000-8000-000000000001";
        let two = "018f4c1e-0000-7000-8000-000000000002";
        let found = ids(&format!("id={one}&id=x&name={two}&id={two}&id={two}"));
        let found: Vec<String> = found.iter().map(Uuid::to_string).collect();
        assert_eq!(found, [one, two]);
    }
}
