//! SubRip, also as careless programs write it: `.` for `,`, no indices, no hours, blank lines within a cue.

use super::{
    CaptionsError, Draft, Format,
    markup::{decode_entities, strip_tags},
    rolling::{self, LineCue},
};
use crate::timecode;

/// How many lines are looked at to tell the format.
const SNIFFED_LINES: usize = 60;

/// Whether one of the first lines is a line of times.
pub(super) fn is(text: &str) -> bool {
    text.lines()
        .take(SNIFFED_LINES)
        .any(|line| timing(line) != Timing::None)
}

/// Reads all cues: the words of one are all lines up to the next line of times, less its index.
pub(super) fn read(text: &str) -> Result<Draft, CaptionsError> {
    let lines: Vec<&str> = text.lines().collect();
    let mut timings = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match timing(line) {
            Timing::Times(start, end) => timings.push((at, (start, end))),
            Timing::Broken => return Err(broken_times(Format::Srt, at, line)),
            Timing::None => {}
        }
    }
    let indexed = timings.iter().any(|(at, _)| {
        let before = |count: usize| at.checked_sub(count).and_then(|at| lines.get(at));
        before(1).is_some_and(|line| is_index(line)) && before(2).is_none_or(|line| line.trim().is_empty())
    });
    let ends = timings.iter().skip(1).map(|(at, _)| *at).chain([lines.len()]);
    let cues = timings
        .iter()
        .zip(ends)
        .map(|((at, times), end)| {
            let mut words = lines.get(at + 1..end).unwrap_or_default();
            if let Some((last, others)) = words.split_last()
                && end < lines.len()
                && indexed
                && is_index(last)
            {
                words = others;
            }
            let mut cue = LineCue::new(*times);
            for line in words {
                cue.push(&decode_entities(&strip_tags(&without_overrides(line))));
            }
            cue
        })
        .collect();
    Ok(rolling::collapse_cues(cues, false))
}

/// What a line says of times.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Timing {
    /// It is not a line of times.
    None,
    /// From when to when, in milliseconds; either may be negative.
    Times(i64, i64),
    /// It is meant as one, but can't be read.
    Broken,
}

/// Reads `00:00:01,000 --> 00:00:02,500` and what may follow it.
pub(super) fn timing(line: &str) -> Timing {
    let Some((start, rest)) = line.split_once("-->") else {
        return Timing::None;
    };
    let start = start.trim();
    let end = rest.split_whitespace().next().unwrap_or_default();
    match (signed_time(start), signed_time(end)) {
        (Some(start), Some(end)) => Timing::Times(start, end),
        _ if is_meant_as_time(start) => Timing::Broken,
        _ => Timing::None,
    }
}

/// The error of a line of times that can't be read.
pub(super) fn broken_times(format: Format, at: usize, line: &str) -> CaptionsError {
    let line: String = line.trim().chars().take(60).collect();
    format.broken(format!("line {}: no times in \"{line}\"", at + 1))
}

fn is_meant_as_time(text: &str) -> bool {
    text.len() <= 16 && text.contains(':') && text.starts_with(|c: char| c.is_ascii_digit())
}

fn signed_time(text: &str) -> Option<i64> {
    let (sign, time) = match text.strip_prefix('-') {
        Some(time) => (-1, time),
        None => (1, text),
    };
    i64::try_from(timecode::parse(time)?).ok().map(|ms| sign * ms)
}

fn is_index(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Removes `{\an8}` and its like, which SRT has borrowed from another format.
fn without_overrides(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("{\\") {
        words.push_str(before);
        match after.split_once('}') {
            Some((_, tail)) => rest = tail,
            None => {
                rest = rest.get(before.len()..).unwrap_or_default();
                break;
            }
        }
    }
    words.push_str(rest);
    words
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::captions::{CaptionsError, read, tests::timed};
    use crate::transcript::Source;

    #[test]
    fn reads_what_programs_write() {
        let text = "\u{feff}\r\n1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Good</i> {\\an8}day\r\nto you &amp; all\r\n\r\n\
            2\r\n00:00:02,500 --> 00:00:04,000 X1:40 X2:600\r\n42\r\n\r\n3\r\n01:00:00,000 --> 01:00:01,000\r\nbye\r\n";
        assert_eq!(
            timed(text),
            [
                (1000, 2500, "Good day to you & all".to_owned()),
                (2500, 4000, "42".to_owned()),
                (3_600_000, 3_601_000, "bye".to_owned()),
            ]
        );
    }

    #[test]
    fn reads_what_careless_people_write() {
        // No indices, no hours, points for commas, a blank line within a cue, none between cues.
        let text = "00:01.5 --> 00:02.5\none\n\nand two\n00:03.000-->00:04.000\n1999\n\n00:05,000 --> 00:06,000\nend";
        assert_eq!(
            timed(text),
            [
                (1500, 2500, "one and two".to_owned()),
                (3000, 4000, "1999".to_owned()),
                (5000, 6000, "end".to_owned()),
            ]
        );
    }

    #[test]
    fn repairs_times() {
        let text = "1\n00:00:09,000 --> 00:00:08,000\nc\n\n2\n-00:00:01,000 --> 00:00:02,000\na\n\n\
            3\n00:00:01,000 --> 00:00:02,000\nb\n";
        assert_eq!(
            timed(text),
            [
                (0, 2000, "a".to_owned()),
                (1000, 2000, "b".to_owned()),
                (9000, 9000, "c".to_owned())
            ]
        );
    }

    #[test]
    fn names_the_line_it_cannot_read() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:6x,000 --> 00:00:07,000\nb\n";
        let error = read(text, Source::Uploaded).unwrap_err();
        assert!(matches!(error, CaptionsError::Broken { format: "SRT", why } if why.starts_with("line 6:")));
    }

    #[test]
    fn keeps_arrows_in_words() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\na --> b\n2: --> so\n";
        let error = read(text, Source::Uploaded).unwrap_err();
        assert!(matches!(error, CaptionsError::Broken { why, .. } if why.starts_with("line 4:")));
        assert_eq!(
            timed(text.trim_end_matches("2: --> so\n")),
            [(1000, 2000, "a --> b".to_owned())]
        );
    }
}
