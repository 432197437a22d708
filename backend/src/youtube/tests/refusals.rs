//! Every way to be refused has its name, and what is tried before it is given.

use std::time::Duration;

use serde_json::{Value, json};

use super::{captions, english};
use crate::youtube::{
    YouTube, YouTubeConfig, YouTubeError,
    fetch::Limits,
    fixture::{Fixture, ID, Reply, impatient, player, refused},
};

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
async fn where_no_client_gets_an_answer_the_page_tells_whether_the_address_is_refused() {
    let captcha = "<!DOCTYPE html><form><div class=\"g-recaptcha\"></div></form>";
    for (player, page, kind, asked) in [
        (Reply::status(404), Reply::of(captcha), "ip_blocked", 4),
        (Reply::of("<html>Hello</html>"), Reply::status(429), "ip_blocked", 4),
        (
            Reply::status(400),
            Reply::of("<html>A video</html>"),
            "client_rejected",
            4,
        ),
        (
            Reply::json(&refused("ERROR", "This video is unavailable")),
            Reply::of(captcha),
            "video_unavailable",
            2,
        ),
    ] {
        let server = Fixture::start().await;
        server.on_every_player(&player).on("/watch", [page]);
        assert_eq!(server.youtube().watch(ID).await.unwrap_err().kind(), kind);
        assert_eq!(server.asked().len(), asked, "{:?}", server.asked());
    }
}
