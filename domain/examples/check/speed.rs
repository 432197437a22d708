//! How long the check takes.

use std::time::Instant;

use domain::{check::Checker, language::Language, passages::Passage};

use crate::meeting::{Meeting, True};

/// How long the check of 60 claims takes against meetings put together to the length of a twelve-hour video.
pub fn twelve_hours(meetings: &[Meeting]) {
    let mut all: Vec<Passage> = Vec::new();
    let mut body: Vec<String> = Vec::new();
    for meeting in meetings {
        let before = all.len();
        if before >= 2_500 {
            break;
        }
        let mark = |claim: &True| format!("- {} [{} \"{}\"]", claim.text, before + claim.passage + 1, claim.quote);
        body.extend(meeting.claims.iter().map(mark));
        all.extend(meeting.passages.iter().cloned());
    }
    for (ordinal, passage) in (1..).zip(&mut all) {
        passage.ordinal = ordinal;
    }
    body.truncate(60);
    let words: usize = all
        .iter()
        .map(|passage| passage.text().split_whitespace().count())
        .sum();
    let checker = Checker {
        passages: &all,
        language: Language::English,
        context: "",
    };
    let fastest = (0..40).map(|_| {
        let started = Instant::now();
        let claims = checker.check(&body.join("\n"));
        assert_eq!(claims.len(), body.len(), "a claim a line");
        started.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default().as_secs_f64() * 1000.0;
    println!(
        "{} passages, {words} words, {} claims: {fastest:.1} ms",
        all.len(),
        body.len()
    );
}
