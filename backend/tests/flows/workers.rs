//! Who works on a run: crashes, workers given up for dead, the queue, and what is not paid for twice.

use std::{sync::Arc, time::Duration};

use backend::{
    database::{
        self,
        runs::{self, Ending},
    },
    jobs,
};
use domain::{
    fault::{Fault, Whose},
    run::RunState,
};
use serde_json::json;
use sqlx::PgPool;

use crate::house::{TALK, house};

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
    let run = house.submit_to(TALK, None).await;
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
    let run = house.submit_to(TALK, None).await;
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
    let run = house.submit_to("TeaKettle04", Some("fixture-good")).await;
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
async fn what_two_ask_at_once_is_paid_for_once(pool: PgPool) {
    let house = house(pool.clone()).await;
    let worker = tokio::spawn(jobs::work(
        pool.clone(),
        Arc::clone(&house.pipeline),
        2,
        house.shutdown.clone(),
    ));
    house.fault(json!({"match": "/v1/chat", "fault": "hold"})).await;
    let first = house.submit_to("TeaKettle04", Some("fixture-good")).await;
    until(async || house.asked("chat/completions").await == 1).await;
    // The same prompt under another request's key.
    let again = sqlx::query_scalar::<_, String>(
        "insert into runs (id, state, request_key, label, video_id, transcript_id, model, style, language, words, fresh, refetch)
         select gen_random_uuid(), 'queued', 'another', label, video_id, transcript_id, model, style, language, words, fresh, refetch
         from runs where id = $1 returning id::text",
    )
    .bind(first.id.parse::<uuid::Uuid>().unwrap())
    .fetch_one(&pool)
    .await
    .unwrap();
    jobs::enqueue(&pool, &mut pool.acquire().await.unwrap(), again.parse().unwrap(), None)
        .await
        .unwrap();
    let run = async |id: &str| house.services.run(id).await.unwrap().unwrap();
    until(async || run(&again).await.stage == Some(domain::run::Stage::Write)).await;
    // Neither waits behind them.
    let extract = house.submit_to(TALK, None).await;
    until(async || run(&extract.id).await.state == RunState::Done).await;
    assert_eq!(house.asked("chat/completions").await, 1);
    house.no_faults().await;
    until(async || run(&first.id).await.state == RunState::Done).await;
    until(async || run(&again).await.state == RunState::Done).await;
    assert_eq!(house.asked("chat/completions").await, 1);
    house.shutdown.cancel();
    worker.await.unwrap().unwrap();
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn whoever_waits_for_another_goes_on_where_that_one_is_dead(pool: PgPool) {
    let house = house(pool.clone()).await;
    let dead = house
        .submit_to("TeaKettle04", Some("fixture-good"))
        .await
        .id
        .parse()
        .unwrap();
    let living = house.submit_to(TALK, Some("fixture-good")).await.id.parse().unwrap();
    let begin = async |work| database::model_asks::begin(&pool, "the same", work).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    runs::take_up(&mut connection, dead).await.unwrap().ours().unwrap();
    assert!(begin(dead).await && begin(dead).await, "one may ask twice");
    assert!(!begin(living).await);
    fall_silent(&pool).await;
    assert!(begin(living).await);
    database::model_asks::end(&pool, "the same", living).await.unwrap();
    assert!(begin(dead).await);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_queue_delivers_and_cancelling_stops_the_work(pool: PgPool) {
    let house = house(pool.clone()).await;
    let worker = tokio::spawn(jobs::work(pool, Arc::clone(&house.pipeline), 2, house.shutdown.clone()));
    let done = house.submit_to(TALK, None).await;
    let state = |id: String| {
        let services = house.services.clone();
        async move { services.run(&id).await.unwrap().unwrap().state }
    };
    until(async || state(done.id.clone()).await == RunState::Done).await;
    house.fault(json!({"match": "/v1/chat", "fault": "hold"})).await;
    let held = house.submit_to("TeaKettle04", Some("fixture-good")).await;
    until(async || house.asked("chat/completions").await == 1).await;
    assert!(house.services.cancel(&held.id).await.unwrap());
    until(async || state(held.id.clone()).await == RunState::Cancelled).await;
    assert!(!house.services.cancel(&held.id).await.unwrap());
    // Stopping puts open work down for the next process.
    let open = house.submit_to("TeaKettle04", Some("fixture-slow")).await;
    until(async || house.asked("chat/completions").await == 2).await;
    house.shutdown.cancel();
    worker.await.unwrap().unwrap();
    assert_eq!(state(open.id.clone()).await, RunState::Queued);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn who_is_told_that_a_run_stops_is_told_the_truth(pool: PgPool) {
    let house = house(pool.clone()).await;
    let run = house.submit_to(TALK, None).await;
    let id = run.id.parse().unwrap();
    let state = async || house.services.run(&run.id).await.unwrap().unwrap().state;
    let fault = Fault {
        kind: "model_busy".to_owned(),
        whose: Whose::Upstream,
        message: "Busy.".to_owned(),
        hint: "Wait.".to_owned(),
        retry_at: None,
    };
    let mut db = pool.acquire().await.unwrap();
    // Stopped after the worker has looked for the last time, and before it leaves.
    for ending in [Ending::Waiting(&fault), Ending::Paused(&fault), Ending::PutDown] {
        let work = runs::take_up(&mut db, id).await.unwrap().ours().unwrap();
        assert!(house.services.cancel(&run.id).await.unwrap());
        runs::leave(&mut db, &work, &ending).await.unwrap();
        let left = house.services.run(&run.id).await.unwrap().unwrap();
        assert_eq!((left.state, left.fault), (RunState::Cancelled, None), "{ending:?}");
        assert!(house.services.retry(&run.id).await.unwrap());
    }
    // Stopped, and then the worker died.
    runs::take_up(&mut db, id).await.unwrap().ours().unwrap();
    assert!(house.services.cancel(&run.id).await.unwrap());
    fall_silent(&pool).await;
    assert!(runs::take_up(&mut db, id).await.unwrap().ours().is_none());
    assert_eq!(state().await, RunState::Cancelled);
    // What is finished stays finished.
    assert!(house.services.retry(&run.id).await.unwrap());
    let work = runs::take_up(&mut db, id).await.unwrap().ours().unwrap();
    assert!(house.services.cancel(&run.id).await.unwrap());
    runs::leave(&mut db, &work, &Ending::Failed(&fault)).await.unwrap();
    assert_eq!(state().await, RunState::Failed);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn of_two_equal_runs_that_are_opened_at_once_one_is(pool: PgPool) {
    let house = house(pool.clone()).await;
    let mut equal = Vec::new();
    for _ in 0..2 {
        let run = house.submit_to("TeaKettle04", None).await;
        assert!(house.services.cancel(&run.id).await.unwrap());
        equal.push(run.id);
    }
    // The first is opened in a transaction that has not ended when the second looks for it.
    let mut first = pool.begin().await.unwrap();
    assert!(runs::reopen(&mut first, equal[0].parse().unwrap()).await.unwrap());
    let (services, other) = (house.services.clone(), equal[1].clone());
    let second = tokio::spawn(async move { services.retry(&other).await });
    until(async || {
        sqlx::query_scalar::<_, bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')",
        )
        .fetch_one(&pool)
        .await
        .unwrap()
    })
    .await;
    first.commit().await.unwrap();
    assert!(!second.await.unwrap().unwrap());
    let states = sqlx::query_scalar::<_, String>("select state from runs order by created_at")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(states, ["queued", "cancelled"]);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn only_work_counts_as_seconds_of_work(pool: PgPool) {
    let house = house(pool.clone()).await;
    let run = house.submit_to(TALK, None).await;
    // It was asked for long ago, failed, and is opened again.
    sqlx::query(
        "update runs set state = 'failed', created_at = now() - interval '2 days', started_at = now() - interval '1 day'",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert!(house.services.retry(&run.id).await.unwrap());
    let run = house.work(&run).await;
    assert!(house.summary(&run).await.provenance.seconds < 3600.0);
    // It has waited for a neighbour.
    sqlx::query("update runs set state = 'waiting', started_at = now() - interval '1 day'")
        .execute(&pool)
        .await
        .unwrap();
    let mut db = pool.acquire().await.unwrap();
    let id = run.id.parse().unwrap();
    let work = runs::take_up(&mut db, id).await.unwrap().ours().unwrap();
    let elapsed = runs::elapsed(&pool).await.unwrap();
    assert!(elapsed[&run.id] < 3600.0);
    // A worker that takes over goes on with what another began.
    fall_silent(&pool).await;
    let after = runs::take_up(&mut db, id).await.unwrap().ours().unwrap();
    assert_eq!(after.started_at, work.started_at);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_the_database_refuses_for_good_fails_the_run_and_says_so(pool: PgPool) {
    let house = house(pool.clone()).await;
    let run = house.submit_to(TALK, None).await;
    sqlx::query("alter table summaries add constraint no_bridge check (body not like '%bridge%')")
        .execute(&pool)
        .await
        .unwrap();
    let run = house.work(&run).await;
    assert_eq!(run.state, RunState::Failed);
    let fault = run.fault.unwrap();
    assert_eq!((fault.kind.as_str(), fault.whose), ("database", Whose::Ours));
    assert!(fault.message.contains("no_bridge"), "{fault:?}");
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
