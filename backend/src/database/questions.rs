//! Table `questions`: asking, working on a question under a fence, stopping it.

use chrono::{DateTime, Utc};
use domain::{
    evidence,
    fault::Fault,
    question::{Outcome, Question, Source},
    run::{Event, RunState},
    summary::{Claim, Provenance},
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use uuid::Uuid;

use super::{
    StoreError, question_events,
    runs::{LEASE, Lost, TakenUp, held},
    storable,
};
use crate::models::EXTRACTIVE;

/// A question that is to be asked.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    /// Its id, a UUID of version 7.
    pub id: Uuid,
    /// The conversation of the library that it belongs to; its own id begins one. Videos have one conversation each.
    pub thread: Uuid,
    /// The video and its transcript; `None` for the whole library.
    pub video: Option<(String, i64)>,
    /// What is asked.
    pub text: String,
    /// Who is asked.
    pub model: String,
}

/// A question as its worker sees it.
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
    /// The conversation.
    pub thread: Uuid,
    /// The video and its transcript; `None` for the whole library.
    pub video: Option<(String, i64)>,
    /// What is asked.
    pub text: String,
    /// Who is asked.
    pub model: String,
    /// Where the answer is looked for, once that is known.
    pub evidence: Option<Evidence>,
    /// When it was asked.
    pub created_at: DateTime<Utc>,
    /// When this worker began.
    pub started_at: DateTime<Utc>,
}

/// Where an answer is looked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The videos.
    pub sources: Vec<Source>,
    /// The numbers of the passages that fit, best first.
    pub hits: Vec<u32>,
    /// See [`evidence::Ranking`].
    pub strength: f32,
    /// See [`evidence::Ranking`].
    pub is_comparable: bool,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// How it came out.
    pub outcome: Outcome,
    /// Markdown with citation marks.
    pub body: String,
    /// The claims, in order.
    pub claims: Vec<Claim>,
    /// Where it came from.
    pub provenance: Provenance,
    /// Why no model answered although one was asked.
    pub fault: Option<Fault>,
}

