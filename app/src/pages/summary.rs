//! `/summaries/{id}`: the run and the summary it makes, one page from the first second on.
//!
//! `?t=754` names a second, `?text=extract` a version, `?refresh=off` stops the refreshing without script.

use domain::{link::Link, run::RunPage, timecode::length};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use crate::{
    browser::document,
    components::{
        actions::Actions,
        chapters::Chapters,
        fault::RunFault,
        flow::{live, loaded, when},
        keys::ReaderKeys,
        live::Live,
        player::Player,
        post_form::{Answer, PostForm},
        provenance::ProvenanceLine,
        questions::Questions,
        reader::{Reader, Version},
        refresh::refresh_tag,
        stages::StageRow,
        title::title_of,
        toast::Toaster,
        transcript::Transcript,
        versions::Versions,
    },
    erased::{Erase, Erased},
    server_functions::{Ask, Data, DeletedSummary, RestoreSummary},
    times, words,
};

/// The page. What changes while it is open changes inside, so that nothing that is read or played starts anew.
#[component]
pub(crate) fn SummaryPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let restored = RwSignal::new(0);
    let page = loaded(
        move || (Ask::Run(id.get()), restored.get()),
        move |data| match data {
            Data::Run(page) => Some(view! { <SummaryView page=*page /> }.erase()),
            Data::Deleted(gone) => Some(deleted(gone, restored)),
            _ => None,
        },
    );
    view! { {page} }.erase()
}

/// That the summary was deleted, and the ways on.
fn deleted(gone: DeletedSummary, restored: RwSignal<u32>) -> Erased {
    let toaster = expect_context::<Toaster>();
    let undo = gone.undo.map(|id| {
        let done = Callback::new(move |(_, answer): (String, Answer)| {
            restored.update(|n| *n = n.wrapping_add(1));
            toaster.undone(answer);
        });
        view! {
            <PostForm action=RestoreSummary::PATH id=Signal::stored(id) done>
                <button class="button">"Undo"</button>
            </PostForm>
        }
    });
    let others = gone.video_id.map(|video| {
        view! {
            <a class="button" href=format!("/videos/{video}/versions")>
                "Other summaries of this video"
            </a>
        }
    });
    view! {
        <Title text="Deleted" />
        <section class="narrow plain">
            <h1>"This summary was deleted"</h1>
            <p dir="auto">{gone.title}</p>
            <div class="ways">
                {undo} {others} <a class="button" href="/library">
                    "Look in the library"
                </a>
            </div>
        </section>
    }
    .erase()
}

#[component]
fn SummaryView(page: RunPage) -> impl IntoView {
    let query = use_query_map().get_untracked();
    let asked = match query.get("text").as_deref() {
        Some("extract") => Some(Version::Extract),
        Some("model") => Some(Version::Model),
        _ => None,
    };
    let start = query.get("t").and_then(|t| times::parse(&t));
    let refreshing = query.get("refresh").as_deref() != Some("off");
    let reader = Reader::new(page, asked, start);
    provide_context(reader);
    stay_at_top();
    // How far each version was scrolled.
    provide_context(StoredValue::new([0.0_f64, 0.0]));
    let title = Signal::derive(move || reader.run.with(|run| words::title(run, &reader.title())));
    let has_player = Signal::derive(move || reader.youtube_id().is_some());
    view! {
        {title_of(title)}
        <article class="reader" class:with-player=has_player>
            <Head />
            <Player />
            <div class="body">
                <StageRow />
                <RefreshWithoutScript refreshing />
                <Live />
                <RunFault />
                <Versions />
                <Chapters />
                <Actions />
                <Questions />
            </div>
            <Transcript />
        </article>
        <Jumps />
        <ReaderKeys />
    }
    .erase()
}

/// The browser scrolls to the passage that the address names: all of the page, too, though on wide windows the passage stands in
/// a column of its own beside the title and the claims, which would so be out of sight.
fn stay_at_top() {
    let hash = use_location().hash.get_untracked();
    Effect::new(move |_| {
        if is_passage(&hash) && document::is_wide() {
            document::scroll_page(0.0);
        }
    });
}

