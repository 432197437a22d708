//! The running server process: read from `postmaster.pid`, told from a stranger that got the same number, started, awaited.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::error::{ClusterError, cannot};
use crate::folders::{Place, log_tail, open_log};
use crate::programs::Programs;

/// Recovery after a crash can take this long; a postmaster that dies is noticed at once.
const READY_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// How long the backends of a killed postmaster may hold its shared memory; they end by themselves.
const ORPHAN_PATIENCE: Duration = Duration::from_secs(60);

/// The only port of a cluster without TCP: a part of the socket's name.
const PORT: u16 = 5432;

/// What `postmaster.pid` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Postmaster {
    pub(crate) pid: u32,
    pub(crate) port: u16,
    pub(crate) socket_folder: PathBuf,
    /// `starting`, `ready`, `stopping`; empty before it says anything.
    status: String,
}

impl Postmaster {
    /// Reads the pid file; `None` where there is none, or only the beginning of one.
    pub(crate) fn read(data: &Path) -> Result<Option<Self>, ClusterError> {
        let path = pid_file(data);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(format!("read {}", path.display()))(error)),
        }
    }

    /// Lines: pid, data folder, start time, port, socket folder, address, shared memory key, status.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        let pid = lines.next()?.parse().ok()?;
        let port = lines.nth(2)?.parse().ok()?;
        let socket_folder = PathBuf::from(lines.next()?);
        let status = lines.nth(2).unwrap_or_default().to_owned();
        Some(Self {
            pid,
            port,
            socket_folder,
            status,
        })
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.status == "ready"
    }

    /// Whether clients can still find it: temp folders are sometimes swept.
    pub(crate) fn has_socket(&self) -> bool {
        self.socket_folder.join(format!(".s.PGSQL.{}", self.port)).exists()
    }

    /// Whether the process lives and is the postmaster of `data`: after a restart of the machine or of a container the number
    /// may be a stranger's.
    pub(crate) fn is_alive(&self, data: &Path) -> bool {
        let process = PathBuf::from(format!("/proc/{}", self.pid));
        if !Path::new("/proc/self").exists() {
            let mut kill = Command::new("kill");
            return kill
                .args(["-0", &self.pid.to_string()])
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|it| it.success());
        }
        // A postmaster works in its data folder; a zombie has no folder.
        match fs::read_link(process.join("cwd")) {
            Ok(cwd) => fs::canonicalize(data).is_ok_and(|data| cwd == data),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => fs::read(process.join("cmdline"))
                .is_ok_and(|line| {
                    line.split(|byte| *byte == 0)
                        .any(|word| word == data.as_os_str().as_encoded_bytes())
                }),
            Err(_) => false,
        }
    }
}

/// Removes the pid file of a postmaster that is dead for certain; Postgres itself refuses to start while its number is taken by
/// another process of the same user.
pub(crate) fn forget(data: &Path) -> Result<(), ClusterError> {
    let path = pid_file(data);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(cannot(format!("remove {}", path.display()))(error))
        }
        _ => Ok(()),
    }
}

/// Starts Postgres and waits until it takes connections.
pub(crate) fn start(
    programs: &Programs,
    place: &Place,
    socket_folder: &Path,
    data_dir: &Path,
    unsafe_fast: bool,
) -> Result<(Child, Postmaster), ClusterError> {
    let begun = Instant::now();
    loop {
        let (log, log_path, from) = open_log(data_dir)?;
        let mut child = launch(programs, place, socket_folder, log, unsafe_fast)?;
        let Err(why) = await_ready(&mut child, &place.data)? else {
            let running = Postmaster::read(&place.data)?.filter(|it| it.pid == child.id());
            let postmaster = running.ok_or_else(|| not_started("it ended right away", &log_path, from))?;
            return Ok((child, postmaster));
        };
        let error = not_started(&why, &log_path, from);
        let orphans = matches!(&error, ClusterError::DidNotStart { tail, .. } if tail.contains("shared memory block"));
        if !orphans || begun.elapsed() > ORPHAN_PATIENCE {
            return Err(error);
        }
        sleep(Duration::from_millis(500));
    }
}

