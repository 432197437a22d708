//! Chapters: named stretches of a video, and reading them from a description.

use serde::{Deserialize, Serialize};

use crate::{timecode, transcript::Span};

/// A named stretch of a video.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Its name, as given.
    pub title: String,
    /// From when to when.
    pub span: Span,
}

/// Who says where the chapters are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChapterSource {
    /// The video's maker.
    #[default]
    Creator,
    /// YouTube, by itself.
    YouTube,
    /// We, from the words: [`crate::topics`].
    Words,
}

impl ChapterSource {
    /// The snake_case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::YouTube => "you_tube",
            Self::Words => "words",
        }
    }

    /// In words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Creator => "named by the video's maker",
            Self::YouTube => "made by YouTube",
            Self::Words => "found from the words",
        }
    }
}

/// The index of the chapter that a sentence, a passage or a cue belongs to: the one that its middle is in. `None` before the first,
/// and without times.
///
/// Not where it begins: makers give the second at which a topic is named, and the sentence that names it has begun by then. Whoever
/// asks for a chapter asks here, so that all of them say the same; no passage has sentences of two chapters, hence its middle is in
/// the chapter that its sentences are in. The ends of chapters are not looked at, for that of the last is not known where the video's
/// length isn't.
#[must_use]
pub fn of(chapters: &[Chapter], span: Option<Span>) -> Option<usize> {
    let span = span?;
    let middle_ms = span.start_ms.midpoint(span.end_ms);
    chapters.iter().rposition(|chapter| chapter.span.start_ms <= middle_ms)
}

/// Fewer than these are no chapters.
const MIN_CHAPTERS: usize = 3;

/// Reads chapters from a description, by YouTube's rule: lines with a time and a name, the first at 0:00, at least three,
/// in order, none beyond `duration_s`. Empty where the description has none.
///
/// The list ends where a line breaks the rule, so that a date or opening hours further down do no harm. A chapter ends where
/// the next begins; the last at `duration_s`, or where it begins if that is not known.
#[must_use]
pub fn from_description(description: &str, duration_s: Option<u32>) -> Vec<Chapter> {
    let end_ms = duration_s.map(|seconds| u64::from(seconds) * 1000);
    let lines: Vec<(u64, &str)> = description.lines().filter_map(chapter_line).collect();
    let mut rest = lines.as_slice();
    while let Some(first) = rest.iter().position(|(start_ms, _)| *start_ms == 0) {
        let from_first = rest.get(first..).unwrap_or_default();
        let list = leading_list(from_first, end_ms);
        if list.len() >= MIN_CHAPTERS {
            return with_ends(list, end_ms);
        }
        rest = from_first.get(1..).unwrap_or_default();
    }
    Vec::new()
}

/// The lines at the beginning whose times grow and stay within the video.
fn leading_list<'a, 'b>(lines: &'a [(u64, &'b str)], end_ms: Option<u64>) -> &'a [(u64, &'b str)] {
    let breaks = |pair: &[(u64, &str)]| match pair {
        [(start, _), (next, _)] => next <= start || end_ms.is_some_and(|end| *next >= end),
        _ => false,
    };
    let length = lines.windows(2).position(breaks).map_or(lines.len(), |at| at + 1);
    lines.get(..length).unwrap_or_default()
}

fn with_ends(list: &[(u64, &str)], end_ms: Option<u64>) -> Vec<Chapter> {
    let next_starts = list.iter().skip(1).map(|(start, _)| Some(*start)).chain([end_ms]);
    list.iter()
        .zip(next_starts)
        .map(|((start_ms, title), end)| Chapter {
            title: title.split_whitespace().collect::<Vec<_>>().join(" "),
            span: Span {
                start_ms: *start_ms,
                end_ms: end.unwrap_or(*start_ms),
            },
        })
        .collect()
}

/// The time and the name of a line that begins or ends with a time.
fn chapter_line(line: &str) -> Option<(u64, &str)> {
    let line = without_bullet(line.trim());
    time_first(line)
        .or_else(|| time_last(line))
        .filter(|(_, title)| !title.is_empty())
}

/// `0:42 Name`, `[0:42] - Name`, `0:42 – 1:10: Name`
fn time_first(line: &str) -> Option<(u64, &str)> {
    let (start_ms, rest) = leading_time(line.trim_start_matches(opens))?;
    let mut title = rest.trim_start_matches(is_after_time);
    if let Some((_, after_end)) = leading_time(title) {
        title = after_end.trim_start_matches(is_after_time);
    }
    Some((start_ms, title.trim_end()))
}

