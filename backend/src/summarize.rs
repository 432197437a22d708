//! From passages to a written body, with no database in sight: one call where the transcript fits into the model's
//! window, else notes on its parts and a merge. The pipeline's stage "write", for jobs and commands alike.

mod answers;
mod ask;
mod body;
mod budget;
mod cut;
mod judge;
mod parts;
mod prompts;
mod question;
mod styles;
mod thoughts;

use std::time::Duration;

use domain::{
    citations::heading_of,
    fault::{Fault, Whose},
    headings::Known,
    language::Language,
    passages::Passage,
    run::Request,
    summary::Provenance,
    video::Video,
};

pub use self::{
    answers::{Answers, InMemory, Note},
    judge::{Judged, judge},
    question::{PROMPT_VERSION as QUESTION_PROMPT, QuestionTask, is_told_whole},
    styles::{Style, UnknownStyle, find as style},
};
use self::{
    ask::{Asking, Cost, Told, sum_of_known},
    styles::FRAMES,
    thoughts::Thoughts,
};
use crate::models::{EXTRACTIVE, ModelError, Models, Progress, Prompt, UNKNOWN_MODEL};

/// How often a plan is made anew because the model's window turned out smaller than assumed.
const PLANS: u32 = 4;

/// What is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The video: its title, channel and chapters are told to the model.
    pub video: &'a Video,
    /// The whole transcript.
    pub passages: &'a [Passage],
    /// The transcript's language.
    pub language: Language,
    /// The style that was asked for.
    pub style: &'a Style,
    /// What was asked for. Its model is one that can be asked: [`crate::models::EXTRACTIVE`] is not written here.
    pub request: &'a Request,
}

/// What happens while it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteProgress {
    /// The text begins, or begins again: forget what came before.
    Start,
    /// More text.
    Text(String),
    /// Of a transcript in parts, so many are done.
    Part {
        /// Parts that are done.
        done: u32,
        /// Parts in all.
        total: u32,
        /// The title of the chapter that the last of them begins in.
        chapter: Option<String>,
    },
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Markdown with citation marks, unchecked, of at most as many words as were asked for.
    pub body: String,
    /// The model that wrote it, as the provider names it.
    pub model: String,
    /// The words it was asked with: `briefing-2.2`.
    pub prompt_version: String,
    /// Tokens sent for this summary, where any call told; kept answers included.
    pub input_tokens: Option<u64>,
    /// Tokens received, likewise.
    pub output_tokens: Option<u64>,
    /// Calls made now.
    pub calls: u32,
    /// Answers that were kept from an earlier try.
    pub reused_calls: u32,
    /// Dollars for those tokens, kept answers included; `None` where the price or a count is not known.
    pub cost: Option<f64>,
    /// Why the model that was asked for did not write it, where another one did.
    pub instead: Option<Fault>,
}

impl Written {
    /// Where a summary with this body comes from, on top of what is known of its transcript.
    #[must_use]
    pub fn provenance(&self, style: &Style, transcript: Provenance) -> Provenance {
        Provenance {
            model: self.model.clone(),
            fallback: self.instead.as_ref().map(|fault| fault.message.clone()),
            prompt_version: Some(self.prompt_version.clone()),
            prompt_text: style.own_text.clone(),
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            cost: self.cost,
            calls: self.calls,
            reused_calls: self.reused_calls,
            ..transcript
        }
    }

    /// Counts what it cost to have its claims compared by a model.
    pub fn count(&mut self, judged: &Judged) {
        self.input_tokens = sum_of_known(self.input_tokens, judged.tokens.0);
        self.output_tokens = sum_of_known(self.output_tokens, judged.tokens.1);
        self.cost = self.cost.zip(judged.cost).map(|(one, other)| one + other);
        self.calls += judged.calls.0;
        self.reused_calls += judged.calls.1;
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The model would not.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Nothing was said.
    #[error("The transcript has no words to summarise.")]
    NoWords,
    /// So long that even notes on its parts do not fit into the model's window.
    #[error("The transcript is too long for {model}, even in parts.")]
    TooLong {
        /// The model.
        model: String,
    },
    /// An answer could not be looked up or kept.
    #[error("Model answers could not be kept: {0}")]
    Answers(String),
}

impl WriteError {
    /// The snake_case name.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Model(error) => error.kind(),
            Self::NoWords => "no_words",
            Self::TooLong { .. } => "model_context_too_long",
            Self::Answers(_) => "answers_not_kept",
        }
    }

    /// Whether another model may be able to do what this one could not.
    fn lets_others_try(&self) -> bool {
        match self {
            Self::Model(error) => error.lets_others_try(),
            Self::TooLong { .. } => true,
            Self::NoWords | Self::Answers(_) => false,
        }
    }

    /// How long to wait before it is worth another try; `None` where it never is.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Model(error) => error.retry_after(),
            Self::NoWords | Self::TooLong { .. } => None,
            Self::Answers(_) => Some(Duration::from_secs(10)),
        }
    }

    /// In words for people; `retry_at` is left open.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let (whose, hint) = match self {
            Self::Model(error) => return error.fault(),
            Self::NoWords => (Whose::Input, "Paste or upload a transcript."),
            Self::TooLong { .. } => (Whose::Input, "Use a model that takes longer texts."),
            Self::Answers(_) => (Whose::Ours, "Look at the database's state; nothing is lost."),
        };
        Fault {
            kind: self.kind().to_owned(),
            whose,
            message: self.to_string(),
            hint: hint.to_owned(),
            retry_at: None,
        }
    }
}

