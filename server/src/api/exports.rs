//! Summaries and transcripts as files.

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use backend::services::Services;
use domain::{export, language::Language, transcript::Transcript, video::Video};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    problem::{ApiError, Problem, Query},
    summaries::SummaryView,
};

/// What `filename*` may hold as it is (RFC 8187).
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// How a summary is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SummaryFormat {
    /// Markdown with front matter; times are links.
    Markdown,
    /// The title, the channel and the link, then the words alone.
    Text,
    /// One file that loads nothing.
    Html,
    /// All that is known.
    Json,
}

/// How a transcript is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TranscriptFormat {
    /// The words alone.
    Text,
    /// SubRip.
    Srt,
    /// WebVTT.
    #[serde(alias = "vtt")]
    Webvtt,
    /// As scripts know it.
    Json,
    /// Paragraphs under their chapters, with times that are links.
    Markdown,
}

/// Which of the two texts of a summary's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Version {
    /// The sentences from the transcript that stand beside what a model wrote.
    Extract,
    /// The summary itself.
    #[default]
    Summary,
}

/// Which format of which text.
#[derive(Debug, Deserialize, IntoParams)]
pub struct SummaryFile {
    format: SummaryFormat,
    /// `summary` where nothing is said.
    #[serde(default)]
    version: Version,
}

/// Which format.
#[derive(Debug, Deserialize, IntoParams)]
pub struct TranscriptFile {
    format: TranscriptFormat,
}

/// All that is known about a summary, and what it is of.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    summary: SummaryView,
    video: &'a Video,
}

/// A summary as a file.
#[utoipa::path(get, path = "/api/v1/summaries/{id}/export", params(SummaryFile),
    responses((status = 200, description = "The file"), (status = 404, body = Problem)))]
pub async fn summary(
    State(services): State<Services>,
    Path(id): Path<String>,
    Query(file): Query<SummaryFile>,
) -> Result<Response, ApiError> {
    let found = match file.version {
        Version::Summary => services.export(&id).await?,
        Version::Extract => services.export_extract(&id).await?,
    };
    let (summary, video) = found.ok_or(ApiError::NotFound("summary"))?;
    let title = summary.title.clone();
    Ok(match file.format {
        SummaryFormat::Markdown => answer(
            &title,
            "md",
            "text/markdown",
            export::summary_document(&summary, &video),
        ),
        SummaryFormat::Text => answer(&title, "txt", "text/plain", export::summary_text_file(&summary, &video)),
        SummaryFormat::Html => answer(&title, "html", "text/html", export::summary_html(&summary, &video)),
        SummaryFormat::Json => {
            let whole = Whole {
                summary: summary.into(),
                video: &video,
            };
            named(&title, "json", Json(whole).into_response())
        }
    })
}

/// The transcript that a summary was made from, as a file.
#[utoipa::path(get, path = "/api/v1/summaries/{id}/transcript", params(TranscriptFile),
    responses(
        (status = 200, description = "The file"),
        (status = 404, body = Problem),
        (status = 409, description = "`srt` or `webvtt` of a transcript without times", body = Problem)))]
pub async fn transcript(
    State(services): State<Services>,
    Path(id): Path<String>,
    Query(file): Query<TranscriptFile>,
) -> Result<Response, ApiError> {
    let (transcript, code, video) = services
        .transcript(&id)
        .await?
        .ok_or(ApiError::NotFound("transcript"))?;
    has_times(&transcript, file.format)?;
    let title = video.title.as_str();
    Ok(match file.format {
        TranscriptFormat::Text => answer(title, "txt", "text/plain", export::text(&transcript) + "\n"),
        TranscriptFormat::Srt => answer(title, "srt", "application/x-subrip", export::srt(&transcript)),
        TranscriptFormat::Webvtt => answer(title, "vtt", "text/vtt", export::webvtt(&transcript)),
        TranscriptFormat::Json => {
            let name = match Language::from_code(&code) {
                Language::Other => code.as_str(),
                language => language.name(),
            };
            answer(
                title,
                "json",
                "application/json",
                export::json(&transcript, &video.id, name),
            )
        }
        TranscriptFormat::Markdown => {
            let language = Language::from_code(&code);
            let text = export::markdown(&transcript, &video, language);
            answer(title, "md", "text/markdown", text)
        }
    })
}

/// Subtitles are nothing but words at their times.
fn has_times(transcript: &Transcript, format: TranscriptFormat) -> Result<(), ApiError> {
    let is_subtitles = matches!(format, TranscriptFormat::Srt | TranscriptFormat::Webvtt);
    if is_subtitles && transcript.end_ms().is_none() {
        return Err(ApiError::Conflict(
            "this transcript has no times, which subtitles need; it can be had as text, markdown or json",
        ));
    }
    Ok(())
}

fn answer(title: &str, ending: &str, kind: &'static str, text: String) -> Response {
    let kind = HeaderValue::try_from(format!("{kind}; charset=utf-8"));
    let mut response = Response::new(Body::from(text));
    if let Ok(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    named(title, ending, response)
}

/// Lets browsers save an answer under the title's name, and not keep it: a summary can be deleted.
fn named(title: &str, ending: &str, mut response: Response) -> Response {
    if let Ok(disposition) = HeaderValue::try_from(disposition(title, ending)) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// RFC 6266: a name in ASCII for old programs, then the name itself.
fn disposition(title: &str, ending: &str) -> String {
    let stem = export::file_stem(title);
    let ascii: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || " .,-_()".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let whole = format!("{stem}.{ending}");
    format!(
        "attachment; filename=\"{ascii}.{ending}\"; filename*=UTF-8''{}",
        utf8_percent_encode(&whole, KEPT)
    )
}

#[cfg(test)]
mod tests {
    use domain::transcript::{Cue, Source, Span};

    use super::*;

    #[test]
    fn subtitles_need_times() {
        let said = |span| Transcript {
            cues: vec![Cue {
                span,
                text: "One.".to_owned(),
            }],
            language: None,
            source: Source::Uploaded,
        };
        let span = Span {
            start_ms: 0,
            end_ms: 1000,
        };
        for format in [TranscriptFormat::Srt, TranscriptFormat::Webvtt] {
            let refused = has_times(&said(None), format);
            assert!(
                matches!(refused, Err(ApiError::Conflict(why)) if why.contains("text, markdown or json")),
                "{refused:?}"
            );
            assert!(has_times(&said(Some(span)), format).is_ok());
        }
        assert!(has_times(&said(None), TranscriptFormat::Markdown).is_ok());
    }

    #[test]
    fn a_title_names_the_file_and_nothing_else() {
        assert_eq!(
            disposition("Why the tides come", "md"),
            "attachment; filename=\"Why the tides come.md\"; filename*=UTF-8''Why%20the%20tides%20come.md"
        );
        assert_eq!(
            disposition("潮汐\"; filename=\"evil.exe\r\nX: y", "txt"),
            "attachment; filename=\"__ _ filename_ evil.exe X y.txt\"; \
             filename*=UTF-8''%E6%BD%AE%E6%B1%90%20%3B%20filename%3D%20evil.exe%20X%20y.txt"
        );
        for title in ["", "..", "\u{202e}cod.exe", "a/b\\c"] {
            let disposition = disposition(title, "json");
            assert!(HeaderValue::try_from(&disposition).is_ok(), "{disposition}");
            assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
            assert!(!disposition.contains(['/', '\\']), "{disposition}");
        }
    }
}
