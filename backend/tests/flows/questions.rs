//! Questions on a real Postgres and the fixture upstream: what is answered, by whom, and what a kill costs.

use std::time::Duration;

use backend::{
    database::{
        self, library_evidence,
        questions::{self, Ending},
    },
    models::{ModelsConfig, ProviderKind},
    questions::{AskError, Asked},
    services::Submission,
    youtube::YouTubeConfig,
};
use domain::{
    question::{Outcome, Question},
    run::RunState,
    summary::Verdict,
};
use serde_json::json;
use sqlx::PgPool;

use crate::house::{House, house, house_with, provider};

const BRIDGE: &str = "1
00:00:00,000 --> 00:00:16,000
The old bridge was built in 1874 by two brothers from the village.

2
00:00:16,000 --> 00:00:32,000
They carried every stone across the river in a flat wooden boat.

3
00:00:32,000 --> 00:00:48,000
In the first winter the ice took the middle arch away.

4
00:00:48,000 --> 00:01:04,000
So they made it again, this time with a pier shaped like the bow of a ship.
";

const KETTLE: &str = "1
00:00:00,000 --> 00:00:16,000
Water in the kettle boils at ninety six degrees on the mountain.

2
00:00:16,000 --> 00:00:32,000
That is why the tea tastes weaker up there than at home.
";

impl House {
    /// Keeps an extract of a transcript; the video's id.
    async fn keep(&self, input: &str) -> String {
        let submission = Submission {
            input: input.to_owned(),
            ..Submission::default()
        };
        let run = self.work(&self.submit(submission).await).await;
        assert_eq!(run.state, RunState::Done);
        run.video_id.unwrap()
    }

    async fn take(&self, video: Option<&str>, text: &str, model: &str) -> Question {
        let asked = Asked {
            video_id: video.map(str::to_owned),
            text: text.to_owned(),
            model: Some(model.to_owned()),
            ..Asked::default()
        };
        self.services.ask(asked).await.unwrap()
    }

    /// Works on a question here and now, without the queue.
    async fn answer(&self, question: &Question) -> Question {
        self.pipeline.answer(question.id.parse().unwrap()).await;
        self.services.question(&question.id).await.unwrap().unwrap()
    }

