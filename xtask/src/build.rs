//! `cargo xtask build`: the site, then the server; with `--release` one binary that holds the site.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::{cargo, site};

/// Builds and says where the server lies.
pub(crate) fn run(project: &Project, release: bool) -> Result<()> {
    let server = if release { released(project)? } else { server(project)? };
    println!("{}", server.display());
    Ok(())
}

/// The site and the server as developers run it.
pub(crate) fn server(project: &Project) -> Result<PathBuf> {
    site::build(project, false)?;
    let built = cargo::build(&project.root, &["-p", &project.leptos.bin_package])?;
    Ok(built.executable(&project.leptos.bin_target)?.to_owned())
}

/// The server and the fixture upstream, as the browser tests and the demo run them.
pub(crate) fn server_and_upstream(project: &Project) -> Result<(PathBuf, PathBuf)> {
    site::build(project, false)?;
    let built = cargo::build(&project.root, &["-p", &project.leptos.bin_package, "-p", "upstream"])?;
    Ok((
        built.executable(&project.leptos.bin_target)?.to_owned(),
        built.executable("upstream")?.to_owned(),
    ))
}

/// The fixture upstream, as fast as it gets.
pub(crate) fn upstream(project: &Project) -> Result<PathBuf> {
    let built = cargo::build(&project.root, &["-p", "upstream", "--profile", "dist"])?;
    Ok(built.executable("upstream")?.to_owned())
}

/// One optimised binary that holds the site.
pub(crate) fn released(project: &Project) -> Result<PathBuf> {
    // First, since it goes into the binary.
    site::build(project, true)?;
    let package = &project.leptos.bin_package;
    let built = cargo::build(
        &project.root,
        &["-p", package, "--profile", "dist", "--features", "embed"],
    )?;
    Ok(built.executable(&project.leptos.bin_target)?.to_owned())
}
