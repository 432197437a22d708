//! `/thumbnails/{id}.jpg`: pictures of our videos, through us, so that reading a page tells nobody else.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::services::{Services, ThumbnailError};

/// Stands in for a picture that can't be had: a plain surface, in a grey that both looks bear.
const NO_PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#87827b" opacity=".35" d="M0 0h16v9H0z"/></svg>"##;

/// `GET /thumbnails/{file}`: the picture; a plain surface where YouTube has none or does not answer.
pub async fn show(State(services): State<Services>, Path(file): Path<String>) -> Response {
    let id = file.strip_suffix(".jpg").unwrap_or(&file);
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return StatusCode::NOT_FOUND.into_response();
    }
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
            // A page is not broken because a picture is away; asking again in a while is enough.
            (
                [
                    (header::CONTENT_TYPE, "image/svg+xml"),
                    (header::CACHE_CONTROL, "private, max-age=60"),
                ],
                NO_PICTURE,
            )
                .into_response()
        }
    }
}
