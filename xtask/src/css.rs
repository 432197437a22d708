//! One minified stylesheet from style/main.css and what it imports, with the hashed addresses of the files it names.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};

/// Bundles and minifies. `hashed` maps `fonts/inter.woff2` to `/pkg/fonts/inter.0a1b.woff2`.
pub(crate) fn bundle(main: &Path, hashed: &BTreeMap<String, String>) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    // The errors name file, line and column.
    let mut sheet = bundler.bundle(main).map_err(|error| anyhow!("{error}"))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    let options = PrinterOptions {
        minify: true,
        ..PrinterOptions::default()
    };
    let printed = sheet
        .to_css(options)
        .map_err(|error| anyhow!("{}: {error}", main.display()))?;
    Ok(with_hashed_addresses(&printed.code, hashed))
}

fn with_hashed_addresses(css: &str, hashed: &BTreeMap<String, String>) -> String {
    let mut css = css.to_owned();
    for (name, address) in hashed {
        for quote in ["", "\"", "'"] {
            css = css.replace(&format!("url({quote}/{name}{quote})"), &format!("url({address})"));
        }
    }
    css
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::fs;

    use super::*;

    #[test]
    fn bundles_minifies_and_keeps_modern_css() {
        let folder = std::env::temp_dir().join(format!("xtask-css-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(
            folder.join("main.css"),
            "@layer base;\n@import \"base.css\" layer(base);\na { &:hover { color: red } }",
        )
        .unwrap();
        fs::write(
            folder.join("base.css"),
            "@font-face { font-family: X; src: url(\"/fonts/x.woff2\") }\n",
        )
        .unwrap();
        let hashed = BTreeMap::from([("fonts/x.woff2".to_owned(), "/pkg/fonts/x.0a1b.woff2".to_owned())]);
        let css = bundle(&folder.join("main.css"), &hashed).unwrap();
        assert!(
            css.contains("@layer base{@font-face{") && css.contains("url(/pkg/fonts/x.0a1b.woff2)"),
            "{css}"
        );
        assert!(css.contains("a{&:hover{color:red}}"), "{css}");

        fs::write(folder.join("base.css"), "a { color: }}").unwrap();
        let error = bundle(&folder.join("main.css"), &hashed).unwrap_err().to_string();
        assert!(error.contains("base.css:1"), "{error}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
