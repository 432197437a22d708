//! Where things lie: the lock and the log in DATA_DIR, the data where its user can reach it, the socket where its path is short.
//!
//! Root never writes *inside* a folder that the unprivileged user owns: a symbolic link there could lead it anywhere.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::account::{Account, own_uid};
use crate::error::{ClusterError, cannot};

/// A socket's path ends at 107 bytes; Postgres adds `/.s.PGSQL.5432` (and `.lock` to a file that is no socket).
const LONGEST_SOCKET_FOLDER: usize = 107 - "/.s.PGSQL.65535".len();

/// How long a lock may stay after `kill -9` of its holder: the kernel is still taking that process apart.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);

/// Where the data lies and who runs Postgres on it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) data: PathBuf,
    /// `None`: we ourselves.
    pub(crate) account: Option<Account>,
    /// What PG_VERSION says; `None`: there is no cluster yet.
    pub(crate) version: Option<String>,
}

/// Makes DATA_DIR and holds its lock for as long as the file lives. The kernel releases it however we die.
pub(crate) fn lock(data_dir: &Path) -> Result<File, ClusterError> {
    // Others may pass through a new one (Postgres' own user must) but not list it.
    let made = DirBuilder::new().recursive(true).mode(0o711).create(data_dir);
    made.map_err(cannot(format!("create {}", data_dir.display())))?;
    let path = data_dir.join("postgres.lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(cannot(format!("open {}", path.display())))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => sleep(Duration::from_millis(50)),
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let known = file.read_to_string(&mut pid).is_ok() && pid.trim().parse::<u32>().is_ok();
                let owner = if known {
                    format!(" (process {})", pid.trim())
                } else {
                    String::new()
                };
                return Err(ClusterError::InUse {
                    data_dir: data_dir.to_owned(),
                    owner,
                });
            }
            Err(TryLockError::Error(source)) => return Err(cannot(format!("lock {}", path.display()))(source)),
        }
    }
    // For the message above; the lock itself does not depend on it.
    let note = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
    note.map_err(cannot(format!("write {}", path.display())))?;
    Ok(file)
}

/// Finds the data, or decides where it will be.
///
/// `fallback` is the folder for data whose DATA_DIR the unprivileged user cannot reach.
pub(crate) fn place(data_dir: &Path, fallback: &Path) -> Result<Place, ClusterError> {
    let usual = data_dir.join("postgres");
    let we = own_uid()?;
    if we != 0 {
        return match existing(&usual)? {
            Some((_, metadata)) if metadata.uid() != we => Err(ClusterError::WrongOwner {
                data: usual,
                owner: metadata.uid(),
                we,
            }),
            found => Ok(Place {
                data: usual,
                account: None,
                version: found.map(|(version, _)| version),
            }),
        };
    }
    let elsewhere = fallback.join(stable_name(data_dir));
    for data in [&usual, &elsewhere] {
        if let Some((version, metadata)) = existing(data)? {
            return existing_place(data.clone(), version, &metadata);
        }
    }
    let account = Account::unprivileged()?;
    let data = if reach_and_own(data_dir, account) {
        usual
    } else {
        elsewhere
    };
    Ok(Place {
        data,
        account: Some(account),
        version: None,
    })
}

/// Root runs Postgres as whoever owns the data: data that was made before root came stays usable.
fn existing_place(data: PathBuf, version: String, metadata: &Metadata) -> Result<Place, ClusterError> {
    let account = Account {
        uid: metadata.uid(),
        gid: metadata.gid(),
    };
    if account.uid == 0 {
        return Err(ClusterError::WrongOwner {
            data,
            owner: 0,
            we: Account::unprivileged()?.uid,
        });
    }
    if !account.can_enter(&data) {
        return Err(ClusterError::Unreachable { data, uid: account.uid });
    }
    Ok(Place {
        data,
        account: Some(account),
        version: Some(version),
    })
}

/// The version and metadata of a cluster in `data`; `None` where there is nothing (or an empty folder).
fn existing(data: &Path) -> Result<Option<(String, Metadata)>, ClusterError> {
    let metadata = match fs::metadata(data) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot(format!("look at {}", data.display()))(error)),
    };
    match fs::read_to_string(data.join("PG_VERSION")) {
        Ok(version) => Ok(Some((version, metadata))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let empty = fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_none());
            if empty {
                Ok(None)
            } else {
                Err(ClusterError::NotACluster { data: data.to_owned() })
            }
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(ClusterError::WrongOwner {
            data: data.to_owned(),
            owner: metadata.uid(),
            we: own_uid()?,
        }),
        Err(error) => Err(cannot(format!("read {}/PG_VERSION", data.display()))(error)),
    }
}

/// Tries both: some file systems let not even root give a folder away.
fn reach_and_own(data_dir: &Path, account: Account) -> bool {
    let probe = data_dir.join("postgres.probe");
    let made =
        private_folder(&probe).and_then(|()| std::os::unix::fs::lchown(&probe, Some(account.uid), Some(account.gid)));
    let good = made.is_ok() && account.can_enter(&probe);
    // Left over, it is empty and in nobody's way.
    let _ = fs::remove_dir(&probe);
    good
}

