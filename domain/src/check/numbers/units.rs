//! Units of numbers, in every language that the app knows, by their names and signs.

use super::Bit;
use crate::language::{Language, is_spaceless};

pub(super) const PERCENT: &str = " %";
pub(super) const METRES: &str = " metres";
/// "Three times".
pub(super) const OCCASIONS: &str = " times";
pub(super) const YEARS: &str = " years";
pub(super) const MINUTES: &str = " minutes";

/// Money, of which hundredths are said without a name.
pub(super) const CURRENCIES: [&str; 3] = [" dollars", " euros", " pounds"];

/// What is counted by them is counted otherwise by another: dollars a month are not dollars a year.
pub(super) const TIMES: [&str; 7] = [" seconds", MINUTES, " hours", " days", " weeks", " months", YEARS];
const LENGTHS: [&str; 7] = [
    " kilometres",
    " metres",
    " centimetres",
    " millimetres",
    " miles",
    " inches",
    " feet",
];
const MASSES: [&str; 3] = [" kilograms", " grams", " milligrams"];

/// Whether two units measure the same: where one is told, a number without a unit is not taken for the other.
pub(super) fn are_of_one_kind(a: &str, b: &str) -> bool {
    let both = |kind: &[&str]| kind.contains(&a) && kind.contains(&b);
    a == b || both(&TIMES) || both(&CURRENCIES) || both(&LENGTHS) || both(&MASSES)
}

/// What a unit is measured in, and how many of those it is: hours are 60 minutes. Months and days have no fixed relation.
pub(super) fn in_base_units(unit: &str) -> Option<(&'static str, f64)> {
    Some(match unit {
        " seconds" => (" seconds", 1.0),
        MINUTES => (" seconds", 60.0),
        " hours" => (" seconds", 3600.0),
        " days" => (" seconds", 86_400.0),
        " weeks" => (" seconds", 604_800.0),
        " months" => (" months", 1.0),
        YEARS => (" months", 12.0),
        " kilometres" => (" metres", 1000.0),
        " metres" => (" metres", 1.0),
        " centimetres" => (" metres", 0.01),
        " millimetres" => (" metres", 0.001),
        " kilograms" => (" grams", 1000.0),
        " grams" => (" grams", 1.0),
        " milligrams" => (" grams", 0.001),
        " terabytes" => (" gigabytes", 1000.0),
        " gigabytes" => (" gigabytes", 1.0),
        " megabytes" => (" gigabytes", 0.001),
        _ => return None,
    })
}

