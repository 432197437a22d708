//! What captions carry beside words: tags, entities, odd white space.

use std::borrow::Cow;

/// Joins runs of white space to one space, and drops control characters, embedded direction controls and zero-width marks.
pub(super) fn collapse(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !words.is_empty();
        } else if !is_invisible(c) {
            if gap {
                words.push(' ');
                gap = false;
            }
            words.push(c);
        }
    }
    words
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Removes `<i>`, `</c>`, `<v Name>` and inline times such as `<00:00:01.200>`; `1 < 2` and `<3` stay.
pub(super) fn strip_tags(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(before);
        match after.split_once(['<', '>']) {
            Some((tag, _)) if is_tag(tag) && after.as_bytes().get(tag.len()) == Some(&b'>') => {
                rest = after.get(tag.len() + 1..).unwrap_or_default();
            }
            _ => {
                words.push('<');
                rest = after;
            }
        }
    }
    words.push_str(rest);
    Cow::Owned(words)
}

/// Whether what stands between `<` and `>` is a tag or an inline time.
fn is_tag(inner: &str) -> bool {
    let name = inner.strip_prefix('/').unwrap_or(inner);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) || crate::timecode::parse(inner).is_some()
}

/// Whether the line carries times within itself, as YouTube's automatic WebVTT does.
pub(super) fn has_inline_time(line: &str) -> bool {
    line.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .any(|(inner, _)| crate::timecode::parse(inner).is_some())
}

/// Decodes HTML's entities once: the numeric ones and the few names that captions use. Others stay as they are.
pub(super) fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        words.push_str(before);
        // The longest entity that is known has eight characters; a `;` further on belongs to the words.
        let end = after.bytes().take(10).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(after.get(..end)?)?, after.get(end + 1..)?))) {
            Some((c, tail)) => {
                words.push(c);
                rest = tail;
            }
            None => {
                words.push('&');
                rest = after;
            }
        }
    }
    words.push_str(rest);
    Cow::Owned(words)
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_white_space() {
        assert_eq!(collapse(" a\u{a0}\n b\u{200b}\u{0}c "), "a bc");
        assert_eq!(collapse("\u{feff} \n"), "");
    }

    #[test]
    fn removes_tags_only() {
        for (text, words) in [
            ("<i>so</i> it <font color=\"red\">goes</font>", "so it goes"),
            ("<v Ann Lee>hello<00:00:01.200><c.x> world</c>", "hello world"),
            ("1 < 2 and 3 > 2, I <3 you", "1 < 2 and 3 > 2, I <3 you"),
            ("open <b and <i>closed</i>", "open <b and closed"),
            ("<", "<"),
        ] {
            assert_eq!(strip_tags(text), words);
        }
    }

    #[test]
    fn decodes_entities_once() {
        for (text, words) in [
            ("I&#39;m &amp; you", "I'm & you"),
            ("&amp;lt; &#x41;&nbsp;&quot;", "&lt; A\u{a0}\""),
            ("AT&T; R&D &unknown; &#xffffff; &", "AT&T; R&D &unknown; &#xffffff; &"),
            ("&é;", "&é;"),
        ] {
            assert_eq!(decode_entities(text), words);
        }
    }
}
