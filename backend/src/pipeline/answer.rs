//! Answering a question: finds the passages that fit, lets the model answer from them, and checks what it says. Fenced,
//! cancelled, put down and tried again like a run.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::Utc;
use domain::{
    check::Checker,
    citations::{Block, blocks},
    evidence::{self, Ranking},
    fault::{Fault, Whose},
    language::Language,
    passages::Passage,
    question::{NOT_ANSWERED, Outcome, Source},
    run::Event,
    sentences::Sentence,
    summary::{Citation, Claim, Provenance, Verdict},
};
use futures::FutureExt;
use metrics::counter;
use sqlx::PgPool;
use tokio::{sync::mpsc, task::JoinHandle};
use uuid::Uuid;

use super::{
    CRASHES, HELD, Pipeline, RETRIES, SAY_SO, Stop, panicked, patience::Patience, read::off_the_runtime, refused,
    seconds_since, write::KeptAnswers,
};
use crate::{
    database::{
        self, StoreError, passages,
        questions::{self, Answered, Ending, Evidence, Work},
        runs::{Lost, TakenUp},
    },
    jobs,
    models::EXTRACTIVE,
    summarize::{self, QUESTION_PROMPT, QuestionTask, WriteError, WriteProgress, Written},
};

/// Passages shown where no model answers.
const QUOTED: usize = 4;
/// Passages shown where the answer is not here.
const CLOSEST: usize = 3;
/// Of one video in the library, no more passages than this count as hits.
const HITS_OF_VIDEO: usize = 6;
/// Somebody sits before the answer: a longer wait for the model is not worth it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_millis(250);

/// The transcripts that are looked at, as one.
struct Material {
    evidence: Evidence,
    /// Numbered through; what stands between two videos has no words.
    passages: Vec<Passage>,
    ranking: Ranking,
    earlier: Vec<(String, String)>,
    /// Titles, channels and descriptions: names that stand there count as known.
    context: String,
}

