//! A transcript that does not fit into one call: notes on each part, a few at a time, then one text out of the notes
//! and of what the built-in summariser picked from the whole. Where there are too many notes for one prompt (hours of video
//! and a small window), neighbouring ones are shortened together first, as often as needed.

use std::ops::Range;

use domain::{extract::extract, language::Language, passages::Passage};
use futures::{StreamExt as _, stream::FuturesUnordered};

use super::{
    Answers, Common, FRAMES, Task, WriteError, WriteProgress, as_text,
    ask::{Asking, Cost, Told},
    body::{at_most, tidy, words},
    budget, prompts,
};
use crate::models::Prompt;

/// Calls that are under way at a time.
const AT_A_TIME: usize = 3;

/// Words of notes on one part: fewer say nothing, more are another transcript.
const NOTE_WORDS: std::ops::RangeInclusive<u32> = 80..=400;

/// Where the notes on one part would get fewer tokens than this of the merge, groups of them are shortened first.
const NOTE_TOKENS: u32 = 100;

/// With fewer than these the transcript is too long for the model.
const LEAST_NOTE_TOKENS: u32 = 60;

/// More evidence than this drowns the notes.
const MOST_EVIDENCE_WORDS: u32 = 600;

/// Writes notes on the parts, shortens them group by group until they fit into one prompt, then writes the text; only the
/// text is told as it comes. `room` is what a prompt for the whole would have for passages.
pub(super) async fn write<A: Answers>(
    asking: &Asking<'_, A>,
    task: &Task<'_>,
    window: u32,
    room: u32,
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Told, WriteError> {
    let plan = Plan::new(asking, task, window, room).await?;
    let mut calls = Calls {
        asking,
        done: 0,
        total: u32::try_from(plan.calls()).unwrap_or(u32::MAX),
        cost: Cost::default(),
    };
    on(WriteProgress::Part {
        done: 0,
        total: calls.total,
        chapter: None,
    });
    let prompts = (0..plan.parts.len()).map(|index| plan.part_prompt(index)).collect();
    let chapter_of = |index| plan.chapter(index);
    let mut notes = calls.all(prompts, plan.notes.words, &chapter_of, on).await?;
    for level in &plan.levels {
        let prompts = plan.shorter_prompts(level, &notes);
        let shorter = calls.all(prompts, level.made.words, &|_| None, on).await?;
        notes = shorter;
    }
    let merge = plan.merge_prompt(&notes);
    let told = asking.ask(&merge, task.request.words, &mut as_text(on)).await?;
    Ok(Told {
        cost: calls.cost.and(told.cost),
        ..told
    })
}

/// Questions whose answers are notes, a few at a time.
struct Calls<'a, A> {
    asking: &'a Asking<'a, A>,
    done: u32,
    total: u32,
    cost: Cost,
}

impl<A: Answers> Calls<'_, A> {
    /// Asks all of them for so many words each; the answers, in order. `chapter_of` tells which chapter each is about.
    async fn all(
        &mut self,
        prompts: Vec<Prompt>,
        words: u32,
        chapter_of: &(dyn Fn(usize) -> Option<String> + Sync),
        on: &mut (dyn FnMut(WriteProgress) + Send),
    ) -> Result<Vec<String>, WriteError> {
        let asking = self.asking;
        let mut notes: Vec<Option<String>> = vec![None; prompts.len()];
        let mut failure = None;
        let mut waiting = prompts.into_iter().enumerate();
        let mut running = FuturesUnordered::new();
        loop {
            // After a failure nothing new begins, but what is under way is paid for: it is heard out and kept.
            while failure.is_none() && running.len() < AT_A_TIME {
                let Some((index, prompt)) = waiting.next() else {
                    break;
                };
                running.push(async move { (index, asking.ask(&prompt, words, &mut |_| {}).await) });
            }
            let Some((index, result)) = running.next().await else {
                break;
            };
            match result {
                Ok(told) => {
                    self.cost = self.cost.and(told.cost);
                    notes[index] = Some(told.text);
                    self.done += 1;
                    on(WriteProgress::Part {
                        done: self.done,
                        total: self.total,
                        chapter: chapter_of(index),
                    });
                }
                Err(error) => {
                    failure.get_or_insert(error);
                }
            }
        }
        match failure {
            Some(error) => Err(error),
            None => Ok(notes.into_iter().flatten().collect()),
        }
    }
}

