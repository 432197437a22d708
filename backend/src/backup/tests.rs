//! Backups on a real Postgres, and on a bucket that speaks S3's wire format.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Path as UrlPath, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::IntoResponse,
};
use sqlx::{PgConnection, PgPool, postgres::PgPoolOptions};

use super::*;
use crate::{database, models::Secret};

/// The schema of the first release: before searching had a column of its own.
const FIRST_RELEASE: i64 = 20_261_123_000_007;

fn into_folder(folder: &Path) -> BackupConfig {
    BackupConfig {
        place: Place::Folder(folder.join("backups")),
        at: None,
        keep_days: 30,
        keep_least: 7,
    }
}

/// Rows of every kind that is hard to copy: no text, much text, all of Unicode's planes, line feeds, JSON, bytes, times.
async fn fill(db: &mut PgConnection) {
    for statement in [
        r#"insert into videos (id, youtube_id, title, description, chapters)
           select 'v' || n, case when n % 3 = 0 then null else 'y' || n end, E'Title\twith \\ and\nlines 🎬 ' || n, repeat('x', n), '[{"title":"a"}]'
           from generate_series(1, 500) n"#,
        r#"insert into transcripts (video_id, content_hash, language, source, track, cues)
           select id, md5(id), 'de', 'manual', null, '[{"text":"Grüße \\n \"","span":null}]' from videos"#,
        r#"insert into passages (transcript_id, ordinal, start_ms, end_ms, sentences, terms)
           select t.id, n, n * 1000, null, '[]', to_tsvector('simple', 'wort' || n) from transcripts t, generate_series(0, 20) n"#,
        r#"insert into summaries (id, key, video_id, transcript_id, model, style, words, title, body, first_point, provenance)
           select gen_random_uuid(), content_hash, video_id, id, 'm', 's', 100, 't', 'b', 'f', '{}' from transcripts"#,
        r#"insert into claims (summary_id, ordinal, text, verdict, citations) select id, 0, 'said', 'matched', '[]' from summaries"#,
        r#"insert into model_answers (input_hash, model, text, truncated) values ('h', 'm', 'paid for', false)"#,
        r#"insert into thumbnails (youtube_id, content_type, bytes) values ('y1', 'image/png', '\x00ff5c0a')"#,
        r#"insert into runs (id, state, request_key, label, video_id, model, style, words, fresh, refetch)
           values (gen_random_uuid(), 'queued', 'k', 'l', 'v1', 'm', 's', 100, false, false)"#,
    ] {
        sqlx::query(statement).execute(&mut *db).await.unwrap();
    }
}

/// Another empty database on the server of the test.
async fn another(pool: &PgPool) -> (PgPool, String) {
    let name = format!("ytsum_test_{}", uuid::Uuid::now_v7().simple());
    copy::create_database(pool, &name).await.unwrap();
    let options = pool.connect_options().as_ref().clone().database(&name);
    (PgPoolOptions::new().connect_with(options).await.unwrap(), name)
}

