//! The folders that can fill up: how much room they have, for the metrics, and a word where it is gone, for the health check and, once,
//! for the log. A full disk stops nobody: what needs no disk goes on.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use metrics::gauge;
use tokio_util::sync::CancellationToken;

/// Between two looks.
const EVERY: Duration = Duration::from_secs(30);
/// What is left of a disk that counts as full.
const NOTHING: u64 = 1024 * 1024;
/// What a probe writes: an empty file fits on a full disk.
const PROBE: &[u8] = &[b'x'; 4096];

/// A folder of ours, and the setting that names it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// What it is for: the metrics' label.
    pub name: &'static str,
    /// `DATA_DIR`, for instance.
    pub setting: &'static str,
    /// Where it is.
    pub path: PathBuf,
}

/// How a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It can be written.
    Good,
    /// Its disk is full.
    Full,
    /// It can't be written for another reason.
    Unwritable,
}

impl Folder {
    /// Tries: permissions alone say little about full or read-only disks.
    pub fn condition(&self) -> Condition {
        match probe(&self.path) {
            Ok(()) => Condition::Good,
            Err(error) if is_full(&error) => Condition::Full,
            Err(_) => Condition::Unwritable,
        }
    }

    /// Writes down how large its disk is and what is free of it.
    pub fn observe(&self) {
        // Where the system does not tell, nothing is better than a guess.
        if let Ok(disk) = rustix::fs::statvfs(&self.path) {
            gauge!("ytsum_disk_free_bytes", "folder" => self.name).set(bytes(disk.f_bavail, disk.f_frsize));
            gauge!("ytsum_disk_size_bytes", "folder" => self.name).set(bytes(disk.f_blocks, disk.f_frsize));
        }
    }

    /// Whether nothing is left of its disk, without writing to it.
    fn is_full(&self) -> bool {
        rustix::fs::statvfs(&self.path).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < NOTHING)
    }
}

/// Makes a file in a folder and removes it.
///
/// # Errors
/// Why that is not possible.
pub fn probe(folder: &Path) -> io::Result<()> {
    // A file for each probe: two at once would remove each other's.
    static PROBES: AtomicU64 = AtomicU64::new(0);
    let number = PROBES.fetch_add(1, Ordering::Relaxed);
    let probe = folder.join(format!(".probe-{}-{number}", std::process::id()));
    let written = std::fs::write(&probe, PROBE);
    let removed = std::fs::remove_file(&probe);
    written.and(removed)
}

/// Whether it is only room that is missing.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What is to be said of them: nothing where all have room.
pub fn warnings(folders: &[Folder]) -> Vec<String> {
    let full = folders.iter().filter(|folder| folder.is_full());
    full.map(|folder| format!("the disk of {} is full", folder.setting))
        .collect()
}

/// Looks every half minute, until `shutdown`; says once that one is full, and once that it has room again.
pub async fn watch(folders: Vec<Folder>, shutdown: CancellationToken) {
    let mut full = vec![false; folders.len()];
    let mut interval = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = interval.tick() => {}
        }
        for (folder, was_full) in folders.iter().zip(&mut full) {
            let is_full = folder.is_full();
            let (setting, path) = (folder.setting, folder.path.display());
            if is_full && !*was_full {
                tracing::error!(%path, "the disk of {setting} is full: nothing can be kept there until there is room");
            } else if *was_full && !is_full {
                tracing::info!(%path, "the disk of {setting} has room again");
            }
            *was_full = is_full;
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge is a float; a disk's last bytes do not matter"
)]
fn bytes(blocks: u64, size: u64) -> f64 {
    blocks.saturating_mul(size) as f64
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn folder(path: &Path) -> Folder {
        Folder {
            name: "data",
            setting: "DATA_DIR",
            path: path.to_owned(),
        }
    }

    #[test]
    fn probes_at_once_do_not_disturb_each_other() {
        let here = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..50).for_each(|_| assert_eq!(folder(here.path()).condition(), Condition::Good)));
            }
        });
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_missing_is_told_from_what_is_full() {
        let here = tempfile::tempdir().unwrap();
        assert_eq!(folder(here.path()).condition(), Condition::Good);
        assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0, "the probe is gone");
        let nowhere = folder(Path::new("/nowhere/at/all"));
        assert_eq!(nowhere.condition(), Condition::Unwritable);
        nowhere.observe();
        assert!(warnings(&[nowhere]).is_empty(), "nobody knows");
        // A device that is always full.
        let error = std::fs::write("/dev/full", PROBE).unwrap_err();
        assert!(is_full(&error), "{error}");
    }

    #[test]
    fn a_disk_has_room() {
        let disk = rustix::fs::statvfs(std::env::temp_dir().as_path());
        assert!(disk.is_ok_and(|disk| bytes(disk.f_blocks, disk.f_frsize) > 1e6));
    }
}