/// How the window is shared out.
struct Plan<'a> {
    task: &'a Task<'a>,
    common: Common,
    window: u32,
    parts: Vec<Range<usize>>,
    /// The notes on one part.
    notes: Share,
    /// How notes are shortened, where all of them do not fit into the merge.
    levels: Vec<Level>,
    /// What one of the merge's notes may have.
    merged: Share,
    /// What the built-in summariser picked, a sentence a line.
    evidence: String,
}

/// What one set of notes may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Share {
    /// Tokens of the prompt that it is put into.
    tokens: u32,
    /// Words that a model is asked for.
    words: u32,
}

impl Share {
    fn of(tokens: u32, wanted_words: u32) -> Self {
        Self {
            tokens,
            // A word and its share of marks take four tokens.
            words: wanted_words
                .clamp(*NOTE_WORDS.start(), *NOTE_WORDS.end())
                .min(tokens / 4),
        }
    }
}

/// One round of shortening.
#[derive(Debug)]
struct Level {
    /// Which notes go together.
    groups: Vec<Range<usize>>,
    /// What each of them may have in the prompt.
    each: Share,
    /// What is made of each group.
    made: Share,
}

impl<'a> Plan<'a> {
    async fn new<A>(asking: &Asking<'_, A>, task: &'a Task<'a>, window: u32, room: u32) -> Result<Self, WriteError> {
        let mut plan = Self {
            task,
            common: Common::of(task),
            window,
            parts: Vec::new(),
            notes: Share::default(),
            levels: Vec::new(),
            merged: Share::default(),
            evidence: String::new(),
        };
        let room = budget::room(&plan.prompt_for_part("", 0), window).min(room);
        plan.parts = budget::parts(task.video, task.passages, room);
        let merge = budget::room(&plan.merge_prompt(&[]), window);
        let condense = budget::room(&plan.condense_prompt("", 0, 0, Share::default()), window);
        // A quarter for the evidence, three for the notes.
        plan.evidence = evidence(task, merge / 4).await;
        plan.share_out(merge / 4 * 3, condense)
            .ok_or_else(|| WriteError::TooLong {
                model: asking.model.to_owned(),
            })?;
        Ok(plan)
    }

    /// Decides how often notes are shortened, and what each may have; `None` where not even two fit into a prompt.
    fn share_out(&mut self, merge: u32, condense: u32) -> Option<()> {
        let fitting = |room: u32| {
            let each = NOTE_TOKENS.min(room / 2);
            (each >= LEAST_NOTE_TOKENS).then(|| usize::try_from(room / each).unwrap_or(usize::MAX))
        };
        let wanted = |count: usize| self.task.request.words.saturating_mul(2) / number(count);
        let most = fitting(merge)?;
        let mut counts = vec![self.parts.len()];
        let mut groupings = Vec::new();
        while let Some(count) = counts.last().copied().filter(|count| *count > most) {
            let fewest = count.div_ceil(fitting(condense)?);
            // No shorter than needed: as many as the merge takes, if pairs do.
            let wanted = fewest.max(most.min(count.div_ceil(2)));
            let groups = budget::groups(count, count.div_ceil(wanted));
            counts.push(groups.len());
            groupings.push(groups);
        }
        let last = counts.last().copied().unwrap_or(1);
        self.merged = Share::of(merge / number(last), wanted(last));
        // From the merge backwards: what is made of a group is what the next round takes.
        let mut made = self.merged;
        for groups in groupings.into_iter().rev() {
            let largest = groups.iter().map(Range::len).max().unwrap_or(1);
            let each = Share::of(condense / number(largest), *NOTE_WORDS.end());
            self.levels.insert(0, Level { groups, each, made });
            made = each;
        }
        self.notes = made;
        Some(())
    }

    /// Calls before the merge.
    fn calls(&self) -> usize {
        self.parts.len() + self.levels.iter().map(|level| level.groups.len()).sum::<usize>()
    }

    /// The title of the chapter that a part begins in.
    fn chapter(&self, index: usize) -> Option<String> {
        let first = self.task.passages.get(self.parts.get(index)?.start)?;
        let chapter = prompts::chapter_of(self.task.video, first)?;
        Some(self.task.video.chapters.get(chapter)?.title.clone())
    }

    fn part_prompt(&self, index: usize) -> Prompt {
        let range = self.parts[index].clone();
        let lines = prompts::passage_lines(self.task.video, &self.task.passages[range]);
        self.prompt_for_part(&lines, index)
    }

