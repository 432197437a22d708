//! Trying each client by itself on one video: what works here and now, for people who run a server.

use std::time::Duration;

use tokio::time::Instant;

use super::{ClientProfile, YouTube, error::YouTubeError, player, timedtext};

/// How a client fared.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Its name.
    pub client: String,
    /// The version it appeared as.
    pub version: String,
    /// How many caption tracks it was told of.
    pub tracks: Result<usize, YouTubeError>,
    /// How many cues the first of them has; `None` where there was none to fetch.
    pub cues: Option<Result<usize, YouTubeError>>,
    /// How long both took.
    pub took: Duration,
}

impl Examined {
    /// Whether captions were had.
    #[must_use]
    pub fn works(&self) -> bool {
        matches!(self.cues, Some(Ok(_)))
    }
}

impl YouTube {
    /// Tries each client of the chain on a video, one after the other.
    pub async fn examine(&self, video_id: &str) -> Vec<Examined> {
        let mut examined = Vec::new();
        for client in &self.clients.chain {
            examined.push(self.examine_client(client, video_id).await);
        }
        // One that works ends a pause; that none does proves no refusal.
        if examined.iter().any(Examined::works) {
            self.fetch.gate.note(&Ok(())).await;
        }
        examined
    }

    async fn examine_client(&self, client: &ClientProfile, video_id: &str) -> Examined {
        let begun = Instant::now();
        let deadline = self.fetch.deadline();
        let player = player::ask(&self.fetch, client, video_id, &deadline).await;
        let (tracks, cues) = match player {
            Err(error) => (Err(error), None),
            Ok(player) => {
                let cues = match player.tracks.first() {
                    Some(track) => {
                        let agent = &self.clients.web.user_agent;
                        let transcript = timedtext::transcript(&self.fetch, track, agent, &deadline).await;
                        Some(transcript.map(|transcript| transcript.cues.len()))
                    }
                    None => None,
                };
                (Ok(player.tracks.len()), cues)
            }
        };
        Examined {
            client: client.name.clone(),
            version: client.version.clone(),
            tracks,
            cues,
            took: begun.elapsed(),
        }
    }
}
