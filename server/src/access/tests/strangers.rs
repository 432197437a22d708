//! Who may come in at all: strangers, other sites, paths that lead elsewhere.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use sqlx::PgPool;

use super::support::{AWAY, CODE, HOME, addresses, door, form, house, locked, rules};

#[sqlx::test(migrations = false)]
async fn strangers_get_nowhere(pool: PgPool) {
    let house = locked(&pool).await;
    for (method, path) in addresses() {
        for (name, value) in [
            ("accept", "*/*"),
            ("accept", "text/html"),
            ("cookie", "session=AAAAAAAAAAAAAAAAAAAAAA"),
            ("cookie", "session=not-base64!; __Host-session=AAAAAAAAAAAAAAAAAAAAAA"),
            (
                "authorization",
                "Bearer yts_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ),
            ("authorization", "Bearer "),
            ("x-forwarded-for", "127.0.0.1"),
        ] {
            let request = Request::builder()
                .method(method.as_str())
                .uri(&path)
                .header(name, value)
                .header("content-type", "application/x-www-form-urlencoded");
            // From this machine as well: a proxy on it would open the house to the world.
            let answer = house.send("127.0.0.1", request, "id=x").await;
            assert!(
                answer.is_closed(),
                "{method} {path} {name}: {value} was answered {}",
                answer.status
            );
        }
    }
    for path in ["/login", "/login_status", "/livez", "/health", "/robots.txt"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::OK, "{path}");
    }
}

#[sqlx::test(migrations = false)]
async fn without_a_login_everybody_may_come_in(pool: PgPool) {
    let house = house(&pool, rules(None), door()).await;
    for path in ["/", "/api_status", "/metrics", "/settings/access", "/api/v1/summaries"] {
        assert_eq!(house.get(path, "").await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(house.get("/login", "").await.location(), "/");
}

#[sqlx::test(migrations = false)]
async fn other_sites_can_change_nothing(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    for (method, path) in addresses()
        .into_iter()
        .chain([("POST".to_owned(), "/login".to_owned())])
    {
        if method == "GET" || path == "/health" {
            continue;
        }
        // As a form of another site, as fetch does, and as an old browser that only names where it comes from.
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let request = Request::builder()
                .method(method.as_str())
                .uri(&path)
                .header("host", "127.0.0.1:5001")
                .header("cookie", &cookie)
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value);
            let answer = house.send(HOME, request, form(&[("id", "x"), ("code", CODE)])).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {name}: {value}");
        }
    }
    let own = Request::post("/settings/access")
        .header("host", "127.0.0.1:5001")
        .header("origin", "http://127.0.0.1:5001")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", &cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = house.send(HOME, own, form(&[("do", "end_all")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[sqlx::test(migrations = false)]
async fn no_path_leads_out_of_the_house(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    for path in [
        "/../../../../etc/passwd",
        "/pkg/../../../../etc/passwd",
        "/pkg/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/thumbnails/..%2f..%2fetc%2fpasswd",
        "/thumbnails/%00.jpg",
        "/videos/..%2f..%2fsecret.key",
        "/robots.txt%00.html",
    ] {
        let answer = house.get(path, &cookie).await;
        assert!(
            answer.status.is_client_error() || answer.status.is_server_error(),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.body.contains("root:"), "{path}");
    }
    // Nothing of an address gets into a header.
    let led = house.get("/x%0d%0aset-cookie:%20a=b", "").await;
    assert!(
        led.location().starts_with("/login?next=%2Fx%250d%250a"),
        "{}",
        led.location()
    );
}

#[sqlx::test(migrations = false)]
async fn a_stolen_database_opens_nothing(pool: PgPool) {
    let house = locked(&pool).await;
    let cookie = house.sign_in(HOME).await;
    let token = house.make_token(&cookie, "full").await;
    house.try_code(AWAY, "a wrong code that somebody typed").await;
    let dump = house.dump().await;
    assert!(dump.contains("Firefox on Linux"), "the dump has what it should: {dump}");
    let id = cookie.split_once('=').unwrap().1;
    for secret in [
        id,
        token.as_str(),
        CODE,
        "a wrong code that somebody typed",
        "a key that only tests know of",
    ] {
        assert!(!dump.contains(secret), "{secret} is stored");
    }
    // What is stored, shown as if it were the thing itself.
    let hashes: Vec<Vec<u8>> =
        sqlx::query_scalar("select id_hash from sessions union all select token_hash from api_tokens")
            .fetch_all(&pool)
            .await
            .unwrap();
    for hash in hashes {
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(house.get("/api_status", &format!("session={hex}")).await.is_closed());
        assert!(
            house
                .with_token("GET", "/api_status", &format!("yts_{hex}"))
                .await
                .is_closed()
        );
    }
}

#[sqlx::test(migrations = false)]
async fn an_id_of_a_request_is_short_and_plain_or_ours(pool: PgPool) {
    let house = locked(&pool).await;
    let ask = async |id: &[u8]| {
        let request = Request::get("/livez").header("x-request-id", id);
        let answer = house.send(AWAY, request, Body::empty()).await;
        answer.headers["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(ask(b"proxy-1.A_z").await, "proxy-1.A_z");
    let long = "a".repeat(65);
    for odd in [
        &b"a b"[..],
        b"x level=ERROR msg=forged",
        b"a\tb",
        b"",
        b"\xc3\xa4",
        long.as_bytes(),
    ] {
        let given = ask(odd).await;
        assert_eq!(given.len(), 36, "{given}");
        assert!(given.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'), "{given}");
    }
}
