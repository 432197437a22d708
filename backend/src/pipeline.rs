//! Working on a run, from queued to its end: takes it up, goes through the stages, and leaves it in one of the typed endings.
//!
//! Every write is fenced by the run's attempt, so that a worker that was given up for dead changes nothing when it comes
//! back. The stages themselves stand in the files beside this one.

mod answer;
mod feed;
mod material;
mod patience;
mod read;
mod write;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use domain::{
    fault::{Fault, Whose},
    run::{Event, Request, Stage},
    summary::{Claim, Provenance, other_language},
};
use futures::FutureExt;
use metrics::{counter, histogram};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::patience::Patience;
use crate::{
    current::Current,
    database::{
        self, StoreError,
        runs::{Ending, Lost, TakenUp, Work},
    },
    jobs,
    live::Live,
    models::{EXTRACTIVE, Models},
    submission::{hex, part_key},
    summarize::Style,
    youtube::YouTube,
};

/// Workers that may die on a run before it is given up.
const CRASHES: i32 = 3;
/// Times a run goes back to wait for a neighbour before it is given up (or an extract stands in for the model).
const RETRIES: i32 = 3;
/// Before a run that another worker still holds is looked at again.
const HELD: Duration = Duration::from_secs(2);
/// How often a worker says that it still has its run; less than the lease, by far.
const SAY_SO: Duration = Duration::from_secs(2);
/// Before work goes on that the database's absence has interrupted.
const AWAY: Duration = Duration::from_secs(5);

/// What the stages work with.
#[derive(Debug)]
pub struct Pipeline {
    /// Where everything is kept.
    pub pool: PgPool,
    /// Where videos come from.
    pub youtube: Current<YouTube>,
    /// Who writes.
    pub models: Current<Models>,
    /// The model that compares what words alone can't, where one is named.
    pub judge_model: Current<Option<String>>,
    /// News of runs: how a worker hears that its run is cancelled.
    pub live: Live,
    /// The process stops: put the work down.
    pub shutdown: CancellationToken,
}

/// How the stages ended, where they came to an end.
struct Finished {
    summary: Uuid,
    /// Why another model or the extract stands in for the one that was asked for.
    fallback: Option<Fault>,
    /// What to keep; `None` where an equal summary was kept already.
    new: Option<NewSummary>,
}

struct NewSummary {
    key: Option<String>,
    video_id: String,
    title: String,
    transcript_id: i64,
    body: String,
    claims: Vec<Claim>,
    provenance: Provenance,
}

/// Why the stages did not come to an end.
enum Stop {
    /// The run is not ours any more.
    Lost(Lost),
    /// Something failed; `after` says when another try is worth it.
    Fault { fault: Fault, after: Option<Duration> },
    /// Nobody asks YouTube for a while, or the database was away: no try of its own.
    Paused { fault: Fault, after: Duration },
    /// The process stops.
    Shutdown,
}

impl From<Lost> for Stop {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Store(error) => error.into(),
            lost => Self::Lost(lost),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a stage could not reach the database");
        let fault = Fault {
            kind: "database".to_owned(),
            whose: Whose::Setup,
            message: "This server's database did not answer as it should.".to_owned(),
            hint: "Nothing is lost. If this goes on, whoever runs this server should look at its log.".to_owned(),
            retry_at: None,
        };
        if error.is_passing() {
            return Self::Paused { fault, after: AWAY };
        }
        Self::Fault {
            fault,
            after: Some(Duration::from_secs(10)),
        }
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl Pipeline {
    /// Works on a run until it ends, waits, or has to be put down. Never fails: what goes wrong is written to the run.
    #[tracing::instrument(skip(self))]
    pub async fn work(self: &Arc<Self>, run: Uuid) {
        let work = match self.take_up(run).await {
            Ok(Some(work)) => work,
            Ok(None) => return,
            Err(error) => {
                // The run stays as it is; the minute's sweep finds it without a job.
                tracing::error!(%error, "a run could not be taken up");
                return;
            }
        };
        let outcome = if work.crashes >= CRASHES {
            Err(crashed())
        } else {
            self.outcome(&work).await
        };
        self.conclude(&work, outcome).await;
    }

    async fn take_up(&self, run: Uuid) -> Result<Option<Work>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let taken = database::runs::take_up(&mut tx, run).await?;
        if matches!(taken, TakenUp::Held) {
            tracing::debug!("another worker still has the run");
            jobs::enqueue(&self.pool, &mut tx, run, Some(Utc::now() + HELD)).await?;
        }
        tx.commit().await?;
        Ok(taken.ours())
    }

