//! The one language-specific place: which language a text is in, its stop words, its stemmer, how it writes sentences.
//!
//! The word lists are in [`words`], guessing is in [`detect`], the codes of all languages that can be asked for in [`codes`]; all that asks "is this word an X" goes through [`Language`]. Words are compared as
//! [`crate::tokens`] normalises them (NFKC, lower case, straight apostrophes). Touches nothing but its arguments.

pub mod codes;
mod detect;
mod words;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

/// A language as far as this program tells languages apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English
    English,
    /// German
    German,
    /// French
    French,
    /// Spanish
    Spanish,
    /// Portuguese
    Portuguese,
    /// Italian
    Italian,
    /// Dutch
    Dutch,
    /// Russian
    Russian,
    /// Chinese, either script
    Chinese,
    /// Japanese
    Japanese,
    /// Korean
    Korean,
    /// Arabic
    Arabic,
    /// Hindi
    Hindi,
    /// Any other: Unicode's rules alone.
    #[default]
    Other,
}

/// Longer words are not stemmed: they are not words, and stemmers are slow on them.
const LONGEST_STEMMED: usize = 60;

impl Language {
    /// All of them, [`Language::Other`] last.
    pub const ALL: [Self; 14] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Portuguese,
        Self::Italian,
        Self::Dutch,
        Self::Russian,
        Self::Chinese,
        Self::Japanese,
        Self::Korean,
        Self::Arabic,
        Self::Hindi,
        Self::Other,
    ];

    /// From a BCP 47 code (`pt-BR`, `zh-Hans`, `en_US`); only its first part counts. [`Language::Other`] where it is none we know.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        let first = code.trim().split(['-', '_']).next().unwrap_or_default();
        match first.to_ascii_lowercase().as_str() {
            "en" | "eng" => Self::English,
            "de" | "deu" | "ger" => Self::German,
            "fr" | "fra" | "fre" => Self::French,
            "es" | "spa" => Self::Spanish,
            "pt" | "por" => Self::Portuguese,
            "it" | "ita" => Self::Italian,
            "nl" | "nld" | "dut" => Self::Dutch,
            "ru" | "rus" => Self::Russian,
            "zh" | "zho" | "chi" | "cmn" | "yue" => Self::Chinese,
            "ja" | "jpn" => Self::Japanese,
            "ko" | "kor" => Self::Korean,
            "ar" | "ara" => Self::Arabic,
            "hi" | "hin" => Self::Hindi,
            _ => Self::Other,
        }
    }

    /// Its BCP 47 code; `und` (undetermined) for [`Language::Other`].
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Russian => "ru",
            Self::Chinese => "zh",
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Arabic => "ar",
            Self::Hindi => "hi",
            Self::Other => "und",
        }
    }

    /// Its English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
            Self::Portuguese => "Portuguese",
            Self::Italian => "Italian",
            Self::Dutch => "Dutch",
            Self::Russian => "Russian",
            Self::Chinese => "Chinese",
            Self::Japanese => "Japanese",
            Self::Korean => "Korean",
            Self::Arabic => "Arabic",
            Self::Hindi => "Hindi",
            Self::Other => "Other",
        }
    }

    /// Whether words are separated by spaces. For a single character ask [`is_spaceless`].
    #[must_use]
    pub fn has_spaces(self) -> bool {
        !matches!(self, Self::Chinese | Self::Japanese)
    }

    /// Whether a normalised word carries no content: a stop word or a filler.
    #[must_use]
    pub fn is_stop(self, word: &str) -> bool {
        let lexicon = self.lexicon();
        if lexicon.stop.contains(word) || lexicon.fillers.contains(word) {
            return true;
        }
        if self.elides(word) && word.ends_with('\'') {
            return true;
        }
        // What Japanese writes in hiragana alone, a character a token, is grammar.
        self == Self::Japanese && word.chars().all(is_hiragana)
    }

    /// Whether a normalised word is what people say while they think ("um", "okay", "basically"): rare in written prose.
    #[must_use]
    pub fn is_filler(self, word: &str) -> bool {
        self.lexicon().fillers.contains(word)
    }

    /// Whether a normalised word is an article or a preposition: frequent in statements, rare in chatter.
    #[must_use]
    pub fn is_nominal(self, word: &str) -> bool {
        self.lexicon().nominal.contains(word)
    }

    /// Whether a normalised word speaks of who speaks or listens ("I", "your", "we're"): frequent in chatter, rare in statements.
    #[must_use]
    pub fn is_personal(self, word: &str) -> bool {
        self.lexicon().personal.contains(word)
    }

    /// Whether a normalised word negates ("not", "never", "don't", "kein").
    #[must_use]
    pub fn is_negation(self, word: &str) -> bool {
        self.lexicon().negations.contains(word)
            || match self {
                Self::English => word.ends_with("n't"),
                // Korean negates at the end of its verbs.
                Self::Korean => word.contains(['않', '없']) || word.contains("지못") || word.contains("못하"),
                _ => false,
            }
    }

    /// What a spelled-out number is worth ("thirteen", "dreizehn", "einundzwanzig"). One word at a time: "twenty one" are two.
    /// Words that are also articles ("un", "eine", "um") are not numbers.
    #[must_use]
    pub fn number_word(self, word: &str) -> Option<u64> {
        let simple = |word: &str| self.lexicon().numbers.get(word).copied();
        simple(word).or_else(|| words::compound(word, self, &simple))
    }

    /// Whether a full stop after this word (lower case, without the stop) does not end a sentence: "dr", "e.g", "z", a single letter.
    #[must_use]
    pub fn is_abbreviation(self, word: &str) -> bool {
        self.lexicon().abbreviations.contains(word)
    }

    /// Whether such an abbreviation also stands at the end of sentences ("etc.", "5 p.m.").
    #[must_use]
    pub fn may_end_sentence(self, abbreviation: &str) -> bool {
        matches!(
            abbreviation,
            "etc" | "a.m" | "p.m" | "inc" | "ltd" | "jr" | "usw" | "usf" | "ecc" | "enz"
        )
    }

    /// Whether numbers with a full stop are ordinals ("am 3. Mai").
    #[must_use]
    pub fn has_ordinal_stop(self) -> bool {
        self == Self::German
    }

    /// Whether speech often begins a new thought with this normalised word ("so", "but", "because"): where sentences
    /// are cut that have no punctuation.
    #[must_use]
    pub fn opens_clause(self, word: &str) -> bool {
        self.lexicon().openers.contains(word)
    }

    /// Whether a numeral's comma is its decimal mark (3,5) and the full stop groups thousands (1.000).
    #[must_use]
    pub fn has_decimal_comma(self) -> bool {
        matches!(
            self,
            Self::German
                | Self::French
                | Self::Spanish
                | Self::Portuguese
                | Self::Italian
                | Self::Dutch
                | Self::Russian
        )
    }

    /// Whether an apostrophe after these letters ends a word ("l'homme" is "l'" and "homme").
    #[must_use]
    pub fn elides(self, letters: &str) -> bool {
        matches!(self, Self::French | Self::Italian) && !letters.eq_ignore_ascii_case("aujourd")
    }

    /// The stem of a normalised word: what its inflected forms have in common, seldom a word itself.
    #[must_use]
    pub fn stem(self, word: &str) -> Cow<'_, str> {
        let algorithm = match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Italian => Algorithm::Italian,
            Self::Dutch => Algorithm::Dutch,
            Self::Russian => Algorithm::Russian,
            Self::Arabic => Algorithm::Arabic,
            Self::Korean => return Cow::Borrowed(korean_stem(word)),
            Self::Chinese | Self::Japanese | Self::Hindi | Self::Other => return Cow::Borrowed(word),
        };
        if word.len() > LONGEST_STEMMED || !word.chars().all(|c| c.is_alphabetic() || c == '\'') {
            return Cow::Borrowed(word);
        }
        let stem = Stemmer::create(algorithm).stem(word);
        if stem.is_empty() { Cow::Borrowed(word) } else { stem }
    }

    fn lexicon(self) -> &'static Lexicon {
        static LEXICONS: [OnceLock<Lexicon>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
        LEXICONS[self as usize].get_or_init(|| Lexicon::of(self))
    }
}

