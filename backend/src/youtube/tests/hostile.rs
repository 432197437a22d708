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

/// What nobody but an attacker would write for the address of captions. The last is a server that listens.
fn elsewhere(other: &Fixture) -> Vec<String> {
    let mut addresses: Vec<String> = [
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "https://169.254.169.254/api/timedtext?v=x",
        "//169.254.169.254/api/timedtext?v=x",
        "http://[fd00:ec2::254]/api/timedtext?v=x",
        "http://metadata.google.internal/api/timedtext?v=x",
        "http://localhost:5432/api/timedtext",
        "https://2130706433/api/timedtext",
        "https://0x7f.1/api/timedtext",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "https://www.youtube.com@127.0.0.1/api/timedtext",
        "https://www.youtube.com.evil.example/api/timedtext",
        "https://www.youtube.com/redirect?q=http://127.0.0.1/",
    ]
    .map(str::to_owned)
    .to_vec();
    addresses.push(format!("{}api/timedtext?v=x", other.url));
    addresses.push(format!("//{}/api/timedtext?v=x", other.url.authority()));
    addresses
}

#[tokio::test]
async fn an_answer_leads_us_nowhere_but_to_youtubes_captions() {
    let (server, other) = (Fixture::start().await, Fixture::start().await);
    other.on("/api/timedtext", [Reply::json(&json3())]);
    server.on("/api/timedtext", [Reply::json(&json3())]);
    for address in elsewhere(&other) {
        let mut answer = player(&[track("en", "", "")]);
        let track = &mut answer["captions"]["playerCaptionsTracklistRenderer"]["captionTracks"][0];
        track["baseUrl"] = json!(address);
        server.on_every_player(&Reply::json(&answer));
        let error = captions(&server.youtube(), &["en"]).await.unwrap_err();
        assert_eq!(error.kind(), "unparsable", "{address}");
    }
    let asked = server.asked();
    assert!(!asked.iter().any(|what| what == "/api/timedtext"), "{asked:?}");
    assert_eq!(other.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn pictures_and_words_around_a_video_are_asked_for_by_its_id_alone() {
    let (server, other) = (Fixture::start().await, Fixture::start().await);
    let mut answer = player(&[track("en", "", "")]);
    let away = other.url.join("vi/x.jpg").unwrap().to_string();
    answer["videoDetails"]["thumbnail"] = json!({"thumbnails": [{"url": away, "width": 320, "height": 180}]});
    answer["microformat"] = json!({"playerMicroformatRenderer": {"thumbnail": {"thumbnails": [{"url": away}]},
        "ownerProfileUrl": away, "embed": {"iframeUrl": away}}});
    answer["playabilityStatus"]["errorScreen"] = json!({"url": away});
    server
        .on_every_player(&Reply::json(&answer))
        .on("/api/timedtext", [Reply::json(&json3())]);
    let youtube = server.youtube();
    assert!(captions(&youtube, &[]).await.is_ok());
    // Each of the picture's sizes, feeds, oEmbed and the next page lead away by a redirect as well.
    for status in [301, 302, 303, 307, 308] {
        let redirect = Reply::status(status).header("location", &away);
        for path in [
            format!("/vi/{ID}/mqdefault.jpg"),
            format!("/vi/{ID}/hqdefault.jpg"),
            format!("/vi/{ID}/default.jpg"),
            "/oembed".to_owned(),
            "/feeds/videos.xml".to_owned(),
            "next WEB".to_owned(),
            "browse WEB".to_owned(),
            "/watch".to_owned(),
        ] {
            server.on(&path, [redirect.clone()]);
        }
        assert!(youtube.thumbnail(ID).await.is_err());
        assert!(youtube.about(ID).await.is_err() || other.asked().is_empty());
        let list = domain::link::Link::parse("https://www.youtube.com/playlist?list=PLBCF2DAC6FFB574DE").unwrap();
        assert!(youtube.list(&list).await.is_err());
    }
    assert_eq!(other.asked(), Vec::<String>::new());
}
