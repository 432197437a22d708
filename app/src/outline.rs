//! A summary as the page lays it out: headings, paragraphs and lists of points, each with the places it leads to.
//!
//! One shape for the text that still streams and for the finished one, so that the page keeps its nodes while rings turn
//! into ticks: the same point stands at the same place before and after the check.

use domain::{
    chapters::Chapter,
    citations::{Block, Draft, blocks},
    markdown,
    passages::Passage,
    summary::{Citation, Claim, Summary, Verdict},
    timecode::clock,
};

/// A part of a summary's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A heading.
    Heading(Heading),
    /// A paragraph of points that read on.
    Paragraph(Vec<Point>),
    /// List items, each of one or more points.
    List(Vec<Vec<Point>>),
}

/// A heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    /// 1 to 6, as written.
    pub(crate) level: u8,
    /// Its words.
    pub(crate) text: String,
    /// "0:22:10–0:41:00": from the first to the last second that its points cite.
    pub(crate) span: Option<String>,
}

/// A claim on the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Point {
    /// Its words with inline Markdown.
    pub(crate) text: String,
    /// What the check found; `None` while it has not looked.
    pub(crate) verdict: Option<Verdict>,
    /// What differs, for [`Verdict::Check`]; or which model compared.
    pub(crate) detail: Option<String>,
    /// Where it leads.
    pub(crate) leads: Vec<Lead>,
}

/// A place a point leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lead {
    /// The passage's number.
    pub(crate) passage: u32,
    /// When it was said; `None` in a text without times.
    pub(crate) start_ms: Option<u64>,
    /// What was said there.
    pub(crate) text: String,
    /// The words of `text` that were quoted.
    pub(crate) quote: Option<String>,
}

/// Lays out a text that is still being written, or is written but not checked.
pub(crate) fn of_draft(body: &str, passages: &[Passage], streaming: bool) -> Vec<Part> {
    gather(blocks(body, streaming), |draft| Point {
        leads: leads_of(&draft, passages),
        text: draft.text,
        ..Point::default()
    })
}

/// Lays out a finished summary: the structure of its body, the words and verdicts of its claims.
/// A heading that is the name of one of the video's `chapters` tells that one's stretch.
pub(crate) fn of_summary(summary: &Summary, hours: bool, chapters: &[Chapter]) -> Vec<Part> {
    let mut parts = of_checked(&summary.body, &summary.claims, hours);
    let name = |text: &str| markdown::plain(text).trim().to_lowercase();
    for part in &mut parts {
        if let Part::Heading(heading) = part
            && let Some(chapter) = chapters
                .iter()
                .find(|chapter| name(&chapter.title) == name(&heading.text))
        {
            heading.span = Some(stretch(chapter.span.start_ms, chapter.span.end_ms, hours));
        }
    }
    parts
}

/// "0:10–1:10"
fn stretch(first: u64, last: u64, hours: bool) -> String {
    format!("{}–{}", clock(first, hours), clock(last, hours))
}

/// Lays out a checked text; claims that its body does not have come after it.
pub(crate) fn of_checked(body: &str, claims: &[Claim], hours: bool) -> Vec<Part> {
    let mut claims = claims.iter();
    let mut parts = gather(blocks(body, false), |draft| {
        claims.next().map_or_else(
            || Point {
                text: draft.text,
                ..Point::default()
            },
            point,
        )
    });
    // Claims and blocks come from the same code; should they ever differ, nothing is dropped.
    let rest: Vec<Vec<Point>> = claims.map(|claim| vec![point(claim)]).collect();
    if !rest.is_empty() {
        parts.push(Part::List(rest));
    }
    add_spans(&mut parts, hours);
    parts
}

/// With more chapters than this, each shows its first point and folds the rest.
const MANY_CHAPTERS: usize = 8;

/// How a part of a long summary is folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fold {
    /// Which chapter it belongs to, counted from 1; 0 before the first.
    pub(crate) chapter: usize,
    /// Whether it is the first part of its chapter, of which something always shows.
    pub(crate) leads: bool,
    /// For the part that leads: how many points of the chapter are folded away. They follow what it shows.
    pub(crate) more: usize,
}

