//! A summary as HTML: one file that needs nothing else, or only its text for a page of ours. All that comes from outside is escaped.

use std::borrow::Cow;

use super::summary::{UPLOAD_PREFIX, each, notes};
use crate::{
    citations::{self, Block},
    language::Language,
    markdown::{self, Inline},
    summary::{Citation, Claim, Summary, Verdict},
    timecode::{clock, date, iso, length},
    video::Video,
};

/// Where times lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links<'a> {
    /// To YouTube; nowhere where there is no video.
    YouTube,
    /// To the summary's page, which is at this address.
    Page(&'a str),
}

/// What the file looks like; it loads nothing.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{overflow-wrap:anywhere;max-width:40rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.55 Georgia,serif;color:light-dark(#211d19,#e5e3dd);background:light-dark(#fbfaf7,#171512)}\
h1,h2,h3,header,footer{font-family:system-ui,sans-serif;line-height:1.25}\
header p,footer p{font-size:.875rem;color:light-dark(#59544e,#afaaa3)}\
li{margin:.5em 0}\
a{color:light-dark(#185a95,#83bef0)}\
.time{font:.8125rem system-ui,sans-serif;white-space:nowrap}\
.glue{white-space:nowrap}\
.aside,.doubt{font:.8125rem system-ui,sans-serif;color:light-dark(#59544e,#afaaa3)}\
.doubt{color:light-dark(#804f17,#eabc6e)}";

/// A file of its own.
#[must_use]
pub fn summary_html(summary: &Summary, video: &Video) -> String {
    let title = escape(&summary.title);
    let language = language_of(summary);
    let provenance = &summary.provenance;
    let mut facts: Vec<String> = Vec::new();
    facts.extend(video.channel.clone());
    facts.extend(video.duration_s.map(length));
    facts.push(provenance.model.clone());
    let made = summary.created_at;
    let made = format!("<time datetime=\"{}\">{}</time>", iso(made), date(made));
    let facts: Vec<String> = facts
        .iter()
        .filter(|fact| !fact.is_empty())
        .map(|fact| format!("<bdi>{}</bdi>", escape(fact)))
        .chain([made])
        .collect();
    let source = if summary.video_id.starts_with(UPLOAD_PREFIX) {
        String::new()
    } else {
        let address = escape(&format!("https://www.youtube.com/watch?v={}", summary.video_id));
        format!("<p><a href=\"{address}\">{address}</a></p>\n")
    };
    let tally = (!summary.is_imported()).then(|| summary.checked());
    let notes: String = tally
        .into_iter()
        .chain(notes(summary))
        .map(|words| format!("<p>{}</p>\n", escape(&words)))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1 dir=\"auto\">{title}</h1>\n<p>{facts}</p>\n{source}{notes}</header>\n\
         <main>\n{body}</main>\n\
         <footer>\n{checked}</footer>\n\
         </body>\n</html>\n",
        facts = facts.join(" · "),
        checked = if summary.is_imported() {
            ""
        } else {
            "<p>Every time comes from the transcript. The server compared each point with the passage it cites.</p>\n"
        },
        body = summary_body(summary, &Links::YouTube),
    )
}

/// The text alone: headings, paragraphs and lists.
#[must_use]
pub fn summary_body(summary: &Summary, links: &Links<'_>) -> String {
    let mut claims = summary.claims.iter();
    let ms = summary.claims.iter().flat_map(|claim| &claim.citations);
    let hours = ms.filter_map(|citation| citation.start_ms).any(|ms| ms >= 3_600_000);
    let write = |claim: &Claim| point(claim, summary, links, hours);
    let mut html = String::new();
    let mut in_list = false;
    for block in &citations::blocks(&summary.body, false) {
        let is_item = matches!(block, Block::Item(_));
        if is_item != in_list {
            html.push_str(if is_item { "<ul>\n" } else { "</ul>\n" });
            in_list = is_item;
        }
        match block {
            Block::Heading { level, text } => {
                let level = (*level).clamp(2, 6);
                let text = escape(&markdown::plain(text));
                html.push_str(&format!("<h{level} dir=\"auto\">{text}</h{level}>\n"));
            }
            Block::Paragraph(drafts) => {
                html.push_str(&format!(
                    "<p dir=\"auto\">{}</p>\n",
                    each(drafts, &mut claims, write, inline)
                ));
            }
            Block::Item(drafts) => {
                html.push_str(&format!(
                    "<li dir=\"auto\">{}</li>\n",
                    each(drafts, &mut claims, write, inline)
                ));
            }
        }
    }
    if in_list {
        html.push_str("</ul>\n");
    }
    // No claim is lost, even if the body has changed under them.
    for claim in claims {
        html.push_str(&format!("<p dir=\"auto\">{}</p>\n", write(claim)));
    }
    html
}

/// Words with their emphasis.
fn inline(text: &str) -> String {
    elements(&markdown::inlines(text.trim()))
}

fn elements(pieces: &[Inline]) -> String {
    let html = pieces.iter().map(|piece| {
        let words = escape(piece.text());
        match piece {
            Inline::Text(_) => words,
            Inline::Emphasis(_) => format!("<em>{words}</em>"),
            Inline::Strong(_) => format!("<strong>{words}</strong>"),
            Inline::Code(_) => format!("<code>{words}</code>"),
        }
    });
    html.collect()
}

/// A claim, the times it leads to, and words where something is wrong. On a page of ours the times wear their signs, as on the
/// summary's own page; a file says in words what was not compared.
fn point(claim: &Claim, summary: &Summary, links: &Links<'_>, hours: bool) -> String {
    let mut places: Vec<String> = Vec::new();
    let cited = claim.citations.iter().filter(|_| claim.verdict != Verdict::NotFound);
    for citation in cited {
        let place = place(claim, citation, summary, links, hours);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    // The first time is glued to the last word, so that it is never torn from it.
    let mut html = match places.split_first() {
        None => inline(&claim.text),
        Some((first, further)) => {
            let (head, tail) = markdown::split_last_word(&markdown::inlines(claim.text.trim()));
            let (head, tail) = (elements(&head), elements(tail.as_slice()));
            let mut html = format!("{head}<span class=\"glue\">{tail} {first}</span>");
            for place in further {
                html.push(' ');
                html.push_str(place);
            }
            html
        }
    };
    let is_found = claim.verdict.is_found() && !claim.citations.is_empty();
    let is_signed = is_found && matches!(links, Links::Page(_));
    let words = claim.caveat().or_else(|| claim.detail.as_deref().map(Cow::Borrowed));
    if let Some(words) = words.filter(|_| !is_signed) {
        let class = if is_found { "aside" } else { "doubt" };
        html.push_str(&format!(" <span class=\"{class}\">{}</span>", escape(&words)));
    }
    html
}

fn place(claim: &Claim, citation: &Citation, summary: &Summary, links: &Links<'_>, hours: bool) -> String {
    let words = citation
        .start_ms
        .map_or_else(|| format!("¶\u{a0}{}", citation.passage), |ms| clock(ms, hours));
    let is_video = !summary.video_id.starts_with(UPLOAD_PREFIX);
    let address = match (links, citation.start_ms.filter(|_| is_video)) {
        (Links::YouTube, Some(ms)) => Some(format!(
            "https://www.youtube.com/watch?v={}&t={}s",
            summary.video_id,
            ms / 1000
        )),
        (Links::YouTube, None) => None,
        (Links::Page(page), Some(ms)) => Some(format!("{page}?t={}#player", ms / 1000)),
        (Links::Page(page), None) => Some(format!("{page}#p{}", citation.passage)),
    };
    let title = citation.quote.as_deref().unwrap_or(&citation.text);
    match (address, links) {
        (Some(address), Links::YouTube) => format!(
            "<a class=\"time\" href=\"{}\" title=\"{}\">{words}</a>",
            escape(&address),
            escape(title)
        ),
        (Some(address), Links::Page(_)) => {
            let (standing, sign) = sign(claim.verdict);
            format!(
                "<a class=\"time\" data-standing=\"{standing}\" href=\"{}\" title=\"{}: {}\">{sign}<span class=\"clock\">{words}</span></a>",
                escape(&address),
                escape(&claim.words()),
                escape(title)
            )
        }
        (None, _) => format!("<span class=\"time\">{words}</span>"),
    }
}

/// How the summary's own page shows what was found: the name its stylesheet knows, and what it draws before the time.
fn sign(verdict: Verdict) -> (&'static str, String) {
    let (standing, class, path) = match verdict {
        Verdict::Verbatim | Verdict::Matched => ("found", "tick", "M2.5 6.5 5 9l4.5-6"),
        Verdict::QuoteFound => ("quoted", "quote", "M4.8 2.5v2.7q0 2.2-2 3.3M9.6 2.5v2.7q0 2.2-2 3.3"),
        Verdict::Check | Verdict::NotFound => return ("check", String::new()),
    };
    let mark = format!(
        "<svg class=\"mark\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path class=\"{class}\" d=\"{path}\"/></svg>"
    );
    (standing, mark)
}

/// The code of the language that the summary is written in, or nothing.
fn language_of(summary: &Summary) -> &'static str {
    Language::from_code(summary.written_in()).code()
}

fn escape(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\0' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{run::Request, summary::Provenance};

    fn summary(video_id: &str, text: &str) -> Summary {
        Summary {
            id: "1".to_owned(),
            video_id: video_id.to_owned(),
            title: "</title><script>alert(1)</script>".to_owned(),
            request: Request {
                model: "m".to_owned(),
                style: "briefing".to_owned(),
                language: Some("\" onload=\"x".to_owned()),
                words: 100,
                span: None,
            },
            body: format!("## A <b>heading</b>\n\n- {text} [7]\n- Two. [8]\n\nLast. [9] Foreign. [7]"),
            claims: [text, "Two.", "Last.", "Foreign."]
                .iter()
                .zip([Verdict::Matched, Verdict::NotFound, Verdict::Check, Verdict::QuoteFound])
                .map(|(text, verdict)| Claim {
                    text: (*text).to_owned(),
                    verdict,
                    detail: (verdict == Verdict::Check).then(|| "<i>30</i>, not 13".to_owned()),
                    citations: vec![Citation {
                        passage: 7,
                        start_ms: Some(754_900),
                        end_ms: Some(760_000),
                        text: "a \"passage\" <u>".to_owned(),
                        quote: None,
                    }],
                })
                .collect(),
            provenance: Provenance::default(),
            created_at: 0,
        }
    }

    #[test]
    fn the_text_has_its_structure_and_links() {
        let html = summary_body(&summary("dQw4w9WgXcQ", "One *two*."), &Links::YouTube);
        let link = "<a class=\"time\" href=\"https://www.youtube.com/watch?v=dQw4w9WgXcQ&amp;t=754s\" \
                    title=\"a &quot;passage&quot; &lt;u&gt;\">12:34</a>";
        let expected = format!(
            "<h2 dir=\"auto\">A &lt;b&gt;heading&lt;/b&gt;</h2>\n<ul>\n\
             <li dir=\"auto\">One <em>two</em><span class=\"glue\">. {link}</span></li>\n\
             <li dir=\"auto\">Two. <span class=\"doubt\">not found in the transcript</span></li>\n</ul>\n\
             <p dir=\"auto\"><span class=\"glue\">Last. {link}</span> \
             <span class=\"doubt\">differs: &lt;i&gt;30&lt;/i&gt;, not 13</span> \
             <span class=\"glue\">Foreign. {link}</span> <span class=\"aside\">quote found; wording not compared</span></p>\n"
        );
        assert_eq!(html, expected);
    }

    #[test]
    fn a_page_of_ours_shows_what_was_found_as_the_summarys_own_does() {
        let html = summary_body(&summary("dQw4w9WgXcQ", "One."), &Links::Page("/summaries/1"));
        let standing = |words: &str, standing: &str| {
            let after = html.split_once(words).map_or("", |(_, after)| after);
            after.starts_with(&format!(
                "<a class=\"time\" data-standing=\"{standing}\" href=\"/summaries/1?t=754#player\""
            ))
        };
        assert!(standing("One. ", "found") && standing("Last. ", "check") && standing("Foreign. ", "quoted"));
        assert!(
            html.contains("title=\"Wording matches: a &quot;passage&quot; &lt;u&gt;\""),
            "{html}"
        );
        assert!(html.contains("not found in the transcript") && html.contains("differs: "));
        assert!(!html.contains("not compared</span>"), "the sign says so: {html}");
    }

    #[test]
    fn nothing_from_outside_is_markup() {
        let hostile = "<img src=x onerror=alert(1)> [press](javascript:alert(1)) \"'";
        let html = summary_html(&summary("dQw4w9WgXcQ", hostile), &Video::default());
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"),
            "{html}"
        );
        assert!(html.contains("<title>&lt;/title&gt;&lt;script&gt;"));
        assert!(!html.contains("onload"), "a language is a code of ours");
        assert!(html.contains("<time datetime=\"1970-01-01T00:00:00Z\">1 Jan 1970</time>"));
    }

    #[test]
    fn what_is_to_be_known_beforehand_is_said() {
        let mut summary = summary("dQw4w9WgXcQ", "One.");
        summary.request.span = Some(crate::transcript::Span {
            start_ms: 0,
            end_ms: 90_000,
        });
        summary.provenance.source = crate::transcript::Source::Description.as_str().to_owned();
        let html = summary_html(&summary, &Video::default());
        for words in ["Of the part from 0:00 to 1:30 alone.", "alone, not from what is said."] {
            assert!(html.contains(words), "{html}");
        }
    }

    #[test]
    fn an_upload_leads_to_its_page_or_nowhere() {
        let summary = summary("upload-00ff", "One.");
        assert!(!summary_html(&summary, &Video::default()).contains("href"));
        let body = summary_body(&summary, &Links::Page("/summaries/1"));
        assert!(body.contains("href=\"/summaries/1#p7\""), "{body}");
    }
}
