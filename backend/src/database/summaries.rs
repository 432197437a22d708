//! Tables `summaries` and `claims`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    language::Language,
    library::{LibraryItem, Page, Shown, Sort, VersionItem},
    run::{Request, Shelf},
    summary::{Citation, Claim, Provenance, Summary, Tally, Verdict},
    tokens,
};
use sqlx::{Connection, PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

use super::{
    StoreError, storable,
    terms::{self, Weight},
};

/// Of the different words of a transcript, as many bytes as a summary is found by. Postgres refuses a `tsvector` of 1 MiB; a quarter
/// is left to the title and the summary. Hours of talk have tens of KB of them; only uploads of many megabytes lose
/// any, and of them the words that come up last.
const HEARD_BYTES: i64 = 768 * 1024;

/// What is kept beside the summary itself.
#[derive(Clone, Debug)]
pub struct Keep<'a> {
    /// The run's id, which becomes the summary's.
    pub id: Uuid,
    /// What makes requests equal; `None` for an extract that stands in for a model.
    pub key: Option<&'a str>,
    /// The transcript's number.
    pub transcript_id: i64,
    /// The video or upload.
    pub video_id: &'a str,
    /// The title as it is now.
    pub title: &'a str,
    /// What was asked for.
    pub request: &'a Request,
    /// Markdown with citation marks.
    pub body: &'a str,
    /// The claims, in order.
    pub claims: &'a [Claim],
    /// Where it came from.
    pub provenance: &'a Provenance,
}

/// Keeps a summary and its claims.
///
/// # Errors
/// [`StoreError`]; a second summary of one run is refused by the primary key.
pub async fn keep(db: &mut PgConnection, keep: &Keep<'_>) -> Result<(), StoreError> {
    // What was not found must not stand for the video where nothing tells so.
    let found = keep.claims.iter().find(|claim| claim.verdict.is_found());
    let first_point = found.map_or("", |claim| claim.text.as_str());
    let language = Language::from_code(&keep.provenance.transcript_language);
    let written_in = keep.request.language.as_deref().map_or(language, Language::from_code);
    let written: Vec<&str> = keep.claims.iter().map(|claim| claim.text.as_str()).collect();
    let written = written.join("\n");
    sqlx::query!(
        "insert into summaries (id, key, video_id, transcript_id, model, style, language, words, prompt_version, title, body,
                                first_point, provenance, span_start_ms, span_end_ms, terms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $16, $17,
                 $14::text::tsvector || $15::text::tsvector
                 || coalesce((select array_to_tsvector(array_agg(lexeme))
                              from (select word.lexeme, sum(octet_length(word.lexeme)) over (
                                        order by min(ordinal), word.lexeme rows unbounded preceding) as bytes
                                    from passages, unnest(passages.terms) as word where transcript_id = $4
                                    group by word.lexeme) as heard
                              where bytes <= $18), ''))",
        keep.id,
        keep.key,
        keep.video_id,
        keep.transcript_id,
        keep.request.model,
        keep.request.style,
        keep.request.language,
        keep.request.words.cast_signed(),
        keep.provenance.prompt_version,
        storable(keep.title),
        storable(keep.body),
        storable(first_point),
        Json(keep.provenance) as _,
        terms::vector(&tokens::search_terms(keep.title, language), Weight::A),
        terms::vector(&tokens::search_terms(&written, written_in), Weight::B),
        keep.request.span.map(|span| span.start_ms.cast_signed()),
        keep.request.span.map(|span| span.end_ms.cast_signed()),
        HEARD_BYTES,
    )
    .execute(&mut *db)
    .await?;
    let (mut ordinals, mut texts, mut verdicts, mut details, mut citations) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (ordinal, claim) in (0_i32..).zip(keep.claims) {
        ordinals.push(ordinal);
        texts.push(storable(&claim.text));
        verdicts.push(claim.verdict.as_str().to_owned());
        details.push(claim.detail.as_deref().map(storable));
        citations.push(Json(
            claim
                .citations
                .iter()
                .map(|citation| Citation {
                    text: storable(&citation.text),
                    quote: citation.quote.as_deref().map(storable),
                    ..citation.clone()
                })
                .collect::<Vec<_>>(),
        ));
    }
    sqlx::query!(
        "insert into claims (summary_id, ordinal, text, verdict, detail, citations)
         select $1, given.* from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) as given",
        keep.id,
        &ordinals,
        &texts,
        &verdicts,
        &details as _,
        &citations as _,
    )
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// The newest kept summary that answers `key`, if any.
///
/// # Errors
/// [`StoreError`]
pub async fn find(db: impl PgExecutor<'_>, key: &str) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select id from summaries where key = $1 and deleted_at is null order by created_at desc limit 1",
        key
    )
    .fetch_optional(db)
    .await?)
}