/// Whether a character ends a sentence in some script.
#[must_use]
pub fn is_end_mark(c: char) -> bool {
    matches!(
        c,
        '.' | '!'
            | '?'
            | '…'
            | '‽'
            | '。'
            | '．'
            | '｡'
            | '！'
            | '？'
            | '؟'
            | '۔'
            | '।'
            | '॥'
            | '።'
            | '။'
            | '។'
    )
}

/// Whether a character ends a question in some script.
#[must_use]
pub fn is_question_mark(c: char) -> bool {
    matches!(c, '?' | '？' | '؟' | '‽')
}

/// Whether a lower-case word names what is heard beside speech, in the notes of captions: "(Applause)", "[Musik]".
#[must_use]
pub fn is_noise(word: &str) -> bool {
    words::NOISES.contains(&word)
}

/// Whether a character belongs to a script that puts no spaces between words (Chinese, Japanese, Thai, Lao, Khmer,
/// Burmese), or to their punctuation. Hangul is not among them.
#[must_use]
pub fn is_spaceless(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' // Thai, Lao
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1780}'..='\u{17FF}' // Khmer
        | '\u{2E80}'..='\u{2FDF}' // radicals
        | '\u{3001}'..='\u{303F}' // punctuation
        | '\u{3040}'..='\u{30FF}' // kana
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF01}' | '\u{FF0C}' | '\u{FF0E}' | '\u{FF1A}' | '\u{FF1B}' | '\u{FF1F}' // full-width punctuation
        | '\u{FF61}'..='\u{FF9F}' // half-width katakana
        | '\u{20000}'..='\u{3FFFF}')
}

