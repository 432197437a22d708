//! Other ways to read what stands in a text: "point four", "two twenty one", "one in five", "a dozen", "half a million",
//! "fourteen dollars and eighty cents", "the eighties". Speech leaves open what it means, so a number of a claim counts as said
//! where any reading says it.

use super::{
    Bit, Form, Number,
    reading::{divided, is_elliptic, is_near, numbers, ordinal, shown},
    sum::{and_a_half, decimals, value},
    units::{CURRENCIES, METRES, MINUTES, OCCASIONS, PERCENT, TIMES, YEARS, named, unit},
};
use crate::language::Language;

/// Readings beside those of [`numbers`], which is what was `read` plainly.
pub(super) fn other_readings(bits: &[Bit<'_>], read: &[Number], language: Language) -> Vec<Number> {
    let mut found = Vec::new();
    for at in 0..bits.len() {
        let readings = [
            point(bits, at, language),
            hundreds(bits, at, language),
            decade(bits, at, language),
            one_in(bits, at, language),
            every_nth(bits, at, language),
            dozens(bits, at, language),
            half_of(bits, at, language),
            unit_and_a_half(bits, at, language),
            third(bits, at, language),
            nth(bits, at, language),
            centuries(bits, at, language),
            unit_before(bits, at, language),
            times(bits, at, language),
            plural(bits, at, language),
            single(bits, at),
            one_and(bits, at, language),
            glued(bits, at, language),
        ];
        found.extend(readings.into_iter().flatten());
    }
    for pair in read.windows(2) {
        found.extend(joined(bits, &pair[0], &pair[1]));
        found.extend(of_one_scale(bits, &pair[0], &pair[1]));
        found.extend(of_last_unit(&pair[0], &pair[1]));
    }
    for (at, number) in read.iter().enumerate() {
        found.extend(cents(bits, number));
        found.extend(grand(bits, number));
        found.extend(of_last_scale(&read[..at], number));
    }
    found.extend(read.iter().flat_map(halves));
    found.extend(read.iter().filter_map(colloquial));
    found
}

fn word<'b>(bits: &[Bit<'b>], at: usize) -> &'b str {
    bits.get(at).map_or("", |bit| bit.normal)
}

/// A number as it is read here, with the unit that stands behind it.
fn number(bits: &[Bit<'_>], (at, end): (usize, usize), worth: f64, form: Form, language: Language) -> Number {
    let (unit, name) = if form == Form::Fraction {
        (None, "")
    } else {
        unit(bits, at, end, language)
    };
    Number {
        value: worth,
        unit,
        per: None,
        shown: format!("{}{name}", shown(worth)),
        at,
        end,
        form,
        is_elliptic: is_elliptic(bits, end, language) || value(word(bits, end), language).is_some(),
        is_hedged: false,
    }
}

/// "the error was point four": 0.4.
fn point(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let follows_number = at > 0 && is_near(bits, at) && value(bits[at - 1].normal, language).is_some();
    let (decimals, end) = decimals(bits, at, language).filter(|_| !follows_number)?;
    Some(number(bits, (at, end), decimals, Form::Words, language))
}

/// "two twenty one": 221, or 2.21 of some money; "eins zwanzig": 1.20 of some length.
fn hundreds(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let spelled = |at: usize| value(word(bits, at), language).filter(|part| !part.in_digits);
    // French and Spanish put tens and ones together otherwise.
    let has_pairs = matches!(
        language,
        Language::English | Language::German | Language::Dutch | Language::Italian
    );
    let first = spelled(at).filter(|first| has_pairs && (1.0..10.0).contains(&first.value))?;
    let tens = spelled(at + 1).filter(|tens| (10.0..100.0).contains(&tens.value) && is_near(bits, at + 1))?;
    let one = spelled(at + 2)
        .filter(|one| tens.value >= 20.0 && (1.0..10.0).contains(&one.value) && is_near(bits, at + 2))
        // "three fifty, three hundred fifty".
        .filter(|_| spelled(at + 3).is_none_or(|next| next.value < 100.0))
        .map(|one| one.value);
    let end = at + 2 + usize::from(one.is_some());
    let sum = first.value * 100.0 + tens.value + one.unwrap_or(0.0);
    let mut hundreds = number(bits, (at, end), sum, Form::Pair, language);
    // "Eins zwanzig breit": what it is counted in stands elsewhere.
    hundreds.is_elliptic = true;
    Some(hundreds)
}

/// "the eighties", "in den Achtzigern": of which century is left open, so it is read as of the last.
fn decade(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let word = word(bits, at);
    let tens = match language {
        Language::English => word.strip_suffix("ies").map(|stem| format!("{stem}y")),
        Language::German => ["erjahre", "erjahren", "ern", "er"]
            .iter()
            .find_map(|end| word.strip_suffix(end))
            .map(str::to_owned),
        _ => None,
    }
    .or_else(|| word.strip_suffix('s').map(str::to_owned))?;
    let tens = language.number_word(&tens).filter(|tens| (20..100).contains(tens))?;
    let mut decade = number(bits, (at, at + 1), 1900.0 + tens as f64, Form::Words, language);
    decade.unit = None;
    Some(decade)
}

/// "Stick with the nineteens": several of what has that number.
fn plural(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = word(bits, at);
    let one = match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s')?.to_owned(),
    };
    let many = language
        .number_word(&one)
        .filter(|many| language == Language::English && *many < 100)?;
    let mut plural = number(bits, (at, at + 1), many as f64, Form::Words, language);
    (plural.unit, plural.is_elliptic) = (None, true);
    Some(plural)
}

