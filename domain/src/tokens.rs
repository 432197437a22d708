//! The one tokenizer: extraction, checking and search see the same words.
//!
//! Word borders are Unicode's, with four changes: scripts without spaces give a token a character, hyphens separate,
//! elided articles are words of their own ("l'homme"), and a number keeps its separators and its per cent sign.
//! Touches nothing but its arguments; what depends on the language is asked of [`Language`].

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::language::{Language, is_spaceless};

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte offset of its first character in the text.
    pub start: usize,
    /// Byte offset after its last character.
    pub end: usize,
    /// NFKC, lower case, apostrophes unified: what quotes are compared by. Numbers have no thousands separators, a full
    /// stop as decimal mark and ASCII digits, so that "1.234,5" in German equals "1,234.5" in English.
    pub normal: String,
    /// The stem of `normal` in the text's language: what words are counted and searched by.
    pub stem: String,
    /// Whether it is a stop word or a filler (carries no content).
    pub is_stop: bool,
}

/// A lexeme in Postgres ends at 2 KB; no word is that long.
const LONGEST_TERM: usize = 64;

/// The words of a text, in order. Scripts without spaces (Chinese, Japanese, Thai) give a token a character, Unicode's
/// word rules decide for all others.
#[must_use]
pub fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut found = Vec::new();
    for (start, word) in text.unicode_word_indices() {
        pieces(text, start, word, language, &mut found);
        for (start, end) in &found {
            // A per cent sign with a combining mark is a word to Unicode, but the sign went to its number.
            let start = tokens.last().map_or(*start, |last| last.end.max(*start));
            let normal = normal(&text[start..*end], language);
            if !normal.is_empty() {
                tokens.push(token(start, *end, normal, language));
            }
        }
    }
    tokens
}

/// The stems of a text's words without stop words, in order, with repetitions: what goes into a search index and what a
/// query is turned into. They hold letters, digits, marks and the decimal marks of numbers (no quote, backslash, white space or NUL) and have at
/// most 64 characters.
#[must_use]
pub fn search_terms(text: &str, language: Language) -> Vec<String> {
    tokens(text, language)
        .into_iter()
        .filter(|token| !token.is_stop)
        .map(|token| {
            let is_number = token.stem.starts_with(|c: char| c.is_ascii_digit());
            let kept = token
                .stem
                .chars()
                .filter(|c| is_word_character(*c) || (is_number && *c == '.'));
            kept.take(LONGEST_TERM).collect::<String>()
        })
        .filter(|term| !term.is_empty())
        .collect()
}

/// How many words a text has, as its reader counts: those that white space separates; where the script has no spaces, two
/// characters are a word.
#[must_use]
pub fn word_count(text: &str) -> usize {
    text.split_whitespace()
        .map(|word| {
            if word.is_ascii() {
                return 1;
            }
            let spaceless = word.chars().filter(|c| is_spaceless(*c)).count();
            let rest = word.chars().any(|c| c.is_alphanumeric() && !is_spaceless(c));
            (spaceless.div_ceil(2) + usize::from(rest)).max(1)
        })
        .sum()
}

/// The tokens of one of Unicode's words, as start and end in the text.
fn pieces(text: &str, start: usize, word: &str, language: Language, found: &mut Vec<(usize, usize)>) {
    found.clear();
    let end = start + word.len();
    if word.bytes().all(|b| b.is_ascii_alphanumeric()) && !text[end..].starts_with('%') {
        found.push((start, end));
        return;
    }
    if word.chars().any(is_spaceless) {
        let clusters = word
            .grapheme_indices(true)
            .filter(|(_, cluster)| cluster.chars().any(char::is_alphanumeric));
        found.extend(clusters.map(|(at, cluster)| (start + at, start + at + cluster.len())));
        return;
    }
    if word.starts_with(char::is_numeric) {
        let percent = text[end..]
            .chars()
            .next()
            .filter(|c| matches!(c, '%' | '％' | '٪' | '‰'));
        found.push((start, end + percent.map_or(0, char::len_utf8)));
        return;
    }
    let mut from = 0;
    for (at, c) in word.char_indices() {
        let after = at + c.len_utf8();
        let cut = match c {
            // "example.com" and "end.Next" are two, "e.g" and "U.S" one.
            ':' | '.' => word[from..at].chars().count() > 1,
            _ => fold_apostrophe(c) == '\'' && language.elides(&word[from..at]),
        };
        if cut && after < word.len() {
            found.push((start + from, start + if matches!(c, ':' | '.') { at } else { after }));
            from = after;
        }
    }
    found.push((start + from, end));
}

