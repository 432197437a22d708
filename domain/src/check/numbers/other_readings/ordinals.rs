//! Ordinals, decades and plurals: "primo gennaio", "in den Achtzigern", "the nineteens".

use super::{number, word};
use crate::{
    check::numbers::{Bit, Form, Number, reading::is_near, sum::value},
    language::Language,
};

/// "the third of May", "primo gennaio", "в семидесятом": ordinals, where digits may stand for them.
pub(super) fn nth(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
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
    const STEMS: [(&str, f64); 30] = [
        ("перв", 1.0),
        ("втор", 2.0),
        ("трет", 3.0),
        ("четверт", 4.0),
        ("четвёрт", 4.0),
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

/// "the eighties", "in den Achtzigern": of which century is left open, so it is read as of the last.
pub(super) fn decade(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
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
pub(super) fn plural(bits: &[Bit<'_>], at: usize, language: Language) -> Option<Number> {
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
