//! `cargo xtask demo`: the app on the fixture upstream instead of YouTube and the models, with data of its own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::project::Project;
use crate::{build, machine, run};

/// Serves it where `cargo xtask run` does. Comes back only with an error.
pub(crate) fn run(project: &Project) -> Result<()> {
    machine::postgres()?;
    let (server, upstream) = build::server_and_upstream(project)?;
    let mut upstream = Upstream::start(&upstream)?;
    eprintln!("the fixture upstream: {}", upstream.url);
    let mut command = run::serve(project, &server);
    on_fixtures(&mut command, &upstream.url, &project.target("demo"));
    // Ctrl-C ends both: they are of one process group.
    let ended = run::become_it(&mut command);
    upstream.child.kill().context("cannot end the fixture upstream")?;
    ended
}

/// A demo beside us, for as long as this lives.
pub(crate) struct Demo {
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
    server: Child,
    upstream: Upstream,
}

impl Demo {
    /// Starts one on a free port and waits until it is ready.
    pub(crate) fn start(project: &Project, data_dir: &Path) -> Result<Self> {
        let (server, upstream) = build::server_and_upstream(project)?;
        let upstream = Upstream::start(&upstream)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(&server);
        command.arg("serve").current_dir(&project.root).stdin(Stdio::null());
        command
            .env("LEPTOS_SITE_ROOT", project.site())
            .env("BIND_ADDRESS", "127.0.0.1")
            .env("PORT", port.to_string());
        on_fixtures(&mut command, &upstream.url, data_dir);
        let server = command
            .spawn()
            .with_context(|| format!("cannot run {}", server.display()))?;
        let mut demo = Self {
            url: format!("http://127.0.0.1:{port}"),
            server,
            upstream,
        };
        demo.await_ready(port)?;
        Ok(demo)
    }

    fn await_ready(&mut self, port: u16) -> Result<()> {
        let begun = Instant::now();
        while !answers(port) {
            if let Some(status) = self.server.try_wait()? {
                bail!("the server ended before it was ready ({status})");
            }
            if begun.elapsed() > Duration::from_secs(120) {
                bail!("the server was not ready after two minutes");
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // SIGTERM, which std cannot send: the server stops its Postgres with it. Where that fails, they end with nobody to tell.
        let _ = Command::new("kill")
            .arg(self.server.id().to_string())
            .status()
            .and_then(|_| self.server.wait());
        let _ = self.upstream.child.kill().and_then(|()| self.upstream.child.wait());
    }
}

struct Upstream {
    child: Child,
    url: String,
}

impl Upstream {
    /// Starts it on a free port and waits for its address.
    fn start(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .args(["--port", "0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let output = child.stdout.take().context("the upstream has an output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let url = line.find("http://").map(|start| line[start..].trim().to_owned());
        let url = url.with_context(|| format!("the upstream named no address: {line:?}"))?;
        Ok(Self { child, url })
    }
}

/// Points the server at the fixture upstream.
fn on_fixtures(command: &mut Command, url: &str, data_dir: &Path) {
    // Empty is unset, and keeps what a person's .env says out.
    command.env("DATABASE_URL", "").env("DATA_DIR", data_dir);
    command.envs([
        ("YOUTUBE_BASE_URL", url),
        ("YOUTUBE_REQUESTS_PER_MINUTE", "0"),
        ("GOOGLE_BASE_URL", url),
        ("ANTHROPIC_BASE_URL", url),
        ("OPENAI_BASE_URL", &format!("{url}/v1")),
    ]);
    command.envs([
        ("GOOGLE_API_KEY", "fixture"),
        ("OPENAI_API_KEY", "fixture"),
        ("ANTHROPIC_API_KEY", "fixture"),
        ("DEFAULT_MODEL", "fixture-good"),
    ]);
}

/// Whether `/readyz` says 200.
fn answers(port: u16) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /readyz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        std::io::Result::Ok(start.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
