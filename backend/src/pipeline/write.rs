//! Stage 5: the chosen model writes, streamed to whoever watches; where it can't, the extract stands in and says so.

use std::time::Duration;

use domain::{fault::Fault, run::Stage};
use sqlx::PgPool;

use super::{Pipeline, RETRIES, Stop, count_cache, feed::Feed, read::Read};
use crate::{
    database::{self, runs::Work},
    models::Answer,
    submission::hex,
    summarize::{self, Answers, Task, WriteError, WriteProgress, Written},
};

/// How writing came out.
pub(super) enum Outcome {
    /// The model wrote it.
    Written(Written),
    /// The model can't, and trying again would not help now.
    Fallback(Fault),
}

impl Pipeline {
    /// Lets the model write.
    pub(super) async fn write(&self, work: &Work, read: &Read) -> Result<Outcome, Stop> {
        self.enter(work, Stage::Write, None).await?;
        let feed = Feed::start(self.pool.clone(), work.clone());
        let answers = KeptAnswers {
            pool: &self.pool,
            salt: work.fresh.then(|| work.id.to_string()),
        };
        let task = Task {
            video: &read.video,
            passages: &read.passages,
            language: read.language,
            request: &work.request,
        };
        let written = summarize::write(&self.models, &answers, &task, &mut |progress: WriteProgress| {
            feed.push(progress);
        })
        .await;
        feed.end().await;
        match written {
            Ok(written) => {
                crate::metrics::know_model(&work.request.model);
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

/// Completed answers in Postgres. A `fresh` run has answers of its own, which a crash does not lose either.
pub(super) struct KeptAnswers<'a> {
    pub(super) pool: &'a PgPool,
    pub(super) salt: Option<String>,
}

impl KeptAnswers<'_> {
    fn key(&self, hash: &str) -> String {
        match &self.salt {
            Some(salt) => hex(format!("{hash}\n{salt}").as_bytes()),
            None => hash.to_owned(),
        }
    }
}

impl Answers for KeptAnswers<'_> {
    async fn get(&self, hash: &str) -> Result<Option<Answer>, String> {
        let answer = database::model_answers::get(self.pool, &self.key(hash))
            .await
            .map_err(|error| error.to_string())?;
        count_cache("model_answer", answer.is_some());
        Ok(answer)
    }

    async fn put(&self, hash: &str, answer: &Answer) -> Result<(), String> {
        database::model_answers::keep(self.pool, &self.key(hash), answer)
            .await
            .map_err(|error| error.to_string())
    }
}
