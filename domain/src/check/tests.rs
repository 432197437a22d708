//! Every verdict and every veto, in several languages; and what holds for any input.
#![expect(clippy::unwrap_used, reason = "tests")]

mod numbers;
mod numbers_said;
mod readings;
mod speakers;

use proptest::prelude::*;

use super::*;
use crate::{sentences::Sentence, summary::Verdict, transcript::Span};

/// A passage a line, a sentence a " / "; a sentence takes five seconds.
fn passages(text: &str) -> Vec<Passage> {
    let mut next = 0;
    (1..)
        .zip(text.lines().map(str::trim).filter(|line| !line.is_empty()))
        .map(|(ordinal, line)| {
            let sentences: Vec<Sentence> = line
                .split(" / ")
                .map(|text| {
                    let span = Span {
                        start_ms: next,
                        end_ms: next + 5000,
                    };
                    next += 5000;
                    Sentence {
                        text: text.to_owned(),
                        span: Some(span),
                        speaker: None,
                    }
                })
                .collect();
            let span = Span {
                start_ms: sentences[0].span.unwrap().start_ms,
                end_ms: next,
            };
            Passage {
                ordinal,
                span: Some(span),
                sentences,
            }
        })
        .collect()
}

const TALK: &str = "
    Welcome back to the channel, today we look at the new bridge over the harbour. / It opened last spring.
    The city paid thirteen million euros for the steel alone. / That was more than Anna Miller had planned.
    Nobody was injured during the construction, which took four years. / The workers slept in wooden huts.
    Ferries used to cross the harbour every twenty minutes. / They do not run anymore since the bridge opened.
    The painters chose a pale green colour. / Locals call it the asparagus.
    In winter the cables collect ice, and heavy pieces fall onto the road. / So engineers installed heaters.
    Cyclists complain about the wind. / A glass wall will be built for them next summer.
    Thank you for watching. / Tell me in the comments which bridge I should visit next.
    The toll is two dollars for cars. / About fifty percent of drivers pay with a phone.
    Miller resigned in 2019 after the council voted against her budget. / Her deputy took over.";

fn check_in(transcript: &str, language: Language, body: &str) -> Vec<Claim> {
    let passages = passages(transcript);
    let checker = Checker {
        passages: &passages,
        language,
        context: "The bridge of Nordhaven, explained by Jonas",
    };
    checker.check(body)
}

/// The only claim of a body about [`TALK`].
fn check(body: &str) -> Claim {
    let claims = check_in(TALK, Language::English, body);
    assert_eq!(claims.len(), 1, "{body}");
    claims.into_iter().next().unwrap()
}

fn cited(claim: &Claim) -> Vec<u32> {
    claim.citations.iter().map(|citation| citation.passage).collect()
}

#[track_caller]
fn assert_check(body: &str, detail: &str) {
    let claim = check(body);
    assert_eq!(
        (claim.verdict, claim.detail.as_deref()),
        (Verdict::Check, Some(detail)),
        "{claim:?}"
    );
}

#[test]
fn verbatim() {
    let claim =
        check("- The city paid thirteen million euros for the steel alone. [2 \"paid thirteen million euros\"]");
    assert_eq!((claim.verdict, claim.detail.as_deref()), (Verdict::Verbatim, None));
    assert_eq!(claim.citations.len(), 1);
    let citation = &claim.citations[0];
    assert_eq!(citation.quote.as_deref(), Some("paid thirteen million euros"));
    // The sentence, not the whole passage.
    assert_eq!((citation.start_ms, citation.end_ms), (Some(10_000), Some(15_000)));
}

#[test]
fn verbatim_without_a_mark_is_found() {
    let claim = check("Cyclists complain about the wind.");
    assert_eq!((claim.verdict, cited(&claim)), (Verdict::Verbatim, vec![7]));
    let claim = check("Cyclists complain about the wind [99].");
    assert_eq!((claim.verdict, cited(&claim)), (Verdict::Verbatim, vec![7]));
}

#[test]
fn matched() {
    let claim = check(
        "Ice from the cables is a danger in winter, hence the heaters. [6 \"cables collect ice, and heavy pieces\"]",
    );
    assert_eq!((claim.verdict, cited(&claim)), (Verdict::Matched, vec![6]));
    assert_eq!(
        claim.citations[0].quote.as_deref(),
        Some("cables collect ice, and heavy pieces")
    );
}

