//! YouTube's watch page as a browser gets it, as far as the bookmarklet looks at it: the player's answer, the page's data,
//! the button for captions and the transcript beside the video. At `/_page/watch`, since the product must never ask for
//! `/watch` itself; browser tests put it there.

use std::collections::HashMap;

use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use crate::{
    captions::escape,
    catalogue::{self, clock},
    youtube::{next_page, playable},
};

/// What the page does with its data, as YouTube's own does: the player asks for captions with a token when they are
/// turned on; the transcript is filled when it is opened.
const SCRIPT: &str = r#"
const player = document.getElementById('movie_player');
player.getPlayerResponse = () => ytInitialPlayerResponse;
player.getOption = () => ({});
const captions = document.querySelector('.ytp-subtitles-button');
captions.addEventListener('click', () => {
  const on = captions.getAttribute('aria-pressed') === 'false';
  captions.setAttribute('aria-pressed', String(on));
  const list = ytInitialPlayerResponse.captions?.playerCaptionsTracklistRenderer.captionTracks ?? [];
  if (on && list.length) {
    fetch(list[0].baseUrl + '&pot=fixture-token&potc=1&c=WEB&fmt=json3');
  }
});
document.querySelector('ytd-video-description-transcript-section-renderer button').addEventListener('click', () => {
  for (const [time, text] of transcript) {
    const segment = document.createElement('ytd-transcript-segment-renderer');
    const at = document.createElement('div');
    at.textContent = `\n  ${time}\n`;
    const words = document.createElement('yt-formatted-string');
    words.className = 'segment-text';
    words.textContent = text;
    segment.append(at, words);
    document.body.append(segment);
  }
});
"#;

/// The page.
pub(crate) fn routes() -> Router {
    Router::new().route("/_page/watch", get(watch))
}

async fn watch(Query(query): Query<HashMap<String, String>>) -> Response {
    let id = query.get("v").map(String::as_str).unwrap_or_default();
    let Some(video) = catalogue::video(id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let segments: Vec<Value> = video
        .tracks
        .first()
        .map(|track| video.cues(track))
        .unwrap_or_default()
        .iter()
        .map(|cue| json!([clock(cue.start_ms / 1000), cue.text]))
        .collect();
    let mut data = next_page(&video);
    data["currentVideoEndpoint"] = json!({"watchEndpoint": {"videoId": video.id}});
    let title = escape(&video.title);
    let (answer, data, segments) = (
        literal(&playable(&video, "WEB")),
        literal(&data),
        literal(&json!(segments)),
    );
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - YouTube</title></head><body>\
         <div id=\"movie_player\"><button class=\"ytp-subtitles-button\" aria-pressed=\"false\">Captions</button></div>\
         <ytd-video-description-transcript-section-renderer><button>Show transcript</button>\
         </ytd-video-description-transcript-section-renderer>\
         <script>var ytInitialPlayerResponse = {answer}; var ytInitialData = {data}; const transcript = {segments};{SCRIPT}\
         </script></body></html>"
    ))
    .into_response()
}

/// JSON that can't end the script that it stands in.
fn literal(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}
