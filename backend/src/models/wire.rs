//! What a provider's wire format has to tell: how to ask, how to read an answer as it arrives, how to read a refusal.
//! One implementation a provider, in its own file; the calls themselves are made in [`super::provider`].

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use serde::{Deserialize as _, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

use super::{Answer, ModelError, ModelInfo, Prompt};

/// A provider's wire format.
pub(super) trait Wire: Send + Sync + std::fmt::Debug {
    /// Who it is: `Gemini`, `OpenAI`, or the host of a configured base URL.
    fn name(&self) -> &str;

    /// The model to use where nobody chooses, where there is one by custom.
    fn usual_model(&self) -> Option<&'static str> {
        None
    }

    /// A part of the names of its kin: what is used where it is gone.
    fn usual_family(&self) -> Option<&'static str> {
        None
    }

    /// Tokens that fit into a request to a model that tells nothing.
    fn usual_window(&self) -> u32;

    /// Where `model` is asked.
    fn url(&self, model: &str) -> Url;

    /// Puts the key into its header.
    fn authorize(&self, request: RequestBuilder) -> RequestBuilder;

    /// The request's body.
    fn body(&self, model: &str, prompt: &Prompt) -> Value;

    /// Whether the refusal of `sent` means that this server wants the same question in another shape, which `body`
    /// gives from now on.
    fn learns(&self, _model: &str, _sent: &Value, _refused: &Refused<'_>) -> bool {
        false
    }

    /// A reader for one answer of `model`.
    fn reader(&self, model: &str) -> Box<dyn Reader>;

    /// Why it refused.
    fn refusal(&self, model: &str, refused: &Refused<'_>) -> ModelError;

    /// Where its models are listed; `after` is the mark of the next page that the last one gave.
    fn list_url(&self, after: Option<&str>) -> Url;

    /// Reads a page of that list; with it the mark of the next page. `None` where it is no list.
    fn list(&self, body: &Value) -> Option<(Vec<ModelInfo>, Option<String>)>;
}

/// Reads one answer, event by event.
pub(super) trait Reader: Send {
    /// Takes the data of an event; what it adds to the text (often nothing).
    ///
    /// # Errors
    /// What the event says is wrong: many providers report errors in a stream that began with 200.
    fn take(&mut self, event: &str) -> Result<String, ModelError>;

    /// Where the answer stands.
    fn state(&self) -> State;

    /// The stream has ended: the answer as a whole.
    ///
    /// # Errors
    /// [`ModelError::Protocol`] where it is not whole.
    fn finish(self: Box<Self>) -> Result<Answer, ModelError>;
}

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// More text may come.
    Open,
    /// The text is whole; the count of tokens may follow.
    Finished,
    /// Nothing follows.
    Closed,
}

/// A refusal as it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused<'a> {
    /// The status, or the one that an error in a stream stands for.
    pub(super) status: StatusCode,
    /// What a header said about the wait.
    pub(super) retry_after: Option<Duration>,
    /// The body, cut off where it was too long.
    pub(super) body: &'a str,
}

/// More tokens than any call takes: whoever counts more than this does not count.
const MOST_TOKENS: f64 = 1e8;

/// A field beside the text, which must not cost the text: `None` where it is not of its type.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// A count of tokens: a number in whatever form, if it can be one.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let told = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked, and half a token is none"
    )]
    Ok(told
        .filter(|tokens| (0.0..=MOST_TOKENS).contains(tokens))
        .map(|tokens| tokens as u64))
}

/// Whether an event is what some servers send beside those of the format: `ping`, `ok`.
pub(super) fn is_chatter(event: &str) -> bool {
    !event.trim_start().starts_with(['{', '['])
}

/// Appends segments to a base URL, whether or not it ends in a slash.
pub(super) fn join(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_models_name_leads_nowhere_else() {
        let base = Url::parse("https://models.example/v1beta").unwrap();
        for name in [
            "../../admin",
            "..",
            "a/../../b",
            "%2e%2e/x",
            "x?key=y#z",
            "//evil.example/",
            "\\\\evil",
            "@evil.example",
        ] {
            let url = join(&base, &["models", &format!("{name}:stream")]);
            assert_eq!(url.host_str(), Some("models.example"), "{name}");
            assert!(url.path().starts_with("/v1beta/models/"), "{name}: {url}");
            assert_eq!((url.query(), url.fragment()), (None, None), "{name}: {url}");
            assert_eq!(url.path().matches('/').count(), 3, "{name}: {url}");
        }
    }

    #[test]
    fn segments_are_appended_to_any_base() {
        for (base, expected) in [
            (
                "https://api.openai.com/v1",
                "https://api.openai.com/v1/chat/completions",
            ),
            ("http://[::1]:8080/a/v1/", "http://[::1]:8080/a/v1/chat/completions"),
            ("http://localhost", "http://localhost/chat/completions"),
        ] {
            assert_eq!(
                join(&Url::parse(base).unwrap(), &["chat", "completions"]).as_str(),
                expected
            );
        }
    }
}