/// Appends `next` to `text`, with a space between them unless both sides are written without.
pub fn join(text: &mut String, next: &str) {
    let both_spaceless =
        text.chars().next_back().is_some_and(is_spaceless) && next.chars().next().is_some_and(is_spaceless);
    if !text.is_empty() && !next.is_empty() && !both_spaceless {
        text.push(' ');
    }
    text.push_str(next);
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}')
}

/// A Korean word without its particle; never empty. Particles that are also common last syllables need more before them.
fn korean_stem(word: &str) -> &str {
    const LONG: [&str; 12] = [
        "에서는",
        "에게서",
        "으로는",
        "에서",
        "에게",
        "으로",
        "까지",
        "부터",
        "처럼",
        "보다",
        "한테",
        "들을",
    ];
    const SAFE: [&str; 6] = ["은", "는", "을", "를", "에", "의"];
    const RISKY: [&str; 7] = ["이", "가", "로", "와", "과", "도", "만"];
    let after = |particles: &[&str], least: usize| {
        particles
            .iter()
            .find_map(|particle| word.strip_suffix(particle).filter(|rest| rest.chars().count() >= least))
    };
    after(&LONG, 1)
        .or_else(|| after(&SAFE, 1))
        .or_else(|| after(&RISKY, 2))
        .unwrap_or(word)
}

/// The word lists of one language, ready to be asked.
struct Lexicon {
    stop: HashSet<&'static str>,
    fillers: HashSet<&'static str>,
    nominal: HashSet<&'static str>,
    personal: HashSet<&'static str>,
    negations: HashSet<&'static str>,
    abbreviations: HashSet<&'static str>,
    openers: HashSet<&'static str>,
    numbers: HashMap<Cow<'static, str>, u64>,
}