/// A fresh, empty folder beside `data`, owned by its user, in which a new cluster is made before it is renamed into place.
///
/// Its name is this process' own: an `initdb` that outlived a killed process of ours must not write into it.
pub(crate) fn nursery(place: &Place) -> Result<PathBuf, ClusterError> {
    let parent = place.data.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(parent).map_err(cannot(format!("create {}", parent.display())))?;
    let entries = fs::read_dir(parent).map_err(cannot(format!("list {}", parent.display())))?;
    let prefix = place.data.with_extension("new-");
    for leftover in entries.flatten().map(|entry| entry.path()) {
        if leftover
            .as_os_str()
            .as_bytes()
            .starts_with(prefix.as_os_str().as_bytes())
        {
            // What cannot be removed now can be next time.
            let _ = fs::remove_dir_all(leftover);
        }
    }
    let nursery = place.data.with_extension(format!("new-{}", std::process::id()));
    let problem = || cannot(format!("create {}", nursery.display()));
    private_folder(&nursery).map_err(problem())?;
    if let Some(account) = place.account {
        std::os::unix::fs::lchown(&nursery, Some(account.uid), Some(account.gid)).map_err(problem())?;
    }
    Ok(nursery)
}

/// Makes the socket's folder below the first of `bases` that will do, empty: whoever calls knows that no postmaster runs on
/// `place`. Its name follows from the data's, so no other cluster has it.
pub(crate) fn socket_folder(place: &Place, bases: &[PathBuf]) -> Result<PathBuf, ClusterError> {
    let name = format!("youtube-summarizer-{}", stable_name(&place.data));
    let mut tried = Vec::new();
    for base in bases {
        let folder = base.join(&name);
        match usable_socket_folder(&folder, place.account) {
            Ok(()) => return sweep(&folder).map(|()| folder),
            Err(why) => tried.push(format!("{}: {why}", base.display())),
        }
    }
    Err(ClusterError::NoSocketFolder {
        tried: tried.join("; "),
    })
}

fn usable_socket_folder(folder: &Path, account: Option<Account>) -> Result<(), String> {
    let bytes = folder.as_os_str().as_bytes();
    if bytes.len() > LONGEST_SOCKET_FOLDER {
        return Err(format!("too long by {} bytes", bytes.len() - LONGEST_SOCKET_FOLDER));
    }
    // Postgres reads a list here, with commas and quotes of its own.
    if bytes.iter().any(|byte| b",\"\n".contains(byte)) || folder.to_str().is_none() {
        return Err("characters that PostgreSQL takes for a list".to_owned());
    }
    let in_words = |error: io::Error| error.to_string();
    let created = match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(in_words(error)),
    };
    if created && let Some(account) = account {
        std::os::unix::fs::lchown(folder, Some(account.uid), Some(account.gid)).map_err(in_words)?;
    }
    // Where it was there before, somebody else may have put it there, in a temp folder that everybody can write to.
    let metadata = fs::symlink_metadata(folder).map_err(in_words)?;
    let owner = account.map_or_else(
        || own_uid().map_err(|error| error.to_string()),
        |account| Ok(account.uid),
    )?;
    let private = metadata.is_dir() && metadata.uid() == owner && metadata.permissions().mode() & 0o077 == 0;
    if !private {
        return Err("the folder is there and not private".to_owned());
    }
    if account.is_some_and(|account| !account.can_enter(folder)) {
        let _ = fs::remove_dir(folder);
        return Err("PostgreSQL's user cannot enter it".to_owned());
    }
    Ok(())
}

/// Removes what a killed postmaster left. Postgres does so itself unless its number is taken again; then it would not start.
fn sweep(folder: &Path) -> Result<(), ClusterError> {
    let entries = fs::read_dir(folder).map_err(cannot(format!("list {}", folder.display())))?;
    for entry in entries.flatten() {
        fs::remove_file(entry.path()).map_err(cannot(format!("remove {}", entry.path().display())))?;
    }
    Ok(())
}

/// Opens the log for appending; a large one becomes `postgres.log.1` first. Also gives its length.
pub(crate) fn open_log(data_dir: &Path) -> Result<(File, PathBuf, u64), ClusterError> {
    const LARGE: u64 = 8 << 20;
    let path = data_dir.join("postgres.log");
    if fs::metadata(&path).is_ok_and(|metadata| metadata.len() > LARGE) {
        fs::rename(&path, data_dir.join("postgres.log.1")).map_err(cannot(format!("rename {}", path.display())))?;
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
    let file = file.map_err(cannot(format!("open {}", path.display())))?;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    Ok((file, path, length))
}

/// The last lines of the log that were written after `from`.
pub(crate) fn log_tail(log: &Path, from: u64) -> String {
    const LINES: usize = 15;
    let mut text = Vec::new();
    let read = File::open(log).and_then(|mut file| {
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut text)
    });
    if let Err(error) = read {
        return format!("(unreadable: {error})");
    }
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// 16 hex digits that stay the same over restarts, versions of us and of Rust (FNV-1a; std's hasher promises none of that).
fn stable_name(path: &Path) -> String {
    let hash = path
        .as_os_str()
        .as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}
