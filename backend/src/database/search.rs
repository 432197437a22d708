//! Searching `summaries` and `passages`.
//!
//! Postgres' index finds the summaries that have the words in title, text or transcript. Few are put in order of how well
//! they fit; of very many, the newest come first. Common words are among the newest summaries, which are walked through until a
//! page is full; of rarer words all that have them are read, and sorted. Only for the videos of that page the passages are looked
//! at. A phrase is looked up by its pairs of words (`word_pairs`), since its words alone may be everywhere.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    language::Language,
    library::{Found, FoundPage, LibraryItem, Place},
    markdown,
    search::{self, Query},
    sentences::Sentence,
    summary::Citation,
};
use sqlx::{Connection as _, PgConnection, types::Json};
use uuid::Uuid;

use super::{
    StoreError,
    summaries::{self, ItemRow},
    terms::{self, TsQuery},
};

/// Up to so many are put in order of how well they fit.
const RANKED: i64 = 200;
/// So many of the newest summaries are walked through; where they do not fill a page, the words are so rare that all that have them are
/// sooner read. Both take about as long where one in fifty of 100,000 has them.
const WALKED: i64 = 1000;
/// Up to so many places that have a phrase are looked at one by one; where more have it, the newest summaries have it soon enough.
const SIDE_BY_SIDE: i64 = 3000;
/// As many summaries at once are compared with a phrase.
const COMPARED: usize = 300;
/// Places shown of a video.
const PLACES: i64 = 3;
/// Places shown of a video where it alone is looked through.
const PLACES_OF_ONE: i64 = 100;
/// Videos on a page.
pub const PER_PAGE: u32 = 20;

/// Searches. Each video is found once, as the summary that its own address leads to.
///
/// # Errors
/// [`StoreError`]
pub async fn find(db: &mut PgConnection, query: &Query, page: u32) -> Result<FoundPage, StoreError> {
    let readings = query.readings();
    let mut found = FoundPage {
        is_query: !readings.is_empty(),
        too_common_in: query.too_common_in(),
        found: Vec::new(),
        page,
        has_more: false,
        chips: query.chips(),
    };
    if readings.is_empty() {
        return Ok(found);
    }
    let asked = terms::query(&readings);
    let skip = usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX);
    let skip = skip.saturating_mul(PER_PAGE as usize);
    let mut tx = db.begin().await?;
    // The best way depends on how common the words are. A plan that is kept for all queries knows nothing of that. And the planner takes
    // comparing all summaries with the words for cheap.
    sqlx::query(
        "select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true)",
    )
    .execute(&mut *tx)
    .await?;
    let mut ids = match with_phrase(&mut tx, &asked).await? {
        WithPhrase::These(ids) => {
            let fitting = fitting_of(&mut tx, &asked, &ids, skip.saturating_add(PER_PAGE as usize)).await?;
            if fitting.len() as i64 <= RANKED {
                ranked(&mut tx, &asked, &fitting, skip).await?
            } else {
                fitting.into_iter().skip(skip).collect()
            }
        }
        WithPhrase::Many => newest(&mut tx, &asked, skip).await?,
        WithPhrase::Unknown => {
            let few = fitting(&mut tx, &asked, None, RANKED + 1).await?;
            if few.len() as i64 > RANKED {
                newest(&mut tx, &asked, skip).await?
            } else {
                let few: Vec<Uuid> = few.into_iter().map(|(_, id)| id).collect();
                ranked(&mut tx, &asked, &few, skip).await?
            }
        }
    };
    found.has_more = ids.len() > PER_PAGE as usize;
    ids.truncate(PER_PAGE as usize);
    found.found = shown(&mut tx, query, &asked, &ids, PLACES).await?;
    tx.commit().await?;
    Ok(found)
}

