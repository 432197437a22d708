//! The prompts that people wrote.

use domain::prompt::{self, OwnPrompt, PromptError};
use uuid::Uuid;

use super::{Services, StoreError};
use crate::database;

/// Why a prompt was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepPromptError {
    /// Its name or text won't do.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// It is not there any more.
    #[error("that prompt was deleted")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Services {
    /// The prompts that people wrote, by name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn prompts(&self) -> Result<Vec<OwnPrompt>, StoreError> {
        database::prompts::all(&self.pool).await
    }

    /// Keeps a prompt, a new one where `id` is empty; its id.
    ///
    /// # Errors
    /// [`KeepPromptError`]
    pub async fn keep_prompt(&self, id: &str, name: &str, text: &str) -> Result<String, KeepPromptError> {
        let (name, text) = prompt::checked(name, text)?;
        let id = match id {
            "" => Uuid::now_v7(),
            id => id.parse().map_err(|_| KeepPromptError::Gone)?,
        };
        let mut tx = self.pool.begin().await.map_err(StoreError::from)?;
        if !database::prompts::keep(&mut tx, id, &name, &text).await? {
            tx.rollback().await.map_err(StoreError::from)?;
            let taken = database::prompts::by_name(&self.pool, &name).await?.is_some();
            return Err(if taken {
                PromptError::Taken.into()
            } else {
                KeepPromptError::Gone
            });
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(id.to_string())
    }

    /// Deletes a prompt (it can be restored for a day); its name, or `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_prompt(&self, id: &str) -> Result<Option<String>, StoreError> {
        match id.parse() {
            Ok(id) => database::prompts::delete(&self.pool, id).await,
            Err(_) => Ok(None),
        }
    }

    /// Takes such a deletion back; `false` where it is too late.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn restore_prompt(&self, id: &str) -> Result<bool, StoreError> {
        match id.parse() {
            Ok(id) => database::prompts::restore(&self.pool, id).await,
            Err(_) => Ok(false),
        }
    }
}
