//! What fits into a model's window: estimates of tokens, and transcripts cut into parts along their chapters.

use std::ops::Range;

use domain::{passages::Passage, video::Video};

use super::prompts::{chapter_of, passage_line};
use crate::models::Prompt;

/// Room for thoughts, which count as part of the answer, where the window is large.
const MOST_THOUGHTS: u32 = 8192;
/// In smaller ones an eighth is for them: models that people run at home think as well.
const SHARE_OF_THOUGHTS: u32 = 8;

/// Tokens for thoughts: what is not used costs nothing, but an answer of which they took all is paid for in vain.
fn thoughts(window: u32) -> u32 {
    (window / SHARE_OF_THOUGHTS).min(MOST_THOUGHTS)
}

/// An estimate of the tokens of a text, rather too many than too few.
pub(super) fn tokens(text: &str) -> u32 {
    // In sixteenths of a token: a Latin letter is 1/3.2 of one, a letter of other alphabets a half, an ideograph a whole.
    let sixteenths: u64 = text
        .chars()
        .map(|c| match c {
            '\0'..='\u{24f}' | '\u{2010}'..='\u{203a}' => 5,
            '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'.. => 16,
            _ => 8,
        })
        .sum();
    u32::try_from(sixteenths.div_ceil(16)).unwrap_or(u32::MAX)
}

/// How many tokens a prompt may have: 60 % of the window.
pub(super) fn prompt_tokens(window: u32) -> u32 {
    window / 5 * 3
}

/// How many tokens are left in a prompt for what is still to be filled in.
pub(super) fn room(empty: &Prompt, window: u32) -> u32 {
    let overhead = tokens(&empty.system) + tokens(&empty.user);
    prompt_tokens(window).saturating_sub(overhead)
}

/// How many tokens an answer of so many words may have: a word is one to two, and the marks take as many again.
pub(super) fn answer_tokens(words: u32, window: u32) -> u32 {
    let wanted = words.saturating_mul(4).saturating_add(512 + thoughts(window));
    wanted.min(window / 10 * 3).max(16)
}

/// The same for an answer of so many tokens.
pub(super) fn short_answer_tokens(tokens: u32, window: u32) -> u32 {
    tokens
        .saturating_add(thoughts(window).max(256))
        .min(window / 10 * 3)
        .max(16)
}

/// Cuts passages into parts of at most `budget` tokens: neighbouring chapters together as long as they fit, a chapter
/// that does not fit alone in even pieces. One part means that all of it fits. A single passage is never cut.
pub(super) fn parts(video: &Video, passages: &[Passage], budget: u32) -> Vec<Range<usize>> {
    let costs: Vec<u32> = passages
        .iter()
        .map(|passage| tokens(&passage_line(passage)) + 1)
        .collect();
    let cost = |range: &Range<usize>| {
        costs[range.clone()]
            .iter()
            .fold(0_u32, |sum, cost| sum.saturating_add(*cost))
    };
    let mut parts: Vec<Range<usize>> = Vec::new();
    for chapter in chapters(video, passages) {
        let own = cost(&chapter);
        if own > budget {
            parts.extend(even(&costs, chapter, own, budget));
            continue;
        }
        match parts.last_mut() {
            Some(last) if cost(last).saturating_add(own) <= budget => last.end = chapter.end,
            _ => parts.push(chapter),
        }
    }
    parts
}

/// The passages of each chapter, in order.
fn chapters(video: &Video, passages: &[Passage]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut chapter = None;
    for (index, passage) in passages.iter().enumerate() {
        let own = chapter_of(video, passage);
        match ranges.last_mut() {
            Some(last) if own == chapter => last.end = index + 1,
            _ => ranges.push(index..index + 1),
        }
        chapter = own;
    }
    ranges
}

/// So many things in groups of at most `most`, none much smaller than the others.
pub(super) fn groups(count: usize, most: usize) -> Vec<Range<usize>> {
    let number = count.div_ceil(most.max(1)).max(1);
    (0..number)
        .map(|n| n * count / number..(n + 1) * count / number)
        .collect()
}

