//! What holds for all formats: how they are told apart, limits, and that nothing from outside breaks a reader.
#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

/// The cues of a transcript with times: start, end, words.
pub(super) fn timed(text: &str) -> Vec<(u64, u64, String)> {
    timed_as(text, Source::Uploaded)
}

/// The same, read as if it came from `source`.
pub(super) fn timed_as(text: &str, source: Source) -> Vec<(u64, u64, String)> {
    let transcript = read(text, source).unwrap();
    let cue = |cue: Cue| cue.span.map(|span| (span.start_ms, span.end_ms, cue.text));
    transcript.cues.into_iter().map(|c| cue(c).unwrap()).collect()
}

#[test]
fn the_same_words_in_all_of_youtubes_formats_are_the_same_cues() {
    let json3 = r#"{"events":[{"tStartMs":0,"dDurationMs":11398180,"id":1,"wpWinPosId":1},
        {"tStartMs":1000,"dDurationMs":3000,"segs":[{"utf8":"I'm"},{"utf8":" here 🙂","tOffsetMs":120}]},
        {"tStartMs":2000,"dDurationMs":10,"aAppend":1,"segs":[{"utf8":"\n"}]},
        {"tStartMs":2500,"dDurationMs":2250,"segs":[{"utf8":"שלום & <b"}]},
        {"tStartMs":8000,"dDurationMs":500,"segs":[{"utf8":"two\nlines"}]}]}"#;
    let srv1 = "<?xml version=\"1.0\"?><transcript><text start=\"1\" dur=\"3\">I&amp;#39;m here 🙂</text>\
        <text start=\"2\" dur=\"0.01\"></text><text start=\"2.5\" dur=\"2.25\">שלום &amp;amp; &amp;lt;b</text>\
        <text start=\"8\" dur=\"0.5\">two\nlines</text></transcript>";
    let srv3 = "<?xml version=\"1.0\"?><timedtext format=\"3\"><head><ws id=\"0\"/></head><body><w t=\"0\" id=\"1\"/>\
        <p t=\"1000\" d=\"3000\" w=\"1\"><s>I&#39;m</s><s t=\"120\"> here 🙂</s></p><p t=\"2000\" d=\"10\" a=\"1\">\n</p>\
        <p t=\"2500\" d=\"2250\">שלום &amp; &lt;b</p><p t=\"8000\" d=\"500\">two<br/>lines</p></body></timedtext>";
    for (source, first_end) in [(Source::Manual, 4000), (Source::Automatic, 2500)] {
        let expected = [
            (1000, first_end, "I'm here 🙂"),
            (2500, 4750, "שלום & <b"),
            (8000, 8500, "two lines"),
        ]
        .map(|(start, end, words)| (start, end, words.to_owned()));
        for text in [json3, srv1, srv3] {
            assert_eq!(timed_as(text, source), expected, "{text}");
        }
    }
}

#[test]
fn tells_formats_apart() {
    for (text, format) in [
        ("{\"wireMagic\":\"pb3\",\"pens\":[", Format::Json3),
        ("\u{feff}\n { \"events\": []}", Format::Json3),
        ("{\"video_id\":\"x\",\"snippets\":[]}", Format::Snippets),
        ("[ {\"text\":", Format::Snippets),
        ("<transcript>", Format::Srv1),
        ("<?xml version=\"1.0\"?>\n<transcript>", Format::Srv1),
        ("<timedtext><text t=\"0\">", Format::Srv2),
        (
            "<timedtext format=\"3\"><head></head><body><p t=\"0\">a<text",
            Format::Srv3,
        ),
        ("WEBVTT", Format::WebVtt),
        ("\r\n\r\nWEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\na", Format::WebVtt),
        ("WEBVTTish words", Format::PlainText),
        ("1\n00:00:00,000 --> 00:00:01,000\na", Format::Srt),
        ("\n0:00\nHello", Format::TimedLines),
        ("[Music]\nHello", Format::PlainText),
        ("{vocalsound} hello", Format::PlainText),
        ("<laugh> hello", Format::PlainText),
        ("Ann: hello", Format::PlainText),
    ] {
        assert_eq!(sniff(text), Ok(format), "{text}");
    }
}

#[test]
fn has_an_error_for_each_case() {
    for empty in [
        "",
        " \r\n\u{feff}",
        "WEBVTT\n\n",
        "<transcript></transcript>",
        "{\"events\":[]}",
        "[]",
        "[Music]",
    ] {
        assert_eq!(read(empty, Source::Manual), Err(CaptionsError::Empty), "{empty:?}");
    }
    for (broken, name) in [
        ("{\"events\":[{", "json3"),
        ("{\"events\":[{\"tStartMs\":\"soon\"}]}", "json3"),
        ("{}", "JSON"),
        ("[{\"text\":5}]", "JSON"),
        ("<transcript><text start=\"0\">a", "srv1"),
    ] {
        let error = read(broken, Source::Manual).unwrap_err();
        assert!(
            matches!(error, CaptionsError::Broken { format, .. } if format == name),
            "{broken}"
        );
    }
}

