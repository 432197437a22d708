//! Replicas of the real program over one database, and the fixture upstream.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    time::Duration,
};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;

pub(crate) const CODE: &str = "a code that only tests know of";

/// A database of its own, an upstream, a folder.
pub(crate) struct House {
    pub(crate) folder: TempDir,
    pub(crate) upstream: upstream::Running,
    pub(crate) client: Client,
    server: String,
    database: String,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::on(std::env::var("DATABASE_URL").expect("DATABASE_URL: cargo xtask test starts a Postgres")).await
    }

    /// On this Postgres.
    pub(crate) async fn on(server: String) -> Self {
        let database = format!("ytsum_operations_{}", uuid::Uuid::now_v7().simple());
        let house = Self {
            folder: tempfile::tempdir().unwrap(),
            upstream: upstream::start(0).await.unwrap(),
            client: backend::http::client(None, Duration::from_secs(5), None).unwrap(),
            server,
            database,
        };
        house.sql(&format!("create database {}", house.database)).await;
        house
    }

    /// A statement on the server's own database.
    pub(crate) async fn sql(&self, statement: &str) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The database is away, as while Postgres restarts: connections are cut, and none can be made until [`House::let_connect`].
    pub(crate) async fn refuse_connections(&self) {
        self.sql(&format!("alter database {} allow_connections false", self.database))
            .await;
        self.sql(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'",
            self.database
        ))
        .await;
    }

    pub(crate) async fn let_connect(&self) {
        self.sql(&format!("alter database {} allow_connections true", self.database))
            .await;
    }

    /// The database is gone, and a new one there, with nothing in it.
    pub(crate) async fn empty(&self) {
        self.sql(&format!("drop database {} with (force)", self.database)).await;
        self.sql(&format!("create database {}", self.database)).await;
    }

    /// Drops the database; a test that failed leaves it to whoever throws the server away.
    pub(crate) async fn tear_down(self) {
        self.sql(&format!("drop database {} with (force)", self.database)).await;
    }

    /// The command, with the settings that replicas share.
    pub(crate) fn command(&self, name: &str) -> Command {
        let data = self.folder.path().join(name);
        let site = self.folder.path().join("site");
        std::fs::create_dir_all(&data).unwrap();
        std::fs::create_dir_all(&site).unwrap();
        let log = self.log(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_youtube-summarizer"));
        command
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| ["PATH", "HOME", "TMPDIR"].contains(&name.as_str())))
            .env(
                "DATABASE_URL",
                backend::database::with_name(&self.server, &self.database).unwrap(),
            )
            .env("DATABASE_POOL", "6")
            .env("SESSION_SECRET_KEY", "one key for all replicas, long enough to be one")
            .env("DATA_DIR", data)
            .env("LEPTOS_SITE_ROOT", site)
            .env("YOUTUBE_BASE_URL", &self.upstream.url)
            .env("YOUTUBE_REQUESTS_PER_MINUTE", "0")
            .env("COSTLY_CALLS_PER_MINUTE", "0")
            .env("OPENAI_BASE_URL", format!("{}/v1", self.upstream.url))
            .env("OPENAI_API_KEY", "fixture")
            .env("DEFAULT_MODEL", "extractive")
            .stderr(File::options().create(true).append(true).open(log).unwrap());
        command
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.log"))
    }

    /// Starts a replica and waits until it is ready.
    pub(crate) async fn start(&self, name: &str, port: u16, settings: &[(&str, &str)]) -> Replica {
        let mut command = self.command(name);
        command.env("PORT", port.to_string()).envs(settings.iter().copied());
        let replica = Replica {
            child: command.spawn().unwrap(),
            url: format!("http://127.0.0.1:{port}"),
        };
        until(async || self.status(&format!("{}/readyz", replica.url)).await == Some(200)).await;
        replica
    }

    /// The status of an address; `None` where nobody answers.
    pub(crate) async fn status(&self, address: &str) -> Option<u16> {
        let answer = self.client.get(address).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let mut request = self
            .client
            .request(method, format!("{}/_control/{path}", self.upstream.url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap().json().await.unwrap_or_default()
    }

    pub(crate) async fn fault(&self, fault: Value) {
        self.control(Method::POST, "faults", Some(fault)).await;
    }

    /// Models do not answer until [`House::let_go`].
    pub(crate) async fn hold(&self) {
        self.fault(json!({"match": "/chat/completions", "fault": "hold"})).await;
    }

    pub(crate) async fn let_go(&self) {
        self.control(Method::DELETE, "faults", None).await;
    }

    /// What was asked of a path of the upstream's.
    pub(crate) async fn log_of(&self, path: &str) -> Vec<Value> {
        let Value::Array(mut entries) = self.control(Method::GET, "log", None).await else {
            unreachable!("the log is a list");
        };
        entries.retain(|entry| entry["path"].as_str().unwrap().contains(path));
        entries
    }

    /// How often a path of the upstream's was asked for.
    pub(crate) async fn asked(&self, path: &str) -> usize {
        self.log_of(path).await.len()
    }

    /// A connection to the replicas' database.
    pub(crate) async fn database(&self) -> PgConnection {
        let url = backend::database::with_name(&self.server, &self.database).unwrap();
        PgConnection::connect(&url).await.unwrap()
    }
}

/// One process.
pub(crate) struct Replica {
    child: Child,
    pub(crate) url: String,
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Replica {
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end without stopping the others.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Submits and returns the run's id.
pub(crate) async fn submit(request: RequestBuilder, input: &str, model: &str) -> String {
    let body = json!({"input": input, "model": model, "fresh": true});
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let created: Value = answer.json().await.unwrap();
    created["runs"][0]["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn json(request: RequestBuilder) -> Value {
    request.send().await.unwrap().json().await.unwrap()
}

/// A port that is free now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A program of this machine; those that only root is meant to run are not on everybody's PATH.
pub(crate) fn machine(program: &str) -> Command {
    let sbin = Path::new("/usr/sbin").join(program);
    if sbin.is_file() {
        Command::new(sbin)
    } else {
        Command::new(program)
    }
}

/// Waits for something that happens soon; the limit only ends a test that hangs.
pub(crate) async fn until(happened: impl AsyncFn() -> bool) {
    let wait = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(120), wait)
        .await
        .expect("it never happened");
}
