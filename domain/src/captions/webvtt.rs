//! WebVTT, also YouTube's automatic one, whose lines roll.

use super::{
    CaptionsError, Draft, Format,
    markup::{decode_entities, has_inline_time, strip_tags},
    rolling::{self, LineCue},
    srt::{Timing, broken_times, timing},
};

/// Whether it begins as WebVTT must.
pub(super) fn is(text: &str) -> bool {
    text.strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// Where in the file a line is.
#[derive(PartialEq, Eq)]
enum Place {
    /// Before the first blank line.
    Header,
    /// In a comment, style sheet or region.
    Aside,
    /// Below a line of times.
    Cue,
    /// After a blank line.
    Between,
}

/// Reads all cues; comments, styles, regions and the cues' names are passed over.
pub(super) fn read(text: &str) -> Result<Draft, CaptionsError> {
    let lines: Vec<&str> = text.trim_start().lines().collect();
    let skipped = text.lines().count().saturating_sub(lines.len());
    let mut cues: Vec<LineCue> = Vec::new();
    let mut language = None;
    let mut inline_times = false;
    let mut place = Place::Header;
    for (at, line) in lines.iter().enumerate() {
        match timing(line) {
            Timing::Times(start, end) if place != Place::Aside => {
                cues.push(LineCue::new((start, end)));
                place = Place::Cue;
                continue;
            }
            Timing::Broken if place != Place::Aside => return Err(broken_times(Format::WebVtt, at + skipped, line)),
            _ => {}
        }
        if line.is_empty() || (place == Place::Aside && line.trim().is_empty()) {
            place = Place::Between;
            continue;
        }
        let after_blank = at
            .checked_sub(1)
            .and_then(|at| lines.get(at))
            .is_none_or(|line| line.trim().is_empty());
        let is_name = || after_blank && lines.get(at + 1).is_some_and(|next| timing(next) != Timing::None);
        match place {
            Place::Header => {
                if let Some(code) = line.strip_prefix("Language:") {
                    language = Some(code.trim().to_owned());
                }
            }
            Place::Cue | Place::Between if after_blank && is_aside(line) => place = Place::Aside,
            Place::Cue | Place::Between if is_name() => {}
            Place::Cue | Place::Between => {
                // A cue may have lost its blank first line's space to an editor: words without times of their own belong to it.
                let Some(cue) = cues
                    .last_mut()
                    .filter(|cue| place == Place::Cue || cue.lines.is_empty())
                else {
                    continue;
                };
                inline_times |= has_inline_time(line);
                place = Place::Cue;
                let (voice, line) = voice(line);
                let words = decode_entities(&strip_tags(line)).into_owned();
                match voice {
                    None => cue.push(&words),
                    Some(name) if cue.lines.is_empty() => cue.push(&format!("{name}: {words}")),
                    // Two who speak at the same time are two cues.
                    Some(name) => {
                        let mut own = LineCue::new((cue.start_ms, cue.end_ms));
                        own.push(&format!("{name}: {words}"));
                        cues.push(own);
                    }
                }
            }
            Place::Aside => {}
        }
    }
    Ok(Draft {
        language,
        ..rolling::collapse_cues(cues, inline_times)
    })
}

/// Who speaks, where a line begins with a voice (`<v Ann Lee>`, `<v.loud Ann Lee>`), and what is said: as "Ann Lee: …" it is
/// read like the labels of other transcripts.
fn voice(line: &str) -> (Option<String>, &str) {
    let split = || {
        let (tag, words) = line.trim_start().strip_prefix("<v")?.split_once('>')?;
        let (classes, name) = tag.split_once(char::is_whitespace)?;
        if !(classes.is_empty() || classes.starts_with('.')) {
            return None;
        }
        let name = decode_entities(name).replace([':', '：'], " ");
        (!name.trim().is_empty()).then(|| (name.trim().to_owned(), words))
    };
    match split() {
        Some((name, words)) => (Some(name), words),
        None => (None, line),
    }
}

fn is_aside(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].into_iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::captions::{read, tests::timed};
    use crate::transcript::Source;

    #[test]
    fn reads_cues_alone() {
        let text = "WEBVTT - a title\nKind: captions\nLanguage: de\n\nSTYLE\n::cue { color: red }\n\nNOTE not\nthis 00:01.000 --> x\n\n\
            intro\n00:01.000 --> 00:02.000 align:start position:0%\n<v Ann>Hello,</v>\n<c.yellow>you</c> &amp; me\n\n\
            2\n01:00:02.000 --> 01:00:03.500\nNOTED\n\nan orphan\n";
        assert_eq!(
            timed(text),
            [
                (1000, 2000, "Ann: Hello, you & me".to_owned()),
                (3_602_000, 3_603_500, "NOTED".to_owned())
            ]
        );
        assert_eq!(read(text, Source::Uploaded).unwrap().language.as_deref(), Some("de"));
    }

    #[test]
    fn voices_are_told_as_labels() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann Lee>Shall we\nbegin?</v>\n\n\
            00:02.000 --> 00:03.000\n<v.loud Bob &amp; Co: team>Yes.</v>\n<v Ann Lee>Good.\n\n\
            00:03.000 --> 00:04.000\n<v>Nobody.\n\n00:04.000 --> 00:05.000\n<very odd>Odd.\n";
        assert_eq!(
            timed(text),
            [
                (1000, 2000, "Ann Lee: Shall we begin?".to_owned()),
                (2000, 3000, "Bob & Co team: Yes.".to_owned()),
                (2000, 3000, "Ann Lee: Good.".to_owned()),
                (3000, 4000, "Nobody.".to_owned()),
                (4000, 5000, "Odd.".to_owned()),
            ]
        );
    }

    /// As YouTube writes automatic captions: two lines at a time, a line of one space, echoes of 10 ms.
    const ROLLING: &str = "WEBVTT\nKind: captions\nLanguage: en\n\n\
        00:00:00.160 --> 00:00:02.310 align:start position:0%\n \nno<00:00:00.480><c> more</c>\n\n\
        00:00:02.310 --> 00:00:02.320 align:start position:0%\nno more\n \n\n\
        00:00:02.320 --> 00:00:04.000 align:start position:0%\nno more\nof<00:00:02.600><c> that</c>\n\n\
        00:00:04.000 --> 00:00:04.010 align:start position:0%\nof that\n \n\n\
        00:00:04.010 --> 00:00:06.000 align:start position:0%\nof that\nof<00:00:04.600><c> that</c>\n";

    fn rolled() -> [(u64, u64, String); 3] {
        [
            (160, 2310, "no more".to_owned()),
            (2320, 4000, "of that".to_owned()),
            (4010, 6000, "of that".to_owned()),
        ]
    }

    #[test]
    fn keeps_rolling_lines_once() {
        assert_eq!(timed(ROLLING), rolled());
    }

    #[test]
    fn keeps_rolling_lines_once_where_a_program_has_tidied_them() {
        let stripped: String = ROLLING.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        assert_eq!(timed(&stripped), rolled());
        let mut srt = String::new();
        for block in ROLLING.split("\n\n").skip(1) {
            for line in block.lines() {
                srt.push_str(&super::strip_tags(line.trim_end_matches(" align:start position:0%")).replace('.', ","));
                srt.push('\n');
            }
            srt.push('\n');
        }
        assert_eq!(timed(&srt), rolled());
    }

    #[test]
    fn keeps_what_is_said_twice() {
        let text = "WEBVTT\n\n00:01.000 --> 00:02.000\nNo.\n\n00:02.000 --> 00:03.000\nNo.\n\n\
            00:03.000 --> 00:04.000\nNo.\n\n00:04.000 --> 00:05.000\nNo.\n";
        assert_eq!(timed(text).len(), 4);
    }
}
