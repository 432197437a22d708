//! A summary outside of this program: Markdown with links to the seconds, and the bare words.

use std::borrow::Cow;

use super::{escape_markdown, front_matter, time_link};
use crate::{
    citations::{self, Block, Draft},
    description::LABEL,
    markdown::{self, Inline},
    summary::{Claim, EXTRACTIVE, NEVER_CHECKED, Summary, Verdict},
    timecode::clock,
    transcript::{Source, Span},
    video::Video,
};

/// Uploads have this before their id and no video to link to.
pub(super) const UPLOAD_PREFIX: &str = "upload-";

/// Markdown: the title, then the body, where each claim is followed by links to the seconds it cites and by words where it was
/// not found, differs or was not compared. Uploads have plain times; texts without times the numbers of the passages.
#[must_use]
pub fn summary_markdown(summary: &Summary) -> String {
    markdown_of(&citations::blocks(&summary.body, false), summary)
}

/// A Markdown file: front matter that says where it comes from, then [`summary_markdown`].
#[must_use]
pub fn summary_document(summary: &Summary, video: &Video) -> String {
    format!("{}\n{}", front_matter::of(summary, video), summary_markdown(summary))
}

/// The claims' words: no headings, marks, times, links or emphasis; a paragraph or item a line. Only what does not match is told
/// from the rest, by words behind it. An extract has nothing but its words: they are the transcript's own.
#[must_use]
pub fn summary_text(summary: &Summary) -> String {
    text_of(&citations::blocks(&summary.body, false), summary)
}

