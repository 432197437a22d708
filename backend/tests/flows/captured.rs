//! Captions that a browser brings, on a real Postgres and the fixture upstream.

use backend::{database, services::Submission};
use domain::run::RunState;
use serde_json::json;
use sqlx::PgPool;

use crate::house::house;

fn captured(id: &str, title: &str) -> String {
    json!({
        "v": 1, "id": id, "title": title, "channel": "Somebody", "seconds": 30, "language": "en", "track": "English",
        "automatic": false,
        "cues": [
            [0, 4_000, "The old bridge was built in 1874 by two brothers."],
            [4_000, 5_000, "They carried every stone across the river in a flat wooden boat."],
            [9_000, 6_000, "In the first winter the ice took the middle arch away."],
        ],
    })
    .to_string()
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn captions_from_a_browser_end_the_wait_for_youtube(pool: PgPool) {
    let house = house(pool).await;
    let refused = house.submit_to("BotCheck000", None).await;
    let refused = house.work(&refused).await;
    assert_eq!(refused.state, RunState::Waiting);
    let submission = Submission {
        captured: Some(captured("BotCheck000", "A Film That Is Refused")),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    assert_eq!(submitted.rejected, []);
    let run = &submitted.runs[0];
    assert_eq!(run.id, refused.id, "the request that waits is the one that goes on");
    assert_eq!((run.state, run.fault.as_ref()), (RunState::Queued, None));
    let before = house.asked("youtubei").await;
    let run = house.work(run).await;
    assert_eq!(run.state, RunState::Done);
    assert_eq!(house.asked("youtubei").await, before, "YouTube is not asked");
    let summary = house.summary(&run).await;
    assert_eq!(summary.provenance.source, "captured");
    assert_eq!(summary.provenance.track.as_deref(), Some("English, by hand"));
    assert!(!summary.claims.is_empty());
    // Another model is given the same captions.
    let again = house.submit_to("BotCheck000", Some("fixture-good")).await;
    assert_eq!(house.work(&again).await.state, RunState::Done);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_came_through_an_address_does_not_replace_what_youtube_said(pool: PgPool) {
    let house = house(pool).await;
    let run = house.submit_to("TeaKettle04", None).await;
    let title = house.work(&run).await.label;
    let submission = Submission {
        captured: Some(captured("TeaKettle04", "Another title")),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    let run = house.work(&submitted.runs[0]).await;
    assert_eq!((run.state, run.label), (RunState::Done, title));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn hostile_captions_are_refused_in_words(pool: PgPool) {
    let house = house(pool).await;
    for text in [
        "",
        "{}",
        "not json",
        &captured("../etc/passwd", "x"),
        &captured("upload-0123456789abcdef", "x"),
    ] {
        let submission = Submission {
            captured: Some(text.to_owned()),
            ..Submission::default()
        };
        let submitted = house.services.submit(submission).await.unwrap();
        assert_eq!(submitted.runs, []);
        let [rejected] = submitted.rejected.as_slice() else {
            panic!("one reason for {text:?}: {:?}", submitted.rejected)
        };
        assert!(rejected.message.starts_with("can't be used: "), "{}", rejected.message);
    }
    let hostile = captured("ScriptTag0A", "<script>alert(1)</script>\u{0}");
    let submission = Submission {
        captured: Some(hostile),
        ..Submission::default()
    };
    let submitted = house.services.submit(submission).await.unwrap();
    assert_eq!(
        submitted.runs[0].label, "<script>alert(1)</script>",
        "text, and nothing but text"
    );
}