#[test]
fn keeps_its_limits() {
    let long = "a".repeat(MAX_BYTES + 1);
    assert!(matches!(
        read(&long, Source::Uploaded),
        Err(CaptionsError::TooLong { .. })
    ));
    let many = "a\n".repeat(MAX_CUES + 1);
    assert!(matches!(
        read(&many, Source::Uploaded),
        Err(CaptionsError::TooLong { .. })
    ));
    let deep = format!("{{\"events\":{}", "[".repeat(1_000_000));
    assert!(matches!(
        read(&deep, Source::Uploaded),
        Err(CaptionsError::Broken { .. })
    ));
    let deep = format!("{{\"snippets\":[],\"other\":{}", "[".repeat(1_000_000));
    assert!(matches!(
        read(&deep, Source::Uploaded),
        Err(CaptionsError::Broken { .. })
    ));
}

/// None of these takes longer than a multiple of its length; a reader that does would not come to an end here.
#[test]
fn reads_hostile_texts_in_one_pass() {
    let head = "00:00.000 --> 00:01.000\n";
    for (head, piece) in [
        ("", "<"),
        ("", "[a "),
        ("[0:42](http", "("),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n", "&<a"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n<00:00:00.000>", "a\n"),
        (head, "{\\"),
        (head, "a\n"),
        ("<transcript><text start=\"0\">", "&"),
    ] {
        let text = format!("{head}{}", piece.repeat(1_000_000));
        let _ = read(&text, Source::Uploaded);
    }
}

/// One set of cues in YouTube's three formats reads the same.
#[test]
fn formats_agree() {
    let json3 = r#"{"events":[{"tStartMs":1540,"dDurationMs":4160,"segs":[{"utf8":"I'm "},{"utf8":"🙂\nשלום"}]}]}"#;
    let srv1 = "<transcript><text start=\"1.54\" dur=\"4.16\">I&amp;#39;m 🙂\nשלום</text></transcript>";
    let srv3 = "<timedtext format=\"3\"><body><p t=\"1540\" d=\"4160\"><s>I&#39;m </s><s t=\"9\">🙂\nשלום</s></p></body></timedtext>";
    let expected = read(json3, Source::Manual).unwrap();
    assert_eq!(
        expected.content_hash(),
        read(srv1, Source::Manual).unwrap().content_hash()
    );
    assert_eq!(
        expected.content_hash(),
        read(srv3, Source::Manual).unwrap().content_hash()
    );
}

/// Texts made of the pieces that the formats are made of, to reach further into the readers than chance would.
fn caption_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("WEBVTT\n"),
        Just("\n"),
        Just("\n\n"),
        Just("\r"),
        Just(" "),
        Just("1\n"),
        Just("00:00:01,000 --> 00:00:00.500\n"),
        Just("-00:01.000 --> 9999999:00:07.000 x\n"),
        Just("0:42"),
        Just("[1:02:03]"),
        Just(" - "),
        Just("NOTE "),
        Just("words"),
        Just("é🙂"),
        Just("\u{200b}"),
        Just("<i>"),
        Just("<00:00:01.000>"),
        Just("&amp;#39;"),
        Just("&"),
        Just("{\\an8}"),
        Just("{\"events\":["),
        Just("{\"tStartMs\":-1e99,\"aAppend\":1,\"segs\":[{\"utf8\":\"a\"}]}"),
        Just("[{\"text\":\"a\",\"start\":5,\"end\":1e99}"),
        Just(","),
        Just("]}"),
        Just("]"),
        Just("<transcript>"),
        Just("<text start=\"-3\" dur=\"1e99\">"),
        Just("</text>"),
        Just("</transcript>"),
        Just("<timedtext><body>"),
        Just("<p t=\"5\" d=\"-9\" a=\"1\">"),
        Just("</p>"),
        Just("</body></timedtext>"),
        Just("[Music]"),
    ];
    prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

fn holds(text: &str, source: Source) {
    let Ok(transcript) = read(text, source) else { return };
    assert!(!transcript.cues.is_empty());
    let all_timed = transcript.cues.iter().all(|cue| cue.span.is_some());
    let none_timed = transcript.cues.iter().all(|cue| cue.span.is_none());
    assert!(all_timed || none_timed);
    assert!(
        transcript
            .cues
            .iter()
            .all(|cue| !cue.text.is_empty() && cue.text == markup::collapse(&cue.text))
    );
    let spans: Vec<Span> = transcript.cues.iter().filter_map(|cue| cue.span).collect();
    assert!(spans.iter().all(|span| span.start_ms <= span.end_ms));
    assert!(spans.is_sorted_by_key(|span| span.start_ms));
    if source == Source::Automatic {
        assert!(spans.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        holds(&text, Source::Uploaded);
    }

    #[test]
    fn what_is_read_is_sound(text in caption_like(), automatic: bool) {
        holds(&text, if automatic { Source::Automatic } else { Source::Uploaded });
    }
}
