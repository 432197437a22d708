//! The sentences of the human answers, cited at the passage of their evidence that fits best, and the same corrupted.

use std::time::Instant;

use domain::{check::Checker, language::Language};

use crate::{
    corruptions::{Random, negated, wrong_name, wrong_number},
    meeting::{Meeting, best, content, quote},
    row::{Row, is_accepted},
};

/// Prints the table; `verbose` names a row whose claims are shown.
pub fn report(meetings: &[Meeting], verbose: Option<&str>) {
    let mut random = Random(7);
    let mut rows: Vec<(&str, Row)> = [
        "true",
        "true, no quote",
        "wrong passage",
        "wrong passage, no quote",
        "number",
        "name",
        "negation",
        "invention",
        "invention, no quote",
        "true, three passages",
        "number, three passages",
        "name, three passages",
        "negation, three passages",
    ]
    .map(|name| (name, Row::default()))
    .into();
    let mut extracts = Row::default();
    let started = Instant::now();
    let mut bodies = 0;
    for (number, meeting) in meetings.iter().enumerate() {
        let checker = Checker {
            passages: &meeting.passages,
            language: Language::English,
            context: "",
        };
        let other = &meetings[(number + 1) % meetings.len()];
        let mark = |passage: usize, quote: &str| format!("[{} \"{quote}\"]", passage + 1);
        let mut lines: Vec<Vec<Option<String>>> = Vec::new();
        for (at, claim) in meeting.claims.iter().enumerate() {
            let text = &claim.text;
            let own = mark(claim.passage, &claim.quote);
            let whole = claim
                .others
                .iter()
                .fold(own.clone(), |marks, other| format!("{marks} [{}]", other + 1));
            let far = random.far(meeting.passages.len(), claim.passage);
            let far_quote = quote(&meeting.passages[far], text);
            let strange = &other.claims[at % other.claims.len()].text;
            let near = best(&meeting.passages, 0..meeting.passages.len(), strange);
            let near_quote = quote(&meeting.passages[near], strange);
            let line = |words: &str, mark: &str| Some(format!("- {words} {mark}"));
            lines.push(vec![
                line(text, &own),
                line(text, &format!("[{}]", claim.passage + 1)),
                line(text, &mark(far, &far_quote)),
                line(text, &format!("[{}]", far + 1)),
                wrong_number(text).and_then(|text| line(&text, &own)),
                wrong_name(text, &mut random).and_then(|text| line(&text, &own)),
                negated(text).and_then(|text| line(&text, &own)),
                line(strange, &mark(near, &near_quote)),
                line(strange, &format!("[{}]", near + 1)),
                line(text, &whole),
                wrong_number(text).and_then(|text| line(&text, &whole)),
                wrong_name(text, &mut random).and_then(|text| line(&text, &whole)),
                negated(text).and_then(|text| line(&text, &whole)),
            ]);
        }
        let mut accepted: Vec<bool> = Vec::new();
        for kind in 0..rows.len() {
            let body: Vec<String> = lines
                .iter()
                .map(|line| line[kind].clone().unwrap_or_else(|| "- nothing [1]".to_owned()))
                .collect();
            let claims = checker.check(&body.join("\n"));
            bodies += 1;
            assert_eq!(claims.len(), lines.len(), "a claim a line");
            if kind == 0 {
                accepted = claims.iter().map(is_accepted).collect();
            }
            for (at, claim) in claims.iter().enumerate().filter(|(at, _)| lines[*at][kind].is_some()) {
                rows[kind].1.add(claim, accepted[at]);
                if verbose == Some(rows[kind].0) {
                    println!(
                        "{:?} {:?}\n    {}\n    {}",
                        claim.verdict,
                        claim.detail,
                        lines[at][kind].as_deref().unwrap_or(""),
                        claim.citations.first().map_or("", |citation| citation.text.as_str())
                    );
                }
            }
        }
        let extract: Vec<String> = meeting
            .passages
            .iter()
            .flat_map(|passage| {
                passage
                    .sentences
                    .iter()
                    .map(|sentence| (passage.ordinal, &sentence.text))
            })
            .filter(|(_, text)| content(text, Language::English).len() >= 3)
            .map(|(ordinal, text)| format!("- {text} [{ordinal} \"{text}\"]"))
            .collect();
        for claim in checker.check(&extract.join("\n")) {
            extracts.add(&claim, true);
        }
    }
    for (name, row) in &rows {
        println!("{name:<26}{row}");
    }
    println!("{:<26}{extracts}   verbatim: {}", "extracts", extracts.verbatim);
    println!("{bodies} bodies in {:.1} s", started.elapsed().as_secs_f64());
}
