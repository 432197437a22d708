//! Cues as running speech: speaker labels and noises removed, what one person says without a break in one piece.

use std::{borrow::Cow, collections::HashMap};

use crate::{
    language::{Language, is_end_mark, is_noise, join},
    transcript::{Cue, Span, Transcript},
};

/// A silence that ends a sentence even where its punctuation does not.
const LONG_PAUSE_MS: u64 = 3000;

/// What was said without a break.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The words of its parts, joined.
    pub(super) text: String,
    /// Who speaks, where labels say so.
    pub(super) speaker: Option<String>,
    /// The cues it is made of.
    pub(super) parts: Vec<Part>,
}

/// The words of one cue within a [`Turn`].
#[derive(Debug)]
pub(super) struct Part {
    /// Byte offset in the turn's text.
    pub(super) start: usize,
    /// Byte offset of its end.
    pub(super) end: usize,
    /// When it was said; ends where the next cue starts, if that is earlier.
    pub(super) span: Option<Span>,
    /// How long nothing was said before it.
    pub(super) pause_ms: u64,
}

impl Turn {
    /// When the words between two byte offsets of the text were said.
    pub(super) fn span(&self, start: usize, end: usize) -> Option<Span> {
        let start_ms = self.time(start, self.parts.partition_point(|part| part.end <= start))?;
        let end_ms = self.time(end, self.parts.partition_point(|part| part.end < end))?;
        Some(Span {
            start_ms,
            end_ms: end_ms.max(start_ms),
        })
    }

    fn time(&self, at: usize, part: usize) -> Option<u64> {
        let part = self.parts.get(part)?;
        let span = part.span?;
        let length = span.end_ms.saturating_sub(span.start_ms);
        // Bytes stand for characters: counting those would take a long cue's time for each of its sentences.
        let (before, all) = (at.clamp(part.start, part.end) - part.start, part.end - part.start);
        // 128 bits: times from outside may be anything.
        let offset = u128::from(length) * before as u128 / all.max(1) as u128;
        Some(span.start_ms + u64::try_from(offset).unwrap_or(length))
    }
}

/// The turns of a transcript. A new one begins with another speaker's label, with `>>`, after a long silence, and, in a text without
/// times, with a new line that does not go on with the last one's sentence.
pub(super) fn turns(transcript: &Transcript, language: Language) -> Vec<Turn> {
    let labels = Labels::of(transcript);
    let wrapped = is_wrapped(transcript);
    let mut turns: Vec<Turn> = Vec::new();
    let mut last_end: Option<u64> = None;
    let mut speaker: Option<String> = None;
    for (index, cue) in transcript.cues.iter().enumerate() {
        let span = cue.span.map(|span| heard(span, transcript.cues.get(index + 1)));
        let (label, words) = labels.strip(&cue.text);
        let named = label.map(name);
        // Subtitles may name who speaks again and again, in the middle of a sentence.
        let takes_over = named.is_some() && (named != speaker || cue.span.is_none());
        speaker = named.or(speaker);
        let pause_ms = match (span, last_end) {
            (Some(span), Some(end)) => span.start_ms.saturating_sub(end),
            _ => 0,
        };
        for (piece, words) in words.split(">>").enumerate() {
            if piece > 0 {
                // Somebody else, who is not named.
                speaker = None;
            }
            let words = clean(words, language);
            if !words.chars().any(char::is_alphanumeric) {
                continue;
            }
            let goes_on = turns.last().is_some_and(|turn| {
                let same_breath = cue.span.is_some() || continues(&turn.text, &words, wrapped);
                same_breath && !takes_over && piece == 0 && pause_ms < LONG_PAUSE_MS
            });
            if !goes_on {
                turns.push(Turn {
                    speaker: speaker.clone(),
                    ..Turn::default()
                });
            }
            if let Some(turn) = turns.last_mut() {
                join(&mut turn.text, &words);
                let end = turn.text.len();
                let start = end - words.len();
                turn.parts.push(Part {
                    start,
                    end,
                    span,
                    pause_ms,
                });
            }
        }
        last_end = span.map(|span| span.end_ms).or(last_end);
    }
    turns
}

/// Rolling captions stay on screen while the next is said: the words end where the next begin.
fn heard(span: Span, next: Option<&Cue>) -> Span {
    let next_start = next
        .and_then(|cue| cue.span)
        .map(|span| span.start_ms)
        .filter(|start| *start > span.start_ms);
    Span {
        start_ms: span.start_ms,
        end_ms: span.end_ms.min(next_start.unwrap_or(span.end_ms)).max(span.start_ms),
    }
}

