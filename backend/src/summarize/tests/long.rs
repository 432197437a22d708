//! Hours of video: how many calls they take in which window, that all of it is read, and what a kill costs.
//! `cargo test -p backend --lib twelve_hours -- --nocapture` prints the numbers of docs/benchmarks.md.

#![expect(clippy::print_stdout, reason = "the numbers of docs/benchmarks.md")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use super::*;

/// Twelve hours of talk: a passage every 20 s of 50 words (150 words a minute), a topic every 20 minutes, which its creator named.
fn twelve_hours() -> Case {
    let mut case = Case::new(36, 2160);
    for (at, chapter) in (0_u64..).zip(&mut case.video.chapters) {
        chapter.span = Span {
            start_ms: at * 1_200_000,
            end_ms: (at + 1) * 1_200_000,
        };
    }
    for (at, passage) in (0_u64..).zip(&mut case.passages) {
        let span = Some(Span {
            start_ms: at * 20_000,
            end_ms: at * 20_000 + 20_000,
        });
        let topic = at / 60;
        let words: Vec<String> = (0..50)
            .map(|n| format!("word{}", (at * 31 + n * 17 + topic * 101) % 997))
            .collect();
        let text = format!("In hour {} {}.", at / 180, words.join(" "));
        (passage.span, passage.sentences) = (
            span,
            vec![Sentence {
                text,
                span,
                speaker: None,
            }],
        );
    }
    case.request.words = 600;
    case
}

/// Answers parts with a note on their first passage and groups of notes with the first of them; keeps which passages it read.
fn reader(window: u32, read: Arc<Mutex<BTreeSet<u32>>>) -> impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static {
    move |_, seen| {
        if is_list(seen) {
            return listed(window);
        }
        let (_, user) = seen.words();
        let numbers: Vec<u32> = user
            .lines()
            .filter_map(|line| line.strip_prefix('[')?.split_once(']')?.0.parse().ok())
            .collect();
        if user.contains("<passages>") {
            read.lock().unwrap().extend(&numbers);
        }
        if user.contains("\nPart: ") {
            return chat(&format!("- A note. [{} \"In hour\"]", numbers[0]));
        }
        if user.contains("\nGroup: ") {
            let first = user.lines().find(|line| line.starts_with("- A note.")).unwrap();
            return chat(first);
        }
        chat("All of it. [1 \"In hour\"]")
    }
}

#[tokio::test]
async fn twelve_hours_are_read_whole_in_any_window() {
    for (window, levels) in [(1_000_000, 0), (128_000, 1), (32_000, 1), (8192, 2), (4096, 2)] {
        let read = Arc::new(Mutex::new(BTreeSet::new()));
        let server = Fixture::serve(reader(window, Arc::clone(&read))).await;
        let case = twelve_hours();
        let (written, told) = case.write(&server.openai()).await;
        let written = written.unwrap();
        assert_eq!(read.lock().unwrap().len(), 2160, "every passage was read");
        let asked = asked(&server);
        let tokens: u64 = asked
            .iter()
            .map(|seen| {
                let (system, user) = seen.words();
                let tokens = budget::tokens(&system) + budget::tokens(&user);
                assert!(tokens <= budget::prompt_tokens(window), "{tokens} in {window}");
                u64::from(tokens)
            })
            .sum();
        let of = |fence: &str| asked.iter().filter(|seen| seen.words().1.contains(fence)).count();
        let merges = of("<evidence>");
        let shorter = of("<notes>") - merges;
        println!(
            "window {window:>7}: {:>3} parts, {shorter:>2} shortened, {merges} merge, {} calls, {tokens} tokens sent",
            of("<passages>"),
            written.calls
        );
        assert_eq!(written.body, "All of it. [1 \"In hour\"]");
        assert_eq!(merges, usize::from(levels > 0));
        assert_eq!(shorter > 0, levels > 1, "{shorter} in {window}");
        // Progress counts every call before the merge, up to the last.
        let progress: Vec<(u32, u32)> = told
            .iter()
            .filter_map(|told| match told {
                WriteProgress::Part { done, total, .. } => Some((*done, *total)),
                _ => None,
            })
            .collect();
        if levels > 0 {
            let total = written.calls - 1;
            assert_eq!(progress, (0..=total).map(|done| (done, total)).collect::<Vec<_>>());
        }
    }
}

#[tokio::test]
async fn a_kill_in_twelve_hours_repeats_at_most_what_was_under_way() {
    let case = twelve_hours();
    let server = Fixture::serve(reader(8192, Arc::default())).await;
    let all = case.write(&server.openai()).await.0.unwrap().calls;
    let mut worst = 0;
    for kill_after in [1, all / 2, all - 2] {
        let mut case = twelve_hours();
        case.answers = InMemory::default();
        let server = Fixture::serve(reader(8192, Arc::default())).await;
        let models = server.openai();
        let task = Task {
            video: &case.video,
            passages: &case.passages,
            language: Language::English,
            style: &case.style,
            request: &case.request,
        };
        let (killed, mut is_killed) = tokio::sync::mpsc::unbounded_channel();
        let mut on = |progress| {
            if matches!(progress, WriteProgress::Part { done, .. } if done == kill_after) {
                killed.send(()).unwrap();
            }
        };
        tokio::select! {
            biased;
            _ = is_killed.recv() => {}
            written = write(&models, &case.answers, &task, &mut on) => assert!(written.is_err(), "it can't have ended"),
        }
        let begun = u32::try_from(asked(&server).len()).unwrap();
        let written = case.write(&models).await.0.unwrap();
        let made = u32::try_from(asked(&server).len()).unwrap();
        let repeated = made - all;
        println!("killed after {kill_after} of {all} calls ({begun} begun): {repeated} repeated");
        assert!(written.reused_calls >= kill_after);
        assert_eq!(written.calls + written.reused_calls, all);
        worst = worst.max(repeated);
    }
    assert!(worst <= 3, "{worst}");
}
