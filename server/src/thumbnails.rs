//! `/thumbnails/{id}.jpg`: pictures of our videos, through us, so that reading a page tells nobody else.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::services::{Services, ThumbnailError};

/// `GET /thumbnails/{file}`
pub async fn show(State(services): State<Services>, Path(file): Path<String>) -> Response {
    let id = file.strip_suffix(".jpg").unwrap_or(&file);
    match services.thumbnail(id).await {
        Ok(picture) => (
            [
                (header::CONTENT_TYPE, picture.content_type),
                (header::CACHE_CONTROL, "private, max-age=604800".to_owned()),
            ],
            picture.bytes,
        )
            .into_response(),
        Err(ThumbnailError::Unknown) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, id, "a thumbnail could not be had");
            // Browsers show the alternative text; asking again in a while is enough.
            (
                StatusCode::BAD_GATEWAY,
                [(header::CACHE_CONTROL, "private, max-age=60")],
            )
                .into_response()
        }
    }
}
