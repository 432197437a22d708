//! The page of a video, asked for one thing alone: whether a captcha stands in its place. It is large and the first to be
//! refused, so it is asked only where no client got an answer of use and nobody knows why.

use super::{
    error::YouTubeError,
    fetch::{Deadline, Fetch, is_captcha},
};

/// At most so many bytes of it are read; a captcha is short.
const CAP: usize = 3 * 1024 * 1024;

/// Whether YouTube refuses this address; anything unclear is a no.
pub(super) async fn refuses_us(fetch: &Fetch, video_id: &str, user_agent: &str, deadline: &Deadline) -> bool {
    let Ok(mut url) = fetch.address("www.youtube.com", "/watch") else {
        return false;
    };
    url.query_pairs_mut().append_pair("v", video_id);
    let request = fetch
        .http
        .get(url)
        .header("User-Agent", user_agent)
        .header("Accept-Language", "en-US")
        .header("Cookie", "SOCS=CAI");
    match fetch.body(request, CAP, deadline).await {
        Ok(body) => is_captcha(&body),
        Err(error) => matches!(error, YouTubeError::IpBlocked { .. }),
    }
}
