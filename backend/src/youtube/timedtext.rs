//! The text of a caption track. Its address comes from outside: only YouTube's own caption endpoint is ever asked.

use domain::{
    captions::{self, CaptionsError},
    transcript::{Source, Transcript},
};
use url::{Host, Url};

use super::{
    Track,
    error::YouTubeError,
    fetch::{Deadline, Fetch, under},
};

/// Where all captions lie.
const PATH: &str = "/api/timedtext";
/// At most so many bytes of captions are read.
const CAP: usize = 10 * 1024 * 1024;
/// A caption is a line or two; one this long was made to hurt.
const MOST_BYTES_A_CUE: usize = 20_000;

/// Fetches and reads a track. [`YouTubeError::PoTokenRequired`] where this client's address of it is withheld,
/// [`YouTubeError::TranscriptsDisabled`] where there is no word in it.
pub(super) async fn transcript(
    fetch: &Fetch,
    track: &Track,
    user_agent: &str,
    deadline: &Deadline,
) -> Result<Transcript, YouTubeError> {
    if is_withheld(track) {
        return Err(YouTubeError::PoTokenRequired);
    }
    let request = fetch
        .http
        .get(address(&track.url, fetch.base())?)
        .header("User-Agent", user_agent)
        .header("Accept-Language", "en-US")
        .header("Cookie", "SOCS=CAI");
    let transcript = match fetch.body(request, CAP, deadline).await {
        Ok(body) => {
            let transcript = read(&String::from_utf8_lossy(&body), track);
            fetch.with_sample(transcript, &body).await
        }
        Err(error) => Err(error),
    };
    fetch.gate.count(&track.client, &transcript).await;
    transcript
}

/// Whether a track's address says that it will be answered with nothing unless a token comes along.
pub(super) fn is_withheld(track: &Track) -> bool {
    parse(&track.url).is_some_and(|url| {
        url.query_pairs()
            .any(|(key, value)| key == "exp" && (value.contains("xpe") || value.contains("xpv")))
    })
}

fn parse(raw: &str) -> Option<Url> {
    Url::parse("https://www.youtube.com/").ok()?.join(raw).ok()
}

/// The address to ask for a track's text in json3, or an error where `raw` leads anywhere else than to YouTube's captions.
fn address(raw: &str, base: Option<&Url>) -> Result<Url, YouTubeError> {
    let refused = || YouTubeError::unparsable("the address of its captions");
    let told = parse(raw).ok_or_else(refused)?;
    let is_youtube = told.scheme() == "https"
        && told.port().is_none()
        && matches!(told.host(), Some(Host::Domain(host)) if host == "youtube.com" || host.ends_with(".youtube.com"))
        && told.path() == PATH;
    let is_base = base.is_some_and(|base| told.origin() == base.origin() && told.path() == under(base, PATH).path());
    if !(is_youtube || is_base) || !told.username().is_empty() || told.password().is_some() {
        return Err(refused());
    }
    let mut url = match base {
        Some(base) => under(base, PATH),
        None => told.clone(),
    };
    url.set_fragment(None);
    // `xosf` adds noise about positions.
    url.query_pairs_mut()
        .clear()
        .extend_pairs(told.query_pairs().filter(|(key, _)| key != "fmt" && key != "xosf"))
        .append_pair("fmt", "json3");
    Ok(url)
}

fn read(body: &str, track: &Track) -> Result<Transcript, YouTubeError> {
    let source = if track.is_generated {
        Source::Automatic
    } else {
        Source::Manual
    };
    let unparsable = || YouTubeError::unparsable("captions");
    let body = body.trim_start_matches('\u{feff}').trim();
    if body.is_empty() {
        // Not "no captions": it is how YouTube withholds them.
        return Err(YouTubeError::PoTokenRequired);
    }
    // Whatever else it is, it is no captions: any text at all would be read as a transcript without times.
    if !(body.starts_with(['{', '<']) || body.starts_with("WEBVTT")) {
        return Err(unparsable());
    }
    let mut transcript = captions::read(body, source).map_err(|error| match error {
        CaptionsError::Empty => YouTubeError::TranscriptsDisabled,
        CaptionsError::WebPage => YouTubeError::IpBlocked { retry_after: None },
        CaptionsError::Broken { .. } => unparsable(),
        CaptionsError::TooLong { why } => YouTubeError::TooLarge { why },
    })?;
    if !transcript.is_timed() || transcript.cues.iter().any(|cue| cue.text.len() > MOST_BYTES_A_CUE) {
        return Err(unparsable());
    }
    transcript.language = Some(track.language_code.clone());
    transcript.source = source;
    Ok(transcript)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn asked(raw: &str, base: Option<&str>) -> Option<String> {
        let base = base.map(|base| base.parse().unwrap());
        address(raw, base.as_ref()).ok().map(String::from)
    }

    #[test]
    fn the_format_is_set_and_position_noise_dropped() {
        assert_eq!(
            asked(
                "https://www.youtube.com/api/timedtext?v=x&fmt=srv3&sparams=a%2Cb&xosf=1&lang=en",
                None
            )
            .as_deref(),
            Some("https://www.youtube.com/api/timedtext?v=x&sparams=a%2Cb&lang=en&fmt=json3")
        );
    }

    #[test]
    fn addresses_without_a_host_are_youtubes() {
        assert_eq!(
            asked("/api/timedtext?v=x", None).as_deref(),
            Some("https://www.youtube.com/api/timedtext?v=x&fmt=json3")
        );
    }

    #[test]
    fn a_base_url_takes_the_place_of_the_host() {
        let expected = Some("http://127.0.0.1:9/yt/api/timedtext?v=x&fmt=json3");
        let base = Some("http://127.0.0.1:9/yt");
        assert_eq!(
            asked("https://www.youtube.com/api/timedtext?v=x", base).as_deref(),
            expected
        );
        assert_eq!(
            asked("http://127.0.0.1:9/yt/api/timedtext?v=x", base).as_deref(),
            expected
        );
    }

    #[test]
    fn no_other_address_is_ever_asked() {
        for raw in [
            "http://www.youtube.com/api/timedtext?v=x",
            "https://www.youtube.com:8443/api/timedtext",
            "https://www.youtube.com/api/timedtext/../../admin",
            "https://www.youtube.com/redirect?q=http://127.0.0.1/",
            "https://user:password@www.youtube.com/api/timedtext",
            "https://www.youtube.com.evil.test/api/timedtext",
            "https://evilyoutube.com/api/timedtext",
            "https://127.0.0.1/api/timedtext",
            "http://127.0.0.1:9200/api/timedtext",
            "//169.254.169.254/api/timedtext",
            "https://[::1]/api/timedtext",
            "file:///etc/passwd",
            "data:text/plain,hello",
            "https://",
        ] {
            assert_eq!(asked(raw, None), None, "{raw}");
            // Another port than the base URL's is another server.
            assert_eq!(asked(raw, Some("http://127.0.0.1:9")), None, "{raw} with a base URL");
        }
    }

    #[test]
    fn withheld_tracks_are_known_by_their_address() {
        let withheld = |query: &str| {
            is_withheld(&Track {
                id: ".en".to_owned(),
                language_code: "en".to_owned(),
                name: "English".to_owned(),
                is_generated: false,
                is_translatable: false,
                is_variant: false,
                url: format!("https://www.youtube.com/api/timedtext?v=x&{query}"),
                client: "TEST".to_owned(),
            })
        };
        assert!(withheld("exp=xpe"));
        assert!(withheld("a=b&exp=xpv&c=d"));
        assert!(!withheld("expire=xpe&lang=en"));
    }
}
