//! Faults for minutes, under load: run by hand, since they take long, and some need root for disks that are really full.
//!
//! ```text
//! CHAOS_SECONDS=300 cargo test -p server --test operations chaos::kills -- --ignored --nocapture
//! CHAOS_SECONDS=120 cargo test -p server --test operations chaos::restarts_of_postgres -- --ignored --nocapture
//! cargo test -p server --test operations chaos::full -- --ignored --nocapture     # as root
//! ```
//!
//! Each prints what it saw, and fails where something was lost, done twice, or paid for twice.

#![expect(clippy::print_stdout, reason = "each prints what it saw")]

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use reqwest::Client;
use serde_json::{Value, json};
use sqlx::Row;
use tokio::task::JoinHandle;

use crate::{
    outages::Postgres,
    replicas::{House, free_port, json, submit, until},
};

/// An answer that was complete so shortly before a kill may not have been written down; in milliseconds.
const UNDER_WAY: u64 = 1000;

fn seconds() -> Duration {
    let given = std::env::var("CHAOS_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(given.unwrap_or(120))
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// Four characters that make a copy of a video.
fn mark(mut number: usize) -> String {
    let mut mark = [b'0'; 4];
    for place in mark.iter_mut().rev() {
        *place = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 36];
        number /= 36;
    }
    String::from_utf8(mark.to_vec()).unwrap()
}

/// The n-th submission, unlike all others: links, a long video that is read in parts, pasted transcripts; fast and slow models, and
/// one that cuts prompts.
fn submission(number: usize) -> Value {
    let mark = mark(number);
    let (input, model) = match number % 10 {
        0 => (format!("https://youtu.be/LightH{mark}A"), "fixture-good"),
        1 | 2 => (format!("https://youtu.be/HoneyB{mark}c"), "fixture-slow"),
        3 => (pasted(&mark), "fixture-good"),
        4 => (pasted(&mark), "extractive"),
        // Of the prompt for the whole, this one reads a part and says nothing.
        5 => (format!("https://youtu.be/LightH{mark}A"), "fixture-cutting"),
        _ => (format!("https://youtu.be/TeaKet{mark}4"), "fixture-good"),
    };
    json!({"input": input, "model": model})
}

fn pasted(mark: &str) -> String {
    let sentences =
        (1..=12).map(|n| format!("In lecture {mark} the {n}. experiment shows how water climbs in narrow tubes."));
    sentences.collect::<Vec<_>>().join("\n")
}

/// What the load saw.
#[derive(Debug, Default)]
struct Seen {
    accepted: Vec<String>,
    /// Answers that were no acceptance, by status; 0 where there was none.
    others: BTreeMap<u16, usize>,
    slowest: Duration,
}

/// Submits until `over`, one after the other, whatever happens.
fn load(client: Client, url: String, pause: Duration, over: Arc<AtomicBool>) -> JoinHandle<Seen> {
    tokio::spawn(async move {
        let (mut seen, mut number) = (Seen::default(), 0);
        while !over.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let request = client.post(format!("{url}/api/v1/runs")).json(&submission(number));
            number += 1;
            let status = match request.timeout(Duration::from_secs(30)).send().await {
                Ok(answer) if answer.status() == 202 => match answer.json::<Value>().await {
                    Ok(created) => {
                        seen.accepted
                            .push(created["runs"][0]["id"].as_str().unwrap().to_owned());
                        202
                    }
                    Err(_) => 0,
                },
                Ok(answer) => answer.status().as_u16(),
                Err(_) => 0,
            };
            if status != 202 {
                *seen.others.entry(status).or_default() += 1;
            }
            seen.slowest = seen.slowest.max(begun.elapsed());
            tokio::time::sleep(pause).await;
        }
        seen
    })
}

