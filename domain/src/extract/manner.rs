//! How something is said, whatever it is about: statements are worth more to a summary than chatter, and the start of an article
//! more than the start of a talk.

use super::float;
use crate::{
    language::{Language, is_end_mark, is_question_mark, is_spaceless},
    tokens::Token,
};

/// Articles and prepositions make statements. This and the next three: exponents of the share of such words in a sentence.
const NOMINAL: f64 = 5.0;
/// "I" and "you" make conversation.
const PERSONAL: f64 = 3.0;
const FILLER: f64 = 3.0;
/// "the the", "w we".
const STUTTER: f64 = 2.0;
/// What a question is multiplied by.
const QUESTION: f64 = 0.9;
/// The same where others end in a mark and this one does not.
const UNFINISHED: f64 = 0.8;
/// How much the start of speech counts.
const SPEECH: Lead = Lead {
    strength: 0.5,
    length: 0.04,
};
/// How much the start of an article counts.
const PROSE: Lead = Lead {
    strength: 5.0,
    length: 0.12,
};
/// How many sentences an article has.
const ARTICLE: f64 = 60.0;

/// How a sentence is said, whatever it is about.
pub(crate) struct Manner {
    tokens: usize,
    nominal: usize,
    personal: usize,
    fillers: usize,
    stutters: usize,
    is_question: bool,
    /// Whether it ends in a mark.
    pub(super) is_finished: bool,
}

impl Manner {
    pub(crate) fn of(text: &str, tokens: &[Token], language: Language) -> Self {
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

    /// Whether it is said without a filler and without a stutter.
    pub(crate) fn is_fluent(&self) -> bool {
        self.fillers == 0 && self.stutters == 0
    }

    /// Over 1 for statements, under 1 for chatter. `others_finished`: whether most sentences of the transcript end in a mark.
    pub(crate) fn merit(&self, others_finished: bool) -> f64 {
        let sum = NOMINAL * float(self.nominal)
            - PERSONAL * float(self.personal)
            - FILLER * float(self.fillers)
            - STUTTER * float(self.stutters);
        let mut merit = (sum / float(self.tokens.max(1))).exp();
        if self.is_question {
            merit *= QUESTION;
        }
        if others_finished && !self.is_finished {
            merit *= UNFINISHED;
        }
        merit
    }
}

/// How much the start of a text counts: worth up to `1 + strength` times as much, fading over `length` of the whole.
#[derive(Clone, Copy)]
pub(super) struct Lead {
    strength: f64,
    length: f64,
}

impl Lead {
    /// The lead of a transcript. Articles say what matters first; an hour of well-read narration does so no more than talk does.
    pub(super) fn of(manners: &[Manner]) -> Self {
        let article = (ARTICLE / float(manners.len().max(1))).min(1.0) * (1.0 - spokenness(manners));
        Self {
            strength: SPEECH.strength + (PROSE.strength - SPEECH.strength) * article,
            length: SPEECH.length + (PROSE.length - SPEECH.length) * article,
        }
    }

    /// What the worth of a sentence is multiplied by, by its place: 0 is the start of the transcript, 1 its end.
    pub(super) fn factor(self, place: f64) -> f64 {
        1.0 + self.strength * (-place / self.length).exp()
    }
}

/// From 0 (written prose, where the first sentences say most) to 1 (speech), by how many words are fillers, "I" or "you".
fn spokenness(manners: &[Manner]) -> f64 {
    const NONE: f64 = 0.02;
    const ALL: f64 = 0.08;
    let tokens: usize = manners.iter().map(|manner| manner.tokens).sum();
    let spoken: usize = manners.iter().map(|manner| manner.fillers + manner.personal).sum();
    ((float(spoken) / float(tokens.max(1)) - NONE) / (ALL - NONE)).clamp(0.0, 1.0)
}
