//! The numbers that a text says, in digits and in words.

use super::{
    Bit, Form, Number,
    sum::{sum, value, value_at},
    units::{CURRENCIES, MINUTES, TIMES, YEARS, named, unit},
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
                end: at + words,
                form: Form::Words,
                is_elliptic: false,
                is_hedged: false,
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
        let (per, per_name) = per(bits, (at, end), unit.is_some(), language);
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
            end,
            // "Six and a half straight": no thing is counted by halves.
            is_elliptic: is_elliptic(bits, end, language) || (sum.fract() != 0.0 && unit.is_none()),
            is_hedged: is_hedged(bits, at),
        };
        if number.unit == Some(YEARS) && follows_dates(language) && is_date(sum) {
            number.unit = None;
            number.shown = shown(sum);
        }
        // "two thirds", "three quarters".
        if let Some(part) = fraction(bits, end, language).filter(|_| is_near(bits, end) && sum < 10.0) {
            number = plain(part * sum, Form::Fraction, at, bits);
            number.shown = format!("{sum}/{}", shown((1.0 / part).round()));
            number.end = end + 1;
            found.push(number);
            at = end + 1;
            continue;
        }
        // "one dollar fifty".
        if let Some(whole) = found.last_mut()
            && whole.unit.is_some_and(|unit| CURRENCIES.contains(&unit))
            && at == last + 1
            && named(bits[last].normal) == whole.unit
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

/// "Eighty wide": what is measured, and no thing that is counted.
const DIMENSIONS: [&str; 20] = [
    "wide", "high", "tall", "long", "deep", "thick", "breit", "hoch", "lang", "tief", "dick", "breed", "hoog", "diep",
    "dik", "ancho", "alto", "largo", "profundo", "large",
];

/// Whether no noun follows.
pub(super) fn is_elliptic(bits: &[Bit<'_>], end: usize, language: Language) -> bool {
    bits.get(end).is_none_or(|next| {
        next.gap.contains(|c: char| !c.is_whitespace() && c != '-')
            || language.is_stop(next.normal)
            || DIMENSIONS.contains(&next.normal)
    })
}

/// "a month", "pro Woche", "mensuales": what a number is counted by; `has_unit`: whether a unit stands between.
fn per(
    bits: &[Bit<'_>],
    (start, end): (usize, usize),
    has_unit: bool,
    language: Language,
) -> (Option<&'static str>, String) {
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
    let shown = |unit: &'static str| (Some(unit), format!(" per{}", unit.trim_end_matches('s')));
    for at in [end + usize::from(has_unit), end] {
        let length = words.iter().find_map(|name| match name.split_once(' ') {
            Some((one, two)) => (word(at) == one && word(at + 1) == two).then_some(2),
            None => (word(at) == *name).then_some(1),
        });
        if let Some(unit) = length.and_then(|length| named(word(at + length)).filter(|_| is_near(bits, at + length)))
            && TIMES.contains(&unit)
        {
            return shown(unit);
        }
    }
    let near = start.saturating_sub(1)..(end + 2 + usize::from(has_unit)).min(bits.len());
    match near
        .filter(|at| !(start..end).contains(at))
        .find_map(|at| periodic(word(at)))
    {
        Some(unit) => shown(unit),
        None => (None, String::new()),
    }
}

/// "monthly", "jährlich".
fn periodic(word: &str) -> Option<&'static str> {
    const PERIODS: [(&str, &[&str]); 5] = [
        (" hours", &["hourly", "stündlich"]),
        (
            " days",
            &[
                "daily",
                "täglich",
                "diario",
                "diarios",
                "diarias",
                "quotidien",
                "giornalier",
            ],
        ),
        (
            " weeks",
            &["weekly", "wöchentlich", "semanal", "hebdomadaire", "settimanal"],
        ),
        (
            " months",
            &[
                "monthly",
                "monatlich",
                "mensual",
                "mensuel",
                "mensal",
                "mensais",
                "mensil",
            ],
        ),
        (
            YEARS,
            &[
                "yearly",
                "annual",
                "jährlich",
                "anual",
                "anuais",
                "annuel",
                "annuo",
                "annui",
            ],
        ),
    ];
    PERIODS
        .iter()
        .find(|(_, names)| names.iter().any(|name| word.starts_with(name)))
        .map(|(unit, _)| *unit)
}

/// Whether nothing but space stands between a word and the one before.
pub(super) fn is_near(bits: &[Bit<'_>], at: usize) -> bool {
    bits.get(at)
        .is_some_and(|bit| bit.gap.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '‑')))
}

