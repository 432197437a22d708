//! Names in Japanese, which has no capitals: people, places and origins by what is put behind them, shops and books by their quotation marks.

use super::Known;
use crate::{check::index::canonical, language::Language, tokens::tokens};

/// What is put behind people's names.
const BEHIND_PEOPLE: [&str; 6] = ["さん", "さま", "くん", "ちゃん", "氏", "先生"];

/// What is put behind the names of places: station, prefecture, city, town, village, university, "from".
const BEHIND_PLACES: [&str; 7] = ["駅", "県", "市", "町", "村", "大学", "産"];

/// What stands before these and is no name.
const PLAIN: [&str; 20] = [
    "担任",
    "学校",
    "大学",
    "最寄",
    "終着",
    "始発",
    "都道府",
    "政令",
    "地方",
    "国立",
    "私立",
    "公立",
    "国内",
    "海外",
    "外国",
    "自家",
    "地元",
    "県内",
    "市区",
    "城下",
];

/// The first name of a Japanese claim that the passages do not say: a person, a place, or a title in its quotation marks.
pub(super) fn unknown<'t>(text: &'t str, known: &Known<'_>) -> Option<&'t str> {
    const LONGEST_TITLE: usize = 12;
    // A character a word.
    let said = known.words.concat();
    let is_said = |name: &str| said.contains(&as_indexed(name));
    let people = behind(text, &BEHIND_PEOPLE).map(|run| {
        let run = last_apposition(run);
        if is_said(run) { run } else { last_of_one_script(run) }
    });
    let places = behind(text, &BEHIND_PLACES).map(|run| last_of_one_script(last_apposition(run)));
    // 「松風珈琲」: a shop, a book.
    let titles = text.split('「').skip(1).filter_map(|rest| {
        let (title, _) = rest.split_once('」')?;
        (title.chars().count() <= LONGEST_TITLE && title.chars().all(is_part)).then_some(title)
    });
    people
        .chain(places)
        .chain(titles)
        .find(|name| name.chars().count() > 1 && !PLAIN.contains(name) && !is_said(name))
}

/// A name in katakana, or a place, that stands before the same words as another one in the quoted sentences: "ツキノワの表面" for "ホシノワの
/// 表面". Both names.
pub(super) fn swapped<'t>(text: &'t str, known: &Known<'_>, quoted: &str) -> Option<(&'t str, String)> {
    const LEAST_FOREIGN: usize = 3;
    const PLACED: [&str; 2] = ["にある", "にあっ"];
    let said = known.words.concat();
    runs(text).into_iter().find_map(|(run, rest)| {
        let is_foreign = run.chars().count() >= LEAST_FOREIGN && run.chars().all(is_foreign);
        let next = following(rest).filter(|_| is_foreign);
        let next = next.or_else(|| PLACED.into_iter().find(|placed| rest.starts_with(placed)))?;
        if run.chars().count() < 2 || said.contains(&as_indexed(run)) {
            return None;
        }
        let theirs = runs(quoted)
            .into_iter()
            .find(|(theirs, rest)| rest.starts_with(next) && !text.contains(theirs) && theirs.chars().count() > 1)?;
        Some((run, theirs.0.to_owned()))
    })
}

/// "の" with two characters of the noun behind it.
fn following(rest: &str) -> Option<&str> {
    let end = rest.char_indices().nth(3).map(|(at, _)| at)?;
    let noun = rest[..end].strip_prefix('の')?;
    noun.chars().all(is_part).then_some(&rest[..end])
}

/// The runs of kanji and katakana in a text, each with what follows it.
fn runs(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let run = &rest[start..];
        let end = run.find(|c| !is_part(c)).unwrap_or(run.len());
        found.push(run.split_at(end));
        rest = &run[end..];
    }
    found
}

/// What stands before these in a text, each a run of kanji and katakana.
fn behind<'t>(text: &'t str, names: &'static [&'static str]) -> impl Iterator<Item = &'t str> {
    let places = names.iter().flat_map(|name| text.match_indices(name));
    places.map(|(at, _)| &text[text[..at].trim_end_matches(is_part).len()..at])
}

/// As the index has it; of a character that is a number (百瀬) what it is worth.
fn as_indexed(name: &str) -> String {
    let mut tokens = tokens(name, Language::Japanese);
    tokens
        .iter_mut()
        .map(|token| {
            canonical(token, Language::Japanese);
            std::mem::take(&mut token.normal)
        })
        .collect()
}

fn is_part(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{30a0}'..='\u{30ff}' | '々')
}

fn is_foreign(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}')
}

/// "鵜飼正則" of "マスター鵜飼正則".
fn last_of_one_script(name: &str) -> &str {
    let Some(last) = name.chars().next_back() else {
        return name;
    };
    let rest = name.trim_end_matches(|c: char| is_foreign(c) == is_foreign(last));
    &name[rest.len()..]
}

/// "美緒" of "妻・美緒"; a name of several foreign words stays whole.
fn last_apposition(name: &str) -> &str {
    let is_foreign = |text: &str| text.chars().all(is_foreign);
    match name.rsplit_once('・') {
        Some((before, last)) if !(is_foreign(before) && is_foreign(last)) => last,
        _ => name,
    }
}
