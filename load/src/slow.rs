//! Many slow model calls at once: whether others notice.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::{
    attack,
    house::{self, Data, Running},
    process, targets,
};

/// Model calls at once that one process may be told to make.
pub const MOST: usize = 256;

/// The settings with which that many calls go out at once.
pub fn settings(folder: &Path, upstream: &Running, calls: usize) -> Result<Vec<(&'static str, String)>> {
    let file = folder.join("load.toml");
    let base_url = &upstream.url;
    fs::write(
        &file,
        format!(
            "[[providers]]\nname = \"slow\"\nbase_url = \"{base_url}/v1\"\nkey = \"fixture\"\nconcurrency = {calls}\n"
        ),
    )?;
    Ok(vec![
        ("CONFIG_FILE", file.display().to_string()),
        ("JOB_CONCURRENCY", calls.to_string()),
        ("DATABASE_POOL", "40".to_owned()),
        ("COSTLY_CALLS_PER_MINUTE", "0".to_owned()),
        ("YOUTUBE_BASE_URL", base_url.clone()),
    ])
}

/// Asks for `calls` summaries from a model that does not answer before it is let go, and asks for other things meanwhile.
pub async fn run(server: &Running, upstream: &Running, data: &Data, calls: usize, time: Duration) -> Result<()> {
    let client = reqwest::Client::new();
    let before = process::resident(server.pid());
    let fault = json!({"match": "/v1/chat/completions", "fault": "hold"});
    let answer = client
        .post(format!("{}/_control/faults", upstream.url))
        .json(&fault)
        .send()
        .await?;
    ensure!(
        answer.status().is_success(),
        "the upstream holds nothing: {}",
        answer.status()
    );
    let stamp = house::free_port()?;
    let mut runs = Vec::new();
    for n in 0..calls {
        let words =
            format!("This is talk number {n} of {stamp}. It tells of lamps, of kettles and of the sea. ").repeat(12);
        let asked = json!({"input": words, "title": format!("Talk {n}"), "model": "slow/fixture-good"});
        let answer = client
            .post(format!("{}/api/v1/runs", server.url))
            .json(&asked)
            .send()
            .await?;
        let status = answer.status();
        let said: Value = answer.json().await?;
        ensure!(status.as_u16() == 202, "a run was refused: {said}");
        runs.push(said["runs"][0]["id"].as_str().context("a run's id")?.to_owned());
    }
    let begun = Instant::now();
    let open = loop {
        let log: Vec<Value> = client
            .get(format!("{}/_control/log", upstream.url))
            .send()
            .await?
            .json()
            .await?;
        let open = log
            .iter()
            .filter(|call| {
                call["path"]
                    .as_str()
                    .is_some_and(|path| path.ends_with("/chat/completions"))
            })
            .count();
        if open >= calls {
            break open;
        }
        if begun.elapsed() > Duration::from_secs(120) {
            bail!("only {open} of {calls} calls were made within two minutes");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let during = process::resident(server.pid());
    println!(
        "{open} model calls under way. The server holds {:.1} MB, before {:.1} MB; Postgres has {} processes.\n\n\
         | asked by 4 users | requests/s | p50 ms | p95 ms | p99 ms | errors |\n|---|---|---|---|---|---|",
        during as f64 / 1024.0,
        before as f64 / 1024.0,
        data.processes().len()
    );
    for target in [targets::livez(), targets::home()] {
        let sample = attack::attack(&server.url, std::slice::from_ref(&target), 4, time)
            .await?
            .remove(0);
        println!(
            "| {} | {:.0} | {:.1} | {:.1} | {:.1} | {} |",
            target.name,
            sample.per_second(),
            sample.within(0.5),
            sample.within(0.95),
            sample.within(0.99),
            sample.errors
        );
    }
    client
        .delete(format!("{}/_control/faults", upstream.url))
        .send()
        .await?;
    let begun = Instant::now();
    loop {
        let done: usize = data
            .sql(&format!(
                "select count(*) from runs where state = 'done' and id in ('{}')",
                runs.join("', '")
            ))?
            .trim()
            .parse()?;
        if done == calls {
            println!(
                "\nLet go, all {calls} were done within {:.1} s.",
                begun.elapsed().as_secs_f64()
            );
            return Ok(());
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(300),
            "only {done} of {calls} were done after five minutes"
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
