//! yt-dlp behind our own clients, played by scripts.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;

use super::{WITHHELD, english};
use crate::youtube::{
    Captions, Egress, YouTube, YouTubeConfig, YouTubeError,
    fixture::{Fixture, ID, Reply, impatient, json3, player, refused, track},
};

/// A program that does what `script` says.
fn program(folder: &Path, script: &str) -> PathBuf {
    let path = folder.join("yt-dlp");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn youtube(server: &Fixture, program: PathBuf, egress: Egress) -> YouTube {
    let config = YouTubeConfig {
        base_url: Some(server.url.clone()),
        yt_dlp: Some(program),
        egress,
        ..YouTubeConfig::default()
    };
    YouTube::with_limits(config, impatient()).unwrap()
}

/// What yt-dlp says of a video with manual German captions, automatic English ones and a translation of these.
fn said() -> String {
    let form = |url: &str| json!([{"ext": "srv1", "url": "x"}, {"ext": "json3", "url": format!("https://www.youtube.com/api/timedtext?{url}"), "name": "A name"}]);
    json!({
        "id": ID, "title": "A title", "channel": "A channel", "duration": 61.4, "description": "About.",
        "chapters": [{"start_time": 0.0, "end_time": 30.5, "title": "One"}],
        "subtitles": {"de": form("lang=de"), "live_chat": form("lang=x")},
        "automatic_captions": {"en-orig": form("lang=en&kind=asr"), "fr": form("lang=en&kind=asr&tlang=fr")},
    })
    .to_string()
}

fn bot() -> Reply {
    Reply::json(&refused("LOGIN_REQUIRED", "Sign in to confirm you're not a bot"))
}

async fn read(youtube: &YouTube, languages: &[&str]) -> Result<Captions, YouTubeError> {
    let languages: Vec<String> = languages.iter().map(|&code| code.to_owned()).collect();
    youtube.captions(&youtube.watch(ID).await?, &languages).await
}

#[tokio::test]
async fn where_we_are_refused_it_is_asked_and_the_words_we_fetch_ourselves() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = folder.path().join("arguments");
    let script = format!(
        "printf '%s\\n' \"$@\" > {0}; env | sort > {0}.env; cat <<'END'\n{1}\nEND",
        arguments.display(),
        said()
    );
    let server = Fixture::start().await;
    server
        .on_every_player(&bot())
        .on("/api/timedtext", [Reply::json(&json3())]);
    let youtube = youtube(&server, program(folder.path(), &script), Egress::Direct);
    let watched = youtube.watch(ID).await.unwrap();
    assert_eq!(
        (watched.video.title.as_str(), watched.video.duration_s),
        ("A title", Some(61))
    );
    assert_eq!(watched.video.chapters[0].span.end_ms, 30_500);
    let ids: Vec<&str> = watched.tracks.iter().map(|track| track.id.as_str()).collect();
    assert_eq!(ids, [".de", "a.en"], "no chat, no translation");
    let captions = youtube.captions(&watched, &["en".to_owned()]).await.unwrap();
    assert_eq!(
        (captions.track.id.as_str(), captions.track.client.as_str()),
        ("a.en", "yt-dlp")
    );
    assert_eq!(captions.transcript.text(), "Hello there\nI'm here");
    assert!(server.log().last().unwrap().uri.contains("lang=en&kind=asr&fmt=json3"));

    let given = std::fs::read_to_string(&arguments).unwrap();
    let given: Vec<&str> = given.lines().collect();
    assert_eq!(given[0], "--ignore-config");
    assert_eq!(
        given[given.len() - 2..],
        ["--", &format!("https://www.youtube.com/watch?v={ID}")]
    );
    let environment = std::fs::read_to_string(arguments.with_extension("env")).unwrap();
    assert!(!environment.contains("CARGO"), "{environment}");
}

#[tokio::test]
async fn withheld_captions_are_had_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fixture::start().await;
    server
        .on_every_player(&Reply::json(&player(&[track("de", "", WITHHELD)])))
        .on("/api/timedtext", [Reply::json(&json3())]);
    let youtube = youtube(
        &server,
        program(folder.path(), &format!("cat <<'END'\n{}\nEND", said())),
        Egress::Direct,
    );
    assert_eq!(read(&youtube, &["de"]).await.unwrap().track.client, "yt-dlp");
}

