//! Where in the whole library an answer may be: the videos whose passages have the words of a question.

use domain::{evidence, question::Source};
use sqlx::{PgExecutor, PgPool};

use super::StoreError;

/// Of each word, no more passages than this are counted: a word that more have is common.
const COUNTED: i64 = 3000;
/// Passages that are compared with the question: of those with the rarest words, and of those with some of the others.
const COMPARED: i64 = 4000;
/// The same of those with all the others together.
const TOGETHER: i64 = 1000;
/// Videos that are looked at closely.
const VIDEOS: i64 = 8;

/// A video as a source of evidence.
///
/// # Errors
/// [`StoreError`]
pub async fn source(db: impl PgExecutor<'_>, transcript: i64) -> Result<Option<Source>, StoreError> {
    let row = sqlx::query!(
        "select t.language, v.id, v.title, v.youtube_id from transcripts t join videos v on v.id = t.video_id where t.id = $1",
        transcript
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Source {
        transcript_id: transcript,
        language: row.language,
        video_id: row.id,
        title: row.title,
        youtube_id: row.youtube_id,
        offset: 0,
    }))
}

/// The videos whose passages have most of the words of a question, best first. A word is given as its stems; rare ones count
/// for more. Common words are looked for in pairs, so that no question reads the whole library.
///
/// Where more passages have some of the words than can be compared, it is not left to Postgres which are: all that have one of the
/// rarest words are compared, then the newest with all the others together, then the newest with some of them.
///
/// # Errors
/// [`StoreError`]
pub async fn likely(pool: &PgPool, words: &[Vec<String>]) -> Result<Vec<Source>, StoreError> {
    let mut tx = pool.begin().await?;
    // The best way depends on how many passages have the words. A plan that is kept for all questions knows nothing of that.
    sqlx::query("set local plan_cache_mode = force_custom_plan")
        .execute(&mut *tx)
        .await?;
    let mut counted: Vec<(String, i64)> = Vec::new();
    for stems in words {
        // Stems have no quotes and no backslashes (`domain::tokens::search_terms`).
        let alternatives: Vec<String> = stems.iter().map(|stem| format!("'{stem}'")).collect();
        let word = format!("({})", alternatives.join(" | "));
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from (select from passages where terms @@ $1::text::tsquery limit $2) as counted"#,
            word,
            COUNTED
        )
        .fetch_one(&mut *tx)
        .await?;
        if count > 0 {
            counted.push((word, count));
        }
    }
    counted.sort_by_key(|(_, count)| *count);
    let asked = Asked::of(&counted);
    let (words, weights): (Vec<String>, Vec<f32>) = counted
        .iter()
        .map(|(word, count)| (word.clone(), evidence::rarity(COUNTED as f32 * 4.0, *count as f32)))
        .unzip();
    let rows = sqlx::query!(
        r#"with candidates as materialized (
               select transcript_id, terms from passages where terms @@ $1::text::tsquery
               union all
               (select transcript_id, terms from passages where terms @@ $2::text::tsquery
                order by transcript_id desc, ordinal desc limit $6)
               union all
               (select transcript_id, terms from passages where terms @@ $3::text::tsquery
                order by transcript_id desc, ordinal desc limit $7)),
           words as materialized (
               select stems::tsquery as stems, weight from unnest($4::text[], $5::real[]) as given (stems, weight)),
           best as (
               select transcript_id, max((select coalesce(sum(weight), 0) from words where candidates.terms @@ stems)) as score
               from candidates group by transcript_id order by 2 desc, 1 desc limit 100)
           select t.id, t.language, v.id as video_id, v.title, v.youtube_id
           from best join transcripts t on t.id = best.transcript_id join videos v on v.id = t.video_id
           where t.id = (select s.transcript_id from summaries s where s.video_id = v.id and s.deleted_at is null
                         order by s.created_at desc, s.id desc limit 1)
           order by best.score desc, t.id desc limit $8"#,
        asked.rare,
        asked.together,
        asked.some,
        &words,
        &weights,
        TOGETHER,
        COMPARED,
        VIDEOS,
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| Source {
            transcript_id: row.id,
            language: row.language,
            video_id: row.video_id,
            title: row.title,
            youtube_id: row.youtube_id,
            offset: 0,
        })
        .collect())
}

/// What passages are asked for, as `tsquery`s; `None` where nothing is.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// One of the rarest words: as many of them as no more than [`COMPARED`] passages have in all.
    rare: Option<String>,
    /// All the other words.
    together: Option<String>,
    /// Some of the other words: one that is not common, or two.
    some: Option<String>,
}

impl Asked {
    /// Of words with the number of passages that have them, rarest first.
    fn of(counted: &[(String, i64)]) -> Self {
        let mut passages = 0;
        let rare = counted.iter().take_while(|(_, count)| {
            passages += count;
            *count < COUNTED && passages <= COMPARED
        });
        let rare: Vec<String> = rare.map(|(word, _)| word.clone()).collect();
        let others = &counted[rare.len()..];
        let common: Vec<&str> = others
            .iter()
            .filter(|(_, count)| *count >= COUNTED)
            .map(|(word, _)| word.as_str())
            .collect();
        let mut some: Vec<String> = others[..others.len() - common.len()]
            .iter()
            .map(|(word, _)| word.clone())
            .collect();
        for (at, word) in common.iter().enumerate() {
            some.extend(common[at + 1..].iter().map(|other| format!("({word} & {other})")));
        }
        if rare.is_empty() && some.is_empty() {
            some.extend(common.first().map(|word| (*word).to_owned()));
        }
        // Two words together are a pair.
        let together = (others.len() > 2).then(|| {
            let words: Vec<&str> = others.iter().map(|(word, _)| word.as_str()).collect();
            words.join(" & ")
        });
        let any = |asked: Vec<String>| (!asked.is_empty()).then(|| asked.join(" | "));
        Self {
            rare: any(rare),
            together,
            some: any(some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(counts: &[(&str, i64)]) -> [Option<String>; 3] {
        let counted: Vec<(String, i64)> = counts
            .iter()
            .map(|(word, count)| ((*word).to_owned(), *count))
            .collect();
        let Asked { rare, together, some } = Asked::of(&counted);
        [rare, together, some]
    }

    #[test]
    fn rare_words_are_asked_for_alone_and_common_ones_together() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(asked(&[]), [None, None, None]);
        assert_eq!(asked(&[("a", 3), ("b", 2999)]), [text("a | b"), None, None]);
        // All of one rare word; the other two would be too many.
        assert_eq!(
            asked(&[("a", 1500), ("b", 2600), ("c", 2900)]),
            [text("a"), None, text("b | c")]
        );
        assert_eq!(asked(&[("a", 3), ("b", 3000)]), [text("a"), None, None]);
        assert_eq!(asked(&[("a", 3000)]), [None, None, text("a")]);
        assert_eq!(asked(&[("a", 3000), ("b", 3000)]), [None, None, text("(a & b)")]);
        assert_eq!(
            asked(&[("a", 3), ("b", 3000), ("c", 3000), ("d", 3000)]),
            [text("a"), text("b & c & d"), text("(b & c) | (b & d) | (c & d)")]
        );
    }
}
