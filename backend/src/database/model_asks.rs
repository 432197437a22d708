//! Table `model_asks`.

use sqlx::PgExecutor;
use uuid::Uuid;

use super::{StoreError, runs::LEASE};

/// Notes that a model is asked for this run or question; `false` where somebody else who is alive asks the same.
///
/// # Errors
/// [`StoreError`]
pub async fn begin(db: impl PgExecutor<'_>, input_hash: &str, work: Uuid) -> Result<bool, StoreError> {
    let begun = sqlx::query_scalar!(
        r#"insert into model_asks (input_hash, work_id) values ($1, $2)
           on conflict (input_hash) do update set work_id = $2, asked_at = now()
           where model_asks.work_id = $2
              or not exists (
                  select from (select id, state, held_at from runs union all select id, state, held_at from questions) as work
                  where work.id = model_asks.work_id and work.state = 'working'
                    and greatest(work.held_at, pg_postmaster_start_time()) > now() - make_interval(secs => $3))
           returning true as "begun!""#,
        input_hash,
        work,
        LEASE.as_secs_f64()
    )
    .fetch_optional(db)
    .await?;
    Ok(begun.is_some())
}

/// Notes that it is not asked any more.
///
/// # Errors
/// [`StoreError`]
pub async fn end(db: impl PgExecutor<'_>, input_hash: &str, work: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "delete from model_asks where input_hash = $1 and work_id = $2",
        input_hash,
        work
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes what processes that were killed have left behind.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from model_asks where asked_at < now() - interval '1 day'")
        .execute(db)
        .await?;
    Ok(())
}
