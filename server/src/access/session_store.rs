//! Sessions in Postgres. What a browser shows is random and never stored: only its SHA-256 is, so that whoever reads the database
//! can't sign in with it.

use async_trait::async_trait;
use backend::{
    access::{IDLE_DAYS, sha256},
    database::{StoreError, sessions},
};
use serde_json::Value;
use sqlx::PgPool;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Where a session's number stands among its data while it is in use.
pub const NUMBER: &str = "number";

/// The store.
#[derive(Clone, Debug)]
pub struct PostgresStore(pub PgPool);

#[async_trait]
impl SessionStore for PostgresStore {
    /// Inserts and never overwrites: an id that is taken is drawn again.
    async fn create(&self, record: &mut Record) -> Result<()> {
        let data = encode(record)?;
        while !sessions::create(&self.0, &hash(&record.id), &data, IDLE_DAYS)
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        sessions::save(&self.0, &hash(&record.id), &encode(record)?)
            .await
            .map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some((number, data)) = sessions::load(&self.0, &hash(id)).await.map_err(failed)? else {
            return Ok(None);
        };
        let Value::Object(data) = data else {
            return Err(Error::Decode("a session's data are no object".to_owned()));
        };
        let mut record = Record {
            id: *id,
            data: data.into_iter().collect(),
            // The database has looked: what has ended is not found.
            expiry_date: time::OffsetDateTime::now_utc() + time::Duration::days(IDLE_DAYS.into()),
        };
        record.data.insert(NUMBER.to_owned(), number.to_string().into());
        Ok(Some(record))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sessions::delete(&self.0, &hash(id)).await.map_err(failed)
    }
}

fn hash(id: &Id) -> [u8; 32] {
    sha256(id.to_string().as_bytes())
}

fn encode(record: &Record) -> Result<Value> {
    let mut data = record.data.clone();
    data.remove(NUMBER);
    serde_json::to_value(data).map_err(|error| Error::Encode(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn failed(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}
