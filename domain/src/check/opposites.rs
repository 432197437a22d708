//! A claim that says "agreed" where the passage says "refused": pairs of words that are no negations and turn a claim round.

use std::{borrow::Cow, ops::Range};

use super::index::{Index, Term};
use crate::language::Language;

/// The claim and the sentence must share a content word this near to the two opposites.
const NEAR: usize = 5;

/// A negation this many words before one of the opposites turns it round.
const REACH: usize = 4;

/// "Less expensive" is cheaper.
const LESS: [&str; 6] = ["less", "weniger", "menos", "moins", "meno", "minder"];

/// Words that order what stands behind them.
const ORDERS: [&str; 12] = [
    "before", "after", "vor", "nach", "antes", "después", "depois", "avant", "après", "prima", "dopo", "na",
];

/// German phrases whose first word says nothing of an order.
const PHRASES: [(&str, &str); 8] = [
    ("vor", "ort"),
    ("vor", "allem"),
    ("vor", "gericht"),
    ("vor", "augen"),
    ("nach", "hause"),
    ("nach", "wie"),
    ("nach", "angaben"),
    ("nach", "eigenen"),
];

/// What differs; `None` where nothing does. `nearest` is the sentence most like the claim.
pub(super) fn differ(index: &Index<'_>, claim: &[Term], nearest: &Range<usize>) -> Option<String> {
    let pairs = pairs(index.language);
    if pairs.is_empty() {
        return None;
    }
    let claimed: Vec<(&str, Cow<'_, str>)> = claim
        .iter()
        .map(|term| (term.token.normal.as_str(), Cow::Borrowed(term.token.stem.as_str())))
        .collect();
    let said: Vec<(&str, Cow<'_, str>)> = nearest
        .clone()
        .map(|place| {
            let normal = index.word_at(place).normal.as_str();
            (normal, index.language.stem(normal))
        })
        .collect();
    let find = |words: &[(&str, Cow<'_, str>)], names: &str| {
        let is_phrase = |at: usize| {
            let next = words.get(at + 1).map_or("", |(next, _)| next);
            index.language == Language::German && PHRASES.contains(&(words[at].0, next))
        };
        (0..words.len()).find(|at| {
            let (normal, stem) = &words[*at];
            let is_named = names
                .split(' ')
                .any(|name| name == *normal || index.language.stem(name) == *stem);
            is_named && !is_phrase(*at)
        })
    };
    let negated = |words: &[(&str, Cow<'_, str>)], at: usize| {
        words[at.saturating_sub(REACH)..at]
            .iter()
            .any(|(normal, _)| index.language.is_negation(normal) || LESS.contains(normal))
    };
    let shares = |ours: usize, theirs: usize| {
        let near = |at: usize, length: usize| at.saturating_sub(NEAR)..(at + NEAR + 1).min(length);
        near(ours, claim.len()).any(|at| {
            at != ours
                && claim[at].content > 0.0
                && near(theirs, said.len())
                    .any(|place| place != theirs && index.word_at(nearest.start + place).stem == claim[at].stem)
        })
    };
    // "This is more important than that": "that is less important than this".
    let compared_with = |words: &[(&str, Cow<'_, str>)], at: usize| {
        let than = words[at..]
            .iter()
            .position(|(normal, _)| matches!(*normal, "than" | "als" | "dan"))?;
        let mut behind = words[at + than + 1..].iter();
        let (_, stem) = behind.find(|(normal, _)| !index.language.is_stop(normal))?;
        Some(stem.to_string())
    };
    let is_turned_round = |ours: usize, theirs: usize| {
        let pair = compared_with(&claimed, ours).zip(compared_with(&said, theirs));
        pair.is_some_and(|(ours, theirs)| {
            let has = |words: &[(&str, Cow<'_, str>)], stem: &str| words.iter().any(|(_, other)| other == stem);
            ours != theirs && has(&said, &ours) && has(&claimed, &theirs)
        })
    };
    // "After the vote" is no contrary of "before Christmas".
    let orders_alike = |ours: usize, theirs: usize| {
        if !ORDERS.contains(&claimed[ours].0) {
            return true;
        }
        let behind = nearest.start + theirs + 1..nearest.end;
        let next_said = behind.clone().find(|place| index.word_at(*place).content > 0.0);
        let next_claimed = claim[ours + 1..].iter().find(|term| term.content > 0.0);
        let is_claimed = |stem: u32| claim[ours + 1..].iter().any(|term| term.stem == stem);
        let is_said = |stem: u32| behind.clone().any(|place| index.word_at(place).stem == stem);
        next_said.is_none_or(|place| is_claimed(index.word_at(place).stem))
            && next_claimed.is_none_or(|term| is_said(term.stem))
    };
    let both = pairs.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
    both.filter_map(|(ours, theirs)| Some((find(&claimed, ours)?, find(&said, theirs)?, ours, theirs)))
        .find(|(at, place, ours, theirs)| {
            find(&claimed, theirs).is_none()
                && find(&said, ours).is_none()
                && negated(&claimed, *at) == negated(&said, *place)
                && shares(*at, *place)
                && orders_alike(*at, *place)
                && !is_turned_round(*at, *place)
        })
        .map(|(at, place, ..)| format!("the summary says “{}”, the passage “{}”", claimed[at].0, said[place].0))
}

/// Words that exclude each other; on each side those of one meaning. Stems are compared, so that one form stands for all; forms
/// that the stemmer does not join stand beside each other.
fn pairs(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::English => &[
            ("refuse reject decline deny", "agree accept approve"),
            (
                "increase rise rose risen grow grew grown",
                "decrease fall fell fallen drop decline shrink shrank",
            ),
            ("more", "less fewer"),
            ("higher", "lower"),
            ("before", "after"),
            ("win won", "lose lost"),
            ("allow permit", "forbid forbidden prohibit ban"),
            ("always", "never"),
            ("best", "worst"),
            ("better", "worse"),
            ("cheap cheaper", "expensive"),
            ("everybody everyone", "nobody"),
            ("everything every all", "nothing"),
            ("true", "false"),
            ("succeed", "fail"),
            ("possible", "impossible"),
            ("safe", "dangerous unsafe"),
            ("first", "last"),
            ("stronger", "weaker"),
            ("faster", "slower"),
            ("longer", "shorter"),
            ("maximum", "minimum"),
        ],
        Language::German => &[
            (
                "ablehnen lehnte abgelehnt verweigert weigerte",
                "zustimmen stimmte zugestimmt akzeptiert",
            ),
            (
                "steigen stieg gestiegen zugenommen wuchs gewachsen erhöht",
                "sinken sank gesunken gefallen fiel abgenommen geschrumpft schrumpfte gesenkt",
            ),
            ("mehr", "weniger"),
            ("höher", "niedriger"),
            ("vor", "nach"),
            ("gewonnen gewann", "verloren verlor"),
            ("erlaubt", "verboten"),
            ("immer", "nie niemals"),
            ("beste besten", "schlechteste schlechtesten schlimmste schlimmsten"),
            ("besser", "schlechter schlimmer"),
            ("billig billiger günstig günstiger", "teuer teurer"),
            ("möglich", "unmöglich"),
            ("alle jeder", "niemand"),
            ("erste ersten", "letzte letzten"),
            ("schneller", "langsamer"),
            ("viel", "kein"),
        ],
        Language::Spanish => &[
            (
                "rechazó rechazar rechazaron negó negaron",
                "aceptó aceptar aceptaron aprobó",
            ),
            (
                "aumentó aumentar subió subieron creció",
                "disminuyó bajó bajaron cayó cayeron redujo",
            ),
            ("más", "menos"),
            ("antes", "después"),
            ("ganó ganar ganaron", "perdió perder perdieron"),
            ("siempre", "nunca"),
            ("mejor", "peor"),
            ("barato barata", "caro cara"),
            ("todos", "nadie"),
            ("posible", "imposible"),
            ("primero primera", "último última"),
        ],
        Language::French => &[
            ("refusé refuse refusent", "accepté accepte acceptent"),
            ("augmenté augmente", "diminué diminue baissé baisse"),
            ("avant", "après"),
            ("gagné gagne", "perdu perd"),
            ("toujours", "jamais"),
            ("meilleur meilleure", "pire"),
            ("possible", "impossible"),
        ],
        Language::Portuguese => &[
            ("recusou rejeitou", "aceitou aprovou"),
            ("aumentou subiu cresceu", "diminuiu caiu baixou"),
            ("antes", "depois"),
            ("ganhou", "perdeu"),
            ("sempre", "nunca"),
            ("melhor", "pior"),
            ("possível", "impossível"),
        ],
        Language::Italian => &[
            ("rifiutato rifiuta", "accettato accetta"),
            ("aumentato aumenta salito", "diminuito diminuisce sceso calato"),
            ("prima", "dopo"),
            ("vinto", "perso"),
            ("sempre", "mai"),
            ("migliore", "peggiore"),
            ("possibile", "impossibile"),
        ],
        Language::Dutch => &[
            ("geweigerd weigerde", "geaccepteerd accepteerde"),
            ("gestegen steeg toegenomen", "gedaald daalde afgenomen"),
            ("meer", "minder"),
            ("voor", "na"),
            ("gewonnen won", "verloren verloor"),
            ("altijd", "nooit"),
            ("beter", "slechter"),
            ("mogelijk", "onmogelijk"),
        ],
        _ => &[],
    }
}
