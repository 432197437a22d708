//! A time link: the second a claim leads to, a sign of what the check found, and a card with what was said there.

use domain::{summary::Verdict, timecode::clock};
use leptos::prelude::*;

use crate::{
    browser::document,
    components::{
        card::{card, card_id},
        flow::when,
        reader::Reader,
    },
    erased::{Erase, Erased},
    outline::Lead,
    times::spoken,
};

/// The link. It plays where there is a video, else it goes to the transcript. Its signs are those of `domain::export`'s pages.
#[component]
pub(crate) fn LeadView(
    /// Where it leads.
    lead: Signal<Lead>,
    /// What the check found about its claim.
    verdict: Signal<Option<Verdict>>,
    /// The same in words.
    words: Signal<String>,
) -> impl IntoView {
    let reader = Reader::current();
    let open = RwSignal::new(false);
    let card = StoredValue::new(card_id());
    let described = Signal::derive(move || open.get().then(|| card.get_value()));
    let text = Signal::derive(move || lead.with(|lead| label(lead, reader.hours.get())));
    let standing = Signal::derive(move || standing(verdict.get()));
    let name = Signal::derive(move || {
        let spoken = lead.with(|lead| lead.start_ms.map(spoken));
        let sign = sign(verdict.get()).map(str::to_owned);
        let parts: Vec<String> = [Some(text.get()), spoken, sign].into_iter().flatten().collect();
        parts.join(", ")
    });
    let href = Signal::derive(move || lead.with(|lead| reader.href(lead.passage, lead.start_ms)));
    let lit = Signal::derive(move || reader.lit.get() == Some(lead.with(|lead| lead.passage)));
    view! {
        <span
            class="cite"
            on:mouseenter=move |_| open.set(true)
            on:mouseleave=move |_| open.set(false)
            on:focusin=move |_| open.set(true)
            on:focusout=move |_| open.set(false)
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    open.set(false);
                }
            }
        >
            <a
                class="time"
                class:playing=lit
                data-standing=standing
                href=href
                aria-label=name
                aria-describedby=described
                on:click=move |event| {
                    if document::is_plain_click(&event) {
                        reader.cite(lead.get_untracked());
                    }
                }
            >
                {mark()}
                <span class="clock">{text}</span>
            </a>
            {when(open, move || card_of(card.get_value(), lead, words))}
        </span>
    }
    .erase()
}

/// The name that the stylesheet knows for what the check found.
pub(crate) fn standing(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        None => "checking",
        Some(Verdict::Check) => "check",
        // Not a tick: nobody has compared the words of a claim in another language.
        Some(Verdict::QuoteFound) => "quoted",
        Some(_) => "found",
    }
}

/// The same in words, where the sign says something that a time alone does not.
pub(crate) fn sign(verdict: Option<Verdict>) -> Option<&'static str> {
    match verdict {
        None => Some("not checked yet"),
        Some(Verdict::QuoteFound) => Some("quote found, wording not compared"),
        Some(_) => None,
    }
}

/// The signs; the stylesheet shows the one that stands.
pub(crate) fn mark() -> Erased {
    view! {
        <svg class="mark" viewBox="0 0 12 12" aria-hidden="true">
            <circle class="ring" cx="6" cy="6" r="4" />
            <path class="tick" d="M2.5 6.5 5 9l4.5-6" />
            <path class="quote" d="M4.8 2.5v2.7q0 2.2-2 3.3M9.6 2.5v2.7q0 2.2-2 3.3" />
        </svg>
    }
    .erase()
}

/// What was said there, the quoted words bold, and what the check found.
fn card_of(id: String, lead: Signal<Lead>, words: Signal<String>) -> Erased {
    let lead = lead.get_untracked();
    let (before, quote, after) = around_quote(&lead.text, lead.quote.as_deref());
    let content = view! {
        <span class="card-verdict">{words}</span>
        <span class="card-text" dir="auto">
            {before.to_owned()}
            <b>{quote.to_owned()}</b>
            {after.to_owned()}
        </span>
    };
    card(id, "tooltip", content.erase())
}

/// "12:34", or "¶ 12" in a text without times.
fn label(lead: &Lead, hours: bool) -> String {
    lead.start_ms
        .map_or_else(|| format!("¶\u{a0}{}", lead.passage), |ms| clock(ms, hours))
}

/// A text cut around the words that were quoted; the quote is empty where it does not stand there.
pub(crate) fn around_quote<'a>(text: &'a str, quote: Option<&str>) -> (&'a str, &'a str, &'a str) {
    quote
        .filter(|quote| !quote.is_empty())
        .and_then(|quote| {
            let at = text.find(quote)?;
            let end = at + quote.len();
            Some((&text[..at], &text[at..end], &text[end..]))
        })
        .unwrap_or((text, "", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_words_stand_out_where_they_are() {
        assert_eq!(
            around_quote("But with two lanes open", Some("two lanes")),
            ("But with ", "two lanes", " open")
        );
        assert_eq!(
            around_quote("Nobody asked", Some("two lanes")),
            ("Nobody asked", "", "")
        );
        assert_eq!(around_quote("Nobody asked", None), ("Nobody asked", "", ""));
    }

    #[test]
    fn a_text_without_times_is_cited_by_paragraph() {
        let mut lead = Lead {
            passage: 12,
            ..Lead::default()
        };
        assert_eq!(label(&lead, true), "¶\u{a0}12");
        lead.start_ms = Some(754_000);
        assert_eq!(label(&lead, true), "0:12:34");
        assert_eq!(label(&lead, false), "12:34");
    }
}
