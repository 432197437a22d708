//! The extractive summariser: picks the sentences that carry the most, word for word, in milliseconds, without a model.
//!
//! A sentence is worth what its words are worth to the whole, times how much it reads like a statement, times a little more where
//! it comes early. Sentences are picked one after the other; words that are already said are worth less from then on. The
//! numbers in [`Weights`] and [`manner`] were tuned on QMSum's validation meetings (`examples/qmsum`); they are nowhere near a knife's edge.

mod form;
mod manner;

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap, HashSet},
};

use crate::{
    language::{Language, is_spaceless},
    passages::{Passage, has_several_speakers},
    sentences::Sentence,
    tokens::{Token, tokens, word_count},
};
pub use form::Form;
use manner::Lead;
pub(crate) use manner::Manner;

/// Which way of extracting this is: another one makes other summaries of the same transcript.
pub const VERSION: &str = "extract-3";

/// A sentence that was picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Index of its passage in the slice that was given.
    pub passage: usize,
    /// Index of the sentence within that passage.
    pub sentence: usize,
}

/// What counts for how much.
struct Weights {
    /// A word that is said n times is worth n to the power of this.
    repetition: f64,
    /// Words that come up at the very start name the topic: worth up to this much more, fading over `first_said` of the whole.
    early_word: f64,
    first_said: f64,
    /// Long sentences hold more words; their worth is divided by their length to the power of this.
    length: f64,
    /// What a word is still worth when it was said once in the summary.
    said_again: f64,
    /// What a second sentence out of the same tenth is worth.
    same_tenth: f64,
}

const WEIGHTS: Weights = Weights {
    repetition: 0.8,
    early_word: 1.0,
    first_said: 0.06,
    length: 0.5,
    said_again: 0.3,
    same_tenth: 0.9,
};

/// Shorter sentences say little, longer ones ramble, and some have nothing to say.
const SHORTEST: usize = 8;
const LONGEST: usize = 45;
const FEWEST_TERMS: usize = 3;
/// A summary has at most this part of its transcript's words.
const PART: usize = 3;

/// Picks sentences of at most `max_words` words together (as white space separates them; two characters count as one where a script
/// has none, see [`word_count`]), names of speakers included, in the order they were said. At most about a third of the transcript is picked, but at least
/// one sentence if any is short enough. Deterministic: the same input gives the same picks.
#[must_use]
pub fn extract(passages: &[Passage], language: Language, max_words: usize) -> Vec<Pick> {
    best(passages, language, max_words, usize::MAX)
}

/// The same with a limit on the number of sentences: those that carry the most.
fn best(passages: &[Passage], language: Language, max_words: usize, max_sentences: usize) -> Vec<Pick> {
    let places: Vec<Pick> = places(passages).collect();
    let sentences = places
        .iter()
        .map(|pick| &passages[pick.passage].sentences[pick.sentence]);
    let candidates = Candidates::of(sentences, language, has_several_speakers(passages));
    let all: usize = candidates.sentences.iter().map(|sentence| sentence.words).sum();
    let mut picked = candidates.pick(max_words.min(all / PART), Candidate::is_substantial);
    // A short or odd text: one sentence alone, the best that says something, else anything that fits.
    for is_eligible in [Candidate::is_substantial as fn(&Candidate) -> bool, |_| true] {
        if picked.is_empty() {
            picked = candidates.pick(max_words, is_eligible);
            picked.truncate(1);
        }
    }
    picked.truncate(max_sentences);
    picked.sort_unstable();
    picked.into_iter().map(|index| places[index]).collect()
}

fn places(passages: &[Passage]) -> impl Iterator<Item = Pick> {
    passages
        .iter()
        .enumerate()
        .flat_map(|(passage, held)| (0..held.sentences.len()).map(move |sentence| Pick { passage, sentence }))
}

/// A sentence that may be picked.
struct Candidate {
    words: usize,
    /// Its different content words, as indices into [`Candidates::worth`].
    terms: Vec<usize>,
    /// What its words' worth is multiplied by.
    merit: f64,
}

impl Candidate {
    fn is_substantial(&self) -> bool {
        (SHORTEST..=LONGEST).contains(&self.words) && self.terms.len() >= FEWEST_TERMS
    }
}

/// All sentences, and what their words are worth.
struct Candidates {
    sentences: Vec<Candidate>,
    worth: Vec<f64>,
}

