//! Real clusters, each in a temp folder of its own, on the PostgreSQL programs of this machine, as whoever runs the tests.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::*;

/// A temp folder, a DATA_DIR in it, and a machine whose other folders are in it too.
struct Stage {
    folder: tempfile::TempDir,
    data_dir: PathBuf,
    machine: Machine,
}

impl Stage {
    /// One that every user can pass through.
    fn open() -> Self {
        Self::with_mode(0o711, "data")
    }

    fn with_mode(mode: u32, data_dir: &str) -> Self {
        let folder = tempfile::Builder::new()
            .permissions(fs::Permissions::from_mode(0o711))
            .tempdir()
            .unwrap();
        let home = folder.path().join("home");
        fs::create_dir(&home).unwrap();
        fs::set_permissions(&home, fs::Permissions::from_mode(mode)).unwrap();
        let mut machine = Machine::this();
        machine.fallback = folder.path().join("var");
        machine.socket_bases = vec![folder.path().to_owned()];
        Self {
            data_dir: home.join(data_dir),
            folder,
            machine,
        }
    }

    fn start(&self) -> Result<Cluster, ClusterError> {
        self.start_with(true)
    }

    fn start_with(&self, unsafe_fast: bool) -> Result<Cluster, ClusterError> {
        Cluster::start_on(
            &self.machine,
            &Settings {
                data_dir: self.data_dir.clone(),
                unsafe_fast,
            },
        )
    }
}

fn we_are_root() -> bool {
    account::own_uid().unwrap() == 0
}

fn postmaster_of(cluster: &Cluster) -> Postmaster {
    Postmaster::read(cluster.data()).unwrap().unwrap()
}

#[test]
fn keeps_what_was_written_over_a_clean_restart() {
    let stage = Stage::open();
    let cluster = stage.start().unwrap();
    assert_eq!(
        cluster.data(),
        fs::canonicalize(&stage.data_dir).unwrap().join("postgres")
    );
    assert!(!cluster.was_adopted());
    cluster
        .sql(DATABASE, "CREATE TABLE kept AS SELECT 42 AS answer")
        .unwrap();
    let asked = "SHOW listen_addresses; SHOW server_encoding; SHOW lc_ctype; SHOW fsync";
    let said = cluster.sql(DATABASE, asked).unwrap();
    assert!(said.starts_with("\nUTF8\nC") && said.ends_with("off\n"), "{said}");
    let socket = cluster.socket_dir().to_owned();
    cluster.stop().unwrap();
    assert!(!socket.exists());

    let cluster = stage.start().unwrap();
    assert_eq!(cluster.socket_dir(), socket, "the same folder each time");
    assert_eq!(cluster.sql(DATABASE, "SELECT answer FROM kept").unwrap(), "42\n");
    cluster.stop().unwrap();
}

#[test]
fn sql_stops_at_the_first_error_and_says_it() {
    let stage = Stage::open();
    let cluster = stage.start().unwrap();
    let error = cluster
        .sql(DATABASE, "SELECT nonsense; CREATE TABLE after_it (a int)")
        .unwrap_err();
    assert!(error.to_string().contains("\"nonsense\" does not exist"), "{error}");
    assert_eq!(
        cluster.sql(DATABASE, "SELECT to_regclass('after_it') IS NULL").unwrap(),
        "t\n"
    );
    cluster.stop().unwrap();
}

#[test]
fn a_home_that_others_cannot_enter() {
    let stage = Stage::with_mode(0o700, "data");
    let cluster = stage.start().unwrap();
    if we_are_root() {
        assert!(
            cluster.data().starts_with(&stage.machine.fallback),
            "{}",
            cluster.data().display()
        );
    } else {
        assert!(cluster.data().starts_with(fs::canonicalize(&stage.data_dir).unwrap()));
    }
    cluster.sql(DATABASE, "CREATE TABLE kept (a int)").unwrap();
    cluster.stop().unwrap();
    let cluster = stage.start().unwrap();
    assert_eq!(cluster.sql(DATABASE, "SELECT count(*) FROM kept").unwrap(), "0\n");
    cluster.stop().unwrap();
}

#[test]
fn a_long_and_strange_data_dir() {
    let name = format!("it's 100% \"mine\", ü/{0}/{0}/{0}", "long".repeat(50));
    let stage = Stage::with_mode(0o711, &name);
    let cluster = stage.start().unwrap();
    assert!(cluster.data().as_os_str().len() > 600);
    assert_eq!(cluster.sql(DATABASE, "SELECT 1").unwrap(), "1\n");
    cluster.stop().unwrap();
}

#[test]
fn a_socket_folder_whose_path_is_short_and_private() {
    let mut stage = Stage::open();
    let long = stage.folder.path().join("long".repeat(25));
    let shared = stage.folder.path().join("shared");
    for folder in [&long, &shared] {
        fs::create_dir(folder).unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o711)).unwrap();
    }
    stage.machine.socket_bases = vec![long.clone(), shared.clone()];
    let cluster = stage.start().unwrap();
    assert_eq!(cluster.socket_dir().parent(), Some(shared.as_path()));
    assert_eq!(
        fs::metadata(cluster.socket_dir()).unwrap().permissions().mode() & 0o777,
        0o700
    );
    let socket = cluster.socket_dir().to_owned();
    cluster.stop().unwrap();

    fs::create_dir(&socket).unwrap();
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).unwrap();
    let error = stage.start().unwrap_err();
    assert!(matches!(error, ClusterError::NoSocketFolder { .. }), "{error}");
    assert!(
        error.to_string().contains("too long by") && error.to_string().contains("not private"),
        "{error}"
    );
}