/// A text file: the title, the channel and the address, what is to be known beforehand, then [`summary_text`].
#[must_use]
pub fn summary_text_file(summary: &Summary, video: &Video) -> String {
    let link = youtube_id(summary).map(|id| format!("https://www.youtube.com/watch?v={id}"));
    let head: Vec<String> = [Some(summary.title.clone()), video.channel.clone(), link]
        .into_iter()
        .flatten()
        .map(|line| line.replace(['\n', '\r'], " ").trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    let mut parts = vec![head.join("\n")];
    parts.extend(notes(summary));
    parts.push(summary_text(summary));
    parts.join("\n\n") + "\n"
}

/// The video's id at YouTube; uploads have none.
fn youtube_id(summary: &Summary) -> Option<&str> {
    Some(summary.video_id.as_str()).filter(|id| !id.starts_with(UPLOAD_PREFIX))
}

/// What whoever reads it must know beforehand, a sentence each: that it is of a part alone, that it is not made from what is said,
/// that nobody has checked it, that another one than the model that was asked for wrote it, what of the request an extract can't give.
pub(super) fn notes(summary: &Summary) -> Vec<String> {
    let provenance = &summary.provenance;
    let part = summary.request.span.map(|Span { start_ms, end_ms }| {
        let hours = end_ms >= 3_600_000;
        format!(
            "Of the part from {} to {} alone.",
            clock(start_ms, hours),
            clock(end_ms, hours)
        )
    });
    let described = (provenance.source == Source::Description.as_str())
        .then(|| format!("Made from {LABEL} alone, not from what is said."));
    let imported = summary.is_imported().then(|| format!("{NEVER_CHECKED}."));
    part.into_iter()
        .chain(described)
        .chain(imported)
        .chain(provenance.instead())
        .chain(summary.beyond_an_extract())
        .collect()
}

fn markdown_of(blocks: &[Block], summary: &Summary) -> String {
    let youtube_id = youtube_id(summary);
    let citations = || summary.claims.iter().flat_map(|claim| &claim.citations);
    let hours = citations()
        .filter_map(|citation| citation.start_ms)
        .any(|ms| ms >= 3_600_000);
    let write = |claim: &Claim| {
        let evidence = evidence(claim, youtube_id, hours);
        format!("{} {evidence}", words(&claim.text)).trim_end().to_owned()
    };
    let unchecked = |text: &str| words(text);
    let mut claims = summary.claims.iter();
    let mut markdown = format!("# {}\n", escape_markdown(&summary.title));
    for note in notes(summary) {
        markdown.push_str(&format!("\n*{}*\n", escape_markdown(&note)));
    }
    let has_steps = summary.request.style == "step-by-step" && summary.provenance.prompt_version.is_some();
    let with_steps = sections_with_steps(&summary.body);
    let mut section = 0;
    let mut was_item = false;
    // Steps are counted through all headings: "go on with step 7" must mean one.
    let mut step = 0_u32;
    for block in blocks {
        let is_item = matches!(block, Block::Item(_));
        if !(is_item && was_item) {
            markdown.push('\n');
        }
        was_item = is_item;
        let line = match block {
            // The title above is the only heading of the first level.
            Block::Heading { level, text } => {
                section += 1;
                let text = escape_markdown(&markdown::plain(text));
                format!("{} {text}", "#".repeat(usize::from(*level).clamp(2, 6)))
            }
            Block::Paragraph(drafts) => each(drafts, &mut claims, write, unchecked),
            Block::Item(drafts) => {
                let sign = if has_steps && with_steps.get(section).copied().unwrap_or(true) {
                    step += 1;
                    format!("{step}.")
                } else {
                    "-".to_owned()
                };
                format!("{sign} {}", each(drafts, &mut claims, write, unchecked))
            }
        };
        markdown.push_str(&line);
        markdown.push('\n');
    }
    // No claim is lost, even if the body has changed under them.
    for claim in claims {
        markdown.push_str(&format!("\n{}\n", write(claim)));
    }
    markdown
}

/// Which sections of a body (what stands before its first heading, then what stands under each) have steps: those with numbered
/// items, so that what is needed first is not counted; all, where a model numbered none.
fn sections_with_steps(body: &str) -> Vec<bool> {
    let mut sections = vec![false];
    for line in body.lines() {
        let digits = line.trim_start_matches([' ', '\t', '>']);
        let after = digits.trim_start_matches(|c: char| c.is_ascii_digit());
        if citations::heading_of(line).is_some_and(|text| !text.is_empty()) {
            sections.push(false);
        } else if after.len() < digits.len()
            && after.starts_with(['.', ')'])
            && let Some(section) = sections.last_mut()
        {
            *section = true;
        }
    }
    if sections.contains(&true) { sections } else { Vec::new() }
}

fn text_of(blocks: &[Block], summary: &Summary) -> String {
    let is_extract = summary.provenance.model == EXTRACTIVE;
    let write = |claim: &Claim| {
        let words = bare(&claim.text);
        match claim.caveat().filter(|_| !is_extract) {
            Some(caveat) => format!("{words} ({caveat})"),
            None => words,
        }
    };
    let mut claims = summary.claims.iter();
    let mut lines: Vec<String> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading { .. } => None,
            Block::Paragraph(drafts) | Block::Item(drafts) => Some(each(drafts, &mut claims, write, bare)),
        })
        .collect();
    lines.extend(claims.map(write));
    lines.join("\n")
}

/// Writes as many claims as the block has drafts; the drafts themselves, which lead nowhere, where there are no claims: nobody has
/// checked what was imported.
pub(super) fn each<'a>(
    drafts: &[Draft],
    claims: &mut impl Iterator<Item = &'a Claim>,
    write: impl Fn(&Claim) -> String,
    unchecked: impl Fn(&str) -> String,
) -> String {
    let written: Vec<String> = drafts
        .iter()
        .map(|draft| claims.next().map_or_else(|| unchecked(&draft.text), &write))
        .collect();
    written.join(" ")
}

/// A claim's words as Markdown of ours: emphasis and code stay, all else that could become markup is escaped.
fn words(text: &str) -> String {
    let pieces = markdown::inlines(text.trim());
    let pieces = pieces.iter().map(|piece| match piece {
        Inline::Text(text) => escape_markdown(text),
        Inline::Emphasis(text) => format!("*{}*", escape_markdown(text)),
        Inline::Strong(text) => format!("**{}**", escape_markdown(text)),
        // Nothing is markup in there but the fence, which it does not contain.
        Inline::Code(text) => format!("`{}`", text.replace(['\n', '\r'], " ")),
    });
    pieces.collect()
}