/// Looks through one video alone, as the summary that its own address leads to: all places, up to a hundred.
///
/// # Errors
/// [`StoreError`]
pub async fn find_in(db: &mut PgConnection, query: &Query, video_id: &str) -> Result<FoundPage, StoreError> {
    let readings = query.readings();
    let mut found = FoundPage {
        is_query: !readings.is_empty(),
        found: Vec::new(),
        page: 1,
        has_more: false,
        chips: query.chips(),
        too_common_in: query.too_common_in(),
    };
    if readings.is_empty() {
        return Ok(found);
    }
    let asked = terms::query(&readings);
    if let Some(id) = summaries::main_of(&mut *db, video_id).await?
        && fits(db, &asked, id).await?
    {
        found.found = shown(db, query, &asked, &[id], PLACES_OF_ONE).await?;
    }
    Ok(found)
}

/// Whether the summary that a video's own address leads to has what is asked for.
async fn fits(db: &mut PgConnection, asked: &TsQuery, id: Uuid) -> Result<bool, StoreError> {
    if !asked.phrases.is_empty() {
        return Ok(!fitting(db, asked, Some(&[id]), 1).await?.is_empty());
    }
    Ok(sqlx::query_scalar!(
        r#"select terms @@ $2::text::tsquery as "fits!" from summaries where id = $1"#,
        id,
        asked.loose
    )
    .fetch_one(db)
    .await?)
}

/// Which summaries have a phrase that all that is found must have.
enum WithPhrase {
    /// There is no such phrase, or it is not worth looking up.
    Unknown,
    /// These, newest first, and maybe a few that do not.
    These(Vec<Uuid>),
    /// So many that they need no order; nothing else is asked for.
    Many,
}

async fn with_phrase(db: &mut PgConnection, asked: &TsQuery) -> Result<WithPhrase, StoreError> {
    if asked.longest.is_empty() {
        return Ok(WithPhrase::Unknown);
    }
    // A passage that no summary stands for counts as well: else nobody knew whether these are all.
    let rows = sqlx::query!(
        r#"select s.id as "id?", s.created_at as "created_at?"
           from unnest($1::text[]) as phrase join summaries s on word_pairs(s.terms) @> word_pairs(phrase::tsvector)
           where s.deleted_at is null
           union all
           select s.id, s.created_at
           from (select p.transcript_id
                 from unnest($1::text[]) as phrase join passages p on word_pairs(p.terms) @> word_pairs(phrase::tsvector)
                 limit $2) as said
                left join summaries s on s.transcript_id = said.transcript_id and s.deleted_at is null
           limit $2"#,
        &asked.longest,
        SIDE_BY_SIDE + 1,
    )
    .fetch_all(db)
    .await?;
    let is_all = rows.len() as i64 <= SIDE_BY_SIDE;
    let mut having: Vec<(DateTime<Utc>, Uuid)> = rows.iter().filter_map(|row| row.created_at.zip(row.id)).collect();
    having.sort_unstable_by(|a, b| b.cmp(a));
    having.dedup();
    let ids: Vec<Uuid> = having.into_iter().map(|(_, id)| id).collect();
    Ok(if is_all {
        WithPhrase::These(ids)
    } else if asked.is_phrase && ids.len() as i64 > RANKED {
        WithPhrase::Many
    } else {
        WithPhrase::Unknown
    })
}

/// Those of `ids` that fit, in their order: all where few do, else as many as are needed to say so, or to show `needed` and one more.
async fn fitting_of(
    db: &mut PgConnection,
    asked: &TsQuery,
    ids: &[Uuid],
    needed: usize,
) -> Result<Vec<Uuid>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(COMPARED) {
        let fitting = fitting(db, asked, Some(some), COMPARED as i64).await?;
        let fitting: HashSet<Uuid> = fitting.into_iter().map(|(_, id)| id).collect();
        found.extend(some.iter().filter(|id| fitting.contains(id)));
        if found.len() as i64 > RANKED && found.len() > needed {
            break;
        }
    }
    Ok(found)
}

