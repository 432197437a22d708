#![expect(clippy::unwrap_used, reason = "tests")]

mod fence;
mod killed;
mod long;

use std::sync::Mutex;

use domain::{chapters::Chapter, sentences::Sentence, transcript::Span};

use super::*;
use crate::models::{
    Answer,
    fixture::{Fixture, Reply, Seen, chat, chat_end, chat_text},
};

/// A lesson in chapters of ten passages each.
fn video(chapters: u64) -> Video {
    Video {
        title: "How deep is the lake?".to_owned(),
        channel: Some("Lakes".to_owned()),
        chapters: (0..chapters)
            .map(|index| Chapter {
                title: format!("Chapter {}", index + 1),
                span: Span {
                    start_ms: index * 10_000,
                    end_ms: (index + 1) * 10_000,
                },
            })
            .collect(),
        ..Video::default()
    }
}

/// Passages of some 56 tokens, a second apart.
fn passages(count: u32) -> Vec<Passage> {
    (1..=count)
        .map(|ordinal| {
            let start_ms = u64::from(ordinal - 1) * 1000;
            let span = Some(Span {
                start_ms,
                end_ms: start_ms + 1000,
            });
            let text = format!("Passage {ordinal} tells of {}.", "the depth of the lake and ".repeat(6));
            Passage {
                ordinal,
                span,
                sentences: vec![Sentence {
                    text,
                    span,
                    speaker: None,
                }],
            }
        })
        .collect()
}

fn request(words: u32) -> Request {
    Request {
        model: "m".to_owned(),
        style: "briefing".to_owned(),
        language: Some("de".to_owned()),
        words,
        span: None,
    }
}

/// A list of models with one, which takes so many tokens.
fn listed(window: u32) -> Reply {
    Reply::json(200, format!(r#"{{"data":[{{"id":"m","max_model_len":{window}}}]}}"#))
}

fn is_list(seen: &Seen) -> bool {
    seen.target == "/v1/models"
}

/// What was asked of the model, lists left out.
fn asked(server: &Fixture) -> Vec<Seen> {
    server.seen().into_iter().filter(|seen| !is_list(seen)).collect()
}

/// "1 of 3" of a question about a part.
fn part_of(seen: &Seen) -> Option<String> {
    let (_, user) = seen.words();
    let (_, rest) = user.split_once("\nPart: ")?;
    rest.lines().next().map(str::to_owned)
}

/// Answers each part and the merge with words of its own.
fn by_parts(window: u32) -> impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static {
    move |_, seen| match part_of(seen) {
        _ if is_list(seen) => listed(window),
        Some(part) => chat(&format!("- Note {part}. [1 \"of the lake\"]")),
        None => chat("Deep. [1 \"of the lake\"]"),
    }
}

struct Case {
    video: Video,
    passages: Vec<Passage>,
    request: Request,
    style: Style,
    answers: InMemory,
}

impl Case {
    fn new(chapters: u64, count: u32) -> Self {
        Self {
            video: video(chapters),
            passages: passages(count),
            request: request(100),
            style: style("briefing").unwrap(),
            answers: InMemory::default(),
        }
    }

    async fn write(&self, models: &Models) -> (Result<Written, WriteError>, Vec<WriteProgress>) {
        let task = Task {
            video: &self.video,
            passages: &self.passages,
            language: Language::English,
            style: &self.style,
            request: &self.request,
        };
        let mut told = Vec::new();
        let written = write(models, &self.answers, &task, &mut |progress| told.push(progress)).await;
        (written, told)
    }
}

fn text(words: &str) -> WriteProgress {
    WriteProgress::Text(words.to_owned())
}

#[tokio::test]
async fn what_fits_is_written_in_one_call_and_told_as_it_comes() {
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false => Reply::stream([chat_text("Deep. "), chat_text("[1 \"of the lake\"]"), chat_end("stop")]),
    })
    .await;
    let case = Case::new(2, 20);
    let (written, told) = case.write(&server.openai()).await;
    assert_eq!(
        written.unwrap(),
        Written {
            body: "Deep. [1 \"of the lake\"]".to_owned(),
            model: "m-1".to_owned(),
            prompt_version: "briefing-2.2".to_owned(),
            input_tokens: Some(31),
            output_tokens: Some(6),
            calls: 1,
            reused_calls: 0,
            cost: None,
            instead: None,
        }
    );
    assert_eq!(
        told,
        [WriteProgress::Start, text("Deep. "), text("[1 \"of the lake\"]")]
    );

    let (system, user) = asked(&server)[0].words();
    assert!(!system.contains("<!--") && !system.contains('{'), "{system}");
    assert!(!user.contains("<!--") && !user.contains('{'), "{user}");
    assert!(system.contains("Write in German, whatever"), "{system}");
    assert!(
        system.contains("at most 100 words") && system.contains("Group them under the chapters"),
        "{system}"
    );
    assert!(
        user.contains("Title: How deep is the lake?\nChannel: Lakes\n"),
        "{user}"
    );
    assert!(
        user.contains("<passages>\n## Chapter 1\n[1] Passage 1 tells of"),
        "{user}"
    );
    assert!(user.contains("\n## Chapter 2\n[11] "), "{user}");
    assert!(!user.contains("0:"), "times are not told");
}

