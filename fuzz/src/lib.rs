//! What must hold for any input. The targets call these with what the fuzzer makes up, and a test of `domain` with the corpus.

use domain::{captions, export, input, language::Language, link::Link, passages, sentences, transcript::Source};

/// A link that is read is written so that it is read again as the same.
///
/// # Panics
/// Where it is not.
pub fn links(text: &str) {
    if let Ok(link) = Link::parse(text) {
        let canonical = link.canonical();
        assert_eq!(
            Link::parse(&canonical).as_ref(),
            Ok(&link),
            "{text:?} became {canonical}"
        );
        if let Some(preview) = link.preview() {
            assert_eq!(
                Link::from_preview(&preview).as_ref(),
                Some(&link),
                "{text:?} became {preview}"
            );
        }
    }
    let _ = input::read(text);
}

/// Captions that are read are in order, have words, and survive being written and read again.
///
/// # Panics
/// Where they do not.
pub fn captions(text: &str) {
    for source in [Source::Manual, Source::Automatic] {
        let Ok(transcript) = captions::read(text, source) else {
            continue;
        };
        let timed = transcript.is_timed();
        let mut last = 0;
        for cue in &transcript.cues {
            assert!(!cue.text.trim().is_empty(), "a cue without words");
            assert_eq!(cue.span.is_some(), timed, "times in some cues alone");
            if let Some(span) = cue.span {
                assert!(span.start_ms <= span.end_ms, "{span:?}");
                assert!(last <= span.start_ms, "{span:?} after {last}");
                last = span.start_ms;
            }
        }
        let sentences = sentences::sentences(&transcript, Language::from_code("en"));
        let _ = passages::passages(&sentences, &[]);
        if timed {
            let json = export::json(&transcript, "jNQXAC9IVRw", "English");
            assert!(captions::read(&json, source).is_ok(), "what was written can't be read");
            let _ = (export::srt(&transcript), export::webvtt(&transcript));
        }
    }
}