fn token(start: usize, end: usize, normal: String, language: Language) -> Token {
    let stem = language.stem(&normal).into_owned();
    let is_stop = language.is_stop(&normal);
    Token {
        start,
        end,
        normal,
        stem,
        is_stop,
    }
}

/// A word as it is compared: see [`Token::normal`].
fn normal(word: &str, language: Language) -> String {
    let mut normal = if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        vulgar_fraction(word)
            .unwrap_or(word)
            .nfkc()
            .map(fold_apostrophe)
            .flat_map(char::to_lowercase)
            .map(ascii_numeral)
            .filter(|c| matches!(c, '\'' | '%' | '‰' | '.' | ',') || is_word_character(*c))
            .filter(|c| !is_optional_mark(*c))
            .collect()
    };
    if normal.starts_with(|c: char| c.is_ascii_digit()) {
        normal = number(&normal, language);
    }
    normal
}

/// "½" as "0.5", a word of its own to Unicode also in "2½": else it is a 1, a slash and a 2. What has no end ("⅓") is left.
fn vulgar_fraction(word: &str) -> Option<&'static str> {
    Some(match word {
        "½" => "0.5",
        "¼" => "0.25",
        "¾" => "0.75",
        "⅛" => "0.125",
        "⅜" => "0.375",
        "⅝" => "0.625",
        "⅞" => "0.875",
        _ => return None,
    })
}

/// A numeral without thousands separators and with a full stop as its decimal mark; unchanged where it is no number ("1.2.3", "3d").
fn number(numeral: &str, language: Language) -> String {
    let (digits, sign) = numeral.split_at(numeral.find(['%', '‰']).unwrap_or(numeral.len()));
    if !digits
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'\''))
    {
        return numeral.to_owned();
    }
    let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let decimal = match (marks.last(), marks.len()) {
        (None, _) => return numeral.to_owned(),
        // One mark: the decimal mark, unless it stands where the language groups thousands.
        (Some(mark), 1) => {
            let groups = if language.has_decimal_comma() { '.' } else { ',' };
            let (before, after) = digits.split_once(*mark).unwrap_or((digits, ""));
            let grouped = after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
            (*mark != '\'' && !(*mark == groups && grouped)).then_some(*mark)
        }
        // Two kinds: the last is the decimal mark if it comes once. One kind: groups of three, or no number.
        (Some(last), count) => {
            let of_last = marks.iter().filter(|mark| *mark == last).count();
            let one_kind = of_last == count;
            let threes = digits.split(['.', ',', '\'']).skip(1).all(|group| group.len() == 3);
            match (one_kind, of_last) {
                (true, _) if threes => None,
                (false, 1) if marks[..count - 1].iter().all(|mark| *mark == marks[0]) => Some(*last),
                _ => return numeral.to_owned(),
            }
        }
    };
    let (whole, fraction) = decimal
        .and_then(|mark| digits.rsplit_once(mark))
        .unwrap_or((digits, ""));
    let mut number: String = whole.chars().filter(char::is_ascii_digit).collect();
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    number + sign
}

fn is_word_character(c: char) -> bool {
    // Marks (accents, vowel signs) are not alphanumeric to Rust where they stand alone.
    c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && !c.is_control() && is_mark(c))
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Arabic vowel signs and the lengthening stroke: written or not, the word is the same.
fn is_optional_mark(c: char) -> bool {
    matches!(c, '\u{0640}' | '\u{064B}'..='\u{0652}')
}

fn fold_apostrophe(c: char) -> char {
    if matches!(c, '’' | '‘' | 'ʼ' | '＇' | '‛' | '`' | '´') {
        '\''
    } else {
        c
    }
}

