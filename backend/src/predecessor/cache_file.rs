//! The predecessor's JSON files: an object whose entries are read one by one, so that a damaged one costs nothing but itself. Three
//! generations of `summary_cache.json` differ in their keys and in what they name the date; all are read alike.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Utc};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value, value::RawValue};

/// Bytes of the longest summary; it wrote ten thousand at most.
const LONGEST_TEXT: usize = 1024 * 1024;
/// Characters of the longest title.
const LONGEST_TITLE: usize = 500;
/// Characters of the longest name of a model.
const LONGEST_MODEL: usize = 100;
/// Before that year there was no video.
const FIRST_YEAR: i32 = 2005;

/// A file as it was read.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Key and value of each entry, in the order of the file.
    pub(super) all: Vec<(String, Box<RawValue>)>,
    /// What ended the reading before the end of the file.
    pub(super) damage: Option<String>,
}

/// Reads a file's entries, up to where it is damaged.
pub(super) fn entries(bytes: &[u8]) -> Entries {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut entries = Entries::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Collect(&mut entries.all)
        .deserialize(&mut reader)
        .and_then(|()| reader.end());
    entries.damage = read.err().map(|error| error.to_string());
    entries
}

struct Collect<'a>(&'a mut Vec<(String, Box<RawValue>)>);

impl<'de> DeserializeSeed<'de> for Collect<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(entry) = map.next_entry()? {
            self.0.push(entry);
        }
        Ok(())
    }
}

/// A summary as the predecessor kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// YouTube's id.
    pub(super) video_id: String,
    /// Who wrote it, where that was noted.
    pub(super) model: Option<String>,
    /// The video's title, where it was noted.
    pub(super) title: Option<String>,
    /// The summary.
    pub(super) text: String,
    /// When it was made, where that was noted and can be.
    pub(super) made_at: Option<DateTime<Utc>>,
    /// Whether that was noted without a time zone.
    pub(super) without_zone: bool,
    /// The file that reads it out, as it was noted.
    pub(super) audio: Option<String>,
    /// What had to be decided, in words.
    pub(super) notes: Vec<String>,
}

/// Reads an entry.
///
/// # Errors
/// Why it can't be used, in words.
pub(super) fn found(key: &str, entry: &RawValue, now: DateTime<Utc>) -> Result<Found, String> {
    let entry: Map<String, Value> =
        serde_json::from_str(entry.get()).map_err(|error| format!("is no entry that can be read: {error}"))?;
    let of_key = split(key);
    let video_id = match (text(&entry, "video_id")?, of_key) {
        (Some(id), _) if !is_id(id) => return Err("its video_id is none".to_owned()),
        (Some(id), Some((other, _))) if other != id => {
            return Err(format!("its key names the video {other}, its video_id {id}"));
        }
        (Some(id), _) | (None, Some((id, _))) => id.to_owned(),
        (None, None) => return Err("its key is no video's id".to_owned()),
    };
    let summary = text(&entry, "summary")?.ok_or("there is no summary in it")?;
    if summary.len() > LONGEST_TEXT {
        return Err(format!("its summary is longer than {LONGEST_TEXT} bytes"));
    }
    let mut notes = Vec::new();
    let noted = text(&entry, "model_used")?;
    let of_key = of_key.and_then(|(_, model)| model);
    if let (Some(noted), Some(of_key)) = (noted, of_key)
        && noted != of_key
    {
        notes.push(format!("the key says {of_key}; its model_used was taken"));
    }
    let model = noted.or(of_key);
    if model.is_some_and(|model| model.chars().count() > LONGEST_MODEL || model.chars().any(char::is_control)) {
        return Err("its model is no name".to_owned());
    }
    if model.is_none() {
        notes.push("the model was not noted".to_owned());
    }
    let title = text(&entry, "title")?.map(|title| crate::access::one_line(title, LONGEST_TITLE));
    let title = title.filter(|title| !title.trim().is_empty());
    if title.is_none() {
        notes.push("the title was not noted, the video's id stands in for it".to_owned());
    }
    let date = ["summarized_at", "processed_at"]
        .into_iter()
        .find_map(|name| entry.get(name).filter(|date| !date.is_null()));
    let made_at = date.and_then(read_date).filter(|date| is_likely(*date, now));
    match (date, made_at) {
        (None, _) => notes.push("date unknown, today's taken".to_owned()),
        (Some(_), None) => notes.push("its date can't be, today's taken".to_owned()),
        (Some(_), Some(_)) => {}
    }
    Ok(Found {
        video_id,
        model: model.map(str::to_owned),
        title,
        text: summary.to_owned(),
        made_at,
        without_zone: made_at.is_some() && matches!(date, Some(Value::String(text)) if zoned(text).is_none()),
        audio: text(&entry, "audio_filename")?.map(str::to_owned),
        notes,
    })
}

/// A field's text; `None` where it is absent or empty.
fn text<'a>(entry: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match entry.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.trim().is_empty())),
        Some(_) => Err(format!("its {name} is no text")),
    }
}

/// The video's id of a key, and the model of one of the last generation: `{video_id}_{model}`.
fn split(key: &str) -> Option<(&str, Option<&str>)> {
    if is_id(key) {
        return Some((key, None));
    }
    let (id, rest) = key.split_at_checked(11)?;
    let model = rest.strip_prefix('_').filter(|model| !model.trim().is_empty())?;
    is_id(id).then_some((id, Some(model)))
}

