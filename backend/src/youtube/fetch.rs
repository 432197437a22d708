//! One request to YouTube: where it goes, how long it may take, when it is tried again, what its status means.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use tokio::time::Instant;
use url::Url;

use super::{egress::Egress, error::YouTubeError, gate::Gate, samples::Samples, visitors::Visitors};
use crate::http;

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A connection.
    pub(super) connect: Duration,
    /// A request, from its start to the last byte of the answer.
    pub(super) request: Duration,
    /// All the requests that [`super::YouTube::watch`] or another call makes.
    pub(super) whole: Duration,
    /// All the requests for what a video can do without: chapters, a title from elsewhere.
    pub(super) extras: Duration,
    /// Between two tries; up to as much again is added at random.
    pub(super) pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            extras: Duration::from_secs(6),
            pause: Duration::from_millis(200),
        }
    }
}

/// The way out to YouTube.
#[derive(Clone)]
pub(super) struct Fetch {
    pub(super) http: Client,
    pub(super) gate: Gate,
    pub(super) visitors: Visitors,
    pub(super) samples: Samples,
    base: Option<Url>,
    limits: Limits,
    /// How often what is refused may be asked again from another address.
    retries: u8,
}

impl Fetch {
    /// # Errors
    /// A sentence where the proxy or base URL can't be used.
    pub(super) fn new(base: Option<Url>, egress: &Egress, gate: Gate, limits: Limits) -> Result<Self, String> {
        if let Some(url) = base.as_ref().filter(|url| !matches!(url.scheme(), "http" | "https")) {
            return Err(format!(
                "The base URL for YouTube must begin with http:// or https://, not {}:.",
                url.scheme()
            ));
        }
        Ok(Self {
            http: egress.client(limits)?,
            gate,
            visitors: Visitors::default(),
            samples: Samples::default(),
            retries: egress.retries(),
            base,
            limits,
        })
    }

    /// What replaces YouTube's hosts, if anything does.
    pub(super) fn base(&self) -> Option<&Url> {
        self.base.as_ref()
    }

    /// The outcome of reading `answer`; what could not be read is kept as a sample, and the error names it.
    pub(super) async fn with_sample<T>(
        &self,
        outcome: Result<T, YouTubeError>,
        answer: impl AsRef<[u8]>,
    ) -> Result<T, YouTubeError> {
        match outcome {
            Err(YouTubeError::Unparsable { what, sample: None }) => {
                let sample = self.samples.keep(&what, answer.as_ref()).await;
                Err(YouTubeError::Unparsable { what, sample })
            }
            outcome => outcome,
        }
    }

    /// The addresses that one piece of work may be tried from.
    pub(super) fn addresses(&self) -> Addresses {
        Addresses { left: self.retries }
    }

    /// When a call that begins now must be over.
    pub(super) fn deadline(&self) -> Deadline {
        Deadline {
            end: Instant::now() + self.limits.whole,
            waited_ms: Arc::default(),
        }
    }

    /// When requests for extras must be over that belong to a call with this deadline.
    pub(super) fn extras_deadline(&self, deadline: &Deadline) -> Deadline {
        let end = Instant::now() + self.limits.extras;
        Deadline {
            end: deadline.end.min(end.checked_sub(deadline.waited()).unwrap_or(end)),
            waited_ms: Arc::clone(&deadline.waited_ms),
        }
    }

    /// The address of `path` (which begins with a slash) on `host`, or on what replaces it.
    pub(super) fn address(&self, host: &str, path: &str) -> Result<Url, YouTubeError> {
        match &self.base {
            Some(base) => Ok(under(base, path)),
            None => Url::parse(&format!("https://{host}{path}")).map_err(|_| YouTubeError::unparsable("an address")),
        }
    }

    /// The body of a 2xx answer, at most `cap` bytes, by `deadline`, in its turn. What may pass by itself is tried once more.
    pub(super) async fn body(
        &self,
        request: RequestBuilder,
        cap: usize,
        deadline: &Deadline,
    ) -> Result<Vec<u8>, YouTubeError> {
        let again = request.try_clone();
        deadline.forgive(self.gate.turn().await);
        match (self.once(request, cap, deadline).await, again) {
            (Err(error), Some(again)) if error.is_transient() => {
                let pause = self.limits.pause.mul_f64(rand::random_range(1.0..2.0));
                if pause >= deadline.left() {
                    return Err(error);
                }
                tokio::time::sleep(pause).await;
                deadline.forgive(self.gate.turn().await);
                self.once(again, cap, deadline).await
            }
            (outcome, _) => outcome,
        }
    }

