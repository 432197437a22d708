//! The way out: the proxy, and the clients that we appear as.

use serde_json::json;

use super::english;
use crate::{
    models::Secret,
    youtube::{
        ClientProfile, Egress, Webshare, YouTube, YouTubeConfig, YouTubeError,
        fixture::{Fixture, ID, Reply, impatient, json3, player, refused, track},
    },
};

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
            egress: Egress::Proxy(address),
            ..YouTubeConfig::default()
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
        egress: Egress::Direct,
        clients: vec![client],
        ..YouTubeConfig::default()
    };
    YouTube::new(config).unwrap().watch(ID).await.unwrap();
    let first = &server.log()[0];
    assert_eq!(first.headers["user-agent"], "television");
    assert_eq!(first.body["context"]["client"]["deviceModel"], "X");
}

/// A client that goes out through a fixture that stands in for Webshare.
fn rotating(proxy: &Fixture, retries: u8) -> YouTube {
    rotating_with(proxy, retries, None)
}

/// The same, with a yt-dlp at hand.
pub(super) fn rotating_with(proxy: &Fixture, retries: u8, yt_dlp: Option<std::path::PathBuf>) -> YouTube {
    let config = YouTubeConfig {
        base_url: Some("http://youtube.test".parse().unwrap()),
        egress: Egress::Webshare(Webshare {
            host: proxy.url.host_str().unwrap().to_owned(),
            port: proxy.url.port().unwrap(),
            user: "me".to_owned(),
            password: Secret::new("secret".to_owned()),
            countries: vec!["de".to_owned()],
            retries,
        }),
        yt_dlp,
        ..YouTubeConfig::default()
    };
    YouTube::with_limits(config, impatient()).unwrap()
}

#[tokio::test]
async fn each_request_has_an_address_of_its_own_until_one_is_answered() {
    let proxy = Fixture::start().await;
    proxy
        .on("player ANDROID", [Reply::status(429), Reply::status(403), english()])
        .on("/api/timedtext", [Reply::status(429), Reply::json(&json3())]);
    let youtube = rotating(&proxy, 5);
    let watched = youtube.watch(ID).await.unwrap();
    youtube.captions(&watched, &[]).await.unwrap();
    let log = proxy.log();
    let players = log.iter().filter(|asked| asked.what == "player ANDROID").count();
    assert_eq!(players, 3);
    let mut connections: Vec<_> = log.iter().map(|asked| asked.from).collect();
    connections.sort();
    connections.dedup();
    assert_eq!(connections.len(), log.len(), "no connection is used twice");
    // me-DE-rotate:secret
    assert!(
        log.iter()
            .all(|asked| asked.headers["proxy-authorization"] == "Basic bWUtREUtcm90YXRlOnNlY3JldA==")
    );
}

#[tokio::test]
async fn after_so_many_addresses_the_block_is_told() {
    let proxy = Fixture::start().await;
    proxy.on_every_player(&Reply::status(429));
    let error = rotating(&proxy, 2).watch(ID).await.unwrap_err();
    assert_eq!(error, YouTubeError::IpBlocked { retry_after: None });
    assert_eq!(proxy.asked(), ["player ANDROID"; 3]);
}

#[tokio::test]
async fn a_proxy_that_does_not_know_us_is_asked_once() {
    let proxy = Fixture::start().await;
    proxy.on_every_player(&Reply::status(407));
    let error = rotating(&proxy, 5).watch(ID).await.unwrap_err();
    assert_eq!(error, YouTubeError::ProxyAuth);
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test]
async fn a_client_that_is_taken_for_a_bot_asks_for_a_name_and_tries_once_more() {
    let server = Fixture::start().await;
    let bot = Reply::json(&refused("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"));
    let named = Reply::json(&json!({"responseContext": {"visitorData": "CgtGuest%3D%3D"}}));
    server
        .on("player ANDROID", [bot, english()])
        .on("visitor_id ANDROID", [named]);
    let youtube = server.youtube();
    youtube.watch(ID).await.unwrap();
    assert_eq!(
        server.asked()[..3],
        ["player ANDROID", "visitor_id ANDROID", "player ANDROID"]
    );
    youtube.watch(ID).await.unwrap();
    let log = server.log();
    let players: Vec<_> = log.iter().filter(|asked| asked.what == "player ANDROID").collect();
    let name = |at: usize| players[at].body["context"]["client"]["visitorData"].as_str();
    assert_eq!(
        [name(0), name(1), name(2)],
        [None, Some("CgtGuest%3D%3D"), Some("CgtGuest%3D%3D")]
    );
    assert_eq!(players[2].headers["x-goog-visitor-id"], "CgtGuest%3D%3D");
}

#[tokio::test]
async fn a_name_that_an_answer_gives_is_sent_from_then_on_and_nonsense_is_not() {
    let server = Fixture::start().await;
    let mut answer = player(&[track("en", "", "")]);
    answer["responseContext"] = json!({"visitorData": "line\r\nbreak"});
    let hostile = Reply::json(&answer);
    answer["responseContext"] = json!({"visitorData": "Cgt1"});
    server.on("player ANDROID", [hostile, Reply::json(&answer)]);
    let youtube = server.youtube();
    for _ in 0..3 {
        youtube.watch(ID).await.unwrap();
    }
    let names: Vec<_> = server
        .log()
        .iter()
        .filter(|asked| asked.what == "player ANDROID")
        .map(|asked| asked.body["context"]["client"]["visitorData"].clone())
        .collect();
    assert_eq!(names, [json!(null), json!(null), json!("Cgt1")]);
}
