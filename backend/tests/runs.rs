//! Runs on a real Postgres and the fixture upstream: from what was typed to the summary that is kept, and every way in between.

#![expect(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{sync::Arc, time::Duration};

use backend::{
    database, jobs,
    live::Live,
    models::{Models, ModelsConfig, ProviderConfig, ProviderKind, Secret},
    pipeline::Pipeline,
    services::{KeepPromptError, Services, Submission},
    youtube::{YouTube, YouTubeConfig},
};
use domain::{
    chapters::ChapterSource,
    run::{Run, RunState},
    summary::{Summary, Verdict},
    transcript::Span,
};
use serde_json::json;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

const TALK: &str = "1
00:00:00,000 --> 00:00:04,000
The old bridge was built in 1874 by two brothers.

2
00:00:04,000 --> 00:00:09,000
They carried every stone across the river in a flat wooden boat.

3
00:00:09,000 --> 00:00:15,000
In the first winter the ice took the middle arch away.

4
00:00:15,000 --> 00:00:22,000
So they built it again, this time with a pier shaped like the bow of a ship.

5
00:00:22,000 --> 00:00:30,000
That pier still stands, and engineers copy its shape to this day.
";

/// A server without its HTTP side.
struct House {
    services: Services,
    pipeline: Arc<Pipeline>,
    upstream: upstream::Running,
    shutdown: CancellationToken,
}

async fn house(pool: PgPool) -> House {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    jobs::migrate(&pool).await.unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let youtube = YouTube::new(YouTubeConfig {
        base_url: Some(upstream.url.parse().unwrap()),
        ..YouTubeConfig::default()
    })
    .unwrap()
    .shared(pool.clone());
    let models = Models::new(ModelsConfig {
        providers: vec![ProviderConfig::new(
            ProviderKind::OpenAi,
            format!("{}/v1", upstream.url).parse().unwrap(),
            Some(Secret::new("fixture".to_owned())),
        )],
        default_model: Some("extractive".to_owned()),
        ..ModelsConfig::default()
    })
    .unwrap()
    .shared(pool.clone());
    let shutdown = CancellationToken::new();
    let live = Live::start(pool.clone(), shutdown.clone());
    let pipeline = Arc::new(Pipeline {
        pool: pool.clone(),
        youtube: youtube.clone().into(),
        models: models.clone().into(),
        judge_model: None.into(),
        live: live.clone(),
        shutdown: shutdown.clone(),
    });
    House {
        services: Services {
            found: Default::default(),
            pool,
            youtube: youtube.into(),
            models: models.into(),
            live,
        },
        pipeline,
        upstream,
        shutdown,
    }
}

impl House {
    async fn submit(&self, input: &str, model: Option<&str>) -> Run {
        let submission = Submission {
            input: input.to_owned(),
            model: model.map(str::to_owned),
            ..Submission::default()
        };
        let submitted = self.services.submit(submission).await.unwrap();
        assert_eq!(submitted.rejected, []);
        submitted.runs.into_iter().next().expect("a run")
    }

    /// Works on a run here and now, without the queue.
    async fn work(&self, run: &Run) -> Run {
        self.pipeline.work(run.id.parse().unwrap()).await;
        self.services.run(&run.id).await.unwrap().unwrap()
    }

    async fn summary(&self, run: &Run) -> Summary {
        self.services
            .summary(run.summary_id.as_deref().expect("a summary"))
            .await
            .unwrap()
            .unwrap()
    }

    async fn fault(&self, fault: serde_json::Value) {
        let client = backend::http::client(None, Duration::from_secs(5), None).unwrap();
        client
            .post(format!("{}/_control/faults", self.upstream.url))
            .json(&fault)
            .send()
            .await
            .unwrap();
    }

