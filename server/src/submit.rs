//! `POST /submit`: the home page's form, plain multipart, with script or without. Answers with a redirect to the run, or with
//! the home page again where something was not accepted.

use app::flash::{Flash, Rejected};
use axum::{
    Extension,
    extract::{Multipart, State, multipart::MultipartError},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    access::{Access, Granted},
    services::{Submission, Submitted, UploadedFile},
};
use domain::{
    input::{self, Input},
    run::TextFrom,
    transcript::Span,
};

use crate::{app_state::AppState, pages};

/// The sample: someone with no key and no internet sees the main job with it.
const SAMPLE: &str = include_str!("../../public/sample/tides.vtt");
const SAMPLE_TITLE: &str = "Why the tides come twice a day";
/// Files in one submission.
const MAX_FILES: usize = 20;

/// `POST /submit`
pub async fn submit(
    State(state): State<AppState>,
    Extension(granted): Extension<Granted>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let Read {
        submission,
        typed: text,
    } = match read(form).await {
        Ok(read) => read,
        Err(error) => return (error.status(), error.body_text()).into_response(),
    };
    if let Some(preview) = only_list(&submission) {
        return Redirect::to(&preview).into_response();
    }
    match state.services.submit(submission).await {
        Ok(submitted) => {
            charge(&state.access, &granted, &submitted).await;
            answer(state, submitted, &text, granted, &headers).await
        }
        Err(error) => {
            tracing::error!(%error, "a submission could not be taken");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "This server's database did not answer as it should. Nothing was taken; please send it again.\n",
            )
                .into_response()
        }
    }
}

/// The call counted as one already; so does each of its other runs.
pub async fn charge(access: &Access, granted: &Granted, submitted: &Submitted) {
    let more = submitted.runs.len().saturating_sub(1);
    if let Err(error) = access.charge(granted, more).await {
        tracing::error!(%error, "a limit could not be kept");
    }
}

/// Where the videos are chosen, if a list is all that was sent.
fn only_list(submission: &Submission) -> Option<String> {
    match input::read(&submission.input) {
        Input::Lines(lines) if submission.files.is_empty() => match lines.as_slice() {
            [line] => line.link.as_ref().ok()?.preview(),
            _ => None,
        },
        _ => None,
    }
}

async fn answer(state: AppState, submitted: Submitted, text: &str, granted: Granted, visitor: &HeaderMap) -> Response {
    if submitted.rejected.is_empty() {
        return match submitted.runs.as_slice() {
            [run] => Redirect::to(&format!("/summaries/{}", run.id)).into_response(),
            _ => Redirect::to("/activity").into_response(),
        };
    }
    let flash = Flash {
        text: left_over(text, &submitted),
        rejected: submitted
            .rejected
            .into_iter()
            .map(|rejected| Rejected {
                line: rejected.line,
                input: rejected.input,
                message: rejected.message,
            })
            .collect(),
        accepted: submitted.runs,
        ..Flash::default()
    };
    pages::home_with(state, flash, granted, visitor).await
}

/// What stays in the field: the lines that were not accepted, or all where nothing was.
fn left_over(text: &str, submitted: &Submitted) -> String {
    if submitted.runs.is_empty() {
        return text.to_owned();
    }
    let numbers: Vec<u32> = submitted.rejected.iter().filter_map(|rejected| rejected.line).collect();
    let kept: Vec<&str> = (1_u32..)
        .zip(text.lines())
        .filter(|(number, _)| numbers.contains(number))
        .map(|(_, line)| line)
        .collect();
    kept.join("\n")
}

/// A form that was read.
pub struct Read {
    /// What is asked for.
    pub submission: Submission,
    /// What the person typed, to be kept in the field; empty where the sample was asked for.
    pub typed: String,
}

/// Reads the form's fields; the API takes the same ones.
///
/// # Errors
/// Where the form is broken or too large.
pub async fn read(mut form: Multipart) -> Result<Read, MultipartError> {
    let mut submission = Submission::default();
    let mut sample = false;
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or("").to_owned();
        if name == "files" {
            let file_name = field.file_name().unwrap_or("").to_owned();
            let bytes = field.bytes().await?;
            // Browsers send an empty part where no file was chosen.
            if !bytes.is_empty() && submission.files.len() < MAX_FILES {
                submission.files.push(UploadedFile {
                    name: file_name,
                    text: decode(&bytes),
                });
            }
            continue;
        }
        let text = field.text().await?;
        let given = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match name.as_str() {
            "input" => submission.input = text,
            // A ticked video of a list.
            "video" => {
                submission.input.push_str(text.trim());
                submission.input.push('\n');
            }
            "captured" => submission.captured = given,
            "batch" => submission.batch = given,
            "title" => submission.title = given,
            "model" => submission.model = given,
            "style" => submission.style = given,
            "prompt" => submission.prompt = given,
            "language" => submission.language = given,
            // A number that is none becomes one that is refused in words. Of two fields the later wins: a length in words
            // stands after the lengths by name.
            "words" => submission.words = given.map(|words| words.parse().unwrap_or(0)).or(submission.words),
            "again" => submission.again = given,
            "span" => submission.span = given.map(|span| read_span(&span)),
            "fresh" => submission.fresh = given.is_some(),
            "refetch" => submission.refetch = given.is_some(),
            "track" if given.is_some() => submission.text_from = TextFrom::named(given.as_deref()),
            "source" if given.as_deref() == TextFrom::Description.name() => {
                submission.text_from = TextFrom::Description;
            }
            "sample" => sample = given.is_some(),
            _ => {}
        }
    }
    if sample {
        submission.input = SAMPLE.to_owned();
        submission.title = Some(SAMPLE_TITLE.to_owned());
        return Ok(Read {
            submission,
            typed: String::new(),
        });
    }
    let typed = submission.input.clone();
    Ok(Read { submission, typed })
}

/// A part of a video, `41000-58000` in milliseconds. What is none becomes one that is refused in words.
fn read_span(text: &str) -> Span {
    let bounds = text.split_once('-').and_then(|(start, end)| {
        Some(Span {
            start_ms: start.trim().parse().ok()?,
            end_ms: end.trim().parse().ok()?,
        })
    });
    bounds.unwrap_or(Span { start_ms: 0, end_ms: 0 })
}

/// The text of a file: UTF-8, UTF-16 where it says so, else Windows-1252, which never fails.
pub fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_two_numbers() {
        let span = |start_ms, end_ms| Span { start_ms, end_ms };
        assert_eq!(read_span("41000-58000"), span(41_000, 58_000));
        for bad in ["", "41000", "-5-9", "a-b", "1-99999999999999999999"] {
            assert_eq!(read_span(bad), span(0, 0), "{bad}");
        }
    }

    #[test]
    fn files_are_read_in_the_encodings_they_come_in() {
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode(b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe"), "Grüße");
        assert_eq!(decode(b"\xff\xfeG\0r\0\xfc\0"), "Grü");
        assert_eq!(decode(b"Gr\xfc\xdfe"), "Grüße");
    }
}
