//! What was typed, pasted or dropped into the home field: lines of links, or a transcript.
//!
//! Runs on each keystroke in the browser, so a long text is judged by its beginning.

use crate::{
    captions::{self, CaptionsError, Format},
    link::{Link, LinkError},
};

#[cfg(test)]
mod tests;

/// A line of the field that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1. A line with several links makes several entries of the same number.
    pub number: u32,
    /// The link as it stands there, without what is around it; the whole line, trimmed, where there is none.
    pub text: String,
    /// What it is.
    pub link: Result<Link, LinkError>,
}

impl Line {
    /// What it is, for beside the line: "video", "not a YouTube link".
    #[must_use]
    pub fn words(&self) -> String {
        match &self.link {
            Ok(link) => link.noun().to_owned(),
            Err(LinkError::Invalid) => NOT_A_LINK.to_owned(),
            Err(LinkError::Truncated) => CUT_SHORT.to_owned(),
            Err(LinkError::Unsupported { what }) => format!("{what}, which can't be summarised"),
        }
    }
}

/// What the field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing but white space.
    Empty,
    /// Links, at least one of them good or meant as one.
    Lines(Vec<Line>),
    /// A transcript in any format that [`crate::captions`] reads.
    Transcript,
}

/// How many entries of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Videos.
    pub videos: u32,
    /// Playlists.
    pub playlists: u32,
    /// Channels, by whichever name.
    pub channels: u32,
    /// Not YouTube's.
    pub not_links: u32,
    /// Links that lost their end.
    pub cut_short: u32,
    /// YouTube's, but nothing that has a transcript.
    pub unsupported: u32,
}

impl Counts {
    /// Counts entries.
    #[must_use]
    pub fn of(lines: &[Line]) -> Self {
        let mut counts = Self::default();
        for line in lines {
            let count = match &line.link {
                Ok(Link::Video { .. }) => &mut counts.videos,
                Ok(Link::Playlist { .. }) => &mut counts.playlists,
                Ok(Link::Channel { .. } | Link::Handle { .. } | Link::ChannelUrl { .. }) => &mut counts.channels,
                Err(LinkError::Invalid) => &mut counts.not_links,
                Err(LinkError::Truncated) => &mut counts.cut_short,
                Err(LinkError::Unsupported { .. }) => &mut counts.unsupported,
            };
            *count += 1;
        }
        counts
    }

    /// How many entries can be used.
    #[must_use]
    pub fn good(self) -> u32 {
        self.videos + self.playlists + self.channels
    }

