//! Passages: numbered units of some 15 to 30 s that never cross a chapter. They are what is cited, searched and given to models.

use serde::{Deserialize, Serialize};

use crate::{
    chapters::{self, Chapter},
    language::join,
    sentences::Sentence,
    tokens::word_count,
    transcript::Span,
};

/// A numbered stretch of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its number, from 1, in the order of the transcript.
    pub ordinal: u32,
    /// From the start of its first sentence to the end of its last; `None` in a text without times.
    pub span: Option<Span>,
    /// Its sentences, in order; never empty.
    pub sentences: Vec<Sentence>,
}

impl Passage {
    /// The sentences joined with spaces (with nothing between them where the script uses none).
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for sentence in &self.sentences {
            join(&mut text, &sentence.text);
        }
        text
    }

    /// The same with the name of whoever speaks before their first sentence, where it is known, each on a line: "Ann: Good
    /// morning.\nBob: Is it?".
    #[must_use]
    pub fn script(&self) -> String {
        let mut text = String::new();
        let mut speaker = None;
        for sentence in &self.sentences {
            if let Some(name) = sentence.speaker.as_deref().filter(|name| Some(*name) != speaker) {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(name);
                text.push(':');
            }
            speaker = sentence.speaker.as_deref();
            join(&mut text, &sentence.text);
        }
        text
    }
}

/// Whether several named speakers are heard in these passages, so that a sentence read alone needs its speaker's name.
#[must_use]
pub fn has_several_speakers(passages: &[Passage]) -> bool {
    let sentences = passages.iter().flat_map(|passage| &passage.sentences);
    let mut speakers = sentences.filter_map(|sentence| sentence.speaker.as_deref());
    let first = speakers.next();
    speakers.any(|speaker| Some(speaker) != first)
}

/// Once a passage is this long, the next sentence begins a new one.
const ENOUGH_MS: u64 = 15_000;
/// Longer only if it is a single sentence.
const MOST_MS: u64 = 30_000;
/// The same in words, for a text without times.
const ENOUGH_WORDS: usize = 40;
const MOST_WORDS: usize = 80;
/// And where there are times, but wrong ones: nobody says more in 30 s.
const MOST_TIMED_WORDS: usize = 150;
/// A last passage shorter than this goes into the one before, if that does not grow too long.
const LEAST_MS: u64 = 5000;
const LEAST_WORDS: usize = 15;

/// Groups sentences into passages. All sentences are in them, once, in order. No passage has sentences of two
/// chapters ([`chapters::of`]). Chapters are in order; without times they mean nothing.
#[must_use]
pub fn passages(sentences: &[Sentence], chapters: &[Chapter]) -> Vec<Passage> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        let next = Group::of(index, sentence, chapters);
        match groups.last_mut() {
            Some(last) if !last.is_enough() && last.takes(&next) => last.append(&next),
            _ => {
                join_short_last(&mut groups, Some(&next));
                groups.push(next);
            }
        }
    }
    join_short_last(&mut groups, None);
    (1..)
        .zip(groups)
        .map(|(ordinal, group)| Passage {
            ordinal,
            span: group.span,
            sentences: sentences[group.first..=group.last].to_vec(),
        })
        .collect()
}

/// At the end of a chapter, appends a last group that is too short to stand alone to the one before.
fn join_short_last(groups: &mut Vec<Group>, next: Option<&Group>) {
    if let [.., before, last] = groups.as_mut_slice()
        && next.is_none_or(|next| last.chapter != next.chapter)
        && last.is_short()
        && before.takes(last)
    {
        before.append(&last.clone());
        groups.pop();
    }
}

/// Sentences that will be a passage.
#[derive(Clone)]
struct Group {
    first: usize,
    last: usize,
    span: Option<Span>,
    words: usize,
    chapter: Option<usize>,
}

impl Group {
    fn of(index: usize, sentence: &Sentence, chapters: &[Chapter]) -> Self {
        Self {
            first: index,
            last: index,
            span: sentence.span,
            words: word_count(&sentence.text),
            chapter: chapters::of(chapters, sentence.span),
        }
    }

    fn length_ms(&self) -> Option<u64> {
        self.span.map(|span| span.end_ms.saturating_sub(span.start_ms))
    }

    fn is_enough(&self) -> bool {
        match self.length_ms() {
            Some(ms) => ms >= ENOUGH_MS,
            None => self.words >= ENOUGH_WORDS,
        }
    }

    fn is_short(&self) -> bool {
        match self.length_ms() {
            Some(ms) => ms < LEAST_MS,
            None => self.words < LEAST_WORDS,
        }
    }

