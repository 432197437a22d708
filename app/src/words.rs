//! Words that several pages share: names of models, languages, sources, stages and lengths.

pub(crate) use domain::summary::EXTRACTIVE;
use domain::{
    run::{Run, RunState, Stage},
    summary::{Provenance, UNKNOWN_MODEL},
};

/// Output languages on offer: code and name, as spoken first.
pub(crate) const LANGUAGES: [(&str, &str); 14] = [
    ("", "as spoken"),
    ("ar", "Arabic"),
    ("zh", "Chinese"),
    ("nl", "Dutch"),
    ("en", "English"),
    ("fr", "French"),
    ("de", "German"),
    ("hi", "Hindi"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("pt", "Portuguese"),
    ("ru", "Russian"),
    ("es", "Spanish"),
];

/// Lengths on offer: the limit in words (empty: the server's usual one) and its name.
pub(crate) const LENGTHS: [(&str, &str); 3] = [("120", "short"), ("", "medium"), ("600", "long")];

/// A model's name for people, where they only need to tell it from others: of a file's path its name.
pub(crate) fn model(name: &str) -> &str {
    let whole = whole_model(name);
    let is_path = whole.starts_with('/') || whole.contains("//") || whole.contains('\\') || whole.ends_with(".gguf");
    let last = whole.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next();
    let file = last.filter(|last| is_path && !last.is_empty()).unwrap_or(whole);
    file.strip_suffix(".gguf").unwrap_or(file)
}

/// A model's name for people, all of it.
pub(crate) fn whole_model(name: &str) -> &str {
    match name {
        EXTRACTIVE => "Sentences from the transcript",
        UNKNOWN_MODEL => "a model that was not noted",
        name => name,
    }
}

/// The whole name of a model, where [`model`] leaves some of it out: what is shown when one points at it.
pub(crate) fn model_hint(name: &str) -> Option<String> {
    (model(name) != whole_model(name)).then(|| name.to_owned())
}

/// The English name of a language code, or the code itself.
pub(crate) fn language(code: &str) -> &str {
    let base = code.split(['-', '_']).next().unwrap_or(code);
    LANGUAGES
        .iter()
        .find(|(known, _)| !known.is_empty() && *known == base)
        .map_or(code, |(_, name)| name)
}

/// Where the words came from.
pub(crate) fn source(provenance: &Provenance) -> &'static str {
    match provenance.source.as_str() {
        "manual" => "captions, by hand",
        "automatic" => "captions, automatic",
        "uploaded" => "uploaded transcript",
        "captured" => "captions, from your browser",
        "speech_to_text" => "recognised speech",
        "description" => "title, description and chapters only",
        "imported" => "imported from the predecessor",
        _ => "transcript",
    }
}

/// Captions that are kept here, in two or three words: "English auto".
pub(crate) fn captions(code: &str, source: &str) -> String {
    let kind = match source {
        "automatic" => " auto",
        "captured" => " from your browser",
        "description" => " description",
        _ => "",
    };
    format!("{}{kind}", language(code))
}

/// A step of the stage row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Done.
    Done,
    /// The one that is going on.
    Current,
    /// Not begun.
    Ahead,
    /// Where it stopped.
    Stopped,
}

/// The steps of a run as people see them: name and standing.
pub(crate) fn steps(run: &Run) -> Vec<(&'static str, Step)> {
    let captions = if is_upload(run) { "Transcript" } else { "Captions" };
    let rows: &[(&str, Stage)] = if run.request.model == EXTRACTIVE {
        &[
            (captions, Stage::Passages),
            ("Summary", Stage::Extract),
            ("Checking", Stage::Keep),
        ]
    } else {
        &[
            (captions, Stage::Passages),
            ("First summary", Stage::Extract),
            ("Writing", Stage::Write),
            ("Checking", Stage::Keep),
        ]
    };
    let mut met = false;
    rows.iter()
        .map(|(name, until)| {
            let standing = match run.stage {
                _ if run.state == RunState::Done => Step::Done,
                Some(stage) if stage > *until => Step::Done,
                _ if met => Step::Ahead,
                None if run.state == RunState::Queued => Step::Ahead,
                _ => {
                    met = true;
                    if run.state == RunState::Working {
                        Step::Current
                    } else {
                        Step::Stopped
                    }
                }
            };
            (*name, standing)
        })
        .collect()
}

