//! One question to a model: answered from what is kept, or asked and kept, continued where it was cut off, asked anew
//! with other words where the provider saw a protected text.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::DateTime;

use super::{
    WriteError,
    answers::{Answers, Note, hash},
    body::{tidy, words},
    cut,
    prompts::data_lines,
};
use crate::models::{Answer, ModelError, Models, Progress, Prompt};

const PARAPHRASE: &str =
    "\n\nSay everything in words of your own. Quote only in the marks, and there no more than four words each.";

/// Who is asked, and where answers are kept.
#[derive(Debug)]
pub(super) struct Asking<'a, A> {
    pub(super) models: &'a Models,
    pub(super) answers: &'a A,
    pub(super) model: &'a str,
    /// Its one name, by which answers are kept.
    identity: String,
    /// The window that prompts are planned with, as long as it is not noted.
    plan: Mutex<Option<Note>>,
}

/// What came of a question, and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The text.
    pub(super) text: String,
    /// Who answered.
    pub(super) model: String,
    /// What it cost.
    pub(super) cost: Cost,
}

/// Calls and tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Tokens sent, where any call told.
    pub(super) input_tokens: Option<u64>,
    /// Tokens received, where any call told.
    pub(super) output_tokens: Option<u64>,
    /// Calls that were made and answered.
    pub(super) calls: u32,
    /// Answers that were kept from before.
    pub(super) reused_calls: u32,
    /// Those of all of them whose tokens nobody counted.
    pub(super) uncounted: u32,
}

impl Cost {
    /// In dollars; `None` where the price or a count is not known.
    pub(super) fn dollars(&self, models: &Models, model: &str) -> Option<f64> {
        let counted = self.uncounted == 0;
        models
            .cost(model, self.input_tokens, self.output_tokens)
            .filter(|_| counted)
    }

    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            input_tokens: sum_of_known(self.input_tokens, other.input_tokens),
            output_tokens: sum_of_known(self.output_tokens, other.output_tokens),
            calls: self.calls + other.calls,
            reused_calls: self.reused_calls + other.reused_calls,
            uncounted: self.uncounted + other.uncounted,
        }
    }
}

/// Both counts together, or the one that is known.
pub(super) fn sum_of_known(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}

/// Hears the text as it comes.
type Listener<'a> = &'a mut (dyn FnMut(Progress) + Send);

impl<'a, A: Answers> Asking<'a, A> {
    pub(super) async fn of(models: &'a Models, answers: &'a A, model: &'a str) -> Self {
        Self {
            models,
            answers,
            model,
            identity: models.identity(model).await,
            plan: Mutex::default(),
        }
    }

    fn about_window(&self) -> String {
        format!("the window of {}", self.identity)
    }

    /// The window to plan prompts with: the one that this work was planned with before, else what is known of the model now. It is noted
    /// once there is an answer: until then nothing is lost by another plan.
    pub(super) async fn window(&self) -> Result<u32, WriteError> {
        let noted = self.answers.noted(&self.about_window()).await;
        if let Some(Note::Window { tokens, learned_at }) = noted.map_err(WriteError::Answers)? {
            if let Some(at) = learned_at.and_then(|at| DateTime::from_timestamp(at, 0)) {
                self.models.learn_again(&self.identity, tokens, at);
            }
            return Ok(tokens);
        }
        let tokens = self.models.window(self.model).await;
        let is_learned = self.models.learned_of(&self.identity) == Some(tokens);
        *self.plan() = Some(Note::window(tokens, is_learned));
        Ok(tokens)
    }

    /// The window to plan with after a prompt did not fit into `window`, of which the server said that it takes `limit`.
    pub(super) async fn narrower(&self, window: u32, limit: Option<u32>) -> Result<u32, WriteError> {
        // Where the model names no smaller window than we reckoned with, our estimate of tokens was wrong.
        let told = limit.filter(|limit| *limit < window);
        let tokens = told.unwrap_or(window / 2);
        *self.plan() = Some(Note::window(tokens, told.is_some()));
        self.note_plan().await?;
        Ok(tokens)
    }

    /// Notes that a prompt may have no more than so many tokens, unless a smaller window is noted.
    async fn note_limit(&self, limit: u32) -> Result<(), WriteError> {
        let noted = self.answers.noted(&self.about_window()).await;
        let known = noted.map_err(WriteError::Answers)?;
        if matches!(known, Some(Note::Window { tokens, .. }) if tokens <= limit) {
            return Ok(());
        }
        *self.plan() = Some(Note::window(limit, true));
        self.note_plan().await
    }

    /// Notes the window that prompts are planned with, unless that is done.
    async fn note_plan(&self) -> Result<(), WriteError> {
        let plan = self.plan().take();
        let Some(note) = plan else { return Ok(()) };
        let noted = self.answers.note(&self.about_window(), Some(&note)).await;
        noted.map_err(WriteError::Answers)
    }

    fn plan(&self) -> MutexGuard<'_, Option<Note>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`Self::ask_once`], unless nothing is left of the answer without its thoughts and marks: another model may do better, the
    /// same one would think for as long again.
    pub(super) async fn ask(&self, prompt: &Prompt, most_words: u32, on: Listener<'_>) -> Result<Told, WriteError> {
        let told = self.ask_once(prompt, most_words, on).await?;
        match words(tidy(&told.text)) == 0 {
            true => Err(ModelError::Empty {
                asked: self.models.asked(self.model),
            }
            .into()),
            false => Ok(told),
        }
    }

