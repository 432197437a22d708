//! The names of speakers as transcripts write them: with titles, offices and parties that a summary leaves out.

use std::collections::{BTreeMap, HashSet};

/// What stands before or behind a person's name.
const TITLES: [&str; 22] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "hon", "right", "rt", "sir", "dame", "lord", "lady", "the", "am",
    "as", "mp", "msp", "qc", "kc", "phd",
];

/// A surname shorter than this may be a plain word.
const LEAST_SURNAME: usize = 4;

/// Names by which a claim may call speakers, beside those that stand in the transcript; none that two speakers share.
pub(super) fn aliases<'a>(speakers: &HashSet<&'a str>) -> Vec<(String, &'a str)> {
    let mut found: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
    for speaker in speakers {
        for alias in aliases_of(speaker) {
            found.entry(alias).or_default().push(speaker);
        }
    }
    // One person may have labels with and without an office.
    found
        .into_iter()
        .flat_map(|(alias, speakers)| speakers.into_iter().map(move |speaker| (alias.clone(), speaker)))
        .collect()
}

/// The name without titles, and the surname: only of who has a title, since "User Interface" is no name with a surname.
fn aliases_of(speaker: &str) -> Vec<String> {
    let name = speaker.split(['(', ',']).next().unwrap_or_default();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let words: Vec<&str> = name.split_whitespace().collect();
    let kept: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !TITLES.contains(&bare(word).as_str()))
        .collect();
    let has_title = kept.len() < words.len() || name.len() < speaker.len();
    let Some(surname) = kept.last().filter(|_| has_title) else {
        return Vec::new();
    };
    let mut aliases = vec![(*surname).to_owned()];
    if kept.len() > 1 {
        aliases.push(kept.join(" "));
    }
    aliases.retain(|alias| alias.chars().count() >= LEAST_SURNAME && alias.starts_with(char::is_uppercase));
    aliases
}
