//! Doing it: YouTube, language models, Postgres, jobs. One folder a neighbour; nothing here knows that a web page exists.

pub mod http;
pub mod models;
pub mod services;
pub mod summarize;
pub mod youtube;
