//! What is known where a claim is held against its passages: their words, and those of title, channel and description. Names are compared
//! as speech recognition, inflection and abbreviation leave them.

use crate::check::index::Index;

/// Words that are known: of the cited passages and of the video's title, channel and description.
pub(in crate::check) struct Known<'a> {
    pub(super) words: Vec<&'a str>,
    index: &'a Index<'a>,
}

/// Words that initials leave out.
const LINKS: [&str; 22] = [
    "and", "of", "for", "the", "in", "on", "und", "für", "der", "des", "die", "de", "del", "la", "las", "los", "du",
    "et", "y", "e", "da", "do",
];

/// English names of peoples and languages that do not look like their country's.
const COUNTRIES: [(&str, &str); 21] = [
    ("uk", "britain"),
    ("us", "usa"),
    ("us", "america"),
    ("british", "britain"),
    ("danish", "denmark"),
    ("dutch", "netherlands"),
    ("dutch", "holland"),
    ("english", "england"),
    ("finnish", "finland"),
    ("french", "france"),
    ("irish", "ireland"),
    ("norwegian", "norway"),
    ("polish", "poland"),
    ("portuguese", "portugal"),
    ("scottish", "scotland"),
    ("spanish", "spain"),
    ("swedish", "sweden"),
    ("swiss", "switzerland"),
    ("thai", "thailand"),
    ("turkish", "turkey"),
    ("welsh", "wales"),
];

/// What else a country, or its people, are called.
pub(super) fn of_same_country(name: &str) -> impl Iterator<Item = &'static str> {
    COUNTRIES.iter().filter_map(move |(people, country)| match name {
        name if name == *people => Some(*country),
        name if name == *country => Some(*people),
        _ => None,
    })
}

impl<'a> Known<'a> {
    pub(in crate::check) fn new(words: impl Iterator<Item = &'a str>, index: &'a Index<'a>) -> Self {
        Self {
            words: words.collect(),
            index,
        }
    }

    /// These and others.
    pub(in crate::check) fn and(self, others: impl Iterator<Item = &'a str>) -> Self {
        Self {
            words: self.words.into_iter().chain(others).collect(),
            index: self.index,
        }
    }

    /// Whether a name is among them, misspelt as speech recognition does, inflected, abbreviated, or cut in two.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = bare(name);
        let is_said = |word: &str| self.words.contains(&word);
        if of_same_country(&name).any(is_said) || (name == "tv" && is_said("television")) {
            return true;
        }
        // "ITV1" for "ITV one".
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if letters.len() > 1 && letters.len() < name.len() && is_said(letters) {
            return true;
        }
        // "March2021": transcripts lose spaces.
        let is_glued = |word: &&str| {
            let digits = word.strip_prefix(name.as_str()).unwrap_or_default();
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if self.words.iter().any(is_glued) {
            return true;
        }
        let pairs = || self.words.windows(2).map(|pair| format!("{}{}", pair[0], pair[1]));
        self.words
            .iter()
            .any(|word| alike(&name, &bare(word), !self.is_plain(word)))
            || pairs().any(|pair| bare(&pair) == name)
            || self.has_initials(&name)
    }

    /// Whether a word is written small somewhere: no name that was misheard, as "told" is no "Toll".
    fn is_plain(&self, word: &str) -> bool {
        self.index.has_capitals && self.index.word(word).is_some_and(|word| word.has_small)
    }

    /// "WHO" for "world health organization", "HMRC" for "HM Revenue and Customs".
    fn has_initials(&self, name: &str) -> bool {
        (2..=6).contains(&name.chars().count()) && (0..self.words.len()).any(|at| self.is_short_for(name, at, 0))
    }

    /// Whether the words from `at` on begin with these letters, one each or all of a short one; "and" and "of" may be skipped.
    fn is_short_for(&self, letters: &str, at: usize, taken: usize) -> bool {
        let Some(first) = letters.chars().next() else {
            return taken > 1;
        };
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let rest = |length: usize| letters.get(length..).unwrap_or_default();
        // "Meeting in the" is no MIT.
        let names = !self.index.language.is_stop(word);
        (names && word.starts_with(first) && self.is_short_for(rest(first.len_utf8()), at + 1, taken + 1))
            || ((2..=3).contains(&word.len())
                && letters.starts_with(*word)
                && self.is_short_for(rest(word.len()), at + 1, taken + 1))
            || (taken > 0
                && self
                    .behind_links(at)
                    .is_some_and(|at| self.is_short_for(letters, at, taken)))
    }

    /// What stands behind the links that begin here ("of the"); a transcript may repeat them without end.
    fn behind_links(&self, at: usize) -> Option<usize> {
        const MOST: usize = 3;
        let links = self.words[at..]
            .iter()
            .take(MOST)
            .take_while(|word| LINKS.contains(word))
            .count();
        (1..MOST).contains(&links).then_some(at + links)
    }
}

/// Lower-case letters without accents and without a possessive ending.
fn bare(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let word = word.strip_suffix("'s").unwrap_or(word);
    if word.is_ascii() {
        return word.replace(|c: char| !c.is_ascii_alphanumeric(), "");
    }
    word.nfd().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether two names may be the same one: equal, of one stem, or a letter or two apart where one may be misspelt.
fn alike(a: &str, b: &str, may_be_misspelt: bool) -> bool {
    if a == b || a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a) {
        return true;
    }
    let shorter = a.chars().count().min(b.chars().count());
    let longer = a.chars().count().max(b.chars().count());
    if shorter < 4 || longer > 40 {
        return false;
    }
    let shared = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    // "America" and "American", "Germany" and "German".
    if shared >= 4 && shared + 1 >= shorter && longer <= shorter + 3 {
        return true;
    }
    let most = if shorter >= 7 { 2 } else { 1 };
    may_be_misspelt && longer - shorter <= most && distance(a, b) <= most
}

/// Levenshtein's distance of two short words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row.last().copied().unwrap_or(0)
}
