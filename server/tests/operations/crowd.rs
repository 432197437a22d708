//! Many who ask for pages at once.

use futures::{StreamExt as _, stream};
use reqwest::StatusCode;

use crate::replicas::{House, free_port, json, submit, until};

/// Pages are made on several threads. What is asked of one for its head, once it is made, must still be there then.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_hold_when_many_ask_at_once() {
    let house = House::new().await;
    let replica = house.start("a", free_port(), &[]).await;
    let runs = format!("{}/api/v1/runs", replica.url);
    let run = submit(house.client.post(&runs), "TeaKettle04", "extractive").await;
    until(async || json(house.client.get(format!("{runs}/{run}"))).await["state"] == "done").await;
    let pages = [
        "/library?page=1".to_owned(),
        format!("/summaries/{run}"),
        "/library?q=tea".to_owned(),
    ];
    let asked = stream::iter((0..600).map(|n| {
        // No encoding, so that nothing is kept.
        house.client.get(format!("{}{}", replica.url, pages[n % 3])).send()
    }));
    let failed = asked
        .buffer_unordered(16)
        .filter(|answer| std::future::ready(!answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::OK)))
        .count()
        .await;
    assert_eq!(failed, 0, "of 600");
    drop(replica);
    house.tear_down().await;
}

/// Streams stay open. Whoever takes many is told so and nobody else, and all together leave room for other requests.
#[tokio::test(flavor = "multi_thread")]
async fn streams_are_few_for_one_address_and_leave_room_in_all() {
    let house = House::new().await;
    let settings = [
        ("STREAMS_PER_CLIENT", "2"),
        ("EVENT_STREAMS", "3"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let replica = house.start("a", free_port(), &settings).await;
    let runs = format!("{}/api/v1/runs", replica.url);
    house.hold().await;
    let run = submit(house.client.post(&runs), "TeaKettle04", "fixture-good").await;
    // nginx says where they come from.
    let watch = async |from: &str| {
        let request = house.client.get(format!("{runs}/{run}/events"));
        request.header("x-forwarded-for", from).send().await.unwrap()
    };
    let mut open = vec![watch("192.0.2.1").await, watch("192.0.2.1").await];
    let refused = watch("192.0.2.1").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "30");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    open.push(watch("192.0.2.2").await);
    assert!(open.iter().all(|answer| answer.status() == StatusCode::OK));
    let refused = watch("192.0.2.3").await;
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "30");
    // The rest is served.
    assert_eq!(
        json(house.client.get(format!("{runs}/{run}"))).await["state"],
        "working"
    );
    drop(open);
    until(async || watch("192.0.2.3").await.status() == StatusCode::OK).await;
    drop(replica);
    house.tear_down().await;
}
