//! Playlists and channels: `browse` with its continuations; a channel's feed where `browse` fails.
//!
//! YouTube changes how items are written every few months and sends old and new forms side by side, so they are looked
//! for anywhere in an answer, by the names of their renderers, and never at fixed places.

use std::collections::HashSet;

use domain::{
    link::Link,
    timecode,
    video_list::{ItemState, ListItem, VideoList},
};
use serde_json::{Value, json};

use super::{
    ClientProfile,
    error::YouTubeError,
    feed,
    fetch::{Deadline, Fetch},
    innertube,
    json::{at, items, line, number},
};

/// Videos of a list that are read; more are said to be there.
pub(super) const MOST: usize = 500;
/// Answers that are read for a list: lists that go round in circles end here at the latest.
const MOST_PAGES: usize = 40;
/// The tab of a channel that has its videos.
const VIDEOS_TAB: &str = "EgZ2aWRlb3PyBgQKAjoA";
/// Unavailable videos, too.
const WITH_UNAVAILABLE: &str = "wgYCCAA%3D";

/// Reads the list that a link leads to.
pub(super) async fn ask(
    fetch: &Fetch,
    web: &ClientProfile,
    link: &Link,
    deadline: &Deadline,
) -> Result<VideoList, YouTubeError> {
    let list = match link {
        Link::Playlist { id } => playlist(fetch, web, id, deadline).await,
        Link::Channel { id } => channel(fetch, web, id, deadline).await,
        Link::Handle { .. } | Link::ChannelUrl { .. } => {
            let id = resolve(fetch, web, &link.canonical(), deadline).await?;
            channel(fetch, web, &id, deadline).await
        }
        Link::Video { .. } => Err(unavailable("is a video, not a list")),
    };
    fetch.gate.count(&web.name, &list).await;
    list
}

async fn playlist(
    fetch: &Fetch,
    web: &ClientProfile,
    id: &str,
    deadline: &Deadline,
) -> Result<VideoList, YouTubeError> {
    if matches!(id, "WL" | "LL" | "LM") {
        return Err(unavailable("is a list that only its owner sees, signed in"));
    }
    if id.starts_with("RD") {
        return Err(unavailable(
            "is a mix that YouTube makes up anew for each visitor and that has no end",
        ));
    }
    let first = json!({"browseId": format!("VL{id}"), "params": WITH_UNAVAILABLE});
    pages(fetch, web, first, deadline).await
}

async fn channel(fetch: &Fetch, web: &ClientProfile, id: &str, deadline: &Deadline) -> Result<VideoList, YouTubeError> {
    let first = json!({"browseId": id, "params": VIDEOS_TAB});
    match pages(fetch, web, first, deadline).await {
        Ok(list) => Ok(list),
        Err(error @ YouTubeError::ListUnavailable { .. }) => Err(error),
        // The feed has the newest 15 at best. That it is not there proves nothing, so the first error is the one to tell.
        Err(error) => feed::ask(fetch, id, &web.user_agent, deadline).await.map_err(|_| error),
    }
}

/// The id of the channel that an address leads to.
async fn resolve(
    fetch: &Fetch,
    web: &ClientProfile,
    address: &str,
    deadline: &Deadline,
) -> Result<String, YouTubeError> {
    let asked = innertube::call(fetch, web, "navigation/resolve_url", json!({"url": address}), deadline).await;
    let answer = match asked {
        Err(YouTubeError::UpstreamFailed { status: Some(404), .. }) => return Err(unavailable("does not exist")),
        other => other?,
    };
    at(&answer, "/endpoint/browseEndpoint/browseId")
        .as_str()
        .filter(|id| {
            id.starts_with("UC")
                && id.len() == 24
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        })
        .map(str::to_owned)
        .ok_or_else(|| unavailable("is no channel"))
}

