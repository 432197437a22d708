//! An address of YouTube's, taken apart: its host, its path, its parameters, and what they lead to.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::char::is_combining_mark;

use super::{Link, LinkError, ORIGIN};
use crate::timecode;

/// How often a link may stand within a link.
const MAX_NESTING: usize = 3;

/// The hosts of whole pages.
const PAGE_HOSTS: [&str; 11] = [
    "youtube.com",
    "www.youtube.com",
    "m.youtube.com",
    "music.youtube.com",
    "gaming.youtube.com",
    "youtube-nocookie.com",
    "www.youtube-nocookie.com",
    "youtubekids.com",
    "www.youtubekids.com",
    "youtube.googleapis.com",
    CONSENT_HOST,
];

/// The hosts whose first path segment is a video's id.
const SHORT_HOSTS: [&str; 3] = ["youtu.be", "www.youtu.be", "y2u.be"];

/// Asks for consent to cookies; the page one wanted is in a parameter.
const CONSENT_HOST: &str = "consent.youtube.com";

/// Reads an address with or without its scheme.
pub(super) fn read(text: &str, nesting: usize) -> Result<Link, LinkError> {
    if nesting > MAX_NESTING {
        return Err(LinkError::Invalid);
    }
    // Copied out of another link's parameter, it is encoded as a whole.
    if ["https%3a", "http%3a"]
        .iter()
        .any(|start| strip_prefix_ignore_case(text, start).is_some())
    {
        return read(&decode(text), nesting + 1);
    }
    if let Some(rest) = strip_prefix_ignore_case(text, "vnd.youtube:") {
        let rest = rest.trim_start_matches('/');
        let page = Page::new("", rest);
        let id = page.segment(0);
        return if id.bytes().all(is_id_byte) {
            page.video(id)
        } else {
            read(rest, nesting + 1)
        };
    }
    let rest = strip_prefix_ignore_case(text, "https://")
        .or_else(|| strip_prefix_ignore_case(text, "http://"))
        .or_else(|| text.strip_prefix("//"))
        .unwrap_or(text);
    // A user name or another port before the path makes it another host than those listed, and so invalid.
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let host = host.to_ascii_lowercase();
    let host = host
        .strip_suffix(":443")
        .or_else(|| host.strip_suffix(":80"))
        .unwrap_or(&host);
    let page = Page::new(host, rest);
    if SHORT_HOSTS.contains(&host) {
        return match page.link(nesting) {
            Ok(link) => Ok(link),
            Err(_) => page.video(page.segment(0)),
        };
    }
    if PAGE_HOSTS.contains(&host) {
        return match page.link(nesting) {
            // `watch%3Fv%3DID`: the parameters are encoded as well.
            Err(LinkError::Invalid) if has_encoded_parameters(rest) => {
                read(&format!("{host}{}", decode(rest)), nesting + 1)
            }
            link => link,
        };
    }
    Err(LinkError::Invalid)
}

/// An address of YouTube's, taken apart.
struct Page<'a> {
    host: &'a str,
    segments: Vec<Cow<'a, str>>,
    query: &'a str,
    fragment: &'a str,
}

impl<'a> Page<'a> {
    /// Takes apart what follows the host.
    fn new(host: &'a str, rest: &'a str) -> Self {
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        // Some links have lost their `?`: `youtu.be/ID&feature=share`.
        let (path, query) = rest.split_once(['?', '&']).unwrap_or((rest, ""));
        let segments = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        Self {
            host,
            segments,
            query,
            fragment,
        }
    }

    /// The path's segment, decoded; empty where there is none.
    fn segment(&self, index: usize) -> &str {
        self.segments.get(index).map_or("", AsRef::as_ref)
    }

