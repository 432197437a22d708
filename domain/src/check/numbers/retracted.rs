//! Numbers that the speaker takes back at once: "twenty two inches no wait sorry twenty four inches".

use super::{Bit, Number};
use crate::check::corrections::{CORRECTIONS, DENIALS};

/// A correction begins at most this many words after the number.
const REACH: usize = 6;

/// Leaves out what is taken back by the next number of its kind.
pub(super) fn without_retracted(numbers: Vec<Number>, bits: &[Bit<'_>]) -> Vec<Number> {
    let is_retracted = |number: &Number| {
        numbers.iter().any(|next| {
            let between = number.end..next.at;
            let is_kind = number.unit == next.unit && (0.2..5.0).contains(&(number.value / next.value));
            let is_next = number.end < next.at && between.len() <= REACH && is_kind;
            let words = || bits[between.clone()].iter().map(|bit| bit.normal);
            // "Fourteen months rather than six" takes nothing back.
            let compares = || words().any(|word| word == "than");
            is_next
                && !compares()
                && number.value.to_bits() != next.value.to_bits()
                && (words().any(|word| CORRECTIONS.contains(&word))
                    || words().next_back().is_some_and(|word| DENIALS.contains(&word)))
        })
    };
    let kept: Vec<bool> = numbers.iter().map(|number| !is_retracted(number)).collect();
    numbers
        .into_iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(number, _)| number)
        .collect()
}
