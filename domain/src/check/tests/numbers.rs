//! Numbers of a claim: how they are read in several languages, and what counts as another one.

use super::*;

#[test]
fn as_many_of_another_thing_say_nothing() {
    let said = "The service stays open seven days a week. / It was closed on 13 March.";
    let one = |body: &str| check_in(said, Language::English, body).remove(0);
    let right = one("The service is open 7 days a week. [1 \"stays open seven days a week\"]");
    assert_eq!(right.verdict, Verdict::Matched, "{right:?}");
    let wrong = one("The service is open 13 days a week. [1 \"stays open seven days a week\"]");
    assert_eq!(
        wrong.detail.as_deref(),
        Some("the summary says 13 days per week, the transcript 7 days per week"),
        "{wrong:?}"
    );
}

#[test]
fn the_number_that_was_meant_is_told() {
    let said = "Two teachers have counted the animals of twelve pools every spring since 1984. / It is a lot of work.";
    let body = "The count began in 1948. [1 \"every spring since 1984\"]";
    assert_eq!(
        check_in(said, Language::English, body)[0].detail.as_deref(),
        Some("the summary says 1948, the transcript 1984")
    );
}

/// The judging call may not lift these, whatever words they are told in.
#[test]
fn a_veto_on_numbers_is_known_as_one() {
    let body = "- The city paid fifteen million euros for the steel alone. [2 \"million euros for the steel alone\"]";
    let claims = check_in(TALK, Language::English, body);
    assert_eq!(claims[0].verdict, Verdict::Check);
    assert!(is_about_numbers(claims[0].detail.as_deref().unwrap()), "{claims:?}");
    assert!(!is_about_numbers("the name “Ada” is not in this passage"));
}

#[test]
fn numbers() {
    let steel = |number: &str| format!("The city paid {number} for its steel. [2 \"million euros for the steel\"]");
    assert_check(
        &steel("30 million euros"),
        "the summary says 30,000,000 euros, the transcript 13,000,000 euros",
    );
    for number in [
        "13 million euros",
        "€13,000,000",
        "thirteen million euros",
        "over 13 million",
    ] {
        assert_eq!(check(&steel(number)).verdict, Verdict::Matched, "{number}");
    }
    assert_check(
        &steel("13 million dollars"),
        "the summary says 13,000,000 dollars, the transcript 13,000,000 euros",
    );
    let pay = |share: &str| format!("{share} of drivers pay by phone. [9 \"drivers pay with a phone\"]");
    assert_eq!(check(&pay("50 %")).verdict, Verdict::Matched);
    assert_eq!(check(&pay("50 percent")).verdict, Verdict::Matched);
    assert_eq!(check(&pay("Fifty percent")).verdict, Verdict::Matched);
    assert_check(&pay("15 %"), "the summary says 15 %, the transcript 50 %");
    assert_check(
        "The construction took 14 years. [3 \"construction, which took four years\"]",
        "the summary says 14 years, the transcript 4 years",
    );
    assert_check(
        "Miller resigned in 2018 after a vote against her budget. [10 \"the council voted against her budget\"]",
        "the summary says 2018, the transcript 2019",
    );
}

