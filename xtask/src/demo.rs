//! `cargo xtask demo`: the app on the fixture upstream instead of YouTube and the models, with data of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use crate::project::Project;
use crate::{build, machine, run};

/// Comes back only with an error.
pub(crate) fn run(project: &Project) -> Result<()> {
    machine::postgres()?;
    let (server, upstream) = build::server_and_upstream(project)?;
    let (mut child, url) = start_upstream(&upstream)?;
    eprintln!("the fixture upstream: {url}");
    let mut command = run::serve(project, &server);
    // Empty is unset, and keeps what a person's .env says out.
    command.env("DATABASE_URL", "").env("DATA_DIR", project.target("demo"));
    command.envs([("YOUTUBE_BASE_URL", url.as_str()), ("GOOGLE_BASE_URL", &url), ("OPENAI_BASE_URL", &format!("{url}/v1"))]);
    command.envs([("GOOGLE_API_KEY", "fixture"), ("OPENAI_API_KEY", "fixture")]);
    // Ctrl-C ends both: they are of one process group.
    let ended = run::become_it(&mut command);
    child.kill().context("cannot end the fixture upstream")?;
    ended
}

/// Starts it on a free port and waits for its address.
fn start_upstream(upstream: &Path) -> Result<(Child, String)> {
    let mut command = Command::new(upstream);
    command.args(["--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot run {}", upstream.display()))?;
    let output = child.stdout.take().context("the upstream has an output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let url = line.find("http://").map(|start| line[start..].trim().to_owned());
    Ok((child, url.with_context(|| format!("the upstream named no address: {line:?}"))?))
}
