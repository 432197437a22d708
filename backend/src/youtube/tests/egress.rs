//! The way out: the proxy, and the clients that we appear as.

use serde_json::json;

use super::english;
use crate::youtube::{
    ClientProfile, YouTube, YouTubeConfig, YouTubeError,
    fixture::{Fixture, ID, Reply, impatient},
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
