//! Parts and multiples: "one in five", "a dozen", "half a million", "an hour and a half".

use super::{is_one, multiplier, number, word};
use crate::{
    check::numbers::{
        Bit, Form, Number,
        reading::{divided, is_near, ordinal, shown},
        sum::{and_a_part, value},
        units::{PERCENT, TIMES, named},
    },
    language::Language,
};

/// "one in five", "una de cada cinco", "un foyer sur trois": the part of a whole. The counted thing may stand between.
pub(super) fn one_in(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    const BETWEEN: usize = 3;
    let of: &[&[&str]] = match language {
        Language::English => &[&["in", "every"], &["out", "of", "every"], &["out", "of"], &["in"]],
        Language::German => &[&["von"]],
        Language::French => &[&["sur"]],
        Language::Spanish => &[&["de", "cada"]],
        Language::Portuguese => &[&["em", "cada"], &["de", "cada"]],
        Language::Italian => &[&["su"]],
        Language::Dutch => &[&["op", "de"], &["op"], &["van", "de"]],
        Language::Russian => &[&["из"]],
        _ => return None,
    };
    let part = match value(word(bits, at), language) {
        Some(part) => part.value,
        None if is_one(word(bits, at)) => 1.0,
        None => return None,
    };
    let whole = (at + 1..=at + BETWEEN).find_map(|start| {
        let phrase = of.iter().find(|phrase| {
            phrase
                .iter()
                .enumerate()
                .all(|(next, name)| word(bits, start + next) == *name)
        })?;
        let at = start + phrase.len();
        Some((value(word(bits, at), language)?.value, at + 1))
    });
    let (whole, end) = whole.filter(|(whole, _)| part >= 1.0 && *whole > part && *whole <= 1000.0)?;
    Some(number(bits, (at, end), part / whole, Form::Fraction, language))
}

/// "売り上げの7割": seven tenths, told in per cent.
pub(super) fn tenths(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let before = at.checked_sub(1).filter(|_| matches!(word(bits, at), "割" | "成"))?;
    let is_spaceless = matches!(language, Language::Japanese | Language::Chinese);
    let many = value(word(bits, before), language).filter(|many| is_spaceless && many.value <= 10.0)?;
    let mut number = number(bits, (before, at + 1), many.value * 10.0, Form::Digits, language);
    number.unit = Some(PERCENT);
    Some(number)
}

/// "jeder Fünfte", "every fifth": one in five.
pub(super) fn every_nth(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let every: &[&str] = match language {
        Language::English => &["every"],
        Language::German => &["jeder", "jede", "jedes", "jedem", "jeden"],
        _ => return None,
    };
    let (nth, end) = ordinal(bits, at + 1, language).filter(|_| every.contains(&word(bits, at)))?;
    // "Every second there are sixty of them".
    let is_time = word(bits, at + 1) == "second" && (language.is_stop(word(bits, end)) || !is_near(bits, end));
    (nth > 1.0 && !is_time).then(|| number(bits, (at, end), 1.0 / nth, Form::Fraction, language))
}

/// "half a million", "eine halbe Billion", "half a year", "medio año"; "полмиллиона" is one word.
pub(super) fn half_of(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = word(bits, at);
    if let Some(scale) = name.strip_prefix("пол").filter(|_| language == Language::Russian) {
        let scale = language.number_word(scale)?;
        return Some(number(bits, (at, at + 1), scale as f64 / 2.0, Form::Words, language));
    }
    let part = match (language, name) {
        (Language::English, "half")
        | (Language::German, "halbe" | "halben" | "halber" | "halbes")
        | (Language::French, "demi" | "demie")
        | (Language::Spanish, "medio" | "media")
        | (Language::Portuguese, "meio" | "meia")
        | (Language::Italian, "mezzo" | "mezza" | "mezz'")
        | (Language::Dutch, "half" | "halve") => 0.5,
        (Language::English, "quarter") => 0.25,
        (Language::German, "dreiviertel") => 0.75,
        _ => return None,
    };
    let links: &[&str] = &["a", "an", "of", "de", "di", "d'", "einer", "eines"];
    let mut end = at + 1;
    while links.contains(&word(bits, end)) && end < at + 3 {
        end += 1;
    }
    if !is_near(bits, end) {
        return None;
    }
    if let Some(scale) = language.number_word(word(bits, end)).filter(|scale| *scale >= 100) {
        return Some(number(bits, (at, end + 1), part * scale as f64, Form::Words, language));
    }
    named(word(bits, end))?;
    let mut half = number(bits, (at, end), part, Form::Words, language);
    half.end = end + 1;
    Some(half)
}

