//! `summarize` as scripts call it: what stands on standard output and standard error, and the exit status, where a model can't write.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use serde_json::{Value, json};

const TALK: &str = "\
1\n00:00:00,000 --> 00:00:06,000\nA kettle of water is heated until it boils.\n\n\
2\n00:00:06,000 --> 00:00:12,000\nGreen tea wants water of eighty degrees, which boiling water is not.\n\n\
3\n00:00:12,000 --> 00:00:20,000\nSo the kettle is left open for some five minutes before the tea is made.\n";

struct Desk {
    folder: tempfile::TempDir,
    upstream: upstream::Running,
}

impl Desk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tea.srt"), TALK).unwrap();
        Self {
            folder,
            upstream: upstream::start(0).await.unwrap(),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The fixture upstream refuses whatever is asked of a model.
    async fn refuse(&self, model: &str) {
        let fault = json!({"match": "chat/completions", "fault": {"status": 400}, "body_contains": model});
        let client = backend::http::client(None, Duration::from_secs(5), None).unwrap();
        let set = client
            .post(format!("{}/_control/faults", self.upstream.url))
            .json(&fault);
        assert!(set.send().await.unwrap().status().is_success());
    }

    fn summarize(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        let url = &self.upstream.url;
        Command::new(env!("CARGO_BIN_EXE_youtube-summarizer"))
            .args(["summarize", "tea.srt"])
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("DATA_DIR", self.path())
            .env("OPENAI_BASE_URL", format!("{url}/v1"))
            .env("ANTHROPIC_BASE_URL", url)
            .envs(settings.iter().copied())
            .output()
            .unwrap()
    }
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const KEY: (&str, &str) = ("OPENAI_API_KEY", "any");

#[tokio::test(flavor = "multi_thread")]
async fn where_a_model_can_not_write_sentences_stand_in_and_it_is_said() {
    let desk = Desk::new().await;
    let extract = desk.summarize(&["--model", "extractive"], &[KEY]);
    assert_eq!(said(&extract), "");
    let extract = out(&extract);
    assert!(
        TALK.contains(extract.trim()) && extract.trim().ends_with('.'),
        "{extract}"
    );
    desk.refuse("fixture-slow").await;
    for (model, settings, why) in [
        ("claude-fixture", KEY, "ANTHROPIC_API_KEY is not set."),
        ("fixture-good", ("OPENAI_API_KEY", "wrong"), "refused the key"),
        ("fixture-none", KEY, "has no model called fixture-none."),
        ("fixture-slow", KEY, "did not accept the request"),
    ] {
        let text = desk.summarize(&["--model", model], &[settings]);
        assert_eq!(out(&text), extract, "{model}");
        let said = said(&text);
        assert!(said.contains(why), "{model}: {said}");
        let stands_in = format!("Sentences from the transcript stand in for {model}.");
        assert!(said.contains(&stands_in), "{model}: {said}");

        let markdown = out(&desk.summarize(&["--model", model, "--format", "markdown"], &[settings]));
        assert!(
            markdown.starts_with("# tea\n\n*") && markdown.contains(" Below stand sentences from the transcript.*\n\n"),
            "{markdown}"
        );

        let json = out(&desk.summarize(&["--model", model, "--format", "json"], &[settings]));
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["model"], "extractive");
        assert_eq!(json["provenance"]["model"], "extractive");
        let fallback = json["provenance"]["fallback"].as_str().unwrap();
        assert!(fallback.contains(why), "{fallback}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_says_what_it_can_not_give() {
    let desk = Desk::new().await;
    let asked = ["--model", "extractive", "--style", "study-notes", "--language", "de"];
    let text = desk.summarize(&asked, &[]);
    assert!(TALK.contains(out(&text).trim()));
    assert_eq!(
        said(&text),
        "youtube-summarizer: These are sentences from the transcript, in its language (English). \
         Only a model can write in German and in the style “Study notes”.\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_that_can_not_be_is_refused() {
    let desk = Desk::new().await;
    let one = "1\n00:00:00,000 --> 00:00:20,000\nA kettle of water is heated until it boils and then left open for so long that \
               the water in it has cooled to eighty degrees, which green tea wants.\n";
    for (words, talk, why) in [
        ("5", TALK, "--words 5 is not a length we can do: 20 to 3000 words."),
        ("20", one, "No sentence of the transcript has 20 words or fewer."),
    ] {
        std::fs::write(desk.path().join("tea.srt"), talk).unwrap();
        let refused = desk.summarize(&["--model", "extractive", "--words", words], &[]);
        assert!(!refused.status.success() && refused.stdout.is_empty(), "{refused:?}");
        assert!(said(&refused).contains(why), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_can_write_has_nothing_to_say_and_one_of_the_order_is_named() {
    let desk = Desk::new().await;
    let written = desk.summarize(&["--model", "fixture-good", "--format", "json"], &[KEY]);
    assert_eq!(said(&written), "");
    let json: Value = serde_json::from_str(&out(&written)).unwrap();
    assert_eq!(json["model"], "fixture-good");
    assert_eq!(json["provenance"]["fallback"], Value::Null);
    assert_eq!(json["provenance"]["calls"], 1);

    std::fs::write(desk.path().join("config.toml"), "fallback = [\"claude-fixture\"]\n").unwrap();
    let config = desk.path().join("config.toml");
    let settings = [
        ("CONFIG_FILE", config.to_str().unwrap()),
        ("OPENAI_API_KEY", "wrong"),
        ("ANTHROPIC_API_KEY", "any"),
    ];
    let other = desk.summarize(&["--model", "fixture-good", "--format", "json"], &settings);
    let said = said(&other);
    assert!(said.contains("claude-fixture stands in for fixture-good."), "{said}");
    let json: Value = serde_json::from_str(&out(&other)).unwrap();
    assert_eq!(json["model"], "claude-fixture");
    assert!(
        json["provenance"]["fallback"]
            .as_str()
            .unwrap()
            .contains("refused the key")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_mean_is_a_mistake() {
    let desk = Desk::new().await;
    for arguments in [["--style", "sonnet"], ["--language", "qqq"], ["--model", "fix\nture"]] {
        let refused = desk.summarize(&[arguments[0], arguments[1], "--format", "json"], &[KEY]);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert_eq!(refused.stdout, b"", "{arguments:?}");
        let said = said(&refused);
        let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        assert!(last["error"]["message"].is_string(), "{arguments:?}: {said}");
    }
}
