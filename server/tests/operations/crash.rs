//! A task of the program crashes, and the process ends so that it is started again. The fault comes from outside: a Postgres that says a word
//! which is no word of its protocol.

use std::{
    str::FromStr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream, UnixStream},
    sync::Notify,
};

use crate::replicas::{House, free_port, json, submit, until};

/// Stands between the program and its Postgres, and can add something to what Postgres says to those who listen.
struct Between {
    port: u16,
    listeners: Arc<AtomicUsize>,
    speak: Arc<Notify>,
}

impl Between {
    async fn start(postgres: PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let between = Self {
            port: listener.local_addr().unwrap().port(),
            listeners: Arc::default(),
            speak: Arc::default(),
        };
        let (listeners, speak) = (Arc::clone(&between.listeners), Arc::clone(&between.speak));
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                let (listeners, speak) = (Arc::clone(&listeners), Arc::clone(&speak));
                let socket = postgres.get_socket().map(|folder| {
                    let name = format!(".s.PGSQL.{}", postgres.get_port());
                    folder.join(name)
                });
                let address = format!("{}:{}", postgres.get_host(), postgres.get_port());
                tokio::spawn(async move {
                    match socket {
                        Some(path) => carry(program, UnixStream::connect(path).await.unwrap(), listeners, speak).await,
                        None => carry(program, TcpStream::connect(address).await.unwrap(), listeners, speak).await,
                    }
                });
            }
        });
        between
    }
}

/// Carries what both say, until one of them ends.
async fn carry(
    program: TcpStream,
    postgres: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    listeners: Arc<AtomicUsize>,
    speak: Arc<Notify>,
) {
    let (mut from_program, mut to_program) = program.into_split();
    let (mut from_postgres, mut to_postgres) = tokio::io::split(postgres);
    let listens = Arc::new(Mutex::new(false));
    let asks = async {
        let mut piece = vec![0; 1 << 16];
        loop {
            let length = from_program.read(&mut piece).await.unwrap_or(0);
            if length == 0 || to_postgres.write_all(&piece[..length]).await.is_err() {
                return;
            }
            if piece[..length]
                .windows(18)
                .any(|words| words == b"LISTEN \"ytsum_run\"")
                && !std::mem::replace(&mut *listens.lock().unwrap(), true)
            {
                listeners.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let answers = async {
        tokio::select! {
            _ = copy(&mut from_postgres, &mut to_program) => return,
            () = speak.notified() => {}
        }
        if *listens.lock().unwrap() {
            // A notice ('A') that ends where it begins.
            let _ = to_program.write_all(b"A\0\0\0\x04").await;
        }
        let _ = copy(&mut from_postgres, &mut to_program).await;
    };
    tokio::select! {
        () = asks => {}
        () = answers => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_a_task_ends_the_process_and_the_next_one_goes_on() {
    let house = House::new().await;
    let url = house
        .command("a")
        .get_envs()
        .find_map(|(name, value)| (name == "DATABASE_URL").then(|| value.unwrap().to_str().unwrap().to_owned()))
        .unwrap();
    let options = PgConnectOptions::from_str(&url).unwrap();
    let between = Between::start(options.clone()).await;
    let url = format!(
        "postgres://{}@127.0.0.1:{}/{}?sslmode=disable",
        options.get_username(),
        between.port,
        options.get_database().unwrap()
    );
    house.hold().await;
    let mut replica = house.start("a", free_port(), &[("DATABASE_URL", &url)]).await;
    let run = submit(
        house.client.post(format!("{}/api/v1/runs", replica.url)),
        "TeaKettle04",
        "fixture-good",
    )
    .await;
    until(async || house.asked("/chat/completions").await == 1).await;
    until(async || between.listeners.load(Ordering::Relaxed) == 1).await;
    assert_eq!(house.status(&format!("{}/readyz", replica.url)).await, Some(200));
    between.speak.notify_waiters();

    // Not a half server that looks whole.
    assert_eq!(replica.ended().await.code(), Some(1));
    let log = std::fs::read_to_string(house.log("a")).unwrap();
    assert!(
        log.ends_with("youtube-summarizer: the listener for news crashed\n"),
        "{log}"
    );
    // What it worked on was put down as at any other end, and is no crash of the run's.
    let put_down: (String, i32) = sqlx::query_as("select state, crashes from runs")
        .fetch_one(&mut house.database().await)
        .await
        .unwrap();
    assert_eq!(put_down, ("queued".to_owned(), 0));
    house.let_go().await;
    let replica = house.start("a", free_port(), &[]).await;
    let run = format!("{}/api/v1/runs/{run}", replica.url);
    until(async || json(house.client.get(&run)).await["state"] == "done").await;
    drop(replica);
    house.tear_down().await;
}
