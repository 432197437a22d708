//! Rolling captions: automatic captions written as WebVTT (or turned from that into SRT) show two lines at a time, so that each
//! line stands in the file two or three times. Here each is kept once.

use super::{Draft, markup::collapse};

/// A cue line by line.
pub(super) struct LineCue {
    pub(super) start_ms: i64,
    pub(super) end_ms: i64,
    /// Tidied, none of them empty.
    pub(super) lines: Vec<String>,
}

impl LineCue {
    pub(super) fn new((start_ms, end_ms): (i64, i64)) -> Self {
        Self {
            start_ms,
            end_ms,
            lines: Vec::new(),
        }
    }

    /// Adds a line unless it is blank.
    pub(super) fn push(&mut self, line: &str) {
        let line = collapse(line);
        if !line.is_empty() {
            self.lines.push(line);
        }
    }
}

/// Lines roll on without a pause; after a longer one, equal words were said again.
const MAX_PAUSE_MS: i64 = 1_000;

/// Captions that roll show two or three lines.
const MAX_LINES: usize = 4;

/// Fewer cues than this are too few to tell by.
const MIN_CUES: usize = 4;

/// Makes cues of lines. Where the file rolls (`certain`, or most cues begin with the last lines of the one before),
/// repeated lines are left out.
pub(super) fn collapse_cues(cues: Vec<LineCue>, certain: bool) -> Draft {
    let rolls = certain || looks_rolling(&cues);
    let mut draft = Draft::default();
    let mut before: Option<LineCue> = None;
    for cue in cues {
        let repeated = match &before {
            Some(before) if rolls => overlap(before, &cue),
            _ => 0,
        };
        let words = cue.lines.get(repeated..).unwrap_or_default().join(" ");
        draft.push(cue.start_ms, cue.end_ms, words);
        before = Some(cue);
    }
    draft
}

fn looks_rolling(cues: &[LineCue]) -> bool {
    let pairs = || cues.iter().zip(cues.iter().skip(1));
    let repeating = pairs().filter(|(before, cue)| overlap(before, cue) > 0).count();
    // A cue of several lines that repeats some of them shows that it is rolling, not someone who says "no" four times.
    let growing = pairs().any(|(before, cue)| (1..cue.lines.len()).contains(&overlap(before, cue)));
    cues.len() >= MIN_CUES && growing && repeating * 2 >= cues.len()
}

/// How many lines at the beginning of `cue` are the last ones of `before`.
fn overlap(before: &LineCue, cue: &LineCue) -> usize {
    if cue.start_ms.saturating_sub(before.end_ms) > MAX_PAUSE_MS {
        return 0;
    }
    (1..=cue.lines.len().min(before.lines.len()).min(MAX_LINES))
        .rev()
        .find(|count| before.lines.ends_with(cue.lines.get(..*count).unwrap_or_default()))
        .unwrap_or(0)
}
