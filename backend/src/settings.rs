//! What the owner sets in the app: kept in Postgres, keys encrypted, every change in the trail. Which settings there are and what
//! is good for them is not known here.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgPool;

use crate::{
    access::{Granted, SecretKey},
    database::{StoreError, audit, settings},
    models::Secret,
};

/// Where settings are kept.
#[derive(Clone, Debug)]
pub struct SettingsStore {
    pool: PgPool,
    key: Option<SecretKey>,
}

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Values by name.
    pub values: BTreeMap<String, Secret>,
    /// Secrets that can't be read: they were kept with another key.
    pub unreadable: BTreeSet<String>,
}

/// A change of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub name: &'static str,
    /// Whether it is kept encrypted.
    pub is_secret: bool,
    /// What it becomes; `None` where it is forgotten.
    pub value: Option<Secret>,
}

/// Why settings were not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// There is nothing to encrypt with.
    #[error("keys can't be kept here, since SESSION_SECRET_KEY is not set")]
    NoKey,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SettingsStore {
    /// The store; without a `key` it takes no secrets.
    #[must_use]
    pub fn new(pool: PgPool, key: Option<SecretKey>) -> Self {
        Self { pool, key }
    }

    /// Whether secrets can be kept.
    #[must_use]
    pub fn takes_secrets(&self) -> bool {
        self.key.is_some()
    }

    /// What is kept.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn read(&self) -> Result<Kept, StoreError> {
        let mut kept = Kept::default();
        for (name, value) in settings::all(&self.pool).await? {
            kept.values.insert(name, Secret::new(value));
        }
        for (name, sealed) in settings::secrets(&self.pool).await? {
            match self.key.as_ref().map(|key| key.open(&name, &sealed)) {
                Some(Ok(secret)) => drop(kept.values.insert(name, secret)),
                Some(Err(_)) | None => drop(kept.unreadable.insert(name)),
            }
        }
        Ok(kept)
    }

    /// Keeps changes, all or none, each with a line in the trail that names it and not its value.
    ///
    /// # Errors
    /// [`KeepError`]
    pub async fn change(&self, by: &Granted, changes: &[Change]) -> Result<(), KeepError> {
        let mut tx = self.pool.begin().await.map_err(StoreError::from)?;
        for change in changes {
            let what = match (&change.value, change.is_secret) {
                (Some(value), true) => {
                    let key = self.key.as_ref().ok_or(KeepError::NoKey)?;
                    let sealed = key.seal(change.name, value.expose()).map_err(|_| KeepError::NoKey)?;
                    settings::keep_secret(&mut *tx, change.name, &sealed).await?;
                    "set"
                }
                (Some(value), false) => {
                    settings::keep(&mut *tx, change.name, value.expose()).await?;
                    "set"
                }
                (None, _) => {
                    if !settings::remove(&mut tx, change.name).await? {
                        continue;
                    }
                    "removed"
                }
            };
            let detail = format!("{} {what}", change.name);
            let address = by.address.to_string();
            audit::write(&mut *tx, "settings_changed", &by.who(), Some(&address), &detail).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}
