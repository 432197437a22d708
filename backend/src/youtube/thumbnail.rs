//! A video's picture: the first of its sizes that is there, and only if its bytes are those of a picture.

use super::{Thumbnail, error::YouTubeError, fetch::Fetch};

/// 320, 480 and 120 pixels wide; the last is always there.
const SIZES: [&str; 3] = ["mqdefault", "hqdefault", "default"];
/// At most so many bytes are read.
const CAP: usize = 2 * 1024 * 1024;

/// Fetches it. `video_id` must be known to be one: it becomes part of an address.
pub(super) async fn ask(fetch: &Fetch, video_id: &str, user_agent: &str) -> Result<Thumbnail, YouTubeError> {
    let outcome = first(fetch, video_id, user_agent).await;
    fetch.gate.count("thumbnail", &outcome).await;
    outcome
}

async fn first(fetch: &Fetch, video_id: &str, user_agent: &str) -> Result<Thumbnail, YouTubeError> {
    let deadline = fetch.deadline();
    for size in SIZES {
        let url = fetch.address("i.ytimg.com", &format!("/vi/{video_id}/{size}.jpg"))?;
        let request = fetch.http.get(url).header("User-Agent", user_agent);
        let bytes = match fetch.once(request, CAP, &deadline).await {
            Err(YouTubeError::UpstreamFailed { status: Some(404), .. }) => continue,
            other => other?,
        };
        let content_type = content_type(&bytes).ok_or_else(|| YouTubeError::unparsable("thumbnail"))?;
        return Ok(Thumbnail { content_type, bytes });
    }
    Err(YouTubeError::VideoUnavailable)
}

/// The type by the first bytes, whatever the headers say; `None` for what is none of the pictures that YouTube sends.
fn content_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        assert_eq!(content_type(b"\xFF\xD8\xFF\xE0rest"), Some("image/jpeg"));
        assert_eq!(content_type(b"\x89PNG\r\n\x1A\nrest"), Some("image/png"));
        assert_eq!(content_type(b"RIFF\0\0\0\0WEBPrest"), Some("image/webp"));
        for other in [
            &b"<svg onload='alert(1)'>"[..],
            b"<html>",
            b"GIF89a",
            b"",
            b"RIFF\0\0\0\0WAVE",
        ] {
            assert_eq!(content_type(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
