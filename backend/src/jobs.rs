//! The job queue: graphile_worker on our Postgres. A job carries a run's id and nothing else; `runs` is the truth.
//!
//! Handlers always return Ok: the run decides on waiting and trying again, and enqueues itself. What the queue gives us is
//! delivery: a job is enqueued in the transaction that writes the run, and a killed worker's jobs go to another within 15 s.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use graphile_worker::{
    IntoTaskHandlerResult, JobSpecBuilder, Schema, TaskHandler, WorkerContext, WorkerOptions, WorkerRecoveryConfig,
    WorkerUtils, errors::GraphileWorkerError,
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    database::{self, StoreError},
    pipeline::Pipeline,
};

// design.md §2: a killed worker's runs go on within 15 s.
const HEARTBEAT: Duration = Duration::from_secs(2);
const SWEEP: Duration = Duration::from_secs(3);
const DEAD_AFTER: Duration = Duration::from_secs(10);
// For how long the queue's worker waits for its jobs when it ends, because we stop or because its connection broke. Their work goes on
// apart from it, and new work should not wait for theirs.
const LET_GO: Duration = Duration::from_secs(2);
// How long those that work on something have to say so: they do every two seconds.
const SAY_FIRST: Duration = Duration::from_secs(3);
// Work is put down within moments of the signal; this is for what does not listen.
const GRACE: Duration = Duration::from_secs(12);
// Runs and questions at a time that no model is asked for, beside those that ask one.
const EXTRACTS: usize = 2;
// Before the worker is begun again, where the database does not answer.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The job: work on this run.
#[derive(Debug, Serialize, Deserialize)]
struct WorkOnRun {
    run: Uuid,
}

impl TaskHandler for WorkOnRun {
    const IDENTIFIER: &'static str = "work_on_run";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let (pipeline, tasks) = on_its_own(&context)?;
        // A panic stands in the log; it is taken up again.
        let _ = tasks.spawn(async move { pipeline.work(self.run).await }).await;
        Ok::<(), &'static str>(())
    }
}

/// The job: work on this run, which asks no model. Such work has workers of its own: it is done within a second, and must not wait
/// behind calls that are waited for.
#[derive(Debug, Serialize, Deserialize)]
struct ExtractRun {
    run: Uuid,
}

impl TaskHandler for ExtractRun {
    const IDENTIFIER: &'static str = "extract_run";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        WorkOnRun { run: self.run }.run(context).await
    }
}

/// The job: answer this question.
#[derive(Debug, Serialize, Deserialize)]
struct AnswerQuestion {
    question: Uuid,
}

impl TaskHandler for AnswerQuestion {
    const IDENTIFIER: &'static str = "answer_question";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let (pipeline, tasks) = on_its_own(&context)?;
        // A panic stands in the log; it is taken up again.
        let _ = tasks.spawn(async move { pipeline.answer(self.question).await }).await;
        Ok::<(), &'static str>(())
    }
}

/// The job: answer this question, of which no model is asked.
#[derive(Debug, Serialize, Deserialize)]
struct QuoteAnswer {
    question: Uuid,
}

impl TaskHandler for QuoteAnswer {
    const IDENTIFIER: &'static str = "quote_answer";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        AnswerQuestion {
            question: self.question,
        }
        .run(context)
        .await
    }
}

/// What handlers work with, and the tasks they work in: apart from the queue's worker, which gives up all its jobs with its connection.
/// What a model has been asked is paid for, and a run is held by a lease of its own (`database::runs::take_up`).
fn on_its_own(context: &WorkerContext) -> Result<(Arc<Pipeline>, TaskTracker), &'static str> {
    let (Some(pipeline), Some(tasks)) = (context.get_ext::<Arc<Pipeline>>(), context.get_ext::<TaskTracker>()) else {
        return Err("the worker was started without its pipeline");
    };
    Ok((Arc::clone(pipeline), tasks.clone()))
}

/// Brings the queue's own tables up to date.
///
/// # Errors
/// [`StoreError::Queue`]
pub async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    WorkerUtils::new(pool.clone(), Schema::default())
        .migrate()
        .await
        .map_err(broken)
}

