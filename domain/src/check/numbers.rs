//! The numbers of a claim against those of the cited passages: 13 is not 30, thirty is, and 50 % is not 50 people.

use crate::language::{Language, is_spaceless};

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
    /// Whether it is a fraction said in words: a half, two thirds.
    is_fraction: bool,
}

impl Number {
    /// Small spelled-out ones without a unit are the writer's own count, and "half" is said of much.
    fn is_compared(&self) -> bool {
        if self.is_fraction {
            return !close(self.value, 0.5);
        }
        self.in_digits || self.value >= LEAST_SPELLED || (self.value > 1.0 && self.unit.is_some())
    }

    /// What part of a whole it is: 50 % are a half. Not a number for what is no part.
    fn share(&self) -> f64 {
        match self.unit {
            _ if self.is_fraction => self.value,
            Some(unit) if unit == PERCENT => self.value / 100.0,
            _ => f64::NAN,
        }
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
    let is_said = |number: &Number| {
        // Days are compared with days where any are told: another thing of which there are as many says nothing.
        let is_told = number.unit.is_some() && said.iter().any(|said| said.unit == number.unit);
        said.iter().any(|said| {
            let is_alike = match (number.unit, said.unit) {
                (Some(unit), Some(other)) => unit == other,
                (Some(_), None) => !is_told,
                (None, _) => true,
            };
            (is_alike && close(said.value, number.value)) || close(said.share(), number.share())
        })
    };
    let missing = claimed
        .iter()
        .filter(|number| number.is_compared())
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

/// Whether a text says any number: most claims say none.
pub(super) fn has_any(text: &[Bit<'_>], language: Language) -> bool {
    !numbers(text, language).is_empty()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

/// The numbers of a text, spelled-out ones put together ("one hundred and five", "nineteen eighty four", "3.5 million").
fn numbers(bits: &[Bit<'_>], language: Language) -> Vec<Number> {
    let mut found: Vec<Number> = Vec::new();
    let mut at = 0;
    // Where the last number ends, with its unit.
    let mut last = 0;
    while at < bits.len() {
        if let Some((minutes, words)) = part_of_hour(bits, at) {
            found.push(Number {
                value: minutes,
                unit: Some(MINUTES),
                shown: format!("{minutes}{MINUTES}"),
                at,
                in_digits: false,
                is_fraction: false,
            });
            at += words;
            continue;
        }
        if let Some(value) = fraction(bits, at, language) {
            found.push(fraction_of(value, at, bits));
            at += 1;
            continue;
        }
        let Some(first) = value(bits[at].normal, language) else {
            at += 1;
            continue;
        };
        let (sum, end) = sum(bits, at, &first, language);
        let (unit, name) = match first.unit.filter(|_| end == at + 1) {
            Some(unit) => (Some(unit), unit),
            None => unit(bits, at, end),
        };
        let mut number = Number {
            value: sum,
            unit,
            shown: format!("{}{name}", shown(sum)),
            at,
            in_digits: first.in_digits,
            is_fraction: false,
        };
        // "two thirds", "three quarters".
        if let Some(part) = fraction(bits, end, language).filter(|_| is_near(bits, end) && sum < 10.0) {
            number = fraction_of(part * sum, at, bits);
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

/// What the number words from `at` on are worth together, and where they end.
fn sum(bits: &[Bit<'_>], at: usize, first: &Value, language: Language) -> (f64, usize) {
    let mut end = at + 1;
    if let Some(digits) = digits(bits, at, language) {
        return digits;
    }
    if !first.in_digits && matches!(language, Language::Chinese | Language::Japanese) {
        return characters(bits, at, language);
    }
    let mut sum = Sum::new(first);
    while end < bits.len() && is_near(bits, end) {
        if let Some((decimals, after)) = decimals(bits, end, language).filter(|_| sum.open < 1000.0) {
            sum.open += decimals;
            end = after;
        } else if let Some(length) = and_a_half(bits, end) {
            sum.open += 0.5;
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
    (sum.value(), end)
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

/// 三百八十, 四千, 一万二千: each digit belongs to the multiplier after it.
fn characters(bits: &[Bit<'_>], at: usize, language: Language) -> (f64, usize) {
    let (mut whole, mut below, mut open, mut end) = (0.0, 0.0, 0.0, at);
    while end == at || is_near(bits, end) {
        let Some(part) = bits
            .get(end)
            .and_then(|bit| value(bit.normal, language))
            .filter(|part| !part.in_digits)
        else {
            break;
        };
        if part.value < 10.0 {
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
    let divides = || bits.get(at + 1).is_some_and(|next| next.normal == "of");
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

fn fraction_of(value: f64, at: usize, bits: &[Bit<'_>]) -> Number {
    Number {
        value,
        unit: None,
        shown: bits[at].normal.to_owned(),
        at,
        in_digits: false,
        is_fraction: true,
    }
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
}

impl Sum {
    fn new(first: &Value) -> Self {
        let whole = !first.in_digits;
        let is_closed = whole && first.value >= 1000.0;
        Self {
            done: if is_closed { first.value } else { 0.0 },
            open: if is_closed { 0.0 } else { first.value },
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

    /// "cincuenta y tres".
    fn takes_unit(&self) -> bool {
        self.whole && self.open >= 20.0 && self.open % 10.0 == 0.0
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

const PERCENT: &str = " %";
const MINUTES: &str = " minutes";

/// Money, of which hundredths are said without a name.
const CURRENCIES: [&str; 3] = [" dollars", " euros", " pounds"];

/// Units of the same kind exclude each other: 30 minutes are not 30 hours. By the beginnings of their names; short ones by
/// their whole name.
const UNITS: [(&str, &[&str]); 28] = [
    (
        PERCENT,
        &["percent", "prozent", "procent", "процент", "퍼센트", "프로", "प्रतिशत"],
    ),
    (
        " seconds",
        &[
            "second",
            "sekund",
            "segund",
            "секунд",
            "секунд",
            "秒",
            "초",
            "ثاني",
            "ثوان",
            "सेकंड",
            "sec",
            "sek",
        ],
    ),
    (
        MINUTES,
        &[
            "minut",
            "минут",
            "分钟",
            "分鐘",
            "分間",
            "분",
            "دقيق",
            "دقائق",
            "मिनट",
            "min",
        ],
    ),
    (
        " hours",
        &[
            "hour",
            "stunde",
            "heure",
            "hora",
            "ore",
            "ora",
            "uur",
            "uren",
            "час",
            "小时",
            "小時",
            "時間",
            "시간",
            "ساع",
            "घंट",
            "घण्ट",
            "hr",
            "hrs",
            "h",
        ],
    ),
    (
        " days",
        &[
            "day",
            "tag",
            "jour",
            "día",
            "dias",
            "dia",
            "giorn",
            "dag",
            "дн",
            "день",
            "天",
            "يوم",
            "أيام",
            "दिन",
        ],
    ),
    (
        " weeks",
        &[
            "week",
            "weken",
            "woche",
            "semaine",
            "semana",
            "settiman",
            "недел",
            "周",
            "週",
            "주",
            "أسبوع",
            "أسابيع",
            "हफ्त",
            "सप्ताह",
        ],
    ),
    (
        " months",
        &[
            "month",
            "monat",
            "mois",
            "mes",
            "meses",
            "mês",
            "mese",
            "mesi",
            "maand",
            "месяц",
            "か月",
            "ヶ月",
            "カ月",
            "个月",
            "個月",
            "개월",
            "달",
            "شهر",
            "أشهر",
            "महीन",
        ],
    ),
    (
        " years",
        &[
            "year",
            "jahr",
            "année",
            "ans",
            "an",
            "año",
            "ano",
            "anos",
            "anni",
            "anno",
            "jaar",
            "jaren",
            "лет",
            "год",
            "年",
            "년",
            "سن",
            "साल",
            "वर्ष",
        ],
    ),
    (
        " dollars",
        &["dollar", "dólar", "доллар", "美元", "달러", "ドル", "دولار", "डॉलर"],
    ),
    (
        " euros",
        &["euro", "евро", "欧元", "歐元", "유로", "ユーロ", "يورو", "यूरो"],
    ),
    (" pounds", &["pound", "pfund", "livre", "libra", "фунт"]),
    (
        " kilometres",
        &[
            "kilomet",
            "kilóm",
            "quilóm",
            "chilom",
            "kilom",
            "км",
            "килом",
            "公里",
            "キロメ",
            "킬로미터",
            "km",
        ],
    ),
    (" centimetres", &["centim", "zentim", "сантим", "厘米", "センチ", "cm"]),
    (" millimetres", &["millim", "milím", "миллим", "毫米", "ミリ", "mm"]),
    (
        " metres",
        &["metre", "meter", "mètre", "metro", "метр", "米", "メートル", "미터"],
    ),
    (" miles", &["mile", "miles", "meile", "milla", "миль"]),
    (
        " degrees",
        &["degree", "grad", "degré", "grado", "grau", "градус", "度", "도"],
    ),
    (" kilowatts", &["kilowatt", "kw"]),
    (" kilowatt hours", &["kwh"]),
    (" megawatts", &["megawatt", "mw"]),
    (" gigawatts", &["gigawatt", "gw"]),
    (" milligrams", &["milligr", "milígr", "миллигр", "mg"]),
    (
        " kilograms",
        &[
            "kilogr",
            "kilo",
            "kilos",
            "quilo",
            "chilogr",
            "килогр",
            "公斤",
            "キログ",
            "킬로그램",
            "kg",
        ],
    ),
    (
        " grams",
        &["gram", "gramo", "grammi", "грамм", "克", "グラム", "그램", "g"],
    ),
    (" gigabytes", &["gigabyte", "gb"]),
    (" megabytes", &["megabyte", "mb"]),
    (" terabytes", &["terabyte", "tb"]),
    (
        " litres",
        &["liter", "litre", "litro", "литр", "升", "リットル", "리터"],
    ),
];

/// The unit that a word names.
fn named(word: &str) -> Option<&'static str> {
    let is_name = |name: &&str| {
        let Some(rest) = word.strip_prefix(*name) else {
            return false;
        };
        let is_long = !name.is_ascii() || name.len() > 3;
        rest.is_empty() || is_long || (name.len() == 3 && matches!(rest, "s" | "e" | "en" | "es"))
    };
    UNITS
        .iter()
        .find(|(_, names)| names.iter().any(is_name))
        .map(|(unit, _)| *unit)
}

/// A number's unit and how it is shown: the word after it, or a sign before it.
fn unit(bits: &[Bit<'_>], at: usize, end: usize) -> (Option<&'static str>, &'static str) {
    let before = bits[at].gap.chars().next_back();
    let after = bits[end - 1].after.trim_start().chars().next();
    let of_sign = |sign: Option<char>| match sign {
        Some('$') => Some(" dollars"),
        Some('€') => Some(" euros"),
        Some('£') => Some(" pounds"),
        _ => None,
    };
    let by_sign = match after {
        Some('%' | '％' | '٪') => Some(PERCENT),
        _ => of_sign(before).or(of_sign(after)),
    };
    let next = |at: usize| {
        bits.get(at)
            .filter(|bit| !bit.gap.contains(['.', ',', ';', '!', '?', '(', '。', '、', '，']))
            .map(|bit| bit.normal)
    };
    let by_word = match (next(end), next(end + 1)) {
        (Some("per" | "pour" | "por"), Some("cent" | "ciento" | "cento")) => Some(PERCENT),
        // A character a word: "分钟" are two.
        (Some(word), Some(second)) if word.starts_with(is_spaceless) && bits[end + 1].gap.is_empty() => {
            named(&format!("{word}{second}{}", next(end + 2).unwrap_or("")))
        }
        (Some(word), _) => named(word),
        _ => None,
    };
    let unit = by_sign.or(by_word);
    (unit, unit.unwrap_or(""))
}
