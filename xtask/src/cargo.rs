//! Runs cargo and other programs: what they are called for an error, and which files a build made.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// The cargo that runs us, in the project's folder.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs it with our input and output; an error if it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", in_words(command)))?;
    ensure!(status.success(), "{} failed ({status})", in_words(command));
    Ok(())
}

/// Its standard output, if it succeeds.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {}", in_words(command)))?;
    ensure!(
        output.status.success(),
        "{} failed ({})",
        in_words(command),
        output.status
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `cargo test -p domain`: the program's name and its arguments.
pub(crate) fn in_words(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// The files that a build made (or found fresh).
#[derive(Debug)]
pub(crate) struct Built {
    artifacts: Vec<Artifact>,
}

#[derive(Debug, Deserialize)]
struct Artifact {
    target: Target,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

impl Built {
    /// The program of this name.
    pub(crate) fn executable(&self, name: &str) -> Result<&Path> {
        let found = self
            .artifacts
            .iter()
            .filter(|it| it.target.name == name)
            .find_map(|it| it.executable.as_deref());
        found.with_context(|| format!("the build made no program {name}"))
    }

    /// The wasm library of this name.
    pub(crate) fn wasm(&self, name: &str) -> Result<&Path> {
        let files = self
            .artifacts
            .iter()
            .filter(|it| it.target.name == name)
            .flat_map(|it| &it.filenames);
        let mut wasm = files.filter(|file| file.extension().is_some_and(|extension| extension == "wasm"));
        wasm.next()
            .map(PathBuf::as_path)
            .with_context(|| format!("the build made no {name}.wasm"))
    }
}

/// `cargo build …`, asking cargo itself where things came to lie: CARGO_TARGET_DIR and profiles move them.
pub(crate) fn build(root: &Path, arguments: &[&str]) -> Result<Built> {
    let mut command = cargo(root);
    command
        .arg("build")
        .args(arguments)
        .arg("--message-format=json-render-diagnostics");
    let said = output_of(&mut command)?;
    let artifacts: Vec<Artifact> = said
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    if artifacts.is_empty() {
        bail!("{} said nothing of what it made", in_words(&command));
    }
    Ok(Built { artifacts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_command_as_one_would_type_it() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "-p", "domain"]);
        assert_eq!(in_words(&command), "cargo test -p domain");
    }
}
