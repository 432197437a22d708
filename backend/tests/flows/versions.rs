//! Several summaries of one video: parts of it, the pinned one, tags, and the library that lists them, on a real Postgres.

use std::time::Duration;

use backend::{
    database::{self, StoreError, search, summaries, summaries::Keep, tags},
    models::ModelsConfig,
    youtube::YouTubeConfig,
};
use domain::{
    library::{Shown, Sort},
    run::Request,
    search::Query,
    summary::{Claim, Provenance, Verdict},
    transcript::{Cue, Source, Span, Transcript},
    video::Video,
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::house;

async fn video(db: &mut PgConnection, id: &str) -> i64 {
    let video = Video {
        id: id.to_owned(),
        title: format!("About {id}"),
        ..Video::default()
    };
    database::videos::keep(&mut *db, &video).await.unwrap();
    let transcript = Transcript {
        cues: vec![Cue {
            span: None,
            text: format!("Words about {id}."),
        }],
        language: None,
        source: Source::Uploaded,
    };
    database::transcripts::keep(&mut *db, id, "en", None, &transcript)
        .await
        .unwrap()
}

async fn keep(db: &mut PgConnection, of: (&str, i64), title: &str, span: Option<Span>) -> Uuid {
    let id = Uuid::now_v7();
    let claim = |text: &str, verdict| Claim {
        text: text.to_owned(),
        verdict,
        detail: None,
        citations: Vec::new(),
    };
    let keep = Keep {
        id,
        key: None,
        transcript_id: of.1,
        video_id: of.0,
        title,
        request: &Request {
            model: "extractive".to_owned(),
            style: "briefing".to_owned(),
            language: None,
            words: 100,
            span,
        },
        body: "A lantern.",
        claims: &[
            claim("A lantern.", Verdict::Verbatim),
            claim("A lie.", Verdict::NotFound),
        ],
        provenance: &Provenance::default(),
    };
    summaries::keep(db, &keep).await.unwrap();
    id
}

const PART: Option<Span> = Some(Span {
    start_ms: 41_000,
    end_ms: 58_000,
});

/// Waits until somebody waits for a lock of another.
async fn until_somebody_waits(pool: &PgPool) {
    let wait = async {
        while !sqlx::query_scalar::<_, bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')")
            .fetch_one(pool)
            .await
            .unwrap()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), wait)
        .await
        .expect("nobody waits");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn two_pins_at_once_leave_one(pool: PgPool) -> Result<(), StoreError> {
    let mut db = pool.acquire().await?;
    let transcript = video(&mut db, "lamp").await;
    let one = keep(&mut db, ("lamp", transcript), "Lamp", None).await;
    let two = keep(&mut db, ("lamp", transcript), "Lamp", None).await;

    let mut first = pool.begin().await?;
    assert!(summaries::pin(&mut first, one, true).await?);
    let pool_of_second = pool.clone();
    let second = tokio::spawn(async move {
        let mut db = pool_of_second.acquire().await?;
        summaries::pin(&mut db, two, true).await
    });
    until_somebody_waits(&pool).await;
    first.commit().await?;
    assert!(second.await.unwrap()?);
    assert_eq!(summaries::main_of(&mut *db, "lamp").await?, Some(two));

    // Both were pinned when they were deleted, and both come back.
    summaries::delete(&pool, two).await?;
    assert!(summaries::pin(&mut db, one, true).await?);
    summaries::delete(&pool, one).await?;
    let mut first = pool.begin().await?;
    assert!(summaries::restore(&mut first, one).await?);
    let pool_of_second = pool.clone();
    let second = tokio::spawn(async move {
        let mut db = pool_of_second.acquire().await?;
        summaries::restore(&mut db, two).await
    });
    until_somebody_waits(&pool).await;
    first.commit().await?;
    assert!(second.await.unwrap()?);
    let versions = summaries::versions(&mut db, "lamp", 10).await?;
    let pinned: Vec<&str> = versions
        .iter()
        .filter(|version| version.is_pinned)
        .map(|version| version.item.id.as_str())
        .collect();
    assert_eq!(pinned, [one.to_string()]);
    Ok(())
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_address_of_a_video_leads_to_the_pinned_one_else_to_the_newest_whole(
    pool: PgPool,
) -> Result<(), StoreError> {
    let mut db = pool.acquire().await?;
    let transcript = video(&mut db, "lamp").await;
    let old = keep(&mut db, ("lamp", transcript), "Lamp", None).await;
    let new = keep(&mut db, ("lamp", transcript), "Lamp", None).await;
    let part = keep(&mut db, ("lamp", transcript), "Lamp", PART).await;
    assert_eq!(summaries::main_of(&mut *db, "lamp").await?, Some(new));
    let found = search::find(&mut db, &Query::parse("lantern"), 1).await?;
    let found: Vec<&str> = found.found.iter().map(|found| found.item.id.as_str()).collect();
    assert_eq!(found, [new.to_string()], "one of each video, not the part");

    assert!(summaries::pin(&mut db, part, true).await?);
    assert!(summaries::pin(&mut db, old, true).await?, "in the other's place");
    assert_eq!(summaries::main_of(&mut *db, "lamp").await?, Some(old));
    let versions = summaries::versions(&mut db, "lamp", 10).await?;
    let shown: Vec<(&str, bool, Option<Span>)> = versions
        .iter()
        .map(|version| (version.item.id.as_str(), version.is_pinned, version.item.span))
        .collect();
    let ids = [part, new, old].map(|id| id.to_string());
    assert_eq!(
        shown,
        [
            (ids[0].as_str(), false, PART),
            (&ids[1], false, None),
            (&ids[2], true, None)
        ]
    );
    assert_eq!(versions[0].tally.words(), "1 match · 1 not found");

    // Deleted, another one pinned, and back again: one pin is left.
    summaries::delete(&pool, old).await?;
    assert_eq!(summaries::main_of(&mut *db, "lamp").await?, Some(new));
    assert!(summaries::pin(&mut db, part, true).await?);
    assert!(summaries::restore(&mut db, old).await?);
    assert_eq!(summaries::main_of(&mut *db, "lamp").await?, Some(part));
    assert!(summaries::pin(&mut db, part, false).await?);
    assert_eq!(summaries::main_of(&mut *db, "lamp").await?, Some(new));
    assert!(!summaries::pin(&mut db, Uuid::now_v7(), true).await?);
    Ok(())
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn tags_are_put_on_counted_and_taken_off(pool: PgPool) -> Result<(), StoreError> {
    let mut db = pool.acquire().await?;
    let transcript = video(&mut db, "lamp").await;
    let one = keep(&mut db, ("lamp", transcript), "One", None).await;
    let two = keep(&mut db, ("lamp", transcript), "Two", None).await;
    for (id, tag) in [(one, "sea"), (one, "sea"), (one, "light"), (two, "sea")] {
        assert!(tags::add(&pool, id, tag).await?);
    }
    assert_eq!(tags::of(&pool, one).await?, ["light", "sea"]);
    let counts = tags::most_used(&pool, 10).await?;
    let counts: Vec<(&str, u64)> = counts.iter().map(|tag| (tag.tag.as_str(), tag.count)).collect();
    assert_eq!(counts, [("light", 1), ("sea", 2)]);
    let shown = |tag: &str| Shown {
        page: 1,
        per_page: 10,
        tag: Some(tag.to_owned()),
        ..Shown::default()
    };
    let page = summaries::page(&mut db, &shown("light")).await?;
    assert_eq!((page.total, page.items.len()), (1, 1));
    assert_eq!(page.items[0].tags, ["light", "sea"]);
    assert!(tags::remove(&pool, one, "light").await?);
    assert!(!tags::remove(&pool, one, "light").await?);
    assert_eq!(summaries::page(&mut db, &shown("light")).await?.total, 0);
    for n in 0..30 {
        tags::add(&pool, two, &format!("tag {n}")).await?;
    }
    assert_eq!(tags::of(&pool, two).await?.len(), 20, "so many and no more");
    assert!(
        tags::add(&pool, two, "sea").await?,
        "one that is there may be put on again"
    );
    Ok(())
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn every_page_of_every_order_has_each_once(pool: PgPool) -> Result<(), StoreError> {
    let mut db = pool.acquire().await?;
    let transcript = video(&mut db, "lamp").await;
    let mut titles = Vec::new();
    for n in 0..7 {
        // Equal titles too: what is equal must have an order all the same.
        let title = format!("{} title", ["b", "A", "c"][n % 3]);
        let id = keep(&mut db, ("lamp", transcript), &title, None).await;
        tags::add(&pool, id, "all").await?;
        titles.push(title);
    }
    titles.sort_by_key(|title| title.to_lowercase());
    for tag in [None, Some("all".to_owned())] {
        let mut orders = Vec::new();
        for sort in Sort::ALL {
            let mut items = Vec::new();
            for page in 1..=4 {
                let shown = Shown {
                    page,
                    per_page: 2,
                    sort,
                    tag: tag.clone(),
                };
                let page = summaries::page(&mut db, &shown).await?;
                assert_eq!(page.total, 7);
                items.extend(page.items);
            }
            let ids: std::collections::HashSet<String> = items.iter().map(|item| item.id.clone()).collect();
            assert_eq!((items.len(), ids.len()), (7, 7));
            orders.push(items);
        }
        let ids = |n: usize| orders[n].iter().map(|item| item.id.as_str()).collect::<Vec<_>>();
        let mut newest = ids(0);
        newest.reverse();
        assert_eq!(newest, ids(1));
        assert_eq!(
            orders[2].iter().map(|item| item.title.clone()).collect::<Vec<_>>(),
            titles
        );
    }
    Ok(())
}

/// What the library would count if it counted anew.
async fn counted(pool: &PgPool) -> Vec<(String, i64)> {
    sqlx::query_as(
        "select '' as tag, count(*) as summaries from summaries where deleted_at is null
         union all
         select tag, count(*) from summary_tags join summaries on id = summary_id where deleted_at is null group by tag
         order by tag",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn counts_that_are_kept_are_those_that_are_true(pool: PgPool) -> Result<(), StoreError> {
    let mut db = pool.acquire().await?;
    let transcript = video(&mut db, "lamp").await;
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.push(keep(&mut db, ("lamp", transcript), &format!("Talk {n}"), None).await);
    }
    let kept = || async {
        let kept: Vec<(String, i64)> =
            sqlx::query_as("select tag, summaries from library_counts where tag = '' or summaries <> 0 order by tag")
                .fetch_all(&pool)
                .await
                .unwrap();
        assert_eq!(kept, counted(&pool).await);
        kept.into_iter().map(|(_, count)| count).collect::<Vec<_>>()
    };
    assert_eq!(kept().await, [6]);
    for id in &ids {
        tags::add(&pool, *id, "sea").await?;
    }
    tags::add(&pool, ids[0], "light").await?;
    assert_eq!(kept().await, [6, 1, 6]);
    summaries::delete(&pool, ids[0]).await?;
    summaries::delete(&pool, ids[1]).await?;
    assert_eq!(kept().await, [4, 4]);
    // A tag that is taken off while its summary is not shown was counted out already.
    tags::remove(&pool, ids[0], "sea").await?;
    summaries::restore(&mut *pool.acquire().await?, ids[0]).await?;
    assert_eq!(kept().await, [5, 1, 4]);
    sqlx::query("update summaries set deleted_at = now() - interval '2 days' where id = $1")
        .bind(ids[2])
        .execute(&pool)
        .await?;
    assert_eq!(summaries::purge(&pool).await?, 1);
    assert_eq!(kept().await, [4, 1, 3]);
    // Removed while it was shown, and with what it is a summary of.
    sqlx::query("delete from summaries where id = $1")
        .bind(ids[0])
        .execute(&pool)
        .await?;
    assert_eq!(kept().await, [3, 3]);
    sqlx::query("delete from summaries").execute(&pool).await?;
    assert_eq!(kept().await, [0]);
    Ok(())
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_was_found_is_shown_again_until_it_changes(pool: PgPool) -> Result<(), StoreError> {
    let services = house::services(pool.clone(), YouTubeConfig::default(), ModelsConfig::default());
    let mut db = pool.acquire().await?;
    let transcript = video(&mut db, "lamp").await;
    let found = async || {
        let page = services.search("lantern", 1).await.unwrap();
        let ids: Vec<String> = page.found.into_iter().map(|found| found.item.id).collect();
        ids
    };
    assert!(found().await.is_empty());
    let first = keep(&mut db, ("lamp", transcript), "Lamp", None).await;
    assert_eq!(found().await, [first.to_string()]);
    let second = keep(&mut db, ("lamp", transcript), "Lamp", None).await;
    assert_eq!(found().await, [second.to_string()]);
    assert!(summaries::pin(&mut db, first, true).await?);
    assert_eq!(found().await, [first.to_string()], "the one that stands for its video");
    // Nothing is asked of the tables while nothing changes: what is taken away behind the triggers' back is still there.
    sqlx::raw_sql("alter table summaries disable trigger user")
        .execute(&pool)
        .await?;
    sqlx::raw_sql("update summaries set deleted_at = now()")
        .execute(&pool)
        .await?;
    assert_eq!(found().await, [first.to_string()]);
    sqlx::raw_sql("update summaries set deleted_at = null; alter table summaries enable trigger user")
        .execute(&pool)
        .await?;
    assert!(summaries::delete(&pool, first).await?.is_some());
    assert_eq!(found().await, [second.to_string()]);
    Ok(())
}
