//! The wire format of Gemini's `generateContent`. Nothing here trusts a field to be there or to have its type.

mod refusal;

use chrono::Utc;
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use self::refusal::refusal;
use super::{
    Answer, GEMINI_WINDOW, ModelError, ModelInfo, Prompt, ProviderConfig, Secret,
    error::{Asked, Detail},
    wire::{Reader, Refused, State, Wire, count, is_chatter, join, lenient},
};

/// An alias that outlives the names behind it.
const USUAL_MODEL: &str = "gemini-flash-latest";
const USUAL_FAMILY: &str = "flash";

/// Parts of names whose models speak, draw or act instead of writing.
const NO_WRITERS: [&str; 6] = ["-tts", "-image", "-audio", "-live", "-embedding", "computer-use"];

/// Google's service, or a proxy that speaks like it.
#[derive(Debug)]
pub(super) struct Gemini {
    label: String,
    base_url: Url,
    key: Option<Secret>,
    key_from: String,
}

impl Gemini {
    pub(super) fn new(config: ProviderConfig) -> Self {
        Self {
            label: config.label(),
            base_url: config.base_url,
            key: config.key,
            key_from: config.key_from,
        }
    }
}

impl Wire for Gemini {
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
        GEMINI_WINDOW
    }

    fn url(&self, model: &str) -> Url {
        let call = format!("{model}:streamGenerateContent");
        let mut url = join(&self.base_url, &["v1beta", "models", &call]);
        url.set_query(Some("alt=sse"));
        url
    }

    /// In a header: a key in the address ends up in logs.
    fn authorize(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.header("x-goog-api-key", key.expose()),
            None => request,
        }
    }

    fn body(&self, _model: &str, prompt: &Prompt) -> Value {
        json!({
            "systemInstruction": {"parts": [{"text": prompt.system}]},
            "contents": [{"role": "user", "parts": [{"text": prompt.user}]}],
            // No temperature: deprecated since Gemini 3.
            "generationConfig": {"maxOutputTokens": prompt.max_tokens},
        })
    }

    fn reader(&self, model: &str) -> Box<dyn Reader> {
        Box::new(GenerateReader {
            asked: Asked::new(&self.label, model),
            key_from: self.key_from.clone(),
            answer: Answer {
                text: String::new(),
                model: model.to_owned(),
                input_tokens: None,
                output_tokens: None,
                truncated: false,
            },
            state: State::Open,
        })
    }

    fn refusal(&self, model: &str, refused: &Refused<'_>) -> ModelError {
        refusal(Asked::new(&self.label, model), &self.key_from, refused, Utc::now())
    }

    fn list_url(&self, after: Option<&str>) -> Url {
        let mut url = join(&self.base_url, &["v1beta", "models"]);
        url.query_pairs_mut().append_pair("pageSize", "1000");
        if let Some(mark) = after {
            url.query_pairs_mut().append_pair("pageToken", mark);
        }
        url
    }

    fn list(&self, body: &Value) -> Option<(Vec<ModelInfo>, Option<String>)> {
        let entries = body.get("models")?.as_array()?;
        let models = entries.iter().filter_map(|entry| listed(entry, &self.label)).collect();
        let next = body.get("nextPageToken").and_then(Value::as_str);
        Some((models, next.filter(|mark| !mark.is_empty()).map(str::to_owned)))
    }
}

/// A listed model, if it writes text and its name would be taken for one of Gemini's.
fn listed(entry: &Value, provider: &str) -> Option<ModelInfo> {
    let name = entry.get("name")?.as_str()?;
    let name = name.strip_prefix("models/").unwrap_or(name);
    let methods = entry.get("supportedGenerationMethods")?.as_array()?;
    let writes = methods.iter().any(|method| method == "generateContent");
    if !writes || !name.starts_with("gemini") || NO_WRITERS.iter().any(|part| name.contains(part)) {
        return None;
    }
    Some(ModelInfo {
        context_tokens: entry
            .get("inputTokenLimit")
            .and_then(Value::as_u64)
            .and_then(|tokens| u32::try_from(tokens).ok()),
        ..ModelInfo::named(name, provider)
    })
}