/// How a worker leaves a question.
#[derive(Clone, Debug)]
pub enum Ending<'a> {
    /// Answered.
    Done(&'a Answered),
    /// Given up.
    Failed(&'a Fault),
    /// Stopped by a person.
    Cancelled,
    /// Waits for a provider; the fault says until when.
    Waiting(&'a Fault),
    /// Put down unfinished because the process stops.
    PutDown,
}

/// Keeps a new question.
///
/// # Errors
/// [`StoreError`]
pub async fn make(db: impl PgExecutor<'_>, new: &NewQuestion) -> Result<(), StoreError> {
    let (video, transcript) = new.video.clone().unzip();
    sqlx::query!(
        "insert into questions (id, thread, video_id, transcript_id, question, model, state)
         values ($1, $2, $3, $4, $5, $6, 'queued')",
        new.id,
        new.thread,
        video,
        transcript,
        storable(&new.text),
        new.model,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How many questions are open: asking is limited by it.
///
/// # Errors
/// [`StoreError`]
pub async fn count_open(db: impl PgExecutor<'_>) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from questions where state in ('queued', 'working', 'waiting')"#
    )
    .fetch_one(db)
    .await?)
}

/// Whether a model is to be asked for a question.
///
/// # Errors
/// [`StoreError`]
pub async fn asks_a_model(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    let model = sqlx::query_scalar!("select model from questions where id = $1", id)
        .fetch_optional(db)
        .await?;
    Ok(model.is_none_or(|model| model != EXTRACTIVE))
}

/// Takes a question up: the attempt is counted, and a crash where the last worker did not put it down. One that a person has
/// stopped meanwhile is cancelled instead.
///
/// # Errors
/// [`StoreError`]
pub async fn take_up(db: &mut PgConnection, id: Uuid) -> Result<TakenUp<Work>, StoreError> {
    let row = sqlx::query!(
        r#"update questions set state = case when cancel_requested then 'cancelled' else 'working' end,
               attempt = attempt + 1, held_at = case when not cancel_requested then now() end,
               crashes = crashes + (case when state = 'working' then 1 else 0 end),
               ended_at = case when cancel_requested then now() end
           where id = $1 and state in ('queued', 'working', 'waiting')
             and (state <> 'working' or held_at is null
                  or greatest(held_at, pg_postmaster_start_time()) < now() - make_interval(secs => $2))
           returning id, state, attempt, crashes, retries, thread, video_id, transcript_id, question, model,
                     evidence as "evidence: Json<Evidence>", created_at, now() as "started_at!""#,
        id,
        LEASE.as_secs_f64()
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else {
        let state = sqlx::query_scalar!("select state from questions where id = $1", id)
            .fetch_optional(db)
            .await?;
        return Ok(TakenUp::not(state.as_deref()));
    };
    let state: RunState = row.state.parse().map_err(StoreError::Stored)?;
    question_events::add(db, id, &Event::State { state }).await?;
    if state == RunState::Cancelled {
        return Ok(TakenUp::Ended);
    }
    Ok(TakenUp::Ours(Work {
        id: row.id,
        attempt: row.attempt,
        crashes: row.crashes,
        retries: row.retries,
        thread: row.thread,
        video: row.video_id.zip(row.transcript_id),
        text: row.question,
        model: row.model,
        evidence: row.evidence.map(|evidence| evidence.0),
        created_at: row.created_at,
        started_at: row.started_at,
    }))
}

/// Whether the question still is this worker's and nobody wants it stopped.
///
/// # Errors
/// [`Lost`]
pub async fn hold(db: impl PgExecutor<'_>, work: &Work) -> Result<(), Lost> {
    let cancelled = sqlx::query_scalar!(
        "select cancel_requested from questions where id = $1 and attempt = $2 and state = 'working'",
        work.id,
        work.attempt
    )
    .fetch_optional(db)
    .await?;
    held(cancelled)
}

/// Says that the question is still worked on, and asks what [`hold`] asks.
///
/// # Errors
/// [`Lost`]
pub async fn keep_hold(db: impl PgExecutor<'_>, work: &Work) -> Result<(), Lost> {
    let cancelled = sqlx::query_scalar!(
        "update questions set held_at = now() where id = $1 and attempt = $2 and state = 'working' returning cancel_requested",
        work.id,
        work.attempt
    )
    .fetch_optional(db)
    .await?;
    held(cancelled)
}

/// Keeps where the answer is looked for, and says so.
///
/// # Errors
/// [`Lost`]
pub async fn set_evidence(db: &mut PgConnection, work: &Work, evidence: &Evidence) -> Result<(), Lost> {
    let result = sqlx::query!(
        "update questions set evidence = $3 where id = $1 and attempt = $2 and state = 'working'",
        work.id,
        work.attempt,
        Json(evidence) as _
    )
    .execute(&mut *db)
    .await?;
    if result.rows_affected() == 0 {
        return Err(Lost::Fenced);
    }
    Ok(question_events::add(db, work.id, &Event::Ready).await?)
}

/// Ends this worker's hold on a question. Where a person has asked to stop it since the worker last looked, what would have gone on
/// later is cancelled: they were told that it stops.
///
/// # Errors
/// [`Lost::Fenced`] where it is not this worker's any more.
pub async fn leave(db: &mut PgConnection, work: &Work, ending: &Ending<'_>) -> Result<(), Lost> {
    // Locked, so that nobody asks between this and the next statement.
    let cancelled = sqlx::query_scalar!(
        "select cancel_requested from questions where id = $1 and attempt = $2 and state = 'working' for update",
        work.id,
        work.attempt
    )
    .fetch_optional(&mut *db)
    .await?
    .ok_or(Lost::Fenced)?;
    let ending = match ending {
        Ending::Waiting(_) | Ending::PutDown if cancelled => &Ending::Cancelled,
        ending => ending,
    };
    let (state, answered, fault) = match *ending {
        Ending::Done(answered) => (RunState::Done, Some(answered), answered.fault.as_ref()),
        Ending::Failed(fault) => (RunState::Failed, None, Some(fault)),
        Ending::Cancelled => (RunState::Cancelled, None, None),
        Ending::Waiting(fault) => (RunState::Waiting, None, Some(fault)),
        Ending::PutDown => (RunState::Queued, None, None),
    };
    let result = sqlx::query!(
        "update questions set state = $3, fault = $4, outcome = $5, body = $6, claims = $7, provenance = $8, held_at = null,
             retries = retries + (case when $3 = 'waiting' then 1 else 0 end),
             ended_at = case when $3 in ('done', 'failed', 'cancelled') then now() end
         where id = $1 and attempt = $2 and state = 'working'",
        work.id,
        work.attempt,
        state.as_str(),
        fault.map(Json) as _,
        answered.map(|answered| answered.outcome.as_str()),
        answered.map_or_else(String::new, |answered| storable(&answered.body)),
        Json(answered.map_or(&[][..], |answered| answered.claims.as_slice())) as _,
        answered.map(|answered| Json(&answered.provenance)) as _,
    )
    .execute(&mut *db)
    .await?;
    if result.rows_affected() == 0 {
        return Err(Lost::Fenced);
    }
    Ok(question_events::add(db, work.id, &Event::State { state }).await?)
}

/// Asks a question's worker to stop; one that nobody works on is cancelled at once.
///
/// # Errors
/// [`StoreError`]
pub async fn cancel(db: &mut PgConnection, id: Uuid) -> Result<bool, StoreError> {
    let state = sqlx::query_scalar!(
        "update questions set cancel_requested = true,
             state = case when state = 'working' then state else 'cancelled' end,
             ended_at = case when state = 'working' then ended_at else now() end
         where id = $1 and state in ('queued', 'working', 'waiting') returning state",
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(state) = state else { return Ok(false) };
    let state = state.parse().map_err(StoreError::Stored)?;
    question_events::add(db, id, &Event::State { state }).await?;
    Ok(true)
}

/// Marks a question as deleted, with its answer; whoever works on it is asked to stop.
///
/// # Errors
/// [`StoreError`]
pub async fn delete(db: &mut PgConnection, id: Uuid) -> Result<bool, StoreError> {
    cancel(&mut *db, id).await?;
    let result = sqlx::query!(
        "update questions set deleted_at = now() where id = $1 and deleted_at is null",
        id
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() > 0)
}

/// Takes a deletion back; `false` where it is too late.
///
/// # Errors
/// [`StoreError`]
pub async fn restore(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    let result = sqlx::query!(
        "update questions set deleted_at = null where id = $1 and deleted_at is not null",
        id
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() > 0)
}

/// Removes for good what was deleted more than a day ago.
///
/// # Errors
/// [`StoreError`]
pub async fn purge(db: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    let result = sqlx::query!("delete from questions where deleted_at < now() - interval '1 day'")
        .execute(db)
        .await?;
    Ok(result.rows_affected())
}

/// A question by its id.
///
/// # Errors
/// [`StoreError`]
pub async fn get(pool: &PgPool, id: Uuid) -> Result<Option<Question>, StoreError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, thread, video_id, question, model, state, outcome, body, claims as "claims: Json<Vec<Claim>>",
                  evidence as "evidence: Json<Evidence>", provenance as "provenance: Json<Provenance>",
                  fault as "fault: Json<Fault>", created_at from questions where id = $1 and deleted_at is null"#,
        id
    )
    .fetch_optional(pool)
    .await?;
    match row {
        Some(row) => row.question(pool).await.map(Some),
        None => Ok(None),
    }
}

/// The questions of a video, oldest first, the last 100.
///
/// # Errors
/// [`StoreError`]
pub async fn of_video(pool: &PgPool, video: &str) -> Result<Vec<Question>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, thread, video_id, question, model, state, outcome, body, claims as "claims: Json<Vec<Claim>>",
                  evidence as "evidence: Json<Evidence>", provenance as "provenance: Json<Provenance>",
                  fault as "fault: Json<Fault>", created_at from questions
           where video_id = $1 and deleted_at is null order by created_at desc, id desc limit 100"#,
        video
    )
    .fetch_all(pool)
    .await?;
    questions(pool, rows).await
}

