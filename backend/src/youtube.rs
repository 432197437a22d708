//! YouTube, the only place that knows its shapes: metadata, caption tracks, captions, thumbnails, over InnerTube.
//!
//! Nothing here is documented by YouTube, and what works changes within months. So several clients are tried in turn,
//! their versions are configuration, and every way to be refused has a name ([`YouTubeError`]).

use std::{fmt, num::NonZeroU32, path::PathBuf, sync::Arc};

use domain::{
    chapters::{self, ChapterSource},
    link::Link,
    transcript::Transcript,
    video::{CaptionTrack, Video},
    video_list::VideoList,
};
use sqlx::PgPool;
use url::Url;

use self::{
    clients::Clients,
    fetch::{Deadline, Fetch, Limits},
    gate::Gate,
    player::Player,
    samples::Samples,
    yt_dlp::YtDlp,
};
pub use self::{
    egress::{Egress, Webshare},
    error::YouTubeError,
    examine::Examined,
};

mod clients;
mod egress;
mod error;
mod examine;
mod feed;
mod fetch;
mod gate;
mod innertube;
mod json;
mod lists;
mod next;
mod oembed;
mod player;
mod samples;
mod thumbnail;
mod timedtext;
mod tracks;
mod visitors;
mod watch_page;
mod yt_dlp;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

/// How YouTube is reached.
#[derive(Clone, Default)]
pub struct YouTubeConfig {
    /// Replaces every host of YouTube's (www, youtubei, i.ytimg) where set: tests, mirrors.
    pub base_url: Option<Url>,
    /// The way out, for YouTube alone.
    pub egress: Egress,
    /// The clients to try, in order; empty means the built-in ones. One named `WEB` is used for chapters, one named
    /// `WEB_EMBEDDED_PLAYER` for age-restricted videos only.
    pub clients: Vec<ClientProfile>,
    /// Requests a minute at most; `None` for as many as there are.
    pub requests_per_minute: Option<NonZeroU32>,
    /// The folder for answers that could not be read; the one it lies in must be there. `None` keeps none.
    pub samples: Option<PathBuf>,
    /// Languages whose captions are taken where a video has them and nobody asks for others, in order.
    pub languages: Vec<String>,
    /// The yt-dlp to ask where our own clients are refused.
    pub yt_dlp: Option<PathBuf>,
}

impl fmt::Debug for YouTubeConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YouTubeConfig")
            .field("base_url", &self.base_url.as_ref().map(Url::as_str))
            .field("egress", &self.egress)
            .field("clients", &self.clients)
            .field("requests_per_minute", &self.requests_per_minute)
            .finish()
    }
}

/// An InnerTube client to appear as. Versions die every few months: configuration, never constants alone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct ClientProfile {
    /// `ANDROID`, `IOS`, …
    pub name: String,
    /// Its version, e.g. `21.26.364`.
    pub version: String,
    /// The User-Agent header.
    pub user_agent: String,
    /// More fields of `context.client`: `androidSdkVersion`, `deviceModel`, …
    #[serde(default)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// A caption track that a video has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// YouTube's own id of it (`vssId`: `.en`, `a.en`): unique where two tracks share a language.
    pub id: String,
    /// BCP 47 code.
    pub language_code: String,
    /// Its name as YouTube gives it: "English (auto-generated)".
    pub name: String,
    /// Whether speech recognition wrote it.
    pub is_generated: bool,
    /// Whether YouTube offers to translate it, which we never ask for.
    pub is_translatable: bool,
    /// Whether it has a name of its own beside its language's, as tracks for signs or songs have.
    pub(crate) is_variant: bool,
    /// Where its text lies; valid for hours only, never stored.
    pub(crate) url: String,
    /// The client it was told to; others may get another address.
    pub(crate) client: String,
}

