//! The fixture model: writes a short briefing from a prompt, always the same for the same prompt. The model's name decides
//! whether it can be trusted.

use std::time::Duration;

use crate::reading::{Material, Note, Passage, Task, read};

/// A model by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    /// Every claim is in its passage, every quote verbatim.
    Good,
    /// Some claims are changed, invented or wrongly marked.
    Liar,
    /// German claims on English quotes.
    OtherLanguage,
    /// About something else altogether, without a mark, as small models do.
    Stray,
    /// Like `Good`, with pauses.
    Slow,
    /// Like `Good`, with a window of 2,000 tokens.
    Small,
    /// Like `Good`, with a window of 6,000 tokens of which it says nothing: it reads the last ones, as Ollama does.
    Cutting,
}

/// The names of all models that speak the OpenAI format.
pub(crate) const NAMES: [&str; 8] = [
    "fixture-good",
    "fixture-liar",
    "fixture-other-language",
    "fixture-stray",
    "fixture-slow",
    "fixture-small",
    "fixture-cutting",
    FILE,
];
/// One that is called as llama.cpp calls those that it is given no name for.
const FILE: &str = "/models/gguf/fixture_with_a_name_as_long_as_those_of_files_Q4_K_M.gguf";
/// The one that speaks Anthropic's format.
pub(crate) const ANTHROPIC: &str = "claude-fixture";
/// The one that speaks Gemini's.
pub(crate) const GEMINI: &str = "gemini-fixture";

/// What [`Model::Stray`] writes, whatever it is asked.
const STRAY: &str = "Volcanic hotels of Patagonia welcome chess champions every summer.\n\n- Their orchestras rehearse beneath enormous glass umbrellas.";

impl Model {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "fixture-good" | FILE | GEMINI | ANTHROPIC => Self::Good,
            "fixture-liar" => Self::Liar,
            "fixture-other-language" => Self::OtherLanguage,
            "fixture-stray" => Self::Stray,
            "fixture-slow" => Self::Slow,
            "fixture-small" => Self::Small,
            "fixture-cutting" => Self::Cutting,
            _ => return None,
        })
    }

    /// Tokens that fit into a request.
    pub(crate) fn window(self) -> usize {
        match self {
            Self::Small => 2_000,
            Self::Cutting => 6_000,
            _ => 128_000,
        }
    }

    /// The pause before each piece of a stream.
    pub(crate) fn pause(self) -> Duration {
        Duration::from_millis(if self == Self::Slow { 90 } else { 5 })
    }

    /// The answer to a prompt.
    pub(crate) fn write(self, prompt: &str) -> String {
        if self == Self::Stray {
            return STRAY.to_owned();
        }
        let task = read(prompt);
        if let (Some(question), Material::Passages(passages)) = (&task.question, &task.material) {
            return self.answer(question, passages);
        }
        let count = (task.words / 22).clamp(1, 40);
        let claims = match &task.material {
            Material::Notes(notes) => parts(notes, count).filter_map(|part| part.first().cloned()).collect(),
            Material::Passages(passages) => self.claims(passages, count),
        };
        layout(&claims, &task)
    }

    /// Up to three sentences that share most words with a question, or the fixed words where none does.
    fn answer(self, question: &str, passages: &[Passage]) -> String {
        let asked = long_words(question);
        let shared = |text: &str| long_words(text).iter().filter(|word| asked.contains(word)).count();
        let mut fitting: Vec<(&Passage, String, usize)> = passages
            .iter()
            .flat_map(|passage| sentences(&passage.text).into_iter().map(move |said| (passage, said)))
            .map(|(passage, said)| (passage, said.to_owned(), shared(said)))
            .filter(|(.., shared)| *shared > 0)
            .collect();
        fitting.sort_by_key(|(passage, _, shared)| (std::cmp::Reverse(*shared), passage.number));
        fitting.truncate(3);
        let (Some(far), false) = (passages.last(), fitting.is_empty()) else {
            return "NOT ANSWERED".to_owned();
        };
        let claims: Vec<String> = fitting
            .iter()
            .enumerate()
            .map(|(n, (passage, said, _))| match self {
                Self::OtherLanguage => format!("{} {}", german(said, n), mark(passage.number, said)),
                Self::Liar => lie(n, passage, said, far),
                _ => format!("{said} {}", mark(passage.number, said)),
            })
            .collect();
        claims.join(" ")
    }

    /// `count` claims, each of another part of the passages.
    fn claims(self, passages: &[Passage], count: usize) -> Vec<Note> {
        let candidates: Vec<(&Passage, String, u32)> = passages
            .iter()
            .enumerate()
            .map(|(at, passage)| {
                // Chapters say at their beginning what they are about.
                let opens = at
                    .checked_sub(2)
                    .is_none_or(|before| passages[before].chapter != passage.chapter);
                let said = sentence(&passage.text);
                let worth = worth(&said) + if opens { 5 } else { 0 };
                (passage, said, worth)
            })
            .collect();
        let told: Vec<(&Passage, &String)> = parts(&candidates, count)
            .filter_map(|part| part.iter().rev().max_by_key(|(_, _, worth)| *worth))
            .map(|(passage, said, _)| (*passage, said))
            .collect();
        let claim = |n: usize, passage: &Passage, said: &str| match self {
            Self::OtherLanguage => format!("{} {}", german(said, n), mark(passage.number, said)),
            Self::Liar if n >= 2 => lie(n - 2, passage, said, told[(n + told.len() / 2) % told.len()].0),
            _ => format!("{said} {}", mark(passage.number, said)),
        };
        told.iter()
            .enumerate()
            .map(|(n, (passage, said))| Note {
                text: claim(n, passage, said),
                chapter: passage.chapter.clone(),
            })
            .collect()
    }
}

