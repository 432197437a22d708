//! Who may come in: the login code and its limits, who a request comes from, tokens for scripts, and the trail of what was done.
//!
//! Everything that holds for longer than a request lies in Postgres, so that it holds for all replicas.

pub mod login_code;
pub mod network;
mod page;
pub mod secret_key;
mod sign_in;

use std::{net::IpAddr, sync::Arc, time::Duration};

use rand::RngCore;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    current::Current,
    database::{self, StoreError, api_tokens, audit, rate_buckets, sessions},
    models::Secret,
};

pub use login_code::{LoginCode, LoginCodeError};
pub use page::{AccessPage, AuditLine, DeviceLine, TokenLine};
pub use secret_key::SecretKey;
pub use sign_in::{Attempt, SignInError};

/// A session ends when it was not used for so many days,
pub const IDLE_DAYS: i32 = 14;
/// and in any case so many days after it began (NIST 800-63B-4, AAL1).
pub const ABSOLUTE_DAYS: i32 = 30;

/// What every token begins with, so that scanners of leaked secrets can know it.
const TOKEN_PREFIX: &str = "yts_";

/// How people come in.
#[derive(Debug)]
pub struct AccessConfig {
    /// What the door asks for.
    pub rules: LoginRules,
    /// What keys are made from; `None` where none is set and none is needed.
    pub key: Option<SecretKey>,
    /// Costly calls a minute, for a session and for an address; `None` for no limit.
    pub costly_per_minute: Option<u32>,
}

/// What the door asks for. Can be changed while people come and go.
#[derive(Clone, Debug)]
pub struct LoginRules {
    /// Who may come in.
    pub login: Login,
    /// Failures in a row that lock an address out.
    pub max_attempts: u32,
    /// For how long.
    pub lockout: Duration,
}

/// Who may come in.
#[derive(Clone, Debug)]
pub enum Login {
    /// Everybody.
    Open,
    /// Who has the code.
    Code(LoginCode),
    /// Nobody: there is to be a code, and it can't be had.
    Shut,
}

/// The handle.
#[derive(Clone, Debug)]
pub struct Access {
    pool: PgPool,
    rules: Current<LoginRules>,
    key: Option<SecretKey>,
    costly_per_minute: Option<u32>,
    /// Comparing a code takes 19 MiB for a moment: two at a time, and nobody waits long.
    comparing: Arc<Semaphore>,
}

/// Who a request comes from, once that is settled: without this in a request, nothing is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Who.
    pub who: Who,
    /// From where.
    pub address: IpAddr,
}

/// Who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody: there is no login.
    Anybody,
    /// Somebody at this machine, where there is no login.
    Here,
    /// A device that is signed in.
    Device {
        /// The session's number.
        number: Uuid,
        /// What it calls itself, shortened.
        name: String,
    },
    /// A script.
    Token {
        /// The token's.
        id: Uuid,
        /// What the owner calls it.
        name: String,
        /// Whether it may only look.
        read_only: bool,
    },
}

impl Granted {
    /// Who, in words for the audit trail.
    #[must_use]
    pub fn who(&self) -> String {
        match &self.who {
            Who::Anybody => "anybody".to_owned(),
            Who::Here => "this machine".to_owned(),
            Who::Device { name, .. } => name.clone(),
            Who::Token { name, .. } => format!("token {name}"),
        }
    }

    /// What limits are kept by, beside the address.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        match &self.who {
            Who::Anybody | Who::Here => None,
            Who::Device { number, .. } => Some(format!("device:{number}")),
            Who::Token { id, .. } => Some(format!("token:{id}")),
        }
    }
}

impl Access {
    /// Makes the handle.
    #[must_use]
    pub fn new(pool: PgPool, config: AccessConfig) -> Self {
        Self {
            pool,
            rules: config.rules.into(),
            key: config.key,
            costly_per_minute: config.costly_per_minute,
            comparing: Arc::new(Semaphore::new(2)),
        }
    }