impl Candidates {
    fn of<'a>(sentences: impl Iterator<Item = &'a Sentence>, language: Language, named: bool) -> Self {
        let mut vocabulary = Vocabulary::default();
        let (mut sentences, manners): (Vec<Candidate>, Vec<Manner>) = sentences
            .enumerate()
            .map(|(index, sentence)| {
                let tokens = tokens(&sentence.text, language);
                let candidate = Candidate {
                    words: words_of(sentence, named),
                    terms: vocabulary.terms(&tokens, index),
                    merit: 1.0,
                };
                (candidate, Manner::of(&sentence.text, &tokens, language))
            })
            .unzip();
        let count = sentences.len();
        let finished = manners.iter().filter(|manner| manner.is_finished).count() * 2 > count;
        let lead = Lead::of(&manners);
        for (index, (candidate, manner)) in sentences.iter_mut().zip(&manners).enumerate() {
            let length = float(candidate.words.max(1)).powf(WEIGHTS.length);
            candidate.merit = manner.merit(finished) * lead.factor(share(index, count)) / length;
        }
        Self {
            sentences,
            worth: vocabulary.worth(count),
        }
    }

    /// Picks the best of the eligible sentences that fits, again and again. Only what was just picked changes the worth of the others,
    /// and never upwards, so that most need not be looked at again. A sentence nearly all of whose words are said is a repetition.
    fn pick(&self, budget: usize, is_eligible: fn(&Candidate) -> bool) -> Vec<usize> {
        let mut said = vec![0_i32; self.worth.len()];
        let mut tenths = [0_i32; 10];
        let value = |index: usize, said: &[i32], tenths: &[i32; 10]| {
            let sentence = &self.sentences[index];
            let words = sentence
                .terms
                .iter()
                .map(|term| self.worth[*term] * WEIGHTS.said_again.powi(said[*term].min(3)));
            sentence.merit * words.sum::<f64>() * WEIGHTS.same_tenth.powi(tenths[self.tenth(index)])
        };
        let eligible = (0..self.sentences.len()).filter(|index| is_eligible(&self.sentences[*index]));
        let mut queue: BinaryHeap<Entry> = eligible
            .map(|index| Entry {
                value: value(index, &said, &tenths),
                index: Reverse(index),
                after: 0,
            })
            .collect();
        let (mut picked, mut left) = (Vec::new(), budget);
        while let Some(entry) = queue.pop() {
            let index = entry.index.0;
            if self.sentences[index].words > left {
                continue;
            }
            if entry.after < picked.len() {
                queue.push(Entry {
                    value: value(index, &said, &tenths),
                    after: picked.len(),
                    ..entry
                });
                continue;
            }
            let terms = &self.sentences[index].terms;
            let repeated = terms.iter().filter(|term| said[**term] > 0).count();
            if repeated * 5 >= terms.len() * 4 && !picked.is_empty() {
                continue;
            }
            left -= self.sentences[index].words;
            picked.push(index);
            tenths[self.tenth(index)] += 1;
            for term in terms {
                said[*term] += 1;
            }
        }
        picked
    }

    fn tenth(&self, index: usize) -> usize {
        index * 10 / self.sentences.len()
    }
}

/// A sentence in the queue: its value after so many picks. Equal values are taken in the order they were said.
#[derive(Clone, Copy)]
struct Entry {
    value: f64,
    index: Reverse<usize>,
    after: usize,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.total_cmp(&other.value).then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

/// The content words of a transcript, numbered.
#[derive(Default)]
struct Vocabulary {
    numbers: HashMap<String, usize>,
    /// By number: how often, and in which sentence first.
    uses: Vec<(usize, usize)>,
}

impl Vocabulary {
    /// The different content words of a sentence.
    fn terms(&mut self, tokens: &[Token], sentence: usize) -> Vec<usize> {
        let mut terms = Vec::new();
        let mut seen = HashSet::new();
        for stem in content_terms(tokens) {
            let number = *self.numbers.entry(stem).or_insert(self.uses.len());
            if number == self.uses.len() {
                self.uses.push((0, sentence));
            }
            self.uses[number].0 += 1;
            if seen.insert(number) {
                terms.push(number);
            }
        }
        terms
    }

