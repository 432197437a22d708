//! Reading YouTube's JSON: renderers change monthly, so values are looked up by path, and whatever is found is hostile.

use serde_json::Value;

/// Titles, names and reasons are cut to so many characters.
pub(super) const MAX_TITLE: usize = 500;
/// Descriptions are cut to so many characters.
pub(super) const MAX_DESCRIPTION: usize = 20_000;

/// The value at a JSON pointer (`/a/0/b`), `null` where there is none.
pub(super) fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// The items of an array, none where it is no array.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text in any of YouTube's forms: a string, `simpleText`, `content`, or `runs` put together.
pub(super) fn text(value: &Value) -> Option<String> {
    if let Some(plain) = value
        .as_str()
        .or_else(|| at(value, "/simpleText").as_str())
        .or_else(|| at(value, "/content").as_str())
    {
        return Some(plain.to_owned());
    }
    let runs = at(value, "/runs").as_array()?;
    Some(runs.iter().filter_map(|run| at(run, "/text").as_str()).collect())
}

/// A text for one line: control characters gone, white space collapsed, at most [`MAX_TITLE`] characters; `None` if empty.
pub(super) fn line(value: &Value) -> Option<String> {
    let text = text(value)?;
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line: String = words.join(" ").chars().take(MAX_TITLE).collect();
    (!line.is_empty()).then_some(line)
}

/// A text of many lines: `\n` ends them, other control characters are gone, at most [`MAX_DESCRIPTION`] characters.
pub(super) fn lines(value: &Value) -> String {
    let text = text(value).unwrap_or_default().replace("\r\n", "\n");
    text.chars()
        .filter(|&c| c == '\n' || c == '\t' || !c.is_control())
        .take(MAX_DESCRIPTION)
        .collect()
}

/// A whole number, also one written as a string.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Seconds, also broken ones, in milliseconds; `None` for what is no time of a video.
pub(super) fn seconds_as_ms(value: &Value) -> Option<u64> {
    let seconds = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    // The cast cuts: what is beyond the range becomes its end.
    (seconds >= 0.0).then(|| (seconds * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_a_text_is_read() {
        for value in [
            json!("A b"),
            json!({"simpleText": "A b"}),
            json!({"content": "A b"}),
            json!({"runs": [{"text": "A "}, {"bold": true}, {"text": "b"}]}),
        ] {
            assert_eq!(text(&value).as_deref(), Some("A b"), "{value}");
        }
        assert_eq!(text(&json!({"runs": 7})), None);
        assert_eq!(text(&json!(null)), None);
    }

    #[test]
    fn a_line_is_cleaned_and_cut() {
        assert_eq!(line(&json!(" A\u{0}\u{1b}[31m\r\n  b ")).as_deref(), Some("A [31m b"));
        assert_eq!(line(&json!(" \u{7} ")), None);
        assert_eq!(
            line(&json!("é".repeat(501))).map(|text| text.chars().count()),
            Some(500)
        );
    }

    #[test]
    fn a_description_keeps_its_lines() {
        assert_eq!(lines(&json!("One\r\nTwo\u{0}\n\nThree")), "One\nTwo\n\nThree");
        assert_eq!(lines(&json!("x".repeat(20_001))).len(), 20_000);
        assert_eq!(lines(&json!(7)), "");
    }

    #[test]
    fn numbers_come_as_strings_too() {
        assert_eq!(number(&json!("316")), Some(316));
        assert_eq!(number(&json!(316)), Some(316));
        assert_eq!(number(&json!("3e9")), None);
        assert_eq!(number(&json!(-1)), None);
    }

    #[test]
    fn seconds_may_be_broken() {
        assert_eq!(seconds_as_ms(&json!(39.16)), Some(39_160));
        assert_eq!(seconds_as_ms(&json!(80)), Some(80_000));
        assert_eq!(seconds_as_ms(&json!("2.5")), Some(2500));
        assert_eq!(seconds_as_ms(&json!(-1)), None);
        assert_eq!(seconds_as_ms(&json!("NaN")), None);
        assert_eq!(seconds_as_ms(&json!(1e300)), Some(u64::MAX));
    }
}
