//! What people say in many ways and summaries write in one: numbers, names of speakers, short quotes. Each line was refused once.

use super::*;

#[test]
fn numbers_may_be_said_in_other_ways() {
    let cases = [
        (
            "en",
            "The boards were fourteen dollars and eighty cents each at the store.",
            "The boards cost $14.80 each at the store.",
            true,
        ),
        (
            "en",
            "The boards were fourteen dollars and eighty cents each at the store.",
            "The boards cost $14.90 each at the store.",
            false,
        ),
        (
            "en",
            "The error of the notebook was only point four degrees.",
            "The error of the notebook was just 0.4 degrees.",
            true,
        ),
        (
            "en",
            "With the dirt the whole bed came to two twenty one dollars.",
            "With the dirt the whole bed came to $221.",
            true,
        ),
        (
            "en",
            "The flow slowed by about a third in less than a century.",
            "The flow slowed by 33 % within 100 years.",
            true,
        ),
        (
            "en",
            "The flow slowed by about a third in less than a century.",
            "The flow slowed by 50 % within 100 years.",
            false,
        ),
        (
            "en",
            "One account in five belongs to a woman from London.",
            "Women from London hold 20 % of the accounts.",
            true,
        ),
        (
            "en",
            "It left the river at two and a half hours on the clock.",
            "It left the river after 150 minutes on the clock.",
            true,
        ),
        (
            "en",
            "The posts are cut to twenty two inches no wait sorry twenty four inches.",
            "The posts are cut to 22 inches.",
            false,
        ),
        (
            "en",
            "The bank opened with half a million customers in four cities.",
            "The bank opened with 500,000 customers in four cities.",
            true,
        ),
        (
            "de",
            "Die Brücke ist seit anderthalb Jahren für Autos gesperrt.",
            "Die Brücke ist seit 18 Monaten für Autos gesperrt.",
            true,
        ),
        (
            "de",
            "Die Brücke ist seit anderthalb Jahren für Autos gesperrt.",
            "Die Brücke ist seit 16 Monaten für Autos gesperrt.",
            false,
        ),
        (
            "de",
            "Ein Dutzend der Länder stimmt gegen das neue Gesetz.",
            "12 der Länder stimmen gegen das neue Gesetz.",
            true,
        ),
        (
            "de",
            "In jedem fünften Fall hat sich das kleine Modell geirrt.",
            "In 20 Prozent der Fälle hat sich das kleine Modell geirrt.",
            true,
        ),
        (
            "de",
            "Das Beet wird zwei Meter lang und eins zwanzig breit.",
            "Das Beet wird zwei Meter lang und 1,20 Meter breit.",
            true,
        ),
        (
            "fr",
            "La farine coûte un euro quatre-vingt le kilo au moulin.",
            "La farine coûte 1,80 euro le kilo au moulin.",
            true,
        ),
        (
            "fr",
            "Le texte fut adopté par trente-huit voix contre trente et une.",
            "Le texte fut adopté par 38 voix contre 31.",
            true,
        ),
        (
            "fr",
            "Une quinzaine de milliers de soldats ont pris la ville.",
            "Environ 15 000 soldats ont pris la ville.",
            true,
        ),
        (
            "es",
            "Casi tres cuartas partes de la cuota eran intereses del banco.",
            "Cerca del 75 % de la cuota eran intereses del banco.",
            true,
        ),
        (
            "it",
            "Siamo saliti a piedi alla chiesa, un'ora e mezza di strada.",
            "Sono saliti a piedi alla chiesa in 90 minuti di strada.",
            true,
        ),
        (
            "it",
            "La torre appartiene a Lasha, che ha settantun anni.",
            "La torre appartiene a Lasha, che ha 71 anni.",
            true,
        ),
        (
            "ru",
            "Аппарат раздавило на высоте около двадцати восьми километров.",
            "Аппарат раздавило на высоте 28 километров.",
            true,
        ),
        (
            "nl",
            "Ik heb éénenveertig nachten gekampeerd in de bergen.",
            "Ze heeft 41 nachten gekampeerd in de bergen.",
            true,
        ),
    ];
    for (language, said, claim, is_true) in cases {
        let claims = check_in(
            said,
            Language::from_code(language),
            &format!("- {claim} [1 \"{said}\"]"),
        );
        let detail = claims[0].detail.as_deref().unwrap_or_default();
        assert_eq!(
            detail.contains("the summary says "),
            !is_true,
            "{said} / {claim}: {detail}"
        );
    }
}

