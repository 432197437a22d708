//! What the process has: memory, processor time, open files. For `/metrics`; the disks are in `disks`.

use std::sync::LazyLock;

use metrics_process::Collector;

static PROCESS: LazyLock<Collector> = LazyLock::new(|| {
    let collector = Collector::new("ytsum_");
    collector.describe();
    collector
});

/// Writes down what it has now.
pub fn observe() {
    PROCESS.collect();
}
