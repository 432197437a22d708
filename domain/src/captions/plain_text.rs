//! Words without times: each line or paragraph that is not empty is a cue. `Speaker: words` stays as it is.

use super::{Draft, RawCue};

/// Noises have short names.
const MAX_NOISE_WORDS: usize = 3;

/// So have people.
const MAX_SPEAKER_WORDS: usize = 4;

/// Further on no closing bracket is looked for.
const MAX_NOISE_BYTES: usize = 60;

/// Reads all lines; what only names a noise is left out.
pub(super) fn read(text: &str) -> Draft {
    let cues = text
        .lines()
        .map(|line| RawCue {
            start_ms: None,
            end_ms: None,
            text: without_noise(line),
        })
        .collect();
    Draft { cues, language: None }
}

/// Removes `[Music]`, `{vocalsound}` and `<laugh>`, but not the words around them.
fn without_noise(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut rest = line;
    let mut removed = false;
    while let Some(at) = rest.find(['[', '{', '<']) {
        let (before, bracket) = rest.split_at(at);
        words.push_str(before);
        // `List<String>` is no noise.
        let glued = bracket.starts_with('<') && before.ends_with(char::is_alphanumeric);
        if let Some(after) = after_noise(bracket).filter(|_| !glued) {
            removed = true;
            // Not glued together: the noise was between two words.
            words.push(' ');
            rest = after;
        } else {
            let first = bracket.chars().next().map_or(0, char::len_utf8);
            words.push_str(bracket.get(..first).unwrap_or_default());
            rest = bracket.get(first..).unwrap_or_default();
        }
    }
    words.push_str(rest);
    if removed && is_silent(&words) {
        String::new()
    } else {
        words
    }
}

/// Whether nothing was said: `Ann:` and perhaps some dots.
fn is_silent(words: &str) -> bool {
    let said = match words.split_once(':') {
        Some((speaker, said)) if speaker.split_whitespace().count() <= MAX_SPEAKER_WORDS => said,
        _ => words,
    };
    !said.contains(char::is_alphanumeric)
}

/// What follows, where the text begins with a noise in brackets.
fn after_noise(text: &str) -> Option<&str> {
    let (open, inner) = text.split_at_checked(1)?;
    let (close, most_words) = match open {
        "[" => (']', MAX_NOISE_WORDS),
        "{" => ('}', MAX_NOISE_WORDS),
        _ => ('>', 1),
    };
    let near = inner.get(..inner.floor_char_boundary(MAX_NOISE_BYTES))?;
    let (name, _) = near.split_once(close)?;
    let after = inner.get(name.len() + 1..)?;
    let is_name = name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphabetic() || " _-'".contains(c))
        && name.split_whitespace().count() <= most_words;
    // `[Ann]: hello` names who speaks.
    (is_name && !after.trim_start().starts_with(':')).then_some(after)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::captions::read;
    use crate::transcript::Source;

    #[test]
    fn keeps_lines_and_drops_noise() {
        let text = "[Music]\n\nAnn: {vocalsound} well [Music] then<laugh> go\nBob: {disfmarker} .. {gap} .\n\
            [Ann]: yes [12] List<String> a[0] [a whole long aside here] {\n";
        let transcript = read(text, Source::Uploaded).unwrap();
        let cues: Vec<&str> = transcript.cues.iter().map(|cue| cue.text.as_str()).collect();
        assert_eq!(
            cues,
            [
                "Ann: well then<laugh> go",
                "[Ann]: yes [12] List<String> a[0] [a whole long aside here] {"
            ]
        );
        assert!(!transcript.is_timed());
    }
}
