//! What opens a door of its own: tokens, and the metrics'.

use axum::http::StatusCode;
use backend::{
    database::questions::{self, NewQuestion},
    models::{EXTRACTIVE, Secret},
};
use sqlx::PgPool;
use uuid::Uuid;

use super::support::{CODE, HOME, door, house, locked, rules};
use crate::access::Door;

#[sqlx::test(migrations = false)]
async fn a_token_opens_the_api_and_no_more_than_it_may(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let (reader, full) = (
        house.make_token(&cookie, "read").await,
        house.make_token(&cookie, "full").await,
    );
    for token in [&reader, &full] {
        assert_eq!(
            house.with_token("GET", "/api/v1/summaries", token).await.status,
            StatusCode::OK
        );
        assert_eq!(house.with_token("GET", "/metrics", token).await.status, StatusCode::OK);
        for path in ["/", "/settings/access", "/api/ui/page?ask=access", "/logout"] {
            assert_eq!(
                house.with_token("GET", path, token).await.status,
                StatusCode::FORBIDDEN,
                "{path}"
            );
        }
    }
    assert_eq!(
        house.with_token("POST", "/api/v1/runs", &reader).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        house.with_token("POST", "/api/v1/runs", &full).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "nothing to summarise"
    );
    let page = house.get("/settings/access", &cookie).await.body;
    assert!(!page.contains(&reader) && !page.contains(&full), "shown once");
    assert!(page.contains("backup &lt;b&gt;") && !page.contains("backup <b>"));
    // The form names them newest first.
    let marker = "value=\"revoke\"";
    let rest = &page[page.find(marker).unwrap() + marker.len()..];
    let id = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    house
        .post_form(HOME, "/settings/access", &cookie, &[("do", "revoke"), ("id", id)])
        .await;
    assert!(house.with_token("GET", "/api/v1/summaries", &full).await.is_closed());
    sqlx::query("update api_tokens set expires_at = now()")
        .execute(&pool)
        .await
        .unwrap();
    assert!(house.with_token("GET", "/api/v1/summaries", &reader).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn a_question_that_is_deleted_stands_in_the_trail(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let token = house.make_token(&cookie, "full").await;
    let id = Uuid::now_v7();
    let question = NewQuestion {
        id,
        thread: id,
        video: None,
        text: "Who built the bridge?".to_owned(),
        model: EXTRACTIVE.to_owned(),
    };
    questions::make(&house.pool, &question).await.unwrap();
    assert!(
        questions::cancel(&mut house.pool.acquire().await.unwrap(), id)
            .await
            .unwrap()
    );
    let path = format!("/api/v1/questions/{id}");
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        assert_eq!(house.with_token("DELETE", &path, &token).await.status, status);
    }
    let page = house.get("/settings/access", &cookie).await.body;
    assert!(page.contains("Question deleted") && page.contains("Who built the bridge?"));
}

#[sqlx::test(migrations = false)]
async fn the_metrics_have_a_door_of_their_own(pool: PgPool) {
    let with = |token: Option<&str>, metrics_elsewhere| Door {
        metrics_token: token.map(|token| Secret::new(token.to_owned())),
        metrics_elsewhere,
        ..door()
    };
    for code in [Some(CODE), None] {
        let house = house(&pool, rules(code), with(Some("scrape-me"), false)).await;
        assert_eq!(
            house.with_token("GET", "/metrics", "scrape-me").await.status,
            StatusCode::OK
        );
        assert!(house.with_token("GET", "/metrics", "scrape-you").await.is_closed());
        assert!(house.get("/metrics", "").await.is_closed());
        if code.is_some() {
            assert!(house.with_token("GET", "/api_status", "scrape-me").await.is_closed());
        }
    }
    let mut house = house(&pool, rules(Some(CODE)), with(Some("scrape-me"), true)).await;
    for token in ["", "scrape-me"] {
        assert_eq!(
            house.with_token("GET", "/metrics", token).await.status,
            StatusCode::NOT_FOUND
        );
    }
    // At their own address there is nothing else, and the token is asked for as well.
    house.router = house.metrics.clone();
    assert_eq!(
        house.with_token("GET", "/metrics", "scrape-me").await.status,
        StatusCode::OK
    );
    assert_eq!(house.get("/metrics", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        house.with_token("GET", "/metrics", "scrape-you").await.status,
        StatusCode::UNAUTHORIZED
    );
    for path in ["/", "/login", "/api_status", "/api/v1/summaries", "/livez"] {
        assert_eq!(
            house.with_token("GET", path, "scrape-me").await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