/// How the parts of a long summary are folded, one by one; empty for one that is not long.
pub(crate) fn folds(parts: &[Part]) -> Vec<Fold> {
    let is_chapter = |part: &Part| matches!(part, Part::Heading(heading) if heading.level <= 3);
    if parts.iter().filter(|part| is_chapter(part)).count() <= MANY_CHAPTERS {
        return Vec::new();
    }
    let mut folds: Vec<Fold> = Vec::with_capacity(parts.len());
    // Where the chapter's first part stands, after its heading.
    let mut first: Option<usize> = None;
    let mut leads = false;
    for part in parts {
        let chapter = folds.last().map_or(0, |fold| fold.chapter);
        if is_chapter(part) {
            first = Some(folds.len() + 1);
            leads = true;
            folds.push(Fold {
                chapter: chapter + 1,
                leads: true,
                more: 0,
            });
            continue;
        }
        let folded = match part {
            Part::Heading(_) => 0,
            Part::Paragraph(points) if !leads => points.len(),
            Part::Paragraph(_) => 0,
            Part::List(items) => items.iter().skip(usize::from(leads)).map(Vec::len).sum(),
        };
        folds.push(Fold {
            chapter,
            leads,
            more: 0,
        });
        if let Some(first) = first.and_then(|at| folds.get_mut(at)) {
            first.more += folded;
        }
        leads = false;
    }
    folds
}

/// Whole words of a text that is still being written.
pub(crate) fn whole_words(text: &str) -> &str {
    text.rfind(char::is_whitespace).map_or("", |end| &text[..end])
}

fn gather(blocks: Vec<Block>, mut point: impl FnMut(Draft) -> Point) -> Vec<Part> {
    let mut parts = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { level, text } => parts.push(Part::Heading(Heading {
                level,
                text,
                span: None,
            })),
            Block::Paragraph(drafts) => parts.push(Part::Paragraph(drafts.into_iter().map(&mut point).collect())),
            Block::Item(drafts) => {
                let item = drafts.into_iter().map(&mut point).collect();
                match parts.last_mut() {
                    Some(Part::List(items)) => items.push(item),
                    _ => parts.push(Part::List(vec![item])),
                }
            }
        }
    }
    parts
}

fn point(claim: &Claim) -> Point {
    Point {
        text: claim.text.clone(),
        verdict: Some(claim.verdict),
        detail: claim.detail.clone(),
        leads: claim.citations.iter().map(lead).collect(),
    }
}

fn lead(citation: &Citation) -> Lead {
    Lead {
        passage: citation.passage,
        start_ms: citation.start_ms,
        text: citation.text.clone(),
        quote: citation.quote.clone(),
    }
}

/// The passages that a draft's marks name, each once; those that do not exist lead nowhere.
fn leads_of(draft: &Draft, passages: &[Passage]) -> Vec<Lead> {
    let mut leads: Vec<Lead> = Vec::new();
    for mark in &draft.marks {
        for number in &mark.passages {
            if leads.iter().any(|lead| lead.passage == *number) {
                continue;
            }
            let at = usize::try_from(*number).ok().and_then(|n| n.checked_sub(1));
            if let Some(passage) = at.and_then(|at| passages.get(at)) {
                leads.push(Lead {
                    passage: passage.ordinal,
                    start_ms: passage.span.map(|span| span.start_ms),
                    text: passage.text(),
                    quote: mark.quote.clone(),
                });
            }
        }
    }
    leads
}

