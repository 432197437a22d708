//! What people paste.
#![expect(clippy::panic, reason = "tests")]

use proptest::prelude::*;

use super::*;

const ID: &str = "dQw4w9WgXcQ";

/// The entries in short: the line's number, and the canonical link or "-".
fn lines(text: &str) -> Vec<(u32, String)> {
    match read(text) {
        Input::Lines(lines) => lines
            .into_iter()
            .map(|line| (line.number, line.link.map_or("-".to_owned(), |link| link.canonical())))
            .collect(),
        other => panic!("{text}: {other:?}"),
    }
}

fn watch(id: &str) -> String {
    format!("https://www.youtube.com/watch?v={id}")
}

#[test]
fn finds_nothing_in_nothing() {
    for text in ["", " ", "\n\t\r\n", "\u{feff}\n", &" ".repeat(100_000)] {
        assert_eq!(read(text), Input::Empty, "{text:?}");
    }
}

#[test]
fn takes_the_link_out_of_its_line() {
    for text in [
        "https://youtu.be/dQw4w9WgXcQ",
        "  dQw4w9WgXcQ  ",
        "- dQw4w9WgXcQ",
        "1. dQw4w9WgXcQ",
        "[A title of some words](https://youtu.be/dQw4w9WgXcQ)",
        "[https://youtu.be/dQw4w9WgXcQ](https://youtu.be/dQw4w9WgXcQ)",
        "A title, with a comma – https://youtu.be/dQw4w9WgXcQ",
        "A title: https://youtu.be/dQw4w9WgXcQ.",
        "Title:https://youtu.be/dQw4w9WgXcQ",
        "* https://youtu.be/dQw4w9WgXcQ",
        "12) youtu.be/dQw4w9WgXcQ (must see)",
        "<a href=\"https://youtu.be/dQw4w9WgXcQ\">",
        "<https://youtu.be/dQw4w9WgXcQ>",
        "https://www.youtube.com/oembed?url=https%3A//youtu.be/dQw4w9WgXcQ",
        "0:42 https://youtu.be/dQw4w9WgXcQ",
    ] {
        assert_eq!(lines(text), [(1, watch(ID))], "{text}");
    }
}

#[test]
fn numbers_lines_and_splits_them() {
    let text = "\nhttps://youtu.be/dQw4w9WgXcQ, https://youtu.be/jNQXAC9IVRw\r\n\r\n@handle dQw4w9WgXcQ\nhtps:/youtu.be/xyz\nhello\n";
    assert_eq!(
        lines(text),
        [
            (2, watch(ID)),
            (2, watch("jNQXAC9IVRw")),
            (4, "https://www.youtube.com/@handle".to_owned()),
            (4, watch(ID)),
            (5, "-".to_owned()),
            (6, "-".to_owned()),
        ]
    );
}

#[test]
fn names_what_is_wrong() {
    let Input::Lines(lines) = read("say hello\nhttps://youtu.be/dQw4\nhttps://example.com/x and more\n") else {
        panic!("not lines");
    };
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["say hello", "https://youtu.be/dQw4", "https://example.com/x"]);
    assert_eq!(lines[0].words(), "not a YouTube link");
    assert_eq!(lines[1].link, Err(LinkError::Truncated));
    assert_eq!(lines[2].link, Err(LinkError::Invalid));
}

#[test]
fn keeps_long_lists_with_titles() {
    let text: String = (0..3000)
        .map(|n| format!("{n}. A title of as many words as titles have – https://youtu.be/dQw4w9WgXcQ\n"))
        .collect();
    assert_eq!(lines(&text).len(), 3000);
    let alternating = "A title of just so many words\nhttps://youtu.be/dQw4w9WgXcQ\n".repeat(20);
    assert_eq!(lines(&alternating).len(), 40);
}

#[test]
fn counts_for_people() {
    let Input::Lines(lines) =
        read("dQw4w9WgXcQ\nPLFgquLnL59alCl_2TQvOiD5Vgm1hCaGSI\nhttps://www.youtube.com/playlist?list=WL\na\nb\nc")
    else {
        panic!("not lines");
    };
    let counts = Counts::of(&lines);
    assert_eq!(counts.words(), "1 video · 2 playlists · 3 not a YouTube link");
    assert_eq!(counts.good(), 3);
    assert_eq!(Counts::default().words(), "");
}

#[test]
fn knows_transcripts() {
    let prose = "So this is what we did in the end, and it took us far longer than anyone had thought. ".repeat(3);
    for text in [
        "1\n00:00:01,000 --> 00:00:02,000\nhello\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nhttps://youtu.be/dQw4w9WgXcQ\n",
        "{\"events\":[]}",
        "[{\"text\":\"a\",\"start\":0}]",
        "<transcript><text start=\"0\">a</text></transcript>",
        "<!DOCTYPE html><html></html>",
        "0:00 Hello there\n0:05 and welcome\n",
        "0:00\nHello\n",
        "0:00 Find it on youtube.com or at\n0:04 youtu.be/dQw4w9WgXcQ\n0:07 and bye\n",
        &format!("{}{prose}", "\n".repeat(100_000)),
        &prose,
        &format!("{prose} See https://youtu.be/dQw4w9WgXcQ for more. {prose}"),
        "Ann: Shall we begin with the plan?\nBob: Yes, but first the minutes, please.\nAnn: See https://youtu.be/dQw4w9WgXcQ then.\n\
         Bob: I have read them, thank you.\nAnn: Then we are done here.",
        &"会议从讨论预算开始，然后我们谈到了明年的计划以及需要雇用多少人，".repeat(3),
    ] {
        assert_eq!(read(text), Input::Transcript, "{text}");
    }
}

#[test]
fn takes_a_few_words_for_a_mistake() {
    for text in ["[", "hello", "hello there", "hello\nworld", "how do I use this thing"] {
        assert!(lines(text).iter().all(|(_, link)| link == "-"), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_something(text in any::<String>()) {
        match read(&text) {
            Input::Empty => prop_assert_eq!(text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'), ""),
            Input::Lines(lines) => {
                prop_assert!(!lines.is_empty());
                prop_assert!(lines.iter().all(|line| !line.text.is_empty()));
                prop_assert!(lines.is_sorted_by_key(|line| line.number));
            }
            Input::Transcript => {}
        }
    }

    #[test]
    fn good_links_are_found_wherever_they_stand(before in "[A-Za-z é.!–-]{0,20}", after in "[A-Za-z é.!–-]{0,20}") {
        let text = format!("{before} https://youtu.be/dQw4w9WgXcQ {after}");
        prop_assert_eq!(lines(&text), [(1, watch(ID))]);
    }
}
