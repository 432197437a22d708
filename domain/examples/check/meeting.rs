//! Meetings in QMSum's format, cut into passages, with the sentences of their human answers as claims.

use std::collections::HashSet;

use domain::{
    language::Language,
    passages::{Passage, passages},
    sentences::Sentence,
    tokens::{Token, tokens},
    transcript::Span,
};
use serde_json::Value;

/// Milliseconds a word takes.
const WORD_MS: u64 = 400;

pub struct Meeting {
    pub passages: Vec<Passage>,
    pub claims: Vec<True>,
}

/// A true claim: its words and the index of its passage.
pub struct True {
    pub text: String,
    pub passage: usize,
    /// Two more of its evidence, those that come next.
    pub others: Vec<usize>,
    pub quote: String,
}

/// Reads a meeting.
pub fn meeting(json: &Value) -> Meeting {
    let turns = json["meeting_transcripts"].as_array().expect("turns");
    let mut sentences = Vec::new();
    let mut turn_of = Vec::new();
    for (turn, said) in turns.iter().enumerate() {
        for text in split(said["content"].as_str().unwrap_or("")) {
            let start_ms = sentences
                .last()
                .and_then(|last: &Sentence| last.span)
                .map_or(0, |span| span.end_ms);
            let end_ms = start_ms + WORD_MS * text.split_whitespace().count() as u64;
            sentences.push(Sentence {
                text,
                span: Some(Span { start_ms, end_ms }),
                speaker: said["speaker"].as_str().map(str::to_owned),
            });
            turn_of.push(turn);
        }
    }
    let passages = passages(&sentences, &[]);
    let mut turns_of: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for passage in &passages {
        let end = at + passage.sentences.len();
        turns_of.push((turn_of[at], turn_of[end - 1]));
        at = end;
    }
    let mut claims = Vec::new();
    for query in json["specific_query_list"].as_array().expect("queries") {
        let spans: Vec<(usize, usize)> = query["relevant_text_span"]
            .as_array()
            .expect("spans")
            .iter()
            .filter_map(|span| Some((span[0].as_str()?.parse().ok()?, span[1].as_str()?.parse().ok()?)))
            .collect();
        let evidence: Vec<usize> = (0..passages.len())
            .filter(|passage| {
                spans
                    .iter()
                    .any(|(from, to)| turns_of[*passage].0 <= *to && turns_of[*passage].1 >= *from)
            })
            .collect();
        for text in split(query["answer"].as_str().unwrap_or("")) {
            if evidence.is_empty() || content(&text, Language::English).len() < 3 {
                continue;
            }
            let passage = best(&passages, evidence.iter().copied(), &text);
            let quote = quote(&passages[passage], &text);
            let mut rest: Vec<usize> = evidence.iter().copied().filter(|other| *other != passage).collect();
            let mut others = Vec::new();
            while others.len() < 2 && !rest.is_empty() {
                let next = best(&passages, rest.iter().copied(), &text);
                rest.retain(|other| *other != next);
                others.push(next);
            }
            claims.push(True {
                text,
                passage,
                others,
                quote,
            });
        }
    }
    Meeting { passages, claims }
}

/// Sentences of QMSum's tokenised text.
fn split(text: &str) -> Vec<String> {
    let words = text
        .split_whitespace()
        .filter(|word| !word.starts_with('{') && !word.contains(['[', ']', '"']));
    let mut sentences = vec![String::new()];
    for word in words {
        let last = sentences.last_mut().expect("one");
        let is_mark = matches!(word, "." | "," | "?" | "!" | ";" | ":") || word.starts_with('\'');
        if !last.is_empty() && !is_mark {
            last.push(' ');
        }
        // Spelled letters ("T_V_") as speech recognition writes them.
        last.push_str(&word.replace('_', ""));
        if word.ends_with(['.', '?', '!']) {
            sentences.push(String::new());
        }
    }
    sentences.retain(|sentence| sentence.contains(char::is_alphabetic));
    sentences
}

/// The stems that say something.
pub fn content(text: &str, language: Language) -> HashSet<String> {
    tokens(text, language)
        .into_iter()
        .filter(|token| !token.is_stop)
        .map(|token| token.stem)
        .collect()
}

/// The passage that has most of a claim's stems.
pub fn best(passages: &[Passage], among: impl IntoIterator<Item = usize>, text: &str) -> usize {
    let claim = content(text, Language::English);
    among
        .into_iter()
        .max_by_key(|at| {
            (
                content(&passages[*at].text(), Language::English)
                    .intersection(&claim)
                    .count(),
                usize::MAX - at,
            )
        })
        .unwrap_or(0)
}

/// Up to eight words of a passage in a row: those that have most of the claim's.
pub fn quote(passage: &Passage, text: &str) -> String {
    let claim = content(text, Language::English);
    let words = |tokens: &[Token]| {
        tokens
            .iter()
            .filter(|token| !token.is_stop && claim.contains(&token.stem))
            .count()
    };
    let mut best = (0, String::new());
    for sentence in &passage.sentences {
        let tokens = tokens(&sentence.text, Language::English);
        for window in tokens.windows(tokens.len().clamp(1, 8)) {
            let content = window.iter().filter(|token| !token.is_stop).count();
            let score = words(window) * 100 + content;
            if score > best.0 {
                best = (
                    score,
                    sentence.text[window[0].start..window[window.len() - 1].end].to_owned(),
                );
            }
        }
    }
    best.1
}
