//! CONFIG_FILE: one optional TOML file for what does not fit into a variable, which is lists: providers of models, prices,
//! the order of models to fall back on, YouTube clients. Every problem is told at once, with its place; a name that
//! means nothing is refused with the one that was probably meant.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use backend::{
    models::{CONCURRENCY, ProviderConfig, ProviderKind, Secret},
    youtube::ClientProfile,
};
use domain::models::Price;
use toml::{Table, Value};
use url::Url;

use super::{Problem, environment, web_address};

/// Calls to a provider at a time at most: whoever needs more mistakes something.
pub(super) const MOST_CONCURRENCY: usize = 256;

/// What the file holds.
#[derive(Debug, Default)]
pub struct ConfigFile {
    /// `[[providers]]`
    pub providers: Vec<ProviderConfig>,
    /// `[prices]`
    pub prices: HashMap<String, Price>,
    /// `fallback`
    pub fallback: Vec<String>,
    /// `[[youtube.clients]]`
    pub clients: Vec<ClientProfile>,
}

impl ConfigFile {
    /// Reads the file at `path`; what is wrong is added to `problems`, and left out.
    pub fn read(path: Option<&str>, problems: &mut Vec<Problem>) -> Self {
        let Some(path) = path else { return Self::default() };
        let mut reader = Reader { path, problems };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                reader.refuse(format!("can't be read: {error}"));
                return Self::default();
            }
        };
        // toml's own words can repeat a line, which may hold a key.
        match text.parse::<Table>() {
            Ok(table) => reader.file(&table),
            Err(error) => {
                let line = error
                    .span()
                    .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
                reader.refuse(format!("is not TOML: line {line}: {}", error.message()));
                Self::default()
            }
        }
    }
}