#[tokio::test]
async fn what_a_model_thinks_aloud_is_not_told() {
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false => Reply::stream([
            chat_text("<thi"),
            chat_text("nk>Lakes are deep.</think>\n"),
            chat_text("\nDeep. "),
            chat_text("[1 \"of the lake\"]"),
            chat_end("stop"),
        ]),
    })
    .await;
    let (written, told) = Case::new(0, 20).write(&server.openai()).await;
    assert_eq!(written.unwrap().body, "Deep. [1 \"of the lake\"]");
    assert_eq!(
        told,
        [WriteProgress::Start, text("Deep. "), text("[1 \"of the lake\"]")]
    );
}

#[tokio::test]
async fn a_second_time_nothing_is_paid_for() {
    let server = Fixture::serve(by_parts(32_000)).await;
    let case = Case::new(0, 20);
    let first = case.write(&server.openai()).await.0.unwrap();
    let (second, told) = case.write(&server.openai()).await;
    let second = second.unwrap();
    assert_eq!((second.calls, second.reused_calls), (0, 1));
    assert_eq!((&second.body, second.input_tokens), (&first.body, first.input_tokens));
    assert_eq!(told, [WriteProgress::Start, text("Deep. [1 \"of the lake\"]")]);
    assert_eq!(asked(&server).len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_goes_chapter_by_chapter_into_a_merge() {
    // 30 passages of some 56 tokens in three chapters; the prompt alone takes some 1000 of 60 % of the window.
    let server = Fixture::serve(by_parts(2600)).await;
    let case = Case::new(3, 30);
    let (written, told) = case.write(&server.openai()).await;
    let written = written.unwrap();
    assert_eq!(written.body, "Deep. [1 \"of the lake\"]");
    assert_eq!((written.calls, written.reused_calls), (4, 0));
    assert_eq!(written.input_tokens, Some(4 * 31));

    let (done, mut chapters): (Vec<_>, Vec<_>) = told[..4]
        .iter()
        .filter_map(|told| match told {
            WriteProgress::Part {
                done,
                total: 3,
                chapter,
            } => Some((*done, chapter.as_deref().unwrap_or_default())),
            _ => None,
        })
        .unzip();
    assert_eq!(done, [0, 1, 2, 3]);
    // They are read at the same time.
    chapters.sort_unstable();
    assert_eq!(chapters, ["", "Chapter 1", "Chapter 2", "Chapter 3"]);
    assert_eq!(told[4..], [WriteProgress::Start, text("Deep. [1 \"of the lake\"]")]);

    let asked = asked(&server);
    let mut parts: Vec<_> = asked.iter().filter_map(part_of).collect();
    parts.sort();
    assert_eq!(parts, ["1 of 3", "2 of 3", "3 of 3"]);
    let (_, last) = asked.last().unwrap().words();
    let notes = "<notes>\n- Note 1 of 3. [1 \"of the lake\"]\n- Note 2 of 3. [1 \"of the lake\"]\n- Note 3 of 3. [1 \"of the lake\"]\n</notes>\n<evidence>\n";
    assert!(last.contains(notes), "{last}");
    assert!(!last.contains("<passages>"), "{last}");
    for seen in &asked {
        let (system, user) = seen.words();
        let max_tokens = u32::try_from(seen.body["max_tokens"].as_u64().unwrap()).unwrap();
        assert!(
            budget::tokens(&system) + budget::tokens(&user) <= 2600 / 5 * 3,
            "{user}"
        );
        assert!(max_tokens <= 780);
    }
}

#[tokio::test]
async fn after_a_kill_only_the_missing_parts_are_asked_for() {
    let case = Case::new(3, 30);
    // The first run dies after part 1: the others hang until it is dropped.
    let server = Fixture::serve(|before, seen| match part_of(seen).as_deref() {
        Some("2 of 3" | "3 of 3") => Reply::stream([chat_text("half")]).hang(),
        _ => by_parts(2600)(before, seen),
    })
    .await;
    let (done, mut is_done) = tokio::sync::mpsc::unbounded_channel();
    {
        let task = Task {
            video: &case.video,
            passages: &case.passages,
            language: Language::English,
            style: &case.style,
            request: &case.request,
        };
        let models = server.openai();
        let mut on = |progress| {
            if matches!(progress, WriteProgress::Part { done: 1, .. }) {
                done.send(()).unwrap();
            }
        };
        let writing = write(&models, &case.answers, &task, &mut on);
        tokio::select! {
            result = writing => assert!(result.is_err(), "it can't have ended"),
            _ = is_done.recv() => {}
        }
    }

    let server = Fixture::serve(by_parts(2600)).await;
    let written = case.write(&server.openai()).await.0.unwrap();
    assert_eq!((written.calls, written.reused_calls), (3, 1));
    let mut parts: Vec<_> = asked(&server).iter().filter_map(part_of).collect();
    parts.sort();
    assert_eq!(parts, ["2 of 3", "3 of 3"]);
}

#[tokio::test]
async fn when_a_part_fails_the_others_under_way_are_kept() {
    let case = Case::new(5, 50);
    let server = Fixture::serve(|before, seen| match part_of(seen).as_deref() {
        Some("1 of 5") => Reply::json(429, r#"{"error":{"message":"slow down"}}"#).header("retry-after", "60"),
        _ => by_parts(2600)(before, seen),
    })
    .await;
    let error = case.write(&server.openai()).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_rate_limited");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    let paid = asked(&server).len() - 1;
    assert!((2..=4).contains(&paid), "{paid}");

    let server = Fixture::serve(by_parts(2600)).await;
    let written = case.write(&server.openai()).await.0.unwrap();
    assert_eq!(usize::try_from(written.reused_calls).unwrap(), paid);
    assert_eq!(written.calls + written.reused_calls, 6);
}

#[tokio::test]
async fn at_most_three_parts_are_asked_about_at_a_time() {
    let most = std::sync::Arc::new(Mutex::new((0_usize, 0_usize)));
    let counted = std::sync::Arc::clone(&most);
    // The merge comes after all parts; a part that is answered makes room for one.
    let server = Fixture::serve(move |before, seen| {
        let reply = by_parts(2600)(before, seen);
        if part_of(seen).is_some() {
            let mut counted = counted.lock().unwrap();
            counted.0 += 1;
            counted.1 = counted.1.max(counted.0);
        }
        reply
    })
    .await;
    let case = Case::new(6, 60);
    let task = Task {
        video: &case.video,
        passages: &case.passages,
        language: Language::English,
        style: &case.style,
        request: &case.request,
    };
    let mut on = |progress| {
        if matches!(progress, WriteProgress::Part { done, .. } if done > 0) {
            most.lock().unwrap().0 -= 1;
        }
    };
    write(&server.openai(), &case.answers, &task, &mut on).await.unwrap();
    assert!((1..=3).contains(&most.lock().unwrap().1));
}

#[tokio::test]
async fn an_overflow_teaches_the_window() {
    let server = Fixture::serve(|before, seen| match part_of(seen) {
        // The window is not told, so all goes out at once.
        _ if is_list(seen) => Reply::json(200, r#"{"data":[{"id":"m"}]}"#),
        None if seen.words().1.contains("<passages>") => Reply::json(
            400,
            r#"{"error":{"message":"too long","type":"exceed_context_size_error","n_ctx":2600}}"#,
        ),
        _ => by_parts(0)(before, seen),
    })
    .await;
    let case = Case::new(3, 30);
    let models = server.openai();
    let written = case.write(&models).await.0.unwrap();
    assert_eq!(written.calls, 4);
    assert_eq!(asked(&server).len(), 5);
    assert_eq!(models.window("m").await, 2600);
}

#[tokio::test]
async fn an_overflow_without_a_number_halves_it_and_ends_some_time() {
    let server = Fixture::serve(|before, seen| match is_list(seen) {
        true => listed(8000),
        false => match part_of(seen) {
            None if seen.words().1.contains("<passages>") => {
                Reply::json(400, r#"{"error":{"message":"x","code":"context_length_exceeded"}}"#)
            }
            _ => by_parts(0)(before, seen),
        },
    })
    .await;
    let case = Case::new(3, 30);
    assert_eq!(
        case.write(&server.openai()).await.0.unwrap().body,
        "Deep. [1 \"of the lake\"]"
    );

    // Another video: plans that come out the same would find the answers of the one before.
    let case = Case::new(3, 31);
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false => Reply::json(400, r#"{"error":{"message":"x","code":"context_length_exceeded"}}"#),
    })
    .await;
    let error = case.write(&server.openai()).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_context_too_long");
    assert!(asked(&server).len() <= 10, "{}", asked(&server).len());
}

#[tokio::test]
async fn a_window_too_small_for_anything_is_said_without_asking() {
    let server = Fixture::serve(by_parts(512)).await;
    let error = Case::new(3, 300).write(&server.openai()).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_context_too_long");
    assert_eq!(error.to_string(), "The transcript is too long for m, even in parts.");
    assert!(asked(&server).is_empty());
}

#[tokio::test]
async fn what_was_cut_off_is_continued_once() {
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false if seen.words().1.contains("<written>\nDeep. [1 \"a\"]\n</written>") => {
            Reply::stream([chat_text("- Two. [2 \"b\"]\n- Thr"), chat_end("length")])
        }
        false => Reply::stream([
            chat_text("Deep. [1 \"a\"]\n\n"),
            chat_text("- Two. [2 \"b"),
            chat_end("length"),
        ]),
    })
    .await;
    let case = Case::new(0, 5);
    let (written, told) = case.write(&server.openai()).await;
    let written = written.unwrap();
    assert_eq!(written.body, "Deep. [1 \"a\"]\n\n- Two. [2 \"b\"]");
    assert_eq!(written.calls, 2);
    assert_eq!(
        told[3..],
        [
            WriteProgress::Start,
            text("Deep. [1 \"a\"]\n\n"),
            text("- Two. [2 \"b\"]\n- Thr")
        ]
    );
    let again = case.write(&server.openai()).await.0.unwrap();
    assert_eq!((again.calls, again.reused_calls, again.body), (0, 2, written.body));
}

#[tokio::test]
async fn an_answer_in_one_paragraph_goes_on_behind_its_last_whole_claim() {
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false if seen.words().1.contains("<written>\nDeep. [1 \"a\"]\n</written>") => chat("Two. [2 \"b\"]"),
        false => Reply::stream([chat_text("Deep. [1 \"a\"] Two. [2 \"b"), chat_end("length")]),
    })
    .await;
    let written = Case::new(0, 5).write(&server.openai()).await.0.unwrap();
    assert_eq!(
        (written.body.as_str(), written.calls),
        ("Deep. [1 \"a\"] Two. [2 \"b\"]", 2)
    );
}