    async fn asked(&self, path: &str) -> usize {
        let client = backend::http::client(None, Duration::from_secs(5), None).unwrap();
        let log: Vec<serde_json::Value> = client
            .get(format!("{}/_control/log", self.upstream.url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        log.iter()
            .filter(|entry| entry["path"].as_str().is_some_and(|asked| asked.contains(path)))
            .count()
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_pasted_transcript_becomes_a_summary_of_its_own_words(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit(TALK, None).await;
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
    let whole = house.submit("https://youtu.be/TeaKettle04", Some("fixture-good")).await;
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
    let first = house.submit("https://youtu.be/TeaKettle04", None).await;
    let first = house.work(&first).await;
    assert_eq!(first.state, RunState::Done);
    assert_eq!(house.asked("timedtext").await, 1);
    let second = house
        .submit("https://www.youtube.com/watch?v=TeaKettle04&t=10", None)
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
    let first = house.submit("TeaKettle04", None).await;
    let second = house.submit("https://youtu.be/TeaKettle04", None).await;
    assert_eq!(first.id, second.id);
    let other_model = house.submit("TeaKettle04", Some("fixture-good")).await;
    assert_ne!(first.id, other_model.id);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn several_links_are_a_batch_whose_runs_stay_their_own(pool: PgPool) {
    let house = house(pool).await;
    let shared = house.submit("TeaKettle04", None).await;
    let submission = Submission {
        input: "TeaKettle04\nPrivateVidI\nHoneyBees0c\nTeaKettle04".to_owned(),
        batch: Some("A list".to_owned()),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    let id = submitted.batch.expect("a batch");
    let [kettle, private, bees] = submitted.runs.as_slice() else {
        panic!("three runs: {:?}", submitted.runs)
    };
    assert_eq!(kettle.id, shared.id, "an equal open request is shared");
    let activity = house.services.activity().await.unwrap();
    assert_eq!(activity.batches.len(), 1);
    assert_eq!(activity.batches[0].label, "A list");
    let ids: Vec<&str> = activity.batches[0].runs.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(
        ids,
        [&kettle.id, &private.id, &bees.id],
        "in the order they were asked for"
    );
    assert_eq!(activity.waiting, [], "a run of a batch stands in no other list");
    assert_eq!(activity.batches[0].state(), RunState::Queued);

    house.work(kettle).await;
    house.work(private).await;
    let batch = house.services.batch(&id).await.unwrap().unwrap();
    assert_eq!((batch.count(RunState::Done), batch.count(RunState::Failed)), (1, 1));
    assert_eq!(house.services.retry_batch(&id).await.unwrap(), Some(1));
    assert_eq!(
        house.services.retry_batch(&id).await.unwrap(),
        Some(0),
        "no failed one is left"
    );
    assert_eq!(house.services.cancel_batch(&id).await.unwrap(), Some(2));
    let batch = house.services.batch(&id).await.unwrap().unwrap();
    assert_eq!((batch.count(RunState::Done), batch.count(RunState::Cancelled)), (1, 2));
    assert_eq!(batch.state(), RunState::Done);
    assert_eq!(house.services.cancel_batch("no-id").await.unwrap(), None);
    assert_eq!(house.services.batch(&kettle.id).await.unwrap(), None);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn one_link_is_no_batch(pool: PgPool) {
    let house = house(pool).await;
    let submit = async |input: &str| {
        let submission = Submission {
            input: input.to_owned(),
            ..Submission::default()
        };
        house.services.submit(submission).await.unwrap()
    };
    assert_eq!(submit("TeaKettle04").await.batch, None);
    // The same twice is one run, which Activity shows as such.
    submit("HoneyBees0c\nhttps://youtu.be/HoneyBees0c").await;
    let activity = house.services.activity().await.unwrap();
    assert_eq!((activity.batches.len(), activity.waiting.len()), (0, 2));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn all_that_failed_is_tried_again_at_once(pool: PgPool) {
    let house = house(pool).await;
    for video in ["PrivateVidI", "GoneVideo00"] {
        let run = house.submit(video, None).await;
        house.work(&run).await;
    }
    assert_eq!(house.services.retry_failed().await.unwrap(), 2);
    let activity = house.services.activity().await.unwrap();
    assert_eq!((activity.failed.len(), activity.waiting.len()), (0, 2));
    assert_eq!(house.services.retry_failed().await.unwrap(), 0);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn time_left_is_told_once_three_have_been_seen(pool: PgPool) {
    let house = house(pool).await;
    let submission = Submission {
        input: "TeaKettle04\nHoneyBees0c\nBridgeTalk8\nPanDeMasa0w\nKamiOri000k".to_owned(),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    let id = submitted.batch.unwrap();
    let left = async || house.services.batch(&id).await.unwrap().unwrap().seconds_left;
    for run in submitted.runs.iter().take(2) {
        house.work(run).await;
    }
    assert_eq!(left().await, None, "two are too few");
    house.work(&submitted.runs[2]).await;
    sqlx::query("update runs set started_at = ended_at - interval '60 seconds' where state = 'done'")
        .execute(&house.services.pool)
        .await
        .unwrap();
    assert_eq!(left().await, Some(120), "two are left, a minute each");
    let typical = house.services.typical_seconds().await.unwrap()["extractive"];
    assert!((typical - 60.0).abs() < 0.01, "{typical}");
}

fn captured(id: &str, title: &str) -> String {
    json!({
        "v": 1, "id": id, "title": title, "channel": "Somebody", "seconds": 30, "language": "en", "track": "English",
        "automatic": false,
        "cues": [
            [0, 4_000, "The old bridge was built in 1874 by two brothers."],
            [4_000, 5_000, "They carried every stone across the river in a flat wooden boat."],
            [9_000, 6_000, "In the first winter the ice took the middle arch away."],
        ],
    })
    .to_string()
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn captions_from_a_browser_end_the_wait_for_youtube(pool: PgPool) {
    let house = house(pool).await;
    let refused = house.submit("BotCheck000", None).await;
    let refused = house.work(&refused).await;
    assert_eq!(refused.state, RunState::Waiting);
    let submission = Submission {
        captured: Some(captured("BotCheck000", "A Film That Is Refused")),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    assert_eq!(submitted.rejected, []);
    let run = &submitted.runs[0];
    assert_eq!(run.id, refused.id, "the request that waits is the one that goes on");
    assert_eq!((run.state, run.fault.as_ref()), (RunState::Queued, None));
    let before = house.asked("youtubei").await;
    let run = house.work(run).await;
    assert_eq!(run.state, RunState::Done);
    assert_eq!(house.asked("youtubei").await, before, "YouTube is not asked");
    let summary = house.summary(&run).await;
    assert_eq!(summary.provenance.source, "captured");
    assert_eq!(summary.provenance.track.as_deref(), Some("English, by hand"));
    assert!(!summary.claims.is_empty());
    // Another model is given the same captions.
    let again = house.submit("BotCheck000", Some("fixture-good")).await;
    assert_eq!(house.work(&again).await.state, RunState::Done);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_came_through_an_address_does_not_replace_what_youtube_said(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit("TeaKettle04", None).await;
    let title = house.work(&run).await.label;
    let submission = Submission {
        captured: Some(captured("TeaKettle04", "Another title")),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    let run = house.work(&submitted.runs[0]).await;
    assert_eq!((run.state, run.label), (RunState::Done, title));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn hostile_captions_are_refused_in_words(pool: PgPool) {
    let house = house(pool).await;
    for text in [
        "",
        "{}",
        "not json",
        &captured("../etc/passwd", "x"),
        &captured("upload-0123456789abcdef", "x"),
    ] {
        let submission = Submission {
            captured: Some(text.to_owned()),
            ..Submission::default()
        };
        let submitted = house.services.submit(submission).await.unwrap();
        assert_eq!(submitted.runs, []);
        let [rejected] = submitted.rejected.as_slice() else {
            panic!("one reason for {text:?}: {:?}", submitted.rejected)
        };
        assert!(rejected.message.starts_with("can't be used: "), "{}", rejected.message);
    }
    let hostile = captured("ScriptTag0A", "<script>alert(1)</script>\u{0}");
    let submission = Submission {
        captured: Some(hostile),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    assert_eq!(
        submitted.runs[0].label, "<script>alert(1)</script>",
        "text, and nothing but text"
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_model_writes_and_every_claim_is_checked(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit("TeaKettle04", Some("fixture-good")).await;
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
    let run = house.submit("LightHouseA", Some("fixture-liar")).await;
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
    let run = house.submit("TeaKettle04", Some("fixture-good")).await;
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Done);
    assert_eq!(run.fault.as_ref().map(|fault| fault.kind.as_str()), Some("model_auth"));
    let summary = house.summary(&run).await;
    assert_eq!(summary.provenance.model, "extractive");
    assert!(summary.provenance.fallback.is_some());
    // It is never mistaken for the model's own work.
    house.fault(json!({"match": "none", "fault": "empty"})).await;
    let again = house.submit("TeaKettle04", Some("fixture-good")).await;
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
        let run = house.submit(video, None).await;
        let run = house.work(&run).await;
        let fault = run.fault.unwrap();
        assert_eq!((fault.kind.as_str(), run.state), (kind, state));
        assert_eq!(fault.retry_at.is_some(), state == RunState::Waiting);
        assert!(!fault.hint.is_empty());
    }
}

/// Workers have said nothing for a while: they are dead.
async fn fall_silent(pool: &PgPool) {
    sqlx::query("update runs set held_at = now() - interval '1 minute'")
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn three_crashed_attempts_fail_the_run(pool: PgPool) {
    let house = house(pool.clone()).await;
    let run = house.submit(TALK, None).await;
    let id = run.id.parse().unwrap();
    for _ in 0..3 {
        // A worker takes it up and dies.
        let mut connection = pool.acquire().await.unwrap();
        database::runs::take_up(&mut connection, id)
            .await
            .unwrap()
            .ours()
            .unwrap();
        fall_silent(&pool).await;
    }
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Failed);
    assert_eq!(run.fault.as_ref().unwrap().kind, "crashed");
    // A person may still try again.
    assert!(house.services.retry(&run.id).await.unwrap());
    assert_eq!(house.work(&run).await.state, RunState::Done);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_worker_that_was_given_up_for_dead_changes_nothing(pool: PgPool) {
    let house = house(pool.clone()).await;
    let run = house.submit(TALK, None).await;
    let mut connection = pool.acquire().await.unwrap();
    let dead = database::runs::take_up(&mut connection, run.id.parse().unwrap())
        .await
        .unwrap()
        .ours()
        .unwrap();
    // As long as it says that it has the run, nobody takes it away.
    let again = house.work(&run).await;
    assert_eq!(again.state, RunState::Working);
    let there = database::runs::keep_hold(&mut *connection, &dead).await;
    assert!(there.is_ok(), "it still has it");
    fall_silent(&pool).await;
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Done);
    let late = database::runs::leave(&mut connection, &dead, &database::runs::Ending::Cancelled).await;
    assert!(matches!(late, Err(database::runs::Lost::Fenced)));
    assert_eq!(
        house.services.run(&run.id).await.unwrap().unwrap().state,
        RunState::Done
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_completed_answer_is_not_paid_for_twice(pool: PgPool) {
    let house = house(pool.clone()).await;
    let run = house.submit("TeaKettle04", Some("fixture-good")).await;
    house.work(&run).await;
    assert_eq!(house.asked("chat/completions").await, 1);
    // As if the process had been killed between the answer and the summary.
    sqlx::query("delete from summaries").execute(&pool).await.unwrap();
    sqlx::query("update runs set state = 'working', summary_id = null")
        .execute(&pool)
        .await
        .unwrap();
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Done);
    assert_eq!(house.asked("chat/completions").await, 1);
    assert_eq!(house.summary(&run).await.provenance.reused_calls, 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_queue_delivers_and_cancelling_stops_the_work(pool: PgPool) {
    let house = house(pool.clone()).await;
    let worker = tokio::spawn(jobs::work(pool, Arc::clone(&house.pipeline), 2, house.shutdown.clone()));
    let done = house.submit(TALK, None).await;
    let state = |id: String| {
        let services = house.services.clone();
        async move { services.run(&id).await.unwrap().unwrap().state }
    };
    until(async || state(done.id.clone()).await == RunState::Done).await;
    house.fault(json!({"match": "/v1/chat", "fault": "hold"})).await;
    let held = house.submit("TeaKettle04", Some("fixture-good")).await;
    until(async || house.asked("chat/completions").await == 1).await;
    assert!(house.services.cancel(&held.id).await.unwrap());
    until(async || state(held.id.clone()).await == RunState::Cancelled).await;
    assert!(!house.services.cancel(&held.id).await.unwrap());
    // Stopping puts open work down for the next process.
    let open = house.submit("TeaKettle04", Some("fixture-slow")).await;
    until(async || house.asked("chat/completions").await == 2).await;
    house.shutdown.cancel();
    worker.await.unwrap().unwrap();
    assert_eq!(state(open.id.clone()).await, RunState::Queued);
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
        Submission::default(),
    ] {
        let submitted = house.services.submit(bad).await.unwrap();
        assert_eq!((submitted.runs.len(), submitted.rejected.len()), (0, 1));
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_deleted_summary_can_be_restored(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit(TALK, None).await;
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
    let run = house.submit("TeaKettle04", None).await;
    house.work(&run).await;
    for _ in 0..2 {
        assert_eq!(
            house.services.thumbnail("TeaKettle04").await.unwrap().content_type,
            "image/jpeg"
        );
    }
    assert_eq!(house.asked("/vi/TeaKettle04").await, 1);
}

/// Waits for something that happens soon; the limit only ends a test that hangs.
async fn until(happened: impl AsyncFn() -> bool) {
    let wait = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait)
        .await
        .expect("it never happened");
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

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_prompt_of_ones_own_is_kept_with_the_summaries_made_with_it(pool: PgPool) {
    let house = house(pool).await;
    let keep = async |id: &str, name: &str, text: &str| house.services.keep_prompt(id, name, text).await;
    let id = keep("", "Recipe cards", "A card a dish.").await.unwrap();
    for (name, text) in [("recipe CARDS", "x"), ("Briefing", "x"), ("a@b", "x"), ("a", " ")] {
        assert!(
            matches!(keep("", name, text).await, Err(KeepPromptError::Prompt(_))),
            "{name}"
        );
    }
    let submit = async |style: &str| {
        let submission = Submission {
            input: "TeaKettle04".to_owned(),
            model: Some("fixture-good".to_owned()),
            style: Some(style.to_owned()),
            ..Submission::default()
        };
        house.services.submit(submission).await.unwrap()
    };
    let first = house.work(&submit("recipe cards").await.runs[0]).await;
    assert_eq!(first.fault, None);
    let summary = house.summary(&first).await;
    let style = summary.request.style.clone();
    assert!(style.starts_with("Recipe cards@"), "{style}");
    assert_eq!(summary.provenance.prompt_text.as_deref(), Some("A card a dish."));
    assert!(summary.provenance.prompt_version.unwrap().starts_with("own-"));

    // Its text changes: another summary, and the first keeps what it was made with.
    keep(&id, "Recipe cards", "One line a dish.").await.unwrap();
    let second = house.work(&submit("Recipe cards").await.runs[0]).await;
    assert_ne!(second.summary_id, first.summary_id);
    assert_eq!(
        house.summary(&second).await.provenance.prompt_text.as_deref(),
        Some("One line a dish.")
    );
    let again = house.work(&submit(&style).await.runs[0]).await;
    assert_eq!(again.summary_id, first.summary_id);

    // Deleted, it can't be chosen any more; taken back, it can.
    assert_eq!(
        house.services.delete_prompt(&id).await.unwrap().as_deref(),
        Some("Recipe cards")
    );
    let rejected = submit("Recipe cards").await.rejected.remove(0);
    assert!(rejected.message.contains("briefing, chapters"), "{}", rejected.message);
    assert!(house.services.restore_prompt(&id).await.unwrap());
    assert_eq!(house.services.prompts().await.unwrap().len(), 1);
    assert_eq!(submit("Recipe cards").await.rejected, []);
    // While it is deleted its name is free; taking it back would make two of a name.
    house.services.delete_prompt(&id).await.unwrap();
    keep("", "Recipe Cards", "Another.").await.unwrap();
    assert!(!house.services.restore_prompt(&id).await.unwrap());
    assert!(matches!(
        keep(&id, "Recipe cards 2", "x").await,
        Err(KeepPromptError::Gone)
    ));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn words_that_come_along_are_a_prompt_as_well(pool: PgPool) {
    let house = house(pool).await;
    let submission = |prompt: &str| Submission {
        input: "TeaKettle04".to_owned(),
        model: Some("fixture-good".to_owned()),
        prompt: Some(prompt.to_owned()),
        ..Submission::default()
    };
    let run = house
        .services
        .submit(submission("Only numbers."))
        .await
        .unwrap()
        .runs
        .remove(0);
    let run = house.work(&run).await;
    assert_eq!(
        house.summary(&run).await.provenance.prompt_text.as_deref(),
        Some("Only numbers.")
    );
    assert!(
        house.services.prompts().await.unwrap().is_empty(),
        "it was not asked to be kept"
    );
    let too_long = house.services.submit(submission(&"x".repeat(5000))).await.unwrap();
    assert!(
        too_long.rejected[0].message.contains("4000 characters"),
        "{:?}",
        too_long.rejected
    );
}
