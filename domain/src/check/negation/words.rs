//! Words that are no negations and say "not" all the same.

use crate::language::Language;

/// Words by which a claim says "not" in another way: "advises against", "in the pan instead of the oven".
pub(super) fn turns_round(word: &str, language: Language) -> bool {
    let words: &[&str] = match language {
        Language::English => &[
            "against", "instead", "rather", "except", "unlike", "only", "beyond", "too", "free", "barely",
        ],
        Language::German => &[
            "gegen",
            "statt",
            "anstatt",
            "anstelle",
            "außer",
            "nur",
            "verzichte",
            "verzichten",
            "verzichtet",
            "frei",
            "ab",
            "kaum",
        ],
        Language::Spanish => &[
            "contra",
            "vez",
            "lugar",
            "excepto",
            "salvo",
            "solo",
            "sólo",
            "desaconseja",
            "demasiado",
        ],
        Language::French => &["contre", "lieu", "plutôt", "sauf", "seulement", "déconseille", "trop"],
        Language::Portuguese => &["contra", "vez", "exceto", "só", "apenas", "somente", "desaconselha"],
        Language::Italian => &["contro", "invece", "tranne", "solo", "soltanto", "sconsiglia"],
        Language::Dutch => &["tegen", "plaats", "behalve", "alleen", "slechts"],
        _ => &[],
    };
    words.contains(&word) || implies_negation(word, language)
}

/// Words that negate without being negations: "refused to pay" is "would not pay".
pub(super) fn implies_negation(word: &str, language: Language) -> bool {
    let starts: &[&str] = match language {
        Language::English => &[
            "refus",
            "reject",
            "fail",
            "deni",
            "deny",
            "declin",
            "avoid",
            "prevent",
            "lack",
            "ignor",
            "unable",
            "impossible",
            "instead",
            "stop",
            "forbid",
            "ban",
        ],
        Language::German => &[
            "weiger",
            "verweiger",
            "ablehn",
            "abgelehnt",
            "lehnt",
            "verhinder",
            "vermeid",
            "fehl",
            "unmöglich",
            "verbot",
        ],
        Language::Spanish => &["neg", "rechaz", "evit", "falt", "imposible", "prohib", "ignor"],
        Language::French => &["refus", "rejet", "évit", "manqu", "impossible", "interdi", "ignor"],
        _ => &[],
    };
    starts.iter().any(|start| word.starts_with(start))
}
