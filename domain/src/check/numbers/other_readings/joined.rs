//! Numbers that lend each other something: "fourteen dollars and eighty cents", "from 21 to 34 million", "from seventy minutes
//! to thirty eight".

use super::{is_one, number, word};
use crate::{
    check::numbers::{
        Bit, Form, Number,
        reading::{is_near, numbers, shown},
        units::{CURRENCIES, METRES, MINUTES, TIMES, named},
    },
    language::Language,
};

/// "fourteen dollars and eighty cents", "two hours and thirty minutes".
pub(super) fn joined(bits: &[Bit<'_>], first: &Number, second: &Number) -> Option<Number> {
    /// Money that is no unit here.
    const OTHER_MONEY: [&str; 6] = ["reais", "francs", "franken", "francos", "franchi", "pesos"];
    let is_and = matches!(
        word(bits, second.at.saturating_sub(1)),
        "and" | "und" | "et" | "y" | "con" | "e" | "en" | "и"
    );
    let has_money = OTHER_MONEY.contains(&word(bits, first.end));
    // Between them stands the unit, unless a sign before the first says it.
    let is_joined = match second.at.checked_sub(first.end)? {
        1 => is_near(bits, second.at) && (is_and || has_money || named(word(bits, first.end)).is_some()),
        2 => is_near(bits, second.at) && is_and,
        _ => false,
    };
    if !is_joined {
        return None;
    }
    let unit = first.unit.unwrap_or_default();
    let share = if has_money || !TIMES.contains(&unit) {
        below(unit, has_money, second)?
    } else {
        let at = TIMES.iter().position(|name| *name == unit)?;
        // "2 h 30".
        let is_short = |smaller: &str| second.unit.is_none() && smaller == MINUTES && second.value < 60.0;
        let smaller = TIMES
            .get(at.checked_sub(1)?)
            .filter(|smaller| second.unit == Some(smaller) || is_short(smaller))?;
        match *smaller {
            " seconds" | " minutes" => second.value / 60.0,
            " hours" => second.value / 24.0,
            " days" => second.value / 7.0,
            " months" => second.value / 12.0,
            _ => return None,
        }
    };
    let value = first.value + share;
    Some(Number {
        value,
        shown: format!("{}{unit}", shown(value)),
        end: second.end,
        ..first.clone()
    })
}

/// What a number that stands behind a unit adds to it: cents, centimetres, grams, or the decimal of a degree.
fn below(unit: &str, is_money: bool, rest: &Number) -> Option<f64> {
    let value = Some(rest.value).filter(|_| rest.unit.is_none())?;
    match unit {
        // "Dezenove quilos e trezentos": and 300 grams; "un kilo huit": and 800.
        " kilograms" | " kilometres" if (100.0..1000.0).contains(&value) => Some(value / 1000.0),
        " kilograms" | " kilometres" | " degrees" if (1.0..10.0).contains(&value) => Some(value / 10.0),
        unit if (is_money || CURRENCIES.contains(&unit) || unit == METRES) && (1.0..100.0).contains(&value) => {
            Some(value / 100.0)
        }
        _ => None,
    }
}

/// "Un euro quatre-vingt", "ein Meter zwanzig": 1.80, 1.20.
pub(super) fn one_and(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let unit = named(word(bits, at + 1)).filter(|_| is_one(word(bits, at)))?;
    let start = at + 2 + usize::from(matches!(word(bits, at + 2), "et" | "e" | "y" | "und" | "and" | "en"));
    let read = numbers(bits.get(start..(start + 5).min(bits.len()))?, language);
    let rest = read.first().filter(|rest| rest.at == 0)?;
    let value = match unit {
        " hours" if rest.value < 60.0 => 1.0 + rest.value / 60.0,
        unit => 1.0 + below(unit, false, rest)?,
    };
    let mut number = number(bits, (at, start + rest.end), value, Form::Words, language);
    number.unit = Some(unit);
    Some(number)
}

/// "from 21 to 34 million": 21 million as well.
pub(super) fn of_one_scale(bits: &[Bit<'_>], first: &Number, second: &Number) -> Option<Number> {
    let links = [
        "to", "or", "and", "auf", "bis", "und", "oder", "à", "a", "ou", "et", "y", "o", "e", "до", "и", "на", "naar",
        "tot", "en",
    ];
    let is_linked = match second.at.checked_sub(first.end)? {
        0 => bits[second.at].gap.contains(['-', '–', '—']),
        1..=2 => links.contains(&word(bits, first.end)),
        _ => false,
    };
    let scale = [1e12, 1e9, 1e6, 1e3].into_iter().find(|scale| second.value >= *scale)?;
    (is_linked && first.value < 1000.0 && first.unit.is_none()).then(|| Number {
        value: first.value * scale,
        unit: second.unit,
        shown: shown(first.value * scale),
        ..first.clone()
    })
}

/// "From seventy minutes to thirty eight": 38 minutes.
pub(super) fn of_last_unit(first: &Number, second: &Number) -> Option<Number> {
    const REACH: usize = 6;
    let unit = first
        .unit
        .filter(|_| second.unit.is_none() && second.form != Form::Fraction)?;
    let is_near = second.at.checked_sub(first.end)? <= REACH;
    is_near.then(|| Number {
        unit: Some(unit),
        ..second.clone()
    })
}

/// "Custava seis e novecentos": 6,900.
pub(super) fn elided_thousand(bits: &[Bit<'_>], first: &Number, second: &Number) -> Option<Number> {
    let is_linked = second.at == first.end + 1 && word(bits, first.end) == "e" && is_near(bits, second.at);
    let is_hundreds = (100.0..1000.0).contains(&second.value) && second.value % 100.0 == 0.0;
    let is_spelled = first.form == Form::Words && second.form == Form::Words;
    let fits = is_linked && is_hundreds && is_spelled && first.unit.is_none() && first.value < 100.0;
    let value = first.value * 1000.0 + second.value;
    fits.then(|| Number {
        value,
        unit: second.unit,
        shown: shown(value),
        end: second.end,
        ..first.clone()
    })
}

/// "Five hundred and one thousand": 501,000, or two numbers.
pub(super) fn apart(bits: &[Bit<'_>], number: &Number, language: Language) -> Vec<Number> {
    let link = (number.at + 1..number.end).find(|at| matches!(word(bits, *at), "and" | "und" | "y" | "et" | "e"));
    let Some(link) = link.filter(|_| number.form == Form::Words) else {
        return Vec::new();
    };
    let part = |start: usize, end: usize| {
        let read = numbers(&bits[start..end], language);
        read.into_iter().map(move |part| Number {
            at: part.at + start,
            end: part.end + start,
            unit: number.unit,
            ..part
        })
    };
    let parts: Vec<Number> = part(number.at, link).chain(part(link + 1, number.end)).collect();
    match parts.last() {
        Some(last) if last.value >= 1000.0 => parts,
        _ => Vec::new(),
    }
}

/// "It was to cost 21 million, now it is 34": 34 million as well.
pub(super) fn of_last_scale(before: &[Number], number: &Number) -> Option<Number> {
    const REACH: usize = 12;
    if number.value >= 1000.0 || number.unit.is_some() || !number.is_elliptic {
        return None;
    }
    let near = before
        .iter()
        .rev()
        .take_while(|first| number.at.checked_sub(first.end).is_some_and(|gap| gap <= REACH));
    let mut scaled = near.filter_map(|first| {
        let scale = [1e12, 1e9, 1e6, 1e3].into_iter().find(|scale| first.value >= *scale)?;
        (first.form != Form::Digits || scale > 1e3).then_some((first, scale))
    });
    let (first, scale) = scaled.next()?;
    Some(Number {
        value: number.value * scale,
        unit: first.unit,
        shown: shown(number.value * scale),
        ..number.clone()
    })
}

/// "3:30": half past three.
pub(super) fn clock(bits: &[Bit<'_>], hours: &Number, minutes: &Number) -> Option<Number> {
    let is_clock = minutes.at == hours.at + 1
        && bits[minutes.at].gap == ":"
        && hours.value < 25.0
        && minutes.value < 60.0
        && minutes.unit.is_none();
    let value = hours.value + minutes.value / 60.0;
    is_clock.then(|| Number {
        value,
        shown: format!("{}:{}", bits[hours.at].normal, bits[minutes.at].normal),
        end: minutes.end,
        is_elliptic: true,
        ..hours.clone()
    })
}

/// "ninety cents", "fifty pence": as a part of the whole coin.
pub(super) fn cents(bits: &[Bit<'_>], read: &Number) -> Option<Number> {
    let is_coin = matches!(
        word(bits, read.end),
        "cent"
            | "cents"
            | "pence"
            | "centime"
            | "centimes"
            | "centavo"
            | "centavos"
            | "céntimo"
            | "céntimos"
            | "centesimi"
            | "cêntimos"
    );
    (is_coin && read.unit.is_none()).then(|| Number {
        value: read.value / 100.0,
        shown: shown(read.value / 100.0),
        end: read.end + 1,
        is_elliptic: true,
        ..read.clone()
    })
}

/// "Forty one and a half grand".
pub(super) fn grand(bits: &[Bit<'_>], read: &Number) -> Option<Number> {
    let is_grand = matches!(word(bits, read.end), "grand" | "k" | "mille" | "riesen");
    (is_grand && read.value < 1000.0).then(|| Number {
        value: read.value * 1000.0,
        shown: shown(read.value * 1000.0),
        end: read.end + 1,
        is_elliptic: true,
        ..read.clone()
    })
}

/// "Un milhão e seiscentos", "trois milliards six": 1.6 million, 3.6 billion.
pub(super) fn colloquial(number: &Number) -> Option<Number> {
    let scale = [1e9, 1e6].into_iter().find(|scale| number.value >= *scale)?;
    let rest = number.value % scale;
    let value = match rest {
        1.0..10.0 => number.value - rest + rest * scale / 10.0,
        100.0..1000.0 => number.value - rest + rest * scale / 1000.0,
        _ => return None,
    };
    (number.form == Form::Words).then(|| Number {
        value,
        shown: shown(value),
        ..number.clone()
    })
}

/// "thirty four thirty four per cent": who stutters says no year.
pub(super) fn halves(number: &Number) -> Vec<Number> {
    let (first, second) = ((number.value / 100.0).floor(), number.value % 100.0);
    let is_pair = number.form == Form::Pair && number.value >= 1000.0;
    let half = |value: f64| Number {
        value,
        form: Form::Words,
        shown: shown(value),
        ..number.clone()
    };
    if is_pair {
        vec![half(first), half(second)]
    } else {
        Vec::new()
    }
}