    /// The first value of a parameter, decoded.
    fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        value(self.query, name)
    }

    /// What the page is, by its path.
    fn link(&self, nesting: usize) -> Result<Link, LinkError> {
        if nesting > MAX_NESTING {
            return Err(LinkError::Invalid);
        }
        if self.host == CONSENT_HOST {
            return self.nested("continue", nesting);
        }
        match (self.segment(0), self.segment(1)) {
            // Old mobile pages: `/#/watch?v=…`
            ("", _) if self.fragment.starts_with('/') => Page::new(self.host, self.fragment).link(nesting + 1),
            ("watch", id) if !id.is_empty() => self.video(id),
            ("" | "watch" | "watch_popup" | "playlist" | "embed", "") | ("embed", "videoseries") => {
                match self.parameter("v") {
                    Some(id) => self.video(&id),
                    None => self.playlist(),
                }
            }
            ("embed", "live_stream") => channel(self.parameter("channel").as_deref().unwrap_or_default()),
            ("shorts" | "live" | "embed" | "v" | "e" | "w", id) => self.video(id),
            ("attribution_link", _) => self.nested("u", nesting),
            ("signin", _) => self.nested("next", nesting),
            ("verify_age", _) => self.nested("next_url", nesting),
            ("oembed", _) => self.nested("url", nesting),
            ("channel", id) => channel(id),
            ("c" | "user", name) => named(self.segment(0), name),
            ("feeds", "videos.xml") => self.feed(),
            ("clip", _) => Err(unsupported("YouTube clip")),
            ("results", _) => Err(unsupported("YouTube search")),
            ("post", _) => Err(unsupported("YouTube post")),
            (first, _) if first.starts_with('@') => handle(first).ok_or(LinkError::Invalid),
            _ => Err(LinkError::Invalid),
        }
    }

    /// A video by its id, with what the parameters add.
    fn video(&self, id: &str) -> Result<Link, LinkError> {
        let length = id.bytes().take_while(|byte| is_id_byte(*byte)).count();
        match (id.get(..11), length) {
            (Some(id), 11..) => Ok(Link::Video {
                id: id.to_owned(),
                list: self.parameter("list").as_deref().and_then(playlist_id),
                start: self.start(),
            }),
            (_, 0) => Err(LinkError::Invalid),
            _ => Err(LinkError::Truncated),
        }
    }

    fn playlist(&self) -> Result<Link, LinkError> {
        let list = self.parameter("list").unwrap_or_default();
        let id = playlist_id(&list).ok_or(LinkError::Invalid)?;
        // A mix is made anew for each visitor and has no end. Those of the form RDCLAK are edited and finite.
        if id.starts_with("RD") && !id.starts_with("RDCLAK") {
            return Err(unsupported("YouTube mix"));
        }
        Ok(Link::Playlist { id })
    }

    fn feed(&self) -> Result<Link, LinkError> {
        if let Some(id) = self.parameter("channel_id") {
            return channel(&id);
        }
        if let Some(list) = self.parameter("playlist_id") {
            let id = playlist_id(&list).ok_or(LinkError::Invalid)?;
            return Ok(Link::Playlist { id });
        }
        named("user", self.parameter("user").as_deref().unwrap_or_default())
    }

    /// The link that stands in a parameter, whole or from its path on.
    fn nested(&self, name: &str, nesting: usize) -> Result<Link, LinkError> {
        let inner = self.parameter(name).ok_or(LinkError::Invalid)?;
        if inner.starts_with('/') && !inner.starts_with("//") {
            read(&format!("{ORIGIN}{inner}"), nesting + 1)
        } else {
            read(&inner, nesting + 1)
        }
    }

    /// The second it starts at, unless that is the first.
    fn start(&self) -> Option<u32> {
        let text = self
            .parameter("t")
            .or_else(|| self.parameter("start"))
            .or_else(|| self.parameter("time_continue"))
            .or_else(|| value(self.fragment, "t"))?;
        offset(&text).filter(|seconds| *seconds > 0)
    }
}

fn unsupported(what: &str) -> LinkError {
    LinkError::Unsupported { what: what.to_owned() }
}

/// `[A-Za-z0-9_-]`
pub(super) fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The leading part of `text` that could be an id.
fn id_prefix(text: &str) -> &str {
    let length = text.bytes().take_while(|byte| is_id_byte(*byte)).count();
    text.get(..length).unwrap_or_default()
}

fn playlist_id(text: &str) -> Option<String> {
    let id = id_prefix(text);
    let long = ["PL", "LL", "EC", "UU", "FL", "RD", "UL", "TL", "PU", "OLAK5uy_"]
        .iter()
        .any(|kind| {
            id.strip_prefix(kind)
                .is_some_and(|rest| (10..=100).contains(&rest.len()))
        });
    (long || ["RDMM", "WL", "LL", "LM"].contains(&id)).then(|| id.to_owned())
}

fn channel(text: &str) -> Result<Link, LinkError> {
    match id_prefix(text).get(..24) {
        Some(id) if id.starts_with("UC") => Ok(Link::Channel { id: id.to_owned() }),
        _ => Err(LinkError::Invalid),
    }
}

/// `@name`: 3 to 30 characters, fewer in scripts that need fewer.
pub(super) fn handle(text: &str) -> Option<Link> {
    let name = text.strip_prefix('@')?.trim_end_matches('.');
    let least = if name.is_ascii() { 3 } else { 1 };
    let fits = (least..=30).contains(&name.chars().count());
    (fits && name.chars().all(is_name_char)).then(|| Link::Handle { id: format!("@{name}") })
}

/// `/c/Name` and `/user/name`.
fn named(kind: &str, name: &str) -> Result<Link, LinkError> {
    let name = name.trim_end_matches('.');
    if (1..=100).contains(&name.chars().count()) && name.chars().all(is_name_char) {
        Ok(Link::ChannelUrl {
            id: format!("/{kind}/{name}"),
        })
    } else {
        Err(LinkError::Invalid)
    }
}

/// Letters, marks and digits of any script, `_`, `-`, `.`, the middle dot, and the joiners that Persian and Hindi need.
fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || "_-.·\u{200c}\u{200d}".contains(c)
}

/// The first value of a parameter in `query`, decoded.
fn value<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    query
        .split(['&', '?', ';'])
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| decode(value))
}

fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Seconds from `90`, `90s`, `1m30s`, `1h2m3s` or `1:30`.
fn offset(text: &str) -> Option<u32> {
    if let Some(ms) = timecode::parse(text) {
        return u32::try_from(ms / 1000).ok();
    }
    let mut total: u32 = 0;
    let mut count: Option<u32> = None;
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            count = Some(count.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
            continue;
        }
        let unit = match c.to_ascii_lowercase() {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            // `90.5` and whatever else follows: the whole seconds count.
            _ => break,
        };
        total = total.checked_add(count.take()?.checked_mul(unit)?)?;
    }
    total.checked_add(count.unwrap_or(0))
}

/// Whether what separates a path and its parameters is percent-encoded.
fn has_encoded_parameters(rest: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    !rest.contains('=') && rest.contains("%3d")
}

fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}
