//! Pages of the library as they were rendered last, for as long as nothing has changed that they show.
//!
//! What they show depends on the address, on what the browser prefers, and on the data, whose changes Postgres counts in the transaction that
//! makes them (`library_counts`): asked before each answer, so that no replica shows what is gone. Only who may come in comes so far: the gate
//! stands before us.
//!
//! A page is kept compressed, in pieces between its nonces: each answer has a nonce of its own, as the policy wants it. gzip allows that:
//! pieces that were compressed each for itself, and stored bytes between them.

use std::sync::Arc;

use app::{
    preferences::{Preferences, Theme},
    shell::InTheClear,
};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use backend::unchanged::Unchanged;
use flate2::{Compress, Compression, FlushCompress};
use leptos::nonce::Nonce;

use crate::{app_state::AppState, csp};

/// Longer addresses are rendered each time.
const LONGEST: usize = 256;
/// A larger page is nothing of ours.
const LARGEST: usize = 2 * 1024 * 1024;

/// The pages that are kept.
#[derive(Clone, Debug, Default)]
pub struct PageCache(Unchanged<Key, Page>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    address: String,
    preferences: String,
    has_banner: bool,
}

/// Answers from what is kept, else keeps what is answered. To be put around the routes of pages.
pub async fn library(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(key) = key(&request, state.settings.theme()) else {
        return next.run(request).await;
    };
    // Before it is rendered: what changes meanwhile makes another count, and the page is rendered again.
    let changes = match state.services.library_changes().await {
        Ok(changes) => changes,
        Err(error) => {
            tracing::warn!(%error, "whether the library has changed is not known; the page is rendered");
            return next.run(request).await;
        }
    };
    if let Some(page) = state.pages.0.find(changes, &key) {
        return page.answer();
    }
    let answer = next.run(request).await;
    let Some(nonce) = nonce_of(answer.headers()).filter(|_| answer.status() == StatusCode::OK) else {
        return answer;
    };
    let (head, body) = answer.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST).await else {
        return Response::builder()
            .status(StatusCode::INTERNAL_SERVER_ERROR)
            .body(Body::empty())
            .unwrap_or_default();
    };
    match Page::new(&body, &nonce) {
        Some(page) => {
            let page = Arc::new(page);
            state.pages.0.keep(changes, key, Arc::clone(&page));
            page.answer()
        }
        None => Response::from_parts(head, Body::from(body)),
    }
}

/// What the page depends on beside the data; `None` where it is not one that is kept.
fn key(request: &Request, theme: Theme) -> Option<Key> {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    let wanted = *request.method() == Method::GET
        && uri.path() == "/library"
        && query.len() <= LONGEST
        && takes_gzip(request.headers());
    wanted.then(|| Key {
        address: query.to_owned(),
        preferences: format!("{:?}", preferences(request.headers(), theme)),
        has_banner: request.extensions().get::<InTheClear>().is_some(),
    })
}

fn preferences(headers: &HeaderMap, theme: Theme) -> Preferences {
    let cookies = headers.get_all(header::COOKIE).iter();
    let cookies: Vec<&str> = cookies.filter_map(|value| value.to_str().ok()).collect();
    Preferences::from_cookies(&cookies.join(";"), theme)
}

/// Every browser says so plainly; who weighs encodings is answered by the usual way.
fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|encoding| encoding.trim() == "gzip"))
}

fn nonce_of(headers: &HeaderMap) -> Option<String> {
    let policy = headers.get(header::CONTENT_SECURITY_POLICY)?.to_str().ok()?;
    let (_, rest) = policy.split_once("'nonce-")?;
    let (nonce, _) = rest.split_once('\'')?;
    (!nonce.is_empty()).then(|| nonce.to_owned())
}

/// A page between its nonces.
#[derive(Debug)]
struct Page(Vec<Piece>);

#[derive(Debug)]
struct Piece {
    /// Deflate, ended at a whole byte, looking back at nothing before it.
    deflated: Vec<u8>,
    crc: crc32fast::Hasher,
    length: u32,
}

impl Page {
    /// `None` where compression fails.
    fn new(html: &[u8], nonce: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = html;
        while let Some(at) = find(rest, nonce.as_bytes()) {
            pieces.push(Piece::new(&rest[..at])?);
            rest = &rest[at + nonce.len()..];
        }
        pieces.push(Piece::new(rest)?);
        Some(Self(pieces))
    }

