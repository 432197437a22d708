//! Table `login_attempts`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, PgPool, postgres::types::PgInterval};

use super::{StoreError, storable};

/// The lock that makes attempts wait for each other, so that many at once can't pass the limit together.
const LOCK: i64 = 0x5954_5355_4d08;

/// Where [`pardon`] means everybody.
pub const EVERYBODY: &str = "*";

/// What was counted before an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Failures of this network in a row, none further from the last than the lock lasts.
    pub failures: i64,
    /// When the last was.
    pub last_failure: Option<DateTime<Utc>>,
    /// Failures of all networks within an hour, since everybody was last pardoned.
    pub failures_of_all: i64,
    /// When the last was.
    pub last_of_all: Option<DateTime<Utc>>,
    /// Whether somebody signed in from this network lately, or it was pardoned by name.
    pub is_known: bool,
    /// The database's time.
    pub now: DateTime<Utc>,
}

/// What becomes of an attempt, as [`begin`] is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The code is compared.
    Compare,
    /// It is not.
    Refuse,
}

/// Counts what came before and writes an attempt down, in one transaction; `decide` says what becomes of it. The number is that
/// of the row of an attempt that goes on, which [`succeed`] is to be told.
///
/// # Errors
/// [`StoreError`]
pub async fn begin<T>(
    pool: &PgPool,
    network: &str,
    user_agent: &str,
    lock: Duration,
    decide: impl FnOnce(&Counted) -> (Verdict, T),
) -> Result<(Option<i64>, T), StoreError> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK)
        .execute(&mut *tx)
        .await?;
    let counted = count(&mut *tx, network, lock).await?;
    let (verdict, told) = decide(&counted);
    let user_agent = storable(user_agent);
    let row = match verdict {
        Verdict::Compare => Some(
            sqlx::query_scalar!(
                "insert into login_attempts (network, outcome, user_agent) values ($1, 'failed', $2) returning id",
                network,
                user_agent
            )
            .fetch_one(&mut *tx)
            .await?,
        ),
        Verdict::Refuse => {
            refuse(&mut tx, network, &user_agent).await?;
            None
        }
    };
    tx.commit().await?;
    Ok((row, told))
}

/// A refusal after a refusal only counts up: whoever is locked out must not fill the disk.
async fn refuse(tx: &mut sqlx::PgConnection, network: &str, user_agent: &str) -> Result<(), StoreError> {
    let counted_up = sqlx::query!(
        "update login_attempts set times = times + 1, at = clock_timestamp() where id = (
             select last.id from (select id, outcome from login_attempts where network = $1 order by at desc limit 1) last
             where last.outcome = 'refused')",
        network
    )
    .execute(&mut *tx)
    .await?;
    if counted_up.rows_affected() == 0 {
        sqlx::query!(
            "insert into login_attempts (network, outcome, user_agent) values ($1, 'refused', $2)",
            network,
            user_agent
        )
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// What [`begin`] would count now.
///
/// # Errors
/// [`StoreError`]
pub async fn count(db: impl PgExecutor<'_>, network: &str, lock: Duration) -> Result<Counted, StoreError> {
    let lock = PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(lock.as_micros()).unwrap_or(i64::MAX),
    };
    let row = sqlx::query!(
        r#"with own as (
               select at, outcome, user_agent from login_attempts where network = $1
           ), cleared as (
               select coalesce(max(at), '-infinity') as at from own where outcome in ('succeeded', 'pardoned')
           ), last as (
               select max(own.at) as at from own, cleared
               where own.outcome = 'failed' and own.at > cleared.at and own.at > clock_timestamp() - $2::interval
           ), house as (
               select max(at) as at, count(*) as failures from login_attempts
               where outcome = 'failed' and at > clock_timestamp() - interval '1 hour'
                 and at > coalesce((select max(at) from login_attempts where network = '*' and outcome = 'pardoned'), '-infinity')
           )
           select (select count(*) from own, cleared, last
                   where own.outcome = 'failed' and own.at > cleared.at and own.at > last.at - $2::interval) as "failures!",
               last.at as last_failure, house.failures as "failures_of_all!", house.at as last_of_all,
               exists (select from own where at > clock_timestamp() - interval '30 days'
                       and (outcome = 'succeeded' or (outcome = 'pardoned' and user_agent = 'unlock'))) as "is_known!",
               clock_timestamp() as "now!"
           from last, house, cleared"#,
        network,
        lock as _,
    )
    .fetch_one(db)
    .await?;
    Ok(Counted {
        failures: row.failures,
        last_failure: row.last_failure,
        failures_of_all: row.failures_of_all,
        last_of_all: row.last_of_all,
        is_known: row.is_known,
        now: row.now,
    })
}

/// The code was right.
///
/// # Errors
/// [`StoreError`]
pub async fn succeed(db: impl PgExecutor<'_>, row: i64) -> Result<(), StoreError> {
    sqlx::query!(
        "update login_attempts set outcome = 'succeeded', at = clock_timestamp() where id = $1",
        row
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgives what came before: of a network, or of [`EVERYBODY`].
///
/// # Errors
/// [`StoreError`]
pub async fn pardon(pool: &PgPool, network: &str) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    if network == EVERYBODY {
        sqlx::query!(
            "insert into login_attempts (network, outcome, user_agent)
             select distinct network, 'pardoned', 'unlock everybody' from login_attempts
             where outcome = 'failed' and at > now() - interval '30 days'"
        )
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query!(
        "insert into login_attempts (network, outcome, user_agent) values ($1, 'pardoned', 'unlock')",
        network
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Removes what is too old to matter.
///
/// # Errors
/// [`StoreError`]
pub async fn sweep(db: impl PgExecutor<'_>) -> Result<(), StoreError> {
    sqlx::query!("delete from login_attempts where at < now() - interval '90 days'")
        .execute(db)
        .await?;
    Ok(())
}

/// Whether an attempt was brought from elsewhere.
///
/// # Errors
/// [`StoreError`]
pub async fn is_kept(
    db: impl PgExecutor<'_>,
    network: &str,
    at: DateTime<Utc>,
    user_agent: &str,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from login_attempts where network = $1 and at = $2 and user_agent = $3) as "kept!""#,
        network,
        at,
        user_agent
    )
    .fetch_one(db)
    .await?)
}

/// Brings a failed attempt from elsewhere; `false` where it was brought before.
///
/// # Errors
/// [`StoreError`]
pub async fn bring(
    db: impl PgExecutor<'_>,
    network: &str,
    at: DateTime<Utc>,
    user_agent: &str,
) -> Result<bool, StoreError> {
    let result = sqlx::query!(
        "insert into login_attempts (network, at, outcome, user_agent)
         select $1, $2, 'failed', $3
         where not exists (select from login_attempts where network = $1 and at = $2 and user_agent = $3)",
        network,
        at,
        user_agent
    )
    .execute(db)
    .await?;
    Ok(result.rows_affected() > 0)
}