    async fn outcome(self: &Arc<Self>, work: &Work) -> Result<Finished, Stop> {
        let stages = std::panic::AssertUnwindSafe(self.stages(work)).catch_unwind();
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => Err(Stop::Shutdown),
            lost = self.until_lost(work) => Err(Stop::Lost(lost)),
            outcome = stages => outcome.unwrap_or_else(|_| Err(panicked())),
        }
    }

    async fn until_lost(&self, work: &Work) -> Lost {
        let mut watcher = self.live.watch(work.id);
        let mut said = Instant::now();
        loop {
            watcher.news().await;
            let held = if said.elapsed() < SAY_SO {
                database::runs::hold(&self.pool, work).await
            } else {
                said = Instant::now();
                database::runs::keep_hold(&self.pool, work).await
            };
            match held {
                Ok(()) => {}
                // Whoever needs the database says that it is away.
                Err(Lost::Store(error)) => tracing::debug!(%error, "could not see whether the run is still ours"),
                Err(lost) => return lost,
            }
        }
    }

    async fn stages(&self, work: &Work) -> Result<Finished, Stop> {
        let read = self.read(work).await?;
        let style = self.style(work).await?;
        let prompt_version = prompt_version(&work.request, &style);
        let key = summary_key(&read.content_hash, &work.request, prompt_version);
        if !work.fresh {
            let kept = database::summaries::find(&self.pool, &key).await?;
            count_cache("summary", kept.is_some());
            if let Some(summary) = kept {
                return Ok(Finished {
                    summary,
                    fallback: None,
                    new: None,
                });
            }
        }
        let extract = self.extract(work, &read).await?;
        let (body, claims, written, mut fallback) = if work.request.model == EXTRACTIVE {
            (extract.body, extract.claims, None, None)
        } else {
            match self.write(work, &read, &style).await? {
                write::Outcome::Written(written) => {
                    self.enter(work, Stage::Check, None).await?;
                    let claims = self.check(&read, &written.body).await?;
                    let (claims, written) = self.judge(work, claims, written).await;
                    (written.body.clone(), claims, Some(written), None)
                }
                write::Outcome::Fallback(fault) => (extract.body, extract.claims, None, Some(fault)),
            }
        };
        if let Some(written) = &written {
            // Another model wrote it: never mistaken for the work of the one that was asked for.
            fallback = written.instead.clone();
        }
        self.enter(work, Stage::Keep, None).await?;
        let wanted = work.request.language.as_deref().unwrap_or(&read.language_code);
        let extracted = Provenance {
            source: read.source.as_str().to_owned(),
            track: read.track.clone(),
            track_id: read.track_id.clone(),
            transcript_language: read.language_code.clone(),
            model: EXTRACTIVE.to_owned(),
            fallback: fallback.as_ref().map(|fault| fault.message.clone()),
            seconds: seconds_since(work.started_at),
            coverage: domain::coverage::share(&claims, &read.passages),
            ..Provenance::default()
        };
        let provenance = match &written {
            None => extracted,
            Some(written) => Provenance {
                other_language: other_language(&claims, wanted),
                ..written.provenance(&style, extracted)
            },
        };
        Ok(Finished {
            summary: work.id,
            new: Some(NewSummary {
                key: fallback.is_none().then_some(key),
                video_id: read.video.id,
                title: read.video.title,
                transcript_id: read.transcript_id,
                body,
                claims,
                provenance,
            }),
            fallback,
        })
    }

    async fn enter(&self, work: &Work, stage: Stage, progress: Option<(u32, u32)>) -> Result<(), Lost> {
        let mut tx = self.pool.begin().await?;
        database::runs::enter(&mut tx, work, stage, progress, None).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn tell(&self, work: &Work, event: &Event) -> Result<(), StoreError> {
        let mut connection = self.pool.acquire().await?;
        database::events::add(&mut connection, work.id, event).await
    }

    async fn conclude(&self, work: &Work, mut outcome: Result<Finished, Stop>) {
        // The database may be restarting: what was worked out is worth some patience.
        let mut patience = Patience::new("the end of a run", &self.shutdown);
        loop {
            match self.try_conclude(work, &outcome).await {
                Ok(()) => return count_outcome(work, &outcome),
                Err(Lost::Store(error)) if patience.allows(&error).await => {}
                Err(Lost::Store(error)) if outcome.is_ok() && patience.is_refused(&error) => {
                    tracing::error!(%error, "the database refuses what came of a run");
                    outcome = Err(refused(&error));
                }
                Err(Lost::Store(error)) => {
                    tracing::error!(%error, "the end of a run could not be written; another worker takes it up");
                    return;
                }
                Err(lost) => {
                    tracing::info!(%lost, "the run went on without this worker");
                    return;
                }
            }
        }
    }

    async fn try_conclude(&self, work: &Work, outcome: &Result<Finished, Stop>) -> Result<(), Lost> {
        let mut tx = self.pool.begin().await?;
        match outcome {
            Ok(finished) => {
                // The fence first: only who still holds the run may keep its summary.
                let ending = Ending::Done(finished.summary, finished.fallback.as_ref());
                database::runs::leave(&mut tx, work, &ending).await?;
                if let Some(new) = &finished.new {
                    database::summaries::keep(&mut tx, &new.keep(work)).await?;
                }
            }
            Err(Stop::Fault {
                fault,
                after: Some(after),
            }) if work.retries < RETRIES => {
                let at = Utc::now() + *after;
                let fault = Fault {
                    retry_at: Some(at.timestamp()),
                    ..fault.clone()
                };
                database::runs::leave(&mut tx, work, &Ending::Waiting(&fault)).await?;
                jobs::enqueue(&self.pool, &mut tx, work.id, Some(at)).await?;
            }
            Err(Stop::Paused { fault, after }) => {
                // Not all in the same moment.
                let spread = after.as_secs().clamp(1, 20);
                let at = Utc::now() + *after + Duration::from_secs(rand::random_range(0..spread));
                let fault = Fault {
                    retry_at: Some(at.timestamp()),
                    ..fault.clone()
                };
                database::runs::leave(&mut tx, work, &Ending::Paused(&fault)).await?;
                jobs::enqueue(&self.pool, &mut tx, work.id, Some(at)).await?;
            }
            Err(Stop::Fault { fault, .. }) => {
                database::runs::leave(&mut tx, work, &Ending::Failed(fault)).await?;
            }
            Err(Stop::Lost(Lost::Cancelled)) => {
                database::runs::leave(&mut tx, work, &Ending::Cancelled).await?;
            }
            Err(Stop::Lost(_)) => return Err(Lost::Fenced),
            Err(Stop::Shutdown) => {
                database::runs::leave(&mut tx, work, &Ending::PutDown).await?;
                jobs::enqueue(&self.pool, &mut tx, work.id, None).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

impl NewSummary {
    fn keep<'a>(&'a self, work: &'a Work) -> database::summaries::Keep<'a> {
        database::summaries::Keep {
            id: work.id,
            key: self.key.as_deref(),
            transcript_id: self.transcript_id,
            video_id: &self.video_id,
            title: &self.title,
            request: &work.request,
            body: &self.body,
            claims: &self.claims,
            provenance: &self.provenance,
        }
    }
}

/// Which words the work is done by: another version is another summary.
fn prompt_version<'a>(request: &Request, style: &'a Style) -> &'a str {
    if request.model == EXTRACTIVE {
        return domain::extract::VERSION;
    }
    &style.prompt_version
}

fn summary_key(content_hash: &str, request: &Request, prompt_version: &str) -> String {
    let Request {
        model,
        style,
        language,
        words,
        span,
    } = request;
    let (language, part) = (language.as_deref().unwrap_or(""), part_key(*span));
    hex(format!("{content_hash}\n{model}\n{style}\n{language}\n{words}\n{prompt_version}{part}").as_bytes())
}

fn seconds_since(then: DateTime<Utc>) -> f64 {
    (Utc::now() - then)
        .to_std()
        .map_or(0.0, |elapsed| elapsed.as_secs_f64())
}

fn crashed() -> Stop {
    Stop::Fault {
        fault: Fault {
            kind: "crashed".to_owned(),
            whose: Whose::Ours,
            message: format!("This program stopped in the middle of this work {CRASHES} times, so it was given up."),
            hint: "The fault is ours, not your link's. Try again later, or paste a shorter transcript.".to_owned(),
            retry_at: None,
        },
        after: None,
    }
}

fn panicked() -> Stop {
    Stop::Fault {
        fault: Fault {
            kind: "internal".to_owned(),
            whose: Whose::Ours,
            message: "This program made a mistake on this transcript.".to_owned(),
            hint: "The fault is ours. The server's log has the details; please report them.".to_owned(),
            retry_at: None,
        },
        after: None,
    }
}

/// The database does not take what came of the work, and would not if it was done again.
fn refused(error: &StoreError) -> Stop {
    let said = match error {
        StoreError::Database(sqlx::Error::Database(error)) => error.message().to_owned(),
        error => error.to_string(),
    };
    Stop::Fault {
        fault: Fault {
            kind: "database".to_owned(),
            whose: Whose::Ours,
            message: format!("This server's database refuses to keep what came of this: {said}."),
            hint: "The fault is ours. The server's log has the details; please report them.".to_owned(),
            retry_at: None,
        },
        after: None,
    }
}

/// Counts a look into a cache, under the name the operations handbook gives it.
fn count_cache(kind: &'static str, hit: bool) {
    counter!("cache_hits_total", "type" => kind, "status" => if hit { "hit" } else { "miss" }).increment(1);
}

fn count_outcome(work: &Work, outcome: &Result<Finished, Stop>) {
    let status = match outcome {
        Ok(Finished { new: None, .. }) => "cached",
        Ok(Finished { fallback: Some(_), .. }) => "fallback",
        Ok(_) => "success",
        Err(Stop::Fault { after: Some(_), .. }) if work.retries < RETRIES => "retry",
        Err(Stop::Fault { .. }) => "error",
        Err(Stop::Lost(Lost::Cancelled)) => "cancelled",
        Err(Stop::Lost(_) | Stop::Shutdown | Stop::Paused { .. }) => return,
    };
    let model = crate::metrics::model_label(&work.request.model);
    counter!("summary_requests_total", "model" => model.clone(), "status" => status).increment(1);
    match outcome {
        Ok(finished) => {
            finished
                .new
                .iter()
                .for_each(|new| crate::metrics::count_claims(&new.claims));
            finished.fallback.iter().for_each(crate::metrics::count_fault);
        }
        Err(Stop::Fault { fault, .. }) => crate::metrics::count_fault(fault),
        Err(_) => {}
    }
    if outcome.is_ok() {
        histogram!("summary_duration_seconds", "model" => model).record(seconds_since(work.started_at));
    }
}
