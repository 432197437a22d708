//! A claim: its words, the times it leads to, and words where something is wrong.

use domain::summary::Verdict;
use leptos::prelude::*;

use crate::{
    components::{
        card::{card, card_id},
        flow::{each, when},
        inline::{element, elements},
        lead::LeadView,
    },
    erased::Erase,
    markdown::{inlines, split_last_word},
    outline::Point,
};

/// Times beyond these wait behind "+2".
const SHOWN: usize = 3;

/// A claim. The first time is glued to the last word, so that it is never torn from it.
#[component]
pub(crate) fn PointView(
    /// The claim; it may change while it stands there.
    point: Signal<Point>,
) -> impl IntoView {
    let text = Memo::new(move |_| point.with(|point| point.text.clone()));
    let words = move || text.with(|text| split_last_word(&inlines(text)));
    let head = move || elements(words().0);
    let tail = move || words().1.map(element);
    let verdict = Signal::derive(move || point.with(|point| point.verdict));
    let found = Signal::derive(move || point.with(found));
    let count = Signal::derive(move || point.with(|point| point.leads.len()));
    let differs = Signal::derive(move || point.with(|point| differs(point.verdict, point.detail.as_deref())));
    let all = RwSignal::new(false);
    let hidden = move || count.get().saturating_sub(SHOWN);
    let lead =
        move |at: usize| Signal::derive(move || point.with(|point| point.leads.get(at).cloned().unwrap_or_default()));
    let further = move |at: usize| {
        let class = if at + 1 >= SHOWN { "further extra" } else { "further" };
        view! {
            " "
            <span class=class>
                <LeadView lead=lead(at + 1) verdict words=found />
            </span>
        }
        .erase()
    };
    view! {
            <span class="claim" class:all=all>
                {head}
                <span class="glue">
                    {tail}
                    {when(Signal::derive(move || count.get() > 0), move || view! { <LeadView lead=lead(0) verdict words=found /> }.erase())}
                    {when(Signal::derive(move || verdict.get() == Some(Verdict::NotFound)), move || view! { <NotFoundNote /> }.erase())}
                </span>
                {each(Signal::derive(move || count.get().saturating_sub(1)), further)}
                {when(Signal::derive(move || hidden() > 0 && !all.get()), move || view! { <button
                        type="button"
                        class="more script"
                        aria-label=format!("{} more times", hidden())
                        on:click=move |_| all.set(true)
                    >
                        {format!("+{}", hidden())}
                    </button> }.erase())}
                <span class="differs">{differs}</span>
            </span>
            " "
        }
    .erase()
}

/// What the check found, in words.
fn found(point: &Point) -> String {
    point.verdict.map_or_else(
        || "Not checked yet".to_owned(),
        |verdict| verdict.with_detail(point.detail.as_deref()),
    )
}

/// What differs, in words; `None` where nothing does (an empty text would leave a space in the HTML).
pub(crate) fn differs(verdict: Option<Verdict>, detail: Option<&str>) -> Option<String> {
    match (verdict, detail) {
        (Some(Verdict::Check), Some(detail)) => Some(format!("differs: {detail}")),
        (Some(Verdict::Check), None) => Some("differs from what was said".to_owned()),
        _ => None,
    }
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
                aria-expanded=Signal::derive(move || open.get().to_string())
                on:click=move |_| open.update(|open| *open = !*open)
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        open.set(false);
                    }
                }
            >
                "not found"
            </button>
            {when(open, move || {
                let content = view! {
                    <b>"Not found in the transcript."</b>
                    " The model wrote this; no passage was found that says it. "
                    <a href="#transcript">"Search the transcript"</a>
                };
                card(card_id(), "note", content.erase())
            })}
        </span>
    }
    .erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_said_only_where_something_does() {
        let check = Some(Verdict::Check);
        assert_eq!(
            differs(check, Some("the summary says 30, the transcript 13")).as_deref(),
            Some("differs: the summary says 30, the transcript 13")
        );
        assert_eq!(differs(check, None).as_deref(), Some("differs from what was said"));
        assert_eq!(differs(Some(Verdict::Matched), None), None);
    }

    #[test]
    fn the_card_says_what_was_found_and_who_compared() {
        let mut point = Point::default();
        assert_eq!(found(&point), "Not checked yet");
        point.verdict = Some(Verdict::QuoteFound);
        assert_eq!(found(&point), "Quote found; wording not compared (other language)");
        point.verdict = Some(Verdict::Matched);
        point.detail = Some("compared by m: the meaning matches".to_owned());
        assert_eq!(found(&point), "Compared by m: the meaning matches");
    }
}
