//! What a file is called: the title, without what file systems, shells and eyes can be tricked with.

/// Letters of a name.
const MOST_CHARS: usize = 80;

/// Bytes of a name: file systems take 255, and an ending comes behind it.
const MOST_BYTES: usize = 180;

/// A file's name without its ending, from a title.
#[must_use]
pub fn file_stem(title: &str) -> String {
    let clean = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => ' ',
        c if c.is_control() || is_invisible(c) => ' ',
        c => c,
    };
    let words: String = title.chars().map(clean).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut stem = String::new();
    for c in words.trim_start_matches(['.', '-', '~', ' ']).chars().take(MOST_CHARS) {
        if stem.len() + c.len_utf8() > MOST_BYTES {
            break;
        }
        stem.push(c);
    }
    let stem = stem.trim_end_matches(['.', ' ']);
    if stem.is_empty() {
        "summary".to_owned()
    } else if is_device(stem) {
        format!("{stem} file")
    } else {
        stem.to_owned()
    }
}

/// Marks that change the direction of what follows, which make `exe.pdf` of `fdp.exe`, and letters without width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

/// Names that Windows keeps for devices, whatever their ending.
fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or(stem).trim_end().to_ascii_uppercase();
    let port = |kind: &str| {
        first
            .strip_prefix(kind)
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL") || port("COM") || port("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn titles_stay_readable() {
        assert_eq!(
            file_stem("Why the tides come twice a day"),
            "Why the tides come twice a day"
        );
        assert_eq!(file_stem("潮汐: 为什么?"), "潮汐 为什么");
        assert_eq!(file_stem("مرحبا 🌊"), "مرحبا 🌊");
    }

    #[test]
    fn nothing_leaves_the_folder_or_hides() {
        assert_eq!(file_stem("../../etc/passwd"), "etc passwd");
        assert_eq!(file_stem("..\\..\\x"), "x");
        assert_eq!(file_stem(".bashrc"), "bashrc");
        assert_eq!(file_stem("-rf ~"), "rf ~");
        assert_eq!(file_stem("a\r\nSet-Cookie: b=\"c\"\0"), "a Set-Cookie b= c");
        assert_eq!(file_stem("photo\u{202e}gnp.exe"), "photo gnp.exe");
        assert_eq!(file_stem("con.txt"), "con.txt file");
        assert_eq!(file_stem("com7"), "com7 file");
        assert_eq!(file_stem(" ... "), "summary");
        assert_eq!(file_stem(&"é".repeat(500)).chars().count(), 80);
        assert!(file_stem(&"潮".repeat(500)).len() <= MOST_BYTES);
    }

    proptest! {
        #[test]
        fn any_title_gives_a_name(title in ".{0,300}") {
            let stem = file_stem(&title);
            prop_assert!(!stem.is_empty() && stem.len() <= MOST_BYTES + 5);
            prop_assert!(!stem.contains(['/', '\\', '"', '\n', '\r', '\0']));
            prop_assert!(!stem.starts_with('.') && !stem.ends_with(['.', ' ']));
        }
    }
}