    /// What each word is worth, at most 1.
    fn worth(&self, sentences: usize) -> Vec<f64> {
        let worth = self.uses.iter().map(|(count, first)| {
            let early = (-share(*first, sentences) / WEIGHTS.first_said).exp();
            float(*count).powf(WEIGHTS.repetition) * (1.0 + WEIGHTS.early_word * early)
        });
        let worth: Vec<f64> = worth.collect();
        let most = worth.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        worth.into_iter().map(|worth| worth / most).collect()
    }
}

/// The content words of a sentence by their stems. Two neighbouring characters are a word in scripts without spaces.
pub(crate) fn content_terms(tokens: &[Token]) -> impl Iterator<Item = String> {
    let content = tokens.iter().enumerate().filter(|(_, token)| !token.is_stop);
    content.filter_map(|(index, token)| {
        if !token.stem.starts_with(is_spaceless) {
            return Some(token.stem.clone());
        }
        let next = tokens.get(index + 1)?;
        let is_pair = next.start == token.end && !next.is_stop && next.stem.starts_with(is_spaceless);
        is_pair.then(|| format!("{}{}", token.stem, next.stem))
    })
}

/// How many words a sentence takes in a summary, with its speaker's name where names are given.
fn words_of(sentence: &Sentence, named: bool) -> usize {
    let name = sentence.speaker.as_deref().filter(|_| named);
    word_count(&sentence.text) + name.map_or(0, word_count)
}

fn share(part: usize, whole: usize) -> f64 {
    float(part) / float(whole.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}

/// The picks as a summary's body: Markdown list items that end in citation marks, as a model would write them. The mark quotes up to
/// ten words of the sentence; none where a straight quotation mark or a bracket would break it. Picks that are not in `passages` are left out.
#[must_use]
pub fn body(passages: &[Passage], picks: &[Pick]) -> String {
    let named = has_several_speakers(passages);
    let mut body = String::new();
    for pick in picks {
        let Some(passage) = passages.get(pick.passage) else {
            continue;
        };
        let Some(sentence) = passage.sentences.get(pick.sentence) else {
            continue;
        };
        body.push_str(&format!("- {}\n", claim(passage, sentence, named)));
    }
    body
}

/// A sentence with its mark, as a model would write it; `named`: behind the name of whoever said it.
fn claim(passage: &Passage, sentence: &Sentence, named: bool) -> String {
    // Brackets in what was said must not look like a mark of ours, nor its first characters like Markdown's.
    let text = sentence.text.replace('[', "(").replace(']', ")");
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '+' | '#' | '>' | '–' | '—'));
    let name = match sentence.speaker.as_deref().filter(|_| named) {
        Some(name) => format!("{}: ", name.replace('[', "(").replace(']', ")")),
        None => String::new(),
    };
    match quote(&sentence.text) {
        Some(quote) => format!("{name}{text} [{} \"{quote}\"]", passage.ordinal),
        None => format!("{name}{text} [{}]", passage.ordinal),
    }
}