/// Where the claim was said, what differs, and who compared where it was not this program.
fn evidence(claim: &Claim, youtube_id: Option<&str>, hours: bool) -> String {
    let mut places: Vec<String> = Vec::new();
    let cited = claim.citations.iter().filter(|_| claim.verdict != Verdict::NotFound);
    for citation in cited {
        let place = match citation.start_ms {
            Some(ms) => time_link(youtube_id, ms, hours),
            None => format!("(passage {})", citation.passage),
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    if let Some(words) = claim.caveat().or_else(|| claim.detail.as_deref().map(Cow::Borrowed)) {
        places.push(format!("({})", escape_markdown(&words)));
    }
    places.join(" ")
}

/// Drops the addresses of links, `**`, `__`, backticks and the `*` around words; a `*` between spaces is a sign, not emphasis.
fn bare(text: &str) -> String {
    let text = markdown::without_links(text)
        .replace("**", "")
        .replace("__", "")
        .replace('`', "");
    let mut words = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        if c != '*' || (before.is_whitespace() && after.is_whitespace()) {
            words.push(c);
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        run::Request,
        summary::{Citation, Provenance},
    };

    fn claim(text: &str, verdict: Verdict, starts: &[Option<u64>]) -> Claim {
        Claim {
            text: text.to_owned(),
            verdict,
            detail: (verdict == Verdict::Check).then(|| "the summary says 30, the transcript 13".to_owned()),
            citations: starts
                .iter()
                .map(|start_ms| Citation {
                    passage: 7,
                    start_ms: *start_ms,
                    end_ms: start_ms.map(|ms| ms + 1000),
                    text: "a passage".to_owned(),
                    quote: None,
                })
                .collect(),
        }
    }

    fn summary(video_id: &str, claims: Vec<Claim>) -> Summary {
        Summary {
            id: "1".to_owned(),
            video_id: video_id.to_owned(),
            title: "A *title* <b>".to_owned(),
            request: Request {
                model: "extractive".to_owned(),
                style: "briefing".to_owned(),
                language: None,
                words: 100,
                span: None,
            },
            body: String::new(),
            claims,
            provenance: Provenance::default(),
            created_at: 0,
        }
    }

    /// Drafts only say how many claims a block has.
    fn drafts(count: usize) -> Vec<Draft> {
        let draft = Draft {
            text: String::new(),
            marks: Vec::new(),
        };
        vec![draft; count]
    }

    fn body() -> Vec<Block> {
        vec![
            Block::Paragraph(drafts(2)),
            Block::Heading {
                level: 1,
                text: "Points".to_owned(),
            },
            Block::Item(drafts(1)),
            Block::Item(drafts(1)),
        ]
    }

    fn claims() -> Vec<Claim> {
        vec![
            claim(
                "The **first** point.",
                Verdict::Verbatim,
                &[Some(754_900), Some(754_100), Some(800_000)],
            ),
            claim("The second.", Verdict::NotFound, &[]),
            claim("It cost 30, 2 * 15.", Verdict::Check, &[Some(0)]),
            claim("The *last*.", Verdict::Matched, &[Some(61_000)]),
        ]
    }

    #[test]
    fn steps_are_counted_through_the_headings() {
        let heading = |text: &str| Block::Heading {
            level: 2,
            text: text.to_owned(),
        };
        let item = || Block::Item(drafts(1));
        let blocks = [heading("Before"), item(), item(), heading("After"), item()];
        let claims = ["Fill it.", "Close it.", "Open it."].map(|text| claim(text, Verdict::Verbatim, &[None]));
        let mut summary = summary("upload-1", claims.to_vec());
        summary.request.style = "step-by-step".to_owned();
        let points = markdown_of(&blocks, &summary);
        assert!(points.contains("\n- Fill it."), "an extract has no steps: {points}");
        summary.provenance.prompt_version = Some("steps-1".to_owned());
        let steps = markdown_of(&blocks, &summary);
        assert!(
            steps.ends_with("## Before\n\n1. Fill it. (passage 7)\n2. Close it. (passage 7)\n\n## After\n\n3. Open it. (passage 7)\n"),
            "{steps}"
        );
        summary.body =
            "## Needed\n- Tea [7]\n## Do\n1. Fill it. [7]\n2. Close it. [7]\n## Then\n1. Open it. [7]\n".to_owned();
        summary.claims.insert(0, claim("Tea", Verdict::Verbatim, &[None]));
        let steps = summary_markdown(&summary);
        for line in ["- Tea", "1. Fill it.", "2. Close it.", "3. Open it."] {
            assert!(steps.contains(&format!("\n{line} (")), "{steps}");
        }
    }

    #[test]
    fn markdown_links_every_claim() {
        let link = "https://www.youtube.com/watch?v=dQw4w9WgXcQ";
        let expected = format!(
            "# A \\*title\\* \\<b\\>\n\n\
             The **first** point. [12:34]({link}&t=754s) [13:20]({link}&t=800s) The second. (not found in the transcript)\n\n\
             ## Points\n\n\
             - It cost 30, 2 \\* 15. [0:00]({link}&t=0s) (differs: the summary says 30, the transcript 13)\n\
             - The *last*. [1:01]({link}&t=61s)\n"
        );
        assert_eq!(markdown_of(&body(), &summary("dQw4w9WgXcQ", claims())), expected);
    }

    #[test]
    fn markdown_says_what_was_not_compared_and_who_compared() {
        let mut judged = claim("One.", Verdict::Matched, &[Some(0)]);
        judged.detail = Some("compared by m: the meaning matches".to_owned());
        let claims = vec![judged, claim("Zwei.", Verdict::QuoteFound, &[Some(0)])];
        let markdown = markdown_of(&[Block::Paragraph(drafts(2))], &summary("upload-00ff", claims));
        assert!(
            markdown.ends_with(
                "One. (0:00) (compared by m: the meaning matches) Zwei. (0:00) (quote found; wording not compared)\n"
            ),
            "{markdown}"
        );
    }

    #[test]
    fn markdown_says_who_stands_in_for_the_model() {
        let mut summary = summary("upload-00ff", vec![claim("One.", Verdict::Verbatim, &[Some(0)])]);
        summary.provenance.model = EXTRACTIVE.to_owned();
        summary.provenance.fallback = Some("<b> is not available: *down*.".to_owned());
        let markdown = summary_markdown(&summary);
        assert!(
            markdown.contains(
                "\n\n*\\<b\\> is not available: \\*down\\*. Below stand sentences from the transcript.*\n\nOne."
            ),
            "{markdown}"
        );
        summary.provenance.model = "other".to_owned();
        assert!(summary_markdown(&summary).contains("down\\*. other wrote instead.*\n"));
    }

    #[test]
    fn no_claim_or_heading_becomes_markup() {
        let claims = vec![
            claim(
                "# <img src=x> [press](javascript:x) ![](http://evil.example/)",
                Verdict::Matched,
                &[Some(0)],
            ),
            claim("`open **open\n- item", Verdict::Matched, &[Some(0)]),
        ];
        let blocks = vec![
            Block::Heading {
                level: 2,
                text: "<script> [a](b)".to_owned(),
            },
            Block::Paragraph(drafts(2)),
        ];
        let markdown = markdown_of(&blocks, &summary("dQw4w9WgXcQ", claims));
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines[2], "## \\<script\\> a");
        assert!(lines[4].starts_with("\\# \\<img src=x\\> press !"), "{}", lines[4]);
        assert!(
            !markdown.contains("javascript") && !markdown.contains("evil"),
            "{markdown}"
        );
        assert!(lines[4].contains("\\`open \\*\\*open - item"), "{}", lines[4]);
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn uploads_have_times_without_links() {
        let claims = vec![
            claim("a.", Verdict::Matched, &[Some(3_723_000)]),
            claim("b.", Verdict::Matched, &[None]),
        ];
        let markdown = markdown_of(&[Block::Paragraph(drafts(2))], &summary("upload-00ff", claims));
        assert!(markdown.ends_with("\n\na. (1:02:03) b. (passage 7)\n"), "{markdown}");
    }

    #[test]
    fn text_is_words_and_what_does_not_match() {
        let mut claims = claims();
        claims.push(claim("Zwei.", Verdict::QuoteFound, &[Some(0)]));
        claims[3].text = "The *last* [press](https://evil.example/).".to_owned();
        let mut summary = summary("dQw4w9WgXcQ", claims);
        let expected = "The first point. The second. (not found in the transcript)\n\
                        It cost 30, 2 * 15. (differs: the summary says 30, the transcript 13)\n\
                        The last press.\n\
                        Zwei. (quote found; wording not compared)";
        assert_eq!(text_of(&body(), &summary), expected);
        summary.provenance.model = EXTRACTIVE.to_owned();
        let expected = "The first point. The second.\nIt cost 30, 2 * 15.\nThe last press.\nZwei.";
        assert_eq!(text_of(&body(), &summary), expected);
    }

    #[test]
    fn a_text_file_begins_with_the_title_and_where_it_comes_from() {
        let mut summary = summary("dQw4w9WgXcQ", vec![claim("One.", Verdict::Verbatim, &[Some(0)])]);
        summary.title = "A\ntitle".to_owned();
        let mut video = Video {
            channel: Some("A channel".to_owned()),
            ..Video::default()
        };
        assert_eq!(
            summary_text_file(&summary, &video),
            "A title\nA channel\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n\nOne.\n"
        );
        summary.video_id = "upload-00ff".to_owned();
        summary.provenance.model = EXTRACTIVE.to_owned();
        summary.provenance.fallback = Some("It is down.".to_owned());
        video.channel = None;
        assert_eq!(
            summary_text_file(&summary, &video),
            "A title\n\nIt is down. Below stand sentences from the transcript.\n\nOne.\n"
        );
    }

    #[test]
    fn what_nobody_checked_is_written_all_the_same_and_leads_nowhere() {
        let mut imported = summary("dQw4w9WgXcQ", Vec::new());
        imported.body = "First, <b>tea</b> was *drunk*.\n\nThen it rained.".to_owned();
        imported.provenance.source = Source::Imported.as_str().to_owned();
        assert_eq!(summary_text(&imported), "First, <b>tea</b> was drunk.\nThen it rained.");
        let markdown = summary_markdown(&imported);
        assert!(
            markdown.ends_with(
                "*Imported from the predecessor; its words were never checked.*\n\n\
                 First, \\<b\\>tea\\</b\\> was *drunk*.\n\nThen it rained.\n"
            ),
            "{markdown}"
        );
    }

    #[test]
    fn a_part_is_said_to_be_one() {
        let mut summary = summary("dQw4w9WgXcQ", claims());
        summary.request.span = Some(Span {
            start_ms: 60_000,
            end_ms: 3_725_000,
        });
        let words = "Of the part from 0:01:00 to 1:02:05 alone.";
        assert!(
            summary_markdown(&summary).contains(words),
            "{}",
            summary_markdown(&summary)
        );
        let text = summary_text_file(&summary, &Video::default());
        assert!(text.contains(words), "{text}");
    }

    #[test]
    fn no_claim_is_lost() {
        let summary = summary("dQw4w9WgXcQ", claims());
        assert_eq!(text_of(&[], &summary).lines().count(), 4);
        assert_eq!(markdown_of(&[], &summary).matches("point").count(), 1);
    }
}
