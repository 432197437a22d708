//! The forms an extract can take: as near to what a style wants as sentences picked word for word can honestly come.

use std::ops::Range;

use super::{Pick, best, body, claim, extract, words_of};
use crate::{
    chapters::Chapter,
    language::Language,
    passages::{Passage, has_several_speakers},
    tokens::word_count,
};

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// List items in the order they were said.
    Points,
    /// Sentences of every chapter under its name.
    Chapters,
    /// Three sentences in one paragraph.
    Sentences,
    /// Paragraphs without list signs, one for each chapter that has a sentence.
    Prose,
}

/// Fewer words than this hold no sentence worth reading.
const LEAST_WORDS: usize = 25;
/// "Three sentences" are so many.
const SENTENCES: usize = 3;

impl Form {
    /// What comes nearest to a style; points, where nothing does: terms, questions and steps can't be picked.
    #[must_use]
    pub fn of(style: &str) -> Self {
        match style {
            "chapters" => Self::Chapters,
            "tldr" => Self::Sentences,
            "audio" => Self::Prose,
            _ => Self::Points,
        }
    }

    /// Whether an extract comes near to a style at all.
    #[must_use]
    pub fn is_near(style: &str) -> bool {
        style == "briefing" || Self::of(style) != Self::Points
    }

    /// The name that it is kept under.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Chapters => "chapters",
            Self::Sentences => "sentences",
            Self::Prose => "prose",
        }
    }

    /// An extract in this form, as a body with marks: at most `max_words` words, headings included.
    #[must_use]
    pub fn write(self, passages: &[Passage], chapters: &[Chapter], language: Language, max_words: usize) -> String {
        match self {
            Self::Points => body(passages, &extract(passages, language, max_words)),
            Self::Sentences => paragraph(passages, &best(passages, language, max_words, SENTENCES)),
            Self::Prose => prose(passages, chapters, language, max_words),
            Self::Chapters => by_chapter(passages, chapters, language, max_words),
        }
    }
}

/// Speakers are named where they begin.
fn paragraph(passages: &[Passage], picks: &[Pick]) -> String {
    let named = has_several_speakers(passages);
    let mut last = None;
    let claims: Vec<String> = picks
        .iter()
        .filter_map(|pick| {
            let passage = passages.get(pick.passage)?;
            let sentence = passage.sentences.get(pick.sentence)?;
            let begins = last.replace(&sentence.speaker) != Some(&sentence.speaker);
            Some(claim(passage, sentence, named && begins))
        })
        .collect();
    claims.join(" ")
}

fn prose(passages: &[Passage], chapters: &[Chapter], language: Language, max_words: usize) -> String {
    let picks = extract(passages, language, max_words);
    let paragraphs: Vec<String> = ranges(passages, chapters)
        .into_iter()
        .map(|(_, range)| {
            let own: Vec<Pick> = picks
                .iter()
                .copied()
                .filter(|pick| range.contains(&pick.passage))
                .collect();
            paragraph(passages, &own)
        })
        .filter(|text| !text.is_empty())
        .collect();
    paragraphs.join("\n\n")
}

/// Each chapter gets words by its length. Where they are too few for all, the longest chapters have theirs first.
fn by_chapter(passages: &[Passage], chapters: &[Chapter], language: Language, max_words: usize) -> String {
    let ranges = ranges(passages, chapters);
    if ranges.len() < 2 {
        return Form::Points.write(passages, chapters, language, max_words);
    }
    let sizes: Vec<usize> = ranges
        .iter()
        .map(|(_, range)| {
            passages[range.clone()]
                .iter()
                .map(|passage| word_count(&passage.text()))
                .sum()
        })
        .collect();
    let all: usize = sizes.iter().sum::<usize>().max(1);
    let mut order: Vec<usize> = (0..ranges.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(sizes[*at]), *at));
    let mut left = max_words;
    let mut texts: Vec<Option<String>> = vec![None; ranges.len()];
    for at in order {
        let (title, range) = &ranges[at];
        let heading = word_count(title);
        let share = (max_words * sizes[at] / all).max(LEAST_WORDS);
        let room = share.min(left).saturating_sub(heading);
        let own = &passages[range.clone()];
        let picks = extract(own, language, room);
        let used: usize = picks
            .iter()
            .map(|pick| words_of(&own[pick.passage].sentences[pick.sentence], has_several_speakers(own)))
            .sum();
        if used > 0 {
            left -= used + heading;
            texts[at] = Some(paragraph(own, &picks));
        }
    }
    let told: Vec<String> = ranges
        .iter()
        .zip(texts)
        .filter_map(|((title, _), text)| {
            let text = text?;
            Some(if title.is_empty() {
                text
            } else {
                format!("## {title}\n\n{text}")
            })
        })
        .collect();
    told.join("\n\n")
}

