//! Captions: which client and which track they are taken from.

use domain::transcript::Source;
use serde_json::json;

use super::{WITHHELD, captions, english};
use crate::youtube::{
    Track, YouTubeError,
    fixture::{Fixture, ID, Reply, json3, player, track},
};

#[tokio::test]
async fn a_video_and_its_captions() {
    let server = Fixture::start().await;
    server
        .on("player ANDROID", [english()])
        .on("/api/timedtext", [Reply::json(&json3())]);
    let youtube = server.youtube();
    let watched = youtube.watch(ID).await.unwrap();
    assert_eq!(watched.video.id, ID);
    assert_eq!(watched.video.youtube_id.as_deref(), Some(ID));
    assert_eq!(watched.video.title, "A title");
    assert_eq!(watched.video.channel.as_deref(), Some("A channel"));
    assert_eq!(watched.video.duration_s, Some(316));
    assert_eq!(watched.video.description, "What it is about.");

    let captions = youtube.captions(&watched, &[]).await.unwrap();
    assert_eq!(captions.track.id, ".en");
    assert_eq!(captions.transcript.language.as_deref(), Some("en"));
    assert_eq!(captions.transcript.source, Source::Manual);
    assert_eq!(captions.transcript.text(), "Hello there\nI'm here");

    assert_eq!(server.asked(), ["player ANDROID", "next WEB", "/api/timedtext"]);
    let log = server.log();
    assert_eq!(log[0].uri, "/youtubei/v1/player?prettyPrint=false");
    assert_eq!(log[0].body["videoId"], ID);
    assert!(
        log[0].headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("com.google.android")
    );
    assert_eq!(log[1].headers["cookie"], "SOCS=CAI");
    assert_eq!(log[2].uri, format!("/api/timedtext?v={ID}&lang=en&fmt=json3"));
}

#[tokio::test]
async fn automatic_captions_are_marked_as_such() {
    let server = Fixture::start().await;
    server
        .on("player ANDROID", [Reply::json(&player(&[track("de", "asr", "")]))])
        .on("/api/timedtext", [Reply::json(&json3())]);
    let captions = captions(&server.youtube(), &["de-CH"]).await.unwrap();
    assert!(captions.track.is_generated);
    assert_eq!(captions.transcript.source, Source::Automatic);
}

#[tokio::test]
async fn withheld_captions_are_taken_from_the_first_client_that_has_them() {
    let server = Fixture::start().await;
    let withheld = Reply::json(&player(&[track("en", "", WITHHELD)]));
    server
        .on("player ANDROID", [withheld])
        .on("player IOS", [Reply::json(&player(&[]))])
        .on("player VISIONOS", [english()])
        .on("/api/timedtext", [Reply::json(&json3())]);
    let captions = captions(&server.youtube(), &["en"]).await.unwrap();
    assert_eq!(captions.track.client, "VISIONOS");
}

#[tokio::test]
async fn an_empty_answer_is_withheld_captions_at_every_client() {
    let server = Fixture::start().await;
    server.on_every_player(&english()).on("/api/timedtext", [Reply::of("")]);
    let error = captions(&server.youtube(), &[]).await.unwrap_err();
    assert_eq!(error, YouTubeError::PoTokenRequired);
    let timedtext = server.asked().iter().filter(|what| *what == "/api/timedtext").count();
    assert_eq!(timedtext, 3, "one for each client");
}

#[tokio::test]
async fn an_empty_answer_sends_us_to_the_next_client() {
    let server = Fixture::start().await;
    server
        .on_every_player(&english())
        .on("/api/timedtext", [Reply::of(" \n"), Reply::json(&json3())]);
    let captions = captions(&server.youtube(), &[]).await.unwrap();
    assert_eq!(captions.track.client, "IOS");
}

#[tokio::test]
async fn a_track_that_every_client_withholds_gives_way_to_the_next_that_will_do() {
    let server = Fixture::start().await;
    let tracks = [track("en", "", WITHHELD), track("en", "asr", ""), track("de", "", "")];
    server
        .on_every_player(&Reply::json(&player(&tracks)))
        .on("/api/timedtext", [Reply::json(&json3())]);
    let youtube = server.youtube();
    assert_eq!(captions(&youtube, &["en"]).await.unwrap().track.id, "a.en");
    assert_eq!(captions(&youtube, &["de"]).await.unwrap().track.id, ".de");
}

#[tokio::test]
async fn captions_without_a_word_are_no_captions() {
    let server = Fixture::start().await;
    server
        .on_every_player(&english())
        .on("/api/timedtext", [Reply::json(&json!({"events": []}))]);
    let error = captions(&server.youtube(), &[]).await.unwrap_err();
    assert_eq!(error, YouTubeError::TranscriptsDisabled);
}

#[tokio::test]
async fn a_language_that_is_not_there_is_answered_with_those_that_are() {
    let server = Fixture::start().await;
    let tracks = [track("en", "", ""), track("en", "asr", ""), track("de", "", "")];
    server.on("player ANDROID", [Reply::json(&player(&tracks))]);
    let error = captions(&server.youtube(), &["fr"]).await.unwrap_err();
    assert_eq!(
        error,
        YouTubeError::NoTranscriptFound {
            wanted: vec!["fr".to_owned()],
            available: vec!["en (en)".to_owned(), "en (en)".to_owned(), "de (de)".to_owned()],
        }
    );
}

#[tokio::test]
async fn failing_captions_have_their_kind() {
    let cases = [
        (Reply::status(429), "ip_blocked"),
        (
            Reply::of("<!DOCTYPE html><html><body>Sorry</body></html>"),
            "ip_blocked",
        ),
        (Reply::status(500), "upstream_failed"),
        (Reply::of("{\"events\": ["), "unparsable"),
        (Reply::of("Just some words"), "unparsable"),
        (Reply::of(vec![b'{'; 10 * 1024 * 1024 + 1]), "too_large"),
    ];
    for (reply, kind) in cases {
        let server = Fixture::start().await;
        server.on_every_player(&english()).on("/api/timedtext", [reply]);
        let error = captions(&server.youtube(), &[]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test]
async fn caption_addresses_that_lead_elsewhere_are_not_asked() {
    let other = Fixture::start().await;
    other.on("/api/timedtext", [Reply::json(&json3())]);
    for address in [
        format!("{}api/timedtext?v=x", other.url),
        "file:///api/timedtext".to_owned(),
    ] {
        let server = Fixture::start().await;
        let mut track = track("en", "", "");
        track["baseUrl"] = json!(address);
        server.on_every_player(&Reply::json(&player(&[track])));
        let error = captions(&server.youtube(), &[]).await.unwrap_err();
        assert_eq!(error.kind(), "unparsable", "{address}");
    }
    assert_eq!(other.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn several_tracks_of_a_language_are_kept() {
    let server = Fixture::start().await;
    let mut signs = track("en", "", "");
    signs["vssId"] = json!(".en.CcQ45jRV4-E");
    signs["trackName"] = json!("Signs");
    let tracks = [signs, track("en", "", ""), track("en", "asr", "")];
    server.on("player ANDROID", [Reply::json(&player(&tracks))]);
    let watched = server.youtube().watch(ID).await.unwrap();
    let ids: Vec<&str> = watched.tracks.iter().map(|track: &Track| track.id.as_str()).collect();
    assert_eq!(ids, [".en.CcQ45jRV4-E", ".en", "a.en"]);
}