    /// "1 video · 2 playlists · 3 not a YouTube link"; kinds without entries are left out.
    #[must_use]
    pub fn words(self) -> String {
        let parts = [
            (self.videos, "video", "videos"),
            (self.playlists, "playlist", "playlists"),
            (self.channels, "channel", "channels"),
            (self.not_links, NOT_A_LINK, NOT_A_LINK),
            (self.cut_short, CUT_SHORT, CUT_SHORT),
            (self.unsupported, "can't be summarised", "can't be summarised"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _, _)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
            .collect();
        parts.join(" · ")
    }
}

const NOT_A_LINK: &str = "not a YouTube link";
const CUT_SHORT: &str = "cut short: a video id has 11 characters";

/// How much of a text decides what it is.
const PREFIX_BYTES: usize = 32 * 1024;

/// More words than these without a link are running text.
const PROSE_WORDS: usize = 30;

/// So many words may stand beside each link, as its title.
const WORDS_A_LINK: usize = 15;

/// A line of so many words is a line of prose, not a stray word.
const PROSE_LINE_WORDS: usize = 5;

/// So many lines of prose are running text, unless there are as many links.
const PROSE_LINES: usize = 3;

/// Tells which it is. A text with at least one line that is or looks like a link, and no more than a few words beside,
/// is lines; a caption file or running text is a transcript.
#[must_use]
pub fn read(text: &str) -> Input {
    let start = text.trim_start();
    let prefix = start.get(..start.floor_char_boundary(PREFIX_BYTES)).unwrap_or(start);
    let format = match captions::sniff(prefix) {
        Err(CaptionsError::Empty) => return Input::Empty,
        Ok(format) => format,
        // Looks like a file; reading it will say what is wrong.
        Err(_) => return Input::Transcript,
    };
    let is_transcript = match format {
        Format::PlainText => is_prose(prefix),
        // Links with times before them are still links.
        Format::TimedLines => !is_mostly_links(prefix),
        _ => true,
    };
    if is_transcript {
        return Input::Transcript;
    }
    let numbered = (1..).zip(text.lines());
    Input::Lines(numbered.flat_map(|(number, line)| entries(number, line)).collect())
}

/// Whether it is running text, by how many words and lines have no part in a link.
fn is_prose(text: &str) -> bool {
    let (mut links, mut words, mut prose_lines) = (0, 0, 0);
    for line in text.lines() {
        let found = entries(0, line).iter().filter(|entry| entry.link.is_ok()).count();
        let beside = word_count(line).saturating_sub(found);
        links += found;
        words += beside;
        if found == 0 && beside >= PROSE_LINE_WORDS {
            prose_lines += 1;
        }
    }
    (words > PROSE_WORDS && words > WORDS_A_LINK * links) || (prose_lines >= PROSE_LINES && prose_lines > 2 * links)
}

/// Whether most lines have a good link.
fn is_mostly_links(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let linked = lines().filter(|line| entries(0, line).iter().any(|entry| entry.link.is_ok()));
    linked.count() * 2 > lines().count()
}

/// The words of a line. Chinese and Japanese have no spaces between theirs: two characters there count as one.
fn word_count(line: &str) -> usize {
    let unspaced = line
        .chars()
        .filter(|c| matches!(*c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'))
        .count();
    line.split_whitespace().count() + unspaced / 2
}

/// The entries of a line: each address in it, or each id where there is nothing else, or else the line as it is.
fn entries(number: u32, line: &str) -> Vec<Line> {
    let line = line.trim();
    if line.is_empty() {
        return Vec::new();
    }
    let entry = |text: &str| Line {
        number,
        text: text.to_owned(),
        link: Link::parse(text),
    };
    let mut found: Vec<Line> = Vec::new();
    for address in addresses(line) {
        let entry = entry(address);
        // `[https://youtu.be/…](https://youtu.be/…)` is one link.
        let again = found
            .last()
            .is_some_and(|last| last.link.is_ok() && last.link == entry.link);
        if !again {
            found.push(entry);
        }
    }
    if found.is_empty() {
        found = pieces(without_bullet(line)).map(entry).collect();
        if found.is_empty() || found.iter().any(|entry| entry.link.is_err()) {
            found = vec![entry(line)];
        }
    }
    found
}

/// What in a line is or is meant as an address.
fn addresses(line: &str) -> impl Iterator<Item = &str> {
    pieces(line).map(from_scheme).filter(|piece| is_address(piece))
}

/// The parts of a line between white space, commas and the middle of a Markdown link.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .flat_map(|part| part.split(|c: char| c.is_whitespace() || ",，、|".contains(c)))
        .map(|piece| piece.trim_matches(|c| "<>()[]\"'".contains(c)))
        .filter(|piece| !piece.is_empty())
}

/// Drops what is glued to the front of an address: `Title:https://…`, `href="https://…`. An address within an address stays.
fn from_scheme(piece: &str) -> &str {
    let at = piece.find("https://").or_else(|| piece.find("http://"));
    match at.and_then(|at| piece.split_at_checked(at)) {
        Some((before, address)) if !before.contains(['/', '?', '%']) => address,
        _ => piece,
    }
}

fn is_address(piece: &str) -> bool {
    let piece = piece.to_ascii_lowercase();
    let begins = ["http:", "https:", "//", "www.", "vnd.youtube:"];
    let contains = [
        "://",
        "youtu.be/",
        "youtube.com",
        "youtube-nocookie.com",
        "youtubekids.com",
        "y2u.be/",
    ];
    begins.into_iter().any(|start| piece.starts_with(start)) || contains.into_iter().any(|part| piece.contains(part))
}

/// Drops `- `, `• `, `1. ` and the like.
fn without_bullet(line: &str) -> &str {
    match line.split_once(char::is_whitespace) {
        Some((first, rest)) if is_bullet(first) => rest.trim_start(),
        _ => line,
    }
}

fn is_bullet(word: &str) -> bool {
    let number = word.trim_end_matches(['.', ')']);
    ["-", "*", "•", "–", "·", "+", ">"].contains(&word)
        || (number.len() < word.len() && number.len() <= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
}
