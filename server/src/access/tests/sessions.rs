//! Signing in, and what is opened by it.

use axum::http::{StatusCode, header};
use sqlx::PgPool;

use super::support::{AWAY, CODE, HOME, door, house, locked, rules};
use crate::access::Door;

#[sqlx::test(migrations = false)]
async fn whoever_signs_in_gets_where_they_were_going(pool: PgPool) {
    let house = locked(&pool).await;
    let led = house.get("/library?q=tea&page=2", "").await;
    assert_eq!(led.location(), "/login?next=%2Flibrary%3Fq%3Dtea%26page%3D2");
    let page = house.get(led.location(), "").await;
    assert!(
        page.body.contains(r#"name="next" value="/library?q=tea&amp;page=2""#),
        "{}",
        page.body
    );
    let fields = [("code", CODE), ("next", "https://evil.example/")];
    let answer = house.post_form(HOME, "/login", "", &fields).await;
    assert_eq!(answer.location(), "/");
    let cookie = answer.cookie().unwrap();
    for path in [
        "/",
        "/library",
        "/settings/access",
        "/api_status",
        "/api/ui/page?ask=home",
        "/metrics",
    ] {
        assert_eq!(house.get(path, &cookie).await.status, StatusCode::OK, "{path}");
    }
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"),
        "{set}"
    );
    assert!(!set.contains("Secure"), "{set}");
}

#[sqlx::test(migrations = false)]
async fn over_tls_the_cookie_belongs_to_this_host_alone(pool: PgPool) {
    let door = Door {
        over_tls: true,
        ..door()
    };
    let house = house(&pool, rules(Some(CODE)), door).await;
    let answer = house.try_code(HOME, CODE).await;
    let set = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        set.starts_with("__Host-session=") && set.contains("Secure") && set.contains("Path=/"),
        "{set}"
    );
    assert!(!set.contains("Domain"), "{set}");
    assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[sqlx::test(migrations = false)]
async fn the_login_page_allows_nothing_inline_without_its_nonce(pool: PgPool) {
    let house = locked(&pool).await;
    let page = house
        .get("/login?next=%2F%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E", "")
        .await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains(" 'unsafe-eval'"),
        "{policy}"
    );
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "{}", page.body);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("not encrypted"));
    let again = house.get("/login", "").await;
    assert_ne!(policy, again.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap());
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(page.headers[name], value);
    }
}

#[sqlx::test(migrations = false)]
async fn a_session_is_new_at_each_sign_in_and_ends_when_it_is_ended(pool: PgPool) {
    let house = locked(&pool).await;
    // Somebody planted a cookie: one that was made up, and one of a session of their own.
    let planted = "session=AAAAAAAAAAAAAAAAAAAAAA";
    let own = house.sign_in(AWAY).await;
    for fixed in [planted, own.as_str()] {
        let answer = house.post_form(HOME, "/login", fixed, &[("code", CODE)]).await;
        let cookie = answer.cookie().unwrap();
        assert_ne!(cookie, fixed);
        assert!(house.get("/api_status", fixed).await.is_closed());
        assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
    }
    let cookie = house.sign_in(HOME).await;
    let out = house.post_form(HOME, "/logout", &cookie, &[]).await;
    assert_eq!(out.location(), "/login");
    assert!(
        house.get("/api_status", &cookie).await.is_closed(),
        "replayed after signing out"
    );
}

#[sqlx::test(migrations = false)]
async fn devices_can_be_ended_one_by_one_and_all_at_once(pool: PgPool) {
    let house = locked(&pool).await;
    let (mine, other) = (house.sign_in(HOME).await, house.sign_in(AWAY).await);
    let page = house.get("/settings/access", &mine).await.body;
    assert!(page.matches("Firefox on Linux").count() >= 2, "{page}");
    let marker = "name=\"do\" value=\"end\"";
    let rest = &page[page.find(marker).unwrap() + marker.len()..];
    let number = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    house
        .post_form(HOME, "/settings/access", &mine, &[("do", "end"), ("id", number)])
        .await;
    assert!(house.get("/api_status", &other).await.is_closed());
    assert_eq!(house.get("/api_status", &mine).await.status, StatusCode::OK);
    let third = house.sign_in(AWAY).await;
    house
        .post_form(HOME, "/settings/access", &mine, &[("do", "end_all")])
        .await;
    for cookie in [&mine, &third] {
        assert!(house.get("/api_status", cookie).await.is_closed());
    }
}

#[sqlx::test(migrations = false)]
async fn sessions_end_by_themselves(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    // Used after a week: it goes on for two more, but not beyond thirty days.
    for (days_old, days_left) in [(7, 14), (25, 5)] {
        sqlx::query("update sessions set created_at = now() - make_interval(days => $1), last_seen_at = now() - interval '1 hour'")
            .bind(days_old)
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(house.get("/api_status", &cookie).await.status, StatusCode::OK);
        let left: i32 =
            sqlx::query_scalar("select round(extract(epoch from expires_at - now()) / 86400)::integer from sessions")
                .fetch_one(&pool)
                .await
                .unwrap();
        assert_eq!(left, days_left);
    }
    sqlx::query("update sessions set expires_at = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();
    assert!(house.get("/api_status", &cookie).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn a_new_code_ends_all_sessions(pool: PgPool) {
    let cookie = locked(&pool).await.sign_in(HOME).await;
    assert_eq!(
        locked(&pool).await.get("/api_status", &cookie).await.status,
        StatusCode::OK
    );
    let changed = house(&pool, rules(Some("another code altogether")), door()).await;
    assert!(changed.get("/api_status", &cookie).await.is_closed());
}

#[sqlx::test(migrations = false)]
async fn what_a_browser_remembers_is_for_the_server_alone(pool: PgPool) {
    for over_tls in [false, true] {
        let door = Door { over_tls, ..door() };
        let house = house(&pool, rules(Some(CODE)), door).await;
        let cookie = house.sign_in(HOME).await;
        let fields = [("theme", "dark"), ("keys", "on")];
        let answer = house.post_form(HOME, "/api/ui/appearance", &cookie, &fields).await;
        let set: Vec<&str> = answer
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap())
            .filter(|value| value.starts_with("theme=") || value.starts_with("keys="))
            .collect();
        assert_eq!(set.len(), 2, "{:?}", answer.headers);
        for cookie in set {
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{cookie}"
            );
            assert_eq!(cookie.contains("Secure"), over_tls, "{cookie}");
        }
    }
}
