//! What the answer to a question is looked for in: the passages of one video, or of those in the library that fit best, as one
//! transcript; the best of it word for word, and the check of an answer against it.

use std::collections::HashMap;

use domain::{
    chapters::{self, Chapter},
    check::Checker,
    citations::{Block, blocks},
    evidence::{self, Ranking},
    language::Language,
    passages::Passage,
    question::Source,
    sentences::Sentence,
    summary::{Citation, Claim, Provenance, Verdict},
};

use super::{Pipeline, Stop, read::off_the_runtime, seconds_since};
use crate::{
    database::{
        self, library_evidence, passages,
        questions::{self, Evidence, Work},
    },
    models::EXTRACTIVE,
    summarize,
};

/// Of one video in the library, no more passages than this count as hits.
const HITS_OF_VIDEO: usize = 6;

/// The transcripts that are looked at, as one.
pub(super) struct Material {
    /// Where they are from, and what fits.
    pub(super) evidence: Evidence,
    /// Numbered through; what stands between two videos has no words.
    pub(super) passages: Vec<Passage>,
    /// Which of them fit.
    pub(super) ranking: Ranking,
    /// The names of the chapters that people named, each by the number of the passage that it begins with.
    titles: HashMap<u32, String>,
    /// Questions of the thread and their answers.
    pub(super) earlier: Vec<(String, String)>,
    /// Titles, channels and descriptions: names that stand there count as known.
    context: String,
}

impl Pipeline {
    /// What the answer is looked for in; the same again where a worker has looked before.
    pub(super) async fn material(&self, work: &Work) -> Result<Material, Stop> {
        let earlier = questions::earlier(&self.pool, work).await?;
        let texts: Vec<String> = earlier.iter().map(|(question, _)| question.clone()).collect();
        let (text, known) = (work.text.clone(), work.evidence.clone());
        let mut sources = match (&work.evidence, &work.video) {
            (Some(evidence), _) => evidence.sources.clone(),
            (None, Some((_, transcript))) => library_evidence::source(&self.pool, *transcript)
                .await?
                .into_iter()
                .collect(),
            (None, None) => {
                let question = evidence::Question {
                    text: &text,
                    earlier: &texts,
                };
                library_evidence::likely(&self.pool, &evidence::words(&question)).await?
            }
        };
        let mut read = Vec::with_capacity(sources.len());
        let mut context = String::new();
        for source in &sources {
            let said = passages::of_transcript(&self.pool, source.transcript_id).await?;
            let mut chapters = Vec::new();
            if let Some(video) = database::videos::get(&self.pool, &source.video_id).await? {
                let channel = video.channel.as_deref().unwrap_or("");
                context.push_str(&format!("{}\n{channel}\n{}\n", video.title, video.description));
                chapters = video.chapters;
            }
            read.push((said, chapters));
        }
        let of_library = work.video.is_none();
        let (evidence, passages, titles, ranking) = off_the_runtime(move || {
            let question = evidence::Question {
                text: &text,
                earlier: &texts,
            };
            let rankings: Vec<Ranking> = match known {
                Some(_) => Vec::new(),
                None => sources
                    .iter()
                    .zip(&read)
                    .map(|(source, (passages, chapters))| {
                        evidence::rank(passages, chapters, Language::from_code(&source.language), &question)
                    })
                    .collect(),
            };
            let (passages, titles) = joined(&mut sources, read);
            let evidence = known.unwrap_or_else(|| evidence_of(sources, &rankings, of_library));
            let position = |number: &u32| passages.binary_search_by_key(number, |passage| passage.ordinal).ok();
            let ranking = Ranking {
                hits: evidence.hits.iter().filter_map(position).collect(),
                strength: evidence.strength,
                is_comparable: evidence.is_comparable,
            };
            (evidence, passages, titles, ranking)
        })
        .await?;
        if work.evidence.is_none() {
            let mut tx = self.pool.begin().await?;
            questions::set_evidence(&mut tx, work, &evidence).await?;
            tx.commit().await?;
        }
        Ok(Material {
            evidence,
            passages,
            ranking,
            titles,
            earlier,
            context,
        })
    }
}

impl Material {
    /// Whether it is one video, of which a model is told every passage.
    pub(super) fn is_told_whole(&self, work: &Work) -> bool {
        work.video.is_some() && summarize::is_told_whole(&self.passages)
    }

    pub(super) fn provenance(&self, work: &Work) -> Provenance {
        Provenance {
            transcript_language: self
                .evidence
                .sources
                .first()
                .map_or_else(String::new, |source| source.language.clone()),
            model: EXTRACTIVE.to_owned(),
            seconds: seconds_since(work.started_at),
            ..Provenance::default()
        }
    }

