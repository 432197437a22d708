//! The XML that YouTube's srv formats share: a walk over elements that expands no entities and goes no deeper than it must.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{CaptionsError, Format};

/// Captions nest five deep; more is an attack.
const MAX_DEPTH: usize = 32;

/// How far the root element may be from the beginning.
const PROLOG_BYTES: usize = 4096;

/// Tells XML and HTML by the root element; `None` where the text is neither.
pub(super) fn sniff(text: &str) -> Option<Result<Format, CaptionsError>> {
    let starts = |prefix: &str| {
        text.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let known = ["<?xml", "<!doctype", "<html", "<transcript", "<timedtext", "<tt"];
    if !known.into_iter().any(starts) {
        return None;
    }
    let root = text
        .bytes()
        .take(PROLOG_BYTES)
        .zip(text.bytes().skip(1))
        .position(|(first, second)| first == b'<' && second.is_ascii_alphabetic())
        .and_then(|at| text.get(at + 1..))
        .unwrap_or_default();
    let name = root
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    Some(match name.to_ascii_lowercase().as_str() {
        "transcript" => Ok(Format::Srv1),
        "timedtext" if is_srv3(root) => Ok(Format::Srv3),
        "timedtext" => Ok(Format::Srv2),
        "html" => Err(CaptionsError::WebPage),
        "" if starts("<!doctype html") => Err(CaptionsError::WebPage),
        _ => Err(CaptionsError::Broken {
            format: "XML",
            why: format!("it begins with <{name}>, not with <transcript> or <timedtext>"),
        }),
    })
}

/// Whether a `<timedtext>` has paragraphs; srv2 has `<text>` like srv1.
fn is_srv3(root: &str) -> bool {
    let paragraph = root.find("<body").or_else(|| root.find("<p "));
    match (paragraph, root.find("<text")) {
        (Some(paragraph), Some(text)) => paragraph < text,
        (None, Some(_)) => false,
        (_, None) => true,
    }
}

/// A step of the walk.
pub(super) enum Step<'a> {
    /// An element opens.
    Open(&'a BytesStart<'a>),
    /// Characters, decoded once.
    Text(&'a str),
    /// An element closes.
    Close(&'a str),
}

/// Walks over the elements. An error of `on_step` is reported with its line.
pub(super) fn walk(
    text: &str,
    format: Format,
    mut on_step: impl FnMut(Step<'_>) -> Result<(), String>,
) -> Result<(), CaptionsError> {
    let mut reader = Reader::from_str(text);
    // A bare `&` is common in captions that other programs have written.
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        let broken = |why: String| format.broken(format!("line {}: {why}", line_number(text, at)));
        let event = reader.read_event().map_err(|error| broken(error.to_string()))?;
        match event {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(broken(format!("elements nest more than {MAX_DEPTH} deep")));
                }
                on_step(Step::Open(&start)).map_err(broken)?;
            }
            Event::Empty(start) => {
                on_step(Step::Open(&start)).map_err(broken)?;
                on_step(Step::Close(start.name().as_ref())).map_err(broken)?;
            }
            Event::End(end) => {
                depth -= 1;
                on_step(Step::Close(end.name().as_ref())).map_err(broken)?;
            }
            Event::Text(words) => on_step(Step::Text(&words.xml10_content())).map_err(broken)?,
            Event::CData(words) => on_step(Step::Text(&words.xml10_content())).map_err(broken)?,
            Event::GeneralRef(reference) => {
                let words = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => resolve(&reference.xml10_content()),
                    // Stands for a character that XML forbids.
                    Err(_) => String::new(),
                };
                on_step(Step::Text(&words)).map_err(broken)?;
            }
            Event::DocType(_) => return Err(broken("a document type is not read".to_owned())),
            Event::Eof if depth > 0 => return Err(broken("it ends before its elements are closed".to_owned())),
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// XML's own five names. Others stay for the decoding of HTML's entities that follows.
fn resolve(name: &str) -> String {
    match quick_xml::escape::resolve_xml_entity(name) {
        Some(character) => character.to_owned(),
        None => format!("&{name};"),
    }
}

/// The line of a position in bytes, from 1.
fn line_number(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// An attribute as a number.
pub(super) fn number(element: &BytesStart<'_>, name: &str) -> Result<Option<f64>, String> {
    let Some(attribute) = element.try_get_attribute(name).map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let value: Cow<'_, str> = attribute.value;
    match value.trim().parse::<f64>() {
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(format!("{name} is not a number")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::{captions::read, transcript::Source};

    fn why(text: &str) -> String {
        read(text, Source::Manual).unwrap_err().to_string()
    }

    #[test]
    fn reads_no_document_type() {
        let bomb = "<!DOCTYPE transcript [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>
            <transcript><text start=\"0\">&b;</text></transcript>";
        assert!(why(bomb).contains("document type"), "{}", why(bomb));
    }

    #[test]
    fn stops_at_depth() {
        let deep = format!("<transcript>{}", "<a>".repeat(100_000));
        assert!(why(&deep).contains("deep"), "{}", why(&deep));
    }

    #[test]
    fn names_the_line() {
        for text in [
            "<transcript>\n<text start=\"0\">a</text>\n<text start=\"x\">b</text></transcript>",
            "<transcript>\n\n<text>a</text></transcript>",
            "<timedtext><body>\n<p t=\"0\">a</p>\n<p d=\"0\">a</p></body></timedtext>",
            "<transcript>\n<text start=\"0\">a\n</wrong></transcript>",
            "<transcript>\n<text start=\"0\">a</text>\n",
        ] {
            assert!(why(text).contains("line 3"), "{text}: {}", why(text));
        }
    }

    #[test]
    fn tells_other_pages_apart() {
        for page in [
            "<!DOCTYPE html><html lang=\"en\">",
            "<html>",
            "\n<!doctype HTML>",
            "<?xml version=\"1.0\"?><html>",
        ] {
            assert_eq!(read(page, Source::Manual), Err(CaptionsError::WebPage), "{page}");
        }
        assert!(why("<?xml version=\"1.0\"?><feed></feed>").contains("<feed>"));
    }
}
