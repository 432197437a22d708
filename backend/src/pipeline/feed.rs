//! The model's text on its way to whoever watches: gathered, and written as events at most four times a second.

use std::time::Duration;

use domain::run::{Event, Stage};
use sqlx::PgPool;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    database::{
        events, question_events, questions,
        runs::{self, Lost},
    },
    summarize::WriteProgress,
};

const EVERY: Duration = Duration::from_millis(250);

/// Whose progress it is.
pub(super) enum Watched {
    /// A run's.
    Run(runs::Work),
    /// A question's.
    Question(questions::Work),
}

/// Takes progress without waiting; a task of its own writes it down.
pub(super) struct Feed {
    progress: mpsc::UnboundedSender<WriteProgress>,
    task: JoinHandle<()>,
}

impl Feed {
    pub(super) fn start(pool: PgPool, watched: Watched) -> Self {
        let (progress, mut received) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            let mut is_told = false;
            while let Some(first) = received.recv().await {
                let mut gathered = vec![];
                gather(&mut gathered, first);
                // Wait for more before writing, so that a fast model does not become hundreds of rows.
                tokio::time::sleep(EVERY).await;
                while let Ok(more) = received.try_recv() {
                    gather(&mut gathered, more);
                }
                match write(&pool, &watched, gathered).await {
                    Ok(()) => is_told = false,
                    // Watchers miss some text; the summary itself does not depend on it. Said once.
                    Err(Lost::Store(error)) if !is_told => {
                        is_told = true;
                        tracing::warn!(%error, "streamed text could not be written");
                    }
                    Err(Lost::Store(_)) => {}
                    // Cancelled or taken over: nobody waits for this text any more.
                    Err(Lost::Fenced | Lost::Cancelled) => return,
                }
            }
        });
        Self { progress, task }
    }

    pub(super) fn push(&self, progress: WriteProgress) {
        // The task ends only with us.
        let _ = self.progress.send(progress);
    }

    /// Waits until everything is written.
    pub(super) async fn end(self) {
        drop(self.progress);
        if self.task.await.is_err() {
            tracing::error!("the task that writes streamed text broke");
        }
    }
}

fn gather(events: &mut Vec<Event>, progress: WriteProgress) {
    match (events.last_mut(), progress) {
        (Some(Event::Text { text }), WriteProgress::Text(more)) => text.push_str(&more),
        (_, WriteProgress::Text(text)) => events.push(Event::Text { text }),
        (_, WriteProgress::Start) => events.push(Event::Restart),
        (_, WriteProgress::Part { done, total, chapter }) => {
            events.push(Event::Stage {
                stage: Stage::Write,
                progress: Some((done, total)),
                chapter,
            });
        }
    }
}

async fn write(pool: &PgPool, watched: &Watched, events: Vec<Event>) -> Result<(), Lost> {
    let mut tx = pool.begin().await?;
    for event in events {
        match (watched, event) {
            (
                Watched::Run(work),
                Event::Stage {
                    stage,
                    progress,
                    chapter,
                },
            ) => runs::enter(&mut tx, work, stage, progress, chapter).await?,
            (Watched::Run(work), event) => {
                runs::hold(&mut *tx, work).await?;
                events::add(&mut tx, work.id, &event).await?;
            }
            // An answer has no parts.
            (Watched::Question(_), Event::Stage { .. }) => {}
            (Watched::Question(work), event) => {
                questions::hold(&mut *tx, work).await?;
                question_events::add(&mut tx, work.id, &event).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}
