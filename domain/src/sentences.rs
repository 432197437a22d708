//! Sentences out of cues, with and without punctuation (automatic captions have none).
//!
//! Cues become turns (one speaker, no long silence), turns are cut where their punctuation says so, and what is still too long
//! is cut at pauses, commas and conjunctions. Linear in the length of the transcript.

mod boundaries;
mod turns;

use serde::{Deserialize, Serialize};

use crate::{
    language::Language,
    transcript::{Span, Transcript},
};
use boundaries::Style;
use turns::Turn;

/// One sentence and when it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// The words, verbatim but for white space and markup: speaker labels, notes such as `[Music]` and white space before
    /// punctuation are left out.
    pub text: String,
    /// From the cue it starts in to the cue it ends in, times within a cue by interpolation over its length; `None` in a text without times.
    pub span: Option<Span>,
    /// Who says it, where the transcript names speakers, without what stands in brackets behind the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}

/// Splits a transcript into sentences, in the order of its cues. Each has at least one letter or digit.
#[must_use]
pub fn sentences(transcript: &Transcript, language: Language) -> Vec<Sentence> {
    let turns = turns::turns(transcript, language);
    let style = Style::of(turns.iter().map(|turn| turn.text.as_str()));
    let mut sentences = Vec::new();
    for turn in &turns {
        let mut start = 0;
        for end in boundaries::ends(&turn.text, language, style) {
            let borders = borders(turn, start, end);
            let mut from = start;
            for cut in boundaries::cuts(&turn.text[start..end], &borders, language, style) {
                push(&mut sentences, turn, from, start + cut);
                from = start + cut;
            }
            push(&mut sentences, turn, from, end);
            start = end;
        }
    }
    sentences
}

/// The cue borders within a stretch of a turn, from its start, and the pauses before them.
fn borders(turn: &Turn, start: usize, end: usize) -> Vec<(usize, u64)> {
    let first = turn.parts.partition_point(|part| part.start <= start);
    turn.parts[first..]
        .iter()
        .take_while(|part| part.start < end)
        .map(|part| (part.start - start, part.pause_ms))
        .collect()
}

fn push(sentences: &mut Vec<Sentence>, turn: &Turn, start: usize, end: usize) {
    let text = turn.text[start..end].trim();
    if !text.contains(char::is_alphanumeric) {
        return;
    }
    let start = end - turn.text[start..end].trim_start().len();
    let mut span = turn.span(start, start + text.len());
    // Cues from outside may be out of order; sentences are not.
    let last = sentences.last().and_then(|sentence: &Sentence| sentence.span);
    if let (Some(span), Some(last)) = (&mut span, last) {
        span.start_ms = span.start_ms.max(last.start_ms);
        span.end_ms = span.end_ms.max(span.start_ms);
    }
    sentences.push(Sentence {
        text: text.to_owned(),
        span,
        speaker: turn.speaker.clone(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Cue, Source};

    fn timed(cues: &[(u64, u64, &str)]) -> Transcript {
        let cues = cues.iter().map(|(start_ms, end_ms, text)| Cue {
            span: Some(Span {
                start_ms: *start_ms,
                end_ms: *end_ms,
            }),
            text: (*text).to_owned(),
        });
        Transcript {
            cues: cues.collect(),
            language: None,
            source: Source::Manual,
        }
    }

    #[test]
    fn sentences_cross_cues_and_times_are_interpolated() {
        let transcript = timed(&[
            (0, 1000, "One two."),
            (1000, 3000, "Three"),
            (3000, 5000, "four. Five."),
            (5000, 6000, "{gap} ."),
        ]);
        let found = sentences(&transcript, Language::English);
        let texts: Vec<&str> = found.iter().map(|sentence| sentence.text.as_str()).collect();
        assert_eq!(texts, ["One two.", "Three four.", "Five."]);
        let spans: Vec<(u64, u64)> = found
            .iter()
            .filter_map(|s| s.span)
            .map(|span| (span.start_ms, span.end_ms))
            .collect();
        // "four. Five." has eleven characters: the first sentence ends after five, the second starts after six.
        assert_eq!(spans, [(0, 1000), (1000, 3909), (4090, 5000)]);
    }

    #[test]
    fn rolling_captions_end_where_the_next_begin() {
        let transcript = timed(&[(0, 4000, "First."), (2000, 6000, "Second.")]);
        let found = sentences(&transcript, Language::English);
        assert_eq!(
            found[0].span,
            Some(Span {
                start_ms: 0,
                end_ms: 2000
            })
        );
    }

    #[test]
    fn captions_without_marks_are_cut_at_pauses() {
        let transcript = timed(&[
            (0, 2000, "we looked at the engine"),
            (2000, 4000, "for a long time"),
            (5000, 7000, "and then we went home"),
        ]);
        let texts: Vec<String> = sentences(&transcript, Language::English)
            .into_iter()
            .map(|s| s.text)
            .collect();
        assert_eq!(
            texts,
            ["we looked at the engine for a long time", "and then we went home"]
        );
    }

    #[test]
    fn a_text_without_times_has_none() {
        let transcript = Transcript {
            cues: vec![Cue {
                span: None,
                text: "One. Two.".to_owned(),
            }],
            language: None,
            source: Source::Uploaded,
        };
        assert!(
            sentences(&transcript, Language::English)
                .iter()
                .all(|sentence| sentence.span.is_none())
        );
    }
}
