//! Whoever goes on after a crash goes on in the same way: no call that came to an end is made again, though nothing that the first
//! process knew of the models is left but what it noted.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::models::ModelsConfig;

/// A server that answers some prompts in its first life with an outage, and all of them in its second.
struct Lives {
    server: Fixture,
    is_second: std::sync::Arc<AtomicBool>,
}

impl Lives {
    /// `answer` gives the answer, or `None` for an outage; it is told whether this is the second life.
    async fn of(answer: impl Fn(bool, &Seen) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let is_second = std::sync::Arc::new(AtomicBool::new(false));
        let second = std::sync::Arc::clone(&is_second);
        let server = Fixture::serve(move |_, seen| {
            answer(second.load(Ordering::SeqCst), seen).unwrap_or_else(|| Reply::json(503, "{}"))
        })
        .await;
        Self { server, is_second }
    }

    fn begin_second(&self) {
        self.is_second.store(true, Ordering::SeqCst);
    }

    /// What was asked more than once, outages and lists left out.
    fn repeated(&self, is_outage: impl Fn(&Seen) -> bool) -> Vec<String> {
        let asked: Vec<String> = asked(&self.server)
            .iter()
            .filter(|seen| !is_outage(seen))
            .map(|seen| seen.body.to_string())
            .collect();
        let mut known = std::collections::HashSet::new();
        asked.into_iter().filter(|body| !known.insert(body.clone())).collect()
    }
}

fn is_merge(seen: &Seen) -> bool {
    seen.words().1.contains("<evidence>")
}

#[tokio::test]
async fn a_prompt_that_was_cut_without_a_word_is_not_sent_again() {
    // As Ollama: it lists no window and counts what it has read.
    let lives = Lives::of(|is_second, seen| {
        if is_list(seen) {
            return Some(Reply::json(200, r#"{"data":[{"id":"m"}]}"#));
        }
        if is_merge(seen) && !is_second {
            return None;
        }
        let (_, user) = seen.words();
        let counted = (user.chars().count() / 4).min(4096);
        let said = serde_json::json!({"choices": [{"index": 0, "delta": {"content": "Deep. [1 \"of the lake\"]"}, "finish_reason": "stop"}]});
        let usage = serde_json::json!({"choices": [], "usage": {"prompt_tokens": counted, "completion_tokens": 6}});
        Some(Reply::stream([format!("data: {said}\n\ndata: {usage}\n\ndata: [DONE]\n\n")]))
    })
    .await;
    let case = Case::new(3, 300);
    let error = case.write(&lives.server.openai()).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_unavailable");
    let parts = asked(&lives.server)
        .iter()
        .filter(|seen| part_of(seen).is_some())
        .count();
    assert!(parts > 3, "{parts}");
    lives.begin_second();
    let written = case.write(&lives.server.openai()).await.0.unwrap();
    assert_eq!(lives.repeated(is_merge), Vec::<String>::new());
    assert_eq!(
        (written.calls, written.reused_calls),
        (1, u32::try_from(parts).unwrap())
    );
}

#[tokio::test]
async fn parts_are_cut_as_before_though_the_window_is_told_otherwise_now() {
    let lives = Lives::of(|is_second, seen| match is_second {
        false if is_list(seen) => Some(listed(2600)),
        false if is_merge(seen) => None,
        true if is_list(seen) => Some(listed(9000)),
        _ => by_parts(0)(0, seen).into(),
    })
    .await;
    let case = Case::new(3, 60);
    assert!(case.write(&lives.server.openai()).await.0.is_err());
    lives.begin_second();
    let written = case.write(&lives.server.openai()).await.0.unwrap();
    assert_eq!(lives.repeated(is_merge), Vec::<String>::new());
    assert_eq!(written.calls, 1, "the merge alone");
}

#[tokio::test]
async fn a_call_that_ended_without_an_answer_is_not_made_again() {
    let frame = |text: &str, reason: &str| {
        let event =
            serde_json::json!({"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": reason}]});
        Some(Reply::stream([format!("data: {event}\r\n\r\n")]))
    };
    fn user(seen: &Seen) -> Option<&str> {
        seen.body["contents"][0]["parts"][0]["text"].as_str()
    }
    let is_paraphrase = |seen: &Seen| user(seen).is_none_or(|user| user.contains("in words of your own"));
    let lives = Lives::of(move |is_second, seen| match is_second {
        _ if !is_paraphrase(seen) => frame("la la la", "RECITATION"),
        true => frame("Deep.", "STOP"),
        false => None,
    })
    .await;
    let mut case = Case::new(0, 5);
    case.request.model = "gemini-x".to_owned();
    let error = case.write(&lives.server.gemini()).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_unavailable");
    lives.begin_second();
    assert_eq!(case.write(&lives.server.gemini()).await.0.unwrap().body, "Deep.");
    assert_eq!(lives.repeated(is_paraphrase), Vec::<String>::new());

    // Another run asks for itself: the provider may have thought better of it.
    case.answers = InMemory::default();
    case.write(&lives.server.gemini()).await.0.unwrap();
    assert_eq!(lives.repeated(is_paraphrase).len(), 1);
}

