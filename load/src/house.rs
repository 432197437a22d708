//! What is loaded: Postgres of its own with generated data, the release server on it, the bare handler, the fixture upstream.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use cluster::Cluster;

use crate::process;

/// The one database of our cluster.
const DATABASE: &str = "youtube_summarizer";
const LIBRARY: &str = include_str!("../../backend/benchmarks/library.sql");

/// A program that ends with this.
#[derive(Debug)]
pub struct Running {
    /// Its process.
    pub child: Child,
    /// `http://127.0.0.1:PORT`
    pub url: String,
}

impl Running {
    /// Its process's number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM, which std cannot send.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Postgres with data, in a folder that is used again.
pub struct Data {
    cluster: Option<Cluster>,
    folder: PathBuf,
}

impl Data {
    /// Starts it in `folder`, empty at the first time.
    pub fn start(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let settings = cluster::Settings {
            data_dir: folder.to_owned(),
            unsafe_fast: false,
        };
        Ok(Self {
            cluster: Some(Cluster::start(&settings)?),
            folder: folder.to_owned(),
        })
    }

    /// What SQL prints.
    pub fn sql(&self, sql: &str) -> Result<String> {
        Ok(self.cluster()?.sql(DATABASE, sql)?)
    }

    /// Its address.
    pub fn url(&self) -> Result<String> {
        Ok(self.cluster()?.url(DATABASE))
    }

    /// Fills tables that are there and empty; a folder for each size, so that nothing is made twice.
    pub fn fill(&self, summaries: u32) -> Result<()> {
        let there: u32 = self.sql("select count(*) from summaries")?.trim().parse()?;
        // Some scenarios add a few.
        if there >= summaries {
            return Ok(());
        }
        ensure!(there == 0, "{} holds {there} summaries", self.folder.display());
        eprintln!("making {summaries} summaries");
        let begun = Instant::now();
        self.sql(&format!("set load.summaries = {summaries};\n{LIBRARY}"))?;
        // What autovacuum does sooner or later.
        self.sql("vacuum analyze")?;
        eprintln!("made in {:.0} s", begun.elapsed().as_secs_f64());
        Ok(())
    }

    /// The processes of Postgres.
    pub fn processes(&self) -> Vec<u32> {
        let pid = self.cluster.as_ref().and_then(|cluster| {
            let file = fs::read_to_string(cluster.data().join("postmaster.pid")).ok()?;
            file.lines().next()?.trim().parse().ok()
        });
        pid.map(process::family).unwrap_or_default()
    }

    fn cluster(&self) -> Result<&Cluster> {
        self.cluster.as_ref().context("the cluster was stopped")
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.cluster.take().map(Cluster::stop) {
            eprintln!("warning: {error}");
        }
    }
}

/// Starts the release server on `data`, with some settings more.
pub async fn server(program: &Path, data: &Data, settings: &[(&str, String)]) -> Result<Running> {
    let folder = data.folder.join("server");
    fs::create_dir_all(&folder)?;
    let log = File::create(data.folder.join("server.log"))?;
    let port = free_port()?;
    let mut command = Command::new(program);
    command
        .arg("serve")
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    // Empty is unset, and keeps what a person's .env says out.
    for name in [
        "GOOGLE_API_KEY",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "ANTHROPIC_API_KEY",
        "LOGIN_ENABLED",
        "PUBLIC_URL",
        "BACKUP_TO",
        "CONFIG_FILE",
        "LOG_DIR",
        "DEFAULT_MODEL",
        "LEPTOS_SITE_ROOT",
    ] {
        command.env(name, "");
    }
    command
        .env("BIND_ADDRESS", "127.0.0.1")
        .env("PORT", port.to_string())
        .env("DATA_DIR", &folder)
        .env("DATABASE_URL", data.url()?);
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    let mut running = spawn(&mut command, port)?;
    if let Err(error) = ready(&mut running, "/readyz").await {
        let said = fs::read_to_string(data.folder.join("server.log")).unwrap_or_default();
        bail!("{error:#}; it said:\n{said}");
    }
    Ok(running)
}

/// Starts the bare handler, which is built beside us.
pub async fn bare() -> Result<Running> {
    let program = std::env::current_exe()?.with_file_name("bare");
    let port = free_port()?;
    let mut running = spawn(Command::new(program).arg(port.to_string()), port)?;
    ready(&mut running, "/").await?;
    Ok(running)
}

/// Starts the fixture upstream.
pub fn upstream(program: &Path) -> Result<Running> {
    let mut command = Command::new(program);
    command
        .args(["--port", "0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut running = spawn(&mut command, 0)?;
    let output = running.child.stdout.take().context("the upstream has an output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let start = line
        .find("http://")
        .with_context(|| format!("the upstream named no address: {line:?}"))?;
    line[start..].trim().clone_into(&mut running.url);
    Ok(running)
}

/// Starts a program that will listen on a port.
pub fn spawn(command: &mut Command, port: u16) -> Result<Running> {
    let child = command
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    Ok(Running {
        child,
        url: format!("http://127.0.0.1:{port}"),
    })
}

/// Waits until an address is answered with 200.
pub async fn ready(running: &mut Running, path: &str) -> Result<()> {
    let address = format!("{}{path}", running.url);
    let begun = Instant::now();
    loop {
        if let Ok(response) = reqwest::get(&address).await
            && response.status().as_u16() == 200
        {
            return Ok(());
        }
        if let Some(status) = running.child.try_wait()? {
            bail!("a program ended before it was ready ({status})");
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(120),
            "{address} was not ready after two minutes"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A port that nobody has at the moment.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
