//! The site folder: wasm, its JavaScript, the stylesheet and `public/`, under names that change with their content, and
//! `manifest.json`, which says under which. The server sends hashed files with "immutable" and needs nothing else to find them.
//!
//! Without a manifest (cargo-leptos writes none) the server uses the plain names: `/pkg/NAME.js`, `.wasm`, `.css`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::project::{Project, files_below};
use crate::{cargo, css, machine};

/// Files of `public/` that browsers or people ask for by name.
const FIXED_NAMES: [&str; 2] = ["favicon.ico", "robots.txt"];

/// A folder of `public/` whose files keep their names.
const FIXED_FOLDER: &str = "sample/";

/// What compresses; pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 8] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm"];

/// Builds the site folder, unless it is that of the same inputs already. `release`: small and precompressed.
pub(crate) fn build(project: &Project, release: bool) -> Result<()> {
    machine::wasm_target()?;
    let leptos = &project.leptos;
    let front = project.target("front");
    let arguments = [
        "-p",
        &leptos.lib_package,
        "--lib",
        "--target",
        machine::WASM,
        "--profile",
        &leptos.lib_profile_release,
    ];
    let target_dir = format!("--target-dir={}", front.display());
    let built = cargo::build(&project.root, &[&arguments[..], &[&target_dir]].concat())?;
    let wasm = built.wasm(&leptos.lib_package)?;

    let inputs = inputs(project, wasm, release)?;
    let stamp = project.target("site.inputs");
    let manifest = project.site().join("manifest.json");
    if manifest.exists() && fs::read_to_string(&stamp).is_ok_and(|known| known == inputs) {
        return Ok(());
    }
    let begun = Instant::now();
    let site = Site::assemble(project, wasm, release)?;
    // The old site stays whole until the new one is: a server may be reading it.
    replace_folder(&site.folder, &project.site())?;
    fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))?;
    eprintln!(
        "site: {} files in {} ({:.1} s)",
        site.manifest.len(),
        project.site().display(),
        begun.elapsed().as_secs_f32()
    );
    Ok(())
}

/// One site folder while it is made.
struct Site {
    folder: PathBuf,
    pkg: String,
    /// `fonts/inter.woff2` → `/pkg/fonts/inter.0a1b.woff2`.
    manifest: BTreeMap<String, String>,
}

impl Site {
    fn assemble(project: &Project, wasm: &Path, release: bool) -> Result<Self> {
        let folder = project.target("site.new");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let mut site = Self {
            folder,
            pkg: project.leptos.site_pkg_dir.clone(),
            manifest: BTreeMap::new(),
        };
        let name = &project.leptos.output_name;
        site.public(&project.public())?;
        let (script, module) = bindgen(&project.target("bindgen"), wasm, name, release)?;
        let module = site.add_hashed(&format!("{name}.wasm"), &module)?;
        // The script's own idea of where its module lies; we load it by the manifest, and this keeps the two from disagreeing.
        let file_name = module.rsplit('/').next().unwrap_or_default();
        site.add_hashed(
            &format!("{name}.js"),
            script.replace(&format!("{name}_bg.wasm"), file_name).as_bytes(),
        )?;
        let sheet = css::bundle(&project.style(), &site.manifest)?;
        site.add_hashed(&format!("{name}.css"), sheet.as_bytes())?;
        let manifest = serde_json::to_vec_pretty(&site.manifest)?;
        if release {
            for file in files_below(&site.folder)? {
                precompress(&file)?;
            }
        }
        site.write("manifest.json", &manifest)?;
        Ok(site)
    }

    fn public(&mut self, public: &Path) -> Result<()> {
        for file in files_below(public)? {
            let name = file
                .strip_prefix(public)?
                .to_str()
                .with_context(|| format!("{} is not UTF-8", file.display()))?;
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            if FIXED_NAMES.contains(&name) || name.starts_with(FIXED_FOLDER) {
                self.write(name, &content)?;
                self.manifest.insert(name.to_owned(), format!("/{name}"));
            } else {
                self.add_hashed(name, &content)?;
            }
        }
        Ok(())
    }

    /// Writes a file under a name with its hash; its address.
    fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let path = format!("{}/{}", self.pkg, hashed_name(name, content));
        self.write(&path, content)?;
        let address = format!("/{path}");
        self.manifest.insert(name.to_owned(), address.clone());
        Ok(address)
    }

    fn write(&self, path: &str, content: &[u8]) -> Result<()> {
        write(&self.folder.join(path), content)
    }
}

/// What the site is made from, as one hash. The program itself counts, since it decides how.
fn inputs(project: &Project, wasm: &Path, release: bool) -> Result<String> {
    let program = std::env::current_exe()?.metadata()?;
    let mut hash = Sha256::new();
    hash.update(format!("{release} {} {:?}", program.len(), program.modified()?));
    let style = project.style();
    let mut files = vec![wasm.to_owned()];
    files.extend(files_below(style.parent().context("the stylesheet lies in a folder")?)?);
    files.extend(files_below(&project.public())?);
    for file in files {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        hash.update(format!("\n{} {}\n", file.display(), content.len()));
        hash.update(content);
    }
    Ok(hex(&hash.finalize()))
}

/// The JavaScript and the wasm that wasm-bindgen makes, as its command-line program would.
fn bindgen(folder: &Path, wasm: &Path, name: &str, release: bool) -> Result<(String, Vec<u8>)> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .input_path(wasm)
        .out_name(name);
    // Function names are for reading a panic's trace; they are a good part of the file.
    bindgen.remove_name_section(release).remove_producers_section(release);
    bindgen
        .generate(folder)
        .with_context(|| format!("wasm-bindgen cannot read {}", wasm.display()))?;
    // Their names would have to be hashed too, and the imports with them.
    ensure!(
        !folder.join("snippets").exists(),
        "a crate brings JavaScript snippets, which the site does not handle"
    );
    let script = fs::read_to_string(folder.join(format!("{name}.js")))?;
    let module = fs::read(folder.join(format!("{name}_bg.wasm")))?;
    Ok((script, module))
}

/// Writes `.br` and `.gz` beside a file, where they are smaller.
fn precompress(file: &Path) -> Result<()> {
    let extension = file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    if !COMPRESSIBLE.contains(&extension) {
        return Ok(());
    }
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut content.as_slice(), &mut brotli, &parameters)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&content)?;
    for (suffix, compressed) in [("br", brotli), ("gz", gzip.finish()?)] {
        if compressed.len() < content.len() {
            write(&file.with_added_extension(suffix), &compressed)?;
        }
    }
    Ok(())
}

/// `fonts/inter.woff2` → `fonts/inter.0123456789abcdef.woff2`.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = &hex(&Sha256::digest(content))[..16];
    let (folder, file) = name
        .rsplit_once('/')
        .map_or(("", name), |(folder, file)| (folder, file));
    let file = match file.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{file}.{hash}"),
    };
    if folder.is_empty() {
        file
    } else {
        format!("{folder}/{file}")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

fn replace_folder(new: &Path, old: &Path) -> Result<()> {
    if old.exists() {
        fs::remove_dir_all(old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    fs::rename(new, old).with_context(|| format!("cannot rename {}", new.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_with_the_content_and_keep_their_ending() {
        let name = hashed_name("fonts/inter.woff2", b"one");
        assert!(
            name.starts_with("fonts/inter.")
                && name.ends_with(".woff2")
                && name.len() == "fonts/inter..woff2".len() + 16
        );
        assert_ne!(name, hashed_name("fonts/inter.woff2", b"two"));
        assert!(hashed_name("LICENSE", b"one").starts_with("LICENSE."));
    }
}
