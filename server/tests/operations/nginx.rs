//! deploy/nginx/nginx.conf in the machine's nginx, with replicas behind it.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::Path,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, Response, StatusCode, Version, redirect::Policy};

use crate::replicas::{CODE, House, free_port, json, machine, submit, until};

/// nginx, with its configuration as it is in the repository but for addresses and folders.
pub(crate) struct Nginx {
    child: Child,
    plain: String,
    pub(crate) url: String,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asks for its end, so that it takes its workers along.
        let _ = std::process::Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        let _ = self.child.wait();
    }
}

impl Nginx {
    pub(crate) async fn start(folder: &Path, replicas: &[u16]) -> Self {
        let (plain, tls) = (free_port(), free_port());
        let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
        let made = machine("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .unwrap();
        assert!(made.status.success());
        let written = include_str!("../../../deploy/nginx/nginx.conf");
        let mut configuration = written.to_owned();
        for (is, shall_be) in [
            // First: the paths below may lie there.
            ("/tmp/", format!("{}/", folder.display())),
            ("listen 8080;", format!("listen 127.0.0.1:{plain};")),
            ("listen [::]:8080;", String::new()),
            ("listen 8443 ssl", format!("listen 127.0.0.1:{tls} ssl")),
            ("listen [::]:8443 ssl http2;", String::new()),
            ("/run/secrets/tls_certificate;", format!("{};", certificate.display())),
            ("/run/secrets/tls_key;", format!("{};", key.display())),
        ] {
            assert!(configuration.contains(is), "{is}");
            configuration = configuration.replace(is, &shall_be);
        }
        // As root its workers would be nobody, who may not enter the folder.
        let path = folder.join("nginx.conf");
        std::fs::write(&path, format!("user root;\n{configuration}")).unwrap();
        let example = include_str!("../../../deploy/nginx/upstream.blue-green.conf");
        let (mut lines, mut ports): (Vec<String>, _) = (Vec::new(), replicas.iter().copied());
        for line in example.lines() {
            match line.split_once("server 127.0.0.1:") {
                None => lines.push(line.to_owned()),
                // The first of its two lines stands for as many as there are.
                Some((_, rest)) => {
                    let (_, how) = rest.split_once(' ').unwrap();
                    lines.extend(ports.by_ref().map(|port| format!("server 127.0.0.1:{port} {how}")));
                }
            }
        }
        let upstream = lines.join("\n");
        std::fs::write(folder.join("upstream.conf"), upstream).unwrap();
        let log = std::fs::File::create(folder.join("nginx.log")).unwrap();
        let child = machine("nginx")
            .arg("-c")
            .arg(&path)
            .args(["-g", "daemon off;"])
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let nginx = Self {
            child,
            plain: format!("http://127.0.0.1:{plain}"),
            url: format!("https://127.0.0.1:{tls}"),
        };
        let visitor = visitor(2);
        until(async || visitor.get(&nginx.plain).send().await.is_ok()).await;
        nginx
    }
}

/// A visitor from an address of its own.
pub(crate) fn visitor(last: u8) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .local_address(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
        .tls_danger_accept_invalid_certs(true)
        .build()
        .unwrap()
}

async fn try_code(visitor: &Client, nginx: &Nginx, code: &str, claims: &str) -> Response {
    visitor
        .post(format!("{}/login", nginx.url))
        .header("x-forwarded-for", claims)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("code={}", code.replace(' ', "+")))
        .send()
        .await
        .unwrap()
}

/// The cookie of a session.
pub(crate) async fn sign_in(visitor: &Client, nginx: &Nginx) -> String {
    let answer = try_code(visitor, nginx, CODE, "192.0.2.1").await;
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    cookie.split(';').next().unwrap().to_owned()
}

