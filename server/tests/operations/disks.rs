//! Folders that can't take any more. The quick test stands a full disk on its head: no file may be longer than half a kilobyte. Those with
//! disks that are really full need root, and are run by hand (see chaos.rs).

use std::process::{Command, Stdio};

use crate::replicas::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_does_not_fit_is_said_and_leaves_nothing() {
    let house = House::new().await;
    let backups = house.folder.path().join("backups");
    let run = |limit: &str, words: &[&str]| {
        // Whoever ignores the signal of the limit is told by an error, as on a full disk.
        let shell = format!("trap '' XFSZ; {limit} exec \"$0\" \"$@\"");
        let command = house.command("a");
        let program = command.get_program().to_owned();
        let environment: Vec<_> = command
            .get_envs()
            .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
            .collect();
        let mut limited = Command::new("/bin/sh");
        limited.arg("-c").arg(shell).arg(program).args(words).env_clear();
        for (name, value) in environment {
            limited.env(name, value.unwrap_or_default());
        }
        for name in ["PATH", "HOME"] {
            limited.env(name, std::env::var_os(name).unwrap_or_default());
        }
        limited
            .env("BACKUP_TO", &backups)
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .output()
            .unwrap()
    };
    assert!(run("", &["migrate"]).status.success());
    let failed = run("ulimit -f 1;", &["backup"]);
    let said = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert_eq!(failed.status.code(), Some(1), "{said}");
    assert!(said.contains("File too large"), "{said}");
    assert_eq!(
        std::fs::read_dir(&backups).unwrap().count(),
        0,
        "nothing that looks like an archive, and no half one"
    );
    let noted: Option<String> = sqlx::query_scalar("select error from backups")
        .fetch_one(&mut house.database().await)
        .await
        .unwrap();
    assert!(noted.is_some_and(|error| error.contains("File too large")));

    // With room it is made, though half an archive lies there that a kill left behind long ago.
    let left = backups.join(".youtube-summarizer-20260101T000000Z.tar.gz.part");
    std::fs::write(&left, b"half").unwrap();
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    std::fs::File::options()
        .write(true)
        .open(&left)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    let made = run("", &["backup"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(!left.exists(), "it would lie there for ever");
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), 1);
    house.tear_down().await;
}
