//! Lines with times, as people paste them: `12:34 text`, `[0:12:34] text`, `(0:42) - text`, `0:42 - 0:50 text`,
//! and a time on a line of its own with the text below it, as YouTube's transcript panel is copied.

use super::{Draft, RawCue};
use crate::timecode;

/// How many lines are looked at to tell the format.
const SNIFFED_LINES: usize = 100;

/// A title and the like may stand above the first time.
const MAX_LINES_ABOVE: usize = 5;

/// Between two times there are at most so many lines, on average.
const MAX_LINES_A_TIME: usize = 8;

/// Whether the text is lines with times: one of the first has one, and many of the others.
pub(super) fn is(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(SNIFFED_LINES);
    let count = lines().count();
    let timed = lines().filter(|line| timed_line(line).is_some()).count();
    match lines().position(|line| timed_line(line).is_some()) {
        Some(0) if timed == 1 => count <= 3,
        Some(0..=MAX_LINES_ABOVE) => timed >= 2 && timed * MAX_LINES_A_TIME >= count,
        _ => false,
    }
}

/// Reads all lines; those without a time belong to the time above them, those above the first time (a title) to none.
pub(super) fn read(text: &str) -> Draft {
    let mut draft = Draft::default();
    for line in text.lines() {
        if let Some(timed) = timed_line(line) {
            draft.cues.push(RawCue {
                start_ms: Some(timed.start_ms),
                end_ms: timed.end_ms,
                text: timed.text.to_owned(),
            });
        } else if let Some(cue) = draft.cues.last_mut() {
            cue.text.push(' ');
            cue.text.push_str(line);
        }
    }
    draft
}

struct TimedLine<'a> {
    start_ms: i64,
    end_ms: Option<i64>,
    /// Empty where the time is alone.
    text: &'a str,
}

/// Reads a line that begins with a time.
fn timed_line(line: &str) -> Option<TimedLine<'_>> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "-*•>".contains(c));
    let closing = match line.chars().next()? {
        '[' => Some(']'),
        '(' => Some(')'),
        _ => None,
    };
    let (start_ms, mut rest) = leading_time(line.trim_start_matches(['[', '(']))?;
    let mut end_ms = None;
    if let Some((end, after)) = after_dash(rest).and_then(leading_time) {
        end_ms = Some(end);
        rest = after;
    }
    if let Some(closing) = closing {
        rest = rest.trim_start().strip_prefix(closing)?;
        // `[0:42](https://…)`, as our own Markdown has it.
        if let Some((_, after)) = rest.strip_prefix("(http").and_then(|link| link.split_once(')')) {
            rest = after;
        }
    }
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    if closing.is_none() && !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    Some(TimedLine {
        start_ms,
        end_ms,
        text: without_separator(rest.trim()),
    })
}

/// A time at the beginning, and what follows it.
fn leading_time(text: &str) -> Option<(i64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !":.,".contains(c))
        .unwrap_or(text.len());
    let time = text.get(..end)?.trim_end_matches([':', '.', ',']);
    let ms = i64::try_from(timecode::parse(time)?).ok()?;
    Some((ms, text.get(time.len()..)?))
}

/// What follows a dash or an arrow.
fn after_dash(text: &str) -> Option<&str> {
    let text = text.trim_start();
    ["-->", "->", "-", "–", "—", "→"]
        .into_iter()
        .find_map(|dash| text.strip_prefix(dash))
        .map(str::trim_start)
}

/// Drops a dash or the like between time and words, where it stands alone.
fn without_separator(text: &str) -> &str {
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if first.chars().all(|c| "-–—:|·".contains(c)) => rest.trim_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::captions::{Format, read_with_format, sniff, tests::timed};
    use crate::transcript::Source;

    fn three() -> [(u64, u64, String); 3] {
        [
            (0, 42_000, "So it begins".to_owned()),
            (42_000, 3_723_000, "5 degrees".to_owned()),
            (3_723_000, 3_728_000, "the end".to_owned()),
        ]
    }

    #[test]
    fn reads_every_way_to_write_a_line() {
        for text in [
            "0:00 So it begins\n0:42 5 degrees\n1:02:03 the end",
            "[0:00] So it begins\n[00:00:42] 5 degrees\n[01:02:03] the end",
            "(0:00) So it begins\n(0:42) 5 degrees\n\n(1:02:03) the end\n",
            "0:00: So it begins\n0:42 - 5 degrees\n- 1:02:03 – the end",
            "0:00\nSo it begins\n0:42\n5\ndegrees\n1:02:03\nthe end\n",
            "Transcript\n\n0:00\nSo it begins\n0:42\n5 degrees\n1:02:03\nthe end\n",
            "[0:00](https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=0s) So it begins\n[0:42](https://youtu.be/x) 5 degrees\n[1:02:03] the end",
            "00:00:42.000\t5 degrees\n00:00:00.000\tSo it begins\n01:02:03,000\tthe end",
        ] {
            assert_eq!(timed(text), three(), "{text}");
        }
    }

    #[test]
    fn reads_ranges() {
        for text in [
            "0:01 - 0:05 a\n0:05 – 0:09 b",
            "[00:01-00:05] a\n[00:05-00:09] b",
            "[00:00:01.000 --> 00:00:05.000]   a\n[00:00:05.000 --> 00:00:09.000]   b",
        ] {
            assert_eq!(
                timed(text),
                [(1000, 5000, "a".to_owned()), (5000, 9000, "b".to_owned())],
                "{text}"
            );
        }
    }

    #[test]
    fn leaves_prose_alone() {
        for text in [
            "We met at noon.\n12:30 was too late for most of us.\nSo we went on.\nAnd on.\nUntil dusk.",
            "12:30pm it was\n1:15pm we left",
            "3:1 is a verse\n4:2 is another",
        ] {
            assert_eq!(sniff(text), Ok(Format::PlainText), "{text}");
        }
        let (_, format) = read_with_format("0:07 a single line", Source::Uploaded).unwrap();
        assert_eq!(format, Format::TimedLines);
    }
}
