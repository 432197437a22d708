//! The commands, one file each.

mod backup;
mod doctor;
mod hash_code;
mod healthcheck;
mod import_legacy;
mod migrate;
mod serve;
mod summarize;
mod transcript;
mod unlock;
mod upstream;

use std::process::ExitCode;

use crate::{
    cli::{Cli, Command},
    config::{Config, Settings},
    live_settings,
};

/// Does what was asked.
pub async fn run(cli: Cli, config: Config) -> ExitCode {
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => finish(serve::run(config, cli.settings).await),
        Command::Doctor(arguments) => {
            doctor::run(&arguments, live_settings::of_command(&cli.settings, config).await).await
        }
        Command::Backup => finish(backup::make(config).await),
        Command::Restore(arguments) => finish(backup::restore(&arguments, config).await),
        Command::VerifyBackup(arguments) => finish(backup::verify(&arguments, config).await),
        Command::ImportLegacy(arguments) => finish(import_legacy::run(&arguments, config).await),
        Command::Migrate => finish(migrate::run(config).await),
        Command::HashCode => finish(hash_code::run()),
        Command::Unlock(arguments) => finish(unlock::run(&arguments, config).await),
        Command::Healthcheck => finish(healthcheck::run(&config).await),
        Command::Summarize(arguments) => summarize::run(&arguments, layered(&cli.settings, config).await).await,
        Command::Transcript(arguments) => transcript::run(&arguments, layered(&cli.settings, config).await).await,
    }
}

/// With what was set in the app. That it can't be had is said, and stops nothing: the environment may have all that is needed.
#[expect(clippy::print_stderr, reason = "a word beside the output of a command")]
async fn layered(settings: &Settings, config: Config) -> Config {
    let layered = live_settings::of_command(settings, config).await;
    if let Some(why) = &layered.trouble {
        eprintln!("youtube-summarizer: what was set in the app is not used: {why}");
    }
    layered.config
}

#[expect(clippy::print_stderr, reason = "the last word of a command that failed")]
fn finish(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("youtube-summarizer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