/// The questions of a conversation with the library, oldest first, the last 100.
///
/// # Errors
/// [`StoreError`]
pub async fn of_thread(pool: &PgPool, thread: Uuid) -> Result<Vec<Question>, StoreError> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, thread, video_id, question, model, state, outcome, body, claims as "claims: Json<Vec<Claim>>",
                  evidence as "evidence: Json<Evidence>", provenance as "provenance: Json<Provenance>",
                  fault as "fault: Json<Fault>", created_at from questions
           where thread = $1 and video_id is null and deleted_at is null
           order by created_at desc, id desc limit 100"#,
        thread
    )
    .fetch_all(pool)
    .await?;
    questions(pool, rows).await
}

/// Whether there is such a conversation with the library.
///
/// # Errors
/// [`StoreError`]
pub async fn has_thread(db: impl PgExecutor<'_>, thread: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from questions where thread = $1 and video_id is null and deleted_at is null) as "exists!""#,
        thread
    )
    .fetch_one(db)
    .await?)
}

/// The conversations with the library that were begun last, newest first: id and the first question that is left.
///
/// # Errors
/// [`StoreError`]
pub async fn threads(db: impl PgExecutor<'_>) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query!(
        r#"select thread, question from
             (select distinct on (thread) thread, question, created_at from questions
              where video_id is null and deleted_at is null order by thread, created_at, id) as first
           order by created_at desc limit 30"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.thread.to_string(), row.question))
        .collect())
}

