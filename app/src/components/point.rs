//! A claim: its words, the times it leads to, and words where something is wrong.

use domain::summary::Verdict;
use leptos::prelude::*;

use crate::{
    components::{
        inline::{element, elements},
        lead::LeadView,
    },
    markdown::{inlines, split_last_word},
    outline::Point,
};

/// Times beyond these wait behind "+2".
const SHOWN: usize = 3;

/// A claim. The first time is glued to the last word, so that it is never torn from it.
#[component]
pub(crate) fn PointView(point: Memo<Point>) -> impl IntoView {
    let words = Memo::new(move |_| point.with(|point| split_last_word(&inlines(&point.text))));
    let verdict = Memo::new(move |_| point.with(|point| point.verdict));
    let count = Memo::new(move |_| point.with(|point| point.leads.len()));
    let lead =
        move |at: usize| Memo::new(move |_| point.with(|point| point.leads.get(at).cloned().unwrap_or_default()));
    let detail = Memo::new(move |_| {
        point.with(|point| (point.verdict == Some(Verdict::Check)).then(|| point.detail.clone().unwrap_or_default()))
    });
    let all = RwSignal::new(false);
    let has_leads = move || count.get() > 0;
    let hidden = move || count.get().saturating_sub(SHOWN);
    let more = move || hidden() > 0 && !all.get();
    view! {
        <span class="claim" class:all=move || all.get()>
            {move || elements(words.with(|(head, _)| head.clone()))}
            <span class="glue">
                {move || words.with(|(_, tail)| tail.clone()).map(element)}
                <Show when=move || has_leads()>
                    <LeadView lead=lead(0) verdict />
                </Show>
                <Show when=move || verdict.get() == Some(Verdict::NotFound)>
                    <NotFoundNote />
                </Show>
            </span>
            <For each=move || 1..count.get().max(1) key=|at| *at let:at>
                " "
                <span class="further" class:extra={at >= SHOWN}>
                    <LeadView lead=lead(at) verdict />
                </span>
            </For>
            <Show when=move || more()>
                <button
                    type="button"
                    class="more script"
                    aria-label=move || format!("{} more times", hidden())
                    on:click=move |_| all.set(true)
                >
                    {move || format!("+{}", hidden())}
                </button>
            </Show>
            {move || {
                detail
                    .get()
                    .map(|detail| {
                        let words = if detail.is_empty() {
                            "differs from what was said".to_owned()
                        } else {
                            format!("differs: {detail}")
                        };
                        view! { <span class="differs">{words}</span> }
                    })
            }}
        </span>
        " "
    }
    .into_any()
}

/// Stands where the time would be and says that there is none.
#[component]
fn NotFoundNote() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <span class="cite">
            <button
                type="button"
                class="not-found"
                title="Not found in the transcript"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        open.set(false);
                    }
                }
            >
                "not found"
            </button>
            <Show when=move || open.get()>
                <span class="card" role="note">
                    <b>"Not found in the transcript."</b>
                    " The model wrote this; no passage supports it. "
                    <a href="#transcript">"Search the transcript"</a>
                </span>
            </Show>
        </span>
    }
    .into_any()
}
