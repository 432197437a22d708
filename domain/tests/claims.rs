//! The check's bars, held on the pairs written by hand (`benchmarks/claims.json`).
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

#[path = "../benchmarks/pairs.rs"]
mod pairs;

#[test]
fn false_numbers_names_and_passages_are_caught_with_few_false_alarms() {
    let outcomes = pairs::outcomes().unwrap();
    assert!(outcomes.len() >= 200, "{} pairs", outcomes.len());
    let refused = pairs::refused(&outcomes);
    // In per cent: at least so many of the false ones, at most so many of the true ones.
    for (kind, least) in [("number", 98), ("name", 90), ("passage", 90), ("other-number", 98)] {
        let (all, caught) = refused[kind];
        assert!(caught * 100 >= all * least, "{kind}: {caught} of {all} are caught");
    }
    let alarmed: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.is_true() && !outcome.is_accepted())
        .map(|outcome| (&outcome.language, &outcome.claim.text))
        .collect();
    println!("refused though true: {alarmed:?}");
    let (all, alarms) = refused["true"];
    assert!(alarms * 100 <= all * 5, "{alarms} of {all} true claims are refused");
    assert_eq!(refused["other-true"].1, 0, "true claims in another language");
}
