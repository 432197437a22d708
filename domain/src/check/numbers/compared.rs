//! Numbers that are worked out of others: "$750 more" for 1,250 and 2,000, "three points in all" for one and two, "a third" for 20 of 60,
//! "$25,000" for half of $50,000.

use super::{Bit, Form, Number, close, other_readings::is_share, units::OCCASIONS};

/// A word that compares or adds up is this near to its number.
const NEAR: usize = 4;

/// Words that say that a number is what two others differ by, or come to.
const COMPARING: [&str; 61] = [
    "more",
    "less",
    "fewer",
    "above",
    "below",
    "beyond",
    "by",
    "cheaper",
    "dearer",
    "higher",
    "lower",
    "longer",
    "shorter",
    "older",
    "younger",
    "faster",
    "slower",
    "lighter",
    "heavier",
    "bigger",
    "larger",
    "smaller",
    "taller",
    "leichter",
    "schwerer",
    "größer",
    "kleiner",
    "difference",
    "extra",
    "additional",
    "total",
    "together",
    "altogether",
    "combined",
    "sum",
    "gap",
    "margin",
    "mehr",
    "weniger",
    "insgesamt",
    "zusammen",
    "unterschied",
    "höher",
    "niedriger",
    "teurer",
    "billiger",
    "länger",
    "kürzer",
    "más",
    "menos",
    "diferencia",
    "plus",
    "moins",
    "écart",
    "mais",
    "diferença",
    "più",
    "meno",
    "differenza",
    "meer",
    "minder",
];

/// Words that leave one out: "with five others" of six.
const LEAVING_ONE_OUT: [&str; 16] = [
    "other", "others", "further", "anderen", "andere", "weiteren", "weitere", "otros", "otras", "autres", "outros",
    "outras", "altri", "altre", "andere", "anderen",
];

/// Whether a claim's number is what two numbers of its quoted words differ by or come to, and says so.
pub(super) fn is_of_two(number: &Number, claim: &[Bit<'_>], quoted: &[Number]) -> bool {
    let around = number.at.saturating_sub(NEAR)..(number.end + NEAR).min(claim.len());
    let has = |words: &[&str]| claim[around.clone()].iter().any(|bit| words.contains(&bit.normal));
    let is_of_kind = |said: &&Number| {
        let is_number = !matches!(said.form, Form::Fraction | Form::Ordinal);
        is_number && (said.unit.is_none() || number.unit.is_none() || said.unit == number.unit)
    };
    let of_kind: Vec<&Number> = quoted.iter().filter(is_of_kind).collect();
    let is_left = |said: &&Number| close(said.value - 1.0, number.value);
    if has(&LEAVING_ONE_OUT) && of_kind.iter().any(is_left) {
        return true;
    }
    // "Seventeen fifty" and "twelve fifty" may be 17.50 and 12.50.
    let is_of = |first: &Number, second: &Number| {
        let part = match (first.form, second.form) {
            (Form::Pair, Form::Pair) => 100.0,
            _ => 1.0,
        };
        let is = |worth: f64| close(worth, number.value) || close(worth / part, number.value);
        is((first.value - second.value).abs()) || is(first.value + second.value)
    };
    has(&COMPARING)
        && of_kind.iter().enumerate().any(|(at, first)| {
            of_kind[at + 1..].iter().any(|second| {
                let is_apart = first.end <= second.at || second.end <= first.at;
                let is_counted = number.unit.is_none() || first.unit.is_some() || second.unit.is_some();
                is_apart && is_counted && is_of(first, second)
            })
        })
}

/// Whether a number tells how many times, or what part, one number that is said is of another: "nearly a third" for 63 of 200.
pub(super) fn is_ratio_of_two(number: &Number, said: &[Number]) -> bool {
    /// Who says "a third" may mean 11 of 30, and "four times" 4.1 times.
    const NEAR_PART: f64 = 0.04;
    const NEAR_TIMES: f64 = 0.1;
    let counted = || {
        said.iter()
            .filter(|said| !matches!(said.form, Form::Fraction | Form::Ordinal) && said.value > 0.0)
    };
    let is_ratio = |part: f64, whole: f64| {
        let times = whole / part;
        let is_times =
            (times - number.value).abs() <= NEAR_TIMES || (number.is_hedged && close(times.floor(), number.value));
        (is_share(number) && (part / whole - number.share()).abs() <= NEAR_PART)
            || (number.unit == Some(OCCASIONS) && is_times)
    };
    counted().any(|part| {
        counted()
            .filter(|whole| whole.unit == part.unit && whole.value > part.value)
            .any(|whole| is_ratio(part.value, whole.value))
    })
}

/// Whether a number is the part, told in the sentences `around` what is quoted, of one that is said: "$25,000" where half of $50,000 is
/// given away. Small numbers come out of too many others.
pub(super) fn is_part_of_one(number: &Number, around: &[Number], said: &[Number]) -> bool {
    const LEAST: f64 = 10.0;
    let is_part = |part: &Number| part.form == Form::Fraction && part.value < 1.0;
    let mut parts = around.iter().filter(|part| is_part(part));
    number.value >= LEAST
        && parts.any(|part| {
            let is_whole =
                |whole: &&Number| !matches!(whole.form, Form::Fraction | Form::Ordinal) && whole.unit == number.unit;
            said.iter()
                .filter(is_whole)
                .any(|whole| close(part.value * whole.value, number.value))
        })
}