/// Writes a summary with the model that was asked for; where that can't answer, with the next one in the configured
/// order, which is then told. Dropping the future ends the calls in flight; what was answered by then is kept in `answers`, and
/// another call with the same task goes on from there.
///
/// # Errors
/// [`WriteError`]
pub async fn write(
    models: &Models,
    answers: &impl Answers,
    task: &Task<'_>,
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Written, WriteError> {
    if task.passages.is_empty() {
        return Err(WriteError::NoWords);
    }
    write_in_order(models, answers, Job::Summary(task), &task.request.model, on).await
}

/// What a model is asked to write.
#[derive(Clone, Copy)]
enum Job<'a> {
    Summary(&'a Task<'a>),
    Question(&'a QuestionTask<'a>),
}

impl Job<'_> {
    /// With this model alone.
    async fn write(
        self,
        asking: &Asking<'_, impl Answers>,
        on: &mut (dyn FnMut(WriteProgress) + Send),
    ) -> Result<Written, WriteError> {
        match self {
            Self::Summary(task) => summary(asking, task, on).await,
            Self::Question(task) => question::answer(asking, task, on).await,
        }
    }
}

/// With the model that is wanted, else with the first of the others that can.
async fn write_in_order(
    models: &Models,
    answers: &impl Answers,
    job: Job<'_>,
    wanted: &str,
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Written, WriteError> {
    let wanted = &*models.settled(wanted).await;
    let about = format!("instead of {wanted}");
    let noted = answers.noted(&about).await.map_err(WriteError::Answers)?;
    // Where others had begun to write before a crash, they go on: what they have written is paid for.
    let (fault, error) = if let Some(Note::GaveWay(fault)) = noted {
        (fault, None)
    } else {
        match job.write(&Asking::of(models, answers, wanted).await, on).await {
            Err(error) if error.lets_others_try() => (error.fault(), Some(error)),
            other => return other,
        }
    };
    let others = others(models, wanted, &fault).await;
    if error.is_some() && !others.is_empty() {
        let note = Note::GaveWay(fault.clone());
        let noted = answers.note(&about, Some(&note)).await;
        noted.map_err(WriteError::Answers)?;
    }
    for other in &others {
        tracing::warn!(wanted, other, why = fault.kind, "another model is asked instead");
        match job.write(&Asking::of(models, answers, other).await, on).await {
            Ok(written) => {
                return Ok(Written {
                    instead: Some(fault),
                    ..written
                });
            }
            Err(later) if later.lets_others_try() => tracing::warn!(other, error = %later, "nor can that one"),
            Err(later) => return Err(later),
        }
    }
    answers.note(&about, None).await.map_err(WriteError::Answers)?;
    match error {
        // What the wanted one said decides whether it is worth another try later.
        Some(error) => Err(error),
        None => job.write(&Asking::of(models, answers, wanted).await, on).await,
    }
}

/// The models to ask in order where `wanted` can't write for this reason.
async fn others(models: &Models, wanted: &str, fault: &Fault) -> Vec<String> {
    let mut others = models.fallbacks(wanted);
    if fault.kind == UNKNOWN_MODEL
        && let Some(listed) = models.in_place_of_default(wanted).await
    {
        others.retain(|other| *other != listed);
        others.push(listed);
    }
    others.into_iter().take_while(|other| other != EXTRACTIVE).collect()
}

/// Answers a question, with the same order of models as [`write`]. Dropping the future ends the call; once it is answered, the
/// answer is kept in `answers`.
///
/// # Errors
/// [`WriteError`]
pub async fn answer(
    models: &Models,
    answers: &impl Answers,
    task: &QuestionTask<'_>,
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Written, WriteError> {
    write_in_order(models, answers, Job::Question(task), task.model, on).await
}

/// Writes a summary with one model.
async fn summary<A: Answers>(
    asking: &Asking<'_, A>,
    task: &Task<'_>,
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Written, WriteError> {
    let Asking { models, model, .. } = *asking;
    let mut window = asking.window().await?;
    let mut plans = 1;
    let told = loop {
        let overflow = match write_within(asking, task, window, on).await {
            Err(WriteError::Model(error @ ModelError::ContextTooLong { .. })) => error,
            other => break other?,
        };
        let ModelError::ContextTooLong { limit, .. } = overflow else {
            return Err(overflow.into());
        };
        if plans == PLANS {
            return Err(overflow.into());
        }
        plans += 1;
        window = asking.narrower(window, limit).await?;
    };
    let Cost {
        input_tokens,
        output_tokens,
        calls,
        reused_calls,
        ..
    } = told.cost;
    let body = body::at_most(body::tidy(&told.text), task.request.words);
    let chapters = task.video.chapters.iter().map(|chapter| chapter.title.as_str());
    let known = [
        task.video.title.as_str(),
        &task.video.description,
        task.video.channel.as_deref().unwrap_or_default(),
    ];
    let context = known.into_iter().chain(chapters).collect::<Vec<_>>().join("\n");
    Ok(Written {
        body: only_headings(
            task.passages,
            task.language,
            task.request.language.as_deref(),
            context,
            body,
        )
        .await,
        model: told.model,
        prompt_version: task.style.prompt_version.clone(),
        input_tokens,
        output_tokens,
        calls,
        reused_calls,
        cost: told.cost.dollars(models, model),
        instead: None,
    })
}

/// The body with headings that say something made ordinary lines, which are checked. Of many hours that takes a moment, in which others
/// must be answered.
async fn only_headings(
    passages: &[Passage],
    language: Language,
    wanted: Option<&str>,
    context: String,
    body: String,
) -> String {
    if !body.lines().any(|line| heading_of(line).is_some()) {
        return body;
    }
    let (passages, kept) = (passages.to_vec(), body.clone());
    let written = wanted.map_or(language, Language::from_code);
    let made =
        tokio::task::spawn_blocking(move || Known::new(&passages, &context, language).only_headings(&body, written));
    made.await.unwrap_or(kept)
}

/// Writes with a window of so many tokens.
async fn write_within<A: Answers>(
    asking: &Asking<'_, A>,
    task: &Task<'_>,
    window: u32,
    on: &mut (dyn FnMut(WriteProgress) + Send),
) -> Result<Told, WriteError> {
    let max_tokens = budget::answer_tokens(task.request.words, window);
    let room = budget::room(&whole_prompt(task, &[], max_tokens), window);
    if budget::parts(task.video, task.passages, room).len() > 1 {
        return parts::write(asking, task, window, room, on).await;
    }
    let prompt = whole_prompt(task, task.passages, max_tokens);
    asking.ask(&prompt, task.request.words, &mut as_text(on)).await
}

fn whole_prompt(task: &Task<'_>, passages: &[Passage], max_tokens: u32) -> Prompt {
    let common = Common::of(task);
    let words = task.request.words.to_string();
    let lines = prompts::passage_lines(task.video, passages);
    FRAMES.whole.prompt(
        &[common.values(&words).as_slice(), &[("passages", &lines)]].concat(),
        max_tokens,
    )
}

/// Passes a call's progress on as the summary's, without what the model thinks aloud.
fn as_text(on: &mut (dyn FnMut(WriteProgress) + Send)) -> impl FnMut(Progress) + Send {
    let mut thoughts = Thoughts::default();
    move |progress| {
        let progress = match progress {
            Progress::Start => WriteProgress::Start,
            Progress::Text(text) => WriteProgress::Text(text),
        };
        thoughts.hear(progress, on);
    }
}

/// What every prompt of a task says.
struct Common {
    title: String,
    channel: String,
    language: String,
    work: String,
    shape: String,
    prefer: String,
}

impl Common {
    fn of(task: &Task<'_>) -> Self {
        Self {
            title: prompts::name(&task.video.title),
            channel: prompts::name(task.video.channel.as_deref().unwrap_or("unknown")),
            language: prompts::language(task.request.language.as_deref(), task.language),
            work: task.style.work(),
            shape: task
                .style
                .shape(&prompts::structure(task.video), prompts::headings(task.video)),
            prefer: task.style.prefer(),
        }
    }

    fn values<'a>(&'a self, words: &'a str) -> Vec<(&'static str, &'a str)> {
        vec![
            ("title", &self.title),
            ("channel", &self.channel),
            ("language", &self.language),
            ("work", &self.work),
            ("shape", &self.shape),
            ("prefer", &self.prefer),
            ("words", words),
        ]
    }
}

#[cfg(test)]
mod tests;
