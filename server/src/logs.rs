//! Logs: lines for people or JSON for programs, on standard error and, where a folder is set, in files that are rotated by size.
//! Prompts, transcripts and keys never get here.

use std::{io, path::Path, sync::Mutex};

use anyhow::Context;
use file_rotate::{ContentLimit, FileRotate, compression::Compression, suffix::AppendCount};
use tracing_subscriber::{EnvFilter, Layer, fmt, prelude::*};

use crate::config::{LogFormat, Logging};

/// Bytes of a file before it is rotated, and how many older ones stay: the operations handbook's numbers.
const FILE_BYTES: usize = 10_240_000;
const OLDER_FILES: usize = 10;
/// The file that is written to; older ones have a number behind it.
const FILE: &str = "youtube-summarizer.log";

/// Starts logging.
///
/// # Errors
/// Where the folder can't be written.
pub fn start(logging: &Logging) -> anyhow::Result<()> {
    let level = logging.level;
    // Our own crates at the chosen level; the rest only when something is wrong.
    let filter = EnvFilter::new(format!(
        "warn,youtube_summarizer={level},server={level},app={level},backend={level},cluster={level}"
    ));
    let file = match &logging.folder {
        None => None,
        Some(folder) => {
            let file = rotated(folder, FILE_BYTES)
                .with_context(|| {
                    format!(
                        "the folder {} can't be written (LOG_DIR): give it to user {}, who runs this, choose another, or leave LOG_DIR \
                         unset; the log is on standard error as well",
                        folder.display(),
                        rustix::process::geteuid().as_raw()
                    )
                })?;
            // Without colours.
            Some(layer(logging.format, Mutex::new(file), false))
        }
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(layer(
            logging.format,
            io::stderr,
            io::IsTerminal::is_terminal(&io::stderr()),
        ))
        .with(file)
        .init();
    Ok(())
}

fn layer<S, W>(format: LogFormat, writer: W, colours: bool) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    W: for<'a> fmt::MakeWriter<'a> + Send + Sync + 'static,
{
    match format {
        LogFormat::Pretty => fmt::layer()
            .with_writer(writer)
            .with_ansi(colours)
            .with_target(false)
            .boxed(),
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(writer).boxed(),
    }
}

fn rotated(folder: &Path, bytes: usize) -> io::Result<FileRotate<AppendCount>> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(FILE);
    // The crate would go on without a file; people want to know.
    std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
    Ok(FileRotate::new(
        path,
        AppendCount::new(OLDER_FILES),
        ContentLimit::BytesSurpassed(bytes),
        Compression::None,
        Some(
            std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .read(true)
                .to_owned(),
        ),
    ))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::io::Write;

    use super::*;

    #[test]
    fn files_are_rotated_by_size_and_only_so_many_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = rotated(folder.path(), 100).unwrap();
        for line in 0..200 {
            writeln!(file, "line {line:>40}").unwrap();
        }
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), 1 + OLDER_FILES, "{names:?}");
        let last = std::fs::read_to_string(folder.path().join(FILE)).unwrap()
            + &std::fs::read_to_string(folder.path().join(format!("{FILE}.1"))).unwrap();
        assert!(last.contains("199"), "{last}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        assert!(rotated(&file, 100).is_err());
    }
}
