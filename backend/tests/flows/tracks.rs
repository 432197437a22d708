//! Which text a summary is made from, on a real Postgres and the fixture upstream: the best captions, those somebody chose, or what
//! a video says about itself.

use backend::{database, models::ModelsConfig, services::Submission, youtube::YouTubeConfig};
use domain::{
    run::{Run, RunState, TextFrom},
    summary::Summary,
};
use sqlx::PgPool;

use crate::house::{House, house_with};

async fn house(pool: PgPool, languages: &[&str]) -> House {
    let youtube = YouTubeConfig {
        languages: languages.iter().map(|&code| code.to_owned()).collect(),
        ..YouTubeConfig::default()
    };
    house_with(pool, youtube, |_| ModelsConfig::default()).await
}

impl House {
    async fn summarise_from(&self, input: &str, text_from: TextFrom) -> Summary {
        let run = self.work(&self.submit_from(input, text_from).await).await;
        assert_eq!(run.state, RunState::Done, "{:?}", run.fault);
        self.summary(&run).await
    }

    async fn submit_from(&self, input: &str, text_from: TextFrom) -> Run {
        self.submit(Submission {
            input: input.to_owned(),
            text_from,
            ..Submission::default()
        })
        .await
    }
}

fn track(id: &str) -> TextFrom {
    TextFrom::Track(id.to_owned())
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn all_tracks_are_kept_and_the_page_tells_which_was_used(pool: PgPool) {
    let house = house(pool, &[]).await;
    let summary = house.summarise_from("BridgeTalk8", TextFrom::Captions).await;
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
    let usual = house.summarise_from("BridgeTalk8", TextFrom::Captions).await;
    let page = house.services.run_page(&usual.id).await.unwrap().unwrap();
    let other = page.tracks.iter().find(|track| track.is_generated).unwrap();

    // Equal requests share a run, other tracks do not.
    let first = house.submit_from("BridgeTalk8", track(&other.id)).await;
    let again = house
        .submit_from("https://youtu.be/BridgeTalk8", track(&other.id))
        .await;
    let best = house.submit_from("BridgeTalk8", TextFrom::Captions).await;
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

    let failed = house.submit_from("BridgeTalk8", track(".xx")).await;
    let failed = house.work(&failed).await;
    assert_eq!(failed.state, RunState::Failed);
    assert_eq!(failed.fault.unwrap().kind, "no_transcript_found");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn preferred_languages_come_before_the_videos_own(pool: PgPool) {
    let house = house(pool, &["de", "en"]).await;
    let summary = house.summarise_from("BridgeTalk8", TextFrom::Captions).await;
    assert_eq!(summary.provenance.transcript_language, "de");
    let summary = house.summarise_from("PanDeMasa0w", TextFrom::Captions).await;
    assert_eq!(summary.provenance.transcript_language, "es");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn only_who_asks_gets_a_summary_of_the_description_and_it_has_no_times(pool: PgPool) {
    let house = house(pool, &[]).await;
    let failed = house.submit_from("NoCaptions8", TextFrom::Captions).await;
    let failed = house.work(&failed).await;
    assert_eq!(failed.fault.unwrap().kind, "transcripts_disabled");

    let summary = house.summarise_from("NoCaptions8", TextFrom::Description).await;
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
    let again = house.submit_from("NoCaptions8", TextFrom::Captions).await;
    let again = house.work(&again).await;
    assert_eq!(again.state, RunState::Failed);
    drop(house.upstream);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_video_that_is_refused_here_can_still_be_described(pool: PgPool) {
    let house = house(pool, &[]).await;
    let summary = house.summarise_from("MembersTip0", TextFrom::Description).await;
    assert_eq!(summary.provenance.source, "description");
    assert_ne!(summary.title, "MembersTip0");
}