    fn prompt_for_part(&self, lines: &str, index: usize) -> Prompt {
        let (words, part, parts) = (
            self.notes.words.to_string(),
            (index + 1).to_string(),
            self.parts.len().to_string(),
        );
        let own: [(&str, &str); 3] = [("passages", lines), ("part", &part), ("parts", &parts)];
        FRAMES.part.prompt(
            &[self.common.values(&words).as_slice(), &own].concat(),
            budget::answer_tokens(self.notes.words, self.window),
        )
    }

    fn shorter_prompts(&self, level: &Level, notes: &[String]) -> Vec<Prompt> {
        let prompt = |(index, group): (usize, &Range<usize>)| {
            let notes = joined(&notes[group.clone()], level.each);
            self.condense_prompt(&notes, index, level.groups.len(), level.made)
        };
        level.groups.iter().enumerate().map(prompt).collect()
    }

    fn condense_prompt(&self, notes: &str, index: usize, groups: usize, made: Share) -> Prompt {
        let (words, part, parts) = (made.words.to_string(), (index + 1).to_string(), groups.to_string());
        let own: [(&str, &str); 3] = [("notes", notes), ("part", &part), ("parts", &parts)];
        FRAMES.condense.prompt(
            &[self.common.values(&words).as_slice(), &own].concat(),
            budget::answer_tokens(made.words, self.window),
        )
    }

    fn merge_prompt(&self, notes: &[String]) -> Prompt {
        let words = self.task.request.words.to_string();
        let notes = joined(notes, self.merged);
        let own: [(&str, &str); 2] = [("notes", &notes), ("evidence", &self.evidence)];
        FRAMES.merge.prompt(
            &[self.common.values(&words).as_slice(), &own].concat(),
            budget::answer_tokens(self.task.request.words, self.window),
        )
    }
}

/// Notes one after the other, of each what fits into its share, whole claims only: a model may write more than it was asked for, and
/// all of it in one line.
fn joined(notes: &[String], share: Share) -> String {
    let fitting = |notes: &String| {
        let notes = prompts::data_lines(tidy(notes));
        let mut words = u32::try_from(words(&notes)).unwrap_or(u32::MAX);
        let mut kept = notes;
        while budget::tokens(&kept) > share.tokens && words > 0 {
            // By the share of tokens that is too much; at least by some.
            let tokens = u64::from(budget::tokens(&kept)).max(1);
            let fit = u64::from(words) * u64::from(share.tokens) / tokens;
            words = u32::try_from(fit).unwrap_or(u32::MAX).min(words - 1);
            kept = at_most(&kept, words);
        }
        kept
    };
    notes.iter().map(fitting).collect::<Vec<_>>().join("\n")
}

fn number(count: usize) -> u32 {
    u32::try_from(count.max(1)).unwrap_or(u32::MAX)
}

/// Sentences of the whole transcript that carry the most, within so many tokens. Of many hours that takes a while, in which others
/// must be answered; nothing where it fails.
async fn evidence(task: &Task<'_>, tokens: u32) -> String {
    let (passages, language) = (task.passages.to_vec(), task.language);
    let found = tokio::task::spawn_blocking(move || lines_of_evidence(&passages, language, tokens)).await;
    found.unwrap_or_default()
}

fn lines_of_evidence(passages: &[Passage], language: Language, tokens: u32) -> String {
    let words = (tokens / 3).min(MOST_EVIDENCE_WORDS);
    let picks = extract(passages, language, usize::try_from(words).unwrap_or_default());
    let mut left = tokens;
    let mut lines = Vec::new();
    for pick in picks {
        let Some(passage) = passages.get(pick.passage) else {
            continue;
        };
        let Some(sentence) = passage.sentences.get(pick.sentence) else {
            continue;
        };
        let line = format!("[{}] {}", passage.ordinal, prompts::data(&sentence.text));
        let Some(rest) = left.checked_sub(budget::tokens(&line) + 1) else {
            break;
        };
        left = rest;
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_in_one_line_is_cut_and_not_dropped() {
        let claims: String = (1..=80)
            .map(|n| format!("The lake is deep and cold. [{n} \"deep and cold\"] "))
            .collect();
        let share = Share { tokens: 100, words: 25 };
        let cut = joined(&[claims, "- Short. [3 \"s\"]".to_owned()], share);
        assert!(
            cut.starts_with("The lake is deep and cold. [1 \"deep and cold\"]"),
            "{cut}"
        );
        assert!(cut.ends_with("- Short. [3 \"s\"]"), "{cut}");
        assert!(budget::tokens(&cut) < 120, "{cut}");
    }
}
