//! Other ways to read what stands in a text: "point four", "two twenty one", "one in five", "a dozen", "half a million",
//! "fourteen dollars and eighty cents", "the eighties". Speech leaves open what it means, so a number of a claim counts as said
//! where any reading says it.

mod joined;
mod ordinals;
mod parts;

pub(super) use self::parts::{dozens, one_unit};
use self::{
    joined::{
        apart, cents, clock, colloquial, elided_thousand, grand, halves, joined, of_last_scale, of_last_unit,
        of_one_scale, one_and,
    },
    ordinals::{decade, nth, plural},
    parts::{and_half_japanese, every_nth, half_of, one_in, tenths, third, unit_and_a_half},
};
use super::{
    Bit, Form, Number,
    reading::{is_elliptic, is_near, numbers, shown},
    sum::{decimals, value},
    units::{OCCASIONS, PERCENT, YEARS, named, unit},
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
            tenths(bits, at, language),
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
            spelled_digits(bits, at, language),
        ];
        found.extend(readings.into_iter().flatten());
    }
    for pair in read.windows(2) {
        found.extend(joined(bits, &pair[0], &pair[1]));
        found.extend(clock(bits, &pair[0], &pair[1]));
        found.extend(of_one_scale(bits, &pair[0], &pair[1]));
        if language == Language::Portuguese {
            found.extend(elided_thousand(bits, &pair[0], &pair[1]));
        }
        found.extend(of_last_unit(&pair[0], &pair[1]));
    }
    for (at, number) in read.iter().enumerate() {
        found.extend(cents(bits, number));
        found.extend(and_half_japanese(bits, number, language));
        found.extend(grand(bits, number));
        found.extend(of_last_scale(&read[..at], number));
    }
    found.extend(read.iter().flat_map(halves));
    found.extend(read.iter().flat_map(|number| apart(bits, number, language)));
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

/// The number before a word that it multiplies ("two dozen"), 1 where there is none, and where both begin.
fn multiplier(bits: &[Bit<'_>], at: usize, language: Language) -> (f64, usize) {
    const MOST: f64 = 1000.0;
    let before = at.checked_sub(1).filter(|_| is_near(bits, at));
    match before.and_then(|before| value(bits[before].normal, language)) {
        Some(many) if many.value < MOST => (many.value, at - 1),
        _ => (1.0, at),
    }
}

/// "from nine until three", "von neun bis drei": where it begins and ends.
pub(super) fn ranges(bits: &[Bit<'_>], language: Language) -> Vec<(f64, f64)> {
    const LINKS: [&str; 8] = ["to", "until", "till", "bis", "à", "a", "hasta", "até"];
    let read = numbers(bits, language);
    let range = |from: &Number| {
        let is_linked = LINKS.contains(&word(bits, from.end)) && is_near(bits, from.end) && is_near(bits, from.end + 1);
        let to = read.iter().find(|to| to.at == from.end + 1).map(|to| to.value);
        let one = matches!(word(bits, from.end + 1), "one" | "eins" | "una").then_some(1.0);
        Some((from.value, to.or(one).filter(|_| is_linked)?))
    };
    read.iter().filter_map(range).collect()
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
    // "Two oh two": 202.
    if language == Language::English
        && matches!(word(bits, at + 1), "oh" | "o")
        && let Some((first, last)) = spelled(at).zip(spelled(at + 2))
        && (1.0..100.0).contains(&first.value)
        && (1.0..10.0).contains(&last.value)
    {
        let sum = first.value * 100.0 + last.value;
        return Some(number(bits, (at, at + 3), sum, Form::Pair, language));
    }
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

/// "A five five five": 555, as what is no count is read out.
fn spelled_digits(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
    const LEAST: usize = 3;
    const MOST: usize = 9;
    let digit = |at: usize| {
        let digit = value(word(bits, at), language)?;
        (!digit.in_digits && digit.value < 10.0).then_some(digit.value)
    };
    let digits: Vec<f64> = (at..at + MOST)
        .map_while(|next| digit(next).filter(|_| next == at || is_near(bits, next)))
        .collect();
    let whole = digits.iter().fold(0.0, |whole, digit| whole * 10.0 + digit);
    (digits.len() >= LEAST).then(|| number(bits, (at, at + digits.len()), whole, Form::Digits, language))
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
        "vierteljahrhundert" | "vierteljahrhunderts" => 25.0,
        "millennium"
        | "millennia"
        | "jahrtausend"
        | "jahrtausende"
        | "jahrtausenden"
        | "millénaire"
        | "millénaires"
        | "milenio"
        | "milenios"
        | "milênio"
        | "milênios"
        | "millennio"
        | "millenni"
        | "тысячелетие"
        | "тысячелетия"
        | "тысячелетий" => 1000.0,
        _ => return None,
    };
    // "Half a century", "medio siglo", "un quart de siècle".
    const PARTS: [(&str, f64); 15] = [
        ("half", 0.5),
        ("medio", 0.5),
        ("media", 0.5),
        ("meio", 0.5),
        ("meia", 0.5),
        ("demi", 0.5),
        ("mezzo", 0.5),
        ("halbes", 0.5),
        ("halben", 0.5),
        ("halve", 0.5),
        ("quarter", 0.25),
        ("quart", 0.25),
        ("cuarto", 0.25),
        ("quarto", 0.25),
        ("kwart", 0.25),
    ];
    let is_between = |word: &str| matches!(word, "a" | "of" | "de" | "di" | "eeuw");
    let before = bits[at.saturating_sub(3)..at].iter().rev();
    let between = before.take_while(|bit| is_between(bit.normal)).count();
    let part = at.checked_sub(1 + between).and_then(|start| {
        let (_, part) = PARTS.into_iter().find(|(name, _)| *name == word(bits, start))?;
        Some((part, start))
    });
    let (many, start) = part.unwrap_or_else(|| multiplier(bits, at, language));
    let sum = many * years;
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

/// Whether a word may say 1, or be an article.
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
