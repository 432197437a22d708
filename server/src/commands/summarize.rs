//! `summarize`: prints the summary of one input. The same steps as the worker's, without a database. Where no model can write,
//! the extract stands in here as well: Markdown and JSON are labelled, and standard error says why in every format.

use std::process::ExitCode;

use backend::{
    models::{EXTRACTIVE, ModelError, Models},
    summarize::{self, InMemory, Style, Task, WriteError, WriteProgress, Written},
};
use domain::{
    chapters::ChapterSource,
    check::Checker,
    coverage, export,
    extract::Form,
    fault::{Fault, Whose},
    language::{Language, codes},
    passages, prompt,
    run::{self, Request},
    sentences,
    summary::{Provenance, Summary, other_language},
    topics,
};

use super::upstream::{Read, fail, read, say, warn};
use crate::{
    cli::{Summarize, SummaryFormat},
    config::Config,
    submit::decode,
};

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
    match models.resolve(&model) {
        // A page lets its reader choose another model; whoever reads what a script prints still wants a summary.
        Ok(()) | Err(ModelError::NotConfigured { .. }) => {}
        Err(error) => return Err(error.fault()),
    }
    let style = style(arguments)?;
    let words = arguments.words.unwrap_or(run::DEFAULT_WORDS);
    run::length(words).map_err(|why| setup(&format!("--words {words} {why}")))?;
    let request = Request {
        model,
        style: style.name.clone().into_owned(),
        language: language(arguments)?,
        words,
        span: None,
    };
    let start = std::time::Instant::now();
    let Read {
        mut video,
        transcript,
        track,
    } = read(&arguments.input, &[], config).await?;
    let code = transcript
        .language
        .clone()
        .unwrap_or_else(|| Language::detect(&transcript.text()).code().to_owned());
    let language = Language::from_code(&code);
    let passages = passages::passages(&sentences::sentences(&transcript, language), &video.chapters);
    if video.chapters.is_empty() {
        video.chapters = topics::chapters(&passages, language);
        video.chapter_source = ChapterSource::Words;
    }
    let extracted = Provenance {
        source: transcript.source.as_str().to_owned(),
        track,
        transcript_language: code,
        model: EXTRACTIVE.to_owned(),
        ..Provenance::default()
    };
    let task = Task {
        video: &video,
        passages: &passages,
        language,
        style: &style,
        request: &request,
    };
    let (mut written, fallback) = match write(&models, &task).await {
        Ok(written) => (written, None),
        Err(error @ WriteError::NoWords) => return Err(error.fault()),
        Err(error) => (None, Some(error.fault())),
    };
    let body = written.as_ref().map_or_else(
        || Form::of(&request.style).write(&passages, &video.chapters, language, request.words as usize),
        |written| written.body.clone(),
    );
    if body.trim().is_empty() {
        return Err(no_sentence(words));
    }
    let context = format!(
        "{}\n{}\n{}",
        video.title,
        video.channel.as_deref().unwrap_or(""),
        video.description
    );
    let mut claims = Checker {
        passages: &passages,
        language,
        context: &context,
    }
    .check(&body);
    if let (Some(judge), Some(written)) = (config.judge_model.as_deref(), &mut written) {
        match summarize::judge(&models.asked_for("judge", None), &InMemory::default(), judge, &claims).await {
            Ok(Some(judged)) => {
                written.count(&judged);
                claims = judged.claims;
            }
            Ok(None) => {}
            Err(error) => warn(&format!("Claims could not be compared by {judge}: {error}")),
        }
    }
    let mut provenance = match &written {
        None => Provenance {
            fallback: fallback.as_ref().map(|fault| fault.message.clone()),
            ..extracted
        },
        Some(written) => {
            let wanted = request.language.as_deref().unwrap_or(&extracted.transcript_language);
            Provenance {
                other_language: other_language(&claims, wanted),
                ..written.provenance(&style, extracted)
            }
        }
    };
    provenance.coverage = coverage::share(&claims, &passages);
    provenance.seconds = start.elapsed().as_secs_f64();
    if let Some(fault) = fallback.or_else(|| written.and_then(|written| written.instead)) {
        let instead = match provenance.model.as_str() {
            EXTRACTIVE => "Sentences from the transcript stand",
            model => &format!("{model} stands"),
        };
        warn(&format!(
            "{} {instead} in for {}. {}",
            fault.message, request.model, fault.hint
        ));
    }
    let summary = Summary {
        id: String::new(),
        video_id: video.id,
        title: video.title,
        request,
        body,
        claims,
        provenance,
        created_at: chrono::Utc::now().timestamp(),
    };
    if let Some(said) = summary.beyond_an_extract() {
        warn(&said);
    }
    Ok(summary)
}

/// Nothing is short enough to be picked.
fn no_sentence(words: u32) -> Fault {
    Fault {
        kind: "no_sentence".to_owned(),
        whose: Whose::Input,
        message: format!("No sentence of the transcript has {words} words or fewer."),
        hint: "Ask for more with --words, or let a model write with --model.".to_owned(),
        retry_at: None,
    }
}

/// What a model wrote; `None` where none was asked for.
async fn write(models: &Models, task: &Task<'_>) -> Result<Option<Written>, WriteError> {
    if task.request.model == EXTRACTIVE {
        return Ok(None);
    }
    say("The model writes …");
    let models = models.asked_for("summary", None);
    let mut on = |progress| {
        if let WriteProgress::Part { done, total, chapter } = progress {
            // From outside, and on its way to a terminal.
            let title = |title: String| title.chars().filter(|c| !c.is_control()).collect::<String>();
            let chapter = chapter.map_or_else(String::new, |chapter| format!(": {}", title(chapter)));
            say(&format!("Part {done} of {total}{chapter}"));
        }
    };
    summarize::write(&models, &InMemory::default(), task, &mut on)
        .await
        .map(Some)
}

/// The language that was asked for, where one was.
fn language(arguments: &Summarize) -> Result<Option<String>, Fault> {
    let given = arguments.language.as_deref().filter(|code| !code.trim().is_empty());
    let code = given.map(|code| codes::asked_for(code).map_err(|why| setup(&format!("“{code}” {why}"))));
    code.transpose()
}

/// The style that was named, or the prompt in the file that was.
fn style(arguments: &Summarize) -> Result<Style, Fault> {
    let Some(file) = &arguments.prompt else {
        let name = arguments.style.as_deref().unwrap_or(prompt::STYLES[0].0);
        return summarize::style(name).map_err(|why| setup(&why.to_string()));
    };
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|why| setup(&format!("{shown} can't be read: {why}.")))?;
    let name = file.file_stem().map(|stem| stem.to_string_lossy().replace('@', " "));
    let (name, text) = prompt::checked(&name.unwrap_or_default(), &decode(&bytes))
        .map_err(|why| setup(&format!("{shown} can't be used as a prompt. {why}")))?;
    Ok(Style::own(&name, &text))
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
