//! Answers that were cut off at their limit of tokens: what of them is whole, whether the rest is worth asking for, and
//! how both are put together. Pure functions.

use super::body::{tidy, words};

/// Shorter lines and sentences ("Yes.", "---") come again in good answers as well.
const SHORTEST_REPEATED: usize = 20;

/// A line that stands so often in an answer shows that the model goes round in circles.
const CIRCLES: usize = 3;

/// How many bytes a round has of an answer that goes round in circles.
const ROUND: std::ops::RangeInclusive<usize> = SHORTEST_REPEATED..=800;

/// So many rounds without a word between them are no accident.
const ROUNDS: usize = 4;

/// Rulings of a table come again in good answers as well.
const LEAST_WORDS: usize = 3;

/// What of a cut answer can stand: up to its last whole line or, where more is whole of the last one, up to the end of a
/// sentence there. Half a claim may have lost its mark, so where there are marks, only what is behind one is whole.
pub(super) fn whole_part(text: &str) -> &str {
    let line = text.trim_end_matches('\n').rfind('\n').map_or(0, |end| end + 1);
    let end = sentence_ends(text).last().unwrap_or(0).max(line);
    &text[..end]
}

/// Where sentences end, outside of marks and with those that follow them.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let has_marks = text.match_indices('[').any(|(at, _)| {
        text[at + 1..]
            .trim_start_matches('#')
            .starts_with(|c: char| c.is_ascii_digit())
    });
    let mut in_mark = false;
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let end = at + c.len_utf8();
        let rest = &text[end..];
        let next = rest.chars().next();
        let behind_mark = before == ']';
        let before_this = std::mem::replace(&mut before, c);
        match c {
            '[' => in_mark = true,
            ']' => in_mark = false,
            _ => {}
        }
        let is_end = match c {
            _ if in_mark => false,
            // Marks that follow one another belong to one claim, as does the stop behind them.
            ']' => !rest.trim_start().starts_with('[') && !next.is_some_and(|next| ".!?。".contains(next)),
            '。' | '！' | '？' => behind_mark || !has_marks,
            // Half of "3.5" is no sentence.
            '.' | '!' | '?' | '…' => {
                (behind_mark || !has_marks)
                    && match next {
                        Some(next) => next.is_whitespace(),
                        None => !before_this.is_ascii_digit(),
                    }
            }
            _ => false,
        };
        is_end.then_some(end)
    })
}

/// Whether there is nothing to be gained by asking for the rest: it has as many words as it may have, or says the same
/// thing again and again.
pub(super) fn is_enough(text: &str, most_words: u32) -> bool {
    let most = usize::try_from(most_words).unwrap_or(usize::MAX);
    words(tidy(text)) >= most || circling(text).is_some() || goes_round(text)
}

/// Whether an answer that is still being written goes round in circles: it ends in the same words over and over. Small models do so
/// until they are stopped, which takes minutes and costs money; headings and thoughts that come again with other words between them do not
/// count.
pub(super) fn goes_round(text: &str) -> bool {
    let text = text.as_bytes();
    let has_words = |block: &[u8]| {
        let words = block.split(u8::is_ascii_whitespace);
        words
            .filter(|word| word.iter().any(u8::is_ascii_alphanumeric) || !word.is_ascii())
            .count()
            >= LEAST_WORDS
    };
    ROUND.take_while(|round| round * ROUNDS <= text.len()).any(|round| {
        let (_, tail) = text.split_at(text.len() - round * ROUNDS);
        let (first, rest) = tail.split_at(round);
        rest.chunks(round).all(|block| block == first) && has_words(first)
    })
}

/// The last whole line or sentence, if it stands there too often.
fn circling(text: &str) -> Option<&str> {
    let whole = whole_part(text).trim_end();
    let line = &whole[whole.rfind('\n').map_or(0, |end| end + 1)..];
    let sentence = {
        let before = sentence_ends(line).filter(|end| *end < line.len()).last().unwrap_or(0);
        line[before..].trim_start()
    };
    [line, sentence]
        .into_iter()
        .find(|said| said.chars().count() >= SHORTEST_REPEATED && whole.matches(said).count() >= CIRCLES)
}

