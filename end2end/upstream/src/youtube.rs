//! YouTube as InnerTube's clients see it: player, next, timed text, oEmbed, pictures. Lists stand in `lists`.

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    captions,
    catalogue::{self, Gate, Track, Video, Withheld, channel_id, clock},
};

/// Everything but lists.
pub(crate) fn routes() -> Router {
    Router::new()
        .route(
            "/youtubei/v1/visitor_id",
            post(|| async { Json(with_context(json!({}))) }),
        )
        .route("/youtubei/v1/player", post(player))
        .route("/youtubei/v1/next", post(next))
        .route("/api/timedtext", get(timedtext))
        .route("/oembed", get(oembed))
        .route("/vi/{id}/{name}", get(picture))
}

/// Adds what every answer of InnerTube carries.
pub(crate) fn with_context(mut answer: Value) -> Value {
    answer["responseContext"] = json!({"visitorData": "CgtmaXh0dXJlMDAwMCjA%3D%3D"});
    answer
}

/// An error as Google's servers word it.
pub(crate) fn google_error(status: StatusCode, name: &str, message: &str) -> Response {
    let code = status.as_u16();
    (
        status,
        Json(json!({"error": {"code": code, "message": message, "status": name}})),
    )
        .into_response()
}

fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

// ---- player ----

async fn player(Json(body): Json<Value>) -> Response {
    let client = text(&body, "/context/client/clientName");
    let version = text(&body, "/context/client/clientVersion");
    let major: u32 = version.split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    if client.is_empty() || (matches!(client, "ANDROID" | "IOS") && major < 20) {
        return google_error(
            StatusCode::BAD_REQUEST,
            "FAILED_PRECONDITION",
            "Precondition check failed.",
        );
    }
    let embedded = text(&body, "/context/thirdParty/embedUrl").starts_with("http");
    let answer = match (client, catalogue::video(text(&body, "/videoId"))) {
        ("ANDROID" | "IOS" | "VISIONOS", Some(video)) => answer(&video, client),
        ("WEB_EMBEDDED_PLAYER", Some(video)) if embedded && video.gate == Gate::AgeEmbeddable => {
            playable(&video, client)
        }
        ("WEB_EMBEDDED_PLAYER", Some(video)) if embedded => answer(&video, client),
        (_, None) => refused("ERROR", "This video is unavailable", None),
        _ => refused("UNPLAYABLE", "The page needs to be reloaded.", None),
    };
    Json(with_context(answer)).into_response()
}

fn answer(video: &Video, client: &str) -> Value {
    let (status, reason, details) = match video.gate {
        Gate::Open => return playable(video, client),
        Gate::WrongVideo => {
            let other = catalogue::video("TeaKettle04");
            return playable(other.as_deref().unwrap_or(video), client);
        }
        Gate::Live => {
            let mut answer = playable(video, client);
            answer["playabilityStatus"]["liveStreamability"] =
                json!({"liveStreamabilityRenderer": {"videoId": video.id}});
            answer["videoDetails"]["isLive"] = json!(true);
            answer["videoDetails"]["isLiveContent"] = json!(true);
            return answer;
        }
        Gate::Upcoming => {
            let mut answer = refused("LIVE_STREAM_OFFLINE", "Premieres in 9 hours", Some(video));
            answer["playabilityStatus"]["liveStreamability"] = json!({"liveStreamabilityRenderer": {
                "videoId": video.id,
                "offlineSlate": {"liveStreamOfflineSlateRenderer": {"scheduledStartTime": "1924988400"}},
            }});
            answer["videoDetails"]["isUpcoming"] = json!(true);
            return answer;
        }
        Gate::Private => ("LOGIN_REQUIRED", "This video is private", None),
        Gate::Age | Gate::AgeEmbeddable => {
            let mut answer = refused(
                "LOGIN_REQUIRED",
                "This video may be inappropriate for some users.",
                Some(video),
            );
            answer["playabilityStatus"]["desktopLegacyAgeGateReason"] = json!(1);
            return answer;
        }
        Gate::Unavailable => ("ERROR", "This video is unavailable", None),
        Gate::BotCheck => ("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot", None),
        Gate::Members => (
            "UNPLAYABLE",
            "Join this channel to get access to members-only content like this video.",
            Some(video),
        ),
        Gate::Country => (
            "UNPLAYABLE",
            "The uploader has not made this video available in your country",
            Some(video),
        ),
    };
    refused(status, reason, details)
}

/// What a client gets that may play the video.
pub(crate) fn playable(video: &Video, client: &str) -> Value {
    let mut answer = json!({
        "playabilityStatus": {"status": "OK", "playableInEmbed": true},
        "videoDetails": details(video),
    });
    if !video.tracks.is_empty() {
        let tracks: Vec<Value> = video
            .tracks
            .iter()
            .map(|track| caption_track(video, track, client))
            .collect();
        let default = video.tracks.iter().position(|track| track.auto).unwrap_or(0);
        answer["captions"] = json!({"playerCaptionsTracklistRenderer": {
            "captionTracks": tracks,
            "audioTracks": [{
                "captionTrackIndices": (0..tracks.len()).collect::<Vec<_>>(),
                "defaultCaptionTrackIndex": default,
                "hasDefaultTrack": true,
            }],
            "translationLanguages": [
                {"languageCode": "de", "languageName": words("German", client)},
                {"languageCode": "fr", "languageName": words("French", client)},
            ],
            "defaultAudioTrackIndex": 0,
        }});
    }
    answer
}