/// Reads tables and notes what is wrong with them.
struct Reader<'a> {
    path: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn refuse(&mut self, message: impl std::fmt::Display) {
        self.problems.push(Problem {
            name: "CONFIG_FILE".to_owned(),
            message: format!("({}) {message}", self.path),
        });
    }

    fn file(&mut self, table: &Table) -> ConfigFile {
        self.only(table, "", &["providers", "prices", "fallback", "youtube"]);
        let providers = self.tables(table, "", "providers");
        let youtube = self.table(table, "", "youtube");
        let clients = youtube.map_or_else(Vec::new, |youtube| {
            self.only(youtube, "youtube", &["clients"]);
            let clients = self.tables(youtube, "youtube", "clients");
            clients
                .into_iter()
                .filter_map(|(at, client)| self.client(&at, client))
                .collect()
        });
        ConfigFile {
            providers: providers
                .into_iter()
                .filter_map(|(at, provider)| self.provider(&at, provider))
                .collect(),
            prices: self.prices(table),
            fallback: self.texts(table, "", "fallback"),
            clients,
        }
    }

    fn provider(&mut self, at: &str, table: &Table) -> Option<ProviderConfig> {
        const NAMES: [&str; 8] = [
            "name",
            "kind",
            "base_url",
            "key",
            "key_file",
            "key_env",
            "concurrency",
            "models",
        ];
        self.only(table, at, &NAMES);
        let name = self.text(table, at, "name");
        if name.is_none() && !table.contains_key("name") {
            self.refuse(format_args!("has no {at}.name"));
        }
        let name = name.filter(|name| {
            let is_good = !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
            if !is_good {
                self.refuse(format_args!(
                    "has {at}.name = \"{name}\"; letters, digits, - _ and . are meant"
                ));
            }
            is_good
        });
        let kind = match self.text(table, at, "kind").as_deref() {
            None | Some("openai") => ProviderKind::OpenAi,
            Some("anthropic") => ProviderKind::Anthropic,
            Some("gemini") => ProviderKind::Gemini,
            Some(other) => {
                self.refuse(format_args!(
                    "has {at}.kind = \"{other}\"; openai, anthropic or gemini is meant"
                ));
                ProviderKind::OpenAi
            }
        };
        let default = match kind {
            ProviderKind::OpenAi => "https://api.openai.com/v1",
            ProviderKind::Anthropic => "https://api.anthropic.com",
            ProviderKind::Gemini => "https://generativelanguage.googleapis.com",
        };
        let address = self.text(table, at, "base_url").unwrap_or_else(|| default.to_owned());
        let address: Option<Url> = web_address(&address)
            .map_err(|why| self.refuse(format_args!("has {at}.base_url, which {why}")))
            .ok();
        let (key, key_from) = self.key(table, at);
        let concurrency = match table.get("concurrency") {
            None => CONCURRENCY,
            Some(value) => match value.as_integer().and_then(|number| usize::try_from(number).ok()) {
                Some(number) if (1..=MOST_CONCURRENCY).contains(&number) => number,
                _ => {
                    self.refuse(format_args!(
                        "has {at}.concurrency; a number from 1 to {MOST_CONCURRENCY} is meant"
                    ));
                    CONCURRENCY
                }
            },
        };
        let contexts = self.contexts(table, at);
        Some(ProviderConfig {
            name: name?,
            kind,
            base_url: address?,
            key,
            key_from,
            concurrency,
            contexts,
        })
    }

    /// The key, and where it stands.
    fn key(&mut self, table: &Table, at: &str) -> (Option<Secret>, String) {
        let ways = ["key", "key_file", "key_env"];
        let given: Vec<&str> = ways.into_iter().filter(|way| table.contains_key(*way)).collect();
        let [way] = given.as_slice() else {
            if given.len() > 1 {
                self.refuse(format_args!("has {} in {at}; set one of them", given.join(" and ")));
            }
            return (None, format!("{at}.key in CONFIG_FILE"));
        };
        let way = *way;
        let Some(text) = self.text(table, at, way) else {
            return (None, format!("{at}.{way} in CONFIG_FILE"));
        };
        let (key, from) = match way {
            "key_file" => {
                let read = std::fs::read_to_string(&text);
                let read = read
                    .map_err(|error| self.refuse(format_args!("has {at}.key_file, but {text} can't be read: {error}")));
                (read.ok(), text)
            }
            "key_env" => {
                let value = variable(&text);
                if value.is_none() {
                    self.refuse(format_args!(
                        "has {at}.key_env = \"{text}\", but that variable is not set"
                    ));
                }
                (value, text)
            }
            _ => (Some(text), format!("{at}.key in CONFIG_FILE")),
        };
        let key = key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        (key.map(Secret::new), from)
    }

    /// `models = { "name" = { context = 8192 } }`
    fn contexts(&mut self, table: &Table, at: &str) -> HashMap<String, u32> {
        let mut contexts = HashMap::new();
        for (model, hints) in self.table(table, at, "models").into_iter().flatten() {
            let place = format!("{at}.models.\"{model}\"");
            let Some(hints) = hints.as_table() else {
                self.refuse(format_args!("has {place}; {{ context = 8192 }} is meant"));
                continue;
            };
            self.only(hints, &place, &["context"]);
            let Some(value) = hints.get("context") else { continue };
            match value.as_integer().and_then(|tokens| u32::try_from(tokens).ok()) {
                Some(tokens) if tokens >= 512 => {
                    contexts.insert(model.clone(), tokens);
                }
                _ => self.refuse(format_args!("has {place}.context; tokens are meant, 512 at least")),
            }
        }
        contexts
    }

    /// `"name" = { input = 0.25, output = 2.0 }`
    fn prices(&mut self, table: &Table) -> HashMap<String, Price> {
        let mut prices = HashMap::new();
        for (model, price) in self.table(table, "", "prices").into_iter().flatten() {
            let place = format!("prices.\"{model}\"");
            let Some(price) = price.as_table() else {
                self.refuse(format_args!("has {place}; {{ input = 0.25, output = 2.0 }} is meant"));
                continue;
            };
            self.only(price, &place, &["input", "output"]);
            let mut dollars = |name: &str| {
                let value = price.get(name);
                #[expect(clippy::cast_precision_loss, reason = "nobody asks so much")]
                let number = value.and_then(|value| value.as_float().or(value.as_integer().map(|whole| whole as f64)));
                let number = number.filter(|number| number.is_finite() && *number >= 0.0);
                if number.is_none() {
                    self.refuse(format_args!(
                        "has no good {place}.{name}; dollars for a million tokens are meant"
                    ));
                }
                number
            };
            if let (Some(input), Some(output)) = (dollars("input"), dollars("output")) {
                prices.insert(model.clone(), Price { input, output });
            }
        }
        prices
    }

    fn client(&mut self, at: &str, table: &Table) -> Option<ClientProfile> {
        self.only(table, at, &["name", "version", "user_agent", "extra"]);
        let client = table.clone().try_into::<ClientProfile>();
        client
            .map_err(|error| {
                self.refuse(format_args!(
                    "has {at}, which is not as it should be: {}",
                    error.message()
                ));
            })
            .ok()
    }

    fn only(&mut self, table: &Table, at: &str, names: &[&str]) {
        for name in table.keys().filter(|name| !names.contains(&name.as_str())) {
            let place = join(at, name);
            match nearest(name, names) {
                Some(meant) => self.refuse(format_args!("has {place}, which means nothing; is {meant} meant?")),
                None => self.refuse(format_args!(
                    "has {place}, which means nothing; there are {}",
                    names.join(", ")
                )),
            }
        }
    }

    fn text(&mut self, table: &Table, at: &str, name: &str) -> Option<String> {
        let value = table.get(name)?;
        let text = value.as_str().map(|text| text.trim().to_owned());
        if text.is_none() {
            self.refuse(format_args!("has {}, which is no text", join(at, name)));
        }
        text
    }

    fn texts(&mut self, table: &Table, at: &str, name: &str) -> Vec<String> {
        let Some(value) = table.get(name) else {
            return Vec::new();
        };
        let texts = value.as_array().and_then(|items| {
            let texts = items
                .iter()
                .map(|item| item.as_str().map(|text| text.trim().to_owned()));
            texts.collect::<Option<Vec<String>>>()
        });
        texts.unwrap_or_else(|| {
            self.refuse(format_args!("has {}, which is no list of texts", join(at, name)));
            Vec::new()
        })
    }

    fn table<'t>(&mut self, table: &'t Table, at: &str, name: &str) -> Option<&'t Table> {
        let value = table.get(name)?;
        if !value.is_table() {
            self.refuse(format_args!("has {}, which is no table", join(at, name)));
        }
        value.as_table()
    }

    /// The tables of a list, each with its place: `providers[0]`.
    fn tables<'t>(&mut self, table: &'t Table, at: &str, name: &str) -> Vec<(String, &'t Table)> {
        let place = join(at, name);
        match table.get(name) {
            None => Vec::new(),
            Some(Value::Array(items)) if items.iter().all(Value::is_table) => {
                let tables = items.iter().filter_map(Value::as_table).enumerate();
                tables
                    .map(|(number, table)| (format!("{place}[{number}]"), table))
                    .collect()
            }
            Some(_) => {
                self.refuse(format_args!(
                    "has {place}, which is no list; write [[{place}]] above each of them"
                ));
                Vec::new()
            }
        }
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

/// A variable of the environment, or of `.env`.
fn variable(name: &str) -> Option<String> {
    let own = std::env::var(name).ok();
    // What is wrong with that file was told when the settings were read from it.
    let from_file = || -> BTreeMap<String, String> { environment::dotenv(Path::new(".env"), &mut Vec::new()) };
    own.or_else(|| from_file().remove(name))
        .filter(|value| !value.trim().is_empty())
}

/// The name that was probably meant: the one with the fewest letters to change, if they are few.
fn nearest<'n>(typed: &str, names: &[&'n str]) -> Option<&'n str> {
    let (distance, name) = names.iter().map(|name| (distance(typed, name), *name)).min()?;
    (distance <= 1 + typed.chars().count() / 4).then_some(name)
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (at, theirs) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *theirs);
            diagonal = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(text: &str) -> (ConfigFile, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let mut problems = Vec::new();
        let file = ConfigFile::read(path.to_str(), &mut problems);
        let place = format!("({}) ", path.display());
        let words = problems.into_iter().map(|problem| {
            assert_eq!(problem.name, "CONFIG_FILE");
            problem.message.replace(&place, "")
        });
        (file, words.collect())
    }

    #[test]
    fn the_example_is_good_and_shows_everything() {
        let example = include_str!("../../../config.example.toml");
        // Its lines are comments, so that it can be copied; what they say must hold.
        let text: Vec<&str> = example
            .lines()
            .filter_map(|line| {
                line.strip_prefix("#:")
                    .map(|line| line.strip_prefix(' ').unwrap_or(line))
            })
            .collect();
        let (file, problems) = read(&text.join("\n").replace("key_env", "#"));
        assert_eq!(problems, Vec::<String>::new());
        assert!(file.providers.len() >= 3, "{:?}", file.providers);
        assert!(!file.prices.is_empty() && !file.fallback.is_empty() && !file.clients.is_empty());
        assert_eq!(read(example).1, Vec::<String>::new());
    }

    #[test]
    fn a_file_is_read() {
        let (file, problems) = read(
            r#"
            fallback = ["a", "b"]
            [[providers]]
            name = "den"
            base_url = "http://den:11434/v1"
            key = "k-1"
            concurrency = 1
            models = { "qwen" = { context = 4096 } }
            [[providers]]
            name = "work"
            kind = "anthropic"
            [prices]
            "work/claude" = { input = 1, output = 5.0 }
            "#,
        );
        assert_eq!(problems, Vec::<String>::new());
        let [den, work] = file.providers.as_slice() else {
            unreachable!("{:?}", file.providers)
        };
        assert_eq!(
            (den.name.as_str(), den.kind, den.concurrency),
            ("den", ProviderKind::OpenAi, 1)
        );
        assert_eq!(den.key, Some(Secret::new("k-1".to_owned())));
        assert_eq!(den.contexts["qwen"], 4096);
        assert_eq!((work.kind, work.concurrency), (ProviderKind::Anthropic, CONCURRENCY));
        assert_eq!(work.base_url.as_str(), "https://api.anthropic.com/");
        assert_eq!(
            file.prices["work/claude"],
            Price {
                input: 1.0,
                output: 5.0
            }
        );
        assert_eq!(file.fallback, ["a", "b"]);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_with_its_place() {
        let (_, problems) = read(
            r#"
            falback = ["a"]
            fallback = "a"
            [[providers]]
            name = "a/b"
            kind = "openia"
            bas_url = "http://x"
            concurrency = 0
            key = "secret-1"
            key_env = "HOME"
            [[providers]]
            base_url = "ftp://x"
            key_env = "NO_SUCH_VARIABLE_1"
            models = { "m" = { context = "big" } }
            [prices]
            m = { input = -1, output = 2 }
            n = 3
            [[youtube.clients]]
            name = "WEB"
            "#,
        );
        let all = problems.join("\n");
        for part in [
            "has falback, which means nothing; is fallback meant?",
            "has fallback, which is no list of texts",
            "has providers[0].name = \"a/b\"; letters",
            "has providers[0].kind = \"openia\"; openai, anthropic or gemini",
            "has providers[0].bas_url, which means nothing; is base_url meant?",
            "has providers[0].concurrency; a number from 1",
            "has key and key_env in providers[0]; set one of them",
            "has no providers[1].name",
            "has providers[1].base_url, which is no address",
            "has providers[1].key_env = \"NO_SUCH_VARIABLE_1\", but that variable is not set",
            "has providers[1].models.\"m\".context; tokens are meant",
            "has no good prices.\"m\".input; dollars",
            "has prices.\"n\"; { input",
            "has youtube.clients[0], which is not as it should be: missing field",
        ] {
            assert!(all.contains(part), "{part}\nin\n{all}");
        }
        assert_eq!(problems.len(), 14, "{all}");
        assert!(!all.contains("secret-1"), "{all}");
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line_and_no_key() {
        let (_, problems) = read("[[providers]]\nkey = \"sk-secret\nname = 1\n");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("is not TOML: line 2"), "{problems:?}");
        assert!(!problems[0].contains("sk-secret"), "{problems:?}");
        let mut problems = Vec::new();
        ConfigFile::read(Some("/no/such/file"), &mut problems);
        assert!(problems[0].message.contains("can't be read"), "{problems:?}");
    }

    #[test]
    fn only_near_names_are_suggested() {
        assert_eq!(nearest("provider", &["providers", "prices"]), Some("providers"));
        assert_eq!(nearest("colour", &["providers", "prices"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