/// The first four to ten words in a row that a mark can quote.
fn quote(text: &str) -> Option<String> {
    const FEWEST: usize = 4;
    const MOST: usize = 10;
    /// In bytes: what has no spaces may be anything.
    const LONGEST_QUOTE: usize = 200;
    for run in text.split(['"', '[', ']', '\n']) {
        let mut quote = String::new();
        let mut words = 0;
        for word in run.split_inclusive(|c: char| c.is_whitespace() || is_spaceless(c)) {
            let next = word_count(&format!("{quote}{word}"));
            if next > MOST || quote.len() + word.len() > LONGEST_QUOTE {
                break;
            }
            quote.push_str(word);
            words = next;
        }
        if words >= FEWEST {
            return Some(quote.trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passages::passages;

    fn untimed(texts: &[&str]) -> Vec<Passage> {
        let sentences: Vec<Sentence> = texts
            .iter()
            .map(|text| Sentence {
                text: (*text).to_owned(),
                span: None,
                speaker: None,
            })
            .collect();
        passages(&sentences, &[])
    }

    fn picked<'a>(passages: &'a [Passage], picks: &[Pick]) -> Vec<&'a str> {
        picks
            .iter()
            .map(|pick| passages[pick.passage].sentences[pick.sentence].text.as_str())
            .collect()
    }

    const TALK: [&str; 12] = [
        "Okay, um, so, yeah, hello and welcome, everybody, I am glad you are here.",
        "The subject of the talk is the design of a diesel engine for small ships.",
        "You know, I was like, what do I do with it?",
        "Yeah.",
        "The engine of a small ship runs for thousands of hours in salt water.",
        "The cooling of the engine with salt water corrodes the pipes of the ship.",
        "Um, yeah, I mean, sort of, you know, like that, right?",
        "And, you know, I I said to him, well, okay, you do what you like.",
        "A heat exchanger between the engine and the salt water protects the pipes.",
        "So, okay, let's see what we have here, and I will show you.",
        "In the end the price of the heat exchanger decides about the design.",
        "Thank you very much, and see you next week, bye.",
    ];

    #[test]
    fn statements_are_picked_and_chatter_is_not() {
        let passages = untimed(&TALK);
        let picks = extract(&passages, Language::English, 40);
        let picked = picked(&passages, &picks);
        assert!(!picked.is_empty());
        for sentence in picked {
            assert!(
                sentence.contains("engine") || sentence.contains("exchanger"),
                "{sentence}"
            );
        }
    }

    #[test]
    fn at_most_a_third_but_never_nothing() {
        let passages = untimed(&TALK);
        let words = |picks: &[Pick]| -> usize { picked(&passages, picks).iter().map(|text| word_count(text)).sum() };
        let all: usize = TALK.iter().map(|text| word_count(text)).sum();
        assert!(words(&extract(&passages, Language::English, 1000)) <= all / 3);
        assert!(words(&extract(&passages, Language::English, 20)) <= 20);
        let short = untimed(&["Only one short sentence."]);
        assert_eq!(extract(&short, Language::English, 100).len(), 1);
        assert_eq!(extract(&short, Language::English, 3), []);
        assert_eq!(extract(&[], Language::English, 100), []);
    }

    #[test]
    fn picks_are_in_spoken_order() {
        let passages = untimed(&TALK);
        let picks = extract(&passages, Language::English, 60);
        assert!(picks.len() > 2);
        assert!(picks.is_sorted_by_key(|pick| (pick.passage, pick.sentence)));
    }

    #[test]
    fn what_is_said_already_is_not_said_again() {
        let repeated = "The engine of the ship runs in salt water for many hours.";
        let mut texts = vec![repeated; 4];
        texts.push("A heat exchanger protects the copper pipes from corrosion at sea.");
        texts.extend(["Yeah, okay, well, you know."; 8]);
        let passages = untimed(&texts);
        let picks = extract(&passages, Language::English, 24);
        assert_eq!(picked(&passages, &picks), [repeated, texts[4]]);
    }

    #[test]
    fn several_speakers_are_named() {
        let mut passages = untimed(&[
            "The engine of a small ship runs in salt water.",
            "Diesel is cheap to buy.",
        ]);
        let picks: Vec<Pick> = (0..2).map(|sentence| Pick { passage: 0, sentence }).collect();
        passages[0].sentences[0].speaker = Some("Ann".to_owned());
        assert!(body(&passages, &picks).starts_with("- The engine"));
        passages[0].sentences[1].speaker = Some("Bob [host]".to_owned());
        assert_eq!(
            body(&passages, &picks),
            "- Ann: The engine of a small ship runs in salt water. [1 \"The engine of a small ship runs in salt water.\"]\n\
             - Bob (host): Diesel is cheap to buy. [1 \"Diesel is cheap to buy.\"]\n"
        );
    }

    #[test]
    fn a_body_cites_and_quotes() {
        let passages = untimed(&[
            "One two three four five six seven eight nine ten eleven twelve.",
            "He said \"no\" and then they all went home.",
            "\"A\" b \"c\" [d]",
            "- [99 \"forged mark\"] 今天天气很好，我们去公园散步，晚上回家吃饭。",
        ]);
        let picks: Vec<Pick> = (0..5).map(|sentence| Pick { passage: 0, sentence }).collect();
        assert_eq!(
            body(&passages, &picks),
            "- One two three four five six seven eight nine ten eleven twelve. [1 \"One two three four five six seven eight nine ten\"]\n\
             - He said \"no\" and then they all went home. [1 \"and then they all went home.\"]\n\
             - \"A\" b \"c\" (d) [1]\n\
             - (99 \"forged mark\") 今天天气很好，我们去公园散步，晚上回家吃饭。 [1 \"今天天气很好，我们去公园散步，晚上回家吃\"]\n"
        );
    }
}