/// Waits for the end of all runs and holds what there is against what was accepted and what the upstream answered. `cuts` are the
/// moments at which processes were killed.
async fn account(house: &House, seen: &Seen, cuts: &[u64]) {
    let mut db = house.database().await;
    let waiting = Instant::now();
    // How long it takes depends on how many were accepted; that one ends after the other does not.
    let (mut fewest, mut ended) = (i64::MAX, Instant::now());
    while fewest > 0 {
        let open: i64 = sqlx::query_scalar("select count(*) from runs where state in ('queued', 'working', 'waiting')")
            .fetch_one(&mut db)
            .await
            .unwrap();
        if open < fewest {
            (fewest, ended) = (open, Instant::now());
        }
        assert!(
            ended.elapsed() < Duration::from_secs(120),
            "{open} runs are open, and for two minutes none has ended"
        );
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    println!("all had ended {:.0} s after the load", waiting.elapsed().as_secs_f64());
    let rows = sqlx::query("select id::text, state, summary_id::text, fault->>'kind', crashes from runs")
        .fetch_all(&mut db)
        .await
        .unwrap();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    let mut runs = HashMap::new();
    for row in &rows {
        let (state, summary): (String, Option<String>) = (row.get(1), row.get(2));
        let kind: Option<String> = row.get(3);
        let end = if state == "done" {
            state.clone()
        } else {
            format!("{state}: {}", kind.clone().unwrap_or_default())
        };
        *ends.entry(end).or_default() += 1;
        assert!((state == "done") == summary.is_some(), "{state} {summary:?}");
        assert!(state == "done" || kind.is_some(), "an end that says nothing");
        runs.insert(row.get::<String, _>(0), state);
    }
    let lost: Vec<&String> = seen.accepted.iter().filter(|id| !runs.contains_key(*id)).collect();
    assert!(lost.is_empty(), "accepted, and not there: {lost:?}");
    let summaries: i64 = sqlx::query_scalar("select count(*) from summaries")
        .fetch_one(&mut db)
        .await
        .unwrap();
    let done = runs.values().filter(|state| *state == "done").count();
    let crashes: i64 = rows.iter().map(|row| i64::from(row.get::<i32, _>(4))).sum();
    println!(
        "{} accepted, {} runs, ends {ends:?}, {summaries} summaries, {crashes} times taken up after a kill",
        seen.accepted.len(),
        rows.len()
    );
    println!(
        "other answers {:?}, the slowest {:.1} s",
        seen.others,
        seen.slowest.as_secs_f64()
    );
    assert_eq!(usize::try_from(summaries).unwrap(), done, "a summary each");

    let mut calls: HashMap<u64, Vec<u64>> = HashMap::new();
    let log = house.log_of("/chat/completions").await;
    for entry in &log {
        if let (Some(200), Some(answered)) = (entry["status"].as_u64(), entry["answered"].as_u64()) {
            calls
                .entry(entry["body_hash"].as_u64().unwrap())
                .or_default()
                .push(answered);
        }
    }
    let (mut complete, mut excused, mut repeated) = (0, 0, Vec::new());
    for answers in calls.values_mut() {
        answers.sort_unstable();
        complete += answers.len();
        for answered in &answers[..answers.len() - 1] {
            if cuts
                .iter()
                .any(|cut| (cut.saturating_sub(UNDER_WAY)..=cut + 50).contains(answered))
            {
                excused += 1;
            } else {
                repeated.push(*answered);
            }
        }
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from model_answers")
        .fetch_one(&mut db)
        .await
        .unwrap();
    // A prompt that was cut has no answer worth keeping; what it told of the window is noted.
    let learned: i64 =
        sqlx::query_scalar("select count(*) from model_notes where note->'window'->>'learned_at' is not null")
            .fetch_one(&mut db)
            .await
            .unwrap();
    println!(
        "{} calls of models, {complete} answered in full, {} different ones, {kept} kept; {excused} were complete in the second before \
         a kill and made again, {} were repeated otherwise",
        log.len(),
        calls.len(),
        repeated.len()
    );
    assert!(
        repeated.is_empty(),
        "completed calls were repeated: {repeated:?}, kills at {cuts:?}"
    );
    let ended_badly = rows.len() - done;
    assert!(
        usize::try_from(kept + learned).unwrap() + ended_badly >= calls.len(),
        "answers that were paid for are gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes under load, more than the suite may: the head of this file says how to run it"]
async fn kills() {
    let house = House::new().await;
    let port = free_port();
    let settings = [("DATABASE_POOL", "16")];
    let mut replica = house.start("a", port, &settings).await;
    let over = Arc::new(AtomicBool::new(false));
    let load = load(
        house.client.clone(),
        replica.url.clone(),
        Duration::from_millis(400),
        Arc::clone(&over),
    );
    let (begun, mut cuts) = (Instant::now(), Vec::new());
    while begun.elapsed() < seconds() {
        tokio::time::sleep(Duration::from_millis(2500 + 1300 * (cuts.len() as u64 % 4))).await;
        replica.signal("-KILL");
        cuts.push(now());
        assert!(!replica.ended().await.success());
        replica = house.start("a", port, &settings).await;
    }
    over.store(true, Ordering::Relaxed);
    let seen = load.await.unwrap();
    println!("killed {} times in {:.0} s", cuts.len(), begun.elapsed().as_secs_f64());
    account(&house, &seen, &cuts).await;
    drop(replica);
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes under load, more than the suite may: the head of this file says how to run it"]
async fn restarts_of_postgres() {
    let postgres = Postgres::start();
    let house = House::on(postgres.cluster.url("postgres")).await;
    let mut replica = house.start("a", free_port(), &[("DATABASE_POOL", "16")]).await;
    let over = Arc::new(AtomicBool::new(false));
    let load = load(
        house.client.clone(),
        replica.url.clone(),
        Duration::from_millis(400),
        Arc::clone(&over),
    );
    let (begun, mut restarts, mut away) = (Instant::now(), 0, Vec::new());
    while begun.elapsed() < seconds() {
        tokio::time::sleep(Duration::from_secs(8)).await;
        let cut = Instant::now();
        postgres.control(&[
            "restart",
            "-w",
            "-m",
            if restarts % 2 == 0 { "immediate" } else { "fast" },
        ]);
        restarts += 1;
        until(async || house.status(&format!("{}/readyz", replica.url)).await == Some(200)).await;
        away.push(cut.elapsed().as_secs_f64());
    }
    over.store(true, Ordering::Relaxed);
    let seen = load.await.unwrap();
    away.sort_by(f64::total_cmp);
    println!(
        "{restarts} restarts; from pg_ctl to ready again: {:.1} to {:.1} s",
        away[0],
        away[away.len() - 1]
    );
    account(&house, &seen, &[]).await;
    // Not once was the program started again.
    replica.signal("-TERM");
    assert!(replica.ended().await.success());
    house.tear_down().await;
    postgres.stop();
}

/// A disk of its own, of so many megabytes.
struct Disk(PathBuf);

impl Disk {
    fn new(path: &Path, megabytes: u32) -> Self {
        std::fs::create_dir_all(path).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=755"), "tmpfs"])
            .arg(path)
            .status();
        assert!(mounted.unwrap().success(), "disks of their own need root");
        Self(path.to_owned())
    }

    /// Takes all room but so many bytes.
    fn fill(&self, but: u64) {
        let free = {
            let disk = rustix::fs::statvfs(&self.0).unwrap();
            disk.f_bavail * disk.f_frsize
        };
        let filler = std::fs::File::create(self.0.join("filler")).unwrap();
        rustix::fs::fallocate(&filler, rustix::fs::FallocateFlags::empty(), 0, free - but).unwrap();
    }

    fn clear(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs root, for disks that are really full, and two minutes: the head of this file says how to run it"]
async fn full_folders() {
    let house = House::new().await;
    let folder = |name: &str| house.folder.path().join(name);
    let disks = ["data", "logs", "backups"].map(|name| Disk::new(&folder(name), 2));
    let paths = ["data", "logs", "backups"].map(|name| folder(name).display().to_string());
    let settings = [
        ("DATA_DIR", paths[0].as_str()),
        ("LOG_DIR", &paths[1]),
        ("BACKUP_TO", &paths[2]),
        ("BACKUP_AT", "off"),
        ("LOG_LEVEL", "debug"),
    ];
    let replica = house.start("a", free_port(), &settings).await;
    let get = |path: &str| house.client.get(format!("{}{path}", replica.url));
    assert_eq!(json(get("/health")).await["status"], "healthy");
    disks.iter().for_each(|disk| disk.fill(0));

    // Everything goes on.
    let run = submit(
        house.client.post(format!("{}/api/v1/runs", replica.url)),
        "TeaKettle04",
        "fixture-good",
    )
    .await;
    until(async || json(get(&format!("/api/v1/runs/{run}"))).await["state"] == "done").await;
    for path in ["/", "/library", "/livez", "/readyz", "/api/v1/summaries"] {
        assert_eq!(get(path).send().await.unwrap().status(), 200, "{path}");
    }
    let answer = get("/health").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let health: Value = answer.json().await.unwrap();
    println!("{health}");
    assert_eq!(
        (&health["status"], &health["checks"]["audio_cache_writable"]),
        (&"degraded".into(), &false.into())
    );
    assert_eq!(health["warnings"].as_array().unwrap().len(), 3);
    // Said once, by the watcher that looks every half minute.
    let log = || std::fs::read_to_string(house.log("a")).unwrap();
    until(async || log().matches("is full: nothing can be kept there").count() == 3).await;
    // What is left of the log's last block takes some lines still.
    until(async || {
        get("/livez").send().await.unwrap();
        log().contains("the log can't be written to LOG_DIR")
    })
    .await;
    tokio::time::sleep(Duration::from_secs(65)).await;
    assert_eq!(log().matches("is full: nothing can be kept there").count(), 3);
    assert_eq!(
        log().matches("the log can't be written to LOG_DIR").count(),
        1,
        "{}",
        log()
    );
    let metrics = get("/metrics").send().await.unwrap().text().await.unwrap();
    let value = |name: &str| -> f64 {
        let line = metrics
            .lines()
            .find(|line| line.starts_with(name))
            .expect("a metric of this name");
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    for folder in ["data", "logs", "backups"] {
        assert!(
            value(&format!("ytsum_disk_free_bytes{{folder=\"{folder}\"}}")) < 1e6,
            "{folder}"
        );
    }
    println!("{} lines of the log were lost", value("ytsum_log_lines_lost_total"));
    assert!(value("ytsum_log_lines_lost_total") > 0.0);
    let backup = |expected: bool| {
        let mut command = house.command("a");
        let output = command
            .envs(settings)
            .env_remove("LOG_DIR")
            .arg("backup")
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), expected, "{said}");
        said
    };
    println!("{}", backup(false).lines().last().unwrap_or_default());
    let names: Vec<_> = std::fs::read_dir(folder("backups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["filler"], "no archive, and no half one");
    // One can be started on full disks as well.
    let second = house.start("b", free_port(), &settings).await;
    drop(second);

    disks.iter().for_each(Disk::clear);
    assert_eq!(json(get("/health")).await["status"], "healthy");
    backup(true);
    until(async || log().matches("has room again").count() == 3).await;
    let written = std::fs::read_to_string(folder("logs").join("youtube-summarizer.log")).unwrap();
    assert!(written.contains("lines could not be written here"), "{written}");
    drop(replica);
    drop(disks);
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs root, for a disk that is really full, and minutes: the head of this file says how to run it"]
async fn full_disk_of_postgres() {
    let folder = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()
        .unwrap();
    let disk = Disk::new(&folder.path().join("disk"), 220);
    let postgres = Postgres::start_in(&folder.path().join("disk"));
    assert!(
        postgres.cluster.data().starts_with(folder.path()),
        "its data have to be on that disk"
    );
    let house = House::on(postgres.cluster.url("postgres")).await;
    let replica = house.start("a", free_port(), &[("DATABASE_POOL", "16")]).await;
    let over = Arc::new(AtomicBool::new(false));
    disk.fill(3 << 20);
    let load = load(
        house.client.clone(),
        replica.url.clone(),
        Duration::from_millis(200),
        Arc::clone(&over),
    );
    // Half a minute without room.
    tokio::time::sleep(Duration::from_secs(45)).await;
    let ready = house.status(&format!("{}/readyz", replica.url)).await;
    let live = house.status(&format!("{}/livez", replica.url)).await;
    println!("without room: /readyz {ready:?}, /livez {live:?}");
    assert_eq!(live, Some(200));
    disk.clear();
    let cleared = Instant::now();
    let is_ready = async || house.status(&format!("{}/readyz", replica.url)).await == Some(200);
    tokio::time::sleep(Duration::from_secs(5)).await;
    if !is_ready().await {
        println!("Postgres had ended; it is started again");
        postgres.control(&["restart", "-w"]);
    }
    until(is_ready).await;
    println!("ready {:.0} s after there was room", cleared.elapsed().as_secs_f64());
    tokio::time::sleep(Duration::from_secs(5)).await;
    over.store(true, Ordering::Relaxed);
    let seen = load.await.unwrap();
    account(&house, &seen, &[]).await;
    assert!(seen.others.keys().all(|status| *status == 503), "{:?}", seen.others);
    assert!(!seen.others.is_empty(), "the disk never was full");
    drop(replica);
    house.tear_down().await;
    postgres.stop();
    drop(disk);
}
