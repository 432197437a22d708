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
            Some(layer(logging.format, Mutex::new(Lossy::new(file)), false))
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
            .with_writer(OneLine { writer, colours })
            .with_ansi(colours)
            .with_target(false)
            .boxed(),
        LogFormat::Json => fmt::layer().json().flatten_event(true).with_writer(writer).boxed(),
    }
}

/// Writes each event on one line, whatever others have put into it: who can break a line can forge the next one.
struct OneLine<W> {
    writer: W,
    /// Ours begin with an escape.
    colours: bool,
}

impl<'a, W: fmt::MakeWriter<'a>> fmt::MakeWriter<'a> for OneLine<W> {
    type Writer = OneLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine {
            writer: self.writer.make_writer(),
            colours: self.colours,
        }
    }
}

impl<W: io::Write> io::Write for OneLine<W> {
    /// An event comes in one piece, with a line feed at its end.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let line = event.strip_suffix(b"\n").unwrap_or(event);
        let mut kept = Vec::with_capacity(event.len());
        for byte in line {
            match byte {
                b'\n' => kept.extend_from_slice(b"\\n"),
                b'\r' => kept.extend_from_slice(b"\\r"),
                b'\x1b' if self.colours => kept.push(b'\x1b'),
                byte if byte.is_ascii_control() && *byte != b'\t' => {
                    kept.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
                }
                byte => kept.push(*byte),
            }
        }
        kept.extend_from_slice(&event[line.len()..]);
        self.writer.write_all(&kept)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A file that may fail, on a full disk for instance: that is said once on standard error, where the whole log is, and counted. The
/// subscriber would say it for each line.
struct Lossy<W> {
    inner: W,
    /// Lines that were lost since one was written.
    lost: u64,
}

impl<W> Lossy<W> {
    fn new(inner: W) -> Self {
        Self { inner, lost: 0 }
    }
}

impl<W: io::Write> io::Write for Lossy<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let written = if self.lost > 0 {
            // The last one may have been written in part.
            let gap = format!("\n{} lines could not be written here\n", self.lost);
            self.inner.write_all(&[gap.as_bytes(), event].concat())
        } else {
            self.inner.write_all(event)
        };
        match written {
            Ok(()) => self.lost = 0,
            Err(error) => {
                if self.lost == 0 {
                    let _ = writeln!(
                        io::stderr(),
                        "the log can't be written to LOG_DIR ({error}); it goes on here, and there when that is possible again"
                    );
                }
                self.lost += 1;
                metrics::counter!("ytsum_log_lines_lost_total").increment(1);
            }
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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

    /// Keeps what is logged.
    #[derive(Clone, Default)]
    struct Kept(std::sync::Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_others_wrote_stays_on_its_line() {
        for format in [LogFormat::Pretty, LogFormat::Json] {
            let kept = Kept::default();
            let writer = kept.clone();
            let subscriber = tracing_subscriber::registry().with(layer(format, move || writer.clone(), false));
            let hostile = "x\r\n2026-01-01T00:00:00Z  INFO forged\n\u{1b}[2Jy";
            tracing::subscriber::with_default(subscriber, || {
                let span = tracing::info_span!("request", path = hostile, id = %hostile);
                let _in = span.enter();
                tracing::warn!(title = hostile, error = %hostile, "a run failed: {hostile}");
            });
            let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
            assert_eq!(log.lines().count(), 1, "{log}");
            assert!(log.contains("forged") && log.ends_with('\n'), "{log}");
            assert!(!log.contains(['\r', '\u{1b}']), "{log}");
        }
    }

    /// A disk that is full for a while: half of a line fits.
    struct Full(Vec<u8>, bool);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.1 && bytes.len() < 4 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = if self.1 { bytes.len() / 2 } else { bytes.len() };
            self.0.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_fails_loses_lines_and_says_how_many() {
        let mut file = Lossy::new(Full(Vec::new(), false));
        file.write_all(b"one\n").unwrap();
        file.inner.1 = true;
        file.write_all(b"two\n").unwrap();
        file.write_all(b"three\n").unwrap();
        file.inner.1 = false;
        file.write_all(b"four\n").unwrap();
        file.write_all(b"five\n").unwrap();
        let kept = String::from_utf8(file.inner.0).unwrap();
        assert!(kept.starts_with("one\n"), "{kept}");
        assert!(
            kept.ends_with("\n2 lines could not be written here\nfour\nfive\n"),
            "{kept}"
        );
    }

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
