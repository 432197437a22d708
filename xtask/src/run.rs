//! `cargo xtask run`: installs what is missing, builds, and becomes the server, which brings its own Postgres.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::project::Project;
use crate::{build, machine};

/// Comes back only with an error.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<()> {
    if std::env::var_os("DATABASE_URL").is_none_or(|url| url.is_empty()) {
        machine::postgres()?;
    }
    let server = build::server(project)?;
    become_it(serve(project, &server).args(arguments))
}

/// The server's command on the site that was just built. Its options come from the environment.
pub(crate) fn serve(project: &Project, server: &Path) -> Command {
    let mut command = Command::new(server);
    command
        .arg("serve")
        .current_dir(&project.root)
        .env("LEPTOS_SITE_ROOT", project.site());
    let port = std::env::var("PORT").ok().filter(|port| !port.is_empty());
    let host = project
        .leptos
        .site_addr
        .rsplit_once(':')
        .map_or("127.0.0.1", |(host, _)| host);
    let address = port.map_or_else(|| project.leptos.site_addr.clone(), |port| format!("{host}:{port}"));
    eprintln!("YouTube Summarizer on http://{address} (Ctrl-C ends it)");
    command
}

/// Replaces us by the program, so that signals reach it and nobody waits in between.
pub(crate) fn become_it(command: &mut Command) -> Result<()> {
    Err(command.exec()).with_context(|| format!("cannot run {}", command.get_program().display()))
}
