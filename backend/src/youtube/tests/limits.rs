//! How fast, how far and how much, where there is no database to keep it.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{captions, english};
use crate::youtube::{
    YouTube, YouTubeConfig, YouTubeError,
    fixture::{Fixture, ID, Reply, impatient, refused},
};

#[tokio::test]
async fn a_command_keeps_its_pace_by_itself() {
    let server = Fixture::start().await;
    server.on("player ANDROID", [english()]);
    let config = YouTubeConfig {
        base_url: Some(server.url.clone()),
        // A tenth of a second between requests once the bucket of 20 is empty.
        requests_per_minute: NonZeroU32::new(600),
        ..YouTubeConfig::default()
    };
    let youtube = YouTube::with_limits(config, impatient()).unwrap();
    let begun = Instant::now();
    // Two requests each: player and next.
    for outcome in futures::future::join_all((0..15).map(|_| youtube.watch(ID))).await {
        outcome.unwrap();
    }
    assert_eq!(server.asked().len(), 30);
    // However slow the machine is, it can't be faster than this.
    assert!(begun.elapsed() >= Duration::from_millis(1000));
}

#[tokio::test]
async fn a_command_pauses_by_itself_and_an_answer_in_between_starts_the_count_anew() {
    let server = Fixture::start().await;
    let bot = Reply::json(&refused("LOGIN_REQUIRED", "Sign in to confirm you're not a bot"));
    server.on_every_player(&bot);
    let youtube = server.youtube();
    for _ in 0..2 {
        assert_eq!(youtube.watch(ID).await.unwrap_err(), YouTubeError::RequestBlocked);
    }
    server.on_every_player(&Reply::json(&refused("LOGIN_REQUIRED", "This video is private")));
    assert_eq!(youtube.watch(ID).await.unwrap_err(), YouTubeError::Private);
    server.on_every_player(&bot);
    for _ in 0..3 {
        assert_eq!(youtube.watch(ID).await.unwrap_err(), YouTubeError::RequestBlocked);
    }
    let before = server.asked().len();
    assert!(matches!(youtube.watch(ID).await, Err(YouTubeError::Paused { .. })));
    assert_eq!(server.asked().len(), before, "nobody asks");
}

#[tokio::test]
async fn no_redirect_is_followed_to_anywhere() {
    let other = Fixture::start().await;
    other.on_every_player(&english());
    for status in [301, 302, 303, 307, 308] {
        let server = Fixture::start().await;
        let away = Reply::status(status).header("location", other.url.as_str());
        server.on_every_player(&away).on("/watch", [away.clone()]);
        assert_eq!(server.youtube().watch(ID).await.unwrap_err().kind(), "upstream_failed");

        server.on_every_player(&english()).on("/api/timedtext", [away]);
        let error = captions(&server.youtube(), &[]).await.unwrap_err();
        assert_eq!(error.kind(), "upstream_failed");
    }
    assert_eq!(other.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn more_cues_than_anybody_says_are_too_many() {
    let cues: Vec<_> = (0..200_001)
        .map(|at| json!({"tStartMs": at, "segs": [{"utf8": "a"}]}))
        .collect();
    let server = Fixture::start().await;
    server
        .on_every_player(&english())
        .on("/api/timedtext", [Reply::json(&json!({"events": cues}))]);
    let error = captions(&server.youtube(), &[]).await.unwrap_err();
    assert_eq!(error.kind(), "too_large");
}

#[tokio::test]
async fn a_server_that_knows_nothing_but_player_and_captions_is_enough() {
    let server = Fixture::start().await;
    server.on("player ANDROID", [english()]).on(
        "/api/timedtext",
        [Reply::of(
            "<transcript><text start=\"0\" dur=\"1.54\">Hey</text></transcript>",
        )],
    );
    let captions = captions(&server.youtube(), &["en"]).await.unwrap();
    assert_eq!(captions.transcript.text(), "Hey");
}
