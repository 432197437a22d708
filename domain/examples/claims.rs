//! Measures the check on pairs written by hand: `cargo run --release -p domain --example claims [-- --all] [-- FILE]`.
//!
//! Prints, by kind, how many claims the check refuses: of the true ones that is the share of false alarms, of the others what
//! is caught. `--all` shows each claim that came out wrong.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

#[path = "../benchmarks/pairs.rs"]
mod pairs;

use std::{collections::BTreeSet, env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let outcomes = match env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        Some(file) => pairs::outcomes_of(&fs::read_to_string(file)?)?,
        None => pairs::outcomes()?,
    };
    let languages: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.language.as_str()).collect();
    print!("{:<18}{:>7}{:>9}{:>10}", "", "claims", "refused", "share");
    for language in &languages {
        print!("{language:>9}");
    }
    println!();
    for (kind, (all, refused)) in pairs::refused(&outcomes) {
        print!("{kind:<18}{all:>7}{refused:>9}{:>8} %", refused * 100 / all);
        for language in &languages {
            let of_kind = || outcomes.iter().filter(|o| o.kind == kind && o.language == **language);
            print!(
                "{:>9}",
                format!(
                    "{}/{}",
                    of_kind().filter(|o| !o.is_accepted()).count(),
                    of_kind().count()
                )
            );
        }
        println!();
    }
    if env::args().any(|argument| argument == "--all") {
        for outcome in outcomes
            .iter()
            .filter(|outcome| outcome.is_true() != outcome.is_accepted())
        {
            println!(
                "\n{} {}: {}\n    {:?} {}",
                outcome.language,
                outcome.kind,
                outcome.claim.text,
                outcome.claim.verdict,
                outcome.claim.detail.as_deref().unwrap_or("")
            );
        }
    }
    Ok(())
}
