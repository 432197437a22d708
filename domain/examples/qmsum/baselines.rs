//! What any summariser has to beat: the first words, random sentences, and Luhn's clusters of frequent words.

use std::collections::{HashMap, HashSet};

use domain::{
    language::Language,
    sentences::Sentence,
    tokens::{tokens, word_count},
};

/// The first sentences.
pub(crate) fn lead(sentences: &[Sentence], words: usize) -> String {
    fill(sentences, (0..sentences.len()).collect(), words)
}

/// Sentences in an order that is random but the same in each run.
pub(crate) fn random(sentences: &[Sentence], words: usize) -> String {
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut state = 42_u64;
    for index in (1..order.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(index, usize::try_from(state >> 33).unwrap_or(0) % (index + 1));
    }
    fill(sentences, order, words)
}

/// Luhn 1958: the densest cluster of frequent words decides; gaps of up to four other words are allowed in one.
#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
pub(crate) fn luhn(sentences: &[Sentence], words: usize) -> String {
    let tokens: Vec<_> = sentences
        .iter()
        .map(|sentence| tokens(&sentence.text, Language::English))
        .collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for token in tokens.iter().flatten().filter(|token| !token.is_stop) {
        *counts.entry(&token.stem).or_default() += 1;
    }
    let mut by_count: Vec<(&str, usize)> = counts.into_iter().collect();
    by_count.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let significant: HashSet<&str> = by_count
        .iter()
        .take(by_count.len() / 10)
        .map(|(stem, _)| *stem)
        .collect();
    let score = |index: usize| {
        let at: Vec<usize> = (0..tokens[index].len())
            .filter(|i| significant.contains(tokens[index][*i].stem.as_str()))
            .collect();
        at.chunk_by(|a, b| b - a <= 4)
            .map(|cluster| {
                (cluster.len() * cluster.len()) as f64 / (cluster[cluster.len() - 1] - cluster[0] + 1) as f64
            })
            .fold(0.0, f64::max)
    };
    let mut order: Vec<(usize, f64)> = (0..sentences.len()).map(|index| (index, score(index))).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    fill(sentences, order.into_iter().map(|(index, _)| index).collect(), words)
}

/// Takes sentences in `order` while they fit, and gives them as they were said.
fn fill(sentences: &[Sentence], order: Vec<usize>, words: usize) -> String {
    let mut left = words;
    let mut taken = Vec::new();
    for index in order {
        let length = word_count(&sentences[index].text);
        if length <= left {
            left -= length;
            taken.push(index);
        }
    }
    taken.sort_unstable();
    taken
        .iter()
        .map(|index| sentences[*index].text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}
