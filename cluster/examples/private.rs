//! Starts a private cluster on the folder given, prints its URL, and stops it when standard input ends.
//! The tests run it as another user and kill it; a person can run it to look at a DATA_DIR with psql.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

use std::error::Error;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let data_dir = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("usage: private DATA_DIR")?;
    let cluster = cluster::Cluster::start(&cluster::Settings {
        data_dir,
        unsafe_fast: true,
    })?;
    println!("{}", cluster.url(cluster::DATABASE));
    std::io::stdin().read_to_end(&mut Vec::new())?;
    cluster.stop()?;
    Ok(())
}
