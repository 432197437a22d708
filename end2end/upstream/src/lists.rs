//! Playlists and channels: browse with continuations, resolve_url, feeds. Enough for a preview; YouTube's rarer shapes come later.

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{
    captions::escape,
    catalogue::{self, Channel, Gate, Playlist, Video, clock},
    youtube::{google_error, with_context},
};

/// Items a page: small, so that a continuation is needed at all.
const PAGE: usize = 5;
/// Items a page of a list that has more than that, as on YouTube.
const LONG: usize = 100;

/// Everything about lists.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/youtubei/v1/browse", post(browse))
        .route("/youtubei/v1/navigation/resolve_url", post(resolve_url))
        .route("/feeds/videos.xml", get(feed))
}

async fn browse(Json(body): Json<Value>) -> Response {
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if let Some((id, from)) = text("continuation").rsplit_once("~") {
        return continued(id, from.parse().unwrap_or(0));
    }
    let id = text("browseId");
    if let Some(list) = id.strip_prefix("VL") {
        return match catalogue::playlist(list) {
            Some(playlist) => Json(with_context(playlist_page(playlist))).into_response(),
            None => alert("The playlist does not exist."),
        };
    }
    match catalogue::channel(id) {
        Some(channel) => Json(with_context(channel_page(channel))).into_response(),
        None => alert("This channel does not exist."),
    }
}

fn alert(text: &str) -> Response {
    let alert = json!({"alertRenderer": {"type": "ERROR", "text": {"runs": [{"text": text}]}}});
    Json(with_context(json!({"alerts": [alert]}))).into_response()
}

fn continued(id: &str, from: usize) -> Response {
    let items = match (catalogue::playlist(id), catalogue::channel(id)) {
        (Some(playlist), _) => items(id, &playlist.videos, from, playlist_item),
        (_, Some(channel)) => items(id, &channel.videos, from, grid_item),
        _ => {
            return google_error(
                StatusCode::BAD_REQUEST,
                "INVALID_ARGUMENT",
                "Request contains an invalid argument.",
            );
        }
    };
    let action = json!({"appendContinuationItemsAction": {"continuationItems": items}});
    Json(with_context(json!({"onResponseReceivedActions": [action]}))).into_response()
}

/// One page of items, with a token at its end where more follow.
fn items(id: &str, videos: &[String], from: usize, item: fn(&Video, usize) -> Value) -> Vec<Value> {
    let size = if videos.len() > LONG { LONG } else { PAGE };
    let mut page: Vec<Value> = videos
        .iter()
        .enumerate()
        .skip(from)
        .take(size)
        .filter_map(|(n, id)| catalogue::video(id).map(|video| item(&video, n)))
        .collect();
    if from + size < videos.len() {
        page.push(json!({"continuationItemRenderer": {
            "trigger": "CONTINUATION_TRIGGER_ON_ITEM_SHOWN",
            "continuationEndpoint": {"continuationCommand": {
                "token": format!("{id}~{}", from + size),
                "request": "CONTINUATION_REQUEST_TYPE_BROWSE",
            }},
        }}));
    }
    page
}

fn playlist_page(playlist: &Playlist) -> Value {
    let owner = catalogue::channel(&playlist.channel);
    json!({
        "header": {"pageHeaderRenderer": {"pageTitle": playlist.title}},
        "microformat": {"microformatDataRenderer": {"title": playlist.title}},
        "sidebar": {"playlistSidebarRenderer": {"items": [
            {"playlistSidebarPrimaryInfoRenderer": {"stats": [
                {"runs": [{"text": playlist.videos.len().to_string()}, {"text": " videos"}]},
            ]}},
            {"playlistSidebarSecondaryInfoRenderer": {"videoOwner": {"videoOwnerRenderer": {
                "title": {"runs": [{"text": owner.map(|channel| channel.name.as_str())}]},
                "navigationEndpoint": {"browseEndpoint": {"browseId": playlist.channel}},
            }}}},
        ]}},
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [{"tabRenderer": {"selected": true, "content": {
            "sectionListRenderer": {"contents": [{"itemSectionRenderer": {
                "contents": items(&playlist.id, &playlist.videos, 0, playlist_item),
            }}]},
        }}}]}},
    })
}

fn channel_page(channel: &Channel) -> Value {
    json!({
        "metadata": {"channelMetadataRenderer": {
            "title": channel.name,
            "description": channel.description,
            "externalId": channel.id,
            "rssUrl": format!("https://www.youtube.com/feeds/videos.xml?channel_id={}", channel.id),
            "channelUrl": format!("https://www.youtube.com/channel/{}", channel.id),
            "vanityChannelUrl": format!("http://www.youtube.com/{}", channel.handle),
        }},
        "contents": {"twoColumnBrowseResultsRenderer": {"tabs": [
            {"tabRenderer": {"title": "Home"}},
            {"tabRenderer": {"title": "Videos", "selected": true, "content": {"richGridRenderer": {
                "contents": items(&channel.id, &channel.videos, 0, grid_item),
            }}}},
        ]}},
    })
}

