//! Why a run waits or has failed, in the summary's place: what, whose fault, tried again when, and ways out as buttons.

use domain::{
    fault::{Fault, Whose},
    run::{Run, RunState},
    summary::Summary,
};
use leptos::{prelude::*, server_fn::ServerFn};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    browser::document,
    components::{
        actions::REWRITE,
        flow::{live, when},
        live::refresh,
        moment::Moment,
        post_form::PostForm,
        reader::Reader,
    },
    erased::{Erase, Erased},
    server_functions::RetryRun,
    words::EXTRACTIVE,
};

/// The fault of the page's run, where it has one; also the one that left sentences from the transcript in a model's place.
#[component]
pub(crate) fn RunFault() -> impl IntoView {
    let reader = Reader::current();
    let fault = Memo::new(move |_| {
        reader.run.with(|run| {
            let shown = matches!(run.state, RunState::Waiting | RunState::Failed);
            run.fault.clone().filter(|_| shown)
        })
    });
    let cancelled = Signal::derive(move || reader.run.with(|run| run.state == RunState::Cancelled));
    let instead = Memo::new(move |_| {
        reader
            .page
            .with(|page| instead(page.summary.as_ref()?, page.run.fault.as_ref()))
    });
    view! {
        {live(move || fault.get().map(|fault| {
            let run = untrack(|| reader.run.get());
            fault_view(fault, run.id, &run.label)
        }))}
        {when(cancelled, stopped_view)}
        {live(move || instead.get().map(|(why, hint)| instead_view(&why, &hint)))}
    }
    .erase()
}

/// Why sentences from the transcript stand in for a model's text, and what can be done; `None` where they don't. The hint is the
/// run's, and unknown where an equal summary was kept.
fn instead(summary: &Summary, fault: Option<&Fault>) -> Option<(String, String)> {
    let provenance = &summary.provenance;
    let why = provenance.fallback.clone().filter(|_| provenance.model == EXTRACTIVE)?;
    // The button says the same.
    let hint = fault.map(|fault| fault.hint.clone()).unwrap_or_default();
    Some((why, hint.replace("Use another model.", "").trim().to_owned()))
}

/// Nobody needs to be alarmed: there is a text to read. The way out is the form that asks for another version.
fn instead_view(why: &str, hint: &str) -> Erased {
    view! {
        <div class="fault plain-fault small">
            <p>
                <b>{sentence(why)}</b>
                " Below stand sentences from the transcript, in its own language."
                {(!hint.is_empty()).then(|| format!(" {}", sentence(hint)))}
            </p>
            <div class="ways">
                <a class="button" href=format!("#{REWRITE}") rel="external" on:click=move |_| document::unfold(REWRITE)>
                    {Way::Model.words()}
                </a>
            </div>
        </div>
    }
    .erase()
}

fn fault_view(fault: Fault, run: String, title: &str) -> Erased {
    let ways_out: Vec<Erased> = ways_out(&fault.kind).iter().map(|way| way.link(title)).collect();
    view! {
        <div class="fault" role="alert">
            {fault_words(&fault)}
            <div class="ways">
                {ways_out}
                <Retry label="Try again now" />
                {has_other_words(&fault.kind).then(|| view! { <DescriptionInstead /> }.erase())}
            </div>
            <details class="quiet small">
                <summary>"Details"</summary>
                <dl class="details">
                    <dt>"Kind"</dt>
                    <dd><code>{fault.kind}</code></dd>
                    <dt>"Run"</dt>
                    <dd><code>{run}</code></dd>
                </dl>
            </details>
        </div>
    }
    .erase()
}

fn stopped_view() -> Erased {
    view! {
        <div class="fault plain-fault">
            <p><b>"You stopped this."</b> " What was finished by then is kept; starting again goes on from there."</p>
            <div class="ways">
                <Retry label="Start again" />
            </div>
        </div>
    }
    .erase()
}

/// What happened, whose fault, what next. The message itself says so where the fault is not ours.
pub(crate) fn fault_words(fault: &Fault) -> Erased {
    view! {
        <p>
            <b>{sentence(&fault.message)}</b>
            {(fault.whose == Whose::Ours).then_some(" This is our fault, not yours.")}
            {fault.retry_at.map(|unix| view! { " Next try " <Moment unix /> "." })}
        </p>
        {(!fault.hint.is_empty()).then(|| view! { <p>{sentence(&fault.hint)}</p> })}
    }
    .erase()
}

#[component]
fn Retry(label: &'static str) -> impl IntoView {
    let reader = Reader::current();
    let id = Signal::derive(move || reader.run.with(|run| run.id.clone()));
    view! {
        <PostForm action=RetryRun::PATH id done=Callback::new(move |_| refresh(reader))>
            <button class="button">{label}</button>
        </PostForm>
    }
    .erase()
}

/// Asks for a summary of what the video says about itself: only because a person wants it, and called what it is.
#[component]
fn DescriptionInstead() -> impl IntoView {
    let reader = Reader::current();
    let run = reader.run.get_untracked();
    view! {
        <form class="inline" method="post" action="/submit" enctype="multipart/form-data">
            {same_request(&run)}
            <input type="hidden" name="source" value="description" />
            <button class="button">"Summarise title, description and chapters instead"</button>
        </form>
    }
    .erase()
}

/// The hidden fields of a form that asks for the same again, but for the text it is made from.
pub(crate) fn same_request(run: &Run) -> Erased {
    let Run {
        request,
        video_id,
        label,
        ..
    } = run;
    let link = match video_id {
        Some(id) => format!("https://www.youtube.com/watch?v={id}"),
        None => label.clone(),
    };
    view! {
        <input type="hidden" name="input" value=link />
        <input type="hidden" name="model" value=request.model.clone() />
        <input type="hidden" name="style" value=request.style.clone() />
        <input type="hidden" name="language" value=request.language.clone().unwrap_or_default() />
        <input type="hidden" name="words" value=request.words.to_string() />
    }
    .erase()
}

