//! The numbers that a text says, in digits and in words.

use super::{
    Bit, Form, Number,
    units::{CURRENCIES, MINUTES, PERCENT, TIMES, named, unit},
};
use crate::language::Language;

/// The numbers of a text, spelled-out ones put together ("one hundred and five", "nineteen eighty four", "3.5 million").
pub(super) fn numbers(bits: &[Bit<'_>], language: Language) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    let mut at = 0;
    // Where the last number ends, with its unit.
    let mut last = 0;
    while at < bits.len() {
        if let Some((minutes, words)) = part_of_hour(bits, at) {
            found.push(Number {
                value: minutes,
                unit: Some(MINUTES),
                per: None,
                shown: format!("{minutes}{MINUTES}"),
                at,
                form: Form::Words,
                is_elliptic: false,
            });
            at += words;
            continue;
        }
        if let Some(value) = fraction(bits, at, language) {
            found.push(plain(value, Form::Fraction, at, bits));
            at += 1;
            continue;
        }
        if let Some((value, end)) = ordinal(bits, at, language) {
            found.push(plain(value, Form::Ordinal, at, bits));
            at = end;
            continue;
        }
        let Some(first) = value_at(bits, at, language) else {
            at += 1;
            continue;
        };
        let (sum, end, is_pair) = sum(bits, at, &first, language);
        let (unit, name) = match first.unit.filter(|_| end == at + 1) {
            Some(unit) => (Some(unit), unit),
            None => unit(bits, at, end, language),
        };
        let (per, per_name) = per(bits, end, unit.is_some(), language);
        let mut number = Number {
            value: sum,
            unit,
            per,
            shown: format!("{}{name}{per_name}", shown(sum)),
            at,
            form: match first.in_digits {
                true => Form::Digits,
                false if is_pair => Form::Pair,
                false => Form::Words,
            },
            is_elliptic: is_elliptic(bits, end, language),
        };
        // "two thirds", "three quarters".
        if let Some(part) = fraction(bits, end, language).filter(|_| is_near(bits, end) && sum < 10.0) {
            number = plain(part * sum, Form::Fraction, at, bits);
            number.shown = format!("{sum}/{}", shown((1.0 / part).round()));
            found.push(number);
            at = end + 1;
            continue;
        }
        // "one dollar fifty".
        if let Some(whole) = found.last_mut()
            && whole.unit.is_some_and(|unit| CURRENCIES.contains(&unit))
            && at == last + 1
            && is_near(bits, at)
            && unit.is_none()
            && (1.0..100.0).contains(&sum)
            && whole.value.fract() == 0.0
        {
            whole.value += sum / 100.0;
            whole.shown = format!("{}{}", shown(whole.value), whole.unit.unwrap_or_default());
        } else {
            found.push(number);
        }
        last = end;
        at = end;
    }
    found
}

/// Whether no noun follows.
fn is_elliptic(bits: &[Bit<'_>], end: usize, language: Language) -> bool {
    bits.get(end)
        .is_none_or(|next| next.gap.contains(|c: char| !c.is_whitespace() && c != '-') || language.is_stop(next.normal))
}

/// "a month", "pro Woche": what a number is counted by; `has_unit`: whether a unit stands between.
fn per(bits: &[Bit<'_>], end: usize, has_unit: bool, language: Language) -> (Option<&'static str>, String) {
    let words: &[&str] = match language {
        Language::English => &["a", "an", "per", "each", "every"],
        Language::German => &["pro", "im", "je", "jede", "jeden", "jedes", "die", "in der"],
        Language::Spanish => &["al", "por", "cada", "a la"],
        Language::French => &["par", "chaque"],
        Language::Portuguese => &["por", "cada", "ao", "à"],
        Language::Italian => &["al", "per", "ogni", "alla"],
        Language::Dutch => &["per", "elke"],
        _ => return (None, String::new()),
    };
    let word = |at: usize| bits.get(at).map_or("", |bit| bit.normal);
    for at in [end + usize::from(has_unit), end] {
        let length = words.iter().find_map(|name| match name.split_once(' ') {
            Some((one, two)) => (word(at) == one && word(at + 1) == two).then_some(2),
            None => (word(at) == *name).then_some(1),
        });
        if let Some(unit) = length.and_then(|length| named(word(at + length)).filter(|_| is_near(bits, at + length)))
            && TIMES.contains(&unit)
        {
            return (Some(unit), format!(" per{}", unit.trim_end_matches('s')));
        }
    }
    (None, String::new())
}

/// What the number words from `at` on are worth together, where they end, and whether they are a pair as years are.
fn sum(bits: &[Bit<'_>], at: usize, first: &Value, language: Language) -> (f64, usize, bool) {
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
        if let Some((decimals, after)) = decimals(bits, end, language).filter(|_| sum.open < 1000.0) {
            sum.open += decimals;
            end = after;
        } else if let Some(length) = and_a_half(bits, end) {
            sum.add_half();
            end += length;
        } else if let Some(part) = value(bits[end].normal, language).filter(|part| !part.in_digits) {
            if !sum.add(part.value) {
                break;
            }
            end += 1;
        } else if (matches!(bits[end].normal, "and" | "und" | "et" | "y" | "e" | "en" | "и") && sum.takes_and()
            || matches!(bits[end].normal, "y" | "e" | "et") && sum.takes_unit())
            && bits
                .get(end + 1)
                .and_then(|after| value(after.normal, language))
                .is_some_and(|part| !part.in_digits && sum.add(part.value))
        {
            end += 2;
        } else {
            break;
        }
    }
    (sum.value(), end, sum.is_pair)
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
    (end > at + 1).then(|| Some((whole.parse().ok()?, end)))?
}

/// Whether nothing but space stands between a word and the one before.
fn is_near(bits: &[Bit<'_>], at: usize) -> bool {
    bits.get(at)
        .is_some_and(|bit| bit.gap.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‑')))
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
fn decimals(bits: &[Bit<'_>], at: usize, language: Language) -> Option<(f64, usize)> {
    if !matches!(
        bits[at].normal,
        "point" | "komma" | "coma" | "virgule" | "virgola" | "vírgula"
    ) {
        return None;
    }
    let (mut decimals, mut unit, mut end) = (0.0, 0.1, at + 1);
    while let Some(digit) = bits.get(end).and_then(|bit| value(bit.normal, language)) {
        if digit.value >= 10.0 || digit.value.fract() != 0.0 || !is_near(bits, end) {
            break;
        }
        decimals += digit.value * unit;
        unit /= 10.0;
        end += 1;
    }
    (end > at + 1).then_some((decimals, end))
}

/// How many words "and a half" takes here.
fn and_a_half(bits: &[Bit<'_>], at: usize) -> Option<usize> {
    let word = |at: usize| bits.get(at).map_or("", |bit| bit.normal);
    match (word(at), word(at + 1), word(at + 2)) {
        ("and", "a", "half") => Some(3),
        ("et", "demi" | "demie", _) | ("y", "medio" | "media", _) | ("e", "meio" | "meia" | "mezzo" | "mezza", _) => {
            Some(2)
        }
        _ => None,
    }
}

/// What a fraction's name is worth. "Third" and "quarter" are ordinals and seasons, unless something is divided.
fn fraction(bits: &[Bit<'_>], at: usize, language: Language) -> Option<f64> {
    let word = bits.get(at)?.normal;
    let is_one = || at > 0 && matches!(bits[at - 1].normal, "a" | "one" | "another") && is_near(bits, at);
    let divides = || {
        bits.get(at + 1).is_some_and(|next| next.normal == "of") || (is_one() && is_elliptic(bits, at + 1, language))
    };
    let is_part = || {
        bits.get(at + 1)
            .is_some_and(|next| matches!(next.normal, "parte" | "da" | "do" | "de" | "del"))
    };
    let parts = match (language, word) {
        (Language::English, "half" | "halves")
        | (Language::German, "hälfte")
        | (Language::Spanish, "mitad")
        | (Language::French, "moitié")
        | (Language::Italian, "metà")
        | (Language::Portuguese, "metade")
        | (Language::Dutch, "helft") => 2.0,
        (Language::English, "thirds")
        | (Language::German, "drittel" | "dritteln")
        | (Language::Spanish, "tercio" | "tercios")
        | (Language::French, "tiers")
        | (Language::Portuguese, "terço" | "terços") => 3.0,
        (Language::English, "third") if divides() => 3.0,
        (Language::English, "quarters") | (Language::German, "viertel" | "vierteln") => 4.0,
        (Language::English, "quarter") if divides() => 4.0,
        (Language::English, "fifths") | (Language::German, "fünftel" | "fünfteln") => 5.0,
        (Language::English, "fifth") if divides() => 5.0,
        (Language::Spanish, "quinta") | (Language::Portuguese, "quinto" | "quinta") if divides() || is_part() => 5.0,
        (Language::Portuguese, "décimo") | (Language::Spanish, "décimo" | "décima") if divides() || is_part() => {
            10.0
        }
        (Language::English, "tenths") | (Language::German, "zehntel" | "zehnteln") => 10.0,
        (Language::English, "tenth") if divides() => 10.0,
        _ => return None,
    };
    Some(1.0 / parts)
}

/// "half an hour", "media hora": in minutes, and how many words it takes.
fn part_of_hour(bits: &[Bit<'_>], at: usize) -> Option<(f64, usize)> {
    let word = |at: usize| bits.get(at).map_or("", |bit| bit.normal);
    match (word(at), word(at + 1), word(at + 2), word(at + 3)) {
        ("half", "an", "hour", _) => Some((30.0, 3)),
        ("half", "hour", ..)
        | ("halbe" | "halben", "stunde", ..)
        | ("media" | "meia", "hora", ..)
        | ("mezza" | "mezz'", "ora", ..)
        | ("demi", "heure", ..) => Some((30.0, 2)),
        ("quarter", "of", "an", "hour") => Some((15.0, 4)),
        ("viertelstunde", ..) => Some((15.0, 1)),
        ("dreiviertelstunde", ..) => Some((45.0, 1)),
        _ => None,
    }
}

/// A number without a unit that is shown as it is said.
fn plain(value: f64, form: Form, at: usize, bits: &[Bit<'_>]) -> Number {
    Number {
        value,
        unit: None,
        per: None,
        shown: bits[at].normal.to_owned(),
        at,
        form,
        is_elliptic: true,
    }
}

/// "third", "twenty first", "dritten": what it is worth, and where it ends.
fn ordinal(bits: &[Bit<'_>], at: usize, language: Language) -> Option<(f64, usize)> {
    let of = |at: usize| {
        let word = bits.get(at)?.normal;
        match language {
            Language::English => match word {
                "first" => Some(1.0),
                "second" => Some(2.0),
                "third" => Some(3.0),
                "fifth" => Some(5.0),
                "eighth" => Some(8.0),
                "ninth" => Some(9.0),
                "twelfth" => Some(12.0),
                _ => {
                    let whole = word.strip_suffix("th")?;
                    let tens = whole.strip_suffix("ie").map(|tens| format!("{tens}y"));
                    Some(language.number_word(tens.as_deref().unwrap_or(whole))? as f64)
                }
            },
            Language::German => {
                let stem = ["en", "er", "es", "e"].iter().find_map(|end| word.strip_suffix(end))?;
                match stem {
                    "erst" => Some(1.0),
                    "dritt" => Some(3.0),
                    "siebt" => Some(7.0),
                    "acht" => Some(8.0),
                    _ => {
                        let whole = stem.strip_suffix("st").or_else(|| stem.strip_suffix('t'))?;
                        Some(language.number_word(whole)? as f64)
                    }
                }
            }
            _ => None,
        }
    };
    if let Some(value) = of(at) {
        return Some((value, at + 1));
    }
    let tens =
        value(bits[at].normal, language).filter(|tens| !tens.in_digits && (20.0..100.0).contains(&tens.value))?;
    let one = of(at + 1).filter(|one| *one < 10.0 && is_near(bits, at + 1))?;
    Some((tens.value + one, at + 2))
}

/// A number as people write it: no decimals where there are none.
fn shown(value: f64) -> String {
    let digits = value.to_string();
    match digits.len() {
        // A group of thousands is easier to read; years are not grouped.
        5.. if digits.bytes().all(|b| b.is_ascii_digit()) => {
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            grouped
        }
        _ => digits,
    }
}

/// One word's worth.
struct Value {
    value: f64,
    in_digits: bool,
    /// A unit that is written together with it: "50%", "12kg".
    unit: Option<&'static str>,
}

/// The same for a word at its place: "O point nine" begins with a zero.
fn value_at(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Value> {
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

fn value(word: &str, language: Language) -> Option<Value> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let end = word
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(word.len());
        let (digits, rest) = word.split_at(end);
        let (scale, unit) = match rest {
            "" | "s" | "er" | "st" | "nd" | "rd" | "th" | "e" | "º" | "ª" => (1.0, None),
            "%" => (1.0, Some(PERCENT)),
            "k" => (1e3, None),
            "bn" => (1e9, None),
            // "30분", "2019년에"; but "3d" and "5m" may be anything.
            _ => match named(rest) {
                None if rest.is_ascii() => return None,
                unit => (1.0, unit),
            },
        };
        let value = digits.trim_end_matches('.').parse::<f64>().ok()?;
        return Some(Value {
            value: value * scale,
            in_digits: true,
            unit,
        });
    }
    let halved = || {
        let whole = word.strip_suffix("einhalb").filter(|_| language == Language::German)?;
        language.number_word(whole).map(|number| number as f64 + 0.5)
    };
    let value = language.number_word(word).map(|number| number as f64).or_else(halved)?;
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
        Self {
            done: if is_closed { first.value } else { 0.0 },
            open: if is_closed { 0.0 } else { first.value },
            scaled: whole && first.value >= 100.0,
            whole,
            is_pair: false,
            language,
        }
    }

    fn value(&self) -> f64 {
        self.done + self.open
    }

    /// "a dollar and a half", "cuatro millones y medio".
    fn add_half(&mut self) {
        let thousands = [1e9, 1e6, 1e3].into_iter().find(|scale| self.done >= *scale);
        match thousands.filter(|_| self.open == 0.0) {
            Some(scale) => self.done += scale / 2.0,
            None => self.open += 0.5,
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
