//! The same mix for a long time: whether memory stays.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;

use crate::{
    attack::{self, Target},
    house::{Data, Running},
    process,
};

/// How often memory is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Asks for all targets in turn for `time`, and prints memory as it went.
pub async fn run(server: &Running, data: &Data, targets: &[Target], users: usize, time: Duration) -> Result<()> {
    let seen: Arc<Mutex<Vec<(f64, u64, u64)>>> = Arc::default();
    let (pid, begun) = (server.pid(), Instant::now());
    let look = {
        let (seen, postgres) = (Arc::clone(&seen), data.processes());
        move || {
            let now = (
                begun.elapsed().as_secs_f64(),
                process::resident(pid),
                postgres.iter().map(|pid| process::proportional(*pid)).sum(),
            );
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(now);
        }
    };
    let looking = tokio::spawn(async move {
        let mut interval = tokio::time::interval(LOOK);
        loop {
            interval.tick().await;
            look();
        }
    });
    let samples = attack::attack(&server.url, targets, users, time).await?;
    looking.abort();
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    println!("| | answers | p50 ms | p99 ms | errors |\n|---|---|---|---|---|");
    for (target, sample) in targets.iter().zip(&samples) {
        println!(
            "| {} | {} | {:.1} | {:.1} | {} |",
            target.name,
            sample.times.len(),
            sample.within(0.5),
            sample.within(0.99),
            sample.errors
        );
    }
    println!("\n| seconds | server MB | Postgres MB |\n|---|---|---|");
    let step = (seen.len() / 20).max(1);
    for (seconds, server, postgres) in seen.iter().step_by(step) {
        println!(
            "| {seconds:.0} | {:.1} | {:.0} |",
            *server as f64 / 1024.0,
            *postgres as f64 / 1024.0
        );
    }
    let half = &seen[seen.len() / 2..];
    println!(
        "\nIn the second half the server's memory went {:+.2} MB a minute (the line that fits best).",
        slope(half) * 60.0 / 1024.0
    );
    Ok(())
}

/// KB a second of the straight line that fits best.
fn slope(seen: &[(f64, u64, u64)]) -> f64 {
    let n = seen.len() as f64;
    let mean_x = seen.iter().map(|(x, ..)| x).sum::<f64>() / n;
    let mean_y = seen.iter().map(|(_, y, _)| *y as f64).sum::<f64>() / n;
    let above: f64 = seen.iter().map(|(x, y, _)| (x - mean_x) * (*y as f64 - mean_y)).sum();
    let below: f64 = seen.iter().map(|(x, ..)| (x - mean_x).powi(2)).sum();
    if below > 0.0 { above / below } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_kilobytes_a_second() {
        let seen: Vec<(f64, u64, u64)> = (0_u32..10)
            .map(|n| (f64::from(n) * 5.0, 1000 + u64::from(n) * 10, 0))
            .collect();
        assert!((slope(&seen) - 2.0).abs() < 1e-9);
        assert_eq!(slope(&seen[..1]), 0.0);
    }
}
