//! What number words that stand together are worth: digits, groups, scales, decimals, each language's ways.

use super::{
    Bit,
    reading::{divided, is_near},
    units::{PERCENT, TIMES, named},
};
use crate::language::Language;

/// What the number words from `at` on are worth together, where they end, and whether they are a pair as years are.
pub(super) fn sum(bits: &[Bit<'_>], at: usize, first: &Value, language: Language) -> (f64, usize, bool) {
    let mut end = at + 1;
    if let Some((value, end)) = grouped(bits, at, language).or_else(|| digits(bits, at, language)) {
        return (value, end, false);
    }
    if matches!(language, Language::Chinese | Language::Japanese)
        && (!first.in_digits
            || value_at(bits, end, language).is_some_and(|next| !next.in_digits && next.value >= 1000.0))
    {
        let (value, end) = characters(bits, at, language);
        return (value, end, false);
    }
    let mut sum = Sum::new(first, language);
    while end < bits.len() && is_near(bits, end) {
        // "2½": two words to Unicode.
        let is_vulgar =
            first.in_digits && end == at + 1 && bits[end].gap.is_empty() && bits[end].normal.starts_with("0.");
        if let Some(part) = value(bits[end].normal, language).filter(|_| is_vulgar) {
            sum.open += part.value;
            end += 1;
        } else if let Some((decimals, after)) = decimals(bits, end, language).filter(|_| sum.open < 1000.0) {
            sum.open += decimals;
            end = after;
        } else if let Some((part, length)) = and_a_part(bits, end) {
            sum.add_part(part);
            end += length;
        } else if let Some(part) = value(bits[end].normal, language).filter(|part| !part.in_digits) {
            // "four billion five years ago".
            let begins = sum.done >= 1e6
                && part.value < 100.0
                && bits
                    .get(end + 1)
                    .and_then(|next| named(next.normal))
                    .is_some_and(|unit| TIMES.contains(&unit));
            if begins || !sum.add(part.value) {
                break;
            }
            end += 1;
        } else if (matches!(bits[end].normal, "and" | "und" | "et" | "y" | "e" | "en" | "и") && sum.takes_and()
            || matches!(bits[end].normal, "y" | "e" | "et") && sum.takes_unit())
            && !begins_another(bits, end + 1, sum.done, language)
            && bits
                .get(end + 1)
                .and_then(|after| value(after.normal, language).or_else(|| one(after.normal)))
                .is_some_and(|part| !part.in_digits && sum.add(part.value))
        {
            end += 2;
        } else {
            break;
        }
    }
    (sum.value(), end, sum.is_pair)
}

/// Whether a number of its own follows an "and", since the one before it has thousands already: "nueve mil y doce mil".
fn begins_another(bits: &[Bit<'_>], at: usize, done: f64, language: Language) -> bool {
    const REACH: usize = 3;
    let mut near = (at..at + REACH).map_while(|at| value(bits.get(at)?.normal, language));
    near.any(|part| {
        let scale = [1e9, 1e6, 1e3].into_iter().find(|scale| part.value >= *scale);
        scale.is_some_and(|scale| done >= scale && done < scale * 1000.0)
    })
}

/// Thousands set apart by a space: "90 000", in English only by one that does not break.
fn grouped(bits: &[Bit<'_>], at: usize, language: Language) -> Option<(f64, usize)> {
    let is_gap = |gap: &str| match gap {
        " " => language.has_decimal_comma(),
        gap => matches!(gap, "\u{a0}" | "\u{202f}" | "\u{2009}"),
    };
    let is_digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let first = bits[at].normal;
    if first.len() > 3 || first.starts_with('0') || !is_digits(first) {
        return None;
    }
    let (mut whole, mut end) = (first.to_owned(), at + 1);
    while let Some(next) = bits.get(end).filter(|next| is_gap(next.gap)) {
        let (group, decimals) = next.normal.split_once('.').unwrap_or((next.normal, ""));
        if group.len() != 3 || !is_digits(group) || !is_digits(decimals) {
            break;
        }
        whole.push_str(next.normal);
        end += 1;
        if !decimals.is_empty() {
            break;
        }
    }
    if end == at + 1 {
        return None;
    }
    Some((whole.parse().ok()?, end))
}

/// Chinese and Japanese read years digit by digit: 二〇一八.
fn digits(bits: &[Bit<'_>], at: usize, language: Language) -> Option<(f64, usize)> {
    if !matches!(language, Language::Chinese | Language::Japanese) {
        return None;
    }
    let digit = |at: usize| {
        let digit = value(bits.get(at)?.normal, language)?;
        (!digit.in_digits && digit.value < 10.0).then_some(digit.value)
    };
    let mut whole = digit(at)?;
    let mut end = at + 1;
    while let Some(next) = digit(end).filter(|_| is_near(bits, end)) {
        whole = whole * 10.0 + next;
        end += 1;
    }
    let goes_on = bits.get(end).is_some_and(|bit| value(bit.normal, language).is_some()) && is_near(bits, end);
    (end > at + 1 && !goes_on).then_some((whole, end))
}

/// 三百八十, 四千, 一万二千, 4万3千: each digit belongs to the multiplier after it.
fn characters(bits: &[Bit<'_>], at: usize, language: Language) -> (f64, usize) {
    let (mut whole, mut below, mut open, mut end) = (0.0, 0.0, 0.0, at);
    while end == at || is_near(bits, end) {
        let Some(part) = bits
            .get(end)
            .and_then(|bit| value(bit.normal, language))
            .filter(|part| !part.in_digits || (part.unit.is_none() && part.value < 10_000.0))
        else {
            break;
        };
        if part.in_digits || part.value < 10.0 {
            open = part.value;
        } else if part.value < 10_000.0 {
            below += f64::max(open, 1.0) * part.value;
            open = 0.0;
        } else {
            whole += f64::max(below + open, 1.0) * part.value;
            (below, open) = (0.0, 0.0);
        }
        end += 1;
    }
    (whole + below + open, end)
}

/// "point five", "Komma drei": what follows the decimal mark, and where it ends.
pub(super) fn decimals(bits: &[Bit<'_>], at: usize, language: Language) -> Option<(f64, usize)> {
    if !matches!(
        bits.get(at)?.normal,
        "point" | "dot" | "komma" | "coma" | "virgule" | "virgola" | "vírgula" | "целых"
    ) {
        return None;
    }
    let (mut decimals, mut unit, mut end) = (0.0, 0.1, at + 1);
    let digit_of = |word: &str| value(word, language).or_else(|| one(word));
    while let Some(digit) = bits.get(end).and_then(|bit| digit_of(bit.normal)) {
        if digit.value >= 10.0 || digit.value.fract() != 0.0 || !is_near(bits, end) {
            break;
        }
        decimals += digit.value * unit;
        unit /= 10.0;
        end += 1;
    }
    (end > at + 1).then_some((decimals, end))
}

/// "and a half", "and one third": what it is worth, and how many words it takes.
pub(super) fn and_a_part(bits: &[Bit<'_>], at: usize) -> Option<(f64, usize)> {
    let word = |at: usize| bits.get(at).map_or("", |bit| bit.normal);
    match (word(at), word(at + 1), word(at + 2)) {
        ("and", "a" | "one", "half") => Some((0.5, 3)),
        ("and", "a" | "one", part) => Some((1.0 / divided(part)?, 3)),
        ("et", "demi" | "demie", _) | ("y", "medio" | "media", _) | ("e", "meio" | "meia" | "mezzo" | "mezza", _) => {
            Some((0.5, 2))
        }
        _ => None,
    }
}

/// One word's worth.
pub(super) struct Value {
    pub(super) value: f64,
    pub(super) in_digits: bool,
    /// A unit that is written together with it: "50%", "12kg".
    pub(super) unit: Option<&'static str>,
}

/// The same for a word at its place: "O point nine" begins with a zero.
pub(super) fn value_at(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Value> {
    let word = bits.get(at)?.normal;
    if matches!(word, "o" | "oh") && bits.get(at + 1).is_some_and(|next| next.normal == "point") {
        return Some(Value {
            value: 0.0,
            in_digits: false,
            unit: None,
        });
    }
    value(word, language)
}

/// "trente et une", "six virgule un": an article elsewhere.
fn one(word: &str) -> Option<Value> {
    matches!(word, "un" | "une" | "uno" | "una" | "um" | "uma" | "eins" | "één").then_some(Value {
        value: 1.0,
        in_digits: false,
        unit: None,
    })
}

pub(super) fn value(word: &str, language: Language) -> Option<Value> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let end = word
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
            .unwrap_or(word.len());
        let (digits, rest) = word.split_at(end);
        let (scale, unit) = match rest {
            "" | "s" | "er" | "st" | "nd" | "rd" | "th" | "e" | "º" | "ª" => (1.0, None),
            "%" => (1.0, Some(PERCENT)),
            "k" => (1e3, None),
            "bn" => (1e9, None),
            "million" | "m€" => (1e6, None),
            "billion" => (1e9, None),
            // Transcripts lose spaces: "31seniors".
            _ if rest.len() > 1 && rest.bytes().all(|byte| byte.is_ascii_lowercase()) => (1.0, named(rest)),
            // "30분", "2019년에"; but "3d" and "5m" may be anything.
            _ => match named(rest) {
                None if rest.is_ascii() => return None,
                unit => (1.0, unit),
            },
        };
        let digits = digits.trim_end_matches('.');
        // "200,000cases", but not "1,2,3".
        if digits
            .split(',')
            .skip(1)
            .any(|group| group.split('.').next().is_none_or(|group| group.len() != 3))
        {
            return None;
        }
        // As many digits as a model cares to write are no number.
        let value = digits
            .replace(',', "")
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite())?;
        return Some(Value {
            value: value * scale,
            in_digits: true,
            unit,
        });
    }
    let and_a_half = match (language, word) {
        (Language::German, "anderthalb" | "anderthalbe" | "anderthalben")
        | (Language::Dutch, "anderhalf" | "anderhalve")
        | (Language::Russian, "полтора" | "полторы" | "полутора") => Some(1.5),
        _ => None,
    };
    // "viereinhalb", "eineinhalb", "viereinhalbtausend".
    let halved = || {
        let word = Some(word).filter(|_| language == Language::German)?;
        let (word, scale) = match word.strip_suffix("tausend") {
            Some(word) => (word, 1000.0),
            None => (word, 1.0),
        };
        let whole = match word.strip_suffix("einhalb")? {
            "ein" => 1.0,
            whole => language.number_word(whole)? as f64,
        };
        Some((whole + 0.5) * scale)
    };
    let value = and_a_half
        .or_else(|| language.number_word(word).map(|number| number as f64))
        .or_else(halved)?;
    Some(Value {
        value,
        in_digits: false,
        unit: None,
    })
}

/// Number words put together.
struct Sum {
    /// What thousands, millions and so on have closed.
    done: f64,
    /// What is still below a thousand.
    open: f64,
    /// Whether the last word was a multiplier, after which smaller numbers may follow.
    scaled: bool,
    whole: bool,
    /// Whether it is two numbers of two digits.
    is_pair: bool,
    language: Language,
}

impl Sum {
    fn new(first: &Value, language: Language) -> Self {
        let whole = !first.in_digits;
        let is_closed = whole && first.value >= 1000.0;
        // "zweitausendachtzehn vier Brutpaare": one word says all of it.
        let is_complete = is_closed && first.value % 1000.0 != 0.0;
        Self {
            done: if is_closed { first.value } else { 0.0 },
            open: if is_closed { 0.0 } else { first.value },
            scaled: whole && first.value >= 100.0 && !is_complete,
            whole,
            is_pair: false,
            language,
        }
    }

    fn value(&self) -> f64 {
        self.done + self.open
    }

    /// "a dollar and a half", "cuatro millones y medio", "two and one third".
    fn add_part(&mut self, part: f64) {
        let thousands = [1e9, 1e6, 1e3].into_iter().find(|scale| self.done >= *scale);
        match thousands.filter(|_| self.open == 0.0) {
            Some(scale) => self.done += scale * part,
            None => self.open += part,
        }
    }

    fn takes_and(&self) -> bool {
        self.scaled
    }

    /// "cincuenta y tres".
    fn takes_unit(&self) -> bool {
        self.whole && self.open >= 20.0 && self.open % 10.0 == 0.0
    }

    /// "quatre-vingt", "soixante-dix", "quatre-vingt-dix-sept".
    fn add_twenties(&mut self, part: f64) -> bool {
        let below = self.open % 100.0;
        let is_fourscore = part == 20.0 && below == 4.0;
        let fits = is_fourscore
            || ((below == 60.0 || below == 80.0) && (10.0..17.0).contains(&part))
            || ((below == 10.0 || below == 70.0 || below == 90.0) && (7.0..10.0).contains(&part));
        if fits && self.whole {
            self.open += if is_fourscore { 76.0 } else { part };
        }
        fits && self.whole
    }

    /// Adds a number word; `false` where it begins a number of its own.
    fn add(&mut self, part: f64) -> bool {
        if self.language == Language::French && self.add_twenties(part) {
            return true;
        }
        if part >= 1000.0
            || (part == 100.0 && self.open < 100.0)
            || (part == 10.0 && self.open < 10.0 && self.open > 1.0)
        {
            let base = if self.open == 0.0 { 1.0 } else { self.open };
            if part >= 1000.0 {
                self.done += base * part;
                self.open = 0.0;
            } else {
                self.open = base * part;
            }
            self.scaled = true;
            return true;
        }
        let open = self.open;
        let fits = (self.scaled && part < 100.0 && open % 100.0 == 0.0 && self.whole)
            || (self.scaled && part < 1000.0 && open == 0.0)
            || (part < 10.0 && open >= 20.0 && open % 10.0 == 0.0 && self.whole);
        // "nineteen eighty", "twenty twenty": years.
        let is_year = self.language != Language::French
            && self.whole
            && self.done == 0.0
            && (11.0..100.0).contains(&open)
            && (10.0..100.0).contains(&part);
        if fits {
            self.open += part;
        } else if is_year {
            self.open = open * 100.0 + part;
            self.is_pair = true;
        } else {
            return false;
        }
        true
    }
}
