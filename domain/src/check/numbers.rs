//! The numbers of a claim against those of the cited passages: 13 is not 30, thirty is, and 50 % is not 50 people.

mod compared;
mod other_readings;
mod reading;
mod retracted;
mod sum;
mod units;

use self::{
    other_readings::{dozens, is_share, one_unit, other_readings, ranges, readings},
    reading::{numbers, shown},
    retracted::without_retracted,
    units::{PERCENT, YEARS, are_of_one_kind, in_base_units, named},
};
use std::ops::Range;

use crate::language::Language;

/// Spelled-out numbers below this are not compared: "two options" is often the writer's own count.
const LEAST_SPELLED: f64 = 3.0;

/// Spelled-out numbers without a unit below this are compared where the same thing is counted in the passage.
const LEAST_LARGE: f64 = 10.0;

/// From here on nothing else is likely to have the same number.
const LEAST_TELLING: f64 = 100.0;

/// The counted thing is among this many words behind its number.
const COUNTED: usize = 3;

/// What multiplies the number before it.
const SCALES: [f64; 4] = [1e2, 1e3, 1e6, 1e9];

/// A fraction told in words and a percentage may differ by this much: a third and 34 %.
const NEAR_SHARE: f64 = 0.021;

/// "About 300" may stand for what differs from it by this share.
const ROUNDED: f64 = 0.05;

/// "About two months" may stand for days that differ from them by this share.
const ROUNDED_MONTHS: f64 = 0.1;
const DAYS_OF_MONTH: f64 = 30.44;

/// A word and what stands between it and the word before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bit<'a> {
    /// As [`crate::tokens::Token::normal`].
    pub(super) normal: &'a str,
    /// The text between the word before and this one.
    pub(super) gap: &'a str,
    /// The text between this word and the next one.
    pub(super) after: &'a str,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
struct Number {
    value: f64,
    unit: Option<&'static str>,
    /// What it is counted by: the month in "65 dollars a month".
    per: Option<&'static str>,
    /// As it is shown: "30", "50 %", "30 minutes".
    shown: String,
    /// Index of its first word.
    at: usize,
    /// Index after its last word.
    end: usize,
    form: Form,
    /// Whether no noun follows it: "two passes to get to forty".
    is_elliptic: bool,
    /// Whether it is said to be no exact number: "about", "fast".
    is_hedged: bool,
}

/// How a number is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Digits,
    Words,
    /// Two numbers of two digits, "seventeen fifty": 1750, or 17.50 of some money.
    Pair,
    /// A half, two thirds.
    Fraction,
    /// "March third".
    Ordinal,
}

impl Number {
    /// Small spelled-out ones without a unit are the writer's own count, and "half" is said of much.
    fn is_compared(&self) -> bool {
        match self.form {
            Form::Fraction => !close(self.value, 0.5),
            Form::Ordinal => false,
            Form::Digits => true,
            Form::Words | Form::Pair => self.value >= LEAST_SPELLED || (self.value > 1.0 && self.unit.is_some()),
        }
    }

    /// "Two options" is often the writer's own count.
    fn is_small_count(&self) -> bool {
        self.form == Form::Words && self.unit.is_none() && self.value < LEAST_LARGE && self.value.fract() == 0.0
    }