/// What a fraction's name is worth. "Third" and "quarter" are ordinals and seasons, unless something is divided.
fn fraction(bits: &[Bit<'_>], at: usize, language: Language) -> Option<f64> {
    let word = bits.get(at)?.normal;
    let is_one =
        || at > 0 && matches!(bits[at - 1].normal, "a" | "one" | "another" | "un" | "uno") && is_near(bits, at);
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
        | (Language::Dutch, "helft")
        | (Language::Russian, "половина" | "половины" | "половину" | "половине") => 2.0,
        (Language::English, "thirds")
        | (Language::German, "drittel" | "dritteln")
        | (Language::Spanish, "tercio" | "tercios" | "terceras")
        | (Language::French, "tiers")
        | (Language::Portuguese, "terço" | "terços")
        | (Language::Italian, "terzi")
        | (Language::Russian, "треть" | "трети") => 3.0,
        (Language::Italian, "terzo") if is_one() => 3.0,
        (Language::Spanish, "cuartas" | "cuartos")
        | (Language::French, "quart" | "quarts")
        | (Language::Italian, "quarti")
        | (Language::Portuguese, "quartos")
        | (Language::Dutch, "kwart")
        | (Language::Russian, "четверть" | "четверти") => 4.0,
        (Language::Spanish, "cuarta" | "cuarto") | (Language::Portuguese, "quarto" | "quarta") if is_part() => 4.0,
        (Language::Italian, "quarto") if is_one() => 4.0,
        (Language::Italian, "quinto") if is_one() => 5.0,
        (Language::Italian, "quinti") => 5.0,
        (Language::Italian, "decimo") if is_one() => 10.0,
        (Language::English, "third" | "quarter" | "fifth" | "tenth") if divides() => divided(word)?,
        (Language::English, "quarters") | (Language::German, "viertel" | "vierteln") => 4.0,
        (Language::English, "fifths") | (Language::German, "fünftel" | "fünfteln") => 5.0,
        (Language::Spanish, "quinta") | (Language::Portuguese, "quinto" | "quinta") if is_part() => 5.0,
        (Language::Portuguese, "décimo") | (Language::Spanish, "décimo" | "décima") if is_part() => 10.0,
        (Language::English, "tenths") | (Language::German, "zehntel" | "zehnteln") => 10.0,
        _ => return None,
    };
    Some(1.0 / parts)
}

/// Into how many parts something is divided.
pub(super) fn divided(word: &str) -> Option<f64> {
    match word {
        "third" => Some(3.0),
        "quarter" => Some(4.0),
        "fifth" => Some(5.0),
        "tenth" => Some(10.0),
        _ => None,
    }
}

/// Whether a number is said to be no exact one.
fn is_hedged(bits: &[Bit<'_>], at: usize) -> bool {
    const HEDGES: [&str; 60] = [
        "about",
        "around",
        "roughly",
        "nearly",
        "almost",
        "approximately",
        "some",
        "over",
        "than",
        "under",
        "to",
        "just",
        "rund",
        "etwa",
        "ca",
        "circa",
        "fast",
        "knapp",
        "gut",
        "über",
        "mehr",
        "ungefähr",
        "beinahe",
        "unter",
        "environ",
        "près",
        "presque",
        "plus",
        "moins",
        "quelque",
        "casi",
        "llega",
        "apenas",
        "cerca",
        "unos",
        "unas",
        "alrededor",
        "aproximadamente",
        "más",
        "menos",
        "quase",
        "mais",
        "uns",
        "umas",
        "quasi",
        "oltre",
        "più",
        "meno",
        "ongeveer",
        "bijna",
        "ruim",
        "meer",
        "около",
        "почти",
        "примерно",
        "более",
        "менее",
        "свыше",
        "约",
        "约莫",
    ];
    bits[at].gap.contains(['~', '≈', '约', '約'])
        || (1..=2).any(|back| {
            at.checked_sub(back)
                .is_some_and(|before| HEDGES.contains(&bits[before].normal))
        })
}

/// Whether the word for a year stands behind its date: "1970 года", "2019年".
fn follows_dates(language: Language) -> bool {
    matches!(
        language,
        Language::Russian | Language::Chinese | Language::Japanese | Language::Korean
    )
}

fn is_date(value: f64) -> bool {
    (1000.0..2100.0).contains(&value) && value.fract() == 0.0
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
        ("quarto" | "quart", "d'", "ora" | "heure", _) | ("cuarto" | "quarto", "de", "hora", _) => Some((15.0, 3)),
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
        end: at + 1,
        form,
        is_elliptic: true,
        is_hedged: false,
    }
}

/// "third", "twenty first", "dritten": what it is worth, and where it ends.
pub(super) fn ordinal(bits: &[Bit<'_>], at: usize, language: Language) -> Option<(f64, usize)> {
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
        value(bits.get(at)?.normal, language).filter(|tens| !tens.in_digits && (20.0..100.0).contains(&tens.value))?;
    let one = of(at + 1).filter(|one| *one < 10.0 && is_near(bits, at + 1))?;
    Some((tens.value + one, at + 2))
}

/// A number as people write it: no decimals where there are none.
pub(super) fn shown(value: f64) -> String {
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