    /// The same at once and once: for pictures, which lie elsewhere.
    pub(super) async fn once(
        &self,
        request: RequestBuilder,
        cap: usize,
        deadline: &Deadline,
    ) -> Result<Vec<u8>, YouTubeError> {
        let left = deadline.left();
        if left.is_zero() {
            return Err(YouTubeError::Timeout);
        }
        let response = http::send(request.timeout(left.min(self.limits.request))).await?;
        if let Some(error) = refusal(&response) {
            return Err(error);
        }
        Ok(http::bounded_body(response, cap).await?)
    }
}

/// When a call must be over. The wait for our own turns does not count.
#[derive(Clone, Debug)]
pub(super) struct Deadline {
    end: Instant,
    waited_ms: Arc<AtomicU64>,
}

impl Deadline {
    fn forgive(&self, wait: Duration) {
        let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.waited_ms.fetch_add(ms, Ordering::Relaxed);
    }

    fn waited(&self) -> Duration {
        Duration::from_millis(self.waited_ms.load(Ordering::Relaxed))
    }

    fn left(&self) -> Duration {
        (self.end + self.waited()).saturating_duration_since(Instant::now())
    }
}

/// Counts the addresses that a piece of work has used up.
pub(super) struct Addresses {
    left: u8,
}

impl Addresses {
    /// Whether YouTube refused the address, and there is another to try.
    pub(super) fn is_worth_another<T>(&mut self, outcome: &Result<T, YouTubeError>) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        // The next address may stand in another country.
        let differs = |error: &&YouTubeError| error.is_block() || **error == YouTubeError::GeoBlocked;
        let Some(error) = outcome.as_ref().err().filter(differs) else {
            return false;
        };
        tracing::debug!(kind = error.kind(), left, "YouTube refused an address; trying another");
        self.left = left;
        true
    }
}

/// `path` under `base`, which may have a path of its own.
pub(super) fn under(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// Whether a body is one of the pages that ask for a captcha: they come with any status, 200 too.
pub(super) fn is_captcha(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    text.trim_start().starts_with('<')
        && ["g-recaptcha", "google.com/sorry", "unusual traffic"]
            .iter()
            .any(|mark| text.contains(mark))
}

/// What a status other than 2xx means.
fn refusal(response: &Response) -> Option<YouTubeError> {
    let status = response.status();
    if status.is_success() {
        return None;
    }
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let sent_to_captcha = header(header::LOCATION).is_some_and(|to| to.contains("google.com/sorry"));
    if sent_to_captcha || matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
        let seconds = header(header::RETRY_AFTER).and_then(|value| value.trim().parse().ok());
        return Some(YouTubeError::IpBlocked {
            retry_after: seconds.map(Duration::from_secs),
        });
    }
    Some(YouTubeError::UpstreamFailed {
        status: Some(status.as_u16()),
        why: format!("it answered with HTTP status {}", status.as_u16()),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_base_url_replaces_every_host_and_keeps_its_own_path() {
        let fetch = |base: Option<&str>| {
            Fetch::new(
                base.map(|url| url.parse().unwrap()),
                &Egress::Direct,
                Gate::new("".into(), None),
                Limits::default(),
            )
            .unwrap()
        };
        let address = |base| fetch(base).address("i.ytimg.com", "/vi/x.jpg").unwrap().to_string();
        assert_eq!(address(None), "https://i.ytimg.com/vi/x.jpg");
        assert_eq!(address(Some("http://127.0.0.1:9")), "http://127.0.0.1:9/vi/x.jpg");
        assert_eq!(
            address(Some("http://mirror.test/yt/?a=b")),
            "http://mirror.test/yt/vi/x.jpg"
        );
        assert!(
            Fetch::new(
                Some("ftp://mirror.test/".parse().unwrap()),
                &Egress::Direct,
                Gate::new("".into(), None),
                Limits::default()
            )
            .is_err()
        );
    }

    #[test]
    fn captcha_pages_are_known_by_their_marks() {
        assert!(is_captcha(b"\n<!DOCTYPE html><div class=\"g-recaptcha\">"));
        assert!(!is_captcha(b"<html>Sorry</html>"));
        assert!(!is_captcha(br#"{"title": "How g-recaptcha works"}"#));
    }
}
