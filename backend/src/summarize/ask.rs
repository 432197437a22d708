//! One question to a model: answered from what is kept, or asked and kept, continued where it was cut off, asked anew
//! with other words where the provider saw a protected text.

use super::{
    WriteError,
    answers::{Answers, Note, hash},
    body::tidy,
    cut,
    prompts::data_lines,
};
use crate::models::{Answer, Enough, ModelError, Models, Progress, Prompt};

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
}

impl Cost {
    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        let sum = |one: Option<u64>, other: Option<u64>| match (one, other) {
            (Some(one), Some(other)) => Some(one.saturating_add(other)),
            (one, other) => one.or(other),
        };
        Self {
            input_tokens: sum(self.input_tokens, other.input_tokens),
            output_tokens: sum(self.output_tokens, other.output_tokens),
            calls: self.calls + other.calls,
            reused_calls: self.reused_calls + other.reused_calls,
        }
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
        }
    }

    fn about_window(&self) -> String {
        format!("the window of {}", self.identity)
    }

    /// The window to plan prompts with: the one that this work was planned with before, else what is known of the model now.
    pub(super) async fn window(&self) -> Result<u32, WriteError> {
        let noted = self.answers.noted(&self.about_window()).await;
        if let Some(Note::Window { tokens, is_learned }) = noted.map_err(WriteError::Answers)? {
            if is_learned {
                self.models.learn_window(&self.identity, tokens);
            }
            return Ok(tokens);
        }
        let tokens = self.models.window(self.model).await;
        let is_learned = self.models.learned_of(&self.identity) == Some(tokens);
        self.note_window(tokens, is_learned).await?;
        Ok(tokens)
    }

    /// The window to plan with after a prompt did not fit into `window`, of which the server said that it takes `limit`.
    pub(super) async fn narrower(&self, window: u32, limit: Option<u32>) -> Result<u32, WriteError> {
        // Where the model names no smaller window than we reckoned with, our estimate of tokens was wrong.
        let told = limit.filter(|limit| *limit < window);
        let tokens = told.unwrap_or(window / 2);
        self.note_window(tokens, told.is_some()).await?;
        Ok(tokens)
    }

    async fn note_window(&self, tokens: u32, is_learned: bool) -> Result<(), WriteError> {
        let note = Note::Window { tokens, is_learned };
        let noted = self.answers.note(&self.about_window(), Some(&note)).await;
        noted.map_err(WriteError::Answers)
    }

    /// [`Self::ask_once`], unless nothing is left of the answer without its thoughts: another model may do better, the same
    /// one would think for as long again.
    pub(super) async fn ask(&self, prompt: &Prompt, most_words: u32, on: Listener<'_>) -> Result<Told, WriteError> {
        let told = self.ask_once(prompt, most_words, on).await?;
        match tidy(&told.text).is_empty() {
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
        let enough = |text: &str| cut::is_more_than_enough(text, most_words);
        let (answer, cost) = match self.one(&prompt, &enough, on).await {
            Err(WriteError::Model(ModelError::Recitation { .. })) => {
                prompt.user.push_str(PARAPHRASE);
                self.one(&prompt, &enough, on).await?
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
        self.continued(&prompt, told, &enough, on).await
    }

    /// Asks for the rest of an answer that was cut off. Half a claim can hold half a mark, so it goes on from the last
    /// whole one; a rest that is cut off as well loses what is not whole, and is accepted.
    async fn continued(
        &self,
        prompt: &Prompt,
        told: Told,
        enough: Enough<'_>,
        on: Listener<'_>,
    ) -> Result<Told, WriteError> {
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
        let (rest, cost) = match self.one(&prompt, enough, &mut on_rest).await {
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
    async fn one(&self, prompt: &Prompt, enough: Enough<'_>, on: Listener<'_>) -> Result<(Answer, Cost), WriteError> {
        let hash = hash(&self.identity, prompt);
        let kept = self.answers.get(&hash).await.map_err(WriteError::Answers)?;
        let is_kept = kept.is_some();
        let answer = match kept {
            Some(answer) => {
                on(Progress::Start);
                on(Progress::Text(answer.text.clone()));
                answer
            }
            None => {
                let noted = self.answers.noted(&hash).await.map_err(WriteError::Answers)?;
                if let Some(error) = noted.and_then(|note| note.error(self.models.asked(self.model))) {
                    return Err(error.into());
                }
                let answer = match self.models.write(self.model, prompt, enough, on).await {
                    Ok(answer) => answer,
                    Err(error) => {
                        if let Some(note) = Note::of(&error) {
                            let noted = self.answers.note(&hash, Some(&note)).await;
                            noted.map_err(WriteError::Answers)?;
                        }
                        return Err(error.into());
                    }
                };
                self.answers.put(&hash, &answer).await.map_err(WriteError::Answers)?;
                answer
            }
        };
        let cost = Cost {
            input_tokens: answer.input_tokens,
            output_tokens: answer.output_tokens,
            calls: u32::from(!is_kept),
            reused_calls: u32::from(is_kept),
        };
        Ok((answer, cost))
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
