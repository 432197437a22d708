//! Several links at once: a batch whose runs stay their own, on a real Postgres and the fixture upstream.

use backend::{database, services::Submission};
use domain::run::RunState;
use sqlx::PgPool;

use crate::house::house;

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn several_links_are_a_batch_whose_runs_stay_their_own(pool: PgPool) {
    let house = house(pool).await;
    let shared = house.submit_to("TeaKettle04", None).await;
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
        let run = house.submit_to(video, None).await;
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
