//! What the fixture model understands of a prompt: the numbered passages, or the notes of a merge, and how long the answer may be.

/// A numbered passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) number: u32,
    pub(crate) text: String,
}

/// What is to be summarised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Passages(Vec<Passage>),
    /// Sentences that already end in marks.
    Notes(Vec<String>),
}

/// A prompt, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) material: Material,
    /// Words that the answer may have.
    pub(crate) words: usize,
}

/// Reads a prompt: system and user text in one.
pub(crate) fn read(prompt: &str) -> Task {
    let fenced = prompt.lines().any(|line| line.trim_start().starts_with("<passages"));
    let mut inside = !fenced;
    let mut passages: Vec<Passage> = Vec::new();
    let mut outside = String::new();
    for line in prompt.lines().map(str::trim) {
        if line.starts_with("<passages") {
            inside = true;
        } else if fenced && line.starts_with("</passages") {
            inside = false;
        } else if let Some(passage) = numbered(line).filter(|_| inside) {
            passages.push(passage);
        } else if fenced && inside && !line.is_empty() && !line.starts_with(['#', '<']) {
            // A passage over several lines.
            if let Some(last) = passages.last_mut() {
                last.text.push(' ');
                last.text.push_str(line);
            }
        } else if !(fenced && inside) {
            outside.push_str(line);
            outside.push('\n');
        }
    }
    let material = if passages.is_empty() {
        Material::Notes(notes(&outside))
    } else {
        Material::Passages(passages)
    };
    Task {
        material,
        words: limit(&outside).unwrap_or(170),
    }
}

/// `[12] text`
fn numbered(line: &str) -> Option<Passage> {
    let (number, text) = line.strip_prefix('[')?.split_once(']')?;
    let text = text.trim();
    Some(Passage {
        number: number.trim_start_matches('#').parse().ok()?,
        text: text.to_owned(),
    })
    .filter(|_| !text.is_empty())
}

/// Lines that end in a mark, without their bullets. Examples in the orders name no number and do not count.
fn notes(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.trim_start_matches(['-', '*', '•', ' ']))
        .filter(|line| line.trim_end_matches('.').ends_with(']'))
        .filter(|line| {
            line.rsplit_once('[')
                .is_some_and(|(words, mark)| !words.is_empty() && mark.starts_with(|c: char| c.is_ascii_digit()))
        })
        .map(str::to_owned)
        .collect()
}

/// The last "N words" that is said: the task comes after the standing orders.
fn limit(text: &str) -> Option<usize> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = words
        .windows(2)
        .rev()
        .find(|pair| pair[1].starts_with("words") && pair[0].parse::<usize>().is_ok_and(|n| n >= 30));
    found.and_then(|pair| pair[0].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_read_from_their_fence_alone() {
        let task = read(
            "Cite like this:\n[3] not a passage\nat most 90 words\n<passages>\n[1] One\nand more\n[2] Two\n</passages>",
        );
        let passage = |number, text: &str| Passage {
            number,
            text: text.to_owned(),
        };
        assert_eq!(
            task.material,
            Material::Passages(vec![passage(1, "One and more"), passage(2, "Two")])
        );
        assert_eq!(task.words, 90);
    }

    #[test]
    fn without_a_fence_any_numbered_line_counts() {
        let Material::Passages(passages) = read("Summarise\n[7] Seven\n[8] Eight").material else {
            unreachable!("they are passages")
        };
        assert_eq!(passages.len(), 2);
    }

    #[test]
    fn notes_are_lines_that_end_in_marks() {
        let task = read("Merge these notes.\n<notes>\n- It boils. [4 \"it boils at last\"]\nNo mark here.\n</notes>");
        assert_eq!(
            task.material,
            Material::Notes(vec!["It boils. [4 \"it boils at last\"]".to_owned()])
        );
    }
}
