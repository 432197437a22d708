//! The predecessor's data folder, brought over to a real Postgres: each generation of its cache, twice, damaged, hostile.

use std::path::Path;

use backend::{
    database, jobs,
    models::ModelsConfig,
    predecessor::{ImportError, Report, import},
    services::{Services, Submission},
    youtube::YouTubeConfig,
};
use chrono::{TimeDelta, Utc};
use domain::{
    export,
    run::{RunState, TextFrom},
    summary::NEVER_CHECKED,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::house;

/// A video that the fixture upstream has.
const KNOWN: &str = "BridgeTalk8";

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Services whose YouTube is there.
fn services(pool: &PgPool, youtube: &str) -> Services {
    let youtube = YouTubeConfig {
        base_url: Some(youtube.parse().unwrap()),
        ..YouTubeConfig::default()
    };
    house::services(pool.clone(), youtube, ModelsConfig::default())
}

fn nobody(pool: &PgPool) -> Services {
    services(pool, "http://127.0.0.1:9/")
}

/// Everything that an import may write, as text.
async fn contents(pool: &PgPool) -> String {
    let mut all = String::new();
    for table in [
        "videos",
        "transcripts",
        "runs",
        "summaries",
        "claims",
        "audio",
        "login_attempts",
    ] {
        let query = format!("select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {table} t");
        let text: String = sqlx::query_scalar(sqlx::AssertSqlSafe(query))
            .fetch_one(pool)
            .await
            .unwrap();
        all.push_str(&text);
        all.push_str("\n--\n");
    }
    all
}

/// The three generations in three files; what each of them has of summaries.
fn generations() -> [(Value, usize); 3] {
    [
        (
            json!({
                KNOWN: {"title": "About bridges", "summary": "Today bridges were built.\n\nThen they held.",
                        "thumbnail_url": "https://i.ytimg.com/x", "summarized_at": "2025-07-01T10:20:30.123456", "audio_filename": "one.mp3"},
                "dQw4w9WgXcQ": {"title": "A song", "summary": "Somebody sings.", "thumbnail_url": "u"},
            }),
            2,
        ),
        (
            json!({
                KNOWN: {"title": "About bridges", "summary": "Bridges, told anew.", "thumbnail_url": "u", "model_used": "gpt-4o",
                        "summarized_at": "2025-08-01T10:20:30", "video_url": format!("https://www.youtube.com/watch?v={KNOWN}")},
            }),
            1,
        ),
        (
            json!({
                format!("{KNOWN}_gemini-2.5-pro"): {
                    "video_id": KNOWN, "title": "About bridges", "summary": "Bridges, by another.", "thumbnail_url": "u", "url": "u",
                    "model_used": "gemini-2.5-pro", "cached": false, "processed_at": "2025-09-01T10:20:30"},
                // The sync route and the worker had kept the same.
                "-_-_-_-_-_-_gpt-4o": {"video_id": "-_-_-_-_-_-", "summary": "Equal.", "title": "T", "model_used": "gpt-4o", "processed_at": 1_756_000_000},
                "-_-_-_-_-_-": {"summary": "Equal.", "title": "T", "model_used": "gpt-4o", "summarized_at": "2025-08-20T10:20:30"},
            }),
            2,
        ),
    ]
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn each_generation_comes_over_once(pool: PgPool) {
    let data = tempfile::tempdir().unwrap();
    for (cache, count) in generations() {
        let from = tempfile::tempdir().unwrap();
        write(from.path(), "summary_cache.json", cache.to_string());
        let before = contents(&pool).await;
        let count = u32::try_from(count).unwrap();
        let dry = import(&pool, data.path(), from.path(), true).await.unwrap();
        assert_eq!(contents(&pool).await, before, "a dry run wrote something");
        let first = import(&pool, data.path(), from.path(), false).await.unwrap();
        assert_eq!(first, dry);
        assert_eq!((first.summaries.imported, first.summaries.skipped.len()), (count, 0));

        let after = contents(&pool).await;
        let second = import(&pool, data.path(), from.path(), false).await.unwrap();
        assert_eq!(second.summaries.imported, 0);
        assert_eq!(second.summaries.already_there, first.summaries.already_there + count);
        assert_eq!(
            contents(&pool).await,
            after.clone(),
            "a second import changed something"
        );
    }
    let services = nobody(&pool);
    let library = services.library(1, 20).await.unwrap();
    assert_eq!(library.total, 5);
    let models: Vec<&str> = library.items.iter().map(|item| item.model.as_str()).collect();
    // Without a date it is today's, and the newest.
    assert_eq!(models, ["unknown", "gemini-2.5-pro", "gpt-4o", "gpt-4o", "unknown"]);
    let newest = services.newest_of_videos(10, 0).await.unwrap();
    assert_eq!((newest.0.len(), newest.1), (3, 3));
    assert_eq!(services.newest_with("BRIDGES, BY").await.unwrap().len(), 1);
    assert!(services.newest_with("100% of _").await.unwrap().is_empty());
    let found = services.search("sings", 1).await.unwrap();
    assert_eq!(found.found.len(), 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn it_is_told_what_was_not_known(pool: PgPool) {
    let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(from.path(), "summary_cache.json", generations()[0].0.to_string());
    let report = import(&pool, data.path(), from.path(), false).await.unwrap();
    let has = |name: &str, note: &str| report.notes.contains(&(name.to_owned(), note.to_owned()));
    assert!(has("dQw4w9WgXcQ", "date unknown, today's taken"), "{report:?}");
    assert!(has("dQw4w9WgXcQ", "the model was not noted"));
    assert!(report.remarks.iter().any(|remark| remark.contains("taken as UTC")));
    assert!(matches!(
        import(&pool, data.path(), data.path(), false).await,
        Err(ImportError::NotThere(_))
    ));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn an_imported_summary_says_that_nobody_checked_it(pool: PgPool) {
    jobs::migrate(&pool).await.unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let services = services(&pool, &upstream.url);
    let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(from.path(), "summary_cache.json", generations()[0].0.to_string());
    import(&pool, data.path(), from.path(), false).await.unwrap();
    let id = services.main_summary_of(KNOWN).await.unwrap().unwrap();
    let page = services.run_page(&id).await.unwrap().unwrap();
    assert_eq!(page.run.state, RunState::Done);
    assert!(page.passages.is_empty() && page.extract.is_none());
    let summary = page.summary.unwrap();
    assert!(summary.is_imported() && summary.claims.is_empty());
    assert_eq!(summary.checked(), NEVER_CHECKED);
    assert_eq!(summary.request.style, "audio");
    assert_eq!(summary.created_at, 1_751_365_230);
    let (exported, video) = services.export(&id).await.unwrap().unwrap();
    let text = "Today bridges were built.\nThen they held.";
    assert_eq!(export::summary_text(&exported), text);
    let document = export::summary_document(&exported, &video);
    assert!(
        document.contains(NEVER_CHECKED) && document.contains("Then they held."),
        "{document}"
    );
    let html = export::summary_html(&exported, &video);
    assert!(
        html.contains("Then they held.") && !html.contains("Every time comes from the transcript"),
        "{html}"
    );
    assert!(services.transcript(&id).await.unwrap().is_none());

    // Written anew from its page: the words are fetched, and the new summary leads to them.
    let pipeline = house::pipeline(&services, CancellationToken::new());
    for (submission, source) in [
        (
            Submission {
                again: Some(id.clone()),
                fresh: true,
                ..Submission::default()
            },
            "manual",
        ),
        (
            Submission {
                input: KNOWN.to_owned(),
                text_from: TextFrom::Description,
                ..Submission::default()
            },
            "description",
        ),
    ] {
        let run = services.submit(submission).await.unwrap().runs.remove(0);
        pipeline.work(run.id.parse().unwrap()).await;
        let run = services.run(&run.id).await.unwrap().unwrap();
        assert_eq!(run.state, RunState::Done, "{:?}", run.fault);
        let fresh = services.summary(&run.summary_id.unwrap()).await.unwrap().unwrap();
        assert_eq!(fresh.provenance.source, source);
        assert!(!fresh.claims.is_empty());
    }
    let again = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!(again.summaries.imported, 0);
    let video = database::videos::get(&pool, KNOWN).await.unwrap().unwrap();
    assert!(video.channel.is_some(), "what YouTube told was overwritten");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn sound_comes_over_with_the_summary_it_reads_out(pool: PgPool) {
    let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(from.path(), "summary_cache.json", generations()[0].0.to_string());
    let by_hash = format!("audio_cache/{}.mp3", sha256("Somebody sings."));
    write(from.path(), "audio_cache/one.mp3", b"ID3 one");
    write(from.path(), &by_hash, b"\xff\xfb two");
    write(
        from.path(),
        "audio_cache/en-US-Chirp3-HD-Zephyr_00ff.mp3",
        b"ID3 whose?",
    );
    write(from.path(), "audio_cache/preview_en-US.mp3", b"ID3 preview");
    std::os::unix::fs::symlink("/etc/passwd", from.path().join("audio_cache/link.mp3")).unwrap();
    let dry = import(&pool, data.path(), from.path(), true).await.unwrap();
    assert!(!data.path().join("audio").exists());
    let first = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!(first, dry);
    assert_eq!(first.audio.imported, 2);
    assert_eq!(first.without_owner, ["en-US-Chirp3-HD-Zephyr_00ff.mp3"]);
    assert_eq!(first.audio.skipped, [("link.mp3".to_owned(), "is no file".to_owned())]);
    assert!(first.remarks.iter().any(|remark| remark.starts_with("1 previews")));
    let copy = data.path().join("audio").join(format!("{}.mp3", sha256("ID3 one")));
    assert_eq!(std::fs::read(copy).unwrap(), b"ID3 one");
    let rows: Vec<(String, i64, String)> = sqlx::query_as(
        "select a.format, a.bytes, s.title from audio a join summaries s on s.id = a.summary_id order by s.title",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(
        rows,
        [
            ("mp3".to_owned(), 6, "A song".to_owned()),
            ("mp3".to_owned(), 7, "About bridges".to_owned())
        ]
    );
    let second = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!((second.audio.imported, second.audio.already_there), (0, 2));
    assert_eq!(std::fs::read_dir(data.path().join("audio")).unwrap().count(), 2);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_is_damaged_or_hostile_is_named_and_the_rest_goes_on(pool: PgPool) {
    let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deep = "[".repeat(300) + &"]".repeat(300);
    let huge = "x".repeat(2_000_000);
    let cache = format!(
        r#"{{"dQw4w9WgXcQ": {{"title": "<script>\u0000\u202e", "summary": "Good \u0000one.", "audio_filename": "../../outside.mp3"}},
            "not a key": {{"summary": "S"}}, "aaaaaaaaaaa": {deep}, "bbbbbbbbbbb": {{"summary": "{huge}"}},
            "c\u001b[31mcc": 7, "ddddddddddd": {{"summary": "[1 \"quote\"] Also good.", "title": "T"}}, "eeeeeeeeeee": {{"summ"#
    );
    write(from.path(), "summary_cache.json", cache);
    write(from.path(), "outside.mp3", b"ID3 outside");
    write(from.path(), "audio_cache/text.mp3", b"no sound");
    let report: Report = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!(report.summaries.imported, 2, "{report:?}");
    let skipped: Vec<&str> = report.summaries.skipped.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(skipped, ["not a key", "aaaaaaaaaaa", "bbbbbbbbbbb", "c[31mcc"]);
    assert!(report.remarks.iter().any(|remark| remark.contains("is damaged")));
    assert_eq!(report.audio.imported, 0);
    let services = nobody(&pool);
    let id = services.main_summary_of("dQw4w9WgXcQ").await.unwrap().unwrap();
    let summary = services.summary(&id).await.unwrap().unwrap();
    assert_eq!(
        (summary.title.as_str(), summary.body.as_str()),
        ("<script>", "Good one.")
    );
    let again = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!((again.summaries.imported, again.summaries.already_there), (0, 2));

    write(from.path(), "summary_cache.json", "no JSON at all");
    let none = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!(none.summaries, Report::default().summaries);
    assert!(none.remarks[0].contains("is damaged"));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn attempts_to_sign_in_come_over_with_their_times(pool: PgPool) {
    let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lately = (Utc::now() - TimeDelta::days(2)).timestamp();
    let attempts = json!({
        "203.0.113.9": {"count": 4, "first_attempt": lately, "last_attempt": lately + 60},
        "2001:db8::7": {"count": 0, "first_attempt": lately, "last_attempt": lately, "locked_until": lately + 900},
        "198.51.100.1": {"count": 1, "first_attempt": "2020-01-01T00:00:00", "last_attempt": "2020-01-01T00:00:00"},
        "unknown": {"count": 1},
        "192.0.2.1": [],
    });
    write(from.path(), "login_attempts.json", attempts.to_string());
    let first = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!(
        (first.attempts.imported, first.attempts.skipped.len()),
        (3, 3),
        "{first:?}"
    );
    assert!(first.remarks.iter().any(|remark| remark.starts_with("2 attempts")));
    let rows: Vec<(String, String)> =
        sqlx::query_as("select network, user_agent from login_attempts where outcome = 'failed' order by network")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2].0, "203.0.113.9");
    assert!(rows.iter().all(|(_, agent)| agent.contains("predecessor")));
    let second = import(&pool, data.path(), from.path(), false).await.unwrap();
    assert_eq!((second.attempts.imported, second.attempts.already_there), (0, 3));
}
