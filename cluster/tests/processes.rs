//! Several processes of ours on one DATA_DIR, one of them killed; and all of it as an ordinary user.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The user `nobody`, whom root becomes for the tests as an ordinary user.
const NOBODY: u32 = 65534;

struct Stage {
    folder: tempfile::TempDir,
    data_dir: PathBuf,
    user: Option<u32>,
}

impl Stage {
    fn new(user: Option<u32>) -> Self {
        let folder = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .unwrap();
        // Where cargo puts it, another user may have no way in.
        fs::copy(example(), folder.path().join("private")).unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        let mode = if user.is_some() { 0o700 } else { 0o711 };
        fs::set_permissions(&home, Permissions::from_mode(mode)).unwrap();
        if let Some(user) = user {
            chown(&home, Some(user), Some(user)).unwrap();
        }
        Self {
            data_dir: home.join("data"),
            folder,
            user,
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.folder.path().join("private"));
        command
            .arg(&self.data_dir)
            .env_remove("XDG_RUNTIME_DIR")
            .current_dir("/");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    /// Starts one and waits for its URL.
    fn start(&self) -> (Child, String) {
        let mut child = self.command().spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        if url.is_empty() {
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(said, "", "no URL");
        }
        (child, url.trim().to_owned())
    }

    fn pid(&self) -> String {
        let text = fs::read_to_string(self.data_dir.join("postgres/postmaster.pid")).unwrap();
        text.lines().next().unwrap().to_owned()
    }
}

fn example() -> PathBuf {
    // target/debug/deps/processes-… → target/debug/examples/private
    let ours = std::env::current_exe().unwrap();
    ours.parent().and_then(Path::parent).unwrap().join("examples/private")
}

/// Lets it stop its cluster and end.
fn end(mut child: Child) {
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn killed_and_started_again(stage: &Stage) {
    let (mut first, url) = stage.start();
    let postmaster = stage.pid();

    let second = stage.command().output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        !second.status.success() && said.contains("is in use by another") && said.contains(&first.id().to_string()),
        "{said}"
    );

    first.kill().unwrap();
    let (third, same_url) = stage.start();
    assert_eq!(
        (stage.pid(), same_url),
        (postmaster, url),
        "the postmaster lived on and was adopted"
    );
    first.wait().unwrap();
    end(third);
    assert!(!stage.data_dir.join("postgres/postmaster.pid").exists());
}

#[test]
fn our_process_killed_its_postmaster_adopted() {
    killed_and_started_again(&Stage::new(None));
}

#[test]
fn as_an_ordinary_user() {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    killed_and_started_again(&Stage::new(root.then_some(NOBODY)));
}
