//! Playlists and channels, page by page.

use domain::link::Link;
use serde_json::{Value, json};

use crate::youtube::{
    YouTubeError,
    fixture::{Fixture, Reply},
};

const CHANNEL: &str = "UCuAXFkgsw1L7xaCfnd5JJOw";

fn link(text: &str) -> Link {
    Link::parse(text).unwrap()
}

fn playlist() -> Link {
    link("https://www.youtube.com/playlist?list=PLLanternWalks000000000001")
}

/// A page of a hundred videos, and the token of the next.
fn page(number: usize, token: &str) -> Value {
    let mut items: Vec<Value> = (0..100)
        .map(|at| json!({"playlistVideoRenderer": {"videoId": format!("video{:06}", number * 100 + at), "title": {"simpleText": "A video"}}}))
        .collect();
    items
        .push(json!({"continuationItemRenderer": {"continuationEndpoint": {"continuationCommand": {"token": token}}}}));
    json!({"microformat": {"microformatDataRenderer": {"title": "A list"}}, "contents": items})
}

#[tokio::test]
async fn a_list_that_goes_round_in_circles_ends() {
    let server = Fixture::start().await;
    let pages = [("a", 0), ("b", 1), ("a", 2), ("b", 0)];
    server.on(
        "browse WEB",
        pages.map(|(token, number)| Reply::json(&page(number, token))),
    );
    let list = server.youtube().list(&playlist()).await.unwrap();
    assert_eq!(
        (list.title.as_str(), list.items.len(), list.is_cut),
        ("A list", 300, false)
    );
    let log = server.log();
    assert_eq!(log.len(), 3, "the token that was seen is not asked for again");
    assert_eq!(log[0].body["browseId"], "VLPLLanternWalks000000000001");
    assert_eq!(log[2].body["continuation"], "b");
}

#[tokio::test]
async fn a_very_long_list_is_cut_and_one_that_breaks_off_is_kept() {
    let server = Fixture::start().await;
    server.on(
        "browse WEB",
        (0..20).map(|number| Reply::json(&page(number, &format!("t{number}")))),
    );
    let list = server.youtube().list(&playlist()).await.unwrap();
    assert_eq!((list.items.len(), list.is_cut), (500, true));

    let server = Fixture::start().await;
    server.on("browse WEB", [Reply::json(&page(0, "a")), Reply::status(500)]);
    let list = server.youtube().list(&playlist()).await.unwrap();
    assert_eq!((list.items.len(), list.is_cut), (100, true));
}

#[tokio::test]
async fn what_is_no_list_says_why() {
    let server = Fixture::start().await;
    let alert = json!({"alerts": [{"alertRenderer": {"type": "ERROR", "text": {"runs": [{"text": "The playlist does not exist."}]}}}]});
    server.on("browse WEB", [Reply::json(&alert)]);
    let error = server.youtube().list(&playlist()).await.unwrap_err();
    assert_eq!(error.kind(), "list_unavailable");
    assert_eq!(
        error.to_string(),
        "This list can't be read: YouTube says “The playlist does not exist.”."
    );
    for id in ["RDdQw4w9WgXcQ", "WL"] {
        let link = Link::Playlist { id: id.to_owned() };
        assert_eq!(
            server.youtube().list(&link).await.unwrap_err().kind(),
            "list_unavailable",
            "{id}"
        );
    }
    assert_eq!(server.asked().len(), 1, "mixes and private lists are not asked for");
}

#[tokio::test]
async fn a_handle_leads_to_its_channel() {
    let server = Fixture::start().await;
    server
        .on(
            "navigation/resolve_url WEB",
            [Reply::json(
                &json!({"endpoint": {"browseEndpoint": {"browseId": CHANNEL}}}),
            )],
        )
        .on(
            "browse WEB",
            [Reply::json(
                &json!({"metadata": {"channelMetadataRenderer": {"title": "A channel"}}}),
            )],
        );
    let list = server
        .youtube()
        .list(&link("https://www.youtube.com/@lantern"))
        .await
        .unwrap();
    assert_eq!((list.title.as_str(), list.items.len()), ("A channel", 0));
    assert_eq!(server.log()[1].body["browseId"], CHANNEL);

    let nobody = Fixture::start().await;
    let error = nobody
        .youtube()
        .list(&link("https://www.youtube.com/@nobody"))
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "This list does not exist.");
}

#[tokio::test]
async fn where_browse_fails_the_feed_is_asked_and_its_absence_proves_nothing() {
    let channel = Link::Channel { id: CHANNEL.to_owned() };
    let server = Fixture::start().await;
    server.on("browse WEB", [Reply::status(500)]).on(
        "/feeds/videos.xml",
        [Reply::of("<feed><title>A channel</title><entry><yt:videoId>dQw4w9WgXcQ</yt:videoId><title>One</title></entry></feed>")],
    );
    let list = server.youtube().list(&channel).await.unwrap();
    assert_eq!((list.items.len(), list.is_cut), (1, true));
    server.on("/feeds/videos.xml", [Reply::status(404)]);
    let error = server.youtube().list(&channel).await.unwrap_err();
    assert!(
        matches!(error, YouTubeError::UpstreamFailed { status: Some(500), .. }),
        "{error:?}"
    );
}
