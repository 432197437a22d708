//! How fast the library and the search are: `cargo run --release -p backend --example library -- [SUMMARIES]`, 100,000 where nothing
//! is said, in the empty database that `DATABASE_URL` names, which is left filled. Prints milliseconds; asserts nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use backend::database::{self, library_evidence, passages, search, summaries, tags};
use domain::{
    evidence,
    language::Language,
    library::{Shown, Sort},
    search::Query,
};
use sqlx::PgPool;

/// Times that each is asked for, each time with other words where there are any.
const TIMES: usize = 40;

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
    println!("{count} summaries; milliseconds of {TIMES} calls: median, p95; rows");
    library(&pool, count).await?;
    searches(&pool).await?;
    asking(&pool, count).await
}

/// Pages of the library with the tags that are shown above it.
async fn library(pool: &PgPool, count: i64) -> Result<()> {
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
        measure(name, |_| async {
            let mut db = pool.acquire().await?;
            tags::most_used(&mut *db, 24).await?;
            Ok(summaries::page(&mut db, &shown).await?.items.len())
        })
        .await?;
    }
    Ok(())
}

/// Searches; `#` is another number each time, `漢` and `字` other characters.
async fn searches(pool: &PgPool) -> Result<()> {
    for (name, typed) in [
        ("a word that nearly all have", "w#1"),
        ("a word that many have", "w#60"),
        ("a word that some have", "w#2000"),
        ("a rare word", "w#9000"),
        ("a word that only titles have", "t#100"),
        ("a rare one", "t#9000"),
        ("a word that only summaries have", "s#5000"),
        ("two words", "w#40 w#300"),
        ("five words", "w#2 w#30 w#300 w#60 w#90"),
        ("two rare words", "w#2000 w#3000"),
        ("a phrase of common words", "\"w#3 w#5\""),
        ("a phrase of words many have", "\"w#30 w#70\""),
        ("a phrase with a rare word", "\"w#3 w#5000\""),
        ("a phrase of four words", "\"w#3 w#1 w#5 w#2\""),
        ("a word and a phrase", "w#400 \"w#3 w#5\""),
        ("a word without another", "w#60 -w#2"),
        ("a word without a phrase", "w#60 -\"w#1 w#3\""),
        ("a rare word or another", "w#9000 or w#9500"),
        ("a common word or a rare one", "w#60 or w#9000"),
        ("a phrase or another", "\"w#3 w#5\" or \"w#9 w#4\""),
        ("a common Chinese character", "漢"),
        ("a Chinese word", "漢漢"),
        ("a Chinese word, not so common", "字字"),
        ("a Russian word", "ж#60"),
        ("a Russian phrase", "\"ж#3 ж#5\""),
        ("stop words", "the"),
        ("a word that nobody has", "zyzzyva"),
        ("a phrase that nobody says", "\"w#3000 w#4000\""),
    ] {
        measure(name, |time| async move {
            let mut db = pool.acquire().await?;
            Ok(search::find(&mut db, &Query::parse(&typed_at(typed, time)), 1)
                .await?
                .found
                .len())
        })
        .await?;
    }
    Ok(())
}

/// What is done before a question is answered: finding the videos, reading them and ranking their passages.
async fn asking(pool: &PgPool, count: i64) -> Result<()> {
    for (name, typed) in [
        ("a question of five rare words", "w#9000 w#9200 w#9400 w#9600 w#9800"),
        ("of two rare, two common", "w#9000 w#9400 w#3 w#5"),
        ("of five common words", "w#1 w#3 w#5 w#7 w#9"),
        ("of words that many have", "w#60 w#100 w#150 w#200"),
        ("of a word that nearly all have", "w#1"),
        (
            "of twelve words of all kinds",
            "w#1 w#3 w#7 w#20 w#60 w#90 w#200 w#500 w#1000 w#3000 w#6000 w#9000",
        ),
        ("a Chinese question", "字字漢字字漢"),
    ] {
        measure(name, |time| async move {
            let text = typed_at(typed, time);
            let question = evidence::Question {
                text: &text,
                earlier: &[],
            };
            let sources = library_evidence::likely(pool, &evidence::words(&question)).await?;
            for source in &sources {
                let said = passages::of_transcript(pool, source.transcript_id).await?;
                std::hint::black_box(evidence::rank(
                    &said,
                    &[],
                    Language::from_code(&source.language),
                    &question,
                ));
            }
            Ok(sources.len())
        })
        .await?;
    }
    let long: Vec<i64> = (1..=count / 1000).map(|thousand| thousand * 1000).collect();
    if long.is_empty() {
        return Ok(());
    }
    measure("a question about two hours", |time| {
        let transcript = long[time % long.len()];
        async move {
            let said = passages::of_transcript(pool, transcript).await?;
            let text = typed_at("w#3 w#60 w#300", time);
            let question = evidence::Question {
                text: &text,
                earlier: &[],
            };
            Ok(evidence::rank(&said, &[], Language::English, &question).hits.len())
        }
    })
    .await
}

/// Words with numbers and characters of their own each time: those of the same number are about as common.
fn typed_at(typed: &str, time: usize) -> String {
    let mut at = String::new();
    let mut rest = typed.chars().peekable();
    let mut characters = 0;
    while let Some(c) = rest.next() {
        let (from, span) = match c {
            '漢' => (0x4E00, 20),
            '字' => (0x4E40, 100),
            '#' => {
                let mut number = 0;
                while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                    number = number * 10 + digit as usize;
                    rest.next();
                }
                at.push_str(&(number + time % (number / 2 + 1)).to_string());
                continue;
            }
            _ => {
                at.push(c);
                continue;
            }
        };
        characters += 7;
        at.extend(char::from_u32(from + ((time + characters) % span) as u32));
    }
    at
}

async fn measure<F: Future<Output = Result<usize>>>(name: &str, ask: impl Fn(usize) -> F) -> Result<()> {
    // What is read for the first time comes from the disk.
    let mut rows = ask(0).await?;
    let mut times = Vec::with_capacity(TIMES);
    for time in 0..TIMES {
        let start = Instant::now();
        rows = rows.max(ask(time).await?);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name:32} {:7.1} {:7.1}   {rows}",
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