/// What one player call tells.
#[derive(Clone, Debug)]
pub struct Watched {
    /// Title, channel, length, description, chapters.
    pub video: Video,
    /// All its caption tracks.
    pub tracks: Vec<Track>,
    /// Where in `tracks` the one lies that belongs to the sound the video plays with.
    pub(crate) default_track: Option<usize>,
    /// What to say where `tracks` is empty.
    pub(crate) why_none: YouTubeError,
    /// The clients that have not been asked; they may get captions that are withheld from the one that was.
    pub(crate) others: Vec<ClientProfile>,
}

impl Watched {
    fn is_from_yt_dlp(&self) -> bool {
        self.tracks.iter().any(|track| track.client == yt_dlp::NAME)
    }

    /// The tracks, as they are kept and shown.
    #[must_use]
    pub fn caption_tracks(&self) -> Vec<CaptionTrack> {
        let kept = self.tracks.iter().map(|track| CaptionTrack {
            id: track.id.clone(),
            language: track.language_code.clone(),
            name: track.name.clone(),
            is_generated: track.is_generated,
            is_translatable: track.is_translatable,
        });
        kept.collect()
    }
}

/// Captions that were fetched.
#[derive(Clone, Debug)]
pub struct Captions {
    /// The track they came from.
    pub track: Track,
    /// The words.
    pub transcript: Transcript,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Thumbnail {
    /// `image/jpeg`, `image/webp` or `image/png`, by its first bytes.
    pub content_type: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct YouTube {
    fetch: Fetch,
    clients: Arc<Clients>,
    languages: Arc<[String]>,
    yt_dlp: YtDlp,
}

impl fmt::Debug for YouTube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the HTTP client: it knows the proxy's password.
        f.debug_struct("YouTube")
            .field("clients", &self.clients)
            .finish_non_exhaustive()
    }
}

impl YouTube {
    /// Builds the client.
    ///
    /// # Errors
    /// A sentence where the proxy or base URL can't be used.
    pub fn new(config: YouTubeConfig) -> Result<Self, String> {
        Self::with_limits(config, Limits::default())
    }

    fn with_limits(config: YouTubeConfig, limits: Limits) -> Result<Self, String> {
        let gate = Gate::new(config.egress.to_string().into(), config.requests_per_minute);
        let mut fetch = Fetch::new(config.base_url, &config.egress, gate, limits)?;
        fetch.samples = Samples::new(config.samples);
        Ok(Self {
            fetch,
            clients: Arc::new(Clients::new(config.clients)),
            languages: config.languages.into(),
            yt_dlp: YtDlp::new(config.yt_dlp, &config.egress),
        })
    }

    /// The same, keeping pace and pauses with all who use this database.
    #[must_use]
    pub fn shared(mut self, pool: PgPool) -> Self {
        self.fetch.gate = self.fetch.gate.shared(pool);
        self
    }

    /// The way out, in words for people.
    #[must_use]
    pub fn egress(&self) -> &str {
        self.fetch.gate.egress()
    }

    /// The names of the answers that could not be read and are kept, the newest first.
    #[must_use]
    pub fn samples(&self) -> Vec<String> {
        self.fetch.samples.names()
    }

    /// What stands behind our own clients, in words for people.
    pub async fn yt_dlp(&self) -> String {
        self.yt_dlp.in_words().await
    }

    /// Requests a minute at most.
    #[must_use]
    pub fn requests_per_minute(&self) -> Option<NonZeroU32> {
        self.fetch.gate.per_minute()
    }