    /// Asks, with one paraphrase and one continuation where they are needed; an answer that was cut off with `most_words`
    /// or more is not continued, since no more of it would be used.
    async fn ask_once(&self, prompt: &Prompt, most_words: u32, on: Listener<'_>) -> Result<Told, WriteError> {
        let mut prompt = prompt.clone();
        let (answer, cost) = match self.one(&prompt, on).await {
            Err(WriteError::Model(ModelError::Recitation { .. })) => {
                prompt.user.push_str(PARAPHRASE);
                self.one(&prompt, on).await?
            }
            other => other?,
        };
        let told = Told {
            text: answer.text,
            model: answer.model,
            cost,
        };
        if !answer.truncated {
            return Ok(told);
        }
        if cut::is_enough(&told.text, most_words) {
            return Ok(Told {
                text: cut::ended(&told.text),
                ..told
            });
        }
        self.continued(&prompt, told, on).await
    }

    /// Asks for the rest of an answer that was cut off. Half a claim can hold half a mark, so it goes on from the last
    /// whole one; a rest that is cut off as well loses what is not whole, and is accepted.
    async fn continued(&self, prompt: &Prompt, told: Told, on: Listener<'_>) -> Result<Told, WriteError> {
        let begun = cut::whole_part(&told.text).to_owned();
        if begun.is_empty() {
            // Half a sentence, or half a mark: there is nothing to go on from.
            return Ok(Told {
                text: cut::ended(&told.text),
                ..told
            });
        }
        let prompt = Prompt {
            user: format!(
                "{}\n\nYour answer was cut off. It begins like this:\n<written>\n{}\n</written>\nGo on where it ends: give only what follows, as if there had been no break.",
                prompt.user,
                // A model repeats what it read: its answer is from outside as well.
                data_lines(begun.trim_end())
            ),
            ..prompt.clone()
        };
        on(Progress::Start);
        on(Progress::Text(begun.clone()));
        let mut starts = 0;
        let mut on_rest = |progress| match progress {
            Progress::Start => {
                starts += 1;
                if starts > 1 {
                    on(Progress::Start);
                    on(Progress::Text(begun.clone()));
                }
            }
            text @ Progress::Text(_) => on(text),
        };
        let (rest, cost) = match self.one(&prompt, &mut on_rest).await {
            Ok(answered) => answered,
            // The next try finds the first half among the kept answers.
            Err(error) if error.retry_after().is_some() => return Err(error),
            Err(_) => return Ok(Told { text: begun, ..told }),
        };
        let rest_text = if rest.truncated {
            cut::ended(&rest.text)
        } else {
            rest.text
        };
        Ok(Told {
            text: cut::joined(&begun, &rest_text),
            model: told.model,
            cost: told.cost.and(cost),
        })
    }

    /// One call, or its kept answer, or how it ended without one. What is paid for is kept before anyone sees it as done.
    async fn one(&self, prompt: &Prompt, on: Listener<'_>) -> Result<(Answer, Cost), WriteError> {
        let hash = hash(&self.identity, prompt);
        let mut kept = self.kept(&hash, prompt).await?;
        if kept.is_none() && self.answers.begin(&hash).await.map_err(WriteError::Answers)? {
            kept = self.kept(&hash, prompt).await?;
            if kept.is_some() {
                self.answers.end(&hash).await;
            }
        }
        let is_kept = kept.is_some();
        let answer = match kept {
            Some(answer) => {
                on(Progress::Start);
                on(Progress::Text(answer.text.clone()));
                answer
            }
            None => {
                let called = self.call(&hash, prompt, on).await;
                self.answers.end(&hash).await;
                called?
            }
        };
        let cost = Cost {
            input_tokens: answer.input_tokens,
            output_tokens: answer.output_tokens,
            calls: u32::from(!is_kept),
            reused_calls: u32::from(is_kept),
            uncounted: u32::from(answer.input_tokens.is_none() || answer.output_tokens.is_none()),
        };
        Ok((answer, cost))
    }

    /// The answer that is kept under this hash of the prompt.
    async fn kept(&self, under: &str, prompt: &Prompt) -> Result<Option<Answer>, WriteError> {
        let kept = self.answers.get(under).await.map_err(WriteError::Answers)?;
        if kept.is_some() || self.identity == self.model {
            return Ok(kept);
        }
        // Versions before kept it by the name that was asked for; runs that they began go on here.
        let kept = self.answers.get(&hash(self.model, prompt)).await;
        kept.map_err(WriteError::Answers)
    }

    /// One call, whose answer or end is kept.
    async fn call(&self, hash: &str, prompt: &Prompt, on: Listener<'_>) -> Result<Answer, WriteError> {
        let noted = self.answers.noted(hash).await.map_err(WriteError::Answers)?;
        if let Some(error) = noted.and_then(|note| note.error(self.models.asked(self.model))) {
            return Err(error.into());
        }
        let error = match self.models.write(self.model, prompt, &cut::goes_round, on).await {
            Ok(answer) => {
                self.note_plan().await?;
                self.answers.put(hash, &answer).await.map_err(WriteError::Answers)?;
                return Ok(answer);
            }
            Err(error) => error,
        };
        if let ModelError::ContextTooLong { limit: Some(limit), .. } = error {
            // At once: the parts that are still under way may take minutes, and this call may be paid for.
            self.note_limit(limit).await?;
        } else if let Some(note) = Note::of(&error) {
            let noted = self.answers.note(hash, Some(&note)).await;
            noted.map_err(WriteError::Answers)?;
        }
        Err(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_add_up_even_where_some_are_unknown() {
        let known = Cost {
            input_tokens: Some(3),
            calls: 1,
            ..Cost::default()
        };
        let sum = known.and(Cost {
            reused_calls: 1,
            ..Cost::default()
        });
        assert_eq!(sum.input_tokens, Some(3));
        assert_eq!(sum.output_tokens, None);
        assert_eq!((sum.calls, sum.reused_calls), (1, 1));
        assert_eq!(sum.and(known).input_tokens, Some(6));
    }
}
