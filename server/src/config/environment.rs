//! Where settings come from: the environment, a `.env` file in the current folder, one in DATA_DIR; and the files that `NAME_FILE`
//! variables of theirs name. Later sources give way to earlier ones. What is not in the environment itself becomes an argument, so that clap alone reads settings.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::Path,
};

use clap::CommandFactory;

use super::Problem;
use crate::cli::Cli;

/// Variables of the predecessor and its handbook that mean nothing here.
const WITHOUT_MEANING: [&str; 7] = [
    "FLASK_DEBUG",
    "FLASK_ENV",
    "REDIS_URL",
    "TESTING",
    "WORKER_THREADS",
    "WORKER_MAX_QUEUE_SIZE",
    "WORKER_RATE_LIMIT",
];

/// Reads a `.env` file; an absent one is empty.
pub fn dotenv(path: &Path, problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    let Ok(lines) = dotenvy::from_path_iter(path) else {
        return BTreeMap::new();
    };
    let mut read = BTreeMap::new();
    for line in lines {
        match line {
            Ok((name, value)) => {
                read.insert(name, value);
            }
            // dotenvy's words repeat the line, which may hold a secret.
            Err(_) => problems.push(Problem {
                name: path.display().to_string(),
                message: format!("has a line that can't be read, after {} good ones", read.len()),
            }),
        }
    }
    read
}

/// Adds to the settings of one `.env` file those of another that neither it nor the environment has, be it as NAME or as
/// NAME_FILE. Where DATA_DIR is can't be said within it.
pub fn below(
    mut above: BTreeMap<String, String>,
    other: BTreeMap<String, String>,
    variable: impl Fn(&str) -> Option<String>,
) -> BTreeMap<String, String> {
    let is_set = |name: &str| {
        let values = [variable(name), above.get(name).cloned()];
        values.into_iter().flatten().any(|value| !value.trim().is_empty())
    };
    let added: Vec<(String, String)> = other
        .into_iter()
        .filter(|(name, _)| {
            let plain = name.strip_suffix("_FILE").unwrap_or(name);
            plain != "DATA_DIR" && !is_set(name) && !is_set(plain) && !is_set(&format!("{plain}_FILE"))
        })
        .collect();
    above.extend(added);
    above
}

/// Adds to `arguments` what files and `.env` set and the environment does not.
pub fn complete(
    arguments: Vec<OsString>,
    variable: impl Fn(&str) -> Option<String>,
    dotenv: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> Vec<OsString> {
    let look_up = |name: &str| {
        // Empty means unset, so it hides nothing.
        [variable(name), dotenv.get(name).cloned()]
            .into_iter()
            .flatten()
            .find(|value| !value.trim().is_empty())
    };
    let mut added = Vec::new();
    for argument in Cli::command().get_arguments() {
        let (Some(name), Some(long)) = (argument.get_env().and_then(|name| name.to_str()), argument.get_long()) else {
            continue;
        };
        let file_name = format!("{name}_FILE");
        // CONFIG_FILE is a setting of its own, not the file of CONFIG.
        let value = match (look_up(name), look_up(&file_name)) {
            (Some(_), Some(_)) => {
                problems.push(Problem {
                    name: name.to_owned(),
                    message: format!("is set, and so is {file_name}; set one of them"),
                });
                continue;
            }
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => text.trim_end_matches(['\r', '\n']).to_owned(),
                Err(error) => {
                    problems.push(Problem {
                        name: file_name,
                        message: format!("{path} can't be read: {error}"),
                    });
                    continue;
                }
            },
            (Some(value), None) if variable(name).is_none_or(|own| own.trim().is_empty()) => value,
            _ => continue,
        };
        added.push(OsString::from(format!("--{long}={value}")));
    }
    let mut completed = arguments;
    completed.splice(1.min(completed.len())..1.min(completed.len()), added);
    completed
}