    /// Metadata and caption tracks of a video. A video without captions is no error here: it is one of
    /// [`YouTube::captions`].
    ///
    /// # Errors
    /// [`YouTubeError`]; where the clients fail in different ways, the one that tells most of the video.
    pub async fn watch(&self, video_id: &str) -> Result<Watched, YouTubeError> {
        check_id(video_id)?;
        self.fetch.gate.admit().await?;
        let mut addresses = self.fetch.addresses();
        let outcome = loop {
            let outcome = self.watch_once(video_id).await;
            if !addresses.is_worth_another(&outcome) {
                break outcome;
            }
        };
        let outcome = match outcome {
            Err(error) if error.is_of_the_client() => self.ask_yt_dlp(video_id).await.ok_or(error),
            outcome => outcome,
        };
        // Where there are tracks, it is their words that show whether YouTube lets us.
        if outcome.as_ref().map_or(true, |watched| watched.tracks.is_empty()) {
            self.fetch.gate.note(&outcome).await;
        }
        outcome
    }

    async fn watch_once(&self, video_id: &str) -> Result<Watched, YouTubeError> {
        let deadline = self.fetch.deadline();
        let (player, others) = self.first_player(video_id, &deadline).await?;
        let video = self.video(video_id, &player, &deadline).await;
        Ok(Watched {
            video,
            tracks: player.tracks,
            default_track: player.default_track,
            why_none: player.why_none,
            others,
        })
    }

    /// What is known of a video without its words, even where it can't be watched here.
    ///
    /// # Errors
    /// [`YouTubeError`], that of [`YouTube::watch`]
    pub async fn about(&self, video_id: &str) -> Result<Video, YouTubeError> {
        let error = match self.watch(video_id).await {
            Ok(watched) => return Ok(watched.video),
            Err(error @ YouTubeError::Paused { .. }) => return Err(error),
            Err(error) => error,
        };
        let video = self.video(video_id, &Player::unknown(), &self.fetch.deadline()).await;
        // Its id stands in for a title that nobody tells.
        if video.title == video_id { Err(error) } else { Ok(video) }
    }

    /// Captions in the best track for `languages` (in order of preference; empty means those of the configuration, then the
    /// video's own). Where they are withheld, the next client is asked for the same track, and then for the next track
    /// that will do.
    ///
    /// # Errors
    /// [`YouTubeError`]
    pub async fn captions(&self, watched: &Watched, languages: &[String]) -> Result<Captions, YouTubeError> {
        let choose = |watched: &Watched| -> Vec<Track> {
            let chosen = match languages {
                [] => tracks::preferred(&watched.tracks, watched.default_track, &self.languages),
                languages => tracks::choose(&watched.tracks, watched.default_track, languages),
            };
            chosen.into_iter().cloned().collect()
        };
        self.captions_in(watched, languages, &choose).await
    }

    /// Captions in this very track, by its id.
    ///
    /// # Errors
    /// [`YouTubeError`]
    pub async fn captions_of(&self, watched: &Watched, track_id: &str) -> Result<Captions, YouTubeError> {
        let choose = |watched: &Watched| -> Vec<Track> {
            let chosen = watched.tracks.iter().filter(|track| track.id == track_id);
            chosen.cloned().collect()
        };
        self.captions_in(watched, &[track_id.to_owned()], &choose).await
    }

    async fn captions_in(
        &self,
        watched: &Watched,
        wanted: &[String],
        choose: &(impl Fn(&Watched) -> Vec<Track> + Sync),
    ) -> Result<Captions, YouTubeError> {
        let mut addresses = self.fetch.addresses();
        let outcome = loop {
            let outcome = self.captions_once(watched, wanted, choose(watched)).await;
            if !addresses.is_worth_another(&outcome) {
                break outcome;
            }
        };
        let outcome = match outcome {
            Err(error) if error.is_of_the_client() && !watched.is_from_yt_dlp() => {
                match self.ask_yt_dlp(&watched.video.id).await {
                    Some(other) => {
                        let again = self.captions_once(&other, wanted, choose(&other)).await;
                        again.map_err(|_| error)
                    }
                    None => Err(error),
                }
            }
            outcome => outcome,
        };
        self.fetch.gate.note(&outcome).await;
        outcome
    }

