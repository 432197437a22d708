//! Doing it: YouTube, language models, Postgres, jobs. One folder a neighbour; nothing here knows that a web page exists.

pub mod access;
pub mod backup;
pub mod current;
pub mod database;
pub mod estimate;
pub mod http;
pub mod jobs;
pub mod live;
pub mod metrics;
pub mod models;
pub mod outage;
pub mod pipeline;
pub mod predecessor;
pub mod questions;
pub mod services;
pub mod settings;
mod submission;
pub mod summarize;
pub mod unchanged;
pub mod youtube;
