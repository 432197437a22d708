//! Answers that are meant to hurt: each ends as `unparsable` or `too_large`, and what could not be read is kept without secrets.

use serde_json::json;

use super::{captions, english};
use crate::youtube::{
    YouTube, YouTubeConfig, YouTubeError,
    fixture::{Fixture, ID, Reply, impatient, json3, player, track},
};

/// A client that keeps samples in `folder`.
fn keeping(server: &Fixture, folder: &std::path::Path) -> YouTube {
    let config = YouTubeConfig {
        base_url: Some(server.url.clone()),
        samples: Some(folder.join("samples")),
        ..YouTubeConfig::default()
    };
    YouTube::with_limits(config, impatient()).unwrap()
}

#[tokio::test]
async fn what_nobody_can_read_is_unparsable_and_kept() {
    let deep = format!("{{\"events\":{}", "[".repeat(200_000));
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE transcript [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">\
        <!ENTITY c \"&b;&b;&b;&b;\">]><transcript><text start=\"0\" dur=\"1\">&c;</text></transcript>";
    let long = json!({"events": [{"tStartMs": 0, "segs": [{"utf8": "word ".repeat(1_000_000)}]}]});
    let answers = [
        ("deep JSON", deep),
        ("entities", bomb.to_owned()),
        ("deep XML", format!("<transcript>{}", "<a>".repeat(100_000))),
        ("another root", "<?xml version=\"1.0\"?><feed></feed>".to_owned()),
        ("a caption of megabytes", long.to_string()),
        ("no times", "{\"events\": [{\"segs\": 7}]}".to_owned()),
    ];
    let folder = tempfile::tempdir().unwrap();
    let server = Fixture::start().await;
    server.on_every_player(&english());
    let youtube = keeping(&server, folder.path());
    for (name, answer) in answers {
        server.on("/api/timedtext", [Reply::of(answer)]);
        let error = captions(&youtube, &[]).await.unwrap_err();
        let YouTubeError::Unparsable {
            sample: Some(sample), ..
        } = &error
        else {
            unreachable!("{name}: {error:?}");
        };
        let size = std::fs::metadata(folder.path().join("samples").join(sample))
            .unwrap()
            .len();
        assert!(size < 100_000, "{name}: {size} bytes");
        assert!(error.fault().hint.contains(sample), "{name}");
        assert_eq!(youtube.samples()[0], *sample, "{name}");
    }
}

#[tokio::test]
async fn a_player_that_cannot_be_read_is_kept_without_what_identifies_us() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fixture::start().await;
    let answer = json!({"responseContext": {"visitorData": "CgtGuest"}, "playabilityStatus": {"status": "OK"},
        "something": {"new": "renderer"}});
    for reply in [
        Reply::json(&answer),
        Reply::of(format!("{{\"a\":{}", "[".repeat(100_000))),
    ] {
        server.on_every_player(&reply);
        let error = keeping(&server, folder.path()).watch(ID).await.unwrap_err();
        assert_eq!(error.kind(), "unparsable");
    }
    let kept: Vec<String> = std::fs::read_dir(folder.path().join("samples"))
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(kept.len(), 6, "one for each client");
    assert!(kept.iter().any(|text| text.contains("renderer")), "{kept:?}");
    assert!(kept.iter().all(|text| !text.contains("CgtGuest")), "{kept:?}");
}

#[tokio::test]
async fn long_words_around_a_video_are_cut_and_no_harm() {
    let mut answer = player(&[track("en", "", "")]);
    answer["videoDetails"]["title"] = json!("é".repeat(1_000_000));
    answer["videoDetails"]["shortDescription"] = json!("x".repeat(1_000_000));
    let server = Fixture::start().await;
    server
        .on("player ANDROID", [Reply::json(&answer)])
        .on("/api/timedtext", [Reply::json(&json3())]);
    let watched = server.youtube().watch(ID).await.unwrap();
    assert_eq!(watched.video.title.chars().count(), 500);
    assert_eq!(watched.video.description.len(), 20_000);
}
