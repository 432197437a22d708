//! `cargo xtask load`: the release server under load, beside a bare axum handler and a stand-in for the predecessor.
//!
//! What each figure means, and how to read it on a machine that does other things as well: docs/development.md.

mod attack;
mod house;
mod peer;
mod process;
mod report;
mod rounds;
mod slow;
mod soak;
mod streams;
mod targets;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand};

use crate::{
    attack::Target,
    house::{Data, Running},
    report::Report,
    rounds::{Effort, Side},
};

/// Measures the release server under load.
#[derive(Parser)]
#[command(name = "load")]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Each address alone, in rounds, as ratios to a bare axum handler; a table and a JSON file
    Run {
        #[command(flatten)]
        house: HouseOptions,
        /// Users at once, each of whom asks again as soon as there is an answer
        #[arg(long, default_value_t = 16)]
        users: usize,
        /// Seconds of an attack
        #[arg(long, default_value_t = 6)]
        seconds: u64,
        /// Attacks on each address
        #[arg(long, default_value_t = 3)]
        rounds: usize,
        /// Only addresses whose name begins so; may be given several times
        #[arg(long)]
        only: Vec<String>,
        /// Beside the stand-in for the predecessor, which keeps its summaries in memory or reads its file for each request
        #[arg(long, value_parser = ["memory", "file"])]
        peer: Option<String>,
        /// Where the JSON goes
        #[arg(long, default_value = "load.json")]
        out: PathBuf,
    },
    /// Many event streams on which nothing happens: memory and processor time of each
    Streams {
        #[command(flatten)]
        house: HouseOptions,
        /// Streams
        #[arg(long, default_value_t = 1000)]
        count: usize,
        /// Seconds to hold them, and before that without them
        #[arg(long, default_value_t = 20)]
        seconds: u64,
    },
    /// Many slow model calls: how others are answered meanwhile
    Slow {
        #[command(flatten)]
        house: HouseOptions,
        /// The fixture upstream's program
        #[arg(long)]
        upstream: PathBuf,
        /// Calls at once
        #[arg(long, default_value_t = 200)]
        calls: usize,
        /// Seconds of an attack
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// All addresses mixed, for long: whether memory stays
    Soak {
        #[command(flatten)]
        house: HouseOptions,
        /// Users at once
        #[arg(long, default_value_t = 8)]
        users: usize,
        /// Minutes
        #[arg(long, default_value_t = 60)]
        minutes: u64,
    },
    /// A report beside that of the last release, as Markdown: what fell by more than noise can explain. Fails on nothing but unreadable files
    Compare {
        /// The last release's
        old: PathBuf,
        /// The new one
        new: PathBuf,
    },
}

#[derive(Args)]
struct HouseOptions {
    /// The release server's program
    #[arg(long)]
    server: PathBuf,
    /// Summaries in its database
    #[arg(long, default_value_t = 10_000)]
    summaries: u32,
    /// A folder for data, which is kept for the next time
    #[arg(long, default_value = "target/load")]
    folder: PathBuf,
}

impl HouseOptions {
    /// Data as it is wanted, and the server on it.
    async fn start(&self, settings: &[(&str, String)]) -> Result<(Running, Data)> {
        let data = Data::start(&self.folder.join(format!("summaries-{}", self.summaries)))?;
        let server = house::server(&self.server, &data, settings).await?;
        // Its migrations have made the tables.
        data.fill(self.summaries)?;
        Ok((server, data))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    match Options::parse().command {
        Command::Run {
            house,
            users,
            seconds,
            rounds,
            only,
            peer,
            out,
        } => {
            let effort = Effort {
                users,
                time: Duration::from_secs(seconds),
                rounds,
            };
            let report = measure(&house, effort, &only, peer.as_deref()).await?;
            report.write(&out)?;
            println!("{}", report.table());
        }
        Command::Streams { house, count, seconds } => {
            let settings = ["STREAMS_PER_CLIENT", "EVENT_STREAMS", "CONNECTIONS_PER_CLIENT"];
            let settings = settings.map(|name| (name, (count + 64).to_string()));
            let (server, data) = house.start(&settings).await?;
            streams::run(&server, &data, count, Duration::from_secs(seconds)).await?;
        }
        Command::Slow {
            house,
            upstream,
            calls,
            seconds,
        } => {
            if calls > slow::MOST {
                bail!("one process makes {} calls at once at most", slow::MOST);
            }
            std::fs::create_dir_all(&house.folder)?;
            let upstream = house::upstream(&upstream)?;
            let folder = house.folder.canonicalize()?;
            let (server, data) = house.start(&slow::settings(&folder, &upstream, calls)?).await?;
            slow::run(&server, &upstream, &data, calls, Duration::from_secs(seconds)).await?;
        }
        Command::Soak { house, users, minutes } => {
            let (server, data) = house.start(&[("CONNECTIONS_PER_CLIENT", "4096".to_owned())]).await?;
            let targets = targets::ours(&data, house.summaries)?;
            soak::run(&server, &data, &targets, users, Duration::from_secs(minutes * 60)).await?;
        }
        Command::Compare { old, new } => println!("{}", report::compare(&Report::read(&old)?, &Report::read(&new)?)?),
    }
    Ok(())
}

async fn measure(house: &HouseOptions, effort: Effort, only: &[String], peer: Option<&str>) -> Result<Report> {
    let (server, data) = house
        .start(&["STREAMS_PER_CLIENT", "CONNECTIONS_PER_CLIENT"].map(|name| (name, "4096".to_owned())))
        .await?;
    let mut report = Report {
        version: version(&house.server)?,
        processors: std::thread::available_parallelism()?.get(),
        load_average: [report::load_average(), 0.0],
        summaries: house.summaries,
        users: effort.users,
        seconds: effort.time.as_secs(),
        rounds: effort.rounds,
        ..Report::default()
    };
    report.resident_kb[0] = process::resident(server.pid());
    let bare = house::bare().await?;
    let peer = match peer {
        None => None,
        Some(cache) => Some(peer::start(&house.folder, house.summaries, cache == "memory").await?),
    };
    let wanted = |targets: Vec<Target>| {
        let mut targets = targets;
        targets.retain(|target| only.is_empty() || only.iter().any(|only| target.name.starts_with(only.as_str())));
        targets
    };
    let floor = Side {
        running: &bare,
        data: None,
        targets: vec![targets::bare()],
    };
    let ours = Side {
        running: &server,
        data: Some(&data),
        targets: wanted(targets::ours(&data, house.summaries)?),
    };
    let theirs = peer.as_ref().map(|running| Side {
        running,
        data: None,
        targets: wanted(targets::peer()),
    });
    let sides: Vec<Side<'_>> = std::iter::once(ours).chain(theirs).collect();
    rounds::run(&floor, &sides, effort, &mut report).await?;
    report.resident_kb[1] = process::resident(server.pid());
    report.postgres_kb = data.processes().into_iter().map(process::proportional).sum();
    report.peer_resident_kb = peer
        .iter()
        .flat_map(|running| process::family(running.pid()))
        .map(process::resident)
        .sum();
    report.load_average[1] = report::load_average();
    Ok(report)
}

/// What `--version` says.
fn version(server: &Path) -> Result<String> {
    let output = std::process::Command::new(server)
        .arg("--version")
        .output()
        .with_context(|| format!("cannot run {}", server.display()))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
