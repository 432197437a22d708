//! `transcript`: prints what was said.

use std::process::ExitCode;

use domain::{
    export,
    fault::{Fault, Whose},
    language::Language,
    transcript::Transcript,
};

use super::upstream::{Read, fail, read};
use crate::{
    cli::{TranscriptArgs, TranscriptFormat},
    config::Config,
};

/// Prints the transcript of one input.
#[expect(clippy::print_stdout, reason = "the output of a command")]
pub async fn run(arguments: &TranscriptArgs, config: Config) -> ExitCode {
    let read = match read(&arguments.input, &arguments.languages, &config).await {
        Ok(read) => read,
        Err(fault) => return fail(&fault, arguments.format == TranscriptFormat::Json),
    };
    let Read {
        video,
        transcript,
        track,
    } = read;
    let is_subtitles = matches!(arguments.format, TranscriptFormat::Srt | TranscriptFormat::Vtt);
    if is_subtitles && transcript.end_ms().is_none() {
        return fail(&no_times(), false);
    }
    let text = match arguments.format {
        TranscriptFormat::Text => export::text(&transcript),
        TranscriptFormat::Srt => export::srt(&transcript),
        TranscriptFormat::Vtt => export::webvtt(&transcript),
        TranscriptFormat::Json => {
            let code = language_code(&transcript);
            let name = track.unwrap_or_else(|| Language::from_code(&code).name().to_owned());
            export::json(
                &Transcript {
                    language: Some(code),
                    ..transcript
                },
                &video.id,
                &name,
            )
        }
    };
    print!("{text}");
    if !text.ends_with('\n') {
        println!();
    }
    ExitCode::SUCCESS
}

fn no_times() -> Fault {
    Fault {
        kind: "no_times".to_owned(),
        whose: Whose::Input,
        message: "The transcript has no times, which subtitles need.".to_owned(),
        hint: "Use --format text or json.".to_owned(),
        retry_at: None,
    }
}

fn language_code(transcript: &Transcript) -> String {
    transcript
        .language
        .clone()
        .unwrap_or_else(|| Language::detect(&transcript.text()).code().to_owned())
}
