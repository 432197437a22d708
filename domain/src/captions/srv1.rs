//! YouTube's first two XML formats: `<text start dur>` in seconds, and `<text t d>` in milliseconds. Their words are escaped twice.

use super::{
    CaptionsError, Draft, Format,
    markup::{decode_entities, strip_tags},
    ms_from_seconds,
    xml::{self, Step},
};

/// Reads the `<text>` elements.
pub(super) fn read(text: &str, format: Format) -> Result<Draft, CaptionsError> {
    let (start_name, length_name, unit) = if format == Format::Srv2 {
        ("t", "d", 0.001)
    } else {
        ("start", "dur", 1.0)
    };
    let mut draft = Draft::default();
    let mut open: Option<(i64, i64, String)> = None;
    xml::walk(text, format, |step| {
        match step {
            Step::Open(element) if element.name().as_ref() == "text" => {
                let start = xml::number(element, start_name)?.ok_or_else(|| format!("<text> without {start_name}"))?;
                let length = xml::number(element, length_name)?.unwrap_or(0.0);
                let start = ms_from_seconds(start * unit);
                let end = start.saturating_add(ms_from_seconds(length * unit));
                open = Some((start, end, String::new()));
            }
            Step::Open(_) => {}
            Step::Text(words) => {
                if let Some((_, _, text)) = &mut open {
                    text.push_str(words);
                }
            }
            Step::Close("text") => {
                if let Some((start, end, text)) = open.take() {
                    draft.push(start, end, strip_tags(&decode_entities(&text)).into_owned());
                }
            }
            Step::Close(_) => {}
        }
        Ok(())
    })?;
    Ok(draft)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::captions::{Format, read_with_format, tests::timed};
    use crate::transcript::Source;

    #[test]
    fn reads_seconds_and_decodes_twice() {
        let text = "<?xml version=\"1.0\" encoding=\"utf-8\" ?><transcript>
            <text start=\"0\" dur=\"1.54\">I&amp;#39;m here</text>
            <text start=\"1.54\" dur=\"4.16\">this is &lt;i>not&lt;/i> R&amp;amp;D\nat 1 &amp;lt; 2</text>
            <text start=\"5\" dur=\"0.5\"></text><text start=\"5.2\"/>
            <text start=\"5.7\">AT&T</text></transcript>";
        assert_eq!(
            timed(text),
            [
                (0, 1540, "I'm here".to_owned()),
                (1540, 5700, "this is not R&D at 1 < 2".to_owned()),
                (5700, 5700, "AT&T".to_owned()),
            ]
        );
    }

    #[test]
    fn reads_milliseconds() {
        let text = "<timedtext><text t=\"1200\" d=\"300\">so</text></timedtext>";
        let (_, format) = read_with_format(text, Source::Manual).unwrap();
        assert_eq!(format, Format::Srv2);
        assert_eq!(timed(text), [(1200, 1500, "so".to_owned())]);
    }
}
