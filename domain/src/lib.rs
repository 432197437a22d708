//! What a video, a transcript, a passage, a summary and a citation *are*: types and pure functions.
//!
//! Knows nobody: no IO, no async, no clock, no randomness. Also compiles to wasm, where the browser uses
//! [`input`] for instant feedback and [`citations`] to render text while it streams.

pub mod captions;
pub mod captured;
pub mod chapters;
pub mod check;
pub mod citations;
pub mod coverage;
pub mod description;
pub mod evidence;
pub mod export;
pub mod extract;
pub mod fault;
pub mod headings;
pub mod input;
pub mod language;
pub mod layout;
pub mod library;
pub mod link;
pub mod markdown;
pub mod models;
pub mod passages;
pub mod prompt;
pub mod question;
pub mod run;
pub mod search;
pub mod segmentation;
pub mod sentences;
pub mod summary;
pub mod timecode;
pub mod tokens;
pub mod topics;
pub mod transcript;
pub mod video;
pub mod video_list;
pub mod youtube_health;
