//! One claim: its marks looked up, its words compared, its verdict and citations.

use std::ops::Range;

use super::{
    corrections,
    index::{Index, Term},
    names, negation,
    numbers::{self, Bit},
    opposites,
    overlap::Overlap,
    quote::{self, Alignment, Found, QUOTE_RATIO, VERBATIM_RATIO},
};
use crate::{
    citations::Mark,
    language::Language,
    sentences::Sentence,
    summary::{Citation, Verdict},
    tokens::{Token, tokens},
    transcript::Span,
};

/// A mark without a quote leads to at most this many passages.
const MOST_UNQUOTED: usize = 3;

/// Words for somebody who was named before.
const PRONOUNS: [&str; 18] = [
    "he", "she", "him", "his", "her", "er", "sie", "il", "elle", "lui", "él", "ella", "su", "ele", "ela", "lei", "hij",
    "zij",
];

/// How good a mark is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// The passage has some of the claim's words, and no quote was given.
    Unquoted,
    /// The wording fits, but the quoted words are not there.
    Invented,
    /// The quote is there, the wording does not fit.
    WordingDiffers,
    /// The quote is there; the languages differ.
    QuoteFound,
    /// The wording fits, and the quote is there where one was given.
    Matched,
}

/// A passage that a claim leads to.
#[derive(Clone, Debug)]
struct Evidence {
    /// Index of the passage.
    passage: usize,
    /// The places that the quote aligned with.
    places: Option<Range<usize>>,
    grade: Grade,
}

/// What a claim came out as.
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    pub(super) detail: Option<String>,
    pub(super) citations: Vec<Citation>,
    /// Each mark's evidence, where a passage may stand several times.
    evidence: Vec<Citation>,
}

/// What a claim is held against.
pub(super) struct Judge<'a> {
    pub(super) index: &'a Index<'a>,
    /// The claims' language.
    pub(super) written: Language,
    /// The words of the video's title, channel and description.
    pub(super) context: &'a [Token],
}

