//! Table `runs`: making them, working on them under a fence, stopping them, listing them.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    fault::Fault,
    link::Link,
    run::{Event, Request, Run, RunState, Stage, TextFrom},
};
use sqlx::{Connection, PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::{StoreError, events, model_notes};
use crate::models::EXTRACTIVE;

/// A run that is to be made.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Its id, a UUID of version 7.
    pub id: Uuid,
    /// What makes two requests equal before the transcript is known.
    pub request_key: String,
    /// What it is called until the title is known.
    pub label: String,
    /// The video or upload.
    pub video_id: String,
    /// The transcript, for uploads.
    pub transcript_id: Option<i64>,
    /// What is wanted.
    pub request: Request,
    /// A new version even where an equal summary is kept.
    pub fresh: bool,
    /// The transcript again even where it is kept.
    pub refetch: bool,
    /// Which text is to be summarised.
    pub text_from: TextFrom,
}

/// A run as its worker sees it.
#[derive(Clone, Debug)]
pub struct Work {
    /// Its id.
    pub id: Uuid,
    /// The fence: every write names it.
    pub attempt: i32,
    /// Times a worker died on it.
    pub crashes: i32,
    /// Times it went back to wait.
    pub retries: i32,
    /// The video or upload.
    pub video_id: String,
    /// The transcript, once known.
    pub transcript_id: Option<i64>,
    /// What is wanted.
    pub request: Request,
    /// A new version even where an equal summary is kept.
    pub fresh: bool,
    /// The transcript again even where it is kept.
    pub refetch: bool,
    /// Which text is to be summarised.
    pub text_from: TextFrom,
    /// When work on it began, since it last waited or was put down: that is no work.
    pub started_at: DateTime<Utc>,
}

/// For how long a worker that does not say that it still has a run keeps it: a few times the pause between its words. Counted from
/// the start of Postgres where that was later, since nobody could say anything before.
pub(super) const LEASE: Duration = Duration::from_secs(10);

/// What came of taking something up.
#[derive(Clone, Debug)]
pub enum TakenUp<W> {
    /// It is ours.
    Ours(W),
    /// Another worker has it, and said so a moment ago.
    Held,
    /// It has ended, or is not there any more.
    Ended,
}

impl<W> TakenUp<W> {
    /// It could not be taken up: why, by the state it is in.
    pub(super) fn not(state: Option<&str>) -> Self {
        match state {
            // Between two statements it may have been put down.
            Some("working" | "queued" | "waiting") => Self::Held,
            _ => Self::Ended,
        }
    }

    /// What was taken up, if it was.
    #[must_use]
    pub fn ours(self) -> Option<W> {
        match self {
            Self::Ours(work) => Some(work),
            Self::Held | Self::Ended => None,
        }
    }
}

