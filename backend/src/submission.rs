//! Taking what somebody typed, pasted or uploaded: a run for each good part, a reason for each bad one, and nothing lost.

use domain::{
    captions,
    captured::{self, Captured},
    input,
    input::Input,
    language::{Language, codes},
    link::Link,
    prompt,
    run::{self, Request, TextFrom},
    transcript::{Source, Span, Transcript},
    video::Video,
};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    database::{self, StoreError, runs::NewRun},
    jobs,
    models::{EXTRACTIVE, Models},
    services::{Rejected, Submission, Submitted, UploadedFile},
    summarize,
};

/// What a prompt without a name is called.
pub const UNNAMED: &str = "Own prompt";
/// No video is longer than a week.
const LONGEST_MS: u64 = 7 * 24 * 3_600_000;
/// Parts that one submission may have.
const MAX_PARTS: usize = 500;

/// Takes a submission.
///
/// # Errors
/// [`StoreError`]; a bad part is no error but a [`Rejected`].
pub async fn take(pool: &PgPool, models: &Models, submission: Submission) -> Result<Submitted, StoreError> {
    let mut submitted = Submitted::default();
    let request = match request(pool, models, &submission).await? {
        Ok(request) => request,
        Err(rejected) => {
            submitted.rejected.push(rejected);
            return Ok(submitted);
        }
    };
    let mut parts = Vec::new();
    if let Some(id) = &submission.again {
        match kept(pool, id).await? {
            Some(part) => parts.push(part),
            None => submitted.rejected.push(Rejected {
                line: None,
                input: shorten(id),
                message: "is no summary whose transcript is kept here.".to_owned(),
            }),
        }
    }
    read_input(&submission, &mut parts, &mut submitted.rejected);
    if let Some(text) = &submission.captured {
        match captured::read(text) {
            Ok(captured) => parts.push(Part::Captured(Box::new(captured))),
            Err(error) => submitted.rejected.push(Rejected {
                line: None,
                input: "The captions from your browser".to_owned(),
                message: format!("can't be used: {error}."),
            }),
        }
    }
    for file in &submission.files {
        match uploaded(file, submission.title.as_deref()) {
            Ok(part) => parts.push(part),
            Err(rejected) => submitted.rejected.push(rejected),
        }
    }
    if parts.is_empty() && submitted.rejected.is_empty() {
        submitted.rejected.push(Rejected {
            line: None,
            input: String::new(),
            message: "There is nothing to summarise yet. Paste a YouTube link or a transcript, or choose a file."
                .to_owned(),
        });
    }
    if parts.len() > MAX_PARTS {
        submitted.rejected.push(Rejected {
            line: None,
            input: format!("{} links", parts.len()),
            message: format!(
                "are more than {MAX_PARTS} at once. The first {MAX_PARTS} were taken; send the rest after them."
            ),
        });
        parts.truncate(MAX_PARTS);
    }
    let batch = (parts.len() > 1).then(Uuid::now_v7);
    if let Some(batch) = batch {
        database::batches::make(pool, batch, &shorten(submission.batch.as_deref().unwrap_or(""))).await?;
        submitted.batch = Some(batch.to_string());
    }
    for (part, ordinal) in parts.into_iter().zip(0..) {
        let place = batch.map(|batch| (batch, ordinal));
        let id = make_run(pool, part, &request, &submission, place).await?;
        if let Some(run) = database::runs::get(pool, id).await?
            && submitted.runs.iter().all(|other| other.id != run.id)
        {
            submitted.runs.push(run);
        }
    }
    Ok(submitted)
}

/// One thing to summarise.
enum Part {
    Link {
        youtube_id: String,
        canonical: String,
    },
    Text(Box<Upload>),
    Kept {
        video_id: String,
        transcript_id: i64,
        label: String,
    },
    Captured(Box<Captured>),
}

struct Upload {
    video: Video,
    language: String,
    track: Option<String>,
    transcript: Transcript,
}

async fn request(
    pool: &PgPool,
    models: &Models,
    submission: &Submission,
) -> Result<Result<Request, Rejected>, StoreError> {
    let style = style(pool, submission).await?;
    Ok(style.and_then(|style| request_in(style, models, submission)))
}

