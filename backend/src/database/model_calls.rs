//! Table `model_calls`.

use sqlx::PgPool;
use uuid::Uuid;

use super::{StoreError, storable};

/// A question to a model that is about to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The provider's configured name.
    pub provider: &'a str,
    /// The model, as the provider names it.
    pub model: &'a str,
    /// What it is asked for.
    pub purpose: &'a str,
    /// The run it is asked for.
    pub run: Option<Uuid>,
    /// An estimate of the tokens of the prompt.
    pub input_tokens: u64,
    /// Dollars for them, where the price is known.
    pub cost: Option<f64>,
}

/// What was spent since midnight UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Today {
    /// Calls, those under way included.
    pub calls: u64,
    /// Tokens sent and received.
    pub tokens: u64,
    /// Dollars, where prices are known.
    pub cost: f64,
    /// Calls that took tokens at a price that is not known.
    pub unpriced_calls: u64,
}

/// Keeps replicas from spending the last of the budget twice: any number that nobody else locks.
const BUDGET_LOCK: i64 = 0x7974_7375_6d24;

/// Notes a call if `allows` says so of what was spent today; its number, or `None` where it does not.
///
/// # Errors
/// [`StoreError`]
pub async fn begin(
    pool: &PgPool,
    call: &Call<'_>,
    allows: impl FnOnce(Today) -> bool,
) -> Result<Option<i64>, StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock($1)", BUDGET_LOCK)
        .execute(&mut *tx)
        .await?;
    if !allows(today(&mut *tx).await?) {
        return Ok(None);
    }
    let id = sqlx::query_scalar!(
        "insert into model_calls (provider, model, purpose, run_id, input_tokens, cost)
         values ($1, $2, $3, $4, $5, $6) returning id",
        call.provider,
        storable(call.model),
        call.purpose,
        call.run,
        call.input_tokens.cast_signed(),
        call.cost,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Notes how a call ended and what it took.
///
/// # Errors
/// [`StoreError`]
pub async fn end(
    pool: &PgPool,
    id: i64,
    outcome: &str,
    input_tokens: u64,
    output_tokens: u64,
    cost: Option<f64>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "update model_calls set ended_at = now(), outcome = $2, input_tokens = $3, output_tokens = $4, cost = $5
         where id = $1",
        id,
        outcome,
        input_tokens.cast_signed(),
        output_tokens.cast_signed(),
        cost,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What was spent since midnight UTC.
///
/// # Errors
/// [`StoreError`]
pub async fn today(db: impl sqlx::PgExecutor<'_>) -> Result<Today, StoreError> {
    let row = sqlx::query!(
        r#"select count(*) as "calls!",
                  least(coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0), 9e18)::bigint as "tokens!",
                  coalesce(sum(cost), 0)::double precision as "cost!",
                  count(*) filter (where cost is null and (input_tokens > 0 or output_tokens > 0)) as "unpriced!"
           from model_calls where asked_at >= date_trunc('day', now(), 'UTC')"#
    )
    .fetch_one(db)
    .await?;
    Ok(Today {
        calls: row.calls.cast_unsigned(),
        tokens: row.tokens.cast_unsigned(),
        cost: row.cost,
        unpriced_calls: row.unpriced.cast_unsigned(),
    })
}