fn refused(status: &str, reason: &str, video: Option<&Video>) -> Value {
    let mut answer = json!({"playabilityStatus": {
        "status": status,
        "reason": reason,
        "errorScreen": {"playerErrorMessageRenderer": {
            "reason": {"simpleText": reason},
            "subreason": {"runs": [{"text": "Learn more"}]},
        }},
    }});
    if let Some(video) = video {
        answer["videoDetails"] = details(video);
    }
    answer
}

fn details(video: &Video) -> Value {
    let picture = |name: &str, width: u32, height: u32| json!({"url": format!("https://i.ytimg.com/vi/{}/{name}.jpg", video.id), "width": width, "height": height});
    json!({
        "videoId": video.id,
        "title": video.title,
        "lengthSeconds": video.seconds.to_string(),
        "keywords": ["fixture"],
        "channelId": channel_id(&video.channel),
        "isOwnerViewing": false,
        "shortDescription": video.description(),
        "isCrawlable": true,
        "thumbnail": {"thumbnails": [picture("default", 120, 90), picture("mqdefault", 320, 180)]},
        "allowRatings": true,
        "viewCount": video.views.to_string(),
        "author": video.channel,
        "isPrivate": video.gate == Gate::Private,
        "isUnpluggedCorpus": false,
        "isLiveContent": false,
    })
}

/// Mobile clients spell names in runs and ask for srv3; VISIONOS has plain texts and no format.
fn words(text: &str, client: &str) -> Value {
    if client == "VISIONOS" {
        json!({"simpleText": text})
    } else {
        json!({"runs": [{"text": text}]})
    }
}

fn caption_track(video: &Video, track: &Track, client: &str) -> Value {
    let withheld = video.withheld == Some(Withheld::Mobile) && matches!(client, "ANDROID" | "IOS" | "WEB");
    let (exp, sparams) = if withheld {
        ("&exp=xpe", "ip,ipbits,expire,v,ei,caps,opi,exp,xoaf")
    } else {
        ("", "ip,ipbits,expire,v,ei,caps,opi,xoaf")
    };
    let kind = if track.auto { "&kind=asr" } else { "" };
    let name = if track.track.is_empty() {
        String::new()
    } else {
        format!("&name={}", track.track)
    };
    let format = if client == "VISIONOS" { "" } else { "&fmt=srv3" };
    let sparams = sparams.replace(',', "%2C");
    let url = format!(
        "https://www.youtube.com/api/timedtext?v={}&ei=fixtureAAAA&caps=asr&opi=112496729&xoaf=5&hl=en&ip=0.0.0.0&ipbits=0\
         &expire=1924988400&sparams={sparams}{exp}&signature=0123456789ABCDEF&key=yt8{kind}&lang={}{name}{format}",
        video.id, track.lang,
    );
    let mut value = json!({
        "baseUrl": url,
        "name": words(&track.name, client),
        "vssId": track.vss_id(),
        "languageCode": track.lang,
        "isTranslatable": true,
        "trackName": track.track,
    });
    if track.auto {
        value["kind"] = json!("asr");
    }
    value
}

// ---- timed text ----

async fn timedtext(Query(query): Query<HashMap<String, String>>) -> Response {
    let get = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let Some(video) = catalogue::video(get("v")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !query.contains_key("signature") {
        return StatusCode::FORBIDDEN.into_response();
    }
    if query.contains_key("tlang") {
        return (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::CONTENT_TYPE, "text/html")],
            "<html><title>Sorry...</title></html>",
        )
            .into_response();
    }
    let track = video
        .tracks
        .iter()
        .find(|track| track.lang == get("lang") && track.auto == (get("kind") == "asr") && track.track == get("name"));
    let withheld = video.withheld == Some(Withheld::Body) || (get("exp").starts_with("xp") && get("pot").is_empty());
    let Some(track) = track.filter(|_| !withheld) else {
        return ([(header::CONTENT_TYPE, "text/html; charset=UTF-8")], "").into_response();
    };
    let cues = video.cues(track);
    match get("fmt") {
        "json3" => Json(captions::json3(&cues, track.auto)).into_response(),
        "srv3" => xml(captions::srv3(&cues, track.auto)),
        _ => xml(captions::srv1(&cues)),
    }
}

fn xml(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=UTF-8")], text).into_response()
}

// ---- next ----

async fn next(Json(body): Json<Value>) -> Json<Value> {
    let Some(video) = catalogue::video(text(&body, "/videoId")).filter(|video| is_told(video)) else {
        return Json(with_context(
            json!({"contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": []}}}}}),
        ));
    };
    Json(with_context(next_page(&video)))
}

