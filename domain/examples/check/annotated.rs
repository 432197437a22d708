//! Claims as a model writes them, true and false, with the passages and words that they cite: `benchmarks/meeting-claims.jsonl`.

use std::collections::BTreeMap;

use domain::{check::Checker, language::Language, summary::Claim};
use serde::Deserialize;

use crate::{
    meeting::Meeting,
    row::{Row, is_accepted},
};

/// A claim about a meeting.
#[derive(Deserialize)]
struct Annotated {
    meeting: String,
    /// What is wrong with it, or `true`.
    kind: String,
    claim: String,
    /// Passages by their ordinals, and words that stand there.
    marks: Vec<(u32, String)>,
}

/// Prints, by kind, how many claims about these meetings the check refuses; `verbose` names a kind whose claims that came out wrong are shown.
pub fn report(meetings: &BTreeMap<String, Meeting>, claims: &str, verbose: Option<&str>) {
    let claims: Vec<Annotated> = claims
        .lines()
        .map(|line| serde_json::from_str(line).expect("a claim a line"))
        .collect();
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for (name, meeting) in meetings {
        let mut kinds: BTreeMap<&str, Vec<&Annotated>> = BTreeMap::new();
        for claim in claims.iter().filter(|claim| claim.meeting == *name) {
            kinds.entry(&claim.kind).or_default().push(claim);
        }
        for (kind, claims) in kinds {
            let row = rows.entry(kind).or_default();
            for (annotated, checked) in claims.iter().zip(check(meeting, &claims)) {
                row.add(&checked, true);
                if verbose == Some(kind) && is_accepted(&checked) != (kind == "true") {
                    show(meeting, annotated, &checked);
                }
            }
        }
    }
    for (kind, row) in rows {
        println!("{kind:<26}{row}");
    }
}

/// A body holds the claims of one kind, a claim a line.
fn check(meeting: &Meeting, claims: &[&Annotated]) -> Vec<Claim> {
    let checker = Checker {
        passages: &meeting.passages,
        language: Language::English,
        context: "",
    };
    let lines: Vec<String> = claims
        .iter()
        .map(|annotated| {
            let marks = annotated
                .marks
                .iter()
                .map(|(passage, quote)| format!(" [{passage} \"{quote}\"]"));
            format!("- {}{}", annotated.claim, marks.collect::<String>())
        })
        .collect();
    let checked = checker.check(&lines.join("\n"));
    assert_eq!(checked.len(), claims.len(), "a claim a line");
    checked
}

fn show(meeting: &Meeting, annotated: &Annotated, checked: &Claim) {
    println!(
        "\n{} {:?} {}\n  {}",
        annotated.meeting,
        checked.verdict,
        checked.detail.as_deref().unwrap_or(""),
        annotated.claim
    );
    for (ordinal, quote) in &annotated.marks {
        let passage = meeting.passages.iter().find(|passage| passage.ordinal == *ordinal);
        let text = passage.map(domain::passages::Passage::script).unwrap_or_default();
        println!("  [{ordinal} \"{quote}\"] {}", text.replace('\n', " / "));
    }
}
