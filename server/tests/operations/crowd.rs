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
