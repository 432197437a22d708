//! `hash-code`: the stored form of a login code, so that the code itself stands nowhere.

use anyhow::Context;
use backend::{access::login_code, models::Secret};

/// Reads one line and prints what it is stored as.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the result, and a question")]
pub fn run() -> anyhow::Result<()> {
    if std::io::IsTerminal::is_terminal(&std::io::stdin()) {
        eprint!("Login code (it shows while you type): ");
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("nothing could be read")?;
    let code = Secret::new(line.trim_end_matches(['\r', '\n']).to_owned());
    let stored = login_code::store(&code).map_err(|error| anyhow::anyhow!("this code {error}"))?;
    if login_code::is_shorter_than_advised(&code) {
        eprintln!("It has fewer than 15 characters; a few random words are safer.");
    }
    println!("{stored}");
    Ok(())
}
