//! `cargo xtask load`: the release server under load. Builds it and `load/`, a crate outside of the workspace, which measures.

use std::path::Path;

use anyhow::Result;

use crate::project::Project;
use crate::{build, cargo, machine};

/// What is measured where nothing is said.
const USUAL: &str = "run";

/// `arguments` are those of `load`, from its command on.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<()> {
    let usual = [USUAL.to_owned()];
    let arguments = match arguments.first() {
        Some(first) if !first.starts_with('-') => arguments.to_vec(),
        _ => usual.iter().chain(arguments).cloned().collect(),
    };
    let mut command = cargo::cargo(&project.root);
    command
        .args(["run", "--release", "--quiet", "--locked", "--manifest-path"])
        .arg(project.root.join("load/Cargo.toml"))
        .arg("--target-dir")
        .arg(project.target("load-build"))
        // The bare handler lies beside it.
        .args(["--bin", "load", "--"]);
    let asks_for_help = arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h");
    let kind = arguments.first().map_or(USUAL, String::as_str);
    command.args(&arguments);
    if kind != "compare" && !asks_for_help {
        machine::postgres()?;
        build_bare(project)?;
        add(&mut command, &arguments, "--folder", &project.target("load"));
        if !has(&arguments, "--server") {
            command.arg("--server").arg(build::released(project)?);
        }
        if kind == "slow" && !has(&arguments, "--upstream") {
            command.arg("--upstream").arg(build::upstream(project)?);
        }
    }
    cargo::run(&mut command)
}

fn build_bare(project: &Project) -> Result<()> {
    let mut command = cargo::cargo(&project.root);
    command
        .args([
            "build",
            "--release",
            "--quiet",
            "--locked",
            "--bin",
            "bare",
            "--manifest-path",
        ])
        .arg(project.root.join("load/Cargo.toml"))
        .arg("--target-dir")
        .arg(project.target("load-build"));
    cargo::run(&mut command)
}

fn add(command: &mut std::process::Command, arguments: &[String], name: &str, value: &Path) {
    if !has(arguments, name) {
        command.arg(name).arg(value);
    }
}

fn has(arguments: &[String], name: &str) -> bool {
    let starts = |argument: &String| argument == name || argument.starts_with(&format!("{name}="));
    arguments.iter().any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_found_in_both_its_forms() {
        let given = |argument: &str| has(&[argument.to_owned()], "--server");
        assert!(given("--server"));
        assert!(given("--server=target/x"));
        assert!(!given("--servers=3"));
    }
}
