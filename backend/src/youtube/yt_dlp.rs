//! yt-dlp, a program that somebody may have installed: asked where our own clients are refused. It knows ways that we do not (tokens,
//! players that need JavaScript), but is slow. It tells metadata and where captions lie; the words we fetch ourselves.
//!
//! Never through a shell, never with its own configuration or our secrets in its environment, within a time and a size, and
//! killed with all that it has started.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use domain::{chapters::Chapter, transcript::Span, video::Video};
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
    sync::OnceCell,
};

use super::{
    Track, Watched,
    egress::Egress,
    error::YouTubeError,
    json::{at, items, line, lines, number, seconds_as_ms},
    tracks,
};

/// How it is named among the clients.
pub(super) const NAME: &str = "yt-dlp";
/// Time for one video.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time to say its version.
const VERSION_PATIENCE: Duration = Duration::from_secs(10);
/// At most so many bytes of what it says are read.
const CAP: u64 = 20 * 1024 * 1024;
/// Chapters that are read.
const MAX_CHAPTERS: usize = 500;
/// What is left of our environment for it.
const ENVIRONMENT: [&str; 5] = ["PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME"];

/// The program, if there is one, and how it goes out.
#[derive(Clone, Debug)]
pub(super) struct YtDlp {
    program: Option<PathBuf>,
    proxy: Proxy,
    patience: Duration,
    version: Arc<OnceCell<Option<String>>>,
}

#[derive(Clone)]
enum Proxy {
    None,
    Through(String),
    /// It makes many requests for one video, which rotating addresses would make look like many visitors at once.
    Rotating,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the address: it may hold a password.
        f.write_str(match self {
            Self::None => "None",
            Self::Through(_) => "Through",
            Self::Rotating => "Rotating",
        })
    }
}

