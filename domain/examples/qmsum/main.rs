//! Measures the extractive summariser on QMSum: `cargo run --release -p domain --example qmsum -- FOLDER [--words 110] [--write FOLDER]`.
//!
//! FOLDER holds the meetings as the data set has them, a JSON file each. Prints ROUGE-1/2/L (F1) for the summariser on the same
//! words in four renderings, for baselines, and how long it takes. `--write` keeps each summary, for a check with other programs.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod baselines;
mod meeting;
mod porter;
mod rouge;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use domain::{
    extract::extract,
    language::Language,
    passages::{has_several_speakers, passages},
    sentences::{Sentence, sentences},
    tokens::word_count,
    transcript::Transcript,
};
use meeting::{Meeting, Rendering};
use rouge::{Scores, rouge};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let option = |name: &str| {
        arguments
            .iter()
            .position(|a| a == name)
            .and_then(|at| arguments.get(at + 1))
    };
    let folder = arguments.first().ok_or("which folder are the meetings in?")?;
    let words: usize = option("--words").map_or(Ok(110), |words| words.parse())?;
    let write = option("--write").map(PathBuf::from);
    let meetings = meeting::read_all(Path::new(folder))?;
    println!(
        "{} meetings, at most {words} words (as white space separates them), F1 in per cent",
        meetings.len()
    );
    println!("{:<24}{:>8}{:>8}{:>8}{:>8}", "", "R1", "R2", "RL", "words");
    type Baseline = fn(&[Sentence], usize) -> String;
    let all: [(&str, Baseline); 3] = [
        ("lead", baselines::lead),
        ("random", baselines::random),
        ("luhn", baselines::luhn),
    ];
    for (name, baseline) in all {
        report(name, &meetings, |meeting| {
            let transcript = meeting::transcript(meeting, Rendering::Labelled);
            baseline(&sentences(&transcript, Language::English), words)
        });
    }
    let mut slowest = Duration::ZERO;
    let started = Instant::now();
    for rendering in Rendering::ALL {
        report(
            &format!("extract, {rendering:?}").to_lowercase(),
            &meetings,
            |meeting| {
                let started = Instant::now();
                let summary = summarize(&meeting::transcript(meeting, rendering), words);
                slowest = slowest.max(started.elapsed());
                if let Some(folder) = &write {
                    let file = folder.join(format!("{}.{rendering:?}.txt", meeting.name));
                    if let Err(error) = fs::write(&file, &summary) {
                        println!("{}: {error}", file.display());
                    }
                }
                summary
            },
        );
    }
    let summaries = u32::try_from(meetings.len() * Rendering::ALL.len())?;
    println!(
        "{:.1} ms a meeting (with scoring), slowest summary {:.1} ms",
        millis(started.elapsed() / summaries),
        millis(slowest)
    );
    three_hours(&meetings, words);
    Ok(())
}

/// From cues to the picked sentences, a sentence a line, with speakers' names where a summary would have them.
fn summarize(transcript: &Transcript, words: usize) -> String {
    let language = Language::detect(&transcript.text());
    let passages = passages(&sentences(transcript, language), &[]);
    let picks = extract(&passages, language, words);
    let named = has_several_speakers(&passages);
    let picked = picks.iter().map(|pick| {
        let sentence = &passages[pick.passage].sentences[pick.sentence];
        match sentence.speaker.as_deref().filter(|_| named) {
            Some(speaker) => format!("{speaker}: {}", sentence.text),
            None => sentence.text.clone(),
        }
    });
    picked.collect::<Vec<_>>().join("\n")
}

/// Prints the mean scores of a summariser.
#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn report(name: &str, meetings: &[Meeting], mut summarize: impl FnMut(&Meeting) -> String) {
    let (mut sums, mut words): (Scores, usize) = ([0.0; 3], 0);
    for meeting in meetings {
        let summary = summarize(meeting);
        words += word_count(&summary);
        for (sum, score) in sums.iter_mut().zip(rouge(&meeting.reference, &summary)) {
            *sum += score;
        }
    }
    let count = meetings.len() as f64;
    let [r1, r2, rl] = sums.map(|sum| sum / count);
    println!("{name:<24}{r1:>8.2}{r2:>8.2}{rl:>8.2}{:>8.1}", words as f64 / count);
}

/// Times a transcript as long as three hours of speech: subtitles of 30,000 words.
fn three_hours(meetings: &[Meeting], words: usize) {
    let mut whole: Option<Transcript> = None;
    let mut count = 0;
    for meeting in meetings.iter().cycle().take(1000) {
        let part = meeting::transcript(meeting, Rendering::Subtitles);
        let offset = whole.as_ref().and_then(Transcript::end_ms).unwrap_or(0);
        let transcript = whole.get_or_insert_with(|| Transcript {
            cues: Vec::new(),
            ..part.clone()
        });
        for mut cue in part.cues {
            if let Some(span) = &mut cue.span {
                span.start_ms += offset;
                span.end_ms += offset;
            }
            count += word_count(&cue.text);
            transcript.cues.push(cue);
        }
        if count >= 30_000 {
            break;
        }
    }
    if let Some(transcript) = whole {
        let started = Instant::now();
        let summary = summarize(&transcript, words);
        let took = millis(started.elapsed());
        println!(
            "{count} words: {took:.1} ms from cues to {} words",
            word_count(&summary)
        );
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
