//! What a submission left behind for the page that answers it: the text, what was wrong with it, what was accepted.
//!
//! The server provides a [`Flash`] by context when it answers `POST /submit` with the home page.

use domain::run::Run;
use serde::{Deserialize, Serialize};

/// A part of a submission that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// The line of the field, from 1; `None` for a file or for the whole.
    pub line: Option<u32>,
    /// The line, shortened, or the file's name.
    pub input: String,
    /// What is wrong with it and the way out: reads on after the input ("is not a YouTube link").
    pub message: String,
}

/// A prompt that was not kept, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptDraft {
    /// Its id; empty for a new one.
    pub id: String,
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
    /// Why it was not kept.
    pub message: String,
}

/// A question that was not taken, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionDraft {
    /// The question.
    pub text: String,
    /// The model that was chosen; empty for the usual one.
    pub model: String,
    /// The video that was asked; empty for all.
    pub video: String,
    /// The run on whose page it was asked; empty for none.
    pub run: String,
    /// The conversation it goes on with; empty for none.
    pub thread: String,
    /// Why it was not taken.
    pub message: String,
}

/// What became of a submission that was not accepted whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    /// What stays in the field.
    pub text: String,
    /// The parts that were not accepted.
    pub rejected: Vec<Rejected>,
    /// The runs of the parts that were.
    pub accepted: Vec<Run>,
    /// Instead of all that, where the form was a prompt's: what was typed.
    #[serde(default)]
    pub prompt: Option<PromptDraft>,
    /// Instead of all that, where the form was a question's: what was typed.
    #[serde(default)]
    pub question: Option<Box<QuestionDraft>>,
}

impl Flash {
    /// "3 of 5 lines accepted.", or `None` where nothing was.
    #[must_use]
    pub fn headline(&self) -> String {
        let (good, bad) = (self.accepted.len(), self.rejected.len());
        match (good, bad) {
            (0, 1) => "Nothing was accepted.".to_owned(),
            (0, _) => format!("None of {bad} lines was accepted."),
            _ => format!("{good} of {} lines accepted.", good + bad),
        }
    }

    /// What becomes of the rejected parts.
    #[must_use]
    pub fn aftermath(&self) -> Option<&'static str> {
        if self.text.trim().is_empty() {
            return None;
        }
        Some(match self.rejected.len() {
            0 => return None,
            1 => "It stays in the field.",
            2 => "Both stay in the field.",
            _ => "They stay in the field.",
        })
    }
}

impl Rejected {
    /// "Line 2, “htps:/…”, is not a YouTube link."
    #[must_use]
    pub fn sentence(&self) -> String {
        let message = self.message.trim_end_matches('.');
        match (self.line, self.input.is_empty()) {
            (Some(line), true) => format!("Line {line} {message}."),
            (Some(line), false) => format!("Line {line}, “{}”, {message}.", self.input),
            (None, false) => format!("“{}” {message}.", self.input),
            (None, true) => format!("{message}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(line: u32) -> Rejected {
        Rejected {
            line: Some(line),
            input: "htps:/…".to_owned(),
            message: "is not a YouTube link".to_owned(),
        }
    }

    #[test]
    fn a_rejected_line_is_named_beside_its_number() {
        assert_eq!(rejected(2).sentence(), "Line 2, “htps:/…”, is not a YouTube link.");
    }

    #[test]
    fn a_message_that_is_a_sentence_ends_in_one_full_stop() {
        let file = Rejected {
            line: None,
            input: "talk.pdf".to_owned(),
            message: "is not a transcript.".to_owned(),
        };
        assert_eq!(file.sentence(), "“talk.pdf” is not a transcript.");
    }

    #[test]
    fn the_aftermath_counts_what_stays() {
        let mut flash = Flash {
            text: "htps:/…".to_owned(),
            rejected: vec![rejected(2), rejected(5)],
            ..Flash::default()
        };
        assert_eq!(flash.headline(), "None of 2 lines was accepted.");
        assert_eq!(flash.aftermath(), Some("Both stay in the field."));
        flash.text.clear();
        assert_eq!(flash.aftermath(), None);
    }
}
