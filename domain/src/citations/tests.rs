//! Every way to write a mark, the small Markdown, and that streamed text only grows.

use proptest::prelude::*;

use super::*;

fn mark(passages: &[u32], quote: Option<&str>) -> Mark {
    Mark {
        passages: passages.to_vec(),
        quote: quote.map(str::to_owned),
    }
}

fn draft(text: &str, marks: &[Mark]) -> Draft {
    Draft {
        text: text.to_owned(),
        marks: marks.to_vec(),
    }
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: text.to_owned(),
    }
}

/// The claims of a body of one paragraph.
fn paragraph(body: &str) -> Vec<Draft> {
    match blocks(body, false).as_slice() {
        [Block::Paragraph(claims)] => claims.clone(),
        other => vec![draft(&format!("not one paragraph: {other:?}"), &[])],
    }
}

#[test]
fn reads_every_way_to_write_a_mark() {
    for (written, marks) in [
        (
            r#"[12 "four words of it"]"#,
            vec![mark(&[12], Some("four words of it"))],
        ),
        ("[12]", vec![mark(&[12], None)]),
        ("[#12]", vec![mark(&[12], None)]),
        (r##"[#12: "a b"]"##, vec![mark(&[12], Some("a b"))]),
        (r#"[12, 14 "a b"]"#, vec![mark(&[12, 14], Some("a b"))]),
        (r#"[12-14 "a b"]"#, vec![mark(&[12, 13, 14], Some("a b"))]),
        (r#"[12 – #14 "a b"]"#, vec![mark(&[12, 13, 14], Some("a b"))]),
        (
            r#"[12 "a"; 14 "b"]"#,
            vec![mark(&[12], Some("a")), mark(&[14], Some("b"))],
        ),
        (
            r#"[12 "a"][14 "b"]"#,
            vec![mark(&[12], Some("a")), mark(&[14], Some("b"))],
        ),
        (
            r#"[12 "a"], [14 "b"]"#,
            vec![mark(&[12], Some("a")), mark(&[14], Some("b"))],
        ),
        (r#"[12 "a", 14]"#, vec![mark(&[12], Some("a")), mark(&[14], None)]),
        ("[12 “a b”]", vec![mark(&[12], Some("a b"))]),
        ("[12 „a b“]", vec![mark(&[12], Some("a b"))]),
        ("[12 « a b »]", vec![mark(&[12], Some("a b"))]),
        ("[12 ‘don’t go’]", vec![mark(&[12], Some("don’t go"))]),
        ("[12 'don't go']", vec![mark(&[12], Some("don't go"))]),
        ("[12 「四个字」]", vec![mark(&[12], Some("四个字"))]),
        ("【12 \"a b\"】", vec![mark(&[12], Some("a b"))]),
        ("[١٢ \"كلمات قليلة\"]", vec![mark(&[12], Some("كلمات قليلة"))]),
        (
            r#"[12 "he said \"no\" to it"]"#,
            vec![mark(&[12], Some("he said \"no\" to it"))],
        ),
        (
            r#"[12 "he said "no" to it"]"#,
            vec![mark(&[12], Some("he said \"no\" to it"))],
        ),
        (
            r#"[12 "and [Music] again"]"#,
            vec![mark(&[12], Some("and [Music] again"))],
        ),
        (r#"[12 "never closed]"#, vec![mark(&[12], Some("never closed"))]),
        (r#"[12 ""]"#, vec![mark(&[12], None)]),
    ] {
        for body in [
            format!("The point {written}."),
            format!("The point{written}."),
            format!("The point. {written}"),
            format!("The point ({written})."),
        ] {
            assert_eq!(paragraph(&body), [draft("The point.", &marks)], "{body}");
        }
    }
}

#[test]
fn leaves_what_is_no_mark() {
    for text in [
        "See [the page](https://example.org) for more.",
        "See [1](https://example.org) for more.",
        "A footnote[^1] and [x] and [ ] and [] and [12 Angry Men].",
        "Half [12 \"of a mark",
        "Half [12",
        "<b>bold</b> & <script>alert(1)</script> stays text",
    ] {
        assert_eq!(paragraph(text), [draft(text, &[])]);
    }
}

#[test]
fn bounds_numbers() {
    assert_eq!(
        paragraph("So [1-999999999]")[0].marks[0].passages,
        (1..=20).collect::<Vec<_>>()
    );
    assert_eq!(paragraph("So [14-12]")[0].marks[0].passages, [12, 13, 14]);
    let absurd = paragraph("So [99999999999999999999999]");
    assert_eq!(absurd[0].marks[0].passages, [u32::MAX]);
    assert_eq!(paragraph("So [4294967295-4294967295]")[0].marks[0].passages, [u32::MAX]);
}

#[test]
fn splits_a_block_at_its_marks() {
    assert_eq!(
        paragraph("One thing [1 \"a b\"]. Another [2]; a **third**[3]!\nAnd more, unmarked."),
        [
            draft("One thing.", &[mark(&[1], Some("a b"))]),
            draft("Another;", &[mark(&[2], None)]),
            draft("a **third**!", &[mark(&[3], None)]),
            draft("And more, unmarked.", &[]),
        ]
    );
    assert_eq!(paragraph("**Bold [1]**"), [draft("**Bold**", &[mark(&[1], None)])]);
    assert_eq!(
        paragraph("Très bien [1] ! Suite [2]"),
        [
            draft("Très bien!", &[mark(&[1], None)]),
            draft("Suite", &[mark(&[2], None)])
        ]
    );
}

#[test]
fn takes_marks_before_the_words_too() {
    assert_eq!(
        paragraph("[1 \"a\"] One thing. [2 \"b\"] Another."),
        [
            draft("One thing.", &[mark(&[1], Some("a"))]),
            draft("Another.", &[mark(&[2], Some("b"))]),
        ]
    );
    assert_eq!(
        paragraph("[1 \"only a quote\"]"),
        [draft("only a quote", &[mark(&[1], Some("only a quote"))])]
    );
    assert_eq!(blocks("[1]", false), []);
}

#[test]
fn reads_the_small_markdown() {
    let body = "# Title #\n\nFirst line\nof a paragraph [1].\n\n---\n## **Part** [2]\nKey points:\n- One [1]\n  goes on\n\
                \t* nested [2]\n1. first [3]\n2) second [4]\n\n**Bold line**\n> quoted [5]\n```markdown\n- fenced [6]\n```\n\
                | a | b [7] |\n|---|:-:|\n| c | d |\n2019. A year";
    let claim = |text: &str, n: u32| draft(text, &[mark(&[n], None)]);
    assert_eq!(
        blocks(body, false),
        [
            heading(1, "Title"),
            Block::Paragraph(vec![claim("First line of a paragraph.", 1)]),
            heading(2, "**Part**"),
            heading(4, "Key points:"),
            Block::Item(vec![claim("One", 1), draft("goes on", &[])]),
            Block::Item(vec![claim("nested", 2)]),
            Block::Item(vec![claim("first", 3)]),
            Block::Item(vec![claim("second", 4)]),
            heading(4, "Bold line"),
            Block::Paragraph(vec![claim("quoted", 5)]),
            Block::Item(vec![claim("fenced", 6)]),
            Block::Paragraph(vec![claim("| a | b|", 7)]),
            Block::Paragraph(vec![draft("| c | d | 2019. A year", &[])]),
        ]
    );
}

#[test]
fn tells_lead_ins_from_claims() {
    for (line, lead_in) in [
        ("Key points:", Some("Key points:")),
        ("**Key points**", Some("Key points")),
        ("**Key points:**", Some("Key points:")),
        ("**Key points**:", Some("Key points:")),
        ("- **Costs**", Some("Costs")),
        ("要点：", Some("要点：")),
        ("**The bold sentence is a claim.**", None),
        ("**Costs:** they rise", None),
        ("Key points [1]:", None),
        ("one two three four five six seven eight nine:", None),
    ] {
        match (blocks(line, false).as_slice(), lead_in) {
            ([Block::Heading { level: 4, text }], Some(expected)) => assert_eq!(text, expected),
            ([Block::Paragraph(_)], None) => {}
            (other, _) => assert_eq!(other, [], "{line}"),
        }
    }
}

#[test]
fn holds_back_half_a_mark() {
    let shown = |body: &str| rendered(&blocks(body, true));
    let long = "A sentence of more than eight words, so that it is no lead-in";
    assert_eq!(shown(&format!("{long} [12 \"the fi")), rendered(&blocks(long, true)));
    assert_eq!(shown(&format!("{long} [")), rendered(&blocks(long, true)));
    assert_eq!(shown(&format!("{long} (")), rendered(&blocks(long, true)));
    assert!(shown(&format!("{long} [12].\n")).ends_with("lead-in.⟨[12] None⟩"));
    assert_eq!(shown("Key poi"), "");
    assert_eq!(shown("#"), "");
    assert_eq!(shown("**Key points** are"), "");
}

#[test]
fn stays_linear() {
    // Quadratic, each of these would take minutes.
    for unit in [
        "[",
        "[1",
        "[1 \"",
        "[ 1 \"",
        "[1 \"a]",
        "[1,",
        "(",
        "([1]",
        "[1] ",
        "[1].",
        "[1]\n",
        "- ",
        "-\n",
        "#",
        "# a\n",
        "**",
        "> ",
        ">",
        "|",
        "`",
        "\"",
        "[1 \"\"",
        "1.",
        "a:\n",
        "\\",
        "[#",
        "【1 「",
        "\n",
        "[1 \"a\";",
    ] {
        let body = unit.repeat(1_000_000 / unit.len());
        let _ = blocks(&body, false);
        let _ = blocks(&body, true);
    }
}

/// What a reader sees, block by block and claim by claim, as one string that grows with the text.
fn rendered(blocks: &[Block]) -> String {
    let mut shown = String::new();
    for block in blocks {
        let claims = match block {
            Block::Heading { level, text } => {
                shown += &format!("\nH{level} {text}");
                continue;
            }
            Block::Paragraph(claims) => {
                shown += "\nP";
                claims
            }
            Block::Item(claims) => {
                shown += "\n-";
                claims
            }
        };
        for claim in claims {
            shown += "\t";
            shown += &claim.text;
            for mark in &claim.marks {
                shown += &format!("⟨{:?} {:?}⟩", mark.passages, mark.quote);
            }
        }
    }
    shown
}

fn body() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "[",
            "]",
            "[12",
            "[12 \"",
            "\"]",
            "[3 \"two words\"]",
            "[7]",
            "[7](",
            "12",
            "-14",
            "#",
            "## ",
            "# ",
            "\"",
            "“",
            "”",
            "«",
            "»",
            "'",
            "\\",
            "(",
            ")",
            ".",
            ",",
            ";",
            "!",
            ":",
            "\n",
            "\n\n",
            " ",
            "- ",
            "* ",
            "**",
            "__",
            "***",
            "---",
            "1. ",
            "1)",
            "2019.",
            "```",
            "~~~",
            "`",
            "> ",
            ">",
            "|",
            "|-",
            "\t",
            "\r\n",
            "word",
            "words and more",
            "Ünï",
            "句子",
            "。",
            "：",
            "【5 「好」】",
            "<b>",
            "…",
            "–",
            "\u{a0}",
            "🎉",
            "•",
            "[Music]",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn grows_only_at_its_end(body in body()) {
        let whole = rendered(&blocks(&body, false));
        let mut before = String::new();
        for (end, _) in body.char_indices().chain([(body.len(), ' ')]) {
            let shown = rendered(&blocks(&body[..end], true));
            prop_assert!(shown.starts_with(&before), "{:?}: {:?} after {:?}", &body[..end], shown, before);
            before = shown;
        }
        prop_assert!(whole.starts_with(&before), "{:?}: {:?} after {:?}", body, whole, before);
    }

    #[test]
    fn never_panics(body in "\\PC{0,200}") {
        let _ = blocks(&body, true);
        let _ = blocks(&body, false);
    }

    #[test]
    fn claims_have_words(body in body()) {
        for block in blocks(&body, false) {
            if let Block::Paragraph(claims) | Block::Item(claims) = block {
                prop_assert!(!claims.is_empty());
                for claim in claims {
                    prop_assert!(claim.text.contains(char::is_alphanumeric), "{:?} in {:?}", claim, body);
                    prop_assert!(claim.marks.iter().all(|mark| mark.passages.len() <= 20));
                }
            }
        }
    }
}

#[test]
fn a_heading_shows_no_time_that_a_model_made_up() {
    for (line, shown) in [
        ("## The bridge (45:00-59:59)", "The bridge"),
        ("## The bridge （１２：３４）", "The bridge"),
        ("## 12∶34 The bridge", "The bridge"),
        ("## 0:12:30 – The bridge", "The bridge"),
        ("## From 1:05 on: ice", "From on: ice"),
        ("## Pictures in 16:9", "Pictures in 16:9"),
        ("## 2019: the year", "2019: the year"),
    ] {
        assert_eq!(blocks(line, false), [heading(2, shown)]);
    }
}
