//! What costs, and how often it may be asked for.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use sqlx::PgPool;

use super::support::{AWAY, CODE, HOME, door, house, rules};

#[sqlx::test(migrations = false)]
async fn what_costs_has_a_limit_for_a_session_and_for_an_address(pool: PgPool) {
    let mut rules = rules(Some(CODE));
    rules.costly_per_minute = Some(2);
    let house = house(&pool, rules, door()).await;
    let (first, second) = (house.sign_in(HOME).await, house.sign_in(HOME).await);
    let ask = async |from: &str, cookie: &str| {
        let request = Request::post("/api/v1/runs")
            .header("content-type", "application/json")
            .header("cookie", cookie);
        house.send(from, request, r#"{"input": ""}"#).await
    };
    for _ in 0..4 {
        assert_eq!(ask(HOME, &first).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = ask(AWAY, &first).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the session, wherever it is"
    );
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(
        ask(HOME, &second).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the address, whoever it is"
    );
    assert_eq!(
        house.get("/library", &first).await.status,
        StatusCode::OK,
        "reading costs nothing"
    );
}

#[sqlx::test(migrations = false)]
async fn many_links_cost_as_much_as_many_calls(pool: PgPool) {
    let mut rules = rules(None);
    rules.costly_per_minute = Some(5);
    let house = house(&pool, rules, door()).await;
    let ask = async |from: &str, input: &str| {
        let request = Request::post("/api/v1/runs").header("content-type", "application/json");
        house
            .send(from, request, serde_json::json!({"input": input}).to_string())
            .await
            .status
    };
    let ids: Vec<String> = (0..30).map(|n| format!("https://youtu.be/{n:0>11}")).collect();
    assert_eq!(ask(HOME, &ids.join("\n")).await, StatusCode::ACCEPTED);
    assert_eq!(ask(HOME, &ids[0]).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(AWAY, &ids[0]).await, StatusCode::ACCEPTED);
}

#[sqlx::test(migrations = false)]
async fn whatever_costs_is_counted(pool: PgPool) {
    let mut rules = rules(None);
    rules.costly_per_minute = Some(1);
    let house = house(&pool, rules, door()).await;
    sqlx::query("insert into rate_buckets values ($1, -1000, clock_timestamp())")
        .bind(format!("address:{HOME}"))
        .execute(&pool)
        .await
        .unwrap();
    for (method, path) in [
        ("POST", "/submit"),
        ("POST", "/questions"),
        ("POST", "/api/v1/runs"),
        ("POST", "/api/v1/questions"),
        ("POST", "/api/v1/videos/x/questions"),
        ("POST", "/api/v1/runs/x/retry"),
        ("POST", "/api/v1/batches/x/retry"),
        ("POST", "/api/ui/retry"),
        ("POST", "/api/ui/retry-batch"),
        ("POST", "/api/ui/retry-failed"),
        ("POST", "/api/ui/test-youtube"),
        ("GET", "/api/v1/lists?url=x"),
        ("GET", "/playlists/PLx"),
        ("GET", "/channels/UCx"),
        ("GET", "/api/ui/page?ask=list/playlists/PLx"),
        ("GET", "/api/ui/page?x=1&ask=%6cist-again%2Fplaylists%2FPLx"),
    ] {
        let request = Request::builder().method(method).uri(path);
        let answer = house.send(HOME, request, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
    }
}
