//! Whole tables, out of and into Postgres by `COPY`: what backups are made of. Nothing here is known when we compile, since an
//! archive may be of an older schema, hence no checked queries; names are only ever those of tables that exist.

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::{MIGRATOR, StoreError};

/// The tables that are backed up, those that others refer to first.
pub const BACKED_UP: &[&str] = &[
    "videos",
    "transcripts",
    "passages",
    "runs",
    "summaries",
    "claims",
    "summary_tags",
    "audio",
    "tracks",
    "batches",
    "batch_runs",
    "questions",
    "extracts",
    "model_answers",
    "model_calls",
    "model_notes",
    "prompts",
    "prompt_texts",
    "api_tokens",
    "audit",
    "settings",
    "thumbnails",
    "youtube_clients",
];

/// Those that are not, with the reason.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("run_events", "of use only while somebody watches"),
    (
        "sessions",
        "whoever is signed in signs in again: no backup opens a door",
    ),
    ("setting_secrets", "keys of others: they are entered again"),
    ("login_attempts", "lockouts of other days"),
    ("rate_buckets", "of use for minutes"),
    ("model_asks", "of use only while a model is asked"),
    ("question_events", "of use only while somebody watches"),
    ("video_lists", "read again from YouTube within the quarter of an hour"),
    ("youtube_gates", "a pause of another day and another address"),
    ("library_counts", "counted by its triggers as rows come in"),
    ("backups", "of the server that made them, not of its data"),
    ("_sqlx_migrations", "written by the migrations themselves"),
];

/// A table as it is copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the copy.
    pub columns: Vec<String>,
}

impl Table {
    /// Reads its columns; `None` where there is no such table.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of(db: &mut PgConnection, name: &str) -> Result<Option<Self>, StoreError> {
        let columns: Vec<String> = sqlx::query_scalar(
            "select attname::text from pg_attribute
             where attrelid = to_regclass('public.' || quote_ident($1)) and attnum > 0 and not attisdropped and attgenerated = ''
             order by attnum",
        )
        .bind(name)
        .fetch_all(db)
        .await?;
        Ok((!columns.is_empty()).then(|| Self {
            name: name.to_owned(),
            columns,
        }))
    }

    fn list(&self) -> String {
        let quoted: Vec<String> = self.columns.iter().map(|column| quoted(column)).collect();
        quoted.join(", ")
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Makes values look the same wherever they are copied out.
///
/// # Errors
/// [`StoreError`]
pub async fn settle_formats(db: &mut PgConnection) -> Result<(), StoreError> {
    for setting in [
        "set local timezone to 'UTC'",
        "set local datestyle to 'ISO, YMD'",
        "set local intervalstyle to 'postgres'",
        "set local extra_float_digits to 1",
        "set local bytea_output to 'hex'",
        // A large table takes its time.
        "set local statement_timeout to 0",
    ] {
        sqlx::query(setting).execute(&mut *db).await?;
    }
    Ok(())
}

/// A table's rows in Postgres' text format, each ended by a line feed, in the order of its primary key.
///
/// # Errors
/// [`StoreError`]
pub async fn out<'c>(
    db: &'c mut PgConnection,
    table: &Table,
) -> Result<impl Stream<Item = Result<Bytes, StoreError>> + Send + 'c, StoreError> {
    let key: Vec<String> = sqlx::query_scalar(
        "select a.attname::text
         from pg_index i
         cross join lateral unnest(i.indkey) with ordinality as k (number, place)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
         where i.indrelid = to_regclass('public.' || quote_ident($1)) and i.indisprimary
         order by k.place",
    )
    .bind(&table.name)
    .fetch_all(&mut *db)
    .await?;
    let key: Vec<String> = key.iter().map(|column| quoted(column)).collect();
    let statement = format!(
        "copy (select {} from public.{} order by {}) to stdout",
        table.list(),
        quoted(&table.name),
        if key.is_empty() { "1".to_owned() } else { key.join(", ") }
    );
    let rows = db.copy_out_raw(&statement).await?;
    Ok(rows.map_err(StoreError::from).boxed())
}

