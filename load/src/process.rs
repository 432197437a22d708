//! What processes cost, as `/proc` tells it.

use std::{collections::HashMap, fs};

/// Ticks a second of the times in `/proc`: 100 on every Linux that we know.
const TICKS: f64 = 100.0;

/// Resident memory in KB; 0 where the process has ended.
pub fn resident(pid: u32) -> u64 {
    field(&format!("/proc/{pid}/status"), "VmRSS:")
}

/// Memory in KB with shared pages divided among those who share them.
pub fn proportional(pid: u32) -> u64 {
    field(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

/// Seconds of processor time so far.
pub fn seconds(pid: u32) -> f64 {
    times(pid).map_or(0.0, |(_, ticks)| ticks as f64 / TICKS)
}

/// The process and those that it started, and they.
pub fn family(pid: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in all.filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
        if let Some((parent, _)) = times(process) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut family = vec![pid];
    let mut next = 0;
    while let Some(member) = family.get(next) {
        family.extend(children.remove(member).into_iter().flatten());
        next += 1;
    }
    family
}

/// The parent, and ticks of processor time.
fn times(pid: u32) -> Option<(u32, u64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may hold anything.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let parent = fields.nth(1)?.parse().ok()?;
    let user: u64 = fields.nth(9)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((parent, user + system))
}

fn field(path: &str, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_of_this_process() {
        let me = std::process::id();
        assert!(resident(me) > 100);
        assert!(family(me).contains(&me));
        let (parent, _) = times(me).unwrap();
        assert!(family(parent).contains(&me));
    }
}