/// Whether a part of an address names a passage: `#p31`.
fn is_passage(hash: &str) -> bool {
    let number = hash.trim_start_matches('#').strip_prefix('p');
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Title, channel, length, language, where the text comes from.
#[component]
fn Head() -> impl IntoView {
    let reader = Reader::current();
    let title = Signal::derive(move || reader.title());
    let hint = Signal::derive(move || {
        if reader.youtube_id().is_some() {
            "Times in the text play the video from there."
        } else {
            "Times in the text lead to the transcript."
        }
    });
    // The link named a playlist beside the video.
    let playlist = Memo::new(move |_| {
        let id = reader.run.with(|run| run.playlist.clone())?;
        Link::Playlist { id }.preview()
    });
    let items =
        move || {
            let video = reader.video.get();
            let language = reader.page.with(|page| {
                let summary = page.summary.as_ref().or(page.extract.as_ref());
                let code = summary.map(|summary| summary.provenance.transcript_language.clone());
                code.filter(|code| !code.is_empty())
                    .map(|code| words::language(&code).to_owned())
            });
            let channel = video.as_ref().and_then(|video| video.channel.clone());
            let long = video.as_ref().and_then(|video| video.duration_s).map(length);
            // A part says so, and leads to the whole.
            let request = reader.run.with(|run| run.request.clone());
            let part = request.span.map(|span| times::part(span, reader.hours.get()));
            let whole = part.as_ref().and(video.as_ref()).map(|video| {
                let href = format!("/videos/{}", video.id);
                view! { <span class="item"><a href=href rel="external">"Whole video"</a></span> }.erase()
            });
            [part, channel, long, language]
                .into_iter()
                .flatten()
                .map(|item| view! { <span class="item"><bdi>{item}</bdi></span> }.erase())
                .chain(whole)
                .chain(playlist.get().map(|href| {
                    view! { <span class="item"><a href=href>"Choose more of its playlist"</a></span> }.erase()
                }))
                .collect::<Vec<Erased>>()
        };
    view! {
        <header class="head">
            <h1 dir="auto">{title}</h1>
            <p class="quiet meta">{items}</p>
            <ProvenanceLine />
            <p class="visually-hidden">{hint}</p>
        </header>
    }
    .erase()
}

/// Without script the page asks again every few seconds while the run is open.
#[component]
fn RefreshWithoutScript(refreshing: bool) -> impl IntoView {
    let open = Reader::current().run.with_untracked(|run| run.state.is_open());
    let html = if refreshing {
        let tag = refresh_tag();
        format!(
            "{tag}<p class=\"notice quiet\">This page asks again every 4 seconds. \
             <a href=\"?refresh=off\">Stop refreshing</a></p>"
        )
    } else {
        "<p class=\"notice quiet\">This page does not refresh. <a href=\"?\">Refresh again</a></p>".to_owned()
    };
    open.then(|| view! { <noscript inner_html=html></noscript> })
}

/// On phones: jumps to the page's parts.
#[component]
fn Jumps() -> impl IntoView {
    let reader = Reader::current();
    let has_transcript = Signal::derive(move || reader.passages.with(|passages| !passages.is_empty()));
    let outline = Memo::new(move |_| reader.outline_name());
    view! {
        {when(has_transcript, move || view! { <nav class="jumps" aria-label="Parts of this page">
                <a href="#main" rel="external">"Summary"</a>
                {live(move || outline.get().map(|name| view! { <a href="#chapters" rel="external">{name}</a> }.erase()))}
                <a href="#questions" rel="external">"Ask"</a>
                <a href="#transcript" rel="external">"Transcript"</a>
            </nav> }.erase())}
    }
    .erase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_a_number() {
        assert!(is_passage("#p31") && is_passage("p1"));
        for other in ["", "#p", "#player", "#p3x", "#31"] {
            assert!(!is_passage(other), "{other}");
        }
    }
}
