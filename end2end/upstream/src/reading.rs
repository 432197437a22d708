//! What the fixture model understands of a prompt: the numbered passages, or the notes of a merge, and how long the answer may be.

/// A numbered passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) number: u32,
    pub(crate) text: String,
    /// The `## ` line above it; empty where there is none.
    pub(crate) chapter: String,
}

/// A sentence that already ends in marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) chapter: String,
}

/// What is to be summarised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Material {
    Passages(Vec<Passage>),
    Notes(Vec<Note>),
}

/// A prompt, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) material: Material,
    /// Words that the answer may have.
    pub(crate) words: usize,
    /// Whether points are to stand under the names of the chapters.
    pub(crate) grouped: bool,
    /// Whether list items alone are wanted: notes on a part, for a merge.
    pub(crate) items_only: bool,
    /// What is asked of the passages, where they are not to be summarised.
    pub(crate) question: Option<String>,
}

/// Reads a prompt, the standing orders and the task in one.
pub(crate) fn read(prompt: &str) -> Task {
    let material = match (fence(prompt, "passages"), fence(prompt, "notes")) {
        (Some(inside), _) => Material::Passages(passages(&inside)),
        (None, Some(inside)) => Material::Notes(notes(&inside)),
        (None, None) => match passages(prompt) {
            none if none.is_empty() => Material::Notes(notes(prompt)),
            some => Material::Passages(some),
        },
    };
    Task {
        material,
        words: limit(prompt).unwrap_or(170),
        grouped: prompt.contains("\"## \""),
        items_only: prompt.contains("Write the notes"),
        question: fence(prompt, "question"),
    }
}

/// What stands between lines that begin with `<name` and `</name`.
fn fence(prompt: &str, name: &str) -> Option<String> {
    let (open, close) = (format!("<{name}"), format!("</{name}"));
    let mut lines = prompt.lines().skip_while(|line| !line.trim_start().starts_with(&open));
    lines.next()?;
    Some(
        lines
            .take_while(|line| !line.trim_start().starts_with(&close))
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// Lines `[12] text`, with lines that go on without a number, under `## ` lines.
fn passages(text: &str) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut chapter = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("## ") {
            chapter = name.to_owned();
        } else if let Some((number, text)) = numbered(line) {
            passages.push(Passage {
                number,
                text: text.to_owned(),
                chapter: chapter.clone(),
            });
        } else if let Some(last) = passages.last_mut() {
            last.text.push(' ');
            last.text.push_str(line);
        }
    }
    passages
}

/// `[12] text`
fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, text) = line.strip_prefix('[')?.split_once(']')?;
    let text = text.trim();
    Some((number.trim_start_matches('#').parse().ok()?, text)).filter(|_| !text.is_empty())
}

/// Lines that end in a mark, without their bullets, under `## ` lines.
fn notes(text: &str) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut chapter = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("## ") {
            chapter = name.to_owned();
            continue;
        }
        let line = line.trim_start_matches(['-', '*', '•', ' ']);
        let mark = line
            .trim_end_matches('.')
            .strip_suffix(']')
            .and_then(|line| line.rsplit_once('['));
        if mark.is_some_and(|(words, mark)| !words.is_empty() && mark.starts_with(|c: char| c.is_ascii_digit())) {
            notes.push(Note {
                text: line.to_owned(),
                chapter: chapter.clone(),
            });
        }
    }
    notes
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
            "Between <passages> and </passages>, like this: [12] words\n[3] not one\nat most 90 words\n<passages>\n[1] One\nand more\n## Next\n[2] Two\n</passages>",
        );
        let passage = |number, text: &str, chapter: &str| Passage {
            number,
            text: text.to_owned(),
            chapter: chapter.to_owned(),
        };
        assert_eq!(
            task.material,
            Material::Passages(vec![passage(1, "One and more", ""), passage(2, "Two", "Next")])
        );
        assert_eq!((task.words, task.grouped, task.items_only), (90, false, false));
    }

    #[test]
    fn without_a_fence_any_numbered_line_counts() {
        let Material::Passages(passages) = read("Summarise\n[7] Seven\n[8] Eight").material else {
            unreachable!("they are passages")
        };
        assert_eq!(passages.len(), 2);
    }

    #[test]
    fn notes_are_lines_that_end_in_marks_and_evidence_is_not_taken_for_passages() {
        let task = read(
            "Marks look like [12 \"four to ten words\"].\n<notes>\n## Two\n- It boils. [4 \"it boils at last\"]\nNo mark.\n</notes>\n<evidence>\n[4] It boils at last.\n</evidence>",
        );
        let note = Note {
            text: "It boils. [4 \"it boils at last\"]".to_owned(),
            chapter: "Two".to_owned(),
        };
        assert_eq!(task.material, Material::Notes(vec![note]));
    }
}