/// A summary by its id, with the number of its transcript; `None` where there is none or it is deleted.
///
/// # Errors
/// [`StoreError`]
pub async fn get(db: &mut PgConnection, id: Uuid) -> Result<Option<(Summary, i64)>, StoreError> {
    let row = sqlx::query!(
        r#"select id, video_id, transcript_id, model, style, language, words, title, body,
                  provenance as "provenance: Json<Provenance>", created_at, span_start_ms, span_end_ms
           from summaries where id = $1 and deleted_at is null"#,
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let claims = sqlx::query!(
        r#"select text, verdict, detail, citations as "citations: Json<Vec<Citation>>"
           from claims where summary_id = $1 order by ordinal"#,
        id
    )
    .fetch_all(db)
    .await?
    .into_iter()
    .map(|claim| {
        Ok(Claim {
            text: claim.text,
            verdict: verdict(&claim.verdict)?,
            detail: claim.detail,
            citations: claim.citations.0,
        })
    })
    .collect::<Result<_, StoreError>>()?;
    let summary = Summary {
        id: row.id.to_string(),
        video_id: row.video_id,
        title: row.title,
        request: Request {
            model: row.model,
            style: row.style,
            language: row.language,
            words: row.words.cast_unsigned(),
            span: super::span(row.span_start_ms, row.span_end_ms),
        },
        body: row.body,
        claims,
        provenance: row.provenance.0,
        created_at: row.created_at.timestamp(),
    };
    Ok(Some((summary, row.transcript_id)))
}

/// Rows of a list: those whose ids `$ids` finds and puts in order. The index alone is walked for the ids, however far the
/// page is from the first; only the rows of the page are read.
macro_rules! rows {
    ($db:expr, $ids:tt, $order:tt, $($argument:expr),+) => {
        sqlx::query_as!(
            ItemRow,
            r#"select s.id, s.video_id, v.youtube_id, s.title, v.channel, v.duration_s,
                      coalesce(s.provenance->>'model', s.model) as "model!", s.style, s.language, s.first_point, s.created_at,
                      s.span_start_ms, s.span_end_ms,
                      array(select tag from summary_tags where summary_id = s.id order by tag) as "tags!"
               from summaries s join videos v on v.id = s.video_id
               where s.id in ("# + $ids + ") " + $order,
            $($argument),+
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of all summaries, or of those with a tag.
///
/// # Errors
/// [`StoreError`]
pub async fn page(db: &mut PgConnection, shown: &Shown) -> Result<Page<LibraryItem>, StoreError> {
    let total = sqlx::query_scalar!(
        "select summaries from library_counts where tag = $1",
        shown.tag.as_deref().unwrap_or_default()
    )
    .fetch_optional(&mut *db)
    .await?
    .unwrap_or(0);
    let walk = Walk::to(shown, total);
    let (limit, offset) = (walk.limit, walk.offset);
    let mut rows = match (shown.tag.as_deref(), shown.sort, walk.backwards) {
        (None, Sort::Newest, false) | (None, Sort::Oldest, true) => rows!(
            db,
            "select id from summaries where deleted_at is null order by created_at desc, id desc limit $1 offset $2",
            "order by s.created_at desc, s.id desc",
            limit,
            offset
        ),
        (None, Sort::Oldest, false) | (None, Sort::Newest, true) => rows!(
            db,
            "select id from summaries where deleted_at is null order by created_at, id limit $1 offset $2",
            "order by s.created_at, s.id",
            limit,
            offset
        ),
        (None, Sort::Title, false) => rows!(
            db,
            "select id from summaries where deleted_at is null order by lower(title), id limit $1 offset $2",
            "order by lower(s.title), s.id",
            limit,
            offset
        ),
        (None, Sort::Title, true) => rows!(
            db,
            "select id from summaries where deleted_at is null order by lower(title) desc, id desc limit $1 offset $2",
            "order by lower(s.title) desc, s.id desc",
            limit,
            offset
        ),
        (Some(tag), Sort::Newest, false) | (Some(tag), Sort::Oldest, true) => rows!(
            db,
            "select id from summaries join summary_tags on summary_id = id
             where tag = $3 and deleted_at is null order by created_at desc, id desc limit $1 offset $2",
            "order by s.created_at desc, s.id desc",
            limit,
            offset,
            tag
        ),
        (Some(tag), Sort::Oldest, false) | (Some(tag), Sort::Newest, true) => rows!(
            db,
            "select id from summaries join summary_tags on summary_id = id
             where tag = $3 and deleted_at is null order by created_at, id limit $1 offset $2",
            "order by s.created_at, s.id",
            limit,
            offset,
            tag
        ),
        (Some(tag), Sort::Title, false) => rows!(
            db,
            "select id from summaries join summary_tags on summary_id = id
             where tag = $3 and deleted_at is null order by lower(title), id limit $1 offset $2",
            "order by lower(s.title), s.id",
            limit,
            offset,
            tag
        ),
        (Some(tag), Sort::Title, true) => rows!(
            db,
            "select id from summaries join summary_tags on summary_id = id
             where tag = $3 and deleted_at is null order by lower(title) desc, id desc limit $1 offset $2",
            "order by lower(s.title) desc, s.id desc",
            limit,
            offset,
            tag
        ),
    };
    if walk.backwards {
        rows.reverse();
    }
    Ok(Page {
        items: rows.into_iter().map(LibraryItem::from).collect(),
        page: shown.page,
        per_page: shown.per_page,
        total: total.cast_unsigned(),
    })
}

/// How often anything has changed that the library shows.
///
/// # Errors
/// [`StoreError`]
pub async fn changes(db: impl PgExecutor<'_>) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar!("select changes from library_counts where tag = ''")
        .fetch_one(db)
        .await?)
}

/// The way to a page through an index: from the nearer end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Walk {
    backwards: bool,
    offset: i64,
    limit: i64,
}

impl Walk {
    fn to(shown: &Shown, total: i64) -> Self {
        let limit = i64::from(shown.per_page);
        let offset = i64::from(shown.page.saturating_sub(1)) * limit;
        let after = total - offset - limit;
        if offset <= total / 2 || offset >= total {
            return Self {
                backwards: false,
                offset,
                limit,
            };
        }
        Self {
            backwards: true,
            offset: after.max(0),
            // The last page may be a short one.
            limit: limit + after.min(0),
        }
    }
}

/// Where a video's own address leads: the summary that is pinned, else the newest of the whole, else the newest.
///
/// # Errors
/// [`StoreError`]
pub async fn main_of(db: impl PgExecutor<'_>, video_id: &str) -> Result<Option<Uuid>, StoreError> {
    Ok(sqlx::query_scalar!(
        "select id from summaries where video_id = $1 and deleted_at is null
         order by pinned desc, span_start_ms is null desc, created_at desc limit 1",
        video_id
    )
    .fetch_optional(db)
    .await?)
}

/// The summaries of a video, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`]
pub async fn versions(db: &mut PgConnection, video_id: &str, limit: i64) -> Result<Vec<VersionItem>, StoreError> {
    let items: Vec<LibraryItem> = rows!(
        &mut *db,
        "select id from summaries where video_id = $1 and deleted_at is null order by created_at desc, id desc limit $2",
        "order by s.created_at desc, s.id desc",
        video_id,
        limit
    )
    .into_iter()
    .map(LibraryItem::from)
    .collect();
    let ids: Vec<Uuid> = items.iter().filter_map(|item| item.id.parse().ok()).collect();
    let told = sqlx::query!(
        r#"select s.id, s.words, s.pinned,
                  count(*) filter (where c.verdict in ('verbatim', 'matched')) as "matched!",
                  count(*) filter (where c.verdict = 'quote_found') as "quote_found!",
                  count(*) filter (where c.verdict = 'check') as "check!",
                  count(*) filter (where c.verdict = 'not_found') as "not_found!"
           from summaries s left join claims c on c.summary_id = s.id where s.id = any($1) group by s.id"#,
        &ids
    )
    .fetch_all(db)
    .await?;
    let mut told: HashMap<String, _> = told.into_iter().map(|row| (row.id.to_string(), row)).collect();
    let counted = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    let versions = items.into_iter().filter_map(|item| {
        let row = told.remove(&item.id)?;
        Some(VersionItem {
            item,
            words: row.words.cast_unsigned(),
            tally: Tally {
                matched: counted(row.matched),
                quote_found: counted(row.quote_found),
                check: counted(row.check),
                not_found: counted(row.not_found),
            },
            is_pinned: row.pinned,
        })
    });
    Ok(versions.collect())
}

/// How a summary stands among others.
///
/// # Errors
/// [`StoreError`]
pub async fn shelf(db: &mut PgConnection, id: Uuid) -> Result<Shelf, StoreError> {
    let row = sqlx::query!(
        r#"select s.pinned, (select count(*) from summaries other
                            where other.video_id = s.video_id and other.deleted_at is null) as "versions!"
           from summaries s where s.id = $1"#,
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(Shelf::default()) };
    Ok(Shelf {
        versions: u32::try_from(row.versions).unwrap_or(u32::MAX),
        is_pinned: row.pinned,
        tags: super::tags::of(db, id).await?,
    })
}

/// Pins a summary, and no other of its video; or takes the pin out. `false` where there is no such summary.
///
/// # Errors
/// [`StoreError`]
pub async fn pin(db: &mut PgConnection, id: Uuid, pinned: bool) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    lock_video_of(&mut tx, id).await?;
    // One after the other: the index knows only one pinned summary of a video.
    sqlx::query!(
        "update summaries set pinned = false
         where pinned and video_id = (select video_id from summaries where id = $1 and deleted_at is null)",
        id
    )
    .execute(&mut *tx)
    .await?;
    let result = sqlx::query!(
        "update summaries set pinned = $2 where id = $1 and deleted_at is null",
        id,
        pinned
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(result.rows_affected() > 0)
}

/// Has everybody else wait who changes which summary of the same video is pinned: two at once would each see no other pin, and
/// the index would refuse one of them.
async fn lock_video_of(db: &mut PgConnection, id: Uuid) -> Result<(), StoreError> {
    sqlx::query!(
        "select from videos where id = (select video_id from summaries where id = $1) for no key update",
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Marks a summary as deleted; its title, or `None` where there is none.
///
/// # Errors
/// [`StoreError`]
pub async fn delete(db: impl PgExecutor<'_>, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar!(
        "update summaries set deleted_at = now() where id = $1 and deleted_at is null returning title",
        id
    )
    .fetch_optional(db)
    .await?)
}

/// Whether a summary was deleted and can be taken back.
///
/// # Errors
/// [`StoreError`]
pub async fn is_deleted(db: impl PgExecutor<'_>, id: Uuid) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from summaries where id = $1 and deleted_at is not null) as "deleted!""#,
        id
    )
    .fetch_one(db)
    .await?)
}

