//! The wire format of OpenAI's chat completions, which most servers speak: OpenAI, llama.cpp, Ollama, vLLM, LM Studio,
//! OpenRouter. Written for the common denominator; nothing here trusts a field to be there or to have its type.

mod refusal;

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate};
use domain::models::Price;
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use self::refusal::{ErrorBody, refusal};
use super::{
    Answer, ModelError, ModelInfo, OPENAI_WINDOW, Prompt, ProviderConfig, Secret, UNKNOWN_WINDOW,
    error::{Asked, Detail},
    wire::{Reader, Refused, State, Wire, count, is_chatter, join, lenient},
};

/// OpenAI's own.
pub(super) const HOST: &str = "api.openai.com";

/// OpenAI's cheap tier.
const USUAL_MODEL: &str = "gpt-6-luna";
const USUAL_FAMILY: &str = "luna";

/// The two names of the limit on the answer: OpenAI wants the second for all newer models, most others know the first alone.
const MAX_TOKENS: &str = "max_tokens";
const MAX_COMPLETION_TOKENS: &str = "max_completion_tokens";

/// Parts of names whose models write no text.
const NO_WRITERS: [&str; 14] = [
    "embed",
    "whisper",
    "tts",
    "dall-e",
    "moderation",
    "realtime",
    "audio",
    "transcribe",
    "image",
    "sora",
    "davinci",
    "babbage",
    "rerank",
    "computer-use",
];

/// A server that speaks it.
#[derive(Debug)]
pub(super) struct OpenAi {
    label: String,
    base_url: Url,
    key: Option<Secret>,
    key_from: String,
    /// Models that turned out to want the other name of the limit.
    other_limit: Mutex<HashSet<String>>,
    /// Models that are listed by a path, by what they are called here.
    paths: Mutex<HashMap<String, String>>,
}

impl OpenAi {
    pub(super) fn new(config: ProviderConfig) -> Self {
        Self {
            label: config.label(),
            base_url: config.base_url,
            key: config.key,
            key_from: config.key_from,
            other_limit: Mutex::default(),
            paths: Mutex::default(),
        }
    }

    /// Whether this is OpenAI itself.
    fn is_openai(&self) -> bool {
        self.base_url.host_str() == Some(HOST)
    }

    /// What the server calls a model: some answer to no other name than the one they list.
    fn own_name(&self, model: &str) -> String {
        let paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.get(model).map_or_else(|| model.to_owned(), String::clone)
    }

    fn limit_name(&self, model: &str) -> &'static str {
        let other = self
            .other_limit
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(model);
        if self.is_openai() == other {
            MAX_TOKENS
        } else {
            MAX_COMPLETION_TOKENS
        }
    }
}

impl Wire for OpenAi {
    fn name(&self) -> &str {
        &self.label
    }