/// Whether a line of a text without times goes on with the sentence of the line before.
fn continues(before: &str, line: &str, wrapped: bool) -> bool {
    let ended = before.trim_end_matches(['"', '”', '’', ')']).ends_with(is_end_mark);
    let first = line.chars().find(|c| c.is_alphanumeric());
    !ended && (wrapped || first.is_some_and(char::is_lowercase))
}

/// Whether the lines of a text are broken at a column rather than at sentences: most are of middle length and end without a mark.
fn is_wrapped(transcript: &Transcript) -> bool {
    let lines = transcript.cues.len();
    let middling = transcript
        .cues
        .iter()
        .filter(|cue| (40..=100).contains(&cue.text.len()) && !cue.text.ends_with(is_end_mark));
    lines > 3 && middling.count() * 2 > lines
}

/// The words of a cue without what is no word: notes in brackets, music signs, white space that does not belong.
fn clean(text: &str, language: Language) -> Cow<'_, str> {
    let odd =
        |c: char| matches!(c, '{' | '[' | '(' | '（' | '【' | '♪' | '♫' | '♬' | '♩') || (c != ' ' && c.is_whitespace());
    let mut clean = Cow::Borrowed(text);
    if text.contains(odd) {
        clean = Cow::Owned(without_noise(text));
    }
    if clean
        .split(' ')
        .any(|word| word.is_empty() || is_lone_mark(word, language))
    {
        let mut joined = String::with_capacity(clean.len());
        for word in clean.split(' ').filter(|word| !word.is_empty()) {
            if !joined.is_empty() && !is_lone_mark(word, language) {
                joined.push(' ');
            }
            joined.push_str(word);
        }
        clean = Cow::Owned(joined);
    }
    clean
}

/// Whether a "word" is punctuation that belongs to the word before it. French has a space before all but two.
fn is_lone_mark(word: &str, language: Language) -> bool {
    word.chars().all(|c| match language {
        Language::French => matches!(c, ',' | '.'),
        _ => matches!(c, ',' | '.' | ';' | ':' | '!' | '?'),
    })
}

fn without_noise(text: &str) -> String {
    const LONGEST_NOTE: usize = 60;
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let closer = match c {
            '{' => Some('}'),
            '[' => Some(']'),
            '【' => Some('】'),
            '(' => Some(')'),
            '（' => Some('）'),
            _ => None,
        };
        let near = &rest[..rest.floor_char_boundary(LONGEST_NOTE)];
        let end = closer.and_then(|closer| near.find(closer));
        if let Some(end) = end {
            let note = &rest[c.len_utf8()..end];
            // Round brackets also hold what was said.
            if !matches!(c, '(' | '（')
                || note
                    .split(|c: char| !c.is_alphabetic())
                    .any(|word| is_noise(&word.to_lowercase()))
            {
                kept.push(' ');
                rest = &rest[end + closer.map_or(0, char::len_utf8)..];
                continue;
            }
        }
        match c {
            '♪' | '♫' | '♬' | '♩' => kept.push(' '),
            c if c.is_whitespace() => kept.push(' '),
            c => kept.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    kept
}

/// The labels that name speakers in a transcript ("Project Manager: Okay."). What stands before a colon once may be anything;
/// what stands there again and again is a label.
struct Labels<'a> {
    counts: HashMap<&'a str, usize>,
    /// Whether so many lines begin with something like a label that even one seen once is one.
    throughout: bool,
}

impl<'a> Labels<'a> {
    fn of(transcript: &'a Transcript) -> Self {
        let mut counts = HashMap::new();
        for (label, _) in transcript.cues.iter().filter_map(|cue| split_label(&cue.text)) {
            *counts.entry(label).or_default() += 1;
        }
        let labelled: usize = counts.values().sum();
        Self {
            counts,
            throughout: labelled > 1 && labelled * 5 >= transcript.cues.len() * 2,
        }
    }

    /// The label that a cue begins with, and its words without it.
    fn strip<'t>(&self, text: &'t str) -> (Option<&'t str>, &'t str) {
        match split_label(text) {
            Some((label, words)) if self.throughout || self.counts.get(label).is_some_and(|count| *count > 1) => {
                (Some(label), words)
            }
            _ => (None, text),
        }
    }
}