/// The summaries that fit, or those of `ids` that do, with their dates, in no order.
///
/// `ids` are compared with readings that have phrases, whose words are looked at then: the index, which takes long where they are
/// common, need not be asked. Phrases are compared in the query itself, since Postgres starts a function of the database (`fits_query`,
/// which only the version before this one calls) anew for each summary, which takes as long as comparing. `offset 0`: the planner,
/// which does not know the phrase, would else also ask the index of all passages for it, for each summary.
async fn fitting(
    db: &mut PgConnection,
    asked: &TsQuery,
    ids: Option<&[Uuid]>,
    limit: i64,
) -> Result<Vec<(DateTime<Utc>, Uuid)>, StoreError> {
    let rows = sqlx::query!(
        "select s.created_at, s.id from summaries s
         where s.deleted_at is null
           and ($7::uuid[] is null or s.id = any($7)) and ($7 is not null or s.terms @@ $1::text::tsquery)
           and (cardinality($3::bigint[]) = 0 or exists (
               select from unnest($2::text[]) with ordinality as reading (words, number)
               where s.terms @@ reading.words::tsquery and not exists (
                   select from unnest($3, $4::text[], $5::boolean[]) as phrase (of, words, wanted)
                   where phrase.of = reading.number
                     and (s.terms @@ phrase.words::tsquery
                          or exists (select from (select p.terms from passages p
                                                  where p.transcript_id = s.transcript_id offset 0) as said
                                     where said.terms @@ phrase.words::tsquery)) <> phrase.wanted)))
           and not exists (select from summaries newer
                           where newer.video_id = s.video_id and newer.deleted_at is null
                             and (newer.pinned, newer.span_start_ms is null, newer.created_at, newer.id)
                                 > (s.pinned, s.span_start_ms is null, s.created_at, s.id))
         limit $6",
        asked.loose,
        &asked.readings,
        &asked.phrase_of,
        &asked.phrases,
        &asked.phrase_wanted,
        limit,
        ids as _,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.created_at, row.id)).collect())
}

/// A page of the newest that fit, and one more, of many.
async fn newest(db: &mut PgConnection, asked: &TsQuery, skip: usize) -> Result<Vec<Uuid>, StoreError> {
    let on_page = PER_PAGE as usize + 1;
    // How rare a phrase is, its words do not tell: they may be common, and the thousand newest still be walked in vain.
    if !asked.longest.is_empty() {
        return walked(db, asked, None, skip, on_page).await;
    }
    let since = sqlx::query_scalar!(
        "select created_at from summaries where deleted_at is null order by created_at desc, id desc offset $1 limit 1",
        WALKED
    )
    .fetch_optional(&mut *db)
    .await?;
    let mut found = walked(db, asked, since, 0, skip.saturating_add(on_page)).await?;
    if found.len() >= skip.saturating_add(on_page) {
        Ok(found.split_off(skip))
    } else if found.len() >= on_page || !asked.phrases.is_empty() {
        walked(db, asked, None, skip, on_page).await
    } else {
        read(db, asked, skip, on_page).await
    }
}

/// The newest that fit, by the index on their dates.
async fn walked(
    db: &mut PgConnection,
    asked: &TsQuery,
    since: Option<DateTime<Utc>>,
    skip: usize,
    limit: usize,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select s.id from summaries s
         where s.deleted_at is null and s.terms @@ $1::text::tsquery
           and ($8::timestamptz is null or s.created_at >= $8)
           and (cardinality($3::bigint[]) = 0 or exists (
               select from unnest($2::text[]) with ordinality as reading (words, number)
               where s.terms @@ reading.words::tsquery and not exists (
                   select from unnest($3, $4::text[], $5::boolean[]) as phrase (of, words, wanted)
                   where phrase.of = reading.number
                     and (s.terms @@ phrase.words::tsquery
                          or exists (select from (select p.terms from passages p
                                                  where p.transcript_id = s.transcript_id offset 0) as said
                                     where said.terms @@ phrase.words::tsquery)) <> phrase.wanted)))
           and not exists (select from summaries newer
                           where newer.video_id = s.video_id and newer.deleted_at is null
                             and (newer.pinned, newer.span_start_ms is null, newer.created_at, newer.id)
                                 > (s.pinned, s.span_start_ms is null, s.created_at, s.id))
         order by s.created_at desc, s.id desc offset $6 limit $7",
        asked.loose,
        &asked.readings,
        &asked.phrase_of,
        &asked.phrases,
        &asked.phrase_wanted,
        i64::try_from(skip).unwrap_or(i64::MAX),
        i64::try_from(limit).unwrap_or(i64::MAX),
        since,
    )
    .fetch_all(db)
    .await?)
}

