//! Captions as `/api/timedtext` sends them: json3, srv1 and srv3, with the oddities that real answers have.

use serde_json::{Value, json};

/// Some words and when they are on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    pub(crate) start_ms: u64,
    pub(crate) duration_ms: u64,
    pub(crate) text: String,
}

/// json3. Automatic captions come word by word, with events between that only hold a line break.
pub(crate) fn json3(cues: &[Cue], auto: bool) -> Value {
    let end = cues.last().map_or(0, |cue| cue.start_ms + cue.duration_ms);
    let mut events = Vec::new();
    if auto {
        events.push(json!({"tStartMs": 0, "dDurationMs": end, "id": 1, "wpWinPosId": 1, "wsWinStyleId": 1}));
    }
    for cue in cues {
        let segments: Vec<Value> = if auto {
            timed_words(cue)
        } else {
            vec![json!({"utf8": broken(&cue.text)})]
        };
        let mut event = json!({"tStartMs": cue.start_ms, "dDurationMs": cue.duration_ms, "segs": segments});
        if auto {
            event["wWinId"] = json!(1);
        }
        events.push(event);
        if auto {
            let at = cue.start_ms + cue.duration_ms.saturating_sub(1_910);
            events.push(
                json!({"tStartMs": at, "dDurationMs": 1910, "wWinId": 1, "aAppend": 1, "segs": [{"utf8": "\n"}]}),
            );
        }
    }
    json!({"wireMagic": "pb3", "pens": [{}], "wsWinStyles": [{}], "wpWinPositions": [{}], "events": events})
}

/// srv1: seconds, escaped twice.
pub(crate) fn srv1(cues: &[Cue]) -> String {
    let mut xml = r#"<?xml version="1.0" encoding="utf-8" ?><transcript>"#.to_owned();
    for cue in cues {
        let (start, duration) = (seconds(cue.start_ms), seconds(cue.duration_ms));
        xml.push_str(&format!(
            r#"<text start="{start}" dur="{duration}">{}</text>"#,
            escape(&escape(&cue.text))
        ));
    }
    xml.push_str("</transcript>");
    xml
}

/// srv3: milliseconds, one `<s>` a word where captions are automatic.
pub(crate) fn srv3(cues: &[Cue], auto: bool) -> String {
    let mut xml =
        r#"<?xml version="1.0" encoding="utf-8" ?><timedtext format="3"><head><ws id="0"/><wp id="0"/></head><body>"#
            .to_owned();
    if auto {
        xml.push_str(r#"<w t="0" id="1" wp="1" ws="1"/>"#);
    }
    for cue in cues {
        let (start, duration) = (cue.start_ms, cue.duration_ms);
        if auto {
            xml.push_str(&format!(r#"<p t="{start}" d="{duration}" w="1">"#));
            for (offset, word) in offsets(cue) {
                let t = if offset == 0 {
                    String::new()
                } else {
                    format!(r#" t="{offset}""#)
                };
                xml.push_str(&format!(r#"<s{t} ac="0">{}</s>"#, escape(&word)));
            }
            xml.push_str("</p>");
            let at = start + duration.saturating_sub(1_910);
            xml.push_str(&format!("<p t=\"{at}\" d=\"1910\" w=\"1\" a=\"1\">\n</p>"));
        } else {
            xml.push_str(&format!(
                r#"<p t="{start}" d="{duration}">{}</p>"#,
                escape(&broken(&cue.text))
            ));
        }
    }
    xml.push_str("</body></timedtext>");
    xml
}

/// The words of a cue, each after the first with its space before it, and their offsets in milliseconds.
fn offsets(cue: &Cue) -> Vec<(u64, String)> {
    let words: Vec<&str> = cue.text.split(' ').collect();
    let step = cue.duration_ms.saturating_sub(1_900) / (words.len() as u64).max(1);
    words
        .iter()
        .enumerate()
        .map(|(n, word)| {
            (
                n as u64 * step,
                if n == 0 { (*word).to_owned() } else { format!(" {word}") },
            )
        })
        .collect()
}

fn timed_words(cue: &Cue) -> Vec<Value> {
    offsets(cue)
        .into_iter()
        .map(|(offset, word)| match offset {
            0 => json!({"utf8": word, "acAsrConf": 0}),
            _ => json!({"utf8": word, "tOffsetMs": offset, "acAsrConf": 0}),
        })
        .collect()
}

/// Written captions have two lines: a break near the middle.
fn broken(text: &str) -> String {
    let middle = text.len() / 2;
    match text.char_indices().find(|(at, c)| *c == ' ' && *at >= middle) {
        Some((at, _)) if text.chars().count() > 42 => format!("{}\n{}", &text[..at], &text[at + 1..]),
        _ => text.to_owned(),
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// Text as XML wants it.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn cue(text: &str) -> Cue {
        Cue {
            start_ms: 1_540,
            duration_ms: 4_160,
            text: text.to_owned(),
        }
    }

    #[test]
    fn json3_tells_automatic_words_one_by_one() {
        let events = json3(&[cue("so in may")], true)["events"].clone();
        assert_eq!(events[0].get("segs"), None);
        let words: String = events[1]["segs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|seg| seg["utf8"].as_str().unwrap())
            .collect();
        assert_eq!(words, "so in may");
        assert_eq!(events[2]["aAppend"], 1);
        assert_eq!(
            json3(&[cue("Written.")], false)["events"][0]["segs"][0]["utf8"],
            "Written."
        );
    }

    #[test]
    fn srv1_is_escaped_twice_and_in_seconds() {
        let xml = srv1(&[cue("I'm <here>")]);
        assert!(
            xml.contains(r#"<text start="1.540" dur="4.160">I&amp;#39;m &amp;lt;here&amp;gt;</text>"#),
            "{xml}"
        );
    }

    #[test]
    fn srv3_is_escaped_once_and_in_milliseconds() {
        assert!(srv3(&[cue("a < b")], false).contains(r#"<p t="1540" d="4160">a &lt; b</p>"#));
        assert!(srv3(&[cue("so in")], true).contains(r#"<s ac="0">so</s>"#));
    }
}
