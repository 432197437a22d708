//! Citation marks: `[12 "four to ten words verbatim"]` at the end of a claim, and the structure of a summary's body.
//!
//! The same code runs on the server, where the finished body is checked, and in the browser, where the body is still
//! streaming: half a mark at the end is held back, never shown, and so is a line that may still become a heading.
//! What was shown once never changes: the blocks of a longer text repeat those of a shorter one and grow at their end.
//! The Markdown is the small part that models write: headings, paragraphs, lists; the rest is text.

mod marks;

/// A lead-in ("Key points:") has at most this many words.
const LEAD_IN_WORDS: usize = 8;

/// A lead-in is at most this wide, in Latin letters; East Asian characters count twice.
const LEAD_IN_WIDTH: usize = 60;

/// A wholly bold line is a heading up to this width.
const BOLD_WIDTH: usize = 90;

/// One mark as the model wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The passages it names, as numbers, at most 20; `[12-14]`, `[12, 14]` and `[#12]` are understood. May name
    /// passages that do not exist.
    pub passages: Vec<u32>,
    /// The quoted words, where there are any.
    pub quote: Option<String>,
}

/// A claim before the check: some words and the marks they end in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its words without the marks; inline Markdown is kept.
    pub text: String,
    /// Its marks; empty where the model forgot them.
    pub marks: Vec<Mark>,
}

/// A block of a summary's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading (or a short lead-in line that ends in a colon, level 4); never a claim.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words.
        text: String,
    },
    /// A paragraph: one or more claims.
    Paragraph(Vec<Draft>),
    /// A list item (nesting is flattened): one or more claims.
    Item(Vec<Draft>),
}

/// Splits a body into blocks and claims. A claim is what stands between two groups of marks in one block; text after
/// the last mark of a block is a claim without marks. `streaming` holds back what the next characters could change:
/// a mark that is not closed yet, a line whose kind is not clear yet.
#[must_use]
pub fn blocks(body: &str, streaming: bool) -> Vec<Block> {
    let mut builder = Builder {
        blocks: Vec::new(),
        open: None,
    };
    for line in body.split_inclusive('\n') {
        let complete = line.ends_with('\n') || !streaming;
        match classify(line, complete) {
            Line::Blank => builder.close(false),
            Line::Unclear => {}
            Line::Heading(level, text) => {
                builder.close(false);
                let text = heading_text(text, !complete);
                builder.heading(level, text);
            }
            Line::LeadIn(text) => {
                builder.close(false);
                builder.heading(4, text);
            }
            Line::Item(text) => {
                builder.close(false);
                builder.open = Some((Kind::Item, String::new()));
                builder.append(text, complete);
            }
            Line::Row(text) => {
                builder.close(false);
                builder.append(text, complete);
            }
            Line::Text(text) => builder.append(text, complete),
        }
    }
    builder.close(streaming);
    builder.blocks
}

/// The words of a heading or a lead-in, where a whole line is one.
#[must_use]
pub fn heading_of(line: &str) -> Option<String> {
    match classify(line, true) {
        Line::Heading(_, text) => Some(heading_text(text, false)),
        Line::LeadIn(text) => Some(text),
        _ => None,
    }
}

/// The blocks as they are collected.
struct Builder {
    blocks: Vec<Block>,
    /// The block whose lines are still being read.
    open: Option<(Kind, String)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Paragraph,
    Item,
}

impl Builder {
    fn append(&mut self, text: &str, complete: bool) {
        let (_, raw) = self.open.get_or_insert_with(|| (Kind::Paragraph, String::new()));
        let mut words = text.split([' ', '\t', '\r']).filter(|word| !word.is_empty());
        if let Some(first) = words.next() {
            raw.push_str(first);
        }
        for word in words {
            raw.push(' ');
            raw.push_str(word);
        }
        if complete {
            raw.push('\n');
        }
    }

