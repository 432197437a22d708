//! Whole calls against a server that answers as YouTube does. What they share; the cases stand beside this file.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    Captions, YouTube, YouTubeError,
    fixture::{ID, Reply, player, track},
};

mod captions;
mod egress;
mod hostile;
mod limits;
mod lists;
mod metadata;
mod refusals;
mod table;
mod yt_dlp;

/// Makes an address one that is answered with nothing.
const WITHHELD: &str = "&exp=xpe";

/// A player's answer with one English track.
fn english() -> Reply {
    Reply::json(&player(&[track("en", "", "")]))
}

/// Watches and fetches captions, as the pipeline does.
async fn captions(youtube: &YouTube, languages: &[&str]) -> Result<Captions, YouTubeError> {
    let languages: Vec<String> = languages.iter().map(|&code| code.to_owned()).collect();
    youtube.captions(&youtube.watch(ID).await?, &languages).await
}
