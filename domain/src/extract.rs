//! The extractive summariser: picks the sentences that carry the most, word for word, in milliseconds, without a model.
//!
//! A sentence is worth what its words are worth to the whole, times how much it reads like a statement, times a little more where
//! it comes early. Sentences are picked one after the other; words that are already said are worth less from then on. The
//! numbers in [`Weights`] were tuned on QMSum's validation meetings (`examples/qmsum`); they are nowhere near a knife's edge.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap, HashSet},
};

use crate::{
    language::{Language, is_end_mark, is_question_mark, is_spaceless},
    passages::Passage,
    sentences::Sentence,
    tokens::{Token, tokens, word_count},
};

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
    /// Sentences at the start are worth up to this much more, in speech and in writing, fading over `lead_length` of the whole.
    lead_speech: f64,
    lead_prose: f64,
    lead_length: f64,
    /// Long sentences hold more words; their worth is divided by their length to the power of this.
    length: f64,
    /// Articles and prepositions make statements; the exponent of their share in a sentence.
    nominal: f64,
    /// "I" and "you" make conversation.
    personal: f64,
    filler: f64,
    /// "the the", "w we".
    stutter: f64,
    question: f64,
    /// Where others end in a full stop and this one does not.
    unfinished: f64,
    /// What a word is still worth when it was said once in the summary.
    said_again: f64,
    /// What a second sentence out of the same tenth is worth.
    same_tenth: f64,
}