/// The newest that have the words, by the index of words.
async fn read(db: &mut PgConnection, asked: &TsQuery, skip: usize, limit: usize) -> Result<Vec<Uuid>, StoreError> {
    // `offset 0` keeps the planner, which takes comparing a summary's words for cheap, from walking by date after all.
    Ok(sqlx::query_scalar!(
        "select s.id
         from (select id, video_id, pinned, span_start_ms, created_at from summaries
               where deleted_at is null and terms @@ $1::text::tsquery
               order by created_at desc, id desc offset 0) as s
         where not exists (select from summaries newer
                           where newer.video_id = s.video_id and newer.deleted_at is null
                             and (newer.pinned, newer.span_start_ms is null, newer.created_at, newer.id)
                                 > (s.pinned, s.span_start_ms is null, s.created_at, s.id))
         order by s.created_at desc, s.id desc offset $2 limit $3",
        asked.loose,
        i64::try_from(skip).unwrap_or(i64::MAX),
        i64::try_from(limit).unwrap_or(i64::MAX),
    )
    .fetch_all(db)
    .await?)
}

async fn ranked(db: &mut PgConnection, asked: &TsQuery, ids: &[Uuid], skip: usize) -> Result<Vec<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select id from summaries where id = any($1)
         order by ts_rank(terms, $2::text::tsquery) desc, created_at desc, id desc offset $3 limit $4",
        ids,
        asked.any,
        i64::try_from(skip).unwrap_or(i64::MAX),
        i64::from(PER_PAGE) + 1,
    )
    .fetch_all(db)
    .await?)
}