#[test]
fn matched_with_a_word_of_the_quote_changed_or_left_out() {
    for quote in [
        "in winter the cables collect some ice and heavy pieces fall",
        "the cables collect ice … fall onto the road",
    ] {
        let claim = check(&format!(
            "Ice falls from the cables onto the road in winter. [6 \"{quote}\"]"
        ));
        assert_eq!((claim.verdict, cited(&claim)), (Verdict::Matched, vec![6]), "{quote}");
    }
}

#[test]
fn matched_without_a_quote() {
    let claim = check("Heaters keep ice off the cables in winter. [6]");
    assert_eq!((claim.verdict, cited(&claim)), (Verdict::Matched, vec![6]));
    assert_eq!(claim.citations[0].quote, None);
    assert_eq!(
        (claim.citations[0].start_ms, claim.citations[0].end_ms),
        (Some(50_000), Some(60_000))
    );
}

#[test]
fn a_quote_moves_its_citation() {
    // To the neighbour, and to the only other place.
    for mark in [
        "[5 \"the cables collect ice\"]",
        "[1 \"the cables collect ice\"]",
        "[70 \"the cables collect ice\"]",
    ] {
        let claim = check(&format!("Heaters keep ice off the cables in winter. {mark}"));
        assert_eq!((claim.verdict, cited(&claim)), (Verdict::Matched, vec![6]), "{mark}");
    }
    // Not where it stands in two places.
    let twice = format!("{TALK}\nAgain the cables collect ice.");
    let claims = check_in(
        &twice,
        Language::English,
        "Something else entirely. [1 \"the cables collect ice\"]",
    );
    assert_eq!(claims[0].verdict, Verdict::NotFound);
}

#[test]
fn several_marks() {
    let claim = check(
        "Ice falls from the cables in winter, and cyclists complain about the wind. \
         [6 \"the cables collect ice\"][7 \"complain about the wind\"][3 \"invented words all of them\"]",
    );
    assert_eq!((claim.verdict, cited(&claim)), (Verdict::Matched, vec![6, 7]));
    let claim = check("Ice falls from cables in winter while cyclists complain about wind [6-8].");
    assert_eq!((claim.verdict, cited(&claim)), (Verdict::Matched, vec![6, 7]));
}

#[test]
fn not_found() {
    for body in [
        "The mayor owns a yacht.",
        "The mayor owns a yacht. [3]",
        "The mayor owns a yacht. [99]",
        "The mayor owns a yacht. [99999999999999 \"owns a yacht\"]",
        "The mayor owns a yacht. [3 \"the mayor of the city owns a yacht\"]",
        "A yacht. [3 \"of the\"]",
    ] {
        let claim = check(body);
        assert_eq!((claim.verdict, claim.citations.len()), (Verdict::NotFound, 0), "{body}");
    }
}

#[test]
fn wording_quote_and_missing_quote_are_told_apart() {
    assert_check(
        "The mayor owns a yacht. [6 \"the cables collect ice\"]",
        "the wording does not match the passage",
    );
    assert_check(
        "Ice falls from the cables in winter. [6 \"icicles are a terrible problem here\"]",
        "the quoted words were not found in this passage",
    );
    assert_check(
        "Tourists who admire architecture photograph cables, towers, sunsets and boats. [6]",
        "no quote was given and the wording differs",
    );
    // Two of its words are said there, and nothing is quoted.
    assert_check(
        "Cables were smuggled, burnt, forged and sold abroad by a ring of thieves in winter. [6]",
        "no quote was given and the wording differs",
    );
}

#[test]
fn what_cites_nothing_is_led_to_the_passage_that_comes_closest() {
    let claim = |text: &str| check_in(TALK, Language::English, text).remove(0);
    let close = claim("In winter ice and heavy pieces fall from the cables onto the road.");
    assert_eq!(close.verdict, Verdict::Check);
    assert_eq!(
        close.detail.as_deref(),
        Some("it cites nothing; this passage comes closest")
    );
    assert_eq!(close.citations[0].passage, 6);
    let number = claim("The city paid thirty million euros for the steel.");
    assert_eq!(number.verdict, Verdict::Check);
    assert!(number.detail.unwrap().contains("30"));
    for text in [
        "The mayor owns a yacht.",
        "A bridge like any other, with dragons and elves.",
    ] {
        assert_eq!(claim(text).verdict, Verdict::NotFound, "{text}");
    }
}

