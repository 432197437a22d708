//! Times and dates as people read them on pages and as screen readers say them. Pure: no clock, no time zone but UTC.

pub(crate) use domain::timecode::{date, iso};
use domain::{timecode::clock, transcript::Span};

/// "12 minutes 34 seconds", for those who hear the page.
pub(crate) fn spoken(ms: u64) -> String {
    let seconds = ms / 1000;
    let parts = [
        (seconds / 3600, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| counted(n, unit))
        .collect();
    if words.is_empty() {
        "the start".to_owned()
    } else {
        words.join(" ")
    }
}

/// "part 0:41–0:58"
pub(crate) fn part(span: Span, hours: bool) -> String {
    format!("part {}", stretch(span, hours))
}

/// "0:41–0:58"
pub(crate) fn stretch(span: Span, hours: bool) -> String {
    format!("{}–{}", clock(span.start_ms, hours), clock(span.end_ms, hours))
}

/// "1 sentence", "8 sentences".
pub(crate) fn counted(n: u64, unit: &str) -> String {
    if n == 1 {
        format!("1 {unit}")
    } else {
        format!("{n} {unit}s")
    }
}

/// "1 summary", "8 summaries".
pub(crate) fn summaries(n: u64) -> String {
    if n == 1 {
        "1 summary".to_owned()
    } else {
        format!("{n} summaries")
    }
}

/// "14:20 UTC"
pub(crate) fn time_of_day(unix: i64) -> String {
    let minute = unix.rem_euclid(86_400) / 60;
    format!("{}:{:02} UTC", minute / 60, minute % 60)
}

/// "28 Nov 2026, 14:20 UTC"
pub(crate) fn moment(unix: i64) -> String {
    format!("{}, {}", date(unix), time_of_day(unix))
}

/// Whole seconds of a span that was measured.
pub(crate) fn whole(seconds: f64) -> u32 {
    // The range is checked, so that the cast only cuts off the fraction.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let whole = (seconds + 0.5).clamp(0.0, 4e9) as u32;
    whole
}

/// A share from 0 to 1 in hundredths. By whole numbers, since printing a fraction takes a lot of code in the browser.
pub(crate) fn percent(share: f64) -> u8 {
    // The range is checked, so that the cast only rounds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0 to 100"
    )]
    let percent = (share.clamp(0.0, 1.0) * 100.0 + 0.5) as u8;
    percent
}

/// The second that `?t=` names: `754`, `754s`, `12:34`, `1:02:03`. `None` where it is none.
pub(crate) fn parse(text: &str) -> Option<u32> {
    let text = text.trim();
    let text = text.strip_suffix('s').unwrap_or(text);
    let mut seconds: u32 = 0;
    for part in text.split(':') {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(part.parse().ok()?)?;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_words() {
        assert_eq!(spoken(754_000), "12 minutes 34 seconds");
        assert_eq!(spoken(3_601_999), "1 hour 1 second");
        assert_eq!(spoken(10), "the start");
    }

    #[test]
    fn a_time_of_day_says_whose() {
        assert_eq!(time_of_day(1_795_357_205), "14:20 UTC");
    }

    #[test]
    fn shares_are_rounded_and_kept_in_range() {
        assert_eq!(
            [0.0, 0.714, 0.715, 1.0, 7.0, f64::NAN].map(percent),
            [0, 71, 72, 100, 100, 0]
        );
    }

    #[test]
    fn a_second_is_read_from_an_address() {
        assert_eq!(parse("754"), Some(754));
        assert_eq!(parse("754s"), Some(754));
        assert_eq!(parse("1:02:03"), Some(3723));
        for bad in ["", "s", "1:", "-1", "+5", "99999999999", "a"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