fn request_in(style: String, models: &Models, submission: &Submission) -> Result<Request, Rejected> {
    let model = given(submission.model.as_deref()).unwrap_or_else(|| models.default_model().to_owned());
    if model != EXTRACTIVE {
        models.resolve(&model).map_err(|error| {
            let fault = error.fault();
            whole(&model, format!("can't be used. {} {}", fault.message, fault.hint))
        })?;
    }
    let language = match given(submission.language.as_deref()) {
        Some(code) => Some(codes::asked_for(&code).map_err(|why| whole(&shorten(&code), why))?),
        None => None,
    };
    let words = submission.words.unwrap_or(run::DEFAULT_WORDS);
    run::length(words).map_err(|why| whole(&format!("{words} words"), why))?;
    if let Some(Span { start_ms, end_ms }) = submission.span
        && (end_ms <= start_ms || end_ms > LONGEST_MS)
    {
        return Err(whole(
            &format!("{start_ms}-{end_ms}"),
            "is no part of a video: it must end after it begins.".to_owned(),
        ));
    }
    Ok(Request {
        model,
        style,
        language,
        words,
        span: submission.span,
    })
}

/// What is asked for as a style: one of the program's, a prompt by its name (as it is now) or by name and hash (as it was),
/// or words that came along.
async fn style(pool: &PgPool, submission: &Submission) -> Result<Result<String, Rejected>, StoreError> {
    let wanted = given(submission.style.as_deref());
    if let Some(text) = given(submission.prompt.as_deref()) {
        let name = wanted.unwrap_or_else(|| UNNAMED.to_owned());
        return Ok(match prompt::checked(&name, &text) {
            Ok((name, text)) => {
                database::prompts::keep_text(pool, &text).await?;
                Ok(prompt::style(&name, &text))
            }
            Err(error) => Err(whole(&shorten(&name), format!("can't be used as a prompt. {error}"))),
        });
    }
    let wanted = wanted.unwrap_or_else(|| prompt::STYLES[0].0.to_owned());
    let error = match summarize::style(&wanted) {
        Ok(style) => return Ok(Ok(style.name.into_owned())),
        Err(error) => error,
    };
    if let Some((name, text)) = database::prompts::by_name(pool, &wanted).await? {
        return Ok(Ok(prompt::style(&name, &text)));
    }
    if let Some((name, hash)) = prompt::own(&wanted)
        && let Some(text) = database::prompts::text(pool, hash).await?
        && let Ok((name, text)) = prompt::checked(name, &text)
    {
        return Ok(Ok(prompt::style(&name, &text)));
    }
    let names: Vec<String> = database::prompts::all(pool)
        .await?
        .into_iter()
        .map(|prompt| prompt.name)
        .collect();
    let own = if names.is_empty() {
        String::new()
    } else {
        format!(" Your prompts are: {}.", names.join(", "))
    };
    Ok(Err(whole(
        &shorten(&wanted),
        format!("can't be used as a style. {error}{own}"),
    )))
}

fn whole(input: &str, message: String) -> Rejected {
    Rejected {
        line: None,
        input: input.to_owned(),
        message,
    }
}

fn given(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// What an earlier run was made from.
async fn kept(pool: &PgPool, id: &str) -> Result<Option<Part>, StoreError> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let Some((video_id, transcript_id, label)) = database::runs::source_of(pool, id).await? else {
        return Ok(None);
    };
    // What the predecessor wrote has no words behind it: they are fetched now.
    if database::transcripts::is_imported(pool, transcript_id).await? {
        let link = Link::Video {
            id: video_id.clone(),
            list: None,
            start: None,
        };
        return Ok(Some(Part::Link {
            youtube_id: video_id,
            canonical: link.canonical(),
        }));
    }
    Ok(Some(Part::Kept {
        video_id,
        transcript_id,
        label,
    }))
}

fn read_input(submission: &Submission, parts: &mut Vec<Part>, rejected: &mut Vec<Rejected>) {
    match input::read(&submission.input) {
        Input::Empty => {}
        Input::Transcript => match pasted(&submission.input, submission.title.as_deref(), None) {
            Ok(part) => parts.push(part),
            Err(message) => rejected.push(Rejected {
                line: None,
                input: shorten(&submission.input),
                message,
            }),
        },
        Input::Lines(lines) => {
            for line in lines {
                let message = match &line.link {
                    Ok(link @ Link::Video { id, .. }) => {
                        parts.push(Part::Link {
                            youtube_id: id.clone(),
                            canonical: link.canonical(),
                        });
                        continue;
                    }
                    Ok(link) => format!("is a {}: open it to choose its videos.", link.noun()),
                    Err(error) => format!("{error}."),
                };
                rejected.push(Rejected {
                    line: Some(line.number),
                    input: shorten(&line.text),
                    message,
                });
            }
        }
    }
}

fn uploaded(file: &UploadedFile, title: Option<&str>) -> Result<Part, Rejected> {
    let name = shorten(&file.name);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem).to_owned();
    pasted(
        &file.text,
        title.or(Some(&stem)).filter(|title| !title.trim().is_empty()),
        Some(&name),
    )
    .map_err(|message| Rejected {
        line: None,
        input: name.clone(),
        message,
    })
}

