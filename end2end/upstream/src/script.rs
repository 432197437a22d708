//! From written words to cues with times: a script is paragraphs under optional `## ` headings, spoken at a natural pace,
//! with pauses between the paragraphs that use up the rest of the video.

use crate::{captions::Cue, catalogue::Chapter};

/// Milliseconds that a character takes to say: some 15 a second, and some 6 where a character is a syllable.
const CHARACTER_MS: u64 = 66;
const SYLLABLE_MS: u64 = 170;

/// A text in paragraphs, each under the last heading before it.
pub(crate) struct Script {
    paragraphs: Vec<(Option<String>, String)>,
}

impl Script {
    pub(crate) fn read(text: &str) -> Self {
        let mut heading = None;
        let mut paragraphs = Vec::new();
        for part in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match part.strip_prefix("## ") {
                Some(title) => heading = Some(title.to_owned()),
                None => paragraphs.push((heading.take(), part.to_owned())),
            }
        }
        Self { paragraphs }
    }

    /// Cues and chapters over `total_ms`. Automatic captions come in short windows that overlap, as YouTube's do.
    pub(crate) fn spread(&self, total_ms: u64, auto: bool) -> (Vec<Cue>, Vec<Chapter>) {
        let spoken: u64 = self.paragraphs.iter().map(|(_, text)| duration(text)).sum();
        let available = total_ms.saturating_sub(3_000);
        let pause = available.saturating_sub(spoken) / (self.paragraphs.len() as u64).max(1);
        let percent = if spoken > available {
            available * 100 / spoken
        } else {
            100
        };

        let (mut cues, mut chapters) = (Vec::new(), Vec::new());
        let mut now = 0;
        for (heading, text) in &self.paragraphs {
            if let Some(title) = heading {
                chapters.push(Chapter {
                    start_ms: now / 1000 * 1000,
                    title: title.clone(),
                });
            }
            for text in lines(text, if auto { 36 } else { 74 }) {
                let length = duration(&text) * percent / 100;
                cues.push(Cue {
                    start_ms: now,
                    duration_ms: if auto { length + 1_900 } else { length },
                    text,
                });
                now += length;
            }
            now += pause;
        }
        (cues, chapters)
    }
}

fn duration(text: &str) -> u64 {
    text.chars()
        .map(|c| if is_syllable(c) { SYLLABLE_MS } else { CHARACTER_MS })
        .sum()
}

fn is_syllable(c: char) -> bool {
    ('\u{3000}'..='\u{9fff}').contains(&c)
}

/// Pieces of at most `width` columns, broken at spaces, and after a sentence where it ends in the second half of a line.
fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut columns = 0;
    for word in words(text) {
        let wide = word.chars().map(|c| if is_syllable(c) { 3 } else { 1 }).sum::<usize>();
        if columns > 0 && columns + wide > width {
            lines.push(std::mem::take(&mut line).trim().to_owned());
            columns = 0;
        }
        line.push_str(word);
        columns += wide;
        if columns > width / 2 && line.trim_end().ends_with(['.', '?', '。', '؟']) {
            lines.push(std::mem::take(&mut line).trim().to_owned());
            columns = 0;
        }
    }
    lines.push(line.trim().to_owned());
    lines.retain(|line| !line.is_empty());
    lines
}

/// Words with the space behind them; where a script has no spaces, up to its commas and stops.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '、', '。'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_keep_every_word_in_order() {
        let script = Script::read("## One\nFirst words here. And more.\n\nThe end of it.");
        let (cues, chapters) = script.spread(60_000, false);
        let said: Vec<&str> = cues.iter().map(|cue| cue.text.as_str()).collect();
        assert_eq!(said.join(" "), "First words here. And more. The end of it.");
        assert_eq!(
            chapters,
            [Chapter {
                start_ms: 0,
                title: "One".to_owned()
            }]
        );
    }

    #[test]
    fn too_much_text_is_said_faster() {
        let (cues, _) = Script::read(&"word ".repeat(400)).spread(20_000, false);
        assert!(cues.iter().all(|cue| cue.start_ms < 20_000));
    }

    #[test]
    fn automatic_windows_overlap() {
        let (cues, _) = Script::read(&"word ".repeat(40)).spread(60_000, true);
        assert!(
            cues.windows(2)
                .all(|pair| pair[0].start_ms + pair[0].duration_ms > pair[1].start_ms)
        );
    }
}