    /// Of the first source.
    pub(super) fn language(&self) -> Language {
        let first = self.passages.first();
        first.map_or(Language::Other, |first| self.language_of(first.ordinal))
    }

    fn language_of(&self, number: u32) -> Language {
        let source = self.evidence.sources.iter().rev().find(|source| source.offset < number);
        source.map_or(Language::Other, |source| Language::from_code(&source.language))
    }
}

/// The passages of all sources as one list, numbered through; each source is told where its numbers begin. An empty passage
/// keeps the last of one video from being a neighbour of the first of the next. With the names of their chapters ([`Material::titles`]).
fn joined(sources: &mut [Source], read: Vec<(Vec<Passage>, Vec<Chapter>)>) -> (Vec<Passage>, HashMap<u32, String>) {
    let mut passages: Vec<Passage> = Vec::new();
    let mut titles = HashMap::new();
    for (source, (own, chapters)) in sources.iter_mut().zip(read) {
        source.offset = match passages.last() {
            None => 0,
            Some(last) => {
                let between = last.ordinal + 1;
                passages.push(Passage {
                    ordinal: between,
                    span: None,
                    sentences: vec![Sentence {
                        text: String::new(),
                        span: None,
                        speaker: None,
                    }],
                });
                between
            }
        };
        let offset = source.offset;
        let mut last = None;
        for passage in &own {
            let chapter = chapters::of(&chapters, passage.span);
            if let Some(begun) = chapter.filter(|_| chapter != last) {
                titles.insert(passage.ordinal + offset, chapters[begun].title.clone());
            }
            last = chapter;
        }
        passages.extend(own.into_iter().map(|passage| Passage {
            ordinal: passage.ordinal + offset,
            ..passage
        }));
    }
    (passages, titles)
}

/// What fits, over all sources: the best hit of each, that of the source that fits best first, then the second of each, and so on.
fn evidence_of(sources: Vec<Source>, rankings: &[Ranking], of_library: bool) -> Evidence {
    let strength = rankings.iter().map(|ranking| ranking.strength).fold(0.0, f32::max);
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by(|a, b| rankings[*b].strength.total_cmp(&rankings[*a].strength));
    let longest = rankings.iter().map(|ranking| ranking.hits.len()).max().unwrap_or(0);
    let most = if of_library { HITS_OF_VIDEO } else { longest };
    let hits = (0..most.min(longest)).flat_map(|nth| {
        let of_source = |at: &usize| {
            let hit = rankings[*at].hits.get(nth)?;
            let number = u32::try_from(*hit).unwrap_or(u32::MAX).saturating_add(1);
            Some(number.saturating_add(sources[*at].offset))
        };
        order.iter().filter_map(of_source).collect::<Vec<_>>()
    });
    Evidence {
        hits: hits.collect(),
        strength,
        // In a library of many languages something always can.
        is_comparable: of_library || rankings.iter().all(|ranking| ranking.is_comparable),
        sources,
    }
}

/// The best sentences of the passages that fit best, as claims in their own words.
pub(super) fn quotes(material: &Material, question: &evidence::Question<'_>, most: usize) -> Vec<Claim> {
    let hits = material
        .ranking
        .hits
        .iter()
        .filter_map(|hit| material.passages.get(*hit));
    let claim = |passage: &Passage| {
        let language = material.language_of(passage.ordinal);
        let terms = evidence::terms(question, language);
        let opening = || {
            let title = material.titles.get(&passage.ordinal)?;
            evidence::opening(passage, title, language, &terms)
        };
        let sentences = evidence::best_sentences(passage, language, &terms).or_else(opening)?;
        let part = Passage {
            ordinal: passage.ordinal,
            span: None,
            sentences: sentences.to_vec(),
        };
        let span = sentences.first().and_then(|first| first.span).or(passage.span);
        let end = sentences.last().and_then(|last| last.span).or(passage.span);
        Some(Claim {
            text: part.script().replace('\n', " "),
            verdict: Verdict::Verbatim,
            detail: None,
            citations: vec![Citation {
                passage: passage.ordinal,
                start_ms: span.map(|span| span.start_ms),
                end_ms: end.map(|span| span.end_ms),
                text: passage.text(),
                quote: Some(part.text()),
            }],
        })
    };
    hits.filter_map(claim).take(most).collect()
}

