//! Measures the check on meetings in QMSum's format: `cargo run --release -p domain --example check -- FOLDER`.
//!
//! First claims as a model writes them, with the evidence that it cites (`benchmarks/meeting-claims.jsonl`; `--claims FILE` takes
//! another file), those about meetings of the folder. Then claims whose evidence is guessed: the true ones are the sentences of the
//! human answers, cited at the passage of their evidence that fits best, with words quoted from it. Each is also corrupted: cited at another passage, another number, another
//! name, a negation added or removed, or replaced by a claim about another meeting. Printed: how many true claims are
//! refused, and what share of the corrupted ones is caught, of all and of those whose true form had been accepted.
//! A kind behind the folder ("name") shows the claims of it that came out wrong; "passages" prints the meetings alone, as a model
//! is shown them, for those who write claims.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for the terminal")]

mod annotated;
mod corruptions;
mod guessed;
mod meeting;
mod row;
mod speed;

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use meeting::{Meeting, meeting};

const CLAIMS: &str = include_str!("../../benchmarks/meeting-claims.jsonl");

fn main() {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().expect("a folder of QMSum's JSON files");
    let (mut claims, mut verbose) = (CLAIMS.to_owned(), None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--claims" => claims = fs::read_to_string(arguments.next().expect("a file")).expect("the claims"),
            _ => verbose = Some(argument),
        }
    }
    let mut meetings: BTreeMap<String, Meeting> = BTreeMap::new();
    for file in fs::read_dir(folder).expect("the folder") {
        let path: PathBuf = file.expect("a file").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        if path.extension().is_some_and(|end| end == "json") {
            let json = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
            meetings.insert(name.to_owned(), meeting(&json));
        }
    }
    if verbose.as_deref() == Some("passages") {
        for (name, meeting) in &meetings {
            let lines = meeting.passages.iter().map(|passage| {
                let script = passage.script().replace('\n', " / ");
                format!("{name} [{}] {script}", passage.ordinal)
            });
            println!("{}", lines.collect::<Vec<_>>().join("\n"));
        }
        return;
    }
    let header = format!(
        "{:<26}{:>7}{:>10}{:>8}{:>11}{:>9}{:>26}",
        "", "claims", "accepted", "check", "not found", "caught", "caught, true one accepted"
    );
    println!("Written as models do, with evidence\n{header}");
    annotated::report(&meetings, &claims, verbose.as_deref());
    let meetings: Vec<Meeting> = meetings.into_values().collect();
    println!("\nEvidence guessed\n{header}");
    guessed::report(&meetings, verbose.as_deref());
    speed::twelve_hours(&meetings);
}
