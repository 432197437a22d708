//! What is logged and how it looks.

use std::path::PathBuf;

use super::{Problem, given, parsed};

/// As given.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Logs")]
pub struct LoggingSettings {
    /// The least important lines to log: error, warn, info, debug or trace [default: info]
    #[arg(long, env = "LOG_LEVEL", value_name = "LEVEL", global = true)]
    pub log_level: Option<String>,
    /// How lines look: pretty or json [default: pretty]
    #[arg(long, env = "LOG_FORMAT", value_name = "FORMAT", global = true)]
    pub log_format: Option<String>,
    /// Also write the log to files in this folder: ten of 10 MB at most
    #[arg(long, env = "LOG_DIR", value_name = "FOLDER", global = true)]
    pub log_dir: Option<String>,
}

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// An object a line, for programs.
    Json,
}

/// Checked.
#[derive(Clone, Debug)]
pub struct Logging {
    /// The least important lines to log.
    pub level: tracing::Level,
    /// How lines look.
    pub format: LogFormat,
    /// The folder for files, beside standard error.
    pub folder: Option<PathBuf>,
}

impl LoggingSettings {
    pub(super) fn validate(&self, problems: &mut Vec<Problem>) -> Logging {
        let level = parsed(
            "LOG_LEVEL",
            self.log_level.as_ref(),
            tracing::Level::INFO,
            problems,
            |text| {
                // The predecessor's names, Python's, are understood as well.
                match text.to_ascii_lowercase().as_str() {
                    "critical" => Ok(tracing::Level::ERROR),
                    "warning" => Ok(tracing::Level::WARN),
                    other => other
                        .parse()
                        .map_err(|_| format!("is {text}; error, warn, info, debug or trace is meant")),
                }
            },
        );
        let format = parsed(
            "LOG_FORMAT",
            self.log_format.as_ref(),
            LogFormat::Pretty,
            problems,
            |text| match text {
                "pretty" => Ok(LogFormat::Pretty),
                "json" => Ok(LogFormat::Json),
                other => Err(format!("is {other}; pretty or json is meant")),
            },
        );
        Logging {
            level,
            format,
            folder: given(self.log_dir.as_ref()).map(PathBuf::from),
        }
    }
}