    async fn ask(&self, video: Option<&str>, text: &str, model: &str) -> Question {
        let question = self.take(video, text, model).await;
        self.answer(&question).await
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_model_answers_from_the_passages_and_is_checked(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    let question = house
        .take(Some(&video), "  When was the\nold bridge built? ", "fixture-good")
        .await;
    assert_eq!(
        (question.state, question.text.as_str()),
        (RunState::Queued, "When was the old bridge built?")
    );
    let answered = house.answer(&question).await;
    assert_eq!(
        (answered.state, answered.outcome),
        (RunState::Done, Some(Outcome::Answered))
    );
    assert_eq!(answered.claims[0].verdict, Verdict::Verbatim, "{answered:?}");
    assert_eq!(answered.claims[0].citations[0].start_ms, Some(0));
    let provenance = answered.provenance.unwrap();
    assert_eq!(
        (provenance.calls, provenance.prompt_version.as_deref()),
        (1, Some("question-1"))
    );
    let lying = house
        .ask(Some(&video), "When was the old bridge built?", "fixture-liar")
        .await;
    assert_eq!(lying.claims[0].verdict, Verdict::Check, "{lying:?}");
    assert_eq!(house.services.questions_of(&video).await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn without_a_model_the_passages_answer_word_for_word(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    let answered = house
        .ask(Some(&video), "What did the ice take away?", "extractive")
        .await;
    assert_eq!(answered.outcome, Some(Outcome::Quoted));
    let first = &answered.claims[0];
    assert!(first.text.contains("ice took the middle arch"), "{first:?}");
    assert_eq!(
        (first.verdict, first.citations[0].start_ms),
        (Verdict::Verbatim, Some(32_000))
    );
    assert_eq!(house.asked("chat/completions").await, 0);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_is_not_in_the_video_is_said(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    // Words alone, then a model that is told the whole of this short video: other words may say the same.
    for (model, calls) in [("extractive", 0), ("fixture-good", 1)] {
        let answered = house
            .ask(Some(&video), "How do vaccines train the immune system?", model)
            .await;
        assert_eq!(
            (answered.state, answered.outcome),
            (RunState::Done, Some(Outcome::NotHere)),
            "{model}"
        );
        assert_eq!(house.asked("chat/completions").await, calls);
    }
    // Words that are there, in a question that nothing answers: the model says so itself.
    let answered = house
        .ask(Some(&video), "Who took the ice to the ship?", "fixture-good")
        .await;
    assert_eq!(answered.outcome, Some(Outcome::NotHere), "{answered:?}");
    assert!(!answered.claims.is_empty() && answered.body.is_empty());
    assert_eq!(house.asked("chat/completions").await, 2);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_question_in_another_language_reaches_the_model(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    house
        .ask(
            Some(&video),
            "Warum wurde das Bauwerk zerstört und von wem?",
            "fixture-other-language",
        )
        .await;
    assert_eq!(house.asked("chat/completions").await, 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_follow_up_is_understood_by_what_was_asked_before(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    house
        .ask(Some(&video), "What did the ice take away?", "extractive")
        .await;
    let answered = house.ask(Some(&video), "And when?", "extractive").await;
    assert_eq!(answered.outcome, Some(Outcome::Quoted), "{answered:?}");
    assert!(answered.claims[0].text.contains("ice took"));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_comes_closest_comes_close_to_the_question_itself(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    house
        .ask(Some(&video), "What did the ice take away?", "extractive")
        .await;
    let nothing = house
        .ask(Some(&video), "How do vaccines train antibodies?", "extractive")
        .await;
    assert_eq!(nothing.outcome, Some(Outcome::NotHere));
    assert!(nothing.claims.is_empty(), "{nothing:?}");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_kill_after_the_answer_repeats_no_call(pool: PgPool) {
    let house = house(pool.clone()).await;
    let video = house.keep(BRIDGE).await;
    let question = house
        .ask(Some(&video), "When was the old bridge built?", "fixture-good")
        .await;
    assert_eq!(house.asked("chat/completions").await, 1);
    // As if the worker had died between the model's answer and its own last write.
    sqlx::query("update questions set state = 'working', outcome = null, body = '', claims = '[]' where id = $1::uuid")
        .bind(&question.id)
        .execute(&pool)
        .await
        .unwrap();
    let again = house.answer(&question).await;
    assert_eq!((again.state, again.outcome), (RunState::Done, Some(Outcome::Answered)));
    assert_eq!((again.body, again.claims), (question.body, question.claims));
    let provenance = again.provenance.unwrap();
    assert_eq!((provenance.calls, provenance.reused_calls), (0, 1));
    assert_eq!(house.asked("chat/completions").await, 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn three_crashes_end_a_question(pool: PgPool) {
    let house = house(pool.clone()).await;
    let video = house.keep(BRIDGE).await;
    let question = house
        .take(Some(&video), "When was the old bridge built?", "extractive")
        .await;
    sqlx::query("update questions set state = 'working', crashes = 2 where id = $1::uuid")
        .bind(&question.id)
        .execute(&pool)
        .await
        .unwrap();
    let ended = house.answer(&question).await;
    assert_eq!(ended.state, RunState::Failed);
    assert_eq!(ended.fault.unwrap().kind, "crashed");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_question_that_is_stopped_at_the_last_moment_is_cancelled(pool: PgPool) {
    let house = house(pool.clone()).await;
    let video = house.keep(BRIDGE).await;
    let mut db = pool.acquire().await.unwrap();
    for is_dead in [false, true] {
        let question = house
            .take(Some(&video), "When was the old bridge built?", "extractive")
            .await;
        let id = question.id.parse().unwrap();
        let work = questions::take_up(&mut db, id).await.unwrap().ours().unwrap();
        assert!(house.services.cancel_question(&question.id).await.unwrap());
        if is_dead {
            sqlx::query("update questions set held_at = now() - interval '1 minute'")
                .execute(&pool)
                .await
                .unwrap();
            assert!(questions::take_up(&mut db, id).await.unwrap().ours().is_none());
        } else {
            questions::leave(&mut db, &work, &Ending::PutDown).await.unwrap();
        }
        let state = house.services.question(&question.id).await.unwrap().unwrap().state;
        assert_eq!(state, RunState::Cancelled);
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn an_answer_that_the_database_refuses_fails_and_says_so(pool: PgPool) {
    let house = house(pool.clone()).await;
    let video = house.keep(BRIDGE).await;
    sqlx::query("alter table questions add constraint no_quotes check (outcome <> 'quoted')")
        .execute(&pool)
        .await
        .unwrap();
    let ended = house
        .ask(Some(&video), "What did the ice take away?", "extractive")
        .await;
    assert_eq!(ended.state, RunState::Failed);
    assert!(ended.fault.unwrap().message.contains("no_quotes"));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_question_can_be_stopped_while_the_model_writes_and_deleted(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    house.fault(json!({"match": "/v1/chat", "fault": "hold"})).await;
    let question = house
        .take(Some(&video), "When was the old bridge built?", "fixture-good")
        .await;
    let id = question.id.clone();
    let (answered, ()) = tokio::join!(house.answer(&question), async {
        while house.asked("chat/completions").await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(house.services.cancel_question(&id).await.unwrap());
    });
    assert_eq!((answered.state, answered.outcome), (RunState::Cancelled, None));
    assert!(!house.services.cancel_question(&id).await.unwrap());
    assert!(house.services.delete_question(&id).await.unwrap());
    assert!(!house.services.delete_question(&id).await.unwrap());
    assert_eq!(house.services.question(&id).await.unwrap(), None);
    // One that is deleted before anybody works on it is no work.
    let question = house
        .take(Some(&video), "When was the old bridge built?", "fixture-good")
        .await;
    assert!(house.services.delete_question(&question.id).await.unwrap());
    house.pipeline.answer(question.id.parse().unwrap()).await;
    assert_eq!(house.services.questions_of(&video).await.unwrap(), []);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn where_the_model_refuses_the_passages_stand_in_and_say_why(pool: PgPool) {
    let house = house(pool).await;
    let video = house.keep(BRIDGE).await;
    let body = json!({"error": {"message": "Incorrect API key", "code": "invalid_api_key"}});
    let fault = json!({"match": "/v1/chat", "fault": {"status": 401, "body": body}});
    house.fault(fault).await;
    let answered = house
        .ask(Some(&video), "When was the old bridge built?", "fixture-good")
        .await;
    assert_eq!(
        (answered.state, answered.outcome),
        (RunState::Done, Some(Outcome::Quoted)),
        "{answered:?}"
    );
    assert!(answered.fault.is_some() && answered.provenance.unwrap().fallback.is_some());
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn where_one_model_can_not_answer_the_next_one_does(pool: PgPool) {
    let fallback = ModelsConfig {
        fallback: vec!["fixture-good".to_owned()],
        ..ModelsConfig::default()
    };
    let house = house_with(pool, YouTubeConfig::default(), |upstream| ModelsConfig {
        providers: vec![provider(upstream, ProviderKind::OpenAi)],
        ..fallback
    })
    .await;
    let video = house.keep(BRIDGE).await;
    let body = json!({"error": {"message": "Incorrect API key", "code": "invalid_api_key"}});
    let fault = json!({"match": "/v1/chat", "fault": {"status": 401, "body": body}, "times": 1});
    house.fault(fault).await;
    let answered = house
        .ask(Some(&video), "When was the old bridge built?", "fixture-lying")
        .await;
    assert_eq!(answered.outcome, Some(Outcome::Answered), "{answered:?}");
    let provenance = answered.provenance.unwrap();
    assert_eq!(provenance.model, "fixture-good");
    // Why it was not the one that was asked for.
    let message = answered.fault.unwrap().message;
    assert!(message.contains("key"), "{message}");
    assert_eq!(provenance.fallback, Some(message));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn the_library_answers_with_video_and_second(pool: PgPool) {
    let house = house(pool).await;
    let bridge = house.keep(BRIDGE).await;
    let kettle = house.keep(KETTLE).await;
    for model in ["extractive", "fixture-good"] {
        let answered = house
            .ask(
                None,
                "Why does the tea from the kettle taste weaker on a mountain?",
                model,
            )
            .await;
        assert_ne!(answered.outcome, Some(Outcome::NotHere), "{model}");
        let citation = &answered.claims[0].citations[0];
        let (source, passage) = answered.source(citation.passage).unwrap();
        assert_eq!(source.video_id, kettle, "{answered:?}");
        assert!(passage <= 2 && citation.start_ms.is_some());
        for claim in &answered.claims {
            assert!(
                claim
                    .citations
                    .iter()
                    .all(|citation| answered.source(citation.passage).is_some())
            );
        }
    }
    let other = house.ask(None, "When was the old bridge built?", "fixture-good").await;
    let (source, _) = other.source(other.claims[0].citations[0].passage).unwrap();
    assert_eq!(
        (source.video_id.as_str(), other.claims[0].verdict),
        (bridge.as_str(), Verdict::Verbatim)
    );
    let nothing = house
        .ask(None, "How do vaccines train the immune system?", "fixture-good")
        .await;
    assert_eq!(nothing.outcome, Some(Outcome::NotHere));
    assert_eq!(house.services.conversations().await.unwrap().len(), 4);
    // A conversation outlives its first question.
    let asked = Asked {
        thread: Some(other.thread.clone()),
        text: "Who paid for the bridge?".to_owned(),
        model: Some("extractive".to_owned()),
        ..Asked::default()
    };
    house.services.ask(asked).await.unwrap();
    assert!(house.services.delete_question(&other.id).await.unwrap());
    let named = house.services.conversations().await.unwrap();
    assert!(
        named.contains(&(other.thread.clone(), "Who paid for the bridge?".to_owned())),
        "{named:?}"
    );
    assert_eq!(house.services.conversation(&other.thread).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_large_library_is_asked_for_its_newest_and_its_best_passages(pool: PgPool) {
    // Both common words are in more passages than are compared; the third is as common, and together with them once.
    sqlx::raw_sql(
        "insert into videos (id, title) select 'v' || n, 'Talk ' || n from generate_series(1, 1500) n;
         insert into transcripts (id, video_id, content_hash, language, source, cues) overriding system value
         select n, 'v' || n, n::text, 'en', 'manual', '[]' from generate_series(1, 1500) n;
         insert into passages (transcript_id, ordinal, sentences, terms)
         select n, p, '[]', array_to_tsvector(case when p > 10 then '{stone,wall}' when n = 3 then '{river,boat,stone}'
                                                   when n = 5 then '{river,heron}' else '{river,boat}' end::text[])
         from generate_series(1, 1500) n, generate_series(1, 13) p;
         insert into summaries (id, video_id, transcript_id, model, style, words, title, body, first_point, provenance)
         select gen_random_uuid(), 'v' || n, n, 'extractive', 'briefing', 250, 'Talk', '', '', '{}' from generate_series(1, 1500) n;",
    )
    .execute(&pool)
    .await
    .unwrap();
    let likely = async |words: &[&str]| -> Vec<i64> {
        let words: Vec<Vec<String>> = words.iter().map(|word| vec![(*word).to_owned()]).collect();
        let found = library_evidence::likely(&pool, &words).await.unwrap();
        found.into_iter().map(|source| source.transcript_id).collect()
    };
    assert_eq!(
        likely(&["river", "boat"]).await,
        [1500, 1499, 1498, 1497, 1496, 1495, 1494, 1493]
    );
    assert_eq!(
        likely(&["river", "boat", "stone"]).await[0],
        3,
        "all the words, long ago"
    );
    assert_eq!(likely(&["river", "boat", "heron"]).await[0], 5, "a rare word, long ago");
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn what_can_not_be_asked_is_refused_in_words(pool: PgPool) {
    let house = house(pool).await;
    let ask = async |video: Option<&str>, text: &str, model: &str| {
        let asked = Asked {
            video_id: video.map(str::to_owned),
            text: text.to_owned(),
            model: Some(model.to_owned()),
            ..Asked::default()
        };
        house.services.ask(asked).await.unwrap_err()
    };
    assert!(matches!(ask(None, " \n ", "extractive").await, AskError::Empty));
    assert!(matches!(
        ask(None, &"x".repeat(501), "extractive").await,
        AskError::TooLong
    ));
    assert!(matches!(
        ask(None, "Why?", "gemini-2.5-flash").await,
        AskError::Model(_)
    ));
    assert!(matches!(
        ask(Some("TeaKettle04"), "Why?", "extractive").await,
        AskError::Unknown
    ));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_model_that_can_not_be_asked_is_named_with_the_way_out_and_any_other_is_asked(pool: PgPool) {
    let house = house(pool).await;
    house.keep(BRIDGE).await;
    let ask = async |model: &str| {
        let asked = Asked {
            text: "When was the old bridge built?".to_owned(),
            model: Some(model.to_owned()),
            ..Asked::default()
        };
        house.services.ask(asked).await
    };
    for (model, words) in [
        (
            "gemini-2.5-flash",
            "gemini-2.5-flash can't be asked, since GOOGLE_API_KEY is not set. \
             Set GOOGLE_API_KEY and start the server again, or use another model.",
        ),
        (
            "fixture\n\u{1b}[0m\0",
            "This server has no model called fixture [0m. Use another model.",
        ),
    ] {
        let refused = ask(model).await.unwrap_err();
        assert!(matches!(refused, AskError::Model(_)));
        assert_eq!(refused.to_string(), words);
        // A summary is refused for the same reason.
        let submission = Submission {
            input: BRIDGE.to_owned(),
            model: Some(model.to_owned()),
            ..Submission::default()
        };
        let rejected = house.services.submit(submission).await.unwrap().rejected.remove(0);
        assert_eq!(rejected.message, format!("can't be used. {words}"));
    }
    // One that its provider does not list, or of a server that is down, is asked: it may be there by then.
    let known = ask(" fixture-good ").await.unwrap();
    assert_eq!(known.model, "fixture-good");
    let unlisted = ask("fixture-of-tomorrow").await.unwrap();
    house.fault(json!({"match": "/v1/", "fault": {"status": 503}})).await;
    let down = ask("fixture-slow").await.unwrap();
    house.no_faults().await;
    for (question, outcome) in [(unlisted, Outcome::Quoted), (down, Outcome::Answered)] {
        let answered = house.answer(&question).await;
        assert_eq!(answered.outcome, Some(outcome), "{}", answered.model);
    }
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_deleted_answer_can_be_taken_back_for_a_day(pool: PgPool) {
    let house = house(pool.clone()).await;
    let video = house.keep(BRIDGE).await;
    let of_video = house
        .ask(Some(&video), "When was the old bridge built?", "extractive")
        .await;
    let of_all = house.ask(None, "Who paid for the bridge?", "extractive").await;
    for question in [&of_video, &of_all] {
        assert!(!house.services.restore_question(&question.id).await.unwrap());
        assert!(house.services.delete_question(&question.id).await.unwrap());
        assert_eq!(house.services.question(&question.id).await.unwrap(), None);
    }
    assert_eq!(house.services.questions_of(&video).await.unwrap(), []);
    assert_eq!(house.services.conversations().await.unwrap(), []);
    assert_eq!(house.services.conversation(&of_all.thread).await.unwrap(), []);
    // A conversation of which nothing is left does not go on.
    let asked = Asked {
        thread: Some(of_all.thread.clone()),
        text: "And what did it cost?".to_owned(),
        model: Some("extractive".to_owned()),
        ..Asked::default()
    };
    let anew = house.services.ask(asked).await.unwrap();
    assert_ne!(anew.thread, of_all.thread);

    for question in [&of_video, &of_all] {
        assert!(house.services.restore_question(&question.id).await.unwrap());
        assert!(!house.services.restore_question(&question.id).await.unwrap());
    }
    assert_eq!(
        house.services.questions_of(&video).await.unwrap(),
        std::slice::from_ref(&of_video)
    );
    assert_eq!(house.services.conversation(&of_all.thread).await.unwrap(), [of_all]);

    // After a day it is gone for good; what was not deleted stays.
    assert!(house.services.delete_question(&of_video.id).await.unwrap());
    assert_eq!(database::questions::purge(&pool).await.unwrap(), 0);
    sqlx::query("update questions set deleted_at = now() - interval '25 hours' where deleted_at is not null")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(database::questions::purge(&pool).await.unwrap(), 1);
    assert!(!house.services.restore_question(&of_video.id).await.unwrap());
    assert_eq!(house.services.conversations().await.unwrap().len(), 2);
}
