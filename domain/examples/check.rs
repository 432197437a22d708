//! Measures the check on meetings in QMSum's format: `cargo run --release -p domain --example check -- FOLDER`.
//!
//! True claims are the sentences of the human answers whose evidence is known, cited at the passage of that evidence
//! that fits best, with words quoted from it. Each is also corrupted: cited at another passage, another number, another
//! name, a negation added or removed, or replaced by a claim about another meeting. Printed: how many true claims are
//! refused, and what share of the corrupted ones is caught, of all and of those whose true form had been accepted.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for the terminal")]

use std::{collections::HashSet, fs, time::Instant};

use domain::{
    check::Checker,
    language::Language,
    passages::{Passage, passages},
    sentences::Sentence,
    summary::{Claim, Verdict},
    tokens::{Token, tokens},
    transcript::Span,
};
use serde_json::Value;

/// Milliseconds a word takes.
const WORD_MS: u64 = 400;

struct Meeting {
    passages: Vec<Passage>,
    claims: Vec<True>,
}

/// A true claim: its words and the index of its passage.
struct True {
    text: String,
    passage: usize,
    /// Two more of its evidence, those that come next.
    others: Vec<usize>,
    quote: String,
}

fn main() {
    let folder = std::env::args().nth(1).expect("a folder of QMSum's JSON files");
    let verbose = std::env::args().nth(2);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    files.sort();
    let meetings: Vec<Meeting> = files
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "json"))
        .map(|file| meeting(&serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON")))
        .collect();
    let mut random = Random(7);
    let mut rows: Vec<(&str, Row)> = [
        "true",
        "true, no quote",
        "wrong passage",
        "wrong passage, no quote",
        "number",
        "name",
        "negation",
        "invention",
        "invention, no quote",
        "true, three passages",
        "number, three passages",
        "name, three passages",
        "negation, three passages",
    ]
    .map(|name| (name, Row::default()))
    .into();
    let mut extracts = Row::default();
    let started = Instant::now();
    let mut bodies = 0;
    for (number, meeting) in meetings.iter().enumerate() {
        let checker = Checker {
            passages: &meeting.passages,
            language: Language::English,
            context: "",
        };
        let other = &meetings[(number + 1) % meetings.len()];
        let mark = |passage: usize, quote: &str| format!("[{} \"{quote}\"]", passage + 1);
        let mut lines: Vec<Vec<Option<String>>> = Vec::new();
        for (at, claim) in meeting.claims.iter().enumerate() {
            let text = &claim.text;
            let own = mark(claim.passage, &claim.quote);
            let whole = claim
                .others
                .iter()
                .fold(own.clone(), |marks, other| format!("{marks} [{}]", other + 1));
            let far = random.far(meeting.passages.len(), claim.passage);
            let far_quote = quote(&meeting.passages[far], text);
            let strange = &other.claims[at % other.claims.len()].text;
            let near = best(&meeting.passages, 0..meeting.passages.len(), strange);
            let near_quote = quote(&meeting.passages[near], strange);
            let line = |words: &str, mark: &str| Some(format!("- {words} {mark}"));
            lines.push(vec![
                line(text, &own),
                line(text, &format!("[{}]", claim.passage + 1)),
                line(text, &mark(far, &far_quote)),
                line(text, &format!("[{}]", far + 1)),
                wrong_number(text).and_then(|text| line(&text, &own)),
                wrong_name(text, &mut random).and_then(|text| line(&text, &own)),
                negated(text).and_then(|text| line(&text, &own)),
                line(strange, &mark(near, &near_quote)),
                line(strange, &format!("[{}]", near + 1)),
                line(text, &whole),
                wrong_number(text).and_then(|text| line(&text, &whole)),
                wrong_name(text, &mut random).and_then(|text| line(&text, &whole)),
                negated(text).and_then(|text| line(&text, &whole)),
            ]);
        }
        let mut accepted: Vec<bool> = Vec::new();
        for kind in 0..rows.len() {
            let body: Vec<String> = lines
                .iter()
                .map(|line| line[kind].clone().unwrap_or_else(|| "- nothing [1]".to_owned()))
                .collect();
            let claims = checker.check(&body.join("\n"));
            bodies += 1;
            assert_eq!(claims.len(), lines.len(), "a claim a line");
            if kind == 0 {
                accepted = claims.iter().map(is_accepted).collect();
            }
            for (at, claim) in claims.iter().enumerate().filter(|(at, _)| lines[*at][kind].is_some()) {
                rows[kind].1.add(claim, accepted[at]);
                if verbose.as_deref() == Some(rows[kind].0) {
                    println!(
                        "{:?} {:?}\n    {}\n    {}",
                        claim.verdict,
                        claim.detail,
                        lines[at][kind].as_deref().unwrap_or(""),
                        claim.citations.first().map_or("", |citation| citation.text.as_str())
                    );
                }
            }
        }
        let extract: Vec<String> = meeting
            .passages
            .iter()
            .flat_map(|passage| {
                passage
                    .sentences
                    .iter()
                    .map(|sentence| (passage.ordinal, &sentence.text))
            })
            .filter(|(_, text)| content(text, Language::English).len() >= 3)
            .map(|(ordinal, text)| format!("- {text} [{ordinal} \"{text}\"]"))
            .collect();
        for claim in checker.check(&extract.join("\n")) {
            extracts.add(&claim, true);
        }
    }
    println!(
        "{:<26}{:>7}{:>10}{:>8}{:>11}{:>9}{:>26}",
        "", "claims", "accepted", "check", "not found", "caught", "caught, true one accepted"
    );
    for (name, row) in &rows {
        println!("{name:<26}{row}");
    }
    println!("{:<26}{extracts}   verbatim: {}", "extracts", extracts.verbatim);
    println!("{bodies} bodies in {:.1} s", started.elapsed().as_secs_f64());
    twelve_hours(&meetings);
}

/// How long the check of 60 claims takes against meetings put together to the length of a twelve-hour video.
fn twelve_hours(meetings: &[Meeting]) {
    let mut all: Vec<Passage> = Vec::new();
    let mut body: Vec<String> = Vec::new();
    for meeting in meetings {
        let before = all.len();
        if before >= 2_500 {
            break;
        }
        let mark = |claim: &True| format!("- {} [{} \"{}\"]", claim.text, before + claim.passage + 1, claim.quote);
        body.extend(meeting.claims.iter().map(mark));
        all.extend(meeting.passages.iter().cloned());
    }
    for (ordinal, passage) in (1..).zip(&mut all) {
        passage.ordinal = ordinal;
    }
    body.truncate(60);
    let words: usize = all
        .iter()
        .map(|passage| passage.text().split_whitespace().count())
        .sum();
    let checker = Checker {
        passages: &all,
        language: Language::English,
        context: "",
    };
    let fastest = (0..40).map(|_| {
        let started = Instant::now();
        let claims = checker.check(&body.join("\n"));
        assert_eq!(claims.len(), body.len(), "a claim a line");
        started.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default().as_secs_f64() * 1000.0;
    println!(
        "{} passages, {words} words, {} claims: {fastest:.1} ms",
        all.len(),
        body.len()
    );
}

#[derive(Default)]
struct Row {
    accepted: u32,
    verbatim: u32,
    check: u32,
    not_found: u32,
    was_accepted: u32,
    caught_of_accepted: u32,
}

impl Row {
    fn add(&mut self, claim: &Claim, was_accepted: bool) {
        match claim.verdict {
            Verdict::Check => self.check += 1,
            Verdict::NotFound => self.not_found += 1,
            _ => self.accepted += 1,
        }
        self.verbatim += u32::from(claim.verdict == Verdict::Verbatim);
        self.was_accepted += u32::from(was_accepted);
        self.caught_of_accepted += u32::from(was_accepted && !is_accepted(claim));
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.accepted + self.check + self.not_found;
        let share = |part: u32, whole: u32| f64::from(part) * 100.0 / f64::from(whole.max(1));
        let caught = share(self.check + self.not_found, all);
        let of_accepted = share(self.caught_of_accepted, self.was_accepted);
        let Self {
            accepted,
            check,
            not_found,
            ..
        } = self;
        write!(
            f,
            "{all:>7}{accepted:>10}{check:>8}{not_found:>11}{caught:>7.1} %{of_accepted:>24.1} %"
        )
    }
}

fn is_accepted(claim: &Claim) -> bool {
    matches!(
        claim.verdict,
        Verdict::Verbatim | Verdict::Matched | Verdict::QuoteFound
    )
}

fn meeting(json: &Value) -> Meeting {
    let turns = json["meeting_transcripts"].as_array().expect("turns");
    let mut sentences = Vec::new();
    let mut turn_of = Vec::new();
    for (turn, said) in turns.iter().enumerate() {
        for text in split(said["content"].as_str().unwrap_or("")) {
            let start_ms = sentences
                .last()
                .and_then(|last: &Sentence| last.span)
                .map_or(0, |span| span.end_ms);
            let end_ms = start_ms + WORD_MS * text.split_whitespace().count() as u64;
            sentences.push(Sentence {
                text,
                span: Some(Span { start_ms, end_ms }),
                speaker: said["speaker"].as_str().map(str::to_owned),
            });
            turn_of.push(turn);
        }
    }
    let passages = passages(&sentences, &[]);
    let mut turns_of: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for passage in &passages {
        let end = at + passage.sentences.len();
        turns_of.push((turn_of[at], turn_of[end - 1]));
        at = end;
    }
    let mut claims = Vec::new();
    for query in json["specific_query_list"].as_array().expect("queries") {
        let spans: Vec<(usize, usize)> = query["relevant_text_span"]
            .as_array()
            .expect("spans")
            .iter()
            .filter_map(|span| Some((span[0].as_str()?.parse().ok()?, span[1].as_str()?.parse().ok()?)))
            .collect();
        let evidence: Vec<usize> = (0..passages.len())
            .filter(|passage| {
                spans
                    .iter()
                    .any(|(from, to)| turns_of[*passage].0 <= *to && turns_of[*passage].1 >= *from)
            })
            .collect();
        for text in split(query["answer"].as_str().unwrap_or("")) {
            if evidence.is_empty() || content(&text, Language::English).len() < 3 {
                continue;
            }
            let passage = best(&passages, evidence.iter().copied(), &text);
            let quote = quote(&passages[passage], &text);
            let mut rest: Vec<usize> = evidence.iter().copied().filter(|other| *other != passage).collect();
            let mut others = Vec::new();
            while others.len() < 2 && !rest.is_empty() {
                let next = best(&passages, rest.iter().copied(), &text);
                rest.retain(|other| *other != next);
                others.push(next);
            }
            claims.push(True {
                text,
                passage,
                others,
                quote,
            });
        }
    }
    Meeting { passages, claims }
}

/// Sentences of QMSum's tokenised text.
fn split(text: &str) -> Vec<String> {
    let words = text
        .split_whitespace()
        .filter(|word| !word.starts_with('{') && !word.contains(['[', ']', '"']));
    let mut sentences = vec![String::new()];
    for word in words {
        let last = sentences.last_mut().expect("one");
        let is_mark = matches!(word, "." | "," | "?" | "!" | ";" | ":") || word.starts_with('\'');
        if !last.is_empty() && !is_mark {
            last.push(' ');
        }
        // Spelled letters ("T_V_") as speech recognition writes them.
        last.push_str(&word.replace('_', ""));
        if word.ends_with(['.', '?', '!']) {
            sentences.push(String::new());
        }
    }
    sentences.retain(|sentence| sentence.contains(char::is_alphabetic));
    sentences
}

fn content(text: &str, language: Language) -> HashSet<String> {
    tokens(text, language)
        .into_iter()
        .filter(|token| !token.is_stop)
        .map(|token| token.stem)
        .collect()
}

/// The passage that has most of a claim's stems.
fn best(passages: &[Passage], among: impl IntoIterator<Item = usize>, text: &str) -> usize {
    let claim = content(text, Language::English);
    among
        .into_iter()
        .max_by_key(|at| {
            (
                content(&passages[*at].text(), Language::English)
                    .intersection(&claim)
                    .count(),
                usize::MAX - at,
            )
        })
        .unwrap_or(0)
}

/// Up to eight words of a passage in a row: those that have most of the claim's.
fn quote(passage: &Passage, text: &str) -> String {
    let claim = content(text, Language::English);
    let words = |tokens: &[Token]| {
        tokens
            .iter()
            .filter(|token| !token.is_stop && claim.contains(&token.stem))
            .count()
    };
    let mut best = (0, String::new());
    for sentence in &passage.sentences {
        let tokens = tokens(&sentence.text, Language::English);
        for window in tokens.windows(tokens.len().clamp(1, 8)) {
            let content = window.iter().filter(|token| !token.is_stop).count();
            let score = words(window) * 100 + content;
            if score > best.0 {
                best = (
                    score,
                    sentence.text[window[0].start..window[window.len() - 1].end].to_owned(),
                );
            }
        }
    }
    best.1
}

fn wrong_number(text: &str) -> Option<String> {
    let tokens = tokens(text, Language::English);
    let token = tokens.iter().find(|token| {
        token.normal.starts_with(|c: char| c.is_ascii_digit())
            || Language::English
                .number_word(&token.normal)
                .is_some_and(|number| (3..1000).contains(&number))
    })?;
    let value: f64 = token
        .normal
        .trim_end_matches('%')
        .parse()
        .ok()
        .or(Language::English.number_word(&token.normal).map(|n| n as f64))?;
    let wrong = (value * 1.7).round() + 1.0;
    Some(format!("{}{wrong}{}", &text[..token.start], &text[token.end..]))
}

fn wrong_name(text: &str, random: &mut Random) -> Option<String> {
    const NAMES: [&str; 8] = [
        "Henderson",
        "Okafor",
        "Lindqvist",
        "Toshiba",
        "Manchester",
        "Kovacs",
        "Beatrice",
        "Yamamoto",
    ];
    let tokens = tokens(text, Language::English);
    let token = tokens.iter().skip(1).find(|token| {
        let word = &text[token.start..token.end];
        word.len() > 2 && !token.is_stop && word.starts_with(char::is_uppercase)
    })?;
    let name = NAMES[random.below(NAMES.len())];
    Some(format!("{}{name}{}", &text[..token.start], &text[token.end..]))
}

/// A claim with a "not" more, or one less.
fn negated(text: &str) -> Option<String> {
    if let Some((before, after)) = text.split_once(" not ") {
        return Some(format!("{before} {after}"));
    }
    [
        " is ", " are ", " was ", " were ", " would ", " should ", " could ", " can ", " will ", " had ", " has ",
    ]
    .iter()
    .filter_map(|verb| Some((text.find(verb)?, verb)))
    .min()
    .map(|(at, verb)| format!("{}{verb}not {}", &text[..at], &text[at + verb.len()..]))
}

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    /// A passage that is not near another one.
    fn far(&mut self, count: usize, from: usize) -> usize {
        (0..20)
            .map(|_| self.below(count))
            .find(|at| at.abs_diff(from) > 2)
            .unwrap_or(0)
    }
}