#[tokio::test]
async fn it_is_not_asked_about_what_is_no_refusal_nor_over_rotating_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("asked");
    let program = program(folder.path(), &format!("touch {}; exit 1", mark.display()));
    let server = Fixture::start().await;
    let direct = youtube(&server, program.clone(), Egress::Direct);
    server.on_every_player(&Reply::json(&refused("LOGIN_REQUIRED", "This video is private")));
    assert_eq!(direct.watch(ID).await.unwrap_err(), YouTubeError::Private);
    server
        .on_every_player(&english())
        .on("/api/timedtext", [Reply::json(&json3())]);
    read(&direct, &[]).await.unwrap();
    let rotating = super::egress::rotating_with(&server, 0, Some(program));
    server.on_every_player(&bot());
    assert_eq!(rotating.watch(ID).await.unwrap_err(), YouTubeError::RequestBlocked);
    assert!(!mark.exists());
    assert_eq!(
        direct.watch(ID).await.unwrap_err(),
        YouTubeError::RequestBlocked,
        "our own refusal is told"
    );
    assert!(mark.exists());
}

#[tokio::test]
async fn what_it_says_wrongly_or_without_end_is_not_believed() {
    let endless = "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done";
    let another = said().replace(ID, "aqz-KE-bpKQ");
    for script in [
        "echo nonsense",
        "echo '{}'",
        "exit 3",
        endless,
        &format!("cat <<'END'\n{another}\nEND"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = Fixture::start().await;
        server.on_every_player(&bot());
        let youtube = youtube(&server, program(folder.path(), script), Egress::Direct);
        assert_eq!(youtube.watch(ID).await.unwrap_err(), YouTubeError::RequestBlocked);
    }
}

#[tokio::test]
async fn it_is_killed_with_what_it_started_once_time_is_up() {
    let folder = tempfile::tempdir().unwrap();
    let child = folder.path().join("child");
    let script = format!("sleep 600 & echo $! > {}; wait", child.display());
    let server = Fixture::start().await;
    server.on_every_player(&bot());
    let mut youtube = youtube(&server, program(folder.path(), &script), Egress::Direct);
    youtube.yt_dlp = youtube.yt_dlp.impatient(Duration::from_millis(1500));
    assert_eq!(youtube.watch(ID).await.unwrap_err(), YouTubeError::RequestBlocked);
    let pid = std::fs::read_to_string(child).unwrap();
    let stat = format!("/proc/{}/stat", pid.trim());
    let gone = || match std::fs::read_to_string(&stat) {
        Err(_) => true,
        // Ended, and not yet collected by whoever inherited it.
        Ok(stat) => stat.contains(") Z "),
    };
    for _ in 0..200 {
        if gone() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("the child is still there");
}

#[tokio::test]
async fn its_version_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Fixture::start().await;
    let there = youtube(&server, program(folder.path(), "echo 2026.10.26"), Egress::Direct);
    assert_eq!(there.yt_dlp().await, "yt-dlp 2026.10.26");
    assert!(server.youtube().yt_dlp().await.contains("not installed"));
    let folder = tempfile::tempdir().unwrap();
    let broken = youtube(&server, program(folder.path(), "exit 1"), Egress::Direct);
    assert!(broken.yt_dlp().await.contains("does not start"));
}

#[tokio::test]
async fn where_it_says_that_captions_lie_is_believed_of_youtube_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (server, other) = (Fixture::start().await, Fixture::start().await);
    other.on("/api/timedtext", [Reply::json(&json3())]);
    server
        .on_every_player(&bot())
        .on("/api/timedtext", [Reply::json(&json3())]);
    for away in [
        "http://169.254.169.254/api/timedtext".to_owned(),
        "file:///etc/passwd".to_owned(),
        format!("{}api/timedtext", other.url),
    ] {
        let said = json!({
            "id": ID, "title": "A title", "duration": 61.4,
            "subtitles": {"en": [{"ext": "json3", "url": away}]},
            "thumbnail": away, "url": away, "webpage_url": away,
        });
        let script = format!("cat <<'END'\n{said}\nEND");
        let youtube = youtube(&server, program(folder.path(), &script), Egress::Direct);
        let error = read(&youtube, &["en"]).await.unwrap_err();
        assert_eq!(error.kind(), "unparsable", "{away}");
    }
    let asked = server.asked();
    assert!(!asked.iter().any(|what| what == "/api/timedtext"), "{asked:?}");
    assert_eq!(other.asked(), Vec::<String>::new());
}
