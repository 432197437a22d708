//! A private Postgres cluster that may lose everything: for the tests and for `prepare`. One that an interrupted run left
//! behind, running or not, is removed by the next.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cluster::{Cluster, Settings};

/// A running, empty cluster; gone when dropped.
pub(crate) struct Scratch {
    folder: PathBuf,
    cluster: Option<Cluster>,
}

impl Scratch {
    /// Starts one in `folder`, which it empties.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        clear(folder)?;
        let cluster = start(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            cluster: Some(cluster),
        })
    }

    /// The cluster.
    pub(crate) fn cluster(&self) -> Result<&Cluster> {
        self.cluster.as_ref().context("the cluster was stopped")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let stopped = self
            .cluster
            .take()
            .map_or(Ok(()), |cluster| remove(cluster, &self.folder));
        if let Err(error) = stopped {
            eprintln!("warning: {error:#}");
        }
    }
}

/// Removes a DATA_DIR and the cluster that belongs to it, whether or not somebody was there to stop it.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    if folder.join("postgres.lock").exists() {
        // Only a started cluster says where its data lies, and stops what may still run there.
        return remove(start(folder)?, folder);
    }
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

fn start(folder: &Path) -> Result<Cluster> {
    Ok(Cluster::start(&Settings {
        data_dir: folder.to_owned(),
        unsafe_fast: true,
    })?)
}

fn remove(cluster: Cluster, folder: &Path) -> Result<()> {
    let data = cluster.data().to_owned();
    cluster.stop()?;
    for folder in [data.as_path(), folder] {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
    }
    Ok(())
}
