//! Answers that nobody could read, kept so that somebody can: without what identifies a visitor or signs a request, cut to a
//! size that can be sent in a report, and only the last few of them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::Utc;

/// Answers that are kept; older ones are removed.
const MOST: usize = 20;
/// Bytes of an answer that are looked at.
const MOST_BYTES: usize = 64 * 1024;
/// A run of letters and digits as long as this is no word.
const OPAQUE: usize = 16;
/// Even without a digit.
const ENDLESS: usize = 40;

/// Parts of the names whose values are not kept.
const SECRET: [&str; 21] = [
    "token",
    "visitor",
    "signature",
    "sig",
    "lsig",
    "cookie",
    "key",
    "session",
    "auth",
    "pot",
    "secret",
    "password",
    "ei",
    "ip",
    "ipbits",
    "expire",
    "email",
    "tracking",
    "continuation",
    "nonce",
    "datasync",
];

/// The folder of samples, where there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples(Option<PathBuf>);

impl Samples {
    pub(super) fn new(folder: Option<PathBuf>) -> Self {
        Self(folder)
    }

    /// Keeps an answer to `what` (`player`, `captions`); the file's name, `None` where it can't be kept.
    pub(super) async fn keep(&self, what: &str, answer: &[u8]) -> Option<String> {
        let folder = self.0.clone()?;
        let what: String = what
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let name = format!(
            "{}-{:04x}-{what}.txt",
            Utc::now().format("%Y%m%dT%H%M%S%3f"),
            rand::random::<u16>()
        );
        let cut = answer.get(..answer.len().min(MOST_BYTES)).unwrap_or_default().to_vec();
        let kept = tokio::task::spawn_blocking({
            let name = name.clone();
            move || write(&folder, &name, &redacted(&String::from_utf8_lossy(&cut)))
        })
        .await;
        match kept {
            Ok(Ok(())) => Some(name),
            Ok(Err(error)) => {
                tracing::debug!(%error, "an answer that could not be read could not be kept either");
                None
            }
            Err(_) => None,
        }
    }

    /// The names of those that are kept, the newest first.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = self
            .0
            .as_deref()
            .and_then(|folder| names(folder).ok())
            .unwrap_or_default();
        names.reverse();
        names
    }
}

fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    // The folder around it is somebody else's to make: a command leaves no traces where no server runs.
    if !folder.is_dir() {
        fs::create_dir(folder)?;
    }
    fs::write(folder.join(name), text)?;
    let kept = names(folder)?;
    for old in kept.iter().take(kept.len().saturating_sub(MOST)) {
        fs::remove_file(folder.join(old))?;
    }
    Ok(())
}

/// The samples in a folder, oldest first: their names begin with the time.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("20") && name.ends_with(".txt"))
        .collect();
    names.sort();
    Ok(names)
}

/// A text without the values of names that stand for secrets, and without what looks like one. It need not be whole JSON or XML:
/// broken answers are the ones that are kept.
fn redacted(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut secret = false;
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|c| !is_part_of_word(c)).unwrap_or(rest.len());
        if length == 0 {
            // Between a name and its value stand quotes, colons and the like, of any depth of quoting.
            secret &= "\"':= \\\n\t[{".contains(c);
            kept.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (word, after) = rest.split_at(length);
        if secret || is_opaque(word) {
            kept.push_str("[redacted]");
            secret = false;
        } else {
            kept.push_str(word);
            secret = is_secret(word);
        }
        rest = after;
    }
    kept
}

fn is_part_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-%.+~".contains(c)
}

/// Whether it is a name whose value is not kept: `visitorData`, `poToken`, `X-Goog-Visitor-Id`, `sig`.
fn is_secret(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    SECRET.iter().any(|name| {
        if name.len() > 4 {
            lower.contains(name)
        } else {
            lower == *name || lower.ends_with(&format!("_{name}"))
        }
    }) || lower.ends_with("key")
}

/// Whether it looks like a token, a key or an address.
fn is_opaque(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    let is_address = word.split('.').count() == 4 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    is_address || word.len() >= ENDLESS || (word.len() >= OPAQUE && is_mixed)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_identifies_or_signs_is_not_kept_and_what_explains_is() {
        let text = r#"{"responseContext":{"visitorData":"CgtGuest","serviceTrackingParams":[{"k":"v"}]},
            "playabilityStatus":{"status":"OK","reason":"Sign in"},"videoId":"jNQXAC9IVRw",
            "baseUrl":"https://www.youtube.com/api/timedtext?v=jNQXAC9IVRw&ip=203.0.113.9&expire=176&signature=AB.CD&key=yt8&pot=x1&lang=en",
            "INNERTUBE_API_KEY":"AIza","set-cookie":"a=b","nested":"{\"poToken\":\"MlsX\"}","id":"AIzaSyA8eiZmM1FaDVjRy",
            "remote":"198.51.100.7","lengthSeconds":"316""#;
        let kept = redacted(text);
        for gone in [
            "CgtGuest",
            "203.0.113.9",
            "176",
            "AB.CD",
            "yt8",
            "x1",
            "AIza",
            "MlsX",
            "198.51.100.7",
        ] {
            assert!(!kept.contains(gone), "{gone} in {kept}");
        }
        for stays in [
            "playabilityStatus",
            "Sign in",
            "jNQXAC9IVRw",
            "lang=en",
            "/api/timedtext",
            "lengthSeconds\":\"316",
        ] {
            assert!(kept.contains(stays), "{stays} not in {kept}");
        }
    }

    #[tokio::test]
    async fn the_last_twenty_are_kept_cut_to_size() {
        let folder = tempfile::tempdir().unwrap();
        let samples = Samples::new(Some(folder.path().join("samples")));
        for number in 0..25 {
            let answer = format!("{number} {}", "word ".repeat(20_000));
            assert!(
                samples
                    .keep("player/x", answer.as_bytes())
                    .await
                    .unwrap()
                    .ends_with("-player-x.txt")
            );
            // Their order is that of the milliseconds in their names.
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        let names = samples.names();
        assert_eq!(names.len(), MOST);
        let newest = fs::read_to_string(folder.path().join("samples").join(&names[0])).unwrap();
        assert!(newest.starts_with("24 "), "{}", &newest[..20]);
        assert!(newest.len() <= MOST_BYTES);
    }

    #[tokio::test]
    async fn no_folder_is_made_where_no_server_keeps_its_data() {
        let folder = tempfile::tempdir().unwrap();
        let samples = Samples::new(Some(folder.path().join("data/samples")));
        assert_eq!(samples.keep("player", b"{").await, None);
        assert!(!folder.path().join("data").exists());
        assert_eq!(Samples::default().keep("player", b"{").await, None);
    }
}
