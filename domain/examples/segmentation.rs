//! Measures where talks are cut into topics, on QMSum's meetings: `cargo run --release -p domain --example segmentation -- FOLDER`.
//!
//! FOLDER holds the meetings as the data set has them, a JSON file each. People marked which turns are about which topic.
//! Prints Pk and WindowDiff over passages (0 is best; the window is half of the average topic), for as many topics as people
//! found and for as many as the program finds fitting, beside as many parts of equal length, and one part alone.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::{env, error::Error, fs, ops::Range, path::Path};

use domain::{
    language::Language,
    passages::{Passage, passages},
    segmentation::{cut, segments},
    sentences::sentences,
    transcript::{Cue, Source, Span, Transcript},
};
use serde_json::Value;

/// Milliseconds a word takes to say.
const WORD_MS: u64 = 360;

/// A meeting, and the passages at which people saw a topic begin.
struct Meeting {
    passages: Vec<Passage>,
    begins: Vec<usize>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("which folder are the meetings in?")?;
    report(Path::new(&folder))
}

/// Prints the table for the meetings in a folder.
pub fn report(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut meetings = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let json = serde_json::from_str(&fs::read_to_string(&path)?)?;
            meetings.extend(read(&json).filter(|meeting| !meeting.begins.is_empty()));
        }
    }
    println!("{} meetings with more than one topic", meetings.len());
    println!("{:<40}{:>8}{:>12}{:>8}", "", "Pk", "WindowDiff", "parts");
    let english = Language::English;
    print("one part", &meetings, |_| Vec::new());
    print("as many as people found: equal parts", &meetings, |meeting| {
        equal(meeting.passages.len(), meeting.begins.len() + 1)
    });
    print("as many as people found: ours", &meetings, |meeting| {
        begins(&cut(&meeting.passages, english, meeting.begins.len() + 1))
    });
    print("as many as fit: equal parts", &meetings, |meeting| {
        equal(meeting.passages.len(), segments(&meeting.passages, english).len())
    });
    print("as many as fit: ours", &meetings, |meeting| {
        begins(&segments(&meeting.passages, english))
    });
    Ok(())
}

fn read(json: &Value) -> Option<Meeting> {
    let (mut cues, mut said, mut turns) = (Vec::new(), 0, Vec::new());
    for turn in json.get("meeting_transcripts")?.as_array()? {
        turns.push(said);
        let words: Vec<&str> = turn.get("content")?.as_str()?.split_whitespace().collect();
        for chunk in words.chunks(10) {
            let start_ms = said;
            said += chunk.len() as u64 * WORD_MS;
            cues.push(Cue {
                span: Some(Span { start_ms, end_ms: said }),
                text: chunk.join(" "),
            });
        }
    }
    let transcript = Transcript {
        cues,
        language: None,
        source: Source::Uploaded,
    };
    let passages = passages(&sentences(&transcript, Language::English), &[]);
    let mut begins = Vec::new();
    for topic in json.get("topic_list")?.as_array()? {
        for span in topic.get("relevant_text_span")?.as_array()? {
            let turn: usize = span.get(0)?.as_str()?.trim().parse().ok()?;
            let at = *turns.get(turn)?;
            let nearest = |passage: &&Passage| passage.span.map_or(u64::MAX, |span| span.start_ms.abs_diff(at));
            begins.extend(
                passages
                    .iter()
                    .min_by_key(nearest)
                    .map(|passage| passage.ordinal as usize - 1),
            );
        }
    }
    begins.sort_unstable();
    begins.dedup();
    begins.retain(|begin| *begin > 0);
    Some(Meeting { passages, begins })
}

fn begins(segments: &[Range<usize>]) -> Vec<usize> {
    segments.iter().skip(1).map(|segment| segment.start).collect()
}

fn equal(passages: usize, parts: usize) -> Vec<usize> {
    (1..parts).map(|part| part * passages / parts).collect()
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn print(name: &str, meetings: &[Meeting], find: impl Fn(&Meeting) -> Vec<usize>) {
    let (mut pk, mut window_diff, mut parts) = (0.0, 0.0, 0);
    for meeting in meetings {
        let found = find(meeting);
        let (p, w) = errors(&meeting.begins, &found, meeting.passages.len());
        pk += p;
        window_diff += w;
        parts += found.len() + 1;
    }
    let count = meetings.len() as f64;
    println!(
        "{name:<40}{:>8.3}{:>12.3}{:>8.1}",
        pk / count,
        window_diff / count,
        parts as f64 / count
    );
}

/// Pk (Beeferman 1999) and WindowDiff (Pevzner and Hearst 2002).
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn errors(reference: &[usize], found: &[usize], length: usize) -> (f64, f64) {
    let window = (length / (reference.len() + 1) / 2).max(2);
    let between = |begins: &[usize], from: usize| {
        begins
            .iter()
            .filter(|at| (from + 1..=from + window).contains(*at))
            .count()
    };
    let places = 0..length.saturating_sub(window);
    let (mut pk, mut window_diff) = (0, 0);
    for at in places.clone() {
        let (truly, ours) = (between(reference, at), between(found, at));
        pk += usize::from((truly == 0) != (ours == 0));
        window_diff += usize::from(truly != ours);
    }
    let places = places.len().max(1) as f64;
    (pk as f64 / places, window_diff as f64 / places)
}
