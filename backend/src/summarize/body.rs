//! What a model wrote, made into a summary's body: wrappings taken off, and never more words than were asked for.

/// Takes off what models wrap their answers in although they were told not to: thoughts, and a code fence around all.
pub(super) fn tidy(text: &str) -> &str {
    let mut text = text.trim();
    if let Some(thoughts) = text.strip_prefix("<think>") {
        text = thoughts.split_once("</think>").map_or("", |(_, answer)| answer).trim();
    } else if let Some((_, answer)) = text.split_once("\n</think>") {
        // Some servers begin the thoughts themselves, and only their end is sent.
        text = answer.trim();
    }
    let inner = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    match inner.and_then(|inner| inner.split_once('\n')) {
        // Between two fences stands either one block or something that is none of our business.
        Some((_, inner)) if !inner.contains("```") => inner.trim(),
        _ => text,
    }
}

/// At most `limit` words: whole lines as long as they fit, then whole claims of the next one; headings that are left
/// without anything under them go as well. Where that leaves nothing, the first words that are no heading.
pub(super) fn at_most(body: &str, whole: u32) -> String {
    let mut kept = String::new();
    let limit = usize::try_from(whole).unwrap_or(usize::MAX);
    let mut left = limit;
    for line in body.lines() {
        let needed = words(line);
        if needed > left {
            kept.push_str(claims(line, left));
            break;
        }
        left -= needed;
        kept.push_str(line);
        kept.push('\n');
    }
    let is_text = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
    if !body.lines().any(is_text) && words(body) > 0 {
        // Everything was made a heading: it is the text.
        let lines = body.lines().map(|line| line.trim_start_matches(['#', ' ']));
        return at_most(&lines.map(|line| format!("{line}\n")).collect::<String>(), whole);
    }
    let mut lines: Vec<&str> = kept.trim_end().lines().collect();
    while lines.pop_if(|line| !is_text(line)).is_some() {}
    if lines.is_empty() {
        let first = body.lines().find(|line| is_text(line) && words(line) > 0);
        return first.map_or_else(String::new, |line| first_words(line, limit).to_owned());
    }
    lines.join("\n")
}

/// The claims at the beginning of a line that have at most `limit` words together; where not even one does, its first
/// words.
fn claims(line: &str, limit: usize) -> &str {
    // Marks that follow one another belong to one claim.
    let ends_claim = |end: usize| line[..end].ends_with(']') && !line[end..].trim_start().starts_with('[');
    let fitting = Words::of(line).take_while(|(_, count)| *count <= limit);
    match fitting.filter(|(end, count)| *count > 0 && ends_claim(*end)).last() {
        Some((end, _)) => with_stop(line, end),
        // An item that does not fit is one point less; a paragraph is the answer to the title.
        None if line.starts_with(['-', '*', '#']) => "",
        None => first_words(line, limit),
    }
}

/// The first words of a line, at most `limit`.
fn first_words(line: &str, limit: usize) -> &str {
    let fitting = Words::of(line).take_while(|(_, count)| *count <= limit);
    let is_whole = |end: usize| end == line.len() || line[end..].starts_with(char::is_whitespace);
    let end = fitting.filter(|(end, count)| *count > 0 && is_whole(*end)).last();
    &line[..end.map_or(0, |(end, _)| end)]
}

/// The beginning of a line up to `end`, with the full stop that may follow a mark.
fn with_stop(line: &str, end: usize) -> &str {
    let stop = line[end..]
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '!' | '?' | '。'));
    &line[..end + stop.map_or(0, char::len_utf8)]
}

/// Words as white space separates them, marks and list signs left out; ideographs count one by one.
pub(super) fn words(text: &str) -> usize {
    Words::of(text).last().map_or(0, |(_, count)| count)
}

/// A text character by character, a mark at once: where each ends, and how many words there are up to there.
struct Words<'a> {
    text: &'a str,
    at: usize,
    count: usize,
    in_word: bool,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            count: 0,
            in_word: false,
        }
    }
}

