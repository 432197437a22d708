//! Where the project lies and what its Cargo.toml says about the site, in the words of cargo-leptos, which reads the same table.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The project and its site.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of the workspace's Cargo.toml.
    pub(crate) root: PathBuf,
    /// `[[workspace.metadata.leptos]]`.
    pub(crate) leptos: Leptos,
}

/// What we need of `[[workspace.metadata.leptos]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Leptos {
    /// The server's package.
    pub(crate) bin_package: String,
    /// Its binary.
    pub(crate) bin_target: String,
    /// The wasm's package.
    pub(crate) lib_package: String,
    /// The profile that the wasm is built with.
    pub(crate) lib_profile_release: String,
    /// The stem of the css, js and wasm files.
    pub(crate) output_name: String,
    site_root: PathBuf,
    /// The folder of hashed files, below the site's.
    pub(crate) site_pkg_dir: String,
    /// Where it is served unless something else is asked for.
    pub(crate) site_addr: String,
    style_file: PathBuf,
    assets_dir: PathBuf,
    end2end_dir: PathBuf,
}

impl Project {
    /// Finds it through cargo, which runs us.
    pub(crate) fn find() -> Result<Self> {
        // At run time first: with a shared target folder the compiled-in one may be another checkout's.
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&xtask)
            .parent()
            .context("xtask lies in the project's folder")?
            .to_owned();
        let path = root.join("Cargo.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let leptos = Leptos::parse(&text).with_context(|| format!("cannot use {}", path.display()))?;
        Ok(Self { root, leptos })
    }

    /// The folder that is served.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join(&self.leptos.site_root)
    }

    /// The stylesheet that imports the others of its folder.
    pub(crate) fn style(&self) -> PathBuf {
        self.root.join(&self.leptos.style_file)
    }

    /// Static files.
    pub(crate) fn public(&self) -> PathBuf {
        self.root.join(&self.leptos.assets_dir)
    }

    /// The browser tests.
    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join(&self.leptos.end2end_dir)
    }

    /// A folder of ours for what can be made again.
    pub(crate) fn target(&self, name: &str) -> PathBuf {
        self.root.join("target").join(name)
    }
}

impl Leptos {
    fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Manifest {
            workspace: Workspace,
        }
        #[derive(Deserialize)]
        struct Workspace {
            metadata: Metadata,
        }
        #[derive(Deserialize)]
        struct Metadata {
            leptos: Vec<Leptos>,
        }
        let manifest: Manifest = toml::from_str(text)?;
        manifest
            .workspace
            .metadata
            .leptos
            .into_iter()
            .next()
            .context("no [[workspace.metadata.leptos]]")
    }
}

/// All files below a folder, sorted; none where there is no such folder.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn reads_the_projects_own_table() {
        let project = Project::find().unwrap();
        assert_eq!(project.leptos.output_name, "youtube-summarizer");
        assert!(project.site().ends_with("target/site"));
        assert!(Leptos::parse("[workspace]\n[workspace.metadata]\nleptos = []").is_err());
    }
}
