//! Pace and pauses that replicas keep together, on a real Postgres: each handle below stands for a replica of its own.

use std::num::NonZeroU32;

use backend::{
    database::{runs, youtube_gates},
    jobs,
    youtube::{YouTube, YouTubeConfig, YouTubeError},
};
use sqlx::PgPool;

fn replica(pool: &PgPool, upstream: &upstream::Running, per_minute: u32) -> YouTube {
    let _ = rustls::crypto::ring::default_provider().install_default();
    YouTube::new(YouTubeConfig {
        base_url: Some(upstream.url.parse().unwrap()),
        requests_per_minute: NonZeroU32::new(per_minute),
        ..YouTubeConfig::default()
    })
    .unwrap()
    .shared(pool.clone())
}

/// A refusal to each of these.
async fn refuse(replicas: &[&YouTube]) {
    for replica in replicas {
        let error = replica.watch("BotCheck000").await.unwrap_err();
        assert_eq!(error, YouTubeError::RequestBlocked);
    }
}

fn is_paused<T>(outcome: &Result<T, YouTubeError>) -> bool {
    matches!(outcome, Err(YouTubeError::Paused { .. }))
}

async fn pass_the_time(pool: &PgPool) {
    sqlx::query("update youtube_gates set paused_until = now() - interval '1 second'")
        .execute(pool)
        .await
        .unwrap();
}

async fn asked(upstream: &upstream::Running) -> usize {
    let client = backend::http::client(None, std::time::Duration::from_secs(5), None).unwrap();
    let log = client
        .get(format!("{}/_control/log", upstream.url))
        .send()
        .await
        .unwrap();
    log.json::<Vec<serde_json::Value>>().await.unwrap().len()
}

async fn fault(upstream: &upstream::Running, path: &str, body: serde_json::Value) {
    let client = backend::http::client(None, std::time::Duration::from_secs(5), None).unwrap();
    let told = client.post(format!("{}{path}", upstream.url)).json(&body).send().await;
    assert!(told.unwrap().status().is_success());
}

#[sqlx::test(migrator = "backend::database::MIGRATOR")]
async fn three_replicas_keep_one_pace(pool: PgPool) {
    let upstream = upstream::start(0).await.unwrap();
    // A tenth of a second between requests once the bucket of 20 is empty.
    let replicas = [(); 3].map(|()| replica(&pool, &upstream, 600));
    let begun = std::time::Instant::now();
    let work = replicas.iter().flat_map(|replica| {
        // Two requests each: player and next.
        (0..5).map(move |_| replica.watch("TeaKettle04"))
    });
    for outcome in futures::future::join_all(work).await {
        outcome.unwrap();
    }
    assert_eq!(asked(&upstream).await, 30);
    // However slow the machine is, it can't be faster than this.
    assert!(begun.elapsed() >= std::time::Duration::from_millis(1000));
}

#[sqlx::test(migrator = "backend::database::MIGRATOR")]
async fn refusals_of_any_replica_pause_all_of_them_until_one_is_answered(pool: PgPool) {
    let upstream = upstream::start(0).await.unwrap();
    let [a, b, c] = [(); 3].map(|()| replica(&pool, &upstream, 6000));
    refuse(&[&a, &b, &c]).await;
    let before = asked(&upstream).await;
    for replica in [&a, &b, &c] {
        assert!(is_paused(&replica.watch("TeaKettle04").await));
    }
    assert_eq!(asked(&upstream).await, before, "nobody asks");

    pass_the_time(&pool).await;
    fault(
        &upstream,
        "/_control/faults",
        serde_json::json!({"match": "/player", "fault": "hold", "times": 1}),
    )
    .await;
    let probe = tokio::spawn({
        let a = a.clone();
        async move {
            let watched = a.watch("TeaKettle04").await?;
            a.captions(&watched, &[]).await
        }
    });
    while asked(&upstream).await == before {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(is_paused(&b.watch("TeaKettle04").await), "one asks for all");
    fault(&upstream, "/_control/release", serde_json::json!({})).await;
    probe.await.unwrap().unwrap();
    c.watch("TeaKettle04").await.unwrap();
    assert_eq!(
        youtube_gates::pause(&pool, "this server's own address").await.unwrap(),
        None
    );
}

#[sqlx::test(migrator = "backend::database::MIGRATOR")]
async fn a_probe_that_is_refused_makes_the_pause_longer(pool: PgPool) {
    let upstream = upstream::start(0).await.unwrap();
    let a = replica(&pool, &upstream, 6000);
    refuse(&[&a, &a, &a]).await;
    pass_the_time(&pool).await;
    refuse(&[&a]).await;
    let seconds: i32 = sqlx::query_scalar("select pause_seconds from youtube_gates")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(seconds, 30 * 60);
    // The button of the settings, and `doctor`, ask all the same, and end it.
    let examined = a.examine("TeaKettle04").await;
    assert!(examined.iter().any(backend::youtube::Examined::works));
    a.watch("TeaKettle04").await.unwrap();
}

#[sqlx::test(migrator = "backend::database::MIGRATOR")]
async fn each_client_is_counted(pool: PgPool) {
    jobs::migrate(&pool).await.unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let a = replica(&pool, &upstream, 6000);
    // Withheld from ANDROID and IOS, not from VISIONOS.
    let watched = a.watch("PoTokenXpe0").await.unwrap();
    a.captions(&watched, &[]).await.unwrap();
    refuse(&[&a]).await;
    let clients = youtube_gates::clients(&pool).await.unwrap();
    let android = clients.iter().find(|client| client.client == "ANDROID").unwrap();
    assert_eq!(
        (android.successes, android.last_failure_kind.as_deref()),
        (1, Some("request_blocked"))
    );
    let visionos = clients.iter().find(|client| client.client == "VISIONOS").unwrap();
    assert_eq!(visionos.successes, 2, "player and captions");
    assert!(visionos.last_success_at.is_some());
    assert_eq!(runs::count_paused(&pool).await.unwrap(), 0);
}
