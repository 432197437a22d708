//! What the backend does as a whole, on a real Postgres and the fixture upstream. One program, so that it is linked once.

#![expect(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod batches;
mod captured;
mod gate;
mod house;
mod predecessor;
mod prompts;
mod providers;
mod questions;
mod runs;
mod search;
mod tracks;
mod versions;
mod workers;