/// Whether a fault is that the words of a video can't be had, though the video is there.
fn has_other_words(kind: &str) -> bool {
    matches!(
        kind,
        "transcripts_disabled"
            | "no_transcript_found"
            | "po_token_required"
            | "request_blocked"
            | "ip_blocked"
            | "video_unplayable"
            | "age_restricted"
            | "members_only"
            | "geo_blocked"
            | "client_rejected"
            | "unparsable"
            | "too_large"
            | "live"
            | "upcoming"
    )
}

/// A way out of a fault, beside trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A transcript from elsewhere.
    Paste,
    /// The captions that YouTube gives to the person.
    Capture,
    /// How to set up a proxy.
    Proxy,
    /// What YouTube answers to whom.
    Health,
    /// Another model.
    Model,
    /// Another link.
    Link,
}

impl Way {
    fn words(self) -> &'static str {
        match self {
            Self::Paste => "Paste the transcript",
            Self::Capture => "Use my browser’s captions",
            Self::Proxy => "Set a proxy",
            Self::Health => "See what YouTube answers",
            Self::Model => "Use another model",
            Self::Link => "Try another link",
        }
    }

    /// The button, for the video of this title.
    fn link(self, title: &str) -> Erased {
        let href = match self {
            Self::Paste => paste_at(title),
            Self::Capture => "/capture".to_owned(),
            Self::Proxy => "/settings/youtube#proxy".to_owned(),
            Self::Health => "/settings/youtube".to_owned(),
            Self::Model | Self::Link => "/".to_owned(),
        };
        // A whole page: only that is scrolled to its place, given the focus, and made without wasm.
        let rel = matches!(self, Self::Paste | Self::Capture | Self::Proxy).then_some("external");
        view! {
            <a class="button" href=href rel=rel>
                {self.words()}
            </a>
        }
        .erase()
    }
}

/// The ways out where it is a list that can't be had, not a video.
pub(crate) fn ways_of_list(kind: &str) -> Vec<Erased> {
    let fits = |way: &&Way| matches!(way, Way::Proxy | Way::Health | Way::Link);
    ways_out(kind).iter().filter(fits).map(|way| way.link("")).collect()
}

/// Where the transcript of a video is pasted; what is no title yet but a link is left out.
fn paste_at(title: &str) -> String {
    let title = if title.starts_with("https://") { "" } else { title };
    format!("/?paste={}", utf8_percent_encode(title, NON_ALPHANUMERIC))
}

/// The ways out of each kind of fault.
fn ways_out(kind: &str) -> &'static [Way] {
    match kind {
        "ip_blocked" | "request_blocked" | "rate_limited" | "youtube_paused" | "po_token_required" | "geo_blocked" => {
            &[Way::Paste, Way::Capture, Way::Proxy]
        }
        // Whoever may watch it can have its captions.
        "age_restricted" | "members_only" | "private" => &[Way::Capture, Way::Paste],
        "upstream_failed" | "timeout" | "unparsable" | "too_large" | "video_unplayable" => &[Way::Paste, Way::Capture],
        "client_rejected" | "proxy_auth" => &[Way::Paste, Way::Capture, Way::Health],
        "transcripts_disabled" | "no_transcript_found" | "empty_transcript" | "live" | "upcoming" => &[Way::Paste],
        "video_unavailable" | "invalid_link" | "account_terminated" | "list_unavailable" => &[Way::Link],
        kind if kind.starts_with("model_") => &[Way::Model],
        _ => &[],
    }
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
    use domain::summary::Provenance;

    use super::*;
    use crate::sample;

    fn summary(model: &str, why: Option<&str>) -> Summary {
        Summary {
            provenance: Provenance {
                model: model.to_owned(),
                fallback: why.map(str::to_owned),
                ..Provenance::default()
            },
            ..sample::summary()
        }
    }

    #[test]
    fn sentences_that_stand_in_for_a_model_say_why_and_what_to_do() {
        let why = "m refuses this server's key.";
        let fault = Fault {
            kind: "model_auth".to_owned(),
            whose: Whose::Setup,
            message: why.to_owned(),
            hint: "Set another key.".to_owned(),
            retry_at: None,
        };
        let told = |hint: &str| Some((why.to_owned(), hint.to_owned()));
        let refused = summary(EXTRACTIVE, Some(why));
        assert_eq!(instead(&refused, Some(&fault)), told("Set another key."));
        assert_eq!(instead(&refused, None), told(""));
        assert_eq!(instead(&summary("other", Some(why)), Some(&fault)), None);
        assert_eq!(instead(&summary(EXTRACTIVE, None), None), None);
    }

    #[test]
    fn a_message_ends_in_one_full_stop() {
        assert_eq!(sentence("This video has no captions"), "This video has no captions.");
        assert_eq!(sentence("Paused until 14:20. "), "Paused until 14:20.");
    }

    #[test]
    fn a_blocked_address_offers_three_ways_out() {
        assert_eq!(ways_out("ip_blocked"), [Way::Paste, Way::Capture, Way::Proxy]);
        assert_eq!(ways_out("model_quota"), [Way::Model]);
        assert_eq!(ways_out("private"), [Way::Capture, Way::Paste]);
        assert!(ways_out("cancelled").is_empty());
    }

    #[test]
    fn a_title_goes_along_to_where_its_transcript_is_pasted() {
        assert_eq!(paste_at("Q&A #1"), "/?paste=Q%26A%20%231");
        assert_eq!(paste_at("https://www.youtube.com/watch?v=dQw4w9WgXcQ"), "/?paste=");
    }
}
