//! What YouTube would not do: one variant for each thing a caller or a person can act on, with its words.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::fault::{Fault, Whose};

use crate::http::FetchError;

/// How long an address that YouTube refuses is left alone.
const BLOCK: Duration = Duration::from_secs(15 * 60);
/// How long trouble of YouTube's own is given to pass.
const TROUBLE: Duration = Duration::from_secs(30);
/// No wait that YouTube asks for is believed beyond this.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What YouTube would not do. Its words say what happened; [`YouTubeError::hint`] says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum YouTubeError {
    /// No such video, or it was removed.
    #[error("This video does not exist, or it was removed.")]
    VideoUnavailable,
    /// Only for people its owner has invited.
    #[error("This video is private.")]
    Private,
    /// Only for people who have signed in and are of age.
    #[error("YouTube shows this video only to people who have signed in and confirmed their age.")]
    AgeRestricted,
    /// Taken for a bot.
    #[error("YouTube takes this server for a bot. Your link is fine.")]
    RequestBlocked,
    /// This address is refused (403, 429, a captcha).
    #[error("YouTube is refusing this server's address. Your link is fine.")]
    IpBlocked {
        /// How long YouTube asked us to wait, where it did.
        retry_after: Option<Duration>,
    },
    /// The captions are there but are given only to YouTube's own players.
    #[error("This video has captions, but YouTube is withholding them from this server. Your link is fine.")]
    PoTokenRequired,
    /// Any other refusal, in YouTube's own words.
    #[error("YouTube will not play this video: {}", sentences(.reason, .sub_reasons))]
    VideoUnplayable {
        /// YouTube's reason, cleaned; may be empty.
        reason: String,
        /// More of it, cleaned.
        sub_reasons: Vec<String>,
    },
    /// There are no captions.
    #[error("This video has no captions, so there is no text to summarise.")]
    TranscriptsDisabled,
    /// There are captions, but not in a wanted language.
    #[error("This video has no captions in {}. It has: {}.", .wanted.join(", "), .available.join(", "))]
    NoTranscriptFound {
        /// The language codes that were asked for.
        wanted: Vec<String>,
        /// The tracks there are: `en (English)`.
        available: Vec<String>,
    },
    /// Only for members or those who paid.
    #[error("This video is only for people who pay for it: members of its channel, Premium, or buyers.")]
    MembersOnly,
    /// Not where this server stands.
    #[error("This video is not available in this server's country. Your link is fine.")]
    GeoBlocked,
    /// The channel is gone.
    #[error("The account this video belonged to no longer exists.")]
    AccountTerminated,
    /// It has not begun.
    #[error("This video has not begun yet.")]
    Upcoming {
        /// When it begins, in seconds since 1970, where YouTube tells.
        starts_at: Option<i64>,
    },
    /// It is live right now and has no captions.
    #[error("This video is live right now and has no captions yet.")]
    Live,
    /// A playlist or channel that can't be listed.
    #[error("This list {why}.")]
    ListUnavailable {
        /// What is wrong with it, as the end of a sentence.
        why: String,
    },
    /// It has refused this address so often that nobody asks it for a while.
    #[error("YouTube is refusing this server's address, so it is left alone for a while. Your link is fine.")]
    Paused {
        /// Until when, in seconds since 1970.
        until: i64,
    },
    /// Asked too often.
    #[error("YouTube asked this server to slow down. Your link is fine.")]
    RateLimited {
        /// How long YouTube asked us to wait, where it did.
        retry_after: Option<Duration>,
    },
    /// No client that we can appear as is accepted any more.
    #[error("YouTube no longer accepts the app versions that this server appears as. Your link is fine.")]
    ClientRejected,
    /// The proxy would not let us through.
    #[error("The proxy for YouTube refused its user name or password. Your link is fine.")]
    ProxyAuth,
    /// No answer that could be used, through no fault of the video's.
    #[error("YouTube could not be asked: {why}. Your link is fine.")]
    UpstreamFailed {
        /// The HTTP status, where there was one.
        status: Option<u16>,
        /// What happened, as the end of a sentence.
        why: String,
    },
    /// An answer that we do not understand.
    #[error("YouTube answered in a form that this program does not understand ({what}). Your link is fine.")]
    Unparsable {
        /// Which answer.
        what: String,
        /// The file it is kept in, without secrets, where it could be kept.
        sample: Option<String>,
    },
    /// Nobody there answered in time.
    #[error("YouTube did not answer in time. Your link is fine.")]
    Timeout,
    /// More than we read.
    #[error("YouTube's answer for this video is too large: {why}.")]
    TooLarge {
        /// Which limit.
        why: String,
    },
}

