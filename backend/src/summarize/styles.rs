//! The styles a summary can have, and the prompts that stand for them.

use super::prompts::Template;

/// A style.
#[derive(Debug)]
pub struct Style {
    /// What it is called in requests: `briefing`.
    pub name: &'static str,
    /// What people read: "Briefing".
    pub title: &'static str,
    /// What it gives, in one sentence.
    pub description: &'static str,
    /// Which words its prompts have: `briefing-1`.
    pub prompt_version: &'static str,
    /// The prompt for a transcript that fits into one call.
    pub(super) whole: Template,
    /// The prompt for notes on a part of a longer one.
    pub(super) part: Template,
    /// The prompt that makes one summary of such notes.
    pub(super) merge: Template,
}

/// There is no such style.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no style of that name. The styles are: {}.", names())]
pub struct UnknownStyle;

static STYLES: [Style; 1] = [Style {
    name: "briefing",
    title: "Briefing",
    description: "The answer to the title, then the key points by chapter.",
    prompt_version: "briefing-1",
    whole: Template(include_str!("../../prompts/briefing.md")),
    part: Template(include_str!("../../prompts/briefing-part.md")),
    merge: Template(include_str!("../../prompts/briefing-merge.md")),
}];

/// All styles; the first is the default.
#[must_use]
pub fn styles() -> &'static [Style] {
    &STYLES
}

/// The style of that name.
///
/// # Errors
/// [`UnknownStyle`], which names the ones there are.
pub fn find(name: &str) -> Result<&'static Style, UnknownStyle> {
    STYLES.iter().find(|style| style.name == name).ok_or(UnknownStyle)
}

fn names() -> String {
    STYLES.each_ref().map(|style| style.name).join(", ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_unknown_style_is_refused_with_the_ones_there_are() {
        assert_eq!(find("briefing").unwrap().title, "Briefing");
        let error = find("haiku").unwrap_err();
        assert_eq!(
            error.to_string(),
            "There is no style of that name. The styles are: briefing."
        );
    }

    #[test]
    fn prompts_say_the_version_that_summaries_are_kept_under() {
        for style in styles() {
            let version = style.prompt_version.rsplit('-').next().unwrap();
            for template in [&style.whole, &style.part, &style.merge] {
                let first_words = template.0.lines().nth(1).unwrap();
                let expected = format!("{}, version {version}: ", style.name);
                assert!(first_words.starts_with(&expected), "{first_words}");
            }
        }
    }
}