impl Judge<'_> {
    /// Looks up a claim's marks and compares its words: the table of [`super`].
    ///
    /// A claim that names speakers ("Ann: …", "Ann wants …") must lead to words of one of them.
    pub(super) fn rule(&self, text: &str, marks: &[Mark]) -> Ruling {
        let (speaker, words) = self.index.attributed(text);
        let mut ruling = self.rule_words(words, marks);
        let speakers = match speaker {
            Some(speaker) => vec![speaker],
            None => self.index.speakers_in(words),
        };
        // Who is spoken about need not speak.
        let is_cited = |speaker: &&str| {
            let mut evidence = ruling.evidence.iter();
            evidence.any(|citation| self.says(speaker, citation) || self.index.mentions(speaker, &citation.text))
        };
        // Who stands at the start says or does it; of others one is enough.
        let first = self.index.speakers_at_start(words);
        let required: &[&str] = if first.is_empty() { &speakers } else { &first };
        if let Some(speaker) = required.first()
            && ruling.verdict.is_found()
            && !required.iter().any(is_cited)
        {
            let attribution = format!("these words are not “{speaker}”’s in this passage");
            let details: Vec<String> = ruling.detail.take().into_iter().chain([attribution]).collect();
            ruling.verdict = Verdict::Check;
            ruling.detail = Some(details.join("; "));
        }
        ruling
    }

    /// Whether a speaker says what a citation quotes, or anything in its passage where it quotes nothing.
    fn says(&self, speaker: &str, citation: &Citation) -> bool {
        let Some(passage) = self.index.position(citation.passage) else {
            return false;
        };
        let quote = citation.quote.as_deref().unwrap_or_default();
        let sentences = &self.index.passages[passage].sentences;
        let is_quoted = |sentence: &&Sentence| sentence.text.contains(quote) || quote.contains(&sentence.text);
        let mut quoted: Vec<&Sentence> = sentences.iter().filter(is_quoted).collect();
        if quoted.is_empty() {
            quoted.extend(sentences);
        }
        quoted
            .iter()
            .any(|sentence| sentence.speaker.as_deref() == Some(speaker))
    }

    fn rule_words(&self, text: &str, marks: &[Mark]) -> Ruling {
        let claim = self.index.terms(text);
        let overlap = self.is_same_language().then(|| Overlap::new(self.index, &claim));
        let mut evidence: Vec<Evidence> = Vec::new();
        for mark in marks {
            self.look_up(mark, overlap.as_ref(), &mut evidence);
        }
        let cited = self.cited(marks, &evidence);
        if let Some(overlap) = &overlap {
            let own = tokens(text, self.written);
            let numbers_said = self.numbers_differ(text, &own, &cited, &[]).is_none();
            let fits = overlap.fits(self.index, &claim, &cited, numbers_said)
                && Overlap::has_each(self.index, text, &claim, &cited, numbers_said);
            let grade = match fits {
                true => Grade::Matched,
                false => Grade::WordingDiffers,
            };
            let quoted = evidence.iter_mut().filter(|evidence| evidence.places.is_some());
            quoted.for_each(|evidence| evidence.grade = grade);
        }
        let verbatim = cited
            .iter()
            .filter_map(|&passage| {
                quote::align(
                    self.index,
                    &claim,
                    self.around(passage),
                    &self.within(passage),
                    VERBATIM_RATIO,
                )
            })
            .reduce(|a, b| if b.ratio > a.ratio { b } else { a });
        if let Some(alignment) = verbatim {
            return self.verbatim(text, &claim, &alignment, evidence);
        }
        let Some(best) = evidence.iter().map(|evidence| evidence.grade).max() else {
            return match quote::search(self.index, &claim, VERBATIM_RATIO) {
                Found::Once(alignment) => self.verbatim(text, &claim, &alignment, evidence),
                Found::Nowhere | Found::Often => overlap
                    .filter(|_| marks.is_empty())
                    .and_then(|overlap| self.suggested(text, &claim, &overlap))
                    .unwrap_or(Ruling {
                        verdict: Verdict::NotFound,
                        detail: None,
                        citations: Vec::new(),
                        evidence: Vec::new(),
                    }),
            };
        };
        evidence.retain(|evidence| evidence.grade == best || evidence.grade >= Grade::WordingDiffers);
        let (verdict, detail) = match best {
            Grade::Matched => (Verdict::Matched, None),
            Grade::QuoteFound => (Verdict::QuoteFound, None),
            Grade::WordingDiffers => (Verdict::Check, Some("the wording does not match the passage")),
            Grade::Invented => (Verdict::Check, Some("the quoted words were not found in this passage")),
            Grade::Unquoted if overlap.is_some() => {
                (Verdict::Check, Some("no quote was given and the wording differs"))
            }
            Grade::Unquoted => (Verdict::Check, Some("no quote was given, and the languages differ")),
        };
        let vetoes = self.vetoes(text, &claim, &evidence, &cited);
        Ruling {
            verdict: if vetoes.is_some() { Verdict::Check } else { verdict },
            detail: vetoes.or(detail.map(str::to_owned)),
            citations: self.citations(&evidence),
            evidence: evidence.iter().filter_map(|evidence| self.citation(evidence)).collect(),
        }
    }

    /// A claim that cites nothing, led to the one passage that has most of its words, if any has enough: for a reader to check.
    fn suggested(&self, text: &str, claim: &[Term], overlap: &Overlap) -> Option<Ruling> {
        let passage = overlap.closest()?;
        let evidence = vec![Evidence {
            passage,
            places: None,
            grade: Grade::Unquoted,
        }];
        let detail = self.vetoes(text, claim, &evidence, &[]);
        let citations = self.citations(&evidence);
        Some(Ruling {
            verdict: Verdict::Check,
            detail: Some(detail.unwrap_or_else(|| "it cites nothing; this passage comes closest".to_owned())),
            evidence: citations.clone(),
            citations,
        })
    }

    fn is_same_language(&self) -> bool {
        self.written == self.index.language
    }

    /// Adds the passages that a mark leads to. Whether the wording fits, where a quote is found, is told of all marks together.
    fn look_up(&self, mark: &Mark, overlap: Option<&Overlap>, evidence: &mut Vec<Evidence>) {
        let supports = |passage: usize| overlap.is_some_and(|overlap| overlap.supports(passage));
        let mut passages: Vec<usize> = mark
            .passages
            .iter()
            .filter_map(|ordinal| self.index.position(*ordinal))
            .collect();
        let mut found = None;
        if let Some(quote) = &mark.quote {
            found = self.locate(quote, &passages);
            if let Some(alignment) = &found {
                let passage = self.passage_of(&alignment.places);
                evidence.push(Evidence {
                    passage,
                    places: Some(alignment.places.clone()),
                    grade: Grade::QuoteFound,
                });
                passages.retain(|other| *other != passage && supports(*other));
            } else {
                passages.retain(|passage| supports(*passage));
            }
        }
        let without_quote = match (&mark.quote, found) {
            (Some(_), None) => Grade::Invented,
            _ => Grade::Matched,
        };
        if let Some(overlap) = overlap {
            passages.sort_by(|a, b| overlap.score(*b).total_cmp(&overlap.score(*a)));
            let some = passages
                .first()
                .copied()
                .filter(|best| mark.quote.is_none() && overlap.has_some(*best));
            let supports = |passage: &usize| match mark.quote {
                Some(_) => overlap.supports(*passage),
                None => overlap.supports_unquoted(*passage),
            };
            passages.retain(supports);
            passages.truncate(MOST_UNQUOTED);
            passages.sort_unstable();
            if let (Some(passage), true) = (some, passages.is_empty()) {
                evidence.push(Evidence {
                    passage,
                    places: None,
                    grade: Grade::Unquoted,
                });
            }
            evidence.extend(passages.into_iter().map(|passage| Evidence {
                passage,
                places: None,
                grade: without_quote,
            }));
        } else if mark.quote.is_none() {
            passages.truncate(MOST_UNQUOTED);
            let grade = Grade::Unquoted;
            evidence.extend(passages.into_iter().map(|passage| Evidence {
                passage,
                places: None,
                grade,
            }));
        }
    }

    /// Where quoted words stand: within the named passages ± 1, or else in exactly one place. Words left out of a quote
    /// ("…") split it: its longest part is found so, the others must stand next to it.
    fn locate(&self, quote: &str, passages: &[usize]) -> Option<Alignment> {
        let (_, quote) = self.index.attributed(quote);
        let whole = self.index.terms(quote);
        if let Some(found) = self.locate_terms(&whole, passages) {
            return Some(found);
        }
        let quote = quote.replace("...", "…");
        let mut parts: Vec<Vec<Term>> = quote
            .split('…')
            .map(|part| self.index.terms(part))
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() < 2 {
            return None;
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        let found = self.locate_terms(&parts[0], passages)?;
        let around = self.around(self.passage_of(&found.places));
        let words = |part: &Vec<Term>| {
            part.iter()
                .all(|term| around.clone().any(|at| self.index.places[at].word == term.word))
        };
        parts[1..].iter().all(words).then_some(found)
    }

    fn locate_terms(&self, terms: &[Term], passages: &[usize]) -> Option<Alignment> {
        let near = passages
            .iter()
            .filter_map(|&passage| {
                quote::align(
                    self.index,
                    terms,
                    self.around(passage),
                    &self.within(passage),
                    QUOTE_RATIO,
                )
            })
            .reduce(|a, b| if b.ratio > a.ratio { b } else { a });
        near.or_else(|| match quote::search(self.index, terms, QUOTE_RATIO) {
            Found::Once(alignment) => Some(alignment),
            Found::Nowhere | Found::Often => None,
        })
    }

    /// The passages that the claim's own words are looked for in.
    fn cited(&self, marks: &[Mark], evidence: &[Evidence]) -> Vec<usize> {
        let named = marks
            .iter()
            .flat_map(|mark| &mark.passages)
            .filter_map(|ordinal| self.index.position(*ordinal));
        let mut cited: Vec<usize> = named.chain(evidence.iter().map(|evidence| evidence.passage)).collect();
        cited.sort_unstable();
        cited.dedup();
        cited
    }

    /// A claim whose own words align with the transcript's.
    fn verbatim(&self, text: &str, claim: &[Term], alignment: &Alignment, evidence: Vec<Evidence>) -> Ruling {
        let passage = self.passage_of(&alignment.places);
        let mut evidence: Vec<Evidence> = evidence
            .into_iter()
            .filter(|evidence| evidence.grade >= Grade::WordingDiffers)
            .collect();
        if !evidence
            .iter()
            .any(|evidence| evidence.passage == passage && evidence.places.is_some())
        {
            evidence.retain(|evidence| evidence.passage != passage);
            evidence.push(Evidence {
                passage,
                places: Some(alignment.places.clone()),
                grade: Grade::Matched,
            });
        }
        let differs = if alignment.is_exact() {
            None
        } else {
            negation::count_differs(self.index, claim, &alignment.places)
                .or_else(|| self.vetoes(text, claim, &evidence, &[]))
        };
        Ruling {
            verdict: if differs.is_some() {
                Verdict::Check
            } else {
                Verdict::Verbatim
            },
            detail: differs,
            citations: self.citations(&evidence),
            evidence: evidence.iter().filter_map(|evidence| self.citation(evidence)).collect(),
        }
    }

    /// What differs in numbers, names or negations between a claim and all the passages it leads to, ± 1, or says that it rests on.
    fn vetoes(&self, text: &str, claim: &[Term], evidence: &[Evidence], cited: &[usize]) -> Option<String> {
        let around = evidence
            .iter()
            .flat_map(|evidence| evidence.passage.saturating_sub(1)..evidence.passage + 2);
        let mut passages: Vec<usize> = around.chain(cited.iter().copied()).collect();
        passages.sort_unstable();
        passages.dedup();
        passages.retain(|passage| *passage < self.index.passages.len());
        let own = tokens(text, self.written);
        let mut found: Vec<String> = Vec::new();
        found.extend(self.numbers_differ(text, &own, &passages, evidence));
        let region: Vec<Range<usize>> = passages.iter().map(|passage| self.within(*passage)).collect();
        // People say who they are at the start.
        let introduced = self.within(0);
        let said = region
            .iter()
            .cloned()
            .chain([introduced])
            .flatten()
            .filter(|place| !self.is_taken_back(*place))
            .map(|place| self.index.word_at(place).normal.as_str());
        let speakers = passages
            .iter()
            .flat_map(|passage| self.index.words_for_speakers_of(*passage));
        let said = said.chain(speakers);
        let said = said.chain(self.context.iter().map(|token| token.normal.as_str()));
        let known = names::Known::new(said, self.index);
        if !self.is_same_language() {
            let quoted: Vec<Range<usize>> = evidence.iter().filter_map(|evidence| evidence.places.clone()).collect();
            let name = names::told_elsewhere(text, &own, self.index, &known)
                .or_else(|| names::quoted_otherwise_translated(text, &own, self.written, self.index, &known, &quoted));
            found.extend(name.map(|name| format!("the name “{name}” is not in this passage")));
        } else {
            if let Some(words) = self.invented_quotation(text, &passages) {
                found.push(format!("the words “{words}” were not found in this passage"));
            }
            if let Some(name) = names::unknown(text, &own, self.written, self.index, &known) {
                found.push(format!("the name “{name}” is not in this passage"));
            } else if let Some((ours, said)) = self.names_differ(text, claim, &own, evidence, (&passages, &known)) {
                found.push(format!("the summary says “{ours}”, the passage “{said}”"));
            }
            if let Some(nearest) = self.nearest_sentence(claim, evidence) {
                let quoted: Vec<Range<usize>> =
                    evidence.iter().filter_map(|evidence| evidence.places.clone()).collect();
                // The passages beside say the same words of other things.
                let led_to: Vec<Range<usize>> = evidence.iter().map(|evidence| self.within(evidence.passage)).collect();
                let differs = negation::differ(self.index, text, claim, &led_to, &nearest, &quoted);
                let opposite = || opposites::differ(self.index, claim, &nearest);
                found.extend(differs.or_else(opposite));
            }
        }
        (!found.is_empty()).then(|| found.join("; "))
    }

    fn numbers_differ(&self, text: &str, own: &[Token], passages: &[usize], evidence: &[Evidence]) -> Option<String> {
        if !numbers::has_any(&bits(text, own), self.written) {
            return None;
        }
        let sentences = passages
            .iter()
            .flat_map(|passage| &self.index.passages[*passage].sentences);
        // "Speaker 2" is said by nobody, and may stand in a claim.
        let texts =
            sentences.flat_map(|sentence| sentence.speaker.as_deref().into_iter().chain([sentence.text.as_str()]));
        let said: Vec<(&str, Vec<Token>)> = texts.map(|text| (text, tokens(text, self.index.language))).collect();
        let said_bits: Vec<Bit<'_>> = said.iter().flat_map(|(text, tokens)| bits(text, tokens)).collect();
        let said_tokens: Vec<&Token> = said.iter().flat_map(|(_, tokens)| tokens).collect();
        let same =
            |own_at: usize, said_at: usize| !own[own_at].is_stop && own[own_at].stem == said_tokens[said_at].stem;
        let quotes: Vec<String> = evidence
            .iter()
            .filter_map(|evidence| self.citation(evidence)?.quote)
            .collect();
        let quoted: Vec<(&str, Vec<Token>)> = quotes
            .iter()
            .map(|quote| (quote.as_str(), tokens(quote, self.index.language)))
            .collect();
        let quoted_bits: Vec<Bit<'_>> = quoted.iter().flat_map(|(text, tokens)| bits(text, tokens)).collect();
        let around: Vec<&str> = evidence
            .iter()
            .filter_map(|evidence| evidence.places.clone())
            .flat_map(|places| self.sentence_texts(&places))
            .collect();
        let around: Vec<(&str, Vec<Token>)> = around
            .iter()
            .map(|said| (*said, tokens(said, self.index.language)))
            .collect();
        let around_bits: Vec<Bit<'_>> = around.iter().flat_map(|(text, tokens)| bits(text, tokens)).collect();
        numbers::differ(
            (&bits(text, own), self.written),
            (&said_bits, self.index.language),
            &quoted_bits,
            &around_bits,
            same,
            |at| self.is_in_name(text, own, at),
        )
    }

    /// Whether a number stands behind a name as it does in the title or anywhere in the transcript: "Atlas 3".
    fn is_in_name(&self, text: &str, own: &[Token], at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|before| own.get(before)) else {
            return false;
        };
        let number = &own[at];
        let is_behind = &text[before.end..number.start] == " " && !before.is_stop;
        let is_name = text[before.start..].starts_with(char::is_uppercase);
        if !is_behind || !is_name || numbers::is_unit(&before.normal) {
            return false;
        }
        let is_pair = |first: &str, second: &str| first == before.normal && second == number.normal;
        let in_context = self
            .context
            .windows(2)
            .any(|pair| is_pair(&pair[0].normal, &pair[1].normal));
        let word = |place: usize| self.index.word_at(place).normal.as_str();
        in_context || (1..self.index.places.len()).any(|place| is_pair(word(place - 1), word(place)))
    }

    /// What the claim itself puts in quotation marks and nobody says in the cited passages.
    fn invented_quotation<'t>(&self, text: &'t str, passages: &[usize]) -> Option<&'t str> {
        /// Fewer words are a title, or meant otherwise.
        const LEAST_WORDS: usize = 4;
        const MARKS: [(char, char); 5] = [('“', '”'), ('„', '“'), ('"', '"'), ('«', '»'), ('「', '」')];
        let quotations = MARKS.iter().flat_map(|(opens, closes)| {
            let parts = text.split(*opens).skip(1);
            // Straight marks open and close alike: every second part stands between two.
            let step = if opens == closes { 2 } else { 1 };
            let is_same = opens == closes;
            parts
                .step_by(step)
                .filter_map(move |part| match part.split_once(*closes) {
                    Some((words, _)) => Some(words),
                    None => is_same.then_some(part),
                })
        });
        quotations.filter(|words| words.len() < text.len()).find(|words| {
            let terms = self.index.terms(words);
            terms.len() >= LEAST_WORDS && self.locate_terms(&terms, passages).is_none()
        })
    }

    /// A name of the claim that its quoted words do not have, where they have another.
    fn names_differ<'t>(
        &self,
        text: &'t str,
        claim: &[Term],
        own: &'t [Token],
        evidence: &[Evidence],
        (passages, region): (&[usize], &names::Known<'_>),
    ) -> Option<(&'t str, String)> {
        let quoted: Vec<Range<usize>> = evidence.iter().filter_map(|evidence| evidence.places.clone()).collect();
        let sentences: Vec<Range<usize>> = quoted.iter().map(|places| self.sentences_of(places)).collect();
        let said = sentences.iter().cloned().flatten();
        let said = said.filter(|place| !self.is_taken_back(*place));
        let said = said.map(|place| self.index.word_at(place).normal.as_str());
        let speakers = passages
            .iter()
            .flat_map(|passage| self.index.words_for_speakers_of(*passage));
        let context = self.context.iter().map(|token| token.normal.as_str());
        let known = names::Known::new(said.chain(speakers).chain(context), self.index);
        // Who is meant by "she" was named in the sentence before.
        let has_pronoun = |sentence: &&Range<usize>| {
            let mut places = (*sentence).clone();
            places.any(|place| PRONOUNS.contains(&self.index.word_at(place).normal.as_str()))
        };
        let before = sentences.iter().filter(has_pronoun);
        let before = before.flat_map(|sentence| self.sentence_before(sentence));
        let before = before.map(|place| self.index.word_at(place).normal.as_str());
        // Where nobody's name is noted beside what they say, names are said often: one that stands in the passage may be meant.
        let is_said_here = |name: &str| {
            let has = |evidence: &Evidence| {
                self.within(evidence.passage)
                    .any(|place| self.index.word_at(place).normal == name.to_lowercase())
            };
            !self.index.has_speakers() && evidence.iter().any(has)
        };
        names::swapped(text, claim, self.index, &sentences, &known, region).or_else(|| {
            let otherwise = names::quoted_otherwise(text, own, self.index, &known.and(before), &quoted);
            otherwise.filter(|(name, _)| !is_said_here(name))
        })
    }

    /// Whether the speaker takes a word back at once.
    fn is_taken_back(&self, place: usize) -> bool {
        const REACH: usize = 3;
        let behind = (place + 1..self.index.places.len()).take(REACH);
        corrections::take_back(behind.map(|place| self.index.word_at(place).normal.as_str()))
    }

    /// The places of the sentences that quoted words stand in; of speech without sentences those around them.
    fn sentences_of(&self, places: &Range<usize>) -> Range<usize> {
        const LONGEST: usize = 40;
        const AROUND: usize = 12;
        let whole = self.whole_sentences(places);
        if whole.len() <= LONGEST {
            return whole;
        }
        whole.start.max(places.start.saturating_sub(AROUND))..whole.end.min(places.end + AROUND)
    }

    /// The places of the sentences that quoted words stand in, however long they are.
    fn whole_sentences(&self, places: &Range<usize>) -> Range<usize> {
        let last = self.index.sentence_of(places.end.saturating_sub(1)).end;
        self.index.sentence_of(places.start).start..last.max(places.end)
    }

    /// The sentences that quoted words stand in, whole.
    fn sentence_texts(&self, places: &Range<usize>) -> Vec<&str> {
        let runs =
            self.index.places[places.clone()].chunk_by(|a, b| (a.passage, a.sentence) == (b.passage, b.sentence));
        runs.map(|run| {
            let sentences = &self.index.passages[run[0].passage as usize].sentences;
            sentences[run[0].sentence as usize].text.as_str()
        })
        .collect()
    }

    /// The places of the sentence before one, in the same passage.
    fn sentence_before(&self, sentence: &Range<usize>) -> Range<usize> {
        let Some(last) = sentence.start.checked_sub(1) else {
            return 0..0;
        };
        let is_of_passage = self.index.places[last].passage == self.index.places[sentence.start].passage;
        if is_of_passage {
            self.index.sentence_of(last)
        } else {
            0..0
        }
    }

    /// The places of the cited sentence that has most of the claim's words: of those quoted from, where any are.
    fn nearest_sentence(&self, claim: &[Term], evidence: &[Evidence]) -> Option<Range<usize>> {
        let quoted = evidence.iter().filter_map(|evidence| evidence.places.as_ref());
        let mut sentences: Vec<Range<usize>> = quoted.map(|places| self.whole_sentences(places)).collect();
        if sentences.is_empty() {
            sentences.extend(
                evidence
                    .iter()
                    .flat_map(|evidence| self.sentences_within(evidence.passage)),
            );
        }
        let shared = |places: &Range<usize>| -> f32 {
            let is_said = |term: &&Term| places.clone().any(|place| self.index.word_at(place).stem == term.stem);
            claim.iter().filter(is_said).map(|term| term.content).sum()
        };
        let scored = sentences.into_iter().map(|places| (shared(&places), places));
        let best = scored.reduce(|a, b| if b.0 > a.0 { b } else { a });
        best.map(|(_, places)| places)
    }

    /// The places of each sentence of a passage.
    fn sentences_within(&self, passage: usize) -> Vec<Range<usize>> {
        let mut start = self.within(passage).start;
        let sentences = self.index.places[self.within(passage)].chunk_by(|a, b| a.sentence == b.sentence);
        sentences
            .map(|sentence| {
                start += sentence.len();
                start - sentence.len()..start
            })
            .collect()
    }

    /// The places of a passage.
    fn within(&self, passage: usize) -> Range<usize> {
        self.index.places_in(passage, passage + 1)
    }

    /// The places of a passage and its neighbours.
    fn around(&self, passage: usize) -> Range<usize> {
        self.index.places_in(passage.saturating_sub(1), passage + 2)
    }

    /// The passage that has most of these places, the first of equals.
    fn passage_of(&self, places: &Range<usize>) -> usize {
        let found = &self.index.places[places.clone()];
        let runs = found.chunk_by(|a, b| a.passage == b.passage);
        let most = runs.reduce(|a, b| if b.len() > a.len() { b } else { a });
        most.map_or(0, |run| run[0].passage as usize)
    }

    /// One citation a passage, in the order of the marks; one with a quote goes before one without.
    fn citations(&self, evidence: &[Evidence]) -> Vec<Citation> {
        let mut kept: Vec<&Evidence> = Vec::new();
        for evidence in evidence {
            match kept.iter_mut().find(|other| other.passage == evidence.passage) {
                Some(other) if other.places.is_none() => *other = evidence,
                Some(_) => {}
                None => kept.push(evidence),
            }
        }
        kept.into_iter()
            .filter_map(|evidence| self.citation(evidence))
            .collect()
    }

    fn citation(&self, evidence: &Evidence) -> Option<Citation> {
        let passage = self.index.passages.get(evidence.passage)?;
        let own = self.within(evidence.passage);
        let aligned = evidence.places.as_ref().and_then(|places| {
            let first = places.start.max(own.start);
            let last = places.end.min(own.end).checked_sub(1)?;
            (first <= last).then(|| (self.index.places[first], self.index.places[last]))
        });
        let cited = aligned.and_then(|(first, last)| {
            let from = passage.sentences[first.sentence as usize].span?;
            let to = passage.sentences[last.sentence as usize].span?;
            Some(Span {
                start_ms: from.start_ms,
                end_ms: to.end_ms,
            })
        });
        let span = passage.span.map(|whole| {
            let cited = cited.unwrap_or(whole);
            let start_ms = cited.start_ms.clamp(whole.start_ms, whole.end_ms.max(whole.start_ms));
            let end_ms = cited.end_ms.clamp(start_ms, whole.end_ms.max(start_ms));
            Span { start_ms, end_ms }
        });
        Some(Citation {
            passage: passage.ordinal,
            start_ms: span.map(|span| span.start_ms),
            end_ms: span.map(|span| span.end_ms),
            text: passage.text(),
            quote: aligned.map(|(first, last)| self.index.slice(first, last)),
        })
    }
}

/// Words with what stands before each. Nothing goes on from one text to the next.
fn bits<'t>(text: &'t str, tokens: &'t [Token]) -> Vec<Bit<'t>> {
    let end_of = |at: usize| tokens.get(at).map_or(0, |token| token.end);
    let bit = |(at, token): (usize, &'t Token)| {
        let gap = &text[if at == 0 { 0 } else { end_of(at - 1) }..token.start];
        Bit {
            normal: &token.normal,
            gap: if at == 0 && gap.is_empty() { "." } else { gap },
            after: &text[token.end..tokens.get(at + 1).map_or(text.len(), |next| next.start)],
        }
    };
    tokens.iter().enumerate().map(bit).collect()
}
