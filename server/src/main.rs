//! The binary `youtube-summarizer`: reads the command line and the environment, then does what was asked.
//!
//! `anyhow` stops here: below, errors are typed where a caller decides by them.

// Views are deep types; the compiler lays them out here, where they come together.
#![recursion_limit = "512"]

mod access;
mod api;
mod app_state;
mod assets;
mod cli;
mod commands;
mod config;
mod csp;
mod disks;
mod health;
mod legacy;
mod listener;
mod live_settings;
mod logs;
mod machine;
mod metrics;
mod page_cache;
mod pages;
mod prompts;
mod questions;
mod router;
mod shelf;
mod shutdown;
mod submit;
mod tally;
mod tasks;
mod thumbnails;
mod unavailable;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Everything that speaks TLS (Postgres, reqwest) asks for the process's provider: ring, once, first.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return fail("another TLS provider was installed before ours");
    }
    let (cli, config) = match cli::read() {
        Ok(read) => read,
        Err(code) => return code,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime could not start: {error}")),
    };
    runtime.block_on(commands::run(cli, config))
}

#[expect(clippy::print_stderr, reason = "logs are not set up yet")]
fn fail(message: &str) -> ExitCode {
    eprintln!("youtube-summarizer: {message}");
    ExitCode::FAILURE
}
