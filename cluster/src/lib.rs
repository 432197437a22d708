//! A private Postgres cluster from the PostgreSQL programs that this machine has (design.md §3): found, created, started,
//! adopted after a kill, stopped. Only std and processes: no SQL, so that xtask can use it before anything else compiles.

mod account;
mod error;
mod folders;
mod postmaster;
mod programs;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

pub use crate::error::ClusterError;
use crate::error::cannot;
use crate::folders::Place;
use crate::postmaster::Postmaster;
use crate::programs::{Programs, run};

/// The database that every cluster has.
pub const DATABASE: &str = "youtube_summarizer";

/// The database user: there is one, and whoever can enter the socket's folder is it.
const USER: &str = "postgres";

/// Whether this machine has PostgreSQL programs that will do: the major version a new cluster would have.
///
/// # Errors
/// [`ClusterError::NotInstalled`] or [`ClusterError::TooOld`].
pub fn installed() -> Result<u32, ClusterError> {
    Programs::find(&Machine::this().programs, None).map(|programs| programs.major())
}

/// How the cluster is to be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The DATA_DIR; the cluster lies in `postgres` below it, or elsewhere where the unprivileged user can't reach that.
    pub data_dir: PathBuf,
    /// Turn off fsync, synchronous_commit and full_page_writes: for tests, which may lose everything.
    pub unsafe_fast: bool,
}

/// A running cluster of ours. Dropping it does not stop it: call [`Cluster::stop`].
#[derive(Debug)]
pub struct Cluster {
    socket_dir: PathBuf,
    port: u16,
    place: Place,
    programs: Programs,
    /// Ours to reap; `None` where it was adopted.
    child: Option<Child>,
    /// Says to other processes of ours that DATA_DIR is taken.
    _lock: File,
}

/// What a start finds on a machine; tests have their own.
struct Machine {
    /// Folders that may hold PostgreSQL's programs.
    programs: Vec<PathBuf>,
    /// Where data goes that cannot be in DATA_DIR.
    fallback: PathBuf,
    /// Folders for the socket's folder.
    socket_bases: Vec<PathBuf>,
}

impl Machine {
    fn this() -> Self {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute());
        let socket_bases = runtime
            .into_iter()
            .chain([std::env::temp_dir(), PathBuf::from("/tmp")])
            .collect();
        Self {
            programs: programs::places(),
            fallback: PathBuf::from("/var/lib/youtube-summarizer"),
            socket_bases,
        }
    }
}

impl Cluster {
    /// Finds the programs, creates the cluster if it is new, starts it or adopts the one that runs, creates the database.
    ///
    /// # Errors
    /// [`ClusterError`], worded for the person at the terminal.
    pub fn start(settings: &Settings) -> Result<Self, ClusterError> {
        Self::start_on(&Machine::this(), settings)
    }

    fn start_on(machine: &Machine, settings: &Settings) -> Result<Self, ClusterError> {
        let lock = folders::lock(&settings.data_dir)?;
        let data_dir = fs::canonicalize(&settings.data_dir).map_err(cannot("find DATA_DIR"))?;
        let place = folders::place(&data_dir, &machine.fallback)?;
        let known = place.version.as_deref().map(|version| (place.data.as_path(), version));
        let programs = Programs::find(&machine.programs, known)?;
        if place.version.is_none() {
            create(&programs, &place, settings.unsafe_fast)?;
        }
        let (postmaster, child) = match adopt(&programs, &place)? {
            Some(postmaster) => (postmaster, None),
            None => {
                let socket = folders::socket_folder(&place, &machine.socket_bases)?;
                match postmaster::start(&programs, &place, &socket, &data_dir, settings.unsafe_fast) {
                    Ok((child, postmaster)) => (postmaster, Some(child)),
                    // One that a killed process of ours started a moment ago had not yet written its pid file.
                    Err(error) => (adopt(&programs, &place)?.ok_or(error)?, None),
                }
            }
        };
        let cluster = Self {
            socket_dir: postmaster.socket_folder,
            port: postmaster.port,
            place,
            programs,
            child,
            _lock: lock,
        };
        cluster.create_database()?;
        Ok(cluster)
    }

