//! Why a run waits or has failed, in the summary's place: what, whose fault, tried again when, and ways out as buttons.

use domain::{
    fault::{Fault, Whose},
    run::RunState,
};
use leptos::{form::ActionForm, prelude::*};

use crate::{
    components::{live::refresh, moment::Moment, reader::Reader},
    server_functions::RetryRun,
};

/// The fault of the page's run, where it has one.
#[component]
pub(crate) fn RunFault() -> impl IntoView {
    let reader = Reader::current();
    let fault = Memo::new(move |_| {
        reader.run.with(|run| {
            let shown = matches!(run.state, RunState::Waiting | RunState::Failed);
            run.fault.clone().filter(|_| shown)
        })
    });
    let cancelled = move || reader.run.with(|run| run.state == RunState::Cancelled);
    let id = move || reader.run.with(|run| run.id.clone());
    view! {
        {move || {
            fault
                .get()
                .map(|fault| {
                    view! {
                        <div class="fault" role="alert">
                            <FaultWords fault=fault.clone() />
                            <div class="ways">
                                <Retry label="Try again now" />
                                {way_out(&fault.kind)
                                    .map(|(words, href)| view! { <a class="button" href=href>{words}</a> })}
                            </div>
                            <details class="quiet small">
                                <summary>"Details"</summary>
                                <dl class="details">
                                    <dt>"Kind"</dt>
                                    <dd><code>{fault.kind}</code></dd>
                                    <dt>"Run"</dt>
                                    <dd><code>{id}</code></dd>
                                </dl>
                            </details>
                        </div>
                    }
                })
        }}
        <Show when=cancelled>
            <div class="fault plain-fault">
                <p><b>"You stopped this."</b> " What was finished by then is kept; starting again goes on from there."</p>
                <div class="ways">
                    <Retry label="Start again" />
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// What happened, whose fault, what next.
#[component]
pub(crate) fn FaultWords(fault: Fault) -> impl IntoView {
    view! {
        <p>
            <b>{sentence(&fault.message)}</b>
            {format!(" {}", whose(fault.whose))}
            {fault.retry_at.map(|unix| view! { " Next try " <Moment unix /> "." })}
        </p>
        {(!fault.hint.is_empty()).then(|| view! { <p>{sentence(&fault.hint)}</p> })}
    }
    .into_any()
}

#[component]
fn Retry(label: &'static str) -> impl IntoView {
    let reader = Reader::current();
    let retry = ServerAction::<RetryRun>::new();
    Effect::new(move |_| {
        if retry.value().with(Option::is_some) {
            refresh(reader);
        }
    });
    view! {
        <ActionForm action=retry attr:class="inline">
            <input type="hidden" name="id" value=move || reader.run.with(|run| run.id.clone()) />
            <button class="button">{label}</button>
        </ActionForm>
    }
    .into_any()
}

/// Says plainly whose fault it is.
fn whose(whose: Whose) -> &'static str {
    match whose {
        Whose::Input => "Nothing is wrong with this server.",
        Whose::Upstream => "Your link is fine, and so is this server.",
        Whose::Setup => "This server is not set up for it.",
        Whose::Ours => "This is our fault, not yours.",
    }
}

/// The way out of a fault, beside trying again: words and address.
fn way_out(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "ip_blocked" | "request_blocked" | "po_token_required" => ("Paste the transcript", "/"),
        "transcripts_disabled" | "no_transcript_found" | "video_unplayable" | "age_restricted" => {
            ("Paste or upload a transcript", "/")
        }
        kind if kind.starts_with("model_") => ("Use another model", "/"),
        "video_unavailable" | "private" | "invalid_link" => ("Try another link", "/"),
        _ => return None,
    })
}

/// Ends a sentence where its writer did not.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '?', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_in_one_full_stop() {
        assert_eq!(sentence("This video has no captions"), "This video has no captions.");
        assert_eq!(sentence("Paused until 14:20. "), "Paused until 14:20.");
    }

    #[test]
    fn a_blocked_address_offers_to_paste() {
        assert_eq!(
            way_out("ip_blocked").map(|(words, _)| words),
            Some("Paste the transcript")
        );
        assert_eq!(
            way_out("model_quota").map(|(words, _)| words),
            Some("Use another model")
        );
        assert_eq!(way_out("timeout"), None);
    }
}