impl Pipeline {
    /// Works on a question until it ends, waits, or has to be put down. Never fails: what goes wrong is written to it.
    #[tracing::instrument(skip(self))]
    pub async fn answer(self: &Arc<Self>, question: Uuid) {
        let work = match self.take_up_question(question).await {
            Ok(Some(work)) => work,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "a question could not be taken up");
                return;
            }
        };
        let mut outcome = if work.crashes >= CRASHES {
            Err(crashed())
        } else {
            let stages = std::panic::AssertUnwindSafe(self.answered(&work)).catch_unwind();
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => Err(Stop::Shutdown),
                lost = self.until_question_lost(&work) => Err(Stop::Lost(lost)),
                outcome = stages => outcome.unwrap_or_else(|_| Err(panicked())),
            }
        };
        if let Ok(answered) = &outcome {
            let outcome = answered.outcome.as_str();
            counter!("ytsum_questions_total", "outcome" => outcome).increment(1);
        }
        // The database may be restarting: an answer is worth some patience.
        let mut patience = Patience::new("an answer", &self.shutdown);
        loop {
            match self.conclude_question(&work, &outcome).await {
                Ok(()) => return,
                Err(Lost::Store(error)) if patience.allows(&error).await => {}
                Err(Lost::Store(error)) if outcome.is_ok() && patience.is_refused(&error) => {
                    tracing::error!(%error, "the database refuses an answer");
                    outcome = Err(refused(&error));
                }
                Err(Lost::Store(error)) => {
                    tracing::error!(%error, "an answer could not be written; another worker takes the question up");
                    return;
                }
                Err(lost) => {
                    tracing::info!(%lost, "the question went on without this worker");
                    return;
                }
            }
        }
    }

    async fn take_up_question(&self, id: Uuid) -> Result<Option<Work>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let taken = questions::take_up(&mut tx, id).await?;
        if matches!(taken, TakenUp::Held) {
            jobs::enqueue_question(&self.pool, &mut tx, id, Some(Utc::now() + HELD)).await?;
        }
        tx.commit().await?;
        Ok(taken.ours())
    }

    async fn until_question_lost(&self, work: &Work) -> Lost {
        let mut watcher = self.live.watch(work.id);
        let mut said = Instant::now();
        loop {
            watcher.news().await;
            let held = if said.elapsed() < SAY_SO {
                questions::hold(&self.pool, work).await
            } else {
                said = Instant::now();
                questions::keep_hold(&self.pool, work).await
            };
            match held {
                Ok(()) => {}
                Err(Lost::Store(error)) => tracing::debug!(%error, "could not see whether the question is still ours"),
                Err(lost) => return lost,
            }
        }
    }

    async fn answered(&self, work: &Work) -> Result<Answered, Stop> {
        let material = Arc::new(self.material(work).await?);
        let is_alone = work.model == EXTRACTIVE;
        let is_thin = material.ranking.is_thin(is_alone);
        // Other words may say the same ("Is it worth the money?"): a model that is told all of it is asked nevertheless.
        let all = !material.evidence.is_comparable || (is_thin && material.is_told_whole(work));
        if material.passages.is_empty() || (is_thin && (is_alone || !all)) {
            return self.quoted(work, material, Outcome::NotHere, None).await;
        }
        if is_alone {
            return self.quoted(work, material, Outcome::Quoted, None).await;
        }
        match self.ask(work, &material, all).await {
            Ok(written) if written.body.trim_start().starts_with(NOT_ANSWERED) => {
                let mut answered = self.quoted(work, material, Outcome::NotHere, None).await?;
                answered.provenance = provenance_of(&written, answered.provenance);
                answered.fault = written.instead;
                Ok(answered)
            }
            Ok(mut written) => {
                // Postgres takes no NUL, in JSON neither.
                written.body.retain(|c| c != '\0');
                let (checked, body) = (Arc::clone(&material), written.body.clone());
                let claims = off_the_runtime(move || check(&checked, &body)).await?;
                Ok(Answered {
                    outcome: Outcome::Answered,
                    claims,
                    provenance: provenance_of(&written, material.provenance(work)),
                    body: written.body,
                    fault: written.instead,
                })
            }
            Err(error) => {
                let fault = error.fault();
                tracing::warn!(kind = fault.kind, "the model could not answer");
                match error.retry_after() {
                    Some(after) if work.retries < RETRIES && after <= LONGEST_WAIT => Err(Stop::Fault {
                        fault,
                        after: Some(after),
                    }),
                    _ => self.quoted(work, material, Outcome::Quoted, Some(fault)).await,
                }
            }
        }
    }

    /// What the answer is looked for in; the same again where a worker has looked before.
    async fn material(&self, work: &Work) -> Result<Material, Stop> {
        let earlier = questions::earlier(&self.pool, work).await?;
        let texts: Vec<String> = earlier.iter().map(|(question, _)| question.clone()).collect();
        let (text, known) = (work.text.clone(), work.evidence.clone());
        let mut sources = match (&work.evidence, &work.video) {
            (Some(evidence), _) => evidence.sources.clone(),
            (None, Some((_, transcript))) => questions::source(&self.pool, *transcript).await?.into_iter().collect(),
            (None, None) => {
                let question = evidence::Question {
                    text: &text,
                    earlier: &texts,
                };
                questions::likely(&self.pool, &evidence::words(&question)).await?
            }
        };
        let mut read = Vec::with_capacity(sources.len());
        let mut context = String::new();
        for source in &sources {
            read.push(passages::of_transcript(&self.pool, source.transcript_id).await?);
            if let Some(video) = database::videos::get(&self.pool, &source.video_id).await? {
                let channel = video.channel.as_deref().unwrap_or("");
                context.push_str(&format!("{}\n{channel}\n{}\n", video.title, video.description));
            }
        }
        let of_library = work.video.is_none();
        let (evidence, passages, ranking) = off_the_runtime(move || {
            let question = evidence::Question {
                text: &text,
                earlier: &texts,
            };
            let rankings: Vec<Ranking> = match known {
                Some(_) => Vec::new(),
                None => sources
                    .iter()
                    .zip(&read)
                    .map(|(source, passages)| {
                        evidence::rank(passages, Language::from_code(&source.language), &question)
                    })
                    .collect(),
            };
            let passages = joined(&mut sources, read);
            let evidence = known.unwrap_or_else(|| evidence_of(sources, &rankings, of_library));
            let position = |number: &u32| passages.binary_search_by_key(number, |passage| passage.ordinal).ok();
            let ranking = Ranking {
                hits: evidence.hits.iter().filter_map(position).collect(),
                strength: evidence.strength,
                is_comparable: evidence.is_comparable,
            };
            (evidence, passages, ranking)
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
            earlier,
            context,
        })
    }

    async fn ask(&self, work: &Work, material: &Material, all: bool) -> Result<Written, WriteError> {
        let feed = Feed::start(self.pool.clone(), work.clone());
        let answers = KeptAnswers {
            pool: &self.pool,
            shutdown: &self.shutdown,
            work: work.id,
            is_fresh: false,
        };
        let sources = material.evidence.sources.iter().map(|source| {
            let first = material
                .passages
                .partition_point(|passage| passage.ordinal <= source.offset);
            (first, source.title.clone())
        });
        let sources: Vec<(usize, String)> = sources.collect();
        let task = QuestionTask {
            question: &work.text,
            earlier: &material.earlier,
            passages: &material.passages,
            sources: &sources,
            language: material.language(),
            ranking: &material.ranking,
            all,
            model: &work.model,
        };
        let models = self.models.now().asked_for("question", Some(work.id));
        let written = summarize::answer(&models, &answers, &task, &mut |progress| feed.push(progress)).await;
        feed.end().await;
        written
    }

    /// The passages that fit best, word for word.
    async fn quoted(
        &self,
        work: &Work,
        material: Arc<Material>,
        outcome: Outcome,
        fault: Option<Fault>,
    ) -> Result<Answered, Stop> {
        let mut provenance = material.provenance(work);
        provenance.fallback = fault.as_ref().map(|fault| fault.message.clone());
        let text = work.text.clone();
        let claims = off_the_runtime(move || {
            let texts: Vec<String> = material.earlier.iter().map(|(question, _)| question.clone()).collect();
            let question = evidence::Question {
                text: &text,
                earlier: &texts,
            };
            if outcome == Outcome::Quoted {
                return quotes(&material, &question, QUOTED);
            }
            // What comes closest to an earlier question comes close to this one only where it has no words of its own.
            let alone = evidence::Question {
                earlier: &[],
                ..question
            };
            let language = material.language();
            let has_words = !evidence::terms(&alone, language).is_empty();
            quotes(&material, if has_words { &alone } else { &question }, CLOSEST)
        })
        .await?;
        Ok(Answered {
            outcome,
            body: String::new(),
            claims,
            provenance,
            fault,
        })
    }

    async fn conclude_question(&self, work: &Work, outcome: &Result<Answered, Stop>) -> Result<(), Lost> {
        let mut tx = self.pool.begin().await?;
        match outcome {
            Ok(answered) => questions::leave(&mut tx, work, &Ending::Done(answered)).await?,
            Err(
                Stop::Fault {
                    fault,
                    after: Some(after),
                }
                | Stop::Paused { fault, after },
            ) if work.retries < RETRIES => {
                let at = Utc::now() + *after;
                let fault = Fault {
                    retry_at: Some(at.timestamp()),
                    ..fault.clone()
                };
                questions::leave(&mut tx, work, &Ending::Waiting(&fault)).await?;
                jobs::enqueue_question(&self.pool, &mut tx, work.id, Some(at)).await?;
            }
            Err(Stop::Fault { fault, .. } | Stop::Paused { fault, .. }) => {
                questions::leave(&mut tx, work, &Ending::Failed(fault)).await?;
            }
            Err(Stop::Lost(Lost::Cancelled)) => questions::leave(&mut tx, work, &Ending::Cancelled).await?,
            Err(Stop::Lost(_)) => return Err(Lost::Fenced),
            Err(Stop::Shutdown) => {
                questions::leave(&mut tx, work, &Ending::PutDown).await?;
                jobs::enqueue_question(&self.pool, &mut tx, work.id, None).await?;
            }
        }
        tx.commit().await?;
        Ok(())
    }
}