impl YtDlp {
    pub(super) fn new(program: Option<PathBuf>, egress: &Egress) -> Self {
        Self {
            program,
            proxy: match egress {
                Egress::Direct => Proxy::None,
                Egress::Proxy(url) => Proxy::Through(url.to_string()),
                Egress::Webshare(_) => Proxy::Rotating,
            },
            patience: PATIENCE,
            version: Arc::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn impatient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Its version, or why it is not used, for people.
    pub(super) async fn in_words(&self) -> String {
        match (&self.program, &self.proxy) {
            (None, _) => "nothing; yt-dlp is not installed, or switched off".to_owned(),
            (Some(_), Proxy::Rotating) => "nothing; yt-dlp is not used with rotating addresses".to_owned(),
            (Some(program), _) => match self.version(program).await {
                Some(version) => format!("yt-dlp {version}"),
                None => "nothing; yt-dlp is there but does not start".to_owned(),
            },
        }
    }

    async fn version(&self, program: &Path) -> Option<String> {
        let ask = || async {
            let mut command = self.command(program);
            command.arg("--ignore-config").arg("--version");
            let said = run(command, VERSION_PATIENCE).await.ok()?;
            let said = String::from_utf8_lossy(&said).trim().to_owned();
            let is_version = !said.is_empty() && said.len() < 40 && said.chars().all(|c| c.is_ascii_graphic());
            is_version.then_some(said)
        };
        self.version.get_or_init(ask).await.clone()
    }

    /// Whether it can be asked.
    pub(super) fn is_there(&self) -> bool {
        self.program.is_some() && !matches!(self.proxy, Proxy::Rotating)
    }

    /// What it knows of a video.
    pub(super) async fn watch(&self, video_id: &str) -> Result<Watched, YouTubeError> {
        let program = self.program.as_deref().ok_or(YouTubeError::ClientRejected)?;
        let mut command = self.command(program);
        command
            .args([
                "--ignore-config",
                "--no-playlist",
                "--skip-download",
                "--no-warnings",
                "--dump-single-json",
            ])
            .args(["--socket-timeout", "15"])
            .args(["--", &format!("https://www.youtube.com/watch?v={video_id}")]);
        let said = run(command, self.patience).await?;
        let said = serde_json::from_slice(&said).map_err(|_| YouTubeError::unparsable(NAME))?;
        read(&said, video_id)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for name in ENVIRONMENT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Proxy::Through(address) = &self.proxy {
            // Not as an argument: those can be seen by everybody on the machine.
            for name in ["http_proxy", "https_proxy", "all_proxy"] {
                command.env(name, address);
            }
        }
        command
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        command
    }
}

/// Kills a program with all that it has started, unless it has ended.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let id = self
            .0
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        if let Some(group) = id {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// What the program writes to standard output, if it ends well and in time.
async fn run(mut command: Command, patience: Duration) -> Result<Vec<u8>, YouTubeError> {
    let failed = |why: &str| YouTubeError::UpstreamFailed {
        status: None,
        why: format!("yt-dlp {why}"),
    };
    let mut group = Group(command.spawn().map_err(|_| failed("does not start"))?);
    let mut output = group
        .0
        .stdout
        .take()
        .ok_or_else(|| failed("says nothing"))?
        .take(CAP + 1);
    let work = async {
        let mut said = Vec::new();
        output.read_to_end(&mut said).await.map_err(|_| failed("broke off"))?;
        if said.len() as u64 > CAP {
            return Err(YouTubeError::TooLarge {
                why: format!("yt-dlp said more than {CAP} bytes"),
            });
        }
        let ended = group.0.wait().await.map_err(|_| failed("broke off"))?;
        if ended.success() {
            Ok(said)
        } else {
            Err(failed("could not get it either"))
        }
    };
    tokio::time::timeout(patience, work)
        .await
        .unwrap_or(Err(YouTubeError::Timeout))
}

/// Reads what it said of a video.
fn read(said: &Value, video_id: &str) -> Result<Watched, YouTubeError> {
    if at(said, "/id") != video_id {
        return Err(YouTubeError::unparsable(NAME));
    }
    let duration_s = number_of_seconds(at(said, "/duration"));
    let chapters = items(at(said, "/chapters"))
        .iter()
        .take(MAX_CHAPTERS)
        .filter_map(|chapter| {
            let start_ms = seconds_as_ms(at(chapter, "/start_time"))?;
            let end_ms = seconds_as_ms(at(chapter, "/end_time")).unwrap_or(start_ms);
            Some(Chapter {
                title: line(at(chapter, "/title"))?,
                span: Span {
                    start_ms,
                    end_ms: end_ms.max(start_ms),
                },
            })
        })
        .collect();
    let mut found = Vec::new();
    add_tracks(&mut found, at(said, "/subtitles"), false);
    add_tracks(&mut found, at(said, "/automatic_captions"), true);
    Ok(Watched {
        video: Video {
            id: video_id.to_owned(),
            youtube_id: Some(video_id.to_owned()),
            title: line(at(said, "/title")).unwrap_or_else(|| video_id.to_owned()),
            channel: line(at(said, "/channel")).or_else(|| line(at(said, "/uploader"))),
            duration_s,
            description: lines(at(said, "/description")),
            chapters,
        },
        tracks: found,
        default_track: None,
        why_none: match at(said, "/live_status").as_str() {
            Some("is_live") => YouTubeError::Live,
            Some("is_upcoming") => YouTubeError::Upcoming {
                starts_at: number(at(said, "/release_timestamp")).and_then(|second| i64::try_from(second).ok()),
            },
            _ => YouTubeError::TranscriptsDisabled,
        },
        others: Vec::new(),
    })
}

fn number_of_seconds(value: &Value) -> Option<u32> {
    let seconds = seconds_as_ms(value)? / 1000;
    u32::try_from(seconds).ok().filter(|&seconds| seconds > 0)
}

/// Adds the tracks of `{language: [{ext, url, name}]}`; YouTube's translations are left out.
fn add_tracks(found: &mut Vec<Track>, list: &Value, is_generated: bool) {
    for (code, forms) in list.as_object().into_iter().flatten() {
        if found.len() >= tracks::MAX_TRACKS {
            return;
        }
        let code = code.strip_suffix("-orig").unwrap_or(code);
        let Some(form) = items(forms).iter().find(|form| at(form, "/ext") == "json3") else {
            continue;
        };
        let Some(url) = at(form, "/url").as_str() else { continue };
        let is_translation = url.split(['?', '&']).any(|pair| pair.starts_with("tlang="));
        let id = format!("{}.{code}", if is_generated { "a" } else { "" });
        if is_translation || !tracks::is_code(code) || found.iter().any(|track| track.id == id) {
            continue;
        }
        found.push(Track {
            id,
            language_code: code.to_owned(),
            name: line(at(form, "/name")).unwrap_or_else(|| code.to_owned()),
            is_generated,
            is_translatable: false,
            is_variant: false,
            url: url.to_owned(),
            client: NAME.to_owned(),
        });
    }
}