impl YouTubeError {
    /// The snake_case name: `video_unavailable`, `private`, `age_restricted`, `request_blocked`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::VideoUnavailable => "video_unavailable",
            Self::Private => "private",
            Self::AgeRestricted => "age_restricted",
            Self::RequestBlocked => "request_blocked",
            Self::IpBlocked { .. } => "ip_blocked",
            Self::PoTokenRequired => "po_token_required",
            Self::VideoUnplayable { .. } => "video_unplayable",
            Self::TranscriptsDisabled => "transcripts_disabled",
            Self::NoTranscriptFound { .. } => "no_transcript_found",
            Self::MembersOnly => "members_only",
            Self::GeoBlocked => "geo_blocked",
            Self::AccountTerminated => "account_terminated",
            Self::Upcoming { .. } => "upcoming",
            Self::Live => "live",
            Self::ListUnavailable { .. } => "list_unavailable",
            Self::Paused { .. } => "youtube_paused",
            Self::RateLimited { .. } => "rate_limited",
            Self::ClientRejected => "client_rejected",
            Self::ProxyAuth => "proxy_auth",
            Self::UpstreamFailed { .. } => "upstream_failed",
            Self::Unparsable { .. } => "unparsable",
            Self::Timeout => "timeout",
            Self::TooLarge { .. } => "too_large",
        }
    }

    /// How long to wait before it is worth another try; `None` where it never is.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RequestBlocked => Some(BLOCK),
            Self::IpBlocked { retry_after } => {
                Some(retry_after.map_or(BLOCK, |asked| asked.clamp(BLOCK, LONGEST_WAIT)))
            }
            Self::RateLimited { retry_after } => Some(retry_after.map_or(BLOCK, |asked| asked.min(LONGEST_WAIT))),
            Self::UpstreamFailed { .. } | Self::Timeout => Some(TROUBLE),
            Self::Upcoming { starts_at } => starts_at.map(until),
            Self::Paused { until: second } => Some(until(*second)),
            _ => None,
        }
    }

    /// What the person can do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::VideoUnavailable | Self::AccountTerminated => {
                "Check the link. If you have the transcript, paste or upload it."
            }
            Self::ListUnavailable { .. } => "Check the link, or paste the links of its videos.",
            Self::Private | Self::AgeRestricted | Self::MembersOnly => {
                "If you can watch it, paste or upload its transcript."
            }
            Self::Paused { .. } => "It goes on by itself and nothing is lost. Or paste the transcript, or set a proxy.",
            Self::RequestBlocked | Self::IpBlocked { .. } | Self::PoTokenRequired | Self::GeoBlocked => {
                "Paste the transcript, or set a proxy."
            }
            Self::VideoUnplayable { .. } | Self::TranscriptsDisabled | Self::TooLarge { .. } => {
                "Paste or upload a transcript."
            }
            Self::NoTranscriptFound { .. } => "Choose one of these languages, or paste the transcript.",
            Self::Upcoming { .. } | Self::Live => "Come back when it has ended: captions come some time after the end.",
            Self::RateLimited { .. } | Self::UpstreamFailed { .. } | Self::Timeout => {
                "Wait for the next try, or paste the transcript."
            }
            Self::ClientRejected => {
                "Paste the transcript. Whoever runs this server: update it, or list newer client profiles in CONFIG_FILE."
            }
            Self::ProxyAuth => "Whoever runs this server: check the proxy's user name and password.",
            Self::Unparsable { .. } => "Paste the transcript. Whoever runs this server: update it.",
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn whose(&self) -> Whose {
        match self {
            Self::VideoUnavailable
            | Self::Private
            | Self::AgeRestricted
            | Self::VideoUnplayable { .. }
            | Self::TranscriptsDisabled
            | Self::NoTranscriptFound { .. }
            | Self::MembersOnly
            | Self::AccountTerminated
            | Self::Upcoming { .. }
            | Self::Live
            | Self::ListUnavailable { .. } => Whose::Input,
            Self::RequestBlocked
            | Self::IpBlocked { .. }
            | Self::PoTokenRequired
            | Self::GeoBlocked
            | Self::Paused { .. }
            | Self::RateLimited { .. }
            | Self::UpstreamFailed { .. }
            | Self::Timeout
            | Self::TooLarge { .. } => Whose::Upstream,
            Self::ClientRejected | Self::ProxyAuth => Whose::Setup,
            Self::Unparsable { .. } => Whose::Ours,
        }
    }

    /// In words for people; `retry_at` is left open.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let mut hint = self.hint().to_owned();
        if let Self::Unparsable {
            sample: Some(sample), ..
        } = self
        {
            hint.push_str(&format!(" The answer is kept, without secrets, as samples/{sample}."));
        }
        Fault {
            kind: self.kind().to_owned(),
            whose: self.whose(),
            message: self.to_string(),
            hint,
            retry_at: None,
        }
    }

    /// Whether the same request may well succeed a moment later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Timeout => true,
            Self::UpstreamFailed { status, .. } => status.is_none_or(|status| status >= 500),
            _ => false,
        }
    }

    /// Whether it is the address that is refused, so that another one may be answered.
    pub(super) fn is_block(&self) -> bool {
        matches!(
            self,
            Self::RequestBlocked | Self::IpBlocked { .. } | Self::RateLimited { .. }
        )
    }

    /// Whether it is what we appear as that failed, so that another program may be answered.
    pub(super) fn is_of_the_client(&self) -> bool {
        self.is_block()
            || matches!(
                self,
                Self::PoTokenRequired | Self::ClientRejected | Self::Unparsable { .. }
            )
    }

    /// Whether YouTube answered what it was asked, if not with what was hoped for: it does not refuse us.
    pub(super) fn is_answer(&self) -> bool {
        matches!(
            self,
            Self::VideoUnavailable
                | Self::Private
                | Self::AgeRestricted
                | Self::PoTokenRequired
                | Self::VideoUnplayable { .. }
                | Self::TranscriptsDisabled
                | Self::NoTranscriptFound { .. }
                | Self::MembersOnly
                | Self::GeoBlocked
                | Self::AccountTerminated
                | Self::Upcoming { .. }
                | Self::Live
                | Self::ListUnavailable { .. }
        )
    }

    /// How long YouTube asked us to wait, believed up to a day.
    pub(super) fn asked_to_wait(&self) -> Option<Duration> {
        match self {
            Self::IpBlocked { retry_after } | Self::RateLimited { retry_after } => {
                retry_after.map(|asked| asked.min(LONGEST_WAIT))
            }
            _ => None,
        }
    }

    /// Whether another client could be answered differently.
    pub(super) fn may_differ_by_client(&self) -> bool {
        matches!(
            self,
            Self::VideoUnavailable
                | Self::RequestBlocked
                | Self::VideoUnplayable { .. }
                | Self::ClientRejected
                | Self::UpstreamFailed { .. }
                | Self::Unparsable { .. }
                | Self::Timeout
                | Self::TooLarge { .. }
        )
    }

    /// How much it tells of the video or of us: where several clients fail differently, the most telling is reported.
    pub(super) fn tells(&self) -> u8 {
        match self {
            Self::ClientRejected => 0,
            Self::UpstreamFailed { .. } | Self::Unparsable { .. } | Self::Timeout | Self::TooLarge { .. } => 1,
            _ => 2,
        }
    }

    /// An answer that could not be understood.
    pub(super) fn unparsable(what: &str) -> Self {
        Self::Unparsable {
            what: what.to_owned(),
            sample: None,
        }
    }
}

