//! Times as people write them: `0:42`, `12:34`, `1:02:03`; written, read, and spoken.

/// `m:ss`, or `h:mm:ss` where `hours` says that the video reaches an hour.
#[must_use]
pub fn clock(ms: u64, hours: bool) -> String {
    let seconds = ms / 1000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours || h > 0 {
        format!("{h}:{m:02}:{s:02}")
    } else {
        format!("{m}:{s:02}")
    }
}

/// "1 h 42 min", "12 min", "40 s": how long something is.
#[must_use]
pub fn length(seconds: u32) -> String {
    if seconds < 60 {
        return format!("{seconds} s");
    }
    // To the nearest minute: 2:54 is three minutes rather than two.
    let minutes = seconds.saturating_add(30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

/// "12 minutes 34 seconds": a time for a screen reader, which would read `12:34` as a time of day.
#[must_use]
pub fn spoken(ms: u64) -> String {
    let seconds = ms / 1000;
    let part = |count: u64, unit: &str| match count {
        0 => None,
        1 => Some(format!("1 {unit}")),
        n => Some(format!("{n} {unit}s")),
    };
    let parts: Vec<String> = [
        part(seconds / 3600, "hour"),
        part(seconds / 60 % 60, "minute"),
        part(seconds % 60, "second"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        "0 seconds".to_owned()
    } else {
        parts.join(" ")
    }
}

/// Reads `12:34`, `1:02:03` and either with a fraction after `.` or `,` into milliseconds. The whole of `text` must be the time.
/// In `m:ss` the minutes may exceed 59, as in `75:30`.
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    let (whole, fraction) = match text.find(['.', ',']) {
        Some(at) => (text.get(..at)?, Some(text.get(at + 1..)?)),
        None => (text, None),
    };
    let mut parts = whole.split(':').rev();
    let seconds = two_digits(parts.next()?)?;
    let next = parts.next()?;
    let (hours, minutes) = match parts.next() {
        Some(hours) => (number(hours)?, two_digits(next)?),
        None => (0, number(next)?),
    };
    if parts.next().is_some() {
        return None;
    }
    let ms = match fraction {
        Some(digits) => thousandths(digits)?,
        None => 0,
    };
    hours
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(60)?
        .checked_add(seconds)?
        .checked_mul(1000)?
        .checked_add(ms)
}

/// "2026-11-22T14:20:05Z": a moment, given in seconds since 1970.
#[must_use]
pub fn iso(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(86_400));
    let second = unix.rem_euclid(86_400);
    let (h, m, s) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}Z")
}

/// "22 Nov 2026", by UTC: the day of a moment, given in seconds since 1970.
#[must_use]
pub fn date(unix: i64) -> String {
    let (year, month, day) = civil(unix.div_euclid(86_400));
    let name = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][usize::from(month - 1)];
    format!("{day} {name} {year}")
}

/// Year, month and day of a number of days since 1970 (Howard Hinnant's algorithm).
fn civil(days: i64) -> (i64, u8, u8) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    // Both fit: a month is 1 to 12, a day 1 to 31.
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

/// A number of any length that fits; no sign, at least one digit.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// `00` to `59`.
fn two_digits(text: &str) -> Option<u64> {
    number(text).filter(|value| text.len() == 2 && *value < 60)
}

/// The digits after the point, cut (not rounded) to thousandths.
fn thousandths(digits: &str) -> Option<u64> {
    let cut = digits.get(..3).unwrap_or(digits);
    let scale = [100, 10, 1].get(cut.len().checked_sub(1)?)?;
    number(digits.get(cut.len()..).filter(|rest| !rest.is_empty()).unwrap_or("0"))?;
    Some(number(cut)? * scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn moments_follow_the_calendar() {
        assert_eq!(iso(1_795_357_205), "2026-11-22T14:20:05Z");
        assert_eq!(iso(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59Z");
        assert_eq!(date(0), "1 Jan 1970");
        assert_eq!(date(951_782_400), "29 Feb 2000");
        assert_eq!(date(-1), "31 Dec 1969");
    }

    #[test]
    fn reads_what_people_write() {
        for (text, ms) in [
            ("0:42", 42_000),
            ("00:42", 42_000),
            ("12:34", 754_000),
            ("75:30", 4_530_000),
            ("1:02:03", 3_723_000),
            ("01:02:03,004", 3_723_004),
            ("1:02:03.5", 3_723_500),
            ("0:00.123456", 123),
            ("123:00:00", 442_800_000),
        ] {
            assert_eq!(parse(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            ":",
            "42",
            "0:4",
            "0:60",
            "1:60:00",
            "1:2:03",
            "0:00.",
            "0:00.12x",
            "0:00.1234x",
            "-0:42",
            "+1:00",
            "1:00:00:00",
            "0:٤٢",
            "99999999999999999999:00",
            "18446744073709551615:00:00",
            "0:00.12é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn speaks_times() {
        assert_eq!(spoken(754_999), "12 minutes 34 seconds");
        assert_eq!(spoken(3_601_000), "1 hour 1 second");
        assert_eq!(spoken(60_000), "1 minute");
        assert_eq!(spoken(999), "0 seconds");
    }

    proptest! {
        #[test]
        fn a_clock_reads_back(ms in 0..u64::MAX / 2, hours: bool) {
            prop_assert_eq!(parse(&clock(ms, hours)), Some(ms / 1000 * 1000));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9:.,é]{0,12}") {
            let _ = parse(&text);
        }
    }
}
