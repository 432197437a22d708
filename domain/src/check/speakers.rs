//! The names of speakers as transcripts write them: with titles, offices and parties that a summary leaves out.

use std::collections::HashSet;

/// What stands before or behind a person's name.
const TITLES: [&str; 22] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "hon", "right", "rt", "sir", "dame", "lord", "lady", "the", "am",
    "as", "mp", "msp", "qc", "kc", "phd",
];

/// A surname shorter than this may be a plain word.
const LEAST_SURNAME: usize = 4;

/// Names by which a claim may call speakers, beside those that stand in the transcript. Speakers may share one: it means any of them.
pub(super) fn aliases<'a>(speakers: &HashSet<&'a str>) -> Vec<(String, &'a str)> {
    let aliases = |speaker: &&'a str| {
        aliases_of(speaker)
            .into_iter()
            .map(|alias| (alias, *speaker))
            .collect::<Vec<_>>()
    };
    let mut found: Vec<(String, &str)> = speakers.iter().flat_map(aliases).collect();
    found.sort_unstable();
    found
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