impl Iterator for Words<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let c = rest.chars().next()?;
        if let Some(length) = mark_length(rest) {
            self.at += length;
            return Some((self.at, self.count));
        }
        if is_ideograph(c) {
            self.count += 1;
            self.in_word = false;
        } else if c.is_whitespace() {
            self.in_word = false;
        } else if c.is_alphanumeric() && !self.in_word {
            self.count += 1;
            self.in_word = true;
        }
        self.at += c.len_utf8();
        Some((self.at, self.count))
    }
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A mark is no longer than this, in bytes; what is never closed is looked at no further.
const LONGEST_MARK: usize = 1000;

/// The length in bytes of the mark that `text` begins with: `[12 "…"]`, `[#12]`.
fn mark_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let number = inner.strip_prefix('#').unwrap_or(inner);
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    let end = text.bytes().take(LONGEST_MARK).position(|byte| byte == b']')?;
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappings_are_taken_off() {
        assert_eq!(tidy("\n```markdown\nA.\n\n- b\n```\n"), "A.\n\n- b");
        assert_eq!(tidy("<think>hm\n</think>\nA."), "A.");
        assert_eq!(tidy("<think>never ends"), "");
        assert_eq!(tidy("hm, hm\n</think>\n\nA."), "A.");
        assert_eq!(tidy("```\na\n```\nb\n```\nc\n```"), "```\na\n```\nb\n```\nc\n```");
        assert_eq!(tidy(" A. "), "A.");
    }

    #[test]
    fn marks_and_signs_are_no_words() {
        assert_eq!(words("- It's 3.5 percent [12 \"four to ten words\"] [#3]."), 3);
        assert_eq!(words("## A *bold* word, [not a mark]"), 6);
        assert_eq!(words("東京 is 大きい"), 6);
        assert_eq!(words("[12 \"open"), 2);
        assert_eq!(words(""), 0);
    }

    #[test]
    fn the_limit_is_never_exceeded_and_claims_stay_whole() {
        let body = "One two three. [1 \"a b\"] Four five. [2 \"c\"][3 \"d\"]\n\n## Six\n\n- Seven eight. [4 \"e\"]\n- Nine ten. [5 \"f\"]";
        assert_eq!(at_most(body, 10), body);
        assert_eq!(at_most(body, 9), body.rsplit_once('\n').map_or("", |(kept, _)| kept));
        for (limit, expected) in [
            (7, "One two three. [1 \"a b\"] Four five. [2 \"c\"][3 \"d\"]"),
            (4, "One two three. [1 \"a b\"]"),
            (3, "One two three. [1 \"a b\"]"),
            (2, "One two"),
            (0, ""),
        ] {
            assert_eq!(at_most(body, limit), expected, "{limit}");
        }
        for limit in 0..12 {
            assert!(words(&at_most(body, limit)) <= usize::try_from(limit).unwrap_or_default());
        }
    }

    #[test]
    fn a_first_item_that_is_too_long_leaves_its_first_words() {
        let body = "## Key ideas\n\n- One two three four five. [1 \"a b\"]\n- Six. [2 \"c\"]";
        assert_eq!(at_most(body, 6), "- One two three four five. [1 \"a b\"]");
        assert_eq!(at_most(body, 4), "- One two three four");
        assert_eq!(
            at_most("## Key ideas [1 \"a b\"]\n### Two", 6),
            "Key ideas [1 \"a b\"]\nTwo"
        );
        assert_eq!(at_most("##", 6), "");
    }

    #[test]
    fn a_long_line_of_brackets_is_read_once() {
        let line = format!("{} {}", "word ".repeat(300), "] [1 ".repeat(200_000));
        assert_eq!(words(&at_most(&line, 250)), 250);
    }

    #[test]
    fn text_of_any_kind_is_cut_without_a_crash() {
        for body in [
            "東京は大きい。とても。",
            "é]é]é]",
            "[1",
            "]",
            "- ]",
            "a\u{301} b\u{301}",
        ] {
            for limit in 0..8 {
                assert!(
                    words(&at_most(body, limit)) <= usize::try_from(limit).unwrap_or_default(),
                    "{body}"
                );
            }
        }
    }
}
