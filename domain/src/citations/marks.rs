//! One block's text split into claims at its marks. Every byte is read a bounded number of times, whatever the input.

use super::{Draft, Mark};

/// A mark names at most this many passages; the rest of `[1-999]` is dropped.
const MOST_PASSAGES: usize = 20;

/// A mark that is not closed within this many bytes is text. Whole sentences are quoted by extracts, so it is wide.
const LONGEST: usize = 2_000;

/// What stands at an opening bracket.
pub(super) enum Attempt {
    /// Marks, and the offset after the closing bracket.
    Marks(Vec<Mark>, usize),
    /// Ordinary text, a link or a footnote.
    Text,
    /// Half a mark: the text ends inside it.
    Open,
}

/// Splits a block's lines (joined by line feeds) into claims. `open`: more text may follow, so whatever the next
/// characters could still change is held back.
pub(super) fn claims(raw: &str, open: bool) -> Vec<Draft> {
    let mut claims = Claims::default();
    let mut text = String::new();
    let mut pos = 0;
    while let Some(c) = raw[pos..].chars().next() {
        if is_bracket(c) {
            match at(raw, pos) {
                Attempt::Open if open => return claims.finish(&text, open),
                Attempt::Open | Attempt::Text => {}
                Attempt::Marks(marks, end) => {
                    let in_parentheses = strip_parenthesis(&mut text);
                    let Some(tail) = tail(raw, end, open) else {
                        return claims.finish(&text, open);
                    };
                    let glued = match tail.glued.strip_prefix([')', '）']) {
                        Some(rest) if in_parentheses => rest,
                        _ => &tail.glued,
                    };
                    claims.push(&text, glued, marks.into_iter().chain(tail.marks).collect());
                    text.clear();
                    pos = tail.end;
                    continue;
                }
            }
        }
        text.push(if c == '\n' { ' ' } else { c });
        pos += c.len_utf8();
    }
    claims.finish(&text, open)
}

/// The claims of a block as they are collected.
#[derive(Default)]
struct Claims {
    done: Vec<Draft>,
    /// Marks that stand before any words. A block that begins so has each mark before its claim, not after it.
    leading: Option<Vec<Mark>>,
}

impl Claims {
    /// Words and the marks after them; `glued` is the punctuation found behind the marks.
    fn push(&mut self, text: &str, glued: &str, marks: Vec<Mark>) {
        if !has_words(text) {
            match (&mut self.leading, self.done.last_mut()) {
                (Some(leading), _) => leading.extend(marks),
                (None, Some(last)) => last.marks.extend(marks),
                (None, None) => self.leading = Some(marks),
            }
            return;
        }
        let own = match &mut self.leading {
            Some(leading) => std::mem::replace(leading, marks),
            None => marks,
        };
        let text = format!("{}{glued}", text.trim());
        self.done.push(Draft { text, marks: own });
    }

    /// The words after the last marks; where `open`, without what the next characters could take away.
    fn finish(mut self, text: &str, open: bool) -> Vec<Draft> {
        let text = if open {
            text.trim_end_matches(|c: char| c.is_whitespace() || "(（".contains(c))
        } else {
            text
        };
        let leading = self.leading.unwrap_or_default();
        if has_words(text) {
            let marks = if open { Vec::new() } else { leading };
            self.done.push(Draft {
                text: text.trim().to_owned(),
                marks,
            });
        } else if let Some(last) = self.done.last_mut() {
            if !open {
                last.marks.extend(leading);
            }
        } else if !open && let Some(quote) = leading.iter().find_map(|mark| mark.quote.clone()) {
            // Nothing but a quote: its words are the claim.
            self.done.push(Draft {
                text: quote,
                marks: leading,
            });
        }
        self.done
    }
}

/// What follows a mark on its line: more marks, and punctuation that belongs to the claim before it.
struct Tail {
    marks: Vec<Mark>,
    glued: String,
    /// Where the next claim starts.
    end: usize,
}