async fn pages(
    fetch: &Fetch,
    web: &ClientProfile,
    first: Value,
    deadline: &Deadline,
) -> Result<VideoList, YouTubeError> {
    let answer = innertube::call(fetch, web, "browse", first, deadline).await?;
    if let Some(reason) = alert(&answer) {
        return Err(unavailable(&reason));
    }
    let mut list = VideoList {
        title: title(&answer).unwrap_or_default(),
        owner: find(&answer, "videoOwnerRenderer").and_then(|owner| line(at(owner, "/title"))),
        ..VideoList::default()
    };
    let mut known = HashSet::new();
    let mut tokens = HashSet::new();
    let mut next = take(&answer, &mut list, &mut known);
    if list.title.is_empty() && list.items.is_empty() {
        let unread = Err(YouTubeError::unparsable("browse"));
        return fetch.with_sample(unread, answer.to_string()).await;
    }
    let mut pages = 1;
    while let Some(token) = next {
        // The same page again, or more than anybody reads.
        if !tokens.insert(token.clone()) || list.items.len() >= MOST || pages >= MOST_PAGES {
            list.is_cut = list.items.len() >= MOST;
            break;
        }
        pages += 1;
        let answer = match innertube::call(fetch, web, "browse", json!({"continuation": token}), deadline).await {
            Ok(answer) => answer,
            Err(error) => {
                // What is there is worth more than nothing.
                tracing::warn!(kind = error.kind(), "a list could not be read to its end");
                list.is_cut = true;
                break;
            }
        };
        next = take(&answer, &mut list, &mut known);
    }
    list.items.truncate(MOST);
    Ok(list)
}

fn unavailable(why: &str) -> YouTubeError {
    YouTubeError::ListUnavailable { why: why.to_owned() }
}

fn alert(answer: &Value) -> Option<String> {
    let alert = items(at(answer, "/alerts"))
        .iter()
        .map(|alert| at(alert, "/alertRenderer"))
        .find(|alert| at(alert, "/type") == "ERROR")?;
    let text = line(at(alert, "/text")).unwrap_or_default();
    Some(format!("can't be read: YouTube says “{text}”"))
}

fn title(answer: &Value) -> Option<String> {
    [
        "/metadata/channelMetadataRenderer/title",
        "/metadata/playlistMetadataRenderer/title",
        "/microformat/microformatDataRenderer/title",
        "/header/pageHeaderRenderer/pageTitle",
        "/header/playlistHeaderRenderer/title",
    ]
    .into_iter()
    .find_map(|place| line(at(answer, place)))
}

/// Adds an answer's videos to the list; the token of the next page, if there is one.
fn take(answer: &Value, list: &mut VideoList, known: &mut HashSet<String>) -> Option<String> {
    let mut token = None;
    walk(answer, &mut |name, value| {
        if let Some(item) = item(name, value) {
            if known.insert(item.video_id.clone()) {
                list.items.push(item);
            }
            return false;
        }
        if matches!(name, "continuationItemRenderer" | "continuationItemViewModel") {
            let found = find(value, "continuationCommand").and_then(|command| {
                let token = at(command, "/token").as_str();
                token.or_else(|| find(command, "continuationCommand").and_then(|inner| at(inner, "/token").as_str()))
            });
            token = found.map(str::to_owned).or(token.take());
            return false;
        }
        true
    });
    token
}

/// Visits each named value, parents first; `visit` tells whether to go on into it.
fn walk<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value) -> bool) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if visit(name, value) {
                    walk(value, visit);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

/// The first value of that name.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let mut found = None;
    walk(value, &mut |key, value| {
        if found.is_none() && key == name {
            found = Some(value);
        }
        found.is_none()
    });
    found
}

