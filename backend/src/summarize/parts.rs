//! A transcript that does not fit into one call: notes on each part, a few at a time, then one text out of the notes
//! and of what the built-in summariser picked from the whole.

use std::ops::Range;

use domain::extract::extract;
use futures::{StreamExt as _, stream::FuturesUnordered};

use super::{
    Answers, Common, Style, Task, WriteError, WriteProgress, as_text,
    ask::{Asking, Cost, Told},
    body::tidy,
    budget, prompts,
};
use crate::models::Prompt;

/// Parts that are asked about at a time.
const AT_A_TIME: usize = 3;

/// Words of notes on one part: fewer say nothing, more are another transcript.
const NOTE_WORDS: std::ops::RangeInclusive<u32> = 80..=400;

/// Notes on a part get at least so many tokens of the merge, else the transcript is too long for the model.
const LEAST_NOTE_TOKENS: u32 = 60;

/// More evidence than this drowns the notes.
const MOST_EVIDENCE_WORDS: u32 = 600;

/// Writes notes on the parts, then the text; only the text is told as it comes.
pub(super) async fn write<A: Answers>(
    asking: &Asking<'_, A>,
    task: &Task<'_>,
    style: &Style,
    window: u32,
    parts: &[Range<usize>],
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Told, WriteError> {
    let plan = Plan::new(asking, task, style, window, parts)?;
    let total = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    on(WriteProgress::Part { done: 0, total });

    let mut notes: Vec<Option<String>> = vec![None; parts.len()];
    let mut cost = Cost::default();
    let mut failure = None;
    let mut waiting = parts.iter().enumerate();
    let mut running = FuturesUnordered::new();
    let mut done = 0;
    loop {
        // After a failure nothing new begins, but what is under way is paid for: it is heard out and kept.
        while failure.is_none() && running.len() < AT_A_TIME {
            let Some((index, range)) = waiting.next() else {
                break;
            };
            let prompt = plan.part_prompt(index, range);
            running.push(async move { (index, asking.ask(&prompt, &mut |_| {}).await) });
        }
        let Some((index, result)) = running.next().await else {
            break;
        };
        match result {
            Ok(told) => {
                cost = cost.and(told.cost);
                notes[index] = Some(told.text);
                done += 1;
                on(WriteProgress::Part { done, total });
            }
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    }
    if let Some(error) = failure {
        return Err(error);
    }
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    let told = asking.ask(&plan.merge_prompt(&notes), &mut as_text(on)).await?;
    Ok(Told {
        cost: cost.and(told.cost),
        ..told
    })
}

/// How the window is shared out.
struct Plan<'a> {
    task: &'a Task<'a>,
    style: &'a Style,
    common: Common,
    window: u32,
    parts: usize,
    /// Words that the notes on one part may have.
    note_words: u32,
    /// Tokens of the merge's prompt that the notes on one part may take.
    note_tokens: u32,
    /// What the built-in summariser picked, a sentence a line.
    evidence: String,
}

impl<'a> Plan<'a> {
    fn new<A>(
        asking: &Asking<'_, A>,
        task: &'a Task<'a>,
        style: &'a Style,
        window: u32,
        parts: &[Range<usize>],
    ) -> Result<Self, WriteError> {
        let mut plan = Self {
            task,
            style,
            common: Common::of(task),
            window,
            parts: parts.len(),
            note_words: 0,
            note_tokens: 0,
            evidence: String::new(),
        };
        let empty = plan.merge_prompt(&[]);
        let overhead = budget::tokens(&empty.system) + budget::tokens(&empty.user);
        let room = budget::prompt_tokens(window).saturating_sub(overhead);
        let count = u32::try_from(parts.len().max(1)).unwrap_or(u32::MAX);
        // A quarter for the evidence, three for the notes.
        plan.evidence = evidence(task, room / 4);
        plan.note_tokens = room / 4 * 3 / count;
        if plan.note_tokens < LEAST_NOTE_TOKENS {
            return Err(WriteError::TooLong {
                model: asking.model.to_owned(),
            });
        }
        let wanted = task.request.words.saturating_mul(2) / count;
        // A word and its share of marks take four tokens.
        plan.note_words = wanted
            .clamp(*NOTE_WORDS.start(), *NOTE_WORDS.end())
            .min(plan.note_tokens / 4);
        Ok(plan)
    }

    fn part_prompt(&self, index: usize, range: &Range<usize>) -> Prompt {
        let (words, part, parts) = (
            self.note_words.to_string(),
            (index + 1).to_string(),
            self.parts.to_string(),
        );
        let lines = prompts::passage_lines(self.task.video, &self.task.passages[range.clone()]);
        let own: [(&str, &str); 3] = [("passages", &lines), ("part", &part), ("parts", &parts)];
        self.style.part.prompt(
            &[self.common.values(&words).as_slice(), &own].concat(),
            budget::answer_tokens(self.note_words, self.window),
        )
    }

    fn merge_prompt(&self, notes: &[String]) -> Prompt {
        let words = self.task.request.words.to_string();
        let notes: Vec<String> = notes.iter().map(|notes| self.fitting(tidy(notes))).collect();
        let own: [(&str, &str); 2] = [("notes", &notes.join("\n")), ("evidence", &self.evidence)];
        self.style.merge.prompt(
            &[self.common.values(&words).as_slice(), &own].concat(),
            budget::answer_tokens(self.task.request.words, self.window),
        )
    }

    /// The lines of notes that fit into their share: a model may write more than it was asked for.
    fn fitting(&self, notes: &str) -> String {
        let mut left = self.note_tokens;
        let notes = prompts::data_lines(notes);
        let lines = notes.lines().take_while(|line| {
            let rest = left.checked_sub(budget::tokens(line) + 1);
            left = rest.unwrap_or_default();
            rest.is_some()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Sentences of the whole transcript that carry the most, within so many tokens.
fn evidence(task: &Task<'_>, tokens: u32) -> String {
    let words = (tokens / 3).min(MOST_EVIDENCE_WORDS);
    let picks = extract(task.passages, task.language, usize::try_from(words).unwrap_or_default());
    let mut left = tokens;
    let mut lines = Vec::new();
    for pick in picks {
        let Some(passage) = task.passages.get(pick.passage) else {
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
