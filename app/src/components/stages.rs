//! The row between the head and the text: stages with Cancel while a run is open, then how the claims came out. Both are
//! equally high, so that nothing moves when one takes the other's place.

use domain::{run::RunState, summary::Tally};
use leptos::{form::ActionForm, prelude::*};

use crate::{
    components::{
        live::refresh,
        reader::{Reader, Version},
    },
    server_functions::CancelRun,
    words::{Step, steps},
};

/// Stages, or how the claims of the shown text came out.
#[component]
pub(crate) fn StageRow() -> impl IntoView {
    let reader = Reader::current();
    let open = Memo::new(move |_| reader.run.with(|run| run.state.is_open()));
    view! {
        <div class="stage-row">
            <Show when=move || open.get() fallback=|| view! { <Trust /> }>
                <Stages />
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Stages() -> impl IntoView {
    let reader = Reader::current();
    let cancel = ServerAction::<CancelRun>::new();
    Effect::new(move |_| {
        if cancel.value().with(Option::is_some) {
            refresh(reader);
        }
    });
    let rows = Memo::new(move |_| reader.run.with(steps));
    let progress = move || {
        reader.run.with(|run| {
            run.progress
                .filter(|(_, all)| *all > 1)
                .map(|(done, all)| format!("{done}/{all}"))
        })
    };
    let place = move || {
        rows.with(|rows| {
            let at = rows
                .iter()
                .position(|(_, step)| matches!(step, Step::Current | Step::Stopped));
            format!("{} of {}", at.map_or(0, |at| at + 1).max(1), rows.len())
        })
    };
    view! {
        <ol class="stages" aria-label="Stages">
            <For each=move || 0..rows.with(Vec::len) key=|at| *at let:at>
                <StageView
                    row=Memo::new(move |_| rows.with(|rows| rows.get(at).copied().unwrap_or(("", Step::Ahead))))
                    progress=Memo::new(move |_| progress())
                />
            </For>
        </ol>
        <span class="stage-place quiet">{place}</span>
        <ActionForm action=cancel attr:class="inline">
            <input type="hidden" name="id" value=move || reader.run.with(|run| run.id.clone()) />
            <button class="button small" aria-disabled=move || cancel.pending().get().to_string()>
                "Cancel"
            </button>
        </ActionForm>
    }
    .into_any()
}

#[component]
fn StageView(row: Memo<(&'static str, Step)>, progress: Memo<Option<String>>) -> impl IntoView {
    let standing = move || match row.get().1 {
        Step::Done => "done",
        Step::Current => "current",
        Step::Ahead => "ahead",
        Step::Stopped => "stopped",
    };
    let current = move || row.get().1 == Step::Current;
    view! {
        <li class="stage" data-step=standing aria-current=move || current().then_some("step")>
            <svg class="step" viewBox="0 0 12 12" aria-hidden="true">
                <circle class="ring" cx="6" cy="6" r="4" />
                <circle class="dot" cx="6" cy="6" r="4" />
                <path class="tick" d="M2.5 6.5 5 9l4.5-6" />
                <path class="bang" d="M6 2.5v4.5M6 9v.6" />
            </svg>
            {move || row.get().0}
            <span class="count">{move || progress.get().filter(|_| current())}</span>
        </li>
    }
    .into_any()
}

/// "11 match · 1 to check · 1 not found · covers 71 %"
#[component]
fn Trust() -> impl IntoView {
    let reader = Reader::current();
    let words = move || {
        reader.page.with(|page| {
            let shown = match reader.shown.get() {
                Version::Extract => page.extract.as_ref().or(page.summary.as_ref()),
                Version::Model => page.summary.as_ref().or(page.extract.as_ref()),
            };
            match (page.run.state, shown) {
                (_, Some(summary)) => {
                    let percent = format!("covers {:.0} %", summary.provenance.coverage * 100.0);
                    format!("{} · {percent}", Tally::of(&summary.claims).words())
                }
                (RunState::Cancelled, None) => "Cancelled".to_owned(),
                (_, None) => String::new(),
            }
        })
    };
    view! { <p class="trust">{words}</p> }
}