/// Those of the variables that are set, here or in a `.env`, which mean nothing: said once at the start.
pub fn without_meaning(variables: impl Iterator<Item = String>) -> Vec<String> {
    let known: BTreeSet<String> = variables
        .filter(|name| WITHOUT_MEANING.contains(&name.as_str()) || name.starts_with("GUNICORN_"))
        .collect();
    known.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn run(environment: &[(&str, &str)]) -> (Vec<String>, Vec<Problem>) {
        let mut problems = Vec::new();
        let look_up = |name: &str| {
            environment
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let arguments = complete(
            vec!["program".into(), "serve".into()],
            look_up,
            &BTreeMap::new(),
            &mut problems,
        );
        (
            arguments
                .into_iter()
                .map(|argument| argument.into_string().unwrap())
                .collect(),
            problems,
        )
    }

    #[test]
    fn a_file_stands_in_for_a_variable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "secret-1\n").unwrap();
        let (arguments, problems) = run(&[("OPENAI_API_KEY_FILE", path.to_str().unwrap())]);
        assert_eq!(arguments, ["program", "--openai-api-key=secret-1", "serve"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn both_is_a_problem_and_so_is_a_file_that_is_not_there() {
        let (_, problems) = run(&[("OPENAI_API_KEY", "a"), ("OPENAI_API_KEY_FILE", "/nowhere")]);
        assert_eq!(problems[0].name, "OPENAI_API_KEY");
        let (_, problems) = run(&[("GOOGLE_API_KEY_FILE", "/nowhere")]);
        assert_eq!(problems[0].name, "GOOGLE_API_KEY_FILE");
    }

    #[test]
    fn the_environment_goes_before_the_file_here_and_that_before_the_one_of_the_data() {
        let read = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(".env"), text).unwrap();
            let mut problems = Vec::new();
            let read = dotenv(&folder.path().join(".env"), &mut problems);
            assert_eq!(problems, []);
            read
        };
        let here = read("PORT=81\nLOG_LEVEL=\nOPENAI_API_KEY_FILE=/run/key\n");
        // As the predecessor wrote it.
        let of_data = read(
            "PORT='82'\nLOG_LEVEL='debug'\nGOOGLE_API_KEY='a$b#c'\nMAX_LOGIN_ATTEMPTS='7'\nOPENAI_API_KEY='own'\n\
             DATA_DIR='/elsewhere'\nFLASK_DEBUG='true'\n",
        );
        let environment = |name: &str| match name {
            "MAX_LOGIN_ATTEMPTS" => Some("3".to_owned()),
            "PORT" => Some(String::new()),
            _ => None,
        };
        let merged = below(here, of_data, environment);
        let value = |name: &str| merged.get(name).map(String::as_str);
        assert_eq!(value("PORT"), Some("81"));
        assert_eq!(value("LOG_LEVEL"), Some("debug"));
        assert_eq!(value("GOOGLE_API_KEY"), Some("a$b#c"));
        assert_eq!(value("OPENAI_API_KEY_FILE"), Some("/run/key"));
        for left in ["MAX_LOGIN_ATTEMPTS", "OPENAI_API_KEY", "DATA_DIR"] {
            assert_eq!(value(left), None, "{left}");
        }
        let mut problems = Vec::new();
        let arguments = complete(vec!["program".into()], environment, &merged, &mut problems);
        for wanted in ["--port=81", "--log-level=debug", "--google-api-key=a$b#c"] {
            assert!(arguments.iter().any(|argument| argument == wanted), "{wanted}");
        }
    }

    #[test]
    fn what_the_environment_sets_is_left_to_clap() {
        let (arguments, _) = run(&[("PORT", "80")]);
        assert_eq!(arguments, ["program", "serve"]);
    }

    #[test]
    fn what_means_nothing_is_named_once() {
        let set = ["PORT", "REDIS_URL", "GUNICORN_TIMEOUT", "FLASK_DEBUG", "REDIS_URL"];
        let named = without_meaning(set.into_iter().map(str::to_owned));
        assert_eq!(named, ["FLASK_DEBUG", "GUNICORN_TIMEOUT", "REDIS_URL"]);
    }
}