#[test]
fn goes_on_after_its_postmaster_was_killed() {
    let stage = Stage::open();
    let cluster = stage.start_with(false).unwrap();
    cluster
        .sql(DATABASE, "CREATE TABLE kept AS SELECT 42 AS answer")
        .unwrap();
    let killed = postmaster_of(&cluster);
    let kill = Command::new("kill")
        .args(["-9", &killed.pid.to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    // As after kill -9 of us too: nobody stops anything, nobody reaps the process.
    drop(cluster);

    let cluster = stage.start_with(false).unwrap();
    assert_ne!(postmaster_of(&cluster).pid, killed.pid);
    assert_eq!(cluster.sql(DATABASE, "SELECT answer FROM kept").unwrap(), "42\n");
    cluster.stop().unwrap();
}

#[test]
fn adopts_the_postmaster_that_it_left_behind() {
    let mut stage = Stage::open();
    let left = stage.start().unwrap();
    let pid = postmaster_of(&left).pid;
    let socket = left.socket_dir().to_owned();
    drop(left);
    // Found through the pid file, not through where the socket would be made today.
    stage.machine.socket_bases.clear();
    let cluster = stage.start().unwrap();
    assert!(cluster.was_adopted());
    assert_eq!(
        (postmaster_of(&cluster).pid, cluster.socket_dir()),
        (pid, socket.as_path())
    );
    assert_eq!(cluster.sql(DATABASE, "SELECT 1").unwrap(), "1\n");
    cluster.stop().unwrap();
}

#[test]
fn replaces_a_postmaster_whose_socket_was_swept_away() {
    let stage = Stage::open();
    let left = stage.start().unwrap();
    let pid = postmaster_of(&left).pid;
    fs::remove_dir_all(left.socket_dir()).unwrap();
    drop(left);
    let cluster = stage.start().unwrap();
    assert_ne!(postmaster_of(&cluster).pid, pid);
    assert_eq!(cluster.sql(DATABASE, "SELECT 1").unwrap(), "1\n");
    cluster.stop().unwrap();
}

#[test]
fn refuses_a_second_one() {
    let stage = Stage::open();
    let cluster = stage.start().unwrap();
    let error = stage.start().unwrap_err();
    assert!(matches!(error, ClusterError::InUse { .. }), "{error}");
    assert!(
        error.to_string().contains(&format!("(process {})", std::process::id())),
        "{error}"
    );
    cluster.stop().unwrap();
    stage.start().unwrap().stop().unwrap();
}

#[test]
fn ctrl_c_does_not_reach_it() {
    let stage = Stage::open();
    let cluster = stage.start().unwrap();
    let pid = postmaster_of(&cluster).pid;
    let output = Command::new("ps")
        .args(["-o", "pgid=", "-p", &pid.to_string()])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        pid.to_string(),
        "a process group of its own"
    );
    cluster.stop().unwrap();
}

#[test]
fn a_start_that_fails_shows_why() {
    let stage = Stage::open();
    let cluster = stage.start().unwrap();
    let conf = cluster.data().join("postgresql.conf");
    cluster.stop().unwrap();
    fs::write(&conf, "no_such_setting = on\n").unwrap();
    let error = stage.start().unwrap_err();
    assert!(matches!(error, ClusterError::DidNotStart { .. }), "{error}");
    assert!(error.to_string().contains("no_such_setting"), "{error}");
    assert!(error.to_string().contains("postgres.log"), "{error}");
}

#[test]
fn data_of_another_version_is_left_alone() {
    let stage = Stage::open();
    let cluster = stage.start().unwrap();
    let version = cluster.data().join("PG_VERSION");
    cluster.stop().unwrap();
    fs::write(&version, "9\n").unwrap();
    let error = stage.start().unwrap_err();
    assert!(
        matches!(&error, ClusterError::VersionNotInstalled { needed, .. } if needed == "9"),
        "{error}"
    );
}

#[test]
fn what_is_no_cluster_is_left_alone() {
    let stage = Stage::open();
    let data = stage.data_dir.join("postgres");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("letter.txt"), "dear").unwrap();
    let error = stage.start().unwrap_err();
    assert!(matches!(error, ClusterError::NotACluster { .. }), "{error}");
    assert!(data.join("letter.txt").exists());
}

#[test]
fn a_creation_that_was_cut_off_starts_over() {
    let stage = Stage::open();
    let half = stage.data_dir.join("postgres.new-1");
    fs::create_dir_all(&half).unwrap();
    fs::set_permissions(&stage.data_dir, fs::Permissions::from_mode(0o711)).unwrap();
    fs::write(half.join("PG_VERSION"), "15\n").unwrap();
    let cluster = stage.start().unwrap();
    assert!(!half.exists());
    cluster.stop().unwrap();
}

#[test]
fn no_programs_at_all() {
    let mut stage = Stage::open();
    stage.machine.programs = vec![stage.folder.path().to_owned()];
    let error = stage.start().unwrap_err();
    assert!(matches!(error, ClusterError::NotInstalled { .. }), "{error}");
    assert!(error.to_string().contains("apt-get install postgresql"), "{error}");
}

#[test]
fn urls_are_encoded() {
    assert_eq!(percent_encoded("/tmp/a b&c=ü".as_bytes()), "/tmp/a%20b%26c%3D%C3%BC");
}
