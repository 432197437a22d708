//! Which Japanese endings negate.

/// Endings that look like negations and are none, or are two: "must", "perhaps", "no doubt", "not only", "would it not be".
const OTHERS: [&str; 25] = [
    "少ない",
    "少なく",
    "満たない",
    "危ない",
    "ならない",
    "なりません",
    "いけない",
    "いけません",
    "ないと駄目",
    "ないとだめ",
    "ないとダメ",
    "ないといけ",
    "なければ",
    "なくては",
    "なくちゃ",
    "かもしれない",
    "かもしれません",
    "間違いない",
    "だけでなく",
    "ではなく",
    "じゃなく",
    "ではないか",
    "じゃないか",
    "じゃないです",
    "なくなる",
];

const NEGATIONS: [&str; 7] = ["ません", "ない", "なかった", "なく", "ずに", "ぬ", "無い"];

/// Other words for "not", which also stand in words that do not negate.
const OTHER_WORDS: [&str; 24] = [
    "なし", "ず、", "ず。", "れず", "えず", "らず", "わず", "かず", "さず", "たず", "未", "不", "非", "無", "省", "欠",
    "避", "断", "拒", "反対", "失敗", "やめ", "止め", "以外",
];

fn without_others(text: &str) -> String {
    OTHERS
        .iter()
        .fold(text.to_owned(), |text, other| text.replace(other, ""))
}

/// The ending by which a text surely negates.
pub(super) fn negation(text: &str) -> Option<&'static str> {
    let text = without_others(text);
    NEGATIONS.into_iter().find(|negation| text.contains(negation))
}

/// Whether a text may negate, in whatever words.
pub(super) fn may_negate(text: &str) -> bool {
    NEGATIONS
        .iter()
        .chain(&OTHER_WORDS)
        .any(|negation| text.contains(negation))
}
