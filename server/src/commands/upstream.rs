//! What `summarize` and `transcript` share: reading their input, and failing in the promised form.

use std::process::ExitCode;

use backend::youtube::{Captions, Watched, YouTube, YouTubeError};
use domain::{
    captions,
    fault::{Fault, Whose},
    link::Link,
    transcript::{Source, Transcript},
    video::Video,
};

use crate::{config::Config, submit::decode};

/// An input that was read.
pub struct Read {
    /// What is known about it.
    pub video: Video,
    /// The words.
    pub transcript: Transcript,
    /// The track's name, for videos.
    pub track: Option<String>,
}

/// Reads a link, a video id, a transcript file, or `-`.
///
/// # Errors
/// A [`Fault`] in the kinds of reference: `invalid_link`, YouTube's, `unreadable_transcript`.
pub async fn read(input: &str, languages: &[String], config: &Config) -> Result<Read, Fault> {
    if input == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)
            .map_err(|error| unreadable(format!("Standard input can't be read: {error}.")))?;
        return text(&decode(&bytes), "Standard input");
    }
    match Link::parse(input) {
        Ok(Link::Video { id, .. }) => video(&id, languages, config).await,
        Ok(_) => Err(fault(
            "invalid_link",
            format!("{input} is a playlist or a channel, not one video."),
            "Give the link of one of its videos.",
        )),
        Err(reason) => match std::fs::read(input) {
            Ok(bytes) => {
                let name = std::path::Path::new(input)
                    .file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned());
                text(&decode(&bytes), name.as_deref().unwrap_or(input))
            }
            Err(_) => Err(fault(
                "invalid_link",
                format!("{input} {reason}, and there is no file of this name."),
                "Give a link, a video id, a transcript file, or - for standard input.",
            )),
        },
    }
}

async fn video(id: &str, languages: &[String], config: &Config) -> Result<Read, Fault> {
    let youtube =
        YouTube::new(config.youtube.clone()).map_err(|why| fault("setup", why, "Check the settings of the proxy."))?;
    say("Asking YouTube …");
    let fetch = async {
        let watched: Watched = youtube.watch(id).await?;
        let captions: Captions = youtube.captions(&watched, languages).await?;
        Ok::<_, YouTubeError>((watched, captions))
    };
    let (watched, captions) = fetch.await.map_err(|error| error.fault())?;
    Ok(Read {
        video: watched.video,
        transcript: captions.transcript,
        track: Some(captions.track.name),
    })
}

fn text(text: &str, title: &str) -> Result<Read, Fault> {
    let transcript = captions::read(text, Source::Uploaded)
        .map_err(|error| unreadable(format!("{title} can't be used as a transcript: {error}.")))?;
    let hash = transcript.content_hash();
    let video = Video {
        id: format!("upload-{}", &hash[..16]),
        title: title.to_owned(),
        ..Video::default()
    };
    Ok(Read {
        video,
        transcript,
        track: None,
    })
}

fn unreadable(message: String) -> Fault {
    fault(
        "unreadable_transcript",
        message,
        "Give text, SRT, WebVTT, YouTube's JSON or XML, or lines with times.",
    )
}

fn fault(kind: &str, message: String, hint: &str) -> Fault {
    Fault {
        kind: kind.to_owned(),
        whose: Whose::Input,
        message,
        hint: hint.to_owned(),
        retry_at: None,
    }
}

/// Progress, on standard error, where a person may be watching.
#[expect(clippy::print_stderr, reason = "progress of a command")]
pub fn say(text: &str) {
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) {
        eprintln!("{text}");
    }
}

/// Says, on standard error and to scripts as well, what is not as it was asked for.
#[expect(clippy::print_stderr, reason = "a warning of a command")]
pub fn warn(text: &str) {
    eprintln!("youtube-summarizer: {text}");
}

/// Says what went wrong; with `json` as the promised last line.
#[expect(clippy::print_stderr, reason = "the last word of a command that failed")]
pub fn fail(fault: &Fault, json: bool) -> ExitCode {
    if json {
        let error = serde_json::json!({"error": {"kind": fault.kind, "message": fault.message, "hint": fault.hint}});
        eprintln!("{error}");
    } else {
        eprintln!("youtube-summarizer: {}\n{}", fault.message, fault.hint);
    }
    ExitCode::FAILURE
}