    /// The folder of its socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The folder of its data: not always in DATA_DIR.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.place.data
    }

    /// Whether it ran already when we came.
    #[must_use]
    pub fn was_adopted(&self) -> bool {
        self.child.is_none()
    }

    /// A connection URL for `database` ([`DATABASE`] exists already; "postgres" is for administration), as sqlx and libpq read it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        url(&self.socket_dir, self.port, database)
    }

    /// The URL of `database` on the cluster that another process of ours keeps running; `None` where none does. Changes nothing.
    ///
    /// # Errors
    /// [`ClusterError`]
    pub fn url_of_running(settings: &Settings, database: &str) -> Result<Option<String>, ClusterError> {
        let Ok(data_dir) = fs::canonicalize(&settings.data_dir) else {
            return Ok(None);
        };
        let place = folders::place(&data_dir, &Machine::this().fallback)?;
        Ok(Postmaster::read(&place.data)?
            .filter(|postmaster| postmaster.is_alive(&place.data) && postmaster.is_ready())
            .map(|postmaster| url(&postmaster.socket_folder, postmaster.port, database)))
    }

    /// Runs SQL through psql and stops at the first error; what it printed, unaligned and without headings.
    ///
    /// # Errors
    /// [`ClusterError::Program`] with psql's words.
    pub fn sql(&self, database: &str, sql: &str) -> Result<String, ClusterError> {
        let mut command = self.programs.command("psql", None);
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--file=-",
        ]);
        command
            .arg(self.url(database))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(cannot("run psql"))?;
        let input = child.stdin.take();
        // Written beside the reading: both pipes may fill up.
        let output = std::thread::scope(|scope| {
            // A psql that stopped early closes the pipe; its own words are the better error.
            scope.spawn(move || input.map(|mut pipe| pipe.write_all(sql.as_bytes())));
            child.wait_with_output()
        });
        let output = output.map_err(cannot("run psql"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(ClusterError::Program {
            program: "psql".to_owned(),
            said,
        })
    }

    /// Stops it cleanly (fast shutdown), waits until it is down.
    ///
    /// # Errors
    /// [`ClusterError`] where it would not stop.
    pub fn stop(self) -> Result<(), ClusterError> {
        stop(&self.programs, &self.place)?;
        if let Some(mut child) = self.child {
            child.wait().map_err(cannot("wait for postgres"))?;
        }
        // Stays if somebody put something there: then it is theirs.
        let _ = fs::remove_dir(&self.socket_dir);
        Ok(())
    }

    fn create_database(&self) -> Result<(), ClusterError> {
        let found = self.sql(
            "postgres",
            &format!("SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"),
        )?;
        if found.trim() == "1" {
            return Ok(());
        }
        self.sql("postgres", &format!("CREATE DATABASE {DATABASE}")).map(|_| ())
    }
}

/// Makes a cluster beside its place and renames it there when it is whole: a kill in between leaves nothing half-made.
fn create(programs: &Programs, place: &Place, unsafe_fast: bool) -> Result<(), ClusterError> {
    let initdb = |locale: &str| {
        let nursery = folders::nursery(place)?;
        let mut command = programs.command("initdb", place.account);
        command.args([
            "--encoding=UTF8",
            "--auth-local=trust",
            "--auth-host=reject",
            "--username",
            USER,
        ]);
        command.arg(format!("--locale={locale}")).arg("--pgdata").arg(&nursery);
        if unsafe_fast {
            command.arg("--no-sync");
        }
        run(&mut command)?;
        Ok(nursery)
    };
    let nursery = match initdb("C.UTF-8") {
        // Not every system has it.
        Err(ClusterError::Program { said, .. }) if said.contains("locale") => initdb("C"),
        other => other,
    }?;
    fs::rename(&nursery, &place.data).map_err(cannot(format!("rename {}", nursery.display())))
}

/// The postmaster that already runs on this data, if it can be used.
fn adopt(programs: &Programs, place: &Place) -> Result<Option<Postmaster>, ClusterError> {
    match postmaster::settle(&place.data)? {
        Some(postmaster) if postmaster.is_ready() && postmaster.has_socket() => Ok(Some(postmaster)),
        Some(_) => {
            stop(programs, place)?;
            Ok(None)
        }
        None => Ok(None),
    }
}

/// Stops whatever postmaster runs on the data; that none runs (any more) is as good.
fn stop(programs: &Programs, place: &Place) -> Result<(), ClusterError> {
    let mut command = programs.command("pg_ctl", place.account);
    command
        .args(["stop", "--mode=fast", "--wait", "--timeout=120", "--pgdata"])
        .arg(&place.data);
    match run(&mut command) {
        Err(error) if Postmaster::read(&place.data)?.is_some_and(|it| it.is_alive(&place.data)) => Err(error),
        _ => Ok(()),
    }
}

fn url(socket_dir: &Path, port: u16, database: &str) -> String {
    let host = percent_encoded(socket_dir.as_os_str().as_encoded_bytes());
    let database = percent_encoded(database.as_bytes());
    format!("postgres://{USER}@localhost/{database}?host={host}&port={port}")
}

/// Everything but what a URL's query takes as it is.
fn percent_encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