/// `Name 0:42`, `Name - (0:42)`, `Name: 0:42 – 1:10`
fn time_last(line: &str) -> Option<(u64, &str)> {
    let (mut title, mut start_ms) = trailing_time(line)?;
    if let Some((before, earlier_ms)) = trailing_time(title) {
        (title, start_ms) = (before, earlier_ms);
    }
    Some((start_ms, title))
}

/// A time at the beginning, and what follows.
fn leading_time(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(text.len());
    let (time, rest) = text.split_at_checked(end)?;
    let time = time.trim_end_matches(':');
    // Not `12:30pm`.
    let ends_here = !rest.starts_with(char::is_alphanumeric);
    timecode::parse(time).filter(|_| ends_here).map(|ms| (ms, rest))
}

/// A time at the end, and what stands before it without the separators between.
fn trailing_time(text: &str) -> Option<(&str, u64)> {
    let text = text.trim_end_matches(is_after_time);
    let start = text.rfind(|c: char| !c.is_ascii_digit() && c != ':').map_or(0, |at| {
        at + text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8)
    });
    let (before, time) = text.split_at_checked(start)?;
    // Not `v0:42` and not `?t=0:42`.
    let begins_here = before.is_empty() || before.ends_with(is_before_time);
    let ms = timecode::parse(time).filter(|_| begins_here)?;
    Some((before.trim_end_matches(is_before_time), ms))
}

fn opens(c: char) -> bool {
    "[(【（".contains(c)
}

fn closes(c: char) -> bool {
    "])】）".contains(c)
}

/// What may stand between a time and a name, apart from the brackets around the time.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || "-–—―:|·•>→~".contains(c)
}

/// What may follow a time.
fn is_after_time(c: char) -> bool {
    is_separator(c) || closes(c)
}

/// What may stand before a time.
fn is_before_time(c: char) -> bool {
    is_separator(c) || opens(c)
}