    fn answer(&self) -> Response {
        let nonce = Nonce::new();
        let mut response = Response::new(Body::from(self.gzip(&nonce)));
        let headers = response.headers_mut();
        if let Ok(policy) = HeaderValue::from_str(&csp::of_page(&nonce)) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        for (name, value) in [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_ENCODING, "gzip"),
            (header::VARY, "accept-encoding"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }

    /// The whole with this nonce.
    fn gzip(&self, nonce: &str) -> Bytes {
        let size: usize = self.0.iter().map(|piece| piece.deflated.len() + nonce.len() + 5).sum();
        let mut out = Vec::with_capacity(size + 32);
        // Deflate, no name, no time, unknown system.
        out.extend([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        let mut crc = crc32fast::Hasher::new();
        let mut length = 0_u32;
        for (number, piece) in self.0.iter().enumerate() {
            if number > 0 {
                // A stored block: its length, and the length's complement.
                let bytes = u16::try_from(nonce.len()).unwrap_or_default();
                out.push(0);
                out.extend(bytes.to_le_bytes());
                out.extend((!bytes).to_le_bytes());
                out.extend(nonce.as_bytes());
                crc.update(nonce.as_bytes());
                length = length.wrapping_add(u32::from(bytes));
            }
            out.extend(&piece.deflated);
            crc.combine(&piece.crc);
            length = length.wrapping_add(piece.length);
        }
        // An empty last block.
        out.extend([0x03, 0x00]);
        out.extend(crc.finalize().to_le_bytes());
        out.extend(length.to_le_bytes());
        out.into()
    }
}

impl Piece {
    fn new(text: &[u8]) -> Option<Self> {
        let mut compress = Compress::new(Compression::new(6), false);
        let mut deflated = Vec::with_capacity(text.len() / 2 + 64);
        loop {
            let taken = usize::try_from(compress.total_in()).ok()?;
            compress
                .compress_vec(&text[taken..], &mut deflated, FlushCompress::Full)
                .ok()?;
            // Room left over means that nothing is held back.
            if compress.total_in() == text.len() as u64 && deflated.len() < deflated.capacity() {
                break;
            }
            deflated.reserve(deflated.capacity().max(1024));
        }
        let mut crc = crc32fast::Hasher::new();
        crc.update(text);
        Some(Self {
            deflated,
            crc,
            length: u32::try_from(text.len()).ok()?,
        })
    }
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|window| window == word)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::io::Read as _;

    use super::*;

    fn unpacked(page: &Page, nonce: &str) -> String {
        let mut text = String::new();
        let packed = page.gzip(nonce);
        flate2::read::GzDecoder::new(packed.as_ref())
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn a_kept_page_is_the_same_but_for_its_nonce() {
        let rows: String = (0..5000)
            .map(|n| format!("<li>Row {n} of {}</li>", n * 7919 % 1000))
            .collect();
        let html = |nonce: &str| {
            format!("<script nonce=\"{nonce}\">1</script>{rows}<script nonce=\"{nonce}\"></script><link nonce={nonce}>")
        };
        let page = Page::new(html("first").as_bytes(), "first").unwrap();
        assert_eq!(page.0.len(), 4);
        assert!(page.gzip("x").len() < html("x").len() / 3);
        for nonce in ["first", "another-one", ""] {
            assert_eq!(unpacked(&page, nonce), html(nonce));
        }
    }

    #[test]
    fn texts_of_any_size_come_through() {
        for size in [0, 1, 100, 10_000, 300_000] {
            // What does not compress is the hard case for the room that is left.
            let mut state = 1_u32;
            let text: String = (0..size)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    char::from(32 + u8::try_from(state >> 24).unwrap() % 90)
                })
                .collect();
            let page = Page::new(text.as_bytes(), "\u{1}nonce").unwrap();
            assert_eq!(unpacked(&page, "n"), text, "{size}");
        }
    }

    fn asked(uri: &str, encoding: &str, cookie: &str) -> Option<Key> {
        let request = Request::builder()
            .uri(uri)
            .header(header::ACCEPT_ENCODING, encoding)
            .header(header::COOKIE, cookie);
        key(&request.body(Body::empty()).unwrap(), Theme::Auto)
    }

    #[test]
    fn pages_that_differ_are_kept_apart() {
        let browser = "gzip, deflate, br";
        let first = asked("/library?page=1", browser, "").unwrap();
        assert_eq!(asked("/library?page=1", browser, "session=abc").unwrap(), first);
        assert_ne!(asked("/library?page=2", browser, "").unwrap(), first);
        assert_ne!(asked("/library?page=1", browser, "theme=dark").unwrap(), first);
        let request = Request::builder()
            .uri("/library?page=1")
            .header(header::ACCEPT_ENCODING, browser);
        let request = request.body(Body::empty()).unwrap();
        assert_ne!(key(&request, Theme::Dark).unwrap(), first);
        let mut overheard = request;
        overheard.extensions_mut().insert(InTheClear);
        assert_ne!(key(&overheard, Theme::Auto).unwrap(), first);
        for (uri, encoding) in [("/library", "br"), ("/library", "gzip;q=0"), ("/", browser)] {
            assert_eq!(asked(uri, encoding, ""), None, "{uri} {encoding}");
        }
    }
}