/// Tokens of a text, by the usual rule of thumb.
pub(crate) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}

/// The text in pieces as models send them: some characters each, without regard for words and marks.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let end = (at + 3 + (pieces.len() * 7) % 11).min(characters.len());
        pieces.push(characters[at..end].iter().collect());
        at = end;
    }
    pieces
}

/// `count` neighbouring parts of about the same size, none of them empty.
fn parts<T>(items: &[T], count: usize) -> impl Iterator<Item = &[T]> {
    let count = count.min(items.len());
    (0..count).map(move |n| &items[n * items.len() / count..(n + 1) * items.len() / count])
}

/// A first paragraph of two claims, then a list, under the names of chapters where that is asked for.
fn layout(claims: &[Note], task: &Task) -> String {
    if claims.is_empty() {
        return "There is nothing here to summarise.".to_owned();
    }
    let (first, rest) = claims.split_at(if task.items_only { 0 } else { claims.len().min(2) });
    let first: Vec<&str> = first.iter().map(|claim| claim.text.as_str()).collect();
    let mut text = first.join(" ");
    let mut chapter = "";
    for (n, claim) in rest.iter().enumerate() {
        let named = task.grouped && claim.chapter != chapter;
        if named {
            chapter = &claim.chapter;
            text.push_str(&format!("\n\n## {chapter}\n"));
        }
        text.push_str(if n == 0 && !named { "\n\n- " } else { "\n- " });
        text.push_str(&claim.text);
    }
    text.trim().to_owned()
}

/// Words that are long enough to say something.
fn long_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words
        .filter(|word| word.chars().count() > 4)
        .map(str::to_lowercase)
        .collect()
}

/// What ends in a stop.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut rest = text;
    while let Some((at, stop)) = rest
        .char_indices()
        .find(|(at, c)| is_stop(*c, &rest[at + c.len_utf8()..]))
    {
        let (one, next) = rest.split_at(at + stop.len_utf8());
        sentences.push(one.trim());
        rest = next;
    }
    sentences
}

