//! YouTube's third XML format: paragraphs of words, `<p t d><s>`, in milliseconds.

use super::{
    CaptionsError, Draft, Format,
    markup::{decode_entities, strip_tags},
    xml::{self, Step},
};

struct Paragraph {
    start_ms: i64,
    end_ms: i64,
    /// Whether it continues the paragraph before; most such hold a line break alone.
    append: bool,
    text: String,
}

/// Reads the `<p>` elements.
pub(super) fn read(text: &str) -> Result<Draft, CaptionsError> {
    let mut draft = Draft::default();
    let mut open: Option<Paragraph> = None;
    xml::walk(text, Format::Srv3, |step| {
        match step {
            Step::Open(element) if element.name().as_ref() == "p" => {
                let start = xml::number(element, "t")?.ok_or("<p> without t")?;
                let length = xml::number(element, "d")?.unwrap_or(0.0);
                open = Some(Paragraph {
                    start_ms: start as i64,
                    end_ms: (start + length) as i64,
                    append: xml::number(element, "a")? == Some(1.0),
                    text: String::new(),
                });
            }
            Step::Open(element) => {
                if let Some(paragraph) = open.as_mut().filter(|_| element.name().as_ref() == "br") {
                    paragraph.text.push(' ');
                }
            }
            Step::Text(words) => {
                if let Some(paragraph) = &mut open {
                    paragraph.text.push_str(words);
                }
            }
            Step::Close("p") => {
                if let Some(paragraph) = open.take() {
                    add(&mut draft, &paragraph);
                }
            }
            Step::Close(_) => {}
        }
        Ok(())
    })?;
    Ok(draft)
}

fn add(draft: &mut Draft, paragraph: &Paragraph) {
    let decoded = decode_entities(&paragraph.text);
    let words = strip_tags(&decoded);
    if words.trim().is_empty() {
        return;
    }
    if paragraph.append {
        draft.append(paragraph.start_ms, paragraph.end_ms, &words);
    } else {
        draft.push(paragraph.start_ms, paragraph.end_ms, words.into_owned());
    }
}

#[cfg(test)]
mod tests {
    use crate::captions::tests::timed;

    #[test]
    fn reads_paragraphs() {
        let text = "<?xml version=\"1.0\"?><timedtext format=\"3\">
            <head><ws id=\"0\"/><wp id=\"0\"/></head><body><w t=\"0\" id=\"1\"/>
            <p t=\"15519\" d=\"4241\" w=\"1\"><s ac=\"255\">for</s><s t=\"281\"> years</s></p>
            <p t=\"17960\" d=\"1800\" w=\"1\" a=\"1\">\n</p>
            <p t=\"18000\" d=\"2000\" w=\"1\" a=\"1\">and</p>
            <p t=\"30000\" d=\"500\">one<br/>two &#39;three&#39;</p></body></timedtext>";
        assert_eq!(
            timed(text),
            [
                (15519, 20000, "for years and".to_owned()),
                (30000, 30500, "one two 'three'".to_owned()),
            ]
        );
    }
}