fn launch(
    programs: &Programs,
    place: &Place,
    socket: &Path,
    log: File,
    unsafe_fast: bool,
) -> Result<Child, ClusterError> {
    let mut command = programs.command("postgres", place.account);
    command.arg("-D").arg(&place.data);
    // On the command line they win over every file, so an edited postgresql.conf cannot open a port.
    let mut settings = vec![
        format!("port={PORT}"),
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories={}", socket.display()),
        "logging_collector=off".to_owned(),
        "log_destination=stderr".to_owned(),
        "log_checkpoints=off".to_owned(),
        "log_timezone=UTC".to_owned(),
        "timezone=UTC".to_owned(),
        "shared_buffers=32MB".to_owned(),
        // The largest pool that JOB_CONCURRENCY asks for, and as many for commands beside the server.
        "max_connections=120".to_owned(),
        // Our queries take milliseconds; compiling them would take longer.
        "jit=off".to_owned(),
    ];
    if unsafe_fast {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned));
    }
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    let errors = log.try_clone().map_err(cannot("open PostgreSQL's log twice"))?;
    // A group of its own: Ctrl-C in the terminal is for the server, which stops Postgres when it has drained.
    command.process_group(0).stdout(log).stderr(errors);
    command.spawn().map_err(cannot("run postgres"))
}

/// `Ok(Err(why))` where it ended or took too long.
fn await_ready(child: &mut Child, data: &Path) -> Result<Result<(), String>, ClusterError> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(cannot("wait for postgres"))? {
            return Ok(Err(format!("it ended with {status}")));
        }
        // An old pid file may say "ready" as well.
        if Postmaster::read(data)?.is_some_and(|it| it.pid == child.id() && it.is_ready()) {
            return Ok(Ok(()));
        }
        if begun.elapsed() > READY_PATIENCE {
            return Ok(Err(format!(
                "it was not ready after {} minutes",
                READY_PATIENCE.as_secs() / 60
            )));
        }
        sleep(Duration::from_millis(20));
    }
}

/// Waits for a postmaster that was there before us: until it is ready (`Some`) or gone (`None`).
pub(crate) fn settle(data: &Path) -> Result<Option<Postmaster>, ClusterError> {
    let begun = Instant::now();
    loop {
        let Some(postmaster) = Postmaster::read(data)? else {
            return Ok(None);
        };
        if !postmaster.is_alive(data) {
            forget_unless_dead(&postmaster, data)?;
            return Ok(None);
        }
        if postmaster.is_ready() || begun.elapsed() > READY_PATIENCE {
            return Ok(Some(postmaster));
        }
        sleep(Duration::from_millis(50));
    }
}

/// A dead process' file is left to Postgres, which reads from it whether backends are still at work; one whose number
/// belongs to a stranger is removed.
fn forget_unless_dead(postmaster: &Postmaster, data: &Path) -> Result<(), ClusterError> {
    if Path::new("/proc").join(postmaster.pid.to_string()).exists() {
        forget(data)
    } else {
        Ok(())
    }
}

fn not_started(why: &str, log: &Path, from: u64) -> ClusterError {
    ClusterError::DidNotStart {
        why: why.to_owned(),
        log: log.to_owned(),
        tail: log_tail(log, from),
    }
}

fn pid_file(data: &Path) -> PathBuf {
    data.join("postmaster.pid")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn reads_the_pid_file() {
        let text = "4711\n/srv/data/postgres\n1700000000\n5432\n/tmp/youtube-summarizer-1\n\n  123 456\nready   \n";
        let postmaster = Postmaster::parse(text).unwrap();
        assert_eq!(postmaster.pid, 4711);
        assert_eq!(postmaster.port, 5432);
        assert_eq!(postmaster.socket_folder, Path::new("/tmp/youtube-summarizer-1"));
        assert!(postmaster.is_ready());
        let early = "4711\n/srv/data/postgres\n1700000000\n5432\n/tmp/x\n";
        assert!(!Postmaster::parse(early).unwrap().is_ready());
        assert_eq!(Postmaster::parse("4711\n/srv"), None);
        assert_eq!(Postmaster::parse(""), None);
    }

    #[test]
    fn a_stranger_with_its_number_is_not_it() {
        let folder = tempfile::tempdir().unwrap();
        let stranger = Postmaster {
            pid: std::process::id(),
            port: 5432,
            socket_folder: PathBuf::new(),
            status: String::new(),
        };
        assert!(!stranger.is_alive(folder.path()));
        fs::write(
            pid_file(folder.path()),
            format!("{}\n/x\n0\n5432\n/tmp\n\n\nready\n", stranger.pid),
        )
        .unwrap();
        assert_eq!(settle(folder.path()).unwrap(), None);
        assert!(
            !pid_file(folder.path()).exists(),
            "a stranger's number must not keep Postgres from starting"
        );
    }
}