#[tokio::test]
async fn an_answer_that_goes_round_in_circles_is_not_paid_for_twice() {
    let line = "- The depth is measured every single day. [2 \"b\"]\n";
    let server = Fixture::serve(move |_, seen| match is_list(seen) {
        true => listed(32_000),
        false => Reply::stream([chat_text(&line.repeat(9)), chat_text("- The de"), chat_end("length")]),
    })
    .await;
    let written = Case::new(0, 5).write(&server.openai()).await.0.unwrap();
    assert_eq!((written.body.as_str(), written.calls), (line.trim_end(), 1));
}

#[tokio::test]
async fn a_continuation_that_is_refused_leaves_what_there_is() {
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false if seen.words().1.contains("<written>") => Reply::json(400, r#"{"error":{"message":"no"}}"#),
        false => Reply::stream([chat_text("Deep. [1 \"a\"]\n- Tw"), chat_end("length")]),
    })
    .await;
    let written = Case::new(0, 5).write(&server.openai()).await.0.unwrap();
    assert_eq!(written.body, "Deep. [1 \"a\"]");
}

#[tokio::test]
async fn a_protected_text_is_paraphrased_once() {
    let frame = |text: &str, reason: &str| {
        let event =
            serde_json::json!({"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": reason}]});
        Reply::stream([format!("data: {event}\r\n\r\n")])
    };
    let server = Fixture::serve(
        move |_, seen| match seen.body["contents"][0]["parts"][0]["text"].as_str() {
            None => Reply::json(500, "{}"),
            Some(user) if user.contains("in words of your own") => frame("Deep.", "STOP"),
            Some(_) => frame("la la la", "RECITATION"),
        },
    )
    .await;
    let mut case = Case::new(0, 5);
    case.request.model = "gemini-x".to_owned();
    let (written, told) = case.write(&server.gemini()).await;
    assert_eq!(written.unwrap().body, "Deep.");
    assert_eq!(told.last(), Some(&text("Deep.")));

    let server = Fixture::serve(move |_, seen| match seen.body.is_null() {
        true => Reply::json(500, "{}"),
        false => frame("", "RECITATION"),
    })
    .await;
    case.answers = InMemory::default();
    let error = case.write(&server.gemini()).await.0.unwrap_err();
    assert_eq!(error.kind(), "model_recitation");
    assert_eq!(server.seen().iter().filter(|seen| !seen.body.is_null()).count(), 2);
}

