//! Claims about those who speak.

use super::*;

/// Ann and Bob about the bridge, three passages.
fn dialogue(body: &str) -> Claim {
    let mut passages = passages(
        "The city paid thirteen million euros for the steel alone. / Was it worth that much money?
         Nobody was injured during the construction, which took four years. / Ferries used to cross the harbour.
         Cyclists complain about the wind. / A glass wall will be built for them next summer.",
    );
    let speakers = ["Ann", "Bob", "Ann", "Ann", "Carla Speaker 2", "Bob"];
    let sentences = passages.iter_mut().flat_map(|passage| &mut passage.sentences);
    for (sentence, speaker) in sentences.zip(speakers) {
        sentence.speaker = Some(speaker.to_owned());
    }
    let checker = Checker {
        passages: &passages,
        language: Language::English,
        context: "",
    };
    checker.check(body).remove(0)
}

#[test]
fn words_are_given_to_whoever_said_them() {
    let came = |body: &str| {
        let claim = dialogue(body);
        (claim.verdict, claim.detail)
    };
    let steel = "The city paid thirteen million euros for the steel alone. [1 \"paid thirteen million euros\"]";
    assert_eq!(came(&format!("- Ann: {steel}")), (Verdict::Verbatim, None));
    assert_eq!(came(&format!("- **Ann**: {steel}")), (Verdict::Verbatim, None));
    let refused = |name: &str| {
        let detail = format!("these words are not “{name}”’s in this passage");
        (Verdict::Check, Some(detail))
    };
    assert_eq!(came(&format!("- Bob: {steel}")), refused("Bob"));
    assert_eq!(came(&format!("- Carla Speaker 2: {steel}")), refused("Carla Speaker 2"));
    // A quote may begin with the name that the model saw before it.
    let (verdict, _) =
        came("Thirteen million euros went into the city's steel. [1 \"Ann: The city paid thirteen million euros\"]");
    assert_eq!(verdict, Verdict::Matched);
}

#[test]
fn a_speakers_name_is_no_foreign_name() {
    let said = "Nobody was injured during four years of construction, as Ann says. [2 \"Nobody was injured during the construction\"]";
    assert_eq!(dialogue(said).verdict, Verdict::Matched);
    let other = said.replace("Ann", "Dora");
    assert_eq!(
        dialogue(&other).detail.as_deref(),
        Some("the name “Dora” is not in this passage")
    );
    let numbered =
        "According to Carla Speaker 2, cyclists complain about the wind. [3 \"Cyclists complain about the wind\"]";
    assert_eq!(dialogue(numbered).verdict, Verdict::Matched);
}

#[test]
fn a_claim_about_a_speaker_quotes_that_speaker() {
    let mark = "[3 \"Cyclists complain about the wind\"]";
    let came = |name: &str| {
        dialogue(&format!(
            "{name} says that cyclists complain about the wind there. {mark}"
        ))
    };
    assert_eq!(came("Carla Speaker 2").verdict, Verdict::Matched);
    let wrong = came("Bob");
    assert_eq!(wrong.verdict, Verdict::Check);
    assert_eq!(
        wrong.detail.as_deref(),
        Some("these words are not “Bob”’s in this passage")
    );
}

#[test]
fn a_surname_within_another_name_is_no_speaker() {
    let mut passages = passages(
        "The delay of the receipts at Trinity Saint David comes from the Egin project. / We still get the money.
         Thank you for that. / Let us go on to fees.",
    );
    let speakers = ["Bethan Owen", "Bethan Owen", "Hefin David AM", "Hefin David AM"];
    let sentences = passages.iter_mut().flat_map(|passage| &mut passage.sentences);
    for (sentence, speaker) in sentences.zip(speakers) {
        sentence.speaker = Some(speaker.to_owned());
    }
    let checker = Checker {
        passages: &passages,
        language: Language::English,
        context: "",
    };
    let body = "Trinity Saint David's receipts are delayed by the Egin project. [1 \"comes from the Egin project\"]";
    assert_eq!(checker.check(body).remove(0).verdict, Verdict::Matched);
}