/// Reads a stream of responses. It ends without a mark: the connection closes.
struct GenerateReader {
    asked: Asked,
    key_from: String,
    answer: Answer,
    state: State,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk {
    candidates: Option<Vec<Candidate>>,
    prompt_feedback: Option<PromptFeedback>,
    #[serde(default, deserialize_with = "lenient")]
    usage_metadata: Option<UsageMetadata>,
    #[serde(default, deserialize_with = "lenient")]
    model_version: Option<String>,
    error: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    parts: Option<Vec<Part>>,
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
    thought: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

/// Counted from the start of the answer: the last one holds.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UsageMetadata {
    #[serde(default, deserialize_with = "count")]
    prompt_token_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    candidates_token_count: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    thoughts_token_count: Option<u64>,
}

impl Reader for GenerateReader {
    fn take(&mut self, event: &str) -> Result<String, ModelError> {
        if is_chatter(event) {
            return Ok(String::new());
        }
        let whole: Value = serde_json::from_str(event).map_err(|_| self.broken("an event is no response"))?;
        // Errors of the streaming endpoint may come wrapped in a list.
        let chunk = whole.get(0).cloned().unwrap_or(whole);
        let chunk: Chunk = serde_json::from_value(chunk).map_err(|_| self.broken("an event is no response"))?;
        if let Some(error) = &chunk.error {
            let code = error.get("code").and_then(Value::as_u64);
            let status = code
                .and_then(|code| u16::try_from(code).ok())
                .and_then(|code| StatusCode::from_u16(code).ok())
                .unwrap_or(StatusCode::BAD_GATEWAY);
            let refused = Refused {
                status,
                retry_after: None,
                body: event,
            };
            return Err(refusal(self.asked.clone(), &self.key_from, &refused, Utc::now()));
        }
        if let Some(reason) = chunk.prompt_feedback.and_then(|feedback| feedback.block_reason) {
            return Err(self.blocked(&reason));
        }
        if let Some(model) = chunk.model_version.filter(|model| !model.is_empty()) {
            self.answer.model = model;
        }
        if let Some(usage) = chunk.usage_metadata {
            self.answer.input_tokens = usage.prompt_token_count.or(self.answer.input_tokens);
            // Thoughts are paid for like words.
            let counts = [usage.candidates_token_count, usage.thoughts_token_count];
            if counts.iter().any(Option::is_some) {
                self.answer.output_tokens = Some(counts.into_iter().flatten().fold(0, u64::saturating_add));
            }
        }
        let mut added = String::new();
        for candidate in chunk.candidates.into_iter().flatten().take(1) {
            for part in candidate
                .content
                .and_then(|content| content.parts)
                .into_iter()
                .flatten()
            {
                if part.thought != Some(true) {
                    added.push_str(&part.text.unwrap_or_default());
                }
            }
            if let Some(reason) = candidate.finish_reason {
                self.finished(&reason, &added)?;
            }
        }
        self.answer.text.push_str(&added);
        Ok(added)
    }

    fn state(&self) -> State {
        self.state
    }

    fn finish(self: Box<Self>) -> Result<Answer, ModelError> {
        if self.state == State::Open {
            return Err(self.broken("it broke off"));
        }
        Ok(self.answer)
    }
}

impl GenerateReader {
    fn finished(&mut self, reason: &str, added: &str) -> Result<(), ModelError> {
        match reason {
            "FINISH_REASON_UNSPECIFIED" => return Ok(()),
            "STOP" => {}
            "MAX_TOKENS" => self.answer.truncated = true,
            "RECITATION" | "IMAGE_RECITATION" => {
                return Err(ModelError::Recitation {
                    asked: self.asked.clone(),
                });
            }
            "SAFETY" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" => return Err(self.blocked(reason)),
            _ if self.answer.text.trim().is_empty() && added.trim().is_empty() => {}
            // OTHER, and the ones about functions and images, which were not asked for.
            _ => return Err(self.broken(&format!("it stopped with {reason}"))),
        }
        self.state = State::Finished;
        Ok(())
    }

    fn blocked(&self, reason: &str) -> ModelError {
        ModelError::Blocked {
            asked: self.asked.clone(),
            reason: Detail::new(&format!("its filter says {reason}")),
        }
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
