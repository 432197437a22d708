//! Calls to one provider: at most a few at a time, each with its timeouts, its tries and its metrics. What is said on
//! the wire stands in [`super::wire`]'s implementations.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use domain::models::ProviderStatus;
use metrics::{counter, histogram};
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE},
};
use serde_json::Value;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};
use url::Url;

use super::{
    Answer, Anthropic, Enough, Gemini, ModelError, ModelInfo, OpenAi, Progress, Prompt, ProviderConfig, ProviderKind,
    Secret,
    error::{Asked, Detail},
    list::Listing,
    retry::{Failure, Hint, Patience},
    secret::{clean, is_invisible},
    sse::Decoder,
    truncation,
    wire::{Reader, Refused, State, Wire},
};
use crate::http::{self, FetchError};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Of a refusal's body nobody needs more.
const MAX_REFUSAL: usize = 64 * 1024;

/// No summary is longer, streamed or not.
const MAX_ANSWER: usize = 1 << 18;

/// After so many more bytes of an answer it is asked whether they are enough.
const LOOK_EVERY: usize = 256;

/// Characters of a model's name, as the provider tells it.
const LONGEST_NAME: usize = 100;

/// Of an answer in one piece; more than its text, since JSON writes some characters as six.
const MAX_WHOLE_ANSWER: usize = 8 << 20;

/// One provider.
#[derive(Debug)]
pub(super) struct Provider {
    /// What stands before the slash in `name/model`.
    pub(super) name: String,
    pub(super) kind: ProviderKind,
    pub(super) wire: Box<dyn Wire>,
    pub(super) http: Client,
    pub(super) listing: Listing,
    /// Windows that the configuration tells, by model.
    pub(super) contexts: HashMap<String, u32>,
    /// For people; the models are left out.
    status: ProviderStatus,
    /// Ours, which it may repeat.
    secrets: Vec<Secret>,
    patience: Patience,
    turns: Semaphore,
    /// When it last said anything to calls of ours, by when these began: a sign that those that wait behind them are not forgotten.
    heard: Mutex<BTreeMap<Instant, Instant>>,
}

impl Provider {
    pub(super) fn new(config: ProviderConfig, patience: Patience) -> Result<Self, String> {
        Ok(Self {
            name: config.name.clone(),
            kind: config.kind,
            http: http::client(None, CONNECT_TIMEOUT, None)?,
            listing: Listing::default(),
            contexts: config.contexts.clone(),
            status: ProviderStatus {
                label: config.label(),
                name: config.name.clone(),
                address: without_secrets(&config.base_url),
                has_key: config.key.is_some(),
                key_from: config.key_from.clone(),
                concurrency: u32::try_from(config.concurrency).unwrap_or(u32::MAX),
                models: Vec::new(),
                error: None,
            },
            secrets: secrets(&config),
            patience,
            turns: Semaphore::new(config.concurrency),
            heard: Mutex::default(),
            wire: match config.kind {
                ProviderKind::OpenAi => Box::new(OpenAi::new(config)),
                ProviderKind::Anthropic => Box::new(Anthropic::new(config)),
                ProviderKind::Gemini => Box::new(Gemini::new(config)),
            },
        })
    }

    /// `name/model`, which means this provider's model whatever the others list.
    pub(super) fn full_name(&self, model: &str) -> String {
        format!("{}/{model}", self.name)
    }

    /// What people are told of it; its models are left out.
    pub(super) fn status(&self) -> ProviderStatus {
        ProviderStatus {
            error: self.listing.error(),
            ..self.status.clone()
        }
    }

    /// Whether it listed a model of just this name when it was asked last.
    pub(super) fn lists(&self, model: &str) -> bool {
        self.listing.holds(model)
    }

    /// Of the models that it lists, the one to use where nobody chooses: its usual one if that is among them, else the
    /// first of the same family, else the first; `None` of an empty list.
    pub(super) fn usual_of(&self, listed: &[ModelInfo]) -> Option<String> {
        let usual = self.wire.usual_model();
        let family = self.wire.usual_family();
        let by_name = |fits: &dyn Fn(&str) -> bool| listed.iter().find(|info| fits(&info.name));
        let found = usual
            .and_then(|usual| by_name(&|name| name == usual))
            .or_else(|| family.and_then(|family| by_name(&|name| name.contains(family) && !name.contains("preview"))))
            .or_else(|| listed.first());
        found.map(|info| info.name.clone())
    }

