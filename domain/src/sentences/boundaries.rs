//! Where sentences end: by their punctuation, or, where speech runs on without any, at pauses and before conjunctions.

use crate::language::{Language, is_end_mark, is_spaceless};

/// How a transcript is punctuated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Fewer than about one end mark in forty words: automatic captions.
    pub(super) sparse: bool,
    /// Sentences begin with capitals (or the script has none).
    pub(super) cased: bool,
}

impl Style {
    /// Judges texts by the marks in them and what follows each.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut words, mut marks, mut upper, mut lower) = (0, 0, 0, 0);
        for text in texts {
            words += crate::tokens::word_count(text);
            for (at, c) in text.char_indices().filter(|(_, c)| is_end_mark(*c)) {
                let after = &text[at + c.len_utf8()..];
                if is_narrow(c) && !after.is_empty() && !after.starts_with(char::is_whitespace) {
                    continue;
                }
                marks += 1;
                match after.trim_start().chars().next() {
                    Some(c) if c.is_uppercase() => upper += 1,
                    Some(c) if c.is_lowercase() => lower += 1,
                    _ => {}
                }
            }
        }
        Self {
            sparse: marks * 40 < words,
            cased: upper >= lower,
        }
    }
}

/// The byte offsets at which the sentences of a text end, its own end included.
pub(super) fn ends(text: &str, language: Language, style: Style) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut last = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_end_mark(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((next, c)) = chars.next_if(|(_, c)| is_end_mark(*c) || is_closer(*c)) {
            end = next + c.len_utf8();
        }
        let mark = Mark {
            sentence: &text[last..at],
            marks: &text[at..end],
            after: &text[end..],
        };
        if mark.ends_sentence(language, style.cased) {
            ends.push(end);
            last = end;
        }
    }
    if last < text.len() {
        ends.push(text.len());
    }
    ends
}

/// A run of end marks and what is around it.
struct Mark<'a> {
    sentence: &'a str,
    marks: &'a str,
    after: &'a str,
}

impl Mark<'_> {
    fn ends_sentence(&self, language: Language, cased: bool) -> bool {
        let Some(next) = self.after.chars().next() else {
            return true;
        };
        if self.marks.contains(|c| is_end_mark(c) && !is_narrow(c)) {
            return true;
        }
        let following = self.after.chars().find(|c| !c.is_whitespace() && !is_opener(*c));
        let capital = following.is_some_and(char::is_uppercase);
        // No word that matters is longer, and looking back further at each mark would be slow where nothing has spaces.
        let near = &self.sentence[self
            .sentence
            .floor_char_boundary(self.sentence.len().saturating_sub(40))..];
        let word = near
            .rsplit(|c: char| c.is_whitespace() || is_opener(c))
            .next()
            .unwrap_or_default();
        let is_stop = self.marks.starts_with('.');
        if !next.is_whitespace() {
            // "end.Next" is two sentences, "U.S" and "3.5" are not.
            let long = word.chars().count() > 1 && word.chars().all(char::is_lowercase);
            return capital && (!is_stop || (long && !language.is_abbreviation(word)));
        }
        if is_stop && self.marks.len() == 1 {
            let lower = word.to_lowercase();
            if language.is_abbreviation(&lower) {
                return capital && language.may_end_sentence(&lower);
            }
            if is_initial(word, language) || self.is_list_number() {
                return false;
            }
            // "am 3. Mai"
            if language.has_ordinal_stop() && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) {
                return false;
            }
        }
        if !cased || !following.is_some_and(char::is_lowercase) {
            return true;
        }
        // A small letter follows: the stop was none, or a question was quoted.
        !is_stop && !self.marks.starts_with('…') && !self.marks.contains(is_closer)
    }

    /// "1. First" begins with its number.
    fn is_list_number(&self) -> bool {
        let sentence = self.sentence.trim();
        !sentence.is_empty() && sentence.len() <= 3 && sentence.bytes().all(|b| b.is_ascii_digit())
    }
}

/// "J. Smith", but "so do I. Then".
fn is_initial(word: &str, language: Language) -> bool {
    let mut chars = word.chars();
    let single = chars.next().filter(|c| c.is_uppercase()).is_some() && chars.next().is_none();
    single && !(word == "I" && language == Language::English)
}

