//! What the process has: memory, processor time, open files. For `/metrics`; the disks are in `disks`.

use std::sync::LazyLock;

use metrics_process::Collector;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More open files than we could need.
const ENOUGH: u64 = 65_536;

static PROCESS: LazyLock<Collector> = LazyLock::new(|| {
    let collector = Collector::new("ytsum_");
    collector.describe();
    collector
});

/// Takes as many open files as this process may have, and says how many that is. Many systems begin with 1024, though they allow far more:
/// a caution for programs that use `select`, as we don't.
pub fn raise_open_files() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = ENOUGH.min(maximum.unwrap_or(ENOUGH));
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    // `None` is no limit at all.
    let has = match current {
        Some(few) if few < wanted => setrlimit(Resource::Nofile, raised).map_or(few, |()| wanted),
        Some(enough) => enough,
        None => ENOUGH,
    };
    usize::try_from(has).unwrap_or(usize::MAX)
}

/// Writes down what it has now.
pub fn observe() {
    PROCESS.collect();
}