fn is_id(text: &str) -> bool {
    text.len() == 11
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A date as Python writes it, or seconds since 1970. Without a zone it is taken as UTC.
pub(super) fn read_date(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::String(text) => {
            let local = || {
                ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
                    .into_iter()
                    .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())
            };
            zoned(text).or_else(|| local().map(|date| date.and_utc()))
        }
        Value::Number(number) => {
            let seconds = number.as_f64().filter(|seconds| seconds.abs() < 1e11)?;
            #[expect(clippy::cast_possible_truncation, reason = "less than 1e14")]
            DateTime::from_timestamp_millis((seconds * 1000.0) as i64)
        }
        _ => None,
    }
}

/// A date that names its time zone.
fn zoned(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%:z"))
        .map(|date| date.to_utc())
        .ok()
}

/// Whether something of the predecessor's can have happened then; clocks may be a day apart.
pub(super) fn is_likely(date: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    date.year() >= FIRST_YEAR && date <= now + TimeDelta::days(1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    fn read(key: &str, entry: &str) -> Result<Found, String> {
        found(key, &RawValue::from_string(entry.to_owned()).unwrap(), now())
    }

    #[test]
    fn all_three_generations_are_read() {
        let first = r#"{"title": "T", "summary": "S.", "thumbnail_url": "u", "summarized_at": "2025-07-01T10:20:30.123456",
                        "audio_filename": "a.mp3"}"#;
        let first = read("dQw4w9WgXcQ", first).unwrap();
        assert_eq!(
            (first.video_id.as_str(), first.model.as_deref(), first.audio.as_deref()),
            ("dQw4w9WgXcQ", None, Some("a.mp3"))
        );
        assert_eq!(first.made_at.unwrap().to_rfc3339(), "2025-07-01T10:20:30.123456+00:00");
        assert_eq!(first.notes, ["the model was not noted"]);

        let later = r#"{"title": "T", "summary": "S.", "summarized_at": "2025-08-01T10:20:30+02:00", "model_used": "gpt-4o",
                        "video_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}"#;
        let later = read("dQw4w9WgXcQ", later).unwrap();
        assert_eq!(later.model.as_deref(), Some("gpt-4o"));
        assert_eq!(later.made_at.unwrap().to_rfc3339(), "2025-08-01T08:20:30+00:00");
        assert!(later.notes.is_empty());

        let last = r#"{"video_id": "_Qw4w9WgX_Q", "title": "T", "summary": "S.", "url": "u", "cached": false, "processed_at": 1756000000.5}"#;
        let last = read("_Qw4w9WgX_Q_gemini-2.5-flash", last).unwrap();
        assert_eq!(
            (last.video_id.as_str(), last.model.as_deref()),
            ("_Qw4w9WgX_Q", Some("gemini-2.5-flash"))
        );
        assert_eq!(last.made_at.unwrap().timestamp_millis(), 1_756_000_000_500);
    }

    #[test]
    fn nothing_is_guessed_silently() {
        let bare = read("dQw4w9WgXcQ", r#"{"summary": "S."}"#).unwrap();
        assert_eq!(bare.notes.len(), 3, "{:?}", bare.notes);
        assert!(bare.notes.contains(&"date unknown, today's taken".to_owned()));
        for date in [
            r#""next week""#,
            r#""9999-01-01T00:00:00""#,
            "0",
            "1e300",
            "[]",
            r#""2030-01-01""#,
        ] {
            let entry = format!(r#"{{"title": "T", "model_used": "m", "summary": "S.", "summarized_at": {date}}}"#);
            let found = read("dQw4w9WgXcQ", &entry).unwrap();
            assert_eq!(
                (found.made_at, found.notes),
                (None, vec!["its date can't be, today's taken".to_owned()]),
                "{date}"
            );
        }
    }

    #[test]
    fn what_can_not_be_used_says_why() {
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        for (key, entry, why) in [
            ("dQw4w9WgXcQ", "[]", "no entry"),
            ("dQw4w9WgXcQ", r#""text""#, "no entry"),
            ("dQw4w9WgXcQ", deep.as_str(), "no entry"),
            ("dQw4w9WgXcQ", "{}", "no summary"),
            ("dQw4w9WgXcQ", r#"{"summary": " \n"}"#, "no summary"),
            ("dQw4w9WgXcQ", r#"{"summary": 7}"#, "no text"),
            ("dQw4w9WgXcQ", r#"{"summary": "S", "title": ["T"]}"#, "no text"),
            (
                "dQw4w9WgXcQ",
                r#"{"summary": "S", "video_id": "xxxxxxxxxxx"}"#,
                "its video_id xxxxxxxxxxx",
            ),
            (
                "dQw4w9WgXcQ",
                r#"{"summary": "S", "video_id": "../../../et"}"#,
                "is none",
            ),
            ("../../etc/passwd", r#"{"summary": "S"}"#, "no video's id"),
            ("dQw4w9WgXcQ_", r#"{"summary": "S"}"#, "no video's id"),
            ("dQw4w9WgXcé", r#"{"summary": "S"}"#, "no video's id"),
            (
                "dQw4w9WgXcQ",
                r#"{"summary": "S", "model_used": "a\u001b[31mb"}"#,
                "no name",
            ),
        ] {
            let error = read(key, entry).unwrap_err();
            assert!(error.contains(why), "{key} {entry}: {error}");
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_damage() {
        let whole = entries(br#"{"a": {"x": 1}, "b": [[]], "a": 2}"#);
        assert_eq!((whole.all.len(), whole.damage), (3, None));
        let cut = entries(br#"{"a": {"x": 1}, "b": {"summary": "it was cut of"#);
        assert_eq!(cut.all.len(), 1);
        assert!(cut.damage.is_some());
        for none in [&b""[..], b"[1]", b"\xff\xfe", b"null"] {
            let read = entries(none);
            assert!(read.all.is_empty() && read.damage.is_some());
        }
    }
}
