//! When a failed call is worth another try and how long to wait before it: the rules of the official OpenAI SDK, which
//! the other providers' answers fit as well.

use std::time::{Duration, SystemTime};

use chrono::DateTime;
use rand::Rng as _;
use reqwest::header::HeaderMap;
use url::{Host, Url};

use super::error::ModelError;

/// A wait that is asked for longer than this is taken for a mistake.
const ABSURD: Duration = Duration::from_hours(24);

/// How patient calls are. Tests shorten it.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    /// Tries of one call.
    pub(super) tries: u32,
    /// The first wait where the provider names none; it doubles from try to try.
    pub(super) first_wait: Duration,
    /// Until here it doubles.
    pub(super) last_wait: Duration,
    /// Longer waits are left to the caller, who need not hold a worker for them.
    pub(super) longest_wait_in_place: Duration,
    /// To the first byte of the answer's body: from sending the request, or from what the server last said to another call of
    /// ours, for one that takes one call after the other.
    pub(super) first_byte: Duration,
    /// Longer for each token of the prompt: what a server of one's own takes to read it.
    pub(super) reading: Duration,
    /// From sending the request to that byte at most, however busy the server is with our other calls.
    pub(super) queue: Duration,
    /// Whether a server that said nothing until then is left to the caller, instead of being asked again here and now.
    pub(super) silence_is_final: bool,
    /// Between two pieces of the answer.
    pub(super) idle: Duration,
    /// After the model has said that it is done: what may still come is the count of tokens.
    pub(super) after_finish: Duration,
    /// From the first word to the end, and from the end of a call's first try to the beginning of its last. Also until that word
    /// where a server says meanwhile that it is there.
    pub(super) total: Duration,
    /// Longer for each piece that arrives, a token mostly: who writes slowly is heard out, who sends a word now and then is not.
    pub(super) writing: Duration,
    /// From the first word to the end, however much arrives.
    pub(super) longest: Duration,
}

impl Patience {
    /// With a server of one's own: on a processor alone it reads a long prompt for minutes before it says a word (some 40
    /// tokens a second were seen), and whoever hangs up and asks again makes it read the same prompt again.
    pub(super) fn with_own_server() -> Self {
        Self {
            reading: Duration::from_millis(50),
            queue: Duration::from_hours(1),
            silence_is_final: true,
            idle: Duration::from_mins(2),
            writing: Duration::from_secs(2),
            longest: Duration::from_hours(1),
            ..Self::default()
        }
    }

    /// By where the server is: on this machine or in this network, or elsewhere.
    pub(super) fn with(base_url: &Url) -> Self {
        if is_near(base_url) {
            Self::with_own_server()
        } else {
            Self::default()
        }
    }
}

/// Whether an address is on this machine or in a network of one's own: `localhost`, `192.168.0.7`, the name of a container
/// (`ollama`), `nas.local`.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        Some(Host::Domain(name)) => {
            let ends = [".local", ".lan", ".internal", ".localhost", ".home.arpa"];
            !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
        }
        None => false,
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            tries: 3,
            first_wait: Duration::from_millis(500),
            last_wait: Duration::from_secs(8),
            longest_wait_in_place: Duration::from_secs(20),
            first_byte: Duration::from_secs(120),
            reading: Duration::ZERO,
            queue: Duration::from_secs(600),
            silence_is_final: false,
            idle: Duration::from_secs(60),
            after_finish: Duration::from_secs(5),
            total: Duration::from_secs(600),
            writing: Duration::ZERO,
            longest: Duration::from_secs(600),
        }
    }
}

impl Patience {
    /// From the first word to the end, after so many pieces.
    pub(super) fn until_whole(&self, pieces: u32) -> Duration {
        (self.total + self.writing.saturating_mul(pieces)).min(self.longest)
    }

    /// How long to wait before try number `tries_made + 1`; `None` where there is to be none here and now.
    pub(super) fn wait(&self, failure: &Failure, tries_made: u32) -> Option<Duration> {
        if tries_made >= self.tries {
            return None;
        }
        let told = match failure.again {
            Again::No => return None,
            Again::After(told) => told,
        };
        let wait = told.filter(|wait| !wait.is_zero()).unwrap_or_else(|| {
            let doubled = self.first_wait * 2_u32.saturating_pow(tries_made.saturating_sub(1));
            // The SDK's jitter: up to a quarter less.
            doubled
                .min(self.last_wait)
                .mul_f64(rand::rng().random_range(0.75..=1.0))
        });
        (wait <= self.longest_wait_in_place).then_some(wait)
    }
}

/// A try that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Why.
    pub(super) error: ModelError,
    /// Whether another try is worth it.
    pub(super) again: Again,
}

/// Whether and when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// It would fail in the same way.
    No,
    /// After so long, or after our own wait where the provider named none.
    After(Option<Duration>),
}

