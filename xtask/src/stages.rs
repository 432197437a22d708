//! The stages of `cargo xtask test`: how long each took, how many tests ran, what stopped it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::cargo::in_words;

/// How tests ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u32,
    failed: u32,
    skipped: u32,
    /// Of those that passed: only at the second try.
    retried: u32,
}

/// All stages so far.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    done: Vec<(&'static str, Duration, bool)>,
    counts: Counts,
}

impl Stages {
    /// Runs one, and keeps its time and counts whether it succeeds or not.
    pub(crate) fn run(&mut self, name: &'static str, stage: impl FnOnce(&mut Counts) -> Result<()>) -> Result<()> {
        eprintln!("\n== {name}");
        let begun = Instant::now();
        let result = stage(&mut self.counts);
        self.done.push((name, begun.elapsed(), result.is_ok()));
        result.with_context(|| name.to_owned())
    }

    /// The table, and the line that CI reads.
    pub(crate) fn report(&self) -> String {
        let minutes = |time: Duration| time.as_secs_f64() / 60.0;
        let mut text = String::from("\nminutes  stage\n");
        for (name, time, good) in &self.done {
            text += &format!(
                "{:7.1}  {name}{}\n",
                minutes(*time),
                if *good { "" } else { " (failed)" }
            );
        }
        let total = self.done.iter().map(|(_, time, _)| *time).sum();
        text += &format!(
            "{:7.1}  all\n{} passed, {} failed",
            minutes(total),
            self.counts.passed,
            self.counts.failed
        );
        if self.counts.skipped > 0 {
            text += &format!(", {} skipped", self.counts.skipped);
        }
        if self.counts.retried > 0 {
            text += &format!(
                ", {} passed only at the second try: see above which",
                self.counts.retried
            );
        }
        text + "\n"
    }
}

/// What a test left running may hold the runner's output open: nobody waits longer for its end than this once the runner has ended.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Runs a test runner, shows what it says and adds up what it counts.
pub(crate) fn run_tests(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let words = in_words(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {words}"))?;
    let output = child.stdout.take().context("it has an output")?;
    let (lines, said) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            println!("{line}");
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    let status = child.wait()?;
    let mut found = Counts::default();
    let until = Instant::now() + LAST_WORDS;
    while let Ok(line) = said.recv_timeout(until.saturating_duration_since(Instant::now())) {
        found.count(&line);
    }
    if !status.success() && found.failed == 0 {
        // It did not get as far as a test.
        found.failed = 1;
    }
    counts.add(found);
    ensure!(status.success() && found.failed == 0, "{words} failed ({status})");
    ensure!(found.passed > 0, "{words} ran no test");
    Ok(())
}

impl Counts {
    /// Reads the closing lines of cargo test (`test result: ok. 3 passed; 0 failed; 1 ignored; …`), Playwright (`  3 passed (2.1s)`)
    /// and TAP (`# pass 3`).
    fn count(&mut self, line: &str) {
        let result = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "));
        if let Some((_, numbers)) = result {
            numbers.split(';').for_each(|part| self.count_one(part));
        } else if let Some((what, number)) = line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) {
            let what = match what {
                "pass" => "passed",
                "fail" | "cancelled" => "failed",
                other => other,
            };
            self.count_one(&format!("{number} {what}"));
        } else if line.starts_with("  ") {
            self.count_one(line.split('(').next().unwrap_or_default());
        }
    }

    fn count_one(&mut self, part: &str) {
        let Some((number, what)) = part.trim().split_once(' ') else {
            return;
        };
        let Ok(number) = number.parse::<u32>() else {
            return;
        };
        match what.trim() {
            "passed" => self.passed += number,
            // Playwright's "flaky" is a test that failed once and then passed, where the suite allows a second try.
            "flaky" => {
                self.passed += number;
                self.retried += number;
            }
            "failed" | "interrupted" | "did not run" => self.failed += number,
            "ignored" | "skipped" => self.skipped += number,
            _ => {}
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.retried += other.retried;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn counted(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.count(line));
        counts
    }

    #[test]
    fn reads_all_runners() {
        let cargo = [
            "test a ... ok",
            "test result: FAILED. 21 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 3s",
        ];
        assert_eq!(
            counted(&cargo),
            Counts {
                passed: 21,
                failed: 1,
                skipped: 2,
                retried: 0,
            }
        );
        let playwright = [
            "Running 9 tests using 2 workers",
            "  1 flaky",
            "  3 skipped",
            "  2 did not run",
            "  3 passed (2.1m)",
        ];
        assert_eq!(
            counted(&playwright),
            Counts {
                passed: 4,
                failed: 2,
                skipped: 3,
                retried: 1,
            }
        );
        let tap = [
            "# Subtest: 3 passed",
            "ok 1 - a",
            "# pass 5",
            "# fail 1",
            "# cancelled 1",
            "# skipped 2",
        ];
        assert_eq!(
            counted(&tap),
            Counts {
                passed: 5,
                failed: 2,
                skipped: 2,
                retried: 0,
            }
        );
        assert_eq!(
            counted(&["  12 passed", "3 passed", "  4 bananas", ""]),
            Counts {
                passed: 12,
                ..Counts::default()
            }
        );
    }

    #[test]
    fn closes_with_the_line_that_ci_reads() {
        let mut stages = Stages::default();
        stages
            .run("unit", |counts| {
                run_tests(Command::new("echo").arg("  7 passed (1s)"), counts)
            })
            .unwrap();
        assert!(
            stages.report().ends_with("\n7 passed, 0 failed\n"),
            "{}",
            stages.report()
        );
        assert!(
            stages
                .run("none", |counts| run_tests(
                    Command::new("echo").arg("all is well"),
                    counts
                ))
                .is_err()
        );
        assert!(
            stages
                .run("broken", |counts| run_tests(&mut Command::new("false"), counts))
                .is_err()
        );
        let report = stages.report();
        assert!(
            report.contains("  broken (failed)\n") && report.ends_with("\n7 passed, 1 failed\n"),
            "{report}"
        );
    }
}
