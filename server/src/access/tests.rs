//! The doors, tried from outside: the whole router on a real Postgres, one request at a time.

#![expect(clippy::unwrap_used, reason = "tests")]

mod attempts;
mod limits;
mod login_settings;
mod sessions;
mod settings;
mod strangers;
mod support;
mod tokens;
