//! Backups as they are operated: what is said at the start of where they go, and the way back after the disk is gone.

use std::{path::Path, process::Stdio};

use crate::replicas::{House, free_port, json, submit, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_place_for_backups_that_will_not_do_is_said_at_the_start() {
    let house = House::new().await;
    let file = house.folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let missing = house.folder.path().join("not/mounted");
    let bucket = format!("http://127.0.0.1:{}", free_port());
    let unwritable = file.join("folder");
    for (name, settings, said) in [
        // Not even root can make a folder there.
        (
            "unwritable",
            vec![("BACKUP_TO", unwritable.to_str().unwrap())],
            ["no backups can be made", "can't be written (BACKUP_TO)"],
        ),
        (
            "missing",
            vec![("BACKUP_TO", missing.to_str().unwrap())],
            ["was not there and has been made (BACKUP_TO)", "not/mounted"],
        ),
        (
            "bucket",
            vec![
                ("BACKUP_TO", "s3://backups/here"),
                ("BACKUP_S3_ENDPOINT", &bucket),
                ("BACKUP_S3_ACCESS_KEY_ID", "key"),
                ("BACKUP_S3_SECRET_ACCESS_KEY", "canary-secret"),
            ],
            ["no backups can be made", "s3://backups/here"],
        ),
    ] {
        // Summaries go on without.
        let mut replica = house.start(name, free_port(), &settings).await;
        let log = || std::fs::read_to_string(house.log(name)).unwrap();
        until(async || said.iter().all(|words| log().contains(words))).await;
        assert!(!log().contains("canary-secret"));
        replica.signal("-TERM");
        assert!(replica.ended().await.success());
    }
    assert!(missing.is_dir());
    // The second time it is there, and nothing is said.
    let mut replica = house
        .start("again", free_port(), &[("BACKUP_TO", missing.to_str().unwrap())])
        .await;
    replica.signal("-TERM");
    assert!(replica.ended().await.success());
    let log = std::fs::read_to_string(house.log("again")).unwrap();
    assert!(!log.contains("BACKUP_TO"), "{log}");
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_comes_back_where_the_data_folder_is_gone() {
    let house = House::new().await;
    let backups = house.folder.path().join("backups");
    let mut replica = house.start("a", free_port(), &[]).await;
    let runs = format!("{}/api/v1/runs", replica.url);
    let run = submit(house.client.post(&runs), "TeaKettle04", "extractive").await;
    until(async || json(house.client.get(format!("{runs}/{run}"))).await["state"] == "done").await;
    let page = format!("{}/api/v1/summaries/{run}", replica.url);
    let before = json(house.client.get(&page)).await;
    replica.signal("-TERM");
    assert!(replica.ended().await.success());
    let data = house.folder.path().join("a");
    std::fs::write(data.join("audio/spoken.mp3"), b"spoken words").unwrap();
    let run_command = |data: &Path, words: &[&str]| {
        let mut command = house.command("a");
        let output = command
            .env("DATA_DIR", data)
            .env("BACKUP_TO", &backups)
            .args(words)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run_command(&data, &["backup"]);
    let archive = std::fs::read_dir(&backups)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .file_name();

    // The disk of the app is gone, and its database.
    std::fs::remove_dir_all(&data).unwrap();
    house.empty().await;
    let new = house.folder.path().join("a new disk/data");
    let said = run_command(&new, &["restore", archive.to_str().unwrap()]);
    assert!(
        said.starts_with("restored: ") && said.contains(" 1 audio files"),
        "{said}"
    );
    assert_eq!(std::fs::read(new.join("audio/spoken.mp3")).unwrap(), b"spoken words");
    let left: Vec<_> = std::fs::read_dir(&new)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["audio"], "nothing that was downloaded stays");
    let replica = house
        .start("a", free_port(), &[("DATA_DIR", new.to_str().unwrap())])
        .await;
    let after = json(house.client.get(format!("{}/api/v1/summaries/{run}", replica.url))).await;
    assert_eq!(after, before);
    drop(replica);
    house.tear_down().await;
}
