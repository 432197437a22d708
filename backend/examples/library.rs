//! How fast the library and the search are: `cargo run --release -p backend --example library -- [SUMMARIES]`, 100,000 where nothing
//! is said, in the empty database that `DATABASE_URL` names, which is left filled. Prints milliseconds; asserts nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use backend::database::{self, search, summaries};
use domain::{
    library::{Shown, Sort},
    search::Query,
};
use sqlx::PgPool;

/// Times that each question is asked.
const TIMES: usize = 25;

#[tokio::main]
async fn main() -> Result<()> {
    let count: i64 = match std::env::args().nth(1) {
        Some(count) => count.parse().context("the number of summaries")?,
        None => 100_000,
    };
    let url = std::env::var("DATABASE_URL").context("DATABASE_URL names an empty database")?;
    let pool = database::connect(&url, 4).await?;
    database::migrate(&pool).await?;
    let there: i64 = sqlx::query_scalar("select count(*) from summaries")
        .fetch_one(&pool)
        .await?;
    if there == 0 {
        let start = Instant::now();
        fill(&pool, count).await?;
        println!("filled in {:.0} s", start.elapsed().as_secs_f64());
    }
    ensure!(there == 0 || there == count, "the database holds {there} summaries");
    println!("{count} summaries; milliseconds of {TIMES} calls: median, p95");
    let last = u32::try_from(count / 24).unwrap_or(u32::MAX);
    for (name, page, sort, tag) in [
        ("the library", 1, Sort::Newest, None),
        ("its page in the middle", last / 2, Sort::Newest, None),
        ("its last page", last, Sort::Newest, None),
        ("by title, its last page", last, Sort::Title, None),
        ("a tag that 1 in 1,000 have", 1, Sort::Newest, Some("rare")),
        ("a tag that 1 in 10 have", 1, Sort::Newest, Some("common")),
    ] {
        let shown = Shown {
            page: page.max(1),
            per_page: 24,
            sort,
            tag: tag.map(str::to_owned),
        };
        measure(name, || async {
            let mut db = pool.acquire().await?;
            Ok(summaries::page(&mut db, &shown).await?.items.len())
        })
        .await?;
    }
    for (name, typed) in [
        ("a word that nearly all have", "w1"),
        ("a word that many have", "w60"),
        ("a rare word", "w9000"),
        ("two words", "w40 w300"),
        ("a phrase", "\"w3 w5\""),
        ("one without another", "w60 -w2"),
        ("one or another", "w9000 or w9001"),
        ("a word that nobody has", "zyzzyva"),
    ] {
        let query = Query::parse(typed);
        measure(name, || async {
            let mut db = pool.acquire().await?;
            Ok(search::find(&mut db, &query, 1).await?.found.len())
        })
        .await?;
    }
    Ok(())
}

async fn measure<F: Future<Output = Result<usize>>>(name: &str, ask: impl Fn() -> F) -> Result<()> {
    // What is read for the first time comes from the disk.
    let rows = ask().await?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let start = Instant::now();
        ask().await?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name:32} {:7.1} {:7.1}   {rows} rows",
        times[TIMES / 2],
        times[TIMES * 95 / 100]
    );
    Ok(())
}

async fn fill(pool: &PgPool, count: i64) -> Result<()> {
    let sql = format!(
        "set load.summaries = {count};\n{}",
        include_str!("../benchmarks/library.sql")
    );
    let mut db = pool.acquire().await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut *db).await?;
    // What autovacuum does sooner or later.
    sqlx::raw_sql("vacuum analyze").execute(&mut *db).await?;
    Ok(())
}