/// Arabic, Persian and Devanagari digits and Arabic separators as ASCII has them.
fn ascii_numeral(c: char) -> char {
    let zero = match c {
        '\u{0660}'..='\u{0669}' => 0x0660,
        '\u{06F0}'..='\u{06F9}' => 0x06F0,
        '\u{0966}'..='\u{096F}' => 0x0966,
        '\u{066B}' => return '.',
        '\u{066C}' => return ',',
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normals(text: &str, language: Language) -> Vec<String> {
        tokens(text, language).into_iter().map(|token| token.normal).collect()
    }

    #[test]
    fn splits_words() {
        let words = normals(
            "Well-known: “Don’t” stop.Now, e.g. example.com — CAFÉ!",
            Language::English,
        );
        assert_eq!(
            words,
            ["well", "known", "don't", "stop", "now", "e.g", "example", "com", "café"]
        );
    }

    #[test]
    fn normalises_compatibility_forms() {
        assert_eq!(
            normals("Ｈｅｌｌｏ ﬁsh cafe\u{301}", Language::English),
            ["hello", "fish", "café"]
        );
        assert_eq!(normals("مُحَمَّد", Language::Arabic), ["محمد"]);
    }

    #[test]
    fn offsets_are_the_texts() {
        let text = "L’homme, 50% de cafe\u{301}s — 今天好";
        for language in Language::ALL {
            let spans: Vec<&str> = tokens(text, language)
                .iter()
                .map(|token| &text[token.start..token.end])
                .collect();
            let elided = ["L’", "homme", "50%", "de", "cafe\u{301}s", "今", "天", "好"];
            let whole = ["L’homme", "50%", "de", "cafe\u{301}s", "今", "天", "好"];
            if language.elides("l") {
                assert_eq!(spans, elided);
            } else {
                assert_eq!(spans, whole);
            }
        }
    }

    #[test]
    fn numbers_compare_equal_across_separators() {
        let of = |text: &str, language| normals(text, language).join(" ");
        assert_eq!(of("1,234.5", Language::English), "1234.5");
        assert_eq!(of("1.234,5", Language::German), "1234.5");
        assert_eq!(of("1.234,5", Language::English), "1234.5");
        assert_eq!(of("1,234", Language::English), "1234");
        assert_eq!(of("1.234", Language::German), "1234");
        assert_eq!(of("1.234", Language::English), "1.234");
        assert_eq!(of("3,5", Language::German), "3.5");
        assert_eq!(of("0,125", Language::English), "0.125");
        assert_eq!(of("1,234,567", Language::German), "1234567");
        assert_eq!(tokens("0%\u{1171d}", Language::English).len(), 2);
        assert_eq!(of("50% or 3.5 ％", Language::English), "50% or 3.5");
        assert_eq!(of("٣٫٥ ٢٠", Language::Arabic), "3.5 20");
        assert_eq!(of("½ of 2¼", Language::German), "0.5 of 2 0.25");
        assert_eq!(of("version 1.2.3 is 3D", Language::English), "version 1.2.3 is 3d");
    }

    #[test]
    fn scripts_without_spaces_give_a_token_a_character() {
        assert_eq!(
            normals("我们用iPhone拍。", Language::Chinese),
            ["我", "们", "用", "iphone", "拍"]
        );
        assert_eq!(
            normals("カメラです", Language::Japanese),
            ["カ", "メ", "ラ", "で", "す"]
        );
        assert_eq!(normals("กินข้าว", Language::Other).len(), 5);
    }

    #[test]
    fn elided_articles_are_stop_words() {
        let found = tokens("L'arbre d'aujourd'hui", Language::French);
        let content: Vec<&str> = found.iter().filter(|t| !t.is_stop).map(|t| t.normal.as_str()).collect();
        assert_eq!(content, ["arbre"]);
    }

    #[test]
    fn search_terms_are_stems_without_stop_words() {
        assert_eq!(
            search_terms("The engines don't run at 3,000 rpm", Language::English),
            ["engin", "run", "3000", "rpm"]
        );
        assert_eq!(
            search_terms("O'Reilly's \\ \"books\"", Language::English),
            ["oreilli", "book"]
        );
        assert_eq!(search_terms("मौसम की जानकारी", Language::Hindi), ["मौसम", "जानकारी"]);
    }

    #[test]
    fn counts_words() {
        assert_eq!(word_count("  one two\nthree — "), 4);
        assert_eq!(word_count("今天天气很好"), 3);
        assert_eq!(word_count("今天 iPhone很好"), 3);
        assert_eq!(word_count("안녕하세요 여러분"), 2);
        assert_eq!(word_count(""), 0);
    }

    proptest! {
        #[test]
        fn any_text_gives_sound_tokens(text in "\\PC*|[a-zäöüß'’.,0-9% -]{0,60}|[ء-ي٠-٩ ]{0,30}|[а-яё -]{0,30}|.*", which in 0..14usize) {
            let language = Language::ALL[which];
            let mut last = 0;
            for token in tokens(&text, language) {
                prop_assert!(token.start >= last && token.end > token.start);
                prop_assert!(text.get(token.start..token.end).is_some());
                prop_assert!(!token.normal.is_empty() && !token.stem.is_empty());
                last = token.end;
            }
            for term in search_terms(&text, language) {
                prop_assert!(!term.contains(|c: char| c.is_whitespace() || c.is_control() || "'\"\\:*&|!<>()".contains(c)), "{}", term);
                prop_assert!(!term.is_empty() && term.chars().count() <= 64);
            }
        }
    }
}
