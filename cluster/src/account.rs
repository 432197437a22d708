//! Who Postgres runs as: it refuses root, so root hands over to an unprivileged user; everybody else runs it themselves.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{ClusterError, cannot};

/// A user other than us whom only root can act for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// `postgres` where it exists, else `nobody`.
    pub(crate) fn unprivileged() -> Result<Self, ClusterError> {
        for name in ["postgres", "nobody"] {
            if let (Ok(uid), Ok(gid)) = (id(&["-u", name]), id(&["-g", name]))
                && uid != 0
            {
                return Ok(Self { uid, gid });
            }
        }
        Err(ClusterError::NoAccount)
    }

    /// Whether this user can enter the folder. Tried rather than computed, so that access lists and mounts count as well.
    pub(crate) fn can_enter(self, folder: &Path) -> bool {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "cd \"$0\""])
            .arg(folder)
            .current_dir("/")
            .uid(self.uid)
            .gid(self.gid);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

/// Our own effective user id.
pub(crate) fn own_uid() -> Result<u32, ClusterError> {
    id(&["-u"])
}

/// Asks `id`, since std has no way to ask the system.
fn id(arguments: &[&str]) -> Result<u32, ClusterError> {
    let output = Command::new("id")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .map_err(cannot("run the program id"))?;
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| ClusterError::NoAccount)
}
