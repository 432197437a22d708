//! Addresses of the static files. The server provides hashed ones by context; without it they are plain.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::use_context;

/// Where the static files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The stylesheet.
    pub css: String,
    /// The script that loads the wasm.
    pub js: String,
    /// The wasm itself.
    pub wasm: String,
    /// Other files that have a hashed name: `fonts/inter.woff2` → `/fonts/inter.0a1b.woff2`.
    pub others: Arc<BTreeMap<String, String>>,
}

impl Default for Assets {
    fn default() -> Self {
        Self {
            css: "/pkg/youtube-summarizer.css".to_owned(),
            js: "/pkg/youtube-summarizer.js".to_owned(),
            wasm: "/pkg/youtube-summarizer.wasm".to_owned(),
            others: Arc::default(),
        }
    }
}

impl Assets {
    /// The address of a file of `public/`, by its path there.
    #[must_use]
    pub fn lookup(&self, name: &str) -> String {
        self.others.get(name).cloned().unwrap_or_else(|| format!("/{name}"))
    }

    /// What the server provided, or else the plain names.
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_name_wins_over_the_plain_one() {
        let others = BTreeMap::from([("favicon.svg".to_owned(), "/favicon.0a1b.svg".to_owned())]);
        let assets = Assets {
            others: Arc::new(others),
            ..Assets::default()
        };
        assert_eq!(assets.lookup("favicon.svg"), "/favicon.0a1b.svg");
        assert_eq!(assets.lookup("robots.txt"), "/robots.txt");
    }
}