/// Drops `- `, `• `, `1. `, `02) ` and pictures before a line. A number that is part of the name or of a time stays.
fn without_bullet(line: &str) -> &str {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && !opens(c) && !"\"'“„«¿¡#$€£@&".contains(c));
    match line.split_once(char::is_whitespace) {
        Some((number, rest))
            if number.len() <= 4
                && number.ends_with(['.', ')'])
                && number
                    .trim_end_matches(['.', ')'])
                    .bytes()
                    .all(|byte| byte.is_ascii_digit()) =>
        {
            rest.trim_start()
        }
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{passages, sentences::Sentence};

    fn read(description: &str, duration_s: Option<u32>) -> Vec<(u64, u64, String)> {
        from_description(description, duration_s)
            .into_iter()
            .map(|chapter| (chapter.span.start_ms / 1000, chapter.span.end_ms / 1000, chapter.title))
            .collect()
    }

    fn three() -> [(u64, u64, String); 3] {
        [
            (0, 42, "Intro".to_owned()),
            (42, 3723, "The plan: part 1".to_owned()),
            (3723, 4000, "Q & A (long)".to_owned()),
        ]
    }

    #[test]
    fn reads_every_way_to_write_a_list() {
        for list in [
            "0:00 Intro\n0:42 The plan: part 1\n1:02:03 Q & A (long)",
            "00:00:00 - Intro\r\n00:00:42 - The plan: part 1\r\n01:02:03 - Q & A (long)",
            "[0:00] Intro\n[0:42] The plan: part 1\n[1:02:03] Q & A (long)",
            "(0:00) Intro\n(0:42) The plan: part 1\n(1:02:03) Q & A (long)",
            "• 0:00 – Intro\n• 0:42 – The plan: part 1\n• 1:02:03 – Q & A (long)",
            "1. 0:00 Intro\n2. 0:42 The plan: part 1\n3. 1:02:03 Q & A (long)",
            "0:00: Intro\n0:42: The plan: part 1\n1:02:03: Q & A (long)",
            "(0:00–0:41) Intro\n(0:42–1:02:02) The plan: part 1\n(1:02:03–1:06:40) Q & A (long)",
            "0:00 - 0:41 Intro\n0:42 - 1:02:02 The plan: part 1\n1:02:03 - 1:06:40 Q & A (long)",
            "Intro 0:00\nThe plan: part 1 0:42\nQ & A (long) 1:02:03",
            "Intro - 0:00\nThe plan: part 1 — (0:42)\nQ & A (long) [1:02:03]",
            "1) Intro: 0:00\n2) The plan: part 1: 0:42\n3) Q & A (long): 1:02:03",
            "▶ Intro | 0:00 - 0:41\n▶ The plan: part 1 | 0:42 - 1:02:02\n▶ Q & A (long) | 1:02:03 - 1:06:40",
        ] {
            let description = format!("About this video.\n\nChapters:\n{list}\n\nOpen 9:00 to 18:30\n");
            assert_eq!(read(&description, Some(4000)), three(), "{list}");
        }
    }

    #[test]
    fn keeps_to_the_rule() {
        for (description, why) in [
            ("", "nothing"),
            ("0:00 a\n0:10 b", "two"),
            ("0:05 a\n0:10 b\n0:20 c", "does not begin at 0:00"),
            ("0:00 a\n0:10 b\n0:10 c", "not in order"),
            ("0:00 a\n0:10 b\n2:00 c", "beyond the end"),
            ("0:00\n0:10\n0:20", "no names"),
            ("at 0:00 we\nsee 0:10 and\nthen 0:20 so", "times within lines"),
        ] {
            assert_eq!(read(description, Some(100)), [], "{why}");
        }
    }

    #[test]
    fn keeps_names_as_given() {
        let names = ["(live) 3 tips", "#1: \"why\"", "2001 – a film…"];
        let description = format!("0:00 {}\n0:10 {}\n0:20 {}", names[0], names[1], names[2]);
        let titles: Vec<String> = read(&description, None).into_iter().map(|chapter| chapter.2).collect();
        assert_eq!(titles, names);
    }

    #[test]
    fn what_opens_a_chapter_a_moment_early_is_in_it() {
        let span = |start_s: u64, end_s: u64| {
            Some(Span {
                start_ms: start_s * 1000,
                end_ms: end_s * 1000,
            })
        };
        let sentence = |start_s, end_s| Sentence {
            text: format!("Said from {start_s} to {end_s}."),
            span: span(start_s, end_s),
            speaker: None,
        };
        let chapters = from_description("0:00 a\n1:00 b\n2:00 c", Some(180));
        let sentences = [sentence(45, 57), sentence(57, 65), sentence(65, 75), sentence(75, 85)];
        let found = passages::passages(&sentences, &chapters);
        let told: Vec<_> = found
            .iter()
            .map(|passage| (passage.span, of(&chapters, passage.span)))
            .collect();
        assert_eq!(
            told,
            [
                (span(45, 57), Some(0)),
                (span(57, 75), Some(1)),
                (span(75, 85), Some(1))
            ]
        );
        for passage in &found {
            for sentence in &passage.sentences {
                assert_eq!(of(&chapters, sentence.span), of(&chapters, passage.span), "{passage:?}");
            }
        }
        assert_eq!(of(&chapters[1..], span(10, 20)), None);
        assert_eq!(of(&chapters, None), None);
    }

    #[test]
    fn the_last_chapter_goes_on_where_no_duration_is_known() {
        let chapters = from_description("0:00 a\n1:00 b\n2:00 c", None);
        assert_eq!(chapters[2].span.end_ms, 120_000, "it is not known to last");
        let late = Span {
            start_ms: 300_000,
            end_ms: 320_000,
        };
        assert_eq!(of(&chapters, Some(late)), Some(2));
    }

    #[test]
    fn ends_where_the_list_ends() {
        let description = "0:00 a\n0:10 b\n0:20 c\n\nRecorded at\n0:15 o'clock\n0:30 d";
        let chapters = read(description, None);
        assert_eq!(chapters.last(), Some(&(20, 20, "c".to_owned())));
        assert_eq!(chapters.len(), 3);
        let description = "0:00 a trailer\n\n0:00 a\n0:10 b\n0:20 c";
        assert_eq!(read(description, None).len(), 3);
    }

    proptest! {
        #[test]
        fn any_description_is_read(text in "[0-9:.()\\[\\] \n–a-z🙂-]{0,200}", duration in prop::option::of(0u32..10_000)) {
            let chapters = from_description(&text, duration);
            prop_assert!(chapters.is_empty() || chapters.len() >= MIN_CHAPTERS);
            prop_assert!(chapters.iter().all(|chapter| !chapter.title.is_empty() && chapter.span.start_ms <= chapter.span.end_ms));
            prop_assert!(chapters.is_sorted_by_key(|chapter| chapter.span.start_ms));
        }
    }
}