/// Units of the same kind exclude each other: 30 minutes are not 30 hours. By the beginnings of their names; short ones by
/// their whole name.
const UNITS: [(&str, &[&str]); 38] = [
    (
        OCCASIONS,
        &["times", "mal", "fois", "veces", "vezes", "volte", "keer", "раз", "раза"],
    ),
    (
        " inches",
        &[
            "inch", "inches", "incher", "zoll", "pulgada", "pouce", "pollic", "polegada", "дюйм",
        ],
    ),
    (" feet", &["feet", "foot"]),
    (" ounces", &["ounce", "unze", "onza", "oz"]),
    (
        PERCENT,
        &["percent", "prozent", "procent", "процент", "퍼센트", "프로", "प्रतिशत"],
    ),
    (
        " milliseconds",
        &[
            "millisec",
            "millisek",
            "milliseg",
            "millisecond",
            "миллисек",
            "毫秒",
            "ミリ秒",
            "ms",
        ],
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
            "stündig",
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
            "日",
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
        YEARS,
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
        &[
            "dollar",
            "buck",
            "bucks",
            "dólar",
            "доллар",
            "美元",
            "달러",
            "ドル",
            "دولار",
            "डॉलर",
        ],
    ),
    (
        " euros",
        &["euro", "eur", "евро", "欧元", "歐元", "유로", "ユーロ", "يورو", "यूरो"],
    ),
    (" pounds", &["pound", "quid", "pfund", "livre", "libra", "фунт"]),
    (
        " kilometres",
        &[
            "kilomet",
            "kilóm",
            "quilóm",
            "quilôm",
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
    (
        " centimetres",
        &[
            "centimet",
            "centímet",
            "centimèt",
            "zentimet",
            "сантим",
            "厘米",
            "センチ",
            "cm",
        ],
    ),
    (" millimetres", &["millim", "milím", "миллим", "毫米", "ミリ", "mm"]),
    (
        METRES,
        &[
            "metre",
            "meter",
            "mètre",
            "metro",
            "metri",
            "метр",
            "米",
            "メートル",
            "미터",
        ],
    ),
    (" miles", &["mile", "miles", "meile", "milla", "миль"]),
    (
        " degrees",
        &["degree", "grad", "degré", "grado", "grau", "градус", "度", "도"],
    ),
    (
        " kilowatt hours",
        &[
            "kwh",
            "kilowattstund",
            "kilowattor",
            "kilowattheure",
            "kilovatio-hora",
            "kilowattuur",
        ],
    ),
    (" kilowatts", &["kilowatt", "kilovatio", "kw"]),
    (" megawatts", &["megawatt", "mw"]),
    (" gigawatts", &["gigawatt", "gw"]),
    (" milligrams", &["milligr", "milígr", "миллигр", "mg"]),
    (
        " grams",
        &["gram", "gramo", "grammi", "грамм", "克", "グラム", "그램", "g"],
    ),
    (" gigabytes", &["gigabyte", "gb", "gig", "gigs"]),
    (" megabytes", &["megabyte", "mb"]),
    (" terabytes", &["terabyte", "tb", "tera"]),
    (" gigahertz", &["gigahertz", "ghz"]),
    (" megahertz", &["megahertz", "mhz"]),
    (" kilohertz", &["kilohertz", "khz"]),
    (" hertz", &["hertz", "hz"]),
    (
        " litres",
        &["liter", "litre", "litro", "литр", "升", "リットル", "리터"],
    ),
    // Behind all that begin so: "kilohertz".
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
    (" hectares", &["hectare", "hektar", "hectárea", "ettar", "гектар"]),
];

/// The unit that a word names.
pub(super) fn named(word: &str) -> Option<&'static str> {
    // No hour and no year.
    if word.starts_with("stundenkilometer") {
        return Some(" kilometres");
    }
    if word.starts_with("jahrtausend") {
        return None;
    }
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

/// "Per cent" is two words, the first of them a stop word.
fn is_percent(word: &str) -> bool {
    matches!(word, "per" | "por")
}

/// A number's unit and how it is shown: the word after it, or a sign before it.
pub(super) fn unit(
    bits: &[Bit<'_>],
    at: usize,
    end: usize,
    language: Language,
) -> (Option<&'static str>, &'static str) {
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
        // The sign of "two £90 services" belongs to the 90.
        _ => of_sign(before).or(of_sign(after).filter(|_| {
            let next = bits.get(end).filter(|next| next.gap.trim_start().chars().count() == 1);
            !next.is_some_and(|next| next.normal.starts_with(|c: char| c.is_ascii_digit()))
        })),
    };
    let next = |at: usize| {
        bits.get(at)
            .filter(|bit| !bit.gap.contains(['.', ',', ';', '!', '?', '(', '。', '、', '，']))
            // "Fifty five an hour" is no "an" of the French.
            .filter(|bit| {
                bit.normal.len() > 3
                    || !bit.normal.is_ascii()
                    || !language.is_stop(bit.normal)
                    || is_percent(bit.normal)
            })
            .map(|bit| bit.normal)
    };
    let by_word = match (next(end), next(end + 1)) {
        (Some("per" | "pour" | "por"), Some("cent" | "ciento" | "cento")) => Some(PERCENT),
        // A character a word: "分钟" are two.
        (Some(word), Some(second)) if word.starts_with(is_spaceless) && bits[end + 1].gap.is_empty() => {
            named(&format!("{word}{second}{}", next(end + 2).unwrap_or("")))
        }
        // "three whole days".
        (Some(word), second) => named(word).or_else(|| second.filter(|_| !language.is_stop(word)).and_then(named)),
        _ => None,
    };
    let unit = by_sign.or(by_word);
    (unit, unit.unwrap_or(""))
}
