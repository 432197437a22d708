//! An attempt to sign in. It is written down as failed before the code is looked at, so that attempts made at the same moment,
//! on whatever replica, count for each other; and what is slow about it is the same for right and wrong codes.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use metrics::counter;

use super::{Access, Login, LoginRules, network, one_line};
use crate::{
    database::{
        StoreError, audit,
        login_attempts::{self, Counted, Verdict},
    },
    models::Secret,
};

/// How long an attempt waits for others to be compared.
const PATIENCE: Duration = Duration::from_secs(5);

/// After so many failures within an hour, from anywhere, strangers get their turns slowly; addresses that somebody signed in from
/// lately don't notice (NIST 800-63B-4: at most 100).
const FAILURES_OF_ALL: i64 = 100;

/// How slowly.
const TURN: TimeDelta = TimeDelta::seconds(36);

/// What became of an attempt, or would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The code is right.
    Right,
    /// It is not; so many attempts remain.
    Wrong {
        /// For this address.
        remaining: u32,
    },
    /// It was not looked at: too many failures from this address.
    LockedOut {
        /// When it is again.
        until: DateTime<Utc>,
    },
    /// It was not looked at: too many failures from everywhere.
    Slowed {
        /// When the next stranger gets a turn.
        until: DateTime<Utc>,
    },
}

/// Why an attempt could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Others are being compared.
    #[error("too many are signing in at once")]
    Busy,
    /// There is no login.
    #[error("there is no login code")]
    NoCode,
    /// There is to be a login code, and it can't be had.
    #[error("the login code can't be read")]
    Shut,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Access {
    /// Looks at a code.
    ///
    /// # Errors
    /// [`SignInError`]
    pub async fn sign_in(&self, address: IpAddr, typed: Secret, user_agent: &str) -> Result<Attempt, SignInError> {
        let rules = self.rules.now();
        let code = match &rules.login {
            Login::Open => return Err(SignInError::NoCode),
            Login::Shut => return Err(SignInError::Shut),
            Login::Code(code) => code.clone(),
        };
        // Before the database: whoever floods us must not take its connections.
        let waiting = tokio::time::timeout(PATIENCE, self.comparing.clone().acquire_owned());
        let Ok(Ok(permit)) = waiting.await else {
            return Err(SignInError::Busy);
        };
        let network = network::of(address);
        let user_agent = one_line(user_agent, 200);
        let (row, standing) = login_attempts::begin(&self.pool, &network, &user_agent, rules.lockout, |counted| {
            let standing = standing_of(counted, &rules);
            let verdict = match standing {
                Attempt::Wrong { .. } | Attempt::Right => Verdict::Compare,
                Attempt::LockedOut { .. } | Attempt::Slowed { .. } => Verdict::Refuse,
            };
            (verdict, standing)
        })
        .await?;
        let Some(row) = row else {
            count("locked");
            return Ok(standing);
        };
        let right = tokio::task::spawn_blocking(move || {
            let right = code.is(&typed);
            drop(permit);
            right
        })
        .await
        .unwrap_or(false);
        if right {
            login_attempts::succeed(&self.pool, row).await?;
            count("right");
            return Ok(Attempt::Right);
        }
        count("wrong");
        let remaining = match standing {
            Attempt::Wrong { remaining } => remaining.saturating_sub(1),
            _ => 0,
        };
        self.note_failure(address, remaining, &user_agent).await?;
        Ok(Attempt::Wrong { remaining })
    }

    /// What an attempt from this address would meet; [`Attempt::Wrong`] says how many it has.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn standing(&self, address: IpAddr) -> Result<Attempt, StoreError> {
        let rules = self.rules.now();
        let counted = login_attempts::count(&self.pool, &network::of(address), rules.lockout).await?;
        Ok(standing_of(&counted, &rules))
    }

    /// For how long an address is locked out.
    #[must_use]
    pub fn lockout(&self) -> Duration {
        self.rules.now().lockout
    }

    /// How many attempts an address has.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        self.rules.now().max_attempts
    }

    async fn note_failure(&self, address: IpAddr, remaining: u32, user_agent: &str) -> Result<(), StoreError> {
        let kind = if remaining == 0 { "locked_out" } else { "sign_in_failed" };
        tracing::warn!(%address, remaining, "a wrong login code");
        let address = address.to_string();
        audit::write(&self.pool, kind, "stranger", Some(&address), user_agent).await
    }
}

fn standing_of(counted: &Counted, rules: &LoginRules) -> Attempt {
    let failures = u32::try_from(counted.failures).unwrap_or(u32::MAX);
    let remaining = rules.max_attempts.saturating_sub(failures);
    if remaining == 0 {
        let last = counted.last_failure.unwrap_or(counted.now);
        let lock = TimeDelta::from_std(rules.lockout).unwrap_or_default();
        return Attempt::LockedOut { until: last + lock };
    }
    if counted.failures_of_all >= FAILURES_OF_ALL && !counted.is_known {
        let until = counted.last_of_all.unwrap_or(counted.now) + TURN;
        if until > counted.now {
            return Attempt::Slowed { until };
        }
    }
    Attempt::Wrong { remaining }
}

fn count(outcome: &'static str) {
    if outcome == "locked" {
        crate::metrics::count_limited("sign_ins");
    }
    counter!("ytsum_login_attempts_total", "outcome" => outcome).increment(1);
}