/// Says beside each heading which stretch its points cite, where they cite times.
fn add_spans(parts: &mut [Part], hours: bool) {
    let mut cited: Option<(u64, u64)> = None;
    for part in parts.iter_mut().rev() {
        let points: Vec<&Point> = match part {
            Part::Heading(heading) => {
                heading.span = cited
                    .take()
                    .filter(|(first, last)| first < last)
                    .map(|(first, last)| stretch(first, last, hours));
                continue;
            }
            Part::Paragraph(points) => points.iter().collect(),
            Part::List(items) => items.iter().flatten().collect(),
        };
        for ms in points
            .iter()
            .flat_map(|point| &point.leads)
            .filter_map(|lead| lead.start_ms)
        {
            let (first, last) = cited.unwrap_or((ms, ms));
            cited = Some((first.min(ms), last.max(ms)));
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{sentences::Sentence, transcript::Span};

    use super::*;
    use crate::sample;

    fn passage(ordinal: u32) -> Passage {
        Passage {
            ordinal,
            span: Some(Span {
                start_ms: u64::from(ordinal) * 20_000,
                end_ms: u64::from(ordinal) * 20_000 + 19_000,
            }),
            sentences: vec![Sentence {
                text: format!("Passage {ordinal}."),
                span: None,
                speaker: None,
            }],
        }
    }

    fn draft(passages: Vec<u32>) -> Draft {
        Draft {
            text: "A claim.".to_owned(),
            marks: vec![domain::citations::Mark { passages, quote: None }],
        }
    }

    #[test]
    fn a_mark_leads_to_passages_that_exist_each_once() {
        let passages = [passage(1), passage(2)];
        let leads = leads_of(&draft(vec![2, 2, 0, 9, 1]), &passages);
        let numbers: Vec<u32> = leads.iter().map(|lead| lead.passage).collect();
        assert_eq!(numbers, vec![2, 1]);
        assert_eq!(leads[0].start_ms, Some(40_000));
    }

    #[test]
    fn items_that_follow_each_other_are_one_list() {
        let blocks = vec![
            Block::Item(vec![draft(vec![])]),
            Block::Item(vec![draft(vec![])]),
            Block::Paragraph(vec![draft(vec![])]),
            Block::Item(vec![draft(vec![])]),
        ];
        let parts = gather(blocks, |_| Point::default());
        let lengths: Vec<usize> = parts
            .iter()
            .map(|part| if let Part::List(items) = part { items.len() } else { 0 })
            .collect();
        assert_eq!(lengths, vec![2, 0, 1]);
    }

    #[test]
    fn a_heading_that_names_a_chapter_spans_it() {
        let summary = Summary {
            body: "## the *Fog*\n- One. [1]\n## Other\n- Two. [1]".to_owned(),
            ..sample::summary()
        };
        let chapters = [Chapter {
            span: Span {
                start_ms: 60_000,
                end_ms: 150_000,
            },
            title: "The Fog".to_owned(),
        }];
        let spans: Vec<Option<String>> = of_summary(&summary, false, &chapters)
            .into_iter()
            .filter_map(|part| match part {
                Part::Heading(heading) => Some(heading.span),
                _ => None,
            })
            .collect();
        assert_eq!(spans, [Some("1:00–2:30".to_owned()), None]);
    }

    #[test]
    fn a_heading_spans_what_its_points_cite() {
        let lead = |ms| Lead {
            start_ms: Some(ms),
            ..Lead::default()
        };
        let point = Point {
            leads: vec![lead(70_000), lead(10_000)],
            ..Point::default()
        };
        let mut parts = vec![
            Part::Heading(Heading::default()),
            Part::Paragraph(vec![point]),
            Part::Heading(Heading::default()),
        ];
        add_spans(&mut parts, false);
        let spans: Vec<Option<&str>> = parts
            .iter()
            .filter_map(|part| {
                if let Part::Heading(heading) = part {
                    Some(heading.span.as_deref())
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(spans, vec![Some("0:10–1:10"), None]);
    }

    #[test]
    fn many_chapters_fold_to_their_first_point() {
        let heading = || {
            Part::Heading(Heading {
                level: 2,
                ..Heading::default()
            })
        };
        let mut parts = vec![Part::Paragraph(vec![Point::default()])];
        for _ in 0..8 {
            parts.extend([heading(), Part::List(vec![vec![Point::default()]; 3])]);
        }
        assert_eq!(folds(&parts), Vec::new());
        parts.extend([
            heading(),
            Part::Paragraph(vec![Point::default(); 2]),
            Part::Paragraph(vec![Point::default(); 4]),
        ]);
        let folds = folds(&parts);
        assert_eq!(folds.len(), parts.len());
        assert_eq!(folds[0].chapter, 0);
        assert_eq!((folds[1].more, folds[2].chapter, folds[2].leads), (0, 1, true));
        // What is folded away follows the first part: so does the button that opens it.
        assert_eq!((folds[2].more, folds[18].more), (2, 4));
        assert_eq!((folds[17].more, folds[18].leads, folds[19].leads), (0, true, false));
    }

    #[test]
    fn half_a_word_waits() {
        assert_eq!(whole_words("The tides ar"), "The tides");
        assert_eq!(whole_words("The"), "");
    }
}