/// Enqueues work on a run, now or later, within the caller's transaction. A run has one job at most.
///
/// # Errors
/// [`StoreError::Queue`]
pub async fn enqueue(
    pool: &PgPool,
    db: &mut PgConnection,
    run: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let mut spec = JobSpecBuilder::new().job_key(key(run));
    if let Some(at) = at {
        spec = spec.run_at(at);
    }
    let asks_a_model = database::runs::asks_a_model(&mut *db, run).await?;
    let mut queue = WorkerUtils::new(pool.clone(), Schema::default()).with_executor(db);
    let added = match asks_a_model {
        true => queue.add_job(WorkOnRun { run }, spec.build()).await,
        false => queue.add_job(ExtractRun { run }, spec.build()).await,
    };
    added.map(drop).map_err(asked_in_vain)
}

/// Enqueues work on a question, now or later, within the caller's transaction; before runs, since somebody sits and waits.
///
/// # Errors
/// [`StoreError::Queue`]
pub async fn enqueue_question(
    pool: &PgPool,
    db: &mut PgConnection,
    question: Uuid,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let mut spec = JobSpecBuilder::new().job_key(question_key(question)).priority(-1);
    if let Some(at) = at {
        spec = spec.run_at(at);
    }
    let asks_a_model = database::questions::asks_a_model(&mut *db, question).await?;
    let mut queue = WorkerUtils::new(pool.clone(), Schema::default()).with_executor(db);
    let added = match asks_a_model {
        true => queue.add_job(AnswerQuestion { question }, spec.build()).await,
        false => queue.add_job(QuoteAnswer { question }, spec.build()).await,
    };
    added.map(drop).map_err(asked_in_vain)
}

/// Works on jobs until `shutdown`, `concurrency` at a time, and two more that need no model.
///
/// # Errors
/// [`StoreError::Queue`] where the queue breaks.
pub async fn work(
    pool: PgPool,
    pipeline: Arc<Pipeline>,
    concurrency: usize,
    shutdown: CancellationToken,
) -> Result<(), StoreError> {
    let tasks = TaskTracker::new();
    let mut wait = Duration::from_secs(1);
    loop {
        let begun = Instant::now();
        let worked = work_until_broken(
            pool.clone(),
            Arc::clone(&pipeline),
            tasks.clone(),
            concurrency,
            shutdown.clone(),
        );
        let ended = worked.await;
        if shutdown.is_cancelled() {
            if let Err(error) = ended {
                tracing::warn!(%error, "the worker could not say goodbye to the queue; another one notices");
            }
            // What outlived its worker is put down as well.
            tasks.close();
            let _ = tokio::time::timeout(GRACE, tasks.wait()).await;
            return Ok(());
        }
        let Err(error) = ended else {
            return Ok(());
        };
        // The queue's worker gives up at the first query that fails: a restart of Postgres is enough.
        tracing::warn!(%error, "the worker broke off; it begins again");
        if begun.elapsed() > LONGEST_WAIT {
            wait = Duration::from_secs(1);
        }
        tokio::select! {
            // To the end above, by way of a worker that ends at once.
            () = shutdown.cancelled() => {}
            () = until_back(&pool, wait) => {}
        }
        wait = LONGEST_WAIT.min(wait * 2);
    }
}