/// A write found that the run is no longer this worker's: taken over, or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// Another worker has it, or it has ended.
    #[error("another worker has taken the run over")]
    Fenced,
    /// A person stopped it.
    #[error("the run was cancelled")]
    Cancelled,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for Lost {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Makes a run, or finds the equal one that is still open. The flag says whether it was made.
///
/// # Errors
/// [`StoreError`]
pub async fn make(db: &mut PgConnection, run: &NewRun) -> Result<(Uuid, bool), StoreError> {
    // An equal open run may end between the two statements; then the second try makes ours.
    for _ in 0..3 {
        let made = sqlx::query_scalar!(
            "insert into runs (id, state, request_key, label, video_id, transcript_id, model, style, language, words, fresh, refetch,
                               text_from, span_start_ms, span_end_ms)
             values ($1, 'queued', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             on conflict (request_key) where state in ('queued', 'working', 'waiting') do nothing
             returning id",
            run.id,
            run.request_key,
            super::storable(&run.label),
            run.video_id,
            run.transcript_id,
            run.request.model,
            run.request.style,
            run.request.language,
            run.request.words.cast_signed(),
            run.fresh,
            run.refetch,
            run.text_from.name(),
            run.request.span.map(|span| span.start_ms.cast_signed()),
            run.request.span.map(|span| span.end_ms.cast_signed()),
        )
        .fetch_optional(&mut *db)
        .await?;
        if let Some(id) = made {
            return Ok((id, true));
        }
        let open = sqlx::query_scalar!(
            "select id from runs where request_key = $1 and state in ('queued', 'working', 'waiting')",
            run.request_key
        )
        .fetch_optional(&mut *db)
        .await?;
        if let Some(id) = open {
            return Ok((id, false));
        }
    }
    Err(StoreError::Stored("an equal request kept coming and going".to_owned()))
}

/// Whether a model is to be asked for a run.
///
/// # Errors
/// [`StoreError`]
pub async fn asks_a_model(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    let model = sqlx::query_scalar!("select model from runs where id = $1", id)
        .fetch_optional(db)
        .await?;
    Ok(model.is_none_or(|model| model != EXTRACTIVE))
}

/// Takes a run up: the attempt is counted, and a crash where the last worker did not put it down. One that a person has stopped
/// meanwhile is cancelled instead.
///
/// # Errors
/// [`StoreError`]
pub async fn take_up(db: &mut PgConnection, id: Uuid) -> Result<TakenUp<Work>, StoreError> {
    let row = sqlx::query!(
        "update runs set state = case when cancel_requested then 'cancelled' else 'working' end,
             attempt = attempt + 1, held_at = case when not cancel_requested then now() end,
             crashes = crashes + (case when state = 'working' then 1 else 0 end),
             started_at = case when state = 'working' then coalesce(started_at, now()) else now() end,
             parts_done = null, parts_total = null,
             ended_at = case when cancel_requested then now() end
         where id = $1 and state in ('queued', 'working', 'waiting')
           and (state <> 'working' or held_at is null
                or greatest(held_at, pg_postmaster_start_time()) < now() - make_interval(secs => $2))
         returning id, state, attempt, crashes, retries, video_id, transcript_id, model, style, language, words, fresh, refetch,
                   text_from, started_at as \"started_at!\", span_start_ms, span_end_ms",
        id,
        LEASE.as_secs_f64()
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else {
        let state = sqlx::query_scalar!("select state from runs where id = $1", id)
            .fetch_optional(db)
            .await?;
        return Ok(TakenUp::not(state.as_deref()));
    };
    let state: RunState = row.state.parse().map_err(StoreError::Stored)?;
    events::add(db, id, &Event::State { state }).await?;
    if state == RunState::Cancelled {
        return Ok(TakenUp::Ended);
    }
    Ok(TakenUp::Ours(Work {
        id: row.id,
        attempt: row.attempt,
        crashes: row.crashes,
        retries: row.retries,
        video_id: row.video_id,
        transcript_id: row.transcript_id,
        request: Request {
            model: row.model,
            style: row.style,
            language: row.language,
            words: row.words.cast_unsigned(),
            span: super::span(row.span_start_ms, row.span_end_ms),
        },
        fresh: row.fresh,
        refetch: row.refetch,
        text_from: TextFrom::named(row.text_from.as_deref()),
        started_at: row.started_at,
    }))
}

/// Says which stage the run is in, and the chapter that it has got to, and finds out whether it still is this worker's.
///
/// # Errors
/// [`Lost`]
pub async fn enter(
    db: &mut PgConnection,
    work: &Work,
    stage: Stage,
    progress: Option<(u32, u32)>,
    chapter: Option<String>,
) -> Result<(), Lost> {
    let cancelled = sqlx::query_scalar!(
        "update runs set stage = $3, parts_done = $4, parts_total = $5
         where id = $1 and attempt = $2 and state = 'working' returning cancel_requested",
        work.id,
        work.attempt,
        stage.as_str(),
        progress.map(|(done, _)| done.cast_signed()),
        progress.map(|(_, total)| total.cast_signed()),
    )
    .fetch_optional(&mut *db)
    .await?;
    match cancelled {
        None => Err(Lost::Fenced),
        Some(true) => Err(Lost::Cancelled),
        Some(false) => {
            let event = Event::Stage {
                stage,
                progress,
                chapter,
            };
            Ok(events::add(db, work.id, &event).await?)
        }
    }
}

/// Whether the run still is this worker's and nobody wants it stopped.
///
/// # Errors
/// [`Lost`]
pub async fn hold(db: impl PgExecutor<'_>, work: &Work) -> Result<(), Lost> {
    let cancelled = sqlx::query_scalar!(
        "select cancel_requested from runs where id = $1 and attempt = $2 and state = 'working'",
        work.id,
        work.attempt
    )
    .fetch_optional(db)
    .await?;
    held(cancelled)
}

/// Says that the run is still worked on, and asks what [`hold`] asks.
///
/// # Errors
/// [`Lost`]
pub async fn keep_hold(db: impl PgExecutor<'_>, work: &Work) -> Result<(), Lost> {
    let cancelled = sqlx::query_scalar!(
        "update runs set held_at = now() where id = $1 and attempt = $2 and state = 'working' returning cancel_requested",
        work.id,
        work.attempt
    )
    .fetch_optional(db)
    .await?;
    held(cancelled)
}

/// What the row said, if it is still this worker's: whether it is to be stopped.
pub(super) fn held(cancelled: Option<bool>) -> Result<(), Lost> {
    match cancelled {
        None => Err(Lost::Fenced),
        Some(true) => Err(Lost::Cancelled),
        Some(false) => Ok(()),
    }
}

/// Says which transcript the run uses.
///
/// # Errors
/// [`Lost`]
pub async fn set_transcript(db: impl PgExecutor<'_>, work: &Work, transcript_id: i64) -> Result<(), Lost> {
    let result = sqlx::query!(
        "update runs set transcript_id = $3 where id = $1 and attempt = $2 and state = 'working'",
        work.id,
        work.attempt,
        transcript_id
    )
    .execute(db)
    .await?;
    if result.rows_affected() == 0 {
        Err(Lost::Fenced)
    } else {
        Ok(())
    }
}

/// How a worker leaves a run.
#[derive(Clone, Debug)]
pub enum Ending<'a> {
    /// Finished with this summary; the fault says why an extract stands in for the model's.
    Done(Uuid, Option<&'a Fault>),
    /// Given up.
    Failed(&'a Fault),
    /// Stopped by a person.
    Cancelled,
    /// Waits for a neighbour; the fault says until when.
    Waiting(&'a Fault),
    /// Waits because everybody does, which is no try of its own; the fault says until when.
    Paused(&'a Fault),
    /// Put down unfinished because the process stops: another one goes on.
    PutDown,
}

impl Ending<'_> {
    fn state(&self) -> RunState {
        match self {
            Self::Done(..) => RunState::Done,
            Self::Failed(_) => RunState::Failed,
            Self::Cancelled => RunState::Cancelled,
            Self::Waiting(_) | Self::Paused(_) => RunState::Waiting,
            Self::PutDown => RunState::Queued,
        }
    }
}

/// Ends this worker's hold on a run. Where a person has asked to stop it since the worker last looked, what would have gone on
/// later is cancelled: they were told that it stops.
///
/// # Errors
/// [`Lost::Fenced`] where it is not this worker's any more.
pub async fn leave(db: &mut PgConnection, work: &Work, ending: &Ending<'_>) -> Result<(), Lost> {
    // Locked, so that nobody asks between this and the next statement.
    let cancelled = sqlx::query_scalar!(
        "select cancel_requested from runs where id = $1 and attempt = $2 and state = 'working' for update",
        work.id,
        work.attempt
    )
    .fetch_optional(&mut *db)
    .await?
    .ok_or(Lost::Fenced)?;
    let ending = match ending {
        Ending::Waiting(_) | Ending::Paused(_) | Ending::PutDown if cancelled => &Ending::Cancelled,
        ending => ending,
    };
    let (summary, fault) = match *ending {
        Ending::Done(summary, fault) => (Some(summary), fault),
        Ending::Failed(fault) | Ending::Waiting(fault) | Ending::Paused(fault) => (None, Some(fault)),
        Ending::Cancelled | Ending::PutDown => (None, None),
    };
    let state = ending.state();
    let result = sqlx::query!(
        "update runs set state = $3, summary_id = $4, fault = $5, held_at = null,
             retries = retries + (case when $6 then 1 else 0 end),
             ended_at = case when $3 in ('done', 'failed', 'cancelled') then now() end
         where id = $1 and attempt = $2 and state = 'working'",
        work.id,
        work.attempt,
        state.as_str(),
        summary,
        fault.map(Json) as _,
        matches!(ending, Ending::Waiting(_)),
    )
    .execute(&mut *db)
    .await?;
    if result.rows_affected() == 0 {
        return Err(Lost::Fenced);
    }
    events::add(db, work.id, &Event::State { state }).await?;
    Ok(())
}

/// Asks a run to stop. A run that nobody works on is cancelled at once; a worker notices within moments.
///
/// # Errors
/// [`StoreError`]
pub async fn cancel(db: &mut PgConnection, id: Uuid) -> Result<bool, StoreError> {
    let state = sqlx::query_scalar!(
        "update runs set cancel_requested = true,
             state = case when state = 'working' then state else 'cancelled' end,
             ended_at = case when state = 'working' then ended_at else now() end
         where id = $1 and state in ('queued', 'working', 'waiting') returning state",
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(state) = state else { return Ok(false) };
    let state = if state == "working" {
        RunState::Working
    } else {
        RunState::Cancelled
    };
    events::add(db, id, &Event::State { state }).await?;
    Ok(true)
}

/// Opens a run again that failed, was cancelled or waits. `false` where it is none of these, or an equal run is open, one that was
/// opened in the same moment too.
///
/// # Errors
/// [`StoreError`]
pub async fn reopen(db: &mut PgConnection, id: Uuid) -> Result<bool, StoreError> {
    // A transaction within the caller's: what the index refuses must not end theirs.
    let mut tx = db.begin().await?;
    // Somebody asks for it: models that would or could not are asked again.
    model_notes::remove_refusals(&mut *tx, id).await?;
    let reopened = sqlx::query!(
        "update runs set state = 'queued', fault = null, cancel_requested = false, crashes = 0, retries = 0,
             started_at = null, ended_at = null
         where id = $1 and state in ('failed', 'cancelled', 'waiting')
           and not exists (select 1 from runs other where other.request_key = runs.request_key and other.id <> runs.id
                           and other.state in ('queued', 'working', 'waiting'))",
        id
    )
    .execute(&mut *tx)
    .await;
    let count = match reopened {
        Ok(result) => result.rows_affected(),
        // The equal run was opened after we had looked for one.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => 0,
        Err(error) => return Err(error.into()),
    };
    if count == 0 {
        tx.rollback().await?;
        return Ok(false);
    }
    events::add(
        &mut tx,
        id,
        &Event::State {
            state: RunState::Queued,
        },
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// A run by its id.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<Run>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"select r.id, r.state, r.stage, r.parts_done, r.parts_total, r.label, r.video_id, r.transcript_id, r.model, r.style,
                  r.language, r.words, r.summary_id, r.fault as "fault: Json<Fault>", r.created_at, r.span_start_ms, r.span_end_ms,
                  v.title as "title?"
           from runs r left join videos v on v.id = r.video_id where r.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    row.map(Row::run).transpose()
}

/// The number of the transcript that a run uses, once it is known.
///
/// # Errors
/// [`StoreError`]
pub async fn transcript_of(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<i64>, StoreError> {
    Ok(sqlx::query_scalar!("select transcript_id from runs where id = $1", id)
        .fetch_optional(db)
        .await?
        .flatten())
}

/// What a run was made from, for another run of the same: the video, the transcript, and what it is called.
///
/// # Errors
/// [`StoreError`]
pub async fn source_of(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<(String, i64, String)>, StoreError> {
    let row = sqlx::query!(
        r#"select r.video_id, r.label, coalesce(s.transcript_id, r.transcript_id) as transcript_id
           from runs r left join summaries s on s.id = r.summary_id where r.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| Some((row.video_id, row.transcript_id?, row.label))))
}

/// The open runs, oldest first, at most `limit`, without those of some batches.
///
/// # Errors
/// [`StoreError`]
pub async fn open(db: impl PgExecutor<'_>, without: &[Uuid], limit: i64) -> Result<Vec<Run>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.state, r.stage, r.parts_done, r.parts_total, r.label, r.video_id, r.transcript_id, r.model, r.style,
                  r.language, r.words, r.summary_id, r.fault as "fault: Json<Fault>", r.created_at, r.span_start_ms, r.span_end_ms,
                  v.title as "title?"
           from runs r left join videos v on v.id = r.video_id
           where r.state in ('queued', 'working', 'waiting')
             and not exists (select 1 from batch_runs m where m.run_id = r.id and m.batch_id = any($1))
           order by r.created_at limit $2"#,
        without,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Row::run).collect()
}

/// The runs that ended last in one of `states`, newest first, at most `limit`, without those of some batches.
///
/// # Errors
/// [`StoreError`]
pub async fn ended(
    db: impl PgExecutor<'_>,
    states: &[RunState],
    without: &[Uuid],
    limit: i64,
) -> Result<Vec<Run>, StoreError> {
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_owned()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select r.id, r.state, r.stage, r.parts_done, r.parts_total, r.label, r.video_id, r.transcript_id, r.model, r.style,
                  r.language, r.words, r.summary_id, r.fault as "fault: Json<Fault>", r.created_at, r.span_start_ms, r.span_end_ms,
                  v.title as "title?"
           from runs r left join videos v on v.id = r.video_id
           where r.state in ('done', 'failed', 'cancelled') and r.state = any($1)
             and not exists (select 1 from batch_runs m where m.run_id = r.id and m.batch_id = any($2))
           order by r.ended_at desc limit $3"#,
        &states,
        without,
        limit
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Row::run).collect()
}

/// The runs of some batches, each in its order.
///
/// # Errors
/// [`StoreError`]
pub async fn of_batches(db: &mut PgConnection, batches: &[Uuid]) -> Result<HashMap<Uuid, Vec<Run>>, StoreError> {
    let members = sqlx::query!(
        "select batch_id, run_id from batch_runs where batch_id = any($1) order by batch_id, ordinal",
        batches
    )
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<Uuid> = members.iter().map(|member| member.run_id).collect();
    let rows = sqlx::query_as!(
        Row,
        // The planner turns this join around, and then sqlx no longer knows what is never null.
        r#"select r.id as "id!", r.state as "state!", r.stage, r.parts_done, r.parts_total, r.label as "label!",
                  r.video_id as "video_id!", r.transcript_id, r.model as "model!", r.style as "style!", r.language,
                  r.words as "words!", r.summary_id, r.fault as "fault: Json<Fault>", r.created_at as "created_at!",
                  r.span_start_ms, r.span_end_ms, v.title as "title?"
           from runs r left join videos v on v.id = r.video_id where r.id = any($1)"#,
        &ids
    )
    .fetch_all(db)
    .await?;
    let runs: HashMap<Uuid, Run> = rows
        .into_iter()
        .map(|row| Ok((row.id, row.run()?)))
        .collect::<Result<_, StoreError>>()?;
    let mut found: HashMap<Uuid, Vec<Run>> = HashMap::new();
    for member in members {
        if let Some(run) = runs.get(&member.run_id) {
            found.entry(member.batch_id).or_default().push(run.clone());
        }
    }
    Ok(found)
}

/// Seconds from taking a run up to its end, by model, where at least three were done in a week: half took less. Those that
/// found an equal summary are left out.
///
/// # Errors
/// [`StoreError`]
pub async fn typical(db: impl PgExecutor<'_>) -> Result<HashMap<String, f64>, StoreError> {
    let rows = sqlx::query!(
        r#"select model,
                  percentile_cont(0.5) within group (order by extract(epoch from ended_at - started_at)::float8) as "seconds!"
           from (select model, started_at, ended_at from runs
                 where state = 'done' and summary_id = id and started_at is not null and ended_at > now() - interval '7 days'
                 order by ended_at desc limit 300) lately
           group by model having count(*) >= 3"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.model, row.seconds)).collect())
}

/// For how many seconds each run has been worked on that is being worked on.
///
/// # Errors
/// [`StoreError`]
pub async fn elapsed(db: impl PgExecutor<'_>) -> Result<HashMap<String, f64>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, extract(epoch from now() - started_at)::float8 as "seconds!" from runs
           where state = 'working' and started_at is not null"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id.to_string(), row.seconds)).collect())
}

/// Open runs and when each is to go on: what the sweep compares with the queue.
///
/// # Errors
/// [`StoreError`]
pub async fn open_ids(db: impl PgExecutor<'_>) -> Result<Vec<(Uuid, Option<i64>)>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, (fault->>'retry_at')::bigint as retry_at from runs
           where state in ('queued', 'working', 'waiting') and created_at < now() - interval '30 seconds'"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.retry_at)).collect())
}

/// How many runs wait for YouTube.
///
/// # Errors
/// [`StoreError`]
pub async fn count_paused(db: impl PgExecutor<'_>) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from runs where state = 'waiting' and fault->>'kind' = any($1)"#,
        &refusals()
    )
    .fetch_one(db)
    .await?)
}

/// The runs that wait for YouTube, oldest first.
///
/// # Errors
/// [`StoreError`]
pub async fn paused_ids(db: impl PgExecutor<'_>) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select id from runs where state = 'waiting' and fault->>'kind' = any($1) order by created_at",
        &refusals()
    )
    .fetch_all(db)
    .await?)
}

/// How many runs are in each open state: for the metrics.
///
/// # Errors
/// [`StoreError`]
pub async fn count_open(db: impl PgExecutor<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"select state, count(*) as "count!" from runs where state in ('queued', 'working', 'waiting') group by state"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}

/// For how many seconds the oldest run has waited to be begun; 0 where none waits.
///
/// # Errors
/// [`StoreError`]
pub async fn oldest_queued_age(db: impl PgExecutor<'_>) -> Result<f64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "age!" from runs where state = 'queued'"#
    )
    .fetch_one(db)
    .await?)
}