/// Takes a deletion back.
///
/// # Errors
/// [`StoreError`]
pub async fn restore(db: &mut PgConnection, id: Uuid) -> Result<bool, StoreError> {
    let mut tx = db.begin().await?;
    lock_video_of(&mut tx, id).await?;
    let result = sqlx::query!(
        "update summaries s set deleted_at = null,
             pinned = pinned and not exists (select from summaries other
                                             where other.video_id = s.video_id and other.pinned and other.deleted_at is null)
         where id = $1 and deleted_at is not null",
        id
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(result.rows_affected() > 0)
}

/// Removes for good what was deleted more than a day ago.
///
/// # Errors
/// [`StoreError`]
pub async fn purge(db: impl PgExecutor<'_>) -> Result<u64, StoreError> {
    let result = sqlx::query!("delete from summaries where deleted_at < now() - interval '1 day'")
        .execute(db)
        .await?;
    Ok(result.rows_affected())
}

fn verdict(name: &str) -> Result<Verdict, StoreError> {
    [
        Verdict::Verbatim,
        Verdict::Matched,
        Verdict::QuoteFound,
        Verdict::Check,
        Verdict::NotFound,
    ]
    .into_iter()
    .find(|verdict| verdict.as_str() == name)
    .ok_or_else(|| StoreError::Stored(format!("verdict {name}")))
}

/// A row of a list of summaries.
pub(super) struct ItemRow {
    pub(super) id: Uuid,
    pub(super) video_id: String,
    pub(super) youtube_id: Option<String>,
    pub(super) title: String,
    pub(super) channel: Option<String>,
    pub(super) duration_s: Option<i32>,
    pub(super) model: String,
    pub(super) style: String,
    pub(super) language: Option<String>,
    pub(super) first_point: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) span_start_ms: Option<i64>,
    pub(super) span_end_ms: Option<i64>,
    pub(super) tags: Vec<String>,
}

