//! Which language a text is in: by script where the script says it, by letter statistics and stop words else.

use std::borrow::Cow;

use whatlang::Lang;

use super::Language;
use crate::tokens::word_count;

/// How many bytes of a text [`Language::detect`] looks at, at most.
const SAMPLE_BYTES: usize = 6000;

/// Shorter texts are mistaken for one of a kindred language.
const LEAST_WORDS_TO_TELL: usize = 25;

impl Language {
    /// The language a text is written in, judged by samples of it: by script where the script says it, by letter
    /// statistics and stop words else. [`Language::Other`] for the languages we do not know and for texts without letters.
    #[must_use]
    pub fn detect(text: &str) -> Self {
        let sample = sample(text);
        let scripts = Scripts::count(&sample);
        let spaceless = scripts.han + scripts.kana;
        if scripts.hangul > 0 && scripts.hangul * 4 >= scripts.letters {
            return Self::Korean;
        }
        // A Chinese character says about as much as two or three Latin letters.
        if spaceless > 0 && spaceless * 4 >= scripts.letters {
            return if scripts.kana * 12 >= spaceless {
                Self::Japanese
            } else {
                Self::Chinese
            };
        }
        let guess = whatlang::detect(&sample);
        let told = guess
            .as_ref()
            .filter(|info| info.is_reliable())
            .map(whatlang::Info::lang);
        if scripts.arabic * 2 > scripts.letters {
            return if matches!(told, Some(Lang::Pes | Lang::Urd)) {
                Self::Other
            } else {
                Self::Arabic
            };
        }
        if scripts.devanagari * 2 > scripts.letters {
            return if matches!(told, Some(Lang::Mar | Lang::Nep)) {
                Self::Other
            } else {
                Self::Hindi
            };
        }
        if scripts.cyrillic * 2 > scripts.letters {
            return if told.is_none_or(|lang| lang == Lang::Rus) {
                Self::Russian
            } else {
                Self::Other
            };
        }
        if let Some(lang) = told {
            return Self::of(lang);
        }
        Self::by_stop_words(&sample)
            .or_else(|| guess.map(|info| Self::of(info.lang())))
            .unwrap_or_default()
    }

    /// The language a text is in where that is surely another one than `wanted`, a code: it is long enough to tell, and
    /// both languages are known.
    #[must_use]
    pub fn unlike(wanted: &str, text: &str) -> Option<Self> {
        let wanted = Self::from_code(wanted);
        if wanted == Self::Other || word_count(text) < LEAST_WORDS_TO_TELL {
            return None;
        }
        let found = Self::detect(text);
        (found != Self::Other && found != wanted).then_some(found)
    }

    fn of(lang: Lang) -> Self {
        Self::from_code(lang.code())
    }

    /// The Latin-script language most of whose stop words are in the sample: what short texts are told apart by.
    fn by_stop_words(sample: &str) -> Option<Self> {
        let words: Vec<String> = sample
            .split(|c: char| !c.is_alphabetic() && c != '\'')
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let (hits, language) = Self::ALL[..7]
            .iter()
            .map(|language| (words.iter().filter(|word| language.is_stop(word)).count(), *language))
            .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        (hits * 5 >= words.len() && hits > 0).then_some(language)
    }
}

/// Up to [`SAMPLE_BYTES`] from the whole length of a text, so that an English introduction does not decide a French talk.
fn sample(text: &str) -> Cow<'_, str> {
    const PIECES: usize = 6;
    if text.len() <= SAMPLE_BYTES {
        return Cow::Borrowed(text);
    }
    let mut sample = String::with_capacity(SAMPLE_BYTES + PIECES);
    for piece in 0..PIECES {
        let start = text.floor_char_boundary(text.len() / PIECES * piece);
        let end = text.floor_char_boundary(start + SAMPLE_BYTES / PIECES);
        sample.push_str(&text[start..end]);
        sample.push(' ');
    }
    Cow::Owned(sample)
}

/// How many letters of each script a text has.
#[derive(Default)]
struct Scripts {
    letters: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    arabic: usize,
    devanagari: usize,
    cyrillic: usize,
}

impl Scripts {
    fn count(text: &str) -> Self {
        let mut scripts = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            scripts.letters += 1;
            match c {
                '\u{3041}'..='\u{30FF}' => scripts.kana += 1,
                '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => scripts.han += 1,
                '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}' => scripts.hangul += 1,
                '\u{0600}'..='\u{06FF}' => scripts.arabic += 1,
                '\u{0900}'..='\u{097F}' => scripts.devanagari += 1,
                '\u{0400}'..='\u{04FF}' => scripts.cyrillic += 1,
                _ => {}
            }
        }
        scripts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_languages() {
        let cases = [
            (
                "So today we are going to look at how the engine of a car works.",
                Language::English,
            ),
            ("okay so um yeah let's get started", Language::English),
            (
                "Heute schauen wir uns an, wie der Motor eines Autos funktioniert.",
                Language::German,
            ),
            (
                "Aujourd'hui nous allons voir comment fonctionne le moteur d'une voiture.",
                Language::French,
            ),
            ("Hoy vamos a ver cómo funciona el motor de un coche.", Language::Spanish),
            (
                "Hoje vamos ver como funciona o motor de um carro, e não é difícil.",
                Language::Portuguese,
            ),
            (
                "Oggi vediamo come funziona il motore di una macchina.",
                Language::Italian,
            ),
            ("Vandaag kijken we hoe de motor van een auto werkt.", Language::Dutch),
            (
                "Сегодня мы посмотрим, как работает двигатель автомобиля.",
                Language::Russian,
            ),
            ("今天我们来看看汽车的发动机是怎么工作的。", Language::Chinese),
            (
                "今日は車のエンジンがどのように動くかを見てみましょう。",
                Language::Japanese,
            ),
            ("오늘은 자동차 엔진이 어떻게 작동하는지 보겠습니다.", Language::Korean),
            ("اليوم سنرى كيف يعمل محرك السيارة.", Language::Arabic),
            ("आज हम देखेंगे कि कार का इंजन कैसे काम करता है।", Language::Hindi),
            (
                "Dzisiaj zobaczymy, jak działa silnik samochodu, i dlaczego jest to ważne.",
                Language::Other,
            ),
            (
                "Сьогодні ми подивимося, як працює двигун автомобіля, і чому це важливо для всіх.",
                Language::Other,
            ),
            ("123 456 ... !", Language::Other),
            ("", Language::Other),
        ];
        for (text, language) in cases {
            assert_eq!(Language::detect(text), language, "{text}");
        }
    }

    #[test]
    fn a_text_in_another_language_than_asked_for_is_told() {
        let english = "The talk explains how the engine of a car works and why that is important for all of us. \
            It begins with the fuel, and ends with the wheels that turn.";
        assert_eq!(Language::unlike("de", english), Some(Language::English));
        assert_eq!(Language::unlike("de-AT", english), Some(Language::English));
        assert_eq!(Language::unlike("en-GB", english), None);
        assert_eq!(Language::unlike("pl", english), None, "not one that we tell apart");
        assert_eq!(
            Language::unlike("de", "The talk explains it."),
            None,
            "too short to tell"
        );
    }

    #[test]
    fn detection_looks_at_the_whole_length() {
        let text = format!(
            "{} {}",
            "Hello and welcome.",
            "Nous allons voir comment cela fonctionne. ".repeat(1000)
        );
        assert_eq!(Language::detect(&text), Language::French);
    }
}
