//! Measures what hours of talk cost without a model: `cargo run --release -p domain --example long`.
//!
//! Makes talks of 1, 3 and 12 hours (150 words a minute, a topic every ten minutes or so, words as often as in any language:
//! few of them all the time, most of them hardly ever) and prints how long sentences and passages, chapters, and extracts take.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::{hint::black_box, time::Instant};

use domain::{
    extract::Form,
    language::Language,
    passages::passages,
    sentences::sentences,
    topics,
    transcript::{Cue, Source, Span, Transcript},
};

/// Words of a cue, and how long it is shown.
const CUE_WORDS: u64 = 10;
const CUE_MS: u64 = 4000;
/// Cues of a topic.
const TOPIC_CUES: u64 = 150;
/// Each step is repeated; the fastest counts.
const TIMES: usize = 5;

fn main() {
    println!(
        "{:<8}{:>9}{:>10}{:>10}{:>12}{:>12}{:>12}",
        "hours", "words", "passages", "chapters", "reading ms", "chapters ms", "extract ms"
    );
    for hours in [1, 3, 12] {
        let transcript = talk(hours);
        let english = Language::English;
        let (read, reading) = timed(|| passages(&sentences(&transcript, english), &[]));
        let (found, cutting) = timed(|| topics::chapters(&read, english));
        let (_, extracting) = timed(|| Form::Points.write(&read, &found, english, 250));
        println!(
            "{hours:<8}{:>9}{:>10}{:>10}{reading:>12.0}{cutting:>12.0}{extracting:>12.0}",
            transcript.cues.len() * 10,
            read.len(),
            found.len()
        );
    }
}

/// What it makes, and the milliseconds it takes at its fastest.
fn timed<T>(make: impl Fn() -> T) -> (T, f64) {
    let mut fastest = f64::INFINITY;
    for _ in 0..TIMES {
        let start = Instant::now();
        black_box(make());
        fastest = fastest.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    (make(), fastest)
}

/// The same talk every time.
fn talk(hours: u64) -> Transcript {
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = move |sides: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice % sides
    };
    let cues = (0..hours * 3_600_000 / CUE_MS)
        .map(|at| {
            let topic = at / TOPIC_CUES;
            let words: Vec<String> = (0..CUE_WORDS)
                .map(|_| match roll(10) {
                    0..=3 => ["the", "of", "and", "to", "in", "that"][usize::try_from(roll(6)).unwrap_or_default()]
                        .to_owned(),
                    4..=6 => format!("common{}", roll(300)),
                    7 => format!("rare{}", roll(40_000)),
                    _ => format!("topic{topic}word{}", roll(25)),
                })
                .collect();
            let stop = if roll(2) == 0 { "." } else { "" };
            Cue {
                span: Some(Span {
                    start_ms: at * CUE_MS,
                    end_ms: (at + 1) * CUE_MS,
                }),
                text: format!("{}{stop}", words.join(" ")),
            }
        })
        .collect();
    Transcript {
        cues,
        language: None,
        source: Source::Uploaded,
    }
}
