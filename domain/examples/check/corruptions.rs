//! What can be put wrong in a claim without reading it.

use domain::{language::Language, tokens::tokens};

/// Another number in the place of the first one.
pub fn wrong_number(text: &str) -> Option<String> {
    let tokens = tokens(text, Language::English);
    let token = tokens.iter().find(|token| {
        token.normal.starts_with(|c: char| c.is_ascii_digit())
            || Language::English
                .number_word(&token.normal)
                .is_some_and(|number| (3..1000).contains(&number))
    })?;
    let value: f64 = token
        .normal
        .trim_end_matches('%')
        .parse()
        .ok()
        .or(Language::English.number_word(&token.normal).map(|n| n as f64))?;
    let wrong = (value * 1.7).round() + 1.0;
    Some(format!("{}{wrong}{}", &text[..token.start], &text[token.end..]))
}

/// Another name in the place of the first one behind the first word.
pub fn wrong_name(text: &str, random: &mut Random) -> Option<String> {
    const NAMES: [&str; 8] = [
        "Henderson",
        "Okafor",
        "Lindqvist",
        "Toshiba",
        "Manchester",
        "Kovacs",
        "Beatrice",
        "Yamamoto",
    ];
    let tokens = tokens(text, Language::English);
    let token = tokens.iter().skip(1).find(|token| {
        let word = &text[token.start..token.end];
        word.len() > 2 && !token.is_stop && word.starts_with(char::is_uppercase)
    })?;
    let name = NAMES[random.below(NAMES.len())];
    Some(format!("{}{name}{}", &text[..token.start], &text[token.end..]))
}

/// A claim with a "not" more, or one less.
pub fn negated(text: &str) -> Option<String> {
    if let Some((before, after)) = text.split_once(" not ") {
        return Some(format!("{before} {after}"));
    }
    [
        " is ", " are ", " was ", " were ", " would ", " should ", " could ", " can ", " will ", " had ", " has ",
    ]
    .iter()
    .filter_map(|verb| Some((text.find(verb)?, verb)))
    .min()
    .map(|(at, verb)| format!("{}{verb}not {}", &text[..at], &text[at + verb.len()..]))
}

/// Numbers that are the same in each run.
pub struct Random(pub u64);

impl Random {
    /// Less than `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// A passage that is not near another one.
    pub fn far(&mut self, count: usize, from: usize) -> usize {
        (0..20)
            .map(|_| self.below(count))
            .find(|at| at.abs_diff(from) > 2)
            .unwrap_or(0)
    }
}