/// The sentence of a passage that is best told on its own; its first words where it has no stops.
fn sentence(text: &str) -> String {
    let sentences = sentences(text);
    if let Some(one) = sentences.iter().rev().max_by_key(|one| worth(one)) {
        return (*one).to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().take(18).collect();
    let said = words.join(" ");
    let mut characters = said.trim_end_matches(['.', ',', '。']).chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", characters.as_str())
}

/// How well a sentence can be told on its own: not too short, not too long, about something that it names.
fn worth(said: &str) -> u32 {
    const NEEDS_CONTEXT: [&str; 18] = [
        "It", "I", "You", "They", "That", "This", "He", "She", "Then", "We", "But", "So", "And", "Its", "Here",
        "There", "Now", "Today",
    ];
    let count = said.split_whitespace().count();
    let first = said.split(' ').next().unwrap_or_default();
    let mut worth = 0;
    worth += if (10..=28).contains(&count) {
        4
    } else {
        u32::from(count > 6)
    };
    worth += if NEEDS_CONTEXT.contains(&first) || first.starts_with(char::is_lowercase) {
        0
    } else {
        3
    };
    worth + u32::from(said.contains(|c: char| c.is_ascii_digit()))
}

fn is_stop(c: char, behind: &str) -> bool {
    matches!(c, '。' | '؟')
        || (matches!(c, '.' | '?') && behind.starts_with([' ', '\n']) || matches!(c, '.' | '?') && behind.is_empty())
}

/// `[12 "some words of it"]`
fn mark(number: u32, said: &str) -> String {
    format!("[{number} \"{}\"]", quote(said))
}

/// Up to eight words from the middle that hold no quotation mark or bracket; characters where there are no spaces.
fn quote(said: &str) -> String {
    let words: Vec<&str> = said
        .trim_end_matches(['.', '?', '。', '؟'])
        .split_whitespace()
        .collect();
    if words.len() < 3 {
        return said.chars().filter(|c| !matches!(c, '"' | '。')).take(14).collect();
    }
    let run = words
        .split(|word| word.contains(['"', '[', ']']))
        .max_by_key(|run| run.len())
        .unwrap_or_default();
    let count = run.len().min(8);
    let from = (run.len() - count) / 2;
    run[from..from + count].join(" ")
}

fn german(said: &str, n: usize) -> String {
    let topic = said
        .split(|c: char| !c.is_alphabetic())
        .max_by_key(|word| word.len())
        .unwrap_or_default();
    match n % 4 {
        0 => format!("Dieser Abschnitt handelt vor allem vom Thema „{topic}“ und erklärt die Hintergründe."),
        1 => format!("Der Beitrag erläutert hier ausführlich, was es mit „{topic}“ auf sich hat."),
        2 => format!("An dieser Stelle wird der Punkt „{topic}“ anschaulich begründet."),
        _ => format!("Außerdem geht es um „{topic}“, und zwar mit einem Beispiel."),
    }
}

/// The ways to be wrong, one after the other, with an honest claim between.
fn lie(n: usize, passage: &Passage, said: &str, far: &Passage) -> String {
    match n % 7 {
        0 => format!("{} {}", with_another_number(said), mark(passage.number, said)),
        1 => format!(
            "Every viewer is promised a full refund of 500 dollars. [{} \"a full refund for every viewer\"]",
            passage.number
        ),
        2 => said.to_owned(),
        3 => format!("{said} [9999 \"{}\"]", quote(said)),
        4 => format!("{said} {}", mark(far.number, said)),
        5 => format!("{said} {}", mark(far.number, &sentence(&far.text))),
        _ => format!("{said} {}", mark(passage.number, said)),
    }
}

/// The first number changed; where there is none, one is added.
fn with_another_number(said: &str) -> String {
    let start = said.find(|c: char| c.is_ascii_digit());
    let Some(start) = start else {
        return format!("{} exactly 47 times.", said.trim_end_matches('.'));
    };
    let digits = said[start..].chars().take_while(char::is_ascii_digit).count();
    let number: u64 = said[start..start + digits].parse().unwrap_or(1);
    // A year stays one that could be.
    let other = if number >= 1000 { number - 30 } else { number * 2 + 17 };
    format!("{}{other}{}", &said[..start], &said[start + digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt() -> String {
        let lines: Vec<String> = (1..=40)
            .map(|n| format!("[{n}] In year {n} the keeper of the tower counted {n} ships before noon. Then he slept."))
            .collect();
        format!(
            "Write at most 200 words.\n<passages>\n{}\n</passages>",
            lines.join("\n")
        )
    }

    #[test]
    fn good_answers_quote_their_passages_and_keep_the_limit() {
        let text = Model::Good.write(&prompt());
        assert!(text.starts_with("In year 1 the keeper of the tower counted 1 ships before noon. [1 \"1 the keeper of the tower counted 1\"] "), "{text}");
        assert!(text.split_whitespace().count() < 250, "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("- ")).count(), 7);
    }

    #[test]
    fn questions_are_answered_from_the_passages_that_share_their_words() {
        let ask = |model: Model, question: &str| {
            let passages = "[1] The bridge was built in 1874.\n[2] It rained all summer long that year.";
            model.write(&format!(
                "At most 200 words.\n<passages>\n{passages}\n</passages>\n<question>\n{question}\n</question>"
            ))
        };
        let answer = ask(Model::Good, "When was the bridge built?");
        assert!(answer.starts_with("The bridge was built in 1874. [1 \""), "{answer}");
        assert_eq!(ask(Model::Good, "Who invented vaccines?"), "NOT ANSWERED");
        assert!(ask(Model::Liar, "When was the bridge built?").starts_with("The bridge was built in 1844. [1 \""));
    }

    #[test]
    fn liars_lie_in_every_way() {
        let text = Model::Liar.write(&prompt());
        assert!(text.contains("[9999 \""));
        assert!(text.contains("500 dollars"));
        assert!(
            text.lines().any(|line| line.starts_with("- ") && !line.contains('[')),
            "{text}"
        );
        assert!(Model::Good.write(&prompt()) != text);
    }

    #[test]
    fn points_stand_under_their_chapters_where_that_is_asked() {
        let lines: Vec<String> = (1..=8)
            .map(|n| {
                format!(
                    "{}[{n}] The keeper of tower {n} counted all the ships.",
                    if n % 2 == 1 {
                        format!("## Day {n}\n")
                    } else {
                        String::new()
                    }
                )
            })
            .collect();
        let fence = format!("<passages>\n{}\n</passages>\n", lines.join("\n"));
        let text = Model::Good.write(&format!("Use lines that begin with \"## \".\n{fence}at most 90 words"));
        let shape: Vec<&str> = text.lines().map(|line| &line[..line.len().min(8)]).collect();
        assert_eq!(
            shape,
            [
                "The keep", "", "## Day 5", "", "- The ke", "", "## Day 7", "", "- The ke"
            ]
        );
        let notes = Model::Good.write(&format!("{fence}Write the notes now: at most 90 words"));
        assert!(notes.lines().all(|line| line.starts_with("- ")), "{notes}");
    }

    #[test]
    fn merges_keep_the_marks_of_the_notes() {
        let text = Model::Good
            .write("Merge.\nA thing happened. [3 \"a thing happened then\"]\nAnother did. [9 \"another did as well\"]");
        assert_eq!(
            text,
            "A thing happened. [3 \"a thing happened then\"] Another did. [9 \"another did as well\"]"
        );
    }

    #[test]
    fn texts_without_stops_or_spaces_can_be_told() {
        assert_eq!(sentence("so in may of every year"), "So in may of every year.");
        assert_eq!(sentence("紙で箱を折ります。次に"), "紙で箱を折ります。");
        assert_eq!(quote("紙で箱を折ります。"), "紙で箱を折ります");
        assert_eq!(
            quote("say \"this one\" and then some more of it."),
            "and then some more of it"
        );
    }

    #[test]
    fn pieces_make_up_the_text() {
        let text = Model::OtherLanguage.write(&prompt());
        assert_eq!(pieces(&text).concat(), text);
    }
}