#[test]
fn names() {
    assert_check(
        "After the vote against her budget, Thatcher resigned. [10 \"the council voted against her budget\"]",
        "the name “Thatcher” is not in this passage",
    );
    // She is called so elsewhere.
    for name in [
        "Miller",
        "Anna Millar",
        "Nora Miller",
        "Miller's deputy",
        "Nordhaven's Miller",
    ] {
        let claim = check(&format!(
            "In 2019, after the vote against the budget, {name} resigned. [10 \"the council voted against her budget\"]"
        ));
        let expected = if name.starts_with("Nora") {
            Verdict::Check
        } else {
            Verdict::Matched
        };
        assert_eq!(claim.verdict, expected, "{name}: {claim:?}");
    }
    // A sentence's first word is a name only where the transcript knows it as one.
    assert_eq!(
        check("Falling ice is why engineers installed heaters. [6 \"So engineers installed heaters\"]").verdict,
        Verdict::Matched
    );
}

#[test]
fn negations() {
    assert_check(
        "The cables do not collect ice in winter. [6 \"In winter the cables collect ice\"]",
        "says “not”, the passage does not",
    );
    assert_check(
        "Ferries run since the bridge opened. [4 \"run anymore since the bridge opened\"]",
        "the passage says “not”, the summary does not",
    );
    assert_eq!(
        check("The ferries do not run now that the bridge opened. [4 \"anymore since the bridge opened\"]").verdict,
        Verdict::Matched
    );
    // Nearly the same words.
    let claim =
        check("They do run anymore since the bridge opened to cross the harbour. [4 \"since the bridge opened\"]");
    assert_eq!(claim.verdict, Verdict::Check);
    let claim = check("Ferries never used to cross the harbour every twenty minutes. [4]");
    assert_eq!(claim.verdict, Verdict::Check);
}

#[test]
fn across_languages_only_the_quote_and_the_numbers_count() {
    let german = |claim: &str| {
        let rest = "- Die Radfahrer klagen sehr über den Wind auf der Brücke. [7 \"Cyclists complain about the wind\"]\n\
                    - Die Fähren fahren nicht mehr, weil es jetzt die Brücke gibt. [4]";
        check_in(TALK, Language::English, &format!("- {claim}\n{rest}"))
    };
    let claims = german("Der Stahl kostete 13 Millionen Euro. [2 \"thirteen million euros for the steel\"]");
    assert_eq!(claims[0].verdict, Verdict::QuoteFound, "{claims:?}");
    assert_eq!(claims[1].verdict, Verdict::QuoteFound);
    assert_eq!(
        claims[2].detail.as_deref(),
        Some("no quote was given, and the languages differ")
    );
    let claims = german("Der Stahl kostete 30 Millionen Euro. [2 \"thirteen million euros for the steel\"]");
    assert_eq!(claims[0].verdict, Verdict::Check);
    let claims = german("Der Stahl war teuer. [2 \"steel was terribly expensive then\"]");
    assert_eq!(claims[0].verdict, Verdict::NotFound);
}

#[test]
fn other_languages() {
    let cases = [
        (
            Language::German,
            "Wir bauen das Haus aus Holz. / Es kostet dreißigtausend Euro.\nDie Fenster kommen aus Polen.\n\
             Im Winter heizen wir nicht mit Öl.\nDer Garten wird später angelegt.",
            "Das Haus wird aus Holz gebaut. [1 \"bauen das Haus aus Holz\"]",
            "Im Winter wird mit Öl geheizt. [3 \"Winter heizen wir nicht\"]",
        ),
        (
            Language::French,
            "Aujourd’hui nous préparons une tarte aux pommes.\nIl faut cinq cents grammes de farine.\nLe four doit être très chaud.\n\
             On sert le gâteau avec de la crème.",
            "La tarte aux pommes est préparée aujourd'hui. [1 « préparons une tarte aux pommes »]",
            "Il faut 300 grammes de farine. [2 « cents grammes de farine »]",
        ),
        (
            Language::Spanish,
            "El tren sale de Madrid a las ocho.\nLos billetes cuestan veinte euros.\nNo hay servicio los domingos.\nLlegamos por la noche.",
            "El tren a Madrid sale pronto. [1 \"El tren sale de Madrid\"]",
            "Los billetes cuestan 30 euros. [2 \"Los billetes cuestan veinte euros\"]",
        ),
        (
            Language::Russian,
            "Сегодня мы говорим о старом мосте.\nОн был построен двадцать лет назад.\nРабочие не получили денег.\nГород растёт быстро.",
            "Мы говорим о мосте сегодня и о том, что он старый. [1 «мы говорим о старом мосте»]",
            "Мост был построен 50 лет назад. [2 «был построен двадцать лет назад»]",
        ),
        (
            Language::Chinese,
            "今天我们谈谈这座新的大桥。\n这座桥用了五年时间才建成。\n冬天的时候电缆会结冰。\n谢谢大家观看我的视频。",
            "冬天电缆结冰。[3 \"冬天的时候电缆会结冰\"]",
            "这座桥用了9年时间建成。[2 \"用了五年时间才建成\"]",
        ),
        (
            Language::Arabic,
            "اليوم نتحدث عن الجسر الجديد في المدينة.\nاستغرق البناء خمسة أعوام كاملة.\nلم يصب أحد من العمال.\nشكرا على المشاهدة.",
            "الجسر الجديد في المدينة هو موضوع اليوم. [1 \"نتحدث عن الجسر الجديد\"]",
            "استغرق البناء 9 أعوام كاملة. [2 \"استغرق البناء خمسة أعوام\"]",
        ),
    ];
    for (language, transcript, good, bad) in cases {
        let claims = check_in(transcript, language, &format!("- {good}\n- {bad}"));
        assert!(
            matches!(claims[0].verdict, Verdict::Matched | Verdict::Verbatim),
            "{claims:#?}"
        );
        assert_eq!(claims[1].verdict, Verdict::Check, "{claims:#?}");
    }
}