/// Odd places of a playlist come in the older shape: YouTube sends both while it changes over.
fn playlist_item(video: &Video, n: usize) -> Value {
    if n.is_multiple_of(2) {
        return lockup(video);
    }
    json!({"playlistVideoRenderer": {
        "videoId": video.id,
        "title": {"runs": [{"text": if video.gate == Gate::Private { "[Private video]" } else { &video.title }}]},
        "index": {"simpleText": (n + 1).to_string()},
        "lengthSeconds": video.seconds.to_string(),
        "lengthText": {"simpleText": clock(video.seconds.into())},
        "shortBylineText": {"runs": [{
            "text": video.channel,
            "navigationEndpoint": {"browseEndpoint": {"browseId": catalogue::channel_id(&video.channel)}},
        }]},
        "isPlayable": video.gate != Gate::Private,
    }})
}

fn grid_item(video: &Video, _n: usize) -> Value {
    json!({"richItemRenderer": {"content": lockup(video)}})
}

fn lockup(video: &Video) -> Value {
    let title = if video.gate == Gate::Private {
        "[Private video]"
    } else {
        &video.title
    };
    let badge = match video.gate {
        Gate::Live => "LIVE".to_owned(),
        Gate::Upcoming => "UPCOMING".to_owned(),
        _ => clock(video.seconds.into()),
    };
    let part = |text: String| json!({"text": {"content": text}});
    json!({"lockupViewModel": {
        "contentId": video.id,
        "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
        "contentImage": {"thumbnailViewModel": {
            "image": {"sources": [{"url": format!("https://i.ytimg.com/vi/{}/hqdefault.jpg", video.id), "width": 168, "height": 94}]},
            "overlays": [{"thumbnailBottomOverlayViewModel": {"badges": [{"thumbnailBadgeViewModel": {"text": badge}}]}}],
        }},
        "metadata": {"lockupMetadataViewModel": {
            "title": {"content": title},
            "metadata": {"contentMetadataViewModel": {"metadataRows": [
                {"metadataParts": [part(video.channel.clone())]},
                {"metadataParts": [part(format!("{} views", video.views)), part(video.published.clone())]},
            ]}},
        }},
    }})
}

async fn resolve_url(Json(body): Json<Value>) -> Response {
    let url = body.get("url").and_then(Value::as_str).unwrap_or_default();
    let found = url.split('/').skip(3).find_map(catalogue::channel);
    match found {
        Some(channel) => {
            let endpoint = json!({"browseEndpoint": {"browseId": channel.id, "params": "EgC4AQCSAwDyBgQKAjIA"}});
            Json(with_context(json!({"endpoint": endpoint}))).into_response()
        }
        None => google_error(StatusCode::NOT_FOUND, "NOT_FOUND", "Requested entity was not found."),
    }
}

async fn feed(Query(query): Query<HashMap<String, String>>) -> Response {
    let get = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let (title, channel, videos) = match (
        catalogue::playlist(get("playlist_id")),
        catalogue::channel(get("channel_id")),
    ) {
        (Some(playlist), _) => (&playlist.title, &playlist.channel, &playlist.videos),
        (_, Some(channel)) => (&channel.name, &channel.id, &channel.videos),
        _ => {
            return (
                StatusCode::NOT_FOUND,
                [(header::CONTENT_TYPE, "text/html")],
                "<html>Not Found</html>",
            )
                .into_response();
        }
    };
    let mut xml = format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" "#,
            r#"xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">"#,
            "<yt:channelId>{}</yt:channelId><title>{}</title><author><name>{}</name></author>",
        ),
        channel.trim_start_matches("UC"),
        escape(title),
        escape(catalogue::channel(channel).map_or("", |channel| &channel.name)),
    );
    for video in videos
        .iter()
        .filter_map(|id| catalogue::video(id))
        .filter(|video| video.gate != Gate::Private)
        .take(15)
    {
        let (id, title, name) = (&video.id, escape(&video.title), escape(&video.channel));
        let (published, views) = (&video.published, video.views);
        let description = escape(&video.description());
        let owner = catalogue::channel_id(&video.channel);
        xml.push_str(&format!(
            concat!(
                r#"<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{owner}</yt:channelId>"#,
                r#"<title>{title}</title><link rel="alternate" href="https://www.youtube.com/watch?v={id}"/>"#,
                "<author><name>{name}</name></author><published>{published}T06:00:00+00:00</published>",
                "<updated>{published}T06:00:00+00:00</updated><media:group><media:title>{title}</media:title>",
                r#"<media:thumbnail url="https://i.ytimg.com/vi/{id}/hqdefault.jpg" width="480" height="360"/>"#,
                "<media:description>{description}</media:description><media:community>",
                r#"<media:statistics views="{views}"/></media:community></media:group></entry>"#,
            ),
            id = id,
            owner = owner,
            title = title,
            name = name,
            published = published,
            description = description,
            views = views,
        ));
    }
    xml.push_str("</feed>");
    ([(header::CONTENT_TYPE, "text/xml; charset=UTF-8")], xml).into_response()
}
