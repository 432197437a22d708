//! The numbers of a claim against those of the cited passages: 13 is not 30, thirty is, and 50 % is not 50 people.

mod reading;
mod sum;
mod units;

use self::{
    reading::numbers,
    units::{PERCENT, are_of_one_kind},
};
use crate::language::Language;

/// Spelled-out numbers below this are not compared: "two options" is often the writer's own count.
const LEAST_SPELLED: f64 = 3.0;

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
    form: Form,
    /// Whether no noun follows it: "two passes to get to forty".
    is_elliptic: bool,
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
            && (1900.0..2100.0).contains(&self.value)
            && short.unit.is_none()
            && short.value >= 10.0
            && close(self.value % 100.0, short.value)
    }
}

/// What the numbers of a claim say that the passages do not; `None` where nothing differs. `same` tells whether a word of
/// the claim and a word of the passages (by their indices) are the same: the number in the most alike place is named.
pub(super) fn differ(
    claim: (&[Bit<'_>], Language),
    passages: (&[Bit<'_>], Language),
    same: impl Fn(usize, usize) -> bool,
) -> Option<String> {
    let said = numbers(passages.0, passages.1);
    let claimed = numbers(claim.0, claim.1);
    let missing = claimed
        .iter()
        .filter(|number| number.is_compared())
        .find(|number| !is_said(number, &said))?;
    // Which number did the claim mean? One with the same unit or the same words around it, that it does not have itself.
    let alike = |said: &Number| {
        let around = |at: usize, length: usize| at.saturating_sub(4)..(at + 5).min(length);
        let shared = around(missing.at, claim.0.len())
            .filter(|c| *c != missing.at && around(said.at, passages.0.len()).any(|p| same(*c, p)))
            .count();
        shared * 2 + usize::from(said.unit == missing.unit)
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

/// Whether any of the numbers that are said is this one.
fn is_said(number: &Number, said: &[Number]) -> bool {
    // Days are compared with days, or other times, where any are told: another thing of which there are as many says nothing,
    // unless it may be days as well ("fifty days … then forty").
    let told =
        |unit: &str, is: fn(&str, &str) -> bool| said.iter().filter_map(|said| said.unit).any(|other| is(unit, other));
    said.iter().any(|said| {
        let is_alike = match (number.unit, said.unit) {
            (Some(unit), Some(other)) => unit == other,
            (Some(unit), None) if said.is_elliptic && told(unit, |a, b| a == b) => true,
            (Some(unit), None) => !told(unit, are_of_one_kind),
            (None, _) => true,
        };
        let is_per = number.per.zip(said.per).is_none_or(|(per, other)| per == other);
        let is_equal = close(said.value, number.value)
            || (said.form == Form::Pair && close(said.value / 100.0, number.value))
            || number.is_year(said);
        (is_alike && is_per && is_equal) || close(said.share(), number.share())
    })
}

/// Whether a text says any number: most claims say none.
pub(super) fn has_any(text: &[Bit<'_>], language: Language) -> bool {
    !numbers(text, language).is_empty()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}
