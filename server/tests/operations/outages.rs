//! Postgres goes away while a model is being asked, and comes back: a Postgres of the test's own, stopped and started by pg_ctl.

use std::{
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cluster::{Cluster, Settings};
use tempfile::TempDir;

use crate::replicas::{House, Replica, free_port, json, submit, until};

/// A Postgres that can be stopped under the replicas.
pub(crate) struct Postgres {
    folder: Option<TempDir>,
    pub(crate) cluster: Cluster,
}

impl Postgres {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut postgres = Self::start_in(folder.path());
        postgres.folder = Some(folder);
        postgres
    }

    pub(crate) fn start_in(folder: &Path) -> Self {
        let settings = Settings {
            data_dir: folder.to_owned(),
            unsafe_fast: false,
        };
        Self {
            folder: None,
            cluster: Cluster::start(&settings).unwrap(),
        }
    }

    /// `pg_ctl` with these words, by the account that runs it. What is down is started by "restart" as well, which, unlike "start",
    /// keeps to the words it was started with before.
    pub(crate) fn control(&self, words: &[&str]) {
        let data = self.cluster.data();
        let about = std::fs::metadata(data).unwrap();
        // The program beside the one that was started.
        let command_line = std::fs::read_to_string(data.join("postmaster.opts")).unwrap();
        let program = PathBuf::from(command_line.split_whitespace().next().unwrap().trim_matches('"'));
        let status = Command::new(program.with_file_name("pg_ctl"))
            .args(words)
            .arg("-D")
            .arg(data)
            .arg("-l")
            .arg(data.join("control.log"))
            .current_dir("/")
            .uid(about.uid())
            .gid(about.gid())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {words:?}");
    }

    pub(crate) fn stop(self) {
        let data = self.cluster.data().to_owned();
        self.cluster.stop().unwrap();
        std::fs::remove_dir_all(data).unwrap();
        drop(self.folder);
    }
}

async fn is_ready(house: &House, replica: &Replica) -> bool {
    house.status(&format!("{}/readyz", replica.url)).await == Some(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn while_postgres_is_away_people_are_told_and_what_is_paid_for_is_kept() {
    let postgres = Postgres::start();
    let house = House::on(postgres.cluster.url("postgres")).await;
    let replica = house.start("a", free_port(), &[]).await;
    let runs = format!("{}/api/v1/runs", replica.url);
    house.hold().await;
    let run = submit(house.client.post(&runs), "TeaKettle04", "fixture-good").await;
    until(async || house.asked("/chat/completions").await == 1).await;
    let events = house.client.get(format!("{runs}/{run}/events")).send().await.unwrap();
    assert_eq!(events.status(), 200);
    let events = tokio::spawn(events.text());

    postgres.control(&["stop", "-m", "immediate"]);
    until(async || !is_ready(&house, &replica).await).await;
    let home = async || {
        let request = house.client.get(&replica.url).header("accept", "text/html");
        request.send().await.unwrap()
    };
    // Until it is known, a page says so itself, and has waited for it.
    let answer = house
        .client
        .get(&replica.url)
        .header("accept", "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 503);
    until(async || home().await.text().await.unwrap().contains("work goes on by itself")).await;
    // Now nobody waits.
    let answer = home().await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()),
        (503, &b"5"[..])
    );
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("<h1>YouTube Summarizer</h1>") && page.contains("Nothing is lost"),
        "{page}"
    );
    let answer = house
        .client
        .post(&runs)
        .json(&serde_json::json!({"input": "KamiOri000k"}))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()),
        (503, &b"5"[..])
    );
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let answer = house
        .client
        .get(format!("{}/api/ui/page?ask=home", replica.url))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), r#"{"kind":"store"}"#);
    assert_eq!(house.status(&format!("{}/livez", replica.url)).await, Some(200));
    let health = json(house.client.get(format!("{}/health", replica.url))).await;
    assert_eq!(
        (&health["status"], &health["checks"]["cache_accessible"]),
        (&"unhealthy".into(), &false.into())
    );
    let metrics = house
        .client
        .get(format!("{}/metrics", replica.url))
        .send()
        .await
        .unwrap();
    assert!(metrics.text().await.unwrap().contains("\nytsum_database_up 0\n"));

    // The model answers now, and there is nowhere to keep it.
    house.let_go().await;
    until(async || !house.log_of("/chat/completions").await[0]["answered"].is_null()).await;
    postgres.control(&["restart", "-w"]);
    until(async || is_ready(&house, &replica).await).await;
    let path = format!("{runs}/{run}");
    until(async || {
        let answer = house.client.get(&path).send().await.unwrap();
        answer.status() == 200 && answer.json::<serde_json::Value>().await.unwrap()["state"] == "done"
    })
    .await;
    // Whoever watched went on watching.
    let said = events.await.unwrap().unwrap();
    assert!(said.contains(r#""state":"done""#), "{said}");

    // A restart as packages make it, under another run.
    house.hold().await;
    let second = submit(house.client.post(&runs), "KamiOri000k", "fixture-good").await;
    until(async || house.asked("/chat/completions").await == 2).await;
    postgres.control(&["restart", "-w", "-m", "fast"]);
    house.let_go().await;
    let path = format!("{runs}/{second}");
    until(async || {
        let answer = house.client.get(&path).send().await.unwrap();
        answer.status() == 200 && answer.json::<serde_json::Value>().await.unwrap()["state"] == "done"
    })
    .await;

    assert_eq!(house.asked("/chat/completions").await, 2, "each call was made once");
    let crashes: i64 = sqlx::query_scalar("select sum(crashes) from runs")
        .fetch_one(&mut house.database().await)
        .await
        .unwrap();
    assert_eq!(crashes, 0, "nobody crashed");
    let log = std::fs::read_to_string(house.log("a")).unwrap();
    assert!(
        log.contains("the database is away") && log.contains("the database is back"),
        "{log}"
    );
    drop(replica);
    house.tear_down().await;
    postgres.stop();
}
