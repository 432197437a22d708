//! Finds PostgreSQL's programs and runs them: in a clean environment, as the right user, with what they say kept for the error.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::account::Account;
use crate::error::{ClusterError, cannot};

/// The oldest major version we take.
const OLDEST: u32 = 14;

/// What a folder must hold to be of use.
const NEEDED: [&str; 4] = ["postgres", "initdb", "pg_ctl", "psql"];

/// One installed PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Programs {
    bin: PathBuf,
    major: u32,
}

impl Programs {
    /// The version that the data folder was made by, else the newest.
    ///
    /// `places` are folders that may hold the programs; `data` is the data folder and the text of its PG_VERSION, if it exists.
    pub(crate) fn find(places: &[PathBuf], data: Option<(&Path, &str)>) -> Result<Self, ClusterError> {
        let mut found: Vec<Self> = Vec::new();
        for bin in places {
            if let Some(one) = Self::look_at(bin)
                && !found.iter().any(|known| known.major == one.major)
            {
                found.push(one);
            }
        }
        found.sort_by_key(|one| one.major);
        let Some(newest) = found.last() else {
            let looked: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
            return Err(ClusterError::NotInstalled {
                looked: looked.join(", "),
            });
        };
        if let Some((folder, version)) = data {
            return found
                .iter()
                .find(|one| one.major.to_string() == version.trim())
                .cloned()
                .ok_or_else(|| {
                    let installed: Vec<String> = found.iter().map(|one| one.major.to_string()).collect();
                    ClusterError::VersionNotInstalled {
                        data: folder.to_owned(),
                        needed: version.trim().to_owned(),
                        installed: installed.join(", "),
                    }
                });
        }
        if newest.major < OLDEST {
            return Err(ClusterError::TooOld {
                newest: newest.major,
                bin: newest.bin.clone(),
            });
        }
        Ok(newest.clone())
    }

    fn look_at(bin: &Path) -> Option<Self> {
        if !NEEDED.iter().all(|name| bin.join(name).is_file()) {
            return None;
        }
        let output = bare_command(&bin.join("postgres")).arg("--version").output().ok()?;
        let major = major_version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self {
            bin: bin.to_owned(),
            major,
        })
    }

    /// 15 of 15.18.
    pub(crate) fn major(&self) -> u32 {
        self.major
    }

    /// One of the programs, to be run as `account` (or as we are).
    pub(crate) fn command(&self, program: &str, account: Option<Account>) -> Command {
        let mut command = bare_command(&self.bin.join(program));
        if let Some(account) = account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }
}

/// Runs it to its end; its standard output, or an error with all that it said.
pub(crate) fn run(command: &mut Command) -> Result<String, ClusterError> {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let output = command.output().map_err(cannot(format!("run {program}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned())
        .join("\n");
    Err(ClusterError::Program {
        program,
        said: format!("{}: {}", output.status, said.trim()),
    })
}

/// The folders of this machine that may hold the programs, the likeliest first.
pub(crate) fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Ok(output) = bare_command(Path::new("pg_config")).arg("--bindir").output()
        && output.status.success()
    {
        places.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
    ] {
        places.extend(versions_in(Path::new(parent), prefix));
    }
    places.push(PathBuf::from("/usr/local/pgsql/bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A relative entry would mean another folder for every command, which all run in /.
    places.extend(std::env::split_paths(&path).filter(|entry| entry.is_absolute()));
    let mut seen = std::collections::HashSet::new();
    places.retain(|place| seen.insert(place.clone()));
    places
}

/// `bin` of every folder of `parent` whose name starts with `prefix`.
fn versions_in(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(prefix.as_bytes()))
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.is_dir())
        .collect();
    found.sort();
    found
}

/// A command that a person's own PGHOST, PGPORT or language cannot bend, in a folder that every user can enter.
fn bare_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    command
        .env("LC_ALL", OsStr::new("C"))
        .current_dir("/")
        .stdin(Stdio::null());
    command
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` → 15.
fn major_version(said: &str) -> Option<u32> {
    let version = said.split_once("(PostgreSQL)")?.1.trim_start();
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// A folder that looks like an installed PostgreSQL of this version.
    fn pretend(parent: &Path, version: &str) -> PathBuf {
        let bin = parent.join(version).join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        for name in NEEDED {
            std::fs::write(
                bin.join(name),
                format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n"),
            )
            .unwrap();
            std::fs::set_permissions(bin.join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        bin
    }

    #[test]
    fn reads_versions() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 19beta2"), Some(19));
        assert_eq!(major_version("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(major_version("something else"), None);
    }

    #[test]
    fn takes_the_newest_for_new_data_and_the_same_for_old() {
        let folder = tempfile::tempdir().unwrap();
        let places = ["14.2", "17.1", "9.6.1"].map(|version| pretend(folder.path(), version));
        assert_eq!(Programs::find(&places, None).unwrap().major, 17);
        assert_eq!(
            Programs::find(&places, Some((folder.path(), "14\n"))).unwrap().major,
            14
        );
        let error = Programs::find(&places, Some((folder.path(), "16\n"))).unwrap_err();
        assert!(matches!(error, ClusterError::VersionNotInstalled { .. }), "{error}");
        assert!(
            error
                .to_string()
                .contains("this machine has 9, 14, 17; install PostgreSQL 16"),
            "{error}"
        );
    }

    #[test]
    fn says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let old = pretend(folder.path(), "13.4");
        let error = Programs::find(&[old], None).unwrap_err();
        assert!(matches!(error, ClusterError::TooOld { newest: 13, .. }), "{error}");
        let error = Programs::find(&[folder.path().to_owned()], None).unwrap_err();
        assert!(matches!(error, ClusterError::NotInstalled { .. }), "{error}");
        assert!(
            error.to_string().contains(&folder.path().display().to_string()),
            "{error}"
        );
        assert!(matches!(
            Programs::find(&[], None),
            Err(ClusterError::NotInstalled { .. })
        ));
    }

    #[test]
    fn a_folder_without_a_server_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let client = pretend(folder.path(), "18.0");
        std::fs::remove_file(client.join("initdb")).unwrap();
        let server = pretend(folder.path(), "15.1");
        assert_eq!(Programs::find(&[client, server], None).unwrap().major, 15);
    }
}
