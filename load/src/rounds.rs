//! The usual run: each target alone, in rounds, so that what else the machine does falls on all of them alike.

use std::time::Duration;

use anyhow::Result;

use crate::{
    attack::{self, Sample, Target},
    house::{Data, Running},
    process,
    report::{self, Report, Row},
};

/// Who is attacked, and what costs there.
pub struct Side<'a> {
    /// The program.
    pub running: &'a Running,
    /// Its Postgres.
    pub data: Option<&'a Data>,
    /// What is asked for.
    pub targets: Vec<Target>,
}

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Users at once.
    pub users: usize,
    /// How long each attack lasts.
    pub time: Duration,
    /// Attacks on each target.
    pub rounds: usize,
}

/// What one attack showed.
struct Shot {
    sample: Sample,
    cpu: f64,
    postgres_cpu: f64,
    ratio: f64,
}

/// Attacks all targets in turn, the bare handler first in each round; fills the rows of `report`.
pub async fn run(bare: &Side<'_>, sides: &[Side<'_>], effort: Effort, report: &mut Report) -> Result<()> {
    let all: Vec<(&Side<'_>, &Target)> = std::iter::once(bare)
        .chain(sides)
        .flat_map(|side| side.targets.iter().map(move |target| (side, target)))
        .collect();
    let mut shots: Vec<Vec<Shot>> = all.iter().map(|_| Vec::new()).collect();
    for round in 1..=effort.rounds {
        let mut floor = 0.0;
        for ((side, target), shots) in all.iter().zip(&mut shots) {
            let mut shot = shoot(side, target, effort).await?;
            if std::ptr::eq(*side, bare) {
                floor = shot.sample.per_second();
            }
            shot.ratio = shot.sample.per_second() / f64::max(floor, 0.001);
            eprintln!(
                "round {round}: {:28} {:9.1}/s  p95 {:7.1} ms  {} errors",
                target.name,
                shot.sample.per_second(),
                shot.sample.within(0.95),
                shot.sample.errors
            );
            shots.push(shot);
        }
    }
    report.rows = all
        .iter()
        .zip(shots)
        .map(|((_, target), shots)| row(&target.name, &shots))
        .collect();
    Ok(())
}

async fn shoot(side: &Side<'_>, target: &Target, effort: Effort) -> Result<Shot> {
    let pids = process::family(side.running.pid());
    let postgres = side.data.map(Data::processes).unwrap_or_default();
    let cost = |pids: &[u32]| pids.iter().map(|pid| process::seconds(*pid)).sum::<f64>();
    let before = (cost(&pids), cost(&postgres));
    let mut samples = attack::attack(
        &side.running.url,
        std::slice::from_ref(target),
        effort.users,
        effort.time,
    )
    .await?;
    let sample = samples.remove(0);
    // What came before the counting was paid for as well: spread over the whole time.
    let answers = (sample.per_second() * effort.time.as_secs_f64()).max(1.0);
    Ok(Shot {
        cpu: (cost(&pids) - before.0) * 1000.0 / answers,
        postgres_cpu: (cost(&postgres) - before.1) * 1000.0 / answers,
        sample,
        ratio: 0.0,
    })
}

fn row(name: &str, shots: &[Shot]) -> Row {
    let of = |value: fn(&Shot) -> f64| report::median(shots.iter().map(value).collect());
    let ratios: Vec<f64> = shots.iter().map(|shot| shot.ratio).collect();
    let answers: usize = shots.iter().map(|shot| shot.sample.times.len()).sum();
    Row {
        name: name.to_owned(),
        per_second: of(|shot| shot.sample.per_second()),
        p50: of(|shot| shot.sample.within(0.5)),
        p95: of(|shot| shot.sample.within(0.95)),
        p99: of(|shot| shot.sample.within(0.99)),
        errors: shots.iter().map(|shot| shot.sample.errors).sum(),
        bytes: shots.iter().map(|shot| shot.sample.bytes).sum::<u64>() / answers.max(1) as u64,
        cpu: of(|shot| shot.cpu),
        postgres_cpu: of(|shot| shot.postgres_cpu),
        spread: report::spread(&ratios),
        ratio: report::median(ratios),
    }
}