/// "before June17": transcripts lose spaces.
fn glued(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    const LEAST_LETTERS: usize = 3;
    let name = word(bits, at);
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_word = letters.chars().count() >= LEAST_LETTERS && letters.chars().all(char::is_alphabetic);
    let digits = name[letters.len()..].parse::<f64>().ok().filter(|_| is_word)?;
    Some(number(bits, (at, at + 1), digits, Form::Digits, language))
}

/// "ninety cents", "fifty pence": as a part of the whole coin.
fn cents(bits: &[Bit<'_>], read: &Number) -> Option<Number> {
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
fn grand(bits: &[Bit<'_>], read: &Number) -> Option<Number> {
    let is_grand = matches!(word(bits, read.end), "grand" | "k" | "mille" | "riesen");
    (is_grand && read.value < 1000.0).then(|| Number {
        value: read.value * 1000.0,
        shown: shown(read.value * 1000.0),
        end: read.end + 1,
        is_elliptic: true,
        ..read.clone()
    })
}

/// "one in five", "una de cada cinco", "un foyer sur trois": the part of a whole. The counted thing may stand between.
fn one_in(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
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
    let one = [
        "one", "ein", "einer", "eine", "eins", "un", "une", "uno", "una", "um", "uma", "één", "een", "один",
    ];
    let part = match value(word(bits, at), language) {
        Some(part) => part.value,
        None if one.contains(&word(bits, at)) => 1.0,
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

/// "jeder Fünfte", "every fifth": one in five.
fn every_nth(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let every: &[&str] = match language {
        Language::English => &["every"],
        Language::German => &["jeder", "jede", "jedes", "jedem", "jeden"],
        _ => return None,
    };
    let (nth, end) = ordinal(bits, at + 1, language).filter(|_| every.contains(&word(bits, at)))?;
    (nth > 1.0).then(|| number(bits, (at, end), 1.0 / nth, Form::Fraction, language))
}

/// "a dozen", "zwei Dutzend", "une quinzaine de milliers".
fn dozens(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
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
    let many = (at > 0 && is_near(bits, at))
        .then(|| value(bits[at - 1].normal, language))
        .flatten()
        .filter(|many| many.value < 100.0);
    let start = at - usize::from(many.is_some());
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
    let sum = many.map_or(1.0, |many| many.value) * each * scale.unwrap_or(1.0);
    Some(number(bits, (start, end), sum, Form::Words, language))
}

/// "half a million", "eine halbe Billion", "half a year", "medio año"; "полмиллиона" is one word.
fn half_of(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
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

/// "an hour and a half", "un'ora e mezza", "two hours and a half".
fn unit_and_a_half(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = named(word(bits, at))?;
    let length = and_a_half(bits, at + 1).filter(|_| is_near(bits, at + 1))?;
    let before = (at > 0 && is_near(bits, at))
        .then(|| value(bits[at - 1].normal, language))
        .flatten()
        .filter(|many| many.value < 1000.0);
    let start = at - usize::from(before.is_some());
    let mut number = number(
        bits,
        (start, at + 1 + length),
        before.map_or(1.0, |many| many.value) + 0.5,
        Form::Words,
        language,
    );
    number.unit = Some(name);
    Some(number)
}

/// "slowed by about a third": where nothing tells what is divided.
fn third(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let is_one = at > 0 && is_near(bits, at) && matches!(bits[at - 1].normal, "a" | "one" | "another");
    let parts = divided(word(bits, at)).filter(|_| language == Language::English && is_one)?;
    Some(number(bits, (at, at + 1), 1.0 / parts, Form::Fraction, language))
}

/// "the third of May", "primo gennaio", "в семидесятом": ordinals, where digits may stand for them.
fn nth(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = word(bits, at);
    let (value, end) = match (language, name) {
        (Language::French, "premier" | "première" | "1er")
        | (Language::Spanish, "primero" | "primera" | "primer")
        | (Language::Portuguese, "primeiro" | "primeira")
        | (Language::Italian, "primo" | "prima")
        | (Language::Dutch, "eerste") => (1.0, at + 1),
        (Language::Russian, _) => russian_ordinal(bits, at)?,
        _ => return None,
    };
    let mut nth = number(bits, (at, end), value, Form::Words, language);
    nth.unit = None;
    Some(nth)
}

/// "девяносто первый", "семидесятого".
fn russian_ordinal(bits: &[Bit<'_>], at: usize) -> Option<(f64, usize)> {
    const STEMS: [(&str, f64); 29] = [
        ("перв", 1.0),
        ("втор", 2.0),
        ("трет", 3.0),
        ("четверт", 4.0),
        ("пят", 5.0),
        ("шест", 6.0),
        ("седьм", 7.0),
        ("восьм", 8.0),
        ("девят", 9.0),
        ("десят", 10.0),
        ("одиннадцат", 11.0),
        ("двенадцат", 12.0),
        ("тринадцат", 13.0),
        ("четырнадцат", 14.0),
        ("пятнадцат", 15.0),
        ("шестнадцат", 16.0),
        ("семнадцат", 17.0),
        ("восемнадцат", 18.0),
        ("девятнадцат", 19.0),
        ("двадцат", 20.0),
        ("тридцат", 30.0),
        ("сороков", 40.0),
        ("пятидесят", 50.0),
        ("шестидесят", 60.0),
        ("семидесят", 70.0),
        ("восьмидесят", 80.0),
        ("девяност", 90.0),
        ("сот", 100.0),
        ("тысячн", 1000.0),
    ];
    const ENDINGS: [&str; 16] = [
        "ый", "ой", "ий", "ого", "ому", "ым", "ом", "ая", "ую", "ое", "ые", "ых", "ье", "ья", "ьего", "ьем",
    ];
    let of = |at: usize| {
        let name = word(bits, at);
        STEMS
            .iter()
            .find(|(stem, _)| name.strip_prefix(stem).is_some_and(|end| ENDINGS.contains(&end)))
            .map(|(_, value)| *value)
    };
    if let Some(value) = of(at) {
        return Some((value, at + 1));
    }
    let tens = value(word(bits, at), Language::Russian).filter(|tens| (20.0..100.0).contains(&tens.value))?;
    let one = of(at + 1).filter(|one| *one < 10.0 && is_near(bits, at + 1))?;
    Some((tens.value + one, at + 2))
}

/// "less than a century", "two decades", "drei Jahrzehnte": in years.
fn centuries(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let years = match word(bits, at) {
        "decade"
        | "decades"
        | "jahrzehnt"
        | "jahrzehnte"
        | "jahrzehnten"
        | "décennie"
        | "décennies"
        | "década"
        | "décadas"
        | "decennio"
        | "decenni"
        | "decennium"
        | "десятилетие"
        | "десятилетия"
        | "десятилетий" => 10.0,
        "century" | "centuries" | "jahrhundert" | "jahrhunderte" | "jahrhunderten" | "siècle" | "siècles" | "siglo"
        | "siglos" | "século" | "séculos" | "secolo" | "secoli" | "eeuw" | "eeuwen" | "столетие" | "столетия"
        | "столетий" => 100.0,
        _ => return None,
    };
    let many = (at > 0 && is_near(bits, at))
        .then(|| value(bits[at - 1].normal, language))
        .flatten()
        .filter(|many| many.value < 100.0);
    let start = at - usize::from(many.is_some());
    let sum = many.map_or(1.0, |many| many.value) * years;
    let mut number = number(bits, (start, at + 1), sum, Form::Words, language);
    number.unit = Some(YEARS);
    Some(number)
}

/// "once", "dreimal".
fn times(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let name = word(bits, at);
    let many = match (language, name) {
        (Language::English, "once") => 1.0,
        (Language::English, "twice" | "double" | "doubled") => 2.0,
        (Language::English, "thrice" | "triple" | "tripled") => 3.0,
        (Language::German, _) => language.number_word(name.strip_suffix("mal")?)? as f64,
        _ => return None,
    };
    let mut number = number(bits, (at, at + 1), many, Form::Words, language);
    number.unit = Some(OCCASIONS);
    Some(number)
}

/// "лет сорок", "процентов на десять": in Russian, what is about right stands behind its unit.
fn unit_before(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let unit = named(word(bits, at)).filter(|_| language == Language::Russian)?;
    let start = at + 1 + usize::from(word(bits, at + 1) == "на");
    let read = numbers(bits.get(start..(start + 5).min(bits.len()))?, language);
    let first = read.first().filter(|first| first.at == 0 && first.unit.is_none())?;
    let mut number = number(bits, (at, start + first.end), first.value, Form::Words, language);
    number.unit = Some(unit);
    Some(number)
}

/// "from 21 to 34 million": 21 million as well.
fn of_one_scale(bits: &[Bit<'_>], first: &Number, second: &Number) -> Option<Number> {
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
fn of_last_unit(first: &Number, second: &Number) -> Option<Number> {
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

/// "Un milhão e seiscentos", "trois milliards six": 1.6 million, 3.6 billion.
fn colloquial(number: &Number) -> Option<Number> {
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

/// "Un euro quatre-vingt", "ein Meter zwanzig": 1.80, 1.20.
fn one_and(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    let unit = named(word(bits, at + 1)).filter(|_| is_one(word(bits, at)))?;
    let start = at + 2 + usize::from(matches!(word(bits, at + 2), "et" | "e" | "y" | "und" | "and" | "en"));
    let read = numbers(bits.get(start..(start + 5).min(bits.len()))?, language);
    let rest = read.first().filter(|rest| rest.at == 0 && rest.value < 100.0)?;
    let value = match unit {
        unit if CURRENCIES.contains(&unit) || unit == METRES => 1.0 + rest.value / 100.0,
        " hours" => 1.0 + rest.value / 60.0,
        _ => return None,
    };
    let mut number = number(bits, (at, start + rest.end), value, Form::Words, language);
    number.unit = Some(unit);
    Some(number)
}

/// "One all", "uno a uno": what is an article elsewhere.
fn single(bits: &[Bit<'_>], at: usize) -> Option<Number> {
    is_one(word(bits, at)).then(|| Number {
        value: 1.0,
        unit: None,
        per: None,
        shown: "1".to_owned(),
        at,
        end: at + 1,
        form: Form::Ordinal,
        is_elliptic: true,
        is_hedged: false,
    })
}

fn is_one(word: &str) -> bool {
    matches!(
        word,
        "one"
            | "a"
            | "an"
            | "ein"
            | "eine"
            | "einen"
            | "einem"
            | "einer"
            | "eins"
            | "un"
            | "une"
            | "uno"
            | "una"
            | "um"
            | "uma"
            | "een"
            | "één"
            | "один"
            | "одна"
            | "одну"
    )
}

/// "It was to cost 21 million, now it is 34": 34 million as well.
fn of_last_scale(before: &[Number], number: &Number) -> Option<Number> {
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

/// "thirty four thirty four per cent": who stutters says no year.
fn halves(number: &Number) -> Vec<Number> {
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

/// "fourteen dollars and eighty cents", "two hours and thirty minutes".
fn joined(bits: &[Bit<'_>], first: &Number, second: &Number) -> Option<Number> {
    let is_joined = match second.at.checked_sub(first.end)? {
        1 => is_near(bits, second.at),
        2 => {
            is_near(bits, second.at)
                && matches!(word(bits, second.at - 1), "and" | "und" | "et" | "y" | "e" | "en" | "и")
        }
        _ => false,
    };
    let unit = first.unit.filter(|_| is_joined)?;
    let share = if CURRENCIES.contains(&unit) || unit == METRES {
        let is_cents = second.unit.is_none() && second.value < 100.0 && second.value >= 1.0;
        is_cents.then_some(second.value / 100.0)?
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

/// Whether a unit is a share: what is told in per cent may be told as a fraction.
pub(super) fn is_share(number: &Number) -> bool {
    number.form == Form::Fraction || number.unit == Some(PERCENT)
}

/// All readings of a text: those of [`numbers`] first.
pub(super) fn readings(bits: &[Bit<'_>], language: Language) -> Vec<Number> {
    let mut read = numbers(bits, language);
    let others = other_readings(bits, &read, language);
    read.extend(others);
    read
}
