//! The row between the head and the text: stages with Cancel while a run is open, then how the claims came out. Both are
//! equally high, so that nothing moves when one takes the other's place.

use domain::{
    coverage,
    run::RunState,
    summary::{NEVER_CHECKED, Tally},
};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    components::{
        flow::{each, live},
        live::refresh,
        post_form::PostForm,
        reader::Reader,
    },
    erased::{Erase, Erased},
    server_functions::CancelRun,
    times::percent,
    words::{Step, steps},
};

/// Stages, or how the claims of the shown text came out.
#[component]
pub(crate) fn StageRow() -> impl IntoView {
    let reader = Reader::current();
    let open = Memo::new(move |_| reader.run.with(|run| run.state.is_open()));
    view! {
        <div class="stage-row">
            {live(move || Some(if open.get() { view! { <Stages /> }.erase() } else { view! { <Trust /> }.erase() }))}
        </div>
    }
    .erase()
}

#[component]
fn Stages() -> impl IntoView {
    let reader = Reader::current();
    let rows = Memo::new(move |_| reader.run.with(steps));
    let progress = Signal::derive(move || {
        reader.run.with(|run| {
            let (done, all) = run.progress.filter(|(_, all)| *all > 1)?;
            let chapter = run
                .chapter
                .as_ref()
                .map_or_else(String::new, |title| format!(" · {title}"));
            Some(format!("part {done} of {all}{chapter}"))
        })
    });
    let place = Signal::derive(move || {
        rows.with(|rows| {
            let at = rows
                .iter()
                .position(|(_, step)| matches!(step, Step::Current | Step::Stopped));
            format!("{} of {}", at.map_or(1, |at| at + 1), rows.len())
        })
    });
    let item = move |at: usize| {
        let row = Signal::derive(move || rows.with(|rows| rows.get(at).copied().unwrap_or(("", Step::Ahead))));
        stage_view(row, progress)
    };
    view! {
        <ol class="stages" aria-label="Stages">
            {each(Signal::derive(move || rows.with(Vec::len)), item)}
        </ol>
        <span class="stage-place quiet">{place}</span>
        <PostForm
            action=CancelRun::PATH
            id=Signal::derive(move || reader.run.with(|run| run.id.clone()))
            done=Callback::new(move |_| refresh(reader))
        >
            <button class="button small">"Cancel"</button>
        </PostForm>
    }
    .erase()
}

fn stage_view(row: Signal<(&'static str, Step)>, progress: Signal<Option<String>>) -> Erased {
    let standing = Signal::derive(move || match row.get().1 {
        Step::Done => "done",
        Step::Current => "current",
        Step::Ahead => "ahead",
        Step::Stopped => "stopped",
    });
    let current = move || row.get().1 == Step::Current;
    let step = Signal::derive(move || current().then_some("step"));
    let name = Signal::derive(move || row.get().0);
    let count = Signal::derive(move || progress.get().filter(|_| current()));
    view! {
        <li class="stage" data-step=standing aria-current=step>
            <svg class="step" viewBox="0 0 12 12" aria-hidden="true">
                <circle class="ring" cx="6" cy="6" r="4" />
                <circle class="dot" cx="6" cy="6" r="4" />
                <path class="tick" d="M2.5 6.5 5 9l4.5-6" />
                <path class="bang" d="M6 1.2v6M6 9.6v1.2" />
            </svg>
            {name}
            <span class="count" title=count>
                {count}
            </span>
        </li>
    }
    .erase()
}

/// "11 match · 1 to check · 1 not found · covers 71 %"
#[component]
fn Trust() -> impl IntoView {
    let reader = Reader::current();
    let cancelled = move || reader.run.with(|run| run.state == RunState::Cancelled);
    let words = Signal::derive(move || {
        reader.with_shown(|shown| match shown {
            Some(summary) if summary.is_imported() => Some(NEVER_CHECKED.to_owned()),
            Some(summary) => {
                // Counted here, so that it says what the strip shows.
                let share = reader.passages.with(|passages| match summary.request.span {
                    None => coverage::share(&summary.claims, passages),
                    part => coverage::share(&summary.claims, &coverage::within(passages, part)),
                });
                let covers = format!("covers {} %", percent(share));
                Some(format!("{} · {covers}", Tally::of(&summary.claims).words()))
            }
            None => cancelled().then(|| "Cancelled".to_owned()),
        })
    });
    view! { <p class="trust">{words}</p> }.erase()
}
