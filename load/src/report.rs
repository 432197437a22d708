//! What was measured, as a table and as JSON, and two such files compared.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

/// A fall of less than that says nothing, however alike the rounds were: builds and machines differ by as much.
const LEAST_FALL: f64 = 0.15;

/// A whole run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// The version of the server.
    pub version: String,
    /// Processors of the machine.
    pub processors: usize,
    /// What else the machine did: processes that wanted to run, on the average of a minute, before and after.
    pub load_average: [f64; 2],
    /// Summaries in the database.
    pub summaries: u32,
    /// Users at once.
    pub users: usize,
    /// Seconds of an attack.
    pub seconds: u64,
    /// Attacks on each target, in turn.
    pub rounds: usize,
    /// The server's resident memory, KB: at rest, and after all attacks.
    pub resident_kb: [u64; 2],
    /// Postgres' memory after all attacks, shared pages counted once, KB.
    pub postgres_kb: u64,
    /// The stand-in's resident memory after all attacks, all processes together, KB; 0 where it was not measured.
    pub peer_resident_kb: u64,
    /// What was asked for.
    pub rows: Vec<Row>,
}

/// A target; each figure is the median of the rounds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Good answers a second.
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p95: f64,
    /// Milliseconds.
    pub p99: f64,
    /// Bad answers, of all rounds.
    pub errors: usize,
    /// Bytes of an answer, as sent.
    pub bytes: u64,
    /// Milliseconds of processor time for an answer: the server's.
    pub cpu: f64,
    /// Postgres'.
    pub postgres_cpu: f64,
    /// Answers a second, as a share of the bare handler's in the same round.
    pub ratio: f64,
    /// Largest less smallest ratio of the rounds, as a share of the median.
    pub spread: f64,
}

