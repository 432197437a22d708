//! The command line: commands and their options, and the settings that every command shares.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::LazyLock,
};

use clap::{Parser, Subcommand, ValueEnum};

use crate::{
    config::{Config, Problem, Settings, environment},
    metrics::COMMIT,
};

/// What `--version` says.
static VERSION: LazyLock<String> = LazyLock::new(|| format!("{} ({COMMIT})", env!("CARGO_PKG_VERSION")));

/// Summaries of YouTube videos in which every point leads to the second it was said.
#[derive(Debug, Parser)]
#[command(name = "youtube-summarizer", version = VERSION.as_str(), max_term_width = 110, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do; `serve` where nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings, each also an environment variable.
    #[command(flatten)]
    pub settings: Settings,
}

const AFTER_HELP: &str = "Every variable can also be read from a file: set NAME_FILE to its path. \
                          A `.env` file in the current folder is read as well, and then one in DATA_DIR; the environment wins over both.";

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and work on runs (the default).
    Serve,
    /// Print the summary of one video or transcript. Needs no database.
    Summarize(Summarize),
    /// Print the transcript of one video or file. Needs no database.
    Transcript(TranscriptArgs),
    /// Say what works here: YouTube as each client, the database, the models.
    Doctor(Doctor),
    /// Bring the database up to date, then stop.
    Migrate,
    /// Print the stored form of a login code, which is read from standard input; LOGIN_CODE takes it.
    HashCode,
    /// Forget wrong login codes, so that those who are locked out can sign in again at once.
    Unlock(Unlock),
    /// Make one archive of the database and the audio files, and remove old ones.
    Backup,
    /// Bring an archive back into an empty database.
    Restore(Restore),
    /// Restore an archive into a scratch database, compare, and remove that again.
    VerifyBackup(VerifyBackup),
    /// Bring over the data folder of the predecessor of this program; what was brought before stays as it is.
    ImportLegacy(ImportLegacy),
    /// Ask the server on this machine whether it is healthy; for containers.
    Healthcheck,
}

/// `unlock`
#[derive(Debug, clap::Args)]
pub struct Unlock {
    /// The address to let in; it then also need not wait for its turn while others try codes. Everybody where none is given.
    pub address: Option<std::net::IpAddr>,
}

/// `summarize`
#[derive(Debug, clap::Args)]
pub struct Summarize {
    /// A link, a video id, a transcript file, or `-` for a transcript on standard input.
    // Ids may begin with a hyphen.
    #[arg(allow_hyphen_values = true)]
    pub input: String,
    /// Who writes: `extractive`, or a model's name. Where that can't, the models of CONFIG_FILE's `fallback` are tried, and at
    /// last sentences from the transcript stand in: standard error says so, and `provenance.fallback` of the JSON.
    #[arg(long)]
    pub model: Option<String>,
    /// The style: briefing, chapters, tldr, audio, study-notes or step-by-step.
    #[arg(long)]
    pub style: Option<String>,
    /// A file with a prompt of your own: what to write, in your words. Instead of a style.
    #[arg(long, value_name = "FILE", conflicts_with = "style")]
    pub prompt: Option<PathBuf>,
    /// The language to write in, as a code of ISO 639 (de, pl, pt-BR); the transcript's where nothing is said.
    #[arg(long)]
    pub language: Option<String>,
    /// At most so many words, 20 to 3000; never exceeded.
    #[arg(long)]
    pub words: Option<u32>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
}

/// How a summary is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// Nothing but the words.
    Text,
    /// With headings, lists and links to the seconds.
    Markdown,
    /// With claims, verdicts and provenance.
    Json,
}

/// `transcript`
#[derive(Debug, clap::Args)]
pub struct TranscriptArgs {
    /// A link, a video id, a transcript file, or `-` for standard input.
    // Ids may begin with a hyphen.
    #[arg(allow_hyphen_values = true)]
    pub input: String,
    /// Languages in order of preference, as codes with commas between them.
    #[arg(long, value_delimiter = ',')]
    pub languages: Vec<String>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = TranscriptFormat::Json)]
    pub format: TranscriptFormat,
}