#[tokio::test]
async fn a_model_that_writes_instead_goes_on() {
    let models = |lives: &Lives| {
        let mut config = lives.server.config();
        config.fallback = vec!["good".to_owned()];
        lives.server.models(config)
    };
    let wants = |seen: &Seen, model: &str| seen.body["model"] == model;
    let lives = Lives::of(move |is_second, seen| match is_second {
        _ if is_list(seen) => Some(Reply::json(
            200,
            r#"{"data":[{"id":"m","max_model_len":2600},{"id":"good","max_model_len":2600}]}"#,
        )),
        false if wants(seen, "m") => Some(Reply::json(400, r#"{"error":{"message":"not today"}}"#)),
        false if is_merge(seen) => None,
        _ => by_parts(0)(0, seen).into(),
    })
    .await;
    let case = Case::new(3, 60);
    let error = case.write(&models(&lives)).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_bad_request", "both are asked again later");
    assert_eq!(case.answers.noted("instead of m").await, Ok(None));

    // Killed while the other one writes: nothing says that both can't.
    let fault = error.fault();
    let note = Note::GaveWay(fault.clone());
    case.answers.note("instead of m", Some(&note)).await.unwrap();
    lives.begin_second();
    let before = asked(&lives.server).len();
    let written = case.write(&models(&lives)).await.0.unwrap();
    assert_eq!(written.instead, Some(fault));
    assert_eq!(written.calls, 1, "the merge alone");
    assert!(asked(&lives.server)[before..].iter().all(|seen| wants(seen, "good")));
}

#[tokio::test]
async fn one_model_under_two_names_is_paid_once() {
    let server = Fixture::serve(by_parts(32_000)).await;
    let mut case = Case::new(0, 5);
    let models = server.openai();
    assert_eq!(case.write(&models).await.0.unwrap().calls, 1);
    case.request.model = "openai/m".to_owned();
    let again = case.write(&models).await.0.unwrap();
    assert_eq!((again.calls, again.reused_calls), (0, 1));

    // Another server's model of the same name is another model.
    let other = Fixture::serve(by_parts(32_000)).await;
    let mut config = other.config();
    for provider in &mut config.providers {
        provider.name = "other".to_owned();
    }
    case.request.model = "m".to_owned();
    assert_eq!(case.write(&other.models(config)).await.0.unwrap().calls, 1);
}

#[test]
fn notes_are_read_as_they_were_written() {
    let fault = ModelError::UnknownModel {
        asked: crate::models::Models::new(ModelsConfig::default()).unwrap().asked("m"),
    }
    .fault();
    for (note, written) in [
        (
            Note::Window {
                tokens: 4096,
                learned_at: Some(7),
            },
            r#"{"window":{"tokens":4096,"learned_at":7}}"#,
        ),
        (Note::Blocked("safety".to_owned()), r#"{"blocked":"safety"}"#),
        (Note::Recitation, r#""recitation""#),
    ] {
        assert_eq!(serde_json::to_string(&note).unwrap(), written);
        assert_eq!(serde_json::from_str::<Note>(written).unwrap(), note);
    }
    let note = Note::GaveWay(fault);
    let written = serde_json::to_string(&note).unwrap();
    assert_eq!(serde_json::from_str::<Note>(&written).unwrap(), note);
}
