//! `cargo xtask`: the only build tool a person needs. Each command has a file of its name.
//!
//! It may start programs, install what the machine lacks, write below `target/`, and (`prepare`, `screenshots`) write files that
//! are committed. It knows the product only by its binaries, its folders and `[[workspace.metadata.leptos]]`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

mod bench;
mod build;
mod cargo;
mod css;
mod demo;
mod load;
mod machine;
mod prepare;
mod project;
mod run;
mod scratch;
mod screenshots;
mod site;
mod stages;
mod test;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::project::Project;

/// Builds, runs and tests YouTube Summarizer; installs what the machine lacks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve it on http://127.0.0.1:5001
    Run {
        /// Passed on to `youtube-summarizer serve`: `cargo xtask run -- --help` lists what it takes
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Run all checks and tests, or one stage of them
    Test {
        #[arg(value_enum, default_value_t)]
        stage: test::Part,
    },
    /// Build the site and the server
    Build {
        /// One optimised binary with the site inside, as the container runs it
        #[arg(long)]
        release: bool,
    },
    /// Refresh .sqlx, what the compiler knows of the database's answers, from migrations/
    Prepare {
        /// Change nothing; fail where it is stale
        #[arg(long)]
        check: bool,
    },
    /// Measure summaries, the check and the chapters on meetings in QMSum's format
    Bench {
        /// A folder of meetings, a JSON file each; else the small sample in the repository
        #[arg(long)]
        data: Option<PathBuf>,
        /// The Python whose sumy and rouge-score are compared with, if it has them
        #[arg(long, default_value = "python3")]
        python: PathBuf,
    },
    /// Measure the release server under load: `cargo xtask load --help` lists what, `cargo xtask load run --help` how
    #[command(disable_help_flag = true)]
    Load {
        /// Of `load/`: a command (`run` where nothing is said) and its options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run the app on the fixture upstream: no key, no internet
    Demo,
    /// Take docs/screenshots anew, from the demo
    Screenshots,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let done = Project::find().and_then(|project| match options.command {
        Command::Run { arguments } => run::run(&project, &arguments),
        Command::Test { stage } => test::run(&project, stage),
        Command::Build { release } => build::run(&project, release),
        Command::Prepare { check } => prepare::run(&project, check),
        Command::Bench { data, python } => bench::run(&project, data, &python),
        Command::Load { arguments } => load::run(&project, &arguments),
        Command::Demo => demo::run(&project),
        Command::Screenshots => screenshots::run(&project),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