#[tokio::test]
async fn the_limit_on_words_holds_whatever_the_model_writes() {
    let server = Fixture::serve(|_, seen| match is_list(seen) {
        true => listed(32_000),
        false => chat("Deep it is. [1 \"a\"]\n\n- One two three. [2 \"b\"]\n- Four five. [3 \"c\"]"),
    })
    .await;
    let mut case = Case::new(0, 5);
    case.request.words = 6;
    assert_eq!(
        case.write(&server.openai()).await.0.unwrap().body,
        "Deep it is. [1 \"a\"]\n\n- One two three. [2 \"b\"]"
    );
}

#[tokio::test]
async fn what_can_not_be_written_is_said_before_anyone_is_asked() {
    let server = Fixture::serve(by_parts(32_000)).await;
    let case = Case::new(0, 0);
    assert_eq!(case.write(&server.openai()).await.0.unwrap_err().kind(), "no_words");
    assert!(server.seen().is_empty());
}

/// Keeps nothing.
struct Broken;

impl Answers for Broken {
    async fn get(&self, _hash: &str) -> Result<Option<Answer>, String> {
        Ok(None)
    }

    async fn put(&self, _hash: &str, _answer: &Answer) -> Result<(), String> {
        Err("disk full".to_owned())
    }

    async fn noted(&self, _about: &str) -> Result<Option<Note>, String> {
        Ok(None)
    }