    /// Whether both together are one passage still.
    fn takes(&self, next: &Self) -> bool {
        let words = self.words + next.words;
        let fits = match (self.span, next.span) {
            (Some(span), Some(next)) => {
                let end_ms = span.end_ms.max(next.end_ms);
                end_ms.saturating_sub(span.start_ms) <= MOST_MS && words <= MOST_TIMED_WORDS
            }
            _ => words <= MOST_WORDS,
        };
        fits && self.chapter == next.chapter
    }

    fn append(&mut self, next: &Self) {
        self.last = next.last;
        self.words += next.words;
        if let (Some(span), Some(next)) = (&mut self.span, next.span) {
            span.end_ms = span.end_ms.max(next.end_ms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(start_s: u64, end_s: u64) -> Sentence {
        Sentence {
            text: format!("Said from {start_s} to {end_s}."),
            span: Some(Span {
                start_ms: start_s * 1000,
                end_ms: end_s * 1000,
            }),
            speaker: None,
        }
    }

    fn chapter(start_s: u64, end_s: u64) -> Chapter {
        Chapter {
            title: String::new(),
            span: sentence(start_s, end_s).span.unwrap_or(Span { start_ms: 0, end_ms: 0 }),
        }
    }

    fn spans(passages: &[Passage]) -> Vec<(u64, u64)> {
        let spans = passages.iter().filter_map(|passage| passage.span);
        spans.map(|span| (span.start_ms / 1000, span.end_ms / 1000)).collect()
    }

    #[test]
    fn passages_last_15_to_30_seconds() {
        let sentences: Vec<Sentence> = (0..20).map(|i| sentence(i * 6, i * 6 + 6)).collect();
        let found = passages(&sentences, &[]);
        assert_eq!(spans(&found)[..3], [(0, 18), (18, 36), (36, 54)]);
        assert_eq!(
            found.iter().map(|passage| passage.ordinal).collect::<Vec<_>>(),
            (1..=7).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_long_sentence_stands_alone() {
        let found = passages(&[sentence(0, 4), sentence(4, 50), sentence(50, 60)], &[]);
        assert_eq!(spans(&found), [(0, 4), (4, 50), (50, 60)]);
    }

    #[test]
    fn chapters_are_not_crossed() {
        let sentences: Vec<Sentence> = (0..10).map(|i| sentence(i * 4, i * 4 + 4)).collect();
        let found = passages(&sentences, &[chapter(0, 9), chapter(9, 30), chapter(30, 40)]);
        assert_eq!(spans(&found), [(0, 8), (8, 28), (28, 40)]);
    }

    #[test]
    fn a_short_end_joins_the_passage_before() {
        let found = passages(&[sentence(0, 16), sentence(16, 18)], &[]);
        assert_eq!(spans(&found), [(0, 18)]);
    }

    #[test]
    fn without_times_words_count() {
        let sentences = vec![
            Sentence {
                text: "ten words are in this sentence and no other one".to_owned(),
                span: None,
                speaker: None,
            };
            12
        ];
        let found = passages(&sentences, &[]);
        assert_eq!(
            found.iter().map(|passage| passage.sentences.len()).collect::<Vec<_>>(),
            [4, 4, 4]
        );
        assert!(found.iter().all(|passage| passage.span.is_none()));
    }

    #[test]
    fn a_script_names_whoever_begins_to_speak() {
        let mut passage = passages(&[sentence(0, 1), sentence(1, 2), sentence(2, 3)], &[]).remove(0);
        assert_eq!(passage.script(), passage.text());
        for (sentence, name) in passage.sentences.iter_mut().zip(["Ann", "Ann", "Bob"]) {
            sentence.speaker = Some(name.to_owned());
        }
        assert_eq!(
            passage.script(),
            "Ann: Said from 0 to 1. Said from 1 to 2.\nBob: Said from 2 to 3."
        );
        assert!(has_several_speakers(std::slice::from_ref(&passage)));
        passage.sentences.truncate(2);
        assert!(!has_several_speakers(&[passage]));
    }

    #[test]
    fn text_has_spaces_where_the_script_has() {
        let mut passage = passages(&[sentence(0, 1), sentence(1, 2)], &[]).remove(0);
        assert_eq!(passage.text(), "Said from 0 to 1. Said from 1 to 2.");
        passage.sentences[0].text = "今天很好。".to_owned();
        passage.sentences[1].text = "明天也好。".to_owned();
        assert_eq!(passage.text(), "今天很好。明天也好。");
    }
}