    fn heading(&mut self, level: u8, text: String) {
        if !text.is_empty() {
            self.blocks.push(Block::Heading { level, text });
        }
    }

    /// Ends the open block; `more` where its text may go on after the end of the body.
    fn close(&mut self, more: bool) {
        let Some((kind, raw)) = self.open.take() else {
            return;
        };
        let claims = marks::claims(&raw, more);
        if !claims.is_empty() {
            self.blocks.push(match kind {
                Kind::Paragraph => Block::Paragraph(claims),
                Kind::Item => Block::Item(claims),
            });
        }
    }
}

/// What a line is.
enum Line<'a> {
    /// Nothing, a rule, a fence, a table's ruling: ends a block and shows nothing.
    Blank,
    /// Too short to tell yet.
    Unclear,
    Heading(u8, &'a str),
    LeadIn(String),
    Item(&'a str),
    /// A table's row: a paragraph of its own.
    Row(&'a str),
    Text(&'a str),
}

/// Tells a line's kind. Where the line is not complete, the answer is one that no further characters change.
fn classify(line: &str, complete: bool) -> Line<'_> {
    let mut line = line.trim();
    while let Some(rest) = line.strip_prefix('>') {
        match rest.chars().next() {
            None | Some('>' | ' ' | '\t') => line = rest.trim_start(),
            Some(_) => break,
        }
    }
    let unclear_or = |kind| if complete { kind } else { Line::Unclear };
    if line.is_empty() {
        return unclear_or(Line::Blank);
    }
    if line.chars().all(|c| "-*_=+|`~: \t".contains(c)) {
        return unclear_or(Line::Blank);
    }
    if line.starts_with("```") || line.starts_with("~~~") {
        // Models like to wrap a whole answer in a fence: only the fence itself goes, what it holds is read like the rest.
        let inline = line.trim_start_matches('`').contains('`');
        return unclear_or(if inline { Line::Text(line) } else { Line::Blank });
    }
    if line.starts_with('|') {
        return Line::Row(line);
    }
    let hashes = line.len() - line.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) {
        let rest = &line[hashes..];
        if rest.is_empty() {
            return unclear_or(Line::Blank);
        }
        if rest.starts_with([' ', '\t']) || (hashes > 1 && rest.starts_with(char::is_alphabetic)) {
            return Line::Heading(u8::try_from(hashes).unwrap_or(6), rest.trim_start());
        }
    }
    let Some((item, text)) = item(line, complete) else {
        return Line::Unclear;
    };
    match lead_in(text, complete) {
        Some(LeadIn::Yes(text)) => Line::LeadIn(text),
        Some(LeadIn::Perhaps) => Line::Unclear,
        None if item => Line::Item(text),
        None => Line::Text(text),
    }
}

/// Whether a line is a list item, and its text without the bullet or number; `None` where that is not clear yet.
fn item(line: &str, complete: bool) -> Option<(bool, &str)> {
    let rest = match line.chars().next() {
        Some('-' | '*' | '+') => Some(&line[1..]),
        Some(c @ ('•' | '◦' | '▪' | '‣' | '·')) => {
            let rest = line[c.len_utf8()..].trim_start();
            return (complete || !rest.is_empty()).then_some((true, rest));
        }
        Some('0'..='9') => {
            // At most three digits: a line that begins with "2019." is a sentence's end, not an item.
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let short = line.len() - rest.len() <= 3;
            if short && rest.is_empty() && !complete {
                return None;
            }
            rest.strip_prefix(['.', ')']).filter(|_| short)
        }
        _ => None,
    };
    match rest {
        Some("") if !complete => None,
        Some(rest) if rest.is_empty() || rest.starts_with([' ', '\t']) => Some((true, rest.trim_start())),
        _ => Some((false, line)),
    }
}

enum LeadIn {
    Yes(String),
    Perhaps,
}

/// Whether a line's text is a short lead-in without a mark: ends in a colon or is wholly bold.
fn lead_in(text: &str, complete: bool) -> Option<LeadIn> {
    let bold = may_be_bold(text);
    let short = fits(text, LEAD_IN_WIDTH) && text.split_whitespace().nth(LEAD_IN_WORDS).is_none();
    if !(bold || short) || has_mark(text, complete) {
        return None;
    }
    if !complete {
        return Some(LeadIn::Perhaps);
    }
    if let Some(inner) = bold_text(text).filter(|_| bold) {
        return Some(LeadIn::Yes(inner));
    }
    (short && text.ends_with([':', '：'])).then(|| LeadIn::Yes(text.to_owned()))
}

/// Whether a text is bold from its start, and nothing so far shows that it does not stay so until its end.
fn may_be_bold(text: &str) -> bool {
    let Some(stars) = ["**", "__"].into_iter().find(|stars| text.starts_with(stars)) else {
        return false;
    };
    let inner = text.trim_start_matches(['*', '_']);
    fits(text, BOLD_WIDTH)
        && inner
            .find(stars)
            .is_none_or(|end| inner[end..].chars().all(|c| matches!(c, '*' | '_' | ':' | '：')))
}

/// The words of a wholly bold text. A bold sentence is not a heading: it claims something.
fn bold_text(text: &str) -> Option<String> {
    let (text, colon) = match text.strip_suffix([':', '：']) {
        Some(rest) => (rest, ":"),
        None => (text, ""),
    };
    let inner = ["***", "**", "__"]
        .into_iter()
        .find_map(|stars| text.strip_prefix(stars)?.strip_suffix(stars))?;
    let is_sentence = inner.ends_with(['.', '!', '。', '！']);
    let has_words = inner.contains(char::is_alphanumeric);
    (has_words && !is_sentence).then(|| format!("{}{colon}", inner.trim()))
}

fn fits(text: &str, width: usize) -> bool {
    let wide = |c: char| if c >= '\u{2e80}' { 2 } else { 1 };
    text.len() <= 4 * width && text.chars().map(wide).sum::<usize>() <= width
}

/// Whether a line has a mark; where it is not complete, only a mark that no further character can undo counts.
fn has_mark(text: &str, complete: bool) -> bool {
    text.match_indices(['[', '【', '［'])
        .any(|(start, _)| match marks::at(text, start) {
            marks::Attempt::Marks(_, end) => complete || end < text.len(),
            marks::Attempt::Text | marks::Attempt::Open => false,
        })
}

/// A heading's words: marks and closing `#` removed.
fn heading_text(text: &str, open: bool) -> String {
    let text = text.trim_end();
    let cut = text.trim_end_matches('#');
    let text = if open || cut.is_empty() || cut.ends_with([' ', '\t']) {
        cut.trim_end()
    } else {
        text
    };
    let claims = marks::claims(text, open);
    let words: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    without_times(&words.join(" "))
}

/// A heading without the clock times that a model may have put there ("(45:00-59:59)"): headings are not checked, and every time
/// that is shown comes from the transcript.
fn without_times(text: &str) -> String {
    // "16:9" is none.
    let has =
        |part: &str, least: usize| (least..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_clock = |word: &str| {
        let mut parts = word.split(':');
        parts.next().is_some_and(|first| has(first, 1)) && parts.clone().count() > 0 && parts.all(|part| has(part, 2))
    };
    // 12：34, １２∶３４
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '：' | '∶' | '꞉' | '˸' => ':',
        c => c,
    };
    let is_time = |word: &str| {
        let word: String = word.chars().map(plain).collect();
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        bare.split(['-', '–', '—']).all(is_clock)
    };
    let words = text.split(' ').filter(|word| !is_time(word));
    let kept = words.collect::<Vec<_>>().join(" ");
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '('));
    kept.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—'))
        .to_owned()
}

#[cfg(test)]
mod tests;