/// Reads what follows a mark; `None` where `open` and the next characters may still change it.
fn tail(raw: &str, start: usize, open: bool) -> Option<Tail> {
    let mut tail = Tail {
        marks: Vec::new(),
        glued: String::new(),
        end: start,
    };
    let mut pos = start;
    loop {
        let next = raw[pos..].chars().next();
        match next {
            None if open => return None,
            None | Some('\n') => {
                tail.glued
                    .extend(raw[tail.end..pos].chars().filter(|c| !c.is_whitespace()));
                tail.end = pos;
                return Some(tail);
            }
            Some(c) if is_bracket(c) => match at(raw, pos) {
                Attempt::Open if open => return None,
                Attempt::Marks(marks, end) => {
                    let between = raw[tail.end..pos].chars();
                    tail.glued
                        .extend(between.filter(|c| ".!?…。！？)）*_\"”»".contains(*c)));
                    tail.marks.extend(marks);
                    tail.end = end;
                    pos = end;
                }
                Attempt::Open | Attempt::Text => break,
            },
            Some(c) if c.is_alphanumeric() => break,
            Some(c) => pos += c.len_utf8(),
        }
    }
    let mut apart = false;
    for c in raw[tail.end..pos].chars() {
        apart |= c.is_whitespace();
        let belongs = match c {
            c if c.is_whitespace() => true,
            _ if apart => ".,;:!?…。！？，；：、)）".contains(c),
            _ => !"([{“„«‘¿¡#$€£@<（【「『".contains(c),
        };
        if !belongs {
            break;
        }
        if !c.is_whitespace() {
            tail.glued.push(c);
        }
        tail.end += c.len_utf8();
    }
    Some(tail)
}

/// Reads the mark whose opening bracket stands at `start`. A mark never spans lines.
pub(super) fn at(raw: &str, start: usize) -> Attempt {
    match opens_mark(&raw[start..]) {
        Some(true) => {}
        Some(false) => return Attempt::Text,
        None => return Attempt::Open,
    }
    let mut reader = Reader { raw, pos: start };
    reader.next();
    let mut marks = Vec::new();
    let mut passages: Vec<u32> = Vec::new();
    loop {
        if reader.pos - start > LONGEST {
            return Attempt::Text;
        }
        let Some(c) = reader.peek() else {
            return Attempt::Open;
        };
        let nothing_yet = passages.is_empty() && marks.is_empty();
        match c {
            _ if c == '#' || digit(c).is_some() => match reader.range() {
                Some((from, to)) => add(&mut passages, from, to),
                None if reader.peek().is_none() => return Attempt::Open,
                None => return Attempt::Text,
            },
            ']' | '】' | '］' if !nothing_yet => {
                reader.next();
                if reader.peek() == Some('(') {
                    return Attempt::Text;
                }
                if !passages.is_empty() {
                    marks.push(Mark { passages, quote: None });
                }
                return Attempt::Marks(marks, reader.pos);
            }
            _ if !passages.is_empty() && !closers(c).is_empty() => match reader.quote() {
                Quote::Closed(quote) => marks.push(Mark {
                    passages: std::mem::take(&mut passages),
                    quote,
                }),
                Quote::Text => return Attempt::Text,
                Quote::Open => return Attempt::Open,
            },
            ' ' | '\t' | '\u{a0}' => reader.next(),
            ',' | ';' | '&' | '/' | ':' | '.' if !nothing_yet => reader.next(),
            _ => return Attempt::Text,
        }
    }
}

/// Whether a bracket is followed by a number; `None` where the text ends before that is known. A quote that meets such
/// a bracket is given up, so no two attempts read the same bytes: that keeps a megabyte of `[1 "` linear.
fn opens_mark(text: &str) -> Option<bool> {
    let mut chars = text.chars().skip(1);
    let mut next = chars.next();
    if next == Some(' ') {
        next = chars.next();
    }
    next.map(|c| c == '#' || digit(c).is_some())
}

/// A place in a text.
struct Reader<'a> {
    raw: &'a str,
    pos: usize,
}