/// Checks an answer against all passages of the sources. Each claim is compared in the language of what it cites.
pub(super) fn check(material: &Material, body: &str) -> Vec<Claim> {
    let mut languages: Vec<Language> = Vec::new();
    for source in &material.evidence.sources {
        let language = Language::from_code(&source.language);
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let drafts = blocks(body, false).into_iter().flat_map(|block| match block {
        Block::Heading { .. } => Vec::new(),
        Block::Paragraph(claims) | Block::Item(claims) => claims,
    });
    let cited: Vec<Option<u32>> = drafts
        .map(|draft| draft.marks.first().and_then(|mark| mark.passages.first()).copied())
        .collect();
    let checked: Vec<(Language, Vec<Claim>)> = languages
        .into_iter()
        .map(|language| {
            let checker = Checker {
                passages: &material.passages,
                language,
                context: &material.context,
            };
            (language, checker.check(body))
        })
        .collect();
    let rulings = cited.iter().enumerate().filter_map(|(at, number)| {
        let own = number.map(|number| material.language_of(number));
        let ruled = checked
            .iter()
            .find(|(language, _)| Some(*language) == own)
            .or(checked.first());
        ruled.and_then(|(_, claims)| claims.get(at)).cloned()
    });
    rulings.collect()
}

#[cfg(test)]
mod tests {
    use domain::transcript::Span;

    use super::*;

    fn source(transcript_id: i64, language: &str) -> Source {
        Source {
            transcript_id,
            language: language.to_owned(),
            video_id: format!("v{transcript_id}"),
            title: format!("Video {transcript_id}"),
            youtube_id: None,
            offset: 0,
        }
    }

    fn passages(texts: &[&str]) -> Vec<Passage> {
        (1..)
            .zip(texts)
            .map(|(ordinal, text)| Passage {
                ordinal,
                span: None,
                sentences: vec![Sentence {
                    text: (*text).to_owned(),
                    span: None,
                    speaker: None,
                }],
            })
            .collect()
    }

    fn second(at: u64) -> Span {
        Span {
            start_ms: at * 1000,
            end_ms: (at + 1) * 1000,
        }
    }

    fn material() -> Material {
        let mut sources = vec![source(1, "en"), source(2, "de")];
        let mut lighthouse = passages(&[
            "Der Leuchtturm wurde 1901 gebaut.",
            "Sein Licht reicht dreißig Kilometer weit.",
        ]);
        for (passage, at) in lighthouse.iter_mut().zip(0..) {
            passage.span = Some(second(at));
        }
        let chapters = [(0, "Wie er entstand"), (1, "Die Sichtweite")].map(|(at, title)| Chapter {
            title: title.to_owned(),
            span: second(at),
        });
        let read = vec![
            (
                passages(&["The old bridge was built in 1874.", "It crosses the river."]),
                Vec::new(),
            ),
            (lighthouse, chapters.to_vec()),
        ];
        let ranking = |strength, hits: &[usize]| Ranking {
            hits: hits.to_vec(),
            strength,
            is_comparable: true,
        };
        let (passages, titles) = joined(&mut sources, read);
        let evidence = evidence_of(sources, &[ranking(0.2, &[0]), ranking(0.8, &[1, 0])], true);
        Material {
            ranking: ranking(evidence.strength, &[4, 3, 0]),
            evidence,
            passages,
            titles,
            earlier: Vec::new(),
            context: String::new(),
        }
    }

    #[test]
    fn numbers_run_through_with_a_gap_between_videos() {
        let material = material();
        let numbers: Vec<u32> = material.passages.iter().map(|passage| passage.ordinal).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        assert_eq!(material.passages[2].text(), "");
        assert_eq!(material.evidence.sources[1].offset, 3);
        // The best of each video in turn, that of the one that fits best first.
        assert_eq!(material.evidence.hits, [5, 1, 4]);
        assert!(material.evidence.strength > 0.7);
    }

    #[test]
    fn what_only_a_chapters_name_tells_is_quoted_from_its_beginning() {
        let question = evidence::Question {
            text: "Welche Sichtweite?",
            earlier: &[],
        };
        let claims = quotes(&material(), &question, 3);
        let quoted: Vec<(u32, &str)> = claims
            .iter()
            .map(|claim| (claim.citations[0].passage, claim.text.as_str()))
            .collect();
        assert_eq!(quoted, [(5, "Sein Licht reicht dreißig Kilometer weit.")]);
    }

    #[test]
    fn each_claim_is_compared_in_the_language_of_what_it_cites() {
        let body = "The old bridge was built in 1874. [1 \"old bridge was built in 1874\"] \
                    Sein Licht reicht dreißig Kilometer weit. [5 \"Licht reicht dreißig Kilometer weit\"] \
                    It was built in 1920. [1 \"was built in 1920 by nobody\"]";
        let claims = check(&material(), body);
        let verdicts: Vec<Verdict> = claims.iter().map(|claim| claim.verdict).collect();
        assert_eq!(verdicts[..2], [Verdict::Verbatim, Verdict::Verbatim], "{claims:?}");
        assert!(matches!(verdicts[2], Verdict::Check | Verdict::NotFound), "{claims:?}");
        assert_eq!(claims[1].citations[0].passage, 5);
    }
}