/// The kinds of fault that mean that YouTube refuses this server.
fn refusals() -> [String; 4] {
    ["youtube_paused", "request_blocked", "ip_blocked", "rate_limited"].map(str::to_owned)
}

struct Row {
    id: Uuid,
    state: String,
    stage: Option<String>,
    parts_done: Option<i32>,
    parts_total: Option<i32>,
    label: String,
    video_id: String,
    transcript_id: Option<i64>,
    model: String,
    style: String,
    language: Option<String>,
    words: i32,
    summary_id: Option<Uuid>,
    fault: Option<Json<Fault>>,
    created_at: DateTime<Utc>,
    span_start_ms: Option<i64>,
    span_end_ms: Option<i64>,
    title: Option<String>,
}

impl Row {
    fn run(self) -> Result<Run, StoreError> {
        let known = self.title.is_some() || self.transcript_id.is_some();
        Ok(Run {
            id: self.id.to_string(),
            state: self.state.parse().map_err(StoreError::Stored)?,
            stage: self
                .stage
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(StoreError::Stored)?,
            progress: self
                .parts_done
                .zip(self.parts_total)
                .map(|(done, total)| (done.cast_unsigned(), total.cast_unsigned())),
            chapter: None,
            request: Request {
                model: self.model,
                style: self.style,
                language: self.language,
                words: self.words.cast_unsigned(),
                span: super::span(self.span_start_ms, self.span_end_ms),
            },
            playlist: Link::parse(&self.label).ok().and_then(|link| link.playlist()),
            label: self.title.unwrap_or(self.label),
            video_id: known.then_some(self.video_id),
            summary_id: self.summary_id.map(|id| id.to_string()),
            fault: self.fault.map(|fault| fault.0),
            created_at: self.created_at.timestamp(),
        })
    }
}