/// End marks that also stand within words and numbers.
fn is_narrow(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‽')
}

fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）' | '】' | '》'
    )
}

fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '“' | '„' | '‘' | '«' | '‹' | '(' | '[' | '「' | '『' | '（' | '¿' | '¡' | '—' | '–' | '-'
    )
}

/// Lengths are counted in half words, since two characters of a script without spaces are one word.
const WORD: usize = 2;
const SHORTEST: usize = 12 * WORD;
const IDEAL: usize = 18 * WORD;
const LONGEST: usize = 30 * WORD;
/// A pause may end a sentence as short as this.
const SHORTEST_BEFORE_PAUSE: usize = 4 * WORD;
/// What is left at the end is not shorter than this, if it can be helped.
const SHORTEST_REST: usize = 5 * WORD;
/// Longer sentences are cut even if they are punctuated: they are speech that runs on.
const LONGEST_PUNCTUATED: usize = 45 * WORD;
/// A pause that people make between sentences.
const PAUSE_MS: u64 = 700;

/// A place where a sentence that is too long can be cut.
struct Place {
    at: usize,
    /// Half words before it.
    length: usize,
    merit: u32,
    is_pause: bool,
}

/// Cuts what is too long for one sentence; `borders` are the cue borders in it with the pauses before them, in order.
/// The byte offsets returned are within `text` and exclude its end.
pub(super) fn cuts(text: &str, borders: &[(usize, u64)], language: Language, style: Style) -> Vec<usize> {
    let (places, length) = places(text, borders, language);
    let limit = if style.sparse { LONGEST } else { LONGEST_PUNCTUATED };
    let mut cuts = Vec::new();
    let (mut next, mut done) = (0, 0);
    loop {
        let window = |place: &&Place| place.length <= done + LONGEST;
        let pause = style
            .sparse
            .then(|| {
                let near = places[next..].iter().take_while(window);
                near.clone()
                    .position(|place| place.is_pause && place.length >= done + SHORTEST_BEFORE_PAUSE)
            })
            .flatten();
        let chosen = match pause {
            Some(pause) => Some(next + pause),
            None if length - done <= limit => None,
            None => best(&places[next..], done, length).map(|best| next + best),
        };
        let Some(chosen) = chosen else {
            return cuts;
        };
        cuts.push(places[chosen].at);
        done = places[chosen].length;
        next = chosen + 1;
    }
}

/// The best place for the next cut after `done` half words, as an index.
fn best(places: &[Place], done: usize, length: usize) -> Option<usize> {
    let rank = |place: &Place| {
        let spoils_rest = length - place.length < SHORTEST_REST;
        let merit = if spoils_rest { 0 } else { place.merit + 1 };
        (merit, usize::MAX - place.length.abs_diff(done + IDEAL))
    };
    let mut best: Option<usize> = None;
    for (index, place) in places.iter().enumerate() {
        if place.length < done + SHORTEST {
            continue;
        }
        if place.length > done + LONGEST {
            // Nothing within reach (one huge word): take the first place there is.
            return best.or(Some(index));
        }
        if best.is_none_or(|best| rank(place) > rank(&places[best])) {
            best = Some(index);
        }
    }
    best
}

/// All places in a text, and its whole length in half words.
fn places(text: &str, borders: &[(usize, u64)], language: Language) -> (Vec<Place>, usize) {
    let mut places = Vec::new();
    let mut borders = borders.iter().peekable();
    let (mut length, mut before, mut after_space) = (0, None::<char>, false);
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            after_space = true;
            continue;
        }
        let mut border = None;
        while let Some((_, pause)) = borders.next_if(|(border, _)| *border <= at) {
            border = Some(*pause);
        }
        let spaceless = is_spaceless(c);
        let between = spaceless && before.is_some_and(is_spaceless) && c.is_alphanumeric();
        if let Some(last) = before.filter(|_| after_space || between) {
            let comma = matches!(
                last,
                ',' | ';' | ':' | '—' | '–' | '，' | '、' | '；' | '：' | '،' | '؛'
            );
            let is_pause = border.is_some_and(|pause| pause >= PAUSE_MS);
            let opener = after_space && opens_clause(&text[at..], language);
            let spaced = spaceless && after_space;
            let merit = [
                (is_pause, 8),
                (comma, 4),
                (opener, 3),
                (spaced, 3),
                (border.is_some(), 2),
            ];
            places.push(Place {
                at,
                length,
                merit: merit.iter().filter(|(holds, _)| *holds).map(|(_, merit)| merit).sum(),
                is_pause,
            });
        }
        if spaceless {
            length += 1;
        } else if after_space || before.is_none_or(is_spaceless) {
            length += WORD;
        }
        (before, after_space) = (Some(c), false);
    }
    (places, length)
}

