//! What is written reads back, and looks as other programs expect.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::{
    captions::{self, Format},
    chapters::Chapter,
    transcript::Cue,
};

fn transcript(cues: &[(u64, u64, &str)]) -> Transcript {
    Transcript {
        cues: cues
            .iter()
            .map(|(start_ms, end_ms, text)| Cue {
                span: Some(Span {
                    start_ms: *start_ms,
                    end_ms: *end_ms,
                }),
                text: (*text).to_owned(),
            })
            .collect(),
        language: Some("en".to_owned()),
        source: Source::Manual,
    }
}

fn untimed(lines: &[&str]) -> Transcript {
    let mut transcript = transcript(&[]);
    transcript.cues = lines
        .iter()
        .map(|line| Cue {
            span: None,
            text: (*line).to_owned(),
        })
        .collect();
    transcript
}

/// The vector that transcript tools of other languages are tested with.
fn overlapping() -> Transcript {
    transcript(&[
        (0, 1500, "Test line 1"),
        (1500, 3500, "line between"),
        (2500, 5750, "testing the end line"),
    ])
}

#[test]
fn srt_ends_a_cue_where_the_next_begins() {
    assert_eq!(
        srt(&overlapping()),
        "1\n00:00:00,000 --> 00:00:01,500\nTest line 1\n\n\
         2\n00:00:01,500 --> 00:00:02,500\nline between\n\n\
         3\n00:00:02,500 --> 00:00:05,750\ntesting the end line\n"
    );
}

#[test]
fn webvtt_escapes_markup() {
    let written = webvtt(&transcript(&[(3_600_000, 3_600_001, "a <b> & c --> d")]));
    assert_eq!(
        written,
        "WEBVTT\n\n01:00:00.000 --> 01:00:00.001\na &lt;b&gt; &amp; c --&gt; d\n"
    );
}

#[test]
fn json_has_seconds_without_noise() {
    let mut given = transcript(&[(0, 1540, "Hey"), (1540, 5700, "\"you\""), (5700, 8939, "ü")]);
    assert_eq!(
        json(&given, "dQw4w9WgXcQ", "English"),
        "{\"video_id\":\"dQw4w9WgXcQ\",\"language_code\":\"en\",\"language\":\"English\",\"is_generated\":false,\"snippets\":[\
         {\"text\":\"Hey\",\"start\":0.0,\"duration\":1.54},\
         {\"text\":\"\\\"you\\\"\",\"start\":1.54,\"duration\":4.16},\
         {\"text\":\"ü\",\"start\":5.7,\"duration\":3.239}]}"
    );
    given.source = Source::Automatic;
    assert!(json(&given, "x", "English").contains("\"is_generated\":true"));
}

#[test]
fn texts_without_times_are_written_too() {
    let given = untimed(&["Ann: one", "Bob: two"]);
    assert_eq!(text(&given), "Ann: one\nBob: two");
    assert_eq!(srt(&given), "");
    assert_eq!(webvtt(&given), "WEBVTT\n\n");
    assert!(json(&given, "x", "").contains("\"start\":null,\"duration\":null"));
    let video = Video::default();
    assert_eq!(
        markdown(&untimed(&["# one", "<b> two"]), &video, Language::English),
        "# \n\n\\# one \\<b\\> two\n"
    );
}

#[test]
fn markdown_has_chapters_and_links() {
    let chapter = |title: &str, start_ms: u64| Chapter {
        title: title.to_owned(),
        span: Span {
            start_ms,
            end_ms: start_ms + 1,
        },
    };
    let mut video = Video {
        youtube_id: Some("dQw4w9WgXcQ".to_owned()),
        title: "A_title".to_owned(),
        chapters: vec![chapter("Start", 0), chapter("Next", 60_000)],
        ..Video::default()
    };
    let given = transcript(&[
        (0, 20_000, "One."),
        (44_000, 50_000, "Two."),
        (50_000, 60_000, "Three."),
        (61_500, 62_000, "Four."),
    ]);
    let link = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
    assert_eq!(
        markdown(&given, &video, Language::English),
        format!(
            "# A\\_title\n\n## Start\n\n[0:00]({link}&t=0s) One.\n\n[0:44]({link}&t=44s) Two. Three.\n\n\
             ## Next\n\n[1:01]({link}&t=61s) Four.\n"
        )
    );
    video.youtube_id = None;
    assert!(markdown(&given, &video, Language::English).contains("\n\n(0:44) Two. Three.\n\n"));
}

/// Cues in order, with gaps and without.
fn any_transcript(words: &'static str) -> impl Strategy<Value = Transcript> {
    let cue = (
        0u64..20_000,
        0u64..20_000,
        words.prop_filter("no words", |text| !text.trim().is_empty()),
    );
    prop::collection::vec(cue, 1..20).prop_map(|cues| {
        let mut at = 0;
        let mut given = transcript(&[]);
        given.source = Source::Uploaded;
        for (gap, length, text) in cues {
            let start_ms = at + gap;
            at = start_ms + length;
            given.cues.push(Cue {
                span: Some(Span { start_ms, end_ms: at }),
                text: text.split_whitespace().collect::<Vec<_>>().join(" "),
            });
        }
        given
    })
}

proptest! {
    #[test]
    fn webvtt_reads_back(given in any_transcript("[a-z0-9 .:<>&;é🙂-]{1,30}")) {
        let (read, format) = captions::read_with_format(&webvtt(&given), Source::Uploaded).unwrap();
        prop_assert_eq!(format, Format::WebVtt);
        prop_assert_eq!(read.cues, given.cues);
    }

    /// SRT has no way to escape, so words that look like markup are not tried.
    #[test]
    fn srt_reads_back(given in any_transcript("[a-z0-9 .:é🙂-]{1,30}")) {
        let (read, format) = captions::read_with_format(&srt(&given), Source::Uploaded).unwrap();
        prop_assert_eq!(format, Format::Srt);
        prop_assert_eq!(read.cues, given.cues);
    }

    #[test]
    fn json_reads_back(given in any_transcript("[ -~é🙂]{1,30}")) {
        let (read, format) = captions::read_with_format(&json(&given, "x", "English"), Source::Uploaded).unwrap();
        prop_assert_eq!(format, Format::Snippets);
        prop_assert_eq!(read, given);
    }
}