    /// What yt-dlp knows of a video, where it is there and knows anything.
    async fn ask_yt_dlp(&self, video_id: &str) -> Option<Watched> {
        if !self.yt_dlp.is_there() {
            return None;
        }
        let watched = self.yt_dlp.watch(video_id).await;
        self.fetch.gate.count(yt_dlp::NAME, &watched).await;
        watched
            .inspect_err(|error| tracing::info!(kind = error.kind(), %error, "yt-dlp was of no help"))
            .ok()
    }

    async fn captions_once(
        &self,
        watched: &Watched,
        wanted: &[String],
        chosen: Vec<Track>,
    ) -> Result<Captions, YouTubeError> {
        if watched.tracks.is_empty() {
            return Err(watched.why_none.clone());
        }
        let deadline = self.fetch.deadline();
        let mut others = watched.others.iter();
        // The tracks as each client was told of them; the list grows while clients are left to ask.
        let mut told: Vec<Vec<Track>> = vec![watched.tracks.clone()];
        let mut failure = YouTubeError::NoTranscriptFound {
            wanted: wanted.to_vec(),
            available: tracks::describe(&watched.tracks),
        };
        for track in chosen {
            let mut asked = 0;
            loop {
                if asked == told.len() {
                    let Some(client) = others.next() else { break };
                    let player = player::ask(&self.fetch, client, &watched.video.id, &deadline).await;
                    told.push(player.map(|player| player.tracks).unwrap_or_default());
                }
                let same = told[asked].iter().find(|other| other.id == track.id);
                asked += 1;
                let Some(track) = same else { continue };
                match timedtext::transcript(&self.fetch, track, &self.clients.web.user_agent, &deadline).await {
                    Ok(transcript) => {
                        return Ok(Captions {
                            track: track.clone(),
                            transcript,
                        });
                    }
                    // Said of every track, it is what is wrong; withheld tracks say more than empty ones.
                    Err(YouTubeError::PoTokenRequired) => failure = YouTubeError::PoTokenRequired,
                    Err(YouTubeError::TranscriptsDisabled) if failure != YouTubeError::PoTokenRequired => {
                        failure = YouTubeError::TranscriptsDisabled;
                    }
                    Err(YouTubeError::TranscriptsDisabled) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Err(failure)
    }

    /// The videos of a playlist or channel.
    ///
    /// # Errors
    /// [`YouTubeError`]; a list that breaks off in the middle is no error but cut.
    pub async fn list(&self, link: &Link) -> Result<VideoList, YouTubeError> {
        self.fetch.gate.admit().await?;
        let mut addresses = self.fetch.addresses();
        let outcome = loop {
            let outcome = lists::ask(&self.fetch, &self.clients.web, link, &self.fetch.deadline()).await;
            if !addresses.is_worth_another(&outcome) {
                break outcome;
            }
        };
        self.fetch.gate.note(&outcome).await;
        outcome
    }

    /// The video's picture, some 320 pixels wide.
    ///
    /// # Errors
    /// [`YouTubeError`]
    pub async fn thumbnail(&self, video_id: &str) -> Result<Thumbnail, YouTubeError> {
        check_id(video_id)?;
        thumbnail::ask(&self.fetch, video_id, &self.clients.web.user_agent).await
    }

    /// The first client's answer that has captions to be had, else the last that could be watched at all, with the
    /// clients that were not asked any more.
    async fn first_player(
        &self,
        video_id: &str,
        deadline: &Deadline,
    ) -> Result<(Player, Vec<ClientProfile>), YouTubeError> {
        let mut best: Option<Player> = None;
        let mut failure: Option<YouTubeError> = None;
        let mut unavailable = 0;
        for (index, client) in self.clients.chain.iter().enumerate() {
            match player::ask(&self.fetch, client, video_id, deadline).await {
                Ok(player) => {
                    let settled = player.why_none != YouTubeError::TranscriptsDisabled;
                    if settled || player.tracks.iter().any(|track| !timedtext::is_withheld(track)) {
                        return Ok((player, self.clients.chain[index + 1..].to_vec()));
                    }
                    // Withheld tracks say more than none.
                    if best.is_none() || !player.tracks.is_empty() {
                        best = Some(player);
                    }
                }
                Err(YouTubeError::AgeRestricted) => {
                    let player = self.past_age_gate(video_id, deadline).await;
                    return player.map(|player| (player, Vec::new()));
                }
                Err(error) => {
                    tracing::debug!(client = %client.name, kind = error.kind(), "YouTube refused a client");
                    unavailable += u32::from(error == YouTubeError::VideoUnavailable);
                    let is_final = !error.may_differ_by_client() || unavailable == 2;
                    if failure.as_ref().is_none_or(|known| error.tells() > known.tells()) {
                        failure = Some(error);
                    }
                    if is_final {
                        break;
                    }
                }
            }
        }
        match (best, failure) {
            (Some(player), _) => Ok((player, Vec::new())),
            (None, Some(error)) => Err(self.in_other_words(error, video_id, deadline).await),
            (None, None) => Err(YouTubeError::ClientRejected),
        }
    }

    /// Where no client got an answer of use, the page of the video may tell that it is the address that is refused.
    async fn in_other_words(&self, error: YouTubeError, video_id: &str, deadline: &Deadline) -> YouTubeError {
        let is_answer_without_use = matches!(
            error,
            YouTubeError::ClientRejected
                | YouTubeError::Unparsable { .. }
                | YouTubeError::UpstreamFailed { status: Some(_), .. }
        );
        if is_answer_without_use
            && watch_page::refuses_us(&self.fetch, video_id, &self.clients.web.user_agent, deadline).await
        {
            return YouTubeError::IpBlocked { retry_after: None };
        }
        error
    }

    /// The embedded player's answer to an age-restricted video; whatever it fails of, the age is the reason.
    async fn past_age_gate(&self, video_id: &str, deadline: &Deadline) -> Result<Player, YouTubeError> {
        let client = self.clients.embedded.as_ref().ok_or(YouTubeError::AgeRestricted)?;
        player::ask(&self.fetch, client, video_id, deadline)
            .await
            .map_err(|_| YouTubeError::AgeRestricted)
    }

    /// Puts together what is known of a video. What can't be asked is left out, never an error.
    async fn video(&self, video_id: &str, player: &Player, deadline: &Deadline) -> Video {
        let web = &self.clients.web;
        let deadline = self.fetch.extras_deadline(deadline);
        let around = next::ask(&self.fetch, web, video_id, player.duration_s, &deadline)
            .await
            .unwrap_or_default();
        let mut channel = player.channel.clone().or(around.channel);
        let mut title = player.title.clone().or(around.title);
        if title.is_none() {
            let card = oembed::ask(&self.fetch, video_id, &web.user_agent, &deadline).await;
            if let Ok(card) = card {
                title = Some(card.title);
                channel = channel.or(card.channel);
            }
        }
        let description = if player.description.is_empty() {
            around.description
        } else {
            player.description.clone()
        };
        let mut chapters = around.chapters;
        if chapters.is_empty() {
            chapters = chapters::from_description(&description, player.duration_s);
        }
        let mut chapter_source = ChapterSource::Creator;
        if chapters.is_empty() {
            chapters = around.automatic_chapters;
            chapter_source = ChapterSource::YouTube;
        }
        Video {
            id: video_id.to_owned(),
            youtube_id: Some(video_id.to_owned()),
            title: title.unwrap_or_else(|| video_id.to_owned()),
            channel,
            duration_s: player.duration_s,
            description,
            chapters,
            chapter_source,
        }
    }
}

/// Ids become parts of addresses: anything else than an id is refused as a video that does not exist.
fn check_id(video_id: &str) -> Result<(), YouTubeError> {
    let is_id = video_id.len() == 11
        && video_id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    is_id.then_some(()).ok_or(YouTubeError::VideoUnavailable)
}