    fn usual_model(&self) -> Option<&'static str> {
        self.is_openai().then_some(USUAL_MODEL)
    }

    fn usual_family(&self) -> Option<&'static str> {
        self.is_openai().then_some(USUAL_FAMILY)
    }

    fn usual_window(&self) -> u32 {
        if self.is_openai() {
            OPENAI_WINDOW
        } else {
            UNKNOWN_WINDOW
        }
    }

    fn url(&self, _model: &str) -> Url {
        join(&self.base_url, &["chat", "completions"])
    }

    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.bearer_auth(key.expose()),
            None => request,
        }
    }

    fn body(&self, model: &str, prompt: &Prompt) -> Value {
        json!({
            "model": self.own_name(model),
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "stream": true,
            "stream_options": {"include_usage": true},
            self.limit_name(model): prompt.max_tokens,
        })
    }

    fn learns(&self, model: &str, sent: &Value, refused: &Refused<'_>) -> bool {
        let (used, other) = if sent.get(MAX_TOKENS).is_some() {
            (MAX_TOKENS, MAX_COMPLETION_TOKENS)
        } else {
            (MAX_COMPLETION_TOKENS, MAX_TOKENS)
        };
        // OpenAI names the one it wants; strict servers only name the one they do not know.
        let unknown = ["unsupported", "unrecognized", "unknown", "not permitted", "unexpected"];
        let message = ErrorBody::read(refused.body).message.to_lowercase();
        let wanted =
            message.contains(other) || (message.contains(used) && unknown.iter().any(|word| message.contains(word)));
        if refused.status != StatusCode::BAD_REQUEST || !wanted {
            return false;
        }
        // A call that ran beside this one may have learned it already: what was sent decides, not what was known.
        let default = if self.is_openai() {
            MAX_COMPLETION_TOKENS
        } else {
            MAX_TOKENS
        };
        let mut models = self.other_limit.lock().unwrap_or_else(PoisonError::into_inner);
        if used == default {
            models.insert(model.to_owned());
        } else {
            models.remove(model);
        }
        true
    }

    fn reader(&self, model: &str) -> Box<dyn Reader> {
        Box::new(ChatReader {
            asked: Asked::new(&self.label, model),
            key_from: self.key_from.clone(),
            answer: Answer {
                text: String::new(),
                model: model.to_owned(),
                input_tokens: None,
                output_tokens: None,
                truncated: false,
            },
            refused: String::new(),
            choice: None,
            is_told: false,
            state: State::Open,
        })
    }

    fn refusal(&self, model: &str, refused: &Refused<'_>) -> ModelError {
        refusal(Asked::new(&self.label, model), &self.key_from, refused)
    }

    fn list_url(&self, _after: Option<&str>) -> Url {
        join(&self.base_url, &["models"])
    }

    fn list(&self, body: &Value) -> Option<(Vec<ModelInfo>, Option<String>)> {
        let entries = body.get("data")?.as_array()?;
        let mut models: Vec<ModelInfo> = Vec::new();
        for entry in entries {
            let Some(name) = entry.get("id").and_then(Value::as_str) else {
                continue;
            };
            let listed = name;
            let name = without_path(listed);
            if name != listed {
                let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
                paths.insert(name.to_owned(), listed.to_owned());
            }
            if NO_WRITERS.iter().any(|part| name.to_lowercase().contains(part))
                || models.iter().any(|model| model.name == name)
            {
                continue;
            }
            models.push(ModelInfo {
                context_tokens: window(entry),
                price: price(entry),
                shutdown: shutdown(entry),
                ..ModelInfo::named(name, &self.label)
            });
        }
        Some((models, None))
    }
}

/// llama.cpp without an alias calls its model by the path of its file, which is nobody's business.
fn without_path(name: &str) -> &str {
    if !name.starts_with('/') {
        return name;
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    file.strip_suffix(".gguf").unwrap_or(file)
}

/// The window of a listed model. OpenAI itself does not tell; `n_ctx_train` of llama.cpp is what the model was trained
/// for, not what the server was started with.
fn window(entry: &Value) -> Option<u32> {
    [
        entry.get("context_length"),  // OpenRouter
        entry.get("max_model_len"),   // vLLM
        entry.get("context_window"),  // Groq
        entry.pointer("/meta/n_ctx"), // llama.cpp
    ]
    .into_iter()
    .flatten()
    .find_map(|tokens| tokens.as_u64().and_then(|tokens| u32::try_from(tokens).ok()))
    .filter(|tokens| *tokens > 0)
}

/// OpenRouter tells dollars a token, as texts; what it can't tell beforehand is negative there.
fn price(entry: &Value) -> Option<Price> {
    let pricing = entry.get("pricing")?;
    let dollars = |name: &str| {
        let told = pricing.get(name)?.as_str()?.parse::<f64>().ok()?;
        (told.is_finite() && told >= 0.0).then_some(told * 1e6)
    };
    Some(Price {
        input: dollars("prompt")?,
        output: dollars("completion")?,
    })
}

/// The day after which a listed model is gone.
fn shutdown(entry: &Value) -> Option<String> {
    [
        entry.get("shutdown_date"),   // OpenAI
        entry.get("expiration_date"), // OpenRouter
    ]
    .into_iter()
    .flatten()
    .find_map(day)
}

/// A day, told as one, as a moment, or in seconds since 1970.
fn day(told: &Value) -> Option<String> {
    if let Some(seconds) = told.as_i64() {
        return Some(DateTime::from_timestamp(seconds, 0)?.date_naive().to_string());
    }
    let day = told.as_str()?.get(..10)?;
    day.parse::<NaiveDate>().ok().map(|day| day.to_string())
}

/// Reads a stream of chat completion chunks, or a completion that came in one piece.
struct ChatReader {
    asked: Asked,
    key_from: String,
    answer: Answer,
    /// The model's own words for why it does not answer.
    refused: String,
    /// Which of several answers is read.
    choice: Option<Option<u64>>,
    /// Whether it has said why it ends.
    is_told: bool,
    state: State,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    /// Empty in the frame that counts the tokens.
    choices: Option<Vec<Choice>>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default, deserialize_with = "count")]
    index: Option<u64>,
    delta: Option<Message>,
    /// In place of `delta` where the server does not stream.
    message: Option<Message>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    /// A text, `null`, or a list of parts.
    content: Option<Value>,
    #[serde(default, deserialize_with = "lenient")]
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default, deserialize_with = "count")]
    prompt_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    completion_tokens: Option<u64>,
}

