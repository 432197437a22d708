//! The static files: read once at the start (from the site folder, or from the program itself in release builds), served
//! from memory with ETags, precompressed forms and, where the name carries a hash, for ever.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use app::assets::Assets;
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

/// Where the built files' hashed addresses stand, by their plain names. Written by `cargo xtask build`; `cargo leptos`
/// writes none, and then the plain names are used.
const MANIFEST: &str = "manifest.json";

/// All static files.
#[derive(Debug, Default)]
pub struct Site {
    files: BTreeMap<String, File>,
    manifest: BTreeMap<String, String>,
}

#[derive(Debug)]
struct File {
    content_type: HeaderValue,
    etag: HeaderValue,
    /// Hashed names never change their content.
    immutable: bool,
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

#[cfg(feature = "embed")]
#[derive(rust_embed::RustEmbed)]
#[folder = "../target/site"]
struct Embedded;

impl Site {
    /// The files inside the program.
    #[cfg(feature = "embed")]
    pub fn load(_folder: &Path) -> std::io::Result<Self> {
        let files = Embedded::iter()
            .filter_map(|name| Some((name.to_string(), Bytes::from(Embedded::get(&name)?.data.into_owned()))));
        Ok(Self::of(files.collect()))
    }

    /// The files of the site folder.
    ///
    /// # Errors
    /// Where the folder can't be read.
    #[cfg(not(feature = "embed"))]
    pub fn load(folder: &Path) -> std::io::Result<Self> {
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(&next)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Some(name) = path.strip_prefix(folder).ok().and_then(Path::to_str) {
                    files.insert(name.to_owned(), Bytes::from(std::fs::read(&path)?));
                }
            }
        }
        Ok(Self::of(files))
    }

    fn of(mut raw: BTreeMap<String, Bytes>) -> Self {
        let manifest: BTreeMap<String, String> = raw
            .remove(MANIFEST)
            .and_then(|json| serde_json::from_slice(&json).ok())
            .unwrap_or_default();
        let hashed: Vec<&str> = manifest.values().map(String::as_str).collect();
        let files = raw
            .iter()
            .filter(|(name, _)| !name.ends_with(".br") && !name.ends_with(".gz"))
            .map(|(name, plain)| {
                let address = format!("/{name}");
                let file = File {
                    content_type: content_type(name),
                    etag: etag(plain),
                    immutable: hashed.contains(&address.as_str()),
                    plain: plain.clone(),
                    gzip: raw.get(&format!("{name}.gz")).cloned(),
                    brotli: raw.get(&format!("{name}.br")).cloned(),
                };
                (address, file)
            })
            .collect();
        Self { files, manifest }
    }

    /// The addresses that pages use.
    pub fn addresses(&self) -> Assets {
        let plain = Assets::default();
        let find = |name: &str, plain: String| self.manifest.get(name).cloned().unwrap_or(plain);
        Assets {
            css: find("youtube-summarizer.css", plain.css),
            js: find("youtube-summarizer.js", plain.js),
            wasm: find("youtube-summarizer.wasm", plain.wasm),
            others: Arc::new(self.manifest.clone()),
        }
    }

    /// Whether there is a file at this address.
    pub fn has(&self, address: &str) -> bool {
        self.files.contains_key(address)
    }

    /// A file as the answer to a request; `None` where there is none at this address.
    pub fn answer(&self, address: &str, method: &Method, request: &HeaderMap) -> Option<Response> {
        let file = self.files.get(address)?;
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Some(StatusCode::METHOD_NOT_ALLOWED.into_response());
        }
        let caching = if file.immutable {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=0, must-revalidate"
        };
        let headers = [
            (header::CONTENT_TYPE, file.content_type.clone()),
            (header::ETAG, file.etag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static(caching)),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
        ];
        let known = request
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        if known == "*"
            || known
                .split(',')
                .any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == file.etag.as_bytes())
        {
            return Some((StatusCode::NOT_MODIFIED, headers).into_response());
        }
        let accepted = request
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let accepts = |coding: &str| {
            accepted.split(',').any(|part| {
                let mut words = part.split(';').map(str::trim);
                words.next() == Some(coding) && words.next().is_none_or(|quality| quality != "q=0")
            })
        };
        let encoded = |coding: &'static str, bytes: &Bytes| {
            (
                headers.clone(),
                [(header::CONTENT_ENCODING, HeaderValue::from_static(coding))],
                bytes.clone(),
            )
                .into_response()
        };
        Some(match (&file.brotli, &file.gzip) {
            (Some(bytes), _) if accepts("br") => encoded("br", bytes),
            (_, Some(bytes)) if accepts("gzip") => encoded("gzip", bytes),
            _ => (headers, file.plain.clone()).into_response(),
        })
    }
}

/// Serves a static file, or says that there is none.
pub async fn serve(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    site.answer(uri.path(), &method, &headers)
        .unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

fn content_type(name: &str) -> HeaderValue {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let text = if guess.type_() == "text" || matches!(guess.subtype().as_str(), "javascript" | "json") {
        format!("{}; charset=utf-8", guess.essence_str())
    } else {
        guess.essence_str().to_owned()
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn etag(content: &[u8]) -> HeaderValue {
    use std::hash::{DefaultHasher, Hasher};
    // Not a secret and not kept: it only has to differ when the content does.
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    let tag = format!("\"{:016x}-{:x}\"", hasher.finish(), content.len());
    HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"0\""))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn site() -> Site {
        let file = |name: &str, text: &'static str| (name.to_owned(), Bytes::from_static(text.as_bytes()));
        Site::of(BTreeMap::from([
            file("pkg/a.0a1b.css", "a{}"),
            file("pkg/a.0a1b.css.br", "brotli"),
            file("robots.txt", "User-agent: *"),
            file("manifest.json", r#"{"youtube-summarizer.css":"/pkg/a.0a1b.css"}"#),
        ]))
    }

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn hashed_files_are_kept_for_ever_and_sent_compressed() {
        let answer = site()
            .answer(
                "/pkg/a.0a1b.css",
                &Method::GET,
                &headers(header::ACCEPT_ENCODING, "gzip, br;q=1"),
            )
            .unwrap();
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(
            answer.headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert_eq!(site().addresses().css, "/pkg/a.0a1b.css");
    }

    #[test]
    fn what_a_browser_has_is_not_sent_again() {
        let first = site().answer("/robots.txt", &Method::GET, &HeaderMap::new()).unwrap();
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert!(
            !first.headers()[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        let second = site()
            .answer("/robots.txt", &Method::GET, &headers(header::IF_NONE_MATCH, &tag))
            .unwrap();
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_refused_coding_is_not_used_and_the_manifest_is_no_file() {
        let answer = site()
            .answer(
                "/pkg/a.0a1b.css",
                &Method::GET,
                &headers(header::ACCEPT_ENCODING, "br;q=0"),
            )
            .unwrap();
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
        assert!(
            site()
                .answer("/manifest.json", &Method::GET, &HeaderMap::new())
                .is_none()
        );
    }
}
