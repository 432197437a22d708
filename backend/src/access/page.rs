//! What the owner sees of all this: devices, tokens, the trail.

use serde_json::Value;
use uuid::Uuid;

use super::{Access, Granted, Who};
use crate::database::{StoreError, api_tokens, audit, sessions};

/// Lines of the trail on the page.
const TRAIL: i64 = 100;

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessPage {
    /// Whether there is a login at all.
    pub is_locked: bool,
    /// Who is signed in.
    pub devices: Vec<DeviceLine>,
    /// Tokens.
    pub tokens: Vec<TokenLine>,
    /// The trail, newest first.
    pub trail: Vec<AuditLine>,
}

/// A device. Its name and address come from strangers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLine {
    /// What it is ended by.
    pub number: Uuid,
    /// What it calls itself.
    pub name: String,
    /// Where it signed in from.
    pub address: String,
    /// When, in seconds since 1970.
    pub since: i64,
    /// When it was last seen.
    pub last_seen: i64,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLine {
    /// What it is revoked by.
    pub id: Uuid,
    /// What the owner calls it.
    pub name: String,
    /// Whether it may only look.
    pub read_only: bool,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// When it ends.
    pub expires: Option<i64>,
    /// Whether that is past.
    pub has_expired: bool,
    /// When it was last used.
    pub last_used: Option<i64>,
}

/// A line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When, in seconds since 1970.
    pub at: i64,
    /// What.
    pub kind: String,
    /// By whom.
    pub who: String,
    /// From where.
    pub address: Option<String>,
    /// To what.
    pub detail: String,
}

impl Access {
    /// Everything for the page.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn page(&self, granted: &Granted) -> Result<AccessPage, StoreError> {
        let mark = self.mark_of_code();
        let devices = sessions::devices(&self.pool).await?;
        let tokens = api_tokens::list(&self.pool).await?;
        let trail = audit::newest(&self.pool, TRAIL).await?;
        let now = chrono::Utc::now();
        Ok(AccessPage {
            is_locked: self.is_locked(),
            devices: devices
                .into_iter()
                // Those of an earlier code open nothing any more.
                .filter(|device| mark.is_some() && text(&device.data, "code") == mark.as_deref())
                .map(|device| DeviceLine {
                    number: device.number,
                    name: device_name(&device.data),
                    address: text(&device.data, "address").unwrap_or_default().to_owned(),
                    since: device.created_at.timestamp(),
                    last_seen: device.last_seen_at.timestamp(),
                    is_this: matches!(granted.who, Who::Device { number, .. } if number == device.number),
                })
                .collect(),
            tokens: tokens
                .into_iter()
                .map(|token| TokenLine {
                    id: token.id,
                    name: token.name,
                    read_only: token.read_only,
                    created: token.created_at.timestamp(),
                    has_expired: token.expires_at.is_some_and(|end| end <= now),
                    expires: token.expires_at.map(|end| end.timestamp()),
                    last_used: token.last_used_at.map(|used| used.timestamp()),
                })
                .collect(),
            trail: trail
                .into_iter()
                .map(|entry| AuditLine {
                    at: entry.at.timestamp(),
                    kind: entry.kind,
                    who: entry.who,
                    address: entry.address,
                    detail: entry.detail,
                })
                .collect(),
        })
    }
}

/// What a session's device calls itself.
pub(super) fn device_name(data: &Value) -> String {
    text(data, "device").unwrap_or("unknown").to_owned()
}

fn text<'a>(data: &'a Value, name: &str) -> Option<&'a str> {
    data.get("signed_in")?.get(name)?.as_str()
}
