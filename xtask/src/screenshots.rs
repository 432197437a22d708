//! `cargo xtask screenshots`: takes docs/screenshots anew from a demo of its own. What is taken is written in end2end/screenshots/.

use anyhow::Result;

use crate::demo::Demo;
use crate::project::Project;
use crate::{cargo, machine, scratch, test};

/// Takes them.
pub(crate) fn run(project: &Project) -> Result<()> {
    machine::postgres()?;
    machine::node_packages(&project.end2end())?;
    // Empty, so that the library holds what the pictures put there.
    let data_dir = project.target("screenshots");
    scratch::clear(&data_dir)?;
    let demo = Demo::start(project, &data_dir)?;
    let mut command = test::playwright(project)?;
    cargo::run(
        command
            .args(["--config", "screenshots.config.ts"])
            .env("BASE_URL", &demo.url),
    )
}