/// The whole part of an answer that is not continued, each line once, and without the circles it ends in.
pub(super) fn ended(text: &str) -> String {
    let mut whole = whole_part(text);
    if whole.is_empty() {
        whole = without_open_mark(text);
    }
    if let Some(said) = circling(text)
        && let Some((second, _)) = whole.match_indices(said).nth(1)
    {
        whole = &whole[..second];
    }
    let mut known = std::collections::HashSet::new();
    let lines = whole
        .lines()
        .filter(|line| line.chars().count() < SHORTEST_REPEATED || known.insert(line.trim()));
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// A text without the half of a mark that it ends with.
fn without_open_mark(text: &str) -> &str {
    match text.rfind('[') {
        Some(open) if !text[open..].contains(']') => text[..open].trim_end(),
        _ => text,
    }
}

/// A beginning and the rest that was asked for: models that begin all over again, or with the last line they were shown, are not
/// written down twice.
pub(super) fn joined(begun: &str, rest: &str) -> String {
    let line = |text: &str| text.trim().lines().next().unwrap_or_default().trim().to_owned();
    let first = line(begun);
    if first.chars().count() >= SHORTEST_REPEATED && line(rest) == first {
        let longer = if rest.len() >= begun.len() { rest } else { begun };
        return longer.to_owned();
    }
    let last = begun.trim_end().lines().next_back().unwrap_or_default().trim();
    let rest = if line(rest) == last {
        rest.trim_start().split_once('\n').map_or("", |(_, after)| after)
    } else {
        rest
    };
    if begun.is_empty() || begun.ends_with('\n') {
        return format!("{begun}{}", rest.trim_start_matches('\n'));
    }
    let rest = rest.trim_start_matches(' ');
    let is_spaced = !rest.starts_with('\n') && begun.ends_with(|c: char| c.is_ascii());
    format!("{begun}{}{rest}", if is_spaced { " " } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_claim_is_left_out() {
        for (text, whole) in [
            ("a\n\n- b\n- c [1 \"x", "a\n\n- b\n"),
            // A narrative: one paragraph, no marks.
            (
                "The sea comes. The moon pulls. It is 3.",
                "The sea comes. The moon pulls.",
            ),
            ("The sea comes. The moon pulls.", "The sea comes. The moon pulls."),
            (
                "Intro here.\n\nThe sea comes. The moon",
                "Intro here.\n\nThe sea comes.",
            ),
            ("潮が満ちる。月が引く。そし", "潮が満ちる。月が引く。"),
            // Where there are marks, a sentence without one is not whole.
            (
                "The sea comes [1 \"tide\"]. The moon pulls. [2 \"mo",
                "The sea comes [1 \"tide\"].",
            ),
            (
                "The sea comes. [1 \"tide\"] [2 \"sea\"] The moon",
                "The sea comes. [1 \"tide\"] [2 \"sea\"]",
            ),
            ("One [1 \"a. b\"], two [2", "One [1 \"a. b\"]"),
            ("a [1 \"x", ""),
            ("", ""),
        ] {
            assert_eq!(whole_part(text), whole, "{text}");
        }
    }

    #[test]
    fn what_is_long_enough_or_goes_round_in_circles_is_not_continued() {
        assert!(is_enough("One two three.", 3));
        assert!(!is_enough("One two three.", 4));
        let line = "- The tide comes in twice a day. [3 \"twice a day\"]\n";
        assert!(!is_enough(&line.repeat(2), 500));
        assert!(is_enough(&line.repeat(3), 500));
        let text = format!("Intro of this.\n{}- The ti", line.repeat(5));
        assert_eq!(ended(&text), format!("Intro of this.\n{}", line.trim_end()));
        assert!(
            is_enough(&"It is deep. It is cold. ".repeat(6), 500),
            "short sentences as well"
        );
        let sentence = "The moon pulls at the water all day. ".repeat(6);
        assert!(is_enough(&sentence, 500));
        assert_eq!(ended(&sentence), "The moon pulls at the water all day.");
        assert_eq!(ended("Nothing whole here [4 \"qu"), "Nothing whole here");
        assert_eq!(ended("- Yes.\n- No.\n- Yes.\n"), "- Yes.\n- No.\n- Yes.");
    }

    #[test]
    fn only_the_same_words_without_others_between_go_round() {
        let line = "- The tide comes in twice a day. [3 \"twice a day\"]\n";
        assert!(!goes_round(&line.repeat(3)));
        assert!(goes_round(&line.repeat(4)));
        // Wherever it is cut, and in a round of several lines.
        let rounds = format!("Intro.\n{}", format!("{line}- The moon pulls at the sea.\n").repeat(5));
        assert!(goes_round(&rounds[..rounds.len() - 30]));
        assert!(goes_round(&"The moon pulls at the water. ".repeat(6)));
        assert!(goes_round(&"潮が満ちる。 月が引く。 水が動く。 ".repeat(4)));
        for good in [
            (0..9)
                .map(|n| format!("**What the speaker claims:**\n- Claim number {n}. [{n} \"a b c\"]\n"))
                .collect(),
            (0..99).map(|n| format!("Tide number {n} came. ")).collect(),
            "-".repeat(200),
            "| --- | --- | --- |\n".repeat(9),
            String::new(),
        ] {
            assert!(!goes_round(&good), "{good}");
        }
    }

    #[test]
    fn halves_are_joined_without_saying_things_twice() {
        for (begun, rest, expected) in [
            ("a\n- b\n", "\n- c", "a\n- b\n- c"),
            ("One ends here.", "Two begins.", "One ends here. Two begins."),
            ("One ends here.", "\n\n## Two", "One ends here.\n\n## Two"),
            ("潮が満ちる。", "月が引く。", "潮が満ちる。月が引く。"),
            (
                "a\n- the last line\n",
                "- the last line\n- c",
                "a\n- the last line\n- c",
            ),
            ("", "all of it", "all of it"),
            (
                "The tide comes in twice a day.\n- b\n",
                "The tide comes in twice a day.\n- b\n- c",
                "The tide comes in twice a day.\n- b\n- c",
            ),
        ] {
            assert_eq!(joined(begun, rest), expected, "{begun} + {rest}");
        }
    }
}