/// Cuts a range that costs `total` into as few pieces as fit, none much smaller than the others.
fn even(costs: &[u32], range: Range<usize>, total: u32, budget: u32) -> Vec<Range<usize>> {
    let target = total.div_ceil(total.div_ceil(budget.max(1)));
    let mut pieces = Vec::new();
    let (mut start, mut sum) = (range.start, 0_u32);
    for index in range.clone() {
        let own = costs[index];
        // More than half of this one would stand beyond the target.
        let is_full = sum.saturating_add(own / 2) > target || sum.saturating_add(own) > budget;
        if index > start && is_full {
            pieces.push(start..index);
            (start, sum) = (index, 0);
        }
        sum = sum.saturating_add(own);
    }
    pieces.push(start..range.end);
    pieces
}

#[cfg(test)]
mod tests {
    use domain::{chapters::Chapter, sentences::Sentence, transcript::Span};

    use super::*;

    /// Passages of 20 tokens each (with number and line end), a second apart.
    fn passages(count: u32) -> Vec<Passage> {
        (1..=count)
            .map(|ordinal| {
                let start_ms = u64::from(ordinal - 1) * 1000;
                let span = Some(Span {
                    start_ms,
                    end_ms: start_ms + 1000,
                });
                let text = "x".repeat(if ordinal < 10 { 56 } else { 55 });
                Passage {
                    ordinal,
                    span,
                    sentences: vec![Sentence {
                        text,
                        span,
                        speaker: None,
                    }],
                }
            })
            .collect()
    }

    fn video(starts: &[u64]) -> Video {
        Video {
            chapters: starts
                .iter()
                .map(|start| Chapter {
                    title: "c".to_owned(),
                    span: Span {
                        start_ms: start * 1000,
                        end_ms: start * 1000 + 1,
                    },
                })
                .collect(),
            ..Video::default()
        }
    }

    #[test]
    fn scripts_weigh_differently() {
        assert_eq!(tokens(&"a".repeat(32)), 10);
        assert_eq!(tokens(&"ü".repeat(32)), 10);
        assert_eq!(tokens(&"ж".repeat(32)), 16);
        assert_eq!(tokens(&"語한".repeat(16)), 32);
        assert_eq!(tokens(""), 0);
    }

    /// Where the parts end; each begins where the one before it ended.
    fn ends(video: &Video, passages: &[Passage], budget: u32) -> Vec<usize> {
        let parts = parts(video, passages, budget);
        assert!(parts.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(parts.iter().all(|part| part.start < part.end));
        parts.iter().map(|part| part.end).collect()
    }

    #[test]
    fn what_fits_is_one_part() {
        assert_eq!(ends(&video(&[]), &passages(5), 100), [5]);
        assert_eq!(ends(&video(&[0, 2]), &passages(5), 100), [5]);
        assert!(ends(&video(&[]), &[], 100).is_empty());
    }

    #[test]
    fn parts_end_where_chapters_end() {
        // Chapters of 3, 2, 4 and 1 passages; five fit.
        assert_eq!(ends(&video(&[0, 3, 5, 9]), &passages(10), 100), [5, 10]);
        assert_eq!(ends(&video(&[0, 3, 5, 9]), &passages(10), 80), [3, 5, 9, 10]);
    }

    #[test]
    fn a_chapter_that_does_not_fit_is_cut_evenly() {
        assert_eq!(ends(&video(&[]), &passages(12), 100), [4, 8, 12]);
        assert_eq!(ends(&video(&[0, 2, 9]), &passages(11), 100), [2, 6, 11]);
        assert_eq!(ends(&video(&[]), &passages(7), 100), [4, 7]);
        // One that does not fit alone goes alone: it can't be cut.
        assert_eq!(ends(&video(&[]), &passages(3), 5), [1, 2, 3]);
        assert_eq!(ends(&video(&[]), &passages(2), 0), [1, 2]);
    }

    #[test]
    fn answers_leave_room_for_the_prompt() {
        for window in [64, 512, 4096, 8192, 32_000, 1_000_000] {
            assert!(
                prompt_tokens(window) + answer_tokens(100_000, window) <= window,
                "{window}"
            );
        }
        assert_eq!(answer_tokens(100, 32_000), 912 + 4000);
        assert_eq!(answer_tokens(100, 1_000_000), 912 + 8192);
    }
}
