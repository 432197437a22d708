//! Searching what is kept, on a real Postgres.

use std::ops::RangeInclusive;

use backend::database::{self, search, summaries::Keep};
use domain::{
    captions,
    language::Language,
    library::FoundPage,
    passages,
    run::Request,
    search::Query,
    sentences,
    summary::{Citation, Claim, Provenance, Verdict},
    transcript::Source,
    video::Video,
};
use sqlx::PgPool;
use uuid::Uuid;

const KETTLE: &str = "0:00 The kettle sits on the stove and nothing happens.\n0:20 Small bubbles collapse before the water boils.\n\
                      0:40 That is why a kettle sings loudly in the kitchen.\n1:00 Nobody listens to it.";
const BEES: &str = "0:00 Bees decide together where the swarm will live.\n0:20 The scouts dance loudly.\n0:40 A kettle of water stands near the hive.";
const BRIDGE: &str =
    "0:00 Heute sprechen wir über die alten Brücken der Stadt.\n0:20 Die Kabel sammeln im Winter viel Eis.";
const CHINESE: &str = "0:00 今天我们谈谈这座新的大桥。\n0:20 冬天的时候电缆会结冰。";

async fn keep(pool: &PgPool, id: &str, title: &str, text: &str, claim: &str) -> Uuid {
    let transcript = captions::read(text, Source::Uploaded).unwrap();
    let language = Language::detect(text);
    let video = Video {
        id: id.to_owned(),
        title: title.to_owned(),
        ..Video::default()
    };
    let mut db = pool.acquire().await.unwrap();
    database::videos::keep(&mut *db, &video).await.unwrap();
    let transcript_id = database::transcripts::keep(&mut *db, id, language.code(), None, &transcript)
        .await
        .unwrap();
    let passages = passages::passages(&sentences::sentences(&transcript, language), &[]);
    database::passages::keep(&mut *db, transcript_id, &passages, language)
        .await
        .unwrap();
    let summary = Uuid::now_v7();
    let claims = [Claim {
        text: claim.to_owned(),
        verdict: Verdict::Matched,
        detail: None,
        citations: vec![Citation {
            passage: 1,
            start_ms: Some(20_000),
            end_ms: Some(40_000),
            text: String::new(),
            quote: None,
        }],
    }];
    let keep = Keep {
        id: summary,
        key: None,
        transcript_id,
        video_id: id,
        title,
        request: &Request {
            model: "extractive".to_owned(),
            style: "briefing".to_owned(),
            language: None,
            words: 100,
            span: None,
        },
        body: claim,
        claims: &claims,
        provenance: &Provenance {
            transcript_language: language.code().to_owned(),
            ..Provenance::default()
        },
    };
    database::summaries::keep(&mut db, &keep).await.unwrap();
    summary
}

async fn house(pool: &PgPool) {
    keep(pool, "kettle", "Why a kettle sings", KETTLE, "Bubbles make the noise.").await;
    keep(pool, "bees", "How bees decide", BEES, "Scouts vote for a home.").await;
    keep(pool, "bridge", "Brücken im Winter", BRIDGE, "Kabel sammeln Eis.").await;
    keep(pool, "chinese", "大桥", CHINESE, "电缆会结冰。").await;
}

async fn search(pool: &PgPool, typed: &str) -> FoundPage {
    search::find(&mut pool.acquire().await.unwrap(), &Query::parse(typed), 1)
        .await
        .unwrap()
}

