//! Answering a question: finds the passages that fit, lets the model answer from them, and checks what it says. Fenced,
//! cancelled, put down and tried again like a run.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::Utc;
use domain::{
    evidence,
    fault::{Fault, Whose},
    question::{NOT_ANSWERED, Outcome},
    summary::Provenance,
};
use futures::FutureExt;
use metrics::counter;
use uuid::Uuid;

use super::{
    CRASHES, HELD, Pipeline, RETRIES, SAY_SO, Stop,
    feed::{Feed, Watched},
    material::{Material, check, quotes},
    panicked,
    patience::Patience,
    read::off_the_runtime,
    refused,
    write::KeptAnswers,
};
use crate::{
    database::{
        StoreError,
        questions::{self, Answered, Ending, Work},
        runs::{Lost, TakenUp},
    },
    jobs,
    models::EXTRACTIVE,
    summarize::{self, QUESTION_PROMPT, QuestionTask, WriteError, Written},
};

/// Passages shown where no model answers.
const QUOTED: usize = 4;
/// Passages shown where the answer is not here.
const CLOSEST: usize = 3;
/// Somebody sits before the answer: a longer wait for the model is not worth it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Pipeline {
    /// Works on a question until it ends, waits, or has to be put down. Never fails: what goes wrong is written to it.
    #[tracing::instrument(skip(self))]
    pub async fn answer(self: &Arc<Self>, question: Uuid) {
        let work = match self.take_up_question(question).await {
            Ok(Some(work)) => work,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a question could not be taken up");
                return;
            }
        };
        let mut outcome = if work.crashes >= CRASHES {
            Err(crashed())
        } else {
            let stages = std::panic::AssertUnwindSafe(self.answered(&work)).catch_unwind();
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => Err(Stop::Shutdown),
                lost = self.until_question_lost(&work) => Err(Stop::Lost(lost)),
                outcome = stages => outcome.unwrap_or_else(|_| Err(panicked())),
            }
        };
        if let Ok(answered) = &outcome {
            let outcome = answered.outcome.as_str();
            counter!("ytsum_questions_total", "outcome" => outcome).increment(1);
        }
        // The database may be restarting: an answer is worth some patience.
        let mut patience = Patience::new("an answer", &self.shutdown);
        loop {
            match self.conclude_question(&work, &outcome).await {
                Ok(()) => return,
                Err(Lost::Store(error)) if patience.allows(&error).await => {}
                Err(Lost::Store(error)) if outcome.is_ok() && patience.is_refused(&error) => {
                    tracing::error!(%error, "the database refuses an answer");
                    outcome = Err(refused(&error));
                }
                Err(Lost::Store(error)) => {
                    tracing::error!(%error, "an answer could not be written; another worker takes the question up");
                    return;
                }
                Err(lost) => {
                    tracing::info!(%lost, "the question went on without this worker");
                    return;
                }
            }
        }
    }

    async fn take_up_question(&self, id: Uuid) -> Result<Option<Work>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let taken = questions::take_up(&mut tx, id).await?;
        if matches!(taken, TakenUp::Held) {
            jobs::enqueue_question(&self.pool, &mut tx, id, Some(Utc::now() + HELD)).await?;
        }
        tx.commit().await?;
        Ok(taken.ours())
    }

    async fn until_question_lost(&self, work: &Work) -> Lost {
        let mut watcher = self.live.watch(work.id);
        let mut said = Instant::now();
        loop {
            watcher.news().await;
            let held = if said.elapsed() < SAY_SO {
                questions::hold(&self.pool, work).await
            } else {
                said = Instant::now();
                questions::keep_hold(&self.pool, work).await
            };
            match held {
                Ok(()) => {}
                Err(Lost::Store(error)) => tracing::debug!(%error, "could not see whether the question is still ours"),
                Err(lost) => return lost,
            }
        }
    }

    async fn answered(&self, work: &Work) -> Result<Answered, Stop> {
        let material = Arc::new(self.material(work).await?);
        let is_alone = work.model == EXTRACTIVE;
        let is_thin = material.ranking.is_thin(is_alone);
        // Other words may say the same ("Is it worth the money?"): a model that is told all of it is asked nevertheless.
        let all = !material.evidence.is_comparable || (is_thin && material.is_told_whole(work));
        if material.passages.is_empty() || (is_thin && (is_alone || !all)) {
            return self.quoted(work, material, Outcome::NotHere, None).await;
        }
        if is_alone {
            return self.quoted(work, material, Outcome::Quoted, None).await;
        }
        match self.ask(work, &material, all).await {
            Ok(written) if written.body.trim_start().starts_with(NOT_ANSWERED) => {
                let mut answered = self.quoted(work, material, Outcome::NotHere, None).await?;
                answered.provenance = provenance_of(&written, answered.provenance);
                answered.fault = written.instead;
                Ok(answered)
            }
            Ok(mut written) => {
                // Postgres takes no NUL, in JSON neither.
                written.body.retain(|c| c != '\0');
                let (checked, body) = (Arc::clone(&material), written.body.clone());
                let claims = off_the_runtime(move || check(&checked, &body)).await?;
                Ok(Answered {
                    outcome: Outcome::Answered,
                    claims,
                    provenance: provenance_of(&written, material.provenance(work)),
                    body: written.body,
                    fault: written.instead,
                })
            }
            Err(error) => {
                let fault = error.fault();
                tracing::warn!(kind = fault.kind, "the model could not answer");
                match error.retry_after() {
                    Some(after) if work.retries < RETRIES && after <= LONGEST_WAIT => Err(Stop::Fault {
                        fault,
                        after: Some(after),
                    }),
                    _ => self.quoted(work, material, Outcome::Quoted, Some(fault)).await,
                }
            }
        }
    }

    async fn ask(&self, work: &Work, material: &Material, all: bool) -> Result<Written, WriteError> {
        let feed = Feed::start(self.pool.clone(), Watched::Question(work.clone()));
        let answers = KeptAnswers {
            pool: &self.pool,
            shutdown: &self.shutdown,
            work: work.id,
            is_fresh: false,
        };
        let sources = material.evidence.sources.iter().map(|source| {
            let first = material
                .passages
                .partition_point(|passage| passage.ordinal <= source.offset);
            (first, source.title.clone())
        });
        let sources: Vec<(usize, String)> = sources.collect();
        let task = QuestionTask {
            question: &work.text,
            earlier: &material.earlier,
            passages: &material.passages,
            sources: &sources,
            language: material.language(),
            ranking: &material.ranking,
            all,
            model: &work.model,
        };
        let models = self.models.now().asked_for("question", Some(work.id));
        let written = summarize::answer(&models, &answers, &task, &mut |progress| feed.push(progress)).await;
        feed.end().await;
        written
    }

    /// The passages that fit best, word for word.
    async fn quoted(
        &self,
        work: &Work,
        material: Arc<Material>,
        outcome: Outcome,
        fault: Option<Fault>,
    ) -> Result<Answered, Stop> {
        let mut provenance = material.provenance(work);
        provenance.fallback = fault.as_ref().map(|fault| fault.message.clone());
        let text = work.text.clone();
        let claims = off_the_runtime(move || {
            let texts: Vec<String> = material.earlier.iter().map(|(question, _)| question.clone()).collect();
            let question = evidence::Question {
                text: &text,
                earlier: &texts,
            };
            if outcome == Outcome::Quoted {
                return quotes(&material, &question, QUOTED);
            }
            // What comes closest to an earlier question comes close to this one only where it has no words of its own.
            let alone = evidence::Question {
                earlier: &[],
                ..question
            };
            let language = material.language();
            let has_words = !evidence::terms(&alone, language).is_empty();
            quotes(&material, if has_words { &alone } else { &question }, CLOSEST)
        })
        .await?;
        Ok(Answered {
            outcome,
            body: String::new(),
            claims,
            provenance,
            fault,
        })
    }

    async fn conclude_question(&self, work: &Work, outcome: &Result<Answered, Stop>) -> Result<(), Lost> {
        let mut tx = self.pool.begin().await?;
        match outcome {
            Ok(answered) => questions::leave(&mut tx, work, &Ending::Done(answered)).await?,
            Err(
                Stop::Fault {
                    fault,
                    after: Some(after),
                }
                | Stop::Paused { fault, after },
            ) if work.retries < RETRIES => {
                let at = Utc::now() + *after;
                let fault = Fault {
                    retry_at: Some(at.timestamp()),
                    ..fault.clone()
                };
                questions::leave(&mut tx, work, &Ending::Waiting(&fault)).await?;
                jobs::enqueue_question(&self.pool, &mut tx, work.id, Some(at)).await?;
            }
            Err(Stop::Fault { fault, .. } | Stop::Paused { fault, .. }) => {
                questions::leave(&mut tx, work, &Ending::Failed(fault)).await?;
            }
            Err(Stop::Lost(Lost::Cancelled)) => questions::leave(&mut tx, work, &Ending::Cancelled).await?,
            Err(Stop::Lost(_)) => return Err(Lost::Fenced),
            Err(Stop::Shutdown) => {
                questions::leave(&mut tx, work, &Ending::PutDown).await?;
                jobs::enqueue_question(&self.pool, &mut tx, work.id, None).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

fn provenance_of(written: &Written, provenance: Provenance) -> Provenance {
    Provenance {
        model: written.model.clone(),
        prompt_version: Some(QUESTION_PROMPT.to_owned()),
        input_tokens: written.input_tokens,
        output_tokens: written.output_tokens,
        cost: written.cost,
        calls: written.calls,
        reused_calls: written.reused_calls,
        fallback: written.instead.as_ref().map(|fault| fault.message.clone()),
        ..provenance
    }
}

fn crashed() -> Stop {
    Stop::Fault {
        fault: Fault {
            kind: "crashed".to_owned(),
            whose: Whose::Ours,
            message: format!(
                "This program stopped in the middle of this question {CRASHES} times, so it was given up."
            ),
            hint: "Ask it again later, or in other words.".to_owned(),
            retry_at: None,
        },
        after: None,
    }
}