/// `restore`
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The archive: a file, or the name of one in BACKUP_TO.
    pub archive: String,
    /// Restore into a database of this name on the same server, which is made if it is not there.
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,
}

/// `verify-backup`
#[derive(Debug, clap::Args)]
pub struct VerifyBackup {
    /// The archive: a file, or the name of one in BACKUP_TO; the newest there where nothing is said.
    pub archive: Option<String>,
}

/// `import-legacy`
#[derive(Debug, clap::Args)]
pub struct ImportLegacy {
    /// The predecessor's DATA_DIR: the folder with summary_cache.json, audio_cache and login_attempts.json.
    pub folder: PathBuf,
    /// Say what would be done, and bring nothing over.
    #[arg(long)]
    pub dry_run: bool,
}

/// `doctor`
#[derive(Debug, clap::Args)]
pub struct Doctor {
    /// The video to try, which should have captions.
    #[arg(default_value = "https://www.youtube.com/watch?v=jNQXAC9IVRw")]
    pub video: String,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = DoctorFormat::Text)]
    pub format: DoctorFormat,
}

/// How the findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// A line a client.
    Text,
    /// `{"egress","video_id","works","clients":[{"client","version","works","tracks","cues","error","ms"}],"database","models","samples","settings","yt_dlp"}`
    Json,
}

/// How a transcript is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TranscriptFormat {
    /// `{"video_id","language_code","language","is_generated","snippets":[{"text","start","duration"}]}`
    Json,
    /// The words, a cue a line.
    Text,
    /// SubRip.
    Srt,
    /// WebVTT.
    Vtt,
}

/// Reads command line, environment, files and `.env`; lists all problems at once.
///
/// # Errors
/// The exit code, after the problems (or the help that was asked for) have been printed.
pub fn read() -> Result<(Cli, Config), ExitCode> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let mut problems = Vec::new();
    let variable = |name: &str| std::env::var(name).ok();
    let here = environment::dotenv(Path::new(".env"), &mut problems);
    // DATA_DIR has a `.env` as well, where the predecessor wrote its settings; but where that is must be known first.
    let first = parse(environment::complete(given.clone(), variable, &here, &mut Vec::new()))?;
    let of_data = environment::dotenv(&first.settings.storage.folder().join(".env"), &mut problems);
    let dotenv = environment::below(here, of_data, variable);
    let cli = parse(environment::complete(given, variable, &dotenv, &mut problems))?;
    let mut config = cli.settings.validate(&mut problems);
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    config.without_meaning = environment::without_meaning(variables.chain(dotenv.into_keys()));
    if problems.is_empty() {
        return Ok((cli, config));
    }
    report(&problems);
    Err(ExitCode::from(2))
}

fn parse(arguments: Vec<OsString>) -> Result<Cli, ExitCode> {
    Cli::try_parse_from(arguments).map_err(|error| {
        let code = if error.use_stderr() {
            ExitCode::from(2)
        } else {
            ExitCode::SUCCESS
        };
        let _ = error.print();
        code
    })
}

#[expect(clippy::print_stderr, reason = "logs are not set up yet")]
fn report(problems: &[Problem]) {
    eprintln!("youtube-summarizer can't start with these settings:");
    for problem in problems {
        eprintln!("  {}: {}", problem.name, problem.message);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use super::*;

    #[test]
    fn an_id_may_begin_with_a_hyphen_and_options_stand_before_or_after_it() {
        for id in ["-abcdefghiA", "--cdefghijA", "-hbcdefghiA", "-"] {
            for line in [
                vec!["transcript", id, "--format", "srt"],
                vec!["transcript", "--format", "srt", id],
            ] {
                let cli = Cli::try_parse_from(["youtube-summarizer"].into_iter().chain(line)).unwrap();
                let Some(Command::Transcript(arguments)) = cli.command else {
                    panic!("another command");
                };
                assert_eq!(
                    (arguments.input.as_str(), arguments.format),
                    (id, TranscriptFormat::Srt)
                );
            }
        }
    }
}