fn opens_clause(text: &str, language: Language) -> bool {
    let word = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .next()
        .unwrap_or_default();
    word.len() <= 30 && language.opens_clause(&word.to_lowercase().replace('’', "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, language: Language) -> Vec<&str> {
        let style = Style::of(std::iter::once(text));
        let mut start = 0;
        let ends = ends(text, language, style).into_iter();
        ends.map(|end| text[std::mem::replace(&mut start, end)..end].trim())
            .collect()
    }

    #[test]
    fn knows_what_does_not_end_a_sentence() {
        let text = "Dr. Smith paid 3.5 million, i.e. a lot. So did J. Doe! \"Really?\" he asked. It was 5 p.m. Then U.S. troops came... and left. So do I. Yes";
        assert_eq!(
            split(text, Language::English),
            [
                "Dr. Smith paid 3.5 million, i.e. a lot.",
                "So did J. Doe!",
                "\"Really?\" he asked.",
                "It was 5 p.m.",
                "Then U.S. troops came... and left.",
                "So do I.",
                "Yes"
            ]
        );
        let german = "Das gilt z. B. am 3. Mai. Prof. Meier kam um 8. Gut.";
        assert_eq!(
            split(german, Language::German),
            ["Das gilt z. B. am 3. Mai.", "Prof. Meier kam um 8. Gut."]
        );
    }

    #[test]
    fn marks_of_other_scripts() {
        assert_eq!(
            split("今天很好。“是吗？”他说。", Language::Chinese),
            ["今天很好。", "“是吗？”", "他说。"]
        );
        assert_eq!(split("यह अच्छा है। क्या?", Language::Hindi), ["यह अच्छा है।", "क्या?"]);
        assert_eq!(split("هل هذا جيد؟ نعم.", Language::Arabic), ["هل هذا جيد؟", "نعم."]);
    }

    #[test]
    fn small_letters_all_through_are_split_too() {
        assert_eq!(
            split("we go. you stay! they come.", Language::English),
            ["we go.", "you stay!", "they come."]
        );
        assert_eq!(
            split("It ended.Then we went.", Language::English),
            ["It ended.", "Then we went."]
        );
    }

    #[test]
    fn lists_keep_their_numbers() {
        assert_eq!(
            split("1. Wash it. 2. Dry it.", Language::English),
            ["1. Wash it.", "2. Dry it."]
        );
    }

    const SPARSE: Style = Style {
        sparse: true,
        cased: true,
    };

    #[test]
    fn speech_without_marks_is_cut_before_conjunctions() {
        let text = "we looked at the engine for a very long time and we found nothing at all so we went home and had some \
                    dinner with the whole family because nobody had eaten anything since the early morning";
        let cuts = cuts(text, &[], Language::English, SPARSE);
        assert!(!cuts.is_empty());
        for cut in cuts {
            assert!(opens_clause(&text[cut..], Language::English), "{}", &text[cut..]);
        }
    }

    #[test]
    fn pauses_cut() {
        let text = "this is one thought and this is another";
        assert_eq!(cuts(text, &[(20, 900)], Language::English, SPARSE), [20]);
        assert_eq!(cuts(text, &[(20, 300)], Language::English, SPARSE), [] as [usize; 0]);
    }

    #[test]
    fn nothing_grows_without_bound() {
        let spaced = "word ".repeat(1000);
        let spaceless = "字".repeat(1000);
        for text in [spaced.as_str(), spaceless.as_str()] {
            let mut start = 0;
            for cut in cuts(text, &[], Language::Other, SPARSE).into_iter().chain([text.len()]) {
                assert!(crate::tokens::word_count(&text[start..cut]) <= 35);
                start = cut;
            }
        }
    }
}
