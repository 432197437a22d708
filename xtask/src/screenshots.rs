//! `cargo xtask screenshots`: takes docs/screenshots anew. What is taken is written in end2end/screenshots.config.ts and its tests;
//! they start the servers as the browser tests do and write below YTSUM_SCREENSHOTS.

use anyhow::Result;

use crate::project::Project;
use crate::scratch::clear;
use crate::{cargo, machine, test};

/// Takes them.
pub(crate) fn run(project: &Project) -> Result<()> {
    machine::postgres()?;
    machine::node_packages(&project.end2end())?;
    let data_dir = project.target("end2end");
    clear(&data_dir)?;
    let mut command = test::playwright(project)?;
    command.args(["--config", "screenshots.config.ts"]).env("YTSUM_SCREENSHOTS", project.root.join("docs/screenshots"));
    let result = cargo::run(&mut command);
    clear(&data_dir)?;
    result
}