    /// Whether people have to sign in.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        !matches!(self.rules.now().login, Login::Open)
    }

    /// Puts other rules in force. What was opened under another code is closed by that.
    pub fn set_rules(&self, rules: LoginRules) {
        self.rules.replace(rules);
    }

    /// What a session keeps of the code it was opened with: once the code is another, so is this. Says nothing of the code to
    /// whoever has the database and not the key.
    #[must_use]
    pub fn mark_of_code(&self) -> Option<String> {
        let Login::Code(code) = self.rules.now().login else {
            return None;
        };
        let key = self.key.as_ref()?;
        Some(key.mark("login code", code.identity().as_bytes()))
    }

    /// Makes a token; it is shown once and not kept. `days` 0 means that it does not end.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn create_token(
        &self,
        by: &Granted,
        name: &str,
        read_only: bool,
        days: u16,
    ) -> Result<Secret, StoreError> {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        let encoded = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
        let token = format!("{TOKEN_PREFIX}{encoded}");
        api_tokens::create(&self.pool, name, &sha256(token.as_bytes()), read_only, days.into()).await?;
        self.write_down("token_created", by, name).await?;
        Ok(Secret::new(token))
    }

    /// The token that a script shows, if it is one of ours and still good.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn token(&self, shown: &str) -> Result<Option<Who>, StoreError> {
        if !shown.starts_with(TOKEN_PREFIX) {
            return Ok(None);
        }
        let token = api_tokens::present(&self.pool, &sha256(shown.as_bytes())).await?;
        Ok(token.map(|token| Who::Token {
            id: token.id,
            name: token.name,
            read_only: token.read_only,
        }))
    }

    /// Revokes a token; `false` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke_token(&self, by: &Granted, id: Uuid) -> Result<bool, StoreError> {
        let Some(name) = api_tokens::revoke(&self.pool, id).await? else {
            return Ok(false);
        };
        self.write_down("token_revoked", by, &name).await?;
        Ok(true)
    }

    /// Ends another device's session, or one's own; `false` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_device(&self, by: &Granted, number: Uuid) -> Result<bool, StoreError> {
        let Some(data) = sessions::end(&self.pool, number).await? else {
            return Ok(false);
        };
        let own = matches!(by.who, Who::Device { number: own, .. } if own == number);
        let kind = if own { "signed_out" } else { "device_ended" };
        self.write_down(kind, by, &page::device_name(&data)).await?;
        Ok(true)
    }

    /// Ends every session, one's own as well.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn end_all_devices(&self, by: &Granted) -> Result<(), StoreError> {
        let ended = sessions::end_all(&self.pool).await?;
        self.write_down("signed_out_everywhere", by, &format!("{ended} devices"))
            .await
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn touch(&self, number: Uuid) -> Result<(), StoreError> {
        sessions::touch(&self.pool, number, IDLE_DAYS, ABSOLUTE_DAYS).await
    }

    /// Whether a call that costs something may be made now; it is counted for its session or token, and for its address.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn may_cost(&self, granted: &Granted) -> Result<bool, StoreError> {
        let Some((burst, rate)) = self.pace() else {
            return Ok(true);
        };
        for key in bucket_keys(granted) {
            if !rate_buckets::take(&self.pool, &key, burst, rate).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Counts so many more of them, for a call that came to more than one. They are made in any case; the next ones wait, for a
    /// quarter of an hour at most.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn charge(&self, granted: &Granted, more: usize) -> Result<(), StoreError> {
        let Some((burst, rate)) = self.pace().filter(|_| more > 0) else {
            return Ok(());
        };
        let more = f64::from(u32::try_from(more).unwrap_or(u32::MAX));
        for key in bucket_keys(granted) {
            rate_buckets::owe(&self.pool, &key, burst, rate, more, rate * 900.0).await?;
        }
        Ok(())
    }

    /// How many costly calls may be made at once, and how many a second; `None` for no limit.
    fn pace(&self) -> Option<(f64, f64)> {
        let per_minute = f64::from(self.costly_per_minute?);
        Some((per_minute * 2.0, per_minute / 60.0))
    }

    /// Adds a line to the trail.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn write_down(&self, kind: &str, by: &Granted, detail: &str) -> Result<(), StoreError> {
        let address = by.address.to_string();
        audit::write(&self.pool, kind, &by.who(), Some(&address), &one_line(detail, 200)).await
    }
}

/// What costly calls are counted by.
fn bucket_keys(granted: &Granted) -> impl Iterator<Item = String> {
    let address = format!("address:{}", network::of(granted.address));
    granted.key().into_iter().chain([address])
}

/// Forgives failures: those of an address, or all.
///
/// # Errors
/// [`StoreError`]
pub async fn unlock(pool: &PgPool, address: Option<IpAddr>) -> Result<(), StoreError> {
    let network = address.map_or_else(|| database::login_attempts::EVERYBODY.to_owned(), network::of);
    database::login_attempts::pardon(pool, &network).await?;
    let detail = address.map_or_else(|| "everybody".to_owned(), |address| address.to_string());
    audit::write(pool, "unlocked", "command line", None, &detail).await
}

/// Removes what is too old to matter.
pub(crate) async fn sweep(pool: &PgPool) -> Result<(), StoreError> {
    sessions::sweep(pool).await?;
    database::login_attempts::sweep(pool).await?;
    audit::sweep(pool).await?;
    rate_buckets::sweep(pool).await
}

/// SHA-256: enough for what has 128 random bits or more.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Words of others on one line of at most `limit` characters: no line breaks for logs, nothing that turns text around.
#[must_use]
pub fn one_line(text: &str, limit: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !crate::models::secret::is_invisible(*c))
        .take(limit)
        .collect()
}
