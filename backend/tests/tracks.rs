//! Which text a summary is made from, on a real Postgres and the fixture upstream: the best captions, those somebody chose, or what
//! a video says about itself.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use backend::{
    database, jobs,
    live::Live,
    models::{Models, ModelsConfig},
    pipeline::Pipeline,
    services::{Services, Submission},
    youtube::{YouTube, YouTubeConfig},
};
use domain::{
    run::{Run, RunState, TextFrom},
    summary::Summary,
};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// A server without its HTTP side.
struct House {
    services: Services,
    pipeline: Arc<Pipeline>,
    upstream: upstream::Running,
}

async fn house(pool: PgPool, languages: &[&str]) -> House {
    // Another test of this process may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    jobs::migrate(&pool).await.unwrap();
    let upstream = upstream::start(0).await.unwrap();
    let youtube = YouTube::new(YouTubeConfig {
        base_url: Some(upstream.url.parse().unwrap()),
        languages: languages.iter().map(|&code| code.to_owned()).collect(),
        ..YouTubeConfig::default()
    })
    .unwrap()
    .shared(pool.clone());
    let models = Models::new(ModelsConfig::default()).unwrap();
    let shutdown = CancellationToken::new();
    let live = Live::start(pool.clone(), shutdown.clone());
    let pipeline = Arc::new(Pipeline {
        judge_model: None.into(),
        pool: pool.clone(),
        youtube: youtube.clone().into(),
        models: models.clone().into(),
        live: live.clone(),
        shutdown,
    });
    House {
        services: Services {
            found: Default::default(),
            pool,
            youtube: youtube.into(),
            models: models.into(),
            live,
        },
        pipeline,
        upstream,
    }
}

impl House {
    async fn submit(&self, input: &str, text_from: TextFrom) -> Run {
        let submission = Submission {
            input: input.to_owned(),
            text_from,
            ..Submission::default()
        };
        self.services.submit(submission).await.unwrap().runs.remove(0)
    }

    async fn work(&self, run: &Run) -> Run {
        self.pipeline.work(run.id.parse().unwrap()).await;
        self.services.run(&run.id).await.unwrap().unwrap()
    }

    async fn summarise(&self, input: &str, text_from: TextFrom) -> Summary {
        let run = self.submit(input, text_from).await;
        let run = self.work(&run).await;
        assert_eq!(run.state, RunState::Done, "{:?}", run.fault);
        let id = run.summary_id.unwrap();
        self.services.summary(&id).await.unwrap().unwrap()
    }
}

fn track(id: &str) -> TextFrom {
    TextFrom::Track(id.to_owned())
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn all_tracks_are_kept_and_the_page_tells_which_was_used(pool: PgPool) {
    let house = house(pool, &[]).await;
    let summary = house.summarise("BridgeTalk8", TextFrom::Captions).await;
    let page = house.services.run_page(&summary.id).await.unwrap().unwrap();
    let generated: Vec<bool> = page.tracks.iter().map(|track| track.is_generated).collect();
    assert_eq!(
        generated.iter().filter(|generated| !**generated).count(),
        3,
        "{:?}",
        page.tracks
    );
    assert_eq!(page.tracks.iter().filter(|track| track.language == "en").count(), 3);
    let used = summary.provenance.track_id.unwrap();
    let used = page.tracks.iter().find(|track| track.id == used).unwrap();
    assert!(!used.is_generated);
    assert_eq!(summary.provenance.track.as_deref(), Some(used.name.as_str()));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_chosen_track_is_used_and_nobody_else_gets_it_unasked(pool: PgPool) {
    let house = house(pool, &[]).await;
    let usual = house.summarise("BridgeTalk8", TextFrom::Captions).await;
    let page = house.services.run_page(&usual.id).await.unwrap().unwrap();
    let other = page.tracks.iter().find(|track| track.is_generated).unwrap();

    // Equal requests share a run, other tracks do not.
    let first = house.submit("BridgeTalk8", track(&other.id)).await;
    let again = house.submit("https://youtu.be/BridgeTalk8", track(&other.id)).await;
    let best = house.submit("BridgeTalk8", TextFrom::Captions).await;
    assert_eq!(first.id, again.id);
    assert_ne!(first.id, best.id);

    let chosen = house.work(&first).await;
    let chosen = house
        .services
        .summary(&chosen.summary_id.unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(chosen.provenance.track_id.as_ref(), Some(&other.id));
    assert_eq!(chosen.provenance.source, "automatic");
    let best = house.work(&best).await;
    assert_eq!(
        best.summary_id,
        Some(usual.id),
        "what was chosen is newer, and not taken"
    );

    let failed = house.submit("BridgeTalk8", track(".xx")).await;
    let failed = house.work(&failed).await;
    assert_eq!(failed.state, RunState::Failed);
    assert_eq!(failed.fault.unwrap().kind, "no_transcript_found");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn preferred_languages_come_before_the_videos_own(pool: PgPool) {
    let house = house(pool, &["de", "en"]).await;
    let summary = house.summarise("BridgeTalk8", TextFrom::Captions).await;
    assert_eq!(summary.provenance.transcript_language, "de");
    let summary = house.summarise("PanDeMasa0w", TextFrom::Captions).await;
    assert_eq!(summary.provenance.transcript_language, "es");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn only_who_asks_gets_a_summary_of_the_description_and_it_has_no_times(pool: PgPool) {
    let house = house(pool, &[]).await;
    let failed = house.submit("NoCaptions8", TextFrom::Captions).await;
    let failed = house.work(&failed).await;
    assert_eq!(failed.fault.unwrap().kind, "transcripts_disabled");

    let summary = house.summarise("NoCaptions8", TextFrom::Description).await;
    assert_eq!(summary.provenance.source, "description");
    assert_eq!(summary.provenance.track, None);
    let citations = || summary.claims.iter().flat_map(|claim| &claim.citations);
    assert!(citations().count() > 0);
    assert!(
        citations().all(|citation| citation.start_ms.is_none()),
        "{:?}",
        summary.claims
    );
    let markdown = domain::export::summary_markdown(&summary);
    assert!(markdown.contains("title, description and chapters alone"), "{markdown}");

    // The description is never taken for what was said.
    let again = house.submit("NoCaptions8", TextFrom::Captions).await;
    let again = house.work(&again).await;
    assert_eq!(again.state, RunState::Failed);
    drop(house.upstream);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_video_that_is_refused_here_can_still_be_described(pool: PgPool) {
    let house = house(pool, &[]).await;
    let summary = house.summarise("MembersTip0", TextFrom::Description).await;
    assert_eq!(summary.provenance.source, "description");
    assert_ne!(summary.title, "MembersTip0");
}
