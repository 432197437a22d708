//! Measures the evidence for questions, on QMSum's meetings: `cargo run --release -p domain --example questions -- FOLDER`.
//!
//! FOLDER holds the meetings as the data set has them, a JSON file each. People asked specific questions and marked the turns
//! that answer them. Prints how often a marked passage is among the first k, and which share of questions is taken to be
//! answered here: of a meeting's own questions, and of questions about other meetings (of any kind, and of other kinds only:
//! many meetings are about the same product).
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::{env, error::Error, fs};

use domain::{
    evidence::{Question, Ranking, choose, rank},
    language::Language,
    passages::{Passage, passages},
    sentences::sentences,
    transcript::{Cue, Source, Span, Transcript},
};
use serde_json::Value;

/// Milliseconds a word takes to say.
const WORD_MS: u64 = 360;

/// A meeting and the questions about it.
struct Meeting {
    kind: String,
    passages: Vec<Passage>,
    /// Each with whether a passage is marked as answering it.
    questions: Vec<(String, Vec<bool>)>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("which folder are the meetings in?")?;
    let mut meetings = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let json = serde_json::from_str(&fs::read_to_string(&path)?)?;
            meetings.extend(read(&name, &json));
        }
    }
    meetings.sort_by(|a, b| a.kind.cmp(&b.kind).then(a.passages.len().cmp(&b.passages.len())));
    let mut own: Vec<(Ranking, &[bool])> = Vec::new();
    let (mut others, mut strangers) = (Vec::new(), Vec::new());
    for meeting in &meetings {
        for (text, marked) in &meeting.questions {
            own.push((ask(meeting, text), marked));
        }
        for other in meetings.iter().filter(|other| !std::ptr::eq(*other, meeting)) {
            for (text, _) in &other.questions {
                let strength = ask(meeting, text).strength;
                others.push(strength);
                if other.kind != meeting.kind {
                    strangers.push(strength);
                }
            }
        }
    }
    println!("{} meetings, {} questions", meetings.len(), own.len());
    for k in [1, 3, 5, 10, 20, 40, 80] {
        let found = share(&own, |(ranking, marked)| {
            ranking.hits.iter().take(k).any(|hit| marked[*hit])
        });
        let chosen = share(&own, |(ranking, marked)| {
            let mut left = k;
            let chosen = choose(ranking, marked.len(), |_| {
                left = left.saturating_sub(1);
                left > 0
            });
            chosen.iter().any(|at| marked[*at])
        });
        println!(
            "an answering passage among the first {k:>2}: {found:.3}   with neighbours, {k:>2} in all: {chosen:.3}"
        );
    }
    println!(
        "{:<10}{:>12}{:>16}{:>16}",
        "threshold", "own", "other meetings", "other kinds"
    );
    for step in 4..=16 {
        let threshold = step as f32 / 20.0;
        println!(
            "{threshold:<10.2}{:>12.3}{:>16.3}{:>16.3}",
            share(&own, |(ranking, _)| ranking.strength >= threshold),
            share(&others, |strength| *strength >= threshold),
            share(&strangers, |strength| *strength >= threshold),
        );
    }

    Ok(())
}

fn ask(meeting: &Meeting, text: &str) -> Ranking {
    let question = Question { text, earlier: &[] };
    rank(&meeting.passages, &[], Language::English, &question)
}

fn share<T>(all: &[T], is: impl Fn(&T) -> bool) -> f32 {
    all.iter().filter(|one| is(one)).count() as f32 / all.len().max(1) as f32
}

fn read(name: &str, json: &Value) -> Option<Meeting> {
    let (mut cues, mut said, mut turns) = (Vec::new(), 0, Vec::new());
    for turn in json.get("meeting_transcripts")?.as_array()? {
        let start = said;
        let words: Vec<&str> = turn.get("content")?.as_str()?.split_whitespace().collect();
        for chunk in words.chunks(10) {
            let start_ms = said;
            said += chunk.len() as u64 * WORD_MS;
            cues.push(Cue {
                span: Some(Span { start_ms, end_ms: said }),
                text: chunk.join(" "),
            });
        }
        turns.push((start, said));
    }
    let transcript = Transcript {
        cues,
        language: Some("en".to_owned()),
        source: Source::Manual,
    };
    let passages = passages(&sentences(&transcript, Language::English), &[]);
    let questions = json.get("specific_query_list")?.as_array()?.iter().filter_map(|query| {
        let number = |value: &Value| value.as_str().and_then(|text| text.parse::<usize>().ok());
        let mut marked = vec![false; passages.len()];
        for span in query.get("relevant_text_span")?.as_array()? {
            let (first, last) = (number(span.get(0)?)?, number(span.get(1)?)?);
            let (from, to) = (turns.get(first)?.0, turns.get(last.min(turns.len() - 1))?.1);
            for (passage, marked) in passages.iter().zip(&mut marked) {
                *marked |= passage.span.is_some_and(|own| own.start_ms < to && own.end_ms > from);
            }
        }
        Some((query.get("query")?.as_str()?.to_owned(), marked))
    });
    let questions = questions.collect();
    // AMI's meetings design a remote control, ICSI's are research, the others are committees of parliaments.
    let kind = match name.chars().next() {
        Some('E' | 'I' | 'T') => "product",
        Some('B') => "research",
        _ => "committee",
    };
    Some(Meeting {
        kind: kind.to_owned(),
        passages,
        questions,
    })
}