/// Everything that is backed up, as text.
async fn contents(pool: &PgPool) -> BTreeMap<String, String> {
    use futures::TryStreamExt;
    let mut tx = pool.begin().await.unwrap();
    copy::settle_formats(&mut tx).await.unwrap();
    let mut all = BTreeMap::new();
    for name in copy::BACKED_UP {
        let table = Table::of(&mut tx, name).await.unwrap().unwrap();
        let rows: Vec<_> = copy::out(&mut tx, &table).await.unwrap().try_collect().await.unwrap();
        all.insert((*name).to_owned(), String::from_utf8(rows.concat()).unwrap());
    }
    all
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_was_backed_up_comes_back(pool: PgPool) {
    fill(&mut pool.acquire().await.unwrap()).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(data.join(AUDIO)).unwrap();
    std::fs::write(data.join(AUDIO).join("aa.mp3"), vec![7_u8; 100_000]).unwrap();
    std::fs::write(data.join(AUDIO).join("bb.mp3"), b"").unwrap();
    std::fs::write(data.join("secret.key"), b"canary-secret").unwrap();
    let config = into_folder(folder.path());
    let made = make(&pool, &data, &config).await.unwrap();
    assert_eq!((made.files, made.rows), (2, 500 + 500 + 500 * 21 + 500 + 500 + 3));

    let archive = folder.path().join("backups").join(&made.name);
    let (fresh, name) = another(&pool).await;
    let elsewhere = folder.path().join("elsewhere");
    restore(&fresh, &elsewhere, &archive).await.unwrap();
    assert_eq!(contents(&fresh).await, contents(&pool).await);
    assert_eq!(
        std::fs::read(elsewhere.join("audio/aa.mp3")).unwrap(),
        vec![7_u8; 100_000]
    );
    assert!(elsewhere.join("audio/bb.mp3").exists());

    // What comes next gets a number that is free; and what holds data is never written over.
    sqlx::query("insert into transcripts (video_id, content_hash, language, source, cues) values ('v1', 'new', 'en', 'manual', '[]')")
        .execute(&fresh)
        .await
        .unwrap();
    assert!(matches!(
        restore(&fresh, &elsewhere, &archive).await,
        Err(BackupError::NotEmpty)
    ));
    fresh.close().await;
    copy::drop_database(&pool, &name).await.unwrap();

    let unpacked = std::process::Command::new("tar")
        .arg("-xOzf")
        .arg(&archive)
        .output()
        .unwrap();
    assert!(unpacked.status.success());
    let text = String::from_utf8_lossy(&unpacked.stdout);
    assert!(text.contains("paid for") && !text.contains("canary-secret"));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn damage_is_noticed(pool: PgPool) {
    fill(&mut pool.acquire().await.unwrap()).await;
    let folder = tempfile::tempdir().unwrap();
    let config = into_folder(folder.path());
    let made = make(&pool, folder.path(), &config).await.unwrap();
    let archive = folder.path().join("backups").join(&made.name);
    let database = pool.connect_options().get_database().unwrap().to_owned();
    let url = database::with_name(&std::env::var("DATABASE_URL").unwrap(), &database).unwrap();
    let verified = verify(&pool, &url, &archive).await.unwrap();
    assert_eq!(verified.manifest.tables.len(), copy::BACKED_UP.len());

    let good = std::fs::read(&archive).unwrap();
    let broken = folder.path().join("broken.tar.gz");
    for at in [good.len() / 3, good.len() / 2, good.len() - 12] {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&broken, &bytes).unwrap();
        assert!(verify(&pool, &url, &broken).await.is_err(), "one bit at {at}");
    }
    std::fs::write(&broken, &good[..good.len() / 2]).unwrap();
    assert!(verify(&pool, &url, &broken).await.is_err());
    std::fs::write(&broken, b"no archive").unwrap();
    assert!(verify(&pool, &url, &broken).await.is_err());
    let left: i64 = sqlx::query_scalar("select count(*) from pg_database where datname like 'ytsum\\_verify\\_%'")
        .fetch_one(&pool)
        .await
        .unwrap();
    // Others may be at it in tests beside this one, but not these.
    assert!(left <= 1, "scratch databases were left behind: {left}");
}

#[sqlx::test(migrations = false)]
async fn the_first_releases_backup_is_restored_and_brought_up_to_date(pool: PgPool) {
    copy::migrate_to(&pool, FIRST_RELEASE).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    fill(&mut pool.acquire().await.unwrap()).await;
    let place = Place::Folder(folder.path().join("backups"));
    let (name, ..) = write(&pool, folder.path(), &place).await.unwrap();
    let archive = place.fetch(&name, folder.path()).await.unwrap();

    let (fresh, database) = another(&pool).await;
    let restored = restore(&fresh, folder.path(), &archive).await.unwrap();
    assert_eq!(restored.header.schema_version, FIRST_RELEASE);
    let version = copy::schema_version(&mut fresh.acquire().await.unwrap()).await.unwrap();
    assert_eq!(version, copy::newest_schema_version());
    let found: i64 = sqlx::query_scalar("select count(*) from summaries where terms @@ 'wort7'::tsquery")
        .fetch_one(&fresh)
        .await
        .unwrap();
    assert_eq!(found, 500, "what is new since then was made from what is old");
    fresh.close().await;
    copy::drop_database(&pool, &database).await.unwrap();
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn every_table_is_backed_up_or_left_out_for_a_reason(pool: PgPool) {
    let mut db = pool.acquire().await.unwrap();
    let mut known: Vec<&str> = copy::BACKED_UP.to_vec();
    known.extend(copy::LEFT_OUT.iter().map(|(name, _)| *name));
    known.sort_unstable();
    assert_eq!(copy::all_names(&mut db).await.unwrap(), known);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn of_all_replicas_one_makes_the_days_backup(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let config = BackupConfig {
        at: NaiveTime::from_hms_opt(0, 0, 0),
        ..into_folder(folder.path())
    };
    let now = Utc::now();
    let attempts = (0..5).map(|_| make_if_due(&pool, folder.path(), &config, now));
    let made = futures::future::join_all(attempts).await;
    assert_eq!(made.iter().filter(|made| matches!(made, Ok(Some(_)))).count(), 1);
    assert!(made.iter().all(Result::is_ok));
    assert!(make_if_due(&pool, folder.path(), &config, now).await.unwrap().is_none());
    assert!(backups::last_success(&pool).await.unwrap().is_some());
    assert!(
        make_if_due(&pool, folder.path(), &config, now + TimeDelta::days(1))
            .await
            .unwrap()
            .is_some()
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_folder_that_cannot_be_written_is_said(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("backups"), b"a file").unwrap();
    let error = make(&pool, folder.path(), &into_folder(folder.path()))
        .await
        .unwrap_err();
    assert!(matches!(error, BackupError::Place(_)), "{error}");
    let kept: Option<String> = sqlx::query_scalar("select error from backups")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, Some(error.to_string()));
}

/// A bucket: multipart uploads, lists in pages of two, downloads; every address has to be signed.
#[derive(Clone, Default)]
struct Bucket(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

async fn bucket(
    State(bucket): State<Bucket>,
    method: Method,
    UrlPath(path): UrlPath<String>,
    Query(query): Query<BTreeMap<String, String>>,
    body: axum::body::Bytes,
) -> axum::response::Response {
    if !query
        .get("X-Amz-Credential")
        .is_some_and(|whose| whose.starts_with("id/"))
        || !query.contains_key("X-Amz-Signature")
    {
        return (StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>").into_response();
    }
    let key = path.strip_prefix("bucket/").unwrap_or("").to_owned();
    let mut objects = bucket.0.lock().unwrap();
    let namespace = r#"xmlns="http://s3.amazonaws.com/doc/2006-03-01/""#;
    match (method.as_str(), query.get("uploadId")) {
        ("POST", None) => format!(
            "<InitiateMultipartUploadResult {namespace}><Bucket>bucket</Bucket><Key>{key}</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
        )
        .into_response(),
        ("PUT", Some(_)) => {
            let part = format!("parts/{:>5}", query["partNumber"]);
            objects.insert(part, body.to_vec());
            let mut headers = HeaderMap::new();
            headers.insert("etag", format!("\"{}\"", body.len()).parse().unwrap());
            headers.into_response()
        }
        ("POST", Some(_)) => {
            let parts: Vec<String> = objects.keys().filter(|key| key.starts_with("parts/")).cloned().collect();
            let whole: Vec<u8> = parts.iter().flat_map(|part| objects.remove(part).unwrap()).collect();
            objects.insert(key, whole);
            format!("<CompleteMultipartUploadResult {namespace}><ETag>e</ETag></CompleteMultipartUploadResult>").into_response()
        }
        ("DELETE", _) => {
            objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ if key.is_empty() => {
            let after = query.get("continuation-token").cloned().unwrap_or_default();
            let keys: Vec<&String> = objects.keys().filter(|key| **key > after).take(2).collect();
            let listed: String = keys
                .iter()
                .map(|key| format!("<Contents><ETag>e</ETag><Key>{key}</Key><LastModified>2026-11-24T00:00:00.000Z</LastModified><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>"))
                .collect();
            let next = if keys.len() == 2 {
                format!("<NextContinuationToken>{}</NextContinuationToken>", keys[1])
            } else {
                String::new()
            };
            format!("<ListBucketResult {namespace}><MaxKeys>2</MaxKeys>{listed}{next}</ListBucketResult>").into_response()
        }
        _ => match objects.get(&key) {
            Some(bytes) => bytes.clone().into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_bucket_keeps_them_as_well(pool: PgPool) {
    fill(&mut pool.acquire().await.unwrap()).await;
    let kept = Bucket::default();
    let app = Router::new()
        .route("/{*path}", axum::routing::any(bucket))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(kept.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let folder = tempfile::tempdir().unwrap();
    let s3 = |key: &str| {
        let secret = Secret::new("canary".to_owned());
        S3::new(
            endpoint.parse().unwrap(),
            "r".to_owned(),
            "bucket".to_owned(),
            "some/where",
            key.to_owned(),
            secret,
        )
    };
    let mut config = BackupConfig {
        place: Place::S3(s3("id").unwrap()),
        at: None,
        keep_days: 30,
        keep_least: 1,
    };
    for old in ["20200101T000000Z", "20200102T000000Z", "20200103T000000Z"] {
        kept.0
            .lock()
            .unwrap()
            .insert(format!("some/where/{PREFIX}{old}{SUFFIX}"), Vec::new());
    }
    let made = make(&pool, folder.path(), &config).await.unwrap();
    assert_eq!(made.removed.len(), 3);
    assert_eq!(newest(&config.place).await.unwrap(), made.name);
    let archive = config.place.fetch(&made.name, folder.path()).await.unwrap();
    assert_eq!(std::fs::metadata(&archive).unwrap().len(), made.bytes);
    let (fresh, name) = another(&pool).await;
    restore(&fresh, folder.path(), &archive).await.unwrap();
    assert_eq!(contents(&fresh).await, contents(&pool).await);
    fresh.close().await;
    copy::drop_database(&pool, &name).await.unwrap();

    config.place = Place::S3(s3("somebody-else").unwrap());
    let error = make(&pool, folder.path(), &config).await.unwrap_err().to_string();
    assert!(
        error.contains("403") && !error.contains("canary") && !error.contains("Signature"),
        "{error}"
    );
}

/// Nothing of the archive may choose what is written where.
#[sqlx::test(migrator = "database::MIGRATOR")]
async fn an_archive_of_somebody_elses_is_refused(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let (fresh, name) = another(&pool).await;
    let header = |tables: &str, version: i64| {
        format!(
            r#"{{"format":1,"program":"9.9.9","schema_version":{version},"created_at":"2026-11-24T00:00:00Z","tables":{tables}}}"#
        )
    };
    let newest = copy::newest_schema_version();
    for (entry, text) in [
        (
            "header.json",
            header(r#"[{"name":"pg_authid","columns":["rolname"]}]"#, newest),
        ),
        (
            "header.json",
            header(
                r#"[{"name":"videos","columns":["id\") from program 'id'; --"]}]"#,
                newest,
            ),
        ),
        ("header.json", header("[]", newest + 1)),
        ("audio/../../x", "x".to_owned()),
    ] {
        let path = folder.path().join("evil.tar.gz");
        let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(
            std::fs::File::create(&path).unwrap(),
            flate2::Compression::fast(),
        ));
        let mut head = tar::Header::new_gnu();
        head.set_size(text.len() as u64);
        // tar's own check would refuse the last name; a hostile one was not written with it.
        head.as_gnu_mut().unwrap().name[..entry.len()].copy_from_slice(entry.as_bytes());
        head.set_cksum();
        archive.append(&head, text.as_bytes()).unwrap();
        archive.into_inner().unwrap().finish().unwrap();
        let refused = restore(&fresh, folder.path(), &path).await.unwrap_err();
        assert!(
            matches!(refused, BackupError::Archive(_) | BackupError::TooNew { .. }),
            "{refused}"
        );
    }
    fresh.close().await;
    copy::drop_database(&pool, &name).await.unwrap();
}
