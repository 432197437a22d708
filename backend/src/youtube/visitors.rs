//! Visitor data: the name under which YouTube knows a guest. Every answer carries one, and each client sends its own along from
//! then on; a client that is taken for a bot without one asks for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    ClientProfile,
    fetch::{Deadline, Fetch},
    innertube,
    json::at,
};

/// How long a name is used.
const KEPT: Duration = Duration::from_secs(6 * 60 * 60);
/// Longer ones are none.
const LONGEST: usize = 500;

/// The names we go by, by client. Of this process only: they are worth nothing and cost one request.
#[derive(Clone, Default)]
pub(super) struct Visitors(Arc<Mutex<HashMap<String, (String, Instant)>>>);

impl Visitors {
    /// The name a client goes by.
    pub(super) fn of(&self, client: &ClientProfile) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (name, since) = known.get(&client.name)?;
        (since.elapsed() < KEPT).then(|| name.clone())
    }

    /// Keeps the name that an answer gives, unless the client has one.
    pub(super) fn learn(&self, client: &ClientProfile, answer: &Value) {
        let name = at(answer, "/responseContext/visitorData").as_str().unwrap_or_default();
        let is_name = (1..=LONGEST).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_%=".contains(&b));
        if is_name && self.of(client).is_none() {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(client.name.clone(), (name.to_owned(), Instant::now()));
        }
    }

    /// Gives a name up that YouTube distrusts.
    pub(super) fn forget(&self, client: &ClientProfile) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&client.name);
    }
}

/// Asks for a name; whether the client has one now.
pub(super) async fn ask(fetch: &Fetch, client: &ClientProfile, deadline: &Deadline) -> bool {
    // The answer's name is learned as that of any answer.
    let answer = innertube::call(fetch, client, "visitor_id", json!({}), deadline).await;
    answer.is_ok() && fetch.visitors.of(client).is_some()
}
