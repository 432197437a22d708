//! `/activity`: what is being worked on, what waits, what failed, what is done.

use domain::{
    library::{Activity, Batch, Deleted},
    prompt,
    run::{Run, RunState},
    timecode::length,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use crate::{
    browser::document,
    components::{
        fault::fault_words,
        flow::loaded,
        pause::pause_notice,
        post_form::{Answer, PostForm},
    },
    erased::{Erase, Erased},
    server_functions::{
        Ask, CancelBatch, CancelRun, Data, RestoreQuestion, RestoreSummary, RetryBatch, RetryFailed, RetryRun,
    },
    times::{counted, date, moment, part},
    words,
};

/// Seconds between two looks while something is open.
const LOOK_EVERY: u64 = 3;

/// What outlives the rows, which are made anew with every look.
#[derive(Clone, Copy)]
struct Keep {
    /// The batches that somebody opened.
    open: StoredValue<Vec<String>>,
    /// Told when a form was sent.
    done: Callback<(String, Answer)>,
}

/// The page; asks again by itself while something is open and the tab is in front.
#[component]
pub(crate) fn ActivityPage() -> impl IntoView {
    let look = RwSignal::new(0_u32);
    let busy = StoredValue::new(false);
    let look_again = move || look.update(|look| *look = look.wrapping_add(1));
    let keep = Keep {
        open: StoredValue::new(Vec::new()),
        done: Callback::new(move |_| look_again()),
    };
    Effect::new(move |_| {
        let tick = move || {
            if busy.get_value() && document::is_visible() {
                look_again();
            }
        };
        if let Ok(ticking) = set_interval_with_handle(tick, std::time::Duration::from_secs(LOOK_EVERY)) {
            on_cleanup(move || ticking.clear());
        }
    });
    let page = loaded(
        move || (Ask::Activity, look.get()),
        move |data| match data {
            Data::Activity(activity) => {
                busy.set_value(is_busy(&activity));
                Some(groups(activity, keep))
            }
            _ => None,
        },
    );
    view! {
        <Title text="Activity" />
        <section class="activity">
            <h1>"Activity"</h1>
            {page}
        </section>
    }
    .erase()
}

fn groups(activity: Activity, keep: Keep) -> Erased {
    let Activity {
        now,
        waiting,
        failed,
        done,
        batches,
        left,
        pause,
        deleted,
    } = activity;
    let pause = pause.map(pause_notice);
    let failures = failed.len() + batches.iter().map(|batch| batch.count(RunState::Failed)).sum::<usize>();
    let mut groups = [
        ("Now", RunState::Working, now, Vec::new()),
        ("Waiting", RunState::Queued, waiting, Vec::new()),
        ("Failed", RunState::Failed, failed, Vec::new()),
        ("Done", RunState::Done, done, Vec::new()),
    ];
    for batch in batches {
        let state = batch.state();
        if let Some((_, _, _, batches)) = groups.iter_mut().find(|(_, own, ..)| *own == state) {
            batches.push(batch);
        }
    }
    let deleted = (!deleted.is_empty()).then(|| {
        let rows: Vec<Erased> = deleted.into_iter().map(|gone| deleted_row(gone, keep)).collect();
        view! {
            <section class="group">
                <h2>"Deleted"</h2>
                <p class="quiet small">"For a day this can be taken back."</p>
                <ul class="rows">{rows}</ul>
            </section>
        }
        .erase()
    });
    let groups: Vec<Erased> = groups
        .into_iter()
        .filter(|(_, _, runs, batches)| !runs.is_empty() || !batches.is_empty())
        .map(|(name, state, runs, batches)| {
            let batches: Vec<Erased> = batches.into_iter().map(|batch| batch_row(batch, &left, keep)).collect();
            let rows: Vec<Erased> = runs.into_iter().map(|run| run_row(run, &left, keep)).collect();
            // One failure has its own button.
            let retry = (state == RunState::Failed && failures > 1)
                .then(|| button("Retry all failed", None, RetryFailed::PATH, String::new(), keep));
            view! {
                <section class="group">
                    <div class="section-head">
                        <h2>{name}</h2>
                        {retry}
                    </div>
                    <ul class="rows">{batches} {rows}</ul>
                </section>
            }
            .erase()
        })
        .chain(deleted)
        .collect();
    if groups.is_empty() {
        return view! {
            {pause}
            <p>"Nothing is going on."</p>
        }
        .erase();
    }
    view! {
        {pause}
        {groups}
    }
    .erase()
}

/// A batch is one row that opens: how far it is, and its runs below.
fn batch_row(batch: Batch, left: &[(String, u32)], keep: Keep) -> Erased {
    let all = batch.runs.len();
    let failed = batch.count(RunState::Failed);
    let ended = batch.runs.iter().filter(|run| !run.state.is_open()).count();
    let facts = batch_facts(&batch)
        .into_iter()
        .map(|fact| view! { <span class="item">{fact}</span> }.erase())
        .collect_view();
    let name = match batch.label.as_str() {
        "" => counted(u64::try_from(all).unwrap_or(u64::MAX), "video"),
        label => label.to_owned(),
    };
    let bar = (ended < all).then(|| view! { <progress value=ended max=all aria-label="Videos done"></progress> });
    let rows: Vec<Erased> = batch.runs.into_iter().map(|run| run_row(run, left, keep)).collect();
    let buttons: Vec<Erased> = [
        (ended < all, "Cancel all", CancelBatch::PATH),
        (failed > 0, "Retry failed", RetryBatch::PATH),
    ]
    .into_iter()
    .filter(|(fits, ..)| *fits)
    .map(|(_, words, action)| button(words, Some(&name), action, batch.id.clone(), keep))
    .collect();
    let id = StoredValue::new(batch.id);
    let is_open = keep.open.with_value(|open| id.with_value(|id| open.contains(id)));
    let toggled = move |is_open: bool| {
        let id = id.get_value();
        keep.open.update_value(|open| {
            open.retain(|other| *other != id);
            if is_open {
                open.push(id);
            }
        });
    };
    view! {
        <li class="run batch">
            <details class="row-text" open=is_open on:toggle:target=move |event| toggled(event.target().open())>
                <summary>
                    <span class="batch-name" dir="auto">
                        {name}
                    </span>
                    <span class="quiet meta">{facts} <span class="item">{date(batch.created_at)}</span></span>
                    {bar}
                </summary>
                <ul class="rows">{rows}</ul>
            </details>
            <div class="ways">{buttons}</div>
        </li>
    }
    .erase()
}

/// "24 videos", "10 done", "1 failed", "about 4 min left"
fn batch_facts(batch: &Batch) -> Vec<String> {
    let all = u64::try_from(batch.runs.len()).unwrap_or(u64::MAX);
    let counts = [
        (RunState::Working, "in work"),
        (RunState::Waiting, "waiting"),
        (RunState::Queued, "queued"),
        (RunState::Done, "done"),
        (RunState::Failed, "failed"),
        (RunState::Cancelled, "cancelled"),
    ];
    let counts = counts.into_iter().filter_map(|(state, words)| {
        let count = batch.count(state);
        (count > 0).then(|| format!("{count} {words}"))
    });
    let videos = (!batch.label.is_empty()).then(|| counted(all, "video"));
    videos
        .into_iter()
        .chain(counts)
        .chain(batch.seconds_left.map(time_left))
        .collect()
}

/// "about 4 min left"
fn time_left(seconds: u32) -> String {
    if seconds < 60 {
        "less than a minute left".to_owned()
    } else {
        format!("about {} left", length(seconds))
    }
}

/// A button in a form of its own, named after what it is done with.
fn button(words: &'static str, label: Option<&str>, action: &'static str, id: String, keep: Keep) -> Erased {
    let name = label.map(|label| format!("{words} {label}"));
    view! {
        <PostForm action id=Signal::stored(id) done=keep.done>
            <button class="button small" aria-label=name>
                {words}
            </button>
        </PostForm>
    }
    .erase()
}

fn run_row(run: Run, left: &[(String, u32)], keep: Keep) -> Erased {
    let open = run.state.is_open();
    let again = matches!(run.state, RunState::Failed | RunState::Waiting | RunState::Cancelled);
    let parts = run
        .progress
        .filter(|(_, all)| run.state == RunState::Working && *all > 1);
    let doing = words::doing(&run);
    let doing = parts.map_or_else(|| doing.to_owned(), |(part, all)| format!("{doing} {part} of {all}"));
    let bar = parts.map(|(done, all)| view! { <progress value=done max=all aria-label="Parts done"></progress> });
    let left = left
        .iter()
        .find(|(id, _)| *id == run.id)
        .map(|(_, seconds)| view! { <span class="item">{time_left(*seconds)}</span> }.erase());
    let style = prompt::title(&run.request.style).to_owned();
    let part = run.request.span.map(|span| part(span, span.end_ms >= 3_600_000));
    let part = part.map(|part| view! { <span class="item">{part}</span> }.erase());
    let fault = run.fault.filter(|_| run.state != RunState::Cancelled);
    let buttons: Vec<Erased> = [(open, "Cancel", CancelRun::PATH), (again, "Retry", RetryRun::PATH)]
        .into_iter()
        .filter(|(fits, ..)| *fits)
        .map(|(_, words, action)| button(words, Some(&run.label), action, run.id.clone(), keep))
        .collect();
    view! {
        <li class="run">
            <div class="row-text">
                <h3 dir="auto">
                    <a href=format!("/summaries/{}", run.id)>{run.label.clone()}</a>
                </h3>
                <p class="quiet meta">
                    <span class="item">{doing}</span>
                    {left}
                    <span class="item" title=words::model_hint(&run.request.model)>
                        {words::model(&run.request.model).to_owned()}
                    </span>
                    <span class="item">{style}</span>
                    {part}
                    <span class="item">{moment(run.created_at)}</span>
                </p>
                {bar}
                {fault.map(|fault| view! { <div class="run-fault">{fault_words(&fault)}</div> })}
            </div>
            <div class="ways">{buttons}</div>
        </li>
    }
    .erase()
}

/// What was deleted, with the way back.
fn deleted_row(gone: Deleted, keep: Keep) -> Erased {
    let (kind, action) = match gone.is_question {
        true => ("Question", RestoreQuestion::PATH),
        false => ("Summary", RestoreSummary::PATH),
    };
    let undo = button("Undo", Some(&gone.title), action, gone.id, keep);
    view! {
        <li class="run">
            <div class="row-text">
                <h3 dir="auto">{gone.title}</h3>
                <p class="quiet meta">
                    <span class="item">{kind}</span>
                    <span class="item">{moment(gone.deleted_at)}</span>
                </p>
            </div>
            <div class="ways">{undo}</div>
        </li>
    }
    .erase()
}

fn is_busy(activity: &Activity) -> bool {
    let has_open = |batch: &Batch| batch.runs.iter().any(|run| run.state.is_open());
    !activity.now.is_empty() || !activity.waiting.is_empty() || activity.batches.iter().any(has_open)
}

#[cfg(test)]
mod tests {
    use domain::run::Request;

    use super::*;

    fn run(state: RunState) -> Run {
        Run {
            id: String::new(),
            state,
            stage: None,
            progress: None,
            chapter: None,
            request: Request {
                model: "m".to_owned(),
                style: "briefing".to_owned(),
                language: None,
                words: 250,
                span: None,
            },
            label: String::new(),
            playlist: None,
            video_id: None,
            summary_id: None,
            fault: None,
            created_at: 0,
        }
    }

    #[test]
    fn a_batch_says_how_far_it_is() {
        let mut batch = Batch {
            id: String::new(),
            label: "Walks".to_owned(),
            created_at: 0,
            runs: [RunState::Done, RunState::Done, RunState::Failed, RunState::Queued]
                .map(run)
                .to_vec(),
            seconds_left: Some(250),
        };
        assert_eq!(
            batch_facts(&batch),
            ["4 videos", "1 queued", "2 done", "1 failed", "about 4 min left"]
        );
        batch.label.clear();
        batch.seconds_left = Some(20);
        batch.runs.truncate(2);
        assert_eq!(batch_facts(&batch), ["2 done", "less than a minute left"]);
    }
}