fn pasted(text: &str, title: Option<&str>, track: Option<&str>) -> Result<Part, String> {
    let transcript = captions::read(text, Source::Uploaded).map_err(|error| {
        format!("can't be used as a transcript: {error}. Paste text, SRT, WebVTT or lines with times.")
    })?;
    let detected = Language::detect(&transcript.text());
    let hash = transcript.content_hash();
    let first_words = || {
        let words: Vec<&str> = transcript
            .cues
            .iter()
            .flat_map(|cue| cue.text.split_whitespace())
            .take(9)
            .collect();
        format!("{}…", words.join(" "))
    };
    let video = Video {
        id: format!("upload-{}", &hash[..16]),
        youtube_id: None,
        title: title.map_or_else(first_words, |title| title.chars().take(200).collect()),
        duration_s: transcript.end_ms().and_then(|ms| u32::try_from(ms / 1000).ok()),
        ..Video::default()
    };
    let language = transcript
        .language
        .clone()
        .unwrap_or_else(|| detected.code().to_owned());
    Ok(Part::Text(Box::new(Upload {
        video,
        language,
        track: track.map(str::to_owned),
        transcript,
    })))
}

/// Makes the run of a part, at its place in a batch.
async fn make_run(
    pool: &PgPool,
    part: Part,
    request: &Request,
    submission: &Submission,
    place: Option<(Uuid, i32)>,
) -> Result<Uuid, StoreError> {
    let mut tx = pool.begin().await?;
    let is_captured = matches!(part, Part::Captured(_));
    let (video_id, label, transcript_id) = match part {
        Part::Link { youtube_id, canonical } => (youtube_id, canonical, None),
        Part::Text(upload) => {
            let Upload {
                video,
                language,
                track,
                transcript,
            } = *upload;
            database::videos::keep(&mut *tx, &video).await?;
            let transcript_id =
                database::transcripts::keep(&mut *tx, &video.id, &language, track.as_deref(), &transcript).await?;
            (video.id, video.title, Some(transcript_id))
        }
        Part::Kept {
            video_id,
            transcript_id,
            label,
        } => (video_id, label, Some(transcript_id)),
        Part::Captured(captured) => {
            let Captured {
                video,
                track,
                transcript,
            } = *captured;
            // What YouTube has told this server itself is better known than what came through an address.
            database::videos::keep_if_new(&mut tx, &video).await?;
            let language = match &transcript.language {
                Some(code) => code.clone(),
                None => Language::detect(&transcript.text()).code().to_owned(),
            };
            let transcript_id =
                database::transcripts::keep(&mut *tx, &video.id, &language, track.as_deref(), &transcript).await?;
            (video.id, video.title, Some(transcript_id))
        }
    };
    let run = NewRun {
        id: Uuid::now_v7(),
        request_key: request_key(&video_id, request, submission),
        label,
        video_id,
        transcript_id,
        request: request.clone(),
        fresh: submission.fresh,
        refetch: submission.refetch,
        text_from: if transcript_id.is_some() {
            TextFrom::Captions
        } else {
            submission.text_from.clone()
        },
    };
    let (id, made) = database::runs::make(&mut tx, &run).await?;
    // An equal run may be waiting for what has just been brought.
    if made || (is_captured && database::runs::reopen(&mut tx, id).await?) {
        jobs::enqueue(pool, &mut tx, id, None).await?;
    }
    if let Some((batch, ordinal)) = place {
        database::batches::add(&mut *tx, batch, id, ordinal).await?;
    }
    tx.commit().await?;
    Ok(id)
}

fn request_key(video_id: &str, request: &Request, submission: &Submission) -> String {
    let Request {
        model,
        style,
        language,
        words,
        span,
    } = request;
    let (language, part) = (language.as_deref().unwrap_or(""), part_key(*span));
    let Submission { fresh, refetch, .. } = submission;
    let mut key = format!("{video_id}\n{model}\n{style}\n{language}\n{words}\n{fresh}\n{refetch}{part}");
    if let Some(text_from) = submission.text_from.name() {
        key.push('\n');
        key.push_str(text_from);
    }
    hex(key.as_bytes())
}

/// What a part adds to a key; nothing for the whole, whose keys stay as they were.
pub(crate) fn part_key(span: Option<Span>) -> String {
    span.map_or_else(String::new, |span| format!("\n{}-{}", span.start_ms, span.end_ms))
}

/// SHA-256 in hex.
#[must_use]
pub(crate) fn hex(bytes: &[u8]) -> String {
    hex_of(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn shorten(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let clean: String = line.chars().filter(|c| !c.is_control()).take(80).collect();
    if line.chars().count() > 80 {
        format!("{clean}…")
    } else {
        clean
    }
}
