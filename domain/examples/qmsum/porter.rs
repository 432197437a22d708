//! Porter's stemmer as NLTK has it (its mode `NLTK_EXTENSIONS`), which is what `rouge_score` stems with. The product itself
//! stems with Porter 2; scores are only comparable with this one.

/// The stem of a word of `[a-z0-9]`.
pub(crate) fn stem(word: &str) -> String {
    const IRREGULAR: [(&str, &str); 16] = [
        ("sky", "sky"),
        ("skies", "sky"),
        ("dying", "die"),
        ("lying", "lie"),
        ("tying", "tie"),
        ("news", "news"),
        ("innings", "inning"),
        ("inning", "inning"),
        ("outings", "outing"),
        ("outing", "outing"),
        ("cannings", "canning"),
        ("canning", "canning"),
        ("howe", "howe"),
        ("proceed", "proceed"),
        ("exceed", "exceed"),
        ("succeed", "succeed"),
    ];
    if let Some((_, stem)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return (*stem).to_owned();
    }
    if word.len() <= 2 {
        return word.to_owned();
    }
    let word = step_1c(step_1b(step_1a(word)));
    let word = step_4(step_3(step_2(word)));
    step_5b(step_5a(word))
}

/// What a rule asks of the stem before its suffix.
type Condition = fn(&str) -> bool;

/// Applies the first rule whose suffix the word has; if its condition does not hold, none.
fn apply(word: String, rules: &[(&str, &str)], condition: Condition) -> String {
    for (suffix, replacement) in rules {
        if let Some(stem) = word.strip_suffix(suffix) {
            return if condition(stem) {
                format!("{stem}{replacement}")
            } else {
                word
            };
        }
    }
    word
}

fn consonants(word: &str) -> Vec<bool> {
    let mut flags: Vec<bool> = Vec::with_capacity(word.len());
    for byte in word.bytes() {
        flags.push(match byte {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => flags.last().is_none_or(|consonant| !consonant),
            _ => true,
        });
    }
    flags
}

/// How often a vowel is followed by a consonant.
fn measure(stem: &str) -> usize {
    consonants(stem).windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn measured(stem: &str) -> bool {
    measure(stem) > 0
}

fn well_measured(stem: &str) -> bool {
    measure(stem) > 1
}

fn ends_double_consonant(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() >= 2
        && bytes[bytes.len() - 1] == bytes[bytes.len() - 2]
        && consonants(word).last().is_some_and(|consonant| *consonant)
}

fn ends_cvc(word: &str) -> bool {
    let flags = consonants(word);
    match flags.as_slice() {
        [first, second] => !first && *second,
        [.., before, vowel, last] => *before && !vowel && *last && !word.ends_with(['w', 'x', 'y']),
        _ => false,
    }
}

fn step_1a(word: &str) -> String {
    if word.len() == 4
        && let Some(stem) = word.strip_suffix("ies")
    {
        return format!("{stem}ie");
    }
    let rules = [("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")];
    apply(word.to_owned(), &rules, |_| true)
}

fn step_1b(word: String) -> String {
    if let Some(stem) = word.strip_suffix("ied") {
        return format!("{stem}{}", if word.len() == 4 { "ie" } else { "i" });
    }
    if let Some(stem) = word.strip_suffix("eed") {
        return if measured(stem) { format!("{stem}ee") } else { word };
    }
    let stem = ["ed", "ing"]
        .iter()
        .filter_map(|suffix| word.strip_suffix(suffix))
        .find(|stem| consonants(stem).contains(&false));
    let Some(stem) = stem else {
        return word;
    };
    if ["at", "bl", "iz"].iter().any(|end| stem.ends_with(end)) {
        return format!("{stem}e");
    }
    if ends_double_consonant(stem) {
        let keeps = stem.ends_with(['l', 's', 'z']);
        return stem[..stem.len() - usize::from(!keeps)].to_owned();
    }
    if measure(stem) == 1 && ends_cvc(stem) {
        return format!("{stem}e");
    }
    stem.to_owned()
}

fn step_1c(word: String) -> String {
    apply(word, &[("y", "i")], |stem| {
        stem.len() > 1 && consonants(stem).last().is_some_and(|consonant| *consonant)
    })
}

fn step_2(word: String) -> String {
    const RULES: [(&str, &str); 21] = [
        ("ational", "ate"),
        ("tional", "tion"),
        ("enci", "ence"),
        ("anci", "ance"),
        ("izer", "ize"),
        ("bli", "ble"),
        ("alli", "al"),
        ("entli", "ent"),
        ("eli", "e"),
        ("ousli", "ous"),
        ("ization", "ize"),
        ("ation", "ate"),
        ("ator", "ate"),
        ("alism", "al"),
        ("iveness", "ive"),
        ("fulness", "ful"),
        ("ousness", "ous"),
        ("aliti", "al"),
        ("iviti", "ive"),
        ("biliti", "ble"),
        ("fulli", "ful"),
    ];
    if let Some(stem) = word.strip_suffix("alli")
        && measured(stem)
    {
        return step_2(format!("{stem}al"));
    }
    if let Some(stem) = word.strip_suffix("logi")
        && !RULES.iter().any(|(suffix, _)| word.ends_with(suffix))
    {
        // The l counts as the stem's.
        return if measured(&format!("{stem}l")) {
            format!("{stem}log")
        } else {
            word
        };
    }
    apply(word, &RULES, measured)
}

fn step_3(word: String) -> String {
    const RULES: [(&str, &str); 7] = [
        ("icate", "ic"),
        ("ative", ""),
        ("alize", "al"),
        ("iciti", "ic"),
        ("ical", "ic"),
        ("ful", ""),
        ("ness", ""),
    ];
    apply(word, &RULES, measured)
}

fn step_4(word: String) -> String {
    const BEFORE_ION: [(&str, &str); 11] = [
        ("al", ""),
        ("ance", ""),
        ("ence", ""),
        ("er", ""),
        ("ic", ""),
        ("able", ""),
        ("ible", ""),
        ("ant", ""),
        ("ement", ""),
        ("ment", ""),
        ("ent", ""),
    ];
    const AFTER_ION: [(&str, &str); 7] = [
        ("ou", ""),
        ("ism", ""),
        ("ate", ""),
        ("iti", ""),
        ("ous", ""),
        ("ive", ""),
        ("ize", ""),
    ];
    if BEFORE_ION.iter().any(|(suffix, _)| word.ends_with(suffix)) {
        return apply(word, &BEFORE_ION, well_measured);
    }
    if word.ends_with("ion") {
        return apply(word, &[("ion", "")], |stem| {
            well_measured(stem) && stem.ends_with(['s', 't'])
        });
    }
    apply(word, &AFTER_ION, well_measured)
}

fn step_5a(word: String) -> String {
    match word.strip_suffix('e') {
        Some(stem) if well_measured(stem) || (measure(stem) == 1 && !ends_cvc(stem)) => stem.to_owned(),
        _ => word,
    }
}

fn step_5b(word: String) -> String {
    if word.ends_with("ll") && well_measured(&word[..word.len() - 1]) {
        return word[..word.len() - 1].to_owned();
    }
    word
}
