//! The table of what YouTube refuses, a case a row: its kind, whose fault it is, when it is worth another try, and how many clients
//! and addresses are tried before it is told.

use std::time::Duration;

use domain::fault::Whose;
use serde_json::{Value, json};

use super::egress::rotating_with;
use crate::youtube::fixture::{Fixture, ID, Reply, refused};

const QUARTER: Option<Duration> = Some(Duration::from_secs(15 * 60));

/// What comes of an answer.
struct Row {
    answer: Reply,
    kind: &'static str,
    whose: Whose,
    retry_after: Option<Duration>,
    /// Clients that are asked from one address.
    clients: usize,
    /// Whether another address is tried.
    rotates: bool,
}

fn row(
    answer: Reply,
    kind: &'static str,
    whose: Whose,
    retry_after: Option<Duration>,
    clients: usize,
    rotates: bool,
) -> Row {
    Row {
        answer,
        kind,
        whose,
        retry_after,
        clients,
        rotates,
    }
}

fn says(status: &str, reason: &str) -> Reply {
    Reply::json(&refused(status, reason))
}

fn screen(name: &str, content: Value) -> Reply {
    let mut answer = refused("UNPLAYABLE", "");
    answer["playabilityStatus"]["errorScreen"] = json!({name: content});
    Reply::json(&answer)
}

fn table() -> Vec<Row> {
    let (input, upstream, setup, ours) = (Whose::Input, Whose::Upstream, Whose::Setup, Whose::Ours);
    let captcha = "<!DOCTYPE html><form><div class=\"g-recaptcha\"></div></form>";
    let sorry = Reply::status(302).header("location", "https://www.google.com/sorry/index");
    let country = "The uploader has not made this video available in your country";
    let soon = Some(Duration::from_secs(30));
    vec![
        row(
            says("LOGIN_REQUIRED", "Sign in to confirm you’re not a bot"),
            "request_blocked",
            upstream,
            QUARTER,
            3,
            true,
        ),
        row(
            says("LOGIN_REQUIRED", "This video is private"),
            "private",
            input,
            None,
            1,
            false,
        ),
        row(
            says("LOGIN_REQUIRED", "This video may be inappropriate for some users."),
            "age_restricted",
            input,
            None,
            2,
            false,
        ),
        row(says("AGE_CHECK_REQUIRED", ""), "age_restricted", input, None, 2, false),
        row(
            says("ERROR", "This video is unavailable"),
            "video_unavailable",
            input,
            None,
            2,
            false,
        ),
        row(Reply::of("{}"), "video_unavailable", input, None, 2, false),
        row(
            says("UNPLAYABLE", "The page needs to be reloaded."),
            "client_rejected",
            setup,
            None,
            3,
            false,
        ),
        row(
            says("UNPLAYABLE", "Video unavailable"),
            "video_unplayable",
            input,
            None,
            3,
            false,
        ),
        row(
            says("UNPLAYABLE", "This video is only available to Music Premium members"),
            "members_only",
            input,
            None,
            1,
            false,
        ),
        row(
            says("UNPLAYABLE", "Join this channel to get access to members-only content"),
            "members_only",
            input,
            None,
            1,
            false,
        ),
        row(
            says("UNPLAYABLE", "This video requires payment to watch"),
            "members_only",
            input,
            None,
            1,
            false,
        ),
        row(says("UNPLAYABLE", country), "geo_blocked", upstream, None, 1, true),
        row(
            says("ERROR", "This account has been terminated"),
            "account_terminated",
            input,
            None,
            1,
            false,
        ),
        row(
            says("LIVE_STREAM_OFFLINE", "Premieres in 9 hours"),
            "upcoming",
            input,
            None,
            1,
            false,
        ),
        row(
            says("UNPLAYABLE", "This content isn’t available, try again later."),
            "rate_limited",
            upstream,
            QUARTER,
            1,
            true,
        ),
        row(
            says("CUSTOM", "Custom Reason"),
            "video_unplayable",
            input,
            None,
            3,
            false,
        ),
        row(Reply::status(400), "client_rejected", setup, None, 3, false),
        row(Reply::status(403), "ip_blocked", upstream, QUARTER, 1, true),
        row(Reply::status(429), "ip_blocked", upstream, QUARTER, 1, true),
        row(sorry, "ip_blocked", upstream, QUARTER, 1, true),
        row(Reply::of(captcha), "ip_blocked", upstream, QUARTER, 1, true),
        row(
            screen("playerCaptchaViewModel", json!({})),
            "ip_blocked",
            upstream,
            QUARTER,
            1,
            true,
        ),
        row(Reply::status(404), "upstream_failed", upstream, soon, 3, false),
        row(Reply::of("<html>"), "unparsable", ours, None, 3, false),
    ]
}

/// How many times a player was asked.
fn players(server: &Fixture) -> usize {
    server.asked().iter().filter(|what| what.starts_with("player")).count()
}

#[tokio::test]
async fn every_row_has_its_kind_its_words_and_its_tries() {
    for (number, row) in table().into_iter().enumerate() {
        let server = Fixture::start().await;
        server.on_every_player(&row.answer);
        let error = server.youtube().watch(ID).await.unwrap_err();
        let about = format!("row {number}, {}: {:?}", row.kind, server.asked());
        assert_eq!(
            (error.kind(), error.whose(), error.retry_after()),
            (row.kind, row.whose, row.retry_after),
            "{about}"
        );
        assert_eq!(players(&server), row.clients, "{about}");
        let fault = error.fault();
        assert!(
            fault.message.ends_with(['.', '!', '?']) && fault.hint.ends_with('.'),
            "{about}: {fault:?}"
        );
        if row.whose != Whose::Input {
            assert!(fault.message.contains("Your link is fine"), "{about}: {fault:?}");
        }

        let proxy = Fixture::start().await;
        proxy.on_every_player(&row.answer);
        let error = rotating_with(&proxy, 2, None).watch(ID).await.unwrap_err();
        assert_eq!(error.kind(), row.kind, "{about}");
        let addresses = if row.rotates { 3 } else { 1 };
        assert_eq!(players(&proxy), row.clients * addresses, "{about}");
    }
}
