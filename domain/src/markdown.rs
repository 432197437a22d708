//! Inline Markdown in claims: emphasis and code, as data. Never HTML: pages make elements of it and exports escape it, so
//! nothing that a model or a title says can become markup.

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Text(String),
    /// `*emphasis*`
    Emphasis(String),
    /// `**strong**`
    Strong(String),
    /// `` `code` ``
    Code(String),
}

impl Inline {
    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Emphasis(text) | Self::Strong(text) | Self::Code(text) => text,
        }
    }

    fn with(&self, text: &str) -> Self {
        let text = text.to_owned();
        match self {
            Self::Text(_) => Self::Text(text),
            Self::Emphasis(_) => Self::Emphasis(text),
            Self::Strong(_) => Self::Strong(text),
            Self::Code(_) => Self::Code(text),
        }
    }
}

/// Reads a line. What is not closed stays as it was written; a link's label stays, its address goes.
#[must_use]
pub fn inlines(line: &str) -> Vec<Inline> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some((inline, after)) = marked(rest, plain.chars().next_back()) {
            if !plain.is_empty() {
                found.push(Inline::Text(std::mem::take(&mut plain)));
            }
            match inline {
                Inline::Text(text) => plain.push_str(&text),
                other => found.push(other),
            }
            rest = after;
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        found.push(Inline::Text(plain));
    }
    found
}

/// Cuts a line before its last word, so that a time can be glued to it. A word without spaces that is long (Chinese, an
/// address) is cut before its last two characters.
#[must_use]
pub fn split_last_word(line: &[Inline]) -> (Vec<Inline>, Option<Inline>) {
    const LONGEST: usize = 24;
    let Some((last, before)) = line.split_last() else {
        return (Vec::new(), None);
    };
    let text = last.text().trim_end();
    let mut cut = text
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace())
        .map_or(0, |(at, c)| at + c.len_utf8());
    if text[cut..].chars().count() > LONGEST {
        cut = text.char_indices().rev().nth(1).map_or(cut, |(at, _)| at);
    }
    let mut head = before.to_vec();
    if cut > 0 {
        head.push(last.with(&text[..cut]));
    }
    let tail = (!text[cut..].is_empty()).then(|| last.with(&text[cut..]));
    (head, tail)
}

/// The words alone.
#[must_use]
pub fn plain(line: &str) -> String {
    inlines(line).iter().map(Inline::text).collect()
}

/// A line whose links have become their labels; all else stays as it was written.
#[must_use]
pub fn without_links(line: &str) -> String {
    let mut words = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some((label, after)) = link(rest) {
            words.push_str(label);
            rest = after;
        } else {
            words.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    words
}

/// The label of a link at the start of `rest`, and what follows the link.
fn link(rest: &str) -> Option<(&str, &str)> {
    let (label, after) = rest.strip_prefix('[')?.split_once("](")?;
    let (address, after) = after.split_once(')')?;
    let is_link = !label.contains(['[', ']']) && !address.contains(char::is_whitespace);
    is_link.then_some((label, after))
}

/// A marked piece at the start of `rest`, and what follows it.
fn marked(rest: &str, before: Option<char>) -> Option<(Inline, &str)> {
    if let Some(after) = rest.strip_prefix('\\') {
        let escaped = after.chars().next().filter(char::is_ascii_punctuation)?;
        return Some((Inline::Text(escaped.to_string()), &after[escaped.len_utf8()..]));
    }
    if let Some((label, after)) = link(rest) {
        return Some((Inline::Text(label.to_owned()), after));
    }
    type Make = fn(String) -> Inline;
    let fences: [(&str, Make); 5] = [
        ("`", Inline::Code),
        ("**", Inline::Strong),
        ("__", Inline::Strong),
        ("*", Inline::Emphasis),
        ("_", Inline::Emphasis),
    ];
    let (fence, make) = fences.into_iter().find(|(fence, _)| rest.starts_with(fence))?;
    // snake_case is a word, not emphasis.
    if fence.starts_with('_') && before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    let after = &rest[fence.len()..];
    let end = after.find(fence)?;
    let inner = &after[..end];
    let after = &after[end + fence.len()..];
    if inner.is_empty() || inner.starts_with(char::is_whitespace) || inner.ends_with(char::is_whitespace) {
        return None;
    }
    if fence.starts_with('_') && after.starts_with(char::is_alphanumeric) {
        return None;
    }
    let inner = if fence == "`" {
        inner.to_owned()
    } else {
        inner.replace(['*', '`'], "")
    };
    Some((make(inner), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn emphasis_and_code_become_pieces() {
        assert_eq!(
            inlines("The **Moon** pulls *twice* in `g`."),
            vec![
                text("The "),
                Inline::Strong("Moon".to_owned()),
                text(" pulls "),
                Inline::Emphasis("twice".to_owned()),
                text(" in "),
                Inline::Code("g".to_owned()),
                text("."),
            ]
        );
    }

    #[test]
    fn what_is_not_closed_stays() {
        for line in ["2 * 3 = 6", "**open", "snake_case_name", "5 ** 2", "`", "a [b] c"] {
            assert_eq!(plain(line), line);
            assert_eq!(inlines(line).len(), 1, "{line}");
        }
    }

    #[test]
    fn markup_stays_text_and_links_lose_their_address() {
        assert_eq!(inlines("<b>x</b>"), vec![text("<b>x</b>")]);
        let line = "see [the talk](https://evil.example/) *now* [1] (2)";
        assert_eq!(plain(line), "see the talk now [1] (2)");
        assert_eq!(without_links(line), "see the talk *now* [1] (2)");
        assert_eq!(plain(r"\*not\*"), "*not*");
    }

    #[test]
    fn the_last_word_comes_off() {
        let (head, tail) = split_last_word(&inlines("Tides come twice a day. "));
        assert_eq!((head, tail), (vec![text("Tides come twice a ")], Some(text("day."))));
        let (head, tail) = split_last_word(&inlines("one"));
        assert_eq!((head, tail), (Vec::new(), Some(text("one"))));
        assert_eq!(split_last_word(&[]), (Vec::new(), None));
    }

    #[test]
    fn a_script_without_spaces_is_cut_near_its_end() {
        let line = "潮汐是由月球和太阳的引力以及地球自转共同作用而产生的海水周期性涨落现象";
        let (head, tail) = split_last_word(&inlines(line));
        assert_eq!(tail, Some(text("现象")));
        assert_eq!(head.len(), 1);
    }
}
