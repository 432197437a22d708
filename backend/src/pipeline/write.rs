//! Stage 5: the chosen model writes, streamed to whoever watches; where it can't, the extract stands in and says so.

use std::time::Duration;

use domain::{
    fault::{Fault, Whose},
    prompt,
    run::Stage,
    summary::Claim,
};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Pipeline, RETRIES, Stop, count_cache,
    feed::{Feed, Watched},
    patience::Patience,
    read::Read,
};
use crate::{
    database::{self, StoreError, runs::Work},
    models::Answer,
    submission::hex,
    summarize::{self, Answers, Note, Style, Task, WriteError, WriteProgress, Written},
};

/// Between two looks whether another has its answer.
const ASKED_BY_ANOTHER: Duration = Duration::from_secs(1);

/// How writing came out.
pub(super) enum Outcome {
    /// The model wrote it.
    Written(Written),
    /// The model can't, and trying again would not help now.
    Fallback(Fault),
}

impl Pipeline {
    /// The style that a run asks for: the program's, or the prompt that somebody wrote, with the words it had then.
    pub(super) async fn style(&self, work: &Work) -> Result<Style, Stop> {
        let wanted = work.request.style.as_str();
        if let Some((name, hash)) = prompt::own(wanted)
            && let Some(text) = database::prompts::text(&self.pool, hash).await?
        {
            return Ok(Style::own(name, &text));
        }
        summarize::style(wanted).map_err(|error| Stop::Fault {
            fault: Fault {
                kind: "unknown_style".to_owned(),
                whose: Whose::Input,
                message: error.to_string(),
                hint: "Choose one of them, or write the prompt again under Settings.".to_owned(),
                retry_at: None,
            },
            after: None,
        })
    }

    /// Lets the model write.
    pub(super) async fn write(&self, work: &Work, read: &Read, style: &Style) -> Result<Outcome, Stop> {
        self.enter(work, Stage::Write, None).await?;
        let feed = Feed::start(self.pool.clone(), Watched::Run(work.clone()));
        let answers = KeptAnswers {
            pool: &self.pool,
            shutdown: &self.shutdown,
            work: work.id,
            is_fresh: work.fresh,
        };
        let task = Task {
            video: &read.video,
            passages: &read.passages,
            language: read.language,
            style,
            request: &work.request,
        };
        let models = self.models.now().asked_for("summary", Some(work.id));
        let written = summarize::write(&models, &answers, &task, &mut |progress: WriteProgress| {
            feed.push(progress);
        })
        .await;
        feed.end().await;
        match written {
            Ok(written) => {
                if written.instead.is_none() {
                    crate::metrics::know_model(&work.request.model);
                }
                Ok(Outcome::Written(written))
            }
            Err(error @ WriteError::Answers(_)) => {
                tracing::error!(%error, "answers of the model could not be kept");
                Err(Stop::Fault {
                    fault: error.fault(),
                    after: error.retry_after(),
                })
            }
            Err(error) => {
                let fault = error.fault();
                tracing::warn!(kind = fault.kind, "the model could not write");
                match error.retry_after() {
                    // A wait beyond an hour is not worth holding the summary back for.
                    Some(after) if work.retries < RETRIES && after <= Duration::from_secs(3600) => Err(Stop::Fault {
                        fault,
                        after: Some(after),
                    }),
                    _ => Ok(Outcome::Fallback(fault)),
                }
            }
        }
    }
}

impl Pipeline {
    /// Lets the model that is named for it compare the claims that the check left open; where it can't, the check's verdicts hold.
    pub(super) async fn judge(&self, work: &Work, claims: Vec<Claim>, mut written: Written) -> (Vec<Claim>, Written) {
        let Some(model) = self.judge_model.now() else {
            return (claims, written);
        };
        let answers = KeptAnswers {
            pool: &self.pool,
            shutdown: &self.shutdown,
            work: work.id,
            is_fresh: work.fresh,
        };
        let models = self.models.now().asked_for("judge", Some(work.id));
        match summarize::judge(&models, &answers, &model, &claims).await {
            Ok(None) => (claims, written),
            Ok(Some(judged)) => {
                written.count(&judged);
                (judged.claims, written)
            }
            Err(error) => {
                tracing::warn!(kind = error.kind(), "claims could not be compared by a model");
                (claims, written)
            }
        }
    }
}

/// Completed answers in Postgres, and the notes of a run or a question.
pub(super) struct KeptAnswers<'a> {
    pub(super) pool: &'a PgPool,
    pub(super) shutdown: &'a CancellationToken,
    /// The run or the question.
    pub(super) work: Uuid,
    /// Whether it has answers of its own, which a crash does not lose either.
    pub(super) is_fresh: bool,
}

impl KeptAnswers<'_> {
    fn key(&self, hash: &str) -> String {
        match self.is_fresh {
            true => hex(format!("{hash}\n{}", self.work).as_bytes()),
            false => hash.to_owned(),
        }
    }

    /// With patience for a database that is away for a while.
    async fn patiently<T, F>(&self, what: &'static str, query: impl Fn() -> F) -> Result<T, String>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut patience = Patience::new(what, self.shutdown);
        loop {
            match query().await {
                Ok(done) => return Ok(done),
                Err(error) if patience.allows(&error).await => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}

impl Answers for KeptAnswers<'_> {
    async fn get(&self, hash: &str) -> Result<Option<Answer>, String> {
        let key = self.key(hash);
        // No model is asked before it is known that there is no answer yet.
        let get = || database::model_answers::get(self.pool, &key);
        let answer = self.patiently("the question for a kept answer", get).await?;
        count_cache("model_answer", answer.is_some());
        Ok(answer)
    }

    async fn put(&self, hash: &str, answer: &Answer) -> Result<(), String> {
        let key = self.key(hash);
        let keep = || database::model_answers::keep(self.pool, &key, answer);
        self.patiently("a model's answer", keep).await
    }

    async fn begin(&self, hash: &str) -> Result<bool, String> {
        let key = self.key(hash);
        let mut waited = false;
        let begin = || database::model_asks::begin(self.pool, &key, self.work);
        while !self.patiently("the question who asks a model", begin).await? {
            if !waited {
                tracing::info!("another asks a model the same; its answer is waited for");
            }
            waited = true;
            tokio::time::sleep(ASKED_BY_ANOTHER).await;
        }
        Ok(waited)
    }

    async fn end(&self, hash: &str) {
        if let Err(error) = database::model_asks::end(self.pool, &self.key(hash), self.work).await {
            tracing::debug!(%error, "it could not be noted that a model is not asked any more");
        }
    }

    async fn noted(&self, about: &str) -> Result<Option<Note>, String> {
        let get = || database::model_notes::get(self.pool, self.work, about);
        self.patiently("the question for a note", get).await
    }

    async fn note(&self, about: &str, note: Option<&Note>) -> Result<(), String> {
        let set = || async {
            match note {
                Some(note) => database::model_notes::set(self.pool, self.work, about, note).await,
                None => database::model_notes::remove(self.pool, self.work, about).await,
            }
        };
        self.patiently("a note about a model", set).await
    }
}
