//! YouTube's json3: events with segments, milliseconds.

use serde::Deserialize;

use super::{CaptionsError, Draft, Format};

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    events: Vec<Event>,
}

/// YouTube leaves out fields that are zero.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "tStartMs", default)]
    start_ms: f64,
    #[serde(rename = "dDurationMs", default)]
    duration_ms: f64,
    #[serde(rename = "aAppend", default)]
    append: f64,
    /// Absent in events that only place a window.
    segs: Option<Vec<Segment>>,
}

#[derive(Deserialize)]
struct Segment {
    utf8: Option<String>,
}

/// Reads the events that have words.
pub(super) fn read(text: &str) -> Result<Draft, CaptionsError> {
    let file: File = serde_json::from_str(text).map_err(|error| Format::Json3.broken(error.to_string()))?;
    let mut draft = Draft::default();
    for event in file.events {
        let words: String = event
            .segs
            .unwrap_or_default()
            .into_iter()
            .filter_map(|seg| seg.utf8)
            .collect();
        if words.trim().is_empty() {
            continue;
        }
        let (start, end) = (event.start_ms as i64, (event.start_ms + event.duration_ms) as i64);
        if event.append > 0.0 {
            draft.append(start, end, &words);
        } else {
            draft.push(start, end, words);
        }
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use crate::captions::tests::{timed, timed_as};
    use crate::transcript::Source;

    const ROLLING: &str = r#"{"wireMagic":"pb3","pens":[],"events":[
        {"tStartMs":0,"dDurationMs":11398180,"id":1,"wpWinPosId":1},
        {"dDurationMs":3000,"segs":[{"utf8":"we"},{"utf8":" all","tOffsetMs":300,"acAsrConf":0},{}]},
        {"tStartMs":1800,"dDurationMs":10,"aAppend":1,"segs":[{"utf8":"\n"}]},
        {"tStartMs":1810,"dDurationMs":2190,"segs":[{"utf8":"know\nthis &amp; that"}]},
        {"tStartMs":2500,"dDurationMs":2500,"aAppend":1,"segs":[{"utf8":"and more"}]},
        {"tStartMs":6000,"segs":[{"utf8":"🙂 שלום"}]},
        {"tStartMs":7000,"dDurationMs":100,"segs":[{"utf8":" \n "}]}]}"#;

    #[test]
    fn reads_events_with_words() {
        assert_eq!(
            timed_as(ROLLING, Source::Manual),
            [
                (0, 3000, "we all"),
                (1810, 5000, "know this &amp; that and more"),
                (6000, 6000, "🙂 שלום"),
            ]
            .map(|(start, end, text)| (start, end, text.to_owned()))
        );
    }

    #[test]
    fn ends_automatic_lines_where_the_next_begins() {
        let ends: Vec<u64> = timed_as(ROLLING, Source::Automatic)
            .into_iter()
            .map(|cue| cue.1)
            .collect();
        assert_eq!(ends, [1810, 5000, 6000]);
    }

    #[test]
    fn survives_wild_numbers() {
        let text = r#"{"events":[{"tStartMs":1e300,"dDurationMs":1e300,"segs":[{"utf8":"b"}]},
            {"tStartMs":-5,"dDurationMs":-7,"segs":[{"utf8":"a"}]}]}"#;
        let cues = timed(text);
        assert_eq!((cues[0].0, cues[0].1), (0, 0));
        assert_eq!(cues[1].0, cues[1].1);
    }
}
