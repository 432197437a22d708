//! Postgres' text search in `domain`'s words: writing `tsvector` and `tsquery` as text. Lexemes are the stems as they are;
//! Postgres' own parser, which would cut them again by rules of its own, never sees them.

use std::fmt::Write;

use domain::search::Reading;

/// Postgres counts no further.
const LAST_POSITION: usize = 16_383;

/// Where a word stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Weight {
    /// In the title.
    A,
    /// In the summary.
    B,
    /// In a passage.
    D,
}

/// Stems in their order as a `tsvector`.
pub(super) fn vector(stems: &[String], weight: Weight) -> String {
    let weight = match weight {
        Weight::A => "A",
        Weight::B => "B",
        Weight::D => "",
    };
    let mut vector = String::new();
    for (position, stem) in (1..).zip(stems) {
        // Stems have no quotes and no backslashes (`domain::tokens::search_terms`). Writing to a string can't fail.
        let _ = write!(vector, "'{stem}':{}{weight} ", position.min(LAST_POSITION));
    }
    vector
}

/// Readings of a query as `tsquery`.
#[derive(Debug, Default)]
pub(super) struct TsQuery {
    /// What all that is found must fulfil, its phrases taken as words that stand anywhere.
    pub(super) loose: String,
    /// Each reading so.
    pub(super) readings: Vec<String>,
    /// The phrases: to which reading each belongs (from 1), the phrase, and whether it must occur or must not.
    pub(super) phrase_of: Vec<i64>,
    pub(super) phrases: Vec<String>,
    pub(super) phrase_wanted: Vec<bool>,
    /// Of each reading its longest phrase, as a `tsvector`; empty where a reading has none.
    pub(super) longest: Vec<String>,
    /// Whether each reading is one phrase and nothing else.
    pub(super) is_phrase: bool,
    /// Any of the words.
    pub(super) any: String,
}

pub(super) fn query(readings: &[Reading]) -> TsQuery {
    let mut query = TsQuery::default();
    let mut any: Vec<String> = Vec::new();
    for (number, reading) in (1_i64..).zip(readings) {
        let words = reading.wanted.iter().map(|phrase| join(phrase, " & "));
        let without = reading.unwanted.iter().filter(|phrase| phrase.len() == 1);
        let without = without.map(|phrase| format!("!{}", join(phrase, " & ")));
        query
            .readings
            .push(words.chain(without).collect::<Vec<_>>().join(" & "));
        let phrases = [(&reading.wanted, true), (&reading.unwanted, false)];
        for (phrase, is_wanted) in phrases
            .into_iter()
            .flat_map(|(all, wanted)| all.iter().map(move |one| (one, wanted)))
        {
            if phrase.len() > 1 {
                query.phrase_of.push(number);
                query.phrases.push(join(phrase, " <-> "));
                query.phrase_wanted.push(is_wanted);
            }
        }
        any.extend(reading.wanted.iter().map(|phrase| join(phrase, " <-> ")));
    }
    let longest = readings.iter().map(|reading| {
        let longest = reading.wanted.iter().max_by_key(|phrase| phrase.len());
        longest.filter(|phrase| phrase.len() > 1)
    });
    let longest: Option<Vec<String>> = longest.map(|phrase| Some(vector(phrase?, Weight::D))).collect();
    query.longest = longest.unwrap_or_default();
    query.is_phrase = !query.longest.is_empty()
        && readings
            .iter()
            .all(|reading| reading.wanted.len() == 1 && reading.unwanted.is_empty());
    any.sort();
    any.dedup();
    query.any = any.join(" | ");
    let readings = query.readings.iter().map(|reading| format!("({reading})"));
    query.loose = readings.collect::<Vec<_>>().join(" | ");
    query
}

fn join(phrase: &[String], by: &str) -> String {
    let quoted: Vec<String> = phrase.iter().map(|stem| format!("'{stem}'")).collect();
    format!("({})", quoted.join(by))
}

#[cfg(test)]
mod tests {
    use domain::search::Query;

    use super::*;

    #[test]
    fn stems_keep_their_places() {
        let stems = ["kettl", "3.5", "kettl"].map(str::to_owned);
        assert_eq!(vector(&stems, Weight::A), "'kettl':1A '3.5':2A 'kettl':3A ");
        assert_eq!(vector(&[], Weight::D), "");
    }

    #[test]
    fn a_query_is_loose_where_places_are_not_known() {
        let query = query(&Query::parse("kettle \"water sings\" -steam").readings());
        assert!(query.loose.contains("('kettl') & ('water' & 'sing') & "), "{query:?}");
        assert!(query.loose.contains("!('steam')"), "{query:?}");
        assert!(query.phrases.contains(&"('water' <-> 'sing')".to_owned()), "{query:?}");
        let any: Vec<&str> = query.any.split(" | ").collect();
        assert!(
            any.contains(&"('kettl')") && any.contains(&"('water' <-> 'sing')"),
            "{query:?}"
        );
        assert_eq!(query.phrase_of.len(), query.phrases.len());
    }

    #[test]
    fn the_longest_phrase_of_each_reading_is_looked_up() {
        let asked = |typed: &str| query(&Query::parse(typed).readings());
        let both = asked("\"大桥\" \"3 4 5\"");
        assert_eq!(both.longest, ["'3':1 '4':2 '5':3 "]);
        assert!(!both.is_phrase);
        assert!(asked("\"3 4\" or \"5 6\"").is_phrase);
        assert!(!asked("\"3 4\" -5").is_phrase);
        // 7 stands alone, so all that has it must be found.
        assert!(asked("\"3 4\" or 7").longest.is_empty());
        assert!(asked("-\"3 4\" 7").longest.is_empty());
    }
}
