//! A process that serves and one that works, on one Postgres.

use serde_json::Value;

use crate::{
    replicas::{House, free_port, json, submit, until},
    three::follow,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_submitted_to_one_is_done_by_the_other() {
    let house = House::new().await;
    let web = house.start("web", free_port(), &[("JOB_CONCURRENCY", "0")]).await;
    let runs = format!("{}/api/v1/runs", web.url);
    let run = submit(house.client.post(&runs), "TeaKettle04", "fixture-good").await;
    let state = async || json(house.client.get(format!("{runs}/{run}"))).await["state"].clone();
    assert_eq!(state().await, "queued");
    // Somebody watches where it was submitted; and asks there for another to be stopped.
    let watching = tokio::spawn({
        let request = house.client.get(format!("{runs}/{run}/events"));
        async move { follow(request, is_done).await }
    });
    house.hold().await;
    let worker = house.start("worker", free_port(), &[("JOB_CONCURRENCY", "2")]).await;
    let unwanted = submit(house.client.post(&runs), "KamiOri000k", "fixture-good").await;
    until(async || house.asked("/chat/completions").await == 2).await;
    let cancelled = house.client.post(format!("{runs}/{unwanted}/cancel")).send().await;
    assert!(cancelled.unwrap().status().is_success());
    until(async || json(house.client.get(format!("{runs}/{unwanted}"))).await["state"] == "cancelled").await;
    house.let_go().await;
    let events = watching.await.unwrap();
    assert!(is_done(&events), "{events:?}");
    let has = |kind: &str| events.iter().any(|(_, event)| event["type"] == kind);
    assert!(has("stage") && has("text"), "{events:?}");
    assert_eq!(state().await, "done");

    // Each counts what it does itself.
    let counted = async |url: &str| {
        let metrics = house.client.get(format!("{url}/metrics")).send().await.unwrap();
        let text = metrics.text().await.unwrap();
        text.contains("summary_requests_total{model=\"fixture-good\",status=\"success\"} 1")
    };
    assert!(counted(&worker.url).await && !counted(&web.url).await);
    let log = std::fs::read_to_string(house.log("web")).unwrap();
    assert!(
        log.contains("this process serves and leaves the work to others"),
        "{log}"
    );
    drop((web, worker));
    house.tear_down().await;
}

fn is_done(events: &[(i64, Value)]) -> bool {
    events.iter().any(|(_, event)| event["state"] == "done")
}