    async fn note(&self, _about: &str, _note: Option<&Note>) -> Result<(), String> {
        Ok(())
    }
}

#[tokio::test]
async fn an_answer_that_can_not_be_kept_is_no_answer() {
    let server = Fixture::serve(by_parts(2600)).await;
    let case = Case::new(3, 30);
    let task = Task {
        video: &case.video,
        passages: &case.passages,
        language: Language::English,
        style: &case.style,
        request: &case.request,
    };
    let error = write(&server.openai(), &Broken, &task, &mut |_| {}).await.unwrap_err();
    assert_eq!(error.kind(), "answers_not_kept");
    assert!(error.retry_after().is_some());
    assert!(
        asked(&server).iter().all(|seen| part_of(seen).is_some()),
        "no merge of notes that are not kept"
    );
}

/// The job spawns it: its future must be `Send`.
#[tokio::test]
async fn it_can_run_on_any_thread() {
    let server = Fixture::serve(by_parts(32_000)).await;
    let models = server.openai();
    let written = tokio::spawn(async move { Case::new(0, 3).write(&models).await.0.unwrap().calls }).await;
    assert_eq!(written.unwrap(), 1);
}

#[tokio::test]
async fn an_answer_of_nothing_but_thoughts_is_none() {
    for thoughts in [
        "<think>It is about the lake. [1 \"of the lake\"]",
        "<think>hm</think>\n",
        "[1 \"of the lake\"] [2]",
    ] {
        let server = Fixture::serve(move |_, seen| match is_list(seen) {
            true => listed(200_000),
            false => chat(thoughts),
        })
        .await;
        let (written, _) = Case::new(0, 6).write(&server.openai()).await;
        let error = written.unwrap_err();
        assert_eq!((error.kind(), error.retry_after()), ("model_empty", None), "{thoughts}");
        assert_eq!(asked(&server).len(), 1, "the same model would think for as long again");
    }
}
