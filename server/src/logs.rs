//! Logs: lines for people or JSON for programs, on standard error. Prompts, transcripts and keys never get here.

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::config::{LogFormat, Logging};

/// Starts logging.
pub fn start(logging: Logging) {
    let level = logging.level;
    // Our own crates at the chosen level; the rest only when something is wrong.
    let filter = EnvFilter::new(format!(
        "warn,youtube_summarizer={level},server={level},app={level},backend={level},cluster={level}"
    ));
    let registry = tracing_subscriber::registry().with(filter);
    match logging.format {
        LogFormat::Pretty => registry
            .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
            .init(),
        LogFormat::Json => {
            registry
                .with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
                .init();
        }
    }
}
