//! The wire format of Anthropic's Messages API. Nothing here trusts a field to be there or to have its type.

mod refusal;

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use self::refusal::refusal;
use super::{
    ANTHROPIC_WINDOW, Answer, ModelError, ModelInfo, Prompt, ProviderConfig, Secret,
    error::{Asked, Detail},
    wire::{Reader, Refused, State, Wire, count, is_chatter, join, lenient},
};

/// The version of the format that is spoken here.
const VERSION: &str = "2023-06-01";

/// The cheap tier.
const USUAL_MODEL: &str = "claude-haiku-4-5";
const USUAL_FAMILY: &str = "haiku";

/// Anthropic, or a proxy that speaks like it.
#[derive(Debug)]
pub(super) struct Anthropic {
    label: String,
    base_url: Url,
    key: Option<Secret>,
    key_from: String,
}

impl Anthropic {
    pub(super) fn new(config: ProviderConfig) -> Self {
        Self {
            label: config.label(),
            base_url: config.base_url,
            key: config.key,
            key_from: config.key_from,
        }
    }

    /// Addresses are configured with and without the version in their path.
    fn address(&self, end: &str) -> Url {
        let path = self.base_url.path().trim_end_matches('/');
        if path.ends_with("/v1") {
            join(&self.base_url, &[end])
        } else {
            join(&self.base_url, &["v1", end])
        }
    }
}

impl Wire for Anthropic {
    fn name(&self) -> &str {
        &self.label
    }

    fn usual_model(&self) -> Option<&'static str> {
        Some(USUAL_MODEL)
    }

    fn usual_family(&self) -> Option<&'static str> {
        Some(USUAL_FAMILY)
    }

    fn usual_window(&self) -> u32 {
        ANTHROPIC_WINDOW
    }

    fn url(&self, _model: &str) -> Url {
        self.address("messages")
    }

    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("anthropic-version", VERSION);
        match &self.key {
            Some(key) => request.header("x-api-key", key.expose()),
            None => request,
        }
    }

    fn body(&self, model: &str, prompt: &Prompt) -> Value {
        let mut body = json!({
            "model": model,
            "max_tokens": prompt.max_tokens,
            "messages": [{"role": "user", "content": prompt.user}],
            "stream": true,
        });
        // An empty one is refused.
        if !prompt.system.is_empty() {
            body["system"] = json!(prompt.system);
        }
        body
    }

    fn reader(&self, model: &str) -> Box<dyn Reader> {
        Box::new(MessageReader {
            asked: Asked::new(&self.label, model),
            key_from: self.key_from.clone(),
            answer: Answer {
                text: String::new(),
                model: model.to_owned(),
                input_tokens: None,
                output_tokens: None,
                truncated: false,
            },
            is_told: false,
            state: State::Open,
        })
    }

    fn refusal(&self, model: &str, refused: &Refused<'_>) -> ModelError {
        refusal(Asked::new(&self.label, model), &self.key_from, refused)
    }

    fn list_url(&self, after: Option<&str>) -> Url {
        let mut url = self.address("models");
        url.query_pairs_mut().append_pair("limit", "1000");
        if let Some(mark) = after {
            url.query_pairs_mut().append_pair("after_id", mark);
        }
        url
    }

    fn list(&self, body: &Value) -> Option<(Vec<ModelInfo>, Option<String>)> {
        let entries = body.get("data")?.as_array()?;
        let models = entries.iter().filter_map(|entry| {
            let context = entry.get("max_input_tokens").and_then(Value::as_u64);
            Some(ModelInfo {
                context_tokens: context
                    .and_then(|tokens| u32::try_from(tokens).ok())
                    .filter(|tokens| *tokens > 0),
                ..ModelInfo::named(entry.get("id")?.as_str()?, &self.label)
            })
        });
        let more = body.get("has_more").and_then(Value::as_bool) == Some(true);
        let last = body.get("last_id").and_then(Value::as_str).filter(|_| more);
        Some((models.collect(), last.map(str::to_owned)))
    }
}

/// Reads a stream of events, or a message that came in one piece.
struct MessageReader {
    asked: Asked,
    key_from: String,
    answer: Answer,
    /// Whether it has said why it ends.
    is_told: bool,
    state: State,
}

