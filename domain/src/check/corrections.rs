//! Words by which a speaker takes back at once what was said: "twenty two inches no wait sorry twenty four inches".

/// Words that take back what was said, in any language.
pub(super) const CORRECTIONS: [&str; 27] = [
    "wait",
    "sorry",
    "excuse",
    "mean",
    "rather",
    "correction",
    "quatsch",
    "moment",
    "nee",
    "meine",
    "meinte",
    "stimmt",
    "pardon",
    "enfin",
    "perdón",
    "perdona",
    "digo",
    "scusate",
    "scusa",
    "anzi",
    "desculpa",
    "desculpem",
    "aliás",
    "вернее",
    "точнее",
    "извините",
    "простите",
];

/// Words that do so right before what is right.
pub(super) const DENIALS: [&str; 6] = ["no", "nein", "non", "não", "нет", "nope"];

/// Whether words take back the one before them: "Barings, no, excuse me, Glyns", "norvegese, anzi, no, scusate, danese". One of them alone
/// may mean anything.
pub(super) fn take_back<'w>(mut words: impl Iterator<Item = &'w str>) -> bool {
    let mut first = words.next();
    if first.is_some_and(|word| CORRECTIONS.contains(&word)) {
        first = words.next();
    }
    first.is_some_and(|word| DENIALS.contains(&word)) && words.next().is_some_and(|word| CORRECTIONS.contains(&word))
}