/// One word or two for what a run is doing.
pub(crate) fn doing(run: &Run) -> &'static str {
    match (run.state, run.stage) {
        (RunState::Queued, _) => "Queued",
        (RunState::Waiting, _) => "Waiting",
        (RunState::Done, _) => "Done",
        (RunState::Failed, _) => "Failed",
        (RunState::Cancelled, _) => "Cancelled",
        (RunState::Working, Some(Stage::Metadata | Stage::Transcript | Stage::Passages) | None) => "Reading captions",
        (RunState::Working, Some(Stage::Extract)) => "First summary",
        (RunState::Working, Some(Stage::Write)) => "Writing",
        (RunState::Working, Some(Stage::Check | Stage::Keep)) => "Checking",
    }
}

/// What the browser's tab says: the state first while it matters.
pub(crate) fn title(run: &Run, title: &str) -> String {
    if run.state == RunState::Done {
        title.to_owned()
    } else {
        format!("{} · {title}", doing(run))
    }
}

/// Whether a run is about an upload, which has no captions.
fn is_upload(run: &Run) -> bool {
    run.video_id.as_deref().is_some_and(|id| id.starts_with("upload-"))
}

#[cfg(test)]
mod tests {
    use domain::run::Request;

    use super::*;

    fn run(state: RunState, stage: Option<Stage>, model: &str) -> Run {
        Run {
            id: "1".to_owned(),
            state,
            stage,
            progress: None,
            chapter: None,
            request: Request {
                model: model.to_owned(),
                style: "briefing".to_owned(),
                language: None,
                words: 400,
                span: None,
            },
            label: String::new(),
            playlist: None,
            video_id: None,
            summary_id: None,
            fault: None,
            created_at: 0,
        }
    }

    fn standings(run: &Run) -> Vec<Step> {
        steps(run).into_iter().map(|(_, step)| step).collect()
    }

    #[test]
    fn one_step_is_current_while_a_run_works() {
        let writing = run(RunState::Working, Some(Stage::Write), "m");
        assert_eq!(
            standings(&writing),
            vec![Step::Done, Step::Done, Step::Current, Step::Ahead]
        );
        let begun = run(RunState::Working, None, "m");
        assert_eq!(
            standings(&begun),
            vec![Step::Current, Step::Ahead, Step::Ahead, Step::Ahead]
        );
    }

    #[test]
    fn nothing_is_current_before_and_after() {
        let queued = run(RunState::Queued, None, EXTRACTIVE);
        assert_eq!(standings(&queued), vec![Step::Ahead; 3]);
        let done = run(RunState::Done, Some(Stage::Keep), EXTRACTIVE);
        assert_eq!(standings(&done), vec![Step::Done; 3]);
        let failed = run(RunState::Failed, Some(Stage::Transcript), "m");
        assert_eq!(standings(&failed)[0], Step::Stopped);
    }

    #[test]
    fn the_title_tells_the_state() {
        let writing = run(RunState::Working, Some(Stage::Write), "m");
        assert_eq!(title(&writing, "Tides"), "Writing · Tides");
        assert_eq!(title(&run(RunState::Done, None, "m"), "Tides"), "Tides");
    }

    #[test]
    fn a_model_that_is_a_file_is_called_by_its_last_part() {
        for path in [
            "/models/gguf/tiny-Q4_K_M.gguf",
            "127.0.0.1//models/tiny-Q4_K_M.gguf",
            r"C:\models\tiny-Q4_K_M.gguf",
            "gguf/tiny-Q4_K_M.gguf",
            "/models/tiny-Q4_K_M.gguf/",
        ] {
            assert_eq!(model(path), "tiny-Q4_K_M");
            assert_eq!(model_hint(path).as_deref(), Some(path));
        }
        for name in ["gemini-2.5-flash", "meta-llama/Llama-3.1-8B", "/", ""] {
            assert_eq!((model(name), model_hint(name)), (name, None));
        }
        assert_eq!(model(EXTRACTIVE), "Sentences from the transcript");
        assert_eq!(model_hint(EXTRACTIVE), None);
    }

    #[test]
    fn languages_are_named_by_their_base() {
        assert_eq!(language("pt-BR"), "Portuguese");
        assert_eq!(language("xx"), "xx");
    }
}
