//! `cargo xtask prepare`: refreshes `.sqlx` from a database made by `migrations/`, as `cargo sqlx prepare` does: sqlx's macros
//! ask the live database while the compiler runs, and write down what it said.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use crate::project::{Project, files_below};
use crate::scratch::Scratch;
use crate::{cargo, machine};

/// The only crate with SQL.
const CRATE: &str = "backend";

/// The answers, by file name.
type Answers = BTreeMap<String, String>;

/// Refreshes them, or with `check` only compares.
pub(crate) fn run(project: &Project, check: bool) -> Result<()> {
    machine::postgres()?;
    let committed = project.root.join(".sqlx");
    let old = read(&committed)?;
    let new = ask(project)?;
    if old == new {
        return Ok(());
    }
    let differences = differences(&old, &new);
    if check {
        bail!(".sqlx is stale; run `cargo xtask prepare` and commit it\n{differences}");
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(committed.join(name)).with_context(|| format!("cannot remove {name}"))?;
    }
    fs::create_dir_all(&committed)?;
    for (name, text) in &new {
        fs::write(committed.join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    // Cargo does not know that the macros read these files.
    set_modified(&project.root.join(CRATE).join("src/lib.rs"), SystemTime::now())?;
    eprint!("{differences}");
    Ok(())
}

/// What a fresh database says to every checked query.
fn ask(project: &Project) -> Result<Answers> {
    let scratch = Scratch::start(&project.target("prepare-postgres"))?;
    let database = scratch.cluster()?;
    for migration in files_below(&project.root.join("migrations"))? {
        let sql = fs::read_to_string(&migration).with_context(|| format!("cannot read {}", migration.display()))?;
        database
            .sql(cluster::DATABASE, &sql)
            .with_context(|| migration.display().to_string())?;
    }
    let folder = project.target("prepare");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut command = cargo::cargo(&project.root);
    command.args(["check", "--package", CRATE, "--all-targets"]);
    command
        .env("DATABASE_URL", database.url(cluster::DATABASE))
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &folder);
    // The compiler has to run even if nothing changed; and afterwards what others built must still count as fresh.
    let touched = Touched::touch(files_below(&project.root.join(CRATE))?)?;
    cargo::run(&mut command)?;
    drop(touched);
    read(&folder)
}

fn read(folder: &Path) -> Result<Answers> {
    let mut answers = Answers::new();
    for file in files_below(folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        answers.insert(name, text);
    }
    Ok(answers)
}

/// One line a query that came, went or changed.
fn differences(old: &Answers, new: &Answers) -> String {
    let gone = old
        .iter()
        .filter(|(name, _)| !new.contains_key(*name))
        .map(|(_, text)| format!("  gone: {}\n", query(text)));
    let came = new
        .iter()
        .filter(|(name, text)| old.get(*name) != Some(*text))
        .map(|(name, text)| {
            let what = if old.contains_key(name) { "changed" } else { "new" };
            format!("  {what}: {}\n", query(text))
        });
    gone.chain(came).collect()
}

/// The beginning of the query in an answer.
fn query(answer: &str) -> String {
    let parsed: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
    let words = parsed["query"].as_str().unwrap_or(answer).split_whitespace();
    words.collect::<Vec<_>>().join(" ").chars().take(100).collect()
}

/// Rust files made to look changed; dropped, they look as before.
struct Touched(Vec<(PathBuf, SystemTime)>);

impl Touched {
    fn touch(files: Vec<PathBuf>) -> Result<Self> {
        let mut touched = Self(Vec::new());
        for file in files
            .into_iter()
            .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        {
            let before = fs::metadata(&file).and_then(|metadata| metadata.modified());
            touched.0.push((
                file.clone(),
                before.with_context(|| format!("cannot read {}", file.display()))?,
            ));
            set_modified(&file, SystemTime::now())?;
        }
        Ok(touched)
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        for (file, before) in &self.0 {
            // Left as it is, it is only compiled once more.
            let _ = set_modified(file, *before);
        }
    }
}

fn set_modified(file: &Path, time: SystemTime) -> Result<()> {
    let changed = File::options()
        .append(true)
        .open(file)
        .and_then(|open| open.set_modified(time));
    changed.with_context(|| format!("cannot change the time of {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_differs() {
        let answers = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(name, query)| ((*name).to_owned(), format!("{{\"query\": \"{query}\"}}")))
                .collect::<Answers>()
        };
        let old = answers(&[("a", "SELECT\\n 1"), ("b", "SELECT 2")]);
        let new = answers(&[("b", "SELECT 2"), ("c", "SELECT 3")]);
        assert_eq!(differences(&old, &new), "  gone: SELECT 1\n  new: SELECT 3\n");
        assert_eq!(differences(&old, &old), "");
    }
}
