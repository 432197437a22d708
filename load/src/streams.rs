//! Many who watch and see nothing happen: what an idle event stream costs.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    attack,
    house::{Data, Running},
    process, targets,
};

/// Opens `count` streams, holds them for a time, prints what that costs.
pub async fn run(server: &Running, data: &Data, count: usize, time: Duration) -> Result<()> {
    let runs = targets::open_runs(data, count.min(100))?;
    let livez = targets::livez();
    // The pool's connections and the allocator's pages are there before we look.
    attack::attack(&server.url, std::slice::from_ref(&livez), 16, Duration::from_secs(2)).await?;
    let resident = process::resident(server.pid());
    let quiet = cost(server, data, time).await?;
    let begun = Instant::now();
    let mut streams = Vec::with_capacity(count);
    for run in runs.iter().cycle().take(count) {
        streams.push(open(&server.url, run).await?);
    }
    let opened = begun.elapsed();
    let busy = cost(server, data, time).await?;
    let now = process::resident(server.pid());
    let samples = attack::attack(&server.url, &[livez], 2, Duration::from_secs(5)).await?;
    let mut alive = 0;
    for stream in &mut streams {
        alive += usize::from(is_open(stream).await);
    }
    println!(
        "{count} event streams, opened in {:.1} s, {alive} open after {:.0} s\n\n\
         | | without | with |\n|---|---|---|\n\
         | server, MB resident | {:.1} | {:.1} |\n\
         | server, % of a processor | {:.1} | {:.1} |\n\
         | Postgres, % of a processor | {:.1} | {:.1} |\n\
         | transactions a second | {:.0} | {:.0} |\n\n\
         {:.1} KB for each stream; /livez meanwhile p50 {:.1} ms, p99 {:.1} ms.",
        opened.as_secs_f64(),
        begun.elapsed().as_secs_f64(),
        resident as f64 / 1024.0,
        now as f64 / 1024.0,
        quiet.server,
        busy.server,
        quiet.postgres,
        busy.postgres,
        quiet.transactions,
        busy.transactions,
        now.saturating_sub(resident) as f64 / count as f64,
        samples[0].within(0.5),
        samples[0].within(0.99),
    );
    ensure!(alive == count, "{} streams broke off", count - alive);
    Ok(())
}

struct Cost {
    server: f64,
    postgres: f64,
    transactions: f64,
}

async fn cost(server: &Running, data: &Data, time: Duration) -> Result<Cost> {
    let postgres = data.processes();
    let seconds = || postgres.iter().map(|pid| process::seconds(*pid)).sum::<f64>();
    let transactions = || -> Result<f64> {
        let count = data.sql("select xact_commit from pg_stat_database where datname = current_database()")?;
        Ok(count.trim().parse()?)
    };
    let before = (process::seconds(server.pid()), seconds(), transactions()?);
    let begun = Instant::now();
    tokio::time::sleep(time).await;
    let passed = begun.elapsed().as_secs_f64();
    Ok(Cost {
        server: (process::seconds(server.pid()) - before.0) / passed * 100.0,
        postgres: (seconds() - before.1) / passed * 100.0,
        transactions: (transactions()? - before.2) / passed,
    })
}

/// A stream whose first event has come.
async fn open(url: &str, run: &str) -> Result<TcpStream> {
    let host = url.strip_prefix("http://").context("an address of ours")?;
    let mut stream = TcpStream::connect(host).await?;
    let head = format!("GET /api/v1/runs/{run}/events HTTP/1.1\r\nhost: {host}\r\naccept: text/event-stream\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let mut seen = Vec::new();
    let mut piece = [0; 2048];
    while !String::from_utf8_lossy(&seen).contains("data:") {
        let read = tokio::time::timeout(Duration::from_secs(30), stream.read(&mut piece)).await??;
        ensure!(read > 0, "a stream was not opened: {}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&piece[..read]);
    }
    Ok(stream)
}

/// Whether the other side still holds it: what came meanwhile is read, and then nothing more is there.
async fn is_open(stream: &mut TcpStream) -> bool {
    let mut piece = [0; 2048];
    loop {
        match stream.try_read(&mut piece) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}