#[test]
fn of_a_lying_model_nothing_is_lost() {
    let lines = [
        ("Heaters keep ice off the cables in winter. [3]", Verdict::NotFound),
        (
            "Ice falls from the cables in winter. [6 \"icicles are a terrible problem here\"]",
            Verdict::Check,
        ),
        (
            "Ice falls from cables in winter while cyclists complain about wind [6-8].",
            Verdict::Matched,
        ),
        ("Cyclists complain about the wind. [7]", Verdict::Verbatim),
        ("Cyclists complain about the wind. [7]", Verdict::Verbatim),
        (
            "Der Bürgermeister besitzt eine Jacht. [3 \"the mayor owns a yacht\"]",
            Verdict::NotFound,
        ),
        ("The mayor owns a yacht.", Verdict::NotFound),
    ];
    let body: Vec<String> = lines.iter().map(|(line, _)| format!("- {line}")).collect();
    let claims = check_in(TALK, Language::English, &body.join("\n"));
    let verdicts: Vec<Verdict> = claims.iter().map(|claim| claim.verdict).collect();
    assert_eq!(verdicts, lines.map(|(_, verdict)| verdict), "{claims:#?}");
    for (claim, (line, _)) in claims.iter().zip(lines) {
        assert!(line.starts_with(claim.text.trim_end_matches('.')), "{}", claim.text);
    }
}

#[test]
fn headings_have_no_claims() {
    let claims = check_in(
        TALK,
        Language::English,
        "# The bridge\n\nKey points:\n- Cyclists complain about the wind. [7]",
    );
    assert_eq!(claims.len(), 1);
    assert!(check_in("", Language::English, "# Only a heading").is_empty());
    assert_eq!(
        check_in("", Language::English, "A claim [1 \"of nothing at all\"]")[0].verdict,
        Verdict::NotFound
    );
}

#[test]
fn every_sentence_with_its_own_quote_is_verbatim() {
    let all = passages(TALK);
    let body: Vec<String> = all
        .iter()
        .flat_map(|passage| {
            passage
                .sentences
                .iter()
                .map(|sentence| (passage.ordinal, &sentence.text))
        })
        .map(|(ordinal, text)| format!("- {text} [{ordinal} \"{text}\"]"))
        .collect();
    let claims = check_in(TALK, Language::English, &body.join("\n"));
    assert_eq!(claims.len(), body.len());
    for claim in claims {
        assert_eq!(claim.verdict, Verdict::Verbatim, "{claim:?}");
    }
}

#[test]
fn hostile_input_ends() {
    let word = "word ".repeat(20_000);
    let transcript = format!("{word}\n{word}");
    let body = format!(
        "- {word}[1 \"{}\"]\n- {} [2-9999 \"word word\"]",
        &word[..1500],
        &word[..1500]
    );
    assert_eq!(check_in(&transcript, Language::English, &body).len(), 2);
}

