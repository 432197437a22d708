//! oEmbed, the last resort for a title: what YouTube tells pages that embed a video.

use serde_json::Value;

use super::{
    error::YouTubeError,
    fetch::{Deadline, Fetch},
    json::{at, line},
};

/// At most so many bytes are read.
const CAP: usize = 100 * 1024;

/// Title and channel.
pub(super) struct Card {
    pub(super) title: String,
    pub(super) channel: Option<String>,
}

/// Asks for the card of a video. Anything but a card (`Forbidden` in words, a page) is an error.
pub(super) async fn ask(
    fetch: &Fetch,
    video_id: &str,
    user_agent: &str,
    deadline: &Deadline,
) -> Result<Card, YouTubeError> {
    let mut url = fetch.address("www.youtube.com", "/oembed")?;
    url.query_pairs_mut()
        .append_pair("url", &format!("https://www.youtube.com/watch?v={video_id}"))
        .append_pair("format", "json");
    let request = fetch.http.get(url).header("User-Agent", user_agent);
    let card = match fetch.body(request, CAP, deadline).await {
        Ok(body) => read(&body),
        Err(error) => Err(error),
    };
    fetch.gate.count("oembed", &card).await;
    card
}

fn read(body: &[u8]) -> Result<Card, YouTubeError> {
    let unparsable = || YouTubeError::unparsable("oembed");
    let card: Value = serde_json::from_slice(body).map_err(|_| unparsable())?;
    Ok(Card {
        title: line(at(&card, "/title")).ok_or_else(unparsable)?,
        channel: line(at(&card, "/author_name")),
    })
}
