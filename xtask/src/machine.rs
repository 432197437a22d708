//! What the machine lacks: installed where that is one dependable command, else named together with what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cargo::{output_of, run};

/// The oldest Node.js that Playwright takes.
const OLDEST_NODE: u32 = 20;

/// The target of the browser's half.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Rust's wasm target.
pub(crate) fn wasm_target() -> Result<()> {
    let libraries = output_of(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    eprintln!("Rust's {WASM} target is missing");
    ensure!(
        is_there("rustup"),
        "install Rust's {WASM} target (with rustup: rustup target add {WASM})"
    );
    run(Command::new("rustup").args(["target", "add", WASM]))
}

/// `cargo fmt`, `cargo clippy`: a minimal toolchain lacks them.
pub(crate) fn component(subcommand: &str, name: &str) -> Result<()> {
    let there = Command::new("cargo")
        .args([subcommand, "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if there {
        return Ok(());
    }
    ensure!(
        is_there("rustup"),
        "install Rust's {name} (with rustup: rustup component add {name})"
    );
    run(Command::new("rustup").args(["component", "add", name]))
}

/// PostgreSQL's programs, for the private cluster and the tests.
pub(crate) fn postgres() -> Result<()> {
    let Err(problem) = cluster::installed() else {
        return Ok(());
    };
    apt_install("postgresql").with_context(|| problem.to_string())?;
    cluster::installed()
        .map(|_| ())
        .context("PostgreSQL was installed, but")
}

/// A Chromium for the browser tests: its path.
pub(crate) fn chromium() -> Result<PathBuf> {
    let find = || {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        std::env::var_os("CHROMIUM")
            .map(PathBuf::from)
            .or_else(|| names.iter().find_map(|name| on_path(name)))
    };
    if let Some(path) = find() {
        return Ok(path);
    }
    apt_install("chromium").context("Chromium is missing; install it, or set CHROMIUM to the path of one")?;
    find().context("chromium was installed, but is not on PATH")
}

/// Node.js and npm, which we do not install: distributions' versions are often too old.
pub(crate) fn node() -> Result<()> {
    const ADVICE: &str = "install Node.js 20 or newer with npm (nodejs.org); the browser tests run on it";
    ensure!(is_there("node") && is_there("npm"), "{ADVICE}");
    let version = output_of(Command::new("node").arg("--version"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|digits| digits.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= OLDEST_NODE),
        "this is Node.js {}: {ADVICE}",
        version.trim()
    );
    Ok(())
}

/// The Node packages of the browser tests, exactly as locked.
pub(crate) fn node_packages(end2end: &Path) -> Result<()> {
    node()?;
    let lock = end2end.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let installed = end2end.join("node_modules/.installed-from");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(end2end);
    // We bring the machine's Chromium.
    run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}

/// A program, by Debian's package of it.
pub(crate) fn program(name: &str, package: &str) -> Result<()> {
    // Those that only root is meant to run are not on everybody's PATH.
    let found = || is_there(name) || Path::new("/usr/sbin").join(name).is_file();
    if found() {
        return Ok(());
    }
    apt_install(package).with_context(|| format!("{name} is missing"))?;
    ensure!(found(), "{package} was installed, but has no {name}");
    Ok(())
}

/// Python packages in an environment of their own, in the versions that `requirements.txt` names.
pub(crate) fn python_packages(tests: &Path, environment: &Path) -> Result<()> {
    let list = tests.join("requirements.txt");
    let wanted = fs::read(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let installed = environment.join(".installed-from");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let make = || {
        let mut python = Command::new("python3");
        python.args(["-m", "venv", "--clear"]).arg(environment);
        run(&mut python)
    };
    // Debian's Python comes without the module that fills an environment.
    make().or_else(|_| {
        apt_install("python3-venv")?;
        make()
    })?;
    let mut pip = Command::new(environment.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&list);
    run(&mut pip)?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}

/// Installs a Debian package, where we may.
fn apt_install(package: &str) -> Result<()> {
    let root = output_of(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let advice = format!("apt-get install {package}");
    if !is_there("apt-get") {
        bail!("install {package} with this system's package manager (Debian: {advice})");
    }
    ensure!(root, "run as root: {advice}");
    eprintln!("installing {package}");
    let install = || {
        let mut apt = Command::new("apt-get");
        apt.args(["install", "--yes", "--no-install-recommends", package])
            .env("DEBIAN_FRONTEND", "noninteractive");
        run(apt.stdin(Stdio::null()))
    };
    // A bare machine has no package lists, or old ones that name packages which are gone.
    install().or_else(|_| {
        run(Command::new("apt-get").arg("update"))?;
        install()
    })
}

fn is_there(program: &str) -> bool {
    on_path(program).is_some()
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}