    /// Words of the provider's without what they repeat of our secrets.
    pub(super) fn without_ours(&self, text: &str) -> String {
        let hide = |text: String, secret: &Secret| secret.hide_in(&text);
        self.secrets.iter().fold(text.to_owned(), hide)
    }

    /// Asks `model`, with as many tries as are worth it, until the answer is whole or `enough`. `lost` grows by the tokens of tries
    /// that failed and may be charged all the same.
    pub(super) async fn write(
        &self,
        model: &str,
        prompt: &Prompt,
        lost: &mut u64,
        enough: Enough<'_>,
        on: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Answer, ModelError> {
        let mut first_end = None;
        let mut tries_made = 0;
        let mut reshaped = false;
        let estimate = truncation::estimate(prompt);
        let tokens = u32::try_from(estimate).unwrap_or(u32::MAX);
        let first_byte = self.patience.first_byte + self.patience.reading.saturating_mul(tokens);
        loop {
            let body = self.wire.body(model, prompt);
            tries_made += 1;
            let failure = match self.attempt(model, &body, first_byte, enough, on).await {
                Ok(answer) => return Ok(answer),
                Err(Outcome::OtherShape(_)) if !reshaped => {
                    // Not a failure: the next one says the same thing in the words this server knows.
                    reshaped = true;
                    tries_made -= 1;
                    continue;
                }
                Err(Outcome::Failed(failure) | Outcome::OtherShape(failure)) => failure,
            };
            if failure.error.may_have_cost() {
                *lost = lost.saturating_add(estimate);
            }
            // Not counted from the beginning: a call may have waited for its turn.
            let since = *first_end.get_or_insert_with(Instant::now);
            let wait = self.patience.wait(&failure, tries_made);
            let Some(wait) = wait.filter(|_| since.elapsed() < self.patience.total) else {
                return Err(failure.error);
            };
            let reason = failure.error.kind();
            counter!("ytsum_llm_retries_total", "provider" => self.wire.name().to_owned(), "reason" => reason)
                .increment(1);
            tracing::warn!(error = %failure.error, wait_ms = wait.as_millis(), "a model is asked again");
            tokio::time::sleep(wait).await;
        }
    }

    /// One try, measured.
    async fn attempt(
        &self,
        model: &str,
        body: &Value,
        first_byte: Duration,
        enough: Enough<'_>,
        on: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Answer, Outcome> {
        // Fails only where the semaphore was closed, which nobody does.
        let _turn = self.turns.acquire().await;
        let turn = Turn {
            started: Instant::now(),
            first_byte,
        };
        let mut result = self.ask(model, body, turn, enough, on).await;
        // Errors in a stream as well, and whatever else was worded by others.
        if let Err(Outcome::OtherShape(failure) | Outcome::Failed(failure)) = &mut result {
            for secret in &self.secrets {
                failure.error.hide(secret);
            }
        }
        let outcome = match &result {
            Ok(_) => "ok",
            Err(Outcome::OtherShape(failure) | Outcome::Failed(failure)) => failure.error.kind(),
        };
        let provider = || self.wire.name().to_owned();
        histogram!("ytsum_llm_request_duration_seconds", "provider" => provider(), "outcome" => outcome)
            .record(turn.started.elapsed().as_secs_f64());
        if let Ok(answer) = &result {
            for (direction, tokens) in [("input", answer.input_tokens), ("output", answer.output_tokens)] {
                counter!("ytsum_llm_tokens_total", "provider" => provider(), "direction" => direction)
                    .increment(tokens.unwrap_or_default());
            }
        }
        result
    }

    async fn ask(
        &self,
        model: &str,
        body: &Value,
        turn: Turn,
        enough: Enough<'_>,
        on: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Answer, Outcome> {
        let request = self
            .wire
            .authorize(self.http.post(self.wire.url(model)))
            .header(ACCEPT, "text/event-stream")
            // A compressed stream arrives in lumps.
            .header(ACCEPT_ENCODING, "identity")
            .json(body);
        let response = self
            .in_turn(turn, http::send(request))
            .await
            .ok_or_else(|| self.silent(model))?
            .map_err(|error| Failure::new(self.no_answer(model, &error)))?;
        if !response.status().is_success() {
            return Err(self.refused(model, body, response).await);
        }
        on(Progress::Start);
        let mut telling = Telling {
            reader: self.wire.reader(model),
            on,
            enough,
            text: String::new(),
            looked_at: 0,
            is_enough: false,
            pieces: 0,
            provider: self.wire.name(),
            turn,
        };
        if is_json(&response) {
            self.read_whole(model, response, &mut telling).await?;
        } else {
            self.read_stream(model, response, &mut telling).await?;
        }
        if telling.hangs_up() {
            return Ok(Answer {
                text: without_controls(&telling.text),
                model: model.to_owned(),
                input_tokens: None,
                output_tokens: None,
                truncated: true,
            });
        }
        let mut answer = telling.reader.finish().map_err(Failure::new)?;
        answer.text = without_controls(&answer.text);
        answer.model = clean(&answer.model, LONGEST_NAME);
        if answer.text.trim().is_empty() {
            // Its thoughts used up the tokens that the answer may have.
            let asked = self.asked(model);
            return Err(Failure::new(ModelError::Empty { asked }).into());
        }
        Ok(answer)
    }

    /// Waits for what the server says first, as long as it may take its time; `None` where it says nothing. A server that answers one
    /// call after the other has its time once it is done with those that began before; one that answers later ones has forgotten this.
    async fn in_turn<T>(&self, turn: Turn, said: impl Future<Output = T>) -> Option<T> {
        let Turn { started, first_byte } = turn;
        let mut said = std::pin::pin!(said);
        loop {
            let busy = self.heard_before(started).unwrap_or(started);
            let until = (busy + first_byte).min(started + self.patience.queue);
            if let Ok(said) = timeout_at(until, &mut said).await {
                return Some(said);
            }
            // Perhaps it has answered another call meanwhile.
            let still_busy = self.heard_before(started).is_some_and(|heard| heard > busy);
            if !still_busy || Instant::now() >= started + self.patience.queue {
                return None;
            }
        }
    }

    fn silent(&self, model: &str) -> Failure {
        if self.patience.silence_is_final {
            Failure::last(self.timeout(model))
        } else {
            Failure::new(self.timeout(model))
        }
    }

    /// When it last said anything after `started` to a call that began before.
    fn heard_before(&self, started: Instant) -> Option<Instant> {
        let heard = self.heard();
        heard
            .range(..started)
            .map(|(_, heard)| *heard)
            .filter(|heard| *heard > started)
            .max()
    }

    /// Notes that it said something to the call that began at `started`.
    fn hear(&self, started: Instant) {
        let now = Instant::now();
        let mut heard = self.heard();
        heard.insert(started, now);
        heard.retain(|_, heard| *heard + self.patience.queue > now);
    }

    fn heard(&self) -> MutexGuard<'_, BTreeMap<Instant, Instant>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads events until the answer is whole or the stream ends.
    async fn read_stream(&self, model: &str, mut response: Response, telling: &mut Telling<'_>) -> Result<(), Failure> {
        let mut decoder = Decoder::default();
        // Some servers send the head at once and the first word when it is this call's turn.
        let mut chunk = self
            .in_turn(telling.turn, response.chunk())
            .await
            .ok_or_else(|| self.silent(model))?;
        let mut first_event = None;
        loop {
            match chunk {
                Ok(Some(bytes)) => {
                    let events = self.decode(model, &mut decoder, &bytes)?;
                    if !events.is_empty() {
                        self.hear(telling.turn.started);
                        first_event.get_or_insert_with(Instant::now);
                    }
                    for event in events {
                        telling.take(model, self, &event)?;
                    }
                    if telling.hangs_up() {
                        return Ok(());
                    }
                }
                Ok(None) => {
                    let last = decoder.end().map_err(|error| self.too_large(model, &error))?;
                    return last.map_or(Ok(()), |event| telling.take(model, self, &event));
                }
                // The text is whole; only the count of tokens is lost.
                Err(_) if telling.reader.state() != State::Open => return Ok(()),
                Err(error) => {
                    return Err(Failure::new(self.broken(model, &FetchError::from(error).to_string())));
                }
            }
            let Some(first_event) = first_event else {
                // Comments alone: it says that it still reads.
                let turn = Turn {
                    first_byte: telling.turn.first_byte.max(self.patience.total),
                    ..telling.turn
                };
                let next = self.in_turn(turn, response.chunk()).await;
                chunk = next.ok_or_else(|| self.silent(model))?;
                continue;
            };
            let late = first_event + self.patience.until_whole(telling.pieces);
            let pause = match telling.reader.state() {
                // A server that never pauses would not be stopped by the deadline for its next piece.
                State::Open if Instant::now() >= late => return Err(self.too_slow(model, first_event)),
                State::Open => self.patience.idle,
                State::Finished => self.patience.after_finish,
                State::Closed => return Ok(()),
            };
            chunk = match timeout_at((Instant::now() + pause).min(late), response.chunk()).await {
                Ok(chunk) => chunk,
                Err(_) if telling.reader.state() != State::Open => return Ok(()),
                Err(_) if Instant::now() >= late => return Err(self.too_slow(model, first_event)),
                Err(_) => return Err(Failure::new(self.timeout(model))),
            };
        }
    }

    /// Reads an answer that came in one piece although a stream was asked for: an object, or a list of them.
    async fn read_whole(&self, model: &str, response: Response, telling: &mut Telling<'_>) -> Result<(), Failure> {
        let first_byte = Instant::now();
        let body = timeout(self.patience.total, http::bounded_body(response, MAX_WHOLE_ANSWER))
            .await
            .map_err(|_| self.too_slow(model, first_byte))?
            .map_err(|error| Failure::new(self.broken(model, &error.to_string())))?;
        self.hear(telling.turn.started);
        let events = match serde_json::from_slice(&body) {
            Ok(Value::Array(events)) => events,
            Ok(event) => vec![event],
            Err(_) => return Err(Failure::new(self.broken(model, "it is no JSON"))),
        };
        for event in events {
            telling.take(model, self, &event.to_string())?;
        }
        Ok(())
    }

    /// Reads a refusal.
    async fn refused(&self, model: &str, sent: &Value, mut response: Response) -> Outcome {
        let status = response.status();
        let hint = Hint::read(response.headers(), SystemTime::now());
        let mut body = Vec::new();
        // What can't be read of it, or not in time, is no reason to know less than the status tells.
        let until = Instant::now() + self.patience.idle;
        while let Ok(Ok(Some(bytes))) = timeout_at(until, response.chunk()).await {
            body.extend_from_slice(&bytes);
            if body.len() >= MAX_REFUSAL {
                body.truncate(MAX_REFUSAL);
                break;
            }
        }
        let refused = Refused {
            status,
            retry_after: hint.after,
            body: &self.without_ours(&String::from_utf8_lossy(&body)),
        };
        let failure = Failure::with_hint(self.wire.refusal(model, &refused), &hint);
        if self.wire.learns(model, sent, &refused) {
            return Outcome::OtherShape(failure);
        }
        Outcome::Failed(failure)
    }

    fn decode(&self, model: &str, decoder: &mut Decoder, bytes: &Bytes) -> Result<Vec<String>, Failure> {
        decoder.push(bytes).map_err(|error| self.too_large(model, &error))
    }

    fn too_large(&self, model: &str, error: &dyn std::error::Error) -> Failure {
        Failure::last(self.broken(model, &error.to_string()))
    }

    fn asked(&self, model: &str) -> Asked {
        Asked::new(self.wire.name(), model)
    }

    fn timeout(&self, model: &str) -> ModelError {
        ModelError::Timeout {
            asked: self.asked(model),
        }
    }

    fn too_slow(&self, model: &str, since: Instant) -> Failure {
        Failure::new(ModelError::TooSlow {
            asked: self.asked(model),
            after: since.elapsed(),
        })
    }

    fn broken(&self, model: &str, detail: &str) -> ModelError {
        ModelError::Protocol {
            asked: self.asked(model),
            detail: Detail::new(detail),
        }
    }

    fn no_answer(&self, model: &str, error: &FetchError) -> ModelError {
        match error {
            FetchError::Timeout => self.timeout(model),
            error => ModelError::Unavailable {
                asked: self.asked(model),
                retry_after: None,
                detail: Detail::new(&error.to_string()),
            },
        }
    }
}

/// Why a try gave no answer.
enum Outcome {
    /// The server wants the same question in another shape, which the wire now knows; the failure if that was it already.
    OtherShape(Failure),
    /// It failed.
    Failed(Failure),
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// An answer as it arrives, and who is told of it.
struct Telling<'a> {
    reader: Box<dyn Reader>,
    on: &'a mut (dyn FnMut(Progress) + Send),
    enough: Enough<'a>,
    /// The text so far.
    text: String,
    /// How many bytes of it there were when it was last looked at whether they are enough.
    looked_at: usize,
    is_enough: bool,
    /// Events so far, thoughts included.
    pieces: u32,
    provider: &'a str,
    turn: Turn,
}

/// A call's turn at the server.
#[derive(Clone, Copy)]
struct Turn {
    started: Instant,
    /// How long the first byte may take.
    first_byte: Duration,
}

impl Telling<'_> {
    /// Whether no more is wanted of an answer that goes on. One that has ended meanwhile is taken as it is, with its count of tokens.
    fn hangs_up(&self) -> bool {
        self.is_enough && self.reader.state() == State::Open
    }

    fn take(&mut self, model: &str, provider: &Provider, event: &str) -> Result<(), Failure> {
        if self.reader.state() == State::Closed {
            return Ok(());
        }
        self.pieces = self.pieces.saturating_add(1);
        let text = match self.reader.take(event) {
            Ok(text) => text,
            // The text is whole, and paid for: nothing that follows may cost it.
            Err(_) if self.reader.state() != State::Open => return Ok(()),
            Err(error) => return Err(Failure::new(error)),
        };
        if text.is_empty() {
            return Ok(());
        }
        if self.text.is_empty() {
            histogram!("ytsum_llm_time_to_first_token_seconds", "provider" => self.provider.to_owned())
                .record(self.turn.started.elapsed().as_secs_f64());
        }
        self.text.push_str(&text);
        if self.text.len() > MAX_ANSWER {
            return Err(Failure::last(provider.broken(model, "it does not end")));
        }
        (self.on)(Progress::Text(without_controls(&text)));
        if self.text.len() - self.looked_at >= LOOK_EVERY {
            self.looked_at = self.text.len();
            self.is_enough = (self.enough)(&self.text);
        }
        Ok(())
    }
}

/// A text without what turns around or hides what stands beside it, a time above all, and what terminals take for orders.
fn without_controls(text: &str) -> String {
    let is_fit = |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || is_invisible(*c));
    text.chars().filter(is_fit).collect()
}

/// The key, and what the address may hold of the kind.
fn secrets(config: &ProviderConfig) -> Vec<Secret> {
    let password = config.base_url.password().into_iter().flat_map(|password| {
        let decoded = url::form_urlencoded::parse(password.as_bytes()).map(|(password, _)| password.into_owned());
        decoded
            .chain([password.to_owned()])
            .map(Secret::new)
            .collect::<Vec<_>>()
    });
    let queried = config.base_url.query_pairs();
    let queried = queried.map(|(_, value)| Secret::new(value.into_owned()));
    config.key.clone().into_iter().chain(password).chain(queried).collect()
}

/// User names, passwords and queries of addresses can be secrets.
fn without_secrets(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for addresses without a host, which have no user either.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

fn is_json(response: &Response) -> bool {
    response.status() != StatusCode::NO_CONTENT
        && response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json"))
}

#[cfg(test)]
mod tests;
