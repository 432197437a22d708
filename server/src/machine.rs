//! What the process and the machine have: memory, processor time, open files, and the disk of the data folder. For `/metrics`.

use std::{path::Path, sync::LazyLock};

use metrics::gauge;
use metrics_process::Collector;

static PROCESS: LazyLock<Collector> = LazyLock::new(|| {
    let collector = Collector::new("ytsum_");
    collector.describe();
    collector
});

/// Writes down what they have now.
pub fn observe(data_dir: &Path) {
    PROCESS.collect();
    // Where the system does not tell, nothing is better than a guess.
    if let Ok(disk) = rustix::fs::statvfs(data_dir) {
        gauge!("ytsum_disk_free_bytes").set(bytes(disk.f_bavail, disk.f_frsize));
        gauge!("ytsum_disk_size_bytes").set(bytes(disk.f_blocks, disk.f_frsize));
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
    use super::*;

    #[test]
    fn a_disk_has_room_and_what_is_not_there_has_none() {
        let disk = rustix::fs::statvfs(std::env::temp_dir().as_path());
        assert!(disk.is_ok_and(|disk| bytes(disk.f_blocks, disk.f_frsize) > 1e6));
        observe(Path::new("/nowhere/at/all"));
    }
}
