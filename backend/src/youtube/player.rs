//! The `player` call: whether a video can be watched, what it is, which caption tracks it has.

use serde_json::Value;

use super::{
    ClientProfile, Track,
    error::YouTubeError,
    fetch::{Deadline, Fetch},
    innertube,
    json::{at, items, line, lines, number},
    tracks, visitors,
};

/// What a client was told.
#[derive(Clone, Debug)]
pub(super) struct Player {
    pub(super) title: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) duration_s: Option<u32>,
    pub(super) description: String,
    pub(super) tracks: Vec<Track>,
    /// Where in `tracks` the one lies that belongs to the sound the video plays with, where YouTube tells.
    pub(super) default_track: Option<usize>,
    /// Why `tracks` is empty, if it is.
    pub(super) why_none: YouTubeError,
}

impl Player {
    /// What is known where no client is told anything.
    pub(super) fn unknown() -> Self {
        Self {
            title: None,
            channel: None,
            duration_s: None,
            description: String::new(),
            tracks: Vec::new(),
            default_track: None,
            why_none: YouTubeError::TranscriptsDisabled,
        }
    }
}

/// Asks `client` about a video; where it is taken for a bot, once more as a guest with a name.
pub(super) async fn ask(
    fetch: &Fetch,
    client: &ClientProfile,
    video_id: &str,
    deadline: &Deadline,
) -> Result<Player, YouTubeError> {
    let had_name = fetch.visitors.of(client).is_some();
    let player = once(fetch, client, video_id, deadline).await;
    if player.as_ref().err() != Some(&YouTubeError::RequestBlocked) {
        return player;
    }
    fetch.visitors.forget(client);
    if had_name || !visitors::ask(fetch, client, deadline).await {
        return player;
    }
    once(fetch, client, video_id, deadline).await
}

async fn once(
    fetch: &Fetch,
    client: &ClientProfile,
    video_id: &str,
    deadline: &Deadline,
) -> Result<Player, YouTubeError> {
    let player = match innertube::ask(fetch, client, "player", video_id, deadline).await {
        Ok(answer) => {
            let player = read(&answer, video_id, &client.name);
            match player {
                Err(YouTubeError::Unparsable { .. }) => fetch.with_sample(player, answer.to_string()).await,
                player => player,
            }
        }
        Err(error) => Err(error),
    };
    fetch.gate.count(&client.name, &player).await;
    player
}

/// Reads the answer that `client` got.
fn read(answer: &Value, video_id: &str, client: &str) -> Result<Player, YouTubeError> {
    if answer.as_object().is_some_and(serde_json::Map::is_empty) {
        return Err(YouTubeError::VideoUnavailable);
    }
    let details = at(answer, "/videoDetails");
    if let Some(refusal) = refusal(at(answer, "/playabilityStatus")) {
        return Err(refusal);
    }
    let id = at(details, "/videoId")
        .as_str()
        .ok_or_else(|| YouTubeError::unparsable("player"))?;
    if id != video_id {
        // Addresses that YouTube distrusts are shown another video in place of the one they ask for.
        return Err(YouTubeError::RequestBlocked);
    }
    let (tracks, default_track) = tracks::read(at(answer, "/captions/playerCaptionsTracklistRenderer"), client);
    Ok(Player {
        title: line(at(details, "/title")),
        channel: line(at(details, "/author")),
        duration_s: number(at(details, "/lengthSeconds"))
            .filter(|&seconds| seconds > 0)
            .and_then(|seconds| u32::try_from(seconds).ok()),
        description: lines(at(details, "/shortDescription")),
        tracks,
        default_track,
        why_none: if at(details, "/isUpcoming") == true {
            YouTubeError::Upcoming { starts_at: None }
        } else if at(details, "/isLive") == true {
            YouTubeError::Live
        } else {
            YouTubeError::TranscriptsDisabled
        },
    })
}

/// What `playabilityStatus` refuses, if it does. Reasons are English, since we ask in English; they are matched by parts.
fn refusal(playability: &Value) -> Option<YouTubeError> {
    let status = at(playability, "/status").as_str().unwrap_or("OK");
    let screen = at(playability, "/errorScreen");
    if !at(screen, "/playerCaptchaViewModel").is_null() {
        return Some(YouTubeError::IpBlocked { retry_after: None });
    }
    if status == "OK" {
        return None;
    }
    let message = at(screen, "/playerErrorMessageRenderer");
    let reason = line(at(playability, "/reason")).or_else(|| line(at(message, "/reason")));
    let sub_reasons = sub_reasons(at(message, "/subreason"));
    let said = comparable(reason.as_deref().unwrap_or_default());
    let all = comparable(&format!("{said} {}", sub_reasons.join(" ")));
    let says = |parts: &[&str]| parts.iter().any(|part| said.contains(part));
    let says_anywhere = |parts: &[&str]| parts.iter().any(|part| all.contains(part));

    Some(if status == "LIVE_STREAM_OFFLINE" && !says(&["ended", "recording"]) {
        YouTubeError::Upcoming {
            starts_at: number(at(
                playability,
                "/liveStreamability/liveStreamabilityRenderer/offlineSlate/liveStreamOfflineSlateRenderer/scheduledStartTime",
            ))
            .and_then(|second| i64::try_from(second).ok()),
        }
    } else if says(&["not a bot", "a bot."]) || said.ends_with("a bot") {
        YouTubeError::RequestBlocked
    } else if says_anywhere(&["try again later"]) {
        YouTubeError::RateLimited { retry_after: None }
    } else if says(&["needs to be reloaded", "no longer supported in this application"]) {
        YouTubeError::ClientRejected
    } else if says(&["private"]) {
        YouTubeError::Private
    } else if matches!(status, "AGE_CHECK_REQUIRED" | "AGE_VERIFICATION_REQUIRED")
        || !at(playability, "/desktopLegacyAgeGateReason").is_null()
        || says(&["inappropriate", "confirm your age"])
    {
        YouTubeError::AgeRestricted
    } else if says_anywhere(&["in your country", "in your location", "in your region"]) {
        YouTubeError::GeoBlocked
    } else if says_anywhere(&["members", "music premium", "payment", "purchase"]) {
        YouTubeError::MembersOnly
    } else if says_anywhere(&["terminated"]) || (says_anywhere(&["account"]) && says_anywhere(&["closed"])) {
        YouTubeError::AccountTerminated
    } else if status == "ERROR" && says(&["unavailable", "not available", "n't available", "removed", "not exist"]) {
        YouTubeError::VideoUnavailable
    } else {
        YouTubeError::VideoUnplayable {
            reason: reason.unwrap_or_else(|| status_name(status)),
            sub_reasons,
        }
    })
}

/// Each run of a subreason is a reason of its own.
fn sub_reasons(subreason: &Value) -> Vec<String> {
    let runs = items(at(subreason, "/runs"));
    if runs.is_empty() {
        return line(subreason).into_iter().collect();
    }
    runs.iter().take(20).filter_map(|run| line(at(run, "/text"))).collect()
}

/// Lower case, with the plain apostrophe.
fn comparable(text: &str) -> String {
    text.to_lowercase().replace('\u{2019}', "'")
}

/// A status in place of a reason.
fn status_name(status: &str) -> String {
    status
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(40)
        .collect()
}
