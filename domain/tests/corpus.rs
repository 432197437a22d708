//! The corpus of the fuzz targets, replayed: what once broke something, and one of each shape.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../fuzz/src/lib.rs"]
mod fuzz;

use std::{fs, path::Path};

/// Calls `check` with each file of a target; how many there were.
fn replay(target: &str, check: fn(&str)) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| fs::read(file.unwrap().path()).unwrap());
    files.map(|bytes| check(&String::from_utf8_lossy(&bytes))).count()
}

#[test]
fn the_corpus_of_every_target_does_no_harm() {
    assert!(replay("links", fuzz::links) >= 10);
    for target in ["json3", "xml", "srt", "webvtt"] {
        assert!(replay(target, fuzz::captions) >= 4, "{target}");
    }
}
