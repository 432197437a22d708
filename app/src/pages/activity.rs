//! `/activity`: what is being worked on, what waits, what failed, what is done.

use domain::{
    library::Activity,
    run::{Run, RunState},
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
    server_functions::{Ask, CancelRun, Data, RetryRun},
    times::date,
    words,
};

/// Seconds between two looks while something is open.
const LOOK_EVERY: u64 = 3;

/// The page; asks again by itself while something is open and the tab is in front.
#[component]
pub(crate) fn ActivityPage() -> impl IntoView {
    let look = RwSignal::new(0_u32);
    let busy = StoredValue::new(false);
    let look_again = move || look.update(|look| *look = look.wrapping_add(1));
    let done = Callback::new(move |_| look_again());
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
                Some(groups(activity, done))
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

fn groups(activity: Activity, done: Callback<(String, Answer)>) -> Erased {
    let Activity {
        now,
        waiting,
        failed,
        done: ended,
        pause,
    } = activity;
    let pause = pause.map(pause_notice);
    let groups: Vec<Erased> = [("Now", now), ("Waiting", waiting), ("Failed", failed), ("Done", ended)]
        .into_iter()
        .filter(|(_, runs)| !runs.is_empty())
        .map(|(name, runs)| {
            let rows: Vec<Erased> = runs.into_iter().map(|run| run_row(run, done)).collect();
            view! {
                <section class="group">
                    <h2>{name}</h2>
                    <ul class="rows">{rows}</ul>
                </section>
            }
            .erase()
        })
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

fn run_row(run: Run, done: Callback<(String, Answer)>) -> Erased {
    let open = run.state.is_open();
    let again = matches!(run.state, RunState::Failed | RunState::Waiting | RunState::Cancelled);
    let parts = run
        .progress
        .filter(|(_, all)| run.state == RunState::Working && *all > 1);
    let doing = words::doing(&run);
    let doing = parts.map_or_else(|| doing.to_owned(), |(part, all)| format!("{doing} {part} of {all}"));
    let bar = parts.map(|(part, all)| view! { <progress value=part max=all aria-label="Parts done"></progress> });
    let fault = run.fault.filter(|_| run.state != RunState::Cancelled);
    let buttons: Vec<Erased> = [(open, "Cancel", CancelRun::PATH), (again, "Retry", RetryRun::PATH)]
        .into_iter()
        .filter(|(fits, ..)| *fits)
        .map(|(_, words, action)| {
            let name = format!("{words} {}", run.label);
            view! {
                <PostForm action id=Signal::stored(run.id.clone()) done>
                    <button class="button small" aria-label=name>
                        {words}
                    </button>
                </PostForm>
            }
            .erase()
        })
        .collect();
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
                {bar}
                {fault.map(|fault| view! { <div class="run-fault">{fault_words(&fault)}</div> })}
            </div>
            <div class="ways">{buttons}</div>
        </li>
    }
    .erase()
}

fn is_busy(activity: &Activity) -> bool {
    !activity.now.is_empty() || !activity.waiting.is_empty()
}
