//! deploy/prometheus/rules.yml and the dashboard's queries in the machine's Prometheus, which scrapes the program at work.

use std::{
    io::Write as _,
    process::{Child, Stdio},
};

use serde_json::{Value, json};

use crate::replicas::{House, free_port, json as get, machine, submit, until};

struct Prometheus {
    child: Child,
    url: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prometheus {
    fn start(house: &House, target: u16) -> Self {
        let folder = house.folder.path();
        let rules = include_str!("../../../deploy/prometheus/rules.yml");
        std::fs::write(folder.join("rules.yml"), rules).unwrap();
        let configuration = json!({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yml"],
            "scrape_configs": [{
                "job_name": "youtube-summarizer",
                "static_configs": [{"targets": [format!("127.0.0.1:{target}")]}],
            }],
        });
        // JSON is YAML.
        let path = folder.join("prometheus.yml");
        std::fs::write(&path, configuration.to_string()).unwrap();
        let port = free_port();
        let child = machine("prometheus")
            .arg(format!("--config.file={}", path.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("tsdb").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join("prometheus.log")).unwrap())
            .spawn()
            .unwrap();
        Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
        }
    }

    /// How many series a query finds; why it can't be answered otherwise.
    async fn found(&self, house: &House, query: &str) -> Result<usize, Value> {
        let url = reqwest::Url::parse_with_params(&format!("{}/api/v1/query", self.url), [("query", query)]).unwrap();
        let answer: Value = get(house.client.get(url)).await;
        match answer["data"]["result"].as_array() {
            Some(series) if answer["status"] == "success" => Ok(series.len()),
            _ => Err(answer),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_panel_of_the_dashboard_has_data_and_every_rule_is_evaluated() {
    let house = House::new().await;
    let (port, metrics) = (free_port(), free_port());
    let address = format!("127.0.0.1:{metrics}");
    let settings = [("METRICS_ADDR", address.as_str()), ("DAILY_TOKEN_LIMIT", "1000000")];
    let replica = house.start("a", port, &settings).await;
    let prometheus = Prometheus::start(&house, metrics);
    let ready = format!("{}/-/ready", prometheus.url);
    until(async || house.status(&ready).await == Some(200)).await;

    // A model that answers, one that has to be asked twice, an extract, and a video that nobody may see.
    let runs = format!("{}/api/v1/runs", replica.url);
    let once = json!({"match": "/chat/completions", "times": 1, "fault": {"status": 503, "body": {"error": {"message": "busy"}}}});
    house.fault(once).await;
    for (video, model, ends) in [
        ("TeaKettle04", "fixture-good", "done"),
        ("BridgeTalk8", "fixture-good", "done"),
        ("HoneyBees0c", "extractive", "done"),
        ("PrivateVidI", "extractive", "failed"),
    ] {
        let run = submit(house.client.post(&runs), video, model).await;
        let run = format!("{runs}/{run}");
        until(async || !["queued", "working"].contains(&get(house.client.get(&run)).await["state"].as_str().unwrap()))
            .await;
        assert_eq!(get(house.client.get(&run)).await["state"], ends, "{video}");
    }

    let dashboard: Value = serde_json::from_str(include_str!("../../../deploy/grafana/dashboard.json")).unwrap();
    let mut queries = 0;
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let query = target["expr"].as_str().unwrap();
            queries += 1;
            // A rate needs two scrapes after the first value.
            let wait = until(async || match prometheus.found(&house, query).await {
                Ok(series) => series > 0,
                Err(answer) => {
                    assert_eq!(answer["status"], "success", "{query}: {answer}");
                    false
                }
            });
            let found = tokio::time::timeout(std::time::Duration::from_secs(30), wait).await;
            assert!(found.is_ok(), "{} has no data: {query}", panel["title"]);
        }
    }
    assert!(queries > 30, "{queries}");

    // The alerts are evaluated without an error, and all is well.
    let groups = get(house.client.get(format!("{}/api/v1/rules", prometheus.url))).await;
    let rules = groups["data"]["groups"][0]["rules"].as_array().unwrap();
    assert!(rules.len() > 15);
    for rule in rules {
        assert_eq!(rule["health"], "ok", "{rule}");
        assert_ne!(rule["state"], "firing", "{rule}");
    }

    // Names, types and help are as Prometheus advises.
    let text = house
        .client
        .get(format!("http://{address}/metrics"))
        .send()
        .await
        .unwrap();
    let text = text.text().await.unwrap();
    let mut check = machine("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = check.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");

    drop((prometheus, replica));
    house.tear_down().await;
}