/// A video in any of the forms that lists have had.
fn item(name: &str, value: &Value) -> Option<ListItem> {
    let (id, title, badge) = match name {
        "playlistVideoRenderer"
        | "playlistPanelVideoRenderer"
        | "gridVideoRenderer"
        | "videoRenderer"
        | "reelItemRenderer" => (
            at(value, "/videoId"),
            line(at(value, "/title")).or_else(|| line(at(value, "/headline"))),
            line(at(value, "/lengthText")).or_else(|| {
                find(value, "thumbnailOverlayTimeStatusRenderer").and_then(|badge| line(at(badge, "/text")))
            }),
        ),
        "lockupViewModel" if at(value, "/contentType") == "LOCKUP_CONTENT_TYPE_VIDEO" => (
            at(value, "/contentId"),
            line(at(value, "/metadata/lockupMetadataViewModel/title")),
            find(value, "thumbnailBadgeViewModel").and_then(|badge| line(at(badge, "/text"))),
        ),
        "shortsLockupViewModel" => (
            at(value, "/onTap/innertubeCommand/reelWatchEndpoint/videoId"),
            line(at(value, "/overlayMetadata/primaryText")),
            None,
        ),
        _ => return None,
    };
    let id = id.as_str().filter(|id| super::check_id(id).is_ok())?;
    let title = title.unwrap_or_default();
    let badge = badge.unwrap_or_default();
    let duration_s = number(at(value, "/lengthSeconds"))
        .or_else(|| timecode::parse(&badge).map(|ms| ms / 1000))
        .and_then(|seconds| u32::try_from(seconds).ok())
        .filter(|seconds| *seconds > 0);
    let says = |word: &str| badge.to_lowercase().contains(word);
    let state = if title == "[Private video]" {
        ItemState::Private
    } else if title == "[Deleted video]" {
        ItemState::Deleted
    } else if duration_s.is_none() && says("upcoming") {
        ItemState::Upcoming
    } else if duration_s.is_none() && says("live") {
        ItemState::Live
    } else {
        ItemState::Open
    };
    Some(ListItem {
        video_id: id.to_owned(),
        title: if matches!(state, ItemState::Private | ItemState::Deleted) {
            String::new()
        } else {
            title
        },
        duration_s,
        state,
        summary: None,
        captions: None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn taken(answer: &Value) -> (Vec<ListItem>, Option<String>) {
        let mut list = VideoList::default();
        let token = take(answer, &mut list, &mut HashSet::new());
        (list.items, token)
    }

    #[test]
    fn videos_are_found_in_all_their_forms_wherever_they_stand() {
        let answer = json!({"deep": [{"er": {"contents": [
            {"playlistVideoRenderer": {"videoId": "aaaaaaaaaa0", "title": {"runs": [{"text": "One"}]}, "lengthSeconds": "187"}},
            {"richItemRenderer": {"content": {"lockupViewModel": {"contentId": "aaaaaaaaaa4",
                "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
                "metadata": {"lockupMetadataViewModel": {"title": {"content": "Two"}}},
                "contentImage": {"x": [{"thumbnailBadgeViewModel": {"text": "1:07:34"}}]}}}}},
            {"lockupViewModel": {"contentId": "PLx", "contentType": "LOCKUP_CONTENT_TYPE_PLAYLIST"}},
            {"gridVideoRenderer": {"videoId": "aaaaaaaaaa8", "title": {"simpleText": "Three"},
                "thumbnailOverlays": [{"thumbnailOverlayTimeStatusRenderer": {"text": {"simpleText": "LIVE"}}}]}},
            {"shortsLockupViewModel": {"onTap": {"innertubeCommand": {"reelWatchEndpoint": {"videoId": "aaaaaaaaaaA"}}},
                "overlayMetadata": {"primaryText": {"content": "Short"}}}},
            {"playlistVideoRenderer": {"videoId": "aaaaaaaaaaE", "title": {"simpleText": "[Private video]"}}},
            {"playlistVideoRenderer": {"videoId": "aaaaaaaaaaI", "title": {"simpleText": "[Deleted video]"}}},
            {"playlistVideoRenderer": {"videoId": "../../../x0", "title": {"simpleText": "hostile"}}},
            {"continuationItemViewModel": {"continuationCommand": {"innertubeCommand": {"continuationCommand": {"token": "T"}}}}},
        ]}}]});
        let (items, token) = taken(&answer);
        let told: Vec<_> = items
            .iter()
            .map(|item| (item.title.as_str(), item.duration_s, item.state))
            .collect();
        assert_eq!(
            told,
            [
                ("One", Some(187), ItemState::Open),
                ("Two", Some(4054), ItemState::Open),
                ("Three", None, ItemState::Live),
                ("Short", None, ItemState::Open),
                ("", None, ItemState::Private),
                ("", None, ItemState::Deleted),
            ]
        );
        assert_eq!(token.unwrap(), "T");
    }

    #[test]
    fn the_token_may_stand_among_commands() {
        let answer = json!({"contents": [{"continuationItemRenderer": {"continuationEndpoint": {"commandExecutorCommand":
            {"commands": [{"x": {}}, {"continuationCommand": {"token": "T2"}}]}}}}]});
        assert_eq!(taken(&answer).1.unwrap(), "T2");
        let sorting = json!({"chips": [{"continuationCommand": {"token": "not a page"}}]});
        assert_eq!(taken(&sorting).1, None);
    }
}
