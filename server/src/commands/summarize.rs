//! `summarize`: prints the summary of one input. The same steps as the worker's, without a database.

use std::process::ExitCode;

use backend::{
    models::{EXTRACTIVE, Models},
    summarize::{self, InMemory, Task, WriteProgress},
};
use domain::{
    check::Checker,
    coverage, export, extract,
    fault::{Fault, Whose},
    language::Language,
    passages,
    run::Request,
    sentences,
    summary::{Provenance, Summary},
};

use super::upstream::{Read, fail, read, say};
use crate::{
    cli::{Summarize, SummaryFormat},
    config::Config,
};

/// Words where nobody says how many.
const DEFAULT_WORDS: u32 = 250;

/// Prints the summary of one input.
#[expect(clippy::print_stdout, reason = "the output of a command")]
pub async fn run(arguments: &Summarize, config: Config) -> ExitCode {
    let summary = match summarize(arguments, &config).await {
        Ok(summary) => summary,
        Err(fault) => return fail(&fault, arguments.format == SummaryFormat::Json),
    };
    let text = match arguments.format {
        SummaryFormat::Text => export::summary_text(&summary),
        SummaryFormat::Markdown => export::summary_markdown(&summary),
        SummaryFormat::Json => json(&summary),
    };
    println!("{}", text.trim_end());
    ExitCode::SUCCESS
}

async fn summarize(arguments: &Summarize, config: &Config) -> Result<Summary, Fault> {
    let models = Models::new(config.models.clone()).map_err(|why| setup(&why))?;
    if arguments.model.is_none() {
        models.settle_default().await;
    }
    let model = arguments
        .model
        .clone()
        .unwrap_or_else(|| models.default_model().to_owned());
    if model != EXTRACTIVE {
        models.resolve(&model).map_err(|error| error.fault())?;
    }
    let style = arguments.style.clone().unwrap_or_else(|| "briefing".to_owned());
    summarize::style(&style).map_err(|why| setup(&why.to_string()))?;
    let request = Request {
        model,
        style,
        language: arguments.language.clone(),
        words: arguments.words.unwrap_or(DEFAULT_WORDS),
        span: None,
    };
    let start = std::time::Instant::now();
    let Read {
        video,
        transcript,
        track,
    } = read(&arguments.input, &[], config).await?;
    let code = transcript
        .language
        .clone()
        .unwrap_or_else(|| Language::detect(&transcript.text()).code().to_owned());
    let language = Language::from_code(&code);
    let passages = passages::passages(&sentences::sentences(&transcript, language), &video.chapters);
    let mut provenance = Provenance {
        source: transcript.source.as_str().to_owned(),
        track,
        transcript_language: code,
        model: EXTRACTIVE.to_owned(),
        ..Provenance::default()
    };
    let body = if request.model == EXTRACTIVE {
        let picks = extract::extract(&passages, language, request.words as usize);
        extract::body(&passages, &picks)
    } else {
        let task = Task {
            video: &video,
            passages: &passages,
            language,
            request: &request,
        };
        say("The model writes …");
        let written = summarize::write(&models, &InMemory::default(), &task, &mut |progress| {
            if let WriteProgress::Part { done, total } = progress {
                say(&format!("Part {done} of {total}"));
            }
        })
        .await
        .map_err(|error| error.fault())?;
        provenance.model = written.model;
        provenance.prompt_version = Some(written.prompt_version);
        provenance.input_tokens = written.input_tokens;
        provenance.output_tokens = written.output_tokens;
        provenance.calls = written.calls;
        provenance.reused_calls = written.reused_calls;
        written.body
    };
    let context = format!(
        "{}\n{}\n{}",
        video.title,
        video.channel.as_deref().unwrap_or(""),
        video.description
    );
    let claims = Checker {
        passages: &passages,
        language,
        context: &context,
    }
    .check(&body);
    provenance.coverage = coverage::share(&claims, &passages);
    provenance.seconds = start.elapsed().as_secs_f64();
    Ok(Summary {
        id: String::new(),
        video_id: video.id,
        title: video.title,
        request,
        body,
        claims,
        provenance,
        created_at: chrono::Utc::now().timestamp(),
    })
}

fn json(summary: &Summary) -> String {
    serde_json::json!({
        "video_id": summary.video_id,
        "title": summary.title,
        "model": summary.provenance.model,
        "style": summary.request.style,
        "language": summary.request.language,
        "body": summary.body,
        "claims": summary.claims,
        "provenance": summary.provenance,
    })
    .to_string()
}

fn setup(message: &str) -> Fault {
    Fault {
        kind: "setup".to_owned(),
        whose: Whose::Setup,
        message: message.to_owned(),
        hint: "See youtube-summarizer summarize --help.".to_owned(),
        retry_at: None,
    }
}