/// What the data of any event may hold; its `type` says which.
#[derive(Deserialize)]
struct Event {
    r#type: String,
    message: Option<Message>,
    delta: Option<Delta>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Usage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    content: Option<Vec<Block>>,
    stop_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Block {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    /// Thoughts come in deltas of other types, without it.
    text: Option<String>,
    stop_reason: Option<String>,
}

/// Counted from the start of the answer: the last one holds.
#[derive(Deserialize)]
struct Usage {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_creation_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_read_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<u64>,
}

impl Reader for MessageReader {
    fn take(&mut self, event: &str) -> Result<String, ModelError> {
        if is_chatter(event) {
            return Ok(String::new());
        }
        let whole: Value = serde_json::from_str(event).map_err(|_| self.broken("an event is no JSON"))?;
        if whole["type"] == "message" {
            let message = serde_json::from_value(whole).map_err(|_| self.broken("it is no message"))?;
            return self.take_whole(message);
        }
        let event: Event = serde_json::from_value(whole.clone()).map_err(|_| self.broken("an event is no event"))?;
        match event.r#type.as_str() {
            "error" => {
                let kind = event.error.as_ref().and_then(|error| error.get("type")?.as_str());
                let refused = Refused {
                    status: refusal::status_of(kind.unwrap_or_default()),
                    retry_after: None,
                    body: &whole.to_string(),
                };
                return Err(refusal(self.asked.clone(), &self.key_from, &refused));
            }
            "message_start" => {
                if let Some(message) = event.message {
                    self.begin(message.model, message.usage);
                }
            }
            "content_block_delta" => {
                let added = event.delta.and_then(|delta| delta.text).unwrap_or_default();
                self.answer.text.push_str(&added);
                return Ok(added);
            }
            "message_delta" => {
                self.begin(None, event.usage);
                if let Some(reason) = event.delta.and_then(|delta| delta.stop_reason) {
                    self.stopped(&reason)?;
                }
            }
            "message_stop" => {
                // Whoever forgets to say why has still said that this is all.
                self.state = State::Closed;
            }
            // `ping`, the bounds of blocks, and what is yet to be invented.
            _ => {}
        }
        Ok(String::new())
    }

    fn state(&self) -> State {
        self.state
    }

    fn finish(self: Box<Self>) -> Result<Answer, ModelError> {
        if self.state == State::Open {
            return Err(self.broken("it broke off"));
        }
        if self.answer.text.trim().is_empty() && !self.is_told {
            return Err(self.broken("it holds no text"));
        }
        Ok(self.answer)
    }
}

impl MessageReader {
    fn take_whole(&mut self, message: Message) -> Result<String, ModelError> {
        self.begin(message.model, message.usage);
        let blocks = message.content.unwrap_or_default();
        let text: String = blocks.into_iter().filter_map(|block| block.text).collect();
        self.answer.text.push_str(&text);
        self.stopped(message.stop_reason.as_deref().unwrap_or("end_turn"))?;
        self.state = State::Closed;
        Ok(text)
    }

    fn begin(&mut self, model: Option<String>, usage: Option<Usage>) {
        if let Some(model) = model.filter(|model| !model.is_empty()) {
            self.answer.model = model;
        }
        let Some(usage) = usage else { return };
        // What came from the cache was sent as well.
        let sent = [
            usage.input_tokens,
            usage.cache_creation_input_tokens,
            usage.cache_read_input_tokens,
        ];
        if usage.input_tokens.is_some() {
            self.answer.input_tokens = Some(sent.into_iter().flatten().fold(0, u64::saturating_add));
        }
        self.answer.output_tokens = usage.output_tokens.or(self.answer.output_tokens);
    }

    fn stopped(&mut self, reason: &str) -> Result<(), ModelError> {
        match reason {
            "refusal" => {
                return Err(ModelError::Blocked {
                    asked: self.asked.clone(),
                    reason: Detail::new("it refused"),
                });
            }
            "max_tokens" | "model_context_window_exceeded" => self.answer.truncated = true,
            "end_turn" | "stop_sequence" => {}
            // About tools, which were not offered.
            _ if self.answer.text.trim().is_empty() => {}
            other => return Err(self.broken(&format!("it stopped with {other}"))),
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

#[cfg(test)]
mod tests;