pub(crate) const SETTINGS: [(&str, &str); 5] = [
    ("LOGIN_ENABLED", "true"),
    ("LOGIN_CODE", CODE),
    ("PUBLIC_URL", "https://localhost"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
    ("SHUTDOWN_DELAY", "2"),
];

#[tokio::test(flavor = "multi_thread")]
async fn nginx_does_what_its_configuration_says() {
    let house = House::new().await;
    let ports = [free_port(), free_port()];
    let nginx = Nginx::start(house.folder.path(), &ports).await;
    let first = house.start("a", ports[0], &SETTINGS).await;
    let second = house.start("b", ports[1], &SETTINGS).await;
    let one = visitor(3);

    // TLS, HTTP/2, and no way without.
    let answer = one.get(format!("{}/livez", nginx.url)).send().await.unwrap();
    assert_eq!((answer.status(), answer.version()), (StatusCode::OK, Version::HTTP_2));
    let answer = one.get(format!("{}/library?q=tea", nginx.plain)).send().await.unwrap();
    assert_eq!(answer.status(), 308);
    assert_eq!(answer.headers()["location"], "https://127.0.0.1/library?q=tea");
    let metrics = one.get(format!("{}/metrics", nginx.url)).send().await.unwrap();
    assert_eq!(metrics.status(), 404);

    // Wrong codes count for the real address, whatever a visitor claims.
    for attempt in 1..5 {
        let answer = try_code(&visitor(20), &nginx, "not the code", &format!("198.51.100.{attempt}")).await;
        assert_eq!(answer.status(), 401, "attempt {attempt}");
    }
    for attempt in [5, 6] {
        let answer = try_code(
            &visitor(20),
            &nginx,
            CODE.replace('a', "b").as_str(),
            &format!("198.51.100.{attempt}"),
        )
        .await;
        assert_eq!(answer.status(), 429);
        assert!(
            answer.text().await.unwrap().contains("Try again in"),
            "it is the app that refuses"
        );
    }
    assert_eq!(
        try_code(&visitor(21), &nginx, "not the code", "127.0.0.20")
            .await
            .status(),
        401
    );

    // Events arrive while the run is held.
    let cookie = sign_in(&one, &nginx).await;
    let runs = format!("{}/api/v1/runs", nginx.url);
    house.hold().await;
    let run = submit(one.post(&runs).header("cookie", &cookie), "TeaKettle04", "fixture-good").await;
    until(async || house.asked("/chat/completions").await == 1).await;
    let mut events = one
        .get(format!("{runs}/{run}/events"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    let chunk = tokio::time::timeout(Duration::from_secs(20), events.chunk()).await;
    let chunk = chunk.expect("nginx gathers the events").unwrap().unwrap();
    assert!(String::from_utf8_lossy(&chunk).contains("data: {"), "{chunk:?}");
    let state = json(one.get(format!("{runs}/{run}")).header("cookie", &cookie)).await;
    assert_eq!(state["state"], "working");
    house.let_go().await;
    drop(events);

    // Uploads: 20 MB where transcripts go, 1 MB elsewhere.
    for (path, bytes, status) in [
        ("/api/v1/runs", 19 << 20, 202),
        ("/api/v1/runs", 21 << 20, 413),
        ("/settings/prompts", 2 << 20, 413),
    ] {
        let request = one.post(format!("{}{path}", nginx.url)).header("cookie", &cookie);
        let body = serde_json::json!({"input": "x".repeat(bytes)}).to_string();
        let answer = request
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status, "{path}, {bytes} bytes");
    }

    // Whoever asks too much is told so, and nobody else.
    let crowd = visitor(30);
    let asked = (0..300).map(|_| crowd.get(format!("{}/livez", nginx.url)).send());
    let answers = futures::future::join_all(asked).await;
    let count = |status: u16| {
        let with = answers
            .iter()
            .filter(|answer| answer.as_ref().is_ok_and(|answer| answer.status() == status));
        with.count()
    };
    assert!(count(429) > 0 && count(200) > 50, "{} {}", count(429), count(200));
    assert_eq!(count(429) + count(200), 300);
    let answer = one.get(format!("{}/livez", nginx.url)).send().await.unwrap();
    assert_eq!(answer.status(), 200);

    drop((first, second, nginx));
    house.tear_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_are_replaced_one_after_the_other_and_no_request_fails() {
    let house = House::new().await;
    let ports = [(); 3].map(|()| free_port());
    let nginx = Nginx::start(house.folder.path(), &ports).await;
    let mut replicas = Vec::new();
    for (name, port) in ["a", "b", "c"].into_iter().zip(ports) {
        replicas.push(house.start(name, port, &SETTINGS).await);
    }
    let cookie = sign_in(&visitor(2), &nginx).await;
    let over = Arc::new(AtomicBool::new(false));
    // Ten visitors, each below nginx's limit of twenty requests a second; every tenth request writes.
    let visitors: Vec<_> = (40..50)
        .map(|last| {
            let (visitor, over, cookie, url) = (visitor(last), Arc::clone(&over), cookie.clone(), nginx.url.clone());
            tokio::spawn(async move {
                let (mut asked, mut failures) = (0_usize, Vec::new());
                while !over.load(Ordering::Relaxed) {
                    let request = if asked % 10 == 9 {
                        let input = serde_json::json!({"input": "TeaKettle04", "model": "extractive"});
                        visitor.post(format!("{url}/api/v1/runs")).json(&input)
                    } else {
                        visitor.get(format!("{url}/api/v1/summaries"))
                    };
                    asked += 1;
                    match request.header("cookie", &cookie).send().await {
                        Ok(answer) if answer.status().is_success() => {
                            // All of it arrives.
                            if let Err(error) = answer.bytes().await {
                                failures.push(format!("{asked}: {error:?}"));
                            }
                        }
                        Ok(answer) => failures.push(format!("{asked}: {}", answer.status())),
                        Err(error) => failures.push(format!("{asked}: {error:?}")),
                    }
                    tokio::time::sleep(Duration::from_millis(60)).await;
                }
                (asked, failures)
            })
        })
        .collect();
    for (index, round) in ["a", "b", "c"].into_iter().enumerate() {
        let mut old = replicas.remove(index);
        old.signal("-TERM");
        assert!(old.ended().await.success());
        let new = house.start(round, ports[index], &SETTINGS).await;
        replicas.insert(index, new);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    over.store(true, Ordering::Relaxed);
    let (mut asked, mut failures) = (0, Vec::new());
    for visitor in visitors {
        let (by_one, failed) = visitor.await.unwrap();
        asked += by_one;
        failures.extend(failed);
    }
    let log = std::fs::read_to_string(house.folder.path().join("nginx.log")).unwrap();
    let upset: Vec<&str> = log.lines().filter(|line| line.contains("[error]")).collect();
    assert!(
        failures.is_empty(),
        "{} of {asked}: {failures:?}\n{upset:#?}",
        failures.len()
    );
    assert!(asked > 200, "{asked}");
    drop((replicas, nginx));
    house.tear_down().await;
}
