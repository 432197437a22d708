//! Runs on a real Postgres and the fixture upstream: from what was typed to the summary that is kept, and every way in between.

use backend::{database, services::Submission};
use domain::{chapters::ChapterSource, run::RunState, summary::Verdict, transcript::Span};
use serde_json::json;
use sqlx::PgPool;

use crate::house::{TALK, house};

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_pasted_transcript_becomes_a_summary_of_its_own_words(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit_to(TALK, None).await;
    assert_eq!(run.state, RunState::Queued);
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Done);
    let summary = house.summary(&run).await;
    assert_eq!(summary.id, run.id);
    assert_eq!(summary.provenance.model, "extractive");
    assert!(!summary.claims.is_empty());
    for claim in &summary.claims {
        assert_eq!(claim.verdict, Verdict::Verbatim, "{claim:?}");
        assert!(claim.citations[0].start_ms.is_some());
    }
    let page = house.services.run_page(&run.id).await.unwrap().unwrap();
    assert!(page.extract.is_some() && page.summary.is_some() && !page.passages.is_empty());
    assert_eq!(house.services.library(1, 10).await.unwrap().items[0].id, run.id);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_part_is_summarised_alone_and_labelled(pool: PgPool) {
    let house = house(pool).await;
    let whole = house
        .submit_to("https://youtu.be/TeaKettle04", Some("fixture-good"))
        .await;
    let whole = house.work(&whole).await;
    let summary = house.summary(&whole).await;
    let page = house.services.run_page(&whole.id).await.unwrap().unwrap();
    // A short video leaves no gap worth a button; any stretch can be asked for.
    let middle = &page.passages[page.passages.len() / 2];
    let gap = middle.span.unwrap();
    let part = |span: Option<Span>| Submission {
        again: Some(whole.id.clone()),
        model: Some("fixture-good".to_owned()),
        words: Some(60),
        span,
        ..Submission::default()
    };
    let submitted = house.services.submit(part(Some(gap))).await.unwrap();
    let run = house.work(&submitted.runs[0]).await;
    assert_eq!((run.state, run.request.span), (RunState::Done, Some(gap)));
    let of_part = house.summary(&run).await;
    assert_ne!(of_part.id, summary.id);
    assert_eq!(of_part.request.span, Some(gap));
    assert!(!of_part.claims.is_empty());
    for citation in of_part.claims.iter().flat_map(|claim| &claim.citations) {
        let start_ms = citation.start_ms.unwrap();
        assert!(
            (gap.start_ms..gap.end_ms).contains(&start_ms),
            "{start_ms} is not in {gap:?}"
        );
    }
    assert_eq!(house.asked("timedtext").await, 1, "the transcript is there");
    // Its page has the part's extract and the whole transcript.
    let page = house.services.run_page(&run.id).await.unwrap().unwrap();
    let extract = page.extract.unwrap();
    let mut starts = extract
        .claims
        .iter()
        .flat_map(|claim| &claim.citations)
        .filter_map(|citation| citation.start_ms);
    assert!(starts.all(|ms| (gap.start_ms..gap.end_ms).contains(&ms)));
    assert_eq!(page.passages[0].ordinal, 1);
    assert_eq!(page.shelf.versions, 2);
    // The video's address still leads to the whole.
    let main = house.services.main_summary_of(&summary.video_id).await.unwrap();
    assert_eq!(main, Some(summary.id));

    let refused = part(Some(Span { start_ms: 5, end_ms: 5 }));
    assert_eq!(house.services.submit(refused).await.unwrap().runs, []);
    let unknown = Submission {
        again: Some("0190d3a2-0000-7000-8000-000000000000".to_owned()),
        ..Submission::default()
    };
    let submitted = house.services.submit(unknown).await.unwrap();
    assert!(submitted.runs.is_empty() && submitted.rejected[0].message.contains("no summary"));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_video_is_fetched_once_and_an_equal_request_is_answered_from_what_is_kept(pool: PgPool) {
    let house = house(pool).await;
    let first = house.submit_to("https://youtu.be/TeaKettle04", None).await;
    let first = house.work(&first).await;
    assert_eq!(first.state, RunState::Done);
    assert_eq!(house.asked("timedtext").await, 1);
    let second = house
        .submit_to("https://www.youtube.com/watch?v=TeaKettle04&t=10", None)
        .await;
    assert_ne!(first.id, second.id);
    let second = house.work(&second).await;
    assert_eq!(second.summary_id, first.summary_id);
    assert_eq!(house.asked("timedtext").await, 1);
    let refetched = house
        .services
        .submit(Submission {
            input: "TeaKettle04".to_owned(),
            refetch: true,
            ..Submission::default()
        })
        .await
        .unwrap();
    house.work(&refetched.runs[0]).await;
    assert_eq!(house.asked("timedtext").await, 2);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn equal_open_requests_share_one_run(pool: PgPool) {
    let house = house(pool).await;
    let first = house.submit_to("TeaKettle04", None).await;
    let second = house.submit_to("https://youtu.be/TeaKettle04", None).await;
    assert_eq!(first.id, second.id);
    let other_model = house.submit_to("TeaKettle04", Some("fixture-good")).await;
    assert_ne!(first.id, other_model.id);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_model_writes_and_every_claim_is_checked(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit_to("TeaKettle04", Some("fixture-good")).await;
    let run = house.work(&run).await;
    assert_eq!(run.fault, None);
    let summary = house.summary(&run).await;
    assert_eq!(summary.provenance.model, "fixture-good");
    assert!(summary.provenance.input_tokens.is_some());
    assert!(
        summary.claims.iter().all(|claim| claim.verdict != Verdict::NotFound),
        "{:#?}",
        summary.claims
    );
    // Asked again with `fresh`: a new version, and the model is asked again.
    let before = house.asked("chat/completions").await;
    let submission = Submission {
        input: "TeaKettle04".to_owned(),
        model: Some("fixture-good".to_owned()),
        fresh: true,
        ..Submission::default()
    };
    let fresh = house.services.submit(submission).await.unwrap().runs.remove(0);
    let fresh = house.work(&fresh).await;
    assert_ne!(fresh.summary_id, run.summary_id);
    assert_eq!(house.asked("chat/completions").await, before + 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_liar_is_caught(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit_to("LightHouseA", Some("fixture-liar")).await;
    let run = house.work(&run).await;
    let summary = house.summary(&run).await;
    let count = |verdict| summary.claims.iter().filter(|claim| claim.verdict == verdict).count();
    assert!(count(Verdict::NotFound) >= 2, "{:#?}", summary.claims);
    assert!(count(Verdict::Check) >= 1, "{:#?}", summary.claims);
    assert!(
        count(Verdict::Matched) + count(Verdict::Verbatim) >= 2,
        "{:#?}",
        summary.claims
    );
    for claim in summary.claims.iter().filter(|claim| claim.verdict == Verdict::NotFound) {
        assert_eq!(claim.citations, [], "no time is shown for what was not found");
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_bad_key_leaves_the_extract_and_says_why(pool: PgPool) {
    let house = house(pool).await;
    house.fault(json!({"match": "/v1/chat", "fault": {"status": 401, "body": {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}}})).await;
    let run = house.submit_to("TeaKettle04", Some("fixture-good")).await;
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Done);
    assert_eq!(run.fault.as_ref().map(|fault| fault.kind.as_str()), Some("model_auth"));
    let summary = house.summary(&run).await;
    assert_eq!(summary.provenance.model, "extractive");
    assert!(summary.provenance.fallback.is_some());
    // It is never mistaken for the model's own work.
    house.fault(json!({"match": "none", "fault": "empty"})).await;
    let again = house.submit_to("TeaKettle04", Some("fixture-good")).await;
    let again = house.work(&again).await;
    assert_ne!(again.summary_id, run.summary_id);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_youtube_refuses_is_told_in_its_kind(pool: PgPool) {
    let house = house(pool).await;
    for (video, kind, state) in [
        ("PrivateVidI", "private", RunState::Failed),
        ("GoneVideo00", "video_unavailable", RunState::Failed),
        ("NoCaptions8", "transcripts_disabled", RunState::Failed),
        ("BotCheck000", "request_blocked", RunState::Waiting),
    ] {
        let run = house.submit_to(video, None).await;
        let run = house.work(&run).await;
        let fault = run.fault.unwrap();
        assert_eq!((fault.kind.as_str(), run.state), (kind, state));
        assert_eq!(fault.retry_at.is_some(), state == RunState::Waiting);
        assert!(!fault.hint.is_empty());
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn bad_lines_are_named_and_the_rest_goes_on(pool: PgPool) {
    let house = house(pool).await;
    let input = "https://youtu.be/TeaKettle04\nhtps:/youtu.be/x\n\nhttps://www.youtube.com/playlist?list=PLLanternWalks000000000001";
    let submission = Submission {
        input: input.to_owned(),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    assert_eq!(submitted.runs.len(), 1);
    let lines: Vec<Option<u32>> = submitted.rejected.iter().map(|rejected| rejected.line).collect();
    assert_eq!(lines, [Some(2), Some(4)]);
    for bad in [
        Submission {
            input: "TeaKettle04".to_owned(),
            words: Some(5),
            ..Submission::default()
        },
        Submission {
            input: "TeaKettle04".to_owned(),
            style: Some("haiku".to_owned()),
            ..Submission::default()
        },
        Submission {
            input: "TeaKettle04".to_owned(),
            language: Some("English!".to_owned()),
            ..Submission::default()
        },
        Submission {
            input: "TeaKettle04".to_owned(),
            language: Some("xx".to_owned()),
            ..Submission::default()
        },
        Submission::default(),
    ] {
        let submitted = house.services.submit(bad).await.unwrap();
        assert_eq!((submitted.runs.len(), submitted.rejected.len()), (0, 1));
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_deleted_summary_can_be_restored(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit_to(TALK, None).await;
    let run = house.work(&run).await;
    assert!(house.services.delete_summary(&run.id).await.unwrap().is_some());
    assert_eq!(house.services.library(1, 10).await.unwrap().total, 0);
    assert_eq!(house.services.delete_summary(&run.id).await.unwrap(), None);
    assert!(house.services.restore_summary(&run.id).await.unwrap());
    assert_eq!(house.services.library(1, 10).await.unwrap().total, 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn pictures_are_fetched_once_and_only_of_our_videos(pool: PgPool) {
    let house = house(pool).await;
    assert!(house.services.thumbnail("TeaKettle04").await.is_err());
    let run = house.submit_to("TeaKettle04", None).await;
    house.work(&run).await;
    for _ in 0..2 {
        assert_eq!(
            house.services.thumbnail("TeaKettle04").await.unwrap().content_type,
            "image/jpeg"
        );
    }
    assert_eq!(house.asked("/vi/TeaKettle04").await, 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn an_extract_of_an_earlier_version_is_shown_and_made_again(pool: PgPool) {
    let house = house(pool.clone()).await;
    let first = house.submit_to(TALK, None).await;
    let first = house.work(&first).await;
    sqlx::query("update extracts set body = 'Of another day.', claims = '[]', version = 'extract-0'")
        .execute(&pool)
        .await
        .unwrap();
    let page = house.services.run_page(&first.id).await.unwrap().unwrap();
    assert_eq!(page.extract.unwrap().body, "Of another day.");
    let submission = Submission {
        again: Some(first.id.clone()),
        fresh: true,
        ..Submission::default()
    };
    let second = house.submit(submission).await;
    let second = house.work(&second).await;
    let made = house.summary(&second).await;
    assert_eq!(made.body, house.summary(&first).await.body);
    let page = house.services.run_page(&first.id).await.unwrap().unwrap();
    assert_eq!(page.extract.unwrap().body, made.body);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn more_different_words_than_postgres_takes_can_be_summarised_and_found(pool: PgPool) {
    let house = house(pool).await;
    // 1.3 MB of words that nobody says twice.
    let word = |n: usize| format!("q{n:x}zzzzzzzz");
    let sentence = |n: usize| (n..n + 10).map(word).collect::<Vec<_>>().join(" ") + ".";
    let talk: Vec<String> = (0..100_000).step_by(10).map(sentence).collect();
    let submission = Submission {
        input: talk.join(" "),
        ..Submission::default()
    };
    let run = house.submit(submission).await;
    let run = house.work(&run).await;
    assert_eq!((run.state, run.fault), (RunState::Done, None));
    for (n, count) in [(0, 1), (7, 1), (99_999, 0)] {
        let found = house.services.search(&word(n), 1).await.unwrap();
        assert_eq!(found.found.len(), count, "{}", word(n));
    }
}

/// A talk of ten minutes whose topic changes in the middle, as SubRip.
fn long_talk() -> String {
    let topic = |words: [&str; 4], at: usize| {
        let (one, two) = (words[at % 4], words[(at + 1) % 4]);
        format!("Everybody in this town knows the old {one} and has seen the {two} many times before.")
    };
    let stamp = |s: usize| format!("00:{:02}:{:02},000", s / 60, s % 60);
    let cue = |at: usize| {
        let words = if at < 30 {
            ["suspension bridge", "steel cable", "river", "toll booth"]
        } else {
            ["queen bee", "wooden hive", "swarm", "honey"]
        };
        format!(
            "{}\n{} --> {}\n{}\n",
            at + 1,
            stamp(at * 10),
            stamp(at * 10 + 10),
            topic(words, at)
        )
    };
    (0..60).map(cue).collect::<Vec<_>>().join("\n")
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn chapters_that_youtube_has_found_are_used_and_told_from_the_makers(pool: PgPool) {
    let house = house(pool).await;
    for (id, source, first, count) in [
        ("TidePools0c", ChapterSource::YouTube, "Low water on the shore", 4),
        ("HoneyBees0c", ChapterSource::Creator, "A swarm on a branch", 6),
    ] {
        for model in ["extractive", "fixture-good"] {
            let run = house
                .submit(Submission {
                    input: format!("https://youtu.be/{id}"),
                    style: Some("chapters".to_owned()),
                    model: Some(model.to_owned()),
                    ..Submission::default()
                })
                .await;
            let run = house.work(&run).await;
            assert_eq!(run.fault, None);
            let page = house.services.run_page(&run.id).await.unwrap().unwrap();
            let video = page.video.unwrap();
            assert_eq!(video.chapter_source, source, "{id}");
            assert_eq!(video.chapters.len(), count, "{id}");
            assert_eq!(video.chapters[0].title, first);
            let body = page.summary.unwrap().body;
            let headings: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert!(headings.len() >= 3, "{model}: {body}");
            for heading in headings {
                assert!(
                    video.chapters.iter().any(|chapter| chapter.title == heading),
                    "{model}: {body}"
                );
            }
        }
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_transcript_without_chapters_gets_them_from_its_words(pool: PgPool) {
    let house = house(pool).await;
    let submission = Submission {
        input: long_talk(),
        style: Some("chapters".to_owned()),
        ..Submission::default()
    };
    let run = house.services.submit(submission).await.unwrap().runs.remove(0);
    let run = house.work(&run).await;
    assert_eq!(run.fault, None);
    let page = house.services.run_page(&run.id).await.unwrap().unwrap();
    let video = page.video.unwrap();
    assert_eq!(video.chapter_source, ChapterSource::Words);
    assert!(video.chapters.len() >= 2, "{:?}", video.chapters);
    for chapter in &video.chapters[1..] {
        let begins = |passage: &domain::passages::Passage| {
            passage.span.is_some_and(|span| span.start_ms == chapter.span.start_ms)
        };
        assert_eq!(
            page.passages.iter().filter(|passage| begins(passage)).count(),
            1,
            "{chapter:?}"
        );
    }
    let summary = page.summary.unwrap();
    let headings = summary.body.lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(headings, video.chapters.len(), "{}", summary.body);
    assert!(summary.body.contains(&format!("## {}", video.chapters[0].title)));
    assert!(summary.claims.iter().all(|claim| claim.verdict == Verdict::Verbatim));
    // The same upload in another style, without its text being sent again.
    let submission = Submission {
        again: Some(run.id.clone()),
        style: Some("TL;DR".to_owned()),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    assert_eq!(submitted.rejected, []);
    let run = house.work(&submitted.runs[0]).await;
    let summary = house.summary(&run).await;
    assert_eq!((summary.request.style.as_str(), summary.claims.len()), ("tldr", 3));
    let submission = Submission {
        again: Some("upload-0000".to_owned()),
        ..Submission::default()
    };
    assert_eq!(house.services.submit(submission).await.unwrap().rejected.len(), 1);
}
