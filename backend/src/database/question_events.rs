//! Table `question_events`: what watchers of a question hear, in the order in which it happened.

use domain::run::Event;
use sqlx::{PgConnection, PgExecutor, PgPool, types::Json};
use uuid::Uuid;

use super::StoreError;

/// Adds an event and gives notice when the transaction commits.
///
/// # Errors
/// [`StoreError`]
pub async fn add(db: &mut PgConnection, question: Uuid, event: &Event) -> Result<(), StoreError> {
    sqlx::query!(
        "with added as (insert into question_events (question_id, event) values ($1, $2))
         select pg_notify('ytsum_run', $1::uuid::text)",
        question,
        Json(event) as _,
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// The events of a question after `seq`, in order, at most 500.
///
/// # Errors
/// [`StoreError`]
pub async fn after(db: impl PgExecutor<'_>, question: Uuid, seq: i64) -> Result<Vec<(i64, Event)>, StoreError> {
    let rows = sqlx::query!(
        r#"select seq, event as "event: Json<Event>" from question_events
           where question_id = $1 and seq > $2 order by seq limit 500"#,
        question,
        seq,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seq, row.event.0)).collect())
}

/// Removes the events of questions that ended more than an hour ago.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    let result = sqlx::query!(
        "delete from question_events using questions
         where questions.id = question_events.question_id and questions.ended_at < now() - interval '1 hour'"
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected())
}

/// What the model has written so far, and the last event that this contains.
pub(super) async fn text_so_far(pool: &PgPool, question: Uuid) -> Result<(String, i64), StoreError> {
    let row = sqlx::query!(
        r#"select coalesce(max(seq), 0) as "last!",
                  coalesce(string_agg(event->>'text', '' order by seq) filter (
                      where event->>'type' = 'text' and seq > coalesce((
                          select max(seq) from question_events where question_id = $1 and event->>'type' = 'restart'), 0)), '') as "text!"
           from question_events where question_id = $1"#,
        question
    )
    .fetch_one(pool)
    .await?;
    Ok((row.text, row.last))
}