/// Copies rows in; how many there were.
///
/// # Errors
/// [`StoreError`]
pub async fn into(
    db: &mut PgConnection,
    table: &Table,
    mut rows: impl Stream<Item = Bytes> + Unpin,
) -> Result<u64, StoreError> {
    let statement = format!("copy public.{} ({}) from stdin", quoted(&table.name), table.list());
    let mut copy = db.copy_in_raw(&statement).await?;
    while let Some(bytes) = rows.next().await {
        copy.send(bytes).await?;
    }
    Ok(copy.finish().await?)
}

/// After rows came in with their numbers: the next number is one that is free.
///
/// # Errors
/// [`StoreError`]
pub async fn go_on_counting(db: &mut PgConnection, table: &Table) -> Result<(), StoreError> {
    let counted: Vec<String> = sqlx::query_scalar(
        "select attname::text from pg_attribute
         where attrelid = to_regclass('public.' || quote_ident($1)) and attidentity <> '' and not attisdropped",
    )
    .bind(&table.name)
    .fetch_all(&mut *db)
    .await?;
    for column in counted {
        let statement = format!(
            "select setval(pg_get_serial_sequence($1, $2), coalesce((select max({}) from public.{}), 0) + 1, false)",
            quoted(&column),
            quoted(&table.name)
        );
        sqlx::query(AssertSqlSafe(statement))
            .bind(format!("public.{}", quoted(&table.name)))
            .bind(&column)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}

/// Whether a database holds none of our data: it was never used, or only migrated.
///
/// # Errors
/// [`StoreError`]
pub async fn is_empty(db: &mut PgConnection) -> Result<bool, StoreError> {
    for name in BACKED_UP {
        if Table::of(&mut *db, name).await?.is_none() {
            continue;
        }
        let statement = format!("select exists (select from public.{})", quoted(name));
        let used: bool = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut *db).await?;
        if used {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The names of all tables of ours.
///
/// # Errors
/// [`StoreError`]
pub async fn all_names(db: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
    )
    .fetch_all(db)
    .await?)
}

/// The schema's version: that of the newest migration that was run.
///
/// # Errors
/// [`StoreError`]
pub async fn schema_version(db: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
            .fetch_one(db)
            .await?,
    )
}

/// The version that this program brings a database to.
#[must_use]
pub fn newest_schema_version() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Brings our tables (not the queue's) to a version; nothing happens where they are past it.
///
/// # Errors
/// [`StoreError::Migrate`]
pub async fn migrate_to(pool: &PgPool, version: i64) -> Result<(), StoreError> {
    Ok(MIGRATOR.run_to(version, pool).await?)
}

/// Makes a database on the same server.
///
/// # Errors
/// [`StoreError`], also where the user may not.
pub async fn create_database(pool: &PgPool, name: &str) -> Result<(), StoreError> {
    // Not template1: what somebody put there is not ours.
    let statement = format!("create database {} template template0 encoding 'UTF8'", quoted(name));
    sqlx::query(AssertSqlSafe(statement)).execute(pool).await?;
    Ok(())
}

/// Makes a database on the same server where there is none of that name.
///
/// # Errors
/// [`StoreError`], also where the user may not.
pub async fn create_database_unless_there(pool: &PgPool, name: &str) -> Result<(), StoreError> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(pool)
        .await?;
    if there {
        Ok(())
    } else {
        create_database(pool, name).await
    }
}

/// Removes a database and whoever is connected to it.
///
/// # Errors
/// [`StoreError`]
pub async fn drop_database(pool: &PgPool, name: &str) -> Result<(), StoreError> {
    let statement = format!("drop database if exists {} with (force)", quoted(name));
    sqlx::query(AssertSqlSafe(statement)).execute(pool).await?;
    Ok(())
}
