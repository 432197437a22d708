//! Names in Japanese, which has no capitals: people by what is put behind their names, shops and books by their quotation marks.

use super::Known;
use crate::{check::index::canonical, language::Language, tokens::tokens};

/// The first person of a Japanese claim, known by what is put behind names ("北原さん"), whom the passages do not name; or the first title in
/// its quotation marks.
pub(super) fn unknown<'t>(text: &'t str, known: &Known<'_>) -> Option<&'t str> {
    const BEHIND: [&str; 5] = ["さん", "さま", "くん", "ちゃん", "氏"];
    const LONGEST_TITLE: usize = 12;
    // A character a word; of one that is a number (百瀬) what it is worth.
    let said = known.words.concat();
    let as_indexed = |name: &str| -> String {
        let mut tokens = tokens(name, Language::Japanese);
        tokens
            .iter_mut()
            .map(|token| {
                canonical(token, Language::Japanese);
                std::mem::take(&mut token.normal)
            })
            .collect()
    };
    let is_said = |name: &str| said.contains(&as_indexed(name));
    let is_part = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{30a0}'..='\u{30ff}' | '々');
    let people = BEHIND
        .iter()
        .flat_map(|behind| text.match_indices(behind))
        .map(|(at, _)| {
            let run = last_apposition(&text[text[..at].trim_end_matches(is_part).len()..at]);
            if is_said(run) { run } else { last_of_one_script(run) }
        });
    // 「松風珈琲」: a shop, a book.
    let titles = text.split('「').skip(1).filter_map(|rest| {
        let (title, _) = rest.split_once('」')?;
        (title.chars().count() <= LONGEST_TITLE && title.chars().all(is_part)).then_some(title)
    });
    people
        .chain(titles)
        .find(|name| name.chars().count() > 1 && !is_said(name))
}

/// "鵜飼正則" of "マスター鵜飼正則".
fn last_of_one_script(name: &str) -> &str {
    let is_foreign = |c: char| matches!(c, '\u{30a0}'..='\u{30ff}');
    let Some(last) = name.chars().next_back() else {
        return name;
    };
    let rest = name.trim_end_matches(|c: char| is_foreign(c) == is_foreign(last));
    &name[rest.len()..]
}

/// "美緒" of "妻・美緒"; a name of several foreign words stays whole.
fn last_apposition(name: &str) -> &str {
    let is_foreign = |text: &str| text.chars().all(|c| matches!(c, '\u{30a0}'..='\u{30ff}'));
    match name.rsplit_once('・') {
        Some((before, last)) if !(is_foreign(before) && is_foreign(last)) => last,
        _ => name,
    }
}
