//! `cargo xtask test`: everything that CI checks, in an order that fails soon. A tool that is missing fails; nothing is skipped.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::project::Project;
use crate::scratch::Scratch;
use crate::stages::{Counts, Stages, run_tests};
use crate::{build, cargo, machine, prepare};

/// All crates that the server is made of. Never `--workspace`: it would build `app` for the server and the browser at once.
const SERVER: [&str; 12] = [
    "-p",
    "domain",
    "-p",
    "backend",
    "-p",
    "app",
    "--features",
    "app/ssr",
    "-p",
    "server",
    "-p",
    "upstream",
];

/// The tools; apart, so that their dependencies are those of `cargo xtask` itself.
const TOOLS: [&str; 4] = ["-p", "cluster", "-p", "xtask"];

/// What to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// Everything
    #[default]
    All,
    /// Formatting, clippy, .sqlx
    Lint,
    /// Unit tests, and those against a real Postgres
    Unit,
    /// The site in a real browser, on the fixture upstream
    Browser,
    /// The files of deploy/ and the workflows
    Deploy,
}

/// Runs the stages up to the first that fails; always prints the table.
pub(crate) fn run(project: &Project, part: Part) -> Result<()> {
    let mut stages = Stages::default();
    let result = stages
        .run("the machine", |_| prerequisites(project, part))
        .and_then(|()| run_stages(project, part, &mut stages));
    println!("{}", stages.report());
    result
}

fn run_stages(project: &Project, part: Part, stages: &mut Stages) -> Result<()> {
    let root = &project.root;
    if matches!(part, Part::All | Part::Lint) {
        stages.run("format", |_| {
            cargo::run(cargo::cargo(root).args(["fmt", "--all", "--check"]))
        })?;
        stages.run("clippy", |_| {
            clippy(project, &SERVER)?;
            clippy(project, &TOOLS)
        })?;
        stages.run("clippy for the browser", |_| clippy_wasm(project))?;
        stages.run("checked queries", |_| prepare::run(project, true))?;
    }
    if matches!(part, Part::All | Part::Deploy) {
        stages.run("deployment files", |counts| deploy(project, counts))?;
    }
    if matches!(part, Part::All | Part::Unit) {
        stages.run("unit and Postgres tests", |counts| unit(project, counts))?;
    }
    if matches!(part, Part::All | Part::Browser) {
        stages.run("build", |_| build::server_and_upstream(project).map(|_| ()))?;
        stages.run("browser tests", |counts| browser(project, counts))?;
    }
    Ok(())
}

/// Known before the first long build, not after it.
fn prerequisites(project: &Project, part: Part) -> Result<()> {
    if part != Part::Deploy {
        machine::postgres()?;
    }
    if matches!(part, Part::All | Part::Unit) {
        // The server's tests start them.
        machine::program("nginx", "nginx-light")?;
        machine::program("prometheus", "prometheus")?;
    }
    if matches!(part, Part::All | Part::Deploy) {
        machine::program("promtool", "prometheus")?;
        machine::program("amtool", "prometheus-alertmanager")?;
        machine::program("nginx", "nginx-light")?;
        machine::program("systemd-analyze", "systemd")?;
        machine::node_packages(&deploy_tests(project))?;
        machine::python_packages(&deploy_tests(project), &deploy_tools(project))?;
    }
    if matches!(part, Part::All | Part::Lint) {
        machine::component("fmt", "rustfmt")?;
        machine::component("clippy", "clippy")?;
        machine::wasm_target()?;
    }
    if matches!(part, Part::All | Part::Browser) {
        machine::wasm_target()?;
        machine::chromium()?;
        machine::node_packages(&project.end2end())?;
    }
    Ok(())
}

fn clippy(project: &Project, packages: &[&str]) -> Result<()> {
    let mut command = cargo::cargo(&project.root);
    cargo::run(
        command
            .arg("clippy")
            .args(packages)
            .args(["--all-targets", "--", "-D", "warnings"]),
    )
}

/// With the profile and folder of the build, which so compiles macros and build scripts only once.
fn clippy_wasm(project: &Project) -> Result<()> {
    let leptos = &project.leptos;
    let mut command = cargo::cargo(&project.root);
    command.args([
        "clippy",
        "-p",
        &leptos.lib_package,
        "--target",
        machine::WASM,
        "--profile",
        &leptos.lib_profile_release,
    ]);
    command
        .arg("--target-dir")
        .arg(project.target("front"))
        .args(["--", "-D", "warnings"]);
    cargo::run(&mut command)
}

fn unit(project: &Project, counts: &mut Counts) -> Result<()> {
    let scratch = Scratch::start(&project.target("test-postgres"))?;
    let url = scratch.cluster()?.url(cluster::DATABASE);
    for packages in [&SERVER[..], &TOOLS] {
        let mut command = cargo::cargo(&project.root);
        command
            .args(["test", "--no-fail-fast"])
            .args(packages)
            .env("DATABASE_URL", &url);
        run_tests(&mut command, counts)?;
    }
    Ok(())
}

fn deploy_tests(project: &Project) -> PathBuf {
    project.root.join("deploy/tests")
}

fn deploy_tools(project: &Project) -> PathBuf {
    project.target("deploy-tools")
}

fn deploy(project: &Project, counts: &mut Counts) -> Result<()> {
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=tap"])
        .current_dir(deploy_tests(project))
        .env("DEPLOY_TOOLS", deploy_tools(project).join("bin"));
    run_tests(&mut command, counts)
}

fn browser(project: &Project, counts: &mut Counts) -> Result<()> {
    let (server, upstream) = build::server_and_upstream(project)?;
    let mut command = playwright(project)?;
    // Its configuration starts them.
    command
        .env("YTSUM_SERVER", server)
        .env("YTSUM_UPSTREAM", upstream)
        .env("LEPTOS_SITE_ROOT", project.site());
    run_tests(&mut command, counts)
}

/// `npx playwright test` in the folder of the browser tests, with the machine's Chromium.
pub(crate) fn playwright(project: &Project) -> Result<Command> {
    let mut command = Command::new("npx");
    command
        .args(["playwright", "test"])
        .current_dir(project.end2end())
        .env("CHROMIUM", machine::chromium()?);
    Ok(command)
}
