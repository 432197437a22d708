//! A server without its HTTP side.

use std::{sync::Arc, time::Duration};

use backend::{
    jobs,
    live::Live,
    models::{Models, ModelsConfig, ProviderConfig, ProviderKind, Secret},
    pipeline::Pipeline,
    services::{Services, Submission},
    youtube::{YouTube, YouTubeConfig},
};
use domain::{run::Run, summary::Summary};
use reqwest::Method;
use serde_json::Value;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// A talk of five sentences, as SubRip.
pub const TALK: &str = "1
00:00:00,000 --> 00:00:04,000
The old bridge was built in 1874 by two brothers.

2
00:00:04,000 --> 00:00:09,000
They carried every stone across the river in a flat wooden boat.

3
00:00:09,000 --> 00:00:15,000
In the first winter the ice took the middle arch away.

4
00:00:15,000 --> 00:00:22,000
So they built it again, this time with a pier shaped like the bow of a ship.

5
00:00:22,000 --> 00:00:30,000
That pier still stands, and engineers copy its shape to this day.
";

/// Services, who works, and the world that both see.
pub struct House {
    pub services: Services,
    pub pipeline: Arc<Pipeline>,
    pub upstream: upstream::Running,
    pub shutdown: CancellationToken,
    client: reqwest::Client,
}

/// With the fixture's OpenAI-compatible models, and extracts where none is asked for.
pub async fn house(pool: PgPool) -> House {
    house_with(pool, YouTubeConfig::default(), |upstream| ModelsConfig {
        providers: vec![provider(upstream, ProviderKind::OpenAi)],
        default_model: Some("extractive".to_owned()),
        ..ModelsConfig::default()
    })
    .await
}

/// With other settings; `models` is given the upstream's URL.
pub async fn house_with(pool: PgPool, youtube: YouTubeConfig, models: impl FnOnce(&str) -> ModelsConfig) -> House {
    jobs::migrate(&pool).await.unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let youtube = YouTubeConfig {
        base_url: Some(upstream.url.parse().unwrap()),
        ..youtube
    };
    let services = services(pool, youtube, models(&upstream.url));
    let shutdown = CancellationToken::new();
    House {
        pipeline: pipeline(&services, shutdown.clone()),
        services,
        upstream,
        shutdown,
        client: backend::http::client(None, Duration::from_secs(5), None).unwrap(),
    }
}

/// Services alone.
pub fn services(pool: PgPool, youtube: YouTubeConfig, models: ModelsConfig) -> Services {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Services {
        found: Default::default(),
        youtube: YouTube::new(youtube).unwrap().shared(pool.clone()).into(),
        models: Models::new(models).unwrap().shared(pool.clone()).into(),
        live: Live::start(pool.clone(), CancellationToken::new()),
        pool,
    }
}

/// Who works on what the services take in.
pub fn pipeline(services: &Services, shutdown: CancellationToken) -> Arc<Pipeline> {
    Arc::new(Pipeline {
        judge_model: None.into(),
        pool: services.pool.clone(),
        youtube: services.youtube.clone(),
        models: services.models.clone(),
        live: services.live.clone(),
        shutdown,
    })
}

/// One of the fixture's providers, with a key that it takes.
pub fn provider(upstream: &str, kind: ProviderKind) -> ProviderConfig {
    let path = if kind == ProviderKind::OpenAi { "/v1" } else { "" };
    let key = Some(Secret::new("fixture".to_owned()));
    ProviderConfig::new(kind, format!("{upstream}{path}").parse().unwrap(), key)
}

impl House {
    /// The run of what was typed.
    pub async fn submit(&self, submission: Submission) -> Run {
        let submitted = self.services.submit(submission).await.unwrap();
        assert_eq!(submitted.rejected, []);
        submitted.runs.into_iter().next().expect("a run")
    }

    /// The run of a link or a transcript, with this model or the default one.
    pub async fn submit_to(&self, input: &str, model: Option<&str>) -> Run {
        self.submit(Submission {
            input: input.to_owned(),
            model: model.map(str::to_owned),
            ..Submission::default()
        })
        .await
    }

    /// Works on a run here and now, without the queue.
    pub async fn work(&self, run: &Run) -> Run {
        self.pipeline.work(run.id.parse().unwrap()).await;
        self.services.run(&run.id).await.unwrap().unwrap()
    }

    /// What came of a run.
    pub async fn summary(&self, run: &Run) -> Summary {
        let id = run.summary_id.as_deref().expect("a summary");
        self.services.summary(id).await.unwrap().unwrap()
    }

    /// Has the upstream do wrong.
    pub async fn fault(&self, fault: Value) {
        self.control(Method::POST, "faults", fault).await;
    }

    /// Has it do wrong no more.
    pub async fn no_faults(&self) {
        self.control(Method::DELETE, "faults", Value::Null).await;
    }

    /// How often the upstream was asked for addresses that contain this.
    pub async fn asked(&self, path: &str) -> usize {
        let log = self.log().await;
        let asked = log.iter().filter_map(|entry| entry["path"].as_str());
        asked.filter(|asked| asked.contains(path)).count()
    }

    /// All that the upstream was asked, in order.
    pub async fn log(&self) -> Vec<Value> {
        let log = self.control(Method::GET, "log", Value::Null).await;
        serde_json::from_value(log).unwrap()
    }

    /// Tells the upstream something; its answer, where it gives one.
    pub async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/_control/{path}", self.upstream.url);
        let answer = self.client.request(method, url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.json().await.unwrap_or_default()
    }
}
