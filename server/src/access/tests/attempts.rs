//! Wrong codes: from one address, from many, at the same moment.

use axum::http::{Request, StatusCode};
use backend::access::unlock;
use sqlx::PgPool;

use super::support::{AWAY, CODE, HOME, door, form, house, locked, rules};
use crate::access::Door;

#[sqlx::test(migrations = false)]
async fn an_address_is_locked_out_and_no_header_helps_it(pool: PgPool) {
    let house = locked(&pool).await;
    let signed_in = house.sign_in(HOME).await;
    for remaining in [4, 3, 2, 1] {
        let answer = house.try_code(AWAY, "wrong").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let told = format!("{remaining} attempt");
        assert!(answer.body.contains(&told), "{}", answer.body);
        assert!(answer.cookie().is_none());
    }
    assert_eq!(
        house.try_code(AWAY, "wrong").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    for forged in ["127.0.0.1", HOME, "192.0.2.1, 10.0.0.1", "2001:db8::1"] {
        for name in ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip"] {
            let request = Request::post("/login")
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, forged);
            let answer = house.send(AWAY, request, form(&[("code", CODE)])).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{name}: {forged}");
        }
    }
    // Another replica, or the same after a restart; then the owner, from elsewhere and in a session that is open.
    let replica = locked(&pool).await;
    assert_eq!(replica.try_code(AWAY, CODE).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(replica.get("/api_status", &signed_in).await.status, StatusCode::OK);
    replica.sign_in(HOME).await;
    unlock(&pool, Some(AWAY.parse().unwrap())).await.unwrap();
    replica.sign_in(AWAY).await;
    let trail = replica.get("/settings/access", &signed_in).await.body;
    for words in ["Wrong code", "locked out", "Signed in", "Unlocked", AWAY] {
        assert!(trail.contains(words), "{words}: {trail}");
    }
}

#[sqlx::test(migrations = false)]
async fn a_household_of_ipv6_is_one_address(pool: PgPool) {
    let house = locked(&pool).await;
    for host in 1..=5 {
        house.try_code(&format!("2001:db8:1:2::{host}"), "wrong").await;
    }
    let refused = house.try_code("2001:db8:1:2:ffff::9", CODE).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    house.sign_in("2001:db8:1:3::1").await;
}

#[sqlx::test(migrations = false)]
async fn behind_a_proxy_of_ours_visitors_are_told_apart(pool: PgPool) {
    let door = Door {
        trusted: vec!["10.0.0.0/8".parse().unwrap()],
        ..door()
    };
    let house = house(&pool, rules(Some(CODE)), door).await;
    let attempt = async |forwarded: &str, code: &str| {
        let request = Request::post("/login")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", forwarded);
        house.send("10.0.0.2", request, form(&[("code", code)])).await.status
    };
    for forged in 1..=5 {
        // The stranger writes another address each time; our proxy adds the true one.
        attempt(&format!("192.0.2.{forged}, {AWAY}"), "wrong").await;
    }
    assert_eq!(attempt(AWAY, CODE).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(attempt(HOME, CODE).await, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrations = false)]
async fn attempts_at_the_same_moment_count_for_each_other(pool: PgPool) {
    let house = locked(&pool).await;
    let replica = locked(&pool).await;
    let attempts = (0..16).map(|n| if n % 2 == 0 { &house } else { &replica }.try_code(AWAY, "wrong"));
    let answers = futures::future::join_all(attempts).await;
    let compared = answers
        .iter()
        .filter(|answer| answer.body.contains("That is not the code"))
        .count();
    assert_eq!(compared, 5);
    let failed: i64 = sqlx::query_scalar("select count(*) from login_attempts where outcome = 'failed'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(failed, 5);
    let rows: i64 = sqlx::query_scalar("select count(*) from login_attempts")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(rows, 6, "refusals in a row are one row");
}

#[sqlx::test(migrations = false)]
async fn an_attack_from_everywhere_slows_strangers_and_not_the_owner(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    sqlx::query(
        "insert into login_attempts (network, outcome)
         select '192.0.2.' || n % 250 || '/' || n / 4, 'failed' from generate_series(1, 120) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let slowed = house.try_code(AWAY, CODE).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.body.contains("from everywhere"), "{}", slowed.body);
    assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
    // The address that somebody signed in from, and one that was let in by name.
    house.sign_in(HOME).await;
    unlock(&pool, Some(AWAY.parse().unwrap())).await.unwrap();
    house.sign_in(AWAY).await;
    // A stranger gets a turn when the last is long enough ago.
    sqlx::query("update login_attempts set at = at - interval '40 seconds'")
        .execute(&pool)
        .await
        .unwrap();
    house.sign_in("203.0.113.10").await;
    unlock(&pool, None).await.unwrap();
    house.sign_in("203.0.113.11").await;
}