const WEIGHTS: Weights = Weights {
    repetition: 0.8,
    early_word: 1.0,
    first_said: 0.06,
    lead_speech: 0.5,
    lead_prose: 1.5,
    lead_length: 0.04,
    length: 0.5,
    nominal: 5.0,
    personal: 3.0,
    filler: 3.0,
    stutter: 2.0,
    question: 0.9,
    unfinished: 0.8,
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
/// has none, see [`word_count`]), in the order they were said. At most about a third of the transcript is picked, but at least
/// one sentence if any is short enough. Deterministic: the same input gives the same picks.
#[must_use]
pub fn extract(passages: &[Passage], language: Language, max_words: usize) -> Vec<Pick> {
    let places: Vec<Pick> = places(passages).collect();
    let sentences = places
        .iter()
        .map(|pick| &passages[pick.passage].sentences[pick.sentence]);
    let candidates = Candidates::of(sentences, language);
    let all: usize = candidates.sentences.iter().map(|sentence| sentence.words).sum();
    let mut picked = candidates.pick(max_words.min(all / PART), Candidate::is_substantial);
    if picked.is_empty() {
        // A short or odd text: anything that fits, but one sentence alone.
        picked = candidates.pick(max_words, |_| true);
        picked.truncate(1);
    }
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
    fn of<'a>(sentences: impl Iterator<Item = &'a Sentence>, language: Language) -> Self {
        let mut vocabulary = Vocabulary::default();
        let read: Vec<(Candidate, Manner)> = sentences
            .enumerate()
            .map(|(index, sentence)| {
                let tokens = tokens(&sentence.text, language);
                let candidate = Candidate {
                    words: word_count(&sentence.text),
                    terms: vocabulary.terms(&tokens, index),
                    merit: 1.0,
                };
                (candidate, Manner::of(&sentence.text, &tokens, language))
            })
            .collect();
        let count = read.len();
        let worth = vocabulary.worth(count);
        let finished = read.iter().filter(|(_, manner)| manner.is_finished).count() * 2 > count;
        let lead = WEIGHTS.lead_prose + (WEIGHTS.lead_speech - WEIGHTS.lead_prose) * spokenness(&read);
        let sentences = read.into_iter().enumerate().map(|(index, (mut candidate, manner))| {
            let early = (-share(index, count) / WEIGHTS.lead_length).exp();
            candidate.merit =
                manner.merit(finished) * (1.0 + lead * early) / float(candidate.words.max(1)).powf(WEIGHTS.length);
            candidate
        });
        Self {
            sentences: sentences.collect(),
            worth,
        }
    }

    /// Picks the best of the eligible sentences that fits, again and again. Only what was just picked changes the worth of the others,
    /// and never upwards, so that most need not be looked at again.
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
            left -= self.sentences[index].words;
            picked.push(index);
            tenths[self.tenth(index)] += 1;
            for term in &self.sentences[index].terms {
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
    /// The different content words of a sentence. Two neighbouring characters are a word in scripts without spaces.
    fn terms(&mut self, tokens: &[Token], sentence: usize) -> Vec<usize> {
        let mut terms = Vec::new();
        let mut seen = HashSet::new();
        for (index, token) in tokens.iter().enumerate().filter(|(_, token)| !token.is_stop) {
            let stem = if token.stem.starts_with(is_spaceless) {
                let next = tokens
                    .get(index + 1)
                    .filter(|next| next.start == token.end && !next.is_stop);
                let Some(next) = next.filter(|next| next.stem.starts_with(is_spaceless)) else {
                    continue;
                };
                format!("{}{}", token.stem, next.stem)
            } else {
                token.stem.clone()
            };
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

/// How a sentence is said, whatever it is about.
struct Manner {
    tokens: usize,
    nominal: usize,
    personal: usize,
    fillers: usize,
    stutters: usize,
    is_question: bool,
    is_finished: bool,
}

impl Manner {
    fn of(text: &str, tokens: &[Token], language: Language) -> Self {
        let count = |is: &dyn Fn(&str) -> bool| tokens.iter().filter(|token| is(&token.normal)).count();
        let is_fragment = |word: &str| {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_lowercase) && letters.next().is_none() && !language.is_stop(word)
        };
        let repeats = |apart: usize| {
            let pairs = tokens.iter().zip(tokens.iter().skip(apart));
            pairs
                .filter(|(a, b)| a.normal == b.normal && !a.normal.starts_with(is_spaceless))
                .count()
        };
        let mark = text
            .trim_end_matches(['"', '”', '’', ')', '」', '』', '»'])
            .chars()
            .next_back();
        Self {
            tokens: tokens.len(),
            nominal: count(&|word| language.is_nominal(word)),
            personal: count(&|word| language.is_personal(word)),
            fillers: count(&|word| language.is_filler(word)),
            stutters: repeats(1) + repeats(2) / 2 + count(&is_fragment),
            is_question: mark.is_some_and(is_question_mark),
            is_finished: mark.is_some_and(is_end_mark),
        }
    }

    /// Over 1 for statements, under 1 for chatter. `others_finished`: whether most sentences of the transcript end in a mark.
    fn merit(&self, others_finished: bool) -> f64 {
        let sum = WEIGHTS.nominal * float(self.nominal)
            - WEIGHTS.personal * float(self.personal)
            - WEIGHTS.filler * float(self.fillers)
            - WEIGHTS.stutter * float(self.stutters);
        let mut merit = (sum / float(self.tokens.max(1))).exp();
        if self.is_question {
            merit *= WEIGHTS.question;
        }
        if others_finished && !self.is_finished {
            merit *= WEIGHTS.unfinished;
        }
        merit
    }
}

/// From 0 (written prose, where the first sentences say most) to 1 (speech), by how many words are fillers, "I" or "you".
fn spokenness(read: &[(Candidate, Manner)]) -> f64 {
    const PROSE: f64 = 0.01;
    const SPEECH: f64 = 0.06;
    let tokens: usize = read.iter().map(|(_, manner)| manner.tokens).sum();
    let spoken: usize = read.iter().map(|(_, manner)| manner.fillers + manner.personal).sum();
    ((float(spoken) / float(tokens.max(1)) - PROSE) / (SPEECH - PROSE)).clamp(0.0, 1.0)
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
    let mut body = String::new();
    for pick in picks {
        let Some(passage) = passages.get(pick.passage) else {
            continue;
        };
        let Some(sentence) = passage.sentences.get(pick.sentence) else {
            continue;
        };
        // Brackets in what was said must not look like a mark of ours, nor its first characters like Markdown's.
        let text = sentence.text.replace('[', "(").replace(']', ")");
        let text = text
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '*' | '+' | '#' | '>' | '–' | '—'));
        let mark = match quote(&sentence.text) {
            Some(quote) => format!("[{} \"{quote}\"]", passage.ordinal),
            None => format!("[{}]", passage.ordinal),
        };
        body.push_str(&format!("- {text} {mark}\n"));
    }
    body
}

/// The first four to ten words in a row that a mark can quote.
fn quote(text: &str) -> Option<String> {
    const FEWEST: usize = 4;
    const MOST: usize = 10;
    for run in text.split(['"', '[', ']', '\n']) {
        let mut quote = String::new();
        let mut words = 0;
        for word in run.split_inclusive(|c: char| c.is_whitespace() || is_spaceless(c)) {
            let next = word_count(&format!("{quote}{word}"));
            if next > MOST {
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
