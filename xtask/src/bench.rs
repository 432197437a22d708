//! `cargo xtask bench`: how good the summaries and the check are, on meetings with answers that people wrote.
//!
//! Runs the examples of `domain` one after the other, and sumy's algorithms where Python has them; installs nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::cargo;
use crate::project::Project;

/// The sample in the repository.
const SAMPLE: &str = "domain/benchmarks/meetings";

const SUMY: &str = "domain/benchmarks/sumy_baselines.py";

/// `data` is a folder of meetings in QMSum's format, `python` an interpreter that may have sumy and rouge-score.
pub(crate) fn run(project: &Project, data: Option<PathBuf>, python: &Path) -> Result<()> {
    let data = data.unwrap_or_else(|| project.root.join(SAMPLE));
    let data = data
        .canonicalize()
        .with_context(|| format!("no folder {}", data.display()))?;
    ensure!(data.is_dir(), "{} is no folder", data.display());
    let ours = project.root.join("target/bench");
    if ours.exists() {
        std::fs::remove_dir_all(&ours)?;
    }
    std::fs::create_dir_all(&ours)?;
    println!("Meetings: {}", data.display());
    for (title, name, uses_data) in [
        ("Picking sentences, and how fast", "qmsum", true),
        ("Cutting talks into topics", "segmentation", true),
        ("Checking claims about meetings", "check", true),
        ("Checking pairs written by hand", "claims", false),
    ] {
        println!("\n## {title}\n");
        let mut command = cargo::cargo(&project.root);
        command.args(["run", "--release", "--quiet", "-p", "domain", "--example", name]);
        if uses_data {
            command.arg("--").arg(&data);
        }
        if name == "qmsum" {
            command.arg("--write").arg(&ours);
        }
        cargo::run(&mut command)?;
    }
    println!("\n## Beside sumy, scored by rouge-score\n");
    let has_sumy = Command::new(python)
        .args(["-c", "import sumy, rouge_score"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !has_sumy {
        println!(
            "Left out: {} has no sumy and rouge-score. Install both into an environment of your own \
             (`python3 -m venv venv && venv/bin/pip install sumy rouge-score`) and say `--python venv/bin/python`.",
            python.display()
        );
        return Ok(());
    }
    cargo::run(
        Command::new(python)
            .arg(project.root.join(SUMY))
            .arg(&data)
            .arg("--ours")
            .arg(&ours),
    )
}
