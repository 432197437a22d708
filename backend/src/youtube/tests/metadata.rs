//! Titles, chapters, thumbnails.

use std::time::Duration;

use serde_json::json;

use super::english;
use crate::youtube::{
    YouTube, YouTubeConfig, YouTubeError,
    fetch::Limits,
    fixture::{Fixture, ID, Reply, impatient, player, track},
};

#[tokio::test]
async fn the_title_comes_from_wherever_it_can_be_had() {
    let mut untitled = player(&[track("en", "", "")]);
    untitled["videoDetails"].as_object_mut().unwrap().remove("title");
    untitled["videoDetails"].as_object_mut().unwrap().remove("author");
    let around = json!({"contents": {"twoColumnWatchNextResults": {"results": {"results": {"contents": [
        {"videoPrimaryInfoRenderer": {"title": {"simpleText": "From next"}}}]}}}}});
    let card = json!({"title": "From oEmbed", "author_name": "A channel"});

    let server = Fixture::start().await;
    server.on("player ANDROID", [Reply::json(&untitled)]);
    let youtube = server.youtube();
    assert_eq!(youtube.watch(ID).await.unwrap().video.title, ID);
    server.on("/oembed", [Reply::of("Forbidden")]);
    assert_eq!(youtube.watch(ID).await.unwrap().video.title, ID);
    server.on("/oembed", [Reply::json(&card)]);
    let video = youtube.watch(ID).await.unwrap().video;
    assert_eq!(
        (video.title.as_str(), video.channel.as_deref()),
        ("From oEmbed", Some("A channel"))
    );
    server.on("next WEB", [Reply::json(&around)]);
    assert_eq!(youtube.watch(ID).await.unwrap().video.title, "From next");
}

#[tokio::test]
async fn what_stands_around_the_player_never_fails_a_video() {
    for trouble in [
        Reply::status(429),
        Reply::of("<html>"),
        Reply::json(&json!({"contents": 7})),
    ] {
        let server = Fixture::start().await;
        server.on("player ANDROID", [english()]).on("next WEB", [trouble]);
        assert_eq!(server.youtube().watch(ID).await.unwrap().video.title, "A title");
    }
}

#[tokio::test]
async fn chapters_that_take_too_long_are_done_without() {
    let server = Fixture::start().await;
    server
        .on("player ANDROID", [english()])
        .on("next WEB", [english().late()]);
    let limits = Limits {
        extras: Duration::from_millis(30),
        ..impatient()
    };
    let config = YouTubeConfig {
        base_url: Some(server.url.clone()),
        ..YouTubeConfig::default()
    };
    let youtube = YouTube::with_limits(config, limits).unwrap();
    assert_eq!(youtube.watch(ID).await.unwrap().video.title, "A title");
}

#[tokio::test]
async fn chapters_come_from_the_creator_then_the_description_then_youtube() {
    let markers = |key: &str, title: &str| {
        json!({"playerOverlays": {"playerOverlayRenderer": {"decoratedPlayerBarRenderer": {"decoratedPlayerBarRenderer":
            {"playerBar": {"multiMarkersPlayerBarRenderer": {"markersMap": [{"key": key, "value": {"chapters": [
                {"chapterRenderer": {"title": {"simpleText": title}, "timeRangeStartMillis": 0}}]}}]}}}}}}})
    };
    let mut described = player(&[]);
    described["videoDetails"]["shortDescription"] = json!("0:00 Described\n1:00 More\n2:00 Most");
    let automatic = Reply::json(&markers("AUTO_CHAPTERS", "Automatic"));
    let creators = Reply::json(&markers("DESCRIPTION_CHAPTERS", "Creator's"));
    for (player, next, expected) in [
        (described.clone(), creators, "Creator's"),
        (described, automatic.clone(), "Described"),
        (player(&[]), automatic, "Automatic"),
    ] {
        let server = Fixture::start().await;
        server.on_every_player(&Reply::json(&player)).on("next WEB", [next]);
        let chapters = server.youtube().watch(ID).await.unwrap().video.chapters;
        assert_eq!(chapters.first().map(|chapter| chapter.title.as_str()), Some(expected));
    }
}

#[tokio::test]
async fn a_thumbnail_is_the_first_picture_there_is() {
    let server = Fixture::start().await;
    server.on(
        &format!("/vi/{ID}/hqdefault.jpg"),
        [Reply::of(*b"\xFF\xD8\xFF\xE0jpeg")],
    );
    let thumbnail = server.youtube().thumbnail(ID).await.unwrap();
    assert_eq!(thumbnail.content_type, "image/jpeg");
    assert_eq!(thumbnail.bytes, b"\xFF\xD8\xFF\xE0jpeg");
    assert_eq!(
        server.asked(),
        [format!("/vi/{ID}/mqdefault.jpg"), format!("/vi/{ID}/hqdefault.jpg")]
    );
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let server = Fixture::start().await;
    let youtube = server.youtube();
    assert_eq!(youtube.thumbnail(ID).await.unwrap_err(), YouTubeError::VideoUnavailable);
    for (reply, kind) in [
        (Reply::of("<svg/>").header("content-type", "image/jpeg"), "unparsable"),
        (Reply::of(vec![0xFF; 2 * 1024 * 1024 + 1]), "too_large"),
    ] {
        server.on(&format!("/vi/{ID}/mqdefault.jpg"), [reply]);
        assert_eq!(youtube.thumbnail(ID).await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn what_is_no_id_never_becomes_part_of_an_address() {
    let server = Fixture::start().await;
    let youtube = server.youtube();
    for id in ["", "../../../x.", "jNQXAC9IVR", "jNQXAC9IVR\u{e9}", "jNQXAC9IV?a"] {
        assert_eq!(
            youtube.watch(id).await.unwrap_err(),
            YouTubeError::VideoUnavailable,
            "{id}"
        );
        assert_eq!(
            youtube.thumbnail(id).await.unwrap_err(),
            YouTubeError::VideoUnavailable,
            "{id}"
        );
    }
    assert_eq!(server.asked(), Vec::<String>::new());
}