#[test]
fn a_count_of_the_writers_own_is_no_other_number() {
    let said = "The design has a functional phase, then a conceptual phase and a detailed one.";
    let mark = "[1 \"a functional phase, then a conceptual phase\"]";
    assert_eq!(
        about(said, Language::English, &format!("The design has three phases. {mark}")).1,
        ""
    );
    let told = "The design has five phases, from the functional phase to the detailed one.";
    let detail = about(
        told,
        Language::English,
        "The design has three phases. [1 \"The design has five phases\"]",
    )
    .1;
    assert_eq!(detail, "the summary says 3, the transcript 5");
}

#[test]
fn a_number_that_the_quote_contradicts_is_another_one() {
    let said = "In balanced mode the battery lasted ninety five minutes and at full power only thirty eight minutes.";
    let claim = |minutes: u32| {
        format!("At full power the battery lasts {minutes} minutes. [1 \"at full power only thirty eight minutes\"]")
    };
    assert_eq!(about(said, Language::English, &claim(38)).1, "");
    assert_eq!(
        about(said, Language::English, &claim(95)).1,
        "the summary says 95 minutes, the quoted words 38 minutes"
    );
}

#[test]
fn what_is_invented_before_the_true_sentence_of_a_mark_is_told() {
    let said = "The new remote has to be original, trendy and friendly to its users.";
    let mark = "[1 \"has to be original, trendy and friendly\"]";
    let verdict = |body: String| about(said, Language::English, &body).0;
    assert_eq!(
        verdict(format!("The remote must be original and trendy. {mark}")),
        Verdict::Matched
    );
    assert_eq!(
        verdict(format!(
            "Aliens attack the whole building at night. The remote must be original and trendy. {mark}"
        )),
        Verdict::Check
    );
}

#[test]
fn words_in_quotation_marks_must_have_been_said() {
    let said = "The new remote has to be original, trendy and friendly to its users.";
    let mark = "[1 \"has to be original, trendy and friendly\"]";
    let detail = |words: &str| {
        let body = format!("They call for a remote that is original and trendy: “{words}”. {mark}");
        about(said, Language::English, &body).1
    };
    assert_eq!(detail("has to be original, trendy"), "");
    assert_eq!(
        detail("we hate this project and want to go home"),
        "the words “we hate this project and want to go home” were not found in this passage"
    );
}

#[test]
fn a_short_quote_is_enough_in_the_passage_that_is_named() {
    let said = "The company carried slaves for years. It was cruel, and by its own books it was not profitable. / The tea was good.";
    let (verdict, detail) = about(
        said,
        Language::English,
        "By its own books the company was not profitable with slaves. [1 \"it was not profitable\"]",
    );
    assert_eq!(verdict, Verdict::Matched, "{detail}");
}

/// Nothing that a model or a transcript writes may stop the check.
#[test]
fn hostile_numbers_and_initials_are_read() {
    let nines = "9".repeat(400);
    let said = format!(
        "The bill was {nines} billion dollars and 1,2,3 times more. / W{}",
        " of the".repeat(5_000)
    );
    for number in [nines.as_str(), "0", "123", "1,2,3"] {
        let body = format!("WHO says the bill was about {number} billion dollars. [1 \"The bill was\"]");
        assert_eq!(check_in(&said, Language::English, &body).len(), 1);
    }
}

#[test]
fn a_list_of_digits_is_no_number_of_thousands() {
    let said = "Press the keys 1,2,3 on the old remote control of the set.";
    let body = "The remote control has 123 keys on the old set. [1 \"on the old remote control\"]";
    assert!(
        about(said, Language::English, body)
            .1
            .starts_with("the summary says 123")
    );
    let glued = "In the old set 200,000cases of fraud were found by the bank.";
    let body = "The bank found 200,000 cases of fraud in the old set. [1 \"cases of fraud were found by the bank\"]";
    assert_eq!(about(glued, Language::English, body).1, "");
}
