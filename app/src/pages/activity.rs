//! `/activity`: what is being worked on, what waits, what failed, what is done.

use domain::{
    library::Activity,
    run::{Run, RunState},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    browser::document,
    components::{failure::Failure, fault::FaultWords},
    server_functions::{CancelRun, RetryRun, load_activity},
    times::date,
    words,
};

/// Seconds between two looks while something is open.
const LOOK_EVERY: u64 = 3;

/// The page; asks again by itself while something is open and the tab is in front.
#[component]
pub(crate) fn ActivityPage() -> impl IntoView {
    let cancel = ServerAction::<CancelRun>::new();
    let retry = ServerAction::<RetryRun>::new();
    let look = RwSignal::new(0_u32);
    let activity = Resource::new(
        move || (look.get(), cancel.version().get(), retry.version().get()),
        |_| load_activity(),
    );
    Effect::new(move |_| {
        let tick = move || {
            let busy = activity
                .get_untracked()
                .and_then(Result::ok)
                .is_some_and(|activity| is_busy(&activity));
            if busy && document::is_visible() {
                look.update(|look| *look = look.wrapping_add(1));
            }
        };
        if let Ok(ticking) = set_interval_with_handle(tick, std::time::Duration::from_secs(LOOK_EVERY)) {
            on_cleanup(move || ticking.clear());
        }
    });
    view! {
        <Title text="Activity" />
        <section class="activity">
            <h1>"Activity"</h1>
            <Transition>
                {move || Suspend::new(async move {
                    match activity.await {
                        Ok(activity) => view! { <Groups activity cancel retry /> }.into_any(),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
    .into_any()
}

#[component]
fn Groups(activity: Activity, cancel: ServerAction<CancelRun>, retry: ServerAction<RetryRun>) -> impl IntoView {
    let Activity {
        now,
        waiting,
        failed,
        done,
    } = activity;
    if now.is_empty() && waiting.is_empty() && failed.is_empty() && done.is_empty() {
        return view! { <p>"Nothing is going on."</p> }.into_any();
    }
    [("Now", now), ("Waiting", waiting), ("Failed", failed), ("Done", done)]
        .into_iter()
        .filter(|(_, runs)| !runs.is_empty())
        .map(|(name, runs)| {
            view! {
                <section class="group">
                    <h2>{name}</h2>
                    <ul class="rows">
                        {runs.into_iter().map(|run| view! { <RunRow run cancel retry /> }).collect_view()}
                    </ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

#[component]
fn RunRow(run: Run, cancel: ServerAction<CancelRun>, retry: ServerAction<RetryRun>) -> impl IntoView {
    let open = run.state.is_open();
    let again = matches!(run.state, RunState::Failed | RunState::Waiting | RunState::Cancelled);
    let doing = match run.progress.filter(|(_, all)| open && *all > 1) {
        Some((part, all)) => format!("{} {part} of {all}", words::doing(&run)),
        None => words::doing(&run).to_owned(),
    };
    let bar = run
        .progress
        .filter(|(_, all)| run.state == RunState::Working && *all > 1);
    let (id, name) = (run.id.clone(), run.label.clone());
    let (id_again, name_again) = (id.clone(), name.clone());
    view! {
        <li class="run">
            <div class="row-text">
                <h3 dir="auto">
                    <a href=format!("/summaries/{}", run.id)>{run.label.clone()}</a>
                </h3>
                <p class="quiet meta">
                    <span class="item">{doing}</span>
                    <span class="item">{words::model(&run.request.model).to_owned()}</span>
                    <span class="item">{date(run.created_at)}</span>
                </p>
                {bar
                    .map(|(part, all)| {
                        view! { <progress value=part max=all aria-label="Parts done"></progress> }
                    })}
                {run
                    .fault
                    .clone()
                    .filter(|_| run.state != RunState::Cancelled)
                    .map(|fault| view! { <div class="run-fault"><FaultWords fault /></div> })}
            </div>
            <div class="ways">
                {open
                    .then(|| {
                        view! {
                            <ActionForm action=cancel attr:class="inline">
                                <Button words="Cancel" id name />
                            </ActionForm>
                        }
                    })}
                {again
                    .then(|| {
                        view! {
                            <ActionForm action=retry attr:class="inline">
                                <Button words="Retry" id=id_again name=name_again />
                            </ActionForm>
                        }
                    })}
            </div>
        </li>
    }
    .into_any()
}

/// What a form that does one thing with one run holds.
#[component]
fn Button(words: &'static str, id: String, name: String) -> impl IntoView {
    view! {
        <input type="hidden" name="id" value=id />
        <button class="button small" aria-label=format!("{words} {name}")>
            {words}
        </button>
    }
    .into_any()
}

fn is_busy(activity: &Activity) -> bool {
    !activity.now.is_empty() || !activity.waiting.is_empty()
}
