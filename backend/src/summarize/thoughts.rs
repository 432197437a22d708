//! What a model thinks aloud before it answers is nobody's summary: [`super::body::tidy`] takes it off an answer that is
//! there, this off one that is still coming.

use super::WriteProgress;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Takes thoughts out of a text that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    place: Place,
    /// What has come and can't be told yet: the beginning of a tag, or white space before the answer.
    held: String,
}

/// Where in an answer the text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Nothing has come yet that is more than white space.
    #[default]
    Beginning,
    /// Between the tags.
    Thoughts,
    /// Words that may turn out to be thoughts: some servers begin them themselves, and only their end is sent.
    Words,
    /// After the thoughts, before the first word.
    Gap,
    /// The answer.
    Answer,
}

impl Thoughts {
    /// What of this progress is to be told.
    pub(super) fn hear(&mut self, progress: WriteProgress, on: &mut (dyn FnMut(WriteProgress) + Send)) {
        match progress {
            WriteProgress::Text(text) => self.text(text, on),
            WriteProgress::Start => {
                *self = Self::default();
                on(WriteProgress::Start);
            }
            part @ WriteProgress::Part { .. } => on(part),
        }
    }

    fn text(&mut self, mut more: String, on: &mut (dyn FnMut(WriteProgress) + Send)) {
        if self.place == Place::Answer {
            on(WriteProgress::Text(more));
            return;
        }
        self.held.push_str(&more);
        if self.place == Place::Beginning {
            let begun = self.held.trim_start();
            if let Some(thoughts) = begun.strip_prefix(OPEN) {
                self.held = thoughts.to_owned();
                self.place = Place::Thoughts;
            } else if OPEN.starts_with(begun) {
                return;
            } else {
                begun.clone_into(&mut more);
                self.held.clone_from(&more);
                self.place = Place::Words;
            }
        }
        match self.place {
            Place::Thoughts => match self.held.split_once(CLOSE) {
                Some((_, after)) => self.begin(after.to_owned(), on),
                None => keep_end(&mut self.held),
            },
            Place::Words => {
                let end = format!("\n{CLOSE}");
                if let Some((_, after)) = self.held.split_once(&end) {
                    // They were thoughts.
                    let after = after.to_owned();
                    on(WriteProgress::Start);
                    self.begin(after, on);
                } else {
                    on(WriteProgress::Text(more));
                    keep_end(&mut self.held);
                }
            }
            _ => {
                let after = std::mem::take(&mut self.held);
                self.begin(after, on);
            }
        }
    }

    /// Tells the answer from its first word on.
    fn begin(&mut self, after: String, on: &mut (dyn FnMut(WriteProgress) + Send)) {
        let answer = after.trim_start();
        self.place = if answer.is_empty() { Place::Gap } else { Place::Answer };
        self.held.clear();
        if !answer.is_empty() {
            on(WriteProgress::Text(answer.to_owned()));
        }
    }
}

/// Cuts a text down to its end, in which a tag may have begun.
fn keep_end(text: &mut String) {
    let cut = text.len().saturating_sub(CLOSE.len() + 1);
    text.drain(..text.ceil_char_boundary(cut));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is on the page after these pieces.
    fn shown(pieces: &[&str]) -> String {
        let mut thoughts = Thoughts::default();
        let mut page = String::new();
        let mut on = |progress| match progress {
            WriteProgress::Text(text) => page.push_str(&text),
            WriteProgress::Start => page.clear(),
            WriteProgress::Part { .. } => {}
        };
        for piece in pieces {
            thoughts.hear(WriteProgress::Text((*piece).to_owned()), &mut on);
        }
        page
    }

    #[test]
    fn thoughts_are_never_shown_however_they_are_cut() {
        let whole = "\n<think>Hm, <b>. What </thin is asked?</think>\n\nDeep. [1 \"of the lake\"] <think>";
        for size in 1..20 {
            let characters: Vec<char> = whole.chars().collect();
            let pieces: Vec<String> = characters.chunks(size).map(|piece| piece.iter().collect()).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            for many in 0..pieces.len() {
                let page = shown(&pieces[..many]);
                assert!("Deep. [1 \"of the lake\"] <think>".starts_with(&page), "{size}: {page}");
            }
            assert_eq!(shown(&pieces), "Deep. [1 \"of the lake\"] <think>");
        }
        assert_eq!(shown(&["<think>never", " ends"]), "");
    }

    #[test]
    fn thoughts_of_which_only_the_end_is_sent_go_when_they_end() {
        assert_eq!(shown(&["Hm, ", "ähm"]), "Hm, ähm");
        assert_eq!(shown(&["Hm, ", "ähm\n</th", "ink>", "\n", "Deep."]), "Deep.");
    }

    #[test]
    fn an_answer_without_thoughts_comes_as_it_is() {
        assert_eq!(
            shown(&["<", "b>Deep.", " </think> ", "Cold."]),
            "<b>Deep. </think> Cold."
        );
        assert_eq!(shown(&["Deep.\n", "日本", "語\n", "- Cold."]), "Deep.\n日本語\n- Cold.");
    }

    #[test]
    fn a_new_beginning_forgets_where_the_old_one_was() {
        let mut thoughts = Thoughts::default();
        let mut told = Vec::new();
        for progress in [
            WriteProgress::Text("<think>a".to_owned()),
            WriteProgress::Start,
            WriteProgress::Text("Deep.".to_owned()),
        ] {
            thoughts.hear(progress, &mut |progress| told.push(progress));
        }
        assert_eq!(told, [WriteProgress::Start, WriteProgress::Text("Deep.".to_owned())]);
    }
}