impl From<FetchError> for YouTubeError {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Timeout => Self::Timeout,
            FetchError::ProxyAuth => Self::ProxyAuth,
            FetchError::TooLarge(limit) => Self::TooLarge {
                why: format!("over {limit} bytes"),
            },
            FetchError::Connect(_) | FetchError::Broken(_) => Self::UpstreamFailed {
                status: None,
                why: error.to_string(),
            },
        }
    }
}

/// From now until a second since 1970, at least a minute.
fn until(second: i64) -> Duration {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_secs());
    let wait = u64::try_from(second).unwrap_or(0).saturating_sub(now);
    Duration::from_secs(wait.max(60))
}

/// Reasons as sentences, each with its full stop.
fn sentences(reason: &str, more: &[String]) -> String {
    let mut text = String::new();
    for part in std::iter::once(reason).chain(more.iter().map(String::as_str)) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
        if !part.ends_with(['.', '!', '?']) {
            text.push('.');
        }
    }
    if text.is_empty() {
        text.push_str("it gives no reason.");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn reasons_become_sentences() {
        let unplayable = |reason: &str, sub_reasons: &[&str]| {
            YouTubeError::VideoUnplayable {
                reason: reason.to_owned(),
                sub_reasons: sub_reasons.iter().map(|&text| text.to_owned()).collect(),
            }
            .to_string()
        };
        assert_eq!(
            unplayable("Custom Reason", &["Sub Reason 1. ", "Sub Reason 2"]),
            "YouTube will not play this video: Custom Reason. Sub Reason 1. Sub Reason 2."
        );
        assert_eq!(
            unplayable("", &[]),
            "YouTube will not play this video: it gives no reason."
        );
    }

    #[test]
    fn a_block_is_left_alone_for_as_long_as_asked_but_at_least_15_minutes_and_at_most_a_day() {
        let wait = |asked: Option<Duration>| YouTubeError::IpBlocked { retry_after: asked }.retry_after();
        assert_eq!(wait(None), Some(15 * MINUTE));
        assert_eq!(wait(Some(MINUTE)), Some(15 * MINUTE));
        assert_eq!(wait(Some(40 * MINUTE)), Some(40 * MINUTE));
        assert_eq!(wait(Some(Duration::MAX)), Some(LONGEST_WAIT));
        let limited = YouTubeError::RateLimited {
            retry_after: Some(MINUTE),
        };
        assert_eq!(limited.retry_after(), Some(MINUTE));
    }

    #[test]
    fn an_upcoming_video_is_tried_again_at_its_start() {
        let wait = |starts_at: Option<i64>| YouTubeError::Upcoming { starts_at }.retry_after();
        assert_eq!(wait(None), None);
        assert_eq!(wait(Some(0)), Some(MINUTE), "a start that has passed");
        assert!(
            wait(Some(32_503_680_000)).is_some_and(|wait| wait > 365 * 24 * 60 * MINUTE),
            "the year 3000"
        );
    }

    #[test]
    fn a_fault_carries_kind_words_and_whose_it_is() {
        let fault = YouTubeError::NoTranscriptFound {
            wanted: vec!["fr".to_owned()],
            available: vec!["en (English)".to_owned(), "de (German)".to_owned()],
        }
        .fault();
        assert_eq!(fault.kind, "no_transcript_found");
        assert_eq!(fault.whose, Whose::Input);
        assert_eq!(
            fault.message,
            "This video has no captions in fr. It has: en (English), de (German)."
        );
        assert!(!fault.hint.is_empty());
    }
}