impl Material {
    /// Whether it is one video, of which a model is told every passage.
    fn is_told_whole(&self, work: &Work) -> bool {
        work.video.is_some() && summarize::is_told_whole(&self.passages)
    }

    fn provenance(&self, work: &Work) -> Provenance {
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
    fn language(&self) -> Language {
        let first = self.passages.first();
        first.map_or(Language::Other, |first| self.language_of(first.ordinal))
    }

    fn language_of(&self, number: u32) -> Language {
        let source = self.evidence.sources.iter().rev().find(|source| source.offset < number);
        source.map_or(Language::Other, |source| Language::from_code(&source.language))
    }
}

fn provenance_of(written: &Written, provenance: Provenance) -> Provenance {
    Provenance {
        model: written.model.clone(),
        prompt_version: Some(QUESTION_PROMPT.to_owned()),
        input_tokens: written.input_tokens,
        output_tokens: written.output_tokens,
        cost: written.cost,
        calls: written.calls,
        reused_calls: written.reused_calls,
        fallback: written.instead.as_ref().map(|fault| fault.message.clone()),
        ..provenance
    }
}

/// The passages of all sources as one list, numbered through; each source is told where its numbers begin. An empty passage
/// keeps the last of one video from being a neighbour of the first of the next.
fn joined(sources: &mut [Source], read: Vec<Vec<Passage>>) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    for (source, own) in sources.iter_mut().zip(read) {
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
        passages.extend(own.into_iter().map(|passage| Passage {
            ordinal: passage.ordinal + offset,
            ..passage
        }));
    }
    passages
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
fn quotes(material: &Material, question: &evidence::Question<'_>, most: usize) -> Vec<Claim> {
    let hits = material
        .ranking
        .hits
        .iter()
        .filter_map(|hit| material.passages.get(*hit));
    let claim = |passage: &Passage| {
        let language = material.language_of(passage.ordinal);
        let terms = evidence::terms(question, language);
        let sentences = evidence::best_sentences(passage, language, &terms)?;
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
fn check(material: &Material, body: &str) -> Vec<Claim> {
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

fn crashed() -> Stop {
    Stop::Fault {
        fault: Fault {
            kind: "crashed".to_owned(),
            whose: Whose::Ours,
            message: format!(
                "This program stopped in the middle of this question {CRASHES} times, so it was given up."
            ),
            hint: "Ask it again later, or in other words.".to_owned(),
            retry_at: None,
        },
        after: None,
    }
}

/// The answer on its way to whoever watches, as in [`super::feed`].
struct Feed {
    progress: mpsc::UnboundedSender<WriteProgress>,
    task: JoinHandle<()>,
}

impl Feed {
    fn start(pool: PgPool, work: Work) -> Self {
        let (progress, mut received) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Some(first) = received.recv().await {
                let mut events = vec![];
                gather(&mut events, first);
                tokio::time::sleep(EVERY).await;
                while let Ok(more) = received.try_recv() {
                    gather(&mut events, more);
                }
                match write(&pool, &work, &events).await {
                    Ok(()) => {}
                    Err(Lost::Store(error)) => tracing::warn!(%error, "streamed text could not be written"),
                    Err(Lost::Fenced | Lost::Cancelled) => return,
                }
            }
        });
        Self { progress, task }
    }

    fn push(&self, progress: WriteProgress) {
        // The task ends only with us.
        let _ = self.progress.send(progress);
    }

    async fn end(self) {
        drop(self.progress);
        if self.task.await.is_err() {
            tracing::error!("the task that writes streamed text broke");
        }
    }
}

fn gather(events: &mut Vec<Event>, progress: WriteProgress) {
    match (events.last_mut(), progress) {
        (Some(Event::Text { text }), WriteProgress::Text(more)) => text.push_str(&more),
        (_, WriteProgress::Text(text)) => events.push(Event::Text { text }),
        (_, WriteProgress::Start) => events.push(Event::Restart),
        // An answer has no parts.
        (_, WriteProgress::Part { .. }) => {}
    }
}

async fn write(pool: &PgPool, work: &Work, events: &[Event]) -> Result<(), Lost> {
    let mut tx = pool.begin().await?;
    questions::hold(&mut *tx, work).await?;
    for event in events {
        questions::add_event(&mut tx, work.id, event).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
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

    fn material() -> Material {
        let mut sources = vec![source(1, "en"), source(2, "de")];
        let read = vec![
            passages(&["The old bridge was built in 1874.", "It crosses the river."]),
            passages(&[
                "Der Leuchtturm wurde 1901 gebaut.",
                "Sein Licht reicht dreißig Kilometer weit.",
            ]),
        ];
        let ranking = |strength, hits: &[usize]| Ranking {
            hits: hits.to_vec(),
            strength,
            is_comparable: true,
        };
        let passages = joined(&mut sources, read);
        let evidence = evidence_of(sources, &[ranking(0.2, &[0]), ranking(0.8, &[1, 0])], true);
        Material {
            ranking: ranking(evidence.strength, &[4, 3, 0]),
            evidence,
            passages,
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
