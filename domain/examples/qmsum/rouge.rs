//! ROUGE-1, -2 and -L as `rouge_score` 0.1.2 computes them with its stemmer on: F1 in per cent.

use std::collections::HashMap;

use crate::porter;

/// ROUGE-1, ROUGE-2 and ROUGE-L.
pub(crate) type Scores = [f64; 3];

/// How well a summary agrees with a reference.
pub(crate) fn rouge(reference: &str, summary: &str) -> Scores {
    let (reference, summary) = (words(reference), words(summary));
    [
        n_gram(&reference, &summary, 1),
        n_gram(&reference, &summary, 2),
        f1(common_subsequence(&reference, &summary), reference.len(), summary.len()),
    ]
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(|word| {
            if word.len() > 3 {
                porter::stem(word)
            } else {
                word.to_owned()
            }
        })
        .collect()
}

fn n_gram(reference: &[String], summary: &[String], n: usize) -> f64 {
    let count = |words: &[String]| {
        let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
        for gram in words.windows(n) {
            *counts.entry(gram.to_vec()).or_default() += 1;
        }
        counts
    };
    let (of_reference, of_summary) = (count(reference), count(summary));
    let common = of_reference
        .iter()
        .map(|(gram, count)| *count.min(of_summary.get(gram).unwrap_or(&0)))
        .sum();
    f1(common, of_reference.values().sum(), of_summary.values().sum())
}

fn common_subsequence(one: &[String], other: &[String]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for a in one {
        let mut diagonal = 0;
        for (index, b) in other.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if a == b { diagonal + 1 } else { above.max(row[index]) };
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn f1(common: usize, reference: usize, summary: usize) -> f64 {
    if common == 0 {
        return 0.0;
    }
    let (precision, recall) = (common as f64 / summary as f64, common as f64 / reference as f64);
    100.0 * 2.0 * precision * recall / (precision + recall)
}
