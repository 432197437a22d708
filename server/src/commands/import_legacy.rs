//! `import-legacy`: brings the predecessor's data folder over and tells what became of it.

use backend::{
    database,
    predecessor::{self, Report, Tally},
};

use super::backup::with_database;
use crate::{cli::ImportLegacy, config::Config};

/// Imports the folder.
pub async fn run(arguments: &ImportLegacy, config: Config) -> anyhow::Result<()> {
    with_database(config, async |url, config| {
        let pool = database::connect(url, 2).await?;
        database::migrate(&pool).await?;
        let dry = arguments.dry_run;
        let report = predecessor::import(&pool, &config.storage.data_dir, &arguments.folder, dry).await?;
        pool.close().await;
        for line in lines(&report, dry) {
            say(&line);
        }
        Ok(())
    })
    .await
}

fn lines(report: &Report, dry: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if dry {
        lines.push("A dry run: nothing was brought over.".to_owned());
    }
    let told = |lines: &mut Vec<String>, what: &str, tally: &Tally| {
        lines.push(format!(
            "{what}: {} {}, {} already there, {} skipped",
            tally.imported,
            if dry { "to be imported" } else { "imported" },
            tally.already_there,
            tally.skipped.len()
        ));
        lines.extend(
            tally
                .skipped
                .iter()
                .map(|(name, why)| format!("  skipped {name}: {why}")),
        );
    };
    told(&mut lines, "Summaries", &report.summaries);
    lines.extend(report.notes.iter().map(|(name, note)| format!("  {name}: {note}")));
    told(&mut lines, "Audio files", &report.audio);
    lines.extend(
        report
            .without_owner
            .iter()
            .map(|name| format!("  without owner, left where it is: {name}")),
    );
    told(&mut lines, "Attempts to sign in", &report.attempts);
    lines.extend(report.remarks.iter().map(|remark| format!("Note: {remark}.")));
    lines
}

#[expect(clippy::print_stdout, reason = "the output of a command")]
fn say(text: &str) {
    println!("{text}");
}