/// "an hour and a half", "un'ora e mezza", "two hours and a half", "six rangs et demi".
pub(super) fn unit_and_a_half(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = named(word(bits, at));
    let (part, length) = and_a_part(bits, at + 1).filter(|_| is_near(bits, at + 1))?;
    let (many, start) = multiplier(bits, at, language);
    if name.is_none() && start == at {
        return None;
    }
    let mut number = number(bits, (start, at + 1 + length), many + part, Form::Words, language);
    number.unit = name;
    Some(number)
}

/// "in one hour", which is read as an article elsewhere.
pub(in crate::check::numbers) fn one_unit(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let unit = named(word(bits, at + 1)).filter(|unit| TIMES.contains(unit) && is_near(bits, at + 1));
    let unit = unit.filter(|_| language == Language::English && word(bits, at) == "one")?;
    let mut one = number(bits, (at, at + 2), 1.0, Form::Words, language);
    (one.unit, one.shown) = (Some(unit), format!("1{}", unit.trim_end_matches('s')));
    Some(one)
}

/// "1トン半", "2時間半": a character a word, a foreign unit perhaps several.
pub(super) fn and_half_japanese(bits: &[Bit<'_>], read: &Number, language: Language) -> Option<Number> {
    const LONGEST_UNIT: usize = 8;
    let near = read.end..(read.end + LONGEST_UNIT).min(bits.len());
    let half = near
        .clone()
        .take_while(|at| *at == read.end || bits[*at].gap.is_empty())
        .find(|at| bits[*at].normal == "半")
        .filter(|half| language == Language::Japanese && *half > read.end)?;
    Some(Number {
        value: read.value + 0.5,
        shown: shown(read.value + 0.5),
        end: half + 1,
        ..read.clone()
    })
}

/// "slowed by about a third": where nothing tells what is divided.
pub(super) fn third(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let is_one = at > 0 && is_near(bits, at) && matches!(bits[at - 1].normal, "a" | "one" | "another");
    let parts = divided(word(bits, at)).filter(|_| language == Language::English && is_one)?;
    Some(number(bits, (at, at + 1), 1.0 / parts, Form::Fraction, language))
}

/// "a dozen", "zwei Dutzend", "une quinzaine de milliers".
pub(in crate::check::numbers) fn dozens(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = word(bits, at);
    let each = match (language, name) {
        (Language::English, "dozen" | "dozens")
        | (Language::German, "dutzend" | "dutzende")
        | (Language::French, "douzaine" | "douzaines")
        | (Language::Spanish, "docena" | "docenas")
        | (Language::Italian, "dozzina" | "dozzine")
        | (Language::Portuguese, "dúzia" | "dúzias")
        | (Language::Dutch, "dozijn")
        | (Language::Russian, "дюжина" | "дюжины" | "дюжину") => 12.0,
        (Language::Spanish, "decena" | "decenas")
        | (Language::Portuguese, "dezena" | "dezenas")
        | (Language::Italian, "decina" | "decine")
        | (Language::French, "dizaine" | "dizaines") => 10.0,
        (Language::Spanish, "quincena") => 15.0,
        (Language::Spanish, "veintena") => 20.0,
        (Language::Spanish, "centenar" | "centenares")
        | (Language::Portuguese, "centena" | "centenas")
        | (Language::Italian, "centinaio" | "centinaia") => 100.0,
        (Language::Spanish, "millar" | "millares")
        | (Language::Portuguese, "milhar" | "milhares")
        | (Language::Italian, "migliaio" | "migliaia")
        | (Language::French, "millier" | "milliers") => 1000.0,
        (Language::French, _) => {
            let stem = name.strip_suffix("aine").or_else(|| name.strip_suffix("aines"))?;
            let whole = ["", "e", "t"]
                .iter()
                .find_map(|end| language.number_word(&format!("{stem}{end}")));
            // "quarantaine" is what it says; "cinquantaine" is from "cinquante".
            whole.filter(|whole| *whole >= 15)? as f64
        }
        (Language::Italian, _) => {
            let stem = name.strip_suffix("ina")?;
            let whole = ["i", "a"]
                .iter()
                .find_map(|end| language.number_word(&format!("{stem}{end}")));
            whole.filter(|whole| *whole >= 15)? as f64
        }
        _ => return None,
    };
    let is_half = at > 1 && word(bits, at - 1) == "a" && word(bits, at - 2) == "half";
    let (many, start) = if is_half {
        (0.5, at - 2)
    } else {
        multiplier(bits, at, language)
    };
    let is_link = matches!(word(bits, at + 1), "de" | "di" | "d'" | "von");
    let scale_at = at + 1 + usize::from(is_link);
    let scale = match word(bits, scale_at) {
        "milliers" | "migliaia" => Some(1000.0),
        name => language
            .number_word(name)
            .filter(|scale| *scale >= 1000)
            .map(|scale| scale as f64),
    };
    let end = if scale.is_some() { scale_at + 1 } else { at + 1 };
    let sum = many * each * scale.unwrap_or(1.0);
    Some(number(bits, (start, end), sum, Form::Words, language))
}