#[test]
fn numbers_however_they_are_said() {
    let cases = [
        (
            "en",
            "The rest takes half an hour and costs one dollar fifty.",
            "The rest takes 30 minutes and costs $1.50.",
            true,
        ),
        (
            "en",
            "The rest takes half an hour and costs one dollar fifty.",
            "The rest takes 13 minutes.",
            false,
        ),
        (
            "en",
            "Two and a half million people watched the stream.",
            "2.5 million people watched the stream.",
            true,
        ),
        (
            "en",
            "Two thirds of the viewers skip the intro song.",
            "Three quarters of viewers skip the intro song.",
            false,
        ),
        (
            "en",
            "The battery of the drone weighs five hundred grams.",
            "The drone's battery weighs 500g.",
            true,
        ),
        (
            "en",
            "The battery of the drone weighs five hundred grams.",
            "The drone's battery weighs 500kg.",
            false,
        ),
        (
            "de",
            "Der Motor kostet zwölftausend fünfhundert Euro.",
            "Der Motor kostet 12.500 Euro.",
            true,
        ),
        (
            "de",
            "Ein Viertel der Züge fährt zu spät ab.",
            "Ein Drittel der Züge fährt zu spät ab.",
            false,
        ),
        (
            "es",
            "El barco costó un millón doscientos mil euros.",
            "El barco costó 1,2 millones de euros.",
            true,
        ),
        (
            "ja",
            "この橋は二〇一八年に三百八十万円で直した。",
            "橋は2018年に380万円で直した。",
            true,
        ),
        (
            "ja",
            "この橋は二〇一八年に三百八十万円で直した。",
            "橋は2017年に直した。",
            false,
        ),
        (
            "ko",
            "다리를 고치는 데 삼십오 분이 걸렸습니다.",
            "다리를 고치는 데 35분 걸렸습니다.",
            true,
        ),
    ];
    for (language, said, claim, is_true) in cases {
        let language = Language::from_code(language);
        let claims = check_in(said, language, &format!("- {claim} [1 \"{said}\"]"));
        let differs = claims[0]
            .detail
            .as_deref()
            .is_some_and(|detail| detail.starts_with("the summary says"));
        assert_eq!(differs, !is_true, "{claim}: {:?}", claims[0].detail);
    }
}

#[test]
fn numbers_are_read_as_people_write_and_say_them() {
    let accepted = |said: &str, language: Language, body: &str| {
        let (verdict, detail) = about(said, language, body);
        assert!(
            matches!(verdict, Verdict::Matched | Verdict::Verbatim),
            "{body}: {detail}"
        );
    };
    let french = "Le forage a coûté quatre-vingt-dix mille euros et dix-neuf lampes neuves.";
    let mark = "[1 \"a coûté quatre-vingt-dix mille euros\"]";
    accepted(
        french,
        Language::French,
        &format!("Le forage coûtait 90 000 euros et 19 lampes. {mark}"),
    );
    let refused = about(
        french,
        Language::French,
        &format!("Le forage coûtait 80 000 euros. {mark}"),
    );
    assert_eq!(refused.1, "the summary says 80,000 euros, the transcript 90,000 euros");

    let spanish = "El puente nuevo costó cuatro millones y medio en el año ochenta y siete.";
    let mark = "[1 \"El puente nuevo costó cuatro millones y medio\"]";
    accepted(
        spanish,
        Language::Spanish,
        &format!("El puente nuevo costó 4,5 millones en 1987. {mark}"),
    );

    let japanese = "この島のゲームは一年で四万三千本売れました。";
    accepted(
        japanese,
        Language::Japanese,
        "この島のゲームは4万3千本売れた。[1 \"一年で四万三千本売れました\"]",
    );

    let english = "The robot came out on March third, costs seventeen fifty euros and sucked up fifty grams of oats, the old one forty.";
    let mark = "[1 \"sucked up fifty grams of oats\"]";
    accepted(
        english,
        Language::English,
        &format!("The robot, out since March 3, costs 17.50 euros. {mark}"),
    );
    accepted(
        english,
        Language::English,
        "The old robot sucked up 40 grams of oats. [1 \"of oats, the old one forty\"]",
    );
}

#[test]
fn a_month_is_no_year_and_a_third_no_quarter() {
    let said = "Filters cost sixty five dollars a year. / A quarter of the money comes in October, after 1.2 seconds of silence.";
    let differs = |claim: &str| about(said, Language::English, claim).1;
    assert_eq!(
        differs("Filters cost 65 dollars a month. [1 \"Filters cost sixty five dollars\"]"),
        "the summary says 65 dollars per month, the transcript 65 dollars per year"
    );
    let mark = "[1 \"A quarter of the money comes in October\"]";
    assert_eq!(differs(&format!("A quarter of the money comes in October. {mark}")), "");
    assert!(differs(&format!("A third of the money comes in October. {mark}")).starts_with("the summary says third"));
    assert!(
        differs(&format!("The money comes after 1.2 milliseconds of silence. {mark}"))
            .starts_with("the summary says 1.2 milliseconds")
    );
}
