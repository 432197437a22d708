//! One minified stylesheet from style/main.css and what it imports, with the hashed addresses of the files it names.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::error::Error;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};

/// Bundles and minifies. `hashed` maps `fonts/inter.woff2` to `/pkg/fonts/inter.0a1b.woff2`.
pub(crate) fn bundle(main: &Path, hashed: &BTreeMap<String, String>) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(main).map_err(in_words)?;
    sheet.minify(MinifyOptions::default()).map_err(in_words)?;
    let options = PrinterOptions {
        minify: true,
        ..PrinterOptions::default()
    };
    let printed = sheet.to_css(options).map_err(in_words)?;
    Ok(with_hashed_addresses(&printed.code, hashed))
}

/// `style/base.css:3:14: what is wrong`; the library counts lines from zero.
fn in_words<T: Display>(error: Error<T>) -> anyhow::Error {
    match error.loc {
        Some(place) => anyhow!("{}:{}:{}: {}", place.filename, place.line + 1, place.column, error.kind),
        None => anyhow!("the stylesheet: {}", error.kind),
    }
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
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path();
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
        assert!(error.contains("base.css:1:14: "), "{error}");
    }
}
