//! Times as people write them: `0:42`, `12:34`, `1:02:03`.

/// `m:ss`, or `h:mm:ss` where `hours` says that the video reaches an hour.
#[must_use]
pub fn clock(ms: u64, hours: bool) -> String {
    let seconds = ms / 1000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours || h > 0 {
        format!("{h}:{m:02}:{s:02}")
    } else {
        format!("{m}:{s:02}")
    }
}

/// "1 h 42 min", "12 min", "40 s": how long something is.
#[must_use]
pub fn length(seconds: u32) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, _) => format!("{m} min"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