/// What stands around a video: who made it, its description, its chapters.
pub(crate) fn next_page(video: &Video) -> Value {
    let channel = channel_id(&video.channel);
    let mut answer = json!({
        "contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": [
            {"videoPrimaryInfoRenderer": {
                "title": {"runs": [{"text": video.title}]},
                "viewCount": {"videoViewCountRenderer": {"viewCount": {"simpleText": format!("{} views", video.views)}}},
                "dateText": {"simpleText": video.published},
            }},
            {"videoSecondaryInfoRenderer": {
                "owner": {"videoOwnerRenderer": {
                    "title": {"runs": [{"text": video.channel}]},
                    "navigationEndpoint": {"browseEndpoint": {
                        "browseId": channel,
                        "canonicalBaseUrl": catalogue::channel(&video.channel).map(|channel| format!("/{}", channel.handle)),
                    }},
                }},
                "attributedDescription": {"content": video.description().replace('\n', "\r\n")},
            }},
        ]}}}},
    });
    let chapters = video.chapters();
    if !chapters.is_empty() {
        let (key, panel_id) = if video.automatic_chapters {
            ("AUTO_CHAPTERS", "engagement-panel-macro-markers-auto-chapters")
        } else {
            (
                "DESCRIPTION_CHAPTERS",
                "engagement-panel-macro-markers-description-chapters",
            )
        };
        let bar: Vec<Value> = chapters
            .iter()
            .map(|chapter| {
                json!({"chapterRenderer": {
                    "title": {"simpleText": chapter.title},
                    "timeRangeStartMillis": chapter.start_ms,
                }})
            })
            .collect();
        let panel: Vec<Value> = chapters
            .iter()
            .map(|chapter| {
                let seconds = chapter.start_ms / 1000;
                json!({"macroMarkersListItemRenderer": {
                    "title": {"simpleText": chapter.title},
                    "timeDescription": {"simpleText": clock(seconds)},
                    "onTap": {"watchEndpoint": {"videoId": video.id, "startTimeSeconds": seconds}},
                }})
            })
            .collect();
        answer["playerOverlays"] = json!({"playerOverlayRenderer": {"decoratedPlayerBarRenderer": {
            "decoratedPlayerBarRenderer": {"playerBar": {"multiMarkersPlayerBarRenderer": {
                "markersMap": [{"key": key, "value": {"chapters": bar}}],
            }}},
        }}});
        answer["engagementPanels"] = json!([{"engagementPanelSectionListRenderer": {
            "panelIdentifier": panel_id,
            "content": {"macroMarkersListRenderer": {"contents": panel}},
        }}]);
    }
    answer
}

/// Whether metadata is told to a visitor who is not signed in.
fn is_told(video: &Video) -> bool {
    !matches!(video.gate, Gate::Private | Gate::Unavailable)
}

// ---- oEmbed, pictures ----

async fn oembed(Query(query): Query<HashMap<String, String>>) -> Response {
    let id = query
        .get("url")
        .and_then(|url| url.split(['=', '/']).rfind(|part| part.len() >= 11))
        .and_then(|part| part.get(..11))
        .unwrap_or_default();
    match catalogue::video(id) {
        _ if id.is_empty() => (StatusCode::BAD_REQUEST, "Bad Request").into_response(),
        None => (StatusCode::NOT_FOUND, "Not Found").into_response(),
        Some(video) if video.gate == Gate::Unavailable => (StatusCode::NOT_FOUND, "Not Found").into_response(),
        Some(video) if video.gate == Gate::Private => (StatusCode::FORBIDDEN, "Forbidden").into_response(),
        Some(video) => Json(json!({
            "title": video.title,
            "author_name": video.channel,
            "author_url": format!("https://www.youtube.com/channel/{}", channel_id(&video.channel)),
            "type": "video", "height": 113, "width": 200, "version": "1.0",
            "provider_name": "YouTube", "provider_url": "https://www.youtube.com/",
            "thumbnail_height": 360, "thumbnail_width": 480,
            "thumbnail_url": format!("https://i.ytimg.com/vi/{id}/hqdefault.jpg"),
            "html": "<iframe width=\"200\" height=\"113\"></iframe>",
        }))
        .into_response(),
    }
}

/// One of four pictures. As on YouTube, the largest size is missing for many videos.
async fn picture(Path((id, name)): Path<(String, String)>) -> Response {
    let pictures: [&'static [u8]; 4] = [
        include_bytes!("../catalogue/pictures/1.jpg"),
        include_bytes!("../catalogue/pictures/2.jpg"),
        include_bytes!("../catalogue/pictures/3.jpg"),
        include_bytes!("../catalogue/pictures/4.jpg"),
    ];
    let known = catalogue::video(&id).is_some_and(|video| is_told(&video))
        && name.ends_with(".jpg")
        && !name.starts_with("maxres");
    let nth: usize = id.bytes().map(usize::from).sum();
    match pictures.get(nth % pictures.len()).filter(|_| known) {
        Some(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], *bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