/// The passages of each chapter, with its name; what stands before the first has none.
fn ranges(passages: &[Passage], chapters: &[Chapter]) -> Vec<(String, Range<usize>)> {
    let mut ranges: Vec<(String, Range<usize>)> = Vec::new();
    let mut last = None;
    for (at, passage) in passages.iter().enumerate() {
        let chapter = crate::chapters::of(chapters, passage.span);
        match ranges.last_mut() {
            Some((_, range)) if last == Some(chapter) => range.end = at + 1,
            _ => {
                let title = chapter.map_or_else(String::new, |chapter| heading(&chapters[chapter].title));
                ranges.push((title, at..at + 1));
            }
        }
        last = Some(chapter);
    }
    ranges
}

/// A chapter's name as a heading: one line, nothing in it that could be a mark.
fn heading(title: &str) -> String {
    let title = title.replace('[', "(").replace(']', ")");
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        citations::{Block, blocks},
        sentences::Sentence,
        transcript::Span,
    };

    fn passages(count: u32) -> Vec<Passage> {
        const SAID: [&str; 3] = [
            "guides every captain through the narrow channel at night",
            "drives a heavy boiler whose steam turns all the wheels",
            "joins the orchestra while the violins rehearse their concert",
        ];
        (1..=count)
            .map(|ordinal| {
                let start_ms = u64::from(ordinal - 1) * 20_000;
                let span = Some(Span {
                    start_ms,
                    end_ms: start_ms + 20_000,
                });
                let said = SAID[(ordinal as usize - 1) / 10 % SAID.len()];
                let sentences = (0..3)
                    .map(|n| Sentence {
                        text: format!("The lantern number {ordinal}{n} {said}."),
                        span,
                        speaker: None,
                    })
                    .collect();
                Passage {
                    ordinal,
                    span,
                    sentences,
                }
            })
            .collect()
    }

    fn chapters(starts_s: &[u64]) -> Vec<Chapter> {
        starts_s
            .iter()
            .map(|start| Chapter {
                title: format!("At [{start}] seconds"),
                span: Span {
                    start_ms: start * 1000,
                    end_ms: start * 1000,
                },
            })
            .collect()
    }

    fn written(form: Form, words: usize) -> Vec<Block> {
        blocks(
            &form.write(&passages(30), &chapters(&[0, 200, 400]), Language::English, words),
            false,
        )
    }

    fn claims(blocks: &[Block]) -> usize {
        blocks
            .iter()
            .map(|block| match block {
                Block::Heading { .. } => 0,
                Block::Paragraph(drafts) | Block::Item(drafts) => {
                    assert!(drafts.iter().all(|draft| draft.marks.len() == 1), "{drafts:?}");
                    drafts.len()
                }
            })
            .sum()
    }

    #[test]
    fn every_chapter_has_sentences_under_its_name() {
        let blocks = written(Form::Chapters, 150);
        let headings: Vec<&str> = blocks
            .iter()
            .filter_map(|block| {
                if let Block::Heading { text, .. } = block {
                    Some(text.as_str())
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(headings, ["At (0) seconds", "At (200) seconds", "At (400) seconds"]);
        assert_eq!(blocks.len(), 6);
        assert!(claims(&blocks) >= 3);
    }

    #[test]
    fn the_limit_holds_in_every_form() {
        for form in [Form::Points, Form::Chapters, Form::Sentences, Form::Prose] {
            for words in [0, 10, 30, 60, 150, 400] {
                let text = form.write(&passages(30), &chapters(&[0, 60, 200, 400]), Language::English, words);
                let counted: usize = blocks(&text, false)
                    .iter()
                    .map(|block| match block {
                        Block::Heading { text, .. } => word_count(text),
                        Block::Paragraph(drafts) | Block::Item(drafts) => {
                            drafts.iter().map(|draft| word_count(&draft.text)).sum()
                        }
                    })
                    .sum();
                assert!(counted <= words, "{form:?} {words}: {counted}");
            }
        }
    }

    #[test]
    fn three_sentences_are_one_paragraph_of_three() {
        let blocks = written(Form::Sentences, 400);
        assert!(
            matches!(blocks.as_slice(), [Block::Paragraph(drafts)] if drafts.len() == 3),
            "{blocks:?}"
        );
    }

    #[test]
    fn prose_has_a_paragraph_for_a_chapter_and_no_signs() {
        let blocks = written(Form::Prose, 150);
        assert!(
            blocks.iter().all(|block| matches!(block, Block::Paragraph(_))),
            "{blocks:?}"
        );
        assert!((2..=3).contains(&blocks.len()), "{blocks:?}");
    }

    #[test]
    fn without_chapters_there_are_points() {
        let text = Form::Chapters.write(&passages(30), &[], Language::English, 100);
        assert!(blocks(&text, false).iter().all(|block| matches!(block, Block::Item(_))));
        assert_eq!(Form::Chapters.write(&[], &[], Language::English, 100), "");
    }
}