impl Reader for ChatReader {
    fn take(&mut self, event: &str) -> Result<String, ModelError> {
        if event.trim() == "[DONE]" {
            self.state = State::Closed;
            return Ok(String::new());
        }
        if is_chatter(event) {
            return Ok(String::new());
        }
        let chunk: Chunk = serde_json::from_str(event).map_err(|_| self.broken("an event is no chat completion"))?;
        if chunk.error.is_some_and(|error| !error.is_null()) {
            let status = ErrorBody::read(event).status().unwrap_or(StatusCode::BAD_GATEWAY);
            let refused = Refused {
                status,
                retry_after: None,
                body: event,
            };
            return Err(refusal(self.asked.clone(), &self.key_from, &refused));
        }
        if let Some(model) = chunk.model.filter(|model| !model.is_empty()) {
            self.answer.model = without_path(&model).to_owned();
        }
        if let Some(usage) = chunk.usage {
            self.answer.input_tokens = usage.prompt_tokens.or(self.answer.input_tokens);
            self.answer.output_tokens = usage.completion_tokens.or(self.answer.output_tokens);
        }
        let mut added = String::new();
        // One was asked for; whoever sends more puts ours first.
        let first = chunk.choices.into_iter().flatten().min_by_key(|choice| choice.index);
        if let Some(choice) = first
            && choice.index == *self.choice.get_or_insert(choice.index)
        {
            if let Some(message) = choice.delta.or(choice.message) {
                added.push_str(&text_of(message.content.as_ref()));
                self.refused.push_str(&message.refusal.unwrap_or_default());
            }
            if let Some(reason) = choice.finish_reason {
                self.finished(&reason)?;
            }
        }
        self.answer.text.push_str(&added);
        Ok(added)
    }

    fn state(&self) -> State {
        // All is there; some servers keep the connection open all the same.
        match self.state {
            State::Finished if self.answer.output_tokens.is_some() => State::Closed,
            state => state,
        }
    }

    fn finish(self: Box<Self>) -> Result<Answer, ModelError> {
        if self.state == State::Open {
            return Err(self.broken("it broke off"));
        }
        if self.answer.text.trim().is_empty() && !self.refused.is_empty() {
            return Err(ModelError::Blocked {
                reason: Detail::new(&self.refused),
                asked: self.asked,
            });
        }
        if self.answer.text.trim().is_empty() && !self.is_told {
            return Err(self.broken("it holds no text"));
        }
        Ok(self.answer)
    }
}

impl ChatReader {
    fn finished(&mut self, reason: &str) -> Result<(), ModelError> {
        match reason {
            "content_filter" => {
                return Err(ModelError::Blocked {
                    asked: self.asked.clone(),
                    reason: Detail::new("the content filter"),
                });
            }
            "error" => return Err(self.broken("the provider stopped with an error")),
            "length" | "max_tokens" => self.answer.truncated = true,
            _ => {}
        }
        self.is_told = true;
        self.state = State::Finished;
        Ok(())
    }

    fn broken(&self, what: &str) -> ModelError {
        ModelError::Protocol {
            asked: self.asked.clone(),
            detail: Detail::new(what),
        }
    }
}

/// A text, or the texts of a list of parts.
fn text_of(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().filter_map(|part| part.get("text")?.as_str()).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests;