impl From<ItemRow> for LibraryItem {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id.to_string(),
            video_id: row.video_id,
            youtube_id: row.youtube_id,
            title: row.title,
            channel: row.channel,
            duration_s: row.duration_s.and_then(|seconds| u32::try_from(seconds).ok()),
            model: row.model,
            style: row.style,
            language: row.language,
            first_point: row.first_point,
            created_at: row.created_at.timestamp(),
            span: super::span(row.span_start_ms, row.span_end_ms),
            tags: row.tags,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_on_one_page_whichever_end_it_is_nearer_to() {
        for total in 0..60 {
            let mut seen = Vec::new();
            for page in 1..=10 {
                let shown = Shown {
                    page,
                    per_page: 7,
                    ..Shown::default()
                };
                let walk = Walk::to(&shown, total);
                let rows: Vec<i64> = (0..total).collect();
                let take = |rows: Vec<i64>| -> Vec<i64> {
                    let rows = rows.into_iter().skip(walk.offset as usize);
                    rows.take(walk.limit as usize).collect()
                };
                if walk.backwards {
                    let mut found = take(rows.into_iter().rev().collect());
                    found.reverse();
                    seen.extend(found);
                } else {
                    seen.extend(take(rows));
                }
            }
            assert_eq!(seen, (0..total).collect::<Vec<_>>(), "of {total}");
        }
    }
}
