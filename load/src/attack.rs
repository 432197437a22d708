//! One attack: a number of users who ask for the same kind of address, each as soon as it has its answer, driven by goose.
//!
//! Times run until the last byte, in microseconds: goose's own end with the head of an answer, in whole milliseconds. Answers are asked for
//! as browsers ask, compressed, and not unpacked, so that the load costs little beside what is loaded.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use goose::{
    GooseAttack,
    config::GooseConfiguration,
    goose::{GooseMethod, GooseRequest, GooseUser, Scenario, Transaction, TransactionResult},
};
use gumdrop::Options as _;

/// What begins before that is not counted: connections and caches are cold.
const WARM: Duration = Duration::from_millis(700);

/// A kind of address.
#[derive(Clone, Debug)]
pub struct Target {
    /// What it is called in reports.
    pub name: String,
    /// Addresses that are asked for in turn.
    pub paths: Arc<Vec<String>>,
    /// Whether the first piece of an answer is enough: event streams do not end.
    pub first_piece: bool,
    /// How often it is chosen where several are mixed.
    pub weight: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Microseconds of each good answer, in order.
    pub times: Vec<u64>,
    /// Bad answers: another status than 200, or cut off.
    pub errors: usize,
    /// Bytes of all good answers.
    pub bytes: u64,
    /// Seconds from the first request that counts to the last answer.
    pub seconds: f64,
}

impl Sample {
    /// Good answers a second.
    pub fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.seconds.max(0.001)
    }

    /// Milliseconds within which this share of the answers came.
    pub fn within(&self, share: f64) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let index = ((self.times.len() as f64 * share) as usize).min(last);
        self.times.get(index).map_or(0.0, |micros| *micros as f64 / 1000.0)
    }
}

struct Tally {
    target: Target,
    turn: AtomicUsize,
    begun: Mutex<Option<Instant>>,
    seen: Mutex<(Sample, Option<Instant>, Option<Instant>)>,
}

impl Tally {
    async fn ask(&self, user: &mut GooseUser) -> TransactionResult {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let path = &self.target.paths[turn % self.target.paths.len()];
        let request = user
            .get_request_builder(&GooseMethod::Get, path)?
            .header("accept-encoding", "gzip, deflate, br, zstd")
            .header("accept", "text/html,application/json;q=0.9,*/*;q=0.8");
        let request = GooseRequest::builder()
            .method(GooseMethod::Get)
            .path(path.as_str())
            .name(self.target.name.as_str())
            .set_request_builder(request)
            .build();
        let start = Instant::now();
        let mut bytes = 0;
        let mut good = false;
        if let Ok(mut response) = user.request(request).await?.response {
            good = response.status().as_u16() == 200;
            loop {
                match response.chunk().await {
                    Ok(Some(chunk)) => bytes += chunk.len() as u64,
                    Ok(None) => break,
                    Err(_) => {
                        good = false;
                        break;
                    }
                }
                if self.target.first_piece {
                    break;
                }
            }
        }
        self.note(start, Instant::now(), good, bytes);
        Ok(())
    }

    fn note(&self, start: Instant, end: Instant, good: bool, bytes: u64) {
        let begun = *lock(&self.begun).get_or_insert(start);
        if start.duration_since(begun) < WARM {
            return;
        }
        let mut seen = lock(&self.seen);
        let (sample, first, last) = &mut *seen;
        first.get_or_insert(start);
        *last = Some(end);
        if good {
            sample.times.push(end.duration_since(start).as_micros() as u64);
            sample.bytes += bytes;
        } else {
            sample.errors += 1;
        }
    }
}

/// Attacks `base` with `users` for a time; a sample for each target.
pub async fn attack(base: &str, targets: &[Target], users: usize, time: Duration) -> Result<Vec<Sample>> {
    let (users, time) = (users.to_string(), format!("{}s", time.as_secs().max(1)));
    let arguments = [
        "--host",
        base,
        "--users",
        &users,
        "--hatch-rate",
        "1000",
        "--run-time",
        &time,
        "--timeout",
        "120",
        "--no-metrics",
        "--no-print-metrics",
        "--no-error-summary",
        "--no-telnet",
        "--no-websocket",
        "--no-gzip",
        "-qqq",
    ];
    let config = GooseConfiguration::parse_args_default(&arguments).context("goose's options")?;
    let mut scenario = Scenario::new("load");
    let mut tallies = Vec::new();
    for target in targets {
        ensure!(!target.paths.is_empty(), "{} has no addresses", target.name);
        let tally = Arc::new(Tally {
            target: target.clone(),
            turn: AtomicUsize::new(0),
            begun: Mutex::new(None),
            seen: Mutex::default(),
        });
        tallies.push(Arc::clone(&tally));
        let transaction = Transaction::new(Arc::new(move |user| {
            let tally = Arc::clone(&tally);
            Box::pin(async move { tally.ask(user).await })
        }));
        scenario = scenario.register_transaction(transaction.set_name(&target.name).set_weight(target.weight)?);
    }
    GooseAttack::initialize_with_config(config)?
        .register_scenario(scenario)
        .execute()
        .await?;
    let samples = tallies.iter().map(|tally| {
        let mut seen = lock(&tally.seen);
        let (sample, first, last) = &mut *seen;
        let mut sample = std::mem::take(sample);
        sample.times.sort_unstable();
        if let (Some(first), Some(last)) = (first, last) {
            sample.seconds = last.duration_since(*first).as_secs_f64();
        }
        sample
    });
    Ok(samples.collect())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_answers_themselves() {
        let sample = Sample {
            times: (1..=100).map(|n| n * 1000).collect(),
            seconds: 2.0,
            ..Sample::default()
        };
        assert_eq!(sample.within(0.5), 51.0);
        assert_eq!(sample.within(0.99), 100.0);
        assert_eq!(sample.per_second(), 50.0);
        assert_eq!(Sample::default().within(0.5), 0.0);
    }
}