async fn videos(pool: &PgPool, typed: &str) -> Vec<String> {
    search(pool, typed)
        .await
        .found
        .into_iter()
        .map(|found| found.item.video_id)
        .collect()
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn words_are_found_in_titles_summaries_and_transcripts(pool: PgPool) {
    house(&pool).await;
    assert_eq!(
        videos(&pool, "kettles").await,
        ["kettle", "bees"],
        "the better one first"
    );
    assert_eq!(videos(&pool, "vote").await, ["bees"], "in the summary alone");
    assert_eq!(
        videos(&pool, "kettle scouts").await,
        ["bees"],
        "one in the transcript, one in both"
    );
    assert_eq!(videos(&pool, "Brücke").await, ["bridge"]);
    assert_eq!(
        videos(&pool, "die Brücken").await,
        ["bridge"],
        "a stop word there, none in English"
    );
    assert_eq!(videos(&pool, "大桥").await, ["chinese"]);
    assert!(
        videos(&pool, "桥大").await.is_empty(),
        "the characters are there, not the word"
    );
    assert!(videos(&pool, "lighthouse").await.is_empty());
    let nothing = search(&pool, "-kettle").await;
    assert!(!nothing.is_query && nothing.found.is_empty());
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn words_that_are_too_common_are_found_where_they_are_rare(pool: PgPool) {
    house(&pool).await;
    let found = search(&pool, "the in").await;
    assert!(found.is_query && found.found.is_empty(), "English stop words");
    assert_eq!(found.too_common_in, [Language::English]);
    keep(
        &pool,
        "song",
        "Kabel",
        "0:00 Heute Abend singen wir The Kettle.",
        "Ein Lied.",
    )
    .await;
    let found = search(&pool, "the").await;
    assert_eq!(found.found[0].item.video_id, "song", "a name there");
    assert_eq!((found.found.len(), found.too_common_in), (1, vec![Language::English]));
    assert_eq!(search(&pool, "the kettle").await.too_common_in, []);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn phrases_exclusions_and_alternatives(pool: PgPool) {
    house(&pool).await;
    assert_eq!(videos(&pool, "\"sings loudly\"").await, ["kettle"]);
    assert!(videos(&pool, "\"loudly sings\"").await.is_empty());
    assert_eq!(videos(&pool, "\"kettle sings\"").await, ["kettle"], "in the title");
    assert_eq!(videos(&pool, "kettle -swarm").await, ["kettle"]);
    assert_eq!(videos(&pool, "kettle -\"sings loudly\"").await, ["bees"]);
    let mut either = videos(&pool, "swarm or Kabel").await;
    either.sort();
    assert_eq!(either, ["bees", "bridge"]);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_sentences_are_shown_with_their_second(pool: PgPool) {
    house(&pool).await;
    let found = search(&pool, "kettle loudly").await.found;
    let places = &found[0].places;
    assert_eq!(found[0].item.video_id, "kettle");
    let sentence: String = places
        .last()
        .unwrap()
        .pieces
        .iter()
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(sentence, "That is why a kettle sings loudly in the kitchen.");
    assert_eq!(places.last().unwrap().start_ms, Some(40_000));
    let marked: Vec<&str> = places
        .last()
        .unwrap()
        .pieces
        .iter()
        .filter(|piece| piece.is_match)
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(marked, ["kettle", "loudly"]);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_phrase_marks_the_sentence_that_has_it(pool: PgPool) {
    let said = "0:00 Take water that has boiled once, and boiling hot water again.\n0:04 Just before the water boils it sings.";
    keep(&pool, "tea", "Tea", said, "Nothing.").await;
    let found = search(&pool, "\"water boils\"").await.found;
    assert_eq!(found[0].places[0].start_ms, Some(4000), "{found:?}");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_only_the_summary_says_is_shown_as_its_words(pool: PgPool) {
    house(&pool).await;
    let found = search(&pool, "vote").await.found;
    let place = &found[0].places[0];
    assert!(place.is_written);
    assert_eq!((place.passage, place.start_ms), (Some(1), Some(20_000)));
    let marked: Vec<&str> = place
        .pieces
        .iter()
        .filter(|piece| piece.is_match)
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(marked, ["vote"]);
    assert!(!search(&pool, "kettle").await.found[0].places[0].is_written);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_was_not_found_in_the_transcript_is_shown_without_a_place(pool: PgPool) {
    house(&pool).await;
    let id = keep(
        &pool,
        "tea",
        "Tea",
        "0:00 The kettle sings.",
        "A refund of 500 dollars.",
    )
    .await;
    sqlx::query("update claims set verdict = 'not_found', citations = '[]' where summary_id = $1")
        .bind(id)
        .execute(&pool)
        .await
        .unwrap();
    let found = search(&pool, "refund").await.found;
    let place = &found[0].places[0];
    assert!(place.is_written);
    assert_eq!((place.passage, place.start_ms), (None, None));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn one_video_alone_shows_all_its_places(pool: PgPool) {
    // Far enough apart that each is a passage of its own.
    let said: String = (0..9)
        .map(|n| format!("{n}:00 The kettle sings for the guest number {n}.\n"))
        .collect();
    house(&pool).await;
    let id = keep(&pool, "tea", "Tea", &said, "Nothing.").await;
    let within = async |typed: &str| {
        let mut db = pool.acquire().await.unwrap();
        search::find_in(&mut db, &Query::parse(typed), "tea").await.unwrap()
    };
    let everywhere = search(&pool, "kettle guest").await.found;
    assert_eq!((everywhere[0].places.len(), everywhere[0].more), (3, 6));
    let alone = within("kettle guest").await.found;
    assert_eq!(alone.len(), 1);
    assert_eq!((alone[0].places.len(), alone[0].more), (9, 0));
    assert_eq!(alone[0].places[8].start_ms, Some(480_000));
    for typed in ["swarm", "kettle -guest", "\"guest kettle\""] {
        assert!(within(typed).await.found.is_empty(), "{typed}");
    }
    assert_eq!(within("\"kettle sings\"").await.found.len(), 1);
    assert!(!within("-kettle").await.is_query);
    database::summaries::delete(&pool, id).await.unwrap();
    assert!(within("kettle").await.found.is_empty());
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_video_is_found_once_and_a_deleted_summary_never(pool: PgPool) {
    house(&pool).await;
    let newer = keep(
        &pool,
        "kettle",
        "Why a kettle sings",
        KETTLE,
        "Steam is not the reason.",
    )
    .await;
    let found = search(&pool, "kettle -swarm").await.found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].item.id, newer.to_string());
    database::summaries::delete(&pool, newer).await.unwrap();
    assert_eq!(videos(&pool, "kettle -swarm").await, ["kettle"], "the older one");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn many_come_newest_first_in_pages(pool: PgPool) {
    for number in 0..230 {
        keep(
            &pool,
            &format!("v{number}"),
            &format!("Note {number}"),
            KETTLE,
            "A note.",
        )
        .await;
    }
    let mut db = pool.acquire().await.unwrap();
    for typed in ["kettle", "\"kettle sings\""] {
        let query = Query::parse(typed);
        let first = search::find(&mut db, &query, 1).await.unwrap();
        assert!(first.has_more);
        assert_eq!(first.found[0].item.video_id, "v229");
        let last = search::find(&mut db, &query, 12).await.unwrap();
        assert!(!last.has_more);
        assert_eq!(last.found.len(), 10);
        assert_eq!(last.found[9].item.video_id, "v0");
    }
}

/// More summaries like this one, each of a video of its own, whose number says how new it is.
async fn crowd(pool: &PgPool, like: Uuid, numbers: RangeInclusive<i32>) {
    sqlx::query("insert into videos (id, title) select 'c' || n, 'Crowd' from generate_series($1, $2) n")
        .bind(numbers.start())
        .bind(numbers.end())
        .execute(pool)
        .await
        .unwrap();
    sqlx::query(
        "insert into summaries (id, video_id, transcript_id, model, style, words, title, body, first_point, provenance, created_at, terms)
         select gen_random_uuid(), 'c' || n, transcript_id, model, style, words, title, body, first_point, provenance,
                created_at + n * interval '1 second', terms
         from summaries, generate_series($2, $3) n where id = $1",
    )
    .bind(like)
    .bind(numbers.start())
    .bind(numbers.end())
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_is_everywhere_comes_newest_first(pool: PgPool) {
    let one = keep(&pool, "kettle", "Why a kettle sings", KETTLE, "Bubbles make the noise.").await;
    keep(&pool, "bees", "How bees decide", BEES, "Scouts vote for a home.").await;
    crowd(&pool, one, 1..=3100).await;
    let mut db = pool.acquire().await.unwrap();
    for typed in [
        "kettle",
        "\"kettle sings\"",
        "stove \"kettle sings\"",
        "\"kettle sings\" or \"sings loudly\"",
    ] {
        let found = search::find(&mut db, &Query::parse(typed), 2).await.unwrap();
        assert_eq!(found.found.len(), 20, "{typed}");
        assert_eq!(found.found[0].item.video_id, "c3080", "{typed}");
        assert!(found.has_more, "{typed}");
    }
    let both = search::find(&mut db, &Query::parse("bees \"kettle of water\""), 1)
        .await
        .unwrap();
    assert_eq!(both.found.len(), 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_few_of_the_newest_have_comes_newest_first(pool: PgPool) {
    let bridge = keep(&pool, "bridge", "Brücken im Winter", BRIDGE, "Kabel sammeln Eis.").await;
    let kettle = keep(&pool, "kettle", "Why a kettle sings", KETTLE, "Bubbles make the noise.").await;
    let bees = keep(&pool, "bees", "How bees decide", BEES, "Scouts vote for a home.").await;
    crowd(&pool, bridge, 1..=250).await;
    crowd(&pool, kettle, 251..=600).await;
    crowd(&pool, bees, 601..=1600).await;
    crowd(&pool, kettle, 1601..=1630).await;
    let mut db = pool.acquire().await.unwrap();
    for (typed, page, first, last) in [
        ("stove", 1, "c1630", "c1611"),
        ("stove", 2, "c1610", "c591"),
        ("stove", 4, "c570", "c551"),
        ("Kabel", 1, "c250", "c231"),
        ("Kabel", 12, "c30", "c11"),
        ("Kabel", 13, "c10", "bridge"),
        ("kettle", 52, "c610", "c591"),
        ("stove -\"kettle stove\"", 2, "c1610", "c591"),
        ("Kabel -\"Eis Winter\"", 12, "c30", "c11"),
    ] {
        let found = search::find(&mut db, &Query::parse(typed), page).await.unwrap();
        let videos: Vec<&str> = found.found.iter().map(|found| found.item.video_id.as_str()).collect();
        assert_eq!(videos.first(), Some(&first), "{typed} {page}");
        assert_eq!(videos.last(), Some(&last), "{typed} {page}");
        assert_eq!(found.has_more, last != "bridge", "{typed} {page}");
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_phrase_is_found_among_passages_that_no_summary_has(pool: PgPool) {
    sqlx::raw_sql(
        "insert into videos (id, title) values ('alone', 'Alone');
         insert into transcripts (video_id, content_hash, language, source, cues) values ('alone', 'h', 'en', 'uploaded', '[]');
         insert into passages (transcript_id, ordinal, sentences, terms)
         select t.id, n, '[]', '''kettl'':1 ''sing'':2' from transcripts t, generate_series(1, 3100) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    keep(&pool, "kettle", "Tea", KETTLE, "Bubbles make the noise.").await;
    assert_eq!(videos(&pool, "\"kettle sings\"").await, ["kettle"]);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn whatever_is_typed_is_a_query(pool: PgPool) {
    house(&pool).await;
    for typed in [
        "'",
        "\\",
        "a & b | !c <-> (d",
        "kettle:*",
        "'; drop table videos; --",
        "\u{0}",
        "\"",
        "-\"",
        "\"a b",
        "é\u{301}",
    ] {
        search(&pool, typed).await;
    }
    assert_eq!(videos(&pool, &"kettle ".repeat(500)).await, ["kettle", "bees"]);
}