fn line() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "The city paid thirteen million euros",
        "for the steel alone",
        "not",
        "30",
        "50%",
        "Thatcher",
        "Cyclists complain about the wind.",
        "[2 \"for the steel alone\"]",
        "[3-9 \"complain about the wind\"]",
        "[7]",
        "[0]",
        "[99 \"pale green colour\"]",
        "[1 \"…\"]",
        "- ",
        "\n",
        "# ",
        "一二三",
        "\u{301}",
        "**",
        "“",
    ]);
    proptest::collection::vec(prop_oneof![4 => piece.prop_map(str::to_owned), 1 => "\\PC{0,6}"], 0..14)
        .prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn whatever_is_written_stays_within_the_transcript(body in line(), extra in "\\PC{0,40}", which in 0..Language::ALL.len()) {
        let text = format!("{TALK}\n{extra}.");
        let passages = passages(&text);
        let checker = Checker { passages: &passages, language: Language::ALL[which], context: &extra };
        for claim in checker.check(&body) {
            prop_assert_eq!(claim.verdict == Verdict::NotFound, claim.citations.is_empty());
            prop_assert_eq!(claim.verdict == Verdict::Check, claim.detail.is_some());
            for citation in &claim.citations {
                let passage = passages.iter().find(|passage| passage.ordinal == citation.passage);
                prop_assert!(passage.is_some());
                let passage = passage.unwrap();
                let span = passage.span.unwrap();
                let (start, end) = (citation.start_ms.unwrap(), citation.end_ms.unwrap());
                prop_assert!(span.start_ms <= start && start <= end && end <= span.end_ms);
                prop_assert_eq!(&passage.text(), &citation.text);
                if let Some(quote) = &citation.quote {
                    prop_assert!(citation.text.contains(quote.as_str()), "{} in {}", quote, citation.text);
                }
            }
        }
    }
}

/// What came of a claim about one sentence.
fn about(said: &str, language: Language, claim: &str) -> (Verdict, String) {
    let claim = check_in(said, language, claim).remove(0);
    (claim.verdict, claim.detail.unwrap_or_default())
}

#[test]
fn a_japanese_claim_names_those_who_are_named() {
    let said = "まず値段の話です。 / 出版社の北原さんに「安すぎると逆に売れないよ」と言われました。";
    let differs = |name: &str| {
        let claim = format!("{name}さんは安すぎると逆に売れないと言った。[1 \"安すぎると逆に売れないよ\"]");
        about(said, Language::Japanese, &claim).1
    };
    assert_eq!(differs("北原"), "");
    assert_eq!(differs("村瀬"), "the name “村瀬” is not in this passage");
}

#[test]
fn a_quote_that_negates_counts_and_a_contrast_does_not() {
    let said = "The sweater is made of wool from the island. / After three months of daily use the main roller had basically no hair wrapped around it.";
    let differs = |claim: &str| about(said, Language::English, claim).1;
    assert_eq!(
        differs(
            "After months a lot of hair had wrapped itself around the roller. [1 \"basically no hair wrapped around it\"]"
        ),
        "the passage says “no”, the summary does not"
    );
    let mark = "[1 \"made of wool from the island\"]";
    assert_eq!(
        differs(&format!("The sweater is made of island wool, not cotton. {mark}")),
        ""
    );
    assert_eq!(
        differs(&format!("The sweater is not made of island wool. {mark}")),
        "says “not”, the passage does not"
    );
}

/// What the passages beside say, or another sentence than the quoted one, is said of something else.
#[test]
fn a_negation_is_looked_for_where_the_claim_leads() {
    let differs = |said: &str, claim: &str| about(said, Language::English, claim).1;
    let inquiry = "The report doesn't blame Sloane alone. / Sloane gave back his licence voluntarily in 1964.
        They hold every licence in a drawer of the office now.";
    let claim = "Although the report did not hold him solely responsible, Sloane gave back his licence in 1964. \
                 [1 \"Sloane gave back his licence voluntarily in 1964\"]";
    assert_eq!(differs(inquiry, claim), "");
    let remote = "The remote can be adapted to individual users by a small menu that opens when they press the key.
        It is not adapted to the needs of the shops.";
    let claim = "The remote cannot be adapted to individual users. [1 \"can be adapted to individual users\"]";
    assert_eq!(differs(remote, claim), "says “cannot”, the passage does not");
    let loans = "At the moment the bank wants about three and a half percent. / In the end of 2021 loans over ten years did not cost \
                 interest of one percent.";
    let claim = "Loans over ten years cost interest of 3.5 percent at the moment. \
                 [1 \"the bank wants about three and a half percent\"]";
    assert_eq!(differs(loans, claim), "");
}
