//! Prompts of one's own, on a real Postgres and the fixture upstream.

use backend::{
    database,
    services::{KeepPromptError, Submission},
};
use domain::prompt::PromptError;
use sqlx::PgPool;
use uuid::Uuid;

use crate::house::house;

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn a_prompt_of_ones_own_is_kept_with_the_summaries_made_with_it(pool: PgPool) {
    let house = house(pool).await;
    let keep = async |id: &str, name: &str, text: &str| house.services.keep_prompt(id, name, text).await;
    let id = keep("", "Recipe cards", "A card a dish.").await.unwrap();
    for (name, text) in [("recipe CARDS", "x"), ("Briefing", "x"), ("a@b", "x"), ("a", " ")] {
        assert!(
            matches!(keep("", name, text).await, Err(KeepPromptError::Prompt(_))),
            "{name}"
        );
    }
    let submit = async |style: &str| {
        let submission = Submission {
            input: "TeaKettle04".to_owned(),
            model: Some("fixture-good".to_owned()),
            style: Some(style.to_owned()),
            ..Submission::default()
        };
        house.services.submit(submission).await.unwrap()
    };
    let first = house.work(&submit("recipe cards").await.runs[0]).await;
    assert_eq!(first.fault, None);
    let summary = house.summary(&first).await;
    let style = summary.request.style.clone();
    assert!(style.starts_with("Recipe cards@"), "{style}");
    assert_eq!(summary.provenance.prompt_text.as_deref(), Some("A card a dish."));
    assert!(summary.provenance.prompt_version.unwrap().starts_with("own-"));

    // Its text changes: another summary, and the first keeps what it was made with.
    keep(&id, "Recipe cards", "One line a dish.").await.unwrap();
    let second = house.work(&submit("Recipe cards").await.runs[0]).await;
    assert_ne!(second.summary_id, first.summary_id);
    assert_eq!(
        house.summary(&second).await.provenance.prompt_text.as_deref(),
        Some("One line a dish.")
    );
    let again = house.work(&submit(&style).await.runs[0]).await;
    assert_eq!(again.summary_id, first.summary_id);

    // Deleted, it can't be chosen any more; taken back, it can.
    assert_eq!(
        house.services.delete_prompt(&id).await.unwrap().as_deref(),
        Some("Recipe cards")
    );
    let rejected = submit("Recipe cards").await.rejected.remove(0);
    assert!(rejected.message.contains("briefing, chapters"), "{}", rejected.message);
    assert!(house.services.restore_prompt(&id).await.unwrap());
    assert_eq!(house.services.prompts().await.unwrap().len(), 1);
    assert_eq!(submit("Recipe cards").await.rejected, []);
    // While it is deleted its name is free; taking it back would make two of a name.
    house.services.delete_prompt(&id).await.unwrap();
    keep("", "Recipe Cards", "Another.").await.unwrap();
    assert!(!house.services.restore_prompt(&id).await.unwrap());
    assert!(matches!(
        keep(&id, "Recipe cards 2", "x").await,
        Err(KeepPromptError::Gone)
    ));
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn words_that_come_along_are_a_prompt_as_well(pool: PgPool) {
    let house = house(pool).await;
    let submission = |prompt: &str| Submission {
        input: "TeaKettle04".to_owned(),
        model: Some("fixture-good".to_owned()),
        prompt: Some(prompt.to_owned()),
        ..Submission::default()
    };
    let run = house
        .services
        .submit(submission("Only numbers."))
        .await
        .unwrap()
        .runs
        .remove(0);
    let run = house.work(&run).await;
    assert_eq!(
        house.summary(&run).await.provenance.prompt_text.as_deref(),
        Some("Only numbers.")
    );
    assert!(
        house.services.prompts().await.unwrap().is_empty(),
        "it was not asked to be kept"
    );
    let too_long = house.services.submit(submission(&"x".repeat(5000))).await.unwrap();
    assert!(
        too_long.rejected[0].message.contains("4000 characters"),
        "{:?}",
        too_long.rejected
    );
}

#[sqlx::test(migrator = "database::MIGRATOR")]
async fn of_two_that_take_a_name_at_once_one_is_told_that_it_is_taken(pool: PgPool) {
    let house = house(pool).await;
    let deleted = house
        .services
        .keep_prompt("", "Recipe cards", "An old one.")
        .await
        .unwrap();
    house.services.delete_prompt(&deleted).await.unwrap();
    // The first has written and not committed yet: the others see no such name, and wait at the index.
    let mut first = house.services.pool.begin().await.unwrap();
    assert!(
        database::prompts::keep(&mut first, Uuid::now_v7(), "Recipe cards", "A card a dish.")
            .await
            .unwrap()
    );
    let commit = async {
        let waiting = async || -> i64 {
            sqlx::query_scalar(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            .fetch_one(&house.services.pool)
            .await
            .unwrap()
        };
        while waiting().await < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        first.commit().await.unwrap();
    };
    let ((), second, restored) = tokio::join!(
        commit,
        house.services.keep_prompt("", "recipe cards", "Another."),
        house.services.restore_prompt(&deleted),
    );
    assert!(
        matches!(second, Err(KeepPromptError::Prompt(PromptError::Taken))),
        "{second:?}"
    );
    assert!(!restored.unwrap());
    let prompts = house.services.prompts().await.unwrap();
    assert_eq!(prompts.len(), 1);
    assert_eq!(prompts[0].text, "A card a dish.");
}