/// What is shown of the summaries, in the order of `ids`, with at most `most` places each.
async fn shown(
    db: &mut PgConnection,
    query: &Query,
    asked: &TsQuery,
    ids: &[Uuid],
    most: i64,
) -> Result<Vec<Found>, StoreError> {
    let rows = sqlx::query!(
        r#"select s.id, s.video_id, v.youtube_id, s.title, v.channel, v.duration_s,
                  coalesce(s.provenance->>'model', s.model) as "model!", s.style, s.language, s.first_point, s.created_at,
                  s.span_start_ms, s.span_end_ms,
                  array(select tag from summary_tags where summary_id = s.id order by tag) as "tags!",
                  s.transcript_id, t.language as transcript_language
           from summaries s join videos v on v.id = s.video_id join transcripts t on t.id = s.transcript_id
           where s.id = any($1)"#,
        ids
    )
    .fetch_all(&mut *db)
    .await?;
    let transcripts: Vec<i64> = rows.iter().map(|row| row.transcript_id).collect();
    let mut places = passages(db, asked, &transcripts, most).await?;
    let unsaid = rows.iter().filter(|row| !places.contains_key(&row.transcript_id));
    let mut written = claims(db, &unsaid.map(|row| row.id).collect::<Vec<_>>()).await?;
    let mut by_id: HashMap<Uuid, Found> = HashMap::new();
    for row in rows {
        let language = Language::from_code(&row.transcript_language);
        let (passages, total) = places.remove(&row.transcript_id).unwrap_or_default();
        let stems = query.stems(language);
        let mut places: Vec<Place> = passages
            .into_iter()
            .filter_map(|passage| passage.best_sentence(query, language, &stems))
            .collect();
        if places.is_empty() {
            let written_in = row.language.as_deref().map_or(language, Language::from_code);
            places = of_claims(written.remove(&row.id).unwrap_or_default(), query, written_in);
        }
        let item = LibraryItem::from(ItemRow {
            id: row.id,
            video_id: row.video_id,
            youtube_id: row.youtube_id,
            title: row.title,
            channel: row.channel,
            duration_s: row.duration_s,
            model: row.model,
            style: row.style,
            language: row.language,
            first_point: row.first_point,
            created_at: row.created_at,
            span_start_ms: row.span_start_ms,
            span_end_ms: row.span_end_ms,
            tags: row.tags,
        });
        let more = total.saturating_sub(places.len());
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        by_id.insert(row.id, Found { item, places, more });
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// A claim's words, and what it cites first.
type Written = (String, Option<Citation>);

/// Claims of summaries, with what they cite first.
async fn claims(db: &mut PgConnection, summaries: &[Uuid]) -> Result<HashMap<Uuid, Vec<Written>>, StoreError> {
    let rows = sqlx::query!(
        r#"select summary_id, text, citations as "citations!: Json<Vec<Citation>>" from claims
           where summary_id = any($1) order by summary_id, ordinal"#,
        summaries
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, Vec<Written>> = HashMap::new();
    for row in rows {
        let first = row.citations.0.into_iter().next();
        found.entry(row.summary_id).or_default().push((row.text, first));
    }
    Ok(found)
}

/// The claims that have most of the words, at the seconds they lead to: nobody says these words, the summary has them.
fn of_claims(claims: Vec<Written>, query: &Query, language: Language) -> Vec<Place> {
    let stems = query.stems(language);
    let mut found: Vec<(usize, Place)> = claims
        .into_iter()
        .map(|(text, citation)| {
            let text = markdown::plain(&text);
            let place = Place {
                passage: citation.as_ref().map(|citation| citation.passage),
                start_ms: citation.and_then(|citation| citation.start_ms),
                pieces: search::highlight(&text, language, &stems),
                is_written: true,
            };
            (search::count(&text, language, &stems), place)
        })
        .filter(|(count, _)| *count > 0)
        .collect();
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    found.truncate(PLACES as usize);
    found.into_iter().map(|(_, place)| place).collect()
}

struct Passage {
    ordinal: u32,
    start_ms: Option<i64>,
    sentences: Vec<Sentence>,
}

impl Passage {
    /// Its sentence that has most of the phrases, and of the words.
    fn best_sentence(self, query: &Query, language: Language, stems: &HashSet<String>) -> Option<Place> {
        let worth = |text: &str| (query.phrases_in(text, language), search::count(text, language, stems));
        let best = self
            .sentences
            .iter()
            .map(|sentence| (worth(&sentence.text), sentence))
            .rev()
            .max_by_key(|(worth, _)| *worth)
            .filter(|((_, words), _)| *words > 0)?
            .1;
        Some(Place {
            passage: Some(self.ordinal),
            start_ms: best
                .span
                .map(|span| span.start_ms)
                .or(self.start_ms.map(i64::cast_unsigned)),
            pieces: search::highlight(&best.text, language, stems),
            is_written: false,
        })
    }
}

/// The passages of each transcript that fit best, at most `most`, in the order they are said, and how many have any of the words.
async fn passages(
    db: &mut PgConnection,
    asked: &TsQuery,
    transcripts: &[i64],
    most: i64,
) -> Result<HashMap<i64, (Vec<Passage>, usize)>, StoreError> {
    let rows = sqlx::query!(
        r#"select transcript_id as "transcript_id!", ordinal as "ordinal!", start_ms,
                  sentences as "sentences!: Json<Vec<Sentence>>", total as "total!"
           from (select transcript_id, ordinal, start_ms, sentences, count(*) over whole as total,
                        row_number() over (whole order by ts_rank(terms, $2::text::tsquery) desc, ordinal) as place
                 from passages where transcript_id = any($1) and terms @@ $2::text::tsquery
                 window whole as (partition by transcript_id)) as fitting
           where place <= $3 order by transcript_id, ordinal"#,
        transcripts,
        asked.any,
        most,
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<i64, (Vec<Passage>, usize)> = HashMap::new();
    for row in rows {
        let (passages, total) = found.entry(row.transcript_id).or_default();
        *total = usize::try_from(row.total).unwrap_or_default();
        passages.push(Passage {
            ordinal: row.ordinal.cast_unsigned(),
            start_ms: row.start_ms,
            sentences: row.sentences.0,
        });
    }
    Ok(found)
}
