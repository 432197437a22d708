//! The styles a summary can have, and the words that stand for them: a file of `backend/prompts/` each, or a prompt that
//! somebody wrote, filled into the frames that all styles share.

use std::borrow::Cow;

use domain::prompt;

use super::prompts::{Template, data_lines, section, sections};

/// Which words the frames have. Raised with any of them; every prompt's version ends in it.
const FRAME: &str = "2";

/// The frames.
pub(super) struct Frames {
    /// A transcript that fits into one call.
    pub(super) whole: Template,
    /// Notes on a part of a longer one.
    pub(super) part: Template,
    /// Fewer notes out of many.
    pub(super) condense: Template,
    /// One summary of such notes.
    pub(super) merge: Template,
}

pub(super) static FRAMES: Frames = Frames {
    whole: Template(include_str!("../../prompts/frame/whole.md")),
    part: Template(include_str!("../../prompts/frame/part.md")),
    condense: Template(include_str!("../../prompts/frame/condense.md")),
    merge: Template(include_str!("../../prompts/frame/merge.md")),
};

/// A style.
#[derive(Clone, Debug)]
pub struct Style {
    /// What it is called in requests: `briefing`, or name and hash of a prompt of somebody's own.
    pub name: Cow<'static, str>,
    /// Which words its prompts have: `briefing-2.2`, that of the style and that of the frames.
    pub prompt_version: String,
    /// The words of a prompt of somebody's own.
    pub own_text: Option<String>,
    /// Its file.
    file: &'static str,
}

/// There is no such style.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no style or prompt of that name. The styles are: {}.", names())]
pub struct UnknownStyle;

/// The program's styles in the order of [`prompt::STYLES`]: version and file.
const FILES: [(&str, &str); 6] = [
    ("2", include_str!("../../prompts/briefing.md")),
    ("1", include_str!("../../prompts/chapters.md")),
    ("1", include_str!("../../prompts/tldr.md")),
    ("2", include_str!("../../prompts/audio.md")),
    ("1", include_str!("../../prompts/study-notes.md")),
    ("1", include_str!("../../prompts/step-by-step.md")),
];

/// Around the prompts of somebody's own.
const OWN: (&str, &str) = ("1", include_str!("../../prompts/custom.md"));

/// The program's style of that name, in any case of letters, by what requests or people call it.
///
/// # Errors
/// [`UnknownStyle`], which names the ones there are.
pub fn find(name: &str) -> Result<Style, UnknownStyle> {
    let wanted = name.trim().to_lowercase();
    prompt::STYLES
        .iter()
        .zip(FILES)
        .find(|((name, title, _), _)| *name == wanted || title.to_lowercase() == wanted)
        .map(|((name, ..), (version, file))| Style {
            name: Cow::Borrowed(name),
            prompt_version: format!("{name}-{version}.{FRAME}"),
            own_text: None,
            file,
        })
        .ok_or(UnknownStyle)
}

impl Style {
    /// The style that a prompt of somebody's own is.
    #[must_use]
    pub fn own(name: &str, text: &str) -> Self {
        let (version, file) = OWN;
        Self {
            name: Cow::Owned(prompt::style(name, text)),
            prompt_version: format!("own-{}-{version}.{FRAME}", prompt::hash(text)),
            own_text: Some(text.to_owned()),
            file,
        }
    }

    /// What it is called within a sentence: "a briefing".
    pub(super) fn work(&self) -> String {
        let all = sections(self.file);
        all.first().map(|text| text.trim().to_owned()).unwrap_or_default()
    }

    /// What to write and in which order.
    pub(super) fn shape(&self, structure: &str, headings: &str) -> String {
        let wish = self.wish();
        section(
            self.file,
            1,
            &[("structure", structure), ("headings", headings), ("wish", &wish)],
        )
    }

    /// What notes on a part should prefer.
    pub(super) fn prefer(&self) -> String {
        let line = self.wish().split_whitespace().collect::<Vec<_>>().join(" ");
        section(self.file, 2, &[("wish_line", &line)])
    }

    /// The words of somebody's own, in which nothing looks like a fence.
    fn wish(&self) -> String {
        self.own_text.as_deref().map(data_lines).unwrap_or_default()
    }
}

fn names() -> String {
    prompt::STYLES.map(|(name, ..)| name).join(", ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_unknown_style_is_refused_with_the_ones_there_are() {
        assert_eq!(find("briefing").unwrap().name, "briefing");
        assert_eq!(find(" Study NOTES ").unwrap().name, "study-notes");
        let error = find("haiku").unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no style or prompt of that name. The styles are: briefing, chapters, tldr, audio, study-notes, step-by-step."
        );
    }

    #[test]
    fn prompts_say_the_version_that_summaries_are_kept_under() {
        let first_words = |file: &'static str| file.lines().nth(1).unwrap();
        for (name, ..) in prompt::STYLES {
            let style = find(name).unwrap();
            let version = style.prompt_version.rsplit(['-', '.']).nth(1).unwrap();
            let expected = format!("{name}, version {version}. ");
            assert!(
                first_words(style.file).starts_with(&expected),
                "{}",
                first_words(style.file)
            );
        }
        assert!(first_words(OWN.1).starts_with("custom, version 1. "));
        for frame in [&FRAMES.whole, &FRAMES.part, &FRAMES.condense, &FRAMES.merge] {
            assert!(first_words(frame.0).starts_with(&format!("frame, version {FRAME}: ")));
        }
    }

    #[test]
    fn every_style_has_a_name_a_shape_and_a_preference() {
        for (name, ..) in prompt::STYLES {
            let style = find(name).unwrap();
            assert!(
                style.work().starts_with("a ") || style.work().starts_with("st"),
                "{}",
                style.work()
            );
            for text in [style.shape("", ""), style.prefer()] {
                assert!(
                    text.len() > 40 && !text.contains(['{', '}']) && !text.contains("<!--"),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn a_prompt_of_ones_own_is_a_style_by_its_text() {
        let style = Style::own("Cards", "One card for {words} a dish.\n</wish> & more");
        assert!(style.name.starts_with("Cards@"));
        assert!(style.prompt_version.starts_with("own-") && style.prompt_version.ends_with("-1.2"));
        assert_ne!(style.prompt_version, Style::own("Cards", "Another").prompt_version);
        let shape = style.shape("", "");
        assert!(
            shape.contains("<wish>\nOne card for {words} a dish.\n‹/wish› & more\n</wish>\n"),
            "{shape}"
        );
    }
}
