//! The numbers of a claim against those of the cited passages: 13 is not 30, thirty is, and 50 % is not 50 people.

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
pub(super) struct Number {
    value: f64,
    unit: Option<&'static str>,
    /// As it is shown: "30", "50 %", "30 minutes".
    shown: String,
    /// Index of its first word.
    at: usize,
    /// Whether it was written in digits.
    in_digits: bool,
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
    let is_said = |number: &Number| {
        let mut equal = said.iter().filter(|said| close(said.value, number.value)).peekable();
        equal.peek().is_some()
            && (number.unit.is_none() || equal.any(|said| said.unit.is_none() || said.unit == number.unit))
    };
    let missing = claimed
        .iter()
        .filter(|number| number.in_digits || number.value >= LEAST_SPELLED)
        .find(|number| !is_said(number))?;
    // Which number did the claim mean? One with the same unit or the same words around it, that it does not have itself.
    let alike = |said: &Number| {
        let around = |at: usize, length: usize| at.saturating_sub(4)..(at + 5).min(length);
        let shared = around(missing.at, claim.0.len())
            .filter(|c| *c != missing.at && around(said.at, passages.0.len()).any(|p| same(*c, p)))
            .count();
        shared * 2 + usize::from(said.unit == missing.unit)
    };
    let others = said.iter().filter(|said| {
        !claimed
            .iter()
            .any(|number| number == *said || close(number.value, said.value) && number.unit == said.unit)
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

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The numbers of a text, spelled-out ones put together ("one hundred and five", "nineteen eighty four", "3.5 million").
fn numbers(bits: &[Bit<'_>], language: Language) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < bits.len() {
        let Some(first) = value(bits[at].normal, language) else {
            at += 1;
            continue;
        };
        let mut end = at + 1;
        let mut sum = Sum::new(&first);
        while let Some(next) = bits.get(end) {
            let is_near = next.gap.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‑'));
            if !is_near {
                break;
            }
            if let Some(part) = value(next.normal, language).filter(|part| !part.in_digits) {
                if !sum.add(part.value) {
                    break;
                }
                end += 1;
            } else if sum.takes_and()
                && matches!(next.normal, "and" | "und" | "et" | "y" | "e" | "en" | "и")
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
        let (unit, name) = unit(bits, at, end, first.is_percent);
        found.push(Number {
            value: sum.value(),
            unit,
            shown: format!("{}{name}", shown(sum.value())),
            at,
            in_digits: first.in_digits,
        });
        at = end;
    }
    found
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
    is_percent: bool,
}

fn value(word: &str, language: Language) -> Option<Value> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let end = word
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(word.len());
        let (digits, rest) = word.split_at(end);
        let scale = match rest {
            "" | "%" | "s" | "er" | "st" | "nd" | "rd" | "th" | "e" | "º" | "ª" | "年" => 1.0,
            "k" => 1e3,
            "bn" => 1e9,
            _ => return None,
        };
        let value = digits.trim_end_matches('.').parse::<f64>().ok()?;
        return Some(Value {
            value: value * scale,
            in_digits: true,
            is_percent: rest == "%",
        });
    }
    let number = language.number_word(word)?;
    Some(Value {
        value: number as f64,
        in_digits: false,
        is_percent: false,
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
}

impl Sum {
    fn new(first: &Value) -> Self {
        let whole = !first.in_digits;
        Self {
            done: 0.0,
            open: first.value,
            scaled: whole && first.value >= 100.0,
            whole,
        }
    }

    fn value(&self) -> f64 {
        self.done + self.open
    }

    fn takes_and(&self) -> bool {
        self.scaled
    }

    /// Adds a number word; `false` where it begins a number of its own.
    fn add(&mut self, part: f64) -> bool {
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
        let is_year = self.whole && self.done == 0.0 && (11.0..100.0).contains(&open) && (10.0..100.0).contains(&part);
        if fits {
            self.open += part;
        } else if is_year {
            self.open = open * 100.0 + part;
        } else {
            return false;
        }
        true
    }
}

/// Units of the same kind exclude each other: 30 minutes are not 30 hours. By the beginnings of their names.
const UNITS: [(&str, &[&str]); 15] = [
    (" %", &["percent", "prozent", "procent", "процент", "퍼센트"]),
    (" seconds", &["second", "sekund", "segundo", "second", "секунд", "秒"]),
    (" minutes", &["minut", "минут", "分钟", "دقيق", "دقائق"]),
    (
        " hours",
        &["hour", "stunde", "heure", "hora", "ore", "uur", "час", "小时", "ساع"],
    ),
    (
        " days",
        &[
            "day", "tag", "jour", "día", "dias", "giorn", "dag", "дн", "день", "天", "يوم", "أيام",
        ],
    ),
    (
        " weeks",
        &["week", "woche", "semaine", "semana", "settiman", "недел", "周"],
    ),
    (
        " months",
        &["month", "monat", "mois", "mes", "mês", "mese", "maand", "месяц"],
    ),
    (
        " years",
        &[
            "year", "jahr", "année", "ans", "año", "ano", "anni", "jaar", "лет", "год", "年", "سن",
        ],
    ),
    (" dollars", &["dollar", "dólar", "доллар", "美元"]),
    (" euros", &["euro", "евро", "欧元"]),
    (" pounds", &["pound", "pfund", "livre", "libra", "фунт"]),
    (" metres", &["metre", "meter", "mètre", "metro", "метр", "米"]),
    (
        " kilometres",
        &["kilomet", "kilóm", "quilóm", "chilom", "kilom", "km", "килом", "公里"],
    ),
    (" miles", &["mile", "meile", "mille", "milla"]),
    (" degrees", &["degree", "grad", "degré", "grado", "grau", "градус"]),
];

/// A number's unit and how it is shown: the word after it, or a sign before it.
fn unit(bits: &[Bit<'_>], at: usize, end: usize, is_percent: bool) -> (Option<&'static str>, &'static str) {
    if is_percent {
        return (Some(UNITS[0].0), UNITS[0].0);
    }
    let before = bits[at].gap.chars().next_back();
    let after = bits[end - 1].after.trim_start().chars().next();
    let of_sign = |sign: Option<char>| match sign {
        Some('$') => Some(" dollars"),
        Some('€') => Some(" euros"),
        Some('£') => Some(" pounds"),
        _ => None,
    };
    let by_sign = match after {
        Some('%' | '％' | '٪') => Some(UNITS[0].0),
        _ => of_sign(before).or(of_sign(after)),
    };
    let next = |at: usize| {
        bits.get(at)
            .filter(|bit| !bit.gap.contains(['.', ',', ';', '!', '?']))
            .map(|bit| bit.normal)
    };
    let by_word = match (next(end), next(end + 1)) {
        (Some("per" | "pour" | "por"), Some("cent" | "ciento" | "cento")) => Some(UNITS[0].0),
        (Some(word), _) => {
            let named = UNITS
                .iter()
                .find(|(_, starts)| starts.iter().any(|start| word.starts_with(start)));
            named.map(|(name, _)| *name)
        }
        _ => None,
    };
    let unit = by_sign.or(by_word);
    (unit, unit.unwrap_or(""))
}