    /// "Four-wheel drive", "3/16": part of a name, or of a fraction.
    fn is_in_compound(&self, bits: &[Bit<'_>]) -> bool {
        let is_divided = |gap: &str| matches!(gap, "/" | "⁄");
        let next = bits.get(self.end).map_or("", |next| next.gap);
        is_divided(bits[self.at].gap) || is_divided(next) || (self.is_small_count() && next == "-")
    }

    /// "千代子さん": a thousand only by its sign.
    fn is_in_person(&self, bits: &[Bit<'_>], language: Language) -> bool {
        const LONGEST_NAME: usize = 4;
        let rest = bits[self.end..].iter().take_while(|bit| bit.gap.is_empty());
        let letters: Vec<&str> = rest.take(LONGEST_NAME + 2).map(|bit| bit.normal).collect();
        let is_called = |at: usize| letters[at..].starts_with(&["さ", "ん"]) || letters[at] == "氏";
        language == Language::Japanese
            && self.form == Form::Words
            && (1..letters.len().min(LONGEST_NAME)).any(is_called)
    }

    /// Whether it may be a year, which nobody rounds.
    fn is_date(&self) -> bool {
        self.unit.is_none() && self.form != Form::Words && (1000.0..2100.0).contains(&self.value)
    }

    /// What part of a whole it is: 50 % are a half. Not a number for what is no part.
    fn share(&self) -> f64 {
        match self.unit {
            _ if self.form == Form::Fraction => self.value,
            Some(unit) if unit == PERCENT => self.value / 100.0,
            _ => f64::NAN,
        }
    }

    /// Whether a year that is said short ("eighty seven") may be this one.
    fn is_year(&self, short: &Self) -> bool {
        self.unit.is_none()
            && (1600.0..2100.0).contains(&self.value)
            && short.unit.is_none()
            && short.value >= 10.0
            && close(self.value % 100.0, short.value)
    }
}

/// What the numbers of a claim say that the passages do not; `None` where nothing differs. `quoted` are the words it quotes, `around` the sentences that they
/// stand in. `same` tells whether a word of
/// the claim and a word of the passages (by their indices) are the same: the number in the most alike place is named. `names` tells of a word of the
/// claim whether it is part of a name ("Atlas 3").
pub(super) fn differ(
    claim: (&[Bit<'_>], Language),
    passages: (&[Bit<'_>], Language),
    quoted: &[Bit<'_>],
    around: &[Bit<'_>],
    same: impl Fn(usize, usize) -> bool,
    names: impl Fn(usize) -> bool,
) -> Option<String> {
    let said = without_retracted(readings(passages.0, passages.1), passages.0);
    let claimed = numbers(claim.0, claim.1);
    let others = other_readings(claim.0, &claimed, claim.1);
    let is_read = |number: &Number, said: &[Number]| {
        let mut all = others
            .iter()
            .filter(|other| other.at <= number.at && number.end <= other.end);
        is_said(number, said) || all.any(|other| is_said(other, said))
    };
    let shares = |ours: Range<usize>, theirs: Range<usize>| {
        let theirs = theirs.start..theirs.end.min(passages.0.len());
        (ours.start..ours.end.min(claim.0.len())).any(|ours| theirs.clone().any(|theirs| same(ours, theirs)))
    };
    // A quote may begin in the middle of a number: "million euros for the steel".
    let is_cut = |number: &Number| quoted[number.at].gap == "." && SCALES.contains(&number.value);
    let quoted_words = quoted;
    let mut quoted_numbers = readings(quoted, passages.1);
    quoted_numbers.retain(|number| !is_cut(number));
    let quoted = quoted_numbers;
    let around = readings(around, passages.1);
    let is_quoted_otherwise = quoted
        .iter()
        .any(|quoted| quoted.is_small_count() && !is_said(quoted, &claimed));
    // "Three phases": the writer's own count, unless it is told how many phases there are.
    let is_told = |number: &Number| {
        let is_counted = |said: &Number| {
            said.form != Form::Ordinal && shares(number.end..number.end + COUNTED, said.end..said.end + COUNTED)
        };
        !number.is_small_count() || is_quoted_otherwise || said.iter().any(is_counted)
    };
    let missing = claimed
        .iter()
        .filter(|number| {
            number.is_compared()
                && is_told(number)
                && !names(number.at)
                && !number.is_in_compound(claim.0)
                && !number.is_in_person(claim.0, claim.1)
        })
        .find(|number| {
            !is_read(number, &said)
                && !is_worked_out(number, &claimed, &said)
                && !compared::is_of_two(number, claim.0, &quoted)
                && !compared::is_ratio_of_two(number, &around)
                && !compared::is_part_of_one(number, &around, &said)
        });
    // "A five-point scale" where only a seven point scale is told.
    let is_other_compound = |number: &&Number| {
        let of_same_noun = |theirs: &&Number| {
            theirs.is_small_count() && shares(number.end..number.end + 2, theirs.end..theirs.end + 2)
        };
        let mut same = said.iter().filter(of_same_noun).peekable();
        number.is_small_count()
            && number.is_in_compound(claim.0)
            && same.peek().is_some()
            && !same.any(|theirs| close(theirs.value, number.value))
    };
    let missing = missing.or_else(|| claimed.iter().find(is_other_compound));
    let Some(missing) = missing else {
        let is_told = |number: &Number, said: &[Number]| {
            is_read(number, said)
                || compared::is_of_two(number, claim.0, said)
                || compared::is_part_of_one(number, said, said)
        };
        return quote_differs((&claimed, &others), &quoted, is_told)
            .or_else(|| one_differs(claim, &quoted))
            .or_else(|| dozens_differ(claim, passages, &said))
            .or_else(|| ranges_differ(claim, (quoted_words, passages.1)));
    };
    // Which number did the claim mean? One with the same unit or the same words around it, that it does not have itself.
    let alike = |said: &Number| {
        let around = |at: usize, length: usize| at.saturating_sub(4)..(at + 5).min(length);
        let shared = around(missing.at, claim.0.len())
            .filter(|c| *c != missing.at && around(said.at, passages.0.len()).any(|p| same(*c, p)))
            .count();
        // "Since 1984" rather than "twelve pools", for 1948.
        let digits = |number: &Number| number.value.abs().max(1.0).log10().floor();
        let is_quoted = quoted.iter().any(|quoted| close(quoted.value, said.value));
        let is_near = digits(said) >= digits(missing) && digits(said) <= digits(missing);
        shared * 2 + usize::from(said.unit == missing.unit) + 2 * usize::from(is_quoted) + usize::from(is_near)
    };
    let others = said.iter().filter(|said| {
        let is_own =
            |number: &Number| number.unit == said.unit && number.per == said.per && close(number.value, said.value);
        said.form != Form::Ordinal && !claimed.iter().any(is_own)
    });
    let best = others
        .map(|said| (alike(said), said))
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    Some(match best {
        Some((likeness, said)) if likeness > 1 => {
            format!("the summary says {}, the transcript {}", missing.shown, said.shown)
        }
        _ => format!("the summary says {}, which this passage does not", missing.shown),
    })
}

/// Whether a claim says what other numbers of its own come to, which are said: the sum of all, the rest of a whole, the years
/// between two.
fn is_worked_out(number: &Number, claimed: &[Number], said: &[Number]) -> bool {
    let dates: Vec<f64> = claimed
        .iter()
        .filter(|date| date.is_date() && is_said(date, said))
        .map(|date| date.value)
        .collect();
    let is_between = |pair: &[f64]| close((pair[1] - pair[0]).abs(), number.value);
    if number.unit == Some(YEARS) && dates.windows(2).any(is_between) {
        return true;
    }
    let others: Vec<&Number> = claimed
        .iter()
        .filter(|other| other.at != number.at && other.unit == number.unit && is_said(other, said))
        .collect();
    let sum: f64 = others.iter().map(|other| other.value).sum();
    let is_rest = number.unit == Some(PERCENT) && close(sum + number.value, 100.0);
    others.len() > 1 && (close(sum, number.value) || is_rest)
}

/// A claim that quotes "38 minutes" and says 95, of which there is another word nearby.
fn quote_differs(
    (claimed, others): (&[Number], &[Number]),
    quoted: &[Number],
    is_read: impl Fn(&Number, &[Number]) -> bool,
) -> Option<String> {
    let is_of_kind = |a: &Number, b: &Number| match (a.form, b.form) {
        (Form::Fraction, Form::Fraction) => true,
        (Form::Fraction, _) | (_, Form::Fraction) => false,
        _ => a.unit.is_some() && a.unit == b.unit,
    };
    let is_told = |number: &Number| {
        let is_whole = number.value >= 1.0 || number.form == Form::Digits;
        number.form == Form::Fraction || (number.unit.is_some() && is_whole)
    };
    let ours = claimed
        .iter()
        .find(|number| is_told(number) && !is_read(number, quoted))?;
    let theirs = quoted
        .iter()
        .find(|theirs| is_of_kind(ours, theirs) && !is_said(theirs, claimed) && !is_said(theirs, others))?;
    let is_all_else = claimed.iter().filter(|number| is_of_kind(number, ours)).count() == 1;
    is_all_else.then(|| format!("the summary says {}, the quoted words {}", ours.shown, theirs.shown))
}

/// A claim that says "in one hour" where it quotes "half an hour", and no other time.
fn one_differs(claim: (&[Bit<'_>], Language), quoted: &[Number]) -> Option<String> {
    let ours = (0..claim.0.len()).find_map(|at| one_unit(claim.0, at, claim.1))?;
    let in_base = |number: &Number| {
        let (base, worth) = in_base_units(number.unit?)?;
        Some((base, number.value * worth))
    };
    let (base, worth) = in_base(&ours)?;
    // "Half an hour" is read as 30 minutes and as half of an hour.
    let times: Vec<(&Number, f64)> = quoted
        .iter()
        .filter_map(|theirs| {
            let (their_base, worth) = in_base(theirs)?;
            (their_base == base).then_some((theirs, worth))
        })
        .collect();
    let (theirs, first) = times.first()?;
    let is_one_time = times.iter().all(|(_, other)| close(*other, *first));
    (is_one_time && !close(*first, worth))
        .then(|| format!("the summary says {}, the quoted words {}", ours.shown, theirs.shown))
}

/// A claim that says "two dozen" where the passages say dozens as well, but not so many.
fn dozens_differ(claim: (&[Bit<'_>], Language), passages: (&[Bit<'_>], Language), said: &[Number]) -> Option<String> {
    let first = |(bits, language): (&[Bit<'_>], Language), least_words: usize| {
        (0..bits.len())
            .filter_map(|at| dozens(bits, at, language))
            .find(|dozens| dozens.end - dozens.at >= least_words)
    };
    // "Dozens of them" is no number.
    let (ours, theirs) = (first(claim, 2)?, first(passages, 1)?);
    (!is_said(&ours, said)).then(|| format!("the summary says {}, the transcript {}", ours.shown, theirs.shown))
}

/// A claim that says "from nine until three" where it quotes "from nine to one".
fn ranges_differ(claim: (&[Bit<'_>], Language), quoted: (&[Bit<'_>], Language)) -> Option<String> {
    let said = ranges(quoted.0, quoted.1);
    let (from, ours, theirs) = ranges(claim.0, claim.1).into_iter().find_map(|(from, to)| {
        let mut same = said
            .iter()
            .filter(|(start, _)| close(*start, from))
            .map(|(_, end)| *end);
        let theirs = same.next()?;
        let is_other = !close(theirs, to) && !same.any(|end| close(end, to));
        is_other.then_some((from, to, theirs))
    })?;
    Some(format!(
        "the summary says {} to {}, the quoted words {} to {}",
        shown(from),
        shown(ours),
        shown(from),
        shown(theirs)
    ))
}

/// Whether any of the numbers that are said is this one.
fn is_said(number: &Number, said: &[Number]) -> bool {
    // Days are compared with days, or other times, where any are told: another thing of which there are as many says nothing,
    // unless it may be days as well ("fifty days … then forty").
    let is_told = |unit: &str| {
        said.iter()
            .filter_map(|said| said.unit)
            .any(|other| are_of_one_kind(unit, other))
    };
    said.iter().any(|said| {
        let is_alike = match (number.unit, said.unit) {
            (Some(unit), Some(other)) => unit == other,
            (Some(_), None) if said.is_elliptic || said.value >= LEAST_TELLING => true,
            (Some(unit), None) => !is_told(unit),
            (None, _) => true,
        };
        // "The third one" is not three times.
        let is_alike = is_alike && (said.form != Form::Ordinal || number.unit.is_none() || said.value <= 1.0);
        let is_per = number.per.zip(said.per).is_none_or(|(per, other)| per == other);
        let is_equal = close(said.value, number.value)
            || (said.form == Form::Pair && close(said.value / 100.0, number.value))
            || (number.is_hedged && !said.is_date() && rounds_to(said.value, number.value))
            || number.is_year(said);
        (is_alike && is_per && is_equal) || is_same_share(number, said) || (is_per && is_converted(number, said))
    })
}

/// Whether both are the same part of a whole. In words it may be near enough: a third for 34 %.
fn is_same_share(number: &Number, said: &Number) -> bool {
    let (ours, theirs) = (number.share(), said.share());
    let is_rough =
        is_share(number) && is_share(said) && (number.form == Form::Fraction) != (said.form == Form::Fraction);
    close(ours, theirs) || (is_rough && (ours - theirs).abs() <= NEAR_SHARE)
}

/// Whether both measure the same in other units: 18 months are a year and a half.
fn is_converted(number: &Number, said: &Number) -> bool {
    let (Some(ours), Some(theirs)) = (number.unit, said.unit) else {
        return false;
    };
    if ours == theirs {
        return false;
    }
    match (in_base_units(ours), in_base_units(theirs)) {
        (Some((base, ours)), Some((other, theirs))) if base == other => close(number.value * ours, said.value * theirs),
        // "Roughly two months" for eight weeks: months have no fixed length.
        (Some(ours), Some(theirs)) if number.is_hedged => {
            let days = |(base, worth): (&str, f64), value: f64| match base {
                " seconds" => Some(value * worth / 86_400.0),
                " months" => Some(value * worth * DAYS_OF_MONTH),
                _ => None,
            };
            let both = days(ours, number.value).zip(days(theirs, said.value));
            both.is_some_and(|(ours, theirs)| (ours - theirs).abs() <= ROUNDED_MONTHS * theirs)
        }
        _ => false,
    }
}

/// Whether a number that is said is rounded to a claim's, which has fewer digits and is said to be no exact one.
fn rounds_to(said: f64, claimed: f64) -> bool {
    let digits = |value: f64| {
        let digits = format!("{value}").replace('.', "");
        digits.trim_start_matches('0').trim_end_matches('0').len()
    };
    if claimed == 0.0 || !claimed.is_finite() {
        return false;
    }
    let first = claimed.abs().log10().floor() as i32;
    let last = 10_f64.powi(first + 1 - digits(claimed) as i32);
    let off = (said - claimed).abs();
    digits(claimed) < digits(said) && off <= ROUNDED * said.abs() && off < last
}

/// Whether a word is a unit's name: "gb".
pub(super) fn is_unit(word: &str) -> bool {
    named(word).is_some()
}

/// Whether a text says any number: most claims say none.
pub(super) fn has_any(text: &[Bit<'_>], language: Language) -> bool {
    !numbers(text, language).is_empty() || (0..text.len()).any(|at| one_unit(text, at, language).is_some())
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}
