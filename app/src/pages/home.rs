//! `/`: the field, what was wrong with the last submission, the newest summaries.

use domain::link::Link;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{flow::loaded, library_row::LibraryRow, pause::pause_notice, submit_form::SubmitForm},
    erased::{Erase, Erased},
    flash::Flash,
    server_functions::{Ask, Data, HomeData},
    words::EXTRACTIVE,
};

/// The page; `?paste=` has the title of a video whose transcript is to be pasted. Also answers a submission that was not accepted whole.
#[component]
pub(crate) fn HomePage() -> impl IntoView {
    let query = use_query_map();
    let page = loaded(
        || (Ask::Home, 0),
        move |data| match data {
            Data::Home(home) => {
                let paste = query.with_untracked(|query| query.get("paste"));
                Some(view! { <Home home paste /> }.erase())
            }
            _ => None,
        },
    );
    view! {
        <Title text="" />
        {page}
    }
    .erase()
}

/// Said to who has nothing here yet.
const PROMISE: &str = "A summary in which every point leads to the second it was said, or says that it was not found.";

#[component]
fn Home(home: HomeData, paste: Option<String>) -> impl IntoView {
    let HomeData {
        newest,
        models,
        default_model,
        unlisted,
        flash,
        pause,
        prompts,
    } = home;
    let text = flash.as_ref().map(|flash| flash.text.clone()).unwrap_or_default();
    let no_model = default_model == EXTRACTIVE && models.iter().all(|model| model.name == EXTRACTIVE);
    view! {
        <section class="home">
            <h1 class="visually-hidden">"YouTube Summarizer"</h1>
            {flash.filter(|flash| !flash.rejected.is_empty()).map(|flash| view! { <FlashNotice flash /> })}
            {pause.map(pause_notice)}
            {newest.is_empty().then(|| view! { <p class="lead">{PROMISE}</p> })}
            <SubmitForm text models default_model prompts paste />
            {unlisted.into_iter().map(unlisted_notice).collect_view()}
            {no_model
                .then(|| {
                    view! {
                        <p class="quiet small">
                            "No model is set up, so summaries are sentences from the transcript. "
                            <a href="/settings/summaries">"Add a model"</a>
                        </p>
                    }
                })}
            {if newest.is_empty() {
                view! { <Sample /> }.erase()
            } else {
                view! {
                    <section class="newest" aria-labelledby="newest-title">
                        <div class="section-head">
                            <h2 id="newest-title">"Newest"</h2>
                            <a href="/library">"Whole library"</a>
                        </div>
                        <ul class="rows">
                            {newest
                                .into_iter()
                                .map(|item| view! { <li><LibraryRow item /></li> }.erase())
                                .collect_view()}
                        </ul>
                    </section>
                }
                    .erase()
            }}
        </section>
    }
    .erase()
}

/// "llama.lan did not list its models: it could not be reached. …"
fn unlisted_notice((provider, why): (String, String)) -> Erased {
    let why = why.trim_end_matches('.').to_owned();
    view! {
        <p class="quiet small" role="status">
            <bdi>{provider}</bdi>
            " did not list its "
            <a href="/settings/summaries">"models"</a>
            ": "
            <bdi>{why}</bdi>
            ". It is asked all the same; where it can't answer, a summary has sentences from the transcript and says why."
        </p>
    }
    .erase()
}

/// "3 of 5 lines accepted. Line 2, “htps:/…”, is not a YouTube link."
#[component]
fn FlashNotice(flash: Flash) -> impl IntoView {
    let sentences: Vec<String> = flash.rejected.iter().map(crate::flash::Rejected::sentence).collect();
    let accepted = flash
        .accepted
        .iter()
        .map(|run| {
            view! {
                <li dir="auto">
                    <a href=format!("/summaries/{}", run.id)>{run.label.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let lists = flash
        .rejected
        .iter()
        .filter_map(|rejected| Some((Link::parse(&rejected.input).ok()?.preview()?, rejected.input.clone())))
        .map(|(href, input)| view! { <li><a href=href>"Choose videos of "<bdi>{input}</bdi></a></li> })
        .collect_view();
    view! {
        <div class="fault" role="alert">
            <p>
                <b>{flash.headline()}</b>
                {format!(" {} {}", sentences.join(" "), flash.aftermath().unwrap_or_default())}
            </p>
            <ul class="plain-list">{lists}</ul>
            <ul class="plain-list">{accepted}</ul>
        </div>
    }
    .erase()
}

/// What an empty library offers.
#[component]
fn Sample() -> impl IntoView {
    view! {
        <section class="sample">
            <h2>"Try the sample"</h2>
            <p>"A talk of six minutes on why the sea comes and goes. It needs no key and no internet."</p>
            <form method="post" action="/submit" enctype="multipart/form-data">
                <input type="hidden" name="sample" value="1" />
                <button class="button">"Open the sample"</button>
            </form>
        </section>
    }
    .erase()
}
