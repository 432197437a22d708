//! Tables `settings` and `setting_secrets`.

use sqlx::{PgConnection, PgExecutor};

use super::{StoreError, storable};

/// What is set, by name.
///
/// # Errors
/// [`StoreError`]
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<(String, String)>, StoreError> {
    let rows =
        sqlx::query!(r#"select name, value #>> '{}' as "value!" from settings where jsonb_typeof(value) = 'string'"#)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}

/// The secrets, sealed, by name.
///
/// # Errors
/// [`StoreError`]
pub async fn secrets(db: impl PgExecutor<'_>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let rows = sqlx::query!("select name, sealed from setting_secrets")
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.sealed)).collect())
}

/// Keeps a setting.
///
/// # Errors
/// [`StoreError`]
pub async fn keep(db: impl PgExecutor<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into settings (name, value) values ($1, to_jsonb($2::text))
         on conflict (name) do update set value = excluded.value, updated_at = now()",
        name,
        storable(value)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Keeps a secret.
///
/// # Errors
/// [`StoreError`]
pub async fn keep_secret(db: impl PgExecutor<'_>, name: &str, sealed: &[u8]) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into setting_secrets (name, sealed) values ($1, $2)
         on conflict (name) do update set sealed = excluded.sealed, updated_at = now()",
        name,
        sealed
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets one of either kind; `false` where there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn remove(db: &mut PgConnection, name: &str) -> Result<bool, StoreError> {
    let plain = sqlx::query!("delete from settings where name = $1", name)
        .execute(&mut *db)
        .await?;
    let secret = sqlx::query!("delete from setting_secrets where name = $1", name)
        .execute(db)
        .await?;
    Ok(plain.rows_affected() + secret.rows_affected() > 0)
}
