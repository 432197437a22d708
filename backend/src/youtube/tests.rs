//! Whole calls against a server that answers as YouTube does.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use domain::transcript::Source;
use serde_json::{Value, json};

use super::{
    ClientProfile, Track, YouTube, YouTubeConfig, YouTubeError,
    fetch::Limits,
    fixture::{Fixture, ID, Reply, impatient, json3, player, refused, track},
};

const WITHHELD: &str = "&exp=xpe";

fn english() -> Reply {
    Reply::json(&player(&[track("en", "", "")]))
}

/// Watches and fetches captions, as the pipeline does.
async fn captions(youtube: &YouTube, languages: &[&str]) -> Result<super::Captions, YouTubeError> {
    let languages: Vec<String> = languages.iter().map(|&code| code.to_owned()).collect();
    youtube.captions(&youtube.watch(ID).await?, &languages).await
}

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
async fn a_rejected_client_gives_way_to_the_next() {
    let server = Fixture::start().await;
    server
        .on("player ANDROID", [Reply::status(400)])
        .on("player IOS", [english()]);
    let watched = server.youtube().watch(ID).await.unwrap();
    assert_eq!(watched.tracks.len(), 1);
    assert_eq!(server.asked(), ["player ANDROID", "player IOS", "next WEB"]);
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
async fn every_refusal_has_its_kind() {
    let unplayable = |reason: &str| refused("UNPLAYABLE", reason);
    let mut age = refused("LOGIN_REQUIRED", "Sign in");
    age["playabilityStatus"]["desktopLegacyAgeGateReason"] = json!(1);
    let mut captcha = refused("UNPLAYABLE", "");
    captcha["playabilityStatus"]["errorScreen"] = json!({"playerCaptchaViewModel": {}});
    let mut country = unplayable("Video unavailable");
    country["playabilityStatus"]["errorScreen"] = json!({"playerErrorMessageRenderer": {"subreason":
        {"simpleText": "The uploader has not made this video available in your country"}}});
    let mut other = player(&[]);
    other["videoDetails"]["videoId"] = json!("aqz-KE-bpKQ");
    let mut live = player(&[]);
    live["videoDetails"]["isLive"] = json!(true);

    let cases: [(Value, &str); 30] = [
        (refused("ERROR", "This video is unavailable"), "video_unavailable"),
        (
            refused("ERROR", "This video has been removed by the uploader"),
            "video_unavailable",
        ),
        (json!({}), "video_unavailable"),
        (refused("LOGIN_REQUIRED", "This video is private"), "private"),
        (
            refused("LOGIN_REQUIRED", "Sign in to confirm you\u{2019}re not a bot"),
            "request_blocked",
        ),
        (
            refused("LOGIN_REQUIRED", "Sign in to confirm you're not a bot"),
            "request_blocked",
        ),
        (other, "request_blocked"),
        (
            refused("LOGIN_REQUIRED", "This video may be inappropriate for some users."),
            "age_restricted",
        ),
        (
            refused("LOGIN_REQUIRED", "Sign in to confirm your age"),
            "age_restricted",
        ),
        (refused("AGE_VERIFICATION_REQUIRED", ""), "age_restricted"),
        (age, "age_restricted"),
        (captcha, "ip_blocked"),
        (
            unplayable("Join this channel to get access to members-only content"),
            "members_only",
        ),
        (
            unplayable("This video is only available to Music Premium members"),
            "members_only",
        ),
        (unplayable("This video requires payment to watch"), "members_only"),
        (
            unplayable("The uploader has not made this video available in your country"),
            "geo_blocked",
        ),
        (country, "geo_blocked"),
        (
            refused("ERROR", "This account has been terminated due to a violation"),
            "account_terminated",
        ),
        (
            unplayable("The YouTube account associated with this video has been closed."),
            "account_terminated",
        ),
        (
            unplayable("This content isn\u{2019}t available, try again later."),
            "rate_limited",
        ),
        (unplayable("The page needs to be reloaded."), "client_rejected"),
        (unplayable("Video unavailable"), "video_unplayable"),
        (refused("LOGIN_REQUIRED", "Please sign in"), "video_unplayable"),
        (refused("SOMETHING_NEW", ""), "video_unplayable"),
        (refused("LIVE_STREAM_OFFLINE", "Premieres in 9 hours"), "upcoming"),
        (
            refused("LIVE_STREAM_OFFLINE", "This live event has ended."),
            "video_unplayable",
        ),
        (live, "live"),
        (player(&[]), "transcripts_disabled"),
        (json!({"playabilityStatus": {"status": "OK"}}), "unparsable"),
        (json!([1, 2, 3]), "unparsable"),
    ];
    for (answer, kind) in cases {
        let server = Fixture::start().await;
        server.on_every_player(&Reply::json(&answer));
        let error = captions(&server.youtube(), &[]).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{answer}");
    }
}

#[tokio::test]
async fn every_failing_answer_has_its_kind() {
    let captcha = "<!DOCTYPE html><form><div class=\"g-recaptcha\"></div></form>";
    let sorry = Reply::status(302).header("location", "https://www.google.com/sorry/index?continue=x");
    let cases = [
        (Reply::status(400), "client_rejected"),
        (Reply::status(403), "ip_blocked"),
        (Reply::status(429), "ip_blocked"),
        (sorry, "ip_blocked"),
        (Reply::of(captcha), "ip_blocked"),
        (
            Reply::status(302).header("location", "https://consent.youtube.com/m"),
            "upstream_failed",
        ),
        (Reply::status(404), "upstream_failed"),
        (Reply::status(500), "upstream_failed"),
        (Reply::of("<html>Hello</html>"), "unparsable"),
        (Reply::of("{\"playabilityStatus\": {\"sta"), "unparsable"),
        (Reply::of(""), "unparsable"),
        (Reply::of(vec![b' '; 5 * 1024 * 1024 + 1]), "too_large"),
    ];
    for (reply, kind) in cases {
        let server = Fixture::start().await;
        server.on_every_player(&reply);
        assert_eq!(
            server.youtube().watch(ID).await.unwrap_err().kind(),
            kind,
            "{:?}",
            server.asked()
        );
    }
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
async fn an_unknown_refusal_is_told_in_youtubes_words() {
    let server = Fixture::start().await;
    let mut answer = refused("CUSTOM", "Custom\u{0} Reason");
    answer["playabilityStatus"]["errorScreen"] = json!({"playerErrorMessageRenderer": {"subreason":
        {"runs": [{"text": "Sub Reason 1"}, {"text": "Sub Reason 2"}]}}});
    server.on_every_player(&Reply::json(&answer));
    assert_eq!(
        server.youtube().watch(ID).await.unwrap_err(),
        YouTubeError::VideoUnplayable {
            reason: "Custom Reason".to_owned(),
            sub_reasons: vec!["Sub Reason 1".to_owned(), "Sub Reason 2".to_owned()],
        }
    );
}

#[tokio::test]
async fn the_start_of_an_upcoming_video_is_told() {
    let server = Fixture::start().await;
    let mut answer = refused("LIVE_STREAM_OFFLINE", "Premieres in 9 hours");
    answer["playabilityStatus"]["liveStreamability"] = json!({"liveStreamabilityRenderer": {"offlineSlate":
        {"liveStreamOfflineSlateRenderer": {"scheduledStartTime": "1924988400"}}}});
    server.on_every_player(&Reply::json(&answer));
    assert_eq!(
        server.youtube().watch(ID).await.unwrap_err(),
        YouTubeError::Upcoming {
            starts_at: Some(1_924_988_400)
        }
    );
    assert_eq!(server.asked(), ["player ANDROID"], "no other client would know better");
}

#[tokio::test]
async fn the_most_telling_of_several_failures_is_reported() {
    let server = Fixture::start().await;
    let bot = Reply::json(&refused("LOGIN_REQUIRED", "Sign in to confirm you're not a bot"));
    server
        .on("player ANDROID", [Reply::status(400)])
        .on("player IOS", [bot])
        .on("player VISIONOS", [Reply::status(500)]);
    let error = server.youtube().watch(ID).await.unwrap_err();
    assert_eq!(error, YouTubeError::RequestBlocked);
}

#[tokio::test]
async fn a_missing_video_is_asked_for_twice_and_an_address_that_is_refused_once() {
    for (answer, requests) in [
        (Reply::json(&refused("ERROR", "This video is unavailable")), 2),
        (Reply::status(429), 1),
    ] {
        let server = Fixture::start().await;
        server.on_every_player(&answer);
        server.youtube().watch(ID).await.unwrap_err();
        assert_eq!(server.asked().len(), requests);
    }
}

#[tokio::test]
async fn an_age_gate_is_tried_with_the_embedded_player_once() {
    let gate = Reply::json(&refused("LOGIN_REQUIRED", "Sign in to confirm your age"));
    let server = Fixture::start().await;
    server
        .on("player ANDROID", [gate])
        .on("player WEB_EMBEDDED_PLAYER", [english()]);
    let watched = server.youtube().watch(ID).await.unwrap();
    assert_eq!(watched.tracks.len(), 1);
    assert_eq!(
        server.asked(),
        ["player ANDROID", "player WEB_EMBEDDED_PLAYER", "next WEB"]
    );
}

#[tokio::test]
async fn trouble_that_may_pass_is_tried_once_more() {
    let server = Fixture::start().await;
    server.on("player ANDROID", [Reply::status(503), english()]);
    server.youtube().watch(ID).await.unwrap();
    assert_eq!(server.asked(), ["player ANDROID", "player ANDROID", "next WEB"]);
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let server = Fixture::start().await;
    server.on_every_player(&english().late());
    let limits = Limits {
        request: Duration::from_millis(30),
        whole: Duration::from_millis(100),
        ..impatient()
    };
    let config = YouTubeConfig {
        base_url: Some(server.url.clone()),
        ..YouTubeConfig::default()
    };
    let youtube = YouTube::with_limits(config, limits).unwrap();
    assert_eq!(youtube.watch(ID).await.unwrap_err(), YouTubeError::Timeout);
}

#[tokio::test]
async fn retry_after_is_believed() {
    let server = Fixture::start().await;
    server.on("player ANDROID", [Reply::status(429).header("retry-after", "3600")]);
    let error = server.youtube().watch(ID).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

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

#[tokio::test]
async fn a_proxy_is_used_and_told_who_we_are() {
    let proxy = Fixture::start().await;
    proxy.on("player ANDROID", [english()]);
    let through = |proxy: &Fixture| {
        let mut address = proxy.url.clone();
        address.set_username("user-US-rotate").unwrap();
        address.set_password(Some("p@ss")).unwrap();
        let config = YouTubeConfig {
            base_url: Some("http://youtube.test".parse().unwrap()),
            proxy: Some(address),
            clients: Vec::new(),
        };
        assert!(!format!("{config:?}").contains("p%40ss"));
        YouTube::with_limits(config, impatient()).unwrap()
    };
    through(&proxy).watch(ID).await.unwrap();
    let first = &proxy.log()[0];
    assert!(first.uri.starts_with("http://youtube.test/"), "{}", first.uri);
    // user-US-rotate:p@ss
    assert_eq!(
        first.headers["proxy-authorization"],
        "Basic dXNlci1VUy1yb3RhdGU6cEBzcw=="
    );

    let strict = Fixture::start().await;
    strict.on_every_player(&Reply::status(407));
    let error = through(&strict).watch(ID).await.unwrap_err();
    assert_eq!(error, YouTubeError::ProxyAuth);
    assert_eq!(strict.asked().len(), 1);
}

#[tokio::test]
async fn configured_clients_are_the_ones_that_ask() {
    let server = Fixture::start().await;
    server.on("player TV", [english()]);
    let client = ClientProfile {
        name: "TV".to_owned(),
        version: "7.1".to_owned(),
        user_agent: "television".to_owned(),
        extra: json!({"deviceModel": "X"}).as_object().unwrap().clone(),
    };
    let config = YouTubeConfig {
        base_url: Some(server.url.clone()),
        proxy: None,
        clients: vec![client],
    };
    YouTube::new(config).unwrap().watch(ID).await.unwrap();
    let first = &server.log()[0];
    assert_eq!(first.headers["user-agent"], "television");
    assert_eq!(first.body["context"]["client"]["deviceModel"], "X");
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