/// The last questions and answers before one, in its conversation, oldest first.
///
/// # Errors
/// [`StoreError`]
pub async fn earlier(db: impl PgExecutor<'_>, work: &Work) -> Result<Vec<(String, String)>, StoreError> {
    let mut rows = sqlx::query!(
        "select question, case when outcome = 'answered' then body else '' end as \"body!\" from questions
         where id <> $1 and created_at < $2 and state = 'done' and deleted_at is null
           and ((video_id is null and $3::text is null and thread = $4) or video_id = $3)
         order by created_at desc, id desc limit $5",
        work.id,
        work.created_at,
        work.video.as_ref().map(|(video, _)| video),
        work.thread,
        evidence::EARLIER as i64,
    )
    .fetch_all(db)
    .await?;
    rows.reverse();
    Ok(rows.into_iter().map(|row| (row.question, row.body)).collect())
}

/// Open questions and when each is to go on: what the sweep compares with the queue.
///
/// # Errors
/// [`StoreError`]
pub async fn open_ids(db: impl PgExecutor<'_>) -> Result<Vec<(Uuid, Option<i64>)>, StoreError> {
    let rows = sqlx::query!(
        r#"select id, (fault->>'retry_at')::bigint as retry_at from questions
           where state in ('queued', 'working', 'waiting') and created_at < now() - interval '30 seconds'"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.retry_at)).collect())
}

async fn questions(pool: &PgPool, rows: Vec<Row>) -> Result<Vec<Question>, StoreError> {
    let mut questions = Vec::with_capacity(rows.len());
    for row in rows.into_iter().rev() {
        questions.push(row.question(pool).await?);
    }
    Ok(questions)
}

struct Row {
    id: Uuid,
    thread: Uuid,
    video_id: Option<String>,
    question: String,
    model: String,
    state: String,
    outcome: Option<String>,
    body: String,
    claims: Json<Vec<Claim>>,
    evidence: Option<Json<Evidence>>,
    provenance: Option<Json<Provenance>>,
    fault: Option<Json<Fault>>,
    created_at: DateTime<Utc>,
}

impl Row {
    async fn question(self, pool: &PgPool) -> Result<Question, StoreError> {
        let state: RunState = self.state.parse().map_err(StoreError::Stored)?;
        let (mut body, mut last_event) = (self.body, 0);
        if state.is_open() {
            (body, last_event) = question_events::text_so_far(pool, self.id).await?;
        }
        let mut sources = self.evidence.map_or_else(Vec::new, |evidence| evidence.0.sources);
        // Only the videos that are cited.
        if !state.is_open() {
            let cited: Vec<u32> = self
                .claims
                .0
                .iter()
                .flat_map(|claim| &claim.citations)
                .map(|citation| citation.passage)
                .collect();
            let offsets: Vec<u32> = sources.iter().map(|source| source.offset).collect();
            sources.retain(|source| {
                let next = offsets
                    .iter()
                    .copied()
                    .filter(|offset| *offset > source.offset)
                    .min()
                    .unwrap_or(u32::MAX);
                cited.iter().any(|number| (source.offset + 1..=next).contains(number))
            });
        }
        Ok(Question {
            id: self.id.to_string(),
            thread: self.thread.to_string(),
            video_id: self.video_id,
            text: self.question,
            model: self.model,
            state,
            outcome: self
                .outcome
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(StoreError::Stored)?,
            body,
            claims: self.claims.0,
            sources,
            provenance: self.provenance.map(|provenance| provenance.0),
            fault: self.fault.map(|fault| fault.0),
            last_event,
            created_at: self.created_at.timestamp(),
        })
    }
}
