//! Three replicas on one Postgres, behind nginx: what they share, and what becomes of a run when the one that has it is killed.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::{
    nginx::{Nginx, SETTINGS, sign_in, visitor},
    replicas::{CODE, House, Replica, free_port, json, submit, until},
};

const NAMES: [&str; 3] = ["a", "b", "c"];

/// What a stream says until it ends or breaks, or until `enough`: the numbers of its events, and their texts.
pub(crate) async fn follow(request: RequestBuilder, enough: impl Fn(&[(i64, Value)]) -> bool) -> Vec<(i64, Value)> {
    let mut events = Vec::new();
    let Ok(mut answer) = request.send().await else {
        return events;
    };
    let mut text = String::new();
    while let Ok(Some(piece)) = answer.chunk().await {
        text.push_str(&String::from_utf8_lossy(&piece));
        while let Some((event, rest)) = text.split_once("\n\n") {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            if let (Some(id), Some(data)) = (field("id: "), field("data: ")) {
                events.push((id.parse().unwrap(), serde_json::from_str(data).unwrap()));
            }
            text = rest.to_owned();
        }
        if enough(&events) {
            break;
        }
    }
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_replicas_one_is_killed_and_its_run_and_its_watchers_go_on() {
    let house = House::new().await;
    let ports = [(); 3].map(|()| free_port());
    let nginx = Nginx::start(house.folder.path(), &ports).await;
    let first = house.start("a", ports[0], &SETTINGS).await;
    let visitor = visitor(60);
    let cookie = sign_in(&visitor, &nginx).await;
    let with_cookie = |request: RequestBuilder| request.header("cookie", &cookie);
    let runs = format!("{}/api/v1/runs", nginx.url);

    // The first one has it, since there is no other yet. Its model reads in parts: it refuses what is long, and from the fourth part
    // on it takes its time.
    house
        .fault(
            json!({"match": "/chat/completions", "times": 1, "fault": {"status": 400, "body": {"error": {"code": 400,
            "message": "request exceeds the available context size (6000 tokens)", "type": "exceed_context_size_error",
            "n_prompt_tokens": 20000, "n_ctx": 6000}}}}),
        )
        .await;
    house
        .fault(json!({"match": "/chat/completions", "times": 3, "fault": {"delay_ms": 1}}))
        .await;
    house.hold().await;
    let run = submit(with_cookie(visitor.post(&runs)), "LightHouseA", "fixture-good").await;
    let answered = async || {
        let log = house.log_of("/chat/completions").await;
        log.iter()
            .filter(|entry| entry["status"] == 200 && !entry["answered"].is_null())
            .count()
    };
    until(async || answered().await == 3).await;
    // Whoever watches does so at the first one as well.
    let events = format!("{runs}/{run}/events");
    let watching = tokio::spawn({
        let request = with_cookie(visitor.get(&events));
        async move { follow(request, |_| false).await }
    });
    until(async || kept(&house).await == 3).await;
    let others = [
        house.start("b", ports[1], &SETTINGS).await,
        house.start("c", ports[2], &SETTINGS).await,
    ];
    first.signal("-KILL");
    let seen = watching.await.unwrap();
    house.let_go().await;
    let (last, _) = seen.last().expect("some events came before the kill").clone();
    assert!(seen.iter().all(|(_, event)| event["state"] != "done"), "{seen:?}");

    // The browser comes back by itself, and says where it was.
    let is_done = |events: &[(i64, Value)]| events.iter().any(|(_, event)| event["state"] == "done");
    let mut more = Vec::new();
    while !is_done(&more) {
        let from = more.last().map_or(last, |(id, _): &(i64, Value)| *id);
        let request = with_cookie(visitor.get(&events)).header("last-event-id", from);
        more.extend(follow(request, is_done).await);
    }
    let numbers: Vec<i64> = seen.iter().chain(&more).map(|(id, _)| *id).collect();
    assert!(
        numbers.is_sorted_by(|one, next| one < next),
        "nothing twice: {numbers:?}"
    );

    let ended = json(with_cookie(visitor.get(format!("{runs}/{run}")))).await;
    assert_eq!(ended["state"], "done", "{ended}");
    let mut paid: Vec<u64> = house
        .log_of("/chat/completions")
        .await
        .iter()
        .filter(|entry| entry["status"] == 200 && !entry["answered"].is_null())
        .map(|entry| entry["body_hash"].as_u64().unwrap())
        .collect();
    let all = paid.len();
    paid.sort_unstable();
    paid.dedup();
    assert_eq!(paid.len(), all, "what was paid for is not paid for again");
    let summaries: i64 = sqlx::query_scalar("select count(*) from summaries")
        .fetch_one(&mut house.database().await)
        .await
        .unwrap();
    assert_eq!(summaries, 1);

    drop((first, others, nginx));
    house.tear_down().await;
}

/// Answers of models that are kept.
async fn kept(house: &House) -> i64 {
    sqlx::query_scalar("select count(*) from model_answers")
        .fetch_one(&mut house.database().await)
        .await
        .unwrap()
}

async fn three(house: &House, settings: &[(&str, &str)]) -> Vec<Replica> {
    let mut replicas = Vec::new();
    for name in NAMES {
        let mut all = SETTINGS.to_vec();
        all.extend_from_slice(settings);
        replicas.push(house.start(name, free_port(), &all).await);
    }
    replicas
}

#[tokio::test(flavor = "multi_thread")]
async fn three_replicas_share_sessions_limits_lockouts_and_the_pause_of_youtube() {
    let house = House::new().await;
    // Ten at once, and so few a minute that none is added while the test runs.
    let replicas = three(&house, &[("COSTLY_CALLS_PER_MINUTE", "5")]).await;
    let post_code = |visitor: &reqwest::Client, replica: &Replica, code: &str| {
        let request = visitor.post(format!("{}/login", replica.url));
        let body = format!("code={}", code.replace(' ', "+"));
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
    };

    // Signed in at one of them is signed in at all of them; signed out as well.
    let owner = visitor(70);
    let answer = post_code(&owner, &replicas[0], CODE).await.unwrap();
    let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = set.split(';').next().unwrap();
    let looks = async |replica: &Replica| {
        let request = owner
            .get(format!("{}/api/v1/summaries", replica.url))
            .header("cookie", cookie);
        request.send().await.unwrap().status().as_u16()
    };
    for replica in &replicas {
        assert_eq!(looks(replica).await, 200);
    }

    // Wrong codes count wherever they are tried.
    let guesser = visitor(71);
    for attempt in 0..5 {
        post_code(&guesser, &replicas[attempt % 3], "not the code")
            .await
            .unwrap();
    }
    for replica in &replicas {
        assert_eq!(post_code(&guesser, replica, CODE).await.unwrap().status(), 429);
    }

    // Three refusals, one at each: YouTube is left alone by all.
    let post = async |replica: &Replica, input: &str| {
        let request = owner
            .post(format!("{}/api/v1/runs", replica.url))
            .header("cookie", cookie);
        request
            .json(&json!({"input": input, "model": "extractive"}))
            .send()
            .await
            .unwrap()
    };
    for (replica, video) in replicas.iter().zip(["BotCheA0010", "BotCheA0020", "BotCheA0030"]) {
        assert_eq!(post(replica, video).await.status(), 202);
    }
    until(async || {
        let paused: Option<bool> = sqlx::query_scalar("select bool_or(paused_until > now()) from youtube_gates")
            .fetch_one(&mut house.database().await)
            .await
            .unwrap();
        paused == Some(true)
    })
    .await;
    let before = house.asked("/player").await;
    let created: Value = post(&replicas[2], "TeaKettle04").await.json().await.unwrap();
    let run = created["runs"][0]["id"].as_str().unwrap().to_owned();
    let request = || {
        owner
            .get(format!("{}/api/v1/runs/{run}", replicas[0].url))
            .header("cookie", cookie)
    };
    until(async || json(request()).await["state"] == "waiting").await;
    assert_eq!(house.asked("/player").await, before, "nobody asks");

    // Four were costly already; of twelve more, six fit.
    let mut statuses = Vec::new();
    for call in 0..12 {
        let answer = post(&replicas[call % 3], "TeaKettle04").await;
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 202).count(),
        6,
        "{statuses:?}"
    );
    assert!(statuses[6..].iter().all(|status| *status == 429), "{statuses:?}");

    let answer = owner
        .post(format!("{}/logout", replicas[1].url))
        .header("cookie", cookie);
    answer.send().await.unwrap();
    for replica in &replicas {
        assert_eq!(looks(replica).await, 401);
    }
    drop(replicas);
    house.tear_down().await;
}
