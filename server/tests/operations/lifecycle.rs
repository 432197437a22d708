//! Stopping, starting where nothing can be written, and a database that goes away for a moment.

use std::time::Duration;

use crate::replicas::{House, free_port, json, submit, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_takes_readiness_away_then_says_goodbye_and_ends_well() {
    let house = House::new().await;
    house.hold().await;
    let mut replica = house.start("a", free_port(), &[("SHUTDOWN_DELAY", "2")]).await;
    let runs = format!("{}/api/v1/runs", replica.url);
    let run = submit(house.client.post(&runs), "TeaKettle04", "fixture-good").await;
    until(async || house.asked("/chat/completions").await == 1).await;
    let events = house.client.get(format!("{runs}/{run}/events")).send().await.unwrap();
    assert_eq!(events.status(), 200);
    replica.signal("-TERM");
    until(async || house.status(&format!("{}/readyz", replica.url)).await == Some(503)).await;
    // It still answers, but keeps no connection.
    let answer = house.client.get(format!("{}/livez", replica.url)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["connection"], "close");
    let said = events.text().await.unwrap();
    assert!(
        said.trim_end().ends_with("data: this server stops; come back"),
        "{said}"
    );
    assert!(said.contains("event: bye\nretry: 1000\n"), "{said}");
    // What was promised: in less than thirty seconds.
    let ended = tokio::time::timeout(Duration::from_secs(30), replica.ended()).await;
    assert!(ended.expect("it takes too long").success());

    // The run was put down, which is no crash, and goes on in the next process.
    let put_down: (String, i32) = sqlx::query_as("select state, crashes from runs")
        .fetch_one(&mut house.database().await)
        .await
        .unwrap();
    assert_eq!(put_down, ("queued".to_owned(), 0));
    house.let_go().await;
    let replica = house.start("a", free_port(), &[]).await;
    let run = format!("{}/api/v1/runs/{run}", replica.url);
    until(async || json(house.client.get(&run)).await["state"] == "done").await;
    drop(replica);
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_now() {
    let house = House::new().await;
    let mut replica = house.start("a", free_port(), &[("SHUTDOWN_DELAY", "15")]).await;
    replica.signal("-TERM");
    until(async || house.status(&format!("{}/readyz", replica.url)).await == Some(503)).await;
    replica.signal("-TERM");
    assert_eq!(replica.ended().await.code(), Some(130));
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_named_with_what_to_do() {
    let house = House::new().await;
    let file = house.folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    for (setting, advice) in [("DATA_DIR", "mount a volume"), ("LOG_DIR", "leave LOG_DIR unset")] {
        let mut command = house.command("a");
        // Not even root can make a folder there.
        let output = command
            .env(setting, file.join("folder"))
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(
            said.contains(&format!("({setting})")) && said.contains(advice),
            "{said}"
        );
    }
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_goes_on_when_the_database_comes_back() {
    let house = House::new().await;
    let replica = house.start("a", free_port(), &[]).await;
    let runs = format!("{}/api/v1/runs", replica.url);
    house.refuse_connections().await;
    until(async || {
        let log = std::fs::read_to_string(house.log("a")).unwrap();
        log.contains("the worker broke off; it begins again")
    })
    .await;
    assert_eq!(house.status(&format!("{}/livez", replica.url)).await, Some(200));
    assert_eq!(house.status(&format!("{}/readyz", replica.url)).await, Some(503));
    house.let_connect().await;
    until(async || house.status(&format!("{}/readyz", replica.url)).await == Some(200)).await;
    let run = submit(house.client.post(&runs), "TeaKettle04", "extractive").await;
    let run = format!("{runs}/{run}");
    until(async || json(house.client.get(&run)).await["state"] == "done").await;
    drop(replica);
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_have_a_line_in_the_log_and_probes_have_none() {
    let house = House::new().await;
    // `start` asks /readyz until it is.
    let replica = house.start("a", free_port(), &[]).await;
    assert_eq!(
        house.status(&format!("{}/library?tag=private", replica.url)).await,
        Some(200)
    );
    until(async || {
        let log = std::fs::read_to_string(house.log("a")).unwrap();
        log.lines().any(|line| {
            ["GET", "path=\"/library\"", "answered", "status=200"]
                .iter()
                .all(|part| line.contains(part))
        })
    })
    .await;
    let log = std::fs::read_to_string(house.log("a")).unwrap();
    assert!(!log.contains("readyz") && !log.contains("private"), "{log}");
    drop(replica);
    house.tear_down().await;
}