/// Waits until the database answers, and a moment more: a worker that begins takes the jobs of those that fell silent, so whoever
/// still works on something is to say so first.
async fn until_back(pool: &PgPool, wait: Duration) {
    tokio::time::sleep(wait).await;
    while !database::answers(pool).await {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(SAY_FIRST).await;
}

/// Both kinds of work, until `shutdown` or until either breaks off.
async fn work_until_broken(
    pool: PgPool,
    pipeline: Arc<Pipeline>,
    tasks: TaskTracker,
    concurrency: usize,
    shutdown: CancellationToken,
) -> Result<(), StoreError> {
    let shutdown = shutdown.child_token();
    let worker = |options: WorkerOptions, concurrency| {
        let options = options.concurrency(concurrency).pg_pool(pool.clone());
        let worker = run_worker(options, Arc::clone(&pipeline), tasks.clone(), shutdown.clone());
        let shutdown = shutdown.clone();
        async move {
            let ended = worker.await;
            shutdown.cancel();
            ended
        }
    };
    let asking = WorkerOptions::default()
        .define_job::<WorkOnRun>()
        .define_job::<AnswerQuestion>();
    let extracting = WorkerOptions::default()
        .define_job::<ExtractRun>()
        .define_job::<QuoteAnswer>();
    let (asked, extracted) = tokio::join!(worker(asking, concurrency), worker(extracting, EXTRACTS));
    asked.and(extracted)
}

/// One of the queue's workers, which does the jobs that `options` names.
async fn run_worker(
    options: WorkerOptions,
    pipeline: Arc<Pipeline>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
) -> Result<(), StoreError> {
    let worker = options
        .poll_interval(Duration::from_secs(1))
        .add_extension(pipeline)
        .add_extension(tasks)
        .worker_recovery(
            WorkerRecoveryConfig::default()
                .heartbeat_interval(HEARTBEAT)
                .sweep_interval(SWEEP)
                .sweep_threshold(DEAD_AFTER)
                .recovery_delay(Duration::ZERO),
        )
        .listen_os_shutdown_signals(false)
        .shutdown_grace_period(LET_GO)
        .shutdown_interrupted_job_retry_delay(Duration::ZERO)
        .shutdown_signal(async move { shutdown.cancelled().await })
        .init()
        .await
        .map_err(broken)?;
    worker.run().await.map_err(broken)
}

/// The queue could not be asked for something; with the database's code, which says whether that passes.
fn asked_in_vain(error: GraphileWorkerError) -> StoreError {
    let code = match &error {
        GraphileWorkerError::SqlError(error) => error.code().map(str::to_owned),
        _ => None,
    };
    StoreError::Queue {
        message: error.to_string(),
        code,
    }
}

/// The queue could not be prepared, or its worker ended.
fn broken(error: impl std::fmt::Display) -> StoreError {
    StoreError::Queue {
        message: error.to_string(),
        code: None,
    }
}

/// Each minute until `shutdown`: enqueues open runs that have no job, and removes what is old enough to go.
pub async fn keep_house(pool: PgPool, shutdown: CancellationToken) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = minute.tick() => {}
        }
        if let Err(error) = sweep(&pool).await {
            tracing::warn!(%error, "the sweep of open runs failed; it is tried again in a minute");
        }
    }
}

async fn sweep(pool: &PgPool) -> Result<(), StoreError> {
    database::events::sweep(pool).await?;
    database::question_events::sweep(pool).await?;
    database::questions::purge(pool).await?;
    database::summaries::purge(pool).await?;
    crate::access::sweep(pool).await?;
    database::prompts::purge(pool).await?;
    database::model_notes::sweep(pool).await?;
    database::model_asks::sweep(pool).await?;
    // The queue's schema is its own and not known when we compile, hence no checked query.
    let queued: Vec<String> = sqlx::query_scalar("select key from graphile_worker._private_jobs where key is not null")
        .fetch_all(pool)
        .await?;
    for (run, retry_at) in database::runs::open_ids(pool).await? {
        if !queued.contains(&key(run)) {
            tracing::warn!(%run, "an open run had no job; it is enqueued again");
            let at = retry_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            enqueue(pool, &mut *pool.acquire().await?, run, at).await?;
        }
    }
    for (question, retry_at) in database::questions::open_ids(pool).await? {
        if !queued.contains(&question_key(question)) {
            tracing::warn!(%question, "an open question had no job; it is enqueued again");
            let at = retry_at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            enqueue_question(pool, &mut *pool.acquire().await?, question, at).await?;
        }
    }
    Ok(())
}

fn key(run: Uuid) -> String {
    format!("run:{run}")
}

fn question_key(question: Uuid) -> String {
    format!("question:{question}")
}

#[cfg(test)]
mod tests {
    use graphile_worker::DbError;

    use super::*;

    #[test]
    fn a_queue_that_has_no_room_is_asked_again() {
        let failed = |code: &str| asked_in_vain(DbError::with_code("could not extend file", code).into());
        assert!(failed("53100").is_passing());
        // A mistake of ours does not pass.
        assert!(!failed("42601").is_passing());
        assert!(!asked_in_vain(GraphileWorkerError::JobScheduleSkipped).is_passing());
    }
}
