//! What models were asked and what that took: the ledger that the budget of a day is held against. In Postgres, where
//! all replicas write into one; in memory for commands, which have no database and end soon.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use domain::models::Spent;
use sqlx::PgPool;

use super::Limits;
use crate::database::{
    StoreError,
    model_calls::{self, Call, Today},
};

/// The ledger.
#[derive(Clone, Debug)]
pub(super) enum Ledger {
    /// In this process, since this day began.
    Here(Arc<Mutex<(NaiveDate, Today)>>),
    /// In Postgres.
    Shared(PgPool),
}

/// A call that is under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Its number; `None` where it could not be noted, or is noted in memory.
    id: Option<i64>,
    input_tokens: u64,
    cost: Option<f64>,
}

/// The day's budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Over;

impl Ledger {
    pub(super) fn here() -> Self {
        Self::Here(Arc::new(Mutex::new((Utc::now().date_naive(), Today::default()))))
    }

    /// Notes a call that is about to be made.
    ///
    /// # Errors
    /// [`Over`] where it does not fit into what may be spent today.
    pub(super) async fn begin(&self, call: &Call<'_>, limits: Limits) -> Result<Entry, Over> {
        let allows = |today: Today| fits(today, call, limits);
        let entry = |id| Entry {
            id,
            input_tokens: call.input_tokens,
            cost: call.cost,
        };
        match self {
            Self::Here(_) => {
                let add = |today: &mut Today| {
                    let allowed = allows(*today);
                    if allowed {
                        today.calls += 1;
                        today.tokens = today.tokens.saturating_add(call.input_tokens);
                        today.cost += call.cost.unwrap_or_default();
                    }
                    allowed
                };
                self.change(add).unwrap_or(true).then(|| entry(None)).ok_or(Over)
            }
            Self::Shared(pool) => match model_calls::begin(pool, call, allows).await {
                Ok(Some(id)) => Ok(entry(Some(id))),
                Ok(None) => Err(Over),
                Err(error) => {
                    // Whoever asks notices by itself that the database is down.
                    tracing::warn!(%error, "a call of a model could not be noted");
                    Ok(entry(None))
                }
            },
        }
    }

    /// Notes how it ended; `None` tokens stay as estimated.
    pub(super) async fn end(&self, entry: Entry, outcome: &str, tokens: Option<(u64, u64)>, cost: Option<f64>) {
        let (input, output) = tokens.unwrap_or((entry.input_tokens, 0));
        let cost = if tokens.is_some() { cost } else { entry.cost };
        match self {
            Self::Here(_) => {
                self.change(|today| {
                    let added = input.saturating_add(output);
                    today.tokens = today.tokens.saturating_sub(entry.input_tokens).saturating_add(added);
                    today.cost = (today.cost - entry.cost.unwrap_or_default()).max(0.0) + cost.unwrap_or_default();
                    today.unpriced_calls += u64::from(cost.is_none() && added > 0);
                });
            }
            Self::Shared(pool) => {
                let Some(id) = entry.id else { return };
                if let Err(error) = model_calls::end(pool, id, outcome, input, output, cost).await {
                    tracing::warn!(%error, "how a call of a model ended could not be noted");
                }
            }
        }
    }

    /// What was spent today, and what may be.
    ///
    /// # Errors
    /// [`StoreError`]
    pub(super) async fn spent(&self, limits: Limits) -> Result<Spent, StoreError> {
        let today = match self {
            Self::Here(_) => self.change(|today| *today).unwrap_or_default(),
            Self::Shared(pool) => model_calls::today(pool).await?,
        };
        Ok(Spent {
            calls: today.calls,
            tokens: today.tokens,
            cost: today.cost,
            unpriced_calls: today.unpriced_calls,
            token_limit: limits.tokens,
            cost_limit: limits.cost,
            resets_at: next_day(Utc::now()).timestamp(),
        })
    }

    /// Changes what is noted in memory, after beginning anew where a new day has begun.
    fn change<T>(&self, change: impl FnOnce(&mut Today) -> T) -> Option<T> {
        let Self::Here(day) = self else { return None };
        let mut day = day.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Utc::now().date_naive();
        if day.0 != now {
            *day = (now, Today::default());
        }
        Some(change(&mut day.1))
    }
}

/// Whether a call fits into what may be spent today. One whose price is not known can't be held against dollars.
fn fits(today: Today, call: &Call<'_>, limits: Limits) -> bool {
    let tokens = today.tokens.saturating_add(call.input_tokens);
    let cost = today.cost + call.cost.unwrap_or_default();
    limits.tokens.is_none_or(|limit| tokens <= limit) && limits.cost.is_none_or(|limit| cost <= limit)
}

/// When there is a new budget: midnight UTC.
pub(super) fn next_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let tomorrow = now.date_naive().checked_add_days(Days::new(1));
    tomorrow.map_or(now, |day| day.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn call(input_tokens: u64, cost: Option<f64>) -> Call<'static> {
        Call {
            provider: "p",
            model: "m",
            purpose: "summary",
            run: None,
            input_tokens,
            cost,
        }
    }

    #[test]
    fn a_call_has_to_fit_into_the_rest_of_the_day() {
        let today = Today {
            calls: 1,
            tokens: 900,
            cost: 0.9,
            unpriced_calls: 0,
        };
        let limits = |tokens, cost| Limits { tokens, cost };
        for (call, limits, expected) in [
            (call(101, None), Limits::default(), true),
            (call(100, None), limits(Some(1000), None), true),
            (call(101, None), limits(Some(1000), None), false),
            (call(1, Some(0.05)), limits(None, Some(1.0)), true),
            (call(1, Some(0.2)), limits(None, Some(1.0)), false),
            // Its price is not known.
            (call(1, None), limits(None, Some(1.0)), true),
        ] {
            assert_eq!(fits(today, &call, limits), expected, "{call:?} {limits:?}");
        }
    }

    #[tokio::test]
    async fn estimates_give_way_to_counts() {
        let ledger = Ledger::here();
        let limits = Limits {
            tokens: Some(1000),
            cost: None,
        };
        let first = ledger.begin(&call(800, Some(0.5)), limits).await.unwrap();
        assert_eq!(ledger.begin(&call(300, None), limits).await.unwrap_err(), Over);
        ledger.end(first, "ok", Some((500, 100)), Some(0.25)).await;
        let second = ledger.begin(&call(300, None), limits).await.unwrap();
        ledger.end(second, "model_timeout", None, None).await;
        let third = ledger.begin(&call(50, None), limits).await.unwrap();
        ledger.end(third, "model_auth", Some((0, 0)), None).await;
        let spent = ledger.spent(limits).await.unwrap();
        assert_eq!((spent.calls, spent.tokens, spent.unpriced_calls), (3, 900, 1));
        assert!((spent.cost - 0.25).abs() < 1e-9);
        assert!(spent.resets_at > Utc::now().timestamp());
    }

    #[test]
    fn a_day_ends_at_midnight_utc() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(next_day(at("2026-12-31T23:59:59Z")), at("2027-01-01T00:00:00Z"));
        assert_eq!(next_day(at("2026-12-31T00:00:00Z")), at("2027-01-01T00:00:00Z"));
    }
}