/// A label without its brackets: "The Chair" for "The Chair (Hon. A. Rota (Nipissing, Lib.))".
fn name(label: &str) -> String {
    let outside = outside_brackets(label);
    outside.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn outside_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

/// Splits `label: words` where the label looks like a name.
fn split_label(text: &str) -> Option<(&str, &str)> {
    const LONGEST_LABEL: usize = 120;
    let colon = text.find([':', '：']).filter(|at| *at <= LONGEST_LABEL)?;
    let (label, rest) = text.split_at(colon);
    let words = rest
        .strip_prefix(':')
        .filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
    let words = words.or_else(|| rest.strip_prefix('：'))?;
    let outside = outside_brackets(label);
    let count = outside.split_whitespace().count();
    let named = outside.contains(char::is_alphabetic) && !outside.contains(['?', '!', ';', '"', '“', '…', '。', '，']);
    (named && (1..=5).contains(&count)).then(|| (label, words.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Source;

    fn untimed(lines: &[&str]) -> Transcript {
        Transcript {
            cues: lines
                .iter()
                .map(|line| Cue {
                    span: None,
                    text: (*line).to_owned(),
                })
                .collect(),
            language: None,
            source: Source::Uploaded,
        }
    }

    fn texts(lines: &[&str]) -> Vec<String> {
        turns(&untimed(lines), Language::English)
            .into_iter()
            .map(|turn| turn.text)
            .collect()
    }

    #[test]
    fn labels_that_come_again_are_removed() {
        assert_eq!(
            texts(&[
                "Project Manager: Okay .",
                "The Chair (Hon. A. Rota (Nipissing, Lib.)): Order.",
                "Project Manager: So , hi"
            ]),
            ["Okay.", "Order.", "So, hi"]
        );
    }

    #[test]
    fn labels_say_who_speaks() {
        let speakers = |lines: &[&str]| -> Vec<(String, Option<String>)> {
            let turns = turns(&untimed(lines), Language::English).into_iter();
            turns.map(|turn| (turn.text, turn.speaker)).collect()
        };
        let said = |text: &str, speaker: Option<&str>| (text.to_owned(), speaker.map(str::to_owned));
        assert_eq!(
            speakers(&[
                "Ann: Hello.",
                "It is late.",
                "The Chair (Hon. A. Rota (Lib.)): Order. >> Why?",
                "Ann: Bye."
            ]),
            [
                said("Hello.", Some("Ann")),
                said("It is late.", Some("Ann")),
                said("Order.", Some("The Chair")),
                said("Why?", None),
                said("Bye.", Some("Ann")),
            ]
        );
        assert_eq!(
            speakers(&["It is late.", "It is dark."]),
            [said("It is late.", None), said("It is dark.", None)]
        );
    }

    #[test]
    fn a_label_on_each_subtitle_cuts_no_sentence() {
        let cue = |start_ms, text: &str| Cue {
            span: Some(Span {
                start_ms,
                end_ms: start_ms + 1000,
            }),
            text: text.to_owned(),
        };
        let transcript = Transcript {
            cues: vec![cue(0, "Ann: this goes"), cue(1000, "Ann: on."), cue(2000, "Bob: Yes.")],
            language: None,
            source: Source::Uploaded,
        };
        let turns = turns(&transcript, Language::English);
        let texts: Vec<&str> = turns.iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts, ["this goes on.", "Yes."]);
    }

    #[test]
    fn a_colon_in_prose_is_no_label() {
        let lines = [
            "Remember: wear a helmet.",
            "It is cheap.",
            "It is light.",
            "It may save you.",
        ];
        assert_eq!(texts(&lines)[0], lines[0]);
        assert_eq!(texts(&["It starts at 12:30 sharp."]), ["It starts at 12:30 sharp."]);
    }

    #[test]
    fn noises_are_removed() {
        let cleaned = |text| clean(text, Language::English).into_owned();
        assert_eq!(
            cleaned("I didn't receive it yet {vocalsound} ."),
            "I didn't receive it yet."
        );
        assert_eq!(
            cleaned("[Music] so (Applause) thanks (all of you) ♪"),
            "so thanks (all of you)"
        );
        assert_eq!(cleaned("an open { bracket"), "an open { bracket");
        assert_eq!(clean("Vraiment ? Oui .", Language::French), "Vraiment ? Oui.");
        assert!(texts(&["[Music]", "{gap} .", "♪♪"]).is_empty());
    }

    #[test]
    fn lines_go_on_or_do_not() {
        assert_eq!(
            texts(&["this goes", "on and", "On it goes."]),
            ["this goes on and", "On it goes."]
        );
        assert_eq!(texts(&["One thought >> another"]), ["One thought", "another"]);
    }
}
