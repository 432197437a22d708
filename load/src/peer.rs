//! The stand-in for the predecessor (`peer/app.py`) under gunicorn, in a Python environment of its own.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use crate::house::{self, Running};

/// As its own documentation runs it.
const WORKERS: &str = "4";

/// Starts it with as many summaries, kept in memory or read from the file again for each request.
pub async fn start(folder: &Path, summaries: u32, in_memory: bool) -> Result<Running> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("peer");
    // It runs elsewhere.
    let folder = folder.canonicalize()?;
    let environment = folder.join("python");
    let python = environment.join("bin/python");
    if !environment.join("bin/gunicorn").exists() {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&environment))?;
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .arg(source.join("requirements.txt"));
        run(&mut pip)?;
    }
    let cache = folder.join(format!("summary_cache_{summaries}.json"));
    if !cache.exists() {
        let half = cache.with_extension("half");
        let mut make = Command::new(&python);
        make.arg(source.join("app.py"))
            .arg("make")
            .arg(&half)
            .arg(summaries.to_string());
        run(&mut make)?;
        fs::rename(half, &cache)?;
    }
    let port = house::free_port()?;
    let mut gunicorn = Command::new(environment.join("bin/gunicorn"));
    gunicorn
        .args([
            "--workers",
            WORKERS,
            "--timeout",
            "120",
            "--log-level",
            "warning",
            "--bind",
        ])
        .arg(format!("127.0.0.1:{port}"))
        .arg("app:app")
        .current_dir(&source)
        .env("SUMMARY_CACHE", &cache)
        .env("CACHE", if in_memory { "memory" } else { "file" })
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // Libraries that are past their time say so in many words.
        .env("PYTHONWARNINGS", "ignore")
        .stdin(Stdio::null());
    let mut running = house::spawn(&mut gunicorn, port)?;
    house::ready(&mut running, "/").await?;
    Ok(running)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    ensure!(
        status.success(),
        "{} failed ({status})",
        command.get_program().display()
    );
    Ok(())
}