impl Report {
    /// Reads one.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
    }

    /// Writes it.
    pub fn write(&self, path: &Path) -> Result<()> {
        fs::write(path, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// As Markdown.
    pub fn table(&self) -> String {
        let mut table = format!(
            "{} summaries, {} users, {} rounds of {} s, {} processors, load average {:.1} before and {:.1} after.\n\n\
             | | requests/s | p50 ms | p95 ms | p99 ms | errors | KB | server ms | Postgres ms | of the bare handler | spread |\n\
             |---|---|---|---|---|---|---|---|---|---|---|\n",
            self.summaries,
            self.users,
            self.rounds,
            self.seconds,
            self.processors,
            self.load_average[0],
            self.load_average[1]
        );
        for row in &self.rows {
            let _ = writeln!(
                table,
                "| {} | {:.0} | {:.1} | {:.1} | {:.1} | {} | {:.1} | {:.2} | {:.2} | {:.4} | {:.0} % |",
                row.name,
                row.per_second,
                row.p50,
                row.p95,
                row.p99,
                row.errors,
                row.bytes as f64 / 1024.0,
                row.cpu,
                row.postgres_cpu,
                row.ratio,
                row.spread * 100.0
            );
        }
        let mb = |kb: u64| kb as f64 / 1024.0;
        let _ = writeln!(
            table,
            "\nThe server holds {:.1} MB at rest and {:.1} MB after it all; Postgres {:.0} MB, shared pages counted once.",
            mb(self.resident_kb[0]),
            mb(self.resident_kb[1]),
            mb(self.postgres_kb)
        );
        if self.peer_resident_kb > 0 {
            let _ = writeln!(table, "The stand-in holds {:.0} MB.", mb(self.peer_resident_kb));
        }
        table
    }

    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

/// The new report beside that of the last release, as Markdown.
///
/// Ratios to the bare handler are compared, never seconds: the two were measured on different days and perhaps machines. What fell by
/// more than the rounds of both differ among themselves is named.
pub fn compare(old: &Report, new: &Report) -> Result<String> {
    ensure!(
        (old.summaries, old.users) == (new.summaries, new.users),
        "{} summaries and {} users are not to be compared with {} and {}",
        old.summaries,
        old.users,
        new.summaries,
        new.users
    );
    let mut text = format!(
        "## Load: {} beside {}\n\n| | then | now | change | noise | |\n|---|---|---|---|---|---|\n",
        new.version, old.version
    );
    let mut fallen = Vec::new();
    for row in &new.rows {
        let Some(before) = old.row(&row.name).filter(|before| before.ratio > 0.0) else {
            let _ = writeln!(text, "| {} | | {:.4} | | | new |", row.name, row.ratio);
            continue;
        };
        let change = row.ratio / before.ratio - 1.0;
        let noise = LEAST_FALL.max(before.spread + row.spread);
        let verdict = if row.errors > 0 {
            "errors"
        } else if change < -noise {
            "fell"
        } else if change > noise {
            "rose"
        } else {
            ""
        };
        if matches!(verdict, "fell" | "errors") {
            fallen.push(row.name.as_str());
        }
        let _ = writeln!(
            text,
            "| {} | {:.4} | {:.4} | {:+.0} % | {:.0} % | {verdict} |",
            row.name,
            before.ratio,
            row.ratio,
            change * 100.0,
            noise * 100.0
        );
    }
    for before in old.rows.iter().filter(|before| new.row(&before.name).is_none()) {
        let _ = writeln!(text, "| {} | {:.4} | | | | not measured |", before.name, before.ratio);
    }
    let memory = |report: &Report| report.resident_kb[1] as f64 / 1024.0;
    let _ = writeln!(
        text,
        "\nRatios to the bare handler; memory of the server {:.1} MB, then {:.1} MB.\n",
        memory(new),
        memory(old)
    );
    if fallen.is_empty() {
        text.push_str("Nothing fell by more than the noise.\n");
    } else {
        let _ = writeln!(text, "**To look at: {}.**", fallen.join(", "));
    }
    Ok(text)
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Largest less smallest, as a share of the median.
pub fn spread(values: &[f64]) -> f64 {
    let most = values.iter().copied().fold(0.0, f64::max);
    let least = values.iter().copied().fold(most, f64::min);
    let middle = median(values.to_vec());
    if middle > 0.0 { (most - least) / middle } else { 0.0 }
}

/// Processes that wanted to run, on the average of the last minute.
pub fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ')
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(version: &str, rows: &[(&str, f64, f64)]) -> Report {
        let rows = rows.iter().map(|(name, ratio, spread)| Row {
            name: (*name).to_owned(),
            ratio: *ratio,
            spread: *spread,
            ..Row::default()
        });
        Report {
            version: version.to_owned(),
            rows: rows.collect(),
            ..Report::default()
        }
    }

    #[test]
    fn only_what_noise_does_not_explain_is_named() {
        let old = report(
            "1.0.0",
            &[
                ("home", 0.10, 0.05),
                ("library", 0.10, 0.05),
                ("search", 0.10, 0.30),
                ("gone", 0.1, 0.0),
            ],
        );
        let new = report(
            "1.1.0",
            &[
                ("home", 0.09, 0.05),
                ("library", 0.08, 0.05),
                ("search", 0.07, 0.10),
                ("new", 0.1, 0.0),
            ],
        );
        let text = compare(&old, &new).unwrap();
        assert!(text.contains("**To look at: library.**"), "{text}");
        assert!(
            text.contains("| library | 0.1000 | 0.0800 | -20 % | 15 % | fell |"),
            "{text}"
        );
        assert!(
            text.contains("| search | 0.1000 | 0.0700 | -30 % | 40 % |  |"),
            "{text}"
        );
        assert!(text.contains("| gone | 0.1000 | | | | not measured |"), "{text}");
        let text = compare(&old, &old).unwrap();
        assert!(text.contains("Nothing fell"), "{text}");
    }

    #[test]
    fn errors_are_named_however_fast_they_came() {
        let old = report("1.0.0", &[("home", 0.1, 0.0)]);
        let mut new = old.clone();
        new.rows[0].errors = 1;
        assert!(compare(&old, &new).unwrap().contains("**To look at: home.**"));
    }

    #[test]
    fn unlike_runs_are_not_compared() {
        let old = report("1.0.0", &[]);
        let new = Report {
            summaries: 10,
            ..old.clone()
        };
        assert!(compare(&old, &new).is_err());
    }

    #[test]
    fn spread_is_a_share_of_the_middle() {
        assert_eq!(spread(&[1.0, 2.0, 3.0]), 1.0);
        assert_eq!(spread(&[]), 0.0);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