impl Lexicon {
    fn of(language: Language) -> Self {
        let words = words::of(language);
        let set = |list: &'static str| list.split_whitespace().collect::<HashSet<_>>();
        let mut stop = set(words.stop);
        // The crate's English list goes too far: "computer", "information", "research", "system" and 1,300 more.
        if language != Language::English {
            let kept = set(words.kept);
            stop.extend(
                stop_words::lookup(language.code())
                    .unwrap_or_default()
                    .iter()
                    .filter(|word| word.chars().all(char::is_alphabetic) && !kept.contains(**word)),
            );
        }
        Self {
            stop,
            fillers: set(words.fillers),
            nominal: set(words.nominal),
            personal: set(words.personal),
            negations: set(words.negations),
            abbreviations: set(words.abbreviations),
            openers: set(words.openers),
            numbers: words::numbers(language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_there_and_back() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), language);
        }
        assert_eq!(Language::from_code("pt-BR"), Language::Portuguese);
        assert_eq!(Language::from_code("zh-Hans"), Language::Chinese);
        assert_eq!(Language::from_code("EN_us"), Language::English);
        assert_eq!(Language::from_code("pl"), Language::Other);
        assert_eq!(Language::from_code(""), Language::Other);
    }

    #[test]
    fn knows_stop_words_and_fillers() {
        assert!(Language::English.is_stop("the") && Language::English.is_stop("don't"));
        assert!(Language::English.is_stop("um") && Language::English.is_filler("um"));
        assert!(!Language::English.is_stop("computer") && !Language::English.is_filler("the"));
        assert!(Language::German.is_stop("und") && Language::German.is_stop("äh"));
        assert!(Language::Chinese.is_stop("的") && !Language::Chinese.is_stop("车"));
        assert!(Language::Japanese.is_stop("は") && !Language::Japanese.is_stop("車"));
        assert!(!Language::Other.is_stop("und"));
    }

    #[test]
    fn knows_negations_and_numbers() {
        let cases = [
            (Language::English, "couldn't", "thirteen", 13),
            (Language::German, "kein", "einundzwanzig", 21),
            (Language::French, "jamais", "treize", 13),
            (Language::Spanish, "nunca", "veintidós", 22),
            (Language::Portuguese, "não", "dezesseis", 16),
            (Language::Italian, "mai", "ventotto", 28),
            (Language::Dutch, "geen", "tweeëntwintig", 22),
            (Language::Russian, "не", "тринадцать", 13),
        ];
        for (language, negation, number, value) in cases {
            assert!(language.is_negation(negation), "{negation}");
            assert!(!language.is_negation(number), "{number}");
            assert_eq!(language.number_word(number), Some(value), "{number}");
        }
        assert_eq!(Language::German.number_word("eine"), None);
        let compounds = [
            (Language::German, "fünfzehntausend", 15_000),
            (Language::German, "zwölfhundert", 1_200),
            (Language::German, "dreihundertfünfundvierzigtausendzweihundert", 345_200),
            (Language::Dutch, "driehonderdvijftig", 350),
            (Language::Italian, "duecentocinquanta", 250),
            (Language::Korean, "삼십오", 35),
            (Language::Korean, "이만오천", 25_000),
        ];
        for (language, word, value) in compounds {
            assert_eq!(language.number_word(word), Some(value), "{word}");
        }
        for word in ["jahrhundert", "tausende", "hundertprozentig", "tausendundeine"] {
            assert_eq!(Language::German.number_word(word), None, "{word}");
        }
        assert_eq!(Language::Spanish.number_word("mil"), Some(1000));
    }

    #[test]
    fn no_word_is_both_filler_and_article() {
        for language in Language::ALL {
            let lexicon = language.lexicon();
            let both: Vec<_> = lexicon.fillers.intersection(&lexicon.nominal).collect();
            assert!(both.is_empty(), "{language:?}: {both:?}");
        }
    }

    #[test]
    fn stems() {
        assert_eq!(Language::English.stem("running"), "run");
        assert_eq!(Language::German.stem("häuser"), Language::German.stem("haus"));
        assert_eq!(Language::Korean.stem("자동차를"), "자동차");
        assert_eq!(Language::Korean.stem("나이"), "나이");
        assert_eq!(Language::Other.stem("running"), "running");
    }

    #[test]
    fn joins_as_the_script_does() {
        let mut text = String::new();
        for part in ["今天", "我们", "iPhone", "are here"] {
            join(&mut text, part);
        }
        assert_eq!(text, "今天我们 iPhone are here");
    }
}