impl Failure {
    /// By the kind of the error alone.
    pub(super) fn new(error: ModelError) -> Self {
        Self::with_hint(error, &Hint::default())
    }

    /// One that is final, whatever its kind.
    pub(super) fn last(error: ModelError) -> Self {
        Self {
            error,
            again: Again::No,
        }
    }

    /// By the kind of the error and what the answer's head said.
    pub(super) fn with_hint(error: ModelError, hint: &Hint) -> Self {
        let by_kind = match &error {
            // An empty purse stays empty, whatever a header says.
            ModelError::Quota { .. } => return Self::last(error),
            ModelError::RateLimited { retry_after, .. } | ModelError::Unavailable { retry_after, .. } => {
                Again::After(*retry_after)
            }
            ModelError::Timeout { .. } | ModelError::Protocol { .. } => Again::After(None),
            _ => Again::No,
        };
        let again = match (hint.should_retry, by_kind) {
            (Some(false), _) => Again::No,
            (Some(true), Again::No) => Again::After(hint.after),
            (_, Again::After(None)) => Again::After(hint.after),
            (_, by_kind) => by_kind,
        };
        Self { error, again }
    }
}

/// The counts that are used up, by what providers call them, and when they are full again: OpenAI writes `6m0s`, Anthropic
/// a moment. Of several, the last one counts.
fn reset<'h>(text: &impl Fn(&str) -> Option<&'h str>, now: SystemTime) -> Option<Duration> {
    const OPENAI: [&str; 2] = ["requests", "tokens"];
    const ANTHROPIC: [&str; 4] = ["requests", "tokens", "input-tokens", "output-tokens"];
    let is_empty = |remaining: &str| text(remaining) == Some("0");
    let openai = OPENAI.iter().filter_map(|what| {
        is_empty(&format!("x-ratelimit-remaining-{what}")).then_some(())?;
        clock(text(&format!("x-ratelimit-reset-{what}"))?)
    });
    let anthropic = ANTHROPIC.iter().filter_map(|what| {
        is_empty(&format!("anthropic-ratelimit-{what}-remaining")).then_some(())?;
        let at = DateTime::parse_from_rfc3339(text(&format!("anthropic-ratelimit-{what}-reset"))?).ok()?;
        Some(SystemTime::from(at).duration_since(now).unwrap_or_default())
    });
    openai.chain(anthropic).max()
}

/// `1h2m3.5s`, `6m0s`, `120ms`
fn clock(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| c.is_ascii_alphabetic())?);
        let (unit, next) = after.split_at(after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len()));
        let seconds = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        total += sane(number.parse::<f64>().ok()? * seconds)?;
        rest = next;
    }
    Some(total)
}

/// What the head of an answer says about another try.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hint {
    /// `x-should-retry`
    pub(super) should_retry: Option<bool>,
    /// `retry-after-ms` or `retry-after`
    pub(super) after: Option<Duration>,
}

impl Hint {
    /// Reads the headers; `now` is what a date is counted from.
    pub(super) fn read(headers: &HeaderMap, now: SystemTime) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let should_retry = match text("x-should-retry") {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        let milliseconds = text("retry-after-ms").and_then(|text| sane(text.parse::<f64>().ok()? / 1000.0));
        let after = milliseconds
            .or_else(|| text("retry-after").and_then(|text| seconds(text).or_else(|| until_date(text, now))))
            .or_else(|| reset(&text, now))
            .filter(|wait| *wait <= ABSURD);
        Self { should_retry, after }
    }
}

/// `47`, `47.5` and Google's `47s`; `None` for all else, and for what is longer than a day.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    sane(text.strip_suffix('s').unwrap_or(text).parse().ok()?)
}

fn sane(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().filter(|wait| *wait <= ABSURD)
}