/// What was read from an opening quotation mark on.
enum Quote {
    Closed(Option<String>),
    Text,
    Open,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.raw[self.pos..].chars().next()
    }

    fn next(&mut self) {
        self.pos += self.peek().map_or(0, char::len_utf8);
    }

    fn skip(&mut self, chars: &str) {
        while self.peek().is_some_and(|c| chars.contains(c)) {
            self.next();
        }
    }

    /// `12`, `#12`, `12-14`: first and last. Numbers too large for a passage saturate: such a passage does not exist.
    fn range(&mut self) -> Option<(u32, u32)> {
        let from = self.number()?;
        let after = self.pos;
        self.skip(" ");
        if self.peek().is_some_and(|c| "-–—‑−".contains(c)) {
            self.next();
            self.skip(" ");
            // A dash that leads nowhere is refused by the caller; at the end of the text it may still lead somewhere.
            let to = self.number()?;
            return Some((from, to));
        }
        self.pos = after;
        Some((from, from))
    }

    fn number(&mut self) -> Option<u32> {
        self.skip("#");
        let mut number: u32 = self.peek().and_then(digit)?;
        self.next();
        while let Some(value) = self.peek().and_then(digit) {
            number = number.saturating_mul(10).saturating_add(value);
            self.next();
        }
        Some(number)
    }

    /// The quoted words. A quotation mark ends them only where the mark goes on behind it, so that quotes may hold
    /// quotes; where none does, the first closing bracket ends them (the model forgot the quotation mark).
    fn quote(&mut self) -> Quote {
        let opener = self.pos;
        let closers = self.peek().map_or("", closers);
        self.next();
        let first = self.pos;
        let mut bracket = None;
        loop {
            if self.pos - opener > LONGEST {
                break;
            }
            let Some(c) = self.peek() else {
                return Quote::Open;
            };
            let at = self.pos;
            self.next();
            match c {
                '\n' => break,
                '\\' => self.next_escaped(),
                ']' => bracket = bracket.or(Some(at)),
                c if is_bracket(c) => match opens_mark(&self.raw[at..]) {
                    Some(true) => break,
                    Some(false) => {}
                    None => return Quote::Open,
                },
                _ if closers.contains(c) => match self.goes_on() {
                    Some(true) => return Quote::Closed(words(&self.raw[first..at])),
                    Some(false) => {}
                    None => return Quote::Open,
                },
                _ => {}
            }
        }
        match bracket {
            Some(end) => {
                self.pos = end;
                Quote::Closed(words(&self.raw[first..end]))
            }
            None => Quote::Text,
        }
    }

    /// An escaped character is part of the quote, unless it is a line's end.
    fn next_escaped(&mut self) {
        if self.peek().is_some_and(|c| c != '\n') {
            self.next();
        }
    }

    /// Whether a mark goes on here: its closing bracket, or a separator and a further number. `None`: the text ends.
    fn goes_on(&self) -> Option<bool> {
        let mut separated = false;
        for c in self.raw[self.pos..].chars().take(4) {
            match c {
                ' ' | '\u{a0}' => {}
                ']' | '】' | '］' => return Some(true),
                ',' | ';' | '.' | '&' | '/' => separated = true,
                '#' => return Some(separated),
                _ => return Some(separated && digit(c).is_some()),
            }
        }
        if self.raw[self.pos..].chars().nth(3).is_some() {
            Some(false)
        } else {
            None
        }
    }
}

/// A quote's words, escapes resolved; `None` where there are none.
fn words(raw: &str) -> Option<String> {
    let text = raw.replace("\\\"", "\"").replace("\\'", "'");
    let text = text.trim();
    has_words(text).then(|| text.to_owned())
}

fn add(passages: &mut Vec<u32>, from: u32, to: u32) {
    let range = if from <= to { from..=to } else { to..=from };
    for passage in range.take(MOST_PASSAGES) {
        if passages.len() < MOST_PASSAGES && !passages.contains(&passage) {
            passages.push(passage);
        }
    }
}

/// What may close a quote that this character opens; empty where it opens none.
fn closers(c: char) -> &'static str {
    match c {
        '"' | '“' | '”' | '„' | '‟' | '＂' => "\"“”＂",
        '\'' | '‘' | '’' | '‚' | '`' => "'‘’`",
        '«' | '»' => "«»",
        '‹' | '›' => "‹›",
        '「' => "」",
        '『' => "』",
        _ => "",
    }
}

/// The value of a decimal digit: ASCII, full width, Arabic, Persian, Devanagari.
fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '０'..='９' => '０',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

fn is_bracket(c: char) -> bool {
    matches!(c, '[' | '【' | '［')
}

fn has_words(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// Removes an opening parenthesis at the end, which holds nothing but the mark.
fn strip_parenthesis(text: &mut String) -> bool {
    let kept = text.trim_end().strip_suffix(['(', '（']).map(str::len);
    if let Some(kept) = kept {
        text.truncate(kept);
    }
    kept.is_some()
}
