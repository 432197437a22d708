//! What can go wrong between "start" and a database that answers; every text ends in what the person can do.

use std::io;
use std::path::PathBuf;

/// Why there is no cluster. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No PostgreSQL programs anywhere we look.
    #[error(
        "no PostgreSQL programs were found (looked at {looked}); install PostgreSQL 14 or newer (Debian: apt-get install postgresql) or set DATABASE_URL"
    )]
    NotInstalled {
        /// The places.
        looked: String,
    },
    /// PostgreSQL is there, but none that is new enough.
    #[error(
        "PostgreSQL {newest} ({bin}) is too old, version 14 or newer is needed; install a newer one or set DATABASE_URL",
        bin = bin.display()
    )]
    TooOld {
        /// The newest major version found.
        newest: u32,
        /// The folder of its programs.
        bin: PathBuf,
    },
    /// The data folder was made by a version whose programs are not on this machine.
    #[error(
        "the data in {data} was made by PostgreSQL {needed}, and this machine has {installed}; install PostgreSQL {needed} (Debian: apt-get install postgresql-{needed}), or move the data over with pg_upgrade",
        data = data.display()
    )]
    VersionNotInstalled {
        /// The data folder.
        data: PathBuf,
        /// The major version that its PG_VERSION names.
        needed: String,
        /// The versions that were found, in words.
        installed: String,
    },
    /// Another live process of ours holds the data folder.
    #[error(
        "{data_dir} is in use by another YouTube Summarizer{owner}; stop that one first, or give this one a DATA_DIR of its own",
        data_dir = data_dir.display()
    )]
    InUse {
        /// DATA_DIR.
        data_dir: PathBuf,
        /// ` (process 123)` where known, else empty.
        owner: String,
    },
    /// Something that is no cluster lies where the data should.
    #[error("{data} exists, is not empty and is no PostgreSQL data folder; move it away or choose another DATA_DIR", data = data.display())]
    NotACluster {
        /// The folder.
        data: PathBuf,
    },
    /// The data belongs to somebody whom we cannot act for.
    #[error("{data} belongs to user id {owner}, but the server runs as user id {we}; run it as that user, or hand the folder over with chown -R", data = data.display())]
    WrongOwner {
        /// The folder.
        data: PathBuf,
        /// Who owns it.
        owner: u32,
        /// Who we are, or the user that Postgres would run as.
        we: u32,
    },
    /// The data exists, but the user that Postgres runs as cannot get to it any more.
    #[error(
        "user id {uid}, which PostgreSQL runs as, cannot enter {data}; make every folder above it enterable for that user (chmod a+x), or move DATA_DIR",
        data = data.display()
    )]
    Unreachable {
        /// The folder.
        data: PathBuf,
        /// The user.
        uid: u32,
    },
    /// Root needs somebody else to run Postgres as.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody; create one (useradd --system postgres) or set DATABASE_URL"
    )]
    NoAccount,
    /// No folder whose path is short enough for a socket.
    #[error(
        "no folder for PostgreSQL's socket: a socket's path ends at 107 bytes and the folder must be private (tried {tried}); set TMPDIR to a short path"
    )]
    NoSocketFolder {
        /// What was tried, and why not.
        tried: String,
    },
    /// Postgres ended, or never became ready.
    #[error("PostgreSQL did not start: {why}. The end of its log ({log}):\n{tail}", log = log.display())]
    DidNotStart {
        /// In a few words.
        why: String,
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// One of its programs failed.
    #[error("PostgreSQL's {program} failed: {said}")]
    Program {
        /// Its name.
        program: String,
        /// What it printed.
        said: String,
    },
    /// A file or folder.
    #[error("cannot {what}: {source}")]
    Io {
        /// Verb and path.
        what: String,
        /// The cause.
        source: io::Error,
    },
}

/// Gives an I/O error its verb and path.
pub(crate) fn cannot(what: impl Into<String>) -> impl FnOnce(io::Error) -> ClusterError {
    let what = what.into();
    move |source| ClusterError::Io { what, source }
}