/// From now to an HTTP date; nothing where it has passed.
fn until_date(text: &str, now: SystemTime) -> Option<Duration> {
    let date: SystemTime = DateTime::parse_from_rfc2822(text).ok()?.into();
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;
    use crate::models::error::{Asked, Detail};

    fn hint(headers: &[(&'static str, &'static str)]) -> Hint {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        // Wed, 21 Oct 2015 07:28:00 GMT
        Hint::read(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_480))
    }

    fn rate_limited(retry_after: Option<Duration>) -> ModelError {
        ModelError::RateLimited {
            asked: Asked::new("OpenAI", "m"),
            retry_after,
        }
    }

    fn bad_request() -> ModelError {
        ModelError::BadRequest {
            asked: Asked::new("OpenAI", "m"),
            detail: Detail::default(),
        }
    }

    #[test]
    fn headers_are_read_in_the_order_of_the_sdk() {
        let after = |headers: &[(&'static str, &'static str)]| hint(headers).after;
        assert_eq!(after(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(after(&[("retry-after", "0.25")]), Some(Duration::from_millis(250)));
        assert_eq!(
            after(&[("retry-after", "7"), ("retry-after-ms", "1500")]),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(
            after(&[("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT")]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            after(&[("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT")]),
            Some(Duration::ZERO)
        );
        for nonsense in ["-3", "NaN", "inf", "1e300", "soon", "", "99999999"] {
            assert_eq!(after(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
        // Counts that are used up say when they are full again; the ones that are not say nothing.
        for (headers, seconds) in [
            (
                [
                    ("x-ratelimit-remaining-requests", "0"),
                    ("x-ratelimit-reset-requests", "6m1.5s"),
                ],
                Some(361.5),
            ),
            (
                [
                    ("x-ratelimit-remaining-tokens", "0"),
                    ("x-ratelimit-reset-tokens", "120ms"),
                ],
                Some(0.12),
            ),
            (
                [
                    ("x-ratelimit-remaining-tokens", "9"),
                    ("x-ratelimit-reset-tokens", "1h"),
                ],
                None,
            ),
            (
                [
                    ("x-ratelimit-remaining-tokens", "0"),
                    ("x-ratelimit-reset-tokens", "soon"),
                ],
                None,
            ),
            (
                [
                    ("anthropic-ratelimit-input-tokens-remaining", "0"),
                    ("anthropic-ratelimit-input-tokens-reset", "2015-10-21T07:28:40Z"),
                ],
                Some(40.0),
            ),
        ] {
            assert_eq!(after(&headers), seconds.map(Duration::from_secs_f64), "{headers:?}");
        }
        assert_eq!(hint(&[("x-should-retry", "false")]).should_retry, Some(false));
        assert_eq!(hint(&[("x-should-retry", "perhaps")]).should_retry, None);
    }

    #[test]
    fn the_header_overrules_the_kind_but_no_quota() {
        let again = |error, should_retry| {
            Failure::with_hint(
                error,
                &Hint {
                    should_retry,
                    after: None,
                },
            )
            .again
        };
        assert_eq!(again(bad_request(), None), Again::No);
        assert_eq!(again(bad_request(), Some(true)), Again::After(None));
        assert_eq!(again(rate_limited(None), None), Again::After(None));
        assert_eq!(again(rate_limited(None), Some(false)), Again::No);
        let quota = ModelError::Quota {
            asked: Asked::new("OpenAI", "m"),
            until: None,
        };
        assert_eq!(again(quota, Some(true)), Again::No);
    }

    #[test]
    fn waits_double_up_to_a_limit_and_end() {
        let patience = Patience {
            tries: 9,
            ..Patience::default()
        };
        let failure = Failure::new(rate_limited(None));
        for (tries_made, most) in [(1, 500), (2, 1000), (3, 2000), (5, 8000), (8, 8000)] {
            let wait = patience.wait(&failure, tries_made).unwrap();
            assert!(wait <= Duration::from_millis(most), "{tries_made}: {wait:?}");
            assert!(wait >= Duration::from_millis(most * 3 / 4), "{tries_made}: {wait:?}");
        }
        assert_eq!(patience.wait(&failure, 9), None);
        assert_eq!(patience.wait(&Failure::last(rate_limited(None)), 1), None);
    }

    #[test]
    fn a_server_of_ones_own_is_given_time() {
        let patience = |url: &str| Patience::with(&url.parse().unwrap()).reading;
        for near in [
            "http://localhost:8080/v1",
            "http://127.0.0.1:11434/v1",
            "http://[::1]:8000/v1",
            "http://192.168.0.7:1234/v1",
            "http://[fd00::7]/v1",
            "http://ollama:11434/v1",
            "http://nas.local/v1",
        ] {
            assert_eq!(patience(near), Patience::with_own_server().reading, "{near}");
        }
        for far in [
            "https://api.openai.com/v1",
            "https://8.8.8.8/v1",
            "https://[2606:4700::1]/v1",
            "https://localhost.example.org/v1",
        ] {
            assert_eq!(patience(far), Patience::default().reading, "{far}");
        }
    }

    #[test]
    fn who_writes_slowly_is_heard_out_and_who_trickles_is_not() {
        let near = Patience::with_own_server();
        // One piece a second for half an hour; one in ten seconds; one a second without end.
        assert!(near.until_whole(1800) > Duration::from_mins(30));
        assert!(near.until_whole(75) <= Duration::from_secs(750));
        assert_eq!(near.until_whole(u32::MAX), Duration::from_hours(1));
        assert_eq!(Patience::default().until_whole(9000), Duration::from_mins(10));
    }

    #[test]
    fn long_waits_are_left_to_the_caller() {
        let patience = Patience::default();
        let wait = |told| patience.wait(&Failure::new(rate_limited(Some(Duration::from_secs(told)))), 1);
        assert_eq!(wait(20), Some(Duration::from_secs(20)));
        assert_eq!(wait(21), None);
        assert!(wait(0) > Some(Duration::ZERO), "nobody is asked again at once");
    }
}
